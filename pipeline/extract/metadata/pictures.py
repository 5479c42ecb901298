"""The pictures an article shows -> address, caption, credit."""

from __future__ import annotations

import itertools
import re
from typing import Any

from ... import urls
from ...model import Image
from ..agency_names import pictures
from ..htmldoc import HtmlDoc
from .layout import Layout, marks
from .structured import Structured, fold, text_of

MOST = 20
_CREDIT = re.compile(
    r"\s*(?:[|(\[（–—-]\s*)?(?:\b|(?<=[。！？])|(?=©|\())(?P<mark>(?:photo(?:graph)?|image|picture|illustration|foto|bild|photographie|crédit"
    r"|credit|imagen|fotografía)s?"
    r"(?:\s*(?:credit|by|von|de|di|courtesy of|:))+\s*:?|credits?\s*:|crédits?\s*(?:photo)?\s*:|quelle\s*:"
    r"|source\s*:|©|\(c\)\s|(?:фото|fotó|kuva|zdjęcie|fot\.|fotoğraf|صورة|تصوير|عکس|φωτογραφία|ảnh)\s*:"
    r"|(?:图片|圖片|图|圖|摄影|攝影|写真|撮影|사진)(?:来源|來源|提供)?\s*[:：＝=])\s*(?P<who>[^|]{2,80}?)\s*[)\]）]?$",
    re.I,
)  # fmt: skip
_AGENCY_TAIL = re.compile(
    rf"\s*[(\[|–—-]\s*(?P<who>[^()\[\]|]{{0,50}}?(?:{pictures()}|REUTERS)[^()\[\]|]{{0,30}})\s*[)\]]?$"
)
# "The pier on Sunday. A. Name / Reuters": who took it and for whom, behind the last sentence.
_NAMED_TAIL = re.compile(
    r"(?<=[.!?]) (?P<who>(?:[^\W\d_][\w.'’-]* ?){1,4}\s?[/,]\s?"
    r"(?:AP|AFP|Reuters|REUTERS|Getty(?: Images)?|dpa|EPA|ANSA|EFE|Shutterstock|PTI|Xinhua|NTB|TT|APA)\b[^.]{0,30}"
    r"|(?:[^\W\d_][\w.'’-]* ?){1,5}(?:via|for) "
    r"(?:AP|AFP|Reuters|REUTERS|Getty(?: Images)?|EPA|Shutterstock)\b[^.]{0,30}"
    r"|(?:AP|AFP|REUTERS|Reuters|EFE|EPA|ANSA|dpa|NTB|TT)\s?/\s?(?:[^\W\d_][\w.'’-]* ?){1,4})$"
)
_JUNK = re.compile(
    r"logo|sprite|pixel|spacer|avatar|spinner|loading\.|icon|placeholder|blank\.|1x1|default[-_.]|tracking",
    re.I,
)


# A picture of who wrote, by the class of the picture or of a box close around it.
_PORTRAIT = re.compile(
    r"avatar|headshot|gravatar|mugshot|(?:author|byline|writer|profile)[-_]*(?:image|photo|pic|portrait|thumb|img)"
    r"|(?:^|[\s_-])(?:author|byline|bio|profile)(?:[-_]?(?:box|card|info|bio))?(?:$|\s)",
    re.I,
)
_SIZE = re.compile(r"[-_.@]?(?:\d{2,4}x\d{2,4}|\d+w|scaled|large|small|medium)")
_SIZE_PARAMETERS = frozenset("w h width height q quality fit crop auto format fm resize dpr s size v".split())
_PLAIN_NAME = re.compile(
    r"(?:image|img|photo|picture|pic|original|main|default|file|index|resize|\d{1,4})?(?:\.\w{2,5})?"
)
_ATTRIBUTES = (
    "src", "data-src", "data-original", "data-lazy-src", "srcset", "data-srcset", "data-lazy-srcset", "data-lazy",
    "data-url", "data-hi-res-src",
)  # fmt: skip


