"""config.toml -> Config: every setting, its default, its bounds; all faults of a file at once, with their lines."""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..errors import ConfigError
from .sections import (
    Config,
    DedupConfig,
    ExtractConfig,
    FetchConfig,
    ProjectConfig,
    RecordsConfig,
    Section,
    SiteRule,
    SourceConfig,
    ThreadsConfig,
    TopicRule,
    TopicsConfig,
    WatchList,
)

__all__ = [
    "FILE", "Config", "DedupConfig", "ExtractConfig", "FetchConfig", "ProjectConfig", "RecordsConfig", "Section",
    "SiteRule", "SourceConfig", "ThreadsConfig", "TopicRule", "TopicsConfig", "WatchList", "digest", "load",
]  # fmt: skip

FILE = "config.toml"


def load(path: Path, environ: Mapping[str, str] = os.environ) -> Config:
    """Read config.toml (absent: all defaults), then NEWSMILL_<SECTION>_<KEY> from the environment over it.

    Raises ConfigError with every fault of the file and its line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        text = ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name}: cannot be read: {error}") from None
    try:
        data = tomllib.loads(text)
    except RecursionError:
        raise ConfigError(f"{path.name}: not valid TOML: nested too deeply") from None
    except ValueError as error:  # a number of 5,000 digits is one too
        raise ConfigError(f"{path.name}: not valid TOML: {error}") from None
    named = _environment(data, environ)
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        raise ConfigError(_faults(path.name, text, error, named)) from None
    if faults := list(_contradictions(config, text)):
        raise ConfigError("\n".join([f"{path.name}:", *faults]))
    return config


@cache  # a run asks for the same sections once a batch and stage
def digest(*sections: Section | tuple[Section, ...]) -> str:
    """Hash of the settings a stage reads: another value makes the stage's work out of date."""
    plain = [[s.deciding() for s in part] if isinstance(part, tuple) else part.deciding() for part in sections]
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:16]


