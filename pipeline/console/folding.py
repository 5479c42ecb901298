"""Text and tables folded to the width of a terminal: no word is broken that fits on a line. Pure: text -> lines."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import zip_longest

GAP = "  "  # between two columns
LEAST = 24  # cells that running text gets in a column, where it has so many; else it goes below its row
HANG = "    "  # before the text that stands below its row


def width(text: str) -> int:
    """Cells that a text takes: two for an East Asian letter, none for a mark that sits on the letter before it."""
    if text.isascii():
        return len(text)
    return sum(_cells(char) for char in text)


def _cells(char: str) -> int:
    if char in "\u200c\u200d" or unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def fold(text: str, columns: int, hang: str = "") -> list[str]:
    """Lines of at most `columns` cells, broken between words; a word that is longer is broken where it must.

    The lines after the first begin with `hang`.
    """
    lines: list[str] = []
    line = text[: len(text) - len(text.lstrip())]
    empty = True
    for word in text.split():
        while True:
            if width(line) + (not empty) + width(word) <= columns:
                line += word if empty else f" {word}"
                empty = False
                break
            room = columns - width(line) - (not empty)
            head = _head(word, room) if _breaks(word, columns - width(hang)) else ""
            if head:
                line += head if empty else f" {head}"
                word = word[len(head) :]
            elif empty:  # not even one letter has room
                line += word
                word = ""
            lines.append(line)
            line, empty = hang, True
            if not word:
                break
    if not empty or not lines:
        lines.append(line)
    return lines


def _breaks(word: str, columns: int) -> bool:
    """Whether a word may be broken: it fits on no line, or its script writes without blanks."""
    return width(word) > columns or any(unicodedata.east_asian_width(char) in "WF" for char in word)


def _head(word: str, columns: int) -> str:
    """As much of a word as takes so many cells."""
    cells = 0
    for n, char in enumerate(word):
        cells += _cells(char)
        if cells > columns:
            return word[:n]
    return word


def table(
    headers: Sequence[str], rows: Sequence[Sequence[str]], columns: int, right: Sequence[int] = ()
) -> tuple[str, list[str]]:
    """(header line, lines) of a table. Columns that find no room stand below their row, with their names."""
    kept = list(range(len(headers)))
    below: list[int] = []
    while (widths := _widths(headers, rows, kept, columns)) is None:
        widest = max(kept, key=lambda n: max((width(row[n]) for row in rows), default=0))
        kept.remove(widest)
        below.insert(0, widest)
    head = GAP.join(_pad(headers[n], widths[n], n in right) for n in kept).rstrip()
    lines: list[str] = []
    for row in rows:
        cells = [fold(row[n], widths[n]) for n in kept]
        for parts in zip_longest(*cells, fillvalue=""):
            padded = (_pad(part, widths[n], n in right) for n, part in zip(kept, parts, strict=True))
            lines.append(GAP.join(padded).rstrip())
        for n in sorted(below):
            if row[n]:
                named = f"{headers[n]}: {row[n]}" if headers[n] else row[n]
                lines.extend(fold(HANG + named, columns, HANG))
    return head, lines


def _widths(
    headers: Sequence[str], rows: Sequence[Sequence[str]], kept: Sequence[int], columns: int
) -> dict[int, int] | None:
    """Cells for each column; None where some word would have to be broken, or a text squeezed."""
    natural = {n: max([width(headers[n]), *(width(row[n]) for row in rows)]) for n in kept}
    room = columns - len(GAP) * (len(kept) - 1)
    if sum(natural.values()) <= room:
        return natural
    longest = {
        n: max(width(word) for text in (headers[n], *(row[n] for row in rows)) for word in (text.split() or [""]))
        for n in kept
    }
    least = {n: min(natural[n], max(longest[n], LEAST)) for n in kept}
    if len(kept) <= 2:  # names and values: a long value is folded beside its name
        least = {n: min(least[n], LEAST) for n in kept}
    if sum(least.values()) > room and len(kept) > 1:
        return None if len(kept) > 2 else {kept[0]: least[kept[0]], kept[1]: max(1, room - least[kept[0]])}
    if len(kept) == 1:
        return {kept[0]: room}
    given = dict(least)
    spare = room - sum(given.values())
    for n in sorted(kept, key=lambda n: natural[n]):  # what needs little more gets it first
        more = min(spare, natural[n] - given[n])
        given[n] += more
        spare -= more
    return given


def _pad(text: str, columns: int, right: bool) -> str:
    blank = " " * max(0, columns - width(text))
    return blank + text if right else text + blank
