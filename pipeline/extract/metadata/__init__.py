"""A parsed page, or the lines of a flattened one -> Meta: every field of it, and where each came from."""

from .fields import of_html, of_text, with_standfirst, with_text

__all__ = ["of_html", "of_text", "with_standfirst", "with_text"]
