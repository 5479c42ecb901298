"""A story and an outlet's template -> the page as that outlet would publish it, or as a scraper would flatten it."""

from __future__ import annotations

import html
import json
import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

PARTS = Path(__file__).parent / "samples"
LANGUAGE = {"norderblatt": "de", "gazette-littoral": "fr", "diario-ribera": "es"}
READ_MORE = {"de": "Lesen Sie auch", "es": "Lea también", "en": "Read more"}
NEWSLETTER = """<div class="signup"><h4>One good story about the sea, every Friday</h4>
<p>Sign up for our newsletter. No spam, unsubscribe whenever you like.</p></div>"""
PAYWALL = """<div class="bezahlschranke"><h3>Weiterlesen mit Norder Blatt Plus</h3>
<p>Dieser Artikel ist nur für Abonnenten. Jetzt vier Wochen für 1 Euro testen.</p>
<ul><li>Alle Artikel auf norderblatt.example</li><li>Monatlich kündbar</li></ul>
<a href="/abo/">Jetzt testen</a> <a href="/login/">Sie haben schon ein Abo? Anmelden</a></div>"""


@dataclass(frozen=True)
class Story:
    """A text as its writer left it, and the page's furniture that belongs inside it."""

    meta: dict[str, str]
    blocks: tuple[str, ...]  # paragraphs, "= subhead", "! img: ...", "! teaser: ...", "! lire: ...", "! newsletter"

    @property
    def text(self) -> list[str]:
        """What a reader came for: paragraphs and subheads."""
        return [b.removeprefix("= ") for b in self.blocks if not b.startswith("! ")]


@dataclass(frozen=True)
class Outlet:
    key: str
    name: str
    base: str
    stories: tuple[Story, ...]  # all it has, for the teasers

    @property
    def language(self) -> str:
        return LANGUAGE.get(self.key, "en")


@cache
def story(name: str) -> Story:
    head, _, body = _read(f"stories/{name}.txt").partition("\n\n")
    meta = {k.strip(): v.strip() for k, _, v in (line.partition(":") for line in head.splitlines())}
    return Story(meta, tuple(b.strip() for b in body.strip().split("\n\n")))


def bare(told: Story) -> str:
    """Title and text, nothing else."""
    return "\n\n".join([told.meta["title"], *told.text])


def finished(page: str, outlet: Outlet | None, fetched: str, number: int) -> str:
    """A page of pages/, its lists filled in."""
    text = _read(f"pages/{page}")
    if outlet and "$" in text:
        lists = {"teasers": _teasers(outlet, fetched, None), "most_read": _items(_headlines(outlet, number, 30))}
        return Template(text).substitute(lists)
    return text


def rendered(told: Story, outlet: Outlet, url: str, fetched: str, number: int) -> str:
    """The story in its outlet's HTML."""
    meta = told.meta
    values = {k: html.escape(v, quote=True) for k, v in meta.items()}
    changed = meta.get("modified")
    most_read = _headlines(outlet, number, 10)
    values |= {
        "url": html.escape(url),
        "description": html.escape(meta.get("standfirst") or told.text[0][:150]),
        "section_slug": meta["section"].lower(),
        "standfirst": html.escape(meta.get("standfirst", "")),
        "published_shown": _shown(outlet.key, meta["published"]),
        "modified_shown": f' <span class="updated">Updated {_shown(outlet.key, changed)}</span>' if changed else "",
        "modified_meta": f'<meta property="article:modified_time" content="{changed}">\n' if changed else "",
        "masthead_date": _masthead(outlet, date.fromisoformat(fetched[:10])),
        "json_ld": json.dumps(_json_ld(meta, outlet, url), ensure_ascii=False),
        "body": "\n".join(_block(b, outlet) for b in told.blocks),
        "teasers": _teasers(outlet, fetched, meta["title"]),
        "most_read": "<br>\n".join(most_read) if outlet.key == "northwire" else _items(most_read),
        "paywall": PAYWALL if meta.get("paywall") else "",
    }
    return Template(_read(f"outlets/{outlet.key}.html")).substitute(values)


def flattened(told: Story, outlet: Outlet, fetched: str, number: int) -> str:
    """The page as a scraper leaves it that kept the visible lines and nothing else."""
    meta = told.meta
    agency = meta["authors"] == "Northwire"
    values = {
        "title": meta["title"],
        "masthead_date": _masthead(outlet, date.fromisoformat(fetched[:10])),
        "byline": "FILE PHOTO: The Lyse lighthouse in summer.\nPhoto: Northwire/Handout" if agency else meta["authors"],
        "published_line": meta["published"] and f"{_shown(outlet.key, meta['published'])}\n",
        "body": "\n\n".join(_lines(b) for b in told.blocks),
        "headlines": "\n".join(_headlines(outlet, number * 7, 50)),
    }
    if not agency:
        values["byline"] = f"By {values['byline']}"
        values["published_line"] = meta["published"] and f"Published {values['published_line']}"
    return Template(_read(f"outlets/{outlet.key}.txt")).substitute(values)


