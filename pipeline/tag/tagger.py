"""Article -> Tags: the model's topics, then the rules over them, and the places; with the reasons where asked."""

from __future__ import annotations

from dataclasses import dataclass

from ..config import TopicsConfig, WatchList
from ..model import Article, Tags, Topic
from . import geography, sections, vocabulary, watch, words
from . import user_rules as rules
from .linear import LEAD
from .topics import TELLING, Weighed, weigh
from .user_rules import Fired

EVIDENCE = 6  # words shown for a tag
# In a text of fewer words than a lead nothing checks the one or two that decide. Of tagged sentences .79 were right
# with what leads named from .3 on, and in 11 of 35 languages fewer than .78; from .5 on .815, and in each .78 and more.
DOUBT = 0.2
FAINT = 0.02  # an explanation shows what was weighed down to here


@dataclass(frozen=True, slots=True)
class Explained:
    """A verdict and everything that went into it."""

    tags: Tags
    topics: tuple[Weighed, ...]  # what the model weighed, best first, also below the threshold
    rules: tuple[Fired, ...]


class Tagger:
    """Model, vocabulary and rules, loaded once; `tag` is pure."""

    def __init__(self, cfg: TopicsConfig, watched: tuple[WatchList, ...] = ()) -> None:
        self._cfg = cfg
        self._watch = watch.Watch(watched)
        self._rules = rules.Rules(cfg.rule)

    def tag(self, article: Article) -> Tags:
        return self._judge(article, self._cfg.min_confidence).tags

    def explain(self, article: Article) -> Explained:
        """The same verdict as `tag`, with its reasons."""
        return self._judge(article, min(FAINT, self._cfg.min_confidence))

    def _judge(self, article: Article, least: float) -> Explained:
        title = words.split(" ".join(filter(None, [article.title, article.standfirst])))
        text = words.split(article.text)
        language = "hr" if article.language == "sh" else article.language  # undecided: most words are in all three
        stated = sections.tops(article.section, article.keywords)
        weighed = weigh(language, words.lower(title), words.lower(text), least, stated) if self._cfg.model else ()
        doubt = DOUBT if len(title) + len(text) < LEAD else 0.0
        by_model = chosen(weighed, self._cfg.min_confidence, self._cfg.max, doubt)
        heading = " ".join(filter(None, [article.title, article.standfirst]))
        there, named = geography.read(heading, article.text, title, text, language)
        matches = self._watch.find(title, text, article.language)
        verdicts = self._rules.judge(article, rules.Facts(named, there, tuple(match.name for match in matches)))
        topics = ruled(by_model, verdicts)[: self._cfg.max]
        topics += [Topic(watch.tag(match.name), match.name, 1.0, watch.BY, match.forms) for match in matches]
        tags = Tags(article.id, tuple(topics), there, named)
        return Explained(tags, weighed, verdicts)


def chosen(weighed: tuple[Weighed, ...], least: float, most: int, doubt: float = 0.0) -> list[Topic]:
    """The model's tags: those it is sure enough of, best first.

    Of a topic and the narrower ones below it only the more telling stay: the narrower ones where they hold `TELLING` of
    its confidence, else the topic itself. The surest narrower one stands in the place, and with the confidence, of its
    top topic; the others get the places that are left, three of five at most. Nothing is named where the first is not
    by `doubt` surer than the least.
    """
    if not weighed or weighed[0].confidence < least + doubt:
        return []
    sure = [topic for topic in weighed if topic.confidence >= least]
    first: list[Topic] = []
    more: list[Weighed] = []
    for top in [topic for topic in sure if topic.level == 1][:most]:
        below = [
            topic
            for topic in weighed
            if topic.level > 1 and vocabulary.top(topic.id) == top.id and topic.confidence >= TELLING * top.confidence
        ]
        first.append(_tag(below[0], top.confidence, (*below[0].words, *top.words)) if below else _tag(top))
        more += [topic for topic in below[1:] if topic.confidence >= least]
    places = min(most - len(first), max(1, most * 3 // 5))
    rest = [_tag(topic) for topic in sorted(more, key=lambda topic: -topic.confidence)[:places]]
    return sorted(first + rest, key=lambda topic: -topic.confidence)


def _tag(topic: Weighed, confidence: float | None = None, words: tuple[tuple[str, float], ...] = ()) -> Topic:
    evidence = dict.fromkeys(word for word, weight in words or topic.words if weight > 0)
    return Topic(topic.id, topic.label, confidence or topic.confidence, "model", tuple(evidence)[:EVIDENCE])


def ruled(topics: list[Topic], verdicts: tuple[Fired, ...]) -> list[Topic]:
    """Apply the rules that fired to the model's topics: all additions, then removals (a medtop code takes what lies
    below it along), then "only"."""
    added: dict[str, Topic] = {}
    for verdict in verdicts:
        if verdict.fired and verdict.action != "remove":
            evidence = tuple(dict.fromkeys(hit.words for hit in verdict.hits))[:EVIDENCE]
            added.setdefault(verdict.tag, Topic(verdict.tag, verdict.label, 1.0, verdict.rule, evidence))
    gone = {verdict.tag for verdict in verdicts if verdict.fired and verdict.action == "remove"}
    both = [*added.values(), *(topic for topic in topics if topic.id not in added)]
    out = [topic for topic in both if gone.isdisjoint(_line(topic.id))]
    alone = {verdict.tag for verdict in verdicts if verdict.fired and verdict.action == "only"}
    return [topic for topic in out if topic.id in alone] if alone else out


def _line(tag: str) -> tuple[str, ...]:
    return vocabulary.ancestors(tag) if tag in vocabulary.load() else (tag,)


def explain(article: Article, cfg: TopicsConfig, watched: tuple[WatchList, ...] = ()) -> Explained:
    """Which words and rules fired on an article, and with what weight."""
    return Tagger(cfg, watched).explain(article)
