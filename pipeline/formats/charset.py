"""Bytes and what was declared of them -> text, and flags wherever the declaration was not simply true.

Labels mean what browsers take them to mean (https://encoding.spec.whatwg.org/#names-and-labels), not what they say:
a page that calls itself latin-1 is windows-1252. A wrong guess is never silent: a text that did not come out by the
declared charset, or had none and is not plainly UTF-8, carries a flag.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from .charset_labels import means, printable, shown

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META = re.compile(rb"""<meta[^>]{0,500}?charset\s*=\s*["']?\s*([\w:.-]{2,40})""", re.I)
_XML = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w:.-]{2,40})["']""", re.I)
_META_WITHIN = 8192  # HTML asks for the first 1024; pages with long scripts in front do not keep to it
_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_JIS = re.compile(rb"\x1b\$[@B(]|\x1b\([JI]")
_UTF7 = re.compile(rb"\+[A-Za-z0-9/]{3,200}-")
_NARROW = re.compile(rb"[ a-z<>/]{8}")  # so many ASCII bytes in a row are no wide characters, Chinese ones included
_UTF7_WITHIN = 1 << 18
_WIDE = ("utf-16", "utf16", "utf-32", "utf32")
# What windows-1252 makes of the bytes of UTF-8: the first of a character, and those that follow.
_LEADS = "\u00c2\u00c3\u00c4\u00c5\u00ce\u00cf\u00d0\u00d1\u00d7\u00d8\u00d9\u00e2"
_FOLLOW = "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
_TWICE = re.compile(f"(?:[{_LEADS[:-1]}]{_FOLLOW}|\u00e2{_FOLLOW}{{2}})+")
# The same letters in UTF-8, and more than their pairs: a fixed byte in front is searched for ten times as fast.
_LEAD_BYTES = re.compile(b"\xc3[\x82-\x85\x8e-\x91\x97-\x99\xa2]")
_LIKE_PAIRS = re.compile(b"\xc3[\x82-\x85\x8e-\x91\x97-\x99\xa2][\xc2\xc5\xc6\xcb\xe2]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def decode(body: bytes, declared: str | None) -> tuple[str, tuple[str, ...]]:
    """The text of a page, without NUL and lone surrogates, and flags "charset:...". Never raises.

    `declared` is the transport's word (HTTP, a sidecar). Order: byte order mark, transport, the page's own word, UTF-8
    where it fits, detection; a declared charset that does not fit the bytes is passed over.
    """
    text, flags = _decoded(body, declared)
    if not text.isascii():
        text, places = mend_twice_encoded(text)
        if places:
            flags.append(f"charset:encoded twice, mended in {places} places")
    if "\0" in text:
        flags.append(f"charset:{text.count(chr(0))} NUL taken out")
        text = text.replace("\0", "")
    try:
        text.encode()  # a tenth of the time that a search for them takes
    except UnicodeEncodeError:
        flags.append("charset:lone surrogates replaced")
        text = _SURROGATES.sub("\ufffd", text)
    return text, tuple(flags)


def wide(data: bytes) -> str | None:
    """UTF-16 or UTF-32, and any byte order mark: the codec for it, or None.

    Without a mark, by where the zeros are: even a page in Chinese has its markup and spaces in ASCII.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    head = data[:4096]
    if len(head) < 8:
        return None
    if _NARROW.search(head):
        return None
    zeros = [head[n::4].count(0) * 4 / len(head) for n in range(4)]
    if zeros[2] > 0.95 and zeros[3] > 0.95 > zeros[0]:
        return "utf-32-le"
    if zeros[0] > 0.95 and zeros[1] > 0.95 > zeros[3]:
        return "utf-32-be"
    even, odd = (zeros[0] + zeros[2]) / 2, (zeros[1] + zeros[3]) / 2
    if even > 0.05 and odd < even / 20:
        return "utf-16-be"
    if odd > 0.05 and even < odd / 20:
        return "utf-16-le"
    return None


def _decoded(body: bytes, declared: str | None) -> tuple[str, list[str]]:
    if name := wide(body):
        known = name in ("utf-8-sig", "utf-16", "utf-32") or means(declared) == name
        flags = [] if known else [f"charset:guessed {name}"]
        return _read(body, name, flags)
    if name := _seven_bits(body, declared):
        is_declared = name[:10] in (str(means(declared))[:10], str(means(_own(body)))[:10])
        return _read(body, name, [] if is_declared else [f"charset:guessed {shown(name)}"])
    passed_over: list[str] = []
    for label in dict.fromkeys((declared, _own(body))):
        name = means(label)
        if label and name is None:
            passed_over.append(printable(label))
        elif label and name:
            flags = [f"charset:declared {passed_over[0]} is wrong, read as {shown(name)}"] if passed_over else []
            if name == "utf-8":  # what fits is the text already: once is enough
                try:
                    return body.decode(), flags
                except UnicodeDecodeError:
                    pass
            elif not (name.startswith(_WIDE) and _NARROW.search(body[:4096])) and _fits(body, name):
                return _read(body, name, flags)
            passed_over.append(shown(name))
    return _undeclared(body, passed_over[0] if passed_over else None)


def _undeclared(body: bytes, wrong: str | None) -> tuple[str, list[str]]:
    """Nobody said, or what was said cannot be."""
    if body.isascii():
        return _read(body, "utf-8", [])
    try:
        text = body.decode()
        return text, [f"charset:declared {wrong} is wrong, read as utf-8"] if wrong else []
    except UnicodeDecodeError:
        pass
    # Cut within a character, or with a few foreign bytes pasted in: still UTF-8, and more so than anything else.
    # Letters of another charset look like UTF-8 by chance once in some hundred: where it is declared, half will do.
    good = len(_UTF8.findall(body))
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd") - body.count(b"\xef\xbf\xbd")
    if good >= (bad if wrong == "utf-8" else 4 * bad) or _cut_off(body):
        return text, [f"charset:utf-8 with {bad} bytes that are none"]
    from .charset_guess import guess

    name = guess(body) or "cp1252"
    reason = f"declared {wrong} is wrong, read as" if wrong else "guessed"
    return _read(body, name, [f"charset:{reason} {shown(name)}"])


def _cut_off(body: bytes) -> bool:
    """Whether the last character alone is broken: the page was cut within it."""
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and error.end == len(body)
    return False


def mend_twice_encoded(text: str) -> tuple[str, int]:
    """Text that was UTF-8, read as windows-1252 and written as UTF-8 again, mended, and in how many places.

    "cafÃ©" is "café". Only where the letters such a reading gives stand mostly in its pairs, three times and more.
    """
    data = text.encode("utf-8", "surrogatepass")
    leads = len(_LEAD_BYTES.findall(data))
    if leads < 3 or len(_LIKE_PAIRS.findall(data)) * 2 < leads:
        return text, 0
    pairs = _TWICE.findall(text)
    if len(pairs) < 3 or sum(pair.count(lead) for pair in pairs for lead in _LEADS) * 2 < leads:
        return text, 0
    mended = 0

    def mend(match: re.Match[str]) -> str:
        nonlocal mended
        try:
            once = match[0].encode("cp1252", "whatwg-bytes").decode()
        except (UnicodeEncodeError, UnicodeDecodeError):
            return match[0]
        mended += 1
        return once

    return _TWICE.sub(mend, text), mended


def _fits(body: bytes, name: str) -> bool:
    """Whether a declared charset can be true: it decodes the bytes, and no other makes plainly more sense of them."""
    try:
        codecs.decode(body, name, "whatwg" if name == "cp1252" else "strict")
    except (UnicodeDecodeError, ValueError):
        return False
    if body.isascii():
        return True
    many = len(_UTF8.findall(body)) >= (4 if name in _MULTIBYTE else 1)
    if many:
        try:
            body.decode()
            return False  # text in another charset that is UTF-8 by chance: next to none beyond a word or two
        except UnicodeDecodeError:
            pass
    if name in _MULTIBYTE:
        return True
    from .charset_guess import rival

    return rival(body, name) is None


def _read(body: bytes, name: str, flags: list[str]) -> tuple[str, list[str]]:
    """Decode with what is known to fit, or nearly: each byte that does not is counted."""
    if name.startswith("utf-8"):
        try:
            return body.decode(name), flags
        except UnicodeDecodeError:
            pass
    text = body.decode(name, "whatwg" if name == "cp1252" else "replace")
    bad = text.count("\ufffd")
    return text, [*flags, f"charset:{bad} characters lost in {shown(name)}"] if bad else flags


def _seven_bits(body: bytes, declared: str | None) -> str | None:
    """ISO-2022-JP, HZ and UTF-7 are ASCII to look at."""
    if b"\x1b" in body and _JIS.search(body) and not any(byte > 127 for byte in body):
        return "iso2022_jp_2"
    if not body.isascii():
        return None
    label = means(declared) or means(_own(body))
    if label in ("hz", "utf-7"):
        return label
    return "utf-7" if _is_utf7(body) else None


def _is_utf7(body: bytes) -> bool:
    """Whether runs like +APw- are letters, or, as +ADw-, markup: three of them are no coincidence."""
    runs = [run[0] for run in _UTF7.finditer(body[:_UTF7_WITHIN])]
    if len(runs) < 3:
        return False
    good = 0
    for run in runs:
        try:
            text = run.decode("utf-7")
        except UnicodeDecodeError:
            continue
        good += all(c in '<>="&+' or (c > "\x7f" and unicodedata.category(c)[0] in "LP") for c in text)
    return good >= 0.9 * len(runs)


def _own(body: bytes) -> str | None:
    """What the page says in its XML declaration or a meta element."""
    head = body[:_META_WITHIN]
    match = _XML.match(head) or _META.search(head)
    if not match:
        return None
    label = match[1].decode("ascii", "replace")
    # It was read as ASCII, so it cannot be UTF-16 ("unicode", "ucs-2"), whatever it says (so HTML has it, too).
    return "utf-8" if (means(label) or label.lower()).startswith(_WIDE) else label


def _as_browsers(error: UnicodeError) -> tuple[str, int]:
    """The five bytes windows-1252 leaves open are control characters to a browser."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


def _as_bytes(error: UnicodeError) -> tuple[bytes, int]:
    """Back again: a control character is the byte it came from."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    try:
        return error.object[error.start : error.end].encode("latin-1"), error.end
    except UnicodeEncodeError:
        raise error from None


_MULTIBYTE = {"gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "hz", "johab", "iso2022_jp"}
codecs.register_error("whatwg", _as_browsers)
codecs.register_error("whatwg-bytes", _as_bytes)
