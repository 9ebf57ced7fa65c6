"""Steps: what was asked for, begun and ended, by whom and for which visits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from twin.results.intervals import Spans
from twin.results.run import Array, PlanFacts, Run, StepFacts, codes_of, once

ATTENDANCE = "attendance"
PLAYED = ("request", "start", "end", "abort")
KEY = ("session", "visit", "step")


@once
def tasks(run: Run) -> pd.DataFrame:
    """One row for each step that was asked for, in that order.

    Returns
    -------
    DataFrame
        session, visit (null: shared), study, protocol (the plan), step, task, scanner, bed, room, effect, request_s,
        start_s, end_s, wait_s (null while it waits), wait_cause, aborted, abort_reason, open (no end yet), and the rows
        of ``events`` in which it first occurs (event), starts (start_event, -1: not started) and ends (end_event).
    """
    rows, step = _played(run)
    count = int(step[-1]) + 1 if len(step) else 0
    phase = run.column("phase")[rows]
    row_of = {name: _row_of(run, phase, rows, step, count, name) for name in PLAYED}
    first = np.where(row_of["request"] >= 0, row_of["request"], row_of["start"])
    order = np.argsort(first, kind="stable")
    return _task_table(run, first[order], {name: own[order] for name, own in row_of.items()})


def _played(run: Run) -> tuple[Array, Array]:
    """Rows of ``events`` that belong to steps, and the number of the step of each.

    A step begins with a request, or with a start that no request stands before. A start without a reason was not waited
    for: what stands before it is the request of a session that was given up, and that was withdrawn.
    """
    played = np.isin(run.column("phase"), [run.code(name) for name in PLAYED])
    chosen = played & (run.column("step") != run.code(ATTENDANCE))
    rows = np.flatnonzero(chosen)
    key = np.zeros(len(rows), dtype=np.int64)
    for name in KEY:
        key = key * (len(run.names) + 1) + run.column(name)[rows] + 1
    order = np.argsort(key, kind="stable")
    rows, key = rows[order], key[order]
    phase = run.column("phase")[rows]
    before = np.append(-1, np.where(key[1:] == key[:-1], phase[:-1], -1))[: len(rows)]
    asked, started = phase == run.code("request"), phase == run.code("start")
    at_once = started & ((before != run.code("request")) | (run.column("reason")[rows] == -1))
    begins = asked | at_once | (before == -1)
    return rows, np.cumsum(begins) - 1


def _row_of(run: Run, phase: Array, rows: Array, step: Array, count: int, name: str) -> Array:
    """For each step its row of a phase; -1 without."""
    result = np.full(count, -1)
    here = phase == run.code(name)
    result[step[here]] = rows[here]
    return result


def _task_table(run: Run, first: Array, row_of: dict[str, Array]) -> pd.DataFrame:
    request, start = row_of["request"], row_of["start"]
    last = np.where(row_of["abort"] >= 0, row_of["abort"], row_of["end"])
    requested, started, ended = (_times(run, rows) for rows in (request, start, last))
    sources = {"protocol": "parent_step"} | {name: name for name in ("session", "visit", "study", "step", "task")}
    names = {column: run.column(source)[first] for column, source in sources.items()}
    names |= {role: _at(thing_of(run, role), start) for role in ("scanner", "bed", "room")}
    reason = run.column("reason")
    names["wait_cause"] = np.where(request >= 0, _at(reason, np.where(start >= 0, start, request)), -1)
    names["abort_reason"] = _at(reason, row_of["abort"])
    columns: dict[str, Any] = {name: run.named(codes) for name, codes in names.items()}
    columns |= {"effect": _effects(run, first), "request_s": requested, "start_s": started, "end_s": ended}
    columns["wait_s"] = np.where(request >= 0, np.where(start >= 0, started, ended) - requested, 0.0)
    columns |= {
        "aborted": row_of["abort"] >= 0,
        "open": last < 0,
        "event": first,
        "start_event": start,
        "end_event": last,
    }
    return pd.DataFrame(columns, copy=False)


def _times(run: Run, rows: Array) -> Array:
    times = run.events["time_s"].to_numpy()
    return np.where(rows >= 0, times[rows], np.nan) if len(times) else np.full(len(rows), np.nan)


def _at(column: Array, rows: Array) -> Array:
    """Codes at rows; null where the row is -1."""
    return np.where(rows >= 0, np.append(column, -1)[rows], -1)


def _effects(run: Run, rows: Array) -> pd.Categorical:
    """The effect of each step, as the plans' facts say."""
    facts = [step_facts(run, *names) for names in _pairs(run)]
    words = sorted({fact.effect for fact in facts if fact.effect})
    code = np.array([words.index(fact.effect) if fact.effect else -1 for fact in facts] + [-1])
    return pd.Categorical.from_codes(code[_pair_of(run)[rows]], categories=pd.Index(words, dtype="str"))


@once
def _pair_of(run: Run) -> Array:
    """For each event the number of its (plan, step) in `_pairs`."""
    return _coded_pairs(run)[1]


