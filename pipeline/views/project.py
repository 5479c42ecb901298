"""Prints summaries, the status table, one record, the lines of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ..console import lines, number, paragraphs, print_json, safe, table
from ..files import RECORDS, SKIPPED

if TYPE_CHECKING:
    from ..model import Line
    from ..project import Project
    from ..query.status import Status
    from ..records.journal import Logged
    from ..runner.report import Report

MOST_DOUBTFUL = 10  # pages named by `newsmill status`; --json has all
CHANGED = {"extract": "texts changed", "dedup": "verdicts changed", "tag": "tags changed"}


def summary(project: Project, status: Status) -> None:
    """A few lines on stdout: counts, and where the output is."""
    clean = project.config.project.clean
    skipped, stripped = sum(status.skipped.values()), sum(status.stripped.values())
    copies = sum(n for relation, n in status.duplicates.items() if relation != "revision")
    revisions = status.duplicates.get("revision", 0)
    batches, records = number(status.batches, "batch", "batches"), number(status.records, "record")
    lines(
        f"{number(status.pages, 'page')} in {batches} -> {records}",
        f"  {number(status.articles, 'article')}, {number(skipped, 'page')} skipped{_some(status.skipped)}",
        f"  {number(copies, 'copy', 'copies')}, {number(revisions, 'revision')}{_some(status.duplicates)}",
        f"  {number(stripped, 'line')} of boilerplate taken off{_some(status.stripped, 4)}",
        f"  topics{_some(status.topics, 3, '; ') or ': none'}",
        f"records:  {clean}/<batch>/{RECORDS}   in one file: newsmill export -o news.csv",
        f"skipped:  {clean}/<batch>/{SKIPPED}   counts: newsmill status",
    )


def status(project: Project, status: Status) -> None:
    """The whole of `newsmill status`."""
    span = f"  ({status.first} … {status.last})" if status.batches else ""
    rows: list[tuple[str, object]] = [
        ("batches", f"{status.batches}{span}"), ("pages", status.pages), ("articles", status.articles),
        ("records", status.records),
    ]  # fmt: skip
    for title, counts in (("skipped", status.skipped), ("duplicates", status.duplicates), ("topics", status.topics)):
        rows += [(f"{title}: {name}", n) for name, n in counts.items()]
    rows.append(("topics: none", status.untagged))
    rows += [(f"stripped lines: {name}", n) for name, n in status.stripped.items()]
    if status.doubtful:
        rows.append(("doubtful texts", len(status.doubtful)))
    for page, confidence in list(status.doubtful.items())[:MOST_DOUBTFUL]:
        rows.append(("doubtful text", f"{page}  (confidence {confidence:.2f})"))
    if status.waiting:
        rows.append(("not finished", ", ".join(status.waiting[:5]) + (" …" if len(status.waiting) > 5 else "")))
    if run := status.last_run:
        done = ", ".join(f"{stage} {n}" for stage, n in run.done.items())
        rows.append(("last run", f"{run.finished_at}, batches done: {done or 'none'}"))
        for batch, why in run.failed.items():
            rows.append(("last run failed", f"{batch}: {why}"))
    for stage, batches in status.changed.items():
        for batch, n in batches.items():
            words = f"{batch}: {number(n, 'article')} (newsmill status --changes)"
            rows.append((CHANGED.get(stage, f"{stage} changed"), words))
    for sentence in status.sources:
        rows.append(("source", sentence))
    table(("", ""), rows)


def runs(found: Sequence[Logged], *, as_json: bool) -> None:
    """The run log, oldest first: what each run did to records."""
    if as_json:
        print_json([asdict(run) for run in found])
        return
    lines = [(run.name, run.command, run.added, run.changed, run.removed) for run in found]
    table(("run", "by", "added", "changed", "removed"), lines, right=(2, 3, 4))


def plan(report: Report) -> None:
    """What a run would do."""
    for stage, batches in report.done.items():
        for batch in batches:
            print(f"{stage}\t{safe(batch)}")
    for batch in report.removed:
        print(f"remove\t{safe(batch)}")


def retagged(project: Project, report: Report) -> None:
    """The articles whose topics a run of `tag` would change: was, would be."""
    from ..tag.stage import would_change

    for batch in report.done.get("tag", ()):
        for change in would_change(project, batch):
            was, now = (" ".join((topics or {}).get("topics", ())) or "none" for topics in (change.was, change.now))
            print("\t".join(map(safe, ("change", change.id, was, now, change.title or ""))))


def record(row: dict[str, Any], *, as_json: bool) -> None:
    """One record: JSON for scripts, else its fields and its text."""
    if as_json:
        print_json(row)
        return
    hidden = {"text", "structure", "schema", "found", "stripped", "run", "raw"}
    rows = [(name, _short(value)) for name, value in row.items() if name not in hidden and _short(value)]
    rows.append(("raw", f"{row['raw']['path']}{' ' + row['raw']['key'] if row['raw']['key'] else ''}"))
    rows.append(("found", _short(row["found"])))
    rows.append(("stripped", _short(row["stripped"]) or "nothing"))
    table(("", ""), rows)
    paragraphs(row["text"].split("\n\n"))


def taken_off(every: Sequence[Line], *, as_json: bool) -> None:
    """The lines taken off a page with their rules, in page order; kept lines only by their beginning."""
    if as_json:
        print_json([{"rule": line.rule, "text": line.text} for line in every])
        return
    table(("rule", "line"), [(line.rule or "(kept)", line.text if line.rule else _cut(line.text)) for line in every])


def _cut(text: str, width: int = 60) -> str:
    return text if len(text) <= width else text[: width - 2] + " …"


def _some(counts: dict[str, int], most: int = 9, between: str = ", ") -> str:
    """': 3 near, 1 exact', the most frequent first. Topics need another `between`: there are commas in their names."""
    parts = [f"{n} {name}" for name, n in list(counts.items())[:most]]
    return f": {between.join(parts)}{between + '…' if len(counts) > most else ''}" if parts else ""


def _short(value: Any) -> str:
    """A field of a record on one line."""
    if isinstance(value, list | tuple):
        return "; ".join(_short(v) for v in value)
    if isinstance(value, dict):
        if "label" in value:
            return f"{value['label']} ({value['id']}, {value['confidence']:.2f}, {', '.join(value['evidence'][:6])})"
        if "count" in value:
            return f"{value['name']} {value['count']}"
        return ", ".join(f"{k} {_short(v)}" for k, v in value.items() if v not in (None, "", [], ()))
    return "" if value is None else str(value)
