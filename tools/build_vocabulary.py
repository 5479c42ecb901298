"""IPTC's taxonomy files -> pipeline/tag/data/mediatopics.jsonl.gz, the vocabulary the tagger ships.

    python tools/build_vocabulary.py CONCEPTS.json LABELS.json.gz

CONCEPTS.json: list of {qcode, label, definition, parent, level}, the active concepts in British English.
LABELS.json.gz: list of {qcode, labels {language: label}}; a label that is the English one again is left out.
One concept a line, ancestors before descendants, so that a reader needs one pass.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "pipeline/tag/data/mediatopics.jsonl.gz"
# IPTC's language keys -> ISO 639-1. Bokmål stands for Norwegian, and for each language with two
# regions the later key fills what the earlier one lacks.
LANGUAGES = {
    "ar": "ar",
    "de": "de",
    "dk": "da",
    "es": "es",
    "fr": "fr",
    "no-NB": "nb",
    "no-NN": "nn",
    "pt-PT": "pt",
    "pt-BR": "pt",
    "se": "sv",
    "zh-Hans": "zh",
}


def main(concepts_file: str, labels_file: str) -> None:
    concepts = json.loads(Path(concepts_file).read_text(encoding="utf-8"))
    with gzip.open(labels_file, "rt", encoding="utf-8") as file:
        translated = {row["qcode"]: row["labels"] for row in json.load(file)}
    lines = []
    for concept in sorted(concepts, key=lambda c: (c["level"], c["qcode"])):
        labels = {"en": concept["label"]}
        for key, language in LANGUAGES.items():
            label = " ".join((translated.get(concept["qcode"], {}).get(key) or "").split())
            if label:
                labels.setdefault(language, label)
        row = {
            "code": concept["qcode"],
            "parent": concept["parent"],
            "labels": dict(sorted(labels.items())),
            "definition": " ".join((concept["definition"] or "").split()),
        }
        lines.append(json.dumps(row, ensure_ascii=False) + "\n")
    TARGET.write_bytes(gzip.compress("".join(lines).encode(), 9, mtime=0))
    print(f"{TARGET.name}: {len(lines)} concepts, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
