"""A project folder whose sources are servers of these tests."""

from __future__ import annotations

from pathlib import Path

from pipeline.console import Console
from pipeline.fetch import jobs
from pipeline.fetch import run as fetching
from pipeline.formats import warc_writer
from pipeline.project import Project, open_project

QUIET = Console(quiet=True)
FAST = '[fetch]\ncontact = "desk@mill.example"\ndelay = 0\nseconds = 2\n'


def project(root: Path, *sources: str, fetch: str = FAST) -> Project:
    """`sources`: the inside of a [[source]] table each; a name and internal = true come with it."""
    root.mkdir(parents=True, exist_ok=True)
    tables = [f'[[source]]\nname = "s{n}"\ninternal = true\n{text}\n' for n, text in enumerate(sources, 1)]
    (root / "config.toml").write_text("\n".join([fetch, *tables]), encoding="utf-8")
    return open_project(root)


def fetch(opened: Project, **options: object) -> jobs.Report:
    return fetching.run(opened, QUIET, **options)  # type: ignore[arg-type]


def captures(opened: Project) -> list[warc_writer.Capture]:
    return [c for path in sorted(opened.raw.glob("*.warc.gz")) for c in warc_writer.captures(path)]


def rss(*links: str, extra: str = "") -> bytes:
    items = "".join(f"<item><title>T</title><link>{link}</link>{extra}</item>" for link in links)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>F</title>{items}</channel></rss>'.encode()


def story(n: object) -> str:
    words = " ".join(f"word{i}" for i in range(60))
    return (
        f"<html><head><title>Story {n}</title></head><body><article><p>Number {n}. {words}</p></article></body></html>"
    )
