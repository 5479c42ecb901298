"""Stories with a line of residue after each paragraph -> words lost and lines left in, by the plain-text route.

    python -m bench.interruptions FOLDER...      each with gold.json (KEY -> {text, title})

Scrapers that flatten a page leave "Advertisement", share bars, photo credits and pointers between the paragraphs of a
story. Each story is read as it is, and with each kind of interruption after every paragraph. "lost": words of the story
that are not in its text, over all stories; "over a fifth": stories that lose so much; "left": interruptions kept.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipeline.extract.text import read

WORD = re.compile(r"\w+")
NAMES = ("Eli Moe", "Ann Berg", "Odd Brenna", "Sigrun Halle", "Mira Polk", "Ben Silver", "Nils Aas")
PLACES = ("pier", "fish hall", "old mill", "rink", "library", "tram depot", "swimming hall", "east quay")


def interruption(kind: str, n: int) -> list[str]:
    """The lines of one kind after the story's paragraph n."""
    name, place = NAMES[n % len(NAMES)], PLACES[n % len(PLACES)]
    return {
        "nothing": [],
        "Advertisement": ["Advertisement"],
        "ADVERTISEMENT": ["ADVERTISEMENT"],
        "story continues": ["Story continues below advertisement"],
        "ad block": ["Advertisement", "Article continues below this ad", "Share", "Copy link"],
        "share, copy link": ["Share", "Copy link"],
        "share bar": ["Share on Facebook", "Share on X", "Email this article", "Print"],
        "photo credit": [f"Photo: {name}"],
        "credits of agencies": [("Getty Images", f"{name}/AFP", f"AP Photo/{name}", "Reuters")[n % 4]],
        "caption with credit": [f"The {place} in January (Photo: {name})"],
        "read more": [f"READ MORE: Council votes on the {place}"],
        "related": ["Related article", f"Council votes on the {place}"],
        "other languages": [("Anzeige", "Publicité", "Реклама", "広告", "إعلان", "Reklama", "Mainos")[n % 7]],
        "unknown label": ["Zvonimo dalje"],
        "newsletter": ["Sign up for our morning newsletter"],
        "clip": ["Watch: The pier from above", "00:00", "00:45"],
    }[kind]


KINDS = (
    "nothing", "Advertisement", "ADVERTISEMENT", "story continues", "ad block", "share, copy link", "share bar",
    "photo credit", "credits of agencies", "caption with credit", "read more", "related", "other languages",
    "unknown label", "newsletter", "clip",
)  # fmt: skip


def interrupted(paragraphs: Sequence[str], kind: str) -> str:
    """The story with the interruption between its paragraphs."""
    lines: list[str] = []
    for n, paragraph in enumerate(paragraphs):
        lines += [paragraph, *(interruption(kind, n) if n < len(paragraphs) - 1 else [])]
    return "\n\n".join(lines)


def stories(folders: Sequence[Path]) -> list[tuple[str | None, list[str]]]:
    """(title, paragraphs) of each gold story with four paragraphs and more."""
    found = []
    for folder in folders:
        for _, answer in sorted(json.loads((folder / "gold.json").read_text(encoding="utf-8")).items()):
            paragraphs = [" ".join(p.split()) for p in answer["text"].split("\n") if p.strip()]
            if len(paragraphs) >= 4:
                found.append((answer.get("title"), paragraphs))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    known = stories(parser.parse_args().folders)
    print(f"{len(known)} stories\n\n| after each paragraph | lost | over a fifth | left |\n|---|---|---|---|")
    for kind in KINDS:
        total = lost = bad = left = shown = 0
        for title, paragraphs in known:
            body = read(interrupted(paragraphs, kind), title=title)
            kept = [line.text for line in body.lines if line.rule is None]
            want = Counter(WORD.findall(" ".join(paragraphs).lower()))
            missing = (want - Counter(WORD.findall(" ".join(kept).lower()))).total()
            total, lost, bad = total + want.total(), lost + missing, bad + (missing > want.total() / 5)
            lines = {line for n in range(len(paragraphs) - 1) for line in interruption(kind, n)} - set(paragraphs)
            left += sum(line in lines for line in kept)
            shown += len([1 for n in range(len(paragraphs) - 1) for _ in interruption(kind, n)])
        print(f"| {kind} | {lost / total:.2%} | {bad} | {left} of {shown} |", flush=True)


if __name__ == "__main__":
    main()
