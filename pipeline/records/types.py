"""Type and meaning of each field of a record, from the dataclasses the record is joined from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from msgspec import Meta

from .fields import FIELDS, JOINED, Field, Run


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an engine writes types."""

    scalars: Mapping[type, str]
    list_of: str  # {0}: the type of an element
    map_of: str  # {0}, {1}: the types of key and value
    struct_of: str  # {0}: the members
    member: str  # {0}, {1}: name and type


DUCKDB = Dialect(
    {str: "varchar", int: "bigint", float: "double", bool: "boolean"},
    "{0}[]", "map({0}, {1})", "struct({0})", '"{0}" {1}',
)  # fmt: skip
SPARK = Dialect(
    {str: "string", int: "bigint", float: "double", bool: "boolean"},
    "array<{0}>", "map<{0}, {1}>", "struct<{0}>", "`{0}`: {1}",
)  # fmt: skip


def field_types() -> dict[str, Any]:
    """Field -> annotation; None is part of it where a record can hold null."""
    return {f.name: _type(f) for f in FIELDS}


def _type(field: Field) -> Any:
    if field.origin is Run:
        return Run if field.name == "run" else str
    annotation = get_type_hints(field.origin)[field.name]
    return annotation | None if field.origin in JOINED and field.missing is None else annotation


def field_meanings() -> dict[str, str]:
    """Field of a record -> what it holds."""
    return {f.name: f.meaning or meanings(f.origin)[f.name] for f in FIELDS}


def meanings(kind: type) -> dict[str, str]:
    """Field of a dataclass of pipeline.model -> what it holds; "" where nothing is said.

    >>> from ..model import Place
    >>> meanings(Place)["name"]
    'in English, or as those who live there call it'
    """
    return {name: _meaning(annotation) for name, annotation in get_type_hints(kind, include_extras=True).items()}


def _meaning(annotation: Any) -> str:
    notes = annotation.__metadata__ if get_origin(annotation) is Annotated else ()
    return next((note.description or "" for note in notes if isinstance(note, Meta)), "")


def sql_type(annotation: Any, dialect: Dialect = DUCKDB) -> str:
    """The type of an annotation as an engine names it.

    >>> sql_type(tuple[str, ...]), sql_type(dict[str, int]), sql_type(float | None)
    ('varchar[]', 'map(varchar, bigint)', 'double')
    >>> sql_type(tuple[str, ...], SPARK), sql_type(dict[str, int], SPARK), sql_type(float | None, SPARK)
    ('array<string>', 'map<string, bigint>', 'double')
    """
    origin, args = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return sql_type(next(arg for arg in args if arg is not NoneType), dialect)
    if origin is Literal:
        return dialect.scalars[type(args[0])]
    if origin is tuple:
        return dialect.list_of.format(sql_type(args[0], dialect))
    if origin is dict:
        return dialect.map_of.format(sql_type(args[0], dialect), sql_type(args[1], dialect))
    if is_dataclass(annotation) and isinstance(annotation, type):
        hints = get_type_hints(annotation)
        members = [dialect.member.format(f.name, sql_type(hints[f.name], dialect)) for f in fields(annotation)]
        return dialect.struct_of.format(", ".join(members))
    return dialect.scalars[annotation]


def spark_schema() -> str:
    """The fields of a record as Spark names their types: what reads its JSON, and makes Parquet of it."""
    return ", ".join(f"`{name}` {sql_type(annotation, SPARK)}" for name, annotation in field_types().items())
