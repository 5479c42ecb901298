"""Kinds of page that are laid out unlike a news story -> their text comes out whole, the furniture does not."""

from __future__ import annotations

import pytest

from pipeline.extract.html import body
from pipeline.extract.htmldoc import HtmlDoc

HEAD = (
    "<html lang='en'><head><title>{title} | The Oldmere Post</title></head><body><header class='site-header'>"
    "<a href='/'>The Oldmere Post</a><nav><ul>"
    + "".join(f"<li><a href='/{n.lower()}'>{n}</a></li>" for n in ("News", "Sport", "Culture", "Opinion", "Weather"))
    + "</ul></nav></header>"
)
OTHERS = (
    "Council delays vote on the swimming hall",
    "Plough driver retires after forty winters",
    "Choir looks for tenors",
)
FOOT = (
    "<aside class='related'><h3>More stories</h3><ul>"
    + "".join(f"<li><a href='/a{n}'>{line}</a></li>" for n, line in enumerate(OTHERS))
    + "</ul></aside><footer><p>© 2026 The Oldmere Post. All rights reserved.</p><a href='/privacy'>Privacy</a></footer>"
)
P = [
    "The water board of Oldmere decided on Thursday to lower the weir by forty centimetres before the winter begins.",
    "Engineers had found cracks in two of the seven gates when the lake was drained for the first time since the war.",
    "Anglers and rowers, who use the upper reach, were told that the level would be back to normal by the end of May.",
    "The work costs three million crowns, and the board hopes that the county will pay for more than a third of it.",
    "A second public meeting is planned for the first week of October in the old school house at the eastern shore.",
    "Until then the path over the dam stays closed, and walkers are asked to take the bridge by the railway station.",
]
ASKED = ["Why is the weir being lowered?", "Who pays for the work?", "When will the path be open again?"]


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def text_of(inside: str, title: str = "Weir at Oldmere to be lowered before the winter") -> list[str]:
    page = f"{HEAD.format(title=title)}<main><article><h1>{title}</h1>{inside}</article></main>{FOOT}</body></html>"
    return body(HtmlDoc(page), title=None).text.split("\n\n")


def missing(inside: str, wanted: list[str]) -> list[str]:
    text = text_of(inside)
    assert not [line for line in OTHERS if line in text]
    return [line for line in wanted if not any(line in block for block in text)]


def faq(question: str, answer: str) -> str:
    asked = "".join(
        question.format(q) + answer.format(f"<p>{a}</p>") for q, a in zip(ASKED, P[1:4], strict=True)
    )  # fmt: skip
    return f"<p>{P[0]}</p>{asked}<p>{P[4]}</p>"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        pytest.param("<div class='accordion-item'><h3><button aria-expanded='false'>{}</button></h3>",
                     "<div class='panel'>{}</div></div>", id="a button in a heading"),
        pytest.param("<div><button class='faq-toggle'>{}</button>", "<div hidden>{}</div></div>", id="a bare button"),
        pytest.param("<details><summary>{}</summary>", "{}</details>", id="details"),
        pytest.param("<dl><dt>{}</dt>", "<dd>{}</dd></dl>", id="a definition list"),
        pytest.param("<div role='button' tabindex='0'>{}</div>", "<div role='region'>{}</div>", id="a role"),
        pytest.param("<h3><a href='#a' role='button' data-toggle='collapse'>{}</a></h3>",
                     "<div class='collapse' id='a'>{}</div>", id="a link that unfolds"),
    ],
)  # fmt: skip
def test_questions_and_answers_stay(question, answer):
    assert missing(faq(question, answer), [P[0], *ASKED, *P[1:5]]) == []


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param(f"<div class='intro-block'>{paragraphs(*P[:2])}</div><figure><img src='/p.jpg'></figure>"
                     f"<div class='article-body'>{paragraphs(*P[2:])}</div>", id="beside an article body"),
        pytest.param(f"<div class='lead-text'><div>{paragraphs(P[0])}</div></div>"
                     f"<section class='content'>{paragraphs(*P[1:])}</section>", id="a lead of its own"),
        pytest.param(f"<div class='row'><div class='col'>{paragraphs(*P[:2])}</div></div><div class='ad-slot'></div>"
                     f"<div class='row'><div class='col'>{paragraphs(*P[2:])}</div></div>", id="two rows"),
        pytest.param(f"<header>{paragraphs(*P[:2])}</header><div itemprop='articleBody'>{paragraphs(*P[2:])}</div>",
                     id="in the article's header"),
        pytest.param(f"<div class='story-top'>{paragraphs(*P[:3])}</div><div class='story-bottom'>"
                     f"{paragraphs(*P[3:])}</div>", id="halves"),
    ],
)  # fmt: skip
def test_first_paragraphs_in_a_box_of_their_own_stay(inside):
    assert missing(inside, P) == []


