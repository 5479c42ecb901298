"""The type of each field of a record, from the dataclasses the record is joined from."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from .fields import FIELDS, Run

SCALARS = {str: "varchar", int: "bigint", float: "double", bool: "boolean"}


def field_types() -> dict[str, Any]:
    """Field -> annotation; null may stand for any value that is not known."""
    return {f.name: _type(f.origin, f.name) for f in FIELDS}


def _type(origin: type, name: str) -> Any:
    if origin is Run:
        return Run if name == "run" else str
    return get_type_hints(origin)[name]


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
