"""What newsmill knows of each language -> docs/reference/languages.md, from the shipped tables and measured figures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pipeline.extract import language
from pipeline.tag import keywords, places, town_table, uncased

ROOT = Path(__file__).resolve().parent.parent
FIGURES = (
    ROOT / "tools/figures/languages.json"
)  # code -> [share right, right where tagged, error, named, misnamed], by bench/topics.py
EXTRACTION = ROOT / "tools/figures/extraction.json"  # code -> [pages, shingle F1, word F1], by bench/extract.py
FEWEST = 3  # pages of a language from which a figure is shown
NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "bs": "Bosnian", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek",
    "en": "English", "es": "Spanish", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi",
    "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean",
    "mk": "Macedonian", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sk": "Slovak", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "tr": "Turkish",
    "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip

COLUMNS = (
    "language", "code", "pages", "word F1", "named", "wrongly", "months", "keywords", "right", "right where tagged",
    "error", "countries", "towns", "names",
)  # fmt: skip
INTRODUCTION = f"""\
# Languages

Text, title, authors and links are extracted in any language. In the table:

- pages, word F1: how many of 132 news pages of many countries (2023 to 2026) are in the language, and how well their
  text is extracted, from {FEWEST} pages on; the weights have seen some of them. Without a figure it was not measured.
- named, wrongly: the share of 361 sentences of SIB-200 whose language is recognised without a declaration, and the
  share taken for another one; the rest is left open. Bosnian, Croatian and Serbian may be named as a group, `sh`.
- months: the names of the months are known in dates.
- keywords, right, right where tagged, error: topics. The number of keywords; the share of the same sentences whose
  best tag is right, the share right where there is a tag, and the expected error of its confidence.
- countries, towns: whether names of countries are known, and how many forms of towns beside the local names.
- names: how people and organisations are told: by capitals, or by first names and titles where a script has none.

"""


def page() -> Iterator[str]:
    """The page, a line at a time."""
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    extraction = json.loads(EXTRACTION.read_text(encoding="utf-8"))
    yield from INTRODUCTION.splitlines()
    yield f"| {' | '.join(COLUMNS)} |"
    yield "|---" * len(COLUMNS) + "|"
    months = _months()
    for code, name in sorted(NAMES.items(), key=lambda item: item[1]):
        of = places.SAME.get(code, code)
        pages, _, words = extraction.get(code, (0, None, None))
        right, tagged, error, named, misnamed = figures.get(code, (None,) * 5)
        cells = (
            name, f"`{code}`", str(pages or ""), _share(words if pages >= FEWEST else None),
            _share(named), _share(misnamed), "yes" if code in months else "no", f"{_keywords(code):,}",
            _share(right), _share(tagged), _share(error),
            "yes" if of in places.languages() else "no", f"{_forms(of):,}",
            "first names, titles" if uncased.reads(code, "\u0600" * 40) else "capitals",
        )  # fmt: skip
        yield f"| {' | '.join(cells)} |"


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}".removeprefix("0")


def _months() -> frozenset[str]:
    file = Path(language.__file__).parent / "data" / "months.tsv"
    return frozenset(line.split("\t")[0] for line in file.read_text(encoding="utf-8").splitlines())


def _keywords(code: str) -> int:
    file = Path(keywords.__file__).parent / f"data/keywords/{code}.txt"
    return sum(not barred for *_, barred in keywords.parse(file.read_text(encoding="utf-8"))) if file.is_file() else 0


def _forms(code: str) -> int:
    """Forms of towns and regions that only this language, or its script, has."""
    keys = tuple(f"{key}=" for key in (code, *town_table.SCRIPTS.get(code, "").split()))
    return sum(form.startswith(keys) for line in town_table.lines() for form in line.split("\t")[7:])
