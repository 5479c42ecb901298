"""What the repeated boxes of a page are like, and readers' comments told by them."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.extract.html.blocks import read
from pipeline.extract.html.phrases import key
from pipeline.extract.html.siblings import NAMES, repeats
from pipeline.extract.html.threads import threads
from pipeline.extract.htmldoc import HtmlDoc

TEXT = "The bridge was closed for two days because of the wind, and nobody had been told of it in time."
STORY = f"<p>{TEXT}</p><p>{TEXT} The town paid for it.</p><p>{TEXT} It is open again since Monday morning.</p>"


def look(inside: str) -> tuple[list[str], np.ndarray]:
    page = read(HtmlDoc(f"<html><body>{inside}</body></html>").tree)
    count = np.array([text.count(" ") + 1.0 for text in page.text])
    para = np.array([c if text[-1] in ".!?" and c >= 10 else 0.0 for c, text in zip(count, page.text, strict=True)])
    linked = np.array([c * bool(links) for c, links in zip(count, page.links, strict=True)])
    return page.text, repeats(page, [key(text) for text in page.text], count, para, linked)


def column(table: np.ndarray, name: str) -> list[float]:
    return np.round(table[:, NAMES.index(name)], 2).tolist()


def boxes(inside: str, n: int = 4) -> str:
    return "".join(f"<div class='b b-{i}'>{inside.format(n=i)}</div>" for i in range(n))


@pytest.mark.parametrize(
    ("inside", "name", "values"),
    [
        pytest.param("<p>One.</p><p>Two.</p><p>Three.</p>", "rep_boxes", [0, 0, 0], id="paragraphs are no boxes"),
        pytest.param(boxes("<p>One.</p>", 2), "rep_boxes", [0, 0], id="two are not many"),
        pytest.param(boxes("<p>One.</p>"), "rep_boxes", [round(float(np.log(5)), 2)] * 4, id="four, numbered classes"),
        pytest.param(boxes("<p>At {n}:30</p><p>Rain.</p>"), "rep_number", [1] * 8, id="a number in each"),
        pytest.param(boxes("<p>Name {n}</p><p>Reply</p>"), "rep_same", [1] * 8, id="the same word in each"),
        pytest.param(boxes("<h3>Part {n}</h3><p>Rain.</p>"), "rep_heading", [1] * 8, id="a heading first"),
        pytest.param(boxes("<p><a href='/'>Part {n}</a></p><p>Rain.</p>"), "rep_link_first", [1] * 8, id="a link first"),
        pytest.param(boxes("<p>One.</p>"), "rep_last", [0, 0, 0, 1], id="the last of them"),
    ],
)  # fmt: skip
def test_what_repeated_boxes_hold(inside, name, values):
    assert column(look(inside)[1], name) == values


COMMENT = "<div class='c'><b>{name}</b><p>{time}</p><p>{text} {name} said so.</p><a href='#'>{label}</a></div>"
NAMED = ("anna", "Ben Holm", "river_22", "Åse")


def thread(comment: str = COMMENT, *, names: tuple[str, ...] = NAMED, time: str = "14:0{}", label: str = "Odpowiedz"):
    return "".join(comment.format(name=n, time=time.format(i), text=TEXT, label=label) for i, n in enumerate(names))


def taken(inside: str) -> int:
    page = read(HtmlDoc(f"<html><body>{inside}</body></html>").tree)
    count = [text.count(" ") + 1.0 for text in page.text]
    para = [c if text[-1] in ".!?" and c >= 10 else 0.0 for c, text in zip(count, page.text, strict=True)]
    chosen = list(range(len(page.text)))
    rules = threads(page, [key(text) for text in page.text], count, para, chosen)
    assert set(rules.values()) <= {"comment"}
    return len(rules)


@pytest.mark.parametrize(
    ("inside", "some"),
    [
        pytest.param(STORY + thread(), True, id="comments"),
        pytest.param(STORY + thread(time="{} dni temu", label="Zgłoś"), True, id="other words"),
        pytest.param(STORY + thread(names=("anna", "Ben")), False, id="two are no thread"),
        pytest.param(thread(), False, id="no story above"),
        pytest.param(STORY + thread(time="yesterday"), False, id="no time in them"),
        pytest.param(STORY + thread(names=("Ann",) * 5), False, id="one name throughout: posts of a live blog"),
        pytest.param(STORY + thread(time="$ 14.0{}"), False, id="goods with prices"),
        pytest.param(STORY + thread(COMMENT.replace("<b>{name}</b>", "<h3>{name}</h3>")), False, id="under headings"),
        pytest.param(STORY + thread(COMMENT.replace("{label}", "{name} x")), False, id="nothing said in all of them"),
    ],
)
def test_comments_are_told_by_names_times_and_a_word_in_each(inside, some):
    assert (taken(inside) > 0) is some
