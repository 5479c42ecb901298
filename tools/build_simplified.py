"""pipeline/dedup/data/simplified.txt: traditional Chinese characters and what each becomes in simplified script.

    pip download --no-deps opencc-python-reimplemented     (0.1.7, Apache License 2.0; its tables are OpenCC's)
    python tools/build_simplified.py opencc_python_reimplemented-*.whl

Two lines of the same length: characters, and their simplified forms. Where a character has several forms the first is
taken, as OpenCC does without its phrases; for a comparison it matters only that both texts come out alike.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

TARGET = Path(__file__).parent.parent / "pipeline" / "dedup" / "data" / "simplified.txt"


def main() -> None:
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        simple = _pairs(wheel, "TSCharacters")
        for variants in ("TWVariantsRev", "HKVariantsRev"):  # forms of Taiwan and Hong Kong
            for char, standard in _pairs(wheel, variants).items():
                simple.setdefault(char, simple.get(standard, standard))
    simple = {char: simple.get(form, form) for char, form in sorted(simple.items())}  # no second step is left
    kept = {char: form for char, form in simple.items() if char != form and max(ord(char), ord(form)) < 0x10000}
    TARGET.write_text(f"{''.join(kept)}\n{''.join(kept.values())}\n", encoding="utf-8")


def _pairs(wheel: zipfile.ZipFile, name: str) -> dict[str, str]:
    lines = wheel.read(f"opencc/dictionary/{name}.txt").decode("utf-8-sig").splitlines()
    cells = [line.split("\t") for line in lines if line]
    return {cell[0]: cell[1].split(" ")[0] for cell in cells if len(cell[0]) == 1 and len(cell[1].split(" ")[0]) == 1}


if __name__ == "__main__":
    main()
