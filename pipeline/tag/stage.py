"""Article -> Tags: the model's topics, then the rules over them, and the places; with the reasons where asked."""

from __future__ import annotations

from dataclasses import dataclass

from ..config import TopicsConfig
from ..model import Article, Tags, Topic
from . import lexicon, places, rules, vocabulary, words
from .rules import Fired

VERSION = 1  # part of what decides whether a batch is tagged again: raise it with any change of a verdict
EVIDENCE = 6  # words shown for a tag


@dataclass(frozen=True, slots=True)
class Weighed:
    """One topic the model looked at."""

    id: str
    label: str
    confidence: float
    words: tuple[tuple[str, float], ...]  # what spoke for it (and, below zero, against it), heaviest first


@dataclass(frozen=True, slots=True)
class Explained:
    """A verdict and everything that went into it."""

    tags: Tags
    topics: tuple[Weighed, ...]  # what the model weighed, best first, also below the threshold
    rules: tuple[Fired, ...]


class Tagger:
    """Model, vocabulary and rules, loaded once; `tag` is pure."""

    def __init__(self, cfg: TopicsConfig) -> None:
        self._cfg = cfg
        self._rules = rules.Rules(cfg.rule)

    def tag(self, article: Article) -> Tags:
        return self._explain(article).tags

    def explain(self, article: Article) -> Explained:
        """The same verdict as `tag`, with its reasons."""
        return self._explain(article)

    def _explain(self, article: Article) -> Explained:
        title = words.split(article.title or "")
        text = words.split(article.text)
        weighed = weigh(article.language, words.lower(title), words.lower(text)) if self._cfg.model else ()
        by_model = [
            Topic(
                topic.id, topic.label, topic.confidence, "model", tuple(w for w, s in topic.words[:EVIDENCE] if s > 0)
            )
            for topic in weighed
            if topic.confidence >= self._cfg.min_confidence
        ]
        verdicts = self._rules.judge(article)
        topics = ruled(by_model, verdicts)[: self._cfg.max]
        tags = Tags(article.id, tuple(topics), places.find(title, text, article.language))
        return Explained(tags, weighed, verdicts)


def ruled(topics: list[Topic], verdicts: tuple[Fired, ...]) -> list[Topic]:
    """Lay the rules that fired over the model's topics: all additions, then removals (a medtop code takes what lies
    below it along), then "only"."""
    added: dict[str, Topic] = {}
    for verdict in verdicts:
        if verdict.fired and verdict.action != "remove":
            evidence = tuple(dict.fromkeys(hit.words for hit in verdict.hits))[:EVIDENCE]
            added.setdefault(verdict.tag, Topic(verdict.tag, verdict.label, 1.0, verdict.rule, evidence))
    gone = {verdict.tag for verdict in verdicts if verdict.fired and verdict.action == "remove"}
    out = [
        topic
        for topic in (*added.values(), *(t for t in topics if t.id not in added))
        if not gone & set(_line(topic.id))
    ]
    alone = {verdict.tag for verdict in verdicts if verdict.fired and verdict.action == "only"}
    return [topic for topic in out if topic.id in alone] if alone else out


def _line(tag: str) -> tuple[str, ...]:
    return vocabulary.ancestors(tag) if tag in vocabulary.load() else (tag,)


def weigh(language: str | None, title: list[str], text: list[str]) -> tuple[Weighed, ...]:
    """What the keywords make of a text: every topic they touch, best first."""
    known = lexicon.load(language or "en")
    if not known:
        return ()
    found = known.weigh(title, text)
    total = lexicon.scores(found)
    tops = sum(score for code, score in total.items() if vocabulary.load()[code].level == 1) or 1.0
    out = []
    for code, score in total.items():
        share = total[vocabulary.top(code)] / tops
        sure = share * score / (score + 3.0)
        below = [row for c, e in found.items() if code in vocabulary.ancestors(c) for row in e.words]
        label = vocabulary.load()[code].label()
        out.append(Weighed(code, label, round(sure, 3), tuple(sorted(below, key=lambda row: (-row[1], row[0])))))
    return tuple(sorted(out, key=lambda row: (-row.confidence, row.id)))


def explain(article: Article, cfg: TopicsConfig) -> Explained:
    """Which words and rules fired on an article, and with what weight."""
    return Tagger(cfg).explain(article)
