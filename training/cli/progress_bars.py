"""Bars that say in words what is done, how far it is, and how long it will take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, ProgressColumn, Task, TaskID, TextColumn
from rich.progress import Progress as ProgressBars
from rich.text import Text

from training.progress import Progress


class TimeTold(ProgressColumn):
    """How long is left while something is done, how long it took afterwards."""

    max_refresh = 0.5

    def render(self, task: Task) -> Text:
        """The time in words; nothing is foretold before anything is known of the pace."""
        if task.finished:
            return Text(f"in {in_words(task.finished_time or 0.0)}", style="green")
        left = task.time_remaining
        return Text("" if left is None else f"about {in_words(left)} left", style="cyan")


def in_words(seconds: float) -> str:
    """A duration as a person says it.

    >>> [in_words(0.2), in_words(75), in_words(600), in_words(4000)]
    ['1 s', '1 min 15 s', '10 min', '1 h 6 min']
    """
    whole = max(1, round(seconds))
    minutes, rest = divmod(whole, 60)
    if not minutes:
        return f"{rest} s"
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} min {rest} s" if rest and minutes < 5 else f"{minutes} min"


@contextmanager
def progress_bars(title: str, console: Console) -> Iterator[Progress]:
    """A bar for each thing that is told of, and what tells it.

    Where the total is not known the bar only shows that something moves, and ends when the next
    thing begins. Every bar has ended when the work has.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeTold(),
    )
    with ProgressBars(*columns, console=console, transient=False) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                _end(bars, unknown=True)
                tasks[what] = bars.add_task(f"{title}: {what}", total=total)
            whole = (1, 1) if total == 0 else (done, total)
            bars.update(tasks[what], completed=whole[0], total=whole[1])

        yield tell
        _end(bars, unknown=False)


def _end(bars: ProgressBars, *, unknown: bool) -> None:
    """Fill the bars that have not ended: all of them, or those whose total was not known."""
    for task in bars.tasks:
        if not task.finished and (task.total is None or not unknown):
            whole = max(task.total or task.completed, 1)
            bars.update(task.id, completed=whole, total=whole)
