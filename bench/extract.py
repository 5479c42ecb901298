"""Pages with known articles -> a table of body text quality and CPU time: newsmill beside other extractors.

    python bench/extract.py GOLD_DIR... [--only NAME...] [--languages]

GOLD_DIR holds gold.json (KEY -> {text, text_alt?} or {with, without}) and html/KEY.html.gz. shingle F1 is the metric
of the article-extraction-benchmark (word 4-grams, precision and recall averaged over pages); word F1 the mean over
pages; bad the share of pages with word F1 under .5; worse and better the pages more than .1 word F1 from trafilatura's
default. Where a set has passages that must and must not be in the text, their precision and recall are given instead.
CPU is per page and, as a ratio, against trafilatura with metadata, all in one run. newsmill's own row is optimistic on
pages its weights were learnt from: bench/train_extract.py --cross-validate. --languages measures newsmill alone, by the
language of the answers, and writes tools/figures/extraction.json, from which the table of languages is made.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import re
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
WORD = re.compile(r"\w+")
BY_LANGUAGE = Path(__file__).resolve().parent.parent / "tools/figures/extraction.json"
CLIFF = 0.1  # of word F1: a page this much worse than another extractor's has lost or swallowed a part
Extract = Callable[[str], str]


def newsmill(html: str) -> str:
    from pipeline.extract.html import body
    from pipeline.extract.htmldoc import HtmlDoc

    return body(HtmlDoc(html), title=None).text


def newsmill_fast(html: str) -> str:
    from pipeline.extract.html import body
    from pipeline.extract.htmldoc import HtmlDoc

    return body(HtmlDoc(html), title=None, fast=True).text


def trafilatura(**options: bool) -> Extract:
    def extract(html: str) -> str:
        import trafilatura as library

        found = library.bare_extraction(html, **options)
        return (found.text or "") if found else ""

    return extract


def readability(html: str) -> str:
    from lxml.html import fromstring
    from readability import Document

    return str(fromstring(Document(html).summary() or "<p></p>").text_content())


def resiliparse(html: str) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    return str(extract_plain_text(html, main_content=True, alt_texts=False, list_bullets=False))


def newspaper4k(html: str) -> str:
    from newspaper import Article

    article = Article("https://example.org/story", language="en", fetch_images=False)
    article.download(input_html=html)
    article.parse()
    return str(article.text)


EXTRACTORS: dict[str, Extract] = {
    "newsmill": newsmill,
    "newsmill fast": newsmill_fast,
    "trafilatura with metadata": trafilatura(with_metadata=True),
    "trafilatura": trafilatura(),
    "trafilatura precision": trafilatura(favor_precision=True),
    "trafilatura recall": trafilatura(favor_recall=True),
    "trafilatura fast": trafilatura(fast=True),
    "readability-lxml": readability,
    "resiliparse": resiliparse,
    "newspaper4k": newspaper4k,
}


@dataclass(frozen=True, slots=True)
class Gold:
    """A page of a gold set and what is known of its text."""

    html: str
    answers: tuple[str, ...]  # texts, one of which is right; () where only passages are known
    present: tuple[str, ...]  # passages that must be in the text
    absent: tuple[str, ...]  # passages that must not


def pages(folder: Path) -> Iterator[Gold]:
    for name, want in sorted(json.loads((folder / "gold.json").read_text(encoding="utf-8")).items()):
        html = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()).decode("utf-8", "replace")
        answers = tuple(want[text] for text in ("text", "text_alt") if want.get(text))
        yield Gold(html, answers, tuple(want.get("with") or ()), tuple(want.get("without") or ()))


def shingles(text: str, n: int = 4) -> Counter[tuple[str, ...]]:
    words = WORD.findall(text)
    return Counter(tuple(words[i : i + n]) for i in range(max(1, len(words) - n + 1)) if words[i : i + n])


def shares(answer: str, text: str) -> tuple[float, float, float]:
    """Found, too much, missed; they add up to 1."""
    a, b = shingles(answer), shingles(text)
    hit = sum((a & b).values())
    extra, missed = sum(b.values()) - hit, sum(a.values()) - hit
    every = hit + extra + missed
    return (hit / every, extra / every, missed / every) if every else (0.0, 0.0, 0.0)


def shingle_f1(counts: list[tuple[float, float, float]]) -> float:
    precision = statistics.mean([t / (t + f) for t, f, _ in counts if t + f] or [0.0])
    recall = statistics.mean([t / (t + m) for t, _, m in counts if t + m] or [0.0])
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def word_f1(answer: str, text: str) -> float:
    a, b = Counter(WORD.findall(answer.lower())), Counter(WORD.findall(text.lower()))
    return 2 * sum((a & b).values()) / (sum(a.values()) + sum(b.values())) if a or b else 1.0


@dataclass(frozen=True, slots=True)
class Figures:
    """One extractor on one set."""

    words: tuple[float, ...]  # word F1 of each page; () where only passages are known
    text: str  # quality, as a part of the table's row
    cpu: float  # seconds a page


def measure(extract: Extract, folder: Path) -> Figures:
    counts, words, cpu = [], [], 0.0
    right = missed = wrong = n = 0
    for page in pages(folder):
        begin = time.process_time()
        try:
            text = extract(page.html)
        except Exception as error:
            logging.warning("%s: %s", type(error).__name__, error)
            text = ""
        cpu += time.process_time() - begin
        n += 1
        if page.answers:
            counts.append(max((shares(a, text) for a in page.answers), key=lambda c: c[0]))
            words.append(max(word_f1(a, text) for a in page.answers))
        else:
            folded = " ".join(text.split())
            hit = sum(" ".join(passage.split()) in folded for passage in page.present)
            right, missed = right + hit, missed + len(page.present) - hit
            wrong += sum(" ".join(passage.split()) in folded for passage in page.absent)
    if words:
        bad = sum(w < 0.5 for w in words) / n
        quality = f"{shingle_f1(counts):.3f}    {statistics.mean(words):.3f}   {bad:.3f}"
    else:
        quality = f"P {right / max(1, right + wrong):.3f}  R {right / max(1, right + missed):.3f}       "
    return Figures(tuple(words), quality, cpu / n)


def by_language(folders: list[Path]) -> None:
    """Language of the answer -> pages, shingle F1 and word F1 of newsmill's text."""
    from pipeline.extract.language import detect

    counts: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    words: dict[str, list[float]] = defaultdict(list)
    for page in (page for folder in folders for page in pages(folder) if page.answers):
        language, text = detect(page.answers[0]) or "unknown", newsmill(page.html)
        counts[language].append(max((shares(a, text) for a in page.answers), key=lambda c: c[0]))
        words[language].append(max(word_f1(a, text) for a in page.answers))
    figures = {
        language: [len(rows), round(shingle_f1(rows), 3), round(statistics.mean(words[language]), 3)]
        for language, rows in sorted(counts.items())
    }
    lines = ",\n".join(f'  "{language}": {json.dumps(row)}' for language, row in figures.items())
    print(lines)
    BY_LANGUAGE.write_text("{\n" + lines + "\n}\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--only", nargs="+", choices=list(EXTRACTORS), default=list(EXTRACTORS), metavar="NAME")
    parser.add_argument("--languages", action="store_true")
    args = parser.parse_args()
    if args.languages:
        by_language(args.gold)
        return
    logging.disable(logging.WARNING)
    yardstick, default = "trafilatura with metadata", "trafilatura"
    for folder in args.gold:
        print(f"{folder.name:28} shingle  word F1  bad   worse better  ms/page  ratio")
        chosen = dict.fromkeys([yardstick, default, *args.only])
        for extract in (EXTRACTORS[name] for name in chosen):
            extract("<html><body><p>Loaded before the clock runs.</p></body></html>")
        rows = {name: measure(EXTRACTORS[name], folder) for name in chosen}
        for name, row in rows.items():
            distance = [own - other for own, other in zip(row.words, rows[default].words, strict=True)]
            worse, better = sum(d < -CLIFF for d in distance), sum(d > CLIFF for d in distance)
            ratio = row.cpu / rows[yardstick].cpu
            cpu = f"{row.cpu * 1e3:7.1f}   {ratio:.2f}"
            print(f"  {name:26} {row.text}  {worse:4d}  {better:4d}  {cpu}", flush=True)


if __name__ == "__main__":
    main()
