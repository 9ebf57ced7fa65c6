"""What the pages ask: forms, runs to start and to watch, runs to show. Plain data out; nothing here draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from dashboard import access
from dashboard.address import DEFAULT_SCENARIO, Day, WhatIf
from dashboard.charts import BASELINE, CHANGED, Shown
from dashboard.figures.window import Window
from dashboard.form import leaves, patch, values
from dashboard.form.leaves import Leaf
from dashboard.form.patch import Change
from dashboard.jobs import Refused, Request, Status

if TYPE_CHECKING:
    from dashboard.config import Config

#: A scenario that lasts longer is not played unasked when its page is opened.
UNASKED_DAYS = 31.0


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it is filled in.

    Attributes
    ----------
    scenario, question : str
    seed, days : int, float
        As they will be played.
    leaves : tuple of Leaf
    fields : mapping of path to what stands in it
    trouble : tuple of str
        Why the scenario cannot be read.
    """

    scenario: str
    question: str = ""
    seed: int = 1
    days: float = 7.0
    leaves: tuple[Leaf, ...] = ()
    fields: Mapping[str, Any] | None = None
    trouble: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edited:
    """What the fields say: the changes, as YAML, and what is wrong with them (by path, and the rest)."""

    changes: tuple[Change, ...]
    yaml: str
    messages: Mapping[str, str]
    rest: tuple[str, ...]

    @property
    def link(self) -> dict[str, str]:
        """The changes as an address carries them."""
        return {change.leaf.path: change.text for change in self.changes}


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


@cache
def _schema() -> Mapping[str, Any]:
    from twin import api

    return api.schema()


