"""Records -> schema.org NewsArticle as JSON-LD, one article a line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from ..tag.gazetteer import person_or_organisation
from . import json_lines
from .options import Options
from .vocabularies import MEDIATOPIC, topic_uri, urn

TYPES = {"opinion": "OpinionNewsArticle", "analysis": "AnalysisNewsArticle", "live": "LiveBlogPosting"}
FREE = {"free": True, "declared_paid": False}
NAMED = {"person": "Person", "organisation": "Organization", None: "Thing"}
PLACES = {"country": "Country", "region": "AdministrativeArea", "town": "City"}  # kind -> type of schema.org


def write(rows: Iterable[dict[str, Any]], file: IO[bytes], options: Options) -> int:
    return json_lines.write(rows, file, news_article)


def news_article(row: dict[str, Any]) -> dict[str, Any]:
    """One record; properties that are not known are left out. Dates stay as precise as stated."""
    rights = row.get("rights") or {}
    members = {
        "@context": "https://schema.org",
        "@type": TYPES.get(row["genre"] or "", "NewsArticle"),
        "@id": urn(row["id"]),
        "url": row["url"],
        "headline": row["title"],
        "description": row["standfirst"],
        "articleBody": row["text"],
        "wordCount": len(row["text"].split()),
        "datePublished": row["published_at"],
        "dateModified": row["modified_at"],
        "inLanguage": row["language"],
        "author": [{"@type": "Person", "name": name} for name in row["authors"]],
        "publisher": {"@type": "NewsMediaOrganization", "name": row["source"]} if row["source"] else None,
        "sourceOrganization": {"@type": "NewsMediaOrganization", "name": row["wire"]["agency"]}
        if row["wire"]
        else None,
        "articleSection": row["section"],
        "keywords": row["keywords"],
        "about": [_term(topic) for topic in row["topics"]],
        "mentions": [*map(_place, row["places"]), *map(_name, row.get("names") or ())],
        "image": [_image(image) for image in row["images"]],
        "isAccessibleForFree": FREE.get(row["access"]),
        "license": rights.get("licence"),
        "copyrightNotice": rights.get("notice"),
        **_relation(row),
    }
    return {name: value for name, value in members.items() if value is not None and value != []}


def _relation(row: dict[str, Any]) -> dict[str, str]:
    """A copy with the same text is the same work; one that was cut or edited is based on it."""
    original = urn(row["matched_id"])
    if row["relation"] == "exact":
        return {"sameAs": original}
    return {"isBasedOn": original} if row["relation"] in ("near", "part") else {}


def _term(topic: dict[str, Any]) -> dict[str, Any]:
    uri = topic_uri(topic["id"])
    known = {"@id": uri, "inDefinedTermSet": MEDIATOPIC} if uri else {}
    return {"@type": "DefinedTerm", **known, "name": topic["label"], "termCode": topic["id"]}


def _image(image: dict[str, Any]) -> dict[str, Any]:
    members = {"@type": "ImageObject", "url": image["url"], "caption": image["caption"], "creditText": image["credit"]}
    return {name: value for name, value in members.items() if value}


def _place(place: dict[str, Any]) -> dict[str, Any]:
    out = {"@type": PLACES[place["kind"]], "name": place["name"], "identifier": place["code"]}
    if place["country"]:
        out["containedInPlace"] = {"@type": "Country", "identifier": place["country"]}
    if place["latitude"] is not None:
        out["geo"] = {"@type": "GeoCoordinates", "latitude": place["latitude"], "longitude": place["longitude"]}
    return out


def _name(name: dict[str, Any]) -> dict[str, Any]:
    out = {"@type": NAMED[person_or_organisation(name["name"])], "name": name["name"]}
    return out | ({"alternateName": list(name["variants"])} if name["variants"] else {})
