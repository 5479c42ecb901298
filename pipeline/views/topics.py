"""Prints search results of the vocabulary, and why an article has its topics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ..console import safe, table
from ..errors import UsageError, did_you_mean
from ..model import Name, Place
from ..tag import vocabulary
from ..tag.tagger import Explained
from ..tag.vocabulary import Concept
from ..tag.watch import BY

WEIGHED = 12  # topics an explanation lists
WORDS = 8  # words it shows for each


def search(words: Sequence[str], language: str | None, under: str | None) -> list[Concept]:
    """Concepts for words (without any: the 17, or the children of `under`). Raises UsageError where nothing answers."""
    concepts = vocabulary.load()
    if language and not any(language in concept.labels for concept in concepts.values()):
        known = sorted({key for concept in concepts.values() for key in concept.labels})
        raise UsageError(f"--language {language}: the vocabulary has labels in {', '.join(known)}")
    if under is not None:
        under = under if under.startswith(vocabulary.PREFIX) else vocabulary.PREFIX + under
        if under not in concepts:
            hint = did_you_mean(under, concepts, 0.85)
            raise UsageError(f"--under {under}: no such code in the vocabulary{hint}; `newsmill topics` lists the top")
    if not words:
        return [concept for concept in concepts.values() if concept.parent == under]
    matching = vocabulary.search(" ".join(words), language)
    if under:
        matching = [concept for concept in matching if under in vocabulary.ancestors(concept.code)[1:]]
    if not matching:
        labels = {label for concept in concepts.values() for label in concept.labels.values()}
        hint = did_you_mean(" ".join(words), labels, 0.7)
        raise UsageError(f"no topic has {' '.join(words)!r} in its label or definition{hint}; try fewer or other words")
    return matching


def as_json(chosen: Sequence[Concept], language: str | None) -> list[dict[str, Any]]:
    return [
        {
            "id": concept.code,
            "label": concept.label(language),
            "labels": dict(concept.labels),
            "definition": concept.definition,
            "level": concept.level,
            "parents": list(vocabulary.ancestors(concept.code)[1:]),
        }
        for concept in chosen
    ]


def listing(chosen: Sequence[Concept], language: str | None) -> None:
    """A line a topic; one topic alone with everything known of it."""
    concepts = vocabulary.load()
    if len(chosen) > 1:
        rows = [(c.code, c.label(language), _above(c, language), c.definition) for c in chosen]
        table(("code", "label", "under", "definition"), rows)
        return
    [concept] = chosen
    below = [c.label(language) for c in concepts.values() if c.parent == concept.code]
    print(safe(f"{concept.code}  {concept.label(language)}"))
    print("  " + safe(concept.definition or "no definition"))
    for name, relatives in (("falls under", _above(concept, language)), ("holds", "; ".join(below))):
        if relatives:
            print("  " + safe(f"{name}: {relatives}"))
    print("  " + safe("; ".join(f"{key}: {label}" for key, label in concept.labels.items())))


def _above(concept: Concept, language: str | None) -> str:
    concepts = vocabulary.load()
    return " > ".join(concepts[code].label(language) for code in reversed(vocabulary.ancestors(concept.code)[1:]))


def verdict(explained: Explained) -> dict[str, Any]:
    """An explanation as JSON."""
    return {
        "topics": [
            {"id": t.id, "label": t.label, "confidence": t.confidence, "by": t.by, "evidence": list(t.evidence)}
            for t in explained.tags.topics
        ],
        "weighed": [
            {"id": w.id, "label": w.label, "confidence": w.confidence, "words": dict(w.words[:20])}
            for w in explained.topics
        ],
        "rules": [
            {
                "rule": f.rule,
                "tag": f.tag,
                "action": f.action,
                "fired": f.fired,
                "why": f.why,
                "hits": [{"field": hit.field, "words": hit.words, "count": hit.count} for hit in f.hits],
            }
            for f in explained.rules
        ],
        "places": [asdict(place) for place in explained.tags.places],
        "names": [asdict(name) for name in explained.tags.names],
        "watch": {t.label: list(t.evidence) for t in explained.tags.topics if t.by == BY},
    }


def explanation(explained: Explained) -> None:
    """What an article is tagged with, what was weighed, which rules fired: for people, on stdout."""
    given = {topic.id for topic in explained.tags.topics}
    table(
        ("", "topic", "confidence", "words and their weight"),
        [
            (
                "*" if topic.id in given else "",
                f"{topic.label} ({topic.id})",
                f"{topic.confidence:.2f}",
                ", ".join(f"{word} {weight:.2g}" for word, weight in topic.words[:WORDS]),
            )
            for topic in explained.topics[:WEIGHED]
        ],
        right=(2,),
    )
    if not explained.topics:
        print("The model has nothing to say: no word it knows, or a language it does not know.")
    if explained.rules:
        table(
            ("rule", "tag", "action", "verdict", "found"),
            [
                (
                    rule.rule,
                    rule.tag if rule.label == rule.tag else f"{rule.label} ({rule.tag})",
                    rule.action,
                    rule.why,
                    ", ".join(f"{hit.words} {hit.count}x in {hit.field}" for hit in rule.hits),
                )
                for rule in explained.rules
            ],
        )
    if explained.tags.topics:
        given_ = [f"{t.label} {t.confidence:.2f} ({t.by})" for t in explained.tags.topics if t.by != BY]
        if given_:
            print(safe("topics: " + "; ".join(given_)))
    if explained.tags.places:
        print(safe("places: " + ", ".join(map(_placed, explained.tags.places))))
    if explained.tags.names:
        print(safe("names: " + ", ".join(map(_named, explained.tags.names))))
    for match in explained.tags.topics:
        if match.by == BY:
            print(safe(f"watch: {match.label} ({', '.join(match.evidence)})"))


def _placed(place: Place) -> str:
    return f"{place.name} {place.count}" + (f" ({place.stands_for})" if place.stands_for else "")


def _named(name: Name) -> str:
    return f"{name.name} {name.count}" + (f" ({', '.join(name.variants)})" if name.variants else "")