CLUBS = ["Oldmere Rovers", "Northby Town", "Sandnes Athletic", "Lunde United", "Eastshore", "Millgate Albion"]


@pytest.mark.parametrize(
    ("table", "row", "end"),
    [
        pytest.param("<table>", "<tr><td>{n}</td><td><a href='/{n}'>{club}</a></td><td>{p}</td></tr>", "</table>", id="a table"),
        pytest.param("<table class='standings'><tbody>", "<tr><th><a href='/{n}'>{club}</a></th><td>{p}</td></tr>",
                     "</tbody></table>", id="names as headings of rows"),
        pytest.param("<div class='table-wrap'><table>", "<tr><td><a href='/{n}'><img src='/l.png'> {club}</a></td>"
                     "<td>12</td><td>{p}</td></tr>", "</table></div>", id="with badges"),
        pytest.param("<h2>Table</h2><table>", "<tr><td>{n}. <a href='/c/{n}'>{club}</a></td><td>{p}</td></tr>",
                     "</table>", id="under a heading"),
    ],
)  # fmt: skip
def test_names_of_a_league_table_that_are_links_stay(table, row, end):
    rows = "".join(row.format(n=n + 1, club=club, p=30 - 2 * n) for n, club in enumerate(CLUBS))
    assert missing(f"{paragraphs(*P[:3])}{table}{rows}{end}{paragraphs(*P[3:])}", [*P, *CLUBS]) == []


STEPS = [
    "Heat the butter in a heavy pan until it foams, then stir in the onions.",
    "Add the flour and stir for two minutes without letting it brown.",
    "Pour in the milk little by little and let the soup simmer for a quarter of an hour.",
    "Season with salt and dill, and serve with dark bread.",
]
GOODS = ["40 g butter", "2 onions, chopped", "3 tablespoons flour", "1 litre milk", "1 bunch of dill"]


@pytest.mark.parametrize(
    ("goods", "good", "step"),
    [
        pytest.param("<h2>Ingredients</h2><ul>{}</ul><h2>Method</h2><ol>{}</ol>", "<li>{}</li>", "<li>{}</li>", id="lists"),
        pytest.param("<div class='ingredients'><h3>Ingredients</h3>{}</div><div class='steps'>{}</div>",
                     "<p>{}</p>", "<p>{}</p>", id="paragraphs"),
        pytest.param("<table>{}</table><ol class='recipe-steps'>{}</ol>", "<tr><td>{}</td></tr>",
                     "<li><p>{}</p></li>", id="a table of ingredients"),
        pytest.param("<section><h2>You need</h2><ul>{}</ul></section><section><h2>How to do it</h2>{}</section>",
                     "<li><label><input type='checkbox'> {}</label></li>", "<div><h3>Step</h3><p>{}</p></div>",
                     id="boxes to tick"),
    ],
)  # fmt: skip
def test_a_recipe_keeps_what_it_takes_and_how_it_is_done(goods, good, step):
    inside = goods.format("".join(map(good.format, GOODS)), "".join(map(step.format, STEPS)))
    assert missing(f"<p>{P[0]}</p>{inside}", [*GOODS, *STEPS]) == []


SAID = [f"{who}: {line}" for who, line in zip(("LUND", "HALLE", "LUND", "HALLE", "LUND"), P[1:], strict=True)]


@pytest.mark.parametrize(
    "box",
    [
        pytest.param("<footer class='transcript'>{}</footer>", id="footer"),
        pytest.param("<aside class='transcript'>{}</aside>", id="aside"),
        pytest.param("<details><summary>Transcript</summary>{}</details>", id="details"),
        pytest.param("<div role='tabpanel' id='transcript'>{}</div>", id="a tab"),
    ],
)
def test_a_transcript_stays_whatever_box_it_is_in(box):
    inside = f"<p>{P[0]}</p>{box.format(paragraphs(*SAID, *P[1:5]))}"
    assert missing(inside, [P[0], *SAID]) == []


