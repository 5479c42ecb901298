"""URL normalisation: web addresses -> canonical keys, by which articles are identified.

Long because what is known of how sites write addresses stands together: a key is made of parts that share tables.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlencode, urljoin, urlsplit

# Tracking parameters, compared in lower case.
_TRACKING = frozenset(
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igshid igsh mc_cid mc_eid mkt_tok _ga _gl "
    "_hsenc _hsmi wtrid wt.mc_id wt.mc_ev icid ncid ocid ito itid intcmp cmp cmpid cmpids smid smtyp smprod sref "
    "sr_share guccounter guce_referrer guce_referrer_sig spm xtor xtref xtmc xtcr tpcc taid traffic_source rss_id "
    "mbid ftag ftcamp ref_src ref_url referrer referer refsrc partner sharetype shared share socialshare sfnsn "
    "fb_action_ids fb_action_types fb_ref fb_source fbsource mibextid feature feedtype feedname ir_clickid oref "
    "echobox __twitter_impression twitter_impression soc_src soc_trk via amp outputtype output_type print printable "
    "printerfriendly ico srnd showcomments isamp "
    "ampmode mobile_view nomobile cn-reloaded cachebuster nocache reload reloaded".split()
)
_TRACKING_START = tuple(
    "utm pk_ piwik_ matomo_ mtm_ hsa_ vero_ at_ ns_ wt_ wt. trk guce_ int_ _hs hss_ oly_ ga_ mkwid sc_".split()
)
# These carry an article's number on some sites and a campaign's name on others: kept where they hold a number.
_TRACKING_UNLESS_NUMBER = frozenset(
    "ref source src from cid mod rss origin campaign medium feed xref pos via_id".split()
)
# One article in Latin or Cyrillic letters, as Serbian sites offer it.
_SCRIPT = frozenset("pismo script alphabet lang lng".split())
_SCRIPT_VALUE = frozenset(
    "lat latin latn latinica cir cyr cyrl cyrillic cirilica sr-lat sr-latn sr-cyr sr-cyrl".split()
)
_SESSION = frozenset(
    "phpsessid jsessionid aspsessionid sessionid session_id session sid cfid cftoken zenid oscsid".split()
)
_SESSION_VALUE = re.compile(r"[0-9a-zA-Z,-]{16,}")

_HOST_FORMS = frozenset("www www1 www2 www3 ww2 m mobile mobil amp wap touch web".split())
# Second-level public suffixes under country codes, and hosts where every subdomain is an outlet of its own.
# A few dozen cover what news is published under; the whole public suffix list would be 250 KB.
_SECOND_LEVEL = frozenset(
    "ac co com edu gob gouv gov gv id in info mil ne net nom or org go gen ltd plc me sch web asn blog".split()
)
_PLATFORMS = frozenset(
    "blogspot.com wordpress.com substack.com tumblr.com livejournal.com typepad.com github.io gitlab.io medium.com "
    "ghost.io weebly.com wixsite.com over-blog.com canalblog.com squarespace.com beehiiv.com netlify.app pages.dev "
    "go.com cbslocal.com vercel.app web.app herokuapp.com hatenablog.com neocities.org".split()
)

_INDEX_FILE = re.compile(r"/(?:index|default|home)\.(?:html?|shtml|xhtml|php\d?|aspx?|jsp|cfm)$", re.I)
_AMP_TAIL = re.compile(r"(?:/amp|\.amp|[-_.]amp(?=\.\w+$))$", re.I)
_AMP_BEFORE_TYPE = re.compile(r"[._]amp(\.html?)$", re.I)
_AMP_HEAD = re.compile(r"^/amp(?=/)", re.I)
_AMP_CACHE = re.compile(r"^/(?:[civ]|wp)(?:/s)?/(.+)$")
_GOOGLE_AMP = re.compile(r"^/amp/(?:s/)?(.+\..+)$")
_PATH_SESSION = re.compile(r";[^/]*|/\((?:[A-Z]\([^)/]*\))+\)(?=/)", re.I)
_BAD_HOST = re.compile(r"[\s<>\"'{}|\\^`%(),;!$&*+=@/?#\x00-\x20\x7f]")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f]+")
_ENDS = "".join(map(chr, range(0x21)))  # white space and control characters that browsers strip from both ends

_SECTION_WORDS = frozenset(
    "news article articles story stories latest live breaking home homepage front frontpage page section sections tag "
    "tags topic topics category categories author authors search archive archives rss feed world local politics "
    "business sport sports opinion culture video videos gallery photos amp mobile blog blogs".split()
)
# Segments and parameters of pages that list stories.
_LISTING = frozenset(
    "tag tags topic topics thema themen category categories author authors search suche q s query page paged p_no "
    "seite offset lang archive archives section sections".split()
)
# A tail that shows the same story in another form: the address above it is believed.
_SAME_STORY_TAIL = re.compile(r"/(?:print|full|single|all|comments?|komplettansicht|seite-1|page/1|1)$", re.I)


@lru_cache(512)  # an article's address is asked for by several rules, one after the other
def canonical_key(url: str) -> str | None:
    """The canonical key of an address, "host/path?query", or None where it is no web address.

    Gone are scheme, www and mobile hosts, default ports, AMP forms, tracking and session parameters, fragments,
    index files, trailing slashes; parameters are sorted. `canonical_key("http://" + key) == key`.
    """
    while True:  # an AMP cache's address holds another one, shorter than itself
        parts = _split(url)
        if parts is None:
            return None
        host, port, path, query = parts
        if host.endswith("ampproject.org"):
            inner = _AMP_CACHE.match(_plain_path(path))  # as it will stand in the key
        else:
            inner = _GOOGLE_AMP.match(path) if re.fullmatch(r"(?:www\.)?google\.[a-z.]+", host) else None
        if inner is None:
            break
        url = "http://" + inner[1] + (f"?{query}" if query else "")
    key_host = _plain_host(host)
    query = _plain_query(query)
    return key_host + (f":{port}" if port else "") + _plain_path(path) + (f"?{query}" if query else "")


def article_id(url: str | None, text: str) -> str:
    """32 hex digits: from the address's key, else from the text.

    A home page's address is no article's: rows that all carry their site's front page must not become one article.
    """
    key = canonical_key(url) if url else None
    if key is not None and ("/" in key or "?" in key):
        identity = "url:" + key
    else:
        identity = "text:" + " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def clean(url: str | None, base: str | None = None) -> str | None:
    """An absolute http or https URL without control characters; None for anything else."""
    if not url:
        return None
    url = _as_browsers_read(url)
    try:
        if base:
            url = urljoin(base, url)
        elif url.startswith("//"):
            url = "https:" + url
    except ValueError:
        return None
    return url if len(url) <= 4000 and _split(url) is not None else None


def host_of(url: str | None) -> str | None:
    """The host name, lower-case, without www."""
    parts = _split(url) if url else None
    return parts[0].removeprefix("www.") if parts else None


def site_of(url: str | None) -> str | None:
    """The registrable domain of an address: "edition.news.example" -> "news.example"."""
    host = host_of(url)
    return registrable(host) if host else None


def registrable(host: str) -> str:
    if re.fullmatch(r"[\d.]+|.*:.*", host):
        return host
    labels = host.split(".")
    keep = 2
    if len(labels) > 2 and (
        (len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL) or ".".join(labels[-2:]) in _PLATFORMS
    ):
        keep = 3
    return ".".join(labels[-keep:])


def is_home(url: str) -> bool:
    """Whether the address is a site's front page."""
    key = canonical_key(url)
    return key is not None and "/" not in key and "?" not in key


