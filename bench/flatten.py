"""Saved HTML pages -> the same pages as a scraper's plain text: every visible block a line, nothing told apart.

    python -m bench.flatten FOLDER_OF_HTML_GZ TARGET_FOLDER

The flattening is resiliparse's full text (not its article extraction), blank lines left out, as scrapers leave it.
"""

from __future__ import annotations

import argparse
import gzip
from pathlib import Path

from resiliparse.extract.html2text import extract_plain_text


def flatten(html: str) -> str:
    """Visible text of a page, one block a line."""
    text = extract_plain_text(html, main_content=False, preserve_formatting=True, list_bullets=False, alt_texts=False)
    return "\n".join(line for raw in text.splitlines() if (line := " ".join(raw.split())))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("target", type=Path)
    args = parser.parse_args()
    args.target.mkdir(parents=True, exist_ok=True)
    for path in sorted(args.pages.glob("*.html.gz")):
        text = flatten(gzip.decompress(path.read_bytes()).decode("utf-8", "replace"))
        (args.target / path.name.replace(".html.gz", ".txt")).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
