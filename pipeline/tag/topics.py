"""Words of a text -> every topic it may be about, with a confidence and the words that speak for it."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from . import calibration, linear, vocabulary
from . import keywords as lexicon
from .keywords import Evidence

READ = 1_200  # words read of a text: 2,000 gave the same scores, 800 lost three points of macro F1
HALF = 5.0  # evidence at which a narrower topic is half as sure as the top topic it belongs to
TELLING = 0.3  # share of a topic's confidence at which a narrower one says more than the topic
NO_NARROWER = frozenset({f"{vocabulary.PREFIX}20000822"})  # "competition discipline" is all of sport
# Lists of other languages than English have words of all kinds for a top topic under one code.
CATCH_ALL = NO_NARROWER | {
    f"{vocabulary.PREFIX}{number}"
    for number in (
        20000002, 20000056, 20000082, 20000148, 20000170, 20000344, 20000400, 20000441, 20000446, 20000498, 20000524,
        20000563, 20000593, 20000657, 20000735, 20000780, 20001129,
    )
}  # fmt: skip
DESCEND = 0.5  # a branch is named by the deepest topic that holds this share of its evidence
ENOUGH = 4.0  # and at least so much


@dataclass(frozen=True, slots=True)
class Weighed:
    """One topic the model looked at."""

    id: str
    label: str
    level: int  # 1: one of the 17
    confidence: float
    words: tuple[tuple[str, float], ...]  # what spoke for it, with its weight; heaviest first


def weigh(
    language: str | None,
    title: Sequence[str],
    text: Sequence[str],
    least: float = 0.0,
    stated: Mapping[str, tuple[float, tuple[str, ...]]] = MappingProxyType({}),
) -> tuple[Weighed, ...]:
    """What a text's lower-case words make of the vocabulary, best first; () for a language that nothing is known of.

    `stated` is what the publisher's section and keywords give (see `sections`). Topics below `least` (narrower ones:
    below a share of it) are left out: to collect the words for all of them costs more than to find the few.
    """
    code = language.lower().partition("-")[0] if language else ("en" if english(text or title) else None)
    known = lexicon.load(code) if code else None
    if not known or code is None:
        return ()
    title, text = title[:READ], text[:READ]
    evidence, early = known.weigh_lead(title, text, linear.LEAD, stated)
    reading = linear.load().read(title, text) if code == "en" else None
    keywords = tops(evidence)
    silent = np.zeros(len(linear.TOPS))
    lead = tops(early)
    for n, top in enumerate(linear.TOPS):
        if top in stated:
            keywords[n] += stated[top][0]
            lead[n] += stated[top][0]
    numbers = calibration.features(
        reading.full if reading else silent, reading.lead if reading else silent, keywords, lead
    )
    length = len(title) + len(text)
    sure = calibration.sure(numbers, weights=reading is not None, language=code, length=length)
    concepts = vocabulary.load()
    out = []
    for n, top in enumerate(linear.TOPS):
        if sure[n] < least or not (reading or keywords[n]):
            continue
        shown = [(word, stated[top][0] / len(stated[top][1])) for word in stated[top][1]] if top in stated else []
        shown += _words(evidence, top)
        if reading:
            taken = {word for words, _ in shown for word in words.split()}
            shown += [row for row in linear.load().why(reading, n, 12) if taken.isdisjoint(row[0].split())]
        out.append(Weighed(top, concepts[top].label(), 1, sure[n], tuple(shown)))
    out += narrower(evidence, dict(zip(linear.TOPS, sure, strict=True)), least * TELLING, untelling(code))
    return tuple(sorted(out, key=lambda row: (-row.confidence, row.level, row.id)))


def tops(by_code: Mapping[str, Evidence]) -> calibration.Scores:
    """Evidence for each of the 17, that of everything below it."""
    out = np.zeros(len(linear.TOPS))
    for code, evidence in by_code.items():
        out[int(vocabulary.ancestors(code)[-1][7:9]) - 1] += evidence.score
    return out


def untelling(language: str) -> frozenset[str]:
    """Narrower topics that say no more than the top topic above them."""
    return CATCH_ALL if language != "en" else NO_NARROWER


def narrower(
    by_code: Mapping[str, Evidence], sure: Mapping[str, float], least: float, without: Container[str] = ()
) -> list[Weighed]:
    """One topic for each branch of level 2 that has evidence, never surer than the top topic above it."""
    total: dict[str, float] = {}
    for code, evidence in by_code.items():
        for above in vocabulary.ancestors(code):
            total[above] = total.get(above, 0.0) + evidence.score
    concepts = vocabulary.load()
    out = []
    for branch in [code for code in total if concepts[code].level == 2]:
        held = total[branch]
        confidence = round(sure[vocabulary.top(branch)] * held / (held + HALF), 3)
        if confidence < least:
            continue
        code = branch
        while deeper := [
            child for child in total if concepts[child].parent == code and total[child] >= max(ENOUGH, DESCEND * held)
        ]:
            code = max(sorted(deeper), key=total.__getitem__)
        if code in without:
            continue
        concept = concepts[code]
        out.append(Weighed(code, concept.label(), concept.level, confidence, tuple(_words(by_code, branch))))
    return out


def _words(by_code: Mapping[str, Evidence], above: str) -> list[tuple[str, float]]:
    """The words that speak for a topic and those below it, once each, with the most that any of them gives."""
    best: dict[str, float] = {}
    for code, evidence in by_code.items():
        if above in vocabulary.ancestors(code):
            for word, weight in evidence.words:
                best[word] = max(weight, best.get(word, 0.0))
    return sorted(best.items(), key=lambda row: (-row[1], row[0]))


_FUNCTION = frozenset("the of and to in a is that for on was with as by at from his are has an be it".split())


def english(text: Sequence[str]) -> bool:
    """Whether a text of unknown language reads as English: a fifth of its words are the commonest English ones."""
    some = text[:400]
    return len(some) >= 8 and sum(word in _FUNCTION for word in some) * 5 >= len(some)
