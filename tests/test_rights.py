"""What a page says of its rights: headers, metas, links and JSON-LD."""

from __future__ import annotations

import json

import pytest

from pipeline.extract.htmldoc import HtmlDoc
from pipeline.extract.metadata import rights, structured
from pipeline.model import Rights


def read(head: str = "", ld: object = None, headers: tuple[tuple[str, str], ...] = ()) -> Rights:
    script = f'<script type="application/ld+json">{json.dumps(ld)}</script>' if ld is not None else ""
    doc = HtmlDoc(f"<html><head>{head}{script}</head><body><p>Text.</p></body></html>", "https://herald.example/a")
    return rights.of_html(doc, structured.read(doc, []), headers) or Rights()


@pytest.mark.parametrize(
    ("head", "headers", "tdm"),
    [
        pytest.param("", (("tdm-reservation", "1"),), "reserved", id="header"),
        pytest.param('<meta name="tdm-reservation" content="1">', (), "reserved", id="meta"),
        pytest.param('<meta name="tdm-reservation" content="1">', (("tdm-reservation", "0"),), "allowed", id="the header decides"),
        pytest.param('<meta name="tdm-reservation" content="maybe">', (), "unknown", id="no value of the protocol"),
        pytest.param('<meta name="tdm-reservation" content="maybe">', (("newsmill-tdm-reservation", "1"),), "reserved", id="no value, so the site's"),
        pytest.param("", (("newsmill-tdm-reservation", "1"),), "reserved", id="the site's tdmrep.json"),
        pytest.param('<meta name="tdm-reservation" content="0">', (("newsmill-tdm-reservation", "1"),), "allowed", id="the page before its site"),
        pytest.param("", (), "unknown", id="nothing said"),
    ],
)  # fmt: skip
def test_a_reservation_is_read(head, headers, tdm):
    assert read(head, headers=headers).tdm == tdm


def test_every_part_names_its_source():
    head = '<link rel="license" href="/licence"><meta name="tdm-policy" content="/tdm.json"><meta name="robots" content="index, noai">'
    ld = {
        "@type": "NewsArticle",
        "headline": "A",
        "copyrightHolder": {"name": "The Herald"},
        "copyrightNotice": "© The Herald",
    }
    found = read(head, ld, (("x-robots-tag", "somebot: noarchive"),))
    assert (found.licence, found.tdm_policy) == ("https://herald.example/licence", "https://herald.example/tdm.json")
    assert (found.holder, found.notice, found.robots) == ("The Herald", "© The Herald", ("noai", "noarchive"))
    assert found.found["licence"] == "link rel=license" and found.found["holder"] == "json-ld copyrightHolder"


def test_a_licence_in_json_ld_is_an_address_or_a_name():
    node = {"@type": "NewsArticle", "headline": "A"}
    assert (
        read(ld={**node, "license": {"@id": "https://licence.example/by/4.0"}}).licence
        == "https://licence.example/by/4.0"
    )
    assert read(ld={**node, "license": "CC BY 4.0"}).licence == "CC BY 4.0"
    assert read(ld={**node, "license": [[]], "copyrightHolder": 7}).licence is None


def test_a_page_that_says_nothing_has_no_rights():
    doc = HtmlDoc("<html><body><p>Text.</p></body></html>", None)
    assert rights.of_html(doc, structured.read(doc, [])) is None
    assert rights.of_headers((("content-type", "text/plain"),), None) is None


def test_the_licence_of_a_picture_is_not_the_page_s():
    body = '<figure><img src="a.jpg"><figcaption>A bridge <a rel="license" href="/by-sa">CC BY-SA</a></figcaption></figure>'
    assert read(body).licence is None
    assert read(body + '<p><a rel="nofollow license" href="/by">CC BY</a></p>').licence == "https://herald.example/by"


def test_the_terms_of_a_site_are_an_address():
    said = (("newsmill-tdm-reservation", "1"), ("newsmill-tdm-policy", "/terms"))
    found = read(headers=said)
    assert (found.tdm, found.tdm_policy) == ("reserved", "https://herald.example/terms")
    assert found.found == {"tdm": "tdmrep.json", "tdm_policy": "tdmrep.json"}
    plain = rights.of_headers(
        (*said, ("x-robots-tag", "noai"), ("x-robots-tag", "noarchive")), "https://herald.example/a.txt"
    )
    assert plain is not None and plain.tdm == "reserved" and plain.robots == ("noai", "noarchive")
