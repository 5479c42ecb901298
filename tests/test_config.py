"""config.toml: every fault at once, each with its line and the nearest thing that would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import config
from pipeline.errors import ConfigError
from pipeline.manage.init import template


def faults(tmp_path: Path, text: str, **env: str) -> str:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        config.load(path, env)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("[dedup]\nthreshhold = 0.5", "dedup.threshhold (line 2): unknown setting (did you mean dedup.threshold?)", id="typo in a key"),
        pytest.param("[dedupe]\nthreshold = 0.5", "dedupe (line 1): unknown setting (did you mean dedup?)", id="typo in a section"),
        pytest.param("[extract]\nthreshold = 0.5", "(did you mean dedup.threshold?)", id="right key, wrong section"),
        pytest.param("[dedup]\n\nthreshold = 1.4", "dedup.threshold (line 3): must be less than or equal to 1, got 1.4", id="out of bounds"),
        pytest.param("[dedup]\nbands = 'many'", 'dedup.bands (line 2): must be a valid integer, got "many"', id="wrong type"),
        pytest.param("[dedup]\nbands = 5", "dedup.bands (line 2): must divide dedup.permutations (128), got 5", id="contradiction"),
        pytest.param("[[topics.rule]]\ntag = 'x'\nany = ['a']\n[[topics.rule]]\ntag = 'y'\nactoin = 'add'", "topics.rule[2].actoin (line 6): unknown setting (did you mean topics.rule[2].action?)", id="second rule"),
        pytest.param("[[topics.rule]]\ntag = 'x'", "topics.rule[1] (line 1): never fires: give it any, all, regex, names, places or watch", id="rule without words"),
        pytest.param("[[topics.rule]]\ntag = 'x'\nregex = '('", "topics.rule[1].regex (line 3): not a regular expression", id="broken regex"),
        pytest.param("[[site]]\nkeep = ['p']", "site[1].host (line 1): missing", id="missing key"),
        pytest.param(
            "[[site]]\nhost = 'h.example'\ndrop = ['div[']",
            "site[1].drop (line 3): not a CSS selector",
            id="broken selector",
        ),
        pytest.param(
            "[[site]]\nhost = 'h.example'\ndate_format = '%d.%m.'",
            "site[1].date_format (line 3): a date needs",
            id="date without a year",
        ),
        pytest.param("[extract\n", "not valid TOML", id="not TOML"),
        pytest.param("a = " + "[" * 5000, "not valid TOML: nested too deeply", id="deep nesting"),
        pytest.param("a = " + "9" * 5000, "not valid TOML: Exceeds the limit", id="a number of 5,000 digits"),
    ],
)  # fmt: skip
def test_a_fault_says_where_what_and_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    assert said in faults(tmp_path, text)


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    said = faults(tmp_path, "[dedup]\nthreshhold = 0.5\nthreshold = 1.4\n[extract]\nmin_words = -1\n")
    assert len(said.splitlines()) == 4


def test_the_environment_lies_over_the_file_and_is_named_in_faults(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[extract]\nmin_words = 10\n")
    env = {"NEWSMILL_EXTRACT_MIN_WORDS": "12", "NEWSMILL_EXTRACT_LANGUAGES": "en, de"}
    assert config.load(path, env).extract.min_words == 12
    assert config.load(path, env).extract.languages == ("en", "de")
    assert "(NEWSMILL_EXTRACT_MIN_WORDS in the environment)" in faults(tmp_path, "", NEWSMILL_EXTRACT_MIN_WORDS="x")


def test_no_file_is_all_defaults(tmp_path: Path) -> None:
    assert config.load(tmp_path / "config.toml", {}) == config.Config()


def test_the_template_is_valid_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(template())
    assert config.load(path, {}) == config.Config()


def test_the_template_with_every_line_in_force_is_valid_and_still_the_default(tmp_path: Path) -> None:
    """Uncommenting the settings (not the examples of tables) must give the defaults they claim to be."""
    lines = template().split("# [[")[0].splitlines()
    (tmp_path / "config.toml").write_text(
        "\n".join(line.removeprefix("# ") if " = " in line else line for line in lines[3:])
    )
    assert config.load(tmp_path / "config.toml", {}) == config.Config()


def test_a_digest_follows_the_values_and_nothing_else() -> None:
    one, same = config.DedupConfig(), config.DedupConfig(window_days=30)
    assert config.digest(one) == config.digest(same)
    assert config.digest(one) != config.digest(config.DedupConfig(threshold=0.58))
