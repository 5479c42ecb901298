"""One target of tests/targets.py under a coverage-guided fuzzer: `python -m tests.torture.fuzzer TARGET FOLDER LIBFUZZER-OPTIONS`.

FOLDER keeps what was found interesting; what breaks the target is written there as crash-*, oom-* or timeout-*.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["pipeline"]):
    from tests.targets import TARGETS


def main(name: str, folder: Path, options: list[str]) -> None:
    target = TARGETS[name]
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in target.seeds:
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    words = folder / "words"
    spelled = ("".join(rf"\x{byte:02x}" for byte in word) for word in target.words if len(word) < 60)
    words.write_text("".join(f'"{word}"\n' for word in spelled))
    atheris.Setup(
        [sys.argv[0], f"-dict={words}", f"-artifact_prefix={folder}/", *options, str(corpus)], target.read
    )  # fmt: skip
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
