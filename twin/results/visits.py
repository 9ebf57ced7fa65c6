"""Visits: one animal at one time point, from request to end. Sessions and animals follow from them."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from twin.results.intervals import Spans, between, covered, first_of, last_of
from twin.results.run import Array, Run, codes_of, once
from twin.results.tasks import happenings, spans_of, taking_part, tasks, thing_of, value_of
from twin.vocabulary import SCANS, UNUSABLE

ENDINGS = {
    "visit_completed": "completed",
    "visit_incomplete": "incomplete",
    "visit_cancelled": "cancelled",
    "animal_dead": "dead",
    "animal_killed": "killed",
}
CAUSES = (
    "person", "scanner", "bed", "place", "tracer", "licence", "calibrator", "supply", "waste", "hygiene", "certificate",
    "supervisor",
)  # fmt: skip
WITHIN = 0.10


@once
def visit_codes(run: Run) -> Array:
    """Codes of the visits, in the order of their requests."""
    return run.column("visit")[happenings(run, "visit_requested")]


@once
def number_of_visit(run: Run) -> Array:
    """For each code the number of that visit, or -1."""
    result = np.full(len(run.names) + 1, -1)
    result[visit_codes(run)] = np.arange(len(visit_codes(run)))
    return result


@once
def _enrolment(run: Run) -> tuple[Array, Array]:
    """Codes of animal and session (-1: none yet) of each visit."""
    animal = thing_of(run, "animal")[happenings(run, "visit_requested")]
    number = number_of_visit(run)[run.column("visit")]
    both = (number >= 0) & (run.column("session") >= 0)
    session = np.full(len(animal), -1)
    session[number[both]] = run.column("session")[both]
    return animal, session


def visit_by_animal(run: Run, session: Array, animal: Array) -> Array:
    """Number of the visit of an animal in a session, or -1."""
    own_animal, own_session = _enrolment(run)
    size = np.int64(len(run.names) + 1)
    known = (own_session + 1) * size + own_animal
    order = np.argsort(known, kind="stable")
    asked = (session.astype(np.int64) + 1) * size + animal
    place = np.searchsorted(known[order], asked)
    found = np.append(order, -1)[place]
    return np.where((found >= 0) & (session >= 0) & (np.append(known, -1)[found] == asked), found, -1)


@once
def visit_steps(run: Run) -> tuple[Array, Array]:
    """Which step was for which visit: positions in `tasks`, numbers of visits.

    A shared step is for each of its animals.
    """
    table = tasks(run)
    number = number_of_visit(run)[codes_of(table, "visit")]
    own = np.flatnonzero(number >= 0)
    task, animal = taking_part(run, "animal")
    shared = number[task] < 0
    task, animal = task[shared], animal[shared]
    visit = visit_by_animal(run, codes_of(table, "session")[task], animal)
    return np.append(own, task[visit >= 0]), np.append(number[own], visit[visit >= 0])


#: Tasks that are done when the animals have gone: nobody's animal waits for them.
AFTERWARDS = ("cleaning", "waste", "archiving_processing", "reconstruction", "analysis", "reading", "record_keeping")


def with_animal(run: Run) -> Array:
    """Which of `tasks` an animal waits for."""
    return ~run.which(tasks(run), "task", *AFTERWARDS)


@once
def injections(run: Run) -> pd.DataFrame:
    """One row for each injection in the log.

    Returns
    -------
    DataFrame
        visit (number), time_s, outcome, activity_bq, prescribed_bq, depot_bq, amount_mol (NaN: not modelled).
    """
    rows = happenings(run, "injected")
    columns: dict[str, Any] = {
        "visit": number_of_visit(run)[run.column("visit")[rows]],
        "time_s": run.events["time_s"].to_numpy()[rows],
    }
    columns["outcome"] = run.named(run.column("reason")[rows])
    names = ("activity_bq", "prescribed_bq", "depot_bq", "amount_mol")
    amounts = {name: value_of(run, "animal", name)[rows] for name in names}
    known = np.flatnonzero(columns["visit"] >= 0)
    if len(known) < len(rows):
        columns, amounts = ({name: own[known] for name, own in part.items()} for part in (columns, amounts))
    return pd.DataFrame(columns | amounts, index=known)


def _attempts(run: Run) -> dict[str, Any]:
    """Injection attempts of each visit, and whether the first one was good (null without a syringe)."""
    task, visit = visit_steps(run)
    table, things = tasks(run), len(visit_codes(run))
    tried = (run.which(table, "effect", "inject") & finished(run))[task]
    first = first_of(visit[tried], table["end_s"].to_numpy()[task[tried]], things)
    done = injections(run)
    injected = done["visit"].to_numpy()
    good = injected[run.which(done, "outcome", "good") & (done["time_s"].to_numpy() <= first[injected])]
    filled = number_of_visit(run)[run.column("visit")[happenings(run, "drawn")]]
    known = (np.bincount(filled, minlength=things) > 0) & ~np.isnan(first)
    first_pass = _where_known(np.bincount(good, minlength=things) > 0, known)
    return {"attempts": np.bincount(visit[tried], minlength=things), "first_pass": first_pass}


def _where_known(yes: Array, known: Array) -> Array:
    """True and False where it is known, else NaN."""
    found: Array = yes.astype(object)
    found[~known] = np.nan
    return found


@once
def finished(run: Run) -> Array:
    """Which of `tasks` have ended, and were not aborted."""
    done: Array = ~tasks(run)["open"].to_numpy() & ~tasks(run)["aborted"].to_numpy()
    return done


@once
def anaesthesia(run: Run) -> Spans:
    """When the animal of which visit (its number) was anaesthetised: until it woke, was killed, or its visit ended."""
    task, visit = visit_steps(run)
    table = tasks(run)
    begun = (run.which(table, "effect", "anaesthetise") & ~np.isnan(table["start_s"].to_numpy()))[task]
    woken = (run.which(table, "effect", "wake", "kill") & finished(run))[task]
    gone = happenings(run, *ENDINGS)
    key = np.concatenate((visit[begun], visit[woken], number_of_visit(run)[run.column("visit")[gone]]))
    start, end = table["start_s"].to_numpy()[task[begun]], table["end_s"].to_numpy()[task[woken]]
    time = np.concatenate((start, end, run.events["time_s"].to_numpy()[gone]))
    begins = np.arange(len(key)) < len(start)
    return between(key[key >= 0], time[key >= 0], begins[key >= 0], run.facts.horizon_s)


@once
def fasting(run: Run) -> Spans:
    """When the animal of which visit (its number) was without food; never fed lasts to the horizon."""
    rows = np.sort(happenings(run, "fasting_start", "fasting_end", "animal_dead", "animal_killed"))
    key = number_of_visit(run)[run.column("visit")[rows]]
    order = np.lexsort((rows, key))  # a fast may end in the instant in which it begins
    key, rows = key[order], rows[order]
    time = run.events["time_s"].to_numpy()[rows]
    ends = np.where(np.append(key[1:] == key[:-1], False), np.append(time[1:], 0.0), run.facts.horizon_s)
    begins = (run.column("step")[rows] == run.code("fasting_start")) & (key >= 0)
    return Spans(key[begins], time[begins], ends[begins])


@once
def visits(run: Run) -> pd.DataFrame:
    """One row for each visit, in the order of their requests.

    Returns
    -------
    DataFrame
        visit, animal, study, protocol, session, scanner; status (completed, incomplete, cancelled, dead, killed,
        in_progress or waiting), reason, request_reason (why it was booked again); requested_s, due_s, booked_s (the
        slot), started_s, scan_start_s, scan_end_s, ended_s; scanned, usable; attempts, first_pass, injected_s,
        injected_bq, prescribed_bq, within_10pct; uptake_s, uptake_target_s, uptake_error_s (actual less target);
        anaesthesia_s, fasting_s (longest stretch), fasted_s (food taken away to injection, without one to the scan);
        wait_s and wait_CAUSE_s over its steps with the animal.
    """
    columns: dict[str, Any] = {}
    for part in (_requests, _endings, _scans, _attempts, _doses, _waits):
        columns |= part(run)
    columns |= _uptake(run, columns)
    columns["fasted_s"] = _fasted(run, columns)
    started, status = ~np.isnan(columns["started_s"]), columns["status"]
    words = [*ENDINGS.values(), "in_progress", "waiting"]
    status = np.where(status >= 0, status, np.where(started, words.index("in_progress"), words.index("waiting")))
    columns["status"] = _in_words(status, words)
    done = np.isin(status, [words.index("completed"), words.index("killed")]) & columns["scanned"]
    spoiled = columns.pop("spoiled")
    return pd.DataFrame(columns | {"scanned": done, "usable": done & ~spoiled}, copy=False)


def _in_words(codes: Array, words: list[str]) -> pd.Categorical:
    """Codes as a categorical of the words that occur, sorted."""
    present = sorted(words[code] for code in np.unique(codes).tolist())
    rank = np.array([present.index(word) if word in present else -1 for word in words], dtype=np.int8)
    return pd.Categorical.from_codes(rank[codes], categories=pd.Index(present, dtype=object))


def _requests(run: Run) -> dict[str, Any]:
    rows = happenings(run, "visit_requested")
    animal, session = _enrolment(run)
    bookings = happenings(run, "visit_booked")
    number = number_of_visit(run)[run.column("visit")[bookings]]
    slot = np.full(len(rows), np.nan)
    slot[number] = value_of(run, "animal", "moment_s")[bookings]
    names = {name: run.named(run.column(name)[rows]) for name in ("visit", "study")}
    names |= {"animal": run.named(animal), "protocol": run.named(run.column("parent_step")[rows])}
    names |= {"session": run.named(session), "scanner": run.named(_scanner(run, bookings, number))}
    names["request_reason"] = run.named(run.column("reason")[rows])
    due = value_of(run, "animal", "moment_s")[rows]
    return names | {"requested_s": run.events["time_s"].to_numpy()[rows], "due_s": due, "booked_s": slot}


def _scanner(run: Run, bookings: Array, number: Array) -> Array:
    """Code of the scanner of each visit: the one that was used last, else the one that was booked."""
    result = np.full(len(visit_codes(run)), -1)
    result[number] = thing_of(run, "scanner")[bookings]
    task, visit = visit_steps(run)
    used = codes_of(tasks(run), "scanner")[task]
    result[visit[used >= 0]] = used[used >= 0]
    return result


def _endings(run: Run) -> dict[str, Any]:
    rows = happenings(run, *ENDINGS)
    number = number_of_visit(run)[run.column("visit")[rows]]
    rows, number = rows[number >= 0], number[number >= 0]
    last = np.full(len(visit_codes(run)), -1)
    last[number] = rows
    ended = last >= 0
    ending = np.full(len(run.names) + 1, -1)
    for number_of_ending, word in enumerate(ENDINGS):
        if (code := run.code(word)) >= 0:
            ending[code] = number_of_ending
    status = np.where(ended, ending[run.column("step")[last]], -1) if len(run.events) else last
    reason = run.named(np.where(ended, run.column("reason")[last], -1)) if len(run.events) else run.named(last)
    time = run.events["time_s"].to_numpy()[last] if len(run.events) else last
    spoiled = np.zeros(len(last), dtype=bool)
    spoiled[number_of_visit(run)[run.column("visit")[happenings(run, "scan_unusable")]]] = True
    spoiled |= np.isin(reason.codes, [run.code(word) for word in UNUSABLE])
    return {"status": status, "reason": reason, "ended_s": np.where(ended, time, np.nan), "spoiled": spoiled}


def _scans(run: Run) -> dict[str, Any]:
    task, visit = visit_steps(run)
    table, things = tasks(run), len(visit_codes(run))
    start, end = table["start_s"].to_numpy()[task], table["end_s"].to_numpy()[task]
    scan = run.which(table, "effect", *SCANS)[task] & ~np.isnan(start)
    ended = scan & finished(run)[task]
    scan_end = last_of(visit[ended], end[ended], things)
    last = last_of(visit[scan], start[scan], things)
    return {
        "started_s": first_of(visit, start, things),
        "scan_start_s": first_of(visit[scan], start[scan], things),
        "scan_end_s": scan_end,
        "scanned": scan_end >= last,
    }


def _doses(run: Run) -> dict[str, Any]:
    """What was injected, and how long the animal slept and fasted."""
    table, things = injections(run), len(visit_codes(run))
    given = ~run.which(table, "outcome", "not_injected")
    visit, time = table["visit"].to_numpy()[given], table["time_s"].to_numpy()[given]
    injected, prescribed = (
        _sums(visit, table[name].to_numpy()[given], things) for name in ("activity_bq", "prescribed_bq")
    )
    deviation = np.abs(injected / prescribed - 1.0)
    slept, hungry = anaesthesia(run), fasting(run)
    return {
        "injected_s": last_of(visit, time, things),
        "injected_bq": injected,
        "prescribed_bq": prescribed,
        "within_10pct": _where_known(deviation <= WITHIN, ~np.isnan(deviation)),
        "anaesthesia_s": _or_nothing(covered(slept, things), slept.key),
        "fasting_s": last_of(hungry.key, hungry.end_s - hungry.start_s, things),
    }


def _sums(key: Array, value: Array, things: int) -> Array:
    return _or_nothing(np.bincount(key, weights=value, minlength=things), key)


def _or_nothing(value: Array, key: Array) -> Array:
    """NaN for things that have no key."""
    return np.where(np.bincount(key, minlength=len(value)) > 0, value, np.nan)


def _waits(run: Run) -> dict[str, Any]:
    """Time that its steps waited for each cause; the ended waits only."""
    task, visit = visit_steps(run)
    table, things = tasks(run), len(visit_codes(run))
    wait = np.where(with_animal(run), np.nan_to_num(table["wait_s"].to_numpy()), 0.0)[task]
    cause = codes_of(table, "wait_cause")[task]
    summed = partial(np.bincount, minlength=things)
    waits = {f"wait_{name}_s": summed(visit, weights=np.where(cause == run.code(name), wait, 0.0)) for name in CAUSES}
    return {"wait_s": summed(visit, weights=wait)} | waits


def _uptake(run: Run, columns: dict[str, Any]) -> dict[str, Any]:
    """From injection to the start of the step that the protocol's uptake leads to."""
    task, visit = visit_steps(run)
    played, plans, things = tasks(run), run.facts.plans, len(visit_codes(run))
    aim = np.full(len(run.names) + 1, -2)  # of no step
    target = np.full(len(run.names) + 1, np.nan)
    for name, plan in plans.items():
        if (code := run.code(name)) >= 0:
            aim[code] = run.code(plan.uptake_step) if plan.uptake_step else -2
            target[code] = np.nan if plan.uptake_s is None else plan.uptake_s
    leads = (aim[codes_of(played, "protocol")] == codes_of(played, "step"))[task]
    start = first_of(visit[leads], played["start_s"].to_numpy()[task[leads]], things)
    uptake = np.where(np.isnan(start), columns["scan_start_s"], start) - columns["injected_s"]
    uptake = np.where(uptake >= 0, uptake, np.nan)
    aimed = target[columns["protocol"].codes]
    return {"uptake_s": uptake, "uptake_target_s": aimed, "uptake_error_s": uptake - aimed}