def _environment(data: dict[str, Any], environ: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Lay NEWSMILL_DEDUP_THRESHOLD=0.6 and its like over the file's data."""
    named = {}
    for section, field in Config.model_fields.items():
        model = field.annotation
        if not (isinstance(model, type) and issubclass(model, Section)):
            continue
        for key in model.model_fields:
            name = f"NEWSMILL_{section}_{key}".upper()
            if name in environ and isinstance(data.setdefault(section, {}), dict):
                value = environ[name]
                many = "tuple" in str(model.model_fields[key].annotation)
                data[section][key] = [v for v in re.split(r"[,\s]+", value) if v] if many else value
                named[section, key] = name
    return named


def _contradictions(config: Config, text: str) -> Iterator[str]:
    """What no single field can see."""
    if config.dedup.permutations % config.dedup.bands:
        yield (f"  dedup.bands{_at(text, ('dedup', 'bands'))}: must divide dedup.permutations "
               f"({config.dedup.permutations}), got {config.dedup.bands}")  # fmt: skip
    for n, rule in enumerate(config.topics.rule):
        where = f"  topics.rule[{n + 1}]{_at(text, ('topics', 'rule', n))}"
        if not (rule.any or rule.all or rule.regex or rule.names or rule.places or rule.watch):
            yield f"{where}: never fires: give it any, all, regex, names, places or watch"
    if config.topics.rule:
        from ..tag.user_rules import faults

        for n, key, words in faults(config.topics):
            yield f"  topics.rule[{n + 1}].{key}{_at(text, ('topics', 'rule', n, key))}: {words}"
    if config.watch or config.topics.rule:
        from ..tag import watch

        for n, key, fault in watch.faults(config.watch):
            yield f"  watch[{n + 1}].{key}{_at(text, ('watch', n, key))}: {fault}"
        for n, rule in enumerate(config.topics.rule):
            for unknown in filter(None, (watch.unknown(name, config.watch) for name in rule.watch)):
                yield f"  topics.rule[{n + 1}].watch{_at(text, ('topics', 'rule', n, 'watch'))}: {unknown}"
    names = [source.name for source in config.source]
    for n, source in enumerate(config.source):
        where = f"  source[{n + 1}]{_at(text, ('source', n))}"
        if not (source.feed or source.sitemap or source.urls or source.homepage):
            yield f"{where}: has nothing to fetch: give it feed, sitemap, urls or homepage"
        if source.name in names[:n]:
            at = _at(text, ("source", n, "name"))
            yield f"  source[{n + 1}].name{at}: another source is called {source.name!r} too"
        for field in ("include", "exclude"):
            for pattern in getattr(source, field):
                if wrong := _bad_regex(pattern):
                    yield f"  source[{n + 1}].{field}{_at(text, ('source', n, field))}: {wrong}"
    if config.site:
        from ..extract.site_rules import faults as site_faults

        for n, site in enumerate(config.site):
            for fault in site_faults(site):
                key, _, words = fault.partition(": ")
                yield f"  site[{n + 1}].{key}{_at(text, ('site', n, key))}: {words}"


def _bad_regex(pattern: str) -> str | None:
    try:
        re.compile(pattern)
    except re.error as error:
        return f"not a regular expression: {error}: {pattern!r}"
    return None


def _faults(name: str, text: str, error: ValidationError, environ: dict[tuple[str, str], str]) -> str:
    """Every fault on a line of its own: where, what, and the nearest thing that would be right."""
    lines = [f"{name}:"]
    for fault in error.errors():
        loc = tuple(fault["loc"])
        where = _dotted(loc)
        at = f" ({environ[loc[:2]]} in the environment)" if loc[:2] in environ else _at(text, loc)  # type: ignore[index]
        if fault["type"] == "extra_forbidden":
            lines.append(f"  {where}{at}: unknown setting{_nearest(loc)}")
        elif fault["type"] == "missing":
            lines.append(f"  {where}{at}: missing, and nothing can stand in for it")
        else:
            message = fault["msg"][0].lower() + fault["msg"][1:]
            message = message.replace("input should be", "must be").split(", unable to parse")[0]
            got = (
                ""
                if isinstance(fault["input"], dict)
                else f", got {json.dumps(fault['input'], ensure_ascii=False, default=str)}"
            )
            lines.append(f"  {where}{at}: {message}{got}")
    return "\n".join(lines)


def _dotted(loc: tuple[int | str, ...]) -> str:
    out = ""
    for part in loc:
        out += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if out else part
    return out


def _model_at(loc: tuple[int | str, ...]) -> type[Section] | None:
    model: Any = Config
    for part in loc:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        if field is None:
            return None
        inner = getattr(field.annotation, "__args__", [field.annotation])[0]
        if not (isinstance(inner, type) and issubclass(inner, Section)):
            return None
        model = inner
    return model  # type: ignore[no-any-return]


def _nearest(loc: tuple[int | str, ...]) -> str:
    """' (did you mean dedup.threshold?)', looking in the same section first, then everywhere."""
    model = _model_at(loc[:-1])
    if model is None:
        return ""
    wrong = str(loc[-1])
    if close := difflib.get_close_matches(wrong, list(model.model_fields), 1, 0.6):
        return f" (did you mean {_dotted((*loc[:-1], close[0]))}?)"
    for section, field in Config.model_fields.items():
        inner = getattr(field.annotation, "__args__", [field.annotation])[0]
        if isinstance(inner, type) and issubclass(inner, Section) and wrong in inner.model_fields:
            return f" (did you mean {section}.{wrong}?)"
    return f" (known here: {', '.join(model.model_fields)})"


_TABLE = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-\"'.]+)\s*=")


def _at(text: str, loc: tuple[int | str, ...]) -> str:
    """' (line 12)' for the deepest part of loc the file spells out; '' where it is not in the file.

    A small scan of table headers and keys: tomllib keeps no positions.
    """
    prefix: list[int | str] = []
    last_index: dict[str, int] = {}
    best, best_line = 0, 0
    for number, line in enumerate(text.splitlines(), 1):
        here: list[int | str]
        if table := _TABLE.match(line):
            parts = [p.strip().strip("\"'") for p in table[2].split(".")]
            prefix = list(parts)
            if table[1] == "[[":
                count = last_index.get(table[2], -1) + 1
                last_index[table[2]] = count
                prefix.append(count)
            here = prefix
        elif key := _KEY.match(line):
            here = [*prefix, *(p.strip("\"'") for p in key[1].split("."))]
        else:
            continue
        same = 0
        for a, b in zip(here, loc, strict=False):
            if a != b:
                break
            same += 1
        if same > best and same == min(len(here), len(loc)):
            best, best_line = same, number
    return f" (line {best_line})" if best_line else ""
