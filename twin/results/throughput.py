"""KPIs of throughput: what was done, what was not, and how long it took to get there."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from twin.results.intervals import covered, last_of
from twin.results.run import Array, Run, codes_of, once
from twin.results.tasks import happenings, taking_part, tasks
from twin.results.visits import session_spans, visits
from twin.vocabulary import REASONS, SCANS, UNUSABLE

DAY_S = 86400.0
STUDY_TASKS = ("positioning", "acquisition_programming", "scan", "cleaning")
#: Reasons for which nothing is cancelled or booked again.
WAITING_REASONS = (
    "person",
    "scanner",
    "bed",
    "place",
    "tracer",
    "animal",
    "calibrator",
    "supply",
    "hygiene",
    "certificate",
    "supervisor",
    "shift_end",
)
#: Reasons for which a vial is never used.
OF_VIALS = ("not_delivered", "licence", "no_activity", "day_over", "generator", "synthesis", "release", "dose")
REPEATS = UNUSABLE
NOT_DONE = tuple(reason for reason in REASONS if reason not in (*WAITING_REASONS, "generator", "synthesis", "release"))


def mean(values: object) -> float | None:
    """The mean of what is known; None of nothing."""
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    return float(known.mean()) if known.size else None


def scans_completed(run: Run) -> float:
    """Visits that ended with a scan done."""
    return float(visits(run)["scanned"].sum())


def scans_usable(run: Run) -> float:
    """Those whose image can be used."""
    return float(visits(run)["usable"].sum())


def animals_imaged(run: Run) -> float:
    """Animals with a scan."""
    table = visits(run)
    return float(len(np.unique(codes_of(table, "animal")[table["scanned"].to_numpy()])))


@once
def opening_days(run: Run) -> int:
    """Days of the run on which the facility opens, or stays open."""
    return len(opening_dates(run))


def opening_dates(run: Run) -> Array:
    """Numbers of these days, from the day of time zero."""
    starts = [np.arange(start, end, DAY_S) for start, end in run.facts.opening if end > start]
    return np.unique(np.floor((np.concatenate(starts) - midnight_s(run)) / DAY_S)) if starts else np.empty(0)


def midnight_s(run: Run) -> float:
    """The midnight before time zero [s]; not above zero."""
    start = np.datetime64(run.facts.start, "ms")
    return -float((start - start.astype("datetime64[D]")) / np.timedelta64(1, "s"))


def animals_per_day(run: Run) -> float | None:
    """Animals imaged on an opening day, each once a day."""
    table = visits(run)
    done = table["scanned"].to_numpy()
    day = np.floor((table["scan_start_s"].to_numpy()[done] - midnight_s(run)) / DAY_S)
    imaged = len(set(zip(codes_of(table, "animal")[done].tolist(), day.tolist(), strict=True)))
    return imaged / opening_days(run) if opening_days(run) else None


def study_time_per_animal_min(run: Run) -> float | None:
    """Length of the union of a session's positioning, docking, scanning and cleaning, over its animals."""
    table = tasks(run)
    session = codes_of(table, "session")
    whole = np.zeros(len(run.names) + 1, dtype=bool)
    whole[codes_of(visits(run), "session")[visits(run)["scanned"].to_numpy()]] = True
    at_it = run.which(table, "task", *STUDY_TASKS)
    whole[session[table["open"].to_numpy() & at_it]] = False
    task = np.flatnonzero(at_it & ~np.isnan(table["start_s"].to_numpy()) & whole[session])
    time = covered(session_spans(run, task), len(run.names)).sum()
    scan = whole[session] & run.which(table, "effect", *SCANS)
    part, animal = taking_part(run, "animal")
    on_bed = len(set(zip(session[part[scan[part]]].tolist(), animal[scan[part]].tolist(), strict=True)))
    return float(time) / 60.0 / on_bed if on_bed else None


def lead_time_days(run: Run) -> float | None:
    """Mean time from request to the start of the scan."""
    table = visits(run)
    return mean((table["scan_start_s"].to_numpy() - table["requested_s"].to_numpy()) / DAY_S)


def backlog(run: Run) -> float:
    """Visits without an end."""
    return float(np.isnan(visits(run)["ended_s"].to_numpy()).sum())


def cancelled(run: Run) -> dict[str | None, float | None]:
    """Visits that ended before they began, by reason."""
    table = visits(run)
    codes = codes_of(table, "reason")[run.which(table, "status", "cancelled")]
    return _count([run.names[code] for code in codes.tolist() if code >= 0], NOT_DONE)


def rebooked(run: Run) -> dict[str | None, float | None]:
    """Visits that were requested again, but for repeats, by reason."""
    return _count(
        [reason for reason in _again(run) if reason not in REPEATS], [r for r in NOT_DONE if r not in REPEATS]
    )


def repeated(run: Run) -> dict[str | None, float | None]:
    """Visits that were requested again because a scan could not be used, by reason."""
    return _count([reason for reason in _again(run) if reason in REPEATS], REPEATS)


def _again(run: Run) -> list[str]:
    return [run.names[code] for code in codes_of(visits(run), "request_reason").tolist() if code >= 0]


def _count(seen: list[str], reasons: Iterable[str]) -> dict[str | None, float | None]:
    """How often each reason was seen; every reason that can occur has an entry, so that runs can be compared."""
    return {reason: float(seen.count(reason)) for reason in dict.fromkeys([*reasons, *sorted(seen)])}


def end_of_day(run: Run) -> float | None:
    """Mean clock time [h] at which the last step that needed a person ended; a night counts to the day it began."""
    task = np.unique(taking_part(run, "person")[0])
    start, end = (tasks(run)[name].to_numpy()[task] for name in ("start_s", "end_s"))
    start, end = start[~np.isnan(end)], end[~np.isnan(end)]
    midnight = midnight_s(run)
    day, number = np.unique(np.floor((start - midnight) / DAY_S), return_inverse=True)
    last = last_of(number, end - midnight - day[number] * DAY_S, len(day))
    return mean(last / 3600.0)


def vials_failed(run: Run) -> dict[str | None, float | None]:
    """Vials that were planned and could never be used, by reason."""
    rows = [happenings(run, word) for word in ("delivery_failed", "delivery_refused", "preparation_failed")]
    reason = run.column("reason")
    reasons = [run.names[code] for row in rows[1:] for code in reason[row].tolist() if code >= 0]
    tested = reason[happenings(run, "vial_wasted")] == run.code("release")
    return _count(["not_delivered"] * len(rows[0]) + reasons + ["release"] * int(tested.sum()), OF_VIALS)


def refused_deliveries(run: Run) -> float:
    """Deliveries that the source licence did not allow."""
    return float(len(happenings(run, "delivery_refused")))
