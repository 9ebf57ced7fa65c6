"""Has batches played by a crew, whatever becomes of its workers.

Batches take a few seconds of clock time: small at first, then by what the last ones took; what a worker does not reach
in its time comes back. A worker that dies breaks its pool and does not say which batch it was at. So the pool is made
anew, and what was under way is played again, run by run and one at a time; a run that then kills its worker is tried
once more, and set aside when it has killed two.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from typing import Any, TypeAlias

from twin.errors import TwinError
from twin.experiments import batches
from twin.experiments.executors import Crew

MOST_RUNS = 1000
#: So many workers may die of a run that is played alone.
DEATHS = 2
#: After so many runs were set aside, and none was played, it is not the runs.
HOPELESS = 3

#: Run, point, replication.
Run: TypeAlias = tuple[int, int, int]
Order: TypeAlias = Callable[[Sequence[Run]], Mapping[str, Any]]


def play_all(runs: Iterable[Run], crew: Crew, order: Order, play: Callable[..., Any] = batches.play) -> Iterator[Any]:
    """The answer to each batch, as they come in.

    Parameters
    ----------
    runs : iterable of (run, point, replication)
    crew : Crew
    order : callable
        Runs -> what a worker is given.
    play : callable
        What a worker does with it.
    """
    yield from _Rounds(runs, crew, order, play).answers()


class _Rounds:
    """What is waiting, under way and under suspicion."""

    def __init__(self, runs: Iterable[Run], crew: Crew, order: Order, play: Callable[..., Any]) -> None:
        self.waiting = deque(runs)
        self.crew, self.order, self.play = crew, order, play
        self.run_s: float | None = None
        self.under_way: dict[Future[Any], list[Run]] = {}
        self.suspects: deque[Run] = deque()
        self.deaths: dict[int, int] = {}
        self.set_aside = 0

    def answers(self) -> Iterator[Any]:
        """All answers."""
        self.crew.open()
        while self._fill():
            done, _ = wait(self.under_way, return_when=FIRST_COMPLETED)
            broken = False
            for future in done:
                runs = self.under_way.pop(future)
                answer = self._answer(future, runs)
                broken = broken or answer is None
                if answer is not None:
                    yield answer
            if broken:
                yield from self._mended()

    def _answer(self, future: Future[Any], runs: list[Run]) -> Any:
        """What a worker answered; None: it died."""
        try:
            answer = future.result()
        except Exception:  # noqa: BLE001 - a worker never raises: it died, or what it sent did not arrive
            self._suspect(runs)
            return None
        self.run_s = answer["seconds"] / max(len(answer["rows"]), 1)
        self.waiting.extendleft(reversed(runs[len(answer["rows"]) :]))
        return answer

    def _suspect(self, runs: list[Run]) -> None:
        alone = len(runs) == 1 and runs[0][0] in self.deaths
        for run in runs:
            self.deaths[run[0]] = self.deaths.get(run[0], 0) + alone
        self.suspects.extend(runs)

    def _mended(self) -> Iterator[Any]:
        """A crew that works again; whatever was under way in the broken one is suspect."""
        for future, runs in self.under_way.items():
            if not future.done():
                self._suspect(runs)
            elif (answer := self._answer(future, runs)) is not None:
                yield answer
        self.under_way.clear()
        self.crew.renew()
        guilty = [run for run in self.suspects if self.deaths[run[0]] >= DEATHS]
        self.suspects = deque(run for run in self.suspects if run not in guilty)
        self.set_aside += len(guilty)
        if self.run_s is None and self.set_aside >= HOPELESS:
            raise TwinError("worker processes die whatever they play; with one worker this process plays itself")
        if guilty:
            yield {"rows": [set_aside(run) for run in guilty], "units": {}, "seconds": 0.0}

    def _fill(self) -> bool:
        """Have something under way; whether there is."""
        if self.suspects:
            if not self.under_way:
                self._submit([self.suspects.popleft()])
        else:
            while len(self.under_way) <= self.crew.workers and (runs := self._next()):
                self._submit(runs)
        return bool(self.under_way)

    def _submit(self, runs: list[Run]) -> None:
        due_s = None if self.run_s is None else self.run_s * (len(runs) + len(self.waiting))
        try:
            self.under_way[self.crew.open(due_s).submit(self.play, self.order(runs))] = runs
        except BrokenExecutor as error:
            dead: Future[Any] = Future()
            dead.set_exception(error)
            self.under_way[dead] = runs

    def _next(self) -> list[Run]:
        """As many runs as take the time of a batch; towards the end fewer, so that no worker waits long for another."""
        count = 1 if self.run_s is None else round(batches.BATCH_S / max(self.run_s, 1e-6))
        fair = len(self.waiting) // (2 * self.crew.workers)
        count = min(max(min(count, fair, MOST_RUNS), 1), len(self.waiting))
        return [self.waiting.popleft() for _ in range(count)]


def set_aside(run: Run) -> dict[str, Any]:
    """The row of a run that killed its workers."""
    number, point, replication = run
    head = {"run": number, "point": point, "replication": replication}
    return head | {"status": batches.SET_ASIDE, "error": f"it killed {DEATHS} workers", "figures": {}}
