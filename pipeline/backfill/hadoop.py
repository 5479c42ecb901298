"""Files where Spark's own file systems see them (HDFS, S3, local): listing inputs, small files of a backfill."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any
from urllib.parse import unquote

from ..errors import NewsmillError, UsageError
from ..pages import is_sidecar
from ..project import Project
from .inputs import shown
from .plan import Entry, File

_IGNORED = re.compile(r"\.|.*(~|\.tmp|\.part|\.crdownload)$")  # as in a local raw/


class Hadoop:
    """Hadoop's file systems, through the session's Java virtual machine."""

    def __init__(self, spark: Any) -> None:
        self._path = spark.sparkContext._jvm.org.apache.hadoop.fs.Path
        self._conf = spark.sparkContext._jsc.hadoopConfiguration()

    def read(self, uri: str) -> bytes | None:
        """The bytes of a small file; None where there is none."""
        path, files = self._at(uri)
        if not files.exists(path):
            return None
        with closing(files.open(path)) as stream:
            return bytes(stream.readAllBytes())

    def write(self, uri: str, content: bytes) -> None:
        path, files = self._at(uri)
        with closing(files.create(path, True)) as stream:
            stream.write(bytearray(content))

    def remove(self, uri: str) -> None:
        path, files = self._at(uri)
        files.delete(path, True)

    def entries(self, inputs: Sequence[str], project: Project) -> Iterator[Entry]:
        """An entry for each file or folder that the URIs, which may be patterns, name. Raises UsageError for none."""
        for uri in inputs:
            path, files = self._at(uri)
            found = list(files.globStatus(path) or ())
            if not found:
                raise UsageError(f"{uri}: no such file or folder")
            for status in found:
                yield self._entry(status, files, project)

    def _entry(self, status: Any, files: Any, project: Project) -> Entry:
        path = status.getPath()
        name = path.getName()
        if not status.isDirectory():
            return Entry(name, False, (_file(path, name, status.getLen(), project),))
        base = path.toString().rstrip("/") + "/"
        found: list[File] = []
        below = files.listFiles(path, True)
        while below.hasNext():
            one = below.next()
            relative = one.getPath().toString().removeprefix(base)
            if not any(_IGNORED.match(part) for part in relative.split("/")):
                found.append(_file(one.getPath(), f"{name}/{relative}", one.getLen(), project))
        if beside := next((file for file in found if is_sidecar(file.place)), None):
            raise NewsmillError(
                f"{beside.place}: files beside pages (.meta.json) are read from local paths alone: mount the folder, "
                "or pack the pages into WARC or JSONL"
            )
        return Entry(name, True, tuple(sorted(found, key=lambda file: os.fsencode(file.name))))

    def _at(self, uri: str) -> tuple[Any, Any]:
        path = self._path(uri)
        return path, path.getFileSystem(self._conf)


def _file(path: Any, relative: str, size: int, project: Project) -> File:
    return File(path.toString(), shown(relative, project), size)


def same_place(uri: str) -> str:
    """A URI as Spark's reader and Hadoop's listing both write it: file:/x, file:///x and %20 are one spelling each."""
    return unquote(re.sub(r"^([a-z0-9+.-]+):/+", r"\1:/", uri))
