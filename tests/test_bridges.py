"""Articles that hold several stories: what repeats one of them is no copy of the others, whatever the batches."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.test_dedup import article, deduplicate, words

COMMON = "the of and to in that on said for with as it was at by from has its would more than this week after".split()


def told(seed: int, size: int, names: int = 70) -> str:
    """An invented story in words of its own, which come again, between common ones: its halves sound alike."""
    pick = random.Random(seed)
    own = ["".join(pick.choices("bcdfglmnprst", k=2) + pick.choices("aeiou", k=2) + pick.choices("bdklmnrst", k=3))
           for _ in range(names)]  # fmt: skip
    own[::3] = [word.capitalize() for word in own[::3]]
    return " ".join(pick.choice(own) if n % 2 else pick.choice(COMMON) for n in range(size))


FERRY, BANK, STORM, TRIAL = (told(seed, 130) for seed in (1, 2, 3, 4))
WRAP = "\n\n".join([told(5, 90), FERRY, told(6, 60), BANK, STORM, told(7, 200)])  # 740 words
VIEW = "\n\n".join([FERRY, BANK, told(8, 240), told(9, 240)])
FACTS = "\n\n".join(told(20 + n, 40) for n in range(6))
FACTS_LATER = "\n\n".join([*FACTS.split("\n\n")[:5], told(30, 40)])
DATES = "\n\n".join(f"{n + 1} May 2031: {words(text, 0, 110)}" for n, text in enumerate([FERRY, BANK, STORM, TRIAL]))
LONG = told(10, 600)


@pytest.mark.parametrize(
    ("texts", "clusters"),
    [
        pytest.param([WRAP, FERRY, BANK, STORM], "wwbs", id="a round-up before the briefs it is made of"),
        pytest.param([FERRY, BANK, WRAP, STORM], "fbfs", id="a round-up after two of its briefs"),
        pytest.param([FERRY, BANK, WRAP, words(BANK, 0, 125), words(FERRY, 0, 125)], "fbfbf",
                     id="copies of two stories after their round-up"),
        pytest.param([FERRY, WRAP, BANK, words(BANK, 0, 120)], "ffbb",
                     id="a second story that is first seen in the round-up"),
        pytest.param([FERRY, VIEW, BANK], "ffb", id="an instant view of two figures"),
        pytest.param([VIEW, BANK, FERRY], "vvf", id="an instant view before both reports"),
        pytest.param([DATES, words(TRIAL, 0, 110), words(STORM, 0, 110)], "dds", id="a timeline of stories"),
        pytest.param([WRAP, f"{WRAP} {told(11, 30)}", FERRY, BANK], "wwwb", id="two versions of a round-up"),
        pytest.param([LONG, WRAP, f"{LONG}\n\n{STORM}", STORM], "lwlw", id="a story with another one put after it"),
        # What must not change.
        pytest.param([LONG, words(LONG, 0, 240), words(LONG, 330, 600)], "lll", id="two excerpts of one story"),
        pytest.param([words(LONG, 0, 240), LONG, words(LONG, 330, 600)], "bbb", id="the story between its excerpts"),
        pytest.param([FACTS, FACTS_LATER, f"{FACTS_LATER} {told(31, 20)}"], "fff", id="a factbox that is updated"),
        pytest.param([WRAP, BANK], "ww", id="one brief of 130 words in a round-up of 740"),
        pytest.param([words(BANK, 0, 100), WRAP], "bb", id="a brief of 100 words before its round-up"),
        pytest.param([WRAP, FERRY, words(FERRY, 0, 120)], "www", id="two copies of one brief of a round-up"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("apart", [False, True], ids=["one batch", "a batch each"])
def test_a_round_up_does_not_join_its_stories(tmp_path: Path, texts: Sequence[str], clusters: str, apart: bool) -> None:
    rows = [article(f"{n}", text) for n, text in enumerate(texts)]
    found = deduplicate(tmp_path, [[row] for row in rows] if apart else [rows])
    cluster = {row.id: row.cluster_id for row in found}
    first: dict[str, int] = {}
    assert [cluster.get(f"{n}", f"{n}") for n in range(len(texts))] == [
        f"{first.setdefault(c, n)}" for n, c in enumerate(clusters)
    ]
