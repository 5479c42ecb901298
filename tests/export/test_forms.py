"""Every form of export, read back by what would read it: feed readers, validators, databases, WARC readers."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipeline.export import feeds, ninjs, parquet
from pipeline.export.columns import COLUMNS, published_day, published_utc
from pipeline.export.forms import FORMS, Form
from pipeline.export.options import Options
from pipeline.export.rows import Line
from pipeline.fetch.listings import feeds as feed_reader
from pipeline.records.fields import NAMES

from ..conftest import html_page, run_newsmill, story

SCHEMAS = Path(__file__).parent.parent / "schemas"
HOSTILE = '=1+1 & <b> "]]> </script> --- \u202e\u2028'
IMAGE = '<figure><img src="https://post.example/bridge.jpg"><figcaption>The bridge at dusk</figcaption></figure>'
LIST = "<ul><li>The bridge opens at six.</li><li>The bridge closes at ten.</li></ul>"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def page(id: str, url: str | None, title: str, text: str, **known: str) -> dict[str, Any]:
    return {"id": id, "url": url, "html": html_page(title.replace("&", "&amp;").replace("<", "&lt;"), text), **known}


def batch(root: Path, name: str, rows: list[dict[str, Any]]) -> None:
    path = root / "raw" / f"{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four articles, one of them a copy of another, one without a date and an address, one with a hostile title."""
    root = tmp_path_factory.mktemp("exports") / "The news of today"
    bridge = {"published_at": "2026-11-10T08:00:00+01:00", "fetched_at": "2026-11-10T10:00:00Z", "source": "Post"}
    rows = [
        page("1", "https://post.example/2026/the-bridge", "The bridge opens", story("The bridge"), **bridge),
        page("2", "https://copy.example/a-bridge", "A bridge, again", story("The bridge"), published_at="2026-11-11"),
        page("3", "https://post.example/2026/hostile", HOSTILE, story("The ferry", 3), published_at="2026-11-09"),
        {"id": "4", "title": "No date, no address", "text": story("The council", 5)},
    ]
    rows[0]["html"] = rows[0]["html"].replace("</p>", f"</p>{IMAGE}{LIST}", 1)
    batch(root, "2026-11-10", rows)
    done = run_newsmill("run", "--quiet", "-C", root)
    assert done.returncode == 0, done.stderr
    return root


def export(built: Path, target: Path | None, form: str, *args: str) -> str:
    place = ("-o", str(target)) if target else ()
    done = run_newsmill("export", "-C", built, "-f", form, *place, *args)
    assert done.returncode == 0, done.stderr
    return done.stdout


def lines(built: Path, form: str, *args: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in export(built, None, form, *args).splitlines()]


def content(target: Path) -> dict[str, bytes]:
    if target.is_dir():
        return {path.name: path.read_bytes() for path in sorted(target.iterdir())}
    return {"": target.read_bytes()}


@pytest.mark.parametrize("form", [f for f in FORMS if f.target != "database"], ids=lambda form: form.name)
def test_every_form_is_written_and_is_the_same_the_second_time(built: Path, tmp_path: Path, form: Form) -> None:
    ending = (form.endings or ("",))[0]
    for name in ("one", "two"):
        done = run_newsmill("export", "-C", built, "-f", form.name, "-o", tmp_path / (name + ending), "--with-copies")
        assert done.returncode == 0, done.stderr
    made = content(tmp_path / ("one" + ending))
    assert made == content(tmp_path / ("two" + ending)) and all(made.values())
    assert not list(tmp_path.glob(".*")), "no temporary file is left"


@pytest.mark.parametrize(
    ("name", "form"),
    [pytest.param(f"x{ending}", form.name, id=ending) for form in FORMS for ending in form.endings],
)
def test_an_ending_says_the_form(name: str, form: str) -> None:
    from pipeline.export.forms import form_for

    assert form_for(Path(name.upper()), None).name == form


# ---- feeds ----


