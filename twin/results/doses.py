"""Doses of people: what each step gave whom, sums by person, budgets, and what a year will bring.

What people got by handling stands on the rows of steps, what they got by being near (`ambient`) on rows of its own;
budgets, a year's projection and the ledger of the clock have both.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from twin import units
from twin.results import throughput
from twin.results.ambient import COLUMNS, ambient, nearby
from twin.results.dose_expected import compared
from twin.results.dose_spills import AS, dose_spills
from twin.results.run import Array, Run, codes_of, once
from twin.results.tasks import happenings, role_rows, tasks
from twin.results.visits import injections, visits
from twin.scenario.site_dose import DoseBudget

YEAR_S = 365.25 * 86400.0
DAY_S, WEEK_S, WORKING_DAYS = 86400.0, 7 * 86400.0, 5
#: What is told at a midnight belongs to the day that it ends [s].
SLACK_S = 2.0**-10
#: An interval over weeks needs so many.
_LEAST_WEEKS = 3


@once
def doses(run: Run) -> pd.DataFrame:
    """One row for each person and each step at which they handled activity and that has ended.

    Returns
    -------
    DataFrame
        person, group, session, visit (null: shared), study, protocol, step, task, start_s, time_s (its end), aborted,
        hp10_sv, hp007_finger_sv, hp007_ring_sv, hp3_sv (null: not modelled), the same with ``expected_`` before them,
        and with ``unpredicted_``: how far the dose was above what was expected.
    """
    rows = _rows(run)
    event = run.things["event"].to_numpy()[rows]
    person = codes_of(run.things, "thing")[rows]
    task = _task_of_end(run)[event]
    table = tasks(run)
    columns: dict[str, Any] = {"person": run.named(person)}
    columns["group"] = [run.facts.people[name].group for name in columns["person"].astype(object)]
    columns |= {name: table[name].array[task] for name in ("session", "visit", "study", "protocol", "step", "task")}
    columns |= {"start_s": table["start_s"].to_numpy()[task], "time_s": run.events["time_s"].to_numpy()[event]}
    columns["aborted"] = table["aborted"].to_numpy()[task]
    columns |= {name: run.quantity(name)[rows] for name in COLUMNS}
    return pd.DataFrame(columns | compared(run, columns, task), copy=False)


def _rows(run: Run) -> Array:
    """Rows of ``involved`` that say the dose of a step that ended."""
    people = role_rows(run, "person")
    known = np.zeros(len(people), dtype=bool)
    for name in COLUMNS:
        known |= ~np.isnan(run.quantity(name)[people])
    event: Array = run.things["event"].to_numpy()[people]
    return people[known & (_task_of_end(run)[event] >= 0)]


def _task_of_end(run: Run) -> Array:
    """For each event that ends a step its place in `tasks`."""
    table = tasks(run)
    found = np.full(len(run.events) + 1, -1)
    found[table["end_event"].to_numpy()] = np.arange(len(table))
    return found


@once
def dose_people(run: Run) -> pd.DataFrame:
    """One row for each person.

    Returns
    -------
    DataFrame
        person, group, role; the four doses by handling [Sv]; what is got by being in the room (``_ambient_sv``) and by
        attending (``_attending_sv``), which the hands get as the skin of the trunk does; steps, handled_bq (the
        activity injected in sessions of theirs, at injection, each once); hp10_total_sv.
    """
    people = run.facts.people
    columns: dict[str, Any] = {
        "person": list(people),
        "group": [p.group for p in people.values()],
        "role": [p.role for p in people.values()],
    }
    rows = doses(run)
    number = run.positions(list(people))[codes_of(rows, "person")] if len(rows) else np.empty(0, dtype=int)
    for name in COLUMNS:
        columns[name] = np.bincount(number, np.nan_to_num(rows[name].to_numpy()), minlength=len(people))
    near = ambient(run)
    columns |= {str(name): near[name].to_numpy() for name in near}
    columns |= {"steps": np.bincount(number, minlength=len(people)), "handled_bq": _handled_bq(run, number)}
    columns["hp10_total_sv"] = columns["hp10_sv"] + columns["hp10_ambient_sv"] + columns["hp10_attending_sv"]
    return pd.DataFrame(columns)


def _handled_bq(run: Run, number: Array) -> Array:
    """Activity of the injections in whose session somebody had a dose."""
    injected, rows = injections(run), doses(run)
    session = codes_of(visits(run), "session")[injected["visit"].to_numpy()]
    by_session = np.bincount(session + 1, injected["activity_bq"], minlength=len(run.names) + 1)
    pairs = (
        np.unique(np.stack((number, codes_of(rows, "session"))), axis=1) if len(rows) else np.empty((2, 0), dtype=int)
    )
    return np.bincount(pairs[0], by_session[pairs[1] + 1], minlength=len(run.facts.people))


@once
def dose_tasks(run: Run) -> pd.DataFrame:
    """Doses by task of everybody together: task, step, times, the four doses, and of each time [Sv]."""
    rows = doses(run)
    by = rows.groupby(["task", "step"], observed=True, sort=True)
    table = by[list(COLUMNS)].sum().reset_index()
    return table.assign(times=by.size().to_numpy())


# Budgets ----------------------------------------------------------------------------------------------------------


@once
def dose_budgets(run: Run) -> pd.DataFrame:
    """One row for each budget and person: how much of it was used when, and when it was passed.

    Returns
    -------
    DataFrame
        budget, use, quantity, period, person, allowed_sv, most_sv (the most in one period), over_sv (beyond it),
        unpredicted_sv (what was not foreseen in that period's steps, what was got by being near, and spills: more than
        that it cannot be passed by), passed_s
        (when it was first passed, null: never), reached_s (of a year: when it would be used up at the run's rate).
    """
    found = [row for budget in run.facts.dose.budgets for row in _of_budget(run, budget)]
    columns = ("budget", "use", "quantity", "period", "person", "allowed_sv", "most_sv", "over_sv", "unpredicted_sv",
               "passed_s", "reached_s")  # fmt: skip
    return pd.DataFrame(found, columns=list(columns))


def _of_budget(run: Run, budget: DoseBudget) -> Iterator[tuple[Any, ...]]:
    name = COLUMNS[budget.column]
    starts, last_s = _starts(run, budget), max(1, int(run.facts.horizon_s // WEEK_S)) * WEEK_S
    for person, allowed in budget.allowed_sv.items():
        time, dose, unpredicted = _got(run, person, name)
        period = np.searchsorted(starts, np.maximum(time - SLACK_S, 0.0), "right") - 1  # a midnight ends its day
        kept = period >= 0
        sums = np.bincount(period[kept], dose[kept], minlength=max(1, len(starts)))
        sums[0] += budget.spent_sv.get(person, 0.0)
        most = int(np.argmax(sums))
        beyond = np.bincount(period[kept], unpredicted[kept], minlength=max(1, len(starts)))
        over = max(0.0, float(sums[most]) - allowed)
        yield (
            budget.name, budget.use, budget.quantity, budget.period, person, allowed, float(sums[most]), over,
            float(beyond[most]), _passed_s(time[kept], dose[kept], period[kept], budget, person),
            _reached_s(run, budget, float(dose[kept & (time <= last_s)].sum()), person),
        )  # fmt: skip


def _got(run: Run, person: str, name: str) -> tuple[Array, Array, Array]:
    """Moments, doses and what of them was not predicted, in order: steps, being near, and what was spilt."""
    mine, near, spilt = (_of(table(run), person) for table in (doses, nearby, dose_spills))
    more = np.nan_to_num(spilt[AS[name]].to_numpy(float)) if name in AS else np.zeros(len(spilt))
    beside = near[name].to_numpy()
    time = np.concatenate([table["time_s"].to_numpy(float) for table in (mine, near, spilt)])
    dose = np.concatenate((np.nan_to_num(mine[name].to_numpy()), beside, more))
    unpredicted = np.concatenate((mine[f"unpredicted_{name}"].to_numpy(), beside, more))
    order = np.argsort(time, kind="stable")
    return time[order], dose[order], unpredicted[order]


def _of(table: pd.DataFrame, person: str) -> pd.DataFrame:
    return table[table["person"].astype(object) == person]


def _starts(run: Run, budget: DoseBudget) -> Array:
    """When its periods begin within the run [s]; the first has begun before it, but for a pregnancy declared later."""
    if budget.period == "pregnancy":
        return np.array([max(0.0, budget.from_s)])
    later = [moment for moment, word in run.facts.dose.boundaries_s if word == budget.period]
    return np.array([0.0, *later])


def _passed_s(time: Array, dose: Array, period: Array, budget: DoseBudget, person: str) -> float:
    """When it was first passed [s]; NaN: never."""
    allowed = budget.allowed_sv[person]
    for number in np.unique(period):
        own = period == number
        before = budget.spent_sv.get(person, 0.0) if number == 0 else 0.0
        passed = np.flatnonzero(before + np.cumsum(dose[own]) > allowed)
        if len(passed):
            return float(time[own][passed[0]])
    return math.nan


def _reached_s(run: Run, budget: DoseBudget, got_sv: float, person: str) -> float:
    """When a budget of a year would be used up at the rate of the run, from time zero [s]; NaN: not in its year."""
    if budget.period != "year" or got_sv <= 0.0 or not run.facts.horizon_s:
        return math.nan
    left = budget.allowed_sv[person] - budget.spent_sv.get(person, 0.0)
    reached = left / (got_sv / (weeks_stood_for(run) * WEEK_S))
    start = dt.datetime.fromisoformat(run.facts.start)
    year_end = (dt.datetime(start.year + 1, 1, 1) - start).total_seconds()
    return reached if reached <= year_end else math.nan


# A year -----------------------------------------------------------------------------------------------------------


@once
def dose_year(run: Run) -> pd.DataFrame:
    """What a year would bring at the rate of this run: by person and quantity, with an interval of 95 % over its weeks.

    Returns
    -------
    DataFrame
        person, quantity (column of `doses`), year_sv, low_sv, high_sv (null under three whole weeks), by handling and
        by being near, of whole weeks (`weeks_stood_for`). The weeks are of one run: replications say more.
    """
    weeks = max(1, int(run.facts.horizon_s // WEEK_S))
    per_year = YEAR_S / WEEK_S / weeks_stood_for(run)
    parts = (doses(run), nearby(run))
    people = list(run.facts.people)
    places = {name: number for number, name in enumerate(people)}
    number = np.concatenate([part["person"].astype(object).map(places).to_numpy(int) for part in parts])
    time = np.concatenate([part["time_s"].to_numpy(float) for part in parts])
    week = ((time - SLACK_S) // WEEK_S).astype(int)  # a midnight ends its day
    whole = week < weeks
    found: list[tuple[str, str, float, float, float]] = []
    for name in COLUMNS:
        got = np.nan_to_num(np.concatenate([part[name].to_numpy(float) for part in parts]))
        sums = np.bincount((number * weeks + week)[whole], got[whole], minlength=len(people) * weeks)
        for person, own in zip(people, sums.reshape(len(people), weeks), strict=True):
            year = float(own.sum()) * per_year
            half = _half_width(own) * YEAR_S / WEEK_S
            low = math.nan if math.isnan(half) else max(0.0, year - half)
            found.append((person, name, year, low, year + half))
    return pd.DataFrame(found, columns=["person", "quantity", "year_sv", "low_sv", "high_sv"])


def weeks_stood_for(run: Run) -> float:
    """For how many weeks the doses of a run stand: its whole weeks; of a shorter run, its opening days of five."""
    weeks = int(run.facts.horizon_s // WEEK_S)
    if weeks:
        return float(weeks)
    opened = len({int(start_s // 86400.0) for start_s, _ in run.facts.opening})
    return min(1.0, max(1, opened) / WORKING_DAYS)


def _half_width(weeks: Array) -> float:
    """Of the mean of the weeks; NaN of too few."""
    if len(weeks) < _LEAST_WEEKS:
        return math.nan
    from scipy.special import stdtrit

    return float(stdtrit(len(weeks) - 1, 0.975)) * float(np.std(weeks, ddof=1)) / math.sqrt(len(weeks))


# KPIs -------------------------------------------------------------------------------------------------------------


def by_person_msv(run: Run, column: str) -> dict[str | None, float | None]:
    """A dose by handling of each person [mSv]; without an index, the most that one has."""
    table = dose_people(run)
    values = (table[column] * units.factor("Sv", "mSv")).tolist()
    whole: dict[str | None, float | None] = {None: max(values, default=None)}
    return whole | dict(zip(table["person"], values, strict=True))


def ambient_msv(run: Run) -> dict[str | None, float | None]:
    """Hp(10) from what is near, of each person [mSv]; without an index, the most."""
    table = dose_people(run)
    values = ((table["hp10_ambient_sv"] + table["hp10_attending_sv"]) * units.factor("Sv", "mSv")).tolist()
    whole: dict[str | None, float | None] = {None: max(values, default=None)}
    return whole | dict(zip(table["person"], values, strict=True))


def collective_msv(run: Run) -> float | None:
    """Hp(10) of everybody together, by handling and by being near [man mSv]."""
    table = dose_people(run)
    return float(table["hp10_total_sv"].sum() * units.factor("Sv", "mSv"))


def per_scan_usv(run: Run, column: str) -> float | None:
    """A dose by handling of everybody together for each completed scan [uSv]."""
    scans = throughput.scans_completed(run)
    return float(doses(run)[column].sum() * units.factor("Sv", "uSv")) / scans if scans else None


def per_activity(run: Run, column: str) -> float | None:
    """A dose by handling of everybody together for each activity injected [uSv/MBq]."""
    injected = injections(run)["activity_bq"].sum() * units.factor("Bq", "MBq")
    return float(doses(run)[column].sum() * units.factor("Sv", "uSv")) / injected if injected else None


def over_msv(run: Run) -> dict[str | None, float | None]:
    """How far limits and constraints were passed, at the most [mSv], by person."""
    table, over = dose_budgets(run), dict[str, float]()
    for use, person, beyond in zip(*(table[key].tolist() for key in ("use", "person", "over_sv")), strict=True):
        if use != "investigation":
            over[person] = max(over.get(person, beyond), beyond)
    return _most(run, over)


def unpredicted_msv(run: Run) -> dict[str | None, float | None]:
    """Dose of the fingertip that was not expected: of steps above it, and by being near [mSv], by person."""
    steps = doses(run)[["person", "unpredicted_hp007_finger_sv"]].set_axis(["person", "sv"], axis=1)
    near = nearby(run)[["person", "hp007_finger_sv"]].set_axis(["person", "sv"], axis=1)
    sums = pd.concat([steps.astype({"person": object}), near]).groupby("person")["sv"].sum()
    return _most(run, {str(person): float(value) for person, value in sums.items()})


def _most(run: Run, sums: Mapping[str, float]) -> dict[str | None, float | None]:
    """Of each person [mSv]; without an index, the most."""
    known = {person: value * units.factor("Sv", "mSv") for person, value in sums.items()}
    values: dict[str | None, float | None] = {person: known.get(person, 0.0) for person in run.facts.people}
    return {None: max(known.values(), default=0.0) if values else None} | values


def days_to_constraint(run: Run) -> float | None:
    """Days from the start until the first constraint of a year is used up, at the rate of the run."""
    table = dose_budgets(run)
    reached = table.loc[table["use"] == "constraint", "reached_s"].min()
    return None if math.isnan(reached) else float(reached) / DAY_S


def days_until_refused(run: Run) -> float | None:
    """Days from the start until a session could not begin for the first time because of budgets; None: never."""
    rows = happenings(run, "visit_cancelled")
    time = run.events["time_s"].to_numpy()[rows[run.column("reason")[rows] == run.code("dose")]]
    return float(time.min()) / DAY_S if len(time) else None


def not_done(run: Run) -> float:
    """Visits that were cancelled because nobody could do them within their budgets."""
    return float(throughput.cancelled(run).get("dose") or 0.0)
