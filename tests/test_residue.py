"""Rules of residue: one closed list of names, labels and phrases that hold anywhere, and what they must leave alone."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import get_args

import pytest

from pipeline.extract import rules
from pipeline.extract.html.story import body
from pipeline.extract.htmldoc import HtmlDoc
from pipeline.extract.rules.names import MEANINGS, RuleName

EXTRACT = Path(rules.__file__).parent.parent
STORY = [
    "The harbour board of Lunde voted on Tuesday evening to rebuild the old ferry pier in stone, after a long winter.",
    "The work is to begin in April and to cost 4.2 million crowns, of which the county pays a third, the board said.",
    "Fishermen had asked for a longer breakwater instead, and their spokesman told the meeting so for half an hour.",
    "The board answered that a breakwater needs a permit, which takes at least eighteen months from the coast guard.",
    "Construction will be carried out from barges so that the morning boat can keep to its timetable all summer long.",
]


def kept(middle: str, *, head: str = "") -> list[str]:
    """The story's lines of a page that has `middle` after its second paragraph."""
    inner = "".join(f"<p>{p}</p>" for p in STORY[:2]) + middle + "".join(f"<p>{p}</p>" for p in STORY[2:])
    page = f"<html><head>{head}</head><body><main><article><h1>Lunde rebuilds its pier</h1>{inner}</article></main></body></html>"
    return [line.text for line in body(HtmlDoc(page), title="Lunde rebuilds its pier").lines if line.rule is None]


def test_every_rule_has_a_meaning() -> None:
    assert set(get_args(RuleName)) == MEANINGS.keys()


@pytest.mark.parametrize("name", ["labels.tsv", "openings.tsv", "phrases.txt"])
def test_the_tables_name_rules_of_the_closed_list_only(name: str) -> None:
    lines = (EXTRACT / "rules" / name).read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if line and not line.startswith("#")]
    if name.endswith(".tsv"):
        assert {line.split("\t")[0] for line in lines} <= rules.NAMES
        assert all(line.count("\t") == 2 for line in lines)
    else:
        assert {line[1:].split(" ")[0] for line in lines if line.startswith("[") and line.endswith("]")} <= rules.NAMES


