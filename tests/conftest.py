"""What many tests share: the real command in a real process, and small projects to run it in."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

Newsmill = Callable[..., "subprocess.CompletedProcess[str]"]


def newsmill_env(**more: str) -> dict[str, str]:
    """The environment of a plain user: no NEWSMILL_ settings of whoever runs the tests."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith("NEWSMILL_")}
    return {**plain, "PYTHONPATH": str(ROOT), "COLUMNS": "80", **more}


def run_newsmill(
    *args: str | Path, cwd: Path | None = None, stdin: str | bytes = b"", **env: str
) -> subprocess.CompletedProcess[str]:
    """`newsmill ARGS`, as a process of its own. Text comes back decoded; undecodable bytes fail the test."""
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *map(str, args)],
        cwd=cwd,
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        env=newsmill_env(**env),
        capture_output=True,
        timeout=300,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def newsmill() -> Newsmill:
    return run_newsmill


def story(topic: str, n: int = 0) -> str:
    """Invented prose of about 200 words that differs for every topic and n."""
    names = ("Alma Brandt", "Jory Pell", "Ines Castell", "Tom Averley", "Mira Dahl", "Pavel Orsk", "Lena Voss")
    who, other = names[n % 7], names[(n * 3 + 1) % 7]
    return "\n\n".join(
        (
            f"The town council of {topic} voted on Tuesday to spend {n + 3} million crowns on its {topic} works, after a "
            f"debate that lasted {n + 2} hours and drew a crowd of residents to the old harbour hall.",
            f"Councillor {who}, who leads the {topic} committee, said that the plan would keep the site open through the "
            f"winter and that {n * 7 + 40} people would keep their jobs while the engineers replace the pumps.",
            f'"We looked at {n + 5} offers and none of them was cheap," {who} told the meeting. "But doing nothing about '
            f'{topic} would have cost this town far more within {n + 4} years."',
            f"Not everyone agreed. {other}, a shopkeeper whose family has lived near the {topic} for {n + 30} years, asked "
            f"why the council had let the walls fall into disrepair and who would pay if the estimate proved wrong.",
            f"The first phase begins in the spring. A report on the {topic} is due before the summer, and the "
            f"council will meet again {n + 6} weeks later to decide on the second phase.",
        )
    )


def html_page(title: str, text: str, extra: str = "") -> str:
    """A plain page as a small outlet would serve it."""
    body = "".join(f"<p>{p}</p>" for p in text.split("\n\n"))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | Quayside Post</title></head>'
        f"<body><nav><a href=/>Home</a> <a href=/sport>Sport</a></nav><article><h1>{title}</h1>{body}</article>"
        f"{extra}<footer>Quayside Post, all rights reserved</footer></body></html>"
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with two batches of two pages each."""
    for batch in range(2):
        folder = tmp_path / "raw" / f"2026-11-1{batch}"
        folder.mkdir(parents=True)
        for n in range(2):
            number = batch * 2 + n
            title = f"Council votes on works number {number}"
            (folder / f"story{n}.html").write_text(html_page(title, story(f"Norhaven{number}", number)))
    return tmp_path


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes: what must be identical."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
