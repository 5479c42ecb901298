"""The only module that speaks to people: progress and words on stderr, tables on stdout, foreign text made harmless."""

from __future__ import annotations

import json
import re
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .store import Progress

# C0 and C1 controls, bidi overrides, zero-width and other invisible characters: they forge or hide words on a terminal.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def safe(text: object) -> str:
    """Text of strangers as it may be shown on a terminal: no escapes, no direction tricks, one line."""
    return _UNSAFE.sub("\ufffd", " ".join(str(text).encode("utf-8", "replace").decode().split()))


def harmless(text: object) -> str:
    """A message that may quote strangers, as it may be shown: its lines and spaces as they are."""
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
class Console:
    """How much is said on stderr."""

    quiet: bool = False
    verbose: bool = False

    @property
    def lively(self) -> bool:
        """A person looks on: progress bars and a summary are welcome."""
        return not self.quiet and sys.stderr.isatty()

    def say(self, text: str) -> None:
        """For a person looking on, or one who asked for it; cron hears nothing."""
        if self.verbose or self.lively:
            print(harmless(text), file=sys.stderr, flush=True)

    def detail(self, text: str) -> None:
        if self.verbose:
            print(harmless(text), file=sys.stderr, flush=True)

    def tell(self, text: str) -> None:
        """The answer to what was asked for; `--quiet` alone silences it."""
        if not self.quiet:
            print(f"newsmill: {text}", file=sys.stderr, flush=True)

    def warn(self, text: str) -> None:
        """Something a person should know although the run goes on: said under cron too."""
        print(f"newsmill: {harmless(text)}", file=sys.stderr, flush=True)

    def trace(self, error: BaseException) -> None:
        """Where an unexpected fault came from, for a report of it."""
        print(harmless("".join(traceback.format_exception(error))), file=sys.stderr, flush=True, end="")

    @contextmanager
    def progress(self, label: str, total: int | None) -> Iterator[Progress]:
        """A bar on a terminal, nothing elsewhere."""
        if not self.lively or (total is not None and total < 2):
            yield lambda n: None
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task(safe(label), total=total)
            yield lambda n: bar.advance(task, n)


def table(headers: Sequence[str], lines: Iterable[Sequence[object]], *, right: Sequence[int] = ()) -> None:
    """Print a table on stdout: fitted to the terminal, or tab-separated and whole when piped."""
    if not sys.stdout.isatty():
        for line in lines:
            print("\t".join(safe(cell) for cell in line))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    view = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_header=any(headers))
    for n, header in enumerate(headers):
        view.add_column(header, justify="right" if n in right else "left", overflow="fold")
    for line in lines:
        view.add_row(*(Text(safe(cell)[:2000]) for cell in line))
    Console().print(view)


def paragraphs(texts: Iterable[str]) -> None:
    """Print running text on stdout: folded to the terminal's width, or a paragraph a line when piped."""
    import shutil
    import textwrap

    width = min(shutil.get_terminal_size().columns, 100)
    for text in texts:
        line = safe(text)
        print(textwrap.fill(line, width) if sys.stdout.isatty() else line, end="\n\n")


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
                        sign, "".join(f"[[{safe(text)}]] " if own else f"{safe(text)} " for text, own in spans).strip()
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
            for text, own in spans:
                cell.append(_spaced(text), style="bold yellow" if own else "dim")
            cells.append(cell)
        view.add_row(*cells)
    Console().print(view)


def _spaced(text: str, opened: str = "", closed: str = "") -> str:
    """Safe words between marks, with the space that followed them."""
    return f"{opened}{safe(text)}{closed}{' ' if text[-1:].isspace() else ''}"
