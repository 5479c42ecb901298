"""Pages saved by a browser (.html with its folder, .mhtml, SingleFile) -> rows with the address they came from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from ..formats import mhtml
from ..formats.compression import GZIP, Broken, TooLarge, gunzip
from .rows import Row, Unusable

MOST = 50_000_000
_PARTS = re.compile(r"(.+?)(?:_|-|\.| )([^\d_\s./()-]{2,30})(?: ?\(\d{1,3}\))?", re.S)  # vowel signs are no \w
_WORDS = frozenset(
    "files dateien fichiers archivos bestanden arquivos ficheiros file filer filene tiedostot pliki soubory súbory "
    "fájlok fájlelemei fișiere fisiere datoteke dosyalar dosyaları fitxers файлы файли файлове файлови αρχεία ملفات "
    "קבצים 文件 檔案 ファイル 파일 fails failid failai skrár".split()
)
SUFFIXES = (".html", ".htm", ".xhtml", ".mhtml", ".mht", ".html.gz", ".htm.gz")
# "saved from url=(0031)https://…" by Internet Explorer, Chrome and Firefox' kin; SingleFile writes a block of its own.
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d{1,6}\)(\S{1,4000}?)\s*-->", re.I)
_SINGLE_FILE = re.compile(rb"Page saved with SingleFile\s{1,9}url: (\S{1,4000})\s{1,9}saved date: ([^\r\n]{1,80})")
_CANONICAL = re.compile(rb"""<(?:link|meta)\b[^<>]{0,2000}\b(?:canonical|og:url)\b[^<>]{0,2000}>""", re.I)
_ADDRESS = re.compile(rb"""(?:href|content)\s{0,9}=\s{0,9}["']?(https?://[^"'\s<>]{1,4000})""", re.I)


def read(path: Path) -> Iterator[Row | Unusable]:
    """One page; a folder's pages, but not those inside the folders browsers keep a page's pictures in."""
    if path.is_dir():
        for inner in sorted(path.rglob("*")):
            folders = list(inner.relative_to(path).parents)[:-1]
            if (
                inner.name.lower().endswith(SUFFIXES)
                and inner.is_file()
                and not any(belongs(path / f) for f in folders)
            ):
                yield _page(inner, path)
        return
    yield _page(path, path.parent)


def belongs(folder: Path) -> bool:
    """Whether a folder holds the parts of a page that was saved beside it: "page_files", "page-Dateien", "page.files".

    The word is in the browser's language, so the page decides: a folder named like a saved page and then one more word.
    """
    match = _PARTS.fullmatch(folder.name)
    if match is None:
        return False
    if match[2].lower() in _WORDS:
        return True
    return any((folder.parent / f"{match[1]}{suffix}").is_file() for suffix in SUFFIXES)


def _page(path: Path, root: Path) -> Row | Unusable:
    name = str(path.relative_to(root))
    try:
        if path.stat().st_size > MOST:
            return Unusable(name, f"over {MOST:,} bytes")
        data = path.read_bytes()
        if data.startswith(GZIP):
            data = gunzip([data], MOST)
    except TooLarge:
        return Unusable(name, f"over {MOST:,} bytes when unpacked")
    except (OSError, Broken) as error:
        return Unusable(name, str(error.args[0] if isinstance(error, Broken) else error), damaged=True)
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
    if path.name.lower().endswith((".mhtml", ".mht")):
        return _archive(data, name, changed)
    url, saved = _where(data)
    return Row(id=name, url=url, html=_decoded(data), fetched_at=saved or changed)


def _where(data: bytes) -> tuple[str | None, str | None]:
    """(address, time) as the browser wrote them into the page; else the address the page says is its own."""
    head = data[:200_000]
    if single := _SINGLE_FILE.search(head):
        return single[1].decode("utf-8", "replace"), _time(single[2].decode("ascii", "replace"))
    if (saved := _SAVED_FROM.search(head)) and saved[1].startswith(b"http"):
        return saved[1].decode("utf-8", "replace"), None
    canonical = _CANONICAL.search(head)
    address = _ADDRESS.search(canonical[0]) if canonical else None
    return (address[1].decode("utf-8", "replace") if address else None), None


def _time(text: str) -> str | None:
    """SingleFile's JavaScript date: Sun Nov 22 2026 07:12:00 GMT+0100 (…)."""
    try:
        return datetime.strptime(re.sub(r"\s*\(.*", "", text).strip(), "%a %b %d %Y %H:%M:%S GMT%z").isoformat()
    except ValueError:
        return None


def _archive(data: bytes, name: str, changed: str) -> Row | Unusable:
    """The page that an MHTML file is of."""
    snapshot = mhtml.parse(data)
    if snapshot is None:
        return Unusable(name, "no HTML in it")
    if snapshot.cut:
        return Unusable(name, "the file ends early: put it into raw/ to have what is left of it", damaged=True)
    return Row(
        id=name, url=snapshot.url, html=_decoded(snapshot.html, snapshot.charset), fetched_at=snapshot.at or changed
    )


def _decoded(data: bytes, charset: str | None = None) -> str:
    from ..formats.charset import decode

    return decode(data, charset)[0]
