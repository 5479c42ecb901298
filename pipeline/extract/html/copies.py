"""The blocks held for story -> those that only print again what a block above says: pull quotes, a second copy.

Where both stand in boxes with the same tags and classes all the way out, and other text stands between them, the story
itself says it again: the question of an interview, a dish in each day of a meal plan. Of such lines on 1,202 pages of
four gold sets 4 in 5 are in the answers as often as on the page (the rest are not in them at all); of lines in another
box 9 in 10 are in them once.
"""

from __future__ import annotations

from collections.abc import Sequence

from .blocks import Visible

LONG = 60  # letters; shorter lines are told by the model alone
RUN = 5  # long lines in the same order as above: a text printed twice in boxes of one kind


def copies(page: Visible, keys: Sequence[str], kept: Sequence[int]) -> set[int]:
    """Of the kept blocks those to take off. `keys`: of each block (phrases.key)."""
    long = [i for i in kept if len(keys[i]) > LONG]
    first: dict[str, int] = {}  # text -> where among the long lines it stands first
    at = [first.setdefault(keys[i], n) for n, i in enumerate(long)]
    repeated: set[int] = set()
    run: list[int] = []  # lines that repeat earlier ones in their order
    for n, above in enumerate([*at, -1]):
        if run and (above < 0 or above == n or above - at[run[-1]] != 1):
            repeated.update(run if len(run) >= RUN else ())
            run = []
        if 0 <= above < n:
            run.append(n)
            again = keys[long[n]] == keys[long[n - 1]]  # nothing else stands between
            if again or page.path[page.box[long[n]]] != page.path[page.box[long[above]]]:
                repeated.add(n)
    return {long[n] for n in repeated}
