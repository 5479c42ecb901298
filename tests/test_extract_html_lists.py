"""Lists of other stories' headlines that are no links -> off; a story's own lists, tables, verse -> kept."""

from __future__ import annotations

import pytest

from pipeline.extract.html import body
from pipeline.extract.html.blocks import read
from pipeline.extract.html.headlines import headline_lists
from pipeline.extract.htmldoc import HtmlDoc

STORY = [
    "The swimming hall at Fjellvik will close for eleven months from January, the town's building office said on Monday.",
    "Tiles have come loose over the deep end, and the roof lets in water where the snow lay longest in the last winters.",
    "Schools are to take their classes by bus to Sandnes, thirty minutes away, for which the council has set money aside.",
    "The swimmers' club asked for evening hours at the hotel's pool, and the hotel has agreed to two evenings in the week.",
    "Building manager Tor Lie said that the hall, opened in 1974, would have had to be closed for good without the work.",
    "The council will hear the first report on the roof in March, and expects to open the doors again by Christmas.",
]
HEADLINES = [
    "Ferry prices rise by a tenth in spring",
    "Choir looks for tenors before its jubilee",
    "Moose on the runway delays morning flight",
    "Bakery wins prize for rye bread again",
    "New bridge closed to lorries for a week",
    "Snow plough driver retires after forty winters",
]
PLAIN = "".join(f"<p>{line}</p>" for line in STORY)


def kept(inside: str) -> list[str]:
    doc = HtmlDoc(f"<html><head><title>Hall to close</title></head><body>{inside}</body></html>")
    return [line.text for line in body(doc, title="Hall to close").lines if line.rule is None]


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param(f"{PLAIN}<table><tr><td>{'<br>'.join(HEADLINES)}</td></tr></table>", id="a cell with breaks"),
        pytest.param(f"{PLAIN}{''.join(f'<p>{line}</p>' for line in HEADLINES)}", id="a paragraph each"),
        pytest.param(f"{''.join(f'<p>{line}</p>' for line in HEADLINES)}{PLAIN}", id="before the story"),
        pytest.param(f"<div>{PLAIN}<div>{'<br/>'.join(HEADLINES)}</div></div>", id="a box with breaks"),
        pytest.param(f"{PLAIN}{''.join(f'<div><span>{line}</span></div>' for line in HEADLINES)}", id="a box each"),
        pytest.param(
            f"<table><tr><td>{PLAIN}</td><td>{'<br>'.join(HEADLINES)}</td></tr></table>", id="a column beside the story"
        ),
        pytest.param(f"{PLAIN}<p>{'<br>'.join(HEADLINES)}</p><p>{STORY[0][:40]}</p>", id="a paragraph with breaks"),
    ],
)
def test_headlines_of_other_stories_are_taken_off(inside):
    lines = kept(inside)
    assert all(line in lines for line in STORY)
    assert not [line for line in HEADLINES if any(line in text for text in lines)]


MARKS = {
    "times, the newest first": lambda n, line: f"{18 - n}:{40 - n} {line}",
    "times in brackets": lambda n, line: f"{line} ({18 - n}:{40 - n})",
    "times with a bar": lambda n, line: f"{18 - n}.{40 - n} Uhr | {line}",
    "dates": lambda n, line: f"{24 - n}.11.2026 {line}",
    "dates in words behind": lambda n, line: f"{line} – {24 - n} November 2026",
    "bullets": lambda n, line: f"• {line}",
    "numbers": lambda n, line: f"{n + 1}. {line}",
    "arrows": lambda n, line: f"» {line}",
    "hours ago": lambda n, line: f"{line} {n + 1} hours ago",
    "subjects": lambda n, line: f"{('Sport', 'Culture', 'Politics')[n % 3]}: {line}",
}


@pytest.mark.parametrize("mark", [pytest.param(mark, id=name) for name, mark in MARKS.items()])
@pytest.mark.parametrize(
    "page",
    [
        pytest.param(lambda lines: PLAIN + "".join(f"<p>{line}</p>" for line in lines), id="below"),
        pytest.param(lambda lines: f"<p>{'</p><p>'.join(lines)}</p>{PLAIN}", id="above"),
        pytest.param(
            lambda lines: (
                f"<p>{STORY[0]}</p><p>{STORY[1]}</p><table><tr><td>{'</td></tr><tr><td>'.join(lines)}</td></tr>"
                "</table>" + "".join(f"<p>{line}</p>" for line in STORY[2:])
            ),
            id="between paragraphs",
        ),
    ],
)
def test_headlines_are_known_with_what_a_list_sets_around_them(mark, page):
    lines = kept(page([mark(n, line) for n, line in enumerate(HEADLINES)]))
    assert all(line in lines for line in STORY)
    assert not [line for line in HEADLINES if any(line in text for text in lines)]