@pytest.mark.parametrize(
    "slide",
    [
        pytest.param("<div class='slide'><img src='/{n}.jpg'><h2>{head}</h2><p>{text}</p></div>", id="slides"),
        pytest.param("<figure><img src='/{n}.jpg'></figure><h3>{n}. {head}</h3><p>{text}</p>", id="a listicle"),
        pytest.param("<li><h3>{head}</h3><p>{text}</p><a href='/buy'>Buy now</a></li>", id="a list of goods"),
        pytest.param("<div class='card'><div class='card-body'><h4>{head}</h4><p>{text}</p></div></div>", id="cards"),
        pytest.param("<section><span>{n}/6</span><h2>{head}</h2><p>{text}</p></section>", id="with counters"),
    ],
)
def test_slides_products_and_cards_with_text_stay(slide):
    parts = "".join(
        slide.format(n=n + 1, head=club, text=text) for n, (club, text) in enumerate(zip(CLUBS, P, strict=True))
    )
    assert missing(f"<p>Here are six places by the water that are worth a visit this autumn.</p>{parts}", P) == []


POSTS = [f"{h}:{m:02} {line}" for h, m, line in zip((14, 14, 13, 12, 11, 10), (40, 5, 30, 10, 55, 20), P, strict=True)]


@pytest.mark.parametrize(
    "post",
    [
        pytest.param("<div class='live-post'><time>{time}</time><p>{text}</p></div>", id="boxes"),
        pytest.param(
            "<article><header><time>{time}</time><h3>Update</h3></header><p>{text}</p></article>", id="articles"
        ),
        pytest.param("<li class='liveblog-entry'><span>{time}</span><div><p>{text}</p></div></li>", id="items"),
        pytest.param("<div><p><strong>{time}</strong></p><p>{text}</p></div>", id="bare"),
    ],
)
def test_the_posts_of_a_live_blog_stay(post):
    parts = "".join(post.format(time=line[:5], text=line[6:]) for line in POSTS)
    assert missing(f"<p>Follow the meeting of the water board here.</p>{parts}", P) == []


@pytest.mark.parametrize(
    "last",
    [
        pytest.param(f"<blockquote><p>{P[4]}</p></blockquote><p><a href='/plan'>{P[5]}</a></p>", id="behind a quotation"),
        pytest.param(f"<p>{P[4]}</p><p><a href='/plan'>{P[5]}</a></p>", id="a paragraph that is a link"),
        pytest.param(f"<p>{P[4]}</p><p><em><a href='/plan'>{P[5]}</a></em></p>", id="in italics"),
        pytest.param(f"<blockquote>{P[4]}</blockquote><p>{P[5][:40]}<a href='/x'>{P[5][40:]}</a></p>", id="half a link"),
    ],
)  # fmt: skip
def test_a_linked_last_paragraph_stays(last):
    assert missing(f"{paragraphs(*P[:4])}{last}", P) == []


@pytest.mark.parametrize(
    "comment",
    [
        pytest.param("<li class='c'><b>{who}</b> <span>3 {month} 2026</span><p>{text}</p><a href='#'>Odpowiedz</a></li>", id="Polish"),
        pytest.param("<div><cite>{who}</cite><time>12:0{n}</time><div>{text}</div><button>Vastaa</button></div>", id="Finnish"),
        pytest.param("<article><h4>{who}</h4><small>{n} óra</small><p>{text}</p><a href='#'>Válasz</a></article>", id="Hungarian"),
        pytest.param("<div class='c-item'><div>{who} · {n} d</div><div>{text}</div><span>Responder</span></div>", id="Spanish"),
    ],
)  # fmt: skip
def test_comments_below_a_story_are_told_by_their_repeated_boxes(comment):
    said = [
        "I walk there every day and nobody ever told us that the gates were in such a bad state, what a shame.",
        "Three million for forty centimetres? They should have done it ten years ago when it was still cheap.",
        "My father helped to build those gates. He always said that they would not last for more than fifty years.",
        "Finally somebody does something about it. Last spring our cellar was full of water for two whole weeks.",
    ]
    thread = "".join(
        comment.format(who=who, text=line, n=n + 1, month="maja")
        for n, (who, line) in enumerate(zip(("anna k", "Boatman", "J. Halle", "riverside22"), said, strict=True))
    )
    text = text_of(f"{paragraphs(*P)}<div class='k'>{thread}</div>")
    assert [line for line in P if line not in text] == []
    assert [line for line in said if any(line in block for block in text)] == []


