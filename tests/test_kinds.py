"""Pages that are no article go with a reason; pages that only look odd stay."""

from __future__ import annotations

import pytest

from pipeline import extract
from pipeline.config import ExtractConfig
from pipeline.extract import page_kind
from pipeline.extract.values import Draft, Meta
from pipeline.model import Line, Page, Raw, Skipped

RAW = Raw("raw/x/page.html", None, "0" * 64)
SENTENCE = (
    "The ferry to the islands was {} on {} because the wind had turned and the harbour master would not let it out."
)
DAYS = ("Monday", "Tuesday", "Sunday")
STORY = [SENTENCE.format(what, day) for what in ("cancelled", "delayed", "turned back") for day in DAYS]
ARTICLE_LD = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ferry stays"}</script>'


def html(title: str, body: str, head: str = "") -> bytes:
    return f"<html lang='en'><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


def teasers(count: int) -> str:
    return "".join(
        f'<div class="teaser"><h3><a href="/local/story-{n}-about-a-thing">Council votes for the third time on'
        f" plan {n}</a></h3>"
        f"<p>Plan {n} would move the market to the other bank. {SENTENCE.format('blamed', 'Friday')}</p></div>"
        for n in range(count)
    )


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def headlines(count: int) -> str:
    return "".join(
        f'<div class="teaser"><h3><a href="/local/story-{n}-about-a-thing">Council votes for the third time on'
        f" plan {n}</a></h3></div>"
        for n in range(count)
    )


def outcome(
    body: bytes, url: str | None = "https://herald.example/local/ferry-stays-in-harbour", kind: str | None = None
):
    return extract.draft(Page(RAW, body, url=url, kind=kind), ExtractConfig())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "url", "reason"),
    [
        pytest.param(
            html("404 - Page not found", paragraphs("The page you asked for is not here.", "Try the search.")),
            None,
            "error-page",
            id="404",
        ),
        pytest.param(
            html("Seite nicht gefunden | Blatt", paragraphs("Leider gibt es diese Seite nicht mehr.")),
            None,
            "error-page",
            id="404 in German",
        ),
        pytest.param(
            html(
                "The Herald", "<h1>Sorry, page not found</h1>" + paragraphs("Try the search or go back to the start.")
            ),
            None,
            "error-page",
            id="404 in the heading",
        ),
        pytest.param(
            html(
                "Just a moment...",
                paragraphs(
                    "Checking your browser before you reach herald.example.",
                    "Enable JavaScript and cookies to continue",
                ),
            ),
            None,
            "error-page",
            id="bot check",
        ),
        pytest.param(
            html("Access denied", paragraphs("You don't have permission to see this page.", "Reference #18.2c1d")),
            None,
            "error-page",
            id="access denied",
        ),
        pytest.param(
            html(
                "The Herald",
                paragraphs(
                    "We and our 842 partners store and access information on your device, such as cookies.",
                    "You can accept or refuse consent, also to processing on the ground of legitimate interest.",
                    "Your choices apply to this site alone and you can change them in the privacy settings.",
                )
                + "<button>Accept all</button><button>Reject all</button>",
            ),
            None,
            "error-page",
            id="consent wall",
        ),
        pytest.param(
            html(
                "Blatt",
                paragraphs(
                    "Wir brauchen Ihre Zustimmung, um Cookies zu setzen und Werbung und Tracking zu erlauben.",
                    "Sie können die Einwilligung jederzeit in der Privatsphäre zurücknehmen.",
                )
                + "<button>Alle"
                " akzeptieren</button>",
            ),
            None,
            "error-page",
            id="consent wall in German",
        ),
        pytest.param(html("The Herald", headlines(40)), "https://herald.example/", "index-page", id="home page"),
        pytest.param(
            html("Local news | The Herald", "<h1>Local</h1>" + headlines(30)),
            "https://herald.example/local",
            "index-page",
            id="section page",
        ),
        pytest.param(
            html("Local news | The Herald", "<h1>Local</h1>" + teasers(30)),
            "https://herald.example/local",
            "index-page",
            id="section page with long teasers",
        ),
        pytest.param(
            html("Tag: ferry", "<h1>ferry</h1>" + headlines(30), '<meta property="og:type" content="website">'),
            "https://herald.example/tag/ferry",
            "index-page",
            id="tag page",
        ),
        pytest.param(
            html(
                "In pictures",
                "<h1>The storm in pictures</h1>"
                + "".join(
                    f'<figure><img src="/{n}.jpg"><figcaption>Waves at the pier, number {n}</figcaption></figure>'
                    for n in range(12)
                ),
            ),
            "https://herald.example/gallery/storm-in-pictures-12345",
            "gallery",
            id="gallery",
        ),
        pytest.param(
            html(
                "Ferry stays in harbour",
                "<h1>Ferry stays in harbour</h1>"
                + paragraphs(STORY[0], "Subscribe to continue reading", "Already a subscriber? Log in"),
                '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry stays in harbour",'
                '"isAccessibleForFree":false}</script>',
            ),
            None,
            "paywall",
            id="paywall stub",
        ),
        pytest.param(
            html(
                "Fähre bleibt im Hafen",
                paragraphs(
                    "Die Fähre zu den Inseln blieb am Sonntag im Hafen, weil der Wind gedreht hatte und niemand sie"
                    " hinausließ, sagte",
                    "Weiterlesen mit Blatt Plus",
                    "Nur für Abonnenten",
                ),
            ),
            None,
            "paywall",
            id="paywall stub, not declared",
        ),
        pytest.param(b"", None, "empty", id="no bytes"),
        pytest.param(b" \n\t ", None, "empty", id="white space"),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", None, "not-html", id="PDF"),
    ],
)
def test_other_pages_go_to_the_ledger_with_their_reason(body, url, reason):
    found = outcome(body, url or "https://herald.example/local/ferry-stays-in-harbour")
    assert isinstance(found, Skipped), found
    assert (found.reason, bool(found.detail)) == (reason, True)


