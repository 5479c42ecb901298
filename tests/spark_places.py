"""Run by test_backfill_faults.py in a process of its own: what is said of places that cannot be read or written."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.backfill import spark
from pipeline.backfill.hadoop import Hadoop
from pipeline.config import Config
from pipeline.errors import NewsmillError
from pipeline.project import Project

# Place -> words of the answer: what is wrong, what to do.
PLACES = {
    "file:///nowhere/x.jsonl": ("no such file",),
    "file:///nowhere/[x": ("pattern",),
    "file://elsewhere/x": ("Wrong FS",),
    "hdfs://nowhere.invalid:8020/x": ("nowhere.invalid", "name of the host right?"),
    "hdfs://127.0.0.1:9/x": ("Connection refused", "is the server up?"),
    "hdfs:///x": ("no host", "hdfs://HOST:PORT"),
    "webhdfs://127.0.0.1:9/x": ("Connection refused", "is the server up?"),
    "s3a://bucket/x.warc.gz": ("S3AFileSystem", "org.apache.hadoop:hadoop-aws:3"),
    "s3://bucket/x.warc.gz": ("s3", "s3a://"),
    "gs://bucket/x": ("GoogleHadoopFileSystem", "spark.jars.packages"),
    "nosuch://x/y": ("nosuch", "spark.jars.packages"),
    "https://x.example/y.warc.gz": ("newsmill fetch",),
}
UNWRITABLE = {
    "s3a://bucket/out": ("S3AFileSystem", "hadoop-aws"),
    "hdfs://127.0.0.1:9/out": ("Connection refused", "is the server up?"),
    "file:///proc/out": ("/proc/out", "may this user"),
}

session = spark.session("local[1]", {})
files, project = Hadoop(session), Project(Path(sys.argv[1]), Config())


def answer(place: str, writes: bool) -> str:
    try:
        if writes:
            files.write(f"{place}/x", b"x")
        else:
            list(files.entries([place], project))
    except NewsmillError as error:
        return str(error)
    raise AssertionError(f"{place}: no error")


for places, writes in ((PLACES, False), (UNWRITABLE, True)):
    for place, words in places.items():
        said = answer(place, writes)
        print(said)
        assert said.startswith(place), said
        assert all(word in said for word in words), said
        assert "\n" not in said, said
        assert "Exception" not in said, said
session.stop()
print("all places")