SHORT = [
    "Low water from the second week of October",
    "Rowing only above the railway bridge",
    "Night work for nine days in November",
    "Free parking at the eastern shore",
]


@pytest.mark.parametrize(
    ("inside", "wanted"),
    [
        pytest.param(
            f"<p>{P[0]}</p><p>What it means for the people of the lake:</p>{paragraphs(*SHORT)}<p>{P[1]}</p><p>{P[2]}</p>",
            SHORT,
            id="short paragraphs below a colon",
        ),
        pytest.param(
            f"<p>{P[0]}</p><h3>At the lake</h3><ul>{''.join(f'<li>{line}</li>' for line in SHORT)}</ul><p>{P[1]}</p>",
            SHORT,
            id="a list below a heading",
        ),
        pytest.param(
            f"<p>{P[0]}</p><p>The board's papers:</p><ul>"
            + "".join(f"<li><a href='/papers/{n}.pdf'>{line}</a></li>" for n, line in enumerate(SHORT))
            + f"</ul><p>{P[1]}</p><p>{P[2]}</p>",
            SHORT,
            id="links below a colon",
        ),
        pytest.param(
            "".join(f"<h2>{h}</h2><p>{p}</p><p>Pros:</p><p>Cons:</p>" for h, p in zip(SHORT, P, strict=False)),
            ["Pros:", "Cons:", SHORT[1]],
            id="words between the parts of a comparison",
        ),
    ],
)
def test_lines_between_paragraphs_of_the_same_box_stay(inside, wanted):
    assert missing(inside, wanted) == []


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(
            "<p class='promo'><a href='/a8'>Ferry prices rise in spring</a></p>", id="a link of a class of its own"
        ),
        pytest.param(
            "<ul><li><a href='/a8'>Ferry prices rise by a tenth in spring</a></li></ul>", id="a list of links"
        ),
        pytest.param("<p>Read more: Ferry prices rise by a tenth in spring</p>", id="named by a rule"),
    ],
)
def test_lines_between_paragraphs_that_are_none_go(line):
    text = text_of(f"{paragraphs(*P[:3])}{line}{paragraphs(*P[3:])}")
    assert text == P


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("Ann Berg and Eli Moe contributed to this report.", id="who contributed"),
        pytest.param("Contact Ann Berg at aberg@oldmere.example or follow her on Mastodon.", id="how to reach her"),
        pytest.param("Ann Berg may be reached at aberg@oldmere.example.", id="may be reached"),
        pytest.param("Get the lake's news delivered straight to your inbox each Friday.", id="delivered to your inbox"),
        pytest.param(
            "You’re reading the Lake Letter newsletter. Sign up to get it.", id="a newsletter read on the page"
        ),
        pytest.param("Enjoyed this story? Tell a friend about it.", id="enjoyed this story"),
        pytest.param("Our journalism needs your support, so please subscribe today.", id="needs your support"),
        pytest.param("Aus dem Englischen von Jana Moll", id="German, translated by"),
    ],
)
def test_what_the_house_says_at_the_end_goes(line):
    assert text_of(paragraphs(*P, line)) == P


def test_a_story_that_speaks_of_itself_keeps_its_first_paragraph():
    first = "In this article, I’ll explain how the seven gates of the weir were built before the war."
    assert text_of(paragraphs(first, *P))[0] == first


@pytest.mark.parametrize(
    ("description", "stays"),
    [
        pytest.param(
            "Cracks in the gates force the water board to act, and rowers have to wait for May.", True, id="as it is"
        ),
        pytest.param("Cracks in the gates force the water board to act, and rowers have…", True, id="cut short"),
        pytest.param("News from Oldmere and the lake, every day.", False, id="of the site"),
    ],
)
def test_a_standfirst_that_is_the_pages_description_stays(description, stays):
    lead = "Cracks in the gates force the water board to act, and rowers have to wait for May."
    title = "Weir at Oldmere to be lowered before the winter"
    head = HEAD.format(title=title).replace("<title>", f"<meta name='description' content='{description}'><title>")
    top = f"<div class='article-header'><h1>{title}</h1><div class='abstract'>{lead}</div><div>Ann Berg</div></div>"
    text = body(HtmlDoc(f"{head}<main>{top}<div>{paragraphs(*P)}</div></main>{FOOT}</body></html>"), title=None).text
    assert lead in text or not stays
