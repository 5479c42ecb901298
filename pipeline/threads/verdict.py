"""An article, the open threads, the threads of earlier articles -> what the threads stage says of it."""

from __future__ import annotations

from collections.abc import Callable

from ..model import Membership, Threaded
from .assign import Threads
from .terms import Story


def threaded(
    id: str,
    cluster: str | None,
    read: Callable[[], tuple[Story, float | None]],
    threads: Threads,
    homes: dict[str, str],
    earlier: Callable[[str], str | None],
) -> Threaded:
    """A copy goes where its cluster is; any other article joins a thread or opens one, which changes `threads`.

    `cluster` is None for an article that repeats none. `read` gives its terms and its time, and is asked for no copy.
    `homes` has the threads of the articles of its batch that are no copies, and gets its own; `earlier` knows those of
    the batches before.
    """
    home = (homes.get(cluster) or earlier(cluster)) if cluster else None
    if home:
        return Threaded(id, "copy", Membership(home))
    joined = threads.add(id, *read())
    homes.setdefault(id, joined.thread)
    membership = Membership(joined.thread, joined.score, joined.terms, joined.also)
    return Threaded(id, "opened" if joined.score is None else "joined", membership)