class Desk:
    """What pages ask of a configured dashboard.

    Parameters
    ----------
    config : Config
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.jobs = config.jobs
        self.runs = config.runs

    # The form.

    def scenarios(self) -> tuple[str, ...]:
        """The names that can be picked."""
        return self.jobs.scenarios()

    def form(self, state: WhatIf) -> Form:
        """The form of an address."""
        from twin import api

        name = state.scenario or self._first()
        try:
            data = self._data(name)
        except api.ScenarioError as error:
            return Form(name, trouble=tuple(map(str, error.problems)))
        except (Refused, api.TwinError) as error:
            return Form(name, trouble=(str(error),))
        found = leaves.leaves(_schema(), data)
        return Form(
            scenario=name,
            question=str(data.get("question") or ""),
            seed=state.seed if state.seed is not None else int(data.get("seed", 1)),
            days=state.days if state.days is not None else float(data.get("days", 7)),
            leaves=found,
            fields=patch.fields(found, state.changes),
        )

    def leaves(self, name: str) -> tuple[Leaf, ...]:
        """The fields of a scenario; none of one that cannot be read."""
        from twin import api

        try:
            return leaves.leaves(_schema(), self._data(name))
        except (Refused, api.TwinError):
            return ()

    def _first(self) -> str:
        names = self.scenarios()
        return DEFAULT_SCENARIO if DEFAULT_SCENARIO in names else names[0]

    def _data(self, name: str, text: str = "") -> Mapping[str, Any]:
        """A scenario with a patch over it, merged, as a person writes it."""
        from twin import api

        shelf = self.jobs.shelf
        return api.patched(shelf.source(name), text, shelf.base(), check=False).data

    def edited(self, name: str, fields: Mapping[str, Any] | None) -> Edited:
        """What the fields of a scenario say, checked."""
        from twin import api

        found = self.leaves(name)
        changed = patch.changes(found, fields or {})
        text = api.yaml_text(patch.patch(changed)) if changed else ""
        shelf = self.jobs.shelf
        problems = api.problems(shelf.source(name), text, shelf.base()) if changed else ()
        messages, rest = patch.messages(found, [_told(problem) for problem in problems])
        return Edited(changed, text, messages, tuple(rest))

    def edited_form(self, form: Form) -> Edited:
        """The same of a form as it is opened."""
        return Edited((), "", {}, ()) if form.trouble else self.edited(form.scenario, form.fields)

    def file(self, name: str, text: str) -> str:
        """A scenario file that extends a scenario with the changes."""
        from twin import api

        return f"{api.yaml_text({'extends': name, 'name': 'what-if'})}{text}"

    # Runs that are asked for.

    def restored(self, state: WhatIf) -> WhatIf:
        """The state with what its job was asked for, if the address says only the job."""
        from twin import api

        if not state.job or state.scenario:
            return state
        try:
            asked = self.jobs.status(state.job).request
            changed = self._changes_of(asked)
        except (Refused, api.TwinError):
            return replace(state, job="")
        return replace(state, scenario=asked.scenario, seed=asked.seed, days=asked.days, changes=changed)

    def _changes_of(self, asked: Request) -> dict[str, str]:
        """The fields that a patch changes, as an address carries them."""
        below = leaves.leaves(_schema(), self._data(asked.scenario))
        after = leaves.leaves(_schema(), self._data(asked.scenario, asked.patch))
        changed = patch.changes(below, {leaf.path: values.shown(leaf) for leaf in after})
        return {change.leaf.path: change.text for change in changed}

    def ask(self, name: str, text: str, seed: int | None, days: float | None) -> dict[str, str]:
        """Start a what-if and its baseline; their jobs. Without changes the baseline is all.

        Raises
        ------
        Refused
            When it cannot be asked for so.
        """
        plain = self._plain(name, seed, days)
        base = self.jobs.submit(plain)
        return {"base": base, "job": self.jobs.submit(replace(plain, patch=text)) if text else base}

    def _plain(self, name: str, seed: int | None, days: float | None) -> Request:
        """A scenario as it is; a seed or a time that it has itself is not asked for."""
        own = self._data(name)
        return Request(
            scenario=name,
            seed=seed if seed != own.get("seed") else None,
            days=days if days != own.get("days") else None,
            user=access.current_user().name,
        )

    def cancel(self, jobs: Mapping[str, str]) -> None:
        """End the runs of a page, as far as the user may."""
        user = access.current_user()
        for job in dict.fromkeys(jobs.values()):
            if access.may_end(user, self.jobs.status(job).user):
                self.jobs.cancel(job)

    def watched(self, jobs: Mapping[str, str]) -> Watched:
        """How the runs of a page stand."""
        try:
            statuses = [self.jobs.status(job) for job in dict.fromkeys(job for job in jobs.values() if job)]
        except Refused as refused:
            return Watched(False, 0.0, str(refused), ended_badly=True)
        return _watched(statuses)

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
            return self._changes_of(self.jobs.status(job).request)
        except (Refused, api.TwinError):
            return None

    def _kept(self, form: Form) -> str:
        """The run of a scenario as it is, if the store has it."""
        from twin import api

        shelf, plain = self.jobs.shelf, self._plain(form.scenario, form.seed, form.days)
        chosen: dict[str, Any] = {
            key: value for key, value in (("seed", plain.seed), ("days", plain.days)) if value is not None
        }
        try:
            asked = api.patched(shelf.source(form.scenario), "", shelf.base(), **chosen)
        except api.TwinError:
            return ""
        folder = api.kept(asked, self.config.store)
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
        if state.run or self.watched(jobs).share < 1.0:
            return state
        ended = self.ended(jobs)
        return replace(state, run=ended["run"], against=ended.get("against", state.against))

    # Runs that are there.

    def shown(self, run: str, against: str = "", day: Day | None = None) -> Shown:
        """What a page shows of run folders.

        Raises
        ------
        StoreError
            When there is no such run.
        """
        view = self.runs.open(run)
        views = {CHANGED if against else view.name: view}
        if against:
            views = {BASELINE: self.runs.open(against)} | views
        chosen = day or Day(run)
        return Shown(views, Window(view.start, view.horizon_s, chosen.day, chosen.view).within())

    def shown_or_none(self, state: WhatIf) -> Shown | None:
        """The same for a page that is opened; None: there is nothing to show."""
        from twin import api

        try:
            return self.shown(state.run, state.against) if state.run else None
        except api.StoreError:
            return None

    def compared(self, said: Mapping[str, str]) -> Shown:
        """The runs that a page compares, from its store."""
        return self.shown(said["run"], said.get("against", ""))

    def pairs(self, shown: Shown, most: int = 20) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        """KPIs of the same what-if and its baseline under each seed that both were played with."""
        done = [status for status in self.jobs.listing() if status.run]
        own = next((status.request for status in done if status.run == shown.run.folder), None)
        if own is None or shown.base is None or not own.patch:
            return []
        plain = _by_seed(done, replace(own, patch=""))
        both = [(run, plain[seed]) for seed, run in _by_seed(done, own).items() if seed in plain]
        kept = {line.folder.name for line in self.runs.listing()}
        found = [pair for pair in both if kept.issuperset(pair)][:most]
        return [(self.runs.open(run).kpis, self.runs.open(base).kpis) for run, base in found]

    def window(self, said: Mapping[str, Any]) -> Window:
        """The days that a page shows, from its store."""
        return self.shown(said["run"], day=Day(said["run"], said["day"], said["view"])).window

    def with_run(self, state: Day) -> Day:
        """The state with the newest run, if it names none."""
        listed = self.runs.listing() if not state.run else ()
        return replace(state, run=listed[0].folder.name) if listed else state

    @staticmethod
    def definitions() -> Mapping[str, Mapping[str, str | None]]:
        """What each figure is."""
        from twin import api

        return api.kpi_definitions()

    def earlier(self, most: int = 20) -> list[dict[str, Any]]:
        """The newest runs of the store for a list, with what was asked for if the dashboard asked."""
        asked = {status.run: status for status in reversed(self.jobs.listing()) if status.run}
        return [_line(line, asked.get(line.folder.name)) for line in self.runs.listing()[:most]]


def _jobs(state: WhatIf) -> dict[str, str]:
    """The jobs that an address names."""
    return {name: job for name, job in (("job", state.job), ("base", state.base)) if job}


def _by_seed(done: Iterable[Status], asked: Request) -> dict[int | None, str]:
    """The runs of a request under each seed it was made with; None: the scenario's own."""
    same = replace(asked, seed=None, user="")
    return {s.seed: s.run for s in done if s.run and replace(s.request, seed=None, user="") == same}


def _line(line: Any, status: Status | None) -> dict[str, Any]:
    label = status.label if status else f"{line.name}, seed {line.seed}"
    return {
        "run": line.folder.name,
        "job": status.job if status else "",
        "label": label,
        "written": f"{line.written:%d %b %Y, %H:%M}",
        "days": line.days,
        "by": (status.user if status and status.user else line.by),
    }


def _told(problem: Any) -> dict[str, str]:
    """A mistake for a place beside its field: without file and line."""
    return {"path": problem.path, "message": str(problem).removeprefix(f"{problem.where}: ")}


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
    if running.simulated_day is None or running.days is None:
        return "Running."
    return f"Simulating day {running.simulated_day:.1f} of {running.days:g}."
