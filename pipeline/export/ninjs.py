"""Records -> IPTC ninjs 3.1, one news object a line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from ..tag.gazetteer import person_or_organisation
from . import feeds, json_lines, markup
from .options import Options
from .vocabularies import topic_uri, urn

SCHEMA = "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#"
STANDARD = {"name": "ninjs", "version": "3.1", "schema": SCHEMA}
COPY = {"exact": "sameas", "near": "derivedfrom", "part": "derivedfrom"}


def write(rows: Iterable[dict[str, Any]], file: IO[bytes], options: Options) -> int:
    count = json_lines.write(rows, file, news_object)
    if options.changes:
        json_lines.write(options.changes.lines(), file, lambda removed: canceled(removed["id"]))
    return count


def canceled(id: str) -> dict[str, Any]:
    """What was removed: a news object that its publisher takes back."""
    return {"uri": urn(id), "type": "text", "pubStatus": "canceled", "standard": STANDARD}


def news_object(row: dict[str, Any]) -> dict[str, Any]:
    """One record; members that are not known are left out. A bare day becomes its midnight in UTC."""
    rights = row.get("rights") or {}
    entry = feeds.entry(row)
    members = {
        "uri": entry.id,
        "type": "text",
        "representationType": "partial" if row["access"] == "truncated" else "full",
        "version": row["content_hash"],
        "firstCreated": entry.published,
        "versionCreated": entry.updated if entry.updated != feeds.EPOCH else None,
        "pubStatus": "usable",
        "language": row["language"],
        "title": row["title"],
        "headlines": [{"role": "main", "contentType": "text/plain", "value": row["title"]}] if row["title"] else [],
        "descriptions": [{"role": "summary", "contentType": "text/plain", "value": row["standfirst"]}]
        if row["standfirst"]
        else [],
        "bodies": [
            {
                "role": "main",
                "contentType": "text/plain",
                "charCount": len(row["text"]),
                "wordCount": len(row["text"].split()),
                "value": row["text"],
            },
            {"role": "main", "contentType": "text/html", "value": markup.html(row)},
        ],
        "by": ", ".join(row["authors"]),
        "people": [*({"name": name, "rel": "creator"} for name in row["authors"]), *_named(row, "person")],
        "organisations": _named(row, "organisation"),
        "infoSources": _sources(row),
        "subjects": [_subject(topic) for topic in row["topics"]],
        "places": [_place(place) for place in row["places"]],
        "genres": [{"name": row["genre"]}] if row["genre"] else [],
        "copyrightHolder": rights.get("holder"),
        "copyrightNotice": rights.get("notice"),
        "usageTerms": rights.get("licence"),
        "renditions": _renditions(row),
        "associations": _originals(row),
        "altIds": _ids(row, entry.url),
        "standard": STANDARD,
    }
    return {name: value for name, value in members.items() if value}


def _originals(row: dict[str, Any]) -> list[dict[str, str]]:
    if row["relation"] not in COPY:
        return []
    return [{"name": "original", "rel": COPY[row["relation"]], "uri": urn(row["matched_id"])}]


def _sources(row: dict[str, Any]) -> list[dict[str, str]]:
    sources = [{"name": row["source"], "role": "publisher"}] if row["source"] else []
    return sources + ([{"name": row["wire"]["agency"], "role": "originator"}] if row["wire"] else [])


def _subject(topic: dict[str, Any]) -> dict[str, Any]:
    uri = topic_uri(topic["id"])
    name = {"uri": uri} if uri else {"literal": topic["id"]}
    return {"name": topic["label"], "rel": "about", **name, "confidence": round(100 * topic["confidence"])}


def _place(place: dict[str, Any]) -> dict[str, Any]:
    out = {"name": place["name"], "rel": "about", "literal": place["code"]}
    if place["latitude"] is not None:
        out["geoJSON"] = {"type": "Point", "coordinates": [place["longitude"], place["latitude"]]}
    return out


def _named(row: dict[str, Any], kind: str) -> list[dict[str, str]]:
    """Names that are known to be of this kind; ninjs has no place for the others."""
    names = (name["name"] for name in row.get("names") or ())
    return [{"name": name, "rel": "about"} for name in names if person_or_organisation(name) == kind]


def _renditions(row: dict[str, Any]) -> list[dict[str, str]]:
    images = [image for image in row["images"] if image["url"].startswith(("http://", "https://"))]
    return [
        {"name": f"image-{n}", "href": image["url"]} | ({"title": image["caption"]} if image["caption"] else {})
        for n, image in enumerate(images, 1)
    ]


def _ids(row: dict[str, Any], url: str | None) -> list[dict[str, str]]:
    thread = (row.get("thread") or {}).get("id")
    ids = {"url": url, "cluster": row["cluster_id"], "thread": thread}
    return [{"role": role, "value": value} for role, value in ids.items() if value]
