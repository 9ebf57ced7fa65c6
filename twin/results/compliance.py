"""The compliance calendar: what had to be done when, and whether it was; a table of every run.

Checks of scanners and of the dose calibrator fall due as the log says; certificates, licences and authorisations end as
the scenario says; training and audits are booked time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import floor, inf, isnan, nan

import numpy as np
import pandas as pd

from twin.results.compliance_facts import CheckFacts, ExpiryFacts
from twin.results.kpi import Kpi
from twin.results.run import Array, Run, codes_of, once
from twin.results.tasks import taking_part, tasks
from twin.results.throughput import DAY_S, midnight_s

#: What an item of the calendar is.
KINDS = ("quality_control", "calibration", "certificate", "licence", "authorisation", "audit", "training")
STATES = ("done", "due", "overdue")
#: Tasks that are booked time, and the kind of item that each is.
BOOKED = ("audit", "training")
#: Before the names of the plans of booked time: ``people/PERSON/ITEM``.
PEOPLE = "people"
COLUMNS = ("kind", "item", "thing", "begins_s", "due_s", "done_s", "state", "in_time")


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the calendar; times in seconds after the start, NaN: it was there before, or was not done."""

    kind: str
    item: str
    thing: str
    begins_s: float
    due_s: float
    done_s: float = nan


@dataclass(frozen=True, slots=True)
class _Work:
    """A session without animals: its plan, when it fell due and when its last step ended (NaN: it is not over)."""

    session: str
    plan: str
    begins_s: float
    done_s: float
    task: str
    person: str


@once
def compliance(run: Run) -> pd.DataFrame:
    """One row for each thing that had to be done or to be renewed, by the moment up to which it had to be.

    Returns
    -------
    DataFrame
        kind (of `KINDS`), item (the check, certificate, project ...), thing (the scanner, person, nuclide ... that it
        is about), begins_s (when it fell due; NaN: valid from before the run), due_s (up to when it is in time), done_s
        (NaN: not done), state (``done``; ``due``: not yet, there is time; ``overdue``), in_time. A check is in time
        until the facility next closes, or as long as the last one is good for; what ends is in time if it is renewed
        before.
    """
    items = [*_checks(run), *_expiries(run), *_booked(run)]
    items.sort(key=lambda item: (item.due_s, KINDS.index(item.kind), item.thing, item.item))
    rows = [(*_plain(item), *_state(item, run.facts.horizon_s)) for item in items]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"in_time": bool})


def _plain(item: Item) -> tuple[str | float, ...]:
    return item.kind, item.item, item.thing, item.begins_s, item.due_s, item.done_s


def _state(item: Item, horizon_s: float) -> tuple[str, bool]:
    if not isnan(item.done_s):
        return "done", item.done_s <= item.due_s
    return ("due", True) if item.due_s >= horizon_s else ("overdue", False)


# work in the log ------------------------------------------------------------------------------------------------------


@once
def _work(run: Run) -> list[_Work]:
    """Every session of a check, an audit or training, in order."""
    table = tasks(run)
    plans = list(run.facts.compliance.checks)
    of_plan = run.positions(plans)[codes_of(table, "protocol")] >= 0
    booked = table["task"].isin(BOOKED).to_numpy() & (codes_of(table, "study") < 0)
    wanted = np.zeros(len(run.names) + 1, dtype=bool)
    wanted[codes_of(table, "session")[of_plan | booked]] = True
    wanted[-1] = False
    rows = np.flatnonzero(wanted[codes_of(table, "session")])
    return list(_sessions(run, table.iloc[rows], rows, booked[rows]))


def _sessions(run: Run, table: pd.DataFrame, rows: Array, booked: Array) -> Iterator[_Work]:
    task, person = taking_part(run, "person")
    here = np.isin(task, rows)
    who = dict(zip(task[here][::-1].tolist(), person[here][::-1].tolist(), strict=True))
    begins = np.fmin(table["request_s"].to_numpy(), table["start_s"].to_numpy())
    ended = np.where(table["open"] | table["start_s"].isna(), inf, table["end_s"])
    session = codes_of(table, "session")
    for code in dict.fromkeys(session.tolist()):
        own = np.flatnonzero(session == code)
        last = float(ended[own].max())
        named = next((who[rows[i]] for i in own if rows[i] in who), -1)
        said = own[np.argmax(booked[own])]
        yield _Work(
            str(run.names[code]),
            str(table["protocol"].iloc[own[0]]),
            float(begins[own].min()),
            nan if last == inf else last,
            str(table["task"].iloc[said]),
            "" if named < 0 else str(run.names[named]),
        )