@pytest.mark.parametrize(("form", "kind"), [("atom", "atom"), ("jsonfeed", "json-feed")])
def test_a_feed_reader_reads_the_feed(built: Path, form: str, kind: str) -> None:
    listing = feed_reader.parse(export(built, None, form).encode(), "https://feed.example/feed")
    assert listing.kind == kind and listing.title == "The news of today"
    assert [item.url for item in listing.items] == [
        "https://post.example/2026/the-bridge", "https://post.example/2026/hostile",
    ] and listing.unlinked == 1  # fmt: skip
    assert listing.items[0].title == "The bridge opens"
    assert listing.items[0].published_at in ("2026-11-10T07:00:00Z", "2026-11-10T07:00:00+00:00")
    entry = listing.items[0].entry
    assert entry and entry.text and "The bridge opens at six." in entry.text and entry.categories


def test_the_atom_feed_has_what_rfc_4287_wants(built: Path) -> None:
    from lxml import etree

    root = etree.fromstring(export(built, None, "atom").encode())
    for node in (root, *root.findall("a:entry", ATOM)):
        for tag in ("id", "title", "updated"):
            assert len(node.findall(f"a:{tag}", ATOM)) == 1, tag
    ids = [node.text for node in root.findall("a:entry/a:id", ATOM)]
    assert len(set(ids)) == len(ids) == 3
    assert all(entry.find("a:author/a:name", ATOM) is not None for entry in root.findall("a:entry", ATOM))


def test_a_feed_holds_the_newest(built: Path) -> None:
    listing = feed_reader.parse(export(built, None, "atom", "--newest", "1").encode(), "https://feed.example/feed")
    assert [item.title for item in listing.items] == ["The bridge opens"]


def row(**changes: Any) -> dict[str, Any]:
    plain = {
        "id": "a" * 32, "url": "https://post.example/1", "title": "T", "standfirst": None, "text": "One.\n\nTwo.",
        "authors": [], "published_at": "2026-11-10", "modified_at": None, "fetched_at": "2026-11-12T09:00:00Z",
        "language": "en", "source": "Post", "topics": [], "images": [], "relation": None,
    }  # fmt: skip
    return plain | changes


@pytest.mark.parametrize(
    ("changes", "updated"),
    [
        pytest.param({}, "2026-11-10T00:00:00Z", id="published"),
        pytest.param({"modified_at": "2026-11-11T01:00:00+02:00"}, "2026-11-10T23:00:00Z", id="modified"),
        pytest.param({"relation": "revision"}, "2026-11-12T09:00:00Z", id="revision that owns to no change"),
        pytest.param({"published_at": None}, "2026-11-12T09:00:00Z", id="fetched"),
        pytest.param({"published_at": None, "fetched_at": None}, "1970-01-01T00:00:00Z", id="no time at all"),
    ],
)
def test_an_entry_says_when_it_last_changed(changes: dict[str, Any], updated: str) -> None:
    assert feeds.entry(row(**changes)).updated == updated


def test_a_revision_keeps_the_id_of_its_entry() -> None:
    revision = row(relation="revision", title="New")
    (entry,) = feeds.entries([row(), revision])
    assert (entry.id, entry.title) == (feeds.entry(row()).id, "New")
    assert [e.title for e in feeds.entries([revision, row()])] == ["New"], "in any order"


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\ud800", "\ufffe"])
def test_an_entry_has_no_character_that_xml_cannot_hold(bad: str) -> None:
    made = feeds.entry(row(title=f"A{bad}B", text=f"x{bad}y", authors=[f"N{bad}"], standfirst=bad))
    assert made.title == "AB" and not any(bad in str(part) for part in (made.html, made.authors, made.summary))


# ---- news objects ----


def validator() -> Any:
    import jsonschema
    import referencing

    schema, geo = (json.loads((SCHEMAS / name).read_text()) for name in ("ninjs-schema_3.1.json", "GeoJSON.json"))
    contents = [("https://geojson.org/schema/GeoJSON.json", referencing.Resource.from_contents(geo))]
    registry: Any = referencing.Registry().with_resources(contents)
    checker = jsonschema.FormatChecker()
    return jsonschema.Draft202012Validator(schema, registry=registry, format_checker=checker)


def test_every_ninjs_object_is_valid(built: Path) -> None:
    check = validator()
    objects = lines(built, "ninjs", "--with-copies")
    assert len(objects) == 4 and [list(check.iter_errors(made)) for made in objects] == [[]] * 4
    copy = next(made for made in objects if made.get("title") == "A bridge, again")
    assert copy["associations"][0]["uri"] == objects[0]["uri"]


