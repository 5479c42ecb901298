"""Prints what is in force and what is wrong: `newsmill config`, `newsmill doctor`."""

from __future__ import annotations

from dataclasses import asdict

from ..config import Config
from ..console import print_json, table
from ..manage.doctor import Check
from ..manage.init import inner, is_list, toml_line
from ..project import Project


def print_checks(checks: list[Check], *, as_json: bool) -> None:
    if as_json:
        print_json([asdict(check) for check in checks])
        return
    table(
        ("", "", ""),
        [("FAULT" if c.fault else "ok", c.what, f"{c.found}: {c.mend}" if c.fault else c.found) for c in checks],
    )


def print_settings(config: Config) -> None:
    """Every setting as TOML, marked where it is not the default."""
    for name, field in Config.model_fields.items():
        value = getattr(config, name)
        if is_list(field.annotation):
            _print_tables(name, value)
            continue
        print(f"[{name}]")
        late = []
        for key, setting in type(value).model_fields.items():
            if inner(setting.annotation):
                late.append(key)
                continue
            mark = "" if getattr(value, key) == setting.default else "    # not the default"
            set_ = getattr(value, key) is not None
            print(("" if set_ else "# ") + toml_line(key, getattr(value, key)) + mark)
        print()
        for key in late:
            _print_tables(f"{name}.{key}", getattr(value, key))


def _print_tables(name: str, rows: tuple[object, ...]) -> None:
    for row in rows:
        print(f"[[{name}]]")
        for key, setting in type(row).model_fields.items():  # type: ignore[attr-defined]
            if getattr(row, key) != setting.default:
                print(toml_line(key, getattr(row, key)))
        print()


def print_site_tests(project: Project) -> int:
    """Run every site rule's test page. Returns the exit code: 1 where one fails."""
    from ..extract.site_check import check

    wrong = 0
    for rule in project.config.site:
        if not rule.test:
            print(f"{rule.host}\tno test page")
            continue
        faults = check(rule, project.root)
        wrong += bool(faults)
        print(f"{rule.host}\t{'; '.join(faults) or 'ok'}")
    return 1 if wrong else 0