def _checks(run: Run) -> Iterator[Item]:
    """Checks of scanners and of the dose calibrator; one that failed and was begun again at once is one item."""
    opening = np.array(run.facts.opening, dtype=float).reshape(-1, 2)
    known, by_plan = run.facts.compliance.checks, dict[str, list[_Work]]()
    for work in _work(run):
        if work.plan in known:
            by_plan.setdefault(work.plan, []).append(work)
    for plan, works in by_plan.items():
        passed_s = 0.0
        for work in _together(works):
            due_s = _due_s(known[plan], work.begins_s, passed_s, opening, run.facts.horizon_s)
            kind = "calibration" if known[plan].calibration else "quality_control"
            yield Item(kind, known[plan].item, known[plan].thing, work.begins_s, due_s, work.done_s)
            passed_s = passed_s if isnan(work.done_s) else work.done_s


def _together(works: Iterable[_Work]) -> list[_Work]:
    found: list[_Work] = []
    for work in works:
        if found and found[-1].done_s == work.begins_s:
            found[-1] = replace(found[-1], done_s=work.done_s)
        else:
            found.append(work)
    return found


def _due_s(check: CheckFacts, begins_s: float, passed_s: float, opening: Array, horizon_s: float) -> float:
    """Up to when a check is in time [s]: as long as the last is good, else to the closing that comes next."""
    if check.valid_for_s is not None:
        return max(begins_s, passed_s + check.valid_for_s)
    after = np.flatnonzero(opening[:, 1] > begins_s)
    if not len(after):
        return horizon_s
    opens_s, closes_s = opening[after[0]].tolist()
    return float(min(closes_s, begins_s + DAY_S) if opens_s <= begins_s else closes_s)


def _end_of_day(moment_s: float, midnight: float) -> float:
    return midnight + (floor((moment_s - midnight) / DAY_S) + 1.0) * DAY_S


def _booked(run: Run) -> Iterator[Item]:
    """Training and audits: in time on their day."""
    known = run.facts.compliance.checks
    for work in _work(run):
        if work.plan not in known and work.task in BOOKED:
            whose, item = work.person, work.plan
            if work.plan.startswith(f"{PEOPLE}/"):
                _, whose, item = work.plan.split("/", maxsplit=2)
            due_s = _end_of_day(work.begins_s, midnight_s(run))
            yield Item(work.task, item, whose, work.begins_s, due_s, work.done_s)


def _expiries(run: Run) -> Iterator[Item]:
    """What ends, and is renewed by a course of its own plan."""
    renewals: dict[str, list[float]] = {}
    for work in _work(run):
        if not isnan(work.done_s):
            renewals.setdefault(work.plan, []).append(work.done_s)
    for known in run.facts.compliance.expiries:
        yield from _periods(known, renewals.get(known.plan, []))


def _periods(known: ExpiryFacts, renewed_s: list[float]) -> Iterator[Item]:
    """One item for each time that it ends; a renewal counts from its day."""
    due_s = known.expiry_s
    for done_s in renewed_s:
        yield Item(known.kind, known.item, known.thing, nan, due_s, done_s)
        due_s = done_s + known.valid_for_s
    yield Item(known.kind, known.item, known.thing, nan, due_s)


# figures --------------------------------------------------------------------------------------------------------------


def compliance_overdue(run: Run) -> dict[str | None, float | None]:
    """Items that were not done in time, by kind."""
    late = compliance(run)
    late = late[~late["in_time"]]
    counts = late["kind"].value_counts()
    return {None: float(len(late)), **{kind: float(counts.get(kind, 0)) for kind in KINDS}}


def compliance_in_time_pct(run: Run) -> float | None:
    """Share of the items that had to be done within the run."""
    table = compliance(run)
    asked = table[(table["state"] == "done") | (table["state"] == "overdue")]
    return 100.0 * float(asked["in_time"].mean()) if len(asked) else None


KPIS: tuple[Kpi, ...] = (
    Kpi(
        "compliance_overdue",
        "Items of the compliance calendar that were done late or not at all although their time was over: checks, "
        "calibrations, certificates, licences, authorisations, audits, training (without: all).",
        "1",
        "lower",
        compliance_overdue,
        "kind",
    ),
    Kpi(
        "compliance_in_time_pct",
        "Share of the items of the compliance calendar that had to be done within the run and were done in time.",
        "%",
        "higher",
        compliance_in_time_pct,
    ),
)
