"""The steps of a backfill on Apache Spark: with `hadoop.py` the only module that imports pyspark.

What needs the order of all articles is SQL over whole columns (who had a key first, who had it last before); all else
is a function of `steps`, mapped over Arrow batches in the executors' Python workers. Each step is written under
OUT/steps before the next one reads it: a lost executor costs its tasks, a killed driver the step it was in.

Long because all that knows Spark is here.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

import pyarrow as pa
from pyspark import TaskContext
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructType

from .. import files
from ..config import Config
from ..dedup.candidates import CANDIDATES, ENOUGH
from ..records.types import spark_schema
from . import components, sequence, steps
from .hadoop import Hadoop, same_place
from .plan import PAGE_BITS, Unit

ROWS = 500  # in an Arrow batch: drafts take 10 KB each
ATTEMPTS = 4  # of a task, also on one machine, where Spark's default is one
THREADS_TOGETHER = 50_000  # rows the driver writes at once
LOCAL = f"local[*,{ATTEMPTS}]"

EXTRACT = "kind string, number bigint, batch int, source string, line binary"
REPEATS = "batch int, source string, lines binary, furniture binary"
ARTICLES = (
    "kind string, number bigint, batch int, id string, line binary, tags binary, "
    "key array<int>, weight array<tinyint>"
)  # fmt: skip
PAIRS = "number bigint, other bigint"
MATCHES = (
    "number bigint, other bigint, id string, agency string, other_id string, source string, relation string, "
    "jaccard double, containment double, covered double"
)
LABELS = "number bigint, component bigint"
DUPLICATES = "number bigint, cluster string, duplicate binary"
STORIES = "number bigint, batch int, id string, cluster string, heads boolean, terms binary"
THREADS = "number bigint, thread binary"
RECORDS = "day string, line string"

Rows = Iterable[tuple[Any, ...]]


def session(master: str | None, conf: Mapping[str, str]) -> SparkSession:
    """The session; on this machine's processors unless spark-submit, `master` or the environment say otherwise."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):  # one task a processor is the parallelism there is
        os.environ.setdefault(name, "1")
    builder = SparkSession.builder.appName("newsmill backfill")
    if master or "SPARK_REMOTE" not in os.environ:
        where = master or os.environ.get("MASTER") or _submitted() or LOCAL
        builder = builder.master(where)
        if where.startswith("local"):
            builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
            builder = builder.config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
            builder = builder.config("spark.driver.memory", "2g")
    builder = builder.config("spark.sql.files.maxPartitionBytes", "16m")  # Python works on 1 MB for seconds
    for key, value in conf.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(ROWS))
    return spark


def _submitted() -> str | None:
    from pyspark import SparkConf

    master: str | None = SparkConf().get("spark.master", None)
    return master