def test_the_code_takes_lines_off_under_names_of_the_closed_list_only() -> None:
    """Every name that a line is given in code: Line(text, "name"), _REASONS, the keys of the text route's verdicts."""
    found = set()
    for path in EXTRACT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Line" and len(node.args) == 2:
                found |= {n.value for n in ast.walk(node.args[1]) if isinstance(n, ast.Constant) and n.value}
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_REASONS":
                found |= {pair.elts[1].value for pair in node.value.elts}  # type: ignore[attr-defined]
    assert found
    assert found <= rules.NAMES


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        pytest.param("Advertisement", "advert", id="English"),
        pytest.param("— ADVERTISEMENT —", "advert", id="capitals between dashes"),
        pytest.param("[Anzeige]", "advert", id="German in brackets"),
        pytest.param("Advertisement - scroll to continue", "advert", id="with what to do"),
        pytest.param("Article continues after advertisement", "advert", id="article continues"),
        pytest.param("La suite après cette publicité", "advert", id="French, the rest below"),
        pytest.param("Publicité", "advert", id="French"),
        pytest.param("Publicidad", "advert", id="Spanish"),
        pytest.param("Continua após a publicidade", "advert", id="Portuguese, goes on below"),
        pytest.param("Pubblicità", "advert", id="Italian"),
        pytest.param("Advertentie", "advert", id="Dutch"),
        pytest.param("Annons", "advert", id="Swedish"),
        pytest.param("Annonse", "advert", id="Norwegian"),
        pytest.param("Annonce", "advert", id="Danish"),
        pytest.param("Mainos", "advert", id="Finnish"),
        pytest.param("Artikkeli jatkuu mainoksen jälkeen", "advert", id="Finnish, goes on below"),
        pytest.param("REKLAMA", "advert", id="Polish"),
        pytest.param("Inzerce", "advert", id="Czech"),
        pytest.param("Hirdetés", "advert", id="Hungarian"),
        pytest.param("Publicitate", "advert", id="Romanian"),
        pytest.param("Реклама", "advert", id="Russian"),
        pytest.param("Διαφήμιση", "advert", id="Greek"),
        pytest.param("Reklam", "advert", id="Turkish"),
        pytest.param("إعلان", "advert", id="Arabic"),
        pytest.param("פרסומת", "advert", id="Hebrew"),
        pytest.param("विज्ञापन", "advert", id="Hindi"),
        pytest.param("โฆษณา", "advert", id="Thai"),
        pytest.param("広告", "advert", id="Japanese"),
        pytest.param("广告", "advert", id="Chinese"),
        pytest.param("광고", "advert", id="Korean"),
        pytest.param(
            "If you buy something through our links, we may earn a commission.",
            "advert",
            id="affiliate note, if you buy",
        ),
        pytest.param("This post contains affiliate links.", "advert", id="affiliate note"),
        pytest.param("Copy link", "share", id="copy link"),
        pytest.param("Related article:", "related", id="related article, bare"),
        pytest.param("RELATED PHOTOS: The pier through the years", "related", id="related photos with their title"),
        pytest.param("See photos from this story:", "related", id="see photos"),
        pytest.param("Get Harbour Notes, The Courier's Friday newsletter", "newsletter", id="newsletter by its name"),
        pytest.param("Abonnez-vous à notre newsletter du vendredi", "newsletter", id="French newsletter"),
        pytest.param("1/50", "caption", id="gallery counter"),
        pytest.param("Bild 3 von 12", "caption", id="German gallery counter"),
        pytest.param("The old pier after the January storm (Photo: Eli Moe)", "caption", id="caption with its credit"),
        pytest.param("Der alte Anleger nach dem Sturm (Foto: dpa)", "caption", id="German caption with its credit"),
        pytest.param("Foto: Eli Moe/dpa", "caption", id="German credit alone"),
        pytest.param("Photo: Ann Berg", "caption", id="credit alone"),
        pytest.param("© Odd Brenna / AFP", "caption", id="credit behind a sign"),
        pytest.param("The champion on the ice. © AFP / ANN BERG", "caption", id="caption with an agency behind a sign"),
        pytest.param("Schon gelesen?", "related", id="German, already read"),
        pytest.param("View 12 images", "caption", id="a gallery's pictures, counted"),
        pytest.param("Voir la galerie", "caption", id="French, to the gallery"),
        pytest.param("Bild vergrößern", "navigation", id="German, a larger picture"),
        pytest.param("(öffnet im neuen Fenster)", "navigation", id="German, a new window"),
        pytest.param("(s'ouvre dans un nouvel onglet)", "navigation", id="French, a new tab"),
        pytest.param("Listen · 4 min", "navigation", id="listen, with its length"),
        pytest.param("Artikel anhören", "navigation", id="German, listen"),
        pytest.param("Copied to clipboard", "share", id="copied"),
        pytest.param("Další čtení: Most bude opraven v pondělí", "related", id="Czech, another story"),
        pytest.param("Baca juga: Jembatan diperbaiki hari Senin", "related", id="Indonesian, another story"),
        pytest.param("İlgili haber: Köprü pazartesi onarılacak", "related", id="Turkish, another story"),
        pytest.param("Xem thêm: Cầu sẽ được sửa vào thứ Hai", "related", id="Vietnamese, another story"),
        pytest.param("Don't miss: Bridge repairs begin on Monday", "related", id="don't miss"),
        pytest.param("As an Amazon Associate we earn from qualifying purchases.", "advert", id="a shop's partner"),
        pytest.param(
            "Ihre Datenschutzeinstellungen verhindern das Laden dieses Videos.", "cookie", id="German, video not loaded"
        ),
        pytest.param(
            "Pour afficher ce contenu, vous devez accepter les cookies.", "cookie", id="French, content not loaded"
        ),
        pytest.param("Allow Instagram content?", "cookie", id="content to be allowed"),
    ],
)
def test_what_is_no_story_wherever_it_stands(line: str, rule: str) -> None:
    assert rules.sure(line) == rules.rule_of(line) == rule
    assert kept(f"<p>{line}</p>") == STORY


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("Advertisement sales fell by a third, the company said.", id="a sentence on advertisements"),
        pytest.param("Story continues to amuse the island.", id="a story that continues"),
        pytest.param("Share of the vote", id="begins with share"),
        pytest.param("1/3 of the planks are gone.", id="a fraction"),
        pytest.param("2/3", id="two thirds"),
        pytest.param("3 of the 12 boats sank.", id="boats that are counted"),
        pytest.param("Related: the two brothers had not spoken for years.", id="related in a sentence"),
        pytest.param("She ran the newsletter for nine years.", id="a newsletter in a sentence"),
        pytest.param("The pier (photographed in 1911) was longer.", id="photographed in brackets"),
        pytest.param("The harbour paper earns a commission on tickets.", id="a commission in a sentence"),
        pytest.param("Add the ads to the list", id="begins like a label"),
        pytest.param("Photo: the pier was longer then.", id="a sentence behind a photo"),
        pytest.param("Bild: Wie sah der Anleger damals aus?", id="a question behind a picture"),
        pytest.param("To see the content of the safe, the police called a locksmith.", id="to see a content"),
        pytest.param("Further reading ruined his eyes.", id="reading in a sentence"),
    ],
)
def test_what_rules_leave_alone(line: str) -> None:
    assert rules.sure(line) is None