def is_article_url(url: str | None) -> bool:
    """Whether an address looks like one story's own: a number, a date or a slug of several words in it."""
    key = canonical_key(url) if url else None
    if key is None:
        return False
    path, _, query = key.partition("?")
    segments = path.split("/")[1:]
    if any(re.search(r"\d", value) and name.lower() not in _LISTING for name, value in parse_qsl(query)):
        return True
    if not segments or not _LISTING.isdisjoint(s.lower() for s in segments[:-1]):
        return False
    last = unquote_to_bytes(segments[-1]).decode("utf-8", "replace")
    last = re.sub(r"\.\w{2,5}$", "", last)
    if last.lower() in _SECTION_WORDS:
        return False
    words = [w for w in re.split(r"[-_+\s.,]+", last) if w]
    if re.search(r"\d{4,}", last) and not re.fullmatch(r"(?:19|20)\d\d", last):
        return True
    if any(re.search(r"\d{6,}$", s) for s in segments[:-1]):
        return True
    if len(words) >= 3 or (len(words) == 1 and len(last) >= 8 and re.search(r"\d", last) and re.search(r"\D", last)):
        return True
    if any(ord(c) > 0x2E7F for c in last) and len(last) >= 8:  # scripts without spaces between words
        return True
    dated = any(re.fullmatch(r"(?:19|20)\d\d(?:[-_]?\d\d){0,2}", s) for s in segments[:-1])
    return dated and bool(words) and not last.isdigit()


