"""Threads: which articles are one story, that the cut into batches decides nothing, and that every verdict has its reasons."""

from __future__ import annotations

import json
import random
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bench.threads import bcubed, generate
from pipeline.project import open_project
from pipeline.query import threads as query
from pipeline.threads import terms
from pipeline.threads.assign import Settings, Threads
from pipeline.threads.stems import stem

from .conftest import Newsmill, story


def together(first: tuple[str, str], second: tuple[str, str], language: str, days: float = 0) -> bool:
    threads = Threads(Settings())
    a = threads.add("a", terms.story(*first, language), 0.0)
    b = threads.add("b", terms.story(*second, language), days * 86400)
    return a.thread == b.thread


SAME = [
    pytest.param("en", ("Quake of magnitude 6.4 hits Arkwell", "At least 31 people died in Arkwell, said Petra Kovac of the civil protection agency."),
                 ("Arkwell earthquake kills 31", "A magnitude 6.4 tremor shook Arkwell on Monday. Petra Kovac, who leads the agency, spoke of 31 dead."), id="English"),
    pytest.param("ru", ("Землетрясение магнитудой 6,4 в Арквелле", "В Арквелле погиб 31 человек, сообщила глава спасательной службы Петра Ковач."),
                 ("В Арквелле при землетрясении погиб 31 человек", "Магнитуда землетрясения составила 6,4. Глава спасателей Петра Ковач назвала число погибших в Арквелле."), id="Russian"),
    pytest.param("ar", ("زلزال بقوة 6.4 يضرب مدينة أركويل", "قتل 31 شخصا في أركويل حسب رئيسة هيئة الحماية المدنية بيترا كوفاتش."),
                 ("31 قتيلا في زلزال أركويل", "ضرب الزلزال مدينة أركويل وبلغت قوته 6.4 وقالت بيترا كوفاتش رئيسة الحماية المدنية إن البحث مستمر."), id="Arabic"),
    pytest.param("zh", ("阿克韦尔发生6.4级地震", "民防局局长科瓦奇说，阿克韦尔地震已造成31人死亡。"),
                 ("阿克韦尔地震造成31人遇难", "6.4级地震袭击阿克韦尔，民防局局长科瓦奇表示搜救仍在继续。"), id="Chinese"),
    pytest.param("ja", ("アークウェルでマグニチュード6.4の地震", "アークウェルで31人が死亡したと、市民保護庁のコバチ長官が発表した。"),
                 ("アークウェル地震で31人死亡", "マグニチュード6.4の地震がアークウェルを襲い、コバチ長官は捜索を続けると述べた。"), id="Japanese"),
    pytest.param("sr", ("Потрес јачине 6,4 погодио Арквел", "У Арквелу је погинула 31 особа, рекла је Петра Ковач из цивилне заштите."),
                 ("Potres u Arkvelu: poginula 31 osoba", "Potres jačine 6,4 pogodio je Arkvel. Petra Kovač iz civilne zaštite kaže da se traga za nestalima."), id="Serbian in both scripts"),
    pytest.param("xx", ("Tetemeko la 6.4 lapiga Arkwell", "Watu 31 wamekufa Arkwell, alisema Petra Kovac."),
                 ("Watu 31 wafariki Arkwell", "Tetemeko la ukubwa wa 6.4 lilipiga Arkwell, alisema Petra Kovac."), id="a language without a table"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "first", "second"), SAME)
def test_two_outlets_tell_one_event(language: str, first: tuple[str, str], second: tuple[str, str]) -> None:
    assert together(first, second, language)


def test_one_event_long_after_is_another_thread() -> None:
    _, first, second = SAME[0].values
    assert together(first, second, "en", 2.5)  # type: ignore[arg-type]
    assert not together(first, second, "en", 4)  # type: ignore[arg-type]


