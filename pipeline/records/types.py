"""Type and meaning of each field of a record, from the dataclasses the record is joined from."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from msgspec import Meta

from .fields import FIELDS, JOINED, Field, Run

SCALARS = {str: "varchar", int: "bigint", float: "double", bool: "boolean"}
SPARK_SCALARS = {str: "string", int: "bigint", float: "double", bool: "boolean"}


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
    'in English'
    """
    return {name: _meaning(annotation) for name, annotation in get_type_hints(kind, include_extras=True).items()}


def _meaning(annotation: Any) -> str:
    notes = annotation.__metadata__ if get_origin(annotation) is Annotated else ()
    return next((note.description or "" for note in notes if isinstance(note, Meta)), "")


def sql_type(annotation: Any) -> str:
    """The DuckDB type of an annotation.

    >>> sql_type(tuple[str, ...]), sql_type(dict[str, int]), sql_type(float | None)
    ('varchar[]', 'map(varchar, bigint)', 'double')
    """
    origin, args = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return sql_type(next(arg for arg in args if arg is not NoneType))
    if origin is Literal:
        return SCALARS[type(args[0])]
    if origin is tuple:
        return f"{sql_type(args[0])}[]"
    if origin is dict:
        return f"map({sql_type(args[0])}, {sql_type(args[1])})"
    if is_dataclass(annotation) and isinstance(annotation, type):
        hints = get_type_hints(annotation)
        inner = ", ".join(f'"{field.name}" {sql_type(hints[field.name])}' for field in fields(annotation))
        return f"struct({inner})"
    return SCALARS[annotation]


def spark_schema() -> str:
    """The fields of a record as Spark names their types: what reads its JSON, and makes Parquet of it."""
    return ", ".join(f"`{name}` {spark_type(annotation)}" for name, annotation in field_types().items())


def spark_type(annotation: Any) -> str:
    """The Spark SQL type of an annotation.

    >>> spark_type(tuple[str, ...]), spark_type(dict[str, int]), spark_type(float | None)
    ('array<string>', 'map<string, bigint>', 'double')
    """
    origin, args = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return spark_type(next(arg for arg in args if arg is not NoneType))
    if origin is Literal:
        return SPARK_SCALARS[type(args[0])]
    if origin is tuple:
        return f"array<{spark_type(args[0])}>"
    if origin is dict:
        return f"map<{spark_type(args[0])}, {spark_type(args[1])}>"
    if is_dataclass(annotation) and isinstance(annotation, type):
        hints = get_type_hints(annotation)
        return (
            f"struct<{', '.join(f'`{field.name}`: {spark_type(hints[field.name])}' for field in fields(annotation))}>"
        )
    return SPARK_SCALARS[annotation]
