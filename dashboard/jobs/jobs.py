"""The queue: what is asked for, one after the other, into a bounded number of processes."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from dashboard import access
from dashboard.jobs.experiment import Variant
from dashboard.jobs.folders import SERVER_ENDED, Folders
from dashboard.jobs.record import Request, State, Status, new_job, require_job, wall_clock
from dashboard.jobs.refused import Refused
from dashboard.jobs.shelf import Shelf
from dashboard.jobs.slot import Slot

#: More than this do not wait in one queue: fifty people with a what-if each, which is three jobs, and some more.
MOST_WAITING = 200
#: Nor do more of one user, where there is a login.
MOST_OF_ONE = 30
#: So many jobs are remembered; the runs of those that are forgotten stay.
MOST_KEPT = 500
#: Least clock time between two states on disk of a run that goes on [s].
WRITE_EVERY_S = 0.5
CANCELLED = "Cancelled."


class Jobs:
    """Runs that pages ask for.

    Parameters
    ----------
    store : Path
        Where run folders lie; shared with the command line and with other servers.
    workers : int
        So many runs are played at once; each needs a core.
    scenarios : Path, optional
        Folder of the user's own scenarios.
    """

    def __init__(self, store: Path, workers: int = 2, scenarios: Path | None = None) -> None:
        self.shelf = Shelf(scenarios)
        self._folders = Folders(store)
        self._folders.sweep()
        self._mine: dict[str, Status] = {}
        self._waiting: deque[str] = deque()
        self._written: dict[str, float] = {}
        self._playing: dict[str, Slot] = {}
        self._changed = threading.Condition()
        self._open = True
        self._slots = [Slot(self, number) for number in range(workers)]

    # What pages ask for.

    def scenarios(self) -> tuple[str, ...]:
        """The names that a request's scenario may have."""
        return self.shelf.names()

    def submit(self, request: Request) -> str:
        """Put a run into the queue.

        Raises
        ------
        Refused
            When it cannot be asked for so: no such scenario, no YAML, a full queue.
        """
        return self.submit_all([request])[0]

    def submit_all(self, requests: Sequence[Request]) -> list[str]:
        """Put runs of one user that belong together into the queue, all of them or none; `Refused` as `submit` is."""
        for request in requests:
            request.refuse()
            self._refuse_sources(request)
        labels = [_label(request) for request in requests]
        with self._changed:
            self._refuse_many(requests[0].user, len(requests))
            jobs = [self._begin(*one) for one in zip(labels, requests, strict=True)]
            self._changed.notify_all()
        self._forget_old()
        return jobs

    def status(self, job: str) -> Status:
        """How a job stands; `Refused` if there is none of this name."""
        with self._changed:
            mine = self._mine.get(require_job(job))
            place = self._waiting.index(job) + 1 if job in self._waiting else None
        return replace(mine, place_in_queue=place) if mine is not None else self._folders.read(job)

    def listing(self) -> tuple[Status, ...]:
        """Every job of the store, newest first; also those of other servers."""
        found = []
        for job in self._folders.jobs():
            try:
                found.append(self.status(job))
            except Refused:
                continue
        return tuple(found)

    def cancel(self, job: str) -> None:
        """End a job; one that has ended stays as it is."""
        with self._changed:
            status = self._mine.get(require_job(job))
            if status is None:
                self._refuse_foreign(job)
                return
            if not status.is_open:
                return
            slot = self._playing.get(job)
            process = None if slot is None else slot.process
            if process is not None:
                process.tell_to_end()  # while we hold the lock, so that the slot takes no other job to this process
            self._end(status, "cancelled", message=CANCELLED)
        if process is not None:
            process.end()

    def answer(self, job: str) -> dict[str, Any]:
        """What came of an experiment, as plain data; `Refused` if there is nothing."""
        return self._folders.answer(require_job(job))

    def again(self, job: str) -> str:
        """Ask for the same once more; the new job."""
        return self.submit(self.status(job).request)

    def close(self) -> None:
        """End all processes; what is not done counts as interrupted, and can be started again."""
        with self._changed:
            self._open = False
            for status in [status for status in self._mine.values() if status.is_open]:
                self._end(status, "interrupted", message=SERVER_ENDED)
            self._changed.notify_all()
        for slot in self._slots:
            slot.process.tell_to_end()
        for slot in self._slots:
            slot.close()
        self._folders.close()

    def wait_until_warm(self, timeout_s: float) -> bool:
        """Whether every worker is ready within that time."""
        until = time.monotonic() + timeout_s
        return all(slot.warm.wait(max(0.0, until - time.monotonic())) for slot in self._slots)

    def wait(
        self, job: str, timeout_s: float, until: Callable[[Status], bool] = lambda status: not status.is_open
    ) -> Status:
        """How one of our own jobs stands once it has ended, or is as wanted, or the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: until(self.status(job)), timeout_s)
        return self.status(job)

    def processes(self) -> tuple[int, ...]:
        """Numbers of the worker processes."""
        return tuple(slot.process.pid for slot in self._slots)

    # What slots say.

    def take(self, slot: Slot) -> tuple[str, Mapping[str, Any]] | None:
        """The next job and its order, waiting for one; None: close."""
        with self._changed:
            while self._open:
                if (job := self._next()) is None:
                    self._changed.wait()
                elif (order := self._order(self._mine[job])) is not None:
                    self._waiting.remove(job)
                    self._playing[job] = slot
                    self._put(replace(self._mine[job], state="running", started=wall_clock()))
                    return job, order
        return None

    def wants(self, job: str) -> bool:
        """Whether a job that was taken still waits for an answer."""
        with self._changed:
            return self._mine[job].is_open

    def progress(self, job: str, day: float, days: float) -> None:
        """A job has come so far."""
        with self._changed:
            status = self._mine[job]
            if status.is_open:
                self._mine[job] = replace(status, share=min(day / days, 1.0), simulated_day=day, days=days)
                self._changed.notify_all()
                self._write_sometimes(job)

    def counted(self, job: str, done: int, of: int) -> None:
        """An experiment has so many of its runs."""
        with self._changed:
            status = self._mine[job]
            if status.is_open:
                self._mine[job] = replace(status, share=min(done / max(1, of), 1.0), runs_done=done, runs=of)
                self._changed.notify_all()
                self._write_sometimes(job)

    def done(self, job: str, run: str, reused: str | None) -> None:
        """A job has its run folder, or its answer."""
        said = None if reused is None else f"re-used run from {_when(reused)}"
        self._settle(job, state="done", share=1.0, run_dir=self._folders.store / run if run else None, reused=said)

    def failed(self, job: str, message: str, problems: list[Mapping[str, str]]) -> None:
        """A job has no run folder; a job that has ended before stays as it is."""
        self._settle(job, state="failed", message=message, problems=tuple(problems))

    # Within.

    def _refuse_sources(self, request: Request) -> None:
        """What the shelf does not have is not played."""
        many = request.experiment
        if many is not None and many.file:
            self.shelf.sweep(many.file)
        if many is not None and (many.file or many.folder):
            return
        for name in (request.scenario, *(one.scenario for one in (many.others if many else ()))):
            self.shelf.source(name)

    def _refuse_many(self, user: str, more: int) -> None:
        """Nobody fills the queue for everybody else."""
        if len(self._waiting) + more > MOST_WAITING:
            raise Refused(_full(f"{len(self._waiting)} runs", MOST_WAITING))
        own = sum(self._mine[job].user == user for job in self._waiting)
        if user not in {"", access.EVERYBODY.name} and own + more > MOST_OF_ONE:
            raise Refused(_full(f"{own} runs of yours", MOST_OF_ONE))

    def _next(self) -> str | None:
        """Which job is played now: who has least under way goes first; long ones leave a place for short ones."""
        playing = [self._mine[job].request for job in self._playing]
        room = sum(asked.is_long for asked in playing) < max(1, len(self._slots) - 1)
        ready = [job for job in self._waiting if room or not self._mine[job].request.is_long]
        users = Counter(asked.user for asked in playing)
        return min(ready, key=lambda job: users[self._mine[job].user], default=None)

    def _order(self, status: Status) -> dict[str, Any] | None:
        """What the worker must know; None, and the job has failed, if its scenario is gone."""
        request, many, base = status.request, status.request.experiment, self.shelf.base()
        own = Variant(request.scenario, request.patch, many.label if many else "")
        try:
            file = str(self.shelf.sweep(many.file)) if many and many.file else ""
            own_file = bool(many and (many.file or many.folder))
            variants = [] if own_file else [self._source(one) for one in (own, *(many.others if many else ()))]
        except Refused as refused:
            self._end(status, "failed", message=str(refused), problems=refused.problems)
            return None
        return {
            "variants": variants,
            "file": file,
            "experiment": None if many is None else many.as_data(),
            "base": None if base is None else str(base),
            "seed": request.seed,
            "days": request.written_days,
            "store": str(self._folders.store),
            "folder": str(self._folders.root / status.job),
        }

    def _source(self, variant: Variant) -> dict[str, str]:
        """A scenario as the worker loads it; a path begins with ``/``."""
        return {"source": str(self.shelf.source(variant.scenario)), "patch": variant.patch, "label": variant.label}

    def _settle(self, job: str, **changes: Any) -> None:
        with self._changed:
            if self._mine[job].is_open:
                self._end(self._mine[job], **changes)

    def _end(self, status: Status, state: State, **changes: Any) -> None:
        """The last state of a job."""
        self._written.pop(status.job, None)
        self._playing.pop(status.job, None)
        if status.job in self._waiting:
            self._waiting.remove(status.job)
        self._put(replace(status, state=state, ended=wall_clock(), **changes), last=True)

    def _begin(self, label: str, request: Request) -> str:
        """Note a job and let it wait; its name."""
        status = Status(new_job(), "queued", label, request, self._folders.server, wall_clock())
        try:
            self._folders.write(status, last=True)
        except OSError as error:
            said = f"the run cannot be noted in {self._folders.root}: {error.strerror}"
            raise Refused(f"{said}; free some space, or start the dashboard with another --store") from None
        self._mine[status.job] = status
        self._waiting.append(status.job)
        return status.job

    def _put(self, status: Status, *, last: bool = False) -> None:
        """Here, and on disk as far as that can be written: a full disk stops no run."""
        self._mine[status.job] = status
        with suppress(OSError):
            self._folders.write(status, last=last)
        self._changed.notify_all()

    def _write_sometimes(self, job: str) -> None:
        now = time.monotonic()
        if now - self._written.get(job, 0.0) >= WRITE_EVERY_S:
            self._written[job] = now
            self._put(self._mine[job])

    def _refuse_foreign(self, job: str) -> None:
        if self._folders.read(job).is_open:
            raise Refused("this run belongs to another server, which alone can cancel it")

    def _forget_old(self) -> None:
        """Keep the number of jobs, on disk and in memory, within bounds."""
        for job in self._folders.jobs()[MOST_KEPT:]:
            try:
                settled = not self.status(job).is_open
            except Refused:
                settled = False
            if settled:
                with self._changed:
                    self._mine.pop(job, None)
                self._folders.remove(job)


def _full(who: str, most: int) -> str:
    return f"{who} are waiting already, and at most {most} may; wait until some are done, or cancel some"


def _label(request: Request) -> str:
    """Scenario and changes in one line; refuses what is no YAML."""
    many = request.experiment
    words = _changes(request.patch)
    for one in many.others if many else ():
        words += [f"with {one.scenario}", *_changes(one.patch)]
    words += [f"{path} {len(values)} values" for path, values in (many.axes.items() if many else ())]
    words += [f"seed {request.seed}"] if request.seed is not None else []
    words += [f"days {request.days:g}"] if request.days is not None else []
    shown = ", ".join(
        [f"{many.kind} {many.file or many.folder or request.scenario}" if many else request.scenario, *words]
    )
    return shown if len(shown) <= 100 else f"{shown[:97]}..."


def _changes(patch: str) -> list[str]:
    """What a patch sets; `Refused` if it is no YAML."""
    from twin import api

    try:
        return [f"{path} {value}" for path, value in api.changes(patch)]
    except api.ScenarioError as error:
        problems = [{"path": p.path, "message": p.message} for p in error.problems]
        raise Refused(str(error), problems) from None


def _when(written: str) -> str:
    """A clock time as a person says it: with its date unless it is today's."""
    moment = dt.datetime.fromisoformat(written).astimezone()
    today = moment.date() == wall_clock().date()
    return f"{moment:%H:%M}" if today else f"{moment:%Y-%m-%d %H:%M}"
