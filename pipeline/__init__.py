"""newsmill: news pages in, clean, de-duplicated, topic-tagged records out.

The public Python API, described in docs/reference/api.md. Every other module is private and may change at any time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import Article, Project, Record, Skipped, Tags, compare, extract_page, signature, tag_text

__version__ = "0.1.0"

__all__ = [
    "Article",
    "Project",
    "Record",
    "Skipped",
    "Tags",
    "__version__",
    "compare",
    "extract_page",
    "signature",
    "tag_text",
]


def __getattr__(name: str) -> Any:
    """Names of the API when they are asked for: `import pipeline` alone costs nothing."""
    if name in __all__:
        from . import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
