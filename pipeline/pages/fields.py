"""What others wrote beside a page (sidecar, JSONL row, WARC header) -> fields of Page, or flags that say why not."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ..formats.surrogates import clean as clean
from ..timestamps import utc

MAX_URL = 8192
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NUMBER = re.compile(r"\s*\d{9,19}(?:\.\d{1,9})?\s*")
_COMPACT = re.compile(r"\s*(?:19|20)\d\d[01]\d[0-3]\d[0-2]\d[0-5]\d(?:[0-5]\d)?\s*\Z")  # 20261129080000
_WEB = re.compile(r"https?://[^\s/?#\\@]+(?:[/?#]|$)", re.I)


class NotJson(Exception):
    """Why a text is no JSON object; becomes a line in the ledger or a flag."""


def parse(text: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """A JSON object and flags. NaN, which pandas writes for "missing", is None; of a key given twice the last holds.

    Raises NotJson; nesting too deep for the parser and numbers of a million digits are among the reasons.
    """
    twice: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        row = dict(items)
        if len(row) < len(items):
            known_keys: set[str] = set()
            twice.extend(key for key, _ in items if key in known_keys or known_keys.add(key))  # type: ignore[func-returns-value]
        return row

    try:
        row = json.loads(text, object_pairs_hook=pairs, parse_constant=lambda _: None)
    except RecursionError:
        raise NotJson("nested too deeply") from None
    except ValueError as error:
        raise NotJson(f"not JSON: {error}") from None
    if not isinstance(row, dict):
        raise NotJson("not a JSON object")
    return row, tuple(f"json:key {clean(key)[:40]!r} given twice" for key in dict.fromkeys(twice))


def text(row: Mapping[str, Any], key: str, flags: list[str]) -> str | None:
    """A field as a line of text; numbers (timestamps) as they would be written. Others are refused with a flag."""
    value = row.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return clean(value).replace("\0", "")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    flags.append(f"{key}:ignored, not a text")
    return None


def moment(row: Mapping[str, Any], key: str, flags: list[str]) -> str | None:
    """A field that is a point in time: seconds (milliseconds, ...) since 1970 as RFC 3339, texts as they are.

    What can be no time is refused with a flag.
    """
    value = row.get(key)
    if isinstance(value, dict) and set(value) == {"$date"}:  # as MongoDB exports it
        value = value["$date"]
    if isinstance(value, str) and _NUMBER.fullmatch(value) and not _COMPACT.match(value):
        value = float(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _of_number(value, key, flags)
    stated = text({key: value}, key, flags)
    if stated is not None and not re.search(r"\d", stated):  # "NaT", "None", "unknown"
        flags.append(f"{key}:ignored, no time: {_CONTROL.sub('?', stated)[:40]}")
        return None
    return stated


def _of_number(value: float, key: str, flags: list[str]) -> str | None:
    """Seconds since 1970, or milliseconds, microseconds, nanoseconds by their size."""
    seconds = float(value) if abs(value) < 1e21 else 0.0
    while abs(seconds) >= 1e11:
        seconds /= 1000
    if seconds < 1e8:  # before 1973: a serial number, a year
        flags.append(f"{key}:ignored, no time: {str(value)[:40]}")
        return None
    return utc(seconds)


def web_url(value: str | None, flags: list[str]) -> str | None:
    """A URL of the web, or None and a flag: javascript:, file: and data: never get into a record."""
    if value is None:
        return None
    url = value.strip()
    if len(url) > MAX_URL:
        flags.append(f"url:ignored, {len(url)} characters long")
    elif _CONTROL.search(url) or not _WEB.match(url):
        flags.append(f"url:ignored, not of the web: {_CONTROL.sub('?', url)[:60]}")
    else:
        return url
    return None
