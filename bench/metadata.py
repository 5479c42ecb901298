"""A folder of real pages with known answers -> what metadata, language and page kinds get right, and what they cost.

    python bench/metadata.py GOLD_DIR [--misses] [--speed]

GOLD_DIR holds gold.json (KEY -> {title?, authors?, date?, text}) and html/KEY.html.gz. Every page is an article, so
that each one rejected is a false rejection. Language is compared with the page's lang attribute, which is itself wrong
at times.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipeline import extract
from pipeline.config import ExtractConfig
from pipeline.extract import language
from pipeline.extract.values import Draft
from pipeline.model import Page, Raw


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--misses", action="store_true", help="print what is not as the answer says")
    parser.add_argument("--speed", action="store_true", help="compare CPU time with trafilatura's")
    args = parser.parse_args()
    gold = json.loads((args.gold / "gold.json").read_text(encoding="utf-8"))
    pages = {key: gzip.decompress((args.gold / "html" / f"{key}.html.gz").read_bytes()) for key in sorted(gold)}
    tally: Counter[str] = Counter()
    for key, body in pages.items():
        found = extract.draft(Page(Raw(f"{key}.html", None, ""), body), ExtractConfig())
        tally["pages"] += 1
        if not isinstance(found, Draft):
            tally["rejected"] += 1
            print(f"rejected\t{key}\t{found.reason}\t{found.detail}")
            continue
        for name, wrong in compare(gold[key], found, body):
            tally[name] += 1
            tally[f"{name} wrong"] += wrong is not None
            if wrong is not None and args.misses:
                print(f"{name}\t{key}\t{wrong}")
    print(f"{args.gold.name}: {tally['pages']} pages, {tally['rejected']} rejected")
    for name in ("title", "authors", "date", "language"):
        if tally[name]:
            print(f"  {name}: {1 - tally[f'{name} wrong'] / tally[name]:.3f} of {tally[name]}")
    if args.speed:
        speed(list(pages.values()))


def compare(want: dict[str, object], found: Draft, body: bytes) -> list[tuple[str, str | None]]:
    """(field, None or what is wrong) for each field with an answer; authors are compared as a set."""
    meta = found.meta
    said = []
    if want.get("title"):
        said.append(("title", _differs(_fold(want["title"]), _fold(meta.title))))
    if isinstance(want.get("authors"), list) and want["authors"]:
        names = sorted(_fold(name).casefold() for name in want["authors"])  # type: ignore[attr-defined]
        said.append(("authors", _differs(str(names), str(sorted(name.casefold() for name in meta.authors)))))
    if want.get("date"):
        said.append(("date", _differs(str(want["date"])[:10], (meta.published_at or "")[:10])))
    if match := re.search(rb"<html[^>]*\blang\s*=\s*[\"']?([a-zA-Z]{2})", body):
        said.append(("language", _differs(language.normal(match[1].decode()), meta.language or "none")))
    return said


def speed(bodies: list[bytes]) -> None:
    """CPU milliseconds a page, in one process: this package's whole work on a page, and trafilatura's."""
    import trafilatura

    texts = [body.decode("utf-8", "replace") for body in bodies]
    trafilatura.bare_extraction(texts[0], with_metadata=True)  # htmldate's imports cost seconds the first time
    extract.draft(Page(Raw("x.html", None, ""), bodies[0]), ExtractConfig())
    best = [[float("inf")] * len(bodies) for _ in range(2)]
    for _ in range(3):  # page by page in turns, the best of three, so that the load of the machine weighs on both alike
        for i, (text, body) in enumerate(zip(texts, bodies, strict=True)):
            start = time.process_time()
            trafilatura.bare_extraction(text, with_metadata=True)
            turn = time.process_time()
            extract.draft(Page(Raw("x.html", None, ""), body), ExtractConfig())
            best[0][i] = min(best[0][i], turn - start)
            best[1][i] = min(best[1][i], time.process_time() - turn)
    theirs, ours = map(sum, best)
    n = len(bodies)
    print(f"  CPU: {1000 * ours / n:.1f} ms a page, trafilatura {1000 * theirs / n:.1f}, ratio {ours / theirs:.2f}")


def _differs(want: str, got: str) -> str | None:
    return None if want == got else f"want {want}, got {got}"


def _fold(value: object) -> str:
    return " ".join(str(value or "").split())


if __name__ == "__main__":
    sys.exit(main())
