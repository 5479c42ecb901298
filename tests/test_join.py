"""pipeline/records/join.py: which articles become records, and which rows of later stages belong to each."""

from __future__ import annotations

import pytest

from pipeline.config import Config
from pipeline.errors import NewsmillError
from pipeline.model import Article, Duplicate, Raw, Tags
from pipeline.records.join import Runs, is_new, join


def article(id: str, number: int = 0, url: str | None = None) -> Article:
    return Article(id, url, None, f"text {number}", f"{number}", Raw(f"raw/{id}-{number}", None, ""))


def verdict(id: str, relation: str, containment: float = 0.9, covered: float = 0.9) -> Duplicate:
    return Duplicate(id, "c", relation, "m", 0.8, containment, covered)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "alone", "with_copies"),
    [
        pytest.param(None, True, True, id="repeats nothing"),
        pytest.param(verdict("a", "revision"), True, True, id="revision"),
        pytest.param(verdict("a", "same"), False, False, id="same page again"),
        pytest.param(verdict("a", "exact"), False, True, id="same text elsewhere"),
        pytest.param(verdict("a", "near"), False, True, id="most of the text shared"),
        pytest.param(verdict("a", "part", 0.9, 0.9), False, True, id="excerpt of an earlier one"),
        pytest.param(verdict("a", "part", 0.9, 0.4), True, True, id="fuller version of an earlier one"),
    ],
)
def test_is_new(row, alone, with_copies):
    assert (is_new(row, copies=False), is_new(row, copies=True)) == (alone, with_copies)


def joined(articles, duplicates=(), tags=()):
    rows = {Duplicate: list(duplicates), Tags: list(tags)}
    return [
        (one.raw.path, {kind.__name__: row for kind, row in found.items()})
        for one, found in join(articles, [one.id for one in articles], rows)
    ]


def test_an_article_has_its_own_rows():
    first, second = article("a"), article("b")
    copy, tags = verdict("b", "exact"), [Tags("a", ()), Tags("b", ())]
    assert joined([first, second], [copy], tags) == [
        ("raw/a-0", {"Tags": tags[0]}),
        ("raw/b-0", {"Duplicate": copy, "Tags": tags[1]}),
    ]


def test_rows_of_no_article_are_left_out():
    assert joined([article("a")], [verdict("z", "exact")]) == [("raw/a-0", {})]


def test_no_article_no_rows():
    assert joined([], [verdict("z", "exact")]) == []


@pytest.mark.parametrize(
    ("rows", "given"),
    [
        pytest.param(1, [None, 0], id="the second repeats the first"),
        pytest.param(2, [0, 1], id="both repeat one of another batch"),
        pytest.param(0, [None, None], id="no row"),
    ],
)
def test_rows_of_a_page_that_was_scraped_twice_belong_to_the_last(rows, given):
    verdicts = [verdict("a", "same", covered=n / 10) for n in range(rows)]
    found = joined([article("a", 1), article("a", 2)], verdicts)
    assert [row.get("Duplicate") for _, row in found] == [None if n is None else verdicts[n] for n in given]


def test_another_sites_rules_do_not_change_what_made_a_record():
    plain = Runs(Config())
    ruled = Runs(Config.model_validate({"site": [{"host": "herald.example", "drop": ["aside"]}]}))
    there, elsewhere = article("a", url="https://herald.example/a"), article("b", url="https://post.example/b")
    assert ruled.of(elsewhere) == plain.of(elsewhere)
    assert ruled.of(there) != plain.of(there)


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"watch": [{"name": "Ada Lovelace"}]}, id="watch list"),
        pytest.param({"topics": {"max": 2}}, id="topics"),
        pytest.param({"threads": {"window_days": 2}}, id="threads"),
    ],
)
def test_settings_that_decide_are_told_by_a_record(settings):
    one = article("a", 0, "https://ledger.example/a")
    assert Runs(Config.model_validate(settings)).of(one) != Runs(Config()).of(one)


def test_rows_in_another_order_than_the_articles_are_an_error():
    with pytest.raises(NewsmillError, match=r"not in the order of articles\.jsonl"):
        joined([article("a"), article("b")], tags=[Tags("b", ()), Tags("a", ())])


def test_rows_between_articles_that_were_scraped_twice():
    articles = [article("a", 1), article("b", 2), article("a", 3), article("a", 4), article("b", 5)]
    verdicts = [verdict("a", "same", covered=0.1), verdict("a", "same", covered=0.2), verdict("b", "same")]
    found = joined(articles, verdicts)
    assert [row.get("Duplicate") for _, row in found] == [None, None, *verdicts]
