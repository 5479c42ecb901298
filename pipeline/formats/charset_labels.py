"""A label of a charset -> the codec that browsers read it with, and back to the label that people know.

https://encoding.spec.whatwg.org/#names-and-labels, as webencodings has it; Python's names where browsers know none.
"""

from __future__ import annotations

import codecs
import re

import webencodings

_MEANT = {"gbk": "gb18030", "big5": "big5hkscs", "shift_jis": "cp932", "euc-kr": "cp949"}  # codecs that can read more
_NO_CHARSET = ("replacement", "x-user-defined")  # what browsers refuse to read, and bytes of fonts
# Labels that pages use and browsers do not know, or refuse for their security.
_BEYOND = {
    "hz": "hz", "hz-gb-2312": "hz", "cp950": "big5hkscs", "euc_kr": "cp949", "utf8mb4": "utf-8", "win-1251": "cp1251",
    "cp-1251": "cp1251",
}  # fmt: skip
_SHOWN = {"cp932": "shift_jis", "cp949": "euc-kr", "big5hkscs": "big5", "cp874": "windows-874", 
          "mac-roman": "macintosh", "iso2022_jp_2": "iso-2022-jp"}  # fmt: skip


def means(label: str | None) -> str | None:
    """The codec for a label; None for none and for what is no charset of text."""
    if not label:
        return None
    plain = label.strip().lower()
    return _of_browsers(plain) or _of_python(plain)


def _of_browsers(label: str) -> str | None:
    if name := _BEYOND.get(label):
        return name
    known = webencodings.lookup(label)
    if known is None or known.name in _NO_CHARSET:
        return None
    return _MEANT.get(known.name, str(known.codec_info.name))


def _of_python(label: str) -> str | None:
    """Python knows many more names: "latin-1", "cp850", "mac_greek"."""
    try:
        name = codecs.lookup(label).name
        if name in ("rot13", "punycode", "idna", "undefined", "raw-unicode-escape", "unicode-escape", "mbcs", "oem"):
            return None
        "".encode(name)  # refuses base64, zlib and their like; decoding nothing would not
        return _of_browsers(name) or name
    except (LookupError, ValueError, TypeError):
        return None


def shown(name: str) -> str:
    """A codec's label as people know it."""
    return _SHOWN.get(name) or re.sub(r"^cp(125\d)$", r"windows-\1", name).replace("iso8859", "iso-8859")


def printable(label: str) -> str:
    """The beginning of a label that may hold anything."""
    return "".join(c if c.isprintable() else "?" for c in label[:40])
