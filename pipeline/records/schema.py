"""Row types -> JSON Schema (draft 2020-12) of every JSON file under clean/, with the meaning of each field."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, make_dataclass
from typing import Annotated, Any, Literal

import msgspec

from .. import files
from ..errors import UsageError
from ..model import Article, Duplicate, Skipped, Tags, Threaded, doc
from .fields import SCHEMA
from .types import field_meanings, field_types

DRAFT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A line that a source repeats on its pages."""

    source: Annotated[str, doc("the outlet")]
    hash: Annotated[int, doc("of the line's text, 64 bits")]
    count: Annotated[int, doc("stories it stands in")]
    stories: Annotated[int, doc("stories of the source in this batch")]


@dataclass(frozen=True, slots=True)
class Judged:
    """A batch, in the order in which dedup first took them."""

    batch: Annotated[str, doc("its name")]


@dataclass(frozen=True, slots=True)
class Pruned:
    """Marks a batch whose raw pages were removed by `newsmill prune`."""

    at: Annotated[str, doc("when, in UTC")]
    raw: Annotated[bool, doc("the raw pages are gone")]
    records: Annotated[bool, doc("its articles and records are gone too")]


@dataclass(frozen=True, slots=True)
class Manifest:
    """Written last by each stage: what it made of a batch, and from what."""

    key: Annotated[str, doc("hash of all that decided the outputs")]
    outputs: Annotated[dict[str, str], doc("file -> sha256")]
    counts: Annotated[dict[str, Any], doc("for `newsmill status`")]
    facts: Annotated[dict[str, Any], doc("what the stage needs the next time; not there where it needs nothing")]


@dataclass(frozen=True, slots=True)
class Layout:
    """Signs clean/: another newsmill that writes other files leaves it alone."""

    layout: Annotated[int, doc("number of the layout")]


@dataclass(frozen=True, slots=True)
class File:
    """A kind of file under clean/."""

    name: str
    row: type  # of its lines, or of the whole file
    about: str
    optional: tuple[str, ...] = ()  # keys that need not be there

    @property
    def schema_name(self) -> str:
        return f"{self.name.rsplit('.', 1)[0]}.schema.json"

    @property
    def lines(self) -> bool:
        return self.name.endswith(".jsonl")


def _record() -> type:
    """The record as a dataclass: its fields come from several."""
    types, meanings = field_types(), field_meanings()
    types["schema"] = Literal[SCHEMA]
    made = make_dataclass("Record", [(name, Annotated[kind, doc(meanings[name])]) for name, kind in types.items()])
    made.__doc__ = "A normalised article with its topics, its relation to earlier ones and where it comes from."
    return made


FILES = (
    File(files.RECORDS, _record(), "The product, written by `records`: one line for each new article and revision."),
    File(files.ARTICLES, Article, "Written by `extract`: one line for each article of the batch."),
    File(files.SKIPPED, Skipped, "The ledger, written by `extract`: every page that became no article, and why."),
    File(files.REPEATS, Repeat, "Written by `extract`: what a source repeats on its pages."),
    File(files.DUPLICATES, Duplicate, "Written by `dedup`: one line for each article that repeats another one."),
    File(files.TOPICS, Tags, "Written by `tag`: one line for each article, in the order of articles.jsonl."),
    File(files.THREADS, Threaded, "Written by `threads`: one line for each article, in the order of articles.jsonl."),
    File(files.ORDER, Judged, "In clean/ itself: the order in which batches first got their verdicts."),
    File("manifest.json", Manifest, "The manifests `.STAGE.json`, written last by each stage.", ("facts",)),
    File(files.PRUNED, Pruned, "In a batch whose raw pages were pruned."),
    File("layout.json", Layout, "The file `.newsmill.json` in clean/ itself."),
)
NAMES = tuple(file.name for file in FILES)


def named(name: str) -> File:
    """The file of this name; `records` is enough. Raises UsageError with the nearest one."""
    for file in FILES:
        if name.lower() in (file.name, file.name.rsplit(".", 1)[0]):
            return file
    near = difflib.get_close_matches(name.lower(), NAMES, 1, 0.5)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(NAMES)}"
    raise UsageError(f"{name}: no such file ({hint})")


def schema(file: File) -> dict[str, Any]:
    """The JSON Schema of one line, or of the file where it is one object. Every key is there in every row."""
    made = msgspec.json.schema(file.row)
    definitions: dict[str, Any] = made.get("$defs", {})
    for name, definition in definitions.items():
        _strict(definition, file.optional if name == file.row.__name__ else ())
    root = definitions.pop(file.row.__name__)
    out = {"$schema": DRAFT, "$id": f"urn:newsmill:schema:{file.name}", **root, "title": file.name}
    return out | ({"$defs": dict(sorted(definitions.items()))} if definitions else {})


def _strict(definition: dict[str, Any], optional: tuple[str, ...]) -> None:
    """msgspec describes what it would read; what is written has every key and no others."""
    if "properties" not in definition:
        return
    for inner in definition["properties"].values():
        inner.pop("default", None)
    definition["required"] = [name for name in definition["properties"] if name not in optional]
    definition["additionalProperties"] = False
