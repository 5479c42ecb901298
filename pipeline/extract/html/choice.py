"""Blocks of a page -> those that are story; other extractors are run only where the model is uncertain.

1. The own model judges alone. Where it is sure, that is the answer: on three quarters of all pages and more.
2. Else trafilatura's fast mode is asked, and a second model judges with what that kept as evidence. That is the answer
   where it is sure, or keeps a fair share of the words that the first keeps: on all but one in fifty of the rest.
3. Where it is in far more doubt than the first, whose story holds what it keeps and goes on, the first is the answer:
   trafilatura took one part of several (steps of a guide, questions under buttons, products).
4. Where it keeps next to nothing of what the first model takes for the story, a whole story may be missing from it.
   Only then are trafilatura's other modes asked, which cost more than all else; a third model judges by the votes of
   all, and of the three judgements the one least in doubt is taken. Large pages stop at 3.
5. Where that answer is uncertain and only a part of what trafilatura's fast mode keeps, the rest is kept too if some of
   it is paragraphs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from . import extractors, model
from .features import Page

MIN_WORDS = 200  # of a story that the own model may find alone: a shorter one may be a teaser of it
SURE_ALONE = 0.1  # doubt (model.Verdict) below which no other extractor is asked
SURE = 0.15  # doubt of the second model below which its judgement is taken, whatever the first says
# A second judgement with less than this share of the words of the first may lack the story. Asking all modes more often
# helps pages of all kinds, but from .3 on short news stories under many comments are lost.
MISSING = 0.25
# The second judgement is a part of the first where it has less than this share of its words, of which at most so many
# are not in the first, and at most so many words of the first stand above it (teasers that the page begins with); and
# the first is believed where its doubt is less than this share of the second's.
PART, BESIDE, ABOVE, CLEARER = 0.6, 0.2, 0.1, 0.3
# An answer of less than this confidence gives way to what the fast mode keeps where it has a share of its words between
# these (below, a short story stands among other posts), so much of the answer is among them, and so much of the rest is
# paragraphs: with less it is lists of other stories.
UNCERTAIN, PART_KEPT, AMONG, PARAGRAPHS = 0.9, (0.35, 0.8), 0.7, 0.2
MAX_BLOCKS_COMPARED = 1_000  # of a page; on larger ones the other modes take up to a second (99% of pages have fewer)
# The own model takes comments and other posts for story more often than its doubt says.
ALONE_WEIGHS = 10.0

Survey = Callable[[Sequence[Sequence[str]]], Page | None]


@dataclass(frozen=True, slots=True)
class Choice:
    """What is held for story, and by which view of the page."""

    page: Page | None  # with the features that decided; None where it shows no text
    story: list[int]  # blocks
    verdict: model.Verdict | None

    @property
    def confidence(self) -> float | None:
        return round(self.verdict.confidence, 3) if self.verdict else None


def choose(survey: Survey, tree: Any, models: model.Models, *, ask: bool = True) -> Choice:
    """Judge the blocks of a page.

    `survey` makes the page's features from the lines that other extractors kept of it, a list for each extractor;
    `ask`: whether any may be asked, which costs more than all else on a page.
    """
    page = survey([])
    if page is None:
        return Choice(None, [], None)
    alone, doubt = _judged(page, models.alone, asked=False)
    if not ask or (doubt < SURE_ALONE and _words(page, alone.story) > MIN_WORDS):
        return alone
    lines = [extractors.fast_lines(tree)]
    witness = survey(lines)
    assert witness is not None  # it has text, whatever the other extractors kept
    return _with_rest(_compared(survey, tree, models, lines, witness, (alone, doubt)), witness)


def _compared(
    survey: Survey,
    tree: Any,
    models: model.Models,
    lines: list[list[str]],
    witness: Page,
    first: tuple[Choice, float],
) -> Choice:
    """Steps 2 to 4. `lines`: of the fast mode; `witness`: the page as it keeps it; `first`: own judgement and doubt."""
    alone, doubt = first
    second, second_doubt = _judged(witness, models.fast)
    if second_doubt >= SURE and doubt < CLEARER * second_doubt and _is_part(witness, second.story, alone.story):
        return alone
    lacking = _words(witness, second.story) < MISSING * _words(witness, alone.story)
    if second_doubt < SURE or not lacking or len(witness.count) > MAX_BLOCKS_COMPARED:
        return second
    third, third_doubt = _judged(survey([*lines, *extractors.compared_lines(tree)]), models.all)
    views = ((third_doubt, third), (second_doubt, second), (ALONE_WEIGHS * doubt, alone))
    return min(views, key=lambda view: view[0])[1]


def _with_rest(answer: Choice, witness: Page) -> Choice:
    """Step 5. `witness`: the page as the fast mode keeps it."""
    story = set(answer.story)
    kept = {i for i, held in enumerate(witness.held) if held}
    rest = sorted(kept - story)
    answer_words, kept_words = _words(witness, answer.story), _words(witness, sorted(kept))
    least, most = PART_KEPT
    if (
        (answer.verdict is None or answer.verdict.confidence < UNCERTAIN)
        and (not answer_words or least * kept_words <= answer_words)
        and answer_words < most * kept_words
        and _words(witness, sorted(kept & story)) >= AMONG * answer_words
        and sum(witness.para[i] for i in rest) >= PARAGRAPHS * _words(witness, rest)
    ):
        return replace(answer, story=sorted(story | kept))
    return answer


def _is_part(page: Page, part: Sequence[int], story: Sequence[int]) -> bool:
    """Whether the story begins with this part of it, or holds it, and goes on for as long again."""
    if not part or _words(page, part) >= PART * _words(page, story):
        return False
    inside = set(story)
    beside = _words(page, [i for i in part if i not in inside])
    above = _words(page, [i for i in story if i < part[0]])
    return beside <= BESIDE * _words(page, part) and above <= ABOVE * _words(page, story)


def _judged(page: Page | None, weights: model.Weights, *, asked: bool = True) -> tuple[Choice, float]:
    """(choice, its doubt)."""
    assert page is not None
    candidates = page.worth_judging()
    if not candidates:
        return Choice(page, [], model.NOTHING), model.NOTHING.doubt
    verdict = model.judge(page.rows(candidates), [page.count[i] for i in candidates], weights, asked=asked)
    story = [i for i, kept in zip(candidates, verdict.story, strict=True) if kept]
    return Choice(page, story, verdict), verdict.doubt


def _words(page: Page, blocks: Sequence[int]) -> float:
    return sum(page.count[i] for i in blocks)
