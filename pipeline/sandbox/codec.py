"""Codec for values between our processes: JSON and raw bytes, nothing executable.

A frame is the length of the JSON, the JSON, and the byte strings it refers to, one after the other. Pickle would run
code that a parser taken over by a page could send to its parent; JSON cannot.
"""

from __future__ import annotations

import importlib
import json
import struct
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel

_TAG = "$"
_OWN = "pipeline."
_HEAD = struct.Struct("!Q")


def encode(value: Any) -> bytes:
    """None, bool, int, float, str, bytes, sequences, dicts with str keys, dataclasses and settings of this package.

    Raises TypeError for anything else. Sequences come back as tuples.
    """
    blobs: list[bytes] = []
    at = 0

    def plain(value: Any) -> Any:  # what the encoder does not know itself
        nonlocal at
        if isinstance(value, bytes):
            blobs.append(value)
            at += len(value)
            return {_TAG: "bytes", "at": at - len(value), "size": len(value)}
        kind = type(value)
        if is_dataclass(kind):
            return {_TAG: f"{kind.__module__}:{kind.__qualname__}", "v": [getattr(value, n) for n in _names(kind)]}
        if isinstance(value, BaseModel):
            return {_TAG: f"{kind.__module__}:{kind.__qualname__}", "m": value.model_dump(mode="json")}
        raise TypeError(f"{kind.__name__} cannot be sent to or from a worker")

    text = json.dumps(value, default=plain, separators=(",", ":")).encode()
    return b"".join([_HEAD.pack(len(text)), text, *blobs])


def decode(frame: bytes) -> Any:
    """The value of a frame. Raises TypeError for one that names anything but values of this package, ValueError for
    one that is broken in any other way: a parser taken over by a page may send what it likes."""
    try:
        return _decoded(frame)
    except (TypeError, ValueError):
        raise
    except Exception as error:
        raise ValueError(f"a broken frame: {type(error).__name__}") from None


def _decoded(frame: bytes) -> Any:
    (size,) = _HEAD.unpack_from(frame)
    blobs = _HEAD.size + size

    def built(found: dict[str, Any]) -> Any:
        kind = found.get(_TAG)
        if kind is None:
            return {key: _tuples(value) for key, value in found.items()}
        if kind == "bytes":
            return frame[blobs + found["at"] : blobs + found["at"] + found["size"]]
        if "m" in found:
            return _class(kind).model_validate(found["m"])
        return _class(kind)(*(_tuples(value) if type(value) is list else value for value in found["v"]))

    return _tuples(json.loads(frame[_HEAD.size : blobs], object_hook=built))


def _tuples(value: Any) -> Any:
    return tuple(_tuples(v) for v in value) if type(value) is list else value


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.init)


_classes: dict[str, Any] = {}


def _class(name: str) -> Any:
    """Only dataclasses and pydantic models of this package: nothing else can be made from a frame."""
    if name not in _classes:
        module, _, qualname = name.partition(":")
        ours = module.startswith(_OWN) and not module.endswith("__main__")  # to import that one is to run it
        value_class = getattr(importlib.import_module(module), qualname, None) if ours else None
        if not (is_dataclass(value_class) or (isinstance(value_class, type) and issubclass(value_class, BaseModel))):
            raise TypeError(f"{name} is no value of this package")
        _classes[name] = value_class
    return _classes[name]