APART = [
    pytest.param(("Day 2 of the Harland trial", "The second day heard the baker's widow."),
                 ("Day 21 of the Pemberton inquiry", "Ministers were asked about the harbour contracts."), id="day 2 and day 21"),
    pytest.param(("Quake of magnitude 6.4 hits Arkwell", "31 died in Arkwell, Petra Kovac said."),
                 ("Quake of magnitude 5.1 hits Langmere", "Nobody was hurt in Langmere, Hugo Rossi said."), id="two earthquakes"),
    pytest.param(("", "short"), ("", "words"), id="next to nothing"),
    pytest.param(("", ""), ("", ""), id="nothing at all"),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second"), APART)
def test_two_events_of_a_kind_are_two_threads(first: tuple[str, str], second: tuple[str, str]) -> None:
    assert not together(first, second, "en")


@pytest.mark.parametrize(("language", "one", "other"), [
    pytest.param("ru", "президент", "президентом", id="Russian case"),
    pytest.param("sr", "Вучић", "Vučića", id="Serbian scripts and case"),
    pytest.param("en", "floods", "flooding", id="English endings"),
    pytest.param("ar", "الرئيس", "والرئيس", id="Arabic article"),
    pytest.param("ko", "대통령이", "대통령을", id="Korean particles"),
])  # fmt: skip
def test_forms_of_a_word_have_one_stem(language: str, one: str, other: str) -> None:
    assert stem(one, language) == stem(other, language)


def test_versions_of_made_up_events_meet() -> None:
    made = list(generate(40, 3))
    threads = Threads(Settings())
    found = [
        threads.add(str(n), terms.story(row["title"], row["text"], "en"), None).thread for n, row in enumerate(made)
    ]
    precision, recall, _ = bcubed(found, [row["event"] for row in made])
    assert recall > 0.9
    assert precision > 0.4  # their phrases are the same few: far harder than news


def test_a_verdict_is_explained_by_terms_that_say_nothing_twice() -> None:
    threads = Threads(Settings())
    _, first, second = SAME[0].values
    threads.add("a", terms.story(*first, "en"), None)  # type: ignore[misc]
    shown = threads.add("b", terms.story(*second, "en"), None).terms  # type: ignore[misc]
    assert "31" in shown and "petra kovac" not in shown
    assert {"petra", "kovac"} <= {word for term in shown for word in term.split()}
    mayor = threads.add("c", terms.story("Kirkham's new mayor", "Harbour commission names", "en"), None)
    again = threads.add("d", terms.story("", "Harbour commission names", "en"), None)
    assert again.thread == mayor.thread and len(again.terms) == 3, again.terms


def test_a_large_thread_asks_for_more() -> None:
    first = ("Talks on the Arkwell port", "Petra Kovac met the dockers in Arkwell. The cranes stand still.")
    second = ("Dockers of Arkwell vote", "The cranes moved again, Hugo Rossi told the shipping paper. Ferries wait.")
    for size, joins in ((1, True), (400, False)):
        threads = Threads(Settings(likeness=0.1))
        for n in range(size):
            threads.place("a", terms.story(*first, "en"), float(n))
        assert (threads.add("b", terms.story(*second, "en"), 0.0).thread == "a") == joins


def test_the_measure_itself_can_fail() -> None:
    assert bcubed([1, 1, 2], ["a", "a", "b"]) == (1.0, 1.0, 1.0)
    assert bcubed([1, 1, 1], ["a", "a", "b"])[0] < 1
    assert bcubed([1, 2, 3], ["a", "a", "b"])[1] < 1


def test_ids_never_change_and_are_those_of_first_articles() -> None:
    threads = Threads(Settings())
    made = [terms.story(row["title"], row["text"], "en") for row in generate(60, 3)]
    found = [threads.add(str(n), one, None) for n, one in enumerate(made)]
    for n, joined in enumerate(found):
        assert int(joined.thread) <= n
        assert found[int(joined.thread)].score is None
        assert (joined.score is None) == (joined.thread == str(n))
        assert joined.score is None or joined.terms
        assert joined.thread not in joined.also


# --- in a project


def write(folder: Path, batches: dict[str, list[dict[str, Any]]]) -> None:
    (folder / "raw").mkdir(parents=True, exist_ok=True)
    for name, rows in batches.items():
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / "raw" / f"{name}.jsonl").write_text(text, encoding="utf-8")


def rows(events: int = 25) -> list[dict[str, Any]]:
    padding = [story(f"Norhaven{n}", n) for n in range(events)]
    return [
        {"id": str(n), "url": f"https://outlet{n}.example/{n}", "title": row["title"], "source": f"Outlet {n}",  # what one source repeats would be taken off, another cut would give other texts
         "text": row["text"] + "\n\n" + padding[row["event"]].split("\n\n")[n % 5],
         "published_at": row["published_at"]}
        for n, row in enumerate(generate(events, 3, seed=5))
    ]  # fmt: skip


def verdicts(folder: Path) -> list[dict[str, Any]]:
    found = []
    for path in sorted((folder / "clean").glob("*/threads.jsonl")):
        found += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return found


def test_the_cut_into_batches_decides_nothing(tmp_path: Path, newsmill: Newsmill) -> None:
    made = rows()
    cuts = {"one": [0, 75], "three": [0, 20, 21, 75], "many": [0, 5, 30, 52, 75]}
    found = {}
    for name, ends in cuts.items():
        batches = {f"b{n}": made[a:b] for n, (a, b) in enumerate(pairwise(ends))}
        write(tmp_path / name, batches)
        assert newsmill("run", "--quiet", cwd=tmp_path / name).returncode == 0
        found[name] = verdicts(tmp_path / name)
    assert len(found["one"]) == 75
    assert any(row["how"] == "joined" for row in found["one"])
    assert found["one"] == found["three"] == found["many"]
    # one run a batch, as cron does it, comes to the same
    step = tmp_path / "step"
    for n, (a, b) in enumerate(pairwise(cuts["many"])):
        write(step, {f"b{n}": made[a:b]})
        assert newsmill("run", "--quiet", cwd=step).returncode == 0
    assert verdicts(step) == found["one"]