def believable(canonical: str | None, page_url: str | None, title: str | None = None) -> bool:
    """Whether a page's canonical link may stand for the page.

    Not where it names a home or section page or another site: templates that print the same link on every page would
    give all their articles one id. Another article's address on the same site needs a sign that it is this one: a
    number or a slug in common with the page's own address, or with the title.
    """
    key = canonical_key(canonical) if canonical else None
    if key is None or canonical is None or not is_article_url(canonical):
        return False
    if page_url is None or (page_key := canonical_key(page_url)) is None:
        return True
    if site_of(canonical) != site_of(page_url):
        return False
    if key == page_key or is_home(page_url):
        return True
    own_path, path = page_key.partition("?")[0], key.partition("?")[0]
    if own_path.startswith(path + "/"):
        return bool(_SAME_STORY_TAIL.fullmatch(own_path[len(path) :]))
    own_words, words = _words(page_key), _words(key)
    own_numbers, numbers = ({w for w in ws if len(w) >= 5 and w.isdigit()} for ws in (own_words, words))
    if own_numbers & numbers:
        return True
    if own_path == path:  # they differ in parameters alone, and the page's own choose what is shown
        stated = set(parse_qsl(key.partition("?")[2]))
        return is_article_url("http://" + path) if not stated else stated <= set(parse_qsl(page_key.partition("?")[2]))
    own_slug, slug = ({w for w in ws if len(w) >= 3 and not w.isdigit()} for ws in (own_words, words))
    own_slug, slug = own_slug - _SECTION_WORDS, slug - _SECTION_WORDS
    if len(own_slug & slug) >= max(2, 0.6 * min(len(own_slug), len(slug))):
        return True
    named = {w for w in re.split(r"\W+", _ascii(title or "")) if len(w) >= 3}
    return len(named & slug) >= max(2, 0.5 * len(slug))


def _words(key: str) -> set[str]:
    path_text = unquote_to_bytes(key.partition("/")[2]).decode("utf-8", "replace")
    return {w for w in re.split(r"[\W_]+", _ascii(path_text)) if w}


def _ascii(text: str) -> str:
    """Lower-case without accents: slugs are written so."""
    text = text.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ø", "o").replace("ł", "l")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _split(url: str) -> tuple[str, str, str, str] | None:
    """(host, port or "", path, query) of an http or https address."""
    url = _as_browsers_read(url)
    if len(url) > 20_000:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in ("http", "https") or not host:
        return None
    if ":" in host:
        host = f"[{host}]"
    elif _BAD_HOST.search(host) or ".." in host or host.startswith("."):
        return None
    elif not host.isascii():
        try:
            host = host.encode("idna").decode("ascii").lower().rstrip(".")  # other scripts have full stops too
        except UnicodeError:
            return None
        if not host or _BAD_HOST.search(host):
            return None
    return host, "" if port in (None, 80, 443) else str(port), parts.path, parts.query


def _as_browsers_read(url: str) -> str:
    """Without blanks at the ends and control characters, a blank inside escaped, backslashes as slashes (WHATWG)."""
    url = _UNSAFE.sub("", url.strip(_ENDS)).replace(" ", "%20")
    if "\\" in url and not re.match(r"(?!https?:)[A-Za-z][\w+.-]*:", url, re.I):
        head, mark, tail = re.match(r"([^?#]*)([?#]?)(.*)", url, re.S).groups()  # type: ignore[union-attr]
        url = head.replace("\\", "/") + mark + tail
    return url


def _plain_host(host: str) -> str:
    labels = host.split(".")
    while len(labels) > 2 and labels[0] in _HOST_FORMS and registrable(host) != host:
        labels = labels[1:]
        host = ".".join(labels)
    return host


def _plain_path(path: str) -> str:
    path = _PATH_SESSION.sub("", path)
    path = quote(unquote_to_bytes(path.encode("utf-8", "replace")), safe="/:@!$&'()*+,=~-._")
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part and part != ".":
            parts.append(part)
    path = "".join("/" + part for part in parts)
    before = None
    while path != before:
        before = path
        path = _INDEX_FILE.sub("", path)
        path = _AMP_BEFORE_TYPE.sub(r"\1", path)
        path = _AMP_TAIL.sub("", path)
        path = _AMP_HEAD.sub("", path)
        path = path.rstrip("/")
    return path


def _plain_query(query: str) -> str:
    kept = []
    for name, value in parse_qsl(query, errors="replace", max_num_fields=None):
        low = name.casefold().removeprefix("amp;")
        if low in _TRACKING or low.startswith(_TRACKING_START):
            continue
        if low in _TRACKING_UNLESS_NUMBER and not value.isdigit():
            continue
        if low in _SCRIPT and value.casefold() in _SCRIPT_VALUE:
            continue
        if low in _SESSION and _SESSION_VALUE.fullmatch(value):
            continue
        kept.append((name.removeprefix("amp;"), value))
    return urlencode(sorted(set(kept)))
