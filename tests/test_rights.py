"""What a page says of its rights: headers, metas, links and JSON-LD."""

from __future__ import annotations

import json

import pytest

from pipeline.extract.htmldoc import HtmlDoc
from pipeline.extract.metadata import rights, structured


def read(head: str = "", ld: object = None, headers: tuple[tuple[str, str], ...] = ()) -> rights.Rights:
    script = f'<script type="application/ld+json">{json.dumps(ld)}</script>' if ld is not None else ""
    doc = HtmlDoc(f"<html><head>{head}{script}</head><body><p>Text.</p></body></html>", "https://herald.example/a")
    return rights.of_html(doc, structured.read(doc, []), headers)


@pytest.mark.parametrize(
    ("head", "headers", "tdm"),
    [
        pytest.param("", (("tdm-reservation", "1"),), "reserved", id="header"),
        pytest.param('<meta name="tdm-reservation" content="1">', (), "reserved", id="meta"),
        pytest.param('<meta name="tdm-reservation" content="1">', (("tdm-reservation", "0"),), "allowed", id="the header decides"),
        pytest.param('<meta name="tdm-reservation" content="maybe">', (), "unknown", id="no value of the protocol"),
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
    assert (
        dict(found.source)["licence"] == "link rel=license"
        and dict(found.source)["holder"] == "json-ld copyrightHolder"
    )


def test_a_licence_in_json_ld_is_an_address_or_a_name():
    node = {"@type": "NewsArticle", "headline": "A"}
    assert (
        read(ld={**node, "license": {"@id": "https://licence.example/by/4.0"}}).licence
        == "https://licence.example/by/4.0"
    )
    assert read(ld={**node, "license": "CC BY 4.0"}).licence == "CC BY 4.0"
    assert read(ld={**node, "license": [[]], "copyrightHolder": 7}).licence is None