def test_a_removed_record_is_a_valid_ninjs_object() -> None:
    assert not list(validator().iter_errors(ninjs.canceled("0" * 32)))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_an_option_that_a_form_does_not_have_is_an_error(built: Path, tmp_path: Path, form: Form) -> None:
    target = ("--to", "postgresql:///nowhere") if form.target == "database" else ("-o", tmp_path / "x")
    for option, able in ((["--fields", "id"], form.fields), (["--fts"], form.fts)):
        done = run_newsmill("export", "-C", built, "-f", form.name, *target, *option)
        refused = done.returncode == 2 and f"{option[0]}: {form.name} has" in done.stderr
        assert refused != able, done.stderr
    if form.target != "stream":
        done = run_newsmill("export", "-C", built, "-f", form.name, "-o", "-")
        assert done.returncode == 2 and "give" in done.stderr and not done.stdout


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"urgency": "high"}, id="wrong type"),
        pytest.param({"headline": "T"}, id="member of an older version"),
        pytest.param({"subjects": [{"confidence": 101}]}, id="out of bounds"),
        pytest.param({"type": "article"}, id="not in the list"),
    ],
)
def test_the_validator_finds_what_is_wrong(built: Path, broken: dict[str, Any]) -> None:
    assert list(validator().iter_errors(lines(built, "ninjs")[0] | broken))


def test_json_ld_is_read_back_from_a_page(built: Path, tmp_path: Path) -> None:
    made = lines(built, "jsonld", "--source", "Post", "--with-copies")[0]
    assert made["@type"] == "NewsArticle" and made["about"][0]["@id"].startswith("http://cv.iptc.org/newscodes/")
    body = html_page("Another headline", story("The lighthouse", 7))
    script = f'<script type="application/ld+json">{json.dumps(made | {"author": [{"@type": "Person", "name": "Ada Brook"}]})}</script>'
    again = {"id": "1", "url": made["url"], "html": body.replace("</head>", f"{script}</head>")}
    batch(tmp_path, "x", [again])
    assert run_newsmill("run", "--quiet", "-C", tmp_path).returncode == 0
    (record,) = lines(tmp_path, "jsonl")
    assert (record["authors"], record["published_at"]) == (["Ada Brook"], "2026-11-10T08:00:00+01:00")


def test_json_ld_says_what_a_copy_is_based_on(built: Path) -> None:
    made = {article["headline"]: article for article in lines(built, "jsonld", "--with-copies")}
    original = made["The bridge opens"]["@id"]
    copy = made["A bridge, again"]
    assert copy.get("isBasedOn", copy.get("sameAs")) == original


# ---- names and places ----


