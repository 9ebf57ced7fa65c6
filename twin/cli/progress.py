"""What a person sees who waits: a bar with simulated time, or that something is still under way."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from twin.cli.output import console, printable, say

if TYPE_CHECKING:
    from rich.progress import Progress

#: A run that will be over sooner shows no bar [s].
SHORT_S = 2.0
#: Before this the rest cannot be guessed [s].
EARLY_S = 0.5
DAY_S = 86400.0
#: How often a line is said where nobody sees a bar [s].
OFTEN_S = 10.0


class Bar:
    """Called with the simulated time so far and the whole of it [s]; silent where stderr is no terminal."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.began = time.monotonic()
        self.shown: Progress | None = None
        self.listener = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.shown is not None:
            self.shown.stop()

    def __call__(self, now_s: float, whole_s: float) -> None:
        """The simulation has come so far."""
        if self.shown is None and self.listener and self._long(now_s / whole_s):
            self.shown = _bar(self.name, whole_s / DAY_S, "days")
        if self.shown is not None:
            self.shown.update(self.shown.task_ids[0], completed=now_s / DAY_S)

    def _long(self, share: float) -> bool:
        """Whether the whole will take long enough for a bar."""
        gone = time.monotonic() - self.began
        return gone > EARLY_S and gone / share > SHORT_S


class Runs:
    """Called with the runs so far and how many there will be; a bar on a terminal, else a line now and then.

    Parameters
    ----------
    name : str
    kept : bool
        Whether the store keeps the runs, so that whoever interrupts may ask again.
    """

    def __init__(self, name: str, kept: bool = False) -> None:
        self.name, self.kept, self.done = name, kept, 0
        self.began = self.told = time.monotonic()
        self.shown: Progress | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self.shown is not None:
            self.shown.stop()
        if kind is KeyboardInterrupt and self.kept and self.done:
            say(f"twin: {self.done} runs are done and kept; the same command goes on with those that are missing")

    def __call__(self, done: int, whole: int) -> None:
        """So many runs are done."""
        self.done, now = done, time.monotonic()
        if sys.stderr.isatty():
            self._draw(done, whole, now)
        elif now - self.told >= OFTEN_S:
            self.told = now
            say(f"twin: {printable(self.name)}: {self._line(done, whole, now)}")

    def _draw(self, done: int, whole: int, now: float) -> None:
        if self.shown is None and now - self.began > EARLY_S:
            self.shown = _bar(self.name, whole, "runs")
        if self.shown is not None:
            self.shown.update(self.shown.task_ids[0], completed=done)

    def _line(self, done: int, whole: int, now: float) -> str:
        rate = done / max(now - self.began, 1e-9)
        left_s = (whole - done) / max(rate, 1e-9)
        return f"{done} of {whole} runs, {rate:.3g} a second, about {left_s:.0f} s left"


class Waiting:
    """A sentence on stderr on how far a work is, for a person who waits; silent where stderr is no terminal."""

    def __init__(self, work: str) -> None:
        self.status = console(sys.stderr).status(work) if sys.stderr.isatty() else None

    def __enter__(self) -> Self:
        if self.status is not None:
            self.status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.status is not None:
            self.status.stop()

    def told(self, text: str) -> None:
        """Say this instead."""
        if self.status is not None:
            self.status.update(printable(text))

    def histories(self, done: int, whole: int) -> None:
        """So many photons are done, of so many as far as is known."""
        self.told(f"{done / 1e6:.1f} of about {whole / 1e6:.1f} million photons")


class Photons(Waiting):
    """Says that photons have to be followed, wherever stderr goes, and on a terminal how far that is."""

    def __call__(self, text: str) -> Callable[[int, int], None]:
        """A table has to be made."""
        say(f"twin: {printable(text)}")
        self.told(text)
        return self.histories


def _bar(name: str, whole: float, what: str) -> Progress:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns: list[Any] = [
        TextColumn(name),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(what),
        TimeRemainingColumn(),
    ]
    shown = Progress(*columns, console=console(sys.stderr), transient=True)
    shown.add_task(name, total=whole)
    shown.start()
    return shown


@contextmanager
def patience(what: str) -> Iterator[None]:
    """Says what is under way if it takes more than two seconds; silent where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield
        return
    status = console(sys.stderr).status(what)
    timer = threading.Timer(SHORT_S, status.start)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        status.stop()
