"""Console output: progress and messages on stderr, tables on stdout, untrusted text made safe for terminals."""

from __future__ import annotations

import json
import re
import shutil
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from . import folding

# C0 and C1 controls, bidi overrides, zero-width and other invisible characters: they forge or hide words on a terminal.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)

MOST = 2000  # characters of a table's cell that a terminal shows


def safe(text: object) -> str:
    """Untrusted text made safe for a terminal: no escape sequences, no direction marks, one line."""
    return _UNSAFE.sub("\ufffd", " ".join(str(text).encode("utf-8", "replace").decode().split()))


def harmless(text: object) -> str:
    """A message that may quote untrusted text, made safe for a terminal; its lines and spaces stay."""
    return _UNSAFE.sub("\ufffd", str(text).encode("utf-8", "replace").decode())


def json_text(value: object, indent: int | None = 2) -> str:
    """JSON for scripts that is safe to look at too: what forges words stands as \\u202e, which is the same JSON."""
    return escaped(json.dumps(value, ensure_ascii=False, indent=indent))


def escaped(text: str) -> str:
    """JSON as it was written, made safe to look at."""
    return _UNSAFE.sub(lambda m: json.dumps(m[0])[1:-1], text)


def raw_bytes(body: bytes) -> None:
    """A page as it is, on stdout; for a person's terminal without what it would obey."""
    if sys.stdout.isatty():
        print(harmless(body.decode("utf-8", "replace").replace("\r\n", "\n")))
    else:
        sys.stdout.buffer.write(body)


def print_json(value: object) -> None:
    """On stdout, whole, indented."""
    print(json_text(value))


@dataclass(frozen=True, slots=True)
class Bar:
    """Progress of something long: called with the number of things that were done, or a part of one."""

    advance: Callable[[float], None]
    describe: Callable[[str], None]  # what is being done now

    def __call__(self, number: float) -> None:
        self.advance(number)


@dataclass(frozen=True, slots=True)
class Console:
    """Messages on stderr, as much of them as --quiet and --verbose ask for."""

    quiet: bool = False
    verbose: bool = False

    @property
    def lively(self) -> bool:
        """Whether a person is watching: progress bars and a summary are shown."""
        return not self.quiet and sys.stderr.isatty()

    def say(self, text: str) -> None:
        """Print on a terminal or with --verbose; nothing under cron."""
        if self.verbose or self.lively:
            self._print(text)

    def detail(self, text: str) -> None:
        if self.verbose:
            self._print(text)

    def tell(self, text: str) -> None:
        """Print the result of a command, unless --quiet."""
        if not self.quiet:
            print(_folded(f"newsmill: {text}", sys.stderr), file=sys.stderr, flush=True)

    def warn(self, text: str) -> None:
        """Print a warning, under cron and with --quiet too."""
        self._print(f"newsmill: {text}")

    def trace(self, error: BaseException) -> None:
        """Print the traceback of an unexpected error."""
        print(harmless("".join(traceback.format_exception(error))), file=sys.stderr, flush=True, end="")

    @contextmanager
    def progress(self, label: str, total: int | None) -> Iterator[Bar]:
        """A bar on a terminal, nothing elsewhere. A total of None: it counts, without a bar's end or the time left."""
        if not self.lively or (total is not None and total < 2):
            yield Bar(lambda n: None, lambda text: None)
            return
        from .progress import bar

        with bar(safe(label), total) as (advance, describe):
            yield Bar(advance, lambda text: describe(safe(text)))

    def _print(self, text: str) -> None:
        """A line on stderr; where it is kept as a log (--verbose) with the time, and the offset of the local clock."""
        stamp = f"{datetime.now().astimezone().isoformat(timespec='seconds')} " if self.verbose else ""
        print(_folded(f"{stamp}{harmless(text)}", sys.stderr), file=sys.stderr, flush=True)


def table(
    headers: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[int] = (), empty: str = ""
) -> None:
    """Print a table on stdout: fitted to the terminal, or tab-separated and whole when piped.

    `empty` is what a person reads where there is no row.
    """
    cells = ([safe("" if cell is None else cell) for cell in row] for row in rows)
    if not sys.stdout.isatty():
        for row in cells:
            print("\t".join(row))
        return
    cut_rows = [[cell[:MOST] for cell in row] for row in cells]
    if not cut_rows and empty:
        lines(empty)
        return
    from rich.console import Console
    from rich.text import Text

    head, body = folding.table(headers, cut_rows, _columns(), right)
    view = Console(soft_wrap=True, highlight=False)
    if any(headers):
        view.print(Text(head, style="bold underline"))
    print(*body, "", sep="\n")


def number(count: int, one: str, many: str = "") -> str:
    """A count with its noun; `many` where the plural is not `one` and an s.

    >>> number(1, "story", "stories"), number(0, "page")
    ('1 story', '0 pages')
    """
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def lines(*texts: str) -> None:
    """Print sentences of ours on stdout, a line each; a terminal's fold between words."""
    for text in texts:
        print(_folded(text, sys.stdout))


def complain(text: object) -> None:
    """An error, on stderr."""
    print(_folded(f"newsmill: {harmless(text)}", sys.stderr), file=sys.stderr, flush=True)


def paragraphs(texts: Iterable[str]) -> None:
    """Print running text on stdout: folded to the terminal's width, or a paragraph a line when piped."""
    for text in texts:
        line = safe(text)
        folded = "\n".join(folding.fold(line, min(_columns(), 100))) if sys.stdout.isatty() else line
        print(folded, end="\n\n")


def _columns() -> int:
    return shutil.get_terminal_size().columns


def _folded(text: str, stream: TextIO) -> str:
    """Lines for a person's terminal, folded between words; as they are elsewhere."""
    if not stream.isatty():
        return text
    folded = []
    for line in text.split("\n"):
        hang = line[: len(line) - len(line.lstrip())] + "  "
        folded += folding.fold(line, _columns(), hang) if folding.width(line) > _columns() else [line]
    return "\n".join(folded)


Marked = Sequence[tuple[str, bool]]


def side_by_side(headers: tuple[str, str], rows: Iterable[tuple[Marked, Marked]]) -> None:
    """Print pairs of paragraphs: what only one of them has stands out, the rest is dim.

    On a terminal in two columns; piped, a paragraph a line after "< " or "> ", own words in [[ ]].
    """
    if not sys.stdout.isatty():
        for left, right in rows:
            for sign, spans in (("<", left), (">", right)):
                if spans:
                    print(
                        sign,
                        "".join(
                            f"[[{safe(text)}]] " if differs else f"{safe(text)} " for text, differs in spans
                        ).strip(),
                    )
            print()
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    view = Table(*headers, box=box.SIMPLE_HEAD, show_lines=True, expand=True)
    for pair in rows:
        cells = []
        for spans in pair:
            cell = Text(overflow="fold")
            for text, differs in spans:
                cell.append(_spaced(text), style="bold yellow" if differs else "dim")
            cells.append(cell)
        view.add_row(*cells)
    Console().print(view)


def _spaced(text: str, opened: str = "", closed: str = "") -> str:
    """Safe words between marks, with the space that followed them."""
    return f"{opened}{safe(text)}{closed}{' ' if text[-1:].isspace() else ''}"
