"""Collected -> one HTML file: template, style, script and gzipped data, under a policy that runs nothing else."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from importlib.resources import files
from typing import Any

from . import pack
from .collect import MAX_RECORDS, Collected
from .texts import TEXTS

# What may run and be applied is this file's own script and style, by their hashes; nothing is loaded from anywhere.
POLICY = (
    "default-src 'none'; script-src {script}; style-src {style}; img-src data:; base-uri 'none'; form-action 'none'"
)


def render(collected: Collected, *, title: str) -> bytes:
    """The report as UTF-8. The same data gives the same bytes. `title` is the project's name."""
    import jinja2
    from markupsafe import Markup

    folder = files(__package__)
    script = folder.joinpath("report.js").read_text(encoding="utf-8")
    style = folder.joinpath("report.css").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(folder.joinpath("report.html.j2").read_text(encoding="utf-8"))
    page = template.render(
        title=title,
        t=TEXTS,
        policy=POLICY.format(script=_hash(script), style=_hash(style)),
        # Our own files, hashed above; everything else is escaped.
        script=Markup(script),
        style=Markup(style),
        data=_packed({**pack.data(collected), "t": TEXTS["script"], "limit": MAX_RECORDS}),
        blocks=[_packed(block) for block in pack.texts(collected.rows)],
        found=collected,
    )
    return page.encode("utf-8", "replace")


def _packed(value: Any) -> str:
    """JSON, gzipped, in base64: no letter of it means anything to an HTML parser."""
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return base64.b64encode(gzip.compress(plain, 9, mtime=0)).decode("ascii")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
