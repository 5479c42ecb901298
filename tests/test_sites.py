"""Rules for single sites: what they take off, what they find, and which of their faults are told beforehand."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import extract
from pipeline.config import ExtractConfig, SiteRule
from pipeline.extract import site_check, site_rules
from pipeline.extract.values import Draft
from pipeline.model import Page, Raw

RAW = Raw("raw/x/page.html", None, "0" * 64)
SENTENCE = (
    "The ferry to the islands was {} on {} because the wind had turned and the harbour master would not let it out."
)
STORY = [SENTENCE.format(what, day) for what in ("cancelled", "delayed") for day in ("Monday", "Tuesday", "Sunday")]
ADVERT = "Book your own crossing today and save a third on the return ticket, says our partner, the island company."
BODY = f"""<div id="page"><div class="story">{"".join(f"<p>{text}</p>" for text in STORY)}
<div class="ad"><p>{ADVERT}</p></div>
<p>Filed under: ships, weather</p></div><div class="more"><p>{SENTENCE.format("praised", "Friday")}</p></div>
<span class="when">Erschienen am 7. März 2026 um 9:05</span></div>"""


def draft(rule: SiteRule, url: str = "https://www.herald.example/local/ferry-stays-in-harbour", **known) -> Draft:
    body = f"<html><head><title>Ferry stays in harbour</title></head><body>{BODY}</body></html>".encode()
    found = extract.draft(Page(RAW, body, url=url, **known), ExtractConfig(), (rule,))
    assert isinstance(found, Draft), found
    return found


def by_rule(found: Draft, rule: str | None) -> list[str]:
    return [line.text for line in found.lines if line.rule == rule]


def test_dropped_elements_are_listed_under_the_rule():
    found = draft(SiteRule(host="herald.example", drop=(".ad", ".more")))
    assert by_rule(found, "site") == [ADVERT, SENTENCE.format("praised", "Friday")]
    assert ADVERT not in by_rule(found, None)
    assert set(STORY) <= set(by_rule(found, None))


def test_only_what_is_kept_can_be_the_story():
    found = draft(SiteRule(host="herald.example", keep=("div.story",)))
    assert set(by_rule(found, None)) >= set(STORY)
    assert SENTENCE.format("praised", "Friday") in by_rule(found, "site")


def test_a_keep_selector_that_finds_nothing_is_passed_over():
    assert set(STORY) <= set(by_rule(draft(SiteRule(host="herald.example", keep=(".renamed",))), None))


def test_lines_that_match_a_pattern_go():
    found = draft(SiteRule(host="herald.example", drop_lines=("^Filed under:",)))
    assert not any(text.startswith("Filed") for text in by_rule(found, None))


def test_a_rule_speaks_of_its_host_and_its_subdomains_alone():
    rule = SiteRule(host="www.herald.example", drop=(".ad",))
    assert by_rule(draft(rule, "https://local.herald.example/local/ferry-stays-in-harbour"), "site") == [ADVERT]
    assert by_rule(draft(rule, "https://otherherald.example/local/ferry-stays-in-harbour"), "site") == []


def test_rules_hold_for_text_too():
    page = Page(
        RAW, "\n\n".join([*STORY, "Filed under: ships"]).encode(), kind="text", url="https://herald.example/a-b-c"
    )
    found = extract.draft(
        page, ExtractConfig(), (SiteRule(host="herald.example", drop_lines=("^The ferry .* delayed",)),)
    )
    assert isinstance(found, Draft)
    assert by_rule(found, "site") == STORY[3:]


@pytest.mark.parametrize(
    ("form", "stamp"),
    [
        ("Erschienen am %d. %B %Y um %H:%M", "2026-03-07T09:05:00"),
        ("%d. %B %Y", "2026-03-07"),
        ("%-d. %b %Y", "2026-03-07"),
        ("%B %d, %Y", None),
    ],
)
def test_a_date_in_the_sites_own_form_is_read_in_any_language(form, stamp):
    found = draft(SiteRule(host="herald.example", date_format=form)).meta
    assert found.published_at == stamp
    assert (found.found.get("published_at") == "site rule") is (stamp is not None)


def test_a_date_given_with_the_page_or_in_the_future_is_not_replaced():
    rule = SiteRule(host="herald.example", date_format="%d. %B %Y")
    assert draft(rule, published_at="2026-03-06").meta.published_at == "2026-03-06"
    assert draft(rule, fetched_at="2026-03-01").meta.published_at is None


def test_metadata_is_read_from_the_whole_page():
    assert draft(SiteRule(host="herald.example", drop=("head", "title"))).meta.title == "Ferry stays in harbour"


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        pytest.param(SiteRule(host="h.example", keep=("div[",)), "keep: not a CSS selector", id="broken selector"),
        pytest.param(
            SiteRule(host="h.example", drop=("p::first-line",)), "drop: not a CSS selector", id="pseudo-element"
        ),
        pytest.param(
            SiteRule(host="h.example", drop_lines=("(",)), "drop_lines: not a regular expression", id="broken pattern"
        ),
        pytest.param(
            SiteRule(host="h.example", date_format="%d %Q %Y"), "date_format: unknown directive %Q", id="directive"
        ),
        pytest.param(SiteRule(host="h.example", date_format="%d.%m."), "date_format: a date needs", id="no year"),
        pytest.param(SiteRule(host="h.example", date_format="%d %d %B %Y"), "date_format: %d stands twice", id="twice"),
        pytest.param(
            SiteRule(host="h.example", date_format="%m %B %d %Y %e"), "date_format: a part stands twice", id="two days"
        ),
    ],
)
def test_faults_are_told_before_anything_is_extracted(rule, said):
    assert [fault for fault in site_rules.faults(rule) if said in fault], site_rules.faults(rule)


def test_a_sound_rule_has_no_faults():
    rule = SiteRule(
        host="h.example",
        keep=("article > .body",),
        drop=("#x, .y:first-child",),
        drop_lines=("^More:",),
        date_format="%A, %d %B %Y %I:%M %p %z",
    )
    assert site_rules.faults(rule) == []


def test_a_rules_own_test_page_is_extracted_and_compared(tmp_path: Path):
    (tmp_path / "page.html").write_text(f"<html><head><title>Ferry stays</title></head><body>{BODY}</body></html>")
    rule = SiteRule(
        host="herald.example",
        drop=(".ad",),
        test="page.html",
        expect=("the wind had  turned",),
        reject=("Book your own crossing",),
    )
    assert site_check.check(rule, tmp_path) == []
    wrong = rule.model_copy(update={"expect": ("no such words",), "reject": ("harbour master",)})
    assert len(site_check.check(wrong, tmp_path)) == 2
    (tmp_path / "page.html").write_text("<html><body><p>Short.</p></body></html>")
    assert "no article" in site_check.check(rule, tmp_path)[0]