@pytest.mark.parametrize(
    ("story", "headlines"),
    [
        pytest.param(
            [
                "港湾局は火曜日、四つの桟橋のうち二つを閉鎖した。検査で支柱にひびが見つかり、漁船は古い船だまりに移った。",
                "技術者によると、損傷は数回の冬にわたって氷が木材を押したために広がり、修理は水面下まで届いていなかった。",
                "局長は十日以内に最初の桟橋を再開できるとの見通しを示し、漁師たちは船だまりにクレーンがないと訴えた。",
            ],
            ["市議会、自転車橋を承認へ", "高校生が将棋の全国大会で優勝", "酪農家が乳価引き下げに抗議", "台風で三千戸が停電"],
            id="Japanese",
        ),
        pytest.param(
            [
                "Die Hafenbehörde hat am Dienstag zwei ihrer vier Molen gesperrt, weil Prüfer Risse in den Stützen fanden.",
                "Ingenieure sagten, der Schaden habe sich über mehrere Winter aufgebaut, in denen Eis gegen das Holz drückte.",
                "Die Fischer klagten, das alte Becken habe keinen Kran und die Eisfabrik liege jenseits der Brücke.",
            ],
            [
                "Stadtrat stimmt für neuen Radweg", "Schülerin gewinnt Schachtitel in Leipzig",
                "Milchbauern protestieren gegen niedrige Preise", "Museum gibt Bronzen an Benin zurück",
            ],
            id="German",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("label", [pytest.param("", id="no label"), pytest.param("Weitere Themen", id="a label")])
def test_headlines_in_other_languages(story, headlines, label):
    inside = f"<p>{label}</p>" if label else ""
    rows = "".join(f"<tr><td>{n}.</td><td>{line}</td></tr>" for n, line in enumerate(headlines, 1))
    lines = kept("".join(f"<p>{line}</p>" for line in story) + inside + f"<table>{rows}</table>")
    assert lines == story


@pytest.mark.parametrize(
    ("inside", "lines"),
    [
        pytest.param(
            "<p>Lanes open to the club<br>Showers of the hotel's guests<br>Buses for the schools of Fjellvik<br>"
            "Tiles over the deep end</p>",
            ["Lanes open to the club", "Tiles over the deep end"],
            id="the story's own points",
        ),
        pytest.param(
            "<blockquote>Over the water the evening comes down<br>Slow as a boat with its lamps in the bow<br>"
            "Nobody calls from the quay of the town<br>Nobody rows to the other shore now</blockquote>",
            ["Over the water the evening comes down"],
            id="verse in a quotation",
        ),
        pytest.param(
            "<p>Wooden jigsaw for two players http://shop.example/1</p><p>Deep Sea board game http://shop.example/2</p>"
            "<p>Vinyl record, third pressing http://shop.example/3</p><p>Pocket knife in red http://shop.example/4</p>",
            ["Wooden jigsaw for two", "Pocket knife"],
            id="goods with their addresses",
        ),
        pytest.param(
            "<p>3 June – Sandnes, Quay Hall</p><p>July 5 – Fjellvik, Old Brewery Stage</p>"
            "<p>11 July – Lunde, Park Theatre</p><p>August 2 – Northby, Town Square</p>",
            ["3 June – Sandnes, Quay Hall", "August 2 – Northby, Town Square"],
            id="the dates of a tour",
        ),
        pytest.param(
            "<p>Sandnes against Fjellvik Rovers 3:1<br>Lunde against Northby Town 0:0<br>"
            "Millgate against Oldmere Albion 2:5<br>Eastshore against Harbour Lions 1:1</p>",
            ["Sandnes against Fjellvik Rovers 3:1"],
            id="results",
        ),
        pytest.param(
            "<div>10:15 Lanes for Beginners, Small Pool</div><div>11:00 Diving with Eli Moe, Deep Pool</div>"
            "<div>12:30 Water Polo, Main Pool</div><div>14:00 Choir of Fjellvik, Foyer</div>",
            ["10:15 Lanes for Beginners, Small Pool", "12:30 Water Polo, Main Pool"],
            id="a programme",
        ),
        pytest.param("<p>Hall to close<br>Buses to Sandnes</p>", ["Hall to close", "Buses to Sandnes"], id="two lines"),
        pytest.param(
            "<p>They never admit that they were wrong</p><p>They interrupt people in meetings</p>"
            "<p>They take credit for work of others</p><p>They forget what they promised</p>",
            ["They never admit that they were wrong"],
            id="lines that begin alike",
        ),
        pytest.param(
            "<p>What the plan holds:</p><p>1. Swing the doors open twice before noon</p><p>2. Mop where guests walk in</p>"
            "<p>3. Empty every bin near the lockers</p><p>4. Lock up when the last one leaves</p>",
            ["4. Lock up when the last one leaves"],
            id="steps below a colon",
        ),
        pytest.param(
            "<p>Best actor: Tom Harrow, The Long Quay</p><p>Best actress: Ida Fenn, Salt</p>"
            "<p>Best picture: The Long Quay</p><p>Best director: Ines Marlow, Salt</p>",
            ["Best actress: Ida Fenn, Salt"],
            id="winners",
        ),
    ],
)
def test_lines_that_belong_to_the_story_stay(inside, lines):
    page = read(HtmlDoc(f"<html><body>{PLAIN}{inside}</body></html>").tree)
    paragraph = [10.0 if text in STORY else 0.0 for text in page.text]
    off = headline_lists(page, paragraph, range(len(page.text)))
    left = " ".join(text for i, text in enumerate(page.text) if i not in off)
    assert all(line in left for line in lines)


@pytest.mark.parametrize(
    ("inside", "blocks"),
    [
        pytest.param("Harbour Street 4<br>9000 Northby<br>Open from nine", 1, id="an address"),
        pytest.param("<br>".join(HEADLINES), 6, id="headlines"),
        pytest.param("<br>".join(f"{line[:20]}." for line in HEADLINES[:3]), 1, id="short sentences"),
        pytest.param("a very long line that<br>was wrapped by hand in<br>the middle of its words<br>and ends here.", 1,
                     id="a wrapped sentence"),
    ],
)  # fmt: skip
def test_broken_lines_are_blocks_of_their_own_where_they_are_a_list(inside, blocks):
    assert len(read(HtmlDoc(f"<html><body><div>{inside}</div></body></html>").tree).text) == blocks


TEASER = "The crane weighs 310 tonnes, and nobody in the harbour is sure that it still turns."


@pytest.mark.parametrize(
    "box",
    [
        pytest.param(f"<div><h4>Related</h4><p>Crane to be moved</p><p>{TEASER}</p></div>", id="related"),
        pytest.param(f"<div><span>Lesen Sie auch</span><p>{TEASER}</p></div>", id="German"),
        pytest.param(f"<section><p><b>Lire aussi :</b></p><div><p>{TEASER}</p></div></section>", id="French, deeper"),
        pytest.param(f"<div><p>Newsletter</p><p>{TEASER}</p><p>Sent on Fridays.</p></div>", id="a newsletter's box"),
        pytest.param(f"<aside><div>Advertisement</div><p>{TEASER}</p></aside>", id="an advert"),
    ],
)
def test_a_small_box_under_a_label_is_taken_off_whole(box):
    lines = kept(f"<div>{''.join(f'<p>{line}</p>' for line in STORY[:3])}{box}"
                 f"{''.join(f'<p>{line}</p>' for line in STORY[3:])}</div>")  # fmt: skip
    assert lines == STORY


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param(f"<div><p>Advertisement</p>{PLAIN}</div>", id="the story's own box begins with an advert"),
        pytest.param(f"<div><div><p>Related</p></div>{PLAIN}</div>", id="a label before the story"),
        pytest.param(f"<div>{PLAIN[:330]}<p>Advertisement</p>{PLAIN[330:]}</div>", id="a label between paragraphs"),
    ],
)
def test_a_label_in_the_storys_box_takes_nothing_else(inside):
    assert [line for line in kept(inside) if line in STORY] == [line for line in STORY if line in inside]


DISH = "Oats with a sliced pear, two spoons of yoghurt, and a cup of green tea without sugar"


@pytest.mark.parametrize(
    ("inside", "times"),
    [
        pytest.param(
            "".join(f"<p>{day}</p><p>{DISH}</p><p>{STORY[n]}</p>" for n, day in enumerate(("Monday", "Tuesday", "Sunday"))),
            3,
            id="a dish on three days",
        ),
        pytest.param(
            "".join(f"<p>What would you keep of the old hall, if it were yours alone to decide upon?</p><p>{line}</p>"
                    for line in STORY[:4]),
            4,
            id="the question to each of four guests",
        ),
        pytest.param(f"{PLAIN}<aside class='pull'><p>{STORY[2]}</p></aside>", 1, id="a pull quote"),
        pytest.param(f"<p>{STORY[0]}</p><p>{STORY[2]}</p><p>{STORY[2]}</p><p>{STORY[4]}</p>", 1, id="twice in a row"),
        pytest.param(f"<article>{PLAIN}{PLAIN}</article>", 1, id="the story printed twice"),
    ],
)  # fmt: skip
def test_what_the_story_says_again_stays_and_what_the_page_prints_again_does_not(inside, times):
    lines = kept(inside)
    again = DISH if DISH in inside else "What would" if "What would" in inside else STORY[2]
    assert sum(line.startswith(again) for line in lines) == times
