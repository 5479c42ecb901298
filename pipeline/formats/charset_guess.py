"""Charset detection: bytes without a declared charset -> the most plausible one, by the letters of languages.

charset-normalizer is right about scripts (Cyrillic, Greek, Chinese, ...), and reads one Western text in six as Central
European or Baltic; there the alphabets decide: a Spanish text is one whose accented letters are all Spanish.
"""

from __future__ import annotations

import re
from functools import cache

from ..writing_systems import KANA, begins_in

SAMPLE = 1 << 18  # bytes of a page that are looked at
ENOUGH = 20_000  # ... and bytes of its text; of the words with letters beyond ASCII a fifth of that

FEW = 5  # letters beyond ASCII that prove nothing against a charset that was declared

_PUNCTUATION = frozenset("“”„‟‘’‚‹›«»–—…·•°©®™€£§¿¡ªº½¼¾²³´×±†\xa0\xad")
# Lower case letters beyond ASCII. Order: among charsets in which a text makes the same sense, the first is taken.
_LATIN: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "cp1252",
        (
            "äöüßéà", "éèêëàâçîïôùûüœæÿ", "áéíóúüñ", "àèéìíòóùú", "áàâãçéêíóôõúü", "åäöéü", "æøåéöä", "áðéíóúýþæö",
            "ëéïóèöáü", "àçèéíïòóúü·", "äöõüšž",
        ),
    ),
    ("cp1250", ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áéíóöőúüű", "ăâîşţ", "čćđšž", "áäčďéíĺľňóôŕšťúýž", "ëç")),
    ("iso8859-2", ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áčďéíľňóôšťúýž", "čćđšž", "ăâîşţ")),
    ("cp1254", ("çğıöşüâîû",)),
    ("cp1257", ("ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž")),
    ("iso8859-15", ("éèêëàâçîïôùûüœæÿ", "äöõüšž")),
    ("cp1258", ("ăâđêôơưàáèéìíòóùúýã\u0300\u0301\u0303\u0309\u0323",)),
    ("mac_roman", ("äöüßéà", "éèêëàâçîïôùûüœæÿ", "áéíóúüñ", "àèéìíòóùú", "áàâãçéêíóôõúü", "åäöéü", "æøåéöä")),
    ("cp850", ("äöüßéà", "éèêëàâçîïôùûü", "áéíóúüñ", "åäöéü", "æøåéöä")),
)  # fmt: skip
# Where charset-normalizer is not asked: Latin letters (above), EBCDIC, and UTF-16 and -32 (by their zeros).
_NOT_ITS_BUSINESS = frozenset(name for name, _ in _LATIN) | set(
    "ascii latin_1 iso8859_1 iso8859_2 iso8859_3 iso8859_4 iso8859_9 iso8859_10 iso8859_13 iso8859_14 iso8859_15 "
    "iso8859_16 mac_latin2 mac_turkish mac_iceland mac_roman cp437 cp775 cp852 cp857 cp858 cp860 cp861 cp863 cp865 "
    "hp_roman8 cp037 cp273 cp500 cp1026 cp1140 utf_8 utf_16 utf_16_le utf_16_be utf_32 utf_7".split()
)
_ASCII = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
# Hebrew has the bytes of the second half of the Cyrillic alphabet, and never those of its last letters.
_HEBREW = re.compile(rb"[\x00-\x7f\x80-\x9f\xa0-\xbf\xe0-\xfa\xfd\xfe]*")
# A quotation mark or a fraction between two letters is a letter misread; an apostrophe or a Catalan point is not.
_INSIDE = re.compile(r"(?<=[^\W\d_])[“”„‟‚‹›«»–—…•°©®™€£§¿¡½¼¾²³´×±†](?=[^\W\d_])")
_TAG = re.compile(rb"<(?:(script|style)\b|(!--))?", re.I)
_ENDS = {end: re.compile(end, re.I) for end in (rb"</script\s*>", rb"</style\s*>", rb"-->", rb">")}
_WORDS = re.compile(rb"[^\s\x00-\x40]{0,20}[\x80-\xff][^\s\x00-\x40]{0,20}")


def guess(body: bytes) -> str | None:
    """The codec a body makes sense in; None where no charset fits at all."""
    text = _text(body)
    words = _words(text)
    latin = max(((sense(words, name), -n, name) for n, (name, _) in enumerate(_LATIN)), default=(0.0, 0, ""))
    high = _high(text)
    if high < 0.3 and latin[0] >= 0.9:
        return latin[2]
    if _HEBREW.fullmatch(text) and high >= 0.3:
        return "cp1255"
    for japanese in ("euc_jp", "cp932"):
        if _kana(text, japanese) > 0.2:
            return japanese
    from charset_normalizer import from_bytes

    match = from_bytes(text[:ENOUGH]).best()
    if match and match.encoding not in _NOT_ITS_BUSINESS and not (high < 0.3 and latin[0] >= 0.6):
        return str(match.encoding)
    return latin[2] if latin[0] >= 0.6 else None


def sense(words: bytes, encoding: str) -> float:
    """Share of the letters beyond ASCII that one language explains, 0 to 1; only for the charsets of Latin letters."""
    try:
        text = words.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return 0.0
    text = _INSIDE.sub("\ufffd", text)
    letters = [c for c in text if ord(c) > 127 and c not in _PUNCTUATION]
    if not letters:
        return 1.0 if text else 0.0
    return max(sum(c in alphabet for c in letters) for alphabet in _alphabets(encoding)) / len(letters)


def rival(body: bytes, declared: str) -> str | None:
    """A codec in which a body plainly makes more sense than in the one that was declared; None where that is as good.

    Only charsets of Latin letters have rivals: they decode everything.
    """
    if all(name != declared for name, _ in _LATIN):
        return None
    text = _text(body)
    words = _words(text)
    declared_sense = sense(words, declared)
    if declared_sense >= 0.9 or sum(byte > 127 for byte in words) < FEW:
        return None
    guessed = guess(body)
    if guessed is None or guessed == declared:
        return None
    if guessed in _NOT_ITS_BUSINESS:
        return guessed if sense(words, guessed) >= declared_sense + 0.2 else None
    return guessed if declared_sense < (0.8 if _high(text) >= 0.3 else 0.5) else None


def _kana(text: bytes, encoding: str) -> float:
    """Share of Hiragana and Katakana beyond ASCII: half of a Japanese text, nothing of any other."""
    try:
        high = [c for c in text.decode(encoding) if c > "\x7f"]
    except UnicodeDecodeError:
        return 0.0
    return sum(begins_in(c, KANA) for c in high) / max(1, len(high))


def _text(body: bytes) -> bytes:
    """The beginning of a page without its tags, comments, scripts and styles, in time proportional to it."""
    sample, parts, place = body[:SAMPLE], [], 0
    missing: set[bytes] = set()  # ends that do not come any more: 256 KB of "<" took 40 s when each looked for its own
    for tag in _TAG.finditer(sample):
        if tag.start() < place:
            continue
        if len(missing) == len(_ENDS) or (end := _end(sample, tag, missing)) is None:
            continue
        parts.append(sample[place : tag.start()])
        place = end
    return b" ".join([*parts, sample[place:]])


def _end(sample: bytes, tag: re.Match[bytes], missing: set[bytes]) -> int | None:
    """Where a tag ends, with the script, style or comment that it begins; None where it does not."""
    whole = rb"</%b\s*>" % tag[1].lower() if tag[1] else rb"-->"
    for end in (whole, rb">") if tag[1] or tag[2] else (rb">",):
        if end in missing:
            continue
        if match := _ENDS[end].search(sample, tag.end()):
            return match.end()
        missing.add(end)
    return None


def _high(text: bytes) -> float:
    """Share of the letters that lie beyond ASCII: 0.05 in German, 0.15 in Czech, 0.2 in Vietnamese, 0.9 in Russian."""
    high = sum(byte > 127 for byte in text)
    return high / max(1, high + sum(byte in _ASCII for byte in text))


def _words(text: bytes) -> bytes:
    """The words that hold bytes beyond ASCII."""
    out: list[bytes] = []
    size = 0
    for word in _WORDS.finditer(text):
        out.append(word[0])
        size += len(word[0]) + 1
        if size > ENOUGH // 5:
            break
    return b" ".join(out)


@cache
def _alphabets(encoding: str) -> tuple[frozenset[str], ...]:
    rows = next((rows for name, rows in _LATIN if name == encoding), ())
    return tuple(frozenset(row + row.upper()) for row in rows) or (frozenset(),)
