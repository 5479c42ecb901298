"""Tables as researchers read them: pandas, polars, DuckDB and Arrow find the types that the guide promises.

R's arrow package reads Parquet with the same C++ library as pyarrow, which stands in for it here.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.records.fields import NAMES

from ..conftest import html_page, run_newsmill, story

LONG_TITLE = "A café | „quotes“, a comma and a stroke of two"
UTC_TIME = datetime(2026, 11, 10, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three records: dated with an offset, dated by a day, not dated; one with a formula for a title."""
    root = tmp_path_factory.mktemp("tables")
    (root / "raw").mkdir()
    rows: list[dict[str, Any]] = [
        {"id": "1", "url": "https://post.example/2026/bridge", "published_at": "2026-11-10T08:00:00+01:00"},
        {"id": "2", "url": "https://post.example/2026/ferry", "published_at": "2026-11-11"},
        {"id": "3", "url": "https://post.example/2026/museum"},
    ]
    for row, title, topic in zip(
        rows, (LONG_TITLE, "=SUM(A1)", "The museum"), ("bridge", "ferry", "museum"), strict=True
    ):
        row["html"] = html_page(title, story(topic, 5))
    (root / "raw/2026-11-10.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert run_newsmill("run", "-q", "-C", root).returncode == 0
    for name in ("news.parquet", "news.csv", "news.db"):
        assert run_newsmill("export", "-C", root, "-o", root / name).returncode == 0
    return root


def test_pandas_reads_parquet_with_types(tables: Path) -> None:
    import pandas as pd

    news = pd.read_parquet(tables / "news.parquet").sort_values("url").reset_index(drop=True)
    assert str(news.published_utc.dtype).startswith("datetime64[") and str(news.published_utc.dt.tz) == "UTC"
    assert news.published_utc[0] == UTC_TIME and news.published_utc.isna().tolist() == [False, True, True]
    assert news.published_day.tolist()[:2] == [date(2026, 11, 10), date(2026, 11, 11)]
    assert news.published_at.tolist()[:2] == ["2026-11-10T08:00:00+01:00", "2026-11-11"]
    assert news.topics[0][0]["label"] and isinstance(news.topics[0][0]["confidence"], float)
    assert len(news.explode("topics")) >= len(news) and news.title[0] == LONG_TITLE
    assert news.raw[0]["path"] == "raw/2026-11-10.jsonl"


def test_pandas_reads_csv_without_options(tables: Path) -> None:
    import pandas as pd

    news = pd.read_csv(tables / "news.csv").sort_values("url").reset_index(drop=True)
    assert pd.to_datetime(news.published_utc)[0] == UTC_TIME
    assert news.confidence.dtype == float and news.text.str.len().min() > 500
    assert news.title.tolist() == [LONG_TITLE, "'=SUM(A1)", "The museum"]
    assert news.published_utc.isna().tolist() == [False, True, True]


def test_polars_reads_both(tables: Path) -> None:
    import polars as pl

    news = pl.read_parquet(tables / "news.parquet").sort("url")
    schema = news.schema
    assert schema["published_utc"] == pl.Datetime("us", "UTC") and schema["published_day"] == pl.Date
    assert schema["authors"] == pl.List(pl.String) and isinstance(schema["rights"], pl.Struct)
    assert isinstance(schema["topics"], pl.List) and isinstance(schema["topics"].inner, pl.Struct)  # type: ignore[attr-defined]
    assert news["published_utc"].to_list() == [UTC_TIME, None, None]
    labels = news.explode("topics").unnest("topics", separator=".")["topics.label"]
    assert labels.drop_nulls().len()
    lazy = pl.scan_parquet(tables / "news.parquet").filter(pl.col("published_utc") > datetime(2026, 1, 1, tzinfo=UTC))
    assert lazy.select("title").collect().item() == LONG_TITLE
    flat = pl.read_csv(tables / "news.csv", try_parse_dates=True).sort("url")
    assert flat["published_utc"].dtype == pl.Datetime("us", "UTC") and flat["title"].to_list()[0] == LONG_TITLE


def test_duckdb_reads_both(tables: Path) -> None:
    import duckdb

    db = duckdb.connect()
    db.execute("set timezone = 'UTC'")
    query = (
        f"select published_utc, published_day, topics[1].label, rights.tdm from '{tables}/news.parquet' order by url"
    )
    first = db.execute(query).fetchone()
    assert first and first[1] == date(2026, 11, 10) and first[2]
    assert first[0].astimezone(UTC) == UTC_TIME if isinstance(first[0], datetime) else False
    kinds = {name: kind for name, kind, *_ in db.execute(f"describe select * from '{tables}/news.csv'").fetchall()}
    assert kinds["published_utc"].startswith("TIMESTAMP") and kinds["confidence"] == "DOUBLE"
    assert db.execute(f"select count(*), max(length(text)) from '{tables}/news.csv'").fetchone()[0] == 3  # type: ignore[index]


def test_arrow_reads_parquet_as_r_would(tables: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(tables / "news.parquet")
    assert table.schema.field("published_utc").type == pa.timestamp("us", "UTC")
    assert table.schema.field("published_day").type == pa.date32()
    assert table.schema.field("authors").type == pa.list_(pa.field("element", pa.string()))
    assert pa.types.is_struct(table.schema.field("topics").type.value_type)
    assert pa.types.is_map(table.schema.field("stripped").type)
    assert set(NAMES) <= set(table.column_names)
    coded = pq.read_table(tables / "news.parquet", read_dictionary=["language"]).schema.field("language").type
    assert pa.types.is_dictionary(coded)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        pytest.param("=1+1", "'=1+1", id="formula"),
        pytest.param("+49 30 1234", "'+49 30 1234", id="plus"),
        pytest.param("-5 degrees", "'-5 degrees", id="minus"),
        pytest.param("@home", "'@home", id="at"),
        pytest.param("\t=1", "'\t=1", id="tab first"),
        pytest.param("\r=1", "'\r=1", id="carriage return first"),
        pytest.param("＝1+1", "'＝1+1", id="full-width equals sign"),
        pytest.param("A = B", "A = B", id="in the middle"),
        pytest.param(-0.5, -0.5, id="a number"),
        pytest.param(None, None, id="nothing"),
    ],
)
def test_a_spreadsheet_runs_no_cell_as_a_formula(cell: Any, written: Any) -> None:
    from pipeline.export.csv import _cell

    assert _cell(cell) == written


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        pytest.param("select count(*) from records", [(3,)], id="records"),
        pytest.param("select day, stories from stories_by_day where day like '2026-11-1%' order by 1", [("2026-11-10", 1), ("2026-11-11", 1)], id="stories by day"),
        pytest.param("select count(*) from pragma_foreign_key_list('records')", [(1,)], id="foreign key to clusters"),
        pytest.param("select count(*) > 5 from pragma_index_list('records')", [(1,)], id="indexes"),
        pytest.param("select title from records where title like '=%'", [("=SUM(A1)",)], id="text as it is"),
    ],
)  # fmt: skip
def test_sqlite_answers(tables: Path, query: str, rows: list[Any]) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(tables / "news.db")) as db:
        assert db.execute(query).fetchall() == rows
