"""tools/samples/ (stories, page templates, a plan) -> raw/: the sample pages, the same on every machine.

Run `python tools/make_samples.py` after a change; tests/test_samples.py fails while raw/ is out of date.
"""

from __future__ import annotations

import gzip
import json
import re
import tomllib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sample_pages import PARTS, Outlet, Story, bare, finished, flattened, rendered, story

RAW = Path(__file__).parent.parent / "raw"
Entry = dict[str, Any]  # one table of plan.toml


@dataclass(frozen=True)
class Sample:
    """One page of raw/ and what is known of it."""

    path: str  # of the file it lies in, relative to raw/
    key: str | None  # WARC record id, JSONL row id
    url: str | None
    becomes: str  # "article", or the reason for which it is skipped
    relation: str | None  # to an earlier article
    outlet: str | None
    story: Story | None
    body: bytes = field(repr=False)


def samples() -> list[Sample]:
    """Every page, in the order of the plan."""
    return [sample for _, pages in _built() for sample in pages]


def files() -> dict[str, bytes]:
    """Path relative to raw/ -> content, decompressed."""
    return {path: content for contents, _ in _built() for path, content in contents.items()}


def write(raw: Path = RAW) -> None:
    """Build raw/ anew; files that are no longer in the plan go."""
    wanted = files()
    for old in sorted(raw.rglob("*"), reverse=True):
        if old.is_file() and old.relative_to(raw).as_posix() not in wanted:
            old.unlink()
        elif old.is_dir() and not any(old.iterdir()):
            old.rmdir()
    for path, content in wanted.items():
        target = raw / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(_packed(path, content))


def _packed(path: str, content: bytes) -> bytes:
    if path.endswith(".warc.gz"):  # a member for each record, so that a reader can skip and resume
        starts = [m.start() for m in re.finditer(rb"^WARC/1\.1\r\n", content, re.M)]
        ends = [*starts[1:], len(content)]
        return b"".join(gzip.compress(content[a:b], 9, mtime=0) for a, b in zip(starts, ends, strict=True))
    return gzip.compress(content, 9, mtime=0) if path.endswith(".gz") else content


def _built() -> Iterator[tuple[dict[str, bytes], list[Sample]]]:
    """Files and the pages in them."""
    plan = tomllib.loads((PARTS / "plan.toml").read_text(encoding="utf-8"))
    entries = [*plan["file"], *(e for part in ("warc", "jsonl") for box in plan[part] for e in box["page"])]
    outlets = {
        key: Outlet(key, table["name"], table["base"], _stories(key, entries)) for key, table in plan["outlet"].items()
    }
    for number, entry in enumerate(plan["file"]):
        yield _file(entry, outlets.get(entry.get("outlet")), number)
    for box in plan["warc"]:
        yield _warc(box["path"], box["page"], outlets)
    for box in plan["jsonl"]:
        yield _jsonl(box["path"], box["page"], outlets)


def _stories(outlet: str, entries: list[Entry]) -> tuple[Story, ...]:
    return tuple(story(e["story"]) for e in entries if e.get("outlet") == outlet and "story" in e)


def _sample(path: str, key: str | None, entry: Entry, outlet: Outlet | None, number: int) -> Sample:
    told = _changed(story(entry["story"]), entry) if "story" in entry else None
    url = entry.get("url") or (outlet.base + told.meta["slug"] if told and outlet else None)
    if told is None:
        page = finished(entry["page"], outlet, entry["fetched_at"], number)
    elif outlet is None or entry.get("form") == "text":
        page = bare(told)
    elif outlet.key == "valley-ledger":
        page = flattened(told, outlet, entry["fetched_at"], number)
    else:
        page = rendered(told, outlet, url or "", entry["fetched_at"], number)
    charset = entry.get("charset", "utf-8")
    body = page.replace('charset="utf-8"', f'charset="{charset}"').encode(charset)
    return Sample(path, key, url, entry["becomes"], entry.get("relation"), outlet.key if outlet else None, told, body)