def _fasted(run: Run, columns: dict[str, Any]) -> Array:
    """From when food was taken away for the last time to the injection; without one, to the scan."""
    hungry = fasting(run)
    until = np.where(np.isnan(columns["injected_s"]), columns["scan_start_s"], columns["injected_s"])
    before = hungry.start_s <= until[hungry.key]
    taken = last_of(hungry.key[before], hungry.start_s[before], len(until))
    since: Array = until - taken
    return since


def session_spans(run: Run, task: Array) -> Spans:
    """Steps with the code of their session as key."""
    return spans_of(run, codes_of(tasks(run), "session")[task], task)


@once
def animals(run: Run) -> pd.DataFrame:
    """One row for each animal: animal, study, visits, scans, injected_bq, longest_anaesthesia_s ..."""
    table = visits(run)
    by = table.groupby("animal", observed=True, sort=False)
    dead = table["status"].isin(["dead", "killed"])
    result = by.agg(
        study=("study", "first"),
        visits=("visit", "size"),
        scans=("scanned", "sum"),
        injected_bq=("injected_bq", "sum"),
        anaesthesia_s=("anaesthesia_s", "sum"),
        longest_anaesthesia_s=("anaesthesia_s", "max"),
    ).reset_index()
    gone = set(table.loc[dead, "animal"])
    return result.assign(alive=[name not in gone for name in result["animal"]])
