"""WACZ files for tests: records, indexes, lists of pages and hashes as the tools of Webrecorder write them."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

DATE = "2026-11-20T10:00:00Z"
Record = tuple[str, bytes]  # address, the whole record


def record(kind: str, address: str, block: bytes, *lines: str) -> Record:
    head = ["WARC/1.1", f"WARC-Type: {kind}", f"WARC-Target-URI: {address}", f"WARC-Date: {DATE}", *lines,
            f"Content-Length: {len(block)}"]  # fmt: skip
    return address, "\r\n".join([*head, "", ""]).encode() + block + b"\r\n\r\n"


def index(records: list[Record], places: list[tuple[int, int]], name: str) -> list[bytes]:
    out = []
    for (address, _), (offset, length) in zip(records, places, strict=True):
        row = {"url": address, "mime": "text/html", "length": str(length), "offset": str(offset), "filename": name}
        out.append(f"{address} 20261120100000 {json.dumps(row)}\n".encode())
    return sorted(out)


def wacz(
    records: list[Record],
    *,
    packed: bool = True,
    blocks: bool = True,
    stored: bool = True,
    signed: bool = True,
    stats: bool = False,
    change: Callable[[dict[str, bytes]], None] = lambda files: None,
) -> bytes:
    """packed: a gzip member for each record; blocks: a packed index with a second one; stats: hashes as before 1.1."""
    name = "data.warc.gz" if packed else "data.warc"
    archive, places = b"", []
    for _, data in records:
        data = gzip.compress(data, mtime=0) if packed else data
        places.append((len(archive), len(data)))
        archive += data
    lines = index(records, places, name)
    files = {f"archive/{name}": archive}
    if blocks:
        halves = [lines[:4], lines[4:]]
        members = [gzip.compress(b"".join(half), mtime=0) for half in halves if half]
        second = b'!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n'
        for n, member in enumerate(members):
            place = {"offset": sum(map(len, members[:n])), "length": len(member), "digest": sha256(member)}
            second += halves[n][0].partition(b" {")[0] + b" " + json.dumps(place).encode() + b"\n"
        files |= {"indexes/index.cdx.gz": b"".join(members), "indexes/index.idx": second}
    else:
        files["indexes/index.cdx"] = b"".join(lines)
    pages = [{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}]
    pages += [{"url": address, "ts": DATE, "title": address, "text": f"text of {address}"}
              for address, data in records if address.startswith("http") and b"type: text/html" in data.lower()]  # fmt: skip
    files["pages/pages.jsonl"] = "".join(json.dumps(page) + "\n" for page in pages).encode()
    change(files)
    package: dict[str, Any] = {"profile": "data-package", "wacz_version": "1.1.1", "modified": DATE, "resources": []}
    package["mainPageUrl"], package["mainPageTS"] = pages[-1].get("url"), DATE
    for path, data in files.items():
        sums = {"hash": sha256(data), "bytes": len(data)}
        package["resources"].append({"name": path.split("/")[-1], "path": path, **({"stats": sums} if stats else sums)})
    files["datapackage.json"] = json.dumps(package).encode()
    digest: dict[str, Any] = {"path": "datapackage.json", "hash": sha256(files["datapackage.json"])}
    if signed:
        digest["signedData"] = {"hash": digest["hash"], "signature": "c2lnbmF0dXJl", "created": DATE}
    files["datapackage-digest.json"] = json.dumps(digest).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for path, data in files.items():
            target.writestr(path, data, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def sha256(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def faults(data: bytes) -> Iterator[str]:
    """What a reader of the file would stumble over."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    package = json.loads(files["datapackage.json"])
    digest = json.loads(files["datapackage-digest.json"])
    if digest["hash"] != sha256(files["datapackage.json"]):
        yield "the digest is not that of datapackage.json"
    paths = {resource["path"] for resource in package["resources"]}
    if paths != files.keys() - {"datapackage.json", "datapackage-digest.json"}:
        yield f"datapackage.json lists {paths}"
    for resource in package["resources"]:
        sums = resource.get("stats", resource)
        data = files[resource["path"]]
        if sums["hash"] != sha256(data) or sums["bytes"] != len(data):
            yield f"{resource['path']}: hash or size"
    lines = files.get("indexes/index.cdx", b"").splitlines()
    if "indexes/index.cdx.gz" in files:
        for line in files["indexes/index.idx"].splitlines()[1:]:
            key, _, text = line.partition(b" {")
            place = json.loads(b"{" + text)
            block = files["indexes/index.cdx.gz"][place["offset"] :][: place["length"]]
            if sha256(block) != place["digest"] or not gzip.decompress(block).startswith(key + b" "):
                yield f"index.idx: {key!r}"
            lines += gzip.decompress(block).splitlines()
    if lines != sorted(lines):
        yield "the index is not sorted"
    for line in lines:
        row = json.loads(b"{" + line.partition(b" {")[2])
        data = files["archive/" + row["filename"]][int(row["offset"]) :][: int(row["length"])]
        data = gzip.decompress(data) if row["filename"].endswith(".gz") else data
        if f"WARC-Target-URI: {row['url']}\r\n".encode() not in data or data.count(b"WARC-Target-URI: ") != 1:
            yield f"index: {row['url']} leads elsewhere"


def indexed(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        path = next(name for name in packed.namelist() if "index.cdx" in name)
        text = packed.read(path)
    text = gzip.decompress(text) if path.endswith(".gz") else text
    return [json.loads(b"{" + line.partition(b" {")[2])["url"] for line in text.splitlines()]
