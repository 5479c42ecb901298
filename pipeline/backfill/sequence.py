"""Articles in their order -> their threads: the one step that is not distributed, as each depends on those before.

Runs in the driver. The terms of stories, which take most of the time of a local run's stage, come from the cluster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec

from .. import store
from ..config.sections import ThreadsConfig
from ..threads.assign import Settings, Threads
from ..threads.terms import Story
from ..threads.verdict import threaded

_TERMS = tuple[dict[int, int], dict[int, str], float | None]


def threads(rows: Iterable[tuple[Any, ...]], cfg: ThreadsConfig) -> Iterator[tuple[int, bytes]]:
    """Rows of `steps.stories` by ascending number -> (number, row of threads.jsonl).

    What is kept beside the open threads is the thread of each article that others repeat: some 150 bytes each.
    """
    state = Threads(Settings(cfg.likeness, cfg.window_days * 86400))
    kept: dict[str, str] = {}
    for _, batch in groupby(rows, itemgetter(1)):
        homes: dict[str, str] = {}
        heads: set[str] = set()
        for number, _, id, cluster, is_head, terms in batch:
            row = threaded(id, cluster, partial(_read, terms), state, homes, kept.get)
            if is_head:
                heads.add(id)
            yield number, store.to_json(row)
        kept.update((id, thread) for id, thread in homes.items() if id in heads)


def _read(terms: bytes) -> tuple[Story, float | None]:
    weights, names, time = msgspec.msgpack.decode(terms, type=_TERMS)
    return Story(weights, names), time
