"""People, scanners, beds and rooms: what they did with their time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from twin.results.intervals import Spans, between, everywhere, first_of, last_of, per_thing, sweep, together, total
from twin.results.run import Array, Run, codes_of, once
from twin.results.tasks import attendance, ends_hold, happenings, moves, spans_of, taking_part, tasks, thing_of
from twin.results.visits import finished, visit_steps, visits
from twin.vocabulary import SCANS

#: States of a scanner within opening hours; at any moment it is in the first that fits.
STATES = (
    "down",
    "imaging",
    "quality_control",
    "set_up",
    "waiting_person",
    "waiting_tracer",
    "waiting_place",
    "waiting_animal",
    "idle",
)
IN_USE = ("imaging", "quality_control", "set_up")


def opening_s(run: Run) -> float:
    """Opening time within the run [s]."""
    return float(sum(end - start for start, end in run.facts.opening))


@once
def people(run: Run) -> pd.DataFrame:
    """One row for each person.

    Returns
    -------
    DataFrame
        person, group, role, shift_s, break_s (taken within the shift), busy_s (in a step or attending),
        busy_in_shift_s (breaks left out), hands_on_s (in a step), overtime_s (busy outside the shift),
        utilisation_pct (of the shift less breaks).
    """
    facts = run.facts.people
    pieces = people_pieces(run)
    shift, pause, step, attends = (pieces[layer].to_numpy() > 0 for layer in ("shift", "break", "step", "attends"))
    busy = step | attends
    on = {"shift_s": shift, "break_s": shift & pause, "busy_s": busy, "busy_in_shift_s": busy & shift & ~pause}
    on |= {"hands_on_s": step, "overtime_s": busy & ~shift}
    times = {name: total(pieces, len(facts), keep) for name, keep in on.items()}
    if not run.facts.overtime_counted:
        times["overtime_s"] = np.zeros(len(facts))
    names = {
        "person": list(facts),
        "group": [p.group for p in facts.values()],
        "role": [p.role for p in facts.values()],
    }
    share = share_pct(times["busy_in_shift_s"], times["shift_s"] - times["break_s"])
    return pd.DataFrame(names | times | {"utilisation_pct": share})


@once
def people_pieces(run: Run) -> pd.DataFrame:
    """Time of the people (numbered as in the facts), cut by shift, break, step and attendance."""
    facts = run.facts.people
    number = run.positions(list(facts))
    task, person = taking_part(run, "person")
    known = number[person] >= 0
    watch = attendance(run)
    watcher = number[codes_of(watch, "person")]
    attends = Spans(watcher, watch["start_s"].to_numpy(), watch["end_s"].to_numpy())
    layers = {
        "shift": per_thing([p.shifts for p in facts.values()]),
        "break": breaks(run),
        "step": spans_of(run, number[person][known], task[known]),
        "attends": attends.where(watcher >= 0),
    }
    return sweep(layers)


def breaks(run: Run) -> Spans:
    """The breaks that people (numbered as in the facts) took."""
    number = run.positions(list(run.facts.people))
    rows = happenings(run, "break_start", "break_end")
    who = number[thing_of(run, "person")[rows]]
    return _state(run, who, rows, "break_start")


def _state(run: Run, key: Array, rows: Array, begins: str) -> Spans:
    """From rows that begin to rows that end it."""
    known = key >= 0
    times = run.events["time_s"].to_numpy()[rows]
    return between(key[known], times[known], (run.column("step")[rows] == run.code(begins))[known], run.facts.horizon_s)


def share_pct(part: Array, whole: Array) -> Array:
    """Percent, at most 100 (sums may differ in the last bit); NaN of nothing."""
    share: Array = np.minimum(100.0 * part / np.where(whole > 0, whole, np.nan), 100.0)
    return share


@once
def scanners(run: Run) -> pd.DataFrame:
    """One row for each scanner.

    Returns
    -------
    DataFrame
        scanner, group, opening_s and its parts down_s (failed, repaired or maintained), imaging_s, quality_control_s,
        set_up_s (positioning, docking, cleaning of its beds ...), waiting_person_s, waiting_tracer_s, waiting_place_s,
        waiting_animal_s (a session has it or its slot has come, and it stands still for want of ...) and idle_s; used_s
        (imaging, quality control and set-up at any hour); utilisation_pct (the same within opening hours, of opening).
    """
    facts = run.facts.scanners
    pieces = scanner_pieces(run)
    state, opened = pieces["state"].to_numpy(), pieces["open"].to_numpy() > 0
    times = {f"{name}_s": total(pieces, len(facts), opened & (state == i)) for i, name in enumerate(STATES)}
    used = np.isin(state, [STATES.index(name) for name in IN_USE])
    names = {"scanner": list(facts), "group": [s.group for s in facts.values()]}
    sums = {"opening_s": total(pieces, len(facts), opened)} | times | {"used_s": total(pieces, len(facts), used)}
    busy = np.stack([sums[f"{name}_s"] for name in IN_USE]).sum(axis=0)
    return pd.DataFrame(names | sums | {"utilisation_pct": share_pct(busy, sums["opening_s"])})


@once
def scanner_pieces(run: Run) -> pd.DataFrame:
    """Time of the scanners (numbered as in the facts), cut by opening and `STATES`; ``state`` is a position in them."""
    pieces = sweep(_scanner_layers(run))
    active = [pieces[state].to_numpy() > 0 for state in STATES[:-1]]
    return pieces.assign(state=np.select(active, list(range(len(active))), default=len(active)))


def _scanner_layers(run: Run) -> dict[str, Spans]:
    table = tasks(run)
    number = np.where(task_scanner(run) >= 0, task_scanner(run), _kept_for(run))
    on = (number >= 0) & table["start_s"].notna().to_numpy()
    task = table["task"]
    repair, control = (task == "repair").to_numpy(), (task == "quality_control").to_numpy()
    scan = (task == "scan").to_numpy() | run.which(table, "effect", *SCANS)
    kinds = {"imaging": scan & ~repair, "quality_control": control & ~repair & ~scan}
    kinds["set_up"] = ~(scan | control | repair)
    layers = {"open": everywhere(len(run.facts.scanners), run.facts.opening)}
    layers |= {name: spans_of(run, number[on & which], np.flatnonzero(on & which)) for name, which in kinds.items()}
    away = spans_of(run, number[on & repair], np.flatnonzero(on & repair))
    return layers | {"down": together(away, broken(run))} | _waiting_layers(run)


@once
def task_scanner(run: Run) -> Array:
    """For each task the number of the scanner that it occupies, itself or by one of its beds; -1: none."""
    facts = run.facts.scanners
    table = tasks(run)
    number = run.positions(list(facts))[codes_of(table, "scanner")]
    beds = [bed for scanner in facts.values() for bed in scanner.beds]
    owner = np.array([i for i, scanner in enumerate(facts.values()) for _ in scanner.beds] + [-1])
    of_bed = owner[run.positions(beds)[codes_of(table, "bed")]]
    of_plan = _scanner_of_plan(run)[codes_of(table, "protocol")]
    return np.where(number >= 0, number, np.where(of_bed >= 0, of_bed, of_plan))


def _kept_for(run: Run) -> Array:
    """For each task to whose end a scanner or bed is kept, the number of that scanner; -1 otherwise."""
    scanner = _session_scanner(run)[codes_of(tasks(run), "session")]
    return np.where(ends_hold(run, "scanner") | ends_hold(run, "bed"), scanner, -1)


@once
def _session_scanner(run: Run) -> Array:
    """For each code of a session (and last for none) the number of the first scanner that it occupied, or -1."""
    number, session, start = task_scanner(run), codes_of(tasks(run), "session"), tasks(run)["start_s"].to_numpy()
    result = np.full(len(run.names) + 1, -1)
    started = np.flatnonzero((number >= 0) & (session >= 0) & ~np.isnan(start))
    started = started[np.argsort(start[started], kind="stable")][::-1]
    result[session[started]] = number[started]
    return result


@once
def _second_scanner(run: Run) -> Array:
    """The same for the scanner to which its bed was moved."""
    number, session = task_scanner(run), codes_of(tasks(run), "session")
    result = np.full(len(run.names) + 1, -1)
    moved = (number >= 0) & (session >= 0) & tasks(run)["start_s"].notna().to_numpy()
    moved &= number != _session_scanner(run)[session]
    result[session[moved]] = number[moved]
    return result


@once
def _scanner_of_plan(run: Run) -> Array:
    """For each code the number of the scanner whose upkeep the plan of that name is (``pet/repair``), or -1."""
    result = np.full(len(run.names) + 1, -1)
    for i, scanner in enumerate(run.facts.scanners):
        upkeep = run.names.str.startswith(f"{scanner}/")
        result[:-1][np.asarray(upkeep)] = i
    return result


def broken(run: Run) -> Spans:
    """From a breakdown of a scanner (numbered as in the facts) to the end of the repair."""
    facts, table = run.facts.scanners, tasks(run)
    rows = happenings(run, "breakdown")
    failed = run.positions(list(facts))[thing_of(run, "scanner")[rows]]
    works = run.which(table, "effect", "repair") & finished(run)
    key = np.append(failed, task_scanner(run)[works])
    time = np.append(run.events["time_s"].to_numpy()[rows], table["end_s"].to_numpy()[works])
    begins = np.arange(len(key)) < len(rows)
    return between(key[key >= 0], time[key >= 0], begins[key >= 0], run.facts.horizon_s)


def _waiting_layers(run: Run) -> dict[str, Spans]:
    """When a session had the scanner, or its slot had come, and what its steps were waiting for."""
    parts = [_waits_of(run, reserved) for reserved in (reservations(run), _second_reservations(run))]
    return {name: together(*(part[name] for part in parts)) for name in parts[0]}


def _waits_of(run: Run, reserved: pd.DataFrame) -> dict[str, Spans]:
    table = tasks(run)
    session = codes_of(table, "session")
    asked = table["request_s"].to_numpy()
    begun, ended = table["start_s"].to_numpy(), table["end_s"].to_numpy()
    got = np.where(np.isnan(begun), ended, begun)
    got = np.where(np.isnan(got), run.facts.horizon_s, got)
    first, last = reserved["start_s"].to_numpy()[session], reserved["end_s"].to_numpy()[session]
    pending = ~np.isnan(asked) & (session >= 0) & (reserved["scanner"].to_numpy()[session] >= 0)
    waits = Spans(reserved["scanner"].to_numpy()[session], asked, got).clip(first, last)
    result = {}
    for state, causes in {
        "person": ["person", "certificate", "supervisor"],
        "tracer": ["tracer"],
        "place": ["place", "licence"],
    }.items():
        result[f"waiting_{state}"] = waits.where(pending & run.which(table, "wait_cause", *causes))
    has = reserved["scanner"].to_numpy() >= 0
    spans = Spans(reserved["scanner"].to_numpy(), reserved["start_s"].to_numpy(), reserved["end_s"].to_numpy())
    return result | {"waiting_animal": spans.where(has)}


@once
def reservations(run: Run) -> pd.DataFrame:
    """For each code of a session (and last for none): scanner (number, -1: none), start_s and end_s of having it.

    From its slot, or its first step that needs the scanner or a bed (or the request of it), to the end of the last.
    """
    table, size = tasks(run), len(run.names) + 1
    scanner, session = _session_scanner(run), codes_of(table, "session")
    started = (task_scanner(run) >= 0) & table["start_s"].notna().to_numpy()
    needs = (session >= 0) & (started | (_kept_for(run) >= 0))
    moved = _second_scanner(run)[session] >= 0
    needs &= ~moved | (task_scanner(run) == scanner[session])  # the first machine is free when the bed has left it
    begin = np.fmin(table["request_s"].to_numpy(), table["start_s"].to_numpy())
    end = np.where(table["open"], run.facts.horizon_s, table["end_s"])
    start = first_of(session[needs], begin[needs], size)
    slot = first_of(codes_of(visits(run), "session"), visits(run)["booked_s"].to_numpy(), size)
    last = last_of(session[needs], end[needs], size)
    return pd.DataFrame({"scanner": scanner, "start_s": np.fmin(start, slot), "end_s": last})


@once
def _second_reservations(run: Run) -> pd.DataFrame:
    """The same of the scanner to which the bed of a session was moved: from asking for it to its last step there."""
    table, size = tasks(run), len(run.names) + 1
    scanner, session = _second_scanner(run), codes_of(table, "session")
    needs = (session >= 0) & (task_scanner(run) >= 0) & (task_scanner(run) == scanner[session])
    needs &= table["start_s"].notna().to_numpy()
    begin = table["start_s"].to_numpy()
    end = np.where(table["open"], run.facts.horizon_s, table["end_s"])
    first, last = first_of(session[needs], begin[needs], size), last_of(session[needs], end[needs], size)
    return pd.DataFrame({"scanner": scanner, "start_s": first, "end_s": last})


@once
def beds(run: Run) -> pd.DataFrame:
    """One row for each bed: bed, scanner, opening_s, occupied_s (within opening hours), utilisation_pct."""
    names = [(bed, scanner) for scanner, facts in run.facts.scanners.items() for bed in facts.beds]
    pieces = sweep(
        {"open": everywhere(len(names), run.facts.opening), "used": bed_spans(run, [bed for bed, _ in names])[1]}
    )
    opened, used = pieces["open"].to_numpy() > 0, pieces["used"].to_numpy() > 0
    opening, occupied = total(pieces, len(names), opened), total(pieces, len(names), opened & used)
    columns = {key: [pair[i] for pair in names] for i, key in enumerate(("bed", "scanner"))}
    times = {"opening_s": opening, "occupied_s": occupied, "utilisation_pct": share_pct(occupied, opening)}
    return pd.DataFrame(columns | times)


def bed_spans(run: Run, names: list[str]) -> tuple[Array, Spans]:
    """Which session (its code) had which bed: from its first step with it to the last one that holds it."""
    table, size = tasks(run), len(run.names) + 1
    number, session = run.positions(names)[codes_of(table, "bed")], codes_of(table, "session")
    has = (number >= 0) & (session >= 0)
    bed = np.full(size, -1)
    bed[session[has]] = number[has]
    until = ends_hold(run, "bed") & (bed[session] >= 0) & (session >= 0)
    needs = has | until
    end = np.where(table["open"], run.facts.horizon_s, table["end_s"])
    start = first_of(session[has], table["start_s"].to_numpy()[has], size)
    last = last_of(session[needs], end[needs], size)
    had = (bed >= 0) & (np.arange(size) < size - 1)
    return np.flatnonzero(had), Spans(bed, start, last).where(had)


@once
def rooms(run: Run) -> pd.DataFrame:
    """One row for each room.

    Returns
    -------
    DataFrame
        room, kind, places, opening_s, animal_s (places times time that animals had, within opening hours), in_use_s (an
        animal is in it or a step goes on), most_animals (at any hour), utilisation_pct (of all places; of the room if
        its places are not counted).
    """
    facts = run.facts.rooms
    pieces = room_pieces(run)
    opened, here = pieces["open"].to_numpy() > 0, pieces["animals"].to_numpy()
    used = opened & ((here > 0) | (pieces["step"].to_numpy() > 0))
    places = np.array([np.nan if room.places is None else room.places for room in facts.values()])
    taken = np.fmin(here, places[pieces["key"].to_numpy()])
    most = last_of(pieces["key"].to_numpy(), here.astype(float), len(facts))
    names = {"room": list(facts), "kind": [room.kind for room in facts.values()], "places": places}
    times = {"opening_s": total(pieces, len(facts), opened), "animal_s": total(pieces, len(facts), opened, taken)}
    times |= {"in_use_s": total(pieces, len(facts), used), "most_animals": np.nan_to_num(most)}
    counted = ~np.isnan(places)
    part = np.where(counted, times["animal_s"], times["in_use_s"])
    share = share_pct(part, times["opening_s"] * np.where(counted, places, 1.0))
    return pd.DataFrame(names | times | {"utilisation_pct": share})


@once
def room_pieces(run: Run) -> pd.DataFrame:
    """Time of the rooms (numbered as in the facts), cut by opening, steps and animals in them."""
    table, facts = tasks(run), run.facts.rooms
    number = run.positions(list(facts))[codes_of(table, "room")]
    task = np.flatnonzero((number >= 0) & table["start_s"].notna().to_numpy())
    opening = everywhere(len(facts), run.facts.opening)
    return sweep({"open": opening, "step": spans_of(run, number[task], task), "animals": _presence(run, number)})


def _presence(run: Run, number: Array) -> Spans:
    """Where animals were, by the number of the room."""
    return stays(run, number)[1]


def stays(run: Run, number: Array) -> tuple[Array, Spans]:
    """Which visit's animal (its number) was in which room: from a step with a place to the next, home, or to its end.

    Parameters
    ----------
    number : array
        For each of `tasks` the number of its room, or -1.
    """
    task, visit = visit_steps(run)
    table = tasks(run)
    moved = moves(run)[task] & (number[task] >= 0)
    home = (run.which(table, "effect", "home") & finished(run))[task]
    ended = visits(run)["ended_s"].to_numpy()
    gone = np.flatnonzero(~np.isnan(ended))
    key = np.concatenate((visit[moved], visit[home], gone))
    start, end = table["start_s"].to_numpy(), table["end_s"].to_numpy()
    time = np.concatenate((start[task[moved]], end[task[home]], ended[gone]))
    first, last = table["start_event"].to_numpy(), table["end_event"].to_numpy()
    event = np.concatenate((first[task[moved]], last[task[home]], np.full(len(gone), np.iinfo(np.int64).max)))
    room = np.concatenate((number[task[moved]], np.full(int(home.sum()) + len(gone), -1)))
    order = np.lexsort((event, time, key))  # of steps of one instant, the later in the log is where it stays
    key, time, room = key[order], time[order], room[order]
    horizon = run.facts.horizon_s
    after = np.append(np.where(key[1:] == key[:-1], time[1:], horizon), horizon)[: len(key)]
    return key[room >= 0], Spans(room, time, after).where(room >= 0)
