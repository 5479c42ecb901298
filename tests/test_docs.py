"""The documentation: what it shows runs and prints that, what is made from the code is what the code says."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest

from pipeline import errors
from pipeline.config import Config
from pipeline.manage.init import inner

from . import warm

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import make_reference  # noqa: E402
import run_docs  # noqa: E402

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
SHOWN = [page for page in run_docs.PAGES if run_docs.steps(page.read_text(encoding="utf-8"))]
# They run the chain several times, as README.md and the other guides do.
LONG = tuple(f"docs/guide/{page}.md" for page in ("first-run", "topics", "fetching", "duplicates", "site-rules"))


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize(
    "page",
    [pytest.param(page, marks=pytest.mark.slow if name(page) in LONG else ()) for page in SHOWN],
    ids=list(map(name, SHOWN)),
)
def test_what_a_page_shows_is_what_is_printed(page: Path, tmp_path: Path) -> None:
    results = list(run_docs.run(page.read_text(encoding="utf-8"), tmp_path, warm.client))
    wrong = [
        f"line {r.step.line}: $ {r.step.command}\nprinted:\n" + "\n".join(r.printed) for r in results if not r.matches
    ]
    assert not wrong, "\n\n".join([*wrong, f"if that is right: python tools/run_docs.py --write {name(page)}"])


@pytest.mark.parametrize("path", make_reference.PATHS)
def test_what_is_made_from_the_code_is_up_to_date(path: str) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == make_reference.pages()[path], "out of date: make reference"


def test_config_toml_is_valid_and_leaves_every_default_alone() -> None:
    assert Config.model_validate(tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))) == Config()


def keys(model: type, prefix: str = "") -> list[str]:
    found = []
    for key, field in model.model_fields.items():  # type: ignore[attr-defined]
        nested = inner(field.annotation)
        found += keys(nested, f"{prefix}{key}.") if nested else [f"{prefix}{key}"]
    return found


@pytest.mark.parametrize("key", keys(Config))
def test_every_setting_stands_in_config_toml_and_in_the_reference(key: str) -> None:
    section, setting = key.rsplit(".", 1)
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    part = re.split(rf"^(?:# )?\[+{re.escape(section)}\]+", text, maxsplit=1, flags=re.M)[1].split("\n\n")[0]
    assert re.search(rf"^# {setting}(?: =|: not set).*# \w", part, re.M)
    reference = (ROOT / "docs/reference/config.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[+{re.escape(section)}\]+\n(?:(?!^## ).*\n)*?\| `{setting}` \|", reference, re.M)


@pytest.mark.parametrize("command", [c for c, _ in make_reference.commands() if c != "newsmill"])
def test_the_help_of_every_command_shows_an_example(command: str) -> None:
    text = dict(make_reference.commands())[command]
    assert re.search(r"Example: ", text) or "COMMAND [ARGS]" in text


def test_the_list_of_commands_has_whole_lines() -> None:
    cut = [
        line
        for _, text in make_reference.commands()
        for line in text.splitlines()
        if re.match(r"  \S+ +.*\.\.\.$", line)
    ]
    assert not cut, "the first line of these commands' help is too long"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    for target in re.findall(r"\]\(([^)#:\s]*)(?:#[^)]*)?\)", text):
        assert not target or (page.parent / target).exists(), f"{name(page)} links to {target}"


def test_the_guide_names_every_benchmark() -> None:
    guide = (ROOT / "docs/guide/benchmarks.md").read_text()
    assert [path.name for path in sorted((ROOT / "bench").glob("*.py")) if f"`bench/{path.name}" not in guide] == []


def test_the_readme_names_every_exit_code() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    kinds = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, errors.NewsmillError)]
    codes = {0, 130, 143, *(kind.exit_code for kind in kinds)}
    shown = {int(n) for row in re.findall(r"^\| ([\d, ]+) \|", text, re.M) for n in row.split(",")}
    assert shown == codes


def test_no_page_has_an_output_that_was_never_filled_in() -> None:
    assert not [name(p) for p in PAGES if re.search(r"^\?$", p.read_text(encoding="utf-8"), re.M)]


# ---- the harness itself ----

PAGE = """
```console
$ printf 'one\\ntwo\\n'
one
...
$ cat <<'END'
> three
> END
three
$ exit 3
[exit 3]
```

```sh
$ not run
```
"""


def test_commands_continuations_and_outputs_are_told_apart() -> None:
    found = [(s.command, s.expected) for s in run_docs.steps(PAGE)]
    assert found == [
        ("printf 'one\\ntwo\\n'", ("one", "...")),
        ("cat <<'END'\nthree\nEND", ("three",)),
        ("exit 3", ("[exit 3]",)),
    ]


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        pytest.param(("a", "b"), ("a", "b"), True, id="the same"),
        pytest.param(("a",), ("a", "b"), False, id="a line too many"),
        pytest.param(("a", "b"), ("a",), False, id="a line missing"),
        pytest.param(("a", "...", "d"), ("a", "b", "c", "d"), True, id="lines left out"),
        pytest.param(("a", "...", "d"), ("a", "b", "c"), False, id="lines left out, end differs"),
        pytest.param(("took ... s",), ("took 1.5 s",), True, id="text left out"),
        pytest.param(("a.c",), ("abc",), False, id="a dot is a dot"),
    ],
)
def test_outputs_are_compared(expected: tuple[str, ...], printed: tuple[str, ...], same: bool) -> None:
    assert run_docs.matches(expected, printed) is same


def test_a_command_that_fails_is_noticed_without_an_expected_output() -> None:
    step = run_docs.Step(1, 1, "false", ())
    assert not run_docs.Result(step, ("[exit 1]",)).matches
    assert run_docs.Result(step, ("anything",)).matches
