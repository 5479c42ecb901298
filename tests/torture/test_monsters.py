"""Every monster at full size, up to 11 MB: the story comes out of each, and its neighbours are as without it."""

from __future__ import annotations

import json
import resource
from pathlib import Path

from tests.conftest import run_newsmill
from tests.monsters import MONSTERS, STORY, TEXTS
from tests.test_hostile import file_name, neighbours, rows

# Their story lies behind a million characters of text, where `extract.max_text_chars` cuts (flag `cut:text`).
LOST = ["sentences.html", "title.html"]


def test_the_story_comes_out_of_every_monster_at_full_size(tmp_path: Path) -> None:
    folder = tmp_path / "raw" / "day"
    folder.mkdir(parents=True)
    neighbours(folder)
    every = MONSTERS + TEXTS
    for monster in every:
        (folder / file_name(monster)).write_bytes(monster.make(monster.full))
    # The words of "control characters" are broken up by them: the suite looks at that one more closely.
    wanted = {file_name(m) for m in every if m.keeps and m.name != "control characters"}
    done = run_newsmill("run", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    articles = {Path(row["raw"]["path"]).name: row for row in rows(tmp_path / "clean/day/articles.jsonl")}
    lost = [
        n for n in sorted(wanted) if n not in articles or any(p not in articles[n]["text"] for p in STORY.split("\n\n"))
    ]
    flags = {n: row["flags"] for n, row in articles.items() if row["flags"]}
    skipped = {Path(row["raw"]["path"]).name: row["reason"] for row in rows(tmp_path / "clean/day/skipped.jsonl")}
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{len(every)} monsters, {len(lost)} without their story, {len(flags)} flagged, {skipped}, "
          f"{used.ru_utime + used.ru_stime:.0f} s of CPU, {json.dumps(flags)}")  # fmt: skip
    assert lost == LOST
    assert skipped == {"zip-named-html.html": "not-html"}
    assert all(articles[f"neighbour{n}.html"]["flags"] == [] for n in range(6))
