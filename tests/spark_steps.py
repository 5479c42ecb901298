"""Run by test_backfill.py in a process of its own: steps in Spark beside the functions of a local run."""

from __future__ import annotations

import random
import sys

import numpy as np
import pyarrow as pa

from pipeline.backfill import components, spark
from pipeline.config import Config
from pipeline.dedup.candidates import Keys, candidates

session = spark.session("local[2,4]", {"spark.sql.shuffle.partitions": "3"})
job = spark.Job(session, sys.argv[1], Config(), lambda text: None)

pick = random.Random(7)
ARTICLES = 300
rows = []
for number in range(ARTICLES):
    keys = [pick.choice([pick.randrange(12), pick.randrange(200), pick.randrange(5000)]) for _ in range(12)]
    keys += pick.choices(keys, k=3)  # some twice in one article, with other weights
    rows.append((number, keys, [pick.choice([1, 1, 2]) for _ in keys]))
table = pa.table({
    "number": pa.array([row[0] for row in rows], pa.int64()),
    "key": pa.array([row[1] for row in rows], pa.list_(pa.int32())),
    "weight": pa.array([row[2] for row in rows], pa.list_(pa.int8())),
})  # fmt: skip
found = job._pairs(session.createDataFrame(table)).toArrow().to_pydict()
mine = sorted(zip(found["number"], found["other"], strict=True))
all_keys = Keys(
    np.array([key for row in rows for key in row[1]], np.int32),
    np.array([row[0] for row in rows for _ in row[1]], np.int32),
    np.array([weight for row in rows for weight in row[2]], np.int8),
)
none = np.zeros(0, np.int64)
best = candidates(all_keys, 0, lambda wanted: (np.zeros(0, np.int32), none, none))
theirs = sorted(zip(best.article.tolist(), best.candidate.tolist(), strict=True))
assert len(theirs) > 1000
assert mine == theirs
print("pairs")

edges = [(n, n - pick.choice([1, 2, 7])) for n in range(10, 400) if pick.random() < 0.7]
edges += [(n, n - 1) for n in range(1000, 1060)]  # a chain
a, b = (np.array([edge[n] for edge in edges], np.int64) for n in range(2))
labels = job._spread(session.createDataFrame(pa.table({"number": a, "other": b}))).toArrow().to_pydict()
nodes, expected = components.components(a, b)
assert dict(zip(labels["number"], labels["component"], strict=True)) == dict(
    zip(nodes.tolist(), expected.tolist(), strict=True)
)
print("components")
session.stop()