def of_html(doc: HtmlDoc, structured: Structured, base: str | None, layout: Layout) -> tuple[Image, ...]:
    """Figures with a caption first come, then the picture the page is shared with, where it is none of them."""
    images: dict[str, Image] = {}
    for figure in doc.named["figure"][: 3 * MOST]:
        caption_element = figure.find(".//figcaption")
        if caption_element is None or len(images) >= MOST or _is_portrait(figure):
            continue
        if layout.in_foreign_box(figure):
            continue
        address = _address(figure, base)
        if address is None:
            continue
        caption, credit = split_credit(text_of(caption_element, 1000))
        for element in caption_element.iter():
            kind = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()
            if ("credit" in kind or "copyright" in kind or "source" in kind) and element is not caption_element:
                credit_text = text_of(element, 200)
                if credit_text:
                    whole = text_of(caption_element, 1000)
                    caption = whole.replace(credit_text, "").strip(" |–—-()") or None
                    credit = split_credit(credit_text)[1] or credit_text
                    break
        images.setdefault(_key(address), Image(address, caption, credit))
    for shared in [
        *_stated(structured.article.get("image"), structured),
        doc.meta.get("og:image", ""),
        doc.meta.get("twitter:image", ""),
    ]:
        url, caption, credit = shared if isinstance(shared, tuple) else (shared, None, None)
        clean = urls.clean(url, base)
        if clean and len(images) < MOST and not _JUNK.search(clean.rpartition("/")[2]):
            images.setdefault(_key(clean), Image(clean, caption, credit))
        if clean and not isinstance(shared, tuple):
            break
    return tuple(images.values())


def split_credit(caption: str) -> tuple[str | None, str | None]:
    """A caption and the credit at its end: "The bridge on Sunday. Photo: A. Name" -> both parts."""
    if match := _CREDIT.search(caption):
        return caption[: match.start()].strip(" |–—-(") or None, match["who"].strip(" .:") or None
    if match := _NAMED_TAIL.search(caption):
        return caption[: match.start()].strip() or None, match["who"].strip()
    if match := _AGENCY_TAIL.search(caption):
        return caption[: match.start()].strip() or None, match["who"].strip()
    return caption or None, None


def _is_portrait(figure: Any) -> bool:
    boxes = [*figure.iter("img"), figure, *itertools.islice(figure.iterancestors(), 2)]
    return any(box.tag not in ("body", "article", "main") and _PORTRAIT.search(marks(box)) for box in boxes)


def _stated(value: Any, structured: Structured) -> list[tuple[str, str | None, str | None]]:
    items = value if isinstance(value, list) else [value]
    images: list[tuple[str, str | None, str | None]] = []
    for item in items[:3]:
        if isinstance(item, str):
            images.append((item, None, None))
        elif isinstance(item, dict):
            item = structured.by_id.get(str(item.get("@id")), item)  # an @id alone names a node, it is no address
            url = item.get("url") or item.get("contentUrl")
            if isinstance(url, list):
                url = url[0] if url else None
            if isinstance(url, str):
                caption = fold(item.get("caption") or item.get("description"), 1000) or None
                credit = fold(item.get("creditText") or item.get("copyrightHolder"), 200) or None
                images.append((url, caption, credit))
    return images[:1]


def _address(figure: Any, base: str | None) -> str | None:
    for image in figure.iter("img", "source", "amp-img"):
        for name in _ATTRIBUTES:
            value = (image.get(name) or "").strip()
            if name.endswith("srcset"):
                value = _largest(value)
            if (
                value
                and not value.startswith("data:")
                and (clean := urls.clean(value, base))
                and not _JUNK.search(clean.rpartition("/")[2])
            ):
                return clean
    return None


def _largest(srcset: str) -> str:
    """The last candidate of a srcset, whose addresses may hold commas: a candidate ends with its size."""
    candidates = re.findall(r"(?:^|,\s+|\s[\d.]+[wx]\s*,\s*)([^\s,]\S*[^\s,])", srcset)
    return candidates[-1] if candidates else ""


def _key(url: str) -> str:
    """One picture in two sizes: the file's name without the size in it; a plain name with what tells it from others."""
    path, _, query = url.lower().partition("?")
    name = _SIZE.sub("", path.rpartition("/")[2])
    if not _PLAIN_NAME.fullmatch(name):
        return name
    parameters = "&".join(p for p in query.split("&") if p.partition("=")[0] not in _SIZE_PARAMETERS)
    return f"{_SIZE.sub('', path)}?{parameters}"