@once
def _pairs(run: Run) -> list[tuple[str | None, str | None]]:
    """Every (plan, step) that occurs in the log."""
    size = len(run.names) + 1
    codes = _coded_pairs(run)[0]
    names = [*run.names, None]
    return [(names[pair // size - 1], names[pair % size - 1]) for pair in codes.tolist()]


@once
def _coded_pairs(run: Run) -> tuple[Array, Array]:
    size = len(run.names) + 1
    key = (run.column("parent_step").astype(np.int64) + 1) * size + run.column("step") + 1
    codes, inverse = np.unique(key, return_inverse=True)
    return codes, inverse.astype(np.int32)


def step_facts(run: Run, plan: str | None, step: str | None) -> StepFacts:
    """What is known of a step; nothing special if its plan is not in the facts."""
    known = run.facts.plans.get(plan or "", PlanFacts({}))
    return known.steps.get(step or "", StepFacts())


def moves(run: Run) -> Array:
    """For each task whether its animals move into its room."""
    known = np.array([step_facts(run, *pair).place for pair in _pairs(run)], dtype=bool)
    return _of_pair(run, known)


def sees_tracer(run: Run) -> Array:
    """For each task whether, if it is a scan, it sees what a tracer sends out."""
    known = np.array([step_facts(run, *pair).emission for pair in _pairs(run)], dtype=bool)
    return _of_pair(run, known)


def ends_hold(run: Run, thing: str) -> Array:
    """For each task whether its plan keeps a ``scanner`` or ``bed`` to the end of this step."""
    ends = {plan: _hold_ends(facts, thing) for plan, facts in run.facts.plans.items()}
    known = np.array([step in ends.get(plan or "", ()) for plan, step in _pairs(run)], dtype=bool)
    return _of_pair(run, known)


def _hold_ends(plan: PlanFacts, thing: str) -> set[str]:
    """Steps of a plan to whose end something is kept."""
    return {step for facts in plan.steps.values() for kept, step in facts.holds if kept == thing}


def _of_pair(run: Run, known: Array) -> Array:
    """What is known of each pair, for each task."""
    values: Array = known[_pair_of(run)[tasks(run)["event"].to_numpy()]]
    return values


def thing_of(run: Run, role: str) -> Array:
    """For each event the code of the first thing in a role; -1 without."""
    key = ("thing_of", role)
    if key not in run.memo:
        rows = role_rows(run, role)[::-1]
        result = np.full(len(run.events), -1, dtype=np.int32)
        result[run.things["event"].to_numpy()[rows]] = codes_of(run.things, "thing")[rows]
        run.memo[key] = result
    found: Array = run.memo[key]
    return found


def value_of(run: Run, role: str, column: str) -> Array:
    """For each event a quantity of the first thing in a role; NaN without."""
    rows = role_rows(run, role)[::-1]
    result = np.full(len(run.events), np.nan)
    result[run.things["event"].to_numpy()[rows]] = run.quantity(column)[rows]
    return result


def role_rows(run: Run, role: str) -> Array:
    """Rows of ``involved`` with a role."""
    return _roles(run).get(run.code(role), _NONE)


@once
def _roles(run: Run) -> dict[int, Array]:
    """By the code of each role its rows of ``involved``."""
    return places_of(codes_of(run.things, "role"))


def happenings(run: Run, *words: str) -> Array:
    """Rows of ``events`` in which one of these happened, in order."""
    found = _happened(run)
    if len(words) == 1:
        return found.get(run.code(words[0]), _NONE)
    rows: Array = np.sort(np.concatenate([found.get(run.code(word), _NONE) for word in words]))
    return rows


_NONE = np.empty(0, dtype=np.int64)


@once
def _happened(run: Run) -> dict[int, Array]:
    """By the code of each happening its rows of ``events``."""
    rows = np.flatnonzero(run.column("phase") == run.code("happening"))
    return {word: rows[places] for word, places in places_of(run.column("step")[rows]).items()}


def places_of(codes: Array) -> dict[int, Array]:
    """For each code the places at which it stands, in order."""
    if not len(codes):
        return {}
    order = np.argsort(codes, kind="stable")
    found, first = np.unique(codes[order], return_index=True)
    return dict(zip(found.tolist(), np.split(order, first[1:]), strict=True))


def taking_part(run: Run, role: str) -> tuple[Array, Array]:
    """Who took part in which step from its start: positions in `tasks`, codes of things."""
    key = ("taking_part", role)
    if key not in run.memo:
        run.memo[key] = _taking_part(run, role)
    found: tuple[Array, Array] = run.memo[key]
    return found


def _taking_part(run: Run, role: str) -> tuple[Array, Array]:
    table = tasks(run)
    rows = role_rows(run, role)
    task_of = np.full(len(run.events) + 1, -1)
    task_of[table["start_event"].to_numpy()] = np.arange(len(table))
    task_of[-1] = -1
    task = task_of[run.things["event"].to_numpy()[rows]]
    thing = codes_of(run.things, "thing")[rows]
    return task[task >= 0], thing[task >= 0]


def spans_of(run: Run, key: Array, task: Array) -> Spans:
    """From start to end of steps, each with a key; what is open lasts until the run stopped."""
    table = tasks(run)
    end = np.where(table["open"], run.facts.horizon_s, table["end_s"])
    return Spans(key, table["start_s"].to_numpy()[task], end[task])


@once
def attendance(run: Run) -> pd.DataFrame:
    """One row for each time that somebody attended a session: session, person, start_s, end_s."""
    rows = np.flatnonzero(run.column("step") == run.code(ATTENDANCE))
    size = len(run.names) + 1
    session, person = run.column("session")[rows], thing_of(run, "attendant")[rows]
    key = (session.astype(np.int64) + 1) * size + person + 1
    order = np.argsort(key, kind="stable")
    rows, key = rows[order], key[order]
    starts = run.column("phase")[rows] == run.code("start")
    paired = np.append((key[1:] == key[:-1]) & starts[:-1] & ~starts[1:], False)[: len(rows)]
    times = run.events["time_s"].to_numpy()[rows]
    end = np.where(paired, np.append(times[1:], 0.0)[: len(rows)], run.facts.horizon_s)
    columns = {"session": run.named(session[order][starts]), "person": run.named(person[order][starts])}
    return pd.DataFrame(columns | {"start_s": times[starts], "end_s": end[starts]})
