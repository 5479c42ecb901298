"""Parsed page -> the same tree without text that stands there twice or only for screen readers.

- readings of ruby characters (<rt>, <rp>): the word's sound beside the word
- a drop cap shown to the eye beside a copy of its word for screen readers, or beside the whole word
- notes for screen readers inside a link: "(opens in a new tab)"
"""

from __future__ import annotations

import re
from typing import Any, cast

from lxml import etree

_NEW_TAB = re.compile(
    r"[\s(\[,–-]*(?:"
    r"(?:(?:this )?link )?(?:will )?opens? (?:up )?(?:in )?(?:a |the )?(?:new|external|another) (?:browser )?"
    r"(?:tab|window|site)"
    r"|(?:link )?öffnet (?:sich )?(?:in|im) (?:einem )?(?:neue[nms]|externe[nms]) (?:browser)?(?:fenster|tab)"
    r"|externer link"
    r"|(?:s['’])?ouvr(?:e|ir|ant) (?:dans )?une? (?:nouvel(?:le)?|autre) (?:onglet|fenêtre)|nouvelle fenêtre"
    r"|(?:se )?abre (?:en|numa?|em)(?: una?| uma?)? (?:nueva|nova|novo) (?:ventana|pestaña|janela|aba|separador)"
    r"|(?:si )?apre (?:in )?(?:una? )?nuov[ao] (?:finestra|scheda)"
    r"|opent (?:in )?een (?:nieuw|ander) (?:venster|tabblad)|externe link"
    r"|åbner i (?:et )?nyt (?:vindue|faneblad)|åpnes? i (?:et )?nytt vindu|ny fane|(?:öppnas i )?(?:ett )?nytt fönster"
    r"|avautuu uuteen (?:ikkunaan|välilehteen)|otwiera się w nowym oknie|otevře se v novém okně"
    r"|új ablakban nyílik meg|yeni (?:pencerede|sekmede) açılır"
    r"|(?:откроется|открывается|відкривається) (?:в|у) нов(?:ом|ому) (?:окне|вікні)"
    r"|新しい(?:ウィンドウ|タブ)で開(?:く|きます)|新規ウィンドウ"
    r"|在新(?:窗口|标签页)打开|另開新視窗|새 ?창(?:에서)? ?열림"
    r"|يفتح في نافذة جديدة"
    r")[\s)\].]*",
    re.I,
)
_READER_ONLY = re.compile(
    r"(?:visually|screen)-?_?(?:hidden|reader)|\bsr-?only\b|\ba11y\b|hidden-?visually|assistive", re.I
)
_HIDDEN_LETTERS = etree.XPath(
    "//*[@aria-hidden='true'][self::span or self::b or self::strong or self::i or self::big or self::em]"
    "[string-length(normalize-space(.)) > 0 and string-length(normalize-space(.)) <= 30]"
)
_INLINE = frozenset("a abbr b big em font i mark small span strong u".split())


def take_out(tree: Any, markup: bytes) -> None:
    """Change the tree. `markup`: what it was parsed from; a look at it saves most pages a search of the tree."""
    if b"<rt" in markup or b"<RT" in markup:
        for element in list(tree.iter("rt", "rp", "rtc")):
            _drop(element)
    if b"aria-hidden" in markup:
        letters = cast(list[Any], _HIDDEN_LETTERS(tree))
        for element in [hidden for hidden in letters if _is_copy(hidden)]:
            _drop(element)
    for element in list(tree.iter("span", "small", "i", "em")):
        if (text := element.text) and 6 < len(text) < 60 and not len(element) and _is_note(element, text):
            _drop(element)


def _is_note(element: Any, text: str) -> bool:
    """Whether it says that a link opens a new window: in brackets, in a link, or by its class for screen readers."""
    return bool(_NEW_TAB.fullmatch(text)) and (
        text.lstrip()[0] == "("
        or next(element.iterancestors("a"), None) is not None
        or bool(_READER_ONLY.search(element.get("class") or ""))
    )


def _is_copy(element: Any) -> bool:
    """Whether the visible text is repeated beside it, for screen readers or as the beginning of a whole word."""
    if (parent := element.getparent()) is None:
        return False
    hidden, shown = "", ""
    for piece in _run(element):
        text = "".join(piece.itertext())
        if piece.get("aria-hidden") == "true":
            hidden += text
        elif _READER_ONLY.search(piece.get("class") or ""):
            shown += text
    if shown.strip():
        return "".join(hidden.split()) == "".join(shown.split())
    letter = hidden.strip()
    if len(letter) != 1 or not letter.isalpha() or not letter.isupper():
        return False
    following = element.tail or ""
    sibling = element.getnext()
    while sibling is not None and len(following.strip()) < 2 and sibling.tag in _INLINE:
        following += "".join(sibling.itertext()) + (sibling.tail or "")
        sibling = sibling.getnext()
    # "T" + "The harbour": the letter is there twice. "T" + "he harbour", "I" + " saw": it is not.
    return following.startswith(letter) and following[1:2].islower() and parent.tag not in ("math", "code")


def _run(element: Any) -> list[Any]:
    """The inline elements around this one with no text between them."""
    run = [element]
    before = element.getprevious()
    while before is not None and not (before.tail or "").strip() and before.tag in _INLINE:
        run.insert(0, before)
        before = before.getprevious()
    at = element
    while not (at.tail or "").strip() and (after := at.getnext()) is not None and after.tag in _INLINE:
        run.append(after)
        at = after
    return run


def _drop(element: Any) -> None:
    """Take the element out, its tail stays."""
    parent = element.getparent()
    if parent is None:
        return
    if tail := element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
    element.tail = None
    parent.remove(element)