def _json_ld(meta: dict[str, str], outlet: Outlet, url: str) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting" if meta.get("live") else "NewsArticle",
        "mainEntityOfPage": url,
        "headline": meta["title"],
        "datePublished": meta["published"],
        "dateModified": meta.get("modified") or meta["published"],
        "author": [{"@type": "Person", "name": n.strip()} for n in meta["authors"].split(",") if n.strip()],
        "publisher": {"@type": "Organization", "name": outlet.name},
        "articleSection": meta["section"],
        "isAccessibleForFree": not meta.get("paywall"),
    }


def _parts(block: str) -> tuple[str, list[str]]:
    kind, _, rest = block[2:].partition(": ")
    return kind, [p.strip() for p in rest.split("|")]


def _block(block: str, outlet: Outlet) -> str:
    """One block of a story in its outlet's markup."""
    text = html.escape(block, quote=False)
    if block.startswith("= "):
        return f"<h3>{text[2:]}</h3>"
    if not block.startswith("! "):
        return f"<p>{text}</p>"
    kind, parts = _parts(text)
    if kind == "img":
        return f"""<figure><img src="/img/{parts[0]}" alt=""><figcaption>{parts[1]}
<span class="credit">{parts[2]}</span></figcaption></figure>"""
    if kind == "teaser":
        label = READ_MORE[outlet.language]
        return f"""<div class="inline-teaser"><span>{label}</span>
<h4><a href="/{_slug(parts[0])}">{parts[0]}</a></h4><p>{parts[1]}</p></div>"""
    if kind == "lire":
        return f'<p class="lire-aussi"><strong>Lire aussi :</strong> <a href="/{_slug(parts[0])}">{parts[0]}</a></p>'
    return NEWSLETTER


def _lines(block: str) -> str:
    """One block of a story as visible lines."""
    if not block.startswith("! "):
        return block.removeprefix("= ")
    kind, parts = _parts(block)
    return "\n".join(parts[1:] if kind == "img" else parts)


def _headlines(outlet: Outlet, start: int, count: int) -> list[str]:
    """A window of the pool: lists of one outlet overlap from page to page, as they do."""
    pool = _read(f"headlines/{outlet.language}.txt").splitlines()
    return [html.escape(pool[(start * 3 + i) % len(pool)], quote=False) for i in range(min(count, len(pool)))]


def _items(lines: list[str]) -> str:
    return "\n".join(f'<li><a href="/{_slug(line)}">{line}</a></li>' for line in lines)


def _slug(title: str) -> str:
    return re.sub(r"\W+", "-", html.unescape(title).lower()).strip("-")


def _teasers(outlet: Outlet, fetched: str, but: str | None) -> str:
    """Title and standfirst of what else the outlet had published by then."""
    out = {
        s.meta["title"]: s.meta.get("standfirst") or s.text[0]
        for s in outlet.stories
        if s.meta["published"][:10] < fetched[:10] and s.meta["title"] != but
    }
    return "\n".join(
        f'<div class="teaser"><h3><a href="/{_slug(title)}">{html.escape(title, quote=False)}</a></h3>'
        f"<p>{html.escape(lead, quote=False)}</p></div>"
        for title, lead in out.items()
    )


def _shown(outlet: str, stamp: str) -> str:
    """The date as the outlet prints it."""
    when = datetime.fromisoformat(stamp)
    month = _calendar()["month"]["en"][when.month - 1]
    return {
        "harbour-courier": f"{when.day} {month} {when.year}, {when:%H:%M}",
        "tideline": f"{month[:3]} {when.day}, {when.year}",
        "northwire": f"{when:%H:%M} {when.day} {month[:3]} {when.year}",
        "valley-ledger": f"{month} {when.day}, {when.year}",
        "norderblatt": f"{when:%d.%m.%Y, %H:%M} Uhr",
        "gazette-littoral": f"{when:%d/%m/%Y}" + (f" à {when:%Hh%M}" if "T" in stamp else ""),
        "diario-ribera": f"{when:%d/%m/%Y - %H:%M}",
    }[outlet]


def _masthead(outlet: Outlet, day: date) -> str:
    """Today's date at the head of the page, which is not the story's."""
    name = _calendar()["day"][outlet.language][day.weekday()]
    month = _calendar()["month"][outlet.language][day.month - 1]
    return {
        "en": f"{name}, {month} {day.day}, {day.year}",
        "de": f"{name}, {day.day}. {month} {day.year}",
        "fr": f"{name} {day.day} {month} {day.year}",
        "es": f"{name}, {day.day} de {month} de {day.year}",
    }[outlet.language]


@cache
def _calendar() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(_read("calendar.toml"))


@cache
def _read(part: str) -> str:
    return (PARTS / part).read_text(encoding="utf-8")
