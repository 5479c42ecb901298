"""Country names of Unicode CLDR (through Babel) and our own lists -> pipeline/tag/data/places.tsv.

    python tools/build_places.py        (needs `pip install babel`)

A line: language, code, forms between "|". A form that ends in "*" is a stem: the languages it stands in change the
ends of nouns. Names that Babel gives in a form news does not use are mended here.
"""

from __future__ import annotations

import re
from pathlib import Path

from babel import Locale

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "pipeline/tag/data/places.tsv"
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "uk", "tr", "ar", "zh", "ja", "sv", "da", "nb", "fi",
             "cs", "el", "ro", "hu", "id", "ko", "he", "fa", "sr", "sr_Latn", "hr", "bs", "bg", "mk", "sk", "sq",
             "vi", "hi")  # fmt: skip
STEMMED = ("pl", "ru", "uk", "cs", "fi", "hu", "el", "ro", "sr", "hr", "bs", "bg", "mk", "sk", "sq")
# no names of their own in the news, or names that are mostly something else
LEFT_OUT = {"RE", "JE", "GG", "IM", "AQ", "UM", "EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "BV", "HM", "IO", "TF", "GS",
            "CP", "DG", "EA", "IC", "AC", "TA", "CQ", "MQ", "NU", "CC", "CX", "NF", "BL", "MF", "SX", "SJ"}  # fmt: skip
BARE = {
    "HK": "Hong Kong",
    "MO": "Macao",
    "PS": "Palestine",
    "MM": "Myanmar",
    "CG": "",
    "CD": "",
    "CI": "",
    "TR": "Turkey",
}


def main() -> None:
    forms: dict[tuple[str, str], list[str]] = {}
    for locale in LANGUAGES:
        language = locale.partition("_")[0]
        for code, name in sorted(Locale.parse(locale).territories.items()):
            if len(code) != 2 or code in LEFT_OUT:
                continue
            name = re.sub(r"\s*[(（].*?[)）]", "", name).strip()
            if language == "en" and code in BARE:
                name = BARE[code]
            if name:
                forms.setdefault((language, code), []).append(name.replace("’", "'"))
    for line in lines("en.txt"):
        code, rest = line.split(" ", 1)
        forms.setdefault(("en", code), []).extend(form.strip().removeprefix("@") for form in rest.split(","))
    for line in lines("capitals.txt"):
        code, *items = re.split(r"\s+(?=\w\w=)", line)
        for item in items:
            language, form = item.split("=", 1)
            forms.setdefault((language, code), []).append(form.strip())
    out = ["# Countries by name, people and capital. Names: Unicode CLDR through Babel (Unicode License v3);\n",
           "# other forms: our own lists in tools/places. Built by tools/build_places.py.\n"]  # fmt: skip
    for (language, code), names in sorted(forms.items()):
        if language in STEMMED:
            names = [" ".join(stem(word) for word in name.split()) for name in names]
        out.append(f"{language}\t{code}\t{'|'.join(dict.fromkeys(names))}\n")
    TARGET.write_text("".join(out), encoding="utf-8")
    print(f"{TARGET.name}: {len(out) - 2} rows, {TARGET.stat().st_size:,} bytes")


def lines(name: str) -> list[str]:
    text = (HERE / "places" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def stem(word: str) -> str:
    """The part of a noun that its cases share, with "*"; short names keep all but one letter."""
    bare = re.sub(r"[aeiouyąęáéíóúýěůäöőűаеиоуыэюяієїйьαειουηωάέίόύήώăâîςëј]{1,2}$", "", word)
    if len(bare) < 3 or word.isupper():
        return word
    return bare + "*"


if __name__ == "__main__":
    main()