class Job:
    """One backfill: its session, its folder of results, its settings."""

    def __init__(self, spark: SparkSession, out: str, cfg: Config, say: Callable[[str], None]) -> None:
        self.spark = spark
        self.out = out if "://" in out else f"file://{os.path.abspath(out)}"  # noqa: PTH100
        self.cfg = cfg
        self.say = say
        self.files = Hadoop(spark)

    def run(self, units: Sequence[Unit], files: int) -> dict[str, int]:
        """Do every step that is not done yet; returns what was counted. `files` is how many the units hold."""
        self._write("extract", lambda: self._extract(units), by="kind")
        extracted = self._read("extract", EXTRACT)
        self._whole(extracted, files)
        self._write("repeats", lambda: self._repeats(extracted))
        self._write("articles", lambda: self._articles(extracted, self._read("repeats", REPEATS)), by="kind")
        articles = self._read("articles", ARTICLES).where("kind = 'article'")
        self._write("pairs", lambda: self._pairs(articles))
        self._write("matches", lambda: self._matches(articles, self._read("pairs", PAIRS)))
        matches = self._read("matches", MATCHES)
        self._write("labels", lambda: self._labels(matches))
        self._write("duplicates", lambda: self._duplicates(articles, matches, self._read("labels", LABELS)))
        duplicates = self._read("duplicates", DUPLICATES)
        self._write("stories", lambda: self._stories(articles, duplicates))
        if not self.is_done("threads"):
            self._timed("threads", self._threads)
        self._write("records", lambda: self._records(articles, duplicates, self._read("threads", THREADS)))
        return self._publish()

    # --- the steps

    def _extract(self, units: Sequence[Unit]) -> DataFrame:
        """Every page once; remote files come with their bytes, local ones are opened where the task runs."""
        context = self.spark.sparkContext
        local = [(unit.to_json(),) for unit in units if unit.files[0].raw]
        remote = [unit for unit in units if not unit.files[0].raw]
        drafts: DataFrame | None = None
        if local:
            rows = context.parallelize(local, len(local))
            plan = self.spark.createDataFrame(rows, "unit string").withColumn("body", F.lit(None).cast("binary"))
            drafts = self._map(plan, partial(_extracted, cfg=self.cfg), EXTRACT)
        if remote:
            self.spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "1")  # one file's bytes at a time
            names = [(same_place(unit.files[0].place), unit.to_json()) for unit in remote]
            bodies = self.spark.read.format("binaryFile").load([unit.files[0].place for unit in remote])
            bodies = bodies.select(F.udf(same_place, "string")("path").alias("path"), F.col("content").alias("body"))
            known = F.broadcast(self.spark.createDataFrame(names, "path string, unit string"))
            plan = bodies.join(known, "path").select("unit", "body")
            more = self._map(plan, partial(_extracted, cfg=self.cfg), EXTRACT)
            drafts = more if drafts is None else drafts.union(more)
        return drafts if drafts is not None else self.spark.createDataFrame([], EXTRACT)

    def _whole(self, extracted: DataFrame, files: int) -> None:
        """Every file gives a row at least: raise where the engine left one out."""
        self.spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(ROWS))
        pages = extracted.where("kind <> 'sample'")
        present = pages.select(F.shiftright("number", PAGE_BITS)).distinct().count()
        if present != files:
            raise RuntimeError(f"{self.out}: {files - present} of {files} input files gave no row at all")

    def _repeats(self, extracted: DataFrame) -> DataFrame:
        samples = extracted.where("kind = 'sample'").select("batch", "source", "line")
        grouped = samples.repartition("batch", "source").sortWithinPartitions("batch", "source")
        return self._map(grouped, steps.repeated, REPEATS)

    def _articles(self, extracted: DataFrame, repeats: DataFrame) -> DataFrame:
        drafts = extracted.where("kind = 'draft'").select("number", "batch", "source", "line")
        known = repeats.select("batch", "source", "furniture")
        rows = drafts.join(known, ["batch", "source"], "left")
        rows = rows.select("number", "batch", "source", "line", "furniture")
        return self._map(rows, partial(steps.articles, cfg=self.cfg), ARTICLES)

    def _pairs(self, articles: DataFrame) -> DataFrame:
        """dedup/candidates.py in SQL: who had each key first, and who had it last before.

        An article that has a key twice meets itself: `seq` gives the same order as there.
        """
        zipped = F.posexplode(F.arrays_zip("key", "weight")).alias("seq", "had")
        keys = articles.select("number", zipped).select("number", "seq", "had.key", "had.weight")
        before = Window.partitionBy("key").orderBy("number", "seq")
        met = keys.select(
            "number",
            "weight",
            F.lag("number").over(before).alias("latest"),
            F.first("number").over(before).alias("first"),
        ).where("latest is not null")
        both = F.expr("explode(if(first = latest, array(latest), array(latest, first)))").alias("other")
        shared = met.select("number", "weight", both).where("other <> number").groupBy("number", "other")
        enough = shared.agg(F.sum("weight").alias("shared")).where(F.col("shared") >= ENOUGH)
        best = Window.partitionBy("number").orderBy(F.desc("shared"), "other")
        ranked = enough.select("number", "other", F.row_number().over(best).alias("rank"))
        return ranked.where(F.col("rank") <= CANDIDATES).select("number", "other")

    def _matches(self, articles: DataFrame, pairs: DataFrame) -> DataFrame:
        """Each article once beside its candidates: its text is not sent again with every one of them."""
        lines = articles.select(F.col("number").alias("at"), "line")
        others = pairs.join(lines, pairs.other == lines.at).select("number", "other", "line")
        article_rows = pairs.select("number").distinct().join(lines, F.col("number") == lines.at)
        rows = others.union(article_rows.select("number", F.lit(-1).cast("bigint"), "line"))
        grouped = rows.repartition("number").sortWithinPartitions("number", "other")
        return self._map(grouped, partial(steps.matches, cfg=self.cfg.dedup), MATCHES)

    def _labels(self, matches: DataFrame) -> DataFrame:
        edges = matches.select("number", "other")
        if matches.count() > components.DRIVER:
            return self._spread(edges)
        table = edges.toArrow()
        nodes, labels = components.components(*(table.column(n).to_numpy() for n in range(2)))
        return self.spark.createDataFrame(pa.table({"number": nodes, "component": labels}))

    def _spread(self, edges: DataFrame) -> DataFrame:
        """The same on the cluster: the lowest label of all neighbours, then that label's own, until none changes."""
        both = edges.union(edges.select("other", "number")).toDF("number", "other")
        labels = both.groupBy("number").agg(F.min("other").alias("low"))
        labels = labels.select("number", F.least("number", "low").alias("component"))
        for turn in range(1000):
            self._write(f"labels-{turn}", partial(_same, labels))
            now = self._read(f"labels-{turn}", LABELS)
            theirs = now.select(F.col("number").alias("other"), F.col("component").alias("low"))
            least = both.join(theirs, "other").groupBy("number").agg(F.min("low").alias("low"))
            low = now.join(least, "number").select("number", F.least("component", "low").alias("low"))
            lowest_labels = now.select(F.col("number").alias("low"), F.col("component").alias("lowest"))
            labels = low.join(lowest_labels, "low").select("number", F.least("low", "lowest").alias("component"))
            old = now.select("number", F.col("component").alias("old"))
            if labels.join(old, "number").where("component <> old").isEmpty():
                return now
        raise RuntimeError("the components of duplicates did not come out in 1000 rounds")

    def _duplicates(self, articles: DataFrame, matches: DataFrame, labels: DataFrame) -> DataFrame:
        """Every article of a component once, then what it repeats; texts only where a third article may part two."""
        sizes = labels.groupBy("component").agg((F.count("*") > 2).alias("texts"))
        nodes = labels.join(sizes, "component").join(articles.select("number", "id", "line"), "number")
        line = F.when(F.col("texts"), F.col("line")).alias("line")
        article_rows = nodes.select("component", "number", F.lit(-1).cast("bigint").alias("other"), "id", line)
        match_rows = matches.join(labels, "number").withColumn("line", F.lit(None).cast("binary"))
        rows = match_rows.unionByName(article_rows, allowMissingColumns=True).select(
            "component", "number", "other", "id", "line", "agency", "other_id", "source", "relation",
            "jaccard", "containment", "covered",
        )  # fmt: skip
        grouped = rows.repartition("component").sortWithinPartitions("component", "number", "other")
        return self._map(grouped, steps.verdicts, DUPLICATES)

    def _stories(self, articles: DataFrame, duplicates: DataFrame) -> DataFrame:
        cluster = duplicates.select("number", "cluster")
        heads = cluster.select(F.col("cluster").alias("id")).distinct().withColumn("heads", F.lit(True))
        rows = (
            articles.select("number", "batch", "id", "line").join(cluster, "number", "left").join(heads, "id", "left")
        )
        rows = rows.select("number", "batch", "id", "cluster", F.coalesce("heads", F.lit(False)).alias("heads"), "line")
        return self._map(rows, steps.stories, STORIES)

    def _threads(self) -> None:
        """In order, in the driver; partitions of stories come one after the other."""
        ordered = self._read("stories", STORIES).orderBy("number")
        rows = sequence.threads(map(tuple, ordered.toLocalIterator(prefetchPartitions=True)), self.cfg.threads)
        path, mode = self._path("threads"), "overwrite"
        while (part := list(islice(rows, THREADS_TOGETHER))) or mode == "overwrite":
            numbers, lines = zip(*part, strict=True) if part else ((), ())
            table = pa.table({"number": pa.array(numbers, pa.int64()), "thread": pa.array(lines, pa.binary())})
            self.spark.createDataFrame(table).coalesce(1).write.mode(mode).parquet(path)
            mode = "append"

    def _records(self, articles: DataFrame, duplicates: DataFrame, threads: DataFrame) -> DataFrame:
        rows = articles.select("number", "line", "tags").join(
            duplicates.select("number", "duplicate"), "number", "left"
        )
        rows = rows.join(threads, "number").select("line", "tags", "duplicate", "thread")
        return self._map(rows, partial(steps.records, cfg=self.cfg), RECORDS)

    def _publish(self) -> dict[str, int]:
        """The product: records.parquet and records.jsonl, each with a folder for each day."""
        records = self._read("records", RECORDS)
        if not self.is_done("published"):
            self._timed("published", lambda: self._by_day(records))
        skipped = [self._read("extract", EXTRACT), self._read("articles", ARTICLES)]
        return {
            "articles": self._read("articles", ARTICLES).where("kind = 'article'").count(),
            "skipped": sum(frame.where("kind = 'skipped'").count() for frame in skipped),
            "duplicates": self._read("duplicates", DUPLICATES).count(),
            "records": records.count(),
        }

    def _by_day(self, records: DataFrame) -> None:
        spread = records.hint("rebalance", "day")
        spread.write.mode("overwrite").partitionBy("day").text(f"{self.out}/{files.RECORDS}")
        parsed = spread.select("day", F.from_json("line", spark_schema(), {"mode": "FAILFAST"}).alias("record"))
        parsed.select("day", "record.*").write.mode("overwrite").partitionBy("day").parquet(
            f"{self.out}/records.parquet"
        )

    # --- what is done

    def _map(self, frame: DataFrame, function: Callable[[Rows], Rows], schema: str) -> DataFrame:
        arrow = to_arrow_schema(StructType.fromDDL(schema))
        return frame.mapInArrow(partial(_batches, function=function, schema=arrow), schema)

    def _path(self, name: str) -> str:
        return f"{self.out}/steps/{name}"

    def _write(self, name: str, make: Callable[[], DataFrame], by: str | None = None) -> None:
        """Write a step's rows unless that was done before."""
        if self.is_done(name):
            return

        def write() -> None:
            writer = make().write.mode("overwrite")
            (writer.partitionBy(by) if by else writer).parquet(self._path(name))

        self._timed(name, write)

    def _timed(self, name: str, work: Callable[[], None]) -> None:
        self.spark.sparkContext.setJobDescription(name)
        started = time.monotonic()
        work()
        self.put(f"steps/{name}.done", b"")
        self.say(f"{name}: {time.monotonic() - started:.1f} s")

    def _read(self, name: str, schema: str) -> DataFrame:
        return self.spark.read.schema(schema).parquet(self._path(name))

    def is_done(self, name: str) -> bool:
        return self.get(f"steps/{name}.done") is not None

    def get(self, name: str) -> bytes | None:
        """The bytes of a small file under OUT; None where there is none."""
        return self.files.read(f"{self.out}/{name}")

    def put(self, name: str, content: bytes) -> None:
        self.files.write(f"{self.out}/{name}", content)

    def remove(self, name: str) -> None:
        self.files.remove(f"{self.out}/{name}")


def _same(frame: DataFrame) -> DataFrame:
    return frame


def _extracted(rows: Rows, cfg: Config) -> Rows:
    task = TaskContext.get()
    last_try = task is None or task.attemptNumber() >= ATTEMPTS - 2
    for unit, body in rows:
        yield from steps.extracted(Unit.from_json(unit), body, cfg, last_try=last_try)


def _batches(
    batches: Iterable[pa.RecordBatch], function: Callable[[Rows], Rows], schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    """A function of rows as Spark calls it, with batches of columns."""
    rows = iter(function(row for batch in batches for row in zip(*(c.to_pylist() for c in batch.columns), strict=True)))
    while part := list(islice(rows, ROWS)):
        columns = zip(*part, strict=True)
        yield pa.RecordBatch.from_arrays(
            [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
        )
