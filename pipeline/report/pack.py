"""Collected -> the values of the report's data blocks: columns of indexes into lists of names, texts in blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from ..timestamps import day_and_minute
from .collect import Collected, Row

BLOCK = 100  # texts that are unpacked together when one of them is opened
ID_DIGITS = 12  # of an id's 32: enough to tell 100,000 records apart, and `newsmill show` takes the beginning of an id


def data(collected: Collected) -> dict[str, Any]:
    """Everything but the texts."""
    rows = collected.rows
    whens = [day_and_minute(row.when) for row in rows]
    days = [day for day, _ in whens if day is not None]
    start = min(days, default=0)
    sources, languages = _names(row.source for row in rows), _names(row.language for row in rows)
    topics, countries = _names(t for row in rows for t in row.topics), _names(c for row in rows for c in row.countries)
    towns, names = _names(town for row in rows for town in row.towns), _names(n for row in rows for n in row.names)
    threads = _names(row.thread for row in rows if row.thread)
    stories = {story.id: n for n, story in enumerate(collected.stories)}
    return {
        "total": collected.total,
        "start": date.fromordinal(start).isoformat() if days else None,
        "days": max(days) - start + 1 if days else 0,
        "sources": list(sources),
        "languages": list(languages),
        "topics": list(topics),
        "countries": list(countries),
        "towns": list(towns),
        "names": list(names),
        "cols": {
            "id": [row.id[:ID_DIGITS] for row in rows],
            "title": [row.title for row in rows],
            "day": [-1 if day is None else day - start for day, _ in whens],
            "min": [minute for _, minute in whens],
            "src": [sources[row.source] for row in rows],
            "lang": [languages[row.language] for row in rows],
            "top": [[topics[topic] for topic in row.topics] for row in rows],
            "cou": [[countries[country] for country in row.countries] for row in rows],
            "tow": [[towns[town] for town in row.towns] for row in rows],
            "nam": [[names[name] for name in row.names] for row in rows],
            "sto": [stories.get(row.cluster, -1) for row in rows],
            "thr": [threads[row.thread] if row.thread else -1 for row in rows],
        },
        "texts": sum(row.text is not None for row in rows),
        "stories": [asdict(story) for story in collected.stories],
        "batches": [list(asdict(batch).values()) for batch in collected.batches],
        "skipped": collected.skipped,
        "stripped": collected.stripped,
        "skippedExamples": {why: [asdict(p) for p in pages] for why, pages in collected.skipped_examples.items()},
        "strippedExamples": collected.stripped_examples,
        "doubtful": [[id[:ID_DIGITS], sure] for id, sure in collected.doubtful],
        "rights": collected.rights,
        "watch": collected.watch,
        "health": [[item.name, item.verdict, item.sentence] for item in collected.health],
    }


def texts(rows: Sequence[Row]) -> list[list[list[str | None]]]:
    """Blocks of [url, text] for the rows that have a text."""
    whole = [[row.url, row.text] for row in rows if row.text is not None]
    return [whole[at : at + BLOCK] for at in range(0, len(whole), BLOCK)]


def _names(values: Iterable[str]) -> dict[str, int]:
    """Each name with its number; the most frequent first, so that most numbers are short."""
    counts = Counter(values)
    return {name: n for n, name in enumerate(sorted(counts, key=lambda name: (-counts[name], name)))}
