"""The lines of a flattened page -> TextBody: story or furniture, line by line, with the title and dates they state."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ...model import Image, Line
from ..metadata import dates, visible
from ..rules import rule_of
from . import model
from .features import Lines, Matrix, take_apart
from .interruptions import interruptions
from .lines import paragraphs
from .structure import LONGEST_TITLE, Structure, key


@dataclass(frozen=True, slots=True)
class TextBody:
    """What a flattened page says of itself."""

    lines: tuple[Line, ...]  # in page order; rule None: story
    scores: tuple[float, ...]  # log odds of each line being story
    title: str | None = None
    published_at: str | None = None
    modified_at: str | None = None
    authors: tuple[str, ...] = ()
    captions: tuple[Image, ...] = ()
    found: dict[str, str] = field(default_factory=dict)


INTERRUPTION = -9.0  # log odds of a line that a rule takes out before the model looks
_MODIFIED = re.compile(
    r"(?:last )?(?:updated|modified|edited|changed)|aktualisiert|stand\b|mis à jour|actualizado|aggiornato|atualizado"
    r"|bijgewerkt|oppdatert|uppdaterad|opdateret",
    re.I,
)
_PUBLISHED = re.compile(
    r"(?:first )?(?:published|posted)|date\b|veröffentlicht|publi[éck]|pubblicato|gepubliceerd|publicerad|publisert",
    re.I,
)


def read(text: str, *, title: str | None) -> TextBody:
    """Tell the story from the furniture. `title` is the one known from outside, if any."""
    texts = paragraphs(text)
    if not texts:
        return TextBody((), (), title)
    origins: dict[str, str] = {}
    given = " ".join(title.split()) if title else None
    rules, odds, line = judge(texts, [rule_of(t) for t in texts], given)
    if line is not None:
        given = texts[line]
        origins["title"] = "text: line above the story"
    published, modified = _dates(texts, rules, origins)
    bylines = tuple(t for t, rule in zip(texts, rules, strict=True) if rule == "byline")[:3]
    captions = tuple(Image("", t, None) for t, rule in zip(texts, rules, strict=True) if rule == "caption" and " " in t)
    return TextBody(
        lines=tuple(Line(t, rule) for t, rule in zip(texts, rules, strict=True)),
        scores=tuple(np.round(odds, 3).tolist()),
        title=given,
        published_at=published,
        modified_at=modified,
        authors=bylines,
        captions=captions,
        found=origins,
    )


def rejudge(lines: Sequence[Line], repeated: Sequence[bool], title: str | None) -> list[str | None]:
    """The rule of each line once it is known which of them the source repeats."""
    texts = [line.text for line in lines]
    rules = ["repeated" if again else rule_of(text) for again, text in zip(repeated, texts, strict=True)]
    return judge(texts, rules, title)[0]


def judge(
    texts: Sequence[str], cues: Sequence[str | None], title: str | None
) -> tuple[list[str | None], Matrix, int | None]:
    """(the rule of each line, None for story; its log odds; the line that is the title, where none was given)."""
    between = interruptions(texts, cues)
    rest = [i for i in range(len(texts)) if i not in between]
    apart = take_apart([texts[i] for i in rest], [cues[i] for i in rest])
    some = model.odds(apart)
    judged, line = verdicts(apart, some, title)
    rules: list[str | None] = [between.get(i) for i in range(len(texts))]
    odds = np.full(len(texts), INTERRUPTION)
    odds[rest] = some
    for i, rule in zip(rest, judged, strict=True):
        rules[i] = rule
    return rules, odds, None if line is None else rest[line]


def verdicts(apart: Lines, odds: Matrix, title: str | None) -> tuple[list[str | None], int | None]:
    """(the rule of each line, None for story; the line that is the title, where none was given)."""
    texts = apart.texts
    page = Structure(apart, odds)
    rules = list(apart.rules)
    line = None if title else page.title()
    wanted = key(title) if title else key(texts[line]) if line is not None else ""
    for i, text in enumerate(texts):
        if rules[i] is None and wanted and len(text) <= LONGEST_TITLE and key(text) == wanted:
            rules[i] = "title"
            page.story[i] = page.prose[i] = False
    off = {
        "related": page.teasers, "comment": page.comments, "paywall": page.behind_the_wall, "caption": page.captions
    }  # fmt: skip
    for rule, lines in off.items():  # each looks at what those before it left
        for i in lines():
            rules[i] = rule
            page.story[i] = page.prose[i] = False
    for i in page.tables() | page.lists() | page.speakers() | page.inner() | page.bare():
        page.story[i] = True
    for i in page.other_headlines():
        page.story[i] = False
    headlines = page.headlines()
    for i, story in enumerate(page.story.tolist()):
        if not story and rules[i] is None:
            rules[i] = "headline-list" if i in headlines else "furniture"
    return rules, line


def _dates(texts: list[str], rules: list[str | None], origins: dict[str, str]) -> tuple[str | None, str | None]:
    """Dates that a line says the story has; a date alone is the masthead's today as often, and is not believed."""
    published = modified = None
    for text, rule in zip(texts, rules, strict=True):
        if rule != "date":
            continue
        for part in re.split(r"\s[|•·]\s|\s(?=(?:Last )?Updated\b)", text):
            if (match := _MODIFIED.match(part)) and modified is None and (modified := dates.parse(part)):
                origins["modified_at"] = f"text: {match[0]}"
            elif (match := _PUBLISHED.match(part)) and published is None and (published := dates.parse(part)):
                origins["published_at"] = f"text: {match[0]}"
    for text, rule in zip(texts, rules, strict=True):
        if len(text) > 120 or rule in ("comment", "related", "headline-list") or (rule is None and len(text) > 60):
            continue
        for stamp, is_update in visible.labelled(text):
            if is_update and modified is None:
                modified, origins["modified_at"] = stamp, "text: updated"
            elif not is_update and published is None:
                published, origins["published_at"] = stamp, "text: published"
    return published, modified
