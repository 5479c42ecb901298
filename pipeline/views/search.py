"""Prints the hits of newsmill search: two lines each on a terminal, a tab-separated line each when piped, or JSON."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from ..console import complain, print_json, safe
from ..query.search import Hit


def show(hits: Sequence[Hit], *, as_json: bool) -> None:
    """On stdout; on a terminal the match is bold."""
    if as_json:
        print_json([
            {"id": hit.record["id"], "batch": hit.batch, "title": hit.record["title"], "source": hit.record["source"],
             "published_at": hit.record["published_at"], "url": hit.record["url"], "place": hit.place,
             "context": hit.before + hit.match + hit.after}
            for hit in hits
        ])  # fmt: skip
        return
    if not sys.stdout.isatty():
        for hit in hits:
            cells = (hit.record["id"], _day(hit), hit.record["source"] or "", hit.record["title"] or "",
                     hit.before + hit.match + hit.after)  # fmt: skip
            print("\t".join(safe(cell) for cell in cells))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console()
    for hit in hits:
        console.print(Text(safe(hit.record["title"] or "(no title)"), style="bold"))
        facts = f"{_day(hit)}  {hit.record['source'] or ''}  {hit.record['id'][:12]}"
        console.print(Text(safe(facts), style="dim"))
        context = Text("… " if hit.before else "")
        context.append(safe(hit.before) + (" " if hit.before[-1:].isspace() else ""))
        context.append(safe(hit.match), style="bold yellow")
        context.append((" " if hit.after[:1].isspace() else "") + safe(hit.after) + " …")
        console.print(context)
        console.print()


def nothing(asked: str) -> None:
    """Say that no record was found, and what might find one."""
    hint = "words joined by OR are not looked for one by one" if {"AND", "OR", "NOT"} & set(asked.split()) else ""
    hint = hint or "fewer words, or beginnings (harbo*), find more"
    complain(f"no record has all of these words: {asked} ({hint})")


def _day(hit: Hit) -> str:
    return (hit.record["published_at"] or hit.record["fetched_at"] or hit.batch)[:16].replace("T", " ")