@pytest.fixture(scope="module")
def naming(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One article with people, an organisation, a name that may be either, a town and its country."""
    root = tmp_path_factory.mktemp("names")
    text = (
        "The mayor Anna Brook met Peter Lindqvist of the Harbour Workers Union in Hamburg on Monday. Anna Brook said that "
        "Germany needs the port, and that Zetaflux would pay. The Harbour Workers Union wants more.\n\n"
        "Zetaflux answered in Hamburg that the ships of Zetaflux need deep water, said Brook."
    )
    batch(root, "x", [{"id": "1", "title": "Talks on the port go on", "text": text, "language": "en"}])
    assert run_newsmill("run", "--quiet", "-C", root).returncode == 0
    (record,) = lines(root, "jsonl")
    assert {name["name"] for name in record["names"]} >= {"Anna Brook", "Harbour Workers Union", "Zetaflux"}
    assert {place["kind"] for place in record["places"]} == {"country", "town"}
    return root


def test_ninjs_has_people_organisations_and_places(naming: Path) -> None:
    (made,) = lines(naming, "ninjs")
    assert not list(validator().iter_errors(made))
    assert {"name": "Anna Brook", "rel": "about"} in made["people"]
    assert made["organisations"] == [{"name": "Harbour Workers Union", "rel": "about"}]
    assert "Zetaflux" not in str(made["people"] + made["organisations"]), "what it is would be a guess"
    hamburg = next(place for place in made["places"] if place["name"] == "Hamburg")
    longitude, latitude = hamburg["geoJSON"]["coordinates"]
    assert (round(longitude), round(latitude)) == (10, 54)


def test_json_ld_mentions_names_and_places(naming: Path) -> None:
    mentions = {entity["name"]: entity for entity in lines(naming, "jsonld")[0]["mentions"]}
    types = {name: mentions[name]["@type"] for name in ("Anna Brook", "Harbour Workers Union", "Zetaflux", "Hamburg")}
    assert list(types.values()) == ["Person", "Organization", "Thing", "City"]
    assert mentions["Anna Brook"]["alternateName"] == ["Brook"]
    assert mentions["Hamburg"]["containedInPlace"] == {"@type": "Country", "identifier": "DE"}


def test_front_matter_lists_names_and_places(naming: Path, tmp_path: Path) -> None:
    export(naming, tmp_path, "markdown")
    (text,) = (path.read_text() for path in tmp_path.iterdir())
    assert {"Anna Brook", "Zetaflux"} <= set(front(text)["names"]) and "Hamburg" in front(text)["places"]


# ---- text ----


def front(text: str) -> dict[str, Any]:
    head = text.split("---\n")[1]
    return {name: json.loads(value) for name, _, value in (line.partition(": ") for line in head.splitlines())}


def test_markdown_leaves_the_files_of_a_blog(built: Path, tmp_path: Path) -> None:
    posts = ("2026-11-20-beach-day.md", "2026-11-20-caffe.md", "undated-ideas.md", f"2026-11-20-{'ab' * 16}.md")
    gone = tmp_path / f"2026-11-20-{'cd' * 16}.md"
    for name in posts:
        (tmp_path / name).write_text("---\ntitle: mine\n---\n")
    gone.write_text(f'---\nid: "{"cd" * 16}"\ntitle: "an earlier export"\n---\n')
    export(built, tmp_path, "markdown")
    assert all((tmp_path / name).read_text() == "---\ntitle: mine\n---\n" for name in posts)
    assert not gone.exists()


def test_markdown_files_have_front_matter_and_structure(built: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("mine")
    (tmp_path / f"2020-01-01-{'0' * 32}.md").write_text(f'---\nid: "{"0" * 32}"\nof an earlier export')
    export(built, tmp_path, "markdown")
    made = {path.name: path.read_text() for path in sorted(tmp_path.iterdir())}
    assert [name.rsplit("-", 1)[0] for name in made] == ["2026-11-09", "2026-11-10", "notes.md", "undated"]
    bridge = next(text for name, text in made.items() if name.startswith("2026-11-10"))
    assert front(bridge)["title"] == "The bridge opens" and "- The bridge opens at six." in bridge
    hostile = front(next(text for name, text in made.items() if name.startswith("2026-11-09")))
    assert hostile["title"].startswith('=1+1 & "]]>') and hostile["published_at"] == "2026-11-09"


def test_plain_text_has_titles_and_texts(built: Path) -> None:
    stories = export(built, None, "text").strip("\n").split("\n\n* * *\n\n")
    assert [text.split("\n\n")[0] for text in stories if "No date" in text or "The bridge" in text[:20]]
    assert len(stories) == 3 and all(text.count("\n\n") > 3 for text in stories)


def test_wet_is_read_by_a_warc_reader(built: Path, tmp_path: Path) -> None:
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    export(built, tmp_path / "x.warc.wet.gz", "wet")
    with (tmp_path / "x.warc.wet.gz").open("rb") as file:
        found = [(r.headers["WARC-Target-URI"], r.record_type, r.reader.read().decode()) for r in ArchiveIterator(file)]
    records = lines(built, "jsonl")
    assert [kind for _, kind, _ in found] == [WarcRecordType.conversion] * 3
    assert [url for url, _, _ in found] == [r["url"] or f"urn:newsmill:{r['id']}" for r in records]
    assert all(r["text"] in text for r, (_, _, text) in zip(records, found, strict=True))


# ---- tables ----


@pytest.mark.parametrize(
    ("stated", "utc", "day"),
    [
        pytest.param("2026-11-10T08:00:00+01:00", "2026-11-10T07:00:00Z", "2026-11-10", id="offset"),
        pytest.param("2026-11-10T23:30:00-02:00", "2026-11-11T01:30:00Z", "2026-11-10", id="another day in UTC"),
        pytest.param("2026-11-10T08:00:00Z", "2026-11-10T08:00:00Z", "2026-11-10", id="UTC"),
        pytest.param("2026-11-10T08:00:00", None, "2026-11-10", id="no offset"),
        pytest.param("2026-11-10", None, "2026-11-10", id="bare day"),
        pytest.param(None, None, None, id="no date"),
        pytest.param("soon", None, None, id="not a date"),
    ],
)
def test_what_is_not_known_of_a_time_is_not_invented(stated: str | None, utc: str | None, day: str | None) -> None:
    assert (published_utc({"published_at": stated}), published_day({"published_at": stated})) == (utc, day)


def test_parquet_has_real_types(built: Path, tmp_path: Path) -> None:
    import duckdb

    export(built, tmp_path / "x.parquet", "parquet", "--with-copies")
    table = f"'{tmp_path}/x.parquet'"
    types = {name: str(kind) for name, kind, *_ in duckdb.execute(f"describe select * from {table}").fetchall()}
    assert set(NAMES) | {"published_utc", "published_day"} == set(types)
    wanted = {
        "published_at": "VARCHAR",
        "published_utc": "TIMESTAMP WITH TIME ZONE",
        "published_day": "DATE",
        "authors": "VARCHAR[]",
    }
    assert {name: types[name] for name in wanted} == wanted
    assert types["topics"].startswith("STRUCT(") and types["topics"].endswith("[]")
    times = "select published_at, epoch(published_utc), published_day::varchar from " + table
    assert set(duckdb.execute(times).fetchall()) == {
        ("2026-11-10T08:00:00+01:00", 1794294000.0, "2026-11-10"), ("2026-11-11", None, "2026-11-11"),
        ("2026-11-09", None, "2026-11-09"), (None, None, None),
    }  # fmt: skip


def test_parquet_is_dictionary_encoded(built: Path, tmp_path: Path) -> None:
    import duckdb

    found = [Line(json.dumps(row).encode(), row) for row in lines(built, "jsonl")]  # type: ignore[arg-type]
    parquet.write(found * 200, tmp_path / "x.parquet", Options())
    query = (
        f"select encodings from parquet_metadata('{tmp_path}/x.parquet') where path_in_schema in ('source', 'language')"
    )
    coded = duckdb.execute(query).fetchall()
    assert len(coded) == 2 and all("DICTIONARY" in encodings for (encodings,) in coded)


def test_fields_leave_the_others_out(built: Path, tmp_path: Path) -> None:
    import duckdb

    export(built, tmp_path / "x.parquet", "parquet", "--fields", "published_at,id")
    names = [name for name, *_ in duckdb.execute(f"describe select * from '{tmp_path}/x.parquet'").fetchall()]
    assert names == ["id", "published_at", "published_utc", "published_day"]
    assert list(lines(built, "jsonl", "--fields", "title,id")[0]) == ["id", "title"]


def test_csv_has_the_documented_columns(built: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(export(built, None, "csv"))))
    assert list(rows[0]) == [column.name for column in COLUMNS]
    assert {row["published_utc"] for row in rows} == {"2026-11-10T07:00:00Z", ""}
    assert any(row["title"].startswith("'=1+1") for row in rows)


@pytest.fixture(scope="module")
def database(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("db") / "x.db"
    export(built, path, "sqlite", "--with-copies", "--fts")
    return path


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        pytest.param("pragma foreign_key_check", lambda rows: not rows, id="keys"),
        pytest.param("pragma integrity_check", lambda rows: rows == [("ok",)], id="whole"),
        pytest.param("select id from topics", len, id="topics"),
        pytest.param("select url, caption from images", lambda rows: ("https://post.example/bridge.jpg", "The bridge at dusk") in rows, id="images"),
        pytest.param("select articles from clusters where articles > 1", lambda rows: rows == [(2,)], id="cluster of two"),
        pytest.param("select matched_id = cluster_id from copies", lambda rows: rows == [(1,)], id="copy"),
        pytest.param("select day, records from stories_by_day where day is not null", lambda rows: rows == [("2026-11-11", 1), ("2026-11-10", 1), ("2026-11-09", 1)], id="days"),
        pytest.param("select r.title from records_fts f join records r on r.record = f.rowid where records_fts match 'council'", lambda rows: rows == [("No date, no address",)], id="full text"),
        pytest.param('select title from records where title like \'=1+1 & "]]>%\'', len, id="text as it is"),
    ],
)  # fmt: skip
def test_the_database_answers(database: Path, query: str, holds: Callable[[list[Any]], bool]) -> None:
    with closing(sqlite3.connect(database)) as db:
        rows = db.execute(query).fetchall()
        assert holds(rows), rows
