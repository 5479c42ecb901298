"""What the imports say: no circles, lower layers know nothing of higher ones, and who may print, write or connect."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "pipeline").rglob("*.py"))
# From the bottom up; a package imports from its own layer and those below it. In one layer the arrows go one way.
LAYERS = (
    ("model", "errors", "files", "urls", "charsets", "timestamps", "console", "text", "writing_systems"),
    ("formats", "config", "store"),
    ("sandbox", "project", "id_index", "stage", "tombstones"),
    ("pages",),
    ("extract", "dedup", "tag", "threads", "records", "imports", "fetch"),
    ("runner", "export", "query", "manage", "report", "backfill"),
    ("views",),
    ("cli",),
    ("api",),
    ("__main__",),
)
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}


def module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module(path): path for path in FILES}


def _typing_only(tree: ast.AST) -> set[int]:
    """Lines under `if TYPE_CHECKING:`: names for the type checker alone."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            found |= {line for inner in node.body for line in range(inner.lineno, (inner.end_lineno or 0) + 1)}
    return found


@cache
def imports(name: str) -> frozenset[str]:
    """Modules of the package that a module imports, at its top or later; types alone do not count."""
    path = MODULES[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = _typing_only(tree)
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level and node.lineno not in skipped:
            base = package.split(".")[: len(package.split(".")) - node.level + 1]
            source = ".".join([*base, node.module] if node.module else base)
            for alias in node.names:
                inner = f"{source}.{alias.name}"
                found.add(inner if inner in MODULES else source)
    return frozenset(target for target in found if target in MODULES and target != name)


def circles() -> list[list[str]]:
    """Groups of modules that import each other (Tarjan's strongly connected components)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for target in sorted(imports(name)):
            if target not in index:
                visit(target)
                low[name] = min(low[name], low[target])
            elif target in stack:
                low[name] = min(low[name], index[target])
        if low[name] == index[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(group) > 1:
                found.append(sorted(group))

    for name in MODULES:
        if name not in index:
            visit(name)
    return found


def test_there_is_no_import_circle() -> None:
    assert circles() == []


def test_every_package_has_its_layer() -> None:
    assert {name.split(".")[1] for name in MODULES if "." in name} <= set(LEVEL)


# A section's own package says what is wrong with a rule of the config; the config asks it where a file has such rules.
ASKED = {
    "pipeline.config -> pipeline.extract.site_rules",
    "pipeline.config -> pipeline.tag.user_rules",
    "pipeline.config -> pipeline.tag.watch",
}


def upward() -> Iterator[str]:
    for name in MODULES:
        if "." not in name:
            continue
        mine = name.split(".")[1]
        for target in sorted(imports(name)):
            theirs = target.split(".")[1] if "." in target else None
            if theirs and LEVEL.get(theirs, 99) > LEVEL.get(mine, 99):
                yield f"{name} -> {target}"


def test_imports_point_down() -> None:
    assert set(upward()) <= ASKED


MOST_LINES = 300


def long_without_reason(sources: dict[str, str]) -> list[str]:
    """Modules of over MOST_LINES lines whose docstring does not say why ("Long because ...")."""
    return [
        name
        for name, text in sources.items()
        if text.count("\n") > MOST_LINES and "Long because" not in (ast.get_docstring(ast.parse(text)) or "")
    ]


def test_a_long_module_is_split_or_says_why_it_is_not() -> None:
    assert long_without_reason({name: path.read_text(encoding="utf-8") for name, path in MODULES.items()}) == []


def test_a_long_module_without_a_reason_is_noticed() -> None:
    body = "x = 1\n" * (MOST_LINES + 1)
    assert long_without_reason({"a": body, "b": f'"""Long because it is a list."""\n{body}', "c": "x = 1\n"}) == ["a"]


# Names that parts of the code had before, and words that stood for standard terms (fork server, fallback level, ...).
RETIRED = re.compile(
    r"\b(?:nursery|ladders?|rungs?|spool|takeaway|scaffold|warcfile|warcout|strangers?)\b"
    r"|\b(?:settle|crew|seen|wire|unpack|guess|sniff|kinds|sites|repeats|lexicon|trial|weigh)\.py\b"
)


@pytest.mark.parametrize(
    "path",
    [
        *FILES,
        *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")),
        *(ROOT / "docs").rglob("*.md"),
    ],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_old_names_are_found_nowhere(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [f"line {n}: {word[0]}" for n, line in enumerate(lines, 1) for word in RETIRED.finditer(line)] == []


# --- who may print, write, connect


PRINTERS = ("pipeline.console", "pipeline.views", "pipeline.cli", "pipeline.sandbox.fork_server")
WORDS = {"Console", "safe", "harmless", "escaped", "json_text", "number"}  # of console: what makes texts prints nothing


def _in(name: str, owners: tuple[str, ...]) -> bool:
    return any(name == owner or name.startswith(owner + ".") for owner in owners)


def _tree(name: str) -> ast.AST:
    return ast.parse(MODULES[name].read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [name for name in MODULES if not _in(name, PRINTERS)])
def test_only_views_and_the_console_print(name: str) -> None:
    found = []
    for node in ast.walk(_tree(name)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            found.append(f"line {node.lineno}: print")
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[-1] == "console":
            found += [f"line {node.lineno}: {n.name}" for n in node.names if n.name not in WORDS]
        elif isinstance(node, ast.Import | ast.ImportFrom):
            heads = [node.module or ""] if isinstance(node, ast.ImportFrom) else [n.name for n in node.names]
            found += [f"line {node.lineno}: {h}" for h in heads if h.split(".")[0] in ("rich", "typer")]
    assert not found


# Modules that change files, and why they do not go through the store alone.
WRITERS = (
    "pipeline.store",
    "pipeline.id_index",  # of batches that are gone
    "pipeline.extract.draft_cache",  # a cache that grows while a run works
    "pipeline.dedup.folders",  # segments of batches that are gone
    "pipeline.dedup.groups",  # groups that a larger one holds
    "pipeline.dedup.index",  # its sign goes before a segment is written anew
    "pipeline.export",  # so do SQLite and Parquet exports
    "pipeline.formats.warc_writer",  # a WARC file grows while a fetch works
    "pipeline.fetch.state",  # a SQLite database
    "pipeline.query.search",  # so is the index of words in the state folder
    "pipeline.records.journal",  # and the run log
    "pipeline.fetch.run",
    "pipeline.imports",  # a new batch grows while an import works; downloads
    "pipeline.pages",  # removal of one page from a file of many; archives are unpacked beside it
    "pipeline.manage",  # prune and forget take away, init makes a project
    "pipeline.runner",  # outputs of batches that are gone
    "pipeline.backfill",  # remote files are read from a temporary one; an import is built beside clean/
    "pipeline.threads.state",  # what the stage knows of open threads, kept per batch
)
CHANGES = {"write_bytes", "write_text", "unlink", "rmtree", "mkdir", "rename", "copyfile", "copyfileobj", "touch"}


@pytest.mark.parametrize("name", [name for name in MODULES if not _in(name, WRITERS)])
def test_only_these_modules_change_files(name: str) -> None:
    tree = _tree(name)
    inside = {  # the block of `with store.atomic(path) as temporary:` is the store's own
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.With) and "atomic(" in ast.unparse(node.items[0])
        for line in range(node.lineno, (node.end_lineno or 0) + 1)
    }
    found = [
        f"line {node.lineno}: {node.func.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CHANGES
        and node.lineno not in inside
    ]
    assert not found


CONNECTORS = ("pipeline.sandbox", "pipeline.fetch")
CONNECTING = {"socket", "ssl", "subprocess", "multiprocessing", "urllib3", "http.client", "urllib.request", "asyncio"}


@pytest.mark.parametrize("name", [name for name in MODULES if not _in(name, CONNECTORS)])
def test_only_fetch_and_the_sandbox_connect_and_start_processes(name: str) -> None:
    found = [
        f"line {node.lineno}: {head}"
        for node in ast.walk(_tree(name))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for head in ([n.name for n in node.names] if isinstance(node, ast.Import) else [node.module or ""])
        if head in CONNECTING and not (isinstance(node, ast.ImportFrom) and node.level)
    ]
    assert not found
