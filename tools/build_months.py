"""CLDR's month names and halves of the day -> pipeline/extract/data/months_cldr.tsv.

    python tools/build_months.py        (needs `pip install babel`)

A line: language, "months" or "halves", then the twelve months' names, or those of the first and of the second half of
the day; spellings joined by "/". All is folded as the text is that they are looked for in. Names that months.tsv has
already are left out, and so are figures and single letters.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel import Locale, localedata

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from pipeline.extract.metadata import months  # noqa: E402

TARGET = HERE.parent / "pipeline/extract/data/months_cldr.tsv"
# Languages that newspapers on the web are written in; what has few speakers and many spellings is left out.
LANGUAGES = (
    "en de fr es it pt nl sv da no is fi et lv lt pl cs sk hu ro sl hr sr bs mk bg ru uk be kk el tr az sq ca gl eu id "
    "ms tl sw af ar ckb fa ps ur sd he hi ne mr bn as pa gu or ta te kn ml si th lo km my ka hy am ti mn uz ky tg tk "
    "tt ja zh ko vi cy ga lb mt fy fo so ha yo ig zu xh rw jv ku lij br".split()
)
NAMES_OF = {
    "no": ["nb", "nn"],
    "tl": ["fil"],
    "sr": ["sr", "sr_Latn"],
    "zh": ["zh", "zh_Hant"],
    "ar": ["ar", "ar_SY", "ar_MA"],
    "az": ["az", "az_Cyrl"],
    "uz": ["uz", "uz_Cyrl"],
    "bs": ["bs", "bs_Cyrl"],
}
FIRST_HALF, SECOND_HALF = ("am", "morning1", "morning2"), ("pm", "noon", "afternoon1", "afternoon2", "evening1")


def main() -> None:
    known = set(localedata.locale_identifiers())
    lines = ["# Made by tools/build_months.py of CLDR (Unicode Licence v3)."]
    for language in LANGUAGES:
        localedata._cache.clear()  # babel writes what one locale inherits into the root that others inherit from
        locales = [Locale.parse(name) for name in NAMES_OF.get(language, [language]) if name in known]
        rows = [[said for locale in locales for said in _month(locale, number)] for number in range(1, 13)]
        own = months.BY_LANGUAGE.get(language, {})
        for number, row in enumerate(rows, 1):
            row[:] = [s for s in dict.fromkeys(row) if own.get(s, months.MONTHS.get(s)) != number]
        if any(rows):
            lines.append(f"{language}\tmonths\t" + "\t".join("/".join(row) for row in rows))
        first, second = ([s for locale in locales for s in _half(locale, names)] for names in (FIRST_HALF, SECOND_HALF))
        first, second = [s for s in first if s not in second], [s for s in second if s not in first]
        if first and second:
            lines.append(f"{language}\thalves\t" + "\t".join("/".join(dict.fromkeys(half)) for half in (first, second)))
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _month(locale: Locale, number: int) -> list[str]:
    said = [
        months.fold(locale.months[context][width][number]).strip(" .׳'’॰")
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
    ]
    return [name for name in said if len(name) >= 2 and not any(c.isdigit() for c in name)]


def _half(locale: Locale, names: tuple[str, ...]) -> list[str]:
    said = [
        months.fold(value).strip()
        for context in ("format", "stand-alone")
        for width in ("abbreviated", "wide")
        for name, value in (locale.day_periods.get(context, {}).get(width) or {}).items()
        if name in names
    ]
    return [value for value in said if len(value.strip(".")) >= 2 and value not in ("am", "pm", "a.m.", "p.m.")]


if __name__ == "__main__":
    main()
