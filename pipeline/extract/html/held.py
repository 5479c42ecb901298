"""Blocks, another extractor's lines -> which blocks it kept, by their keys (phrases.key)."""

from __future__ import annotations

from collections.abc import Sequence


def held_by(keys: Sequence[str], lines: Sequence[str]) -> list[float]:
    """1 for each block that another extractor kept, else 0; of blocks and its lines the keys.

    It cuts lines at other places: at links, breaks, cells. Where a page says the same in several blocks, those count
    that have most others around them, until all that the extractor kept is spoken for.
    """
    kept = [k for k in lines if k]
    whole = set(kept)
    running = "".join(kept)
    longer = [k for k in dict.fromkeys(kept) if len(k) > 15]
    held = [0.0] * len(keys)
    places: list[tuple[int, int]] = []  # block, where its text lies in the running text
    at = 0  # where the block before ended
    for i, k in enumerate(keys):
        if not k:
            continue
        start = -1
        if k in whole or len(k) > 30:
            start = running.find(k, at)
            start = running.find(k) if start < 0 else start
        elif running.startswith(k, at):
            start = at
        if start >= 0:
            held[i], at = 1.0, start + len(k)
            places.append((i, start))
    near = {i: sum(held[max(0, i - 6) : i + 7]) for i, _ in places}
    spoken_for = bytearray(len(running))
    for i, start in sorted(places, key=lambda f: (-near[f[0]], f[0])):
        k = keys[i]
        if spoken_for[start : start + len(k)].count(1) > len(k) / 2:
            start = running.find(k, start + 1)
            if start < 0 or spoken_for[start : start + len(k)].count(1) > len(k) / 2:
                held[i] = 0.0
                continue
        spoken_for[start : start + len(k)] = b"\1" * len(k)
    # blocks that hold several of its lines
    left = [(k, start) for k in longer if not spoken_for[start := running.find(k)]]
    for i, k in enumerate(keys):
        if left and not held[i] and len(k) > 40:
            parts = [(part, start) for part, start in left if part in k]
            if sum(len(part) for part, _ in parts) > len(k) / 2:
                held[i] = 1.0
                left = [line for line in left if line not in parts]
    return held