def test_lost_and_damaged_state_is_made_again(tmp_path: Path, newsmill: Newsmill) -> None:
    made = rows()
    write(tmp_path, {"b0": made[:20], "b1": made[20:40], "b2": made[40:50]})
    assert newsmill("run", "--quiet", cwd=tmp_path).returncode == 0
    folder = tmp_path / ".newsmill/threads"
    kept = {path.name: path.read_bytes() for path in folder.iterdir()}
    damaged, lost, last = sorted(kept)
    assert (damaged[:3], lost[:3], last[:3]) == ("b0-", "b1-", "b2-")
    (folder / damaged).write_bytes(b"PK\x03\x04 cut short")
    (folder / lost).unlink()
    write(tmp_path, {"b3": made[50:]})
    assert newsmill("run", "--quiet", cwd=tmp_path).returncode == 0
    assert {name: (folder / name).read_bytes() for name in kept} == kept
    whole = tmp_path / "whole"
    write(whole, {"b0": made[:20], "b1": made[20:40], "b2": made[40:50], "b3": made[50:]})
    assert newsmill("run", "--quiet", cwd=whole).returncode == 0
    assert verdicts(tmp_path) == verdicts(whole)


def test_a_copy_is_where_its_original_is_and_a_late_batch_changes_nothing(tmp_path: Path, newsmill: Newsmill) -> None:
    made = rows()
    copy = {**made[3], "id": "copy", "url": "https://elsewhere.example/copy", "source": "Elsewhere"}
    write(tmp_path, {"b1": made[:30], "b2": [copy, *made[30:40]]})
    assert newsmill("run", "--quiet", cwd=tmp_path).returncode == 0
    before = verdicts(tmp_path)
    original = next(
        row
        for row in before
        if row["id"] == json.loads((tmp_path / "clean/b1/articles.jsonl").read_text().splitlines()[3])["id"]
    )
    copied = json.loads((tmp_path / "clean/b2/articles.jsonl").read_text().splitlines()[0])["id"]
    copies = [row for row in before if row["id"] == copied]
    assert [row["thread"] for row in copies] == [
        {"id": original["thread"]["id"], "score": None, "terms": [], "also": []}
    ]
    kept = (tmp_path / "clean/b1/threads.jsonl").read_bytes(), (tmp_path / "clean/b2/threads.jsonl").read_bytes()
    write(tmp_path, {"a-late-one": made[40:]})
    assert newsmill("run", "--quiet", cwd=tmp_path).returncode == 0
    assert (
        (tmp_path / "clean/b1/threads.jsonl").read_bytes(),
        (tmp_path / "clean/b2/threads.jsonl").read_bytes(),
    ) == kept
    record = json.loads((tmp_path / "clean/b1/records.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert set(record["thread"]) == {"id", "score", "terms", "also"}


def test_the_commands_show_threads_and_their_reasons(tmp_path: Path, newsmill: Newsmill) -> None:
    write(tmp_path, {"b0": rows()})
    assert newsmill("run", "--quiet", cwd=tmp_path).returncode == 0
    project = open_project(tmp_path)
    found = query.running(project, 5, closed=True)
    assert found and found[0].articles >= 2 and found[0].first and found[0].outlets
    listed = json.loads(newsmill("threads", "--all", "--top", "5", "--json", cwd=tmp_path).stdout)
    assert [row["id"] for row in listed] == [thread.id for thread in found]
    course = json.loads(newsmill("threads", found[0].id[:12], "--json", cwd=tmp_path).stdout)
    assert len(course) == found[0].articles + found[0].copies
    joined = next(step for step in course if step["how"] == "joined")
    why = json.loads(newsmill("explain", joined["id"], "--json", cwd=tmp_path).stdout)["thread"]
    assert why["id"] == found[0].id and why["terms"]
    assert newsmill("threads", "zz", cwd=tmp_path).returncode == 2
    shutil.rmtree(tmp_path / "clean/b0")


def test_the_order_of_the_threads_is_that_of_their_last_articles() -> None:
    threads = Threads(Settings())
    order = list(range(40))
    random.Random(2).shuffle(order)
    for n in order:
        threads.add(str(n), terms.story(f"Arkwell {n} Varga{n}", f"Quist{n} met Lind{n} in Norhaven{n}.", "en"), None)
    assert len(threads) == 40
    assert [thread.id for thread in threads] == [str(n) for n in order if threads.get(str(n))]
