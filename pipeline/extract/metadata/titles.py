"""What a page calls itself in many places -> the article's title as its readers see it, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..htmldoc import HtmlDoc
from . import headings
from .structured import Structured, fold, key

_SEPARATOR = re.compile(
    r"\s+[|–—\-•·»«›‹>~:*/]+\s+|\s*[｜|‖ㅣ：_]\s*|\s+[|–—•·»]|(?<=[^\x00-\u2e7f])-+(?=[^\x00-\u2e7f])|,\s+(?=[A-Z])"
)
_HOST = re.compile(r"(?:www\.)?[a-z0-9-]{3,}\.(?:com?|org|net|info|[a-z]{2})(?:\.[a-z]{2})?", re.I)
_CUT = re.compile(r"\s*(?:…|\.\.\.)$")
_WORD = re.compile(r"[^\W_]+")
# Found by a search over weights on half of the outlets of three sets, the other half held out. In words: the heading
# readers see, where another place confirms it; else the JSON-LD headline, unless og:title has friends.
_WEIGHT = {
    "h1": 1.4,
    "h2": 0.9,  # an h2 or h3, where it says what another place says and no h1 does
    "json-ld headline": 1.3,
    "meta og:title": 0.5,
    "itemprop headline": 0.5,
    "meta twitter:title": -0.1,  # og's copy on most pages
    "title": -0.1,  # written for search engines
    "meta title": -0.6,
}
_LONE_H1 = 0.5  # a heading that no other place confirms
_LONE_WORD_H1 = 0.1  # the same of one word or two ("Quicklinks"), or behind the story's first paragraphs
# A JSON-LD headline that is the <title> to the letter, without the site's name: filled by a plugin for search engines.
_FILLED = 0.7


def candidates(doc: HtmlDoc) -> list[tuple[str, str]]:
    """(origin, text) as written, in order of preference, without JSON-LD."""
    meta = doc.meta
    candidates = [("meta og:title", fold(meta.get("og:title"), 500))]
    candidates += [("h1", text) for text in headings.of(doc)]
    for name in ("twitter:title", "title", "dc.title", "parsely-title", "sailthru.title", "cxenseparse:title"):
        candidates.append(
            ("meta twitter:title" if name == "twitter:title" else "meta title", fold(meta.get(name), 500))
        )
    candidates.append(("itemprop headline", fold(meta.get("headline"), 500)))
    candidates.append(("title", fold(doc.title, 500)))
    return [(origin, text) for origin, text in candidates if text]


def choose(
    doc: HtmlDoc, stated: list[tuple[str, str]], structured: Structured, names: list[str]
) -> tuple[str, str] | None:
    """(title, origin): what the places that name the article weigh most, once the site's names are off."""
    headline = fold(structured.article.get("headline") or structured.article.get("name"), 500)
    raw = _completed([("json-ld headline", headline), *stated] if headline else list(stated))
    written = [text for origin, text in raw if origin != "h1"]
    names = _site_names(names, raw)
    h1 = _printed([text for origin, text in raw if origin == "h1"], written, names)
    confirmed = h1 is not None and any(_like(h1, one) for one in written)
    if h1 and (kicker := headings.kicker(doc, h1)):
        starts = [text for origin, text in raw if origin in ("json-ld headline", "meta og:title")]
        if not any(key(text).startswith(key(kicker)) for text in starts):
            rest = h1[len(kicker) :].lstrip(" :/|–—-")
            raw = [(origin, rest if text == h1 else text) for origin, text in raw]
            h1 = rest
    filled = confirmed and any(origin == "title" and text == headline for origin, text in raw)
    if not confirmed:
        raw += [("h2", text) for text in headings.lower(doc, written)]
    everything = [text for _, text in raw]
    candidates: list[tuple[str, str]] = []
    for origin, text in raw:
        if origin == "h1" and text != h1:
            continue
        if cleaned := without_site(text, names, everything):
            candidates.append((origin, cleaned))
    candidates = _without_kicker(candidates)
    printed = next((text for origin, text in candidates if origin == "h1"), "")
    votes: dict[str, float] = {}
    counted: set[tuple[str, str]] = set()
    for origin, text in candidates:
        name = key(text)
        if (name, origin) not in counted:
            counted.add((name, origin))
            weight = _FILLED if origin == "json-ld headline" and filled else _WEIGHT[origin]
            if origin == "h1" and not confirmed:
                weight = _unconfirmed(printed, doc, h1 or "")
            votes[name] = votes.get(name, 0) + weight
    site_keys = {key(name) for name in names}
    best: tuple[float, str] | None = None
    for _, text in sorted(candidates, key=lambda pair: pair[0] != "h1"):
        name = key(text)
        if not name or name in site_keys:
            continue
        weight = round(votes[name] - (1.5 if _CUT.search(text) else 0), 3)  # rounded: of equals the heading
        if best is None or weight > best[0]:
            best = (weight, name)
    if best is None:
        return None
    title, origin = _spelling([(text, origin) for origin, text in candidates if key(text) == best[1]])
    return _before_bars(re.sub(r"\s+[:|–—-]$", "", title)), origin


