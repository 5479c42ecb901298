"""Imported by the fork server of extraction: drafts a page of each kind, so that workers share what is made only once.

Modules of rules, 87 patterns, models, language profiles: made by each worker with its first page, they cost it memory
of its own and 0.2 CPU s (34 pages with 8 workers: 3.6 CPU s then, 2.2 now).
"""

from __future__ import annotations

from ..config import Config
from ..model import Page, Raw
from . import draft

_LINE = "The ferry to the islands is out of service until Friday, the harbour office said on Monday."
_TEXT = "\n\n".join([_LINE] * 5)
_PARAGRAPHS = f"<p>{_LINE}</p>" * 5
_HTML = f"<html lang=en><head><title>Ferry</title></head><body><article><h1>Ferry</h1>{_PARAGRAPHS}</article>"

for _body in (_TEXT, _HTML):
    draft(Page(Raw("", None, ""), _body.encode()), Config().extract)
