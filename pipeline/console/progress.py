"""The progress bar of a terminal: what is done of how much, how fast, and the time left. Imported where it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
from rich.table import Column
from rich.text import Text

WINDOW = 30.0  # seconds over which the speed is measured: pages that were cached do not count for long


class _Figures(ProgressColumn):
    """ "640 of 1,200  41/s  0:14 left", as much of it as is known."""

    def render(self, task: Task) -> Text:
        done = f"{task.completed:,.0f}"
        parts = [done if task.total is None else f"{done} of {max(task.total, task.completed):,.0f}"]
        if task.speed and (task.elapsed or 0) > 1:  # before that it is an accident
            parts.append(f"{task.speed:,.0f}/s" if task.speed >= 10 else f"{task.speed:.1f}/s")
        if task.time_remaining is not None and len(parts) > 1 and not task.finished:
            minutes, seconds = divmod(int(task.time_remaining), 60)
            hours, minutes = divmod(minutes, 60)
            parts.append(f"{hours}:{minutes:02}:{seconds:02} left" if hours else f"{minutes}:{seconds:02} left")
        return Text("  ".join(parts), no_wrap=True)


@contextmanager
def bar(label: str, total: int | None) -> Iterator[tuple[Callable[[float], None], Callable[[str], None]]]:
    """Draw a bar on stderr until the context ends; yields what moves it and what names it anew."""
    whole = Column(no_wrap=True)
    columns = (
        TextColumn("{task.description}", markup=False, table_column=whole),
        BarColumn(bar_width=None, table_column=Column(ratio=1)),  # takes the room that the words leave
        _Figures(table_column=whole),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, expand=True, speed_estimate_period=WINDOW) as view:
        task = view.add_task(label, total=total)
        yield lambda n: view.advance(task, n), lambda text: view.update(task, description=text, refresh=True)
