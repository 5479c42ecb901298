"""Tokens, shingles and signatures: the batch computation against a plain one, and against datasketch itself."""

from __future__ import annotations

import numpy as np
import pytest
from datasketch import MinHash, MinHashLSH
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.dedup import minhash
from pipeline.dedup import tokens as words

MASK = (1 << 64) - 1


def mix(h: int) -> int:
    for shift, factor in ((33, 0xFF51AFD7ED558CCD), (33, 0xC4CEB9FE1A85EC53), (33, 1)):
        h = (h ^ (h >> shift)) * factor & MASK
    return h


def word_hash(word: str) -> int:
    raw = word.encode("utf-16-le", "surrogatepass")[: 2 * words.LONGEST]
    h = 0
    for n in range(0, len(raw), 8):
        h = h * words._NEXT & MASK
        h = (h ^ (h >> 32)) + int.from_bytes(raw[n : n + 8], "little") & MASK
    return mix(h)


def shingle_hash(window: list[str]) -> int:
    """The hash function of the signatures, one shingle at a time."""
    return (sum(word_hash(w) * pow(words._STEP, n, 1 << 64) for n, w in enumerate(window)) & MASK) >> 32


def plain_shingles(text: str, size: int) -> list[list[str]]:
    found = words.split(text)
    return [found[n : n + size] for n in range(max(len(found) - size, 0) + 1)] if found else []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The bridge is CLOSED.", ["the", "bridge", "is", "closed"], id="case and full stop"),
        pytest.param("the council's don’t", ["the", "councils", "dont"], id="apostrophes of both kinds"),
        pytest.param("cost 1,200.50 pounds", ["cost", "1200.50", "pounds"], id="thousands comma, decimal point"),
        pytest.param("up 19.0 per cent, then 19.", ["up", "19", "per", "cent", "then", "19"], id="19.0 is 19"),
        pytest.param("version .0 and 1.2.0", ["version", "0", "and", "1.2"], id="a point before the number"),
        pytest.param("end.Start 3.x", ["end", "start", "3", "x"], id="a point between letters parts them"),
        pytest.param("ﬁne ＡＢ１ straße", ["fine", "ab1", "strasse"], id="ligature, wide letters, sharp s"),
        pytest.param("cafe\u0301 über", ["cafe", "uber"], id="accents, composed and combining"),
        pytest.param("co\u00adoperate zero\u200bwidth", ["cooperate", "zerowidth"], id="soft hyphen, zero width"),
        pytest.param("snake_case e-mail", ["snake", "case", "e", "mail"], id="underscore and hyphen"),
        pytest.param("東京都は", ["东京", "京都", "都は", "は"], id="Japanese in pairs"),
        pytest.param("AI東京2026年", ["ai", "东京", "京", "2026", "年"], id="mixed with letters and digits"),
        pytest.param("กรุงเทพ", ["กรุง", "รุงเ", "ุงเท", "งเทพ", "เทพ", "ทพ", "พ"], id="Thai in fours"),
        pytest.param("𝒳 \U0001f600 !", ["x", "\U0001f600"], id="mathematical letters fold, an emoji is a word"),
        pytest.param("În şcoală, ION și Þór", ["in", "scoala", "ion", "si", "þor"], id="cedilla, comma, capitals"),
        pytest.param("İSTANBUL'DA ISI ısı", ["istanbulda", "isi", "isi"], id="Turkish i with and without dot"),
        pytest.param("Đường Łódź Øre", ["duong", "lodz", "ore"], id="letters with strokes"),
        pytest.param("ΤΟ ΠΑΛΙΌ τό παλιὸς", ["το", "παλιο", "το", "παλιοσ"], id="Greek capitals, tonos, grave"),
        pytest.param("مُحَمَّد محـــمد", ["محمد", "محمد"], id="harakat and tatweel"),
        pytest.param("أحمد احمد إلى الي", ["احمد", "احمد", "الي", "الي"], id="hamza and yeh forms"),
        pytest.param("کتابی كتابي ۱۹ ١٩", ["كتابي", "كتابي", "19", "19"], id="Persian letters, Eastern digits"),
        pytest.param("می\u200cکند می کند میکند", ["ميكند"] * 3, id="Persian prefix with non-joiner, blank, joined"),
        pytest.param("کتاب\u200cهای کتاب هاي کتابهای", ["كتابهاي"] * 3, id="Persian ending in three ways"),
        pytest.param("دانش\u200cآموز دانش آموز", ["دانش", "اموز"] * 2, id="Persian compound"),
        pytest.param("ها می", ["ها", "مي"], id="Persian affixes alone"),
        pytest.param("شَدَّ يَد", ["شد", "يد"], id="an Arabic word that begins as an ending does"),
        pytest.param("שָׁלוֹם שלום", ["שלום", "שלום"], id="Hebrew points"),
        pytest.param("Љубав њега ЏЕП", ["ljubav", "njega", "dzep"], id="Serbian in Cyrillic letters"),
        pytest.param("舊磚廠 旧砖厂", words.split("旧砖厂 舊磚廠"), id="traditional and simplified"),
        pytest.param("京\n都 市", ["京都", "都市", "市"], id="a line break or space between two ideographs"),
        pytest.param("京\n\n都", ["京", "都"], id="a paragraph"),
        pytest.param("于 2 0 0 9 年", ["于", "2009", "年"], id="spaces behind every character"),
        pytest.param("हिन्दी में", ["हिन्दी", "में"], id="vowel signs are letters"),
        pytest.param("가나다", ["가나다"], id="Hangul"),
        pytest.param("", [], id="empty"),
        pytest.param(" … — ", [], id="only punctuation"),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words.split(text) == expected


