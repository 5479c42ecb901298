"""Files where Spark's own file systems see them (HDFS, S3, local): listing inputs, small files of a backfill."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import unquote

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException

from ..errors import NewsmillError, UsageError
from ..pages import is_sidecar
from ..project import Project
from .inputs import shown
from .plan import Entry, File

_JARS = "Spark here has no reader for it: name its jars, --conf spark.jars.packages="
_RIGHTS = "may this user, on this machine, use it?"
# What Java complains of -> what to do about it; the first that fits.
_REMEDIES = {
    'No FileSystem for scheme "s3': "write s3a:// instead",
    "No FileSystem for scheme": f"{_JARS}GROUP:NAME:VERSION",
    "S3AFileSystem not found": f"{_JARS}org.apache.hadoop:hadoop-aws:{{hadoop}}",
    "ClassNotFound": f"{_JARS}GROUP:NAME:VERSION",
    "no host": "name the host, hdfs://HOST:PORT/..., or set it, --conf spark.hadoop.fs.defaultFS=hdfs://HOST:PORT",
    "UnknownHost": "is the name of the host right?",
    "ConnectException": "are host and port right, and is the server up?",
    "AccessControl": _RIGHTS,
    "AccessDenied": _RIGHTS,
    "Permission denied": _RIGHTS,
    "Mkdirs failed": _RIGHTS,
}
_IGNORED = re.compile(r"\.|.*(~|\.tmp|\.part|\.crdownload)$")  # as in a local raw/


class Hadoop:
    """Hadoop's file systems, through the session's Java virtual machine."""

    def __init__(self, spark: Any) -> None:
        self._path = spark.sparkContext._jvm.org.apache.hadoop.fs.Path
        self._conf = spark.sparkContext._jsc.hadoopConfiguration()
        self._version = spark.sparkContext._jvm.org.apache.hadoop.util.VersionInfo

    def read(self, uri: str) -> bytes | None:
        """The bytes of a small file; None where there is none."""
        with self._named(uri):
            path, files = self._at(uri)
            if not files.exists(path):
                return None
            with closing(files.open(path)) as stream:
                return bytes(stream.readAllBytes())

    def write(self, uri: str, content: bytes) -> None:
        with self._named(uri):
            path, files = self._at(uri)
            with closing(files.create(path, True)) as stream:
                stream.write(bytearray(content))

    def remove(self, uri: str) -> None:
        with self._named(uri):
            path, files = self._at(uri)
            files.delete(path, True)

    def entries(self, inputs: Sequence[str], project: Project) -> Iterator[Entry]:
        """An entry for each file or folder that the URIs, which may be patterns, name. Raises UsageError for none."""
        for uri in inputs:
            if uri.startswith(("http:", "https:")):
                raise UsageError(f"{uri}: pages of the web are no input: `newsmill fetch`, or download the file first")
            with self._named(uri):
                path, files = self._at(uri)
                statuses = list(files.globStatus(path) or ())
                if not statuses:
                    raise UsageError(f"{uri}: no such file or folder")
                entries = [self._entry(status, files, project) for status in statuses]
            yield from entries

    def _entry(self, status: Any, files: Any, project: Project) -> Entry:
        path = status.getPath()
        name = path.getName()
        if not status.isDirectory():
            return Entry(name, False, (_file(status, name, project),))
        base = path.toString().rstrip("/") + "/"
        inner_files: list[File] = []
        below = files.listFiles(path, True)
        while below.hasNext():
            one = below.next()
            relative = one.getPath().toString().removeprefix(base)
            if not any(_IGNORED.match(part) for part in relative.split("/")):
                inner_files.append(_file(one, f"{name}/{relative}", project))
        if beside := next((file for file in inner_files if is_sidecar(file.place)), None):
            raise NewsmillError(
                f"{beside.place}: files beside pages (.meta.json) are read from local paths alone: mount the folder, "
                "or pack the pages into WARC or JSONL"
            )
        return Entry(name, True, tuple(sorted(inner_files, key=lambda file: os.fsencode(file.name))))

    @contextmanager
    def _named(self, uri: str) -> Iterator[None]:
        """What Java's file systems complain of, as a NewsmillError that says where, what, and what to do."""
        try:
            yield
        except (Py4JJavaError, PySparkException) as error:
            text = str(getattr(error, "java_exception", None) or error).partition("\n")[0]
            remedy = next((advice for word, advice in _REMEDIES.items() if word in text), "check the address")
            what = re.sub(r"[\w.$]+(Exception|Error): |; For more details see:.*", "", text)
            raise NewsmillError(f"{uri}: {what or text}; {remedy.format(hadoop=self._version.getVersion())}") from error

    def _at(self, uri: str) -> tuple[Any, Any]:
        path = self._path(uri)
        return path, path.getFileSystem(self._conf)


def _file(status: Any, relative: str, project: Project) -> File:
    place, changed = status.getPath().toString(), status.getModificationTime()
    return File(place, shown(relative, project), status.getLen(), changed=changed)


def same_place(uri: str) -> str:
    """A URI as Spark's reader and Hadoop's listing both write it: file:/x, file:///x and %20 are one spelling each."""
    return unquote(re.sub(r"^([a-z0-9+.-]+):/+", r"\1:/", uri))