def test_headings_of_a_guide_are_no_share_links() -> None:
    guide = "".join(f"<h2>{name}</h2><p>{STORY[2]}</p>" for name in ("Facebook", "Newsletter"))
    assert "Facebook" in kept(guide)
    assert "Newsletter" in kept(guide)


LEGEND = "<li><h2><span>{n}/20</span> Geese leave {n}</h2><p>{text}</p><p class='credits'>AGENCY</p></li>"
SLIDE = "A long text about the year in the harbour, with what the mayor said of it and who was there, picture {n}. " * 5


def test_the_captions_of_a_gallery_inside_a_story_go() -> None:
    gallery = "".join(
        LEGEND.format(n=n, text=f"Geese left the bay on day {n} of the cold, said the ranger.") for n in range(1, 21)
    )
    lines = kept(f"<div class='x'><ul>{gallery}</ul></div>")
    assert lines[:4] == STORY[:4]
    assert not any("Geese" in line or "AGENCY" in line for line in lines)


def test_a_slide_show_with_text_is_the_story() -> None:
    slides = "".join(LEGEND.format(n=n, text=SLIDE.format(n=n)) for n in range(1, 21))
    page = HtmlDoc(f"<body><article><h1>Our year</h1><p>{STORY[0]}</p><ul>{slides}</ul></article></body>")
    lines = [line.text for line in body(page, title="Our year").lines if line.rule is None]
    assert sum("picture" in line for line in lines) == 20


COMMENT = "<div class='{css}'><div><b>{name}</b></div><div>{time}</div><div><p>{text}</p></div></div>"


@pytest.mark.parametrize(
    ("heading", "css", "times"),
    [
        pytest.param(
            "Kommentare (2)",
            "beitrag-antwort",
            ("18. November 2026 um 10:05 Uhr", "18.11.2026, 11:20 Uhr"),
            id="German",
        ),
        pytest.param("Commentaires", "avis", ("18 novembre 2026 à 10:05", "18/11/2026 11:20"), id="French"),
        pytest.param("Comentarios", "opinion-item", ("18/11/2026 10:05", "18/11/2026 11:20"), id="Spanish"),
        pytest.param("2 comments", "x1", ("3 hours ago", "2 hours ago"), id="English, by their age"),
    ],
)
def test_comments_are_known_by_names_and_times(heading: str, css: str, times: tuple[str, str]) -> None:
    said = ("I would have liked a breakwater first, and so would everyone I know down at the quay, honestly.",
            "They have repaired it twice already and the sea took it back within a month each time it stormed.")  # fmt: skip
    thread = f"<h3>{heading}</h3>" + "".join(
        COMMENT.format(css=css, name=name, time=time, text=text)
        for name, time, text in zip(("Anna K.", "oddvar77"), times, said, strict=True)
    )
    inner = "".join(f"<p>{p}</p>" for p in STORY)
    page = HtmlDoc(
        f"<body><article><h1>Lunde rebuilds its pier</h1>{inner}</article><section>{thread}</section></body>"
    )
    assert [line.text for line in body(page, title="Lunde rebuilds its pier").lines if line.rule is None] == STORY


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        pytest.param("The old pier after the storm | Xinhua", "caption", id="caption and an agency"),
        pytest.param("PA Media", "caption", id="an agency alone"),
        pytest.param("HALVERN (Reuters) - The old pier has to go", None, id="dateline"),
        pytest.param("The pier (imagined here in 1911) was longer", None, id="begins like the name of an agency"),
    ],
)
def test_credits_at_the_end_of_a_line(line: str, rule: str | None) -> None:
    assert rules.rule_of(line) == rule
