"""pipeline/records/fields.py, pipeline/records/types.py: what a record holds, of which type, and what it means."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from pipeline import model
from pipeline.records import fields, types
from pipeline.records.fields import FIELDS, SCHEMA, Run, record

ARTICLE = model.Article(
    "a" * 64, "https://herald.example/a", "Bridge", "The bridge is open.", "0" * 64, model.Raw("raw/a", None, "1")
)
TOPIC = model.Topic("medtop:1", "transport", 0.9, "model", ("bridge",))
DUPLICATE = model.Duplicate(ARTICLE.id, "b" * 64, "near", "b" * 64, 0.8, 0.9, 0.85)
WRITTEN = (*fields.FILES.values(), model.Skipped, model.Raw, model.Image, model.Structure, model.Link, model.Embed,
           model.Wire, model.Rights, model.Topic, model.Place, model.Membership, Run)  # fmt: skip


@pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.__name__) for kind in WRITTEN])
def test_every_field_that_is_written_says_what_it_holds(kind):
    assert [name for name, meaning in types.meanings(kind).items() if not meaning] == []


@pytest.mark.parametrize("words", [pytest.param(w, id=f"{w}"[:40]) for w in model.MEANINGS])
def test_every_word_of_a_closed_list_is_explained(words):
    assert tuple(model.MEANINGS[words]) == get_args(words)


def test_a_record_field_without_a_meaning_would_be_noticed():
    assert all(types.field_meanings().values())
    assert types.meanings(model.Line)["text"] == "", "a field without doc() has none"


def test_meanings_reach_a_json_schema():
    """msgspec reads the same notes: a schema can be made without a table of its own."""
    schema = msgspec.json.schema(model.Place)["$defs"]["Place"]
    assert {name: each["description"] for name, each in schema["properties"].items()} == types.meanings(model.Place)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param({}, {"cluster_id": ARTICLE.id, "relation": None, "jaccard": None, "also": [], "topics": [], "places": [], "thread": None}, id="an article alone"),
        pytest.param({model.Duplicate: DUPLICATE}, {"cluster_id": "b" * 64, "relation": "near", "jaccard": 0.8, "also": ()}, id="with a verdict"),
        pytest.param({model.Tags: model.Tags(ARTICLE.id, (TOPIC,))}, {"topics": (TOPIC,), "places": (), "cluster_id": ARTICLE.id}, id="with topics"),
    ],
)  # fmt: skip
def test_a_record_holds_every_field_in_the_order_of_the_table(rows, expected):
    made = record(ARTICLE, rows, Run("1", "hash"))
    assert list(made) == [field.name for field in FIELDS]
    assert made["schema"] == SCHEMA
    assert {name: made[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("name", "sql"),
    [
        pytest.param("title", "varchar", id="text"),
        pytest.param("authors", "varchar[]", id="list of text"),
        pytest.param("jaccard", "double", id="number that may be missing"),
        pytest.param("access", "varchar", id="word of a closed list"),
        pytest.param("stripped", "map(varchar, bigint)", id="counts"),
        pytest.param("raw", 'struct("path" varchar, "key" varchar, "sha256" varchar)', id="object"),
    ],
)
def test_types_of_fields(name, sql):
    assert types.sql_type(types.field_types()[name]) == sql


@pytest.mark.parametrize("field", [pytest.param(field, id=field.name) for field in FIELDS])
def test_a_field_that_a_missing_row_leaves_null_is_typed_so(field):
    value = record(ARTICLE, {}, Run("1", "hash"))[field.name]
    if value is None:
        assert type(None) in get_args(types.field_types()[field.name])
