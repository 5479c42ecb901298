"""A WebHDFS server over a local folder, for Hadoop's own client: the calls that Spark's readers and writers make."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

PREFIX = "/webhdfs/v1"


@contextmanager
def serving(root: Path) -> Iterator[str]:
    """The address of the folder, webhdfs://HOST:PORT, while the server runs."""

    class Handler(_Handler):
        base = root

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"webhdfs://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    base: Path
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    do_PUT = do_POST = do_DELETE = do_GET

    def log_message(self, *args: object) -> None:
        pass

    def _answer(self) -> None:
        url = urlsplit(self.path)
        query = {name.lower(): values[0] for name, values in parse_qs(url.query).items()}
        path = self.base / unquote(url.path.removeprefix(PREFIX)).strip("/")
        operation = query["op"].upper()
        if operation in ("OPEN", "CREATE") and "datanode" not in query:  # a name node sends to a data node
            if operation == "OPEN" and not path.is_file():
                return self._refuse("java.io.FileNotFoundException", f"File does not exist: {path.name}")
            host, port = self.server.server_address[:2]
            return self._send(307, b"", Location=f"http://{host!s}:{port}{self.path}&datanode=true")
        match operation:
            case "GETFILESTATUS" | "LISTSTATUS" if not path.exists():
                self._refuse("java.io.FileNotFoundException", f"File does not exist: {path.name}")
            case "GETFILESTATUS":
                self._json({"FileStatus": _status(path, "")})
            case "LISTSTATUS":
                inside = sorted(path.iterdir()) if path.is_dir() else []
                found = [_status(one, one.name) for one in inside] if path.is_dir() else [_status(path, "")]
                self._json({"FileStatuses": {"FileStatus": found}})
            case "GETFILEBLOCKLOCATIONS":
                block = {"cachedHosts": [], "corrupt": False, "hosts": ["localhost"], "length": path.stat().st_size,
                         "names": ["127.0.0.1:9866"], "offset": 0, "storageTypes": ["DISK"],
                         "topologyPaths": ["/default-rack/127.0.0.1:9866"]}  # fmt: skip
                self._json({"BlockLocations": {"BlockLocation": [block]}})
            case "OPEN":
                start = int(query.get("offset", 0))
                content = path.read_bytes()[start:]
                self._send(200, content[: int(query["length"])] if "length" in query else content)
            case "CREATE":
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(self._body())
                self._send(201, b"")
            case "MKDIRS":
                path.mkdir(parents=True, exist_ok=True)
                self._json({"boolean": True})
            case "RENAME":
                target = self.base / unquote(query["destination"]).strip("/")
                moves = path.exists() and target.parent.is_dir()
                if moves:
                    path.rename(target / path.name if target.is_dir() else target)
                self._json({"boolean": moves})
            case "DELETE":
                gone = path.exists()
                if gone:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
                self._json({"boolean": gone})
            case _:
                self._refuse("java.lang.UnsupportedOperationException", operation)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        found = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return found

    def _json(self, value: object, status: int = 200) -> None:
        self._send(status, json.dumps(value).encode())  # pyspark 4.3 lacks the classes that read a Content-Type

    def _refuse(self, java: str, text: str) -> None:
        said = {"exception": java.rpartition(".")[2], "javaClassName": java, "message": text}
        self._json({"RemoteException": said}, 404 if "NotFound" in java else 400)

    def _send(self, status: int, content: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


def _status(path: Path, suffix: str) -> dict[str, Any]:
    found = path.stat()
    return {
        "accessTime": 0, "blockSize": 128 << 20, "childrenNum": 0, "fileId": found.st_ino, "group": "news",
        "length": 0 if path.is_dir() else found.st_size, "modificationTime": found.st_mtime_ns // 1_000_000,
        "owner": "news", "pathSuffix": suffix, "permission": "755", "replication": 1, "storagePolicy": 0,
        "type": "DIRECTORY" if path.is_dir() else "FILE",
    }  # fmt: skip
