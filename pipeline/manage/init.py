"""A new project folder: Makefile, config.toml, raw/, and a crontab line."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from .. import store
from ..config import FILE, Config, Section, load
from ..errors import ConfigError, UsageError

EXAMPLES: dict[str, dict[str, Any]] = {
    "topics.rule": {
        "tag": "football", "any": ["Champions League", "Bundesliga"], "none": ["American football"],
        "regex": "relegat(ed|ion)", "language": "en", "source": "The Outlet", "name": "football",
    },
    "site": {
        "host": "outlet.example", "drop": [".newsletter-box"], "drop_lines": ["^Our app has more"],
        "date_format": "%d %B %Y", "test": "saved/outlet.html",
    },
    "source": {
        "name": "The Outlet", "feed": "https://outlet.example/rss.xml", "country": "GB", "language": "en", "delay": 5.0,
    },
}  # fmt: skip


def template() -> str:
    """config.toml with every setting at its default, commented out, with what it means."""
    return "\n".join(_template()) + "\n"


def _template() -> Iterator[str]:
    yield "# newsmill's settings. A commented line shows the default. `newsmill config` checks this file and"
    yield "# shows what is in force. A plain setting can come from the environment too: NEWSMILL_DEDUP_THRESHOLD=0.6"
    tables: list[tuple[str, type[Section]]] = []
    for name, field in Config.model_fields.items():
        model = inner(field.annotation)
        if model is None:
            continue
        if is_list(field.annotation):
            tables.append((name, model))
            continue
        yield ""
        yield f"# {' '.join((model.__doc__ or '').split())}"
        yield f"[{name}]"
        for key, setting in model.model_fields.items():
            if (row := inner(setting.annotation)) and is_list(setting.annotation):
                tables.append((f"{name}.{key}", row))
            else:
                yield f"# {toml_line(key, setting.default)}    # {setting.description}"
    for name, model in tables:
        yield ""
        yield f"# {' '.join((model.__doc__ or '').split())} As many as you like."
        yield f"# [[{name}]]"
        example = EXAMPLES.get(name, {})
        for key, setting in model.model_fields.items():
            if inner(setting.annotation):
                continue
            value = example.get(key, None if setting.is_required() else setting.default)
            yield f"# {toml_line(key, value)}    # {setting.description}"


def inner(annotation: Any) -> type[Section] | None:
    """The settings model inside a field's type: Section, tuple[Section, ...]; None for plain values."""
    for kind in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(kind, type) and issubclass(kind, Section):
            return kind
    return None


def is_list(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", None) is tuple


def toml_line(key: str, value: Any) -> str:
    """`key = value` in TOML; words where there is no value, for TOML has none for that."""
    if value is None:
        return f"{key}: not set"
    if isinstance(value, tuple):
        value = list(value)
    return f"{key} = {json.dumps(value, ensure_ascii=False)}"


def init(folder: Path) -> list[str]:
    """Write a new project. Returns the names of what was made; touches nothing that is there.

    Raises UsageError where a project is there already.
    """
    if (folder / FILE).exists():
        raise UsageError(f"{folder / FILE} exists: this is a project already; `newsmill run` processes it")
    made = []
    for name, text in (
        (FILE, template()),
        ("Makefile", makefile()),
        (".gitignore", "/.newsmill/\n"),
    ):
        if (folder / name).exists():
            continue
        with store.atomic(folder / name) as temporary:
            temporary.write_text(text, encoding="utf-8")
        made.append(name)
    if not (folder / "raw").exists():
        (folder / "raw").mkdir()
        made.append("raw/")
    (folder / ".newsmill").mkdir(exist_ok=True)
    with store.atomic(
        folder / ".newsmill" / "command"
    ) as temporary:  # read by the Makefile where newsmill is not on the path
        temporary.write_text(command() + "\n", encoding="utf-8")
    return made


HELP = """
help:
	@sed -n 's/^#   \\(make\\)/  \\1/p' Makefile
"""


def makefile() -> str:
    """The chain for make. Names no path of this machine, so a project can move to another one."""
    return resources.files("pipeline").joinpath("data/chain.mk").read_text(encoding="utf-8") + HELP


def command() -> str:
    """What a shell has to be given to run this newsmill from anywhere."""
    beside = Path(sys.executable).with_name("newsmill")
    program = str(beside) if beside.exists() else shutil.which("newsmill")
    return shlex.quote(program) if program else f"{shlex.quote(sys.executable)} -m pipeline"


def cron_line(folder: Path) -> str:
    """A crontab line: the chain every hour, quiet when all is well, waiting for a run that is still at work.

    Where config.toml has sources they are polled first; what is there is worked on even where a site did not answer.
    """
    there = shlex.quote(str(folder.resolve())).replace("%", "\\%")  # cron takes a bare one for the end of the command
    run = f"{command()} run --quiet --wait 900"
    try:
        sources = load(folder / FILE).source
    except ConfigError:  # `newsmill config` says what is wrong with it
        sources = ()
    fetch = f"{command()} fetch --quiet; " if sources else ""
    return f"7 * * * * cd {there} && {{ {fetch}{run}; }}" if fetch else f"7 * * * * cd {there} && {run}"
