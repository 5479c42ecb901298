"""The crontab lines and systemd units of the guide: a shell takes them, and newsmill knows what they call."""

from __future__ import annotations

import configparser
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from pipeline.cli import app

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
CRON = re.compile(r"^((?:[\d*/,-]+ ){5})(.+)$", re.M)
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.S)


def cron_lines() -> list[str]:
    text = "".join(page.read_text(encoding="utf-8") for page in sorted(GUIDE.glob("*.md")))
    return [m[2] for m in CRON.finditer(text) if "newsmill" in m[2] and "..." not in m[2]]


def calls(command: str) -> Iterator[list[str]]:
    """The arguments of each call of newsmill in a line of shell."""
    words = shlex.shlex(command, posix=True, punctuation_chars=True)
    words.whitespace_split = True
    call: list[str] | None = None
    for word in words:
        if re.fullmatch(r"[;&|<>(){}]+", word):
            if call:
                yield call
            call = None
        elif call is not None:
            call.append(word)
        elif word.rpartition("/")[2] == "newsmill":
            call = []
    if call:
        yield call


def assert_known(arguments: list[str]) -> None:
    """Parse a call without running it. Raises where a command or an option is unknown."""
    group = typer.main.get_command(app)
    command = group.get_command(None, arguments[0])  # type: ignore[attr-defined]
    assert command is not None, arguments
    command.make_context(arguments[0], list(arguments[1:]))


@pytest.mark.parametrize("line", [pytest.param(line, id=line[:60]) for line in cron_lines()])
def test_crontab_lines(line: str) -> None:
    subprocess.run(["sh", "-n", "-c", line], check=True)
    assert "%" not in line  # cron takes it for the end of the command
    found = list(calls(line))
    assert found
    for arguments in found:
        assert_known(arguments)


def test_systemd_units() -> None:
    """No systemd is needed: sections and keys are compared with systemd.service(5), timer(5) and unit(5)."""
    (text,) = [m[2] for m in BLOCK.finditer((GUIDE / "scheduling.md").read_text(encoding="utf-8")) if m[1] == "ini"]
    units = dict(re.findall(r"^# \S*/(newsmill\.\w+)\n(.*?)(?=^# \S*/newsmill|\Z)", text, re.M | re.S))
    assert set(units) == {"newsmill.service", "newsmill.timer"}
    known = {
        "Unit": {"Description", "Wants", "After"},
        "Service": {"Type", "WorkingDirectory", "ExecStart", "SuccessExitStatus", "Environment", "Nice"},
        "Timer": {"OnCalendar", "Persistent", "RandomizedDelaySec"},
        "Install": {"WantedBy"},
    }
    for text in units.values():
        parser = configparser.ConfigParser(strict=False, interpolation=None)
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read_string(text)
        for section in parser.sections():
            assert set(parser[section]) <= known[section]
    starts = re.findall(r"^ExecStart=-?(.+)$", units["newsmill.service"], re.M)
    assert len(starts) == 2
    for start in starts:
        (arguments,) = calls(start)
        assert_known(arguments)


def test_an_unknown_option_would_be_seen() -> None:
    with pytest.raises(Exception, match=r"(?i)no such option"):
        assert_known(["run", "--quietly"])
    with pytest.raises(AssertionError):
        assert_known(["runn"])
