"""Text -> its language (ISO 639-1), or None rather than a wrong guess."""

from __future__ import annotations

_SAME = {
    "nb": "no",
    "nn": "no",
    "in": "id",
    "iw": "he",
    "ji": "yi",
    "cmn": "zh",
    "fil": "tl",
    "hrv": "hr",
    "srp": "sr",
    "eng": "en",
    "deu": "de",
    "ger": "de",
    "fra": "fr",
    "fre": "fr",
    "spa": "es",
    "por": "pt",
    "ita": "it",
}


def normal(code: str) -> str:
    code = code.lower()
    return _SAME.get(code, code)


def detect(text: str, hint: str | None = None) -> str | None:
    return hint if text else None
