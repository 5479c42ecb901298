"""Tokens -> MinHash signatures and the keys of their bands, bit for bit those of datasketch, for many texts at once."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from .tokens import I64, Tokens, distinct, shingles

U32 = NDArray[np.uint32]

TOGETHER = 256  # texts permuted at once: fewer calls, and 800 KB for texts of 400 words, which a cache of 1 MB holds


@cache
def permutations(count: int) -> tuple[U32, U32]:
    """Multipliers and offsets of datasketch's permutations.

    Its import takes 0.4 CPU s, most of it scipy: so it is imported once a run, and only where there is a text to sign.
    """
    from datasketch import MinHash

    a, b = MinHash(num_perm=count).permutations
    return a.astype(np.uint32), b.astype(np.uint32)


@cache
def band_rows(count: int, bands: int) -> int:
    """Minima in a band, as datasketch's LSH with these parameters has them. Raises ValueError where they do not fit."""
    from datasketch import MinHashLSH

    return int(MinHashLSH(num_perm=count, params=(bands, count // bands)).r)


def _mix32(h: U32) -> U32:
    """The MurmurHash3 finalizer that affine32 puts before its permutations."""
    h = h ^ (h >> np.uint32(16))
    h *= np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    h *= np.uint32(0xC2B2AE35)
    h ^= h >> np.uint32(16)
    return h


def shingle_hashes(tokens: Tokens, size: int) -> tuple[U32, I64]:
    """32-bit hashes of the shingles of `size` tokens, and bounds by text: the elements of the sets that are signed."""
    hashes, bounds = shingles(tokens, size)
    return (hashes >> np.uint64(32)).astype(np.uint32), bounds


def signatures(hashes: U32, bounds: I64, count: int) -> U32:
    """(texts, count) signatures of the sets hashes[bounds[n]:bounds[n + 1]]; that of an empty set has every bit set."""
    mixed = _mix32(hashes)
    a, b = permutations(count)
    out = np.full((len(bounds) - 1, count), 0xFFFFFFFF, np.uint32)
    full = np.flatnonzero(np.diff(bounds))
    for first in range(0, len(full), TOGETHER):
        part = full[first : first + TOGETHER]
        low, high = bounds[part[0]], bounds[part[-1] + 1]
        starts = bounds[part] - low
        part_mixed = mixed[low:high]
        values = np.empty(high - low, np.uint32)
        signed = np.empty((count, len(part)), np.uint32)
        for n in range(count):
            np.multiply(part_mixed, a[n : n + 1], out=values)
            np.add(values, b[n : n + 1], out=values)
            np.minimum.reduceat(values, starts, out=signed[n])
        out[part] = signed.T
    return out


def sample_keys(hashes: U32, bounds: I64, every: int) -> tuple[NDArray[np.int32], I64]:
    """Keys of one shingle in `every`, chosen by hash and so the same ones in every text, and the texts they are from.

    They find what bands miss: a short text inside a long one shares all its shingles and few of its minima.
    """
    chosen = hashes < np.uint32((1 << 32) // every)
    texts = np.repeat(np.arange(len(bounds) - 1, dtype=np.int64), np.diff(bounds))[chosen]
    pairs = distinct(texts << 32 | _mix32(hashes[chosen]))
    return pairs.astype(np.uint32).view(np.int32), pairs >> 32


def band_keys(signature: U32, bands: int) -> NDArray[np.int32]:
    """(texts, bands) one key for each band of the signatures: equal rows in a band, equal keys."""
    rows = signature.reshape(len(signature), bands, band_rows(signature.shape[1], bands))
    key = np.broadcast_to(np.arange(1, bands + 1, dtype=np.uint32) * np.uint32(0x9E3779B1), rows.shape[:2]).copy()
    for n in range(rows.shape[2]):
        key = _mix32(key ^ rows[:, :, n])
    return key.view(np.int32)