@pytest.mark.parametrize(
    ("body", "url"),
    [
        pytest.param(
            html("Ferry stays in harbour", paragraphs(*STORY)), "https://herald.example/local", id="a section's address"
        ),
        pytest.param(
            html("Ferry stays in harbour", paragraphs(*STORY) + headlines(60)),
            "https://herald.example/a-b-c-d",
            id="sixty headlines after it",
        ),
        pytest.param(
            html("404 days at sea: the last ferry captain", paragraphs(*STORY)), None, id="404 that is no error"
        ),
        pytest.param(
            html("Ferry not found where the map shows it", paragraphs(*STORY)), None, id="not found in a headline"
        ),
        pytest.param(
            html(
                "Why every site asks for cookies",
                paragraphs(
                    *STORY, "A cookie banner asks for consent before you continue, and most people press accept all."
                ),
            ),
            None,
            id="a story about cookies",
        ),
        pytest.param(
            html("Ferry stays in harbour", paragraphs(*STORY[:4]) + "<p>Subscribe to continue reading</p>"),
            None,
            id="cut, but more than a stub",
        ),
        pytest.param(
            html("Ferry stays in harbour", paragraphs(*STORY[:2]) + headlines(15), ARTICLE_LD),
            None,
            id="a brief among teasers",
        ),
        pytest.param(
            html(
                "The storm in pictures",
                paragraphs(*STORY)
                + "".join(f'<figure><img src="/{n}.jpg"><figcaption>Waves {n}</figcaption></figure>' for n in range(9)),
            ),
            "https://herald.example/gallery/storm-12345",
            id="pictures with a story",
        ),
        pytest.param(
            html(
                "Readers can subscribe to the new ferry",
                paragraphs(*STORY[:4], "Passengers can subscribe to read the timetable on their phones."),
            ),
            None,
            id="a story about subscribing",
        ),
    ],
)
def test_articles_that_look_odd_stay(body, url):
    found = outcome(body, url or "https://herald.example/local/ferry-stays-in-harbour")
    assert isinstance(found, Draft), found
    assert any(line.rule is None for line in found.lines)


