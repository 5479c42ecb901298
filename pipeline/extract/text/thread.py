"""Lines of a flattened page -> where its readers' comments begin: each has a name and a time above it."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Who wrote a reader's comment and when: "Ann K. on May 3, 2019 at 4:47 pm said:", or "ann_k says:" and the time below
# it, or a bare name and the time below it.
_TIME = r"\d{1,2}[:.h]\d\d(?: ?[ap]\.?m\b\.?| uhr)?"
_STAMP = re.compile(
    r"(?:[^\W\d]{3,10}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}\.? (?:de )?[^\W\d]{3,10}\.?(?: de)?,? \d{4}"
    r"|\d{1,4}[./-]\d{1,2}[./-]\d{1,4})(?:,? (?:[^\W\d]{1,3} )?|[^\w\s]| [^\w\s] )" + _TIME +
    r"|(?:\d+|an?) (?:second|minute|min|hour|day|week|month|year)s? ago(?: at " + _TIME + r")?"
    r"|(?:vor|il y a|hace|há) (?:\d+|ein\w*|une?|una?|um\w*) [^\W\d]{3,9}",
    re.I,
)  # fmt: skip
_SAID = re.compile(
    r"(?:says|said|wrote|writes|schreibt|schrieb|sagt|dit|a écrit|dice|escribió|ha scritto|disse)\s*:?$", re.I
)
_HEADING = re.compile(
    r"(?:comm?ent|komment|coment)[^\W\d]*\b|\b(?:thoughts on|responses? to|replies|reacties|réactions|reaktionen)\b",
    re.I,
)
_NO_NAME = re.compile(r"[!?:]$|\w{3}\.$")
HANDLE = 5  # words a commenter's name has at most
LONGEST = 110  # characters of a line that is but a name and a time


def comments(texts: Sequence[str], below: int) -> tuple[int, int] | None:
    """(the line of the first commenter's name, that of the last comment's time), or None where there is no thread.

    Only lines after `below` are looked at: a story's own byline has a name and a time as well. So has a list of
    stories: a heading must say that these are comments, or the names "say" something.
    """
    met: list[tuple[str, int, bool]] = []  # (commenter, line of the name, whether a thread may begin here)
    last = 0
    for i in range(below + 1, len(texts)):
        if len(texts[i]) <= LONGEST and (stamp := _STAMP.search(texts[i])):
            name, line, says = _commenter(texts, i, stamp.start(), stamp.end())
            if name and line > below:
                near = texts[max(line - 6, 0) : line]
                met.append((name, line, says or any(len(text) <= 80 and _HEADING.search(text) for text in near)))
                last = i
    first = next((number for number, (_, _, begins) in enumerate(met) if begins), len(met))
    thread = met[first:]
    several = len({name for name, _, _ in thread}) >= 2
    return (thread[0][1], last) if several else None


def _commenter(texts: Sequence[str], i: int, start: int, stop: int) -> tuple[str, int, bool]:
    """(name, its line, whether it "says") of the comment whose time stands in line i from `start` to `stop`."""
    before, after = texts[i][:start].strip(" |•·-–—(,"), texts[i][stop:].strip(" |•·-–—).,:")
    line = i if before or not i else i - 1
    name = re.sub(r" (?:on|at|am|le|el|em|il)$", "", before) if before else _SAID.sub("", texts[line]).strip()
    says = bool(_SAID.match(after)) or (not before and name != texts[line])
    good = name and len(name.split()) <= HANDLE and not _NO_NAME.search(name) and (says or not after)
    return (name if good else "", line, says)
