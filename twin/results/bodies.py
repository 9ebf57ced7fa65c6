"""The bodies of the animals: temperature of each visit, and uptake at its scan, from the log."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from twin.animals import body, handling, tracers, uptake
from twin.animals.temperature import Course
from twin.animals.uptake import Kinetics
from twin.results.intervals import Spans
from twin.results.run import AnimalFacts, Array, Run, codes_of, once
from twin.results.tasks import happenings, role_rows, tasks, thing_of, value_of
from twin.results.visits import anaesthesia, injections, number_of_visit, visit_by_animal, visit_steps, visits
from twin.sources import Numbers

#: Tissues that a scan may be for, in the order in which they are looked for.
TARGETS = ("tumour", "bone", "brain", "heart")
#: Rates at which blood is cleared that curves are made for; between them their logarithm is taken as a line.
NODES = 9
#: What a tissue holds at the least, so that its logarithm is finite [1/kg].
LEAST_PER_KG = 1e-12


@once
def masses_kg(run: Run) -> Array:
    """Body mass of each visit [kg]; NaN where the log does not say."""
    return value_of(run, "animal", "mass_kg")[happenings(run, "visit_requested")]


@once
def temperatures(run: Run) -> pd.DataFrame:
    """Where the log says how warm an animal is: visit (number), time_s, temperature_degc, room (code), asleep after."""
    rows = role_rows(run, "animal")
    degc = run.quantity("temperature_c")[rows]
    rows, degc = rows[~np.isnan(degc)], degc[~np.isnan(degc)]
    event = run.things["event"].to_numpy()[rows]
    phase, step = run.column("phase")[event], run.column("step")[event]
    awake = step == run.code("animal_awake")
    known = (phase == run.code("start")) | awake
    own = number_of_visit(run)[run.column("visit")[event]]
    shared = visit_by_animal(run, run.column("session")[event], codes_of(run.things, "thing")[rows])
    visit, time = np.where(own >= 0, own, shared), run.events["time_s"].to_numpy()[event]
    chosen = np.flatnonzero(known & (visit >= 0))
    chosen = chosen[np.lexsort((time[chosen], visit[chosen]))]
    columns = {"visit": visit, "time_s": time, "temperature_degc": degc, "room": thing_of(run, "room")[event]}
    return pd.DataFrame({name: own[chosen] for name, own in columns.items()} | {"asleep": ~awake[chosen]}, index=chosen)


@once
def warmth(run: Run) -> pd.DataFrame:
    """For each visit: lowest_degc, hypothermia_s, hyperthermia_s under anaesthesia; NaN without.

    Between two moments that the log knows the course is known, and turns at most once.
    """
    found, things = temperatures(run), len(visits(run))
    low, cold, hot = np.full(things, np.nan), np.zeros(things), np.zeros(things)
    visit, degc = found["visit"].to_numpy(), found["temperature_degc"].to_numpy()
    np.fmin.at(low, visit, degc)
    pair = np.flatnonzero((visit[1:] == visit[:-1]) & found["asleep"].to_numpy()[:-1])
    length = found["time_s"].to_numpy()[pair + 1] - found["time_s"].to_numpy()[pair]
    slept_s = _slept_s(found)[pair]
    course = Course(*_courses(run, visit[pair], found["room"].to_numpy()[pair], slept_s))
    np.fmin.at(low, visit[pair], course.at(degc[pair], course.turns_s(degc[pair], length)))
    below, above = _beyond(run, visit[pair], degc[pair], length, course)
    np.add.at(cold, visit[pair], below)
    np.add.at(hot, visit[pair], above)
    known = ~np.isnan(low)
    slept = np.where(known, cold, np.nan), np.where(known, hot, np.nan)
    return pd.DataFrame({"lowest_degc": low, "hypothermia_s": slept[0], "hyperthermia_s": slept[1]})


def _slept_s(found: pd.DataFrame) -> Array:
    """How long each animal of the table has slept by its row: since the first row of this sleep [s]."""
    visit, asleep, time = (found[name].to_numpy() for name in ("visit", "asleep", "time_s"))
    falls = asleep & np.concatenate([[True], ~asleep[:-1] | (visit[1:] != visit[:-1])])[: len(asleep)]
    begins = np.maximum.accumulate(np.where(falls, np.arange(len(time)), 0))
    since: Array = time - time[begins]
    return since


def _courses(run: Run, visit: Array, room: Array, slept_s: Array) -> tuple[Array, Array, Array, Array]:
    """Balance, rate, what core is above mean and how fast that goes, of animals that sleep in a room."""
    facts, names, mass = run.facts, [*run.names, None], masses_kg(run)
    study = visits(run)["study"].astype(object).to_numpy()
    found = []
    for number, code in zip(visit.tolist(), room.tolist(), strict=True):
        own, where = facts.animals[study[number]], facts.rooms.get(names[code] or "")
        heater = facts.warming_scanner if where and where.kind == "scanner" else facts.warming
        balance = own.warmth.asleep(mass[number], where.temperature_degc if where else 22.0, heater)
        found.append((*balance, *own.warmth.redistribution(mass[number])))
    balance_degc, rate, shell_k, mixing = np.array(found, dtype=float).reshape(-1, 4).T
    return balance_degc, rate, shell_k * np.exp(-mixing * slept_s), mixing


def _beyond(run: Run, visit: Array, start: Array, length_s: Array, course: Course) -> tuple[Array, Array]:
    """How long each stretch is below hypothermia, and how long above over-heating [s]."""
    study = visits(run)["study"].astype(object).to_numpy()
    below, above = np.zeros(len(visit)), np.zeros(len(visit))
    parts = [np.asarray(part) for part in (course.balance_degc, course.rate_per_s, course.shell_k, course.mixing_per_s)]
    for name, own in run.facts.animals.items():
        mine = study[visit] == name
        if mine.any():
            balance, rate, shell, mixing = (part[mine] for part in parts)
            colder = Course(balance, rate, shell, mixing)
            below[mine] = colder.below_s(start[mine], own.warmth.cold_degc, length_s[mine])
            mirrored = Course(-balance, rate, -shell, mixing)
            above[mine] = mirrored.below_s(-start[mine], -own.warmth.hot_degc, length_s[mine])
    return below, above


@once
def at_scan(run: Run) -> pd.DataFrame:
    """For each visit with a scan after an injection: what the tissue that it is for took up until then.

    Returns
    -------
    DataFrame
        visit (number), target, background (tissues), uptake_s, fasted_s, awake_part, depot_part (beside the vein),
        target_per_kg, background_per_kg (part of what was injected, corrected for decay), contrast. A tracer
        whose kinetics in their species are not known is left out.
    """
    parts = [part for key in _kinds(run) if (part := _of_kind(run, *key)) is not None]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=_COLUMNS)


_COLUMNS = [
    "visit", "target", "background", "uptake_s", "fasted_s", "awake_part", "depot_part",
    "target_per_kg", "background_per_kg", "contrast",
]  # fmt: skip


def _kinds(run: Run) -> list[tuple[str, str]]:
    """Studies with each of their protocols."""
    table, names = visits(run), [*run.names, None]
    codes = zip(codes_of(table, "study").tolist(), codes_of(table, "protocol").tolist(), strict=True)
    kinds = [(str(names[study]), str(names[protocol])) for study, protocol in dict.fromkeys(codes)]
    return [(study, protocol) for study, protocol in kinds if study in run.facts.animals]


def _of_kind(run: Run, study: str, protocol: str) -> pd.DataFrame | None:
    numbers, own, facts = run.numbers, run.facts.animals[study], run.facts.plans[protocol]
    tracer = facts.tracer
    if tracer is None or tracer not in tracers.names(numbers) or own.species not in uptake.known_in(numbers, tracer):
        return None
    made = _kinetics(numbers, own, tracer)
    target = facts.target or _target(numbers, tracer, made)
    table = visits(run)
    chosen = run.which(table, "study", study) & run.which(table, "protocol", protocol)
    rows = np.flatnonzero(chosen & table["scanned"].to_numpy() & ~np.isnan(table["uptake_s"].to_numpy()))
    if target is None or target not in made.tissues or facts.background not in made.tissues or not len(rows):
        return None
    return _rows(run, made, rows, (target, facts.background, protocol))


def _target(numbers: Numbers, tracer: str, made: _Made) -> str | None:
    """What a scan with a tracer is for where nobody says it: a tissue that the tracer is named for, else the first."""
    named = [tissue for tissue in TARGETS if tracers.tracer(numbers, tracer).target.startswith(tissue)]
    return next((tissue for tissue in (*named, *TARGETS) if tissue in made.specific), None)


class _Made:
    """The curves of a tracer in a kind of animal, for those whose blood is cleared by different rates."""

    def __init__(self, numbers: Numbers, kinetics: Kinetics, bare: float = 1.0) -> None:
        self.bare = bare
        self.numbers, self.kinetics, self.tissues = numbers, kinetics, kinetics.tissues
        self.specific = [name for name, tissue in kinetics.tissues.items() if tissue.answer.slow > 0.0]

    def at(self, tissue: str, time_s: Array, how: handling.Handling, depot: Array) -> Array:
        """Concentration at times with what handling makes of it [1/kg]; between rates of clearing by its logarithm."""
        factor = handling.factor(self.numbers, self.kinetics, tissue, how)
        faster = np.broadcast_to(handling.cleared_per_s(self.numbers, self.kinetics, how), np.shape(time_s))
        nodes = np.unique(faster)
        if nodes.size > NODES:
            nodes = np.linspace(nodes[0], nodes[-1], NODES)
        held = np.log([self._held(tissue, time_s, factor, depot, float(node)) for node in nodes])
        if nodes.size == 1:
            return np.asarray(np.exp(held[0]))
        high, each = np.clip(np.searchsorted(nodes, faster), 1, nodes.size - 1), np.arange(faster.size)
        part = (faster - nodes[high - 1]) / (nodes[high] - nodes[high - 1])
        return np.asarray(np.exp((1.0 - part) * held[high - 1, each] + part * held[high, each]))

    def _held(self, tissue: str, time_s: Array, factor: Array, depot: Array, faster_per_s: float) -> Array:
        """The same at one rate of clearing: of what reached the vein, and of what lies beside it."""
        made, found = self.kinetics.cleared(faster_per_s), self.tissues[tissue]
        vein, beside = (
            found.nonspecific(blood).at(time_s) + factor * found.specific(blood).at(time_s)
            for blood in (made.blood, made.extravasated(self.numbers, 1.0).blood)
        )
        return np.asarray(np.maximum((1.0 - depot) * vein + depot * beside, LEAST_PER_KG))


def _kinetics(numbers: Numbers, own: AnimalFacts, tracer: str) -> _Made:
    return _Made(numbers, uptake.kinetics(numbers, body.body(numbers, own.species), tracer), own.warmth.bare)


def _rows(run: Run, made: _Made, rows: Array, what: tuple[str, str, str]) -> pd.DataFrame:
    """The table of one study and protocol."""
    target, background, protocol = what
    table, plan = visits(run), run.facts.plans[protocol]
    waited = table["uptake_s"].to_numpy()[rows]
    fasted = np.nan_to_num(table["fasted_s"].to_numpy()[rows])
    awake = 1.0 - _asleep_s(run, rows, table["injected_s"].to_numpy()[rows], waited) / np.maximum(waited, 1.0)
    depot = depots(run)[rows]
    usual = made.kinetics.animal.mass_kg
    mass = np.where(np.isnan(masses_kg(run)[rows]), usual, masses_kg(run)[rows])
    lighter, gas = usual / mass, (plan.anaesthetic or "isoflurane", plan.inspired)
    amount, bare = amounts_mol(run)[rows] / mass, made.bare
    how = handling.Handling(fasted, awake, _air_degc(run)[rows], *gas, np.maximum(waited, 1.0), amount, bare)
    held = {tissue: lighter * made.at(tissue, waited, how, depot) for tissue in (target, background)}
    columns: dict[str, Any] = {"visit": rows, "target": target, "background": background, "uptake_s": waited}
    columns |= {"fasted_s": fasted, "awake_part": awake, "depot_part": depot}
    columns |= {"target_per_kg": held[target], "background_per_kg": held[background]}
    return pd.DataFrame(columns | {"contrast": held[target] / held[background]})


def _asleep_s(run: Run, rows: Array, injected_s: Array, uptake_s: Array) -> Array:
    """How long each of these visits' animals slept between injection and scan [s]."""
    slept = anaesthesia(run)
    until = np.full(len(visits(run)), np.nan)
    since = until.copy()
    since[rows] = injected_s
    until[rows] = since[rows] + uptake_s
    part = Spans(slept.key, np.fmax(slept.start_s, since[slept.key]), np.fmin(slept.end_s, until[slept.key]))
    length = np.maximum(np.nan_to_num(part.end_s - part.start_s), 0.0)
    length[np.isnan(since[slept.key])] = 0.0
    whole: Array = np.bincount(slept.key, weights=length, minlength=len(visits(run)))
    found: Array = whole[rows]
    return found