def test_a_list_of_headlines_as_text_is_an_index_page():
    lines = [Line(f"Council votes for the third time on plan {n}", None) for n in range(30)]
    verdict = page_kind.judge(None, lines, Meta(), Page(RAW, b""))
    assert verdict is not None and verdict[0] == "index-page"
    table = [Line(f"Team {n}  12.5  1,204  -3.1 points a game  {n}", None) for n in range(30)]
    assert page_kind.judge(None, table, Meta(), Page(RAW, b"")) is None
    assert page_kind.judge(None, lines, Meta(), Page(RAW, b"", title="Thirty votes")) is None
    story = [Line(text, None) for text in STORY]
    assert page_kind.judge(None, story, Meta(), Page(RAW, b"")) is None


def test_a_live_blog_is_kept_and_marked():
    head = '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Storm: live"}</script>'
    found = outcome(html("Storm: live", paragraphs(*STORY), head))
    assert isinstance(found, Draft) and found.meta.genre == "live"


def test_the_same_page_gives_the_same_draft_again():
    body = html("Ferry stays in harbour", paragraphs(*STORY) + headlines(20), ARTICLE_LD)
    assert outcome(body) == outcome(body)


def test_what_was_detected_of_the_charset_is_flagged():
    body = "<html><body>" + paragraphs(*STORY) + "<p>Café, naïve, Zürich, Ærø, señor, façade</p></body></html>"
    assert outcome(body.encode()).flags == ()
    assert any(flag.startswith("charset:") for flag in outcome(body.encode("cp1252")).flags)


@pytest.mark.parametrize(
    ("more", "flags"),
    [
        pytest.param("", (), id="an ordinary page"),
        pytest.param(f"<p>{'<span>a word </span>' * 6_000}</p>", ("fallback:fast",), id="a paragraph of 6,000 pieces"),
        pytest.param("<i></i>" * 21_000, ("fallback:fast, 21",), id="21,000 elements"),
    ],
)
def test_a_page_that_is_read_in_a_simpler_way_says_so_once(more: str, flags: tuple[str, ...]) -> None:
    prose = "".join(
        f"<p>The council met for the {n}th time about the ferry berth, and voted to close it.</p>" for n in range(20)
    )
    html = f"<html><head><title>Ferry berth closes</title></head><body><article>{prose}</article>{more}</body></html>"
    found = extract.draft(Page(RAW, html.encode(), kind="html", charset="utf-8"), ExtractConfig())
    assert isinstance(found, Draft)
    assert len(found.flags) == len(flags) and all(a.startswith(b) for a, b in zip(found.flags, flags, strict=True))


BRIEF = "A 34-year-old man from Vik was taken to hospital after his van came to rest in a field on Tuesday, police said, and the road was closed until noon."
LD = '<script type="application/ld+json">{}</script>'
SIGNED = LD.format(
    '{"@type": "NewsArticle", "headline": "Van leaves road", "datePublished": "2026-11-18",'
    ' "author": {"@type": "Person", "name": "Eli Moe"}}'
)
VIDEO = LD.format('{"@type": "VideoObject", "name": "Van leaves road", "uploadDate": "2026-11-18T07:00:00+01:00"}')
WEBSITE = '<meta property="og:type" content="website">'
ITEMS = LD.format('{"@type": "ItemList", "itemListElement": []}')
BYLINE = '<p class="byline">By Eli Moe</p>'


