"""Polls and items by day -> for each source what is usual, and whether its silence is not."""

from __future__ import annotations

import statistics
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from ..project import Project
from . import state as fetch_state
from .state import State

ENOUGH = 14  # days on which a source was looked at; with fewer nobody can say what is usual
WINDOW = 60  # days looked back
FAILING = 3  # polls in a row that brought nothing readable

Verdict = Literal["new", "ok", "silent", "failing", "unknown"]


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a source: how often it was looked at, how many new items it had."""

    day: str
    polls: int
    items: int


@dataclass(frozen=True, slots=True)
class SourceHealth:
    name: str
    verdict: Verdict
    sentence: str  # "usually 40 a day, none since Tuesday 2026-11-17"
    usual: float | None  # items a day; None where too little was seen
    last_item: str | None  # day
    observed: int  # days on which it was looked at

    @property
    def ok(self) -> bool:
        return self.verdict in ("new", "ok", "unknown")


def judge(name: str, days: Sequence[Day], *, failures: int = 0, said: str | None = None) -> SourceHealth:
    """What a source's history says.

    Silence counts in days on which we looked. It is out of the ordinary when it is longer than one and a half times
    the longest pause of the last 60 days, longer than a day, and three items at least should have come in it: a weekly
    paper and an outlet that rests on Sundays raise no alarm.
    """
    looked = sorted((d for d in days if d.polls), key=lambda d: d.day)
    last_item = max((d.day for d in days if d.items), default=None)
    observed = len(looked)
    pauses, quiet = [0], 0
    for d in looked:
        if d.items:
            pauses.append(quiet)
            quiet = 0
        else:
            quiet += 1
    # What is usual is what came before the silence; the last day may not be over.
    full = (looked[: observed - quiet] if quiet else []) or looked[:-1]
    items = _without_backlog([d.items for d in full])
    usual = statistics.fmean(items) if items else None
    if failures >= FAILING:
        words = f"could not be read {failures} times in a row: {said or 'no reason kept'}"
        return SourceHealth(name, "failing", words, usual, last_item, observed)
    if observed == 0:
        return SourceHealth(name, "unknown", said or "not polled yet", None, last_item, 0)
    since = f"last item {last_item}" if last_item else "no item yet"
    if observed < ENOUGH or usual is None:
        return SourceHealth(name, "new", f"{since}; {observed} of {ENOUGH} days seen", None, last_item, observed)
    rate = f"usually {_rate(items)}"
    if quiet > max(1.0, 1.5 * max(pauses)) and quiet * usual >= 3:
        return SourceHealth(name, "silent", f"{rate}, none since {_named(last_item)}", usual, last_item, observed)
    return SourceHealth(name, "ok", f"{rate}, {since}", usual, last_item, observed)


def _without_backlog(items: list[int]) -> list[int]:
    """Items a day, the first day's at most as many as the others had: it may have brought all that a feed held."""
    return [min(items[0], max(items[1:])), *items[1:]] if len(items) > 1 else items


def _rate(items: Sequence[int]) -> str:
    median = statistics.median(items)
    if median >= 1:
        return f"{median:.0f} a day"
    mean = statistics.fmean(items)
    return f"{mean * 7:.0f} a week" if mean * 7 >= 1 else f"{mean * 30:.0f} a month"


def _named(day: str | None) -> str:
    return f"{date.fromisoformat(day):%A} {day}" if day else "it was added"


def alarms(project: Project, state: State, names: Container[str]) -> tuple[list[str], bool]:
    """Faults of sources that were not reported yet, and whether all sources are well.

    A failing or silent source is reported once, and again only after it has recovered: cron sends a mail for each line,
    and a source that is dead for a month would send hundreds.
    """
    new: list[str] = []
    sound = True
    for source in report(project):
        if source.name not in names:
            continue
        sound = sound and source.ok
        if state.tell(source.name, None if source.ok else source.verdict):
            new.append(f"{source.name}: {source.sentence}")
    return new, sound


def report(project: Project) -> list[SourceHealth]:
    """One judgement for each [[source]] of the config, in its order; [] where there is none."""
    names = [source.name for source in project.config.source]
    if not names:
        return []
    db = fetch_state.read_only(project.state)
    if db is None:
        return [judge(name, ()) for name in names]
    try:
        rows = fetch_state.rows(db, "SELECT source, day, polls, items FROM day")
        known = {row["name"]: row for row in fetch_state.rows(db, "SELECT name, failures, said FROM source")}
    finally:
        db.close()
    newest = max((row["day"] for row in rows), default="")
    oldest = str(date.fromisoformat(newest) - timedelta(days=WINDOW)) if newest else ""
    history: dict[str, list[Day]] = {}
    for row in rows:
        if row["day"] >= oldest:
            history.setdefault(row["source"], []).append(Day(row["day"], row["polls"], row["items"]))
    out = []
    for name in names:
        source_state = known.get(name, {"failures": 0, "said": None})
        out.append(judge(name, history.get(name, ()), failures=source_state["failures"], said=source_state["said"]))
    return out