@once
def depots(run: Run) -> Array:
    """Share of each visit's injection that lies beside the vein."""
    done = injections(run)
    given = ~run.which(done, "outcome", "not_injected")
    share = done["depot_bq"].to_numpy()[given] / done["activity_bq"].to_numpy()[given]
    found = np.zeros(len(visits(run)))
    found[done["visit"].to_numpy()[given]] = np.nan_to_num(share)
    return found


@once
def amounts_mol(run: Run) -> Array:
    """Substance, labelled or not, of each visit's injections; 0 where no molar activity is known [mol]."""
    done = injections(run)
    return np.bincount(
        done["visit"].to_numpy(), weights=np.nan_to_num(done["amount_mol"].to_numpy()), minlength=len(visits(run))
    )


@once
def _air_degc(run: Run) -> Array:
    """Air of the room in which each visit's animal waits for its uptake [degC]; the usual one where none is known."""
    task, visit = visit_steps(run)
    table = tasks(run)
    waits = run.which(table, "task", "uptake")[task]
    names, room = [*run.names, None], codes_of(table, "room")[task[waits]]
    found = np.full(len(visits(run)), run.numbers.value("physiology.temperature.room"))
    degc = {code: run.facts.rooms[names[code]].temperature_degc for code in set(room.tolist()) if code >= 0}
    known = room >= 0
    found[visit[waits][known]] = [degc[code] for code in room[known].tolist()]
    return found
