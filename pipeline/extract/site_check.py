"""A [[site]] rule's own test page -> what is not as the rule expects: `newsmill config --test`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from .. import pages
from ..config.sections import ExtractConfig, SiteRule
from ..model import Page, Skipped
from . import draft
from .boilerplate import Repeats
from .finalize import finalize
from .site_rules import plain_host, rules_for
from .values import Draft


def check(rule: SiteRule, root: Path) -> list[str]:
    """Extract the rule's own test page, which lies under `root`. Returns the differences from what the rule expects."""
    if rule.test is None:
        return ["no test page"]
    cfg = ExtractConfig()
    page = pages.read_path(root / rule.test, cfg.max_bytes)
    if isinstance(page, Page) and not rules_for((rule,), page.url):
        page = replace(page, url=f"https://{plain_host(rule.host)}/test-page-1")
    drafted = draft(page, cfg, (rule,)) if isinstance(page, Page) else page
    article = finalize(drafted, Repeats(), cfg) if isinstance(drafted, Draft) else drafted
    if isinstance(article, Skipped):
        return [f"{rule.test}: no article: {article.reason}: {article.detail}"]
    text = " ".join(f"{article.title or ''} {article.text}".split())
    differences = [f"{rule.test}: not in the article: {words!r}" for words in rule.expect if _fold(words) not in text]
    differences += [f"{rule.test}: in the article: {words!r}" for words in rule.reject if _fold(words) in text]
    return differences


def _fold(words: str) -> str:
    return " ".join(words.split())