@pytest.mark.parametrize(
    ("body", "url"),
    [
        pytest.param(html("Van leaves road", paragraphs(BRIEF) + headlines(80), SIGNED), "/news/van-leaves-road-4711", id="signed NewsArticle among 80 links"),
        pytest.param(html("Van leaves road", f"<h1>Van leaves road</h1>{BYLINE}" + paragraphs(BRIEF) + headlines(14), WEBSITE), "/news/van-leaves-road-4711", id="signed brief on a site whose pages all say og:website"),
        pytest.param(html("Van leaves road", f"<h1>Van leaves road</h1>{BYLINE}" + paragraphs(BRIEF) + headlines(14), ITEMS), "/news/van-leaves-road-4711", id="signed brief beside an ItemList of teasers"),
        pytest.param(html("Van leaves road", "<h1>Van leaves road</h1>" + paragraphs(BRIEF) + headlines(45)), "/news/van-leaves-road-4711", id="unsigned brief on an article's address among 45 links"),
        pytest.param(html("Van leaves road", paragraphs(BRIEF) + headlines(40), VIDEO), "/video/1747657/van-leaves-road", id="video page with a text"),
        pytest.param(html("Van leaves road", paragraphs(BRIEF) + headlines(40), '<meta property="og:type" content="video.other">'), "/video/1747657/van-leaves-road", id="video page by og:type"),
        pytest.param(html("Van leaves road", paragraphs(BRIEF) + headlines(90), ARTICLE_LD), "/news/van-leaves-road-4711", id="unsigned NewsArticle among 90 links"),
    ],
)  # fmt: skip
def test_briefs_and_videos_with_a_text_are_articles(body: bytes, url: str) -> None:
    assert isinstance(outcome(body, f"https://herald.example{url}"), Draft)


@pytest.mark.parametrize(
    ("body", "url"),
    [
        pytest.param(html("The Herald", paragraphs(BRIEF) + headlines(40), SIGNED), "/", id="home page with the node of its first teaser"),
        pytest.param(html("Local | The Herald", "<h1>Local</h1>" + headlines(30), WEBSITE + ITEMS), "/local", id="section page"),
        pytest.param(html("Videos | The Herald", "<h1>Videos</h1>" + headlines(40), WEBSITE), "/video", id="page of videos"),
        pytest.param(html("By Eli Moe | The Herald", f"<h1>Eli Moe</h1>{BYLINE}" + headlines(45), WEBSITE), "/author/eli-moe", id="an author's page"),
    ],
)  # fmt: skip
def test_index_pages_stay_index_pages(body: bytes, url: str) -> None:
    draft = outcome(body, f"https://herald.example{url}")
    assert isinstance(draft, Skipped)
    assert draft.reason in ("index-page", "too-short")


def providers(count: int) -> str:
    return "".join(
        f'<p><a href="https://clinic{n}.example/">Clinic number {n} of the county</a> {SENTENCE.format("called", "Monday")}</p>'
        for n in range(count)
    )


def test_a_list_of_other_sites_is_a_text() -> None:
    page = html("Where to turn to", "<h1>Where to turn to</h1>" + providers(30))
    assert isinstance(outcome(page, "https://school.example/help"), Draft)


LIVE = '{{"@type": "LiveBlogPosting", "headline": "{}"{}}}'
NEWS = (
    '{"@type": "NewsArticle", "headline": "Ferry stays", "datePublished": "2026-11-18", "author": {"name": "Eli Moe"}}'
)


@pytest.mark.parametrize(
    ("head", "genre"),
    [
        pytest.param(LD.format(NEWS) + LD.format(LIVE.format("Ferry stays", "")), "live", id="a node of its own"),
        pytest.param(LD.format(f"[{NEWS}, {LIVE.format('Ferry stays', '')}]"), "live", id="one list of nodes"),
        pytest.param(
            LD.format(LIVE.format("", ', "liveBlogUpdate": [{}]')) + LD.format(NEWS), "live", id="node with posts"
        ),
        pytest.param(LD.format(f'{{"@graph": [{NEWS}, {LIVE.format("Ferry stays", "")}]}}'), "live", id="graph"),
        pytest.param(LD.format(NEWS) + LD.format(LIVE.format("Storm: all of the day", "")), None, id="a teaser's node"),
        pytest.param(LD.format(NEWS), None, id="no live blog"),
    ],
)
def test_a_live_blog_is_marked_whatever_node_says_so(head: str, genre: str | None) -> None:
    draft = outcome(html("Ferry stays | The Herald", paragraphs(*STORY), head))
    assert isinstance(draft, Draft)
    assert draft.meta.genre == genre
