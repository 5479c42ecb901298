"""The code -> docs/reference/ (cli.md, config.md, files.md) and config.toml: what each command, setting and field is.

Run `make reference` after a change; tests/test_docs.py fails while they are out of date.

Long because it holds one generator for each page, and nothing else.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from pipeline import model  # noqa: E402
from pipeline.config import Config, Section  # noqa: E402
from pipeline.export.columns import COLUMNS as EXPORT_COLUMNS  # noqa: E402
from pipeline.export.forms import FORMS  # noqa: E402
from pipeline.extract.rules import MEANINGS  # noqa: E402
from pipeline.files import RECORDS  # noqa: E402
from pipeline.manage import init  # noqa: E402
from pipeline.pages.readers import KINDS  # noqa: E402
from pipeline.pages.table import COLUMNS  # noqa: E402
from pipeline.records import fields as record_fields  # noqa: E402
from pipeline.records import schema as record_schema  # noqa: E402
from pipeline.records import types as record_types  # noqa: E402
from tools import supported  # noqa: E402

MADE = "<!-- Made by `make reference` from the code: edit that. -->"
STORED = "Every file is written whole or not at all; lines are JSON objects in UTF-8."


SCHEMAS = "docs/reference/schemas"
PATHS = (
    "config.toml",
    "docs/reference/cli.md",
    "docs/reference/config.md",
    "docs/reference/files.md",
    "docs/reference/languages.md",
    "docs/guide/export.md",
    *(f"{SCHEMAS}/{file.schema_name}" for file in record_schema.FILES),
)


@cache
def pages() -> dict[str, str]:
    """Path in the project -> content."""
    return {
        "config.toml": init.template(),
        "docs/reference/cli.md": _text(cli()),
        "docs/reference/config.md": _text(config()),
        "docs/reference/files.md": _text(files()),
        "docs/reference/languages.md": _text(supported.page()),
        **{f"{SCHEMAS}/{file.schema_name}": _schema(file) for file in record_schema.FILES},
        "docs/guide/export.md": _filled(
            ROOT / "docs/guide/export.md", {"forms": forms(), "columns": columns(), "removals": removals()}
        ),
    }


def write(root: Path = ROOT) -> None:
    for path, content in pages().items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, encoding="utf-8")


def _text(lines: Iterator[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n"


def _filled(path: Path, tables: dict[str, Iterator[str]]) -> str:
    """A page written by hand with its tables, each between <!-- name --> and <!-- end of name -->, made anew."""
    text = path.read_text(encoding="utf-8")
    for name, lines in tables.items():
        begin, end = f"<!-- {name}: made by `make reference` -->", f"<!-- end of {name} -->"
        before, rest = text.split(begin, 1)
        text = "\n".join([before + begin, *lines, end + rest.split(end, 1)[1]])
    return text


# ---- exports ----

PLACES = {"folder": "a folder", "database": "`--to`"}  # of forms that have no ending


def forms() -> Iterator[str]:
    yield from ("| form | file endings | stdout | `--fields` | what it is |", "|---|---|---|---|---|")
    for form in FORMS:
        endings = " ".join(f"`{ending}`" for ending in form.endings) or PLACES[form.target]
        newest = f"; the newest {form.newest} unless `--newest` says" if form.newest else ""
        yes = ["yes" if able else "no" for able in (form.target == "stream", form.fields)]
        yield f"| `{form.name}` | {endings} | {yes[0]} | {yes[1]} | {form.meaning}{newest} |"


def removals() -> Iterator[str]:
    yield from ("| form | what was removed |", "|---|---|")
    yield from (f"| `{form.name}` | {form.removals} |" for form in FORMS if form.removals)


def columns() -> Iterator[str]:
    yield from ("| column | of field | how |", "|---|---|---|")
    for column in EXPORT_COLUMNS:
        yield f"| `{column.name}` | `{column.field}` | {column.meaning or 'as it is'} |"


# ---- commands ----


@cache
def commands() -> tuple[tuple[str, str], ...]:
    """(name, help) of every command, groups before their members."""
    import typer

    from pipeline.cli.app import app

    return tuple(_commands(typer.main.get_command(app), "newsmill"))


def _commands(command: Any, name: str) -> Iterator[tuple[str, str]]:
    from typer.testing import CliRunner

    from pipeline.cli.app import app

    words = name.split()[1:]
    plain = {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    shown = CliRunner().invoke(app, [*words, "--help"], prog_name="newsmill", env=plain)
    yield name, "\n".join(line.rstrip() for line in shown.stdout.strip("\n").splitlines()).rstrip()
    for child, inner in getattr(command, "commands", {}).items():
        yield from _commands(inner, f"{name} {child}")


def cli() -> Iterator[str]:
    from pipeline import cli

    yield from ("# Commands", "", MADE, "", "Exit codes, of every command:", "")
    yield from ("| code | meaning |", "|---|---|")
    codes = re.findall(r"(\d+)(?: and (\d+))? ([^,.;]+)", (cli.main.__doc__ or "").split(";", 1)[1])
    for code, second, meaning in codes:
        yield f"| {code}{f', {second}' if second else ''} | {meaning.strip()} |"
    yield ""
    yield "stdout is data, messages go to stderr. `python -m pipeline` is the same as `newsmill`."
    for name, text in commands():
        yield from ("", f"## {name}", "", "```text", text, "```")


# ---- settings ----


def config() -> Iterator[str]:
    yield from ("# config.toml", "", MADE, "")
    yield from textwrap.wrap(
        "A setting that is not in the file has its default. Unknown names, wrong types and values out of bounds are "
        "reported all at once, with their lines. A plain setting (one that is not in a list of tables) can be given in "
        "the environment too: `NEWSMILL_DEDUP_THRESHOLD=0.6`; lists there are separated by commas or spaces. "
        "`newsmill config` checks the file and shows what is in force.",
        110,
        break_on_hyphens=False,
    )
    for name, field in Config.model_fields.items():
        section = init.inner(field.annotation)
        if section:
            yield from _section(name, section, is_list=init.is_list(field.annotation))


def _section(name: str, section: type[Section], *, is_list: bool) -> Iterator[str]:
    title = f"[[{name}]]" if is_list else f"[{name}]"
    yield from ("", f"## {title}", "", " ".join((section.__doc__ or "").split()), "")
    yield from ("| setting | type | default | meaning |", "|---|---|---|---|")
    nested = []
    for key, field in section.model_fields.items():
        if inner := init.inner(field.annotation):
            nested.append((f"{name}.{key}", inner))
            continue
        default = "needed" if field.is_required() else _value(field.default)
        cells = (f"`{key}`", _kind(field), default, field.description or "")
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
    for inner_name, inner in nested:
        yield from _section(inner_name, inner, is_list=True)


def _value(value: Any) -> str:
    if value is None:
        return "none"
    return f"`{json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)}`"


def _kind(field: Any) -> str:
    """Type and bounds in words."""
    annotation, words = str(field.annotation), str(field.annotation)
    choices = re.findall(r"'([^']+)'", annotation) if "Literal" in annotation else []
    if field.annotation in (bool, int, float, str):
        words = {bool: "true or false", int: "whole number", float: "number", str: "text"}[field.annotation]
    elif choices:
        words = ("list of " if annotation.startswith("tuple") else "") + ", ".join(choices)
    elif "tuple[str" in annotation:
        words = "list of texts"
    elif "str" in annotation:
        words = "text"
    else:
        words = "number"
    signs = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}
    bounds = [f"{signs[k]} {v:g}" for m in field.metadata for k in signs if (v := getattr(m, k, None)) is not None]
    return f"{words}, {' and '.join(bounds)}" if bounds else words


# ---- files ----

ROWS = tuple(file for file in record_schema.FILES if file.name != RECORDS)
PARTS = (
    model.Raw,
    model.Image,
    model.Structure,
    model.Link,
    model.Embed,
    model.Wire,
    model.Rights,
    model.Topic,
    model.Place,
    model.Membership,
)
LISTS: dict[type, tuple[str, Any]] = {
    model.Article: ("access", model.Access),
    model.Skipped: ("reason", model.SkipReason),
    model.Duplicate: ("relation", model.Relation),
    model.Threaded: ("how", model.How),
}


def _schema(file: record_schema.File) -> str:
    return json.dumps(record_schema.schema(file), indent=2, ensure_ascii=False) + "\n"


def raw_kinds() -> Iterator[str]:
    yield from (
        "## raw/",
        "",
        "The kinds of file that are read, each also with `.gz`. Those of many pages that lie directly in",
    )
    yield from ("`raw/` are a batch each, but for `.json`.", "", "| kind | names | what it is |", "|---|---|---|")
    for kind in KINDS:
        yield f"| {kind.name} | {' '.join(f'`{suffix}`' for suffix in kind.suffixes)} | {kind.about} |"
    yield from ("", "The columns of a table that are read, with the names that others give them:", "")
    yield from ("| field | columns |", "|---|---|")
    yield from (f"| `{name}` | {' '.join(f'`{alias}`' for alias in names)} |" for name, names in COLUMNS.items())


def files() -> Iterator[str]:
    yield from ("# Files", "", MADE, "", *raw_kinds(), "", "## clean/", "", f"What lies in `clean/<batch>/`. {STORED}")
    yield "Times are RFC 3339, as precise as known: a bare date stays a date, an offset is kept, never invented."
    yield "`newsmill schema FILE` prints the JSON Schema of each; they lie in [schemas/](schemas/), too."
    for file in ROWS:
        kind = file.row
        yield from ("", f"## {file.name}", "", file.about, "")
        yield from _table(kind)
        if choice := LISTS.get(kind):
            yield from ("", f"| {choice[0]} | when |", "|---|---|")
            yield from (f"| `{value}` | {why} |" for value, why in model.MEANINGS[choice[1]].items())
        if kind is model.Article:
            yield from ("", "The rules under which `stripped` counts lines:", "", "| rule | what it takes off |")
            yield from ("|---|---|", *(f"| `{name}` | {meaning} |" for name, meaning in sorted(MEANINGS.items())))
    yield from ("", "## records.jsonl", "", "The product, written by `records`: one line for each new article and each")
    yield "revision. Every field is there in every record, null where nothing is known."
    yield from ("", "| field | type | meaning |", "|---|---|---|")
    types, said = record_types.field_types(), record_types.field_meanings()
    for field in record_fields.FIELDS:
        words = "object" if field.name == "run" else _json_words(types[field.name])
        yield f"| `{field.name}` | {words} | {_cell(said[field.name])} |"
    for kind in PARTS:
        yield from ("", f"## {kind.__name__.lower()}", "", inspect.getdoc(kind) or "", "")
        yield from _table(kind)


def _table(kind: type) -> Iterator[str]:
    yield from ("| field | type | meaning |", "|---|---|---|")
    yield from (f"| `{name}` | {words} | {meaning} |" for name, words, meaning in _fields(kind))


def _fields(kind: type) -> Iterator[tuple[str, str, str]]:
    """(name, type in words, meaning) of a dataclass of pipeline.model."""
    said = record_types.meanings(kind)
    for name, annotation in get_type_hints(kind).items():
        yield name, _json_words(annotation), _cell(said[name])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _json_words(annotation: Any) -> str:
    """`tuple[str, ...]` -> "list of text"."""
    args = get_args(annotation)
    if NoneType in args:
        return f"{_json_words(next(arg for arg in args if arg is not NoneType))} or null"
    kind = get_origin(annotation)
    if kind is tuple:
        return f"list of {_json_words(args[0])}"
    if kind is dict:
        return "object of " + ("numbers" if args[1] is int else "texts")
    if kind is Literal:
        return "text" if len(args) > 6 else ", ".join(f"`{value}`" for value in args)
    plain = {str: "text", int: "whole number", float: "number"}
    name = annotation.__name__.lower()
    return plain.get(annotation) or f"[{name}](#{name})"


if __name__ == "__main__":
    write()