def _unconfirmed(printed: str, doc: HtmlDoc, whole: str) -> float:
    """The weight of a heading that no other place confirms. `printed` is it without the site's name."""
    words = printed.split()
    if (len(words) <= 2 and printed.isascii()) or headings.is_late(doc, whole):
        return _LONE_WORD_H1
    return _LONE_H1


def _completed(candidates: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Headlines cut off at a length, in full where another place has the rest: "Harbour wall to be ..."."""
    texts = sorted((text for _, text in candidates), key=len)

    def whole(text: str) -> str:
        start = _CUT.sub("", text)
        if len(start) < 30 or not (start != text or 95 <= len(text) <= 110):
            return text
        for longer in texts:
            if len(longer) > len(start) and longer.startswith(start) and not _CUT.search(longer):
                return text if start == text and _SEPARATOR.match(longer, len(start)) else longer
        return text

    return [(origin, whole(text)) for origin, text in candidates]


def _before_bars(title: str) -> str:
    """Without the section, site or slogan behind a bar: the first piece, where it is far longer than any other."""
    first, *others = title.split(" | ")
    count = len(_WORD.findall(first))
    behind = max((len(_WORD.findall(piece)) for piece in others), default=0)
    longer = count > 2 * behind or (count == 2 * behind and behind <= 3)
    return first.rstrip() if others and count >= 4 and longer else title


def _without_kicker(stated: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The heading without the words that a template prints before it, where another place gives it without them."""
    h1 = next((text for origin, text in stated if origin == "h1"), "")
    whole = key(h1)
    headlines = {
        name for origin, text in stated if origin != "h1" and 0.4 * len(whole) <= len(name := key(text)) < len(whole)
    }
    for start in (match.start() for match in re.finditer(r"(?<!\S)[^\s:/|–-]", h1)):
        if start and key(h1[start:]) in headlines and _is_kicker(h1[:start].rstrip()):
            return [(origin, text[start:] if origin == "h1" else text) for origin, text in stated]
    return stated


def _is_kicker(words: str) -> bool:
    """Not the beginning of the title itself: "The", "2026", "How much does a", "Wide roads:"."""
    kicker = words.rstrip(" :/|–-").split()
    if not kicker or (len(kicker) == 1 and (len(kicker[0]) <= 3 or kicker[0].isdigit())):
        return False
    return not (kicker[-1].islower() and len(kicker[-1]) <= 3) and (len(kicker) == 1 or not re.search(r"\w:$", words))


def _spelling(spellings: list[tuple[str, str]]) -> tuple[str, str]:
    """The printed one of several spellings, unless its markup lost what another has: a colon, the blank behind it."""
    printed = next((pair for pair in spellings if pair[1] == "h1"), None)
    if printed is None:
        return spellings[0]
    for text, origin in spellings:
        if printed[0][0].islower() and text[0].isupper():  # a style sheet makes it a capital
            return text, origin
        if printed[0].isupper() and not text.isupper() and len(text.split()) >= 3:  # so does it all of them
            return text, origin
        if origin not in ("json-ld headline", "meta og:title", "h2"):
            continue
        glued = re.search(r"\w :|:(?=[^\W\d])", printed[0]) and re.search(r"\S: ", text)
        if glued or len(_marks(text)) > len(_marks(printed[0])):
            return text, origin
    return printed


_PUNCTUATION = re.compile(r"[:;.!?,()\-–—|/…]")


def _marks(text: str) -> list[str]:
    return _PUNCTUATION.findall(text.replace("...", "…"))


def _site_names(names: Sequence[str], raw: Sequence[tuple[str, str]]) -> list[str]:
    """The outlet's names but those that are the headline again: an application-name filled from the title."""
    titles = [key(text) for origin, text in raw if origin in ("meta og:title", "h1", "json-ld headline")]
    return [name for name in names if titles.count(key(name)) < 2 or len(name.split()) < 4]


def _printed(h1s: list[str], written: list[str], names: list[str]) -> str | None:
    """The h1 that the other places confirm; else the first that is not the site's name."""
    site_keys = [k for name in names if len(k := key(name)) >= 2]
    usable = [text for text in h1s if not _is_name(text, site_keys, whole=True)]
    for text in usable:
        name = key(text)
        if len(name) >= 8 and any(key(one) == name or one.startswith(text) for one in written):
            return text
    return next((text for text in usable if any(_like(text, one) for one in written)), usable[0] if usable else None)


def _like(text: str, other: str) -> bool:
    """Whether two titles are about one thing: one within the other, or half of the shorter one's words shared."""
    a, b = key(text), key(other)
    pieces = [key(piece) for piece in _SEPARATOR.split(other)]
    if a in pieces[1:] and len(a) < len(pieces[0]):
        return False  # the section or the site, behind the title
    if (a in b or b in a) and min(len(a), len(b)) >= max(4, 0.4 * max(len(a), len(b))):
        return True
    ours, others = ({w for w in _WORD.findall(t.casefold()) if len(w) > 1 or not w.isascii()} for t in (text, other))
    return len(ours & others) >= max(2, 0.5 * min(len(ours), len(others)))


def without_site(text: str, names: list[str], others: list[str]) -> str:
    """A title without what the site puts before or behind every title.

    Behind: parts that are the site's name; and whatever follows where another place gives the title without it, unless
    most places give it with it.
    """
    site_keys = [k for name in names if len(k := key(name)) >= 2]
    whole = text
    while True:
        cuts = list(_SEPARATOR.finditer(text))
        if not cuts:
            break
        last, head = cuts[-1], cuts[0]
        if _is_name(text[last.end() :], site_keys) and last.start() > 0:
            text = _first_piece(text[: last.start()].rstrip(), last.group().strip())
        elif head.group().strip() not in (",", ":") and _is_name(text[: head.start()], site_keys, whole=True):
            text = text[head.end() :].lstrip()
        else:
            break
    if whole == text and sum(other.startswith(whole) for other in others) >= 3:
        return text
    for shorter in others:
        if not (6 <= len(shorter) < len(text) and len(shorter) >= 0.3 * len(text)):
            continue
        if text[: len(shorter)].casefold() == shorter.casefold() and (
            _SEPARATOR.match(text, len(shorter)) or re.fullmatch(r"\s*[-–—|].{1,20}", text[len(shorter) :])
        ):
            return text[: len(shorter)]
        if text.endswith(shorter) and re.search(r"(?:\s[|–—-]|[｜|_])\s*$", text[: -len(shorter)]):
            return shorter
    return text


def _first_piece(text: str, bar: str) -> str:
    """A title without the sections between it and the site's name, all behind bars: "Title | Health | Site"."""
    pieces = text.split(f" {bar} ") if bar in ("|", "»", "•") else [text]
    return pieces[0] if len(pieces[0].split()) >= max(4, *(len(piece.split()) for piece in pieces)) else text


def _is_name(part: str, outlets: list[str], *, whole: bool = False) -> bool:
    """Whether it is the site's name, or begins or ends with it. With `whole` the name must be half of it at least:

    "Harbour wall repaired" on harbour.example is a headline, "Harbour News" is not.
    """
    name_key = key(part)
    if not name_key or len(part.split()) > 7:
        return False
    if not whole and _HOST.fullmatch(part.strip()):
        return True
    return any(
        name_key == name or (_within(name, name_key) and not (whole and len(name_key) > 2 * len(name)))
        for name in outlets
    )


def _within(name: str, part: str) -> bool:
    short, long = sorted((name, part), key=len)
    return len(short) >= 4 and (long.startswith(short) or long.endswith(short))
