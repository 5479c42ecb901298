"""A text with misread letters, and the text it may come from -> the first in the spelling of the second."""

from __future__ import annotations

from .profile import Profile, profiles
from .tokens import split, tokenise

MIN_LETTERS = 4  # shorter words have a neighbour everywhere
MAX_LETTERS = 100  # no word of any language is longer; the forms of one of 100,000 letters would fill 10 GB
# Of the longer words that only one text has, so many have a twin in the other: two in five where 5% of the letters were
# misread (one pair in twenty has less than 0.23), one in fourteen in templates and in other reports on one event.
TWINS = 0.2


def mend(a: Profile, b: Profile) -> Profile | None:
    """`a` with each word that `b` does not have put as its twin there, one letter off; None where few have a twin."""
    mine, theirs = split(a.text), split(b.text)
    known = set(theirs)
    unknown = {w for w in mine if w not in known}
    strange = sorted(known.difference(mine))
    near: dict[str, str] = {}
    for word in strange:
        for form in _forms(word):
            near.setdefault(form, word)
    twin = {w: near[form] for w in unknown for form in _forms(w)[::-1] if form in near}
    longer = [w for w in unknown if len(w) >= MIN_LETTERS and not w[0].isdigit()]  # 284.50 and 282.50 are two prices
    if not longer or sum(w in twin for w in longer) < TWINS * len(longer):
        return None
    text = " ".join(twin.get(w, w) for w in mine)
    return profiles([text], tokenise([text]))[0]


def _forms(word: str) -> list[str]:
    """The word and what it is without one of its letters: words that share a form are at most two edits apart."""
    if not MIN_LETTERS <= len(word) <= MAX_LETTERS:
        return []
    return [word, *(word[:n] + word[n + 1 :] for n in range(len(word)))]
