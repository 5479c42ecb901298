"""Which records are wanted: the filters that export, search and report share (--since, --topic and the like)."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from ..errors import UsageError
from ..tag import vocabulary
from ..timestamps import instant

Row = Mapping[str, Any]
NEAR = 5  # names an error gives where several match, or none does


@dataclass(frozen=True, slots=True)
class Selection:
    """Filters as typed; `resolve` turns their names into those that records have."""

    since: str | None = None  # a day, from its first moment in UTC, or an RFC 3339 time
    until: str | None = None  # a day, to its last moment in UTC, or an RFC 3339 time
    sources: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    watch: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises UsageError for a date that is none."""
        for name in ("since", "until"):
            text = getattr(self, name)
            if text and instant(text) is None:
                raise UsageError(f"--{name} {text}: not a date like 2026-11-20 or 2026-11-20T06:00:00Z")

    @property
    def names(self) -> dict[str, tuple[str, ...]]:
        """Option -> the names asked for; options that were not given are left out."""
        asked = {
            "source": self.sources,
            "topic": self.topics,
            "language": self.languages,
            "place": self.places,
            "watch": self.watch,
        }
        return {option: names for option, names in asked.items() if names}

    def takes(self, record: Row) -> bool:
        """Whether a record is wanted, once the names are resolved."""
        for option, identifiers in self.names.items():
            if not any(identifier in identifiers for identifier, _ in names_of(record, option)):
                return False
        if not (self.since or self.until):
            return True
        span = span_of(record["published_at"] or record["fetched_at"])
        if span is None:
            return False
        since, until = span_of(self.since), span_of(self.until)
        return (since is None or span[1] >= since[0]) and (until is None or span[0] <= until[1])


def span_of(text: str | None) -> tuple[datetime, datetime] | None:
    """First and last moment that a date or time may mean: of a bare day, the whole day in UTC.

    >>> [str(moment) for moment in span_of("2026-11-20")]
    ['2026-11-20 00:00:00+00:00', '2026-11-20 23:59:59.999999+00:00']
    """
    first = instant(text)
    if first is None:
        return None
    if text and len(text) == 10:
        return first, _later(first, timedelta(days=1) - timedelta(microseconds=1))
    return first, first


def _later(moment: datetime, by: timedelta) -> datetime:
    try:
        return moment + by
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def names_of(record: Row, option: str) -> Iterator[tuple[str, str]]:
    """(id, label) of what a record has for an option."""
    if option == "topic":
        yield from dict.fromkeys(row for topic in record["topics"] for row in _topics(topic["id"], topic["label"]))
    elif option == "watch":
        yield from ((topic["id"], topic["label"]) for topic in record["topics"] if topic["by"] == "watch")
    elif option == "place":
        yield from ((place["code"], place["name"]) for place in record["places"])
    elif record[option]:
        yield record[option], record[option]


def _topics(identifier: str, label: str) -> Iterator[tuple[str, str]]:
    """A topic and the broader ones above it: an article on elections is one on politics."""
    yield identifier, label
    concepts = vocabulary.load()
    if identifier in concepts:
        yield from ((code, concepts[code].label()) for code in vocabulary.ancestors(identifier)[1:])


@dataclass(slots=True)
class Known:
    """The names that records have, for the options asked for."""

    options: tuple[str, ...]
    names: dict[str, dict[str, set[str]]] = field(default_factory=dict)  # option -> id -> labels

    def add(self, record: Row) -> None:
        for option in self.options:
            for identifier, label in names_of(record, option):
                self.names.setdefault(option, {}).setdefault(identifier, set()).add(label)


def resolve(selection: Selection, records: Iterable[Row]) -> Selection:
    """The selection with ids in the place of the names typed. Reads the records only where names were given.

    Raises UsageError for a name that no record has, with the nearest one, and for a part of several names.
    """
    if not selection.names:
        return selection
    known = Known(tuple(selection.names))
    for record in records:
        known.add(record)
    return resolved(selection, known)


def resolved(selection: Selection, known: Known) -> Selection:
    """`resolve` with the names already collected."""

    def ids(option: str, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(i for name in names for i in _matches(option, name, known.names.get(option, {})))

    return replace(
        selection,
        sources=ids("source", selection.sources),
        topics=ids("topic", selection.topics),
        languages=ids("language", selection.languages),
        places=ids("place", selection.places),
        watch=ids("watch", selection.watch),
    )


def _matches(option: str, name: str, known: Mapping[str, set[str]]) -> list[str]:
    """Ids a name stands for: its own id or label; else the one label that begins with it; else the one that has it."""
    folded_name = " ".join(name.casefold().split())
    folded = [(i, {i.casefold(), i.casefold().removeprefix("medtop:"), *map(str.casefold, known[i])}) for i in known]
    if exact := [i for i, names in folded if folded_name in names]:
        return exact
    if option != "language" and folded_name:
        labels = {i: [label.casefold() for label in known[i]] for i in known}
        for test in (str.startswith, str.__contains__):
            if part := [i for i in known if any(test(label, folded_name) for label in labels[i])]:
                shown = {label for i in part for label in known[i]}
                if len(shown) == 1:
                    return part
                raise UsageError(f"--{option} {name}: several match: {_some(shown)}; give more of the name")
    spellings: dict[str, str] = {}  # also of single words: "politcs" is near to one word of a long label
    for text in sorted(label for i in known for label in known[i]):
        for word in text.casefold().split():
            spellings.setdefault(word, text)
    spellings |= {text.casefold(): text for i in known for text in (i, *known[i])}
    near = difflib.get_close_matches(folded_name, spellings, 1, 0.55)
    if near:
        raise UsageError(f"--{option} {name}: no record has it (did you mean {spellings[near[0]]!r}?)")
    there = {min(known[i], default=i) for i in known}
    raise UsageError(f"--{option} {name}: no record has it" + (f"; there are: {_some(there)}" if there else ""))


def _some(names: Collection[str]) -> str:
    more = f" and {len(names) - NEAR} more" if len(names) > NEAR else ""
    return ", ".join(map(repr, sorted(names)[:NEAR])) + more
