"""First names and family names of Faker's locales, and our own lists -> pipeline/tag/data/given_names.txt.gz.

    python tools/build_given_names.py        (needs `pip install faker`)

A line: "given" or "family", the languages, then the names between "|". Family names are kept for the languages that put
them first and write no capitals. Names of one letter, and those that are mostly a common word, are left out.
"""

from __future__ import annotations

import gzip
import importlib
import pkgutil
import re
from pathlib import Path

import faker.providers.person as person

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "pipeline/tag/data/given_names.txt.gz"
FAMILY_FIRST = ("ja", "ko", "zh")


def main() -> None:
    found: dict[tuple[str, str], set[str]] = {}
    for module in pkgutil.iter_modules(person.__path__):
        language = module.name.split("_")[0]
        provider = importlib.import_module(f"{person.__name__}.{module.name}").Provider
        for kind in ("given", "family"):
            if kind == "family" and language not in FAMILY_FIRST:
                continue
            names = found.setdefault((kind, language), set())
            for attribute in dir(provider):
                value = getattr(provider, attribute)
                starts = "first_name" if kind == "given" else "last_name"
                if attribute.startswith(starts) and isinstance(value, (tuple, list, dict)):
                    names |= {name if isinstance(name, str) else name[0] for name in value}
    shared: dict[tuple[str, str], set[str]] = {}
    for (kind, language), names in found.items():
        some = next(iter(names), "")
        # capitals are shared by the languages of a script: a name is a name in any of them
        target = "*" if some[:1].lower() != some[:1].upper() else language
        shared.setdefault((kind, target), set()).update(
            name for name in names
            if re.fullmatch(r"[^\W\d_]+(?:[-'’][^\W\d_]+)?", name) or (target != "*" and not re.search(r"[ (]", name))
        )  # fmt: skip
    shared["given", "*"] |= words("more.txt")
    left_out = words("words.txt")
    lines = [
        "# First names, and family names of ja, ko, zh: from Faker (MIT) and our own lists.\n",
        "# Built by tools/build_given_names.py.\n",
    ]
    for (kind, language), names in sorted(shared.items()):
        least = 1 if language in FAMILY_FIRST else 2
        kept = sorted(name for name in names - left_out if len(name) >= least)
        lines.append(f"{kind}\t{language}\t{'|'.join(kept)}\n")
    TARGET.write_bytes(gzip.compress("".join(lines).encode(), 9, mtime=0))
    print(f"{TARGET.name}: {sum(line.count('|') + 1 for line in lines[2:]):,} names, {TARGET.stat().st_size:,} bytes")


def words(name: str) -> set[str]:
    lines = (HERE / "names" / name).read_text(encoding="utf-8").splitlines()
    return {word for line in lines if not line.startswith("#") for word in line.split()}


if __name__ == "__main__":
    main()
