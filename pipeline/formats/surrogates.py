"""Text that JSON or a header spelled with lone surrogates -> text that a UTF-8 file can hold."""

from __future__ import annotations

import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Without lone surrogates: no UTF-8 file can hold them."""
    return _SURROGATE.sub("\ufffd", text)
