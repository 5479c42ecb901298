"""Articles with known events -> BCubed F1 of the threads, the largest thread, and what an article costs.

    python bench/threads.py [EVENTS.jsonl[.gz] ...] [--among ARTICLES.jsonl.gz] [--open N] [--days N]

EVENTS rows: {title, text, event}. They are read in three random orders, without times. --among puts them among other
articles ({title, text}); with `published_at` in these, their largest thread in a window of --days is shown too. Without
files, events of a generator are measured: several outlets' versions of each, reworded, over several days. --open
measures time and memory while so many threads are open.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from pipeline.threads import terms
from pipeline.threads.assign import Settings, Threads
from pipeline.threads.state import seconds

SEEDS = (1, 2, 3)
OUTLETS = ("The Harbour Post", "Northern Courier", "Valley Times", "City Gazette", "Daily Beacon")
FIRST = "Anna Tomas Ingrid Marko Leila Oscar Petra Hugo Nadia Viktor Elena Samir Clara Jonas Mira Pavel".split()
LAST = "Varga Lindqvist Okafor Marchetti Dvorak Haddad Sorensen Kovac Brandt Ferreira Nakata Petrov Quist Rossi".split()
PLACES = "Arkwell Brenton Caldermoor Dunvale Eastmere Fallowby Greyhaven Hollin Kestrel Langmere Norwick".split()
KINDS = {
    "earthquake": (
        ("A magnitude {n}.{m} earthquake struck {place}, killing at least {k} people.",
         "At least {k} died when a strong quake of magnitude {n}.{m} hit {place}."),
        ("Rescuers dug through collapsed buildings, said {who} of the civil protection agency.",
         "{who}, who leads the relief effort, said crews were searching the rubble."),
        ("Hospitals in {place} were overwhelmed and roads were blocked by landslides.",
         "Landslides cut the roads, and clinics in {place} ran out of beds."),
    ),
    "trial": (
        ("A court in {place} sentenced {who} to {k} years in prison for fraud.",
         "{who} must go to prison for {k} years, judges in {place} ruled in the fraud case."),
        ("Prosecutors said the former banker had hidden {n}{m} million from investors.",
         "Investors lost {n}{m} million to the banker, according to the indictment."),
        ("The defence announced an appeal against the verdict.", "Lawyers will take the verdict to a higher court."),
    ),
    "merger": (
        ("{who}'s {place} Motors agreed to buy a rival for {n}.{m} billion.",
         "{place} Motors, led by {who}, is to take over a competitor in a {n}.{m} billion deal."),
        ("Unions fear that {k}00 jobs could go at the carmaker.",
         "Some {k}00 workers may lose their posts, unions said."),
        ("Shares rose in early trading after the takeover was announced.", "The takeover lifted the stock."),
    ),
    "election": (
        ("{who} won the mayoral election in {place} with {k} percent of the vote.",
         "Voters in {place} made {who} their new mayor; the candidate took {k} percent."),
        ("Turnout was {n}{m} percent, the election commission said.", "The commission put turnout at {n}{m} percent."),
        ("The outgoing mayor conceded defeat on Sunday night.", "Defeat was conceded late on Sunday."),
    ),
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("events", nargs="*", type=Path)
    parser.add_argument("--among", type=Path)
    parser.add_argument("--open", type=int, default=0)
    parser.add_argument("--days", type=float, default=3)
    args = parser.parse_args()
    others = list(rows(args.among)) if args.among else []
    for path in args.events:
        measure(path.name, list(rows(path)), others)
    if not args.events:
        made = list(generate(400, 3))
        measure("generated, 400 events by 3 outlets", made, others)
        dated("the same with times", made, args.days)
    if others and others[0].get("published_at"):
        dated(args.among.name, others, args.days)
    if args.open:
        grow(args.open)


def measure(name: str, events: list[dict[str, Any]], others: list[dict[str, Any]]) -> None:
    """BCubed F1 in three random orders, by the articles that have an event."""
    start = time.process_time()
    stories = [terms.story(row.get("title") or "", row["text"], "en") for row in events + others]
    cost = time.process_time() - start
    scores = []
    for seed in SEEDS if not others else SEEDS[:1]:
        order = list(range(len(stories)))
        random.Random(seed).shuffle(order)
        threads = Threads(Settings())
        start = time.process_time()
        found = {n: threads.add(str(n), stories[n], None).thread for n in order}
        cost += (time.process_time() - start) / (len(SEEDS) if not others else 1)
        scores.append(bcubed([found[n] for n in range(len(events))], [row["event"] for row in events]))
    mean = [sum(score[n] for score in scores) / len(scores) for n in range(3)]
    print(f"{name}{f' among {len(others)} others' if others else ''}: {len(events)} articles")
    print(f"  BCubed precision {mean[0]:.3f}  recall {mean[1]:.3f}  F1 {mean[2]:.3f}  "
          f"{1000 * cost / len(stories):.2f} ms CPU an article")  # fmt: skip


def dated(name: str, articles: list[dict[str, Any]], days: float) -> None:
    """The threads of articles in the order of their times."""
    threads = Threads(Settings(window=days * 86400))
    articles = sorted(articles, key=lambda row: seconds(row.get("published_at")) or 0.0)
    start = time.process_time()
    found = []
    for n, row in enumerate(articles):
        story = terms.story(row.get("title") or "", row["text"], "en")
        found.append(threads.add(str(n), story, seconds(row.get("published_at"))).thread)
    cost = 1000 * (time.process_time() - start) / len(articles)
    largest = max(Counter(found).values())
    print(f"{name}: {len(articles)} articles, {len(set(found))} threads, the largest has {largest}, {cost:.2f} ms")
    if "event" in articles[0]:
        score = bcubed(found, [row["event"] for row in articles])
        print(f"  BCubed precision {score[0]:.3f}  recall {score[1]:.3f}  F1 {score[2]:.3f}")


def grow(many: int) -> None:
    """Time an article takes while threads pile up, every tenth of the way."""
    threads = Threads(Settings())
    random_ = random.Random(7)
    words = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in "ndrlst"]
    start = time.process_time()
    for n in range(1, many + 1):
        name = "".join(random_.choices(words, k=3)).capitalize()
        text = " ".join(random_.choices(words, k=40)) + f" said {name} in {random_.choice(PLACES)} on day {n}"
        threads.add(str(n), terms.story(f"{name} and {random_.choice(words)} {n}", text, "en"), None)
        if n % (many // 10) == 0:
            cost = 1000 * (time.process_time() - start) / (many // 10)
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(f"  {len(threads):>7} threads open: {cost:.2f} ms an article, {memory} MB")
            start = time.process_time()


def generate(events: int, outlets: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Several outlets' versions of made-up events, in the order of their times."""
    random_ = random.Random(seed)
    made = []
    for event in range(events):
        kind = random_.choice(sorted(KINDS))
        facts = {
            "who": f"{random_.choice(FIRST)} {random_.choice(LAST)}", "place": random_.choice(PLACES),
            "n": random_.randint(1, 9), "m": random_.randint(1, 9), "k": random_.randint(3, 98),
        }  # fmt: skip
        at = event * 3600.0 * 2
        for outlet in random_.sample(OUTLETS, outlets):
            said = [random_.choice(forms).format(**facts) for forms in KINDS[kind]]
            rest = said[1:]
            random_.shuffle(rest)
            when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1_790_000_000 + at + random_.uniform(0, 86400)))
            made.append({"title": said[0].rstrip("."), "text": "\n\n".join([said[0], *rest]), "event": event,
                         "source": outlet, "published_at": when})  # fmt: skip
    yield from sorted(made, key=lambda row: str(row["published_at"]))


def bcubed(found: Sequence[Hashable], gold: Sequence[Hashable]) -> tuple[float, float, float]:
    """Precision, recall and F1, averaged over the articles (Bagga and Baldwin, 1998)."""
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for n, thread in enumerate(found):
        groups[thread].append(n)
    sizes = Counter(gold)
    precision = recall = 0.0
    for members in groups.values():
        counts = Counter(gold[n] for n in members)
        precision += sum(counts[gold[n]] / len(members) for n in members)
        recall += sum(counts[gold[n]] / sizes[gold[n]] for n in members)
    precision, recall = precision / len(gold), recall / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


if __name__ == "__main__":
    main()
