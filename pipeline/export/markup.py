"""Article or record -> its story as Markdown or as HTML, with headings, lists, quotes, tables, links and embeds.

Pure functions of the row (a line of articles.jsonl or records.jsonl). Without a `structure` the text is paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

Row = Mapping[str, Any]

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&])")
_LINE_START = re.compile(r"^(\s*)([#+=-]|\d{1,9}[.)](?=\s|$))")


@dataclass(frozen=True, slots=True)
class _Block:
    """One paragraph of the text."""

    kind: str  # "p", "h2", "quote", "ul", "td", ...
    level: int  # of an item: depth of its list; of a cell: its row
    group: int  # of an item: its list; of a cell: its table
    text: str
    links: tuple[tuple[int, int, str], ...]  # (first character, one past the last, address)
    embeds: tuple[str, ...]


def markdown(row: Row) -> str:
    """The story in CommonMark with tables as GitHub writes them: title, standfirst, text."""
    parts = [f"# {_md(row['title'])}"] if row.get("title") else []
    if _apart(row):
        parts.append(f"*{_md(row['standfirst'])}*")
    for kind, blocks in _runs(_blocks(row)):
        if kind in ("ul", "ol"):
            parts.append("\n".join(_md_items(blocks)))
        elif kind in ("td", "th"):
            parts.append("\n".join(_md_table(blocks)))
        elif kind == "quote":
            parts.append("\n>\n".join(f"> {_md_block(b)}" for b in blocks))
        else:
            parts += [_md_single(b) for b in blocks]
        parts += [f"<{url}>" for b in blocks for url in b.embeds]
    return "\n\n".join(parts) + "\n"


def html(row: Row) -> str:
    """The story as an <article> element; everything in it is escaped, links lead to http and https only."""
    parts = [f"<h1>{escape(row['title'])}</h1>"] if row.get("title") else []
    if _apart(row):
        parts.append(f'<p class="standfirst">{escape(row["standfirst"])}</p>')
    for kind, blocks in _runs(_blocks(row)):
        if kind in ("ul", "ol"):
            parts.append(_html_list(list(blocks)))
        elif kind in ("td", "th"):
            parts.append(_html_table(blocks))
        elif kind == "quote":
            parts.append("<blockquote>" + "".join(f"<p>{_html_block(b)}</p>" for b in blocks) + "</blockquote>")
        else:
            tags = {"pre": "pre"} | {f"h{n}": f"h{max(n, 2)}" for n in range(1, 7)}
            parts += [f"<{tag}>{_html_block(b)}</{tag}>" for b in blocks for tag in [tags.get(kind, "p")]]
        parts += [f"<p>{_anchor(escape(url), url)}</p>" for b in blocks for url in b.embeds]
    return "<article>\n" + "\n".join(parts) + "\n</article>\n"


def _apart(row: Row) -> bool:
    """Whether the standfirst is not a paragraph of the text anyhow."""
    return bool(row.get("standfirst")) and row["standfirst"] not in row["text"].split("\n\n")


def _blocks(row: Row) -> list[_Block]:
    texts = row["text"].split("\n\n")
    shape = row.get("structure") or {}
    kinds = shape.get("blocks") or ()
    if len(kinds) != len(texts):  # no structure, or one that is not of this text
        return [_Block("p", 0, 0, text, (), ()) for text in texts]
    links: dict[int, list[tuple[int, int, str]]] = {}
    embeds: dict[int, list[str]] = {}
    for link in shape.get("links") or ():
        links.setdefault(link["paragraph"], []).append((link["start"], link["end"], link["url"]))
    for embed in shape.get("embeds") or ():
        embeds.setdefault(embed["paragraph"], []).append(embed["url"])
    blocks = []
    for n, (kind, text) in enumerate(zip(kinds, texts, strict=True)):
        name, *numbers = kind.split(":")
        level, group = (int(numbers[0]), int(numbers[1])) if len(numbers) == 2 else (0, 0)
        if name in ("td", "th"):
            level, group = group, level
        spans = tuple(sorted((a, b, url) for a, b, url in links.get(n, ()) if 0 <= a < b <= len(text) and _web(url)))
        blocks.append(_Block(name, level, group, text, spans, tuple(u for u in embeds.get(n, ()) if _web(u))))
    return blocks


def _web(url: str) -> bool:
    return url.lower().startswith(("http://", "https://")) and not re.search(r"[\s<>\"]", url)


def _runs(blocks: Sequence[_Block]) -> Iterator[tuple[str, list[_Block]]]:
    """(kind, blocks) of what belongs together: items of lists, cells of one table, quotes in a row."""

    def run(numbered: tuple[int, _Block]) -> tuple[object, ...]:
        n, block = numbered
        if block.kind in ("ul", "ol"):
            return ("list",)
        if block.kind in ("td", "th"):
            return ("table", block.group)
        return (block.kind,) if block.kind == "quote" else (block.kind, n)

    for _, group in groupby(enumerate(blocks), key=run):
        members = [block for _, block in group]
        yield members[0].kind, members


def _linked(block: _Block, plain: Callable[[str], str], link: Callable[[str, str], str]) -> str:
    """The block's text with its links, the rest through `plain`."""
    parts, at = [], 0
    for start, end, url in block.links:
        if start < at:
            continue  # overlaps the link before
        parts += [plain(block.text[at:start]), link(plain(block.text[start:end]), url)]
        at = end
    return "".join([*parts, plain(block.text[at:])])