def _changed(told: Story, entry: Entry) -> Story:
    meta = told.meta | {k: entry[k] for k in ("title", "authors", "published") if k in entry}
    kept = (b for n, b in enumerate(told.blocks[: entry.get("paragraphs")]) if n not in entry.get("without", ()))
    return Story(meta, tuple(kept))


def _file(entry: Entry, outlet: Outlet | None, number: int) -> tuple[dict[str, bytes], list[Sample]]:
    page = _sample(entry["path"], None, entry, outlet, number)
    made = {page.path: page.body}
    if entry.get("sidecar") and outlet:
        side = {"url": entry.get("address", page.url), "fetched_at": entry["fetched_at"], "source": outlet.name}
        made[f"{page.path}.meta.json"] = (json.dumps(side, ensure_ascii=False, indent=1) + "\n").encode()
    return made, [page]


def _jsonl(path: str, entries: list[Entry], outlets: dict[str, Outlet]) -> tuple[dict[str, bytes], list[Sample]]:
    rows: list[str] = []
    pages = []
    for number, entry in enumerate(entries, 7):
        outlet = outlets[entry["outlet"]]
        page = _sample(path, entry["id"], entry, outlet, number)
        row = {"id": entry["id"], "url": page.url, "fetched_at": entry["fetched_at"], "source": outlet.name}
        if entry["form"] == "text" and page.story:
            row |= {"title": page.story.meta["title"], "published_at": page.story.meta["published"]}
        line = json.dumps(row | {entry["form"]: page.body.decode()}, ensure_ascii=False)
        if entry.get("broken"):
            line, page = line[: len(line) // 3], replace(page, key=f"line:{len(rows) + 1}", url=None)
        rows.append(line)
        pages.append(page)
    return {path: "\n".join(rows).encode()}, pages


def _warc(path: str, entries: list[Entry], outlets: dict[str, Outlet]) -> tuple[dict[str, bytes], list[Sample]]:
    """warcinfo, then request, response and metadata of each page; record ids from addresses and times."""
    about = b"software: sample\r\nformat: WARC File Format 1.1\r\n"
    records = [_record("warcinfo", _urn(path), entries[0]["fetched_at"], about, "application/warc-fields")]
    pages = []
    for number, entry in enumerate(entries, 3):
        when = entry["fetched_at"]
        outlet = outlets[entry["outlet"]]
        ident = _urn(f"{outlet.base} {when}")
        page = _sample(path, ident, entry, outlet, number)
        url = page.url or outlet.base
        host, _, rest = url.removeprefix("https://").partition("/")
        asked = f"GET /{rest} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: sample\r\n\r\n".encode()
        content_type = entry.get("content_type") or f"text/html; charset={entry.get('charset', 'utf-8')}"
        head = f"HTTP/1.1 {entry.get('status', '200 OK')}\r\nContent-Type: {content_type}\r\n"
        answer = f"{head}Content-Length: {len(page.body)}\r\n\r\n".encode() + page.body
        http, fields = "application/http; msgtype=", "application/warc-fields"
        records += [
            _record("request", _urn(f"request {ident}"), when, asked, f"{http}request", url, ident),
            _record("response", ident, when, answer, f"{http}response", url),
            _record("metadata", _urn(f"metadata {ident}"), when, b"fetchTimeMs: 112\r\n", fields, url, ident),
        ]
        pages.append(page)
    return {path: b"".join(records)}, pages


def _urn(name: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}>"


def _record(kind: str, ident: str, when: str, block: bytes, content_type: str, url: str = "", of: str = "") -> bytes:
    lines = ["WARC/1.1", f"WARC-Type: {kind}", f"WARC-Record-ID: {ident}", f"WARC-Date: {when}"]
    lines += [f"WARC-Target-URI: {url}"] if url else []
    lines += [f"WARC-Concurrent-To: {of}"] if of else []
    lines += [f"Content-Type: {content_type}", f"Content-Length: {len(block)}", "", ""]
    return "\r\n".join(lines).encode() + block + b"\r\n\r\n"


if __name__ == "__main__":
    write()
