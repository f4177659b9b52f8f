"""How far a long command is: a bar on a terminal, a line every tenth of the way elsewhere; always on standard error."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Advance = Callable[[int], None]
_LINES = 10


@contextmanager
def progress(words: str, total: int) -> Iterator[Advance]:
    """Hands out a function that is told how many of `total` were done since it was last called."""
    if sys.stderr.isatty():
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task(words, total=total)
            yield lambda done: bar.advance(task, done)
    else:
        yield _plain(words, total)


def _plain(words: str, total: int) -> Advance:
    so_far = 0

    def advance(done: int) -> None:
        nonlocal so_far
        before, so_far = so_far, so_far + done
        if total and so_far * _LINES // total > before * _LINES // total:
            typer.echo(f"{words}: {so_far}/{total}", err=True)

    return advance
