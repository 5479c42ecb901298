"""Rules of residue: their names and meanings (names.py), and the words by which a line is known to be residue.

- labels.tsv: lines that are nothing but a label, in 40 languages
- phrases.txt: regular expressions for the beginnings of lines, some sure enough between paragraphs
- openings.tsv: phrases that are a hint for the model of the HTML route
"""

from .labels import counter, label
from .names import MEANINGS, NAMES, RuleName
from .openings import opening
from .phrases import rule_of, sure

__all__ = ["MEANINGS", "NAMES", "RuleName", "counter", "label", "opening", "rule_of", "sure"]
