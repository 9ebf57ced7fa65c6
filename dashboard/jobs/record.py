"""What is asked of a run, and how it stands: plain data, as it lies on disk."""

from __future__ import annotations

import datetime as dt
import math
import re
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from dashboard.jobs import experiment as experiments
from dashboard.jobs.experiment import Experiment
from dashboard.jobs.refused import Mistake, Refused

State: TypeAlias = Literal["queued", "running", "done", "failed", "cancelled", "interrupted"]

OPEN_STATES = frozenset({"queued", "running"})
MOST_DAYS = 36525.0
MOST_SEED = 2**63 - 1
MOST_PATCH_CHARACTERS = 50_000
MOST_NAME_CHARACTERS = 200
_JOB = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9]{6}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for: one run, or an experiment of many.

    Attributes
    ----------
    scenario : str
        One of `Jobs.scenarios`.
    patch : str
        YAML text that is merged over the scenario; may be empty.
    seed : int, optional
        Instead of the scenario's.
    days : float, optional
        Simulated days instead of the scenario's.
    user : str
        Who asks.
    experiment : Experiment, optional
        None: one run.
    """

    scenario: str
    patch: str = ""
    seed: int | None = None
    days: float | None = None
    user: str = ""
    experiment: Experiment | None = None

    @property
    def written_days(self) -> float | int | None:
        """As a person writes them: ``3``, for ``3.0`` is another scenario, of which the command line knows no run."""
        return int(self.days) if self.days is not None and float(self.days).is_integer() else self.days

    @property
    def is_long(self) -> bool:
        """Whether it takes minutes rather than seconds."""
        return self.experiment is not None

    def refuse(self) -> None:
        """Raise `Refused` for what no run can have; a browser may send anything."""
        for name, value in (("scenario", self.scenario), ("patch", self.patch), ("user", self.user)):
            if not isinstance(value, str):
                raise Refused(f"the {name} is text", [{"path": name, "message": "this is no text"}])
        if len(self.patch) > MOST_PATCH_CHARACTERS:
            said = f"the patch has {len(self.patch)} characters; the most is {MOST_PATCH_CHARACTERS}"
            raise Refused(f"{said}; put it into a scenario file", [{"path": "", "message": said}])
        if self.seed is not None and not (_is_whole(self.seed) and 0 <= self.seed <= MOST_SEED):
            raise _wrong("seed", "a seed is a whole number from 0 to 2^63 - 1")
        if self.days is not None and not (_is_number(self.days) and 0 < self.days <= MOST_DAYS):
            raise _wrong("days", f"the days are a number above 0 and at most {MOST_DAYS:g}")
        if self.experiment is not None:
            self.experiment.refuse()


def _wrong(path: str, message: str) -> Refused:
    return Refused(message, [{"path": path, "message": message}])


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


@dataclass(frozen=True, slots=True)
class Status:
    """How a run stands.

    Attributes
    ----------
    job : str
    state : {"queued", "running", "done", "failed", "cancelled", "interrupted"}
        ``interrupted``: its server ended before it; it can be started again.
    label : str
        Scenario and changes, for a list.
    request : Request
    server : str
        Whose queue it is in.
    submitted, started, ended : datetime, optional
        Clock times, aware.
    share : float
        Of the simulated time, 0 to 1.
    simulated_day, days : float, optional
        How far it is, and the whole.
    runs_done, runs : int, optional
        The same of an experiment.
    place_in_queue : int, optional
        1 is next; None unless queued.
    message : str
        What went wrong.
    problems : tuple of mapping
        ``path`` and ``message`` of each mistake in the patch.
    run_dir : Path, optional
        The run folder, when done.
    reused : str, optional
        ``re-used run from 09:14`` where nothing had to be computed.
    """

    job: str
    state: State
    label: str
    request: Request
    server: str
    submitted: dt.datetime
    started: dt.datetime | None = None
    ended: dt.datetime | None = None
    share: float = 0.0
    simulated_day: float | None = None
    days: float | None = None
    runs_done: int | None = None
    runs: int | None = None
    place_in_queue: int | None = None
    message: str = ""
    problems: tuple[Mistake, ...] = ()
    run_dir: Path | None = None
    reused: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is queued or running."""
        return self.state in OPEN_STATES

    @property
    def user(self) -> str:
        """Who asked for it."""
        return self.request.user

    @property
    def scenario(self) -> str:
        """The scenario as it was asked for."""
        return self.request.scenario

    @property
    def patch(self) -> str:
        """The YAML text of the changes."""
        return self.request.patch

    @property
    def seed(self) -> int | None:
        """The seed, if another than the scenario's was asked for."""
        return self.request.seed

    @property
    def run(self) -> str | None:
        """Name of the run folder in the store."""
        return None if self.run_dir is None else self.run_dir.name


def new_job() -> str:
    """A name that sorts by time and that nobody guesses."""
    now = dt.datetime.now(dt.UTC)  # noqa: TID251 - a job is a thing of the clock on the wall
    return f"{now:%Y%m%d-%H%M%S}-{now.microsecond:06d}-{uuid.uuid4().hex[:8]}"


def require_job(job: object) -> str:
    """The name of a job, if it can be one; else `Refused`. No path gets through."""
    if not isinstance(job, str) or not _JOB.fullmatch(job):
        raise Refused("there is no run of this name")
    return job


def wall_clock() -> dt.datetime:
    """Now, with the offset of this place."""
    return dt.datetime.now().astimezone()  # noqa: TID251 - a job is a thing of the clock on the wall


def to_json(status: Status) -> dict[str, Any]:
    """A status as plain data; the run by its name in the store, so that a store may be moved."""
    data = asdict(status) | {name: _iso(getattr(status, name)) for name in ("submitted", "started", "ended")}
    del data["run_dir"], data["place_in_queue"]
    if status.request.experiment is not None:
        data["request"]["experiment"] = status.request.experiment.as_data()
    return data | {"run": status.run}


def _iso(moment: dt.datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="milliseconds")


def from_json(data: Mapping[str, Any], store: Path) -> Status:
    """The status that `to_json` wrote.

    Raises
    ------
    ValueError, KeyError, TypeError, Refused
        When it is none.
    """
    known = {key: value for key, value in data.items() if key != "run"}
    moments = {name: _moment(known[name]) for name in ("submitted", "started", "ended")}
    run_dir = store / Path(data["run"]).name if data["run"] else None
    problems = tuple(known["problems"])
    return Status(
        **{**known, **moments, "request": _request(known["request"]), "problems": problems, "run_dir": run_dir}
    )


def _request(said: Mapping[str, Any]) -> Request:
    many = said.get("experiment")
    return Request(**{**said, "experiment": None if many is None else experiments.read(many)})


def _moment(text: str | None) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(text).astimezone()
