"""Our own values <-> bytes on a pipe between our own processes: JSON and raw bytes, nothing that can run.

A frame is the length of the JSON, the JSON, and the byte strings it refers to, one after the other. Pickle would run
code that a parser taken over by a page could send to its parent; JSON cannot.
"""

from __future__ import annotations

import importlib
import json
import struct
from dataclasses import fields, is_dataclass
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
    text = json.dumps(_plain(value, blobs), separators=(",", ":")).encode()
    return b"".join([_HEAD.pack(len(text)), text, *blobs])


def decode(frame: bytes) -> Any:
    (size,) = _HEAD.unpack_from(frame)
    at = _HEAD.size + size
    return _built(json.loads(frame[_HEAD.size : at]), frame, at)


def _plain(value: Any, blobs: list[bytes]) -> Any:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_plain(v, blobs) for v in value]
    if isinstance(value, bytes):
        start = sum(map(len, blobs))
        blobs.append(value)
        return {_TAG: "bytes", "at": start, "size": len(value)}
    if isinstance(value, dict):
        if _TAG in value or not all(isinstance(key, str) for key in value):
            raise TypeError(f"a dict with such keys cannot be sent: {list(value)[:5]}")
        return {key: _plain(v, blobs) for key, v in value.items()}
    kind = type(value)
    if is_dataclass(kind):
        return {_TAG: f"{kind.__module__}:{kind.__qualname__}", "v": [_plain(v, blobs) for v in _values(value)]}
    if isinstance(value, BaseModel):
        return {_TAG: f"{kind.__module__}:{kind.__qualname__}", "m": value.model_dump(mode="json")}
    raise TypeError(f"{kind.__name__} cannot be sent to or from a worker")


def _values(value: Any) -> list[Any]:
    return [getattr(value, field.name) for field in fields(value) if field.init]


def _built(value: Any, frame: bytes, blobs: int) -> Any:
    if isinstance(value, list):
        return tuple(_built(v, frame, blobs) for v in value)
    if not isinstance(value, dict):
        return value
    kind = value.get(_TAG)
    if kind is None:
        return {key: _built(v, frame, blobs) for key, v in value.items()}
    if kind == "bytes":
        return frame[blobs + value["at"] : blobs + value["at"] + value["size"]]
    if "m" in value:
        return _class(kind).model_validate(value["m"])
    return _class(kind)(*(_built(v, frame, blobs) for v in value["v"]))


_classes: dict[str, Any] = {}


def _class(name: str) -> Any:
    """Only dataclasses and pydantic models of this package: nothing else can be made from a frame."""
    if name not in _classes:
        module, _, qualname = name.partition(":")
        found = getattr(importlib.import_module(module), qualname, None) if module.startswith(_OWN) else None
        if not (is_dataclass(found) or (isinstance(found, type) and issubclass(found, BaseModel))):
            raise TypeError(f"{name} is no value of this package")
        _classes[name] = found
    return _classes[name]
