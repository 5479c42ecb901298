"""A text from the command line -> what it would be tagged with, and why; nothing is written."""

from __future__ import annotations

import sys
from pathlib import Path

from ..console import print_json
from ..model import Article, Raw
from ..project import open_project
from ..tag.tagger import explain
from . import topics


def run(folder: Path | None, text: str, title: str | None, language: str | None, *, as_json: bool = False) -> None:
    """Print the verdict on a text ("-": stdin), with the rules of the project's config where there is one."""
    content = sys.stdin.read() if text == "-" else text
    cfg = open_project(folder).config
    article = Article("", None, title, content, "", Raw("", None, ""), language=language or guess(content))
    explained = explain(article, cfg.topics, cfg.watch)
    if as_json:
        print_json(topics.verdict(explained))
    else:
        topics.explanation(explained)


def guess(text: str) -> str | None:
    """The language of a text, where none was given."""
    from ..extract.language import detect

    return detect(text)
