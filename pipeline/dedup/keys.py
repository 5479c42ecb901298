"""Articles -> the keys by which they find each other: of id and text, of MinHash bands, of sampled shingles."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise

import numpy as np

from ..config import DedupConfig
from ..model import Article
from .candidates import ENOUGH, I8, I32, Keys
from .compare import MIN_WORDS
from .minhash import band_keys, sample_keys, shingle_hashes, signatures
from .tokens import tokenise

CHUNK = 256  # articles whose texts are in memory at once
BRIEF = 120  # words of a text that is compared on one shared sample
SAMPLE = 16  # one shingle in so many is a key of its own


def keys(articles: Iterable[Article], cfg: DedupConfig) -> Keys:
    """The keys of every article; its row is its place among `articles`."""
    return Keys.joined(list(chunks(articles, cfg)))


def chunks(articles: Iterable[Article], cfg: DedupConfig) -> Iterator[tuple[I32, I32, I8]]:
    """Keys, rows of their articles, and weights, some articles at a time.

    Those of one article come in an order that depends on it alone: it decides where an article has a key twice.
    """
    row = 0
    for chunk in _chunks(articles, CHUNK):
        tokens = tokenise([a.text for a in chunk])
        rows = np.arange(row, row + len(chunk), dtype=np.int32)
        row += len(chunk)
        # Texts in other letters (capitals, another script) have the same words, so the same key.
        texts = [tokens.hashes[low:high].tobytes() for low, high in pairwise(tokens.bounds.tolist())]
        names = np.array(
            [[_name(b"id:", a.id.encode("utf-8", "replace")), _name(b"text:", words or a.content_hash.encode())]
             for a, words in zip(chunk, texts, strict=True)], np.int32,
        )  # fmt: skip
        yield (names.reshape(-1), np.repeat(rows, 2), np.full(names.size, ENOUGH, np.int8))
        full = np.diff(tokens.bounds) >= MIN_WORDS
        hashes, bounds = shingle_hashes(tokens, cfg.shingle)
        bands = band_keys(signatures(hashes, bounds, cfg.permutations), cfg.bands)[full]
        yield (bands.reshape(-1), np.repeat(rows[full], cfg.bands), np.ones(bands.size, np.int8))
        samples, owners = sample_keys(hashes, bounds, SAMPLE)
        is_full = full[owners]
        # A short text has few samples: one that it shares with a long text before it is enough.
        weight = np.where(np.diff(tokens.bounds) < BRIEF, ENOUGH, 1).astype(np.int8)
        yield (samples[is_full], rows[owners[is_full]], weight[owners[is_full]])


def _name(kind: bytes, value: bytes) -> int:
    """A 32-bit key for an id or the words of a text."""
    return int.from_bytes(hashlib.blake2b(kind + value, digest_size=4).digest(), "little", signed=True)


def _chunks(items: Iterable[Article], size: int) -> Iterator[list[Article]]:
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk
