"""Runs that pages ask for: to start them, to watch them, and to find those that are there already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dashboard import access
from dashboard.address import WhatIf
from dashboard.charts.common import BASELINE, CHANGED
from dashboard.desk.asked import SeenJobs
from dashboard.desk.forms import Form, Forms
from dashboard.figures.comparison import HEADLINES
from dashboard.jobs import Experiment, Refused, Request, Status, Variant

if TYPE_CHECKING:
    from dashboard.config import Config

#: A scenario that lasts longer is not played unasked when its page is opened.
UNASKED_DAYS = 31.0
#: What a page of a what-if asks for: the run with the changes, the one without, and the comparison of many of both.
JOBS = ("job", "base", "sure")


@dataclass(frozen=True, slots=True)
class Watched:
    """How the runs of a page stand.

    Attributes
    ----------
    running : bool
    share : float
        Of the whole, 0 to 1.
    words : str
        A sentence.
    ended_badly : bool
    problems : tuple of mapping
        Mistakes that the run found.
    """

    running: bool
    share: float
    words: str
    ended_badly: bool = False
    problems: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """What a page shows when it is opened.

    Attributes
    ----------
    state : WhatIf
    jobs : mapping
        The jobs that it watches: job, base.
    played : mapping or None
        The changes of the run that it shows or watches; None: nobody knows.
    """

    state: WhatIf
    jobs: Mapping[str, str]
    played: Mapping[str, str] | None


class Asking:
    """Runs of what-ifs.

    Parameters
    ----------
    config : Config
    forms : Forms
    """

    def __init__(self, config: Config, forms: Forms) -> None:
        self.jobs, self.forms = SeenJobs(config.jobs), forms
        self._store = config.store

    def restored(self, state: WhatIf) -> WhatIf:
        """The state with what its job was asked for, if the address says only the job."""
        from twin import api

        if not state.job or state.scenario:
            return state
        try:
            asked = self.jobs.status(state.job).request
            changed = self.forms.changes_of(asked)
        except (Refused, api.TwinError):
            return replace(state, job="")
        return replace(state, scenario=asked.scenario, seed=asked.seed, days=asked.days, changes=changed)

    def ask(self, name: str, text: str, seed: int | None, days: float | None, times: int = 0) -> dict[str, str]:
        """Start a what-if, its baseline, and the comparison of so many runs of both; their jobs.

        Without changes the baseline is all.

        Raises
        ------
        Refused
            When it cannot be asked for so.
        """
        plain = self._plain(name, seed, days)
        if not text:
            base = self.jobs.submit(plain)
            return {"base": base, "job": base}
        wanted = {"base": plain, "job": replace(plain, patch=text)}
        wanted |= {"sure": _often(plain, text, times)} if times > 1 else {}
        return dict(zip(wanted, self.jobs.submit_all(list(wanted.values())), strict=True))

    def _plain(self, name: str, seed: int | None, days: float | None) -> Request:
        """A scenario as it is; a seed or a time that it has itself is not asked for."""
        own = self.forms.data(name)
        return Request(
            scenario=name,
            seed=seed if seed != own.get("seed") else None,
            days=days if days != own.get("days") else None,
            user=access.current_user().name,
        )

    def cancel(self, jobs: Mapping[str, str]) -> None:
        """End the runs of a page, as far as the user may."""
        for job in dict.fromkeys(jobs.values()):
            self.jobs.cancel(job)

    def watched(self, jobs: Mapping[str, str]) -> Watched:
        """How the jobs of a page stand: the pair of runs first, then the comparison of many."""
        pair = self._stand({name: job for name, job in jobs.items() if name != "sure"})
        if pair.share < 1.0 or not jobs.get("sure"):
            return pair
        return self._stand({"sure": jobs["sure"]})

    def seen(self, jobs: Mapping[str, str]) -> dict[str, str]:
        """What of the jobs can be shown: the pair of runs, and the comparison once it is there."""
        pair = {name: job for name, job in jobs.items() if name != "sure"}
        if not pair or self._stand(pair).share < 1.0:
            return {}
        sure = jobs.get("sure", "")
        done = bool(sure) and self._stand({"sure": sure}).share == 1.0
        return self.ended(pair) | ({"sure": sure} if done else {})

    def _stand(self, jobs: Mapping[str, str]) -> Watched:
        try:
            return _watched([self.jobs.status(job) for job in dict.fromkeys(job for job in jobs.values() if job)])
        except Refused as refused:
            return Watched(False, 0.0, str(refused), ended_badly=True)

    def ended(self, jobs: Mapping[str, str]) -> dict[str, str]:
        """The run folders of jobs that are done: run and, if there is a job for it, what it is compared with."""
        run = self._run_of(jobs.get("job", ""))
        base = self._run_of(jobs["base"]) if "base" in jobs else None
        return {"run": run} | ({} if base is None else {"against": base if base != run else ""})

    def _run_of(self, job: str) -> str:
        try:
            return (self.jobs.status(job).run or "") if job else ""
        except Refused:
            return ""

    def opened(self, state: WhatIf, form: Form) -> Opened:
        """What a page shows and which jobs it watches when it is opened.

        Those of its address; or, if that names nothing to show, the scenario as it is: from the store, or played
        unasked if it is short.
        """
        there = self.there(state, form)
        if jobs := _jobs(state):
            return Opened(there, jobs, self._played(state.job))
        if state.run or form.trouble:
            return Opened(there, {}, None)
        if there.run:
            return Opened(there, {}, {})
        return Opened(there, self._asked_quietly(form) if form.days <= UNASKED_DAYS else {}, {})

    def there(self, state: WhatIf, form: Form) -> WhatIf:
        """The state with the run folders that the store has; nothing is asked for."""
        if jobs := _jobs(state):
            return self._settled(state, form, jobs)
        return state if state.run or form.trouble else replace(state, run=self._kept(form))

    def _played(self, job: str) -> dict[str, str] | None:
        """The changes that a job was asked for, as an address carries them; None: nobody knows."""
        from twin import api

        try:
            return self.forms.changes_of(self.jobs.status(job).request)
        except (Refused, api.TwinError):
            return None

    def _kept(self, form: Form) -> str:
        """The run of a scenario as it is, if the store has it."""
        from twin import api

        shelf, plain = self.jobs.shelf, self._plain(form.scenario, form.seed, form.days)
        chosen: dict[str, Any] = {
            key: value for key, value in (("seed", plain.seed), ("days", plain.written_days)) if value is not None
        }
        try:
            # Unchecked: what the store has was checked when it was played, and looking for circles takes its time.
            asked = api.patched(shelf.source(form.scenario), "", shelf.base(), check=False, **chosen)
        except api.TwinError:
            return ""
        folder = api.kept(asked, self._store)
        return folder.name if folder else ""

    def _asked_quietly(self, form: Form) -> dict[str, str]:
        try:
            return self.ask(form.scenario, "", form.seed, form.days)
        except Refused:
            return {}

    def _settled(self, state: WhatIf, form: Form, jobs: Mapping[str, str]) -> WhatIf:
        """The state with the run folders of jobs that are done; the store may have the baseline without a job."""
        if not state.base and not state.against:
            kept = self._kept(form)
            state = replace(state, against=kept if kept != self._run_of(state.job) else "")
        seen = {} if state.run else self.seen(jobs)
        return replace(state, run=seen["run"], against=seen.get("against", state.against)) if seen else state


def _often(plain: Request, text: str, times: int) -> Request:
    """The comparison of a scenario as it is with the same changed."""
    others = (Variant(plain.scenario, text, CHANGED),)
    return replace(plain, experiment=Experiment("compare", times, BASELINE, others, kpis=tuple(HEADLINES)))


def _jobs(state: WhatIf) -> dict[str, str]:
    """The jobs that an address names."""
    return {name: job for name in JOBS if (job := getattr(state, name))}


def _watched(statuses: Sequence[Status]) -> Watched:
    """The worst of them decides; those that go on are summed."""
    bad = next((status for status in statuses if status.state in {"failed", "cancelled", "interrupted"}), None)
    if bad is not None:
        return Watched(False, 0.0, _why(bad), bad.state != "cancelled", bad.problems)
    share = sum(status.share for status in statuses) / max(1, len(statuses))
    going = [status for status in statuses if status.is_open]
    if not going:
        return Watched(False, 1.0, _done(statuses))
    return Watched(True, share, _going(going))


def _why(status: Status) -> str:
    if status.state == "failed":
        return f"The run failed: {status.message}"
    return status.message


def _done(statuses: Iterable[Status]) -> str:
    reused = [status.reused for status in statuses if status.reused]
    return f"Done ({reused[-1]})." if reused else "Done."


def _going(going: Sequence[Status]) -> str:
    waiting = [status for status in going if status.state == "queued"]
    running = next((status for status in going if status.state == "running"), None)
    if running is None:
        place = waiting[0].place_in_queue
        return "Waiting for a free place to compute." if place is None else f"Waiting: place {place} in the queue."
    if running.runs_done is not None:
        return f"Run {running.runs_done} of {running.runs}."
    if running.simulated_day is None or running.days is None:
        return "Running."
    return f"Simulating day {running.simulated_day:.1f} of {running.days:g}."
