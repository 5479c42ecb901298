"""Text -> the same text without invisible characters: soft hyphens, zero-width marks, direction marks.

Joiners stay where they shape what is read: in the scripts whose letters join or stack (Persian, Urdu, Hindi, Sinhala,
Malayalam, Khmer, ...) and inside emoji sequences. Between Latin letters they are only marks against copying.
"""

from __future__ import annotations

import re

_SHAPED = (
    "\u0600-\u109f\u1780-\u18af\u1a20-\u1aad\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff"  # letters
    "\ufe0f\u2190-\u2bff\U0001f000-\U0001faff"  # emoji
)
# U+200C and U+200D: zero width non-joiner and joiner.
_UNSEEN = re.compile(
    f"[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|(?<![{_SHAPED}])[\u200c\u200d]"
)


def without_unseen(text: str) -> str:
    """The text without soft hyphens, zero-width and direction marks; joiners stay where they shape letters or emoji."""
    return text if text.isascii() else _UNSEEN.sub("", text)