texts = st.text(
    st.sampled_from("ab é19.,'’ \n-東京ก\u200b\ud83d\U0001f600Ω"), max_size=60
) | st.text(max_size=40)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(texts, max_size=6), st.sampled_from([1, 3, 5]))
@example(["", "a", "", "a b c d e f"], 5)
def test_a_batch_is_hashed_as_each_text_alone(batch: list[str], size: int) -> None:
    hashes, bounds = minhash.shingle_hashes(words.tokenise(batch), size)
    for n, text in enumerate(batch):
        assert hashes[bounds[n] : bounds[n + 1]].tolist() == [shingle_hash(s) for s in plain_shingles(text, size)]


def test_long_texts_are_cut_into_stretches_and_long_words_to_their_beginning() -> None:
    long = " ".join(f"word{n}" for n in range(words.TOGETHER // 4))
    beginning = "x" * (words.LONGEST - 1) + "y"
    tokens = words.tokenise([long, "short text", beginning + "z" * 10 + " " + beginning])
    assert tokens.bounds.tolist() == [0, words.TOGETHER // 4, words.TOGETHER // 4 + 2, words.TOGETHER // 4 + 4]
    expected = ["word0", "short", "text", beginning, beginning]
    assert tokens.hashes[[0, -4, -3, -2, -1]].tolist() == [word_hash(word) for word in expected]


@pytest.mark.parametrize("count", [16, 128])
def test_signatures_are_those_of_datasketch(count: int) -> None:
    batch = [
        " ".join(f"w{n * k % 97}" for n in range(size)) for k, size in ((3, 200), (5, 4), (7, 0), (11, 1), (2, 60))
    ]
    hashes, bounds = minhash.shingle_hashes(words.tokenise(batch), 5)
    found = minhash.signatures(hashes, bounds, count)
    for text, signature in zip(batch, found, strict=True):
        theirs = MinHash(num_perm=count, hashfunc=lambda window: shingle_hash(window))
        theirs.update_batch(plain_shingles(text, 5))
        assert signature.dtype == theirs.hashvalues.dtype
        assert signature.tolist() == theirs.hashvalues.tolist()


def test_the_comparison_with_datasketch_can_fail() -> None:
    hashes, bounds = minhash.shingle_hashes(words.tokenise(["one two three four five six"]), 5)
    theirs = MinHash(num_perm=16, hashfunc=lambda window: shingle_hash(window) ^ 1)
    theirs.update_batch(plain_shingles("one two three four five six", 5))
    assert minhash.signatures(hashes, bounds, 16)[0].tolist() != theirs.hashvalues.tolist()


def test_bands_agree_where_their_rows_do() -> None:
    signature = np.arange(64, dtype=np.uint32).reshape(2, 32)
    signature[1, :4] = signature[0, :4]
    keys = minhash.band_keys(signature, 16)
    assert (keys[0] == keys[1]).tolist() == [True, True] + [False] * 14


def test_bands_are_those_of_datasketch() -> None:
    assert minhash.band_rows(128, 64) == MinHashLSH(num_perm=128, params=(64, 2)).r == 2


def test_samples_are_the_same_shingles_in_every_text() -> None:
    long = " ".join(f"w{n}" for n in range(2000))
    short = " ".join(f"w{n}" for n in range(500, 900))
    hashes, bounds = minhash.shingle_hashes(words.tokenise([long, short]), 5)
    keys, owners = minhash.sample_keys(hashes, bounds, 16)
    mine = set(keys[owners == 1].tolist())
    assert 10 <= len(mine) <= 45
    assert mine <= set(keys[owners == 0].tolist())