# ---- Markdown ----


def _md(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _md_block(block: _Block) -> str:
    text = _linked(block, _md, lambda words, url: f"[{words}](<{url}>)").lstrip()  # four spaces would be code
    return _LINE_START.sub(lambda m: f"{m[1]}{m[2][:-1]}\\{m[2][-1]}", text)


def _md_single(block: _Block) -> str:
    if block.kind == "pre":
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", block.text)), default=0))
        return f"{fence}\n{block.text}\n{fence}"
    if re.fullmatch("h[1-6]", block.kind):
        return f"{'#' * max(2, int(block.kind[1]))} {_md_block(block)}"
    return _md_block(block)


def _md_items(blocks: Sequence[_Block]) -> Iterator[str]:
    numbers: dict[int, int] = {}
    base = min(block.level for block in blocks)
    for n, block in enumerate(blocks):
        numbers[block.group] = numbers.get(block.group, 0) + 1
        before = blocks[n - 1] if n else None
        if before and before.group != block.group and before.level == block.level:
            yield "\n<!-- -->\n"  # two lists, not one
        mark = f"{numbers[block.group]}." if block.kind == "ol" else "-"
        yield f"{'    ' * (block.level - base)}{mark} {_md_block(block)}"


def _md_table(blocks: Sequence[_Block]) -> Iterator[str]:
    rows = _table(blocks)
    width = max(len(cells) for cells in rows)
    for n, cells in enumerate(rows):
        yield "| " + " | ".join([*(_md_block(cell) for cell in cells), *[""] * (width - len(cells))]) + " |"
        if n == 0:
            yield "|" + "---|" * width


def _table(blocks: Sequence[_Block]) -> list[list[_Block]]:
    return [list(cells) for _, cells in groupby(blocks, key=lambda cell: cell.level)]


# ---- HTML ----


def _anchor(words: str, url: str) -> str:
    return f'<a href="{escape(url)}">{words}</a>'


def _html_block(block: _Block) -> str:
    return _linked(block, lambda text: escape(text, quote=False), _anchor)


def _html_list(blocks: list[_Block]) -> str:
    """Items of lists in lists: deeper ones stand in the item before them."""
    out: list[str] = []
    opened: list[tuple[int, int, str]] = []  # (depth, list, tag) of the lists that are open, each in an open item
    for block in blocks:
        while opened and (
            opened[-1][0] > block.level or (opened[-1][0] == block.level and opened[-1][1] != block.group)
        ):
            out.append(f"</li></{opened.pop()[2]}>")
        if opened and opened[-1][1] == block.group:
            out.append("</li>")
        else:
            out.append(f"<{block.kind}>")
            opened.append((block.level, block.group, block.kind))
        out.append(f"<li>{_html_block(block)}")
    out += [f"</li></{tag}>" for _, _, tag in reversed(opened)]
    return "".join(out)


def _html_table(blocks: Sequence[_Block]) -> str:
    rows = ("".join(f"<{cell.kind}>{_html_block(cell)}</{cell.kind}>" for cell in cells) for cells in _table(blocks))
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"
