"""Addresses of one article meet in one key; addresses of two never do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import urls

STORY = "news.example/2026/11/river-bridge-closed"


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://news.example/2026/11/river-bridge-closed", id="plain"),
        pytest.param("http://news.example/2026/11/river-bridge-closed", id="http"),
        pytest.param("HTTPS://WWW.News.Example/2026/11/river-bridge-closed", id="upper-case host and www"),
        pytest.param("https://m.news.example/2026/11/river-bridge-closed", id="mobile host"),
        pytest.param("https://amp.news.example/2026/11/river-bridge-closed", id="amp host"),
        pytest.param("https://www.m.news.example/2026/11/river-bridge-closed", id="two prefixes"),
        pytest.param("https://news.example:443/2026/11/river-bridge-closed", id="default port"),
        pytest.param("https://news.example./2026/11/river-bridge-closed", id="dot after the host"),
        pytest.param("https://news。example。/2026/11/river-bridge-closed", id="the full stops of other scripts"),
        pytest.param("https://user:word@news.example/2026/11/river-bridge-closed", id="user and password"),
        pytest.param("https://news.example/2026/11/river-bridge-closed/", id="trailing slash"),
        pytest.param("https://news.example//2026/11/./x/../river-bridge-closed", id="doubled slash and dots"),
        pytest.param("https://news.example/2026/11/river-bridge-closed/index.html", id="index file"),
        pytest.param("https://news.example/2026/11/river-bridge-closed#comments", id="fragment"),
        pytest.param("https://news.example/2026/11/river-bridge-closed?utm_source=x&utm_medium=y", id="utm"),
        pytest.param("https://news.example/2026/11/river-bridge-closed?fbclid=abc&ref=home", id="click ids and ref"),
        pytest.param("https://news.example/2026/11/river-bridge-closed/amp/", id="amp tail"),
        pytest.param("https://news.example/amp/2026/11/river-bridge-closed", id="amp head"),
        pytest.param("https://news.example/2026/11/river-bridge-closed?pismo=lat", id="in Latin letters"),
        pytest.param("https://news.example/2026/11/river-bridge-closed?lang=sr-cyrl", id="in Cyrillic letters"),
        pytest.param("https://news.example/2026/11/river-bridge-closed?amp=1", id="amp parameter"),
        pytest.param("https://news.example/2026/11/river-bridge-closed;jsessionid=0A1B2C", id="session in path"),
        pytest.param("https://news.example/2026/11/river-bridge-closed?PHPSESSID=0123456789abcdef01", id="session id"),
        pytest.param("https://news.example/2026/11/river%2Dbridge%2dclosed", id="needless escapes"),
        pytest.param(" https://news.example/2026/11/\nriver-bridge-closed ", id="white space inside"),
        pytest.param(
            "https://news-example.cdn.ampproject.org/c/s/news.example/2026/11/river-bridge-closed", id="amp cache"
        ),
        pytest.param("https://www.google.com/amp/s/amp.news.example/2026/11/river-bridge-closed", id="google amp"),
    ],
)
def test_one_article_has_one_key(url):
    assert urls.canonical_key(url) == STORY
    assert urls.article_id(url, "one text") == urls.article_id("https://" + STORY, "another text")


@pytest.mark.parametrize(
    ("url", "key"),
    [
        pytest.param("https://news.example/story.php?id=7", "news.example/story.php?id=7", id="id parameter"),
        pytest.param("https://news.example/?p=12", "news.example?p=12", id="post number"),
        pytest.param("https://news.example/story?source=12", "news.example/story?source=12", id="numbered source"),
        pytest.param("https://news.example/a?b=2&a=1", "news.example/a?a=1&b=2", id="sorted parameters"),
        pytest.param("https://news.example/story?page=2", "news.example/story?page=2", id="second page"),
        pytest.param("https://news.example/story.php?sid=512", "news.example/story.php?sid=512", id="short sid"),
        pytest.param("https://news.example:8080/a", "news.example:8080/a", id="other port"),
        pytest.param("https://mobile.co.uk/a", "mobile.co.uk/a", id="a name, not a prefix"),
        pytest.param("https://m.example/a", "m.example/a", id="one-letter name"),
        pytest.param("https://news.example/Amp-Tests", "news.example/Amp-Tests", id="amp inside a word"),
        pytest.param("https://news.example/champ", "news.example/champ", id="amp at a word's end"),
        pytest.param("https://müller.example/straße", "xn--mller-kva.example/stra%C3%9Fe", id="international"),
        pytest.param("http://[::1]/a", "[::1]/a", id="ipv6"),
    ],
)
def test_what_tells_articles_apart_stays(url, key):
    assert urls.canonical_key(url) == key


@pytest.mark.parametrize(
    "url",
    ["", "x", "mailto:desk@news.example", "javascript:alert(1)", "file:///etc/passwd", "ftp://news.example/a", "https://",
     "http:///a", "http://[::1", "http://a b.example:99999/", "http://news.example:abc/", "//news.example/a"],
)  # fmt: skip
def test_what_is_no_web_address_has_no_key(url):
    assert urls.canonical_key(url) is None
    assert urls.article_id(url, "The text.") == urls.article_id(None, "the  text.")


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://cdn.ampproject.org/c;x/a.example/b/c", id="a session in a cache's address"),
        pytest.param("https://cdn.ampproject.org/%63//s/./a.example/b", id="a cache's address in other words"),
        pytest.param("https://" + "cdn.ampproject.org/c/" * 9 + "s/a.example/b", id="caches of caches"),
    ],
)
def test_a_key_of_a_cache_is_its_own_key(url):
    key = urls.canonical_key(url)
    assert key is not None and urls.canonical_key("http://" + key) == key


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_survived_and_a_key_is_its_own_key(tail):
    for url in (tail, "https://news.example/" + tail, "https://" + tail):
        key = urls.canonical_key(url)
        assert key is None or urls.canonical_key("http://" + key) == key
        assert len(urls.article_id(url, tail)) == 32


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(["amp", "index.html", "a", "..", ".amp", "%2e", "%2F", ";s=1", "?utm=1", "#x", "/", "?a=b"])
    )
)
def test_stacked_forms_come_off_in_one_go(parts):
    key = urls.canonical_key("https://m.news.example/" + "/".join(parts))
    assert key is not None and urls.canonical_key("http://" + key) == key


def test_a_front_page_is_no_articles_address():
    a, b = (urls.article_id("https://news.example/", text) for text in ("One story.", "Another story."))
    assert a != b


@pytest.mark.parametrize(
    ("url", "story"),
    [
        ("https://news.example/", False),
        ("https://news.example/news", False),
        ("https://news.example/world/europe/", False),
        ("https://news.example/2026/11/", False),
        ("https://news.example/index.html", False),
        ("https://news.example/tag/budget", False),
        ("https://news.example/world/river-bridge-closed-after-flood", True),
        ("https://news.example/a/1234567", True),
        ("https://news.example/2026/11/21/flood", True),
        ("https://news.example/story.php?id=77", True),
        ("https://news.example/articles/c4nglx2k8v7o", True),
        (None, False),
    ],
)
def test_article_addresses_are_told_from_section_pages(url, story):
    assert urls.is_article_url(url) is story


PAGE = "https://news.example/world/river-bridge-closed-1234567"


@pytest.mark.parametrize(
    ("canonical", "page", "title", "believed"),
    [
        pytest.param(PAGE, PAGE + "?utm_source=x", None, True, id="the page without parameters"),
        pytest.param("https://news.example/", PAGE, None, False, id="home page"),
        pytest.param("https://news.example/world", PAGE, None, False, id="section page"),
        pytest.param("https://news.example/world/", PAGE, None, False, id="section page with slash"),
        pytest.param("https://other.example/world/river-bridge-closed-1234567", PAGE, None, False, id="another host"),
        pytest.param("https://www.news.example/a/1234567/river", PAGE, None, True, id="the same number"),
        pytest.param("https://news.example/x/council-votes-on-budget-7654321", PAGE, None, False, id="another story"),
        pytest.param("https://news.example/2026/flood-closes-river-bridge", "https://news.example/?p=9",
                     "Flood closes river bridge", True, id="short link, title in the slug"),
        pytest.param("https://news.example/2026/flood-closes-river-bridge", "https://news.example/?p=9",
                     "Council votes on budget", False, id="short link, another title"),
        pytest.param("https://news.example/story.php?id=1", "https://news.example/story.php?id=2", None, False,
                     id="another number"),
        pytest.param(PAGE, PAGE + "/print", None, True, id="print form"),
        pytest.param(PAGE, PAGE + "/2", None, False, id="second page"),
        pytest.param(PAGE, None, None, True, id="nothing known from outside"),
        pytest.param("https://news.example/", None, None, False, id="home page and nothing known from outside"),
        pytest.param("javascript:void(0)", PAGE, None, False, id="no web address"),
        pytest.param(None, PAGE, None, False, id="none"),
    ],
)  # fmt: skip
def test_a_canonical_link_is_believed_only_where_it_can_be_this_article(canonical, page, title, believed):
    assert urls.believable(canonical, page, title) is believed


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://edition.news.example/a", "news.example"),
        ("https://www.paper.co.uk/a", "paper.co.uk"),
        ("https://daily.wordpress.com/a", "daily.wordpress.com"),
        ("https://127.0.0.1/a", "127.0.0.1"),
        ("https://localhost/a", "localhost"),
        ("no address", None),
    ],
)
def test_the_site_is_the_name_somebody_registered(url, site):
    assert urls.site_of(url) == site


@pytest.mark.parametrize(
    ("url", "base", "clean"),
    [
        ("/pic.jpg", "https://news.example/a/b", "https://news.example/pic.jpg"),
        ("//cdn.example/pic.jpg", None, "https://cdn.example/pic.jpg"),
        ("https://cdn.example/a b.jpg", None, "https://cdn.example/a%20b.jpg"),
        ("javascript:alert(1)", "https://news.example/a", None),
        ("data:image/png;base64,AA", "https://news.example/a", None),
        ("/pic.jpg", None, None),
        ("", None, None),
    ],
)
def test_only_web_addresses_are_published(url, base, clean):
    assert urls.clean(url, base) == clean
