"""One place of the pool: a thread of the server with a worker process of its own, which it replaces when that dies."""

from __future__ import annotations

import signal
import threading
from collections.abc import Mapping
from typing import Any, Protocol

from dashboard.jobs.process import Process

#: After so many workers that died before they were ready, jobs fail instead of waiting for ever.
MOST_STARTS = 3
#: How long it may take to notice that its process has ended [s].
CLOSING_S = 2.0
NOT_READY = (
    "No worker process could be started; what the server wrote on its terminal says why. Start the dashboard again."
)


class Desk(Protocol):
    """Where a slot gets its jobs, and where it says how they went."""

    def take(self, slot: Slot) -> tuple[str, Mapping[str, Any]] | None:
        """The next job and its order, waiting for one; None: close."""

    def wants(self, job: str) -> bool:
        """Whether a job that was taken still waits for an answer."""

    def progress(self, job: str, day: float, days: float) -> None:
        """A job has come so far."""

    def counted(self, job: str, done: int, of: int) -> None:
        """An experiment has so many of its runs."""

    def done(self, job: str, run: str, reused: str | None) -> None:
        """A job has its run folder."""

    def failed(self, job: str, message: str, problems: list[Mapping[str, str]]) -> None:
        """A job has no run folder; a job that has ended before stays as it is."""


class Slot:
    """Plays one job after another.

    Parameters
    ----------
    desk : Desk
    number : int
        For the thread's name.
    """

    def __init__(self, desk: Desk, number: int) -> None:
        self._desk = desk
        self._closing = False
        self.process = Process()
        self.warm = threading.Event()
        self._thread = threading.Thread(target=self._work, name=f"slot-{number}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the process for good."""
        self._closing = True
        self.process.end()
        self._thread.join(CLOSING_S)

    def _work(self) -> None:
        """Until the desk closes."""
        ready = self._comes_up()
        while (taken := self._desk.take(self)) is not None:
            if not (ready and self._play(*taken)):  # the worker died while it waited for work
                ready = self._restarted()
                self._play_or_fail(ready, *taken)
            if not self.process.is_usable:
                ready = self._restarted()
        self.process.close()

    def _play_or_fail(self, ready: bool, job: str, order: Mapping[str, Any]) -> None:
        """The second time; a job that was cancelled meanwhile is not played."""
        if self._desk.wants(job) and not (ready and self._play(job, order)):
            self._desk.failed(job, NOT_READY, [])

    def _play(self, job: str, order: Mapping[str, Any]) -> bool:
        """Whether the worker heard the order; if it did, the desk knows how it went."""
        heard = False
        self.process.order(order)
        for message in self.process.messages():
            heard = True
            if "done" in message:
                self._desk.done(job, **message["done"])
                return True
            if "failed" in message:
                self._desk.failed(job, **message["failed"])
                return True
            if "runs" in message:
                self._desk.counted(job, message["runs"], message["of"])
            if "day" in message:
                self._desk.progress(job, message["day"], message["days"])
        if heard:
            self._desk.failed(job, _obituary(self.process.close()), [])
        return heard

    def _restarted(self) -> bool:
        """Have another worker; whether it came up."""
        self.process.close()
        if self._closing:
            return False
        self.process = Process()
        return self._comes_up()

    def _comes_up(self) -> bool:
        """Wait until the worker is warm; try again if it dies before."""
        self.warm.clear()
        for _ in range(MOST_STARTS):
            if any("ready" in message for message in self.process.messages()):
                self.warm.set()
                return True
            self.process.close()
            if self._closing:
                return False
            self.process = Process()
        return False


def _obituary(code: int) -> str:
    """What a dead worker's exit code says."""
    how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    return (
        f"The process of this run ended unexpectedly ({how}), perhaps because the machine ran out of memory. "
        "Simulate fewer days or start the dashboard with fewer --workers, then start the run again."
    )
