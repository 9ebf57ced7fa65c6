"""Generators past their limits: eluted when none is there, after their life, too often, too soon, or for too little."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

from twin import units
from twin.errors import Problem
from twin.scenario import barren
from twin.scenario.checking import Checked
from twin.scenario.dates import moments_s, seconds_after
from twin.scenario.hot_lab import radiopharmacy
from twin.scenario.hot_lab_model import Generator
from twin.scenario.reading import Path

ROOM: Path = ("hot_lab",)


def warnings(checked: Checked) -> Iterator[Problem]:
    """Elutions for which there is no generator, or one past its life, its number of elutions, or its rest."""
    for name, planned, failing in _preparations(checked):
        if failing:
            why = _why(checked, name, failing[0])
            message = (
                f"{len(failing)} of {planned} elutions make nothing, the first on {_day(checked, failing[0])}: {why}"
            )
            yield checked.resolved.problem((*ROOM, "preparations", name), message)
    yield from _kits(checked)
    for name, said in checked.scenario.hot_lab.generators.items():
        moments = _of_the_first(checked, name, said)
        yield from _too_often(checked, name, said, moments)
        yield from _too_soon(checked, name, said, moments)


def _kits(checked: Checked) -> Iterator[Problem]:
    """Kits for which no vial has enough, as of a generator that is old."""
    fertile = {vial.name for vial in barren.fertile(checked.resolved)}
    for name, made in radiopharmacy(checked.resolved).preparations.items():
        failing = [due_s for due_s, vial in made.vials if vial not in fertile]
        if made.drawn is not None and failing:
            tracer, activity_bq = made.drawn
            message = (
                f"{len(failing)} of {len(made.vials)} times nothing can be made, the first on "
                f"{_day(checked, failing[0])}: no vial then holds {units.fmt(activity_bq, 'Bq')} of {tracer}"
            )
            yield checked.resolved.problem((*ROOM, "preparations", name), message)


def _preparations(checked: Checked) -> Iterator[tuple[str, int, list[float]]]:
    """Each that elutes a known generator: how often within the run, and when there is none of use [s]."""
    lab = checked.scenario.hot_lab
    for name, said in lab.preparations.items():
        generator = lab.generators.get(said.generator or "")
        if generator is not None:
            moments = list(moments_s(said, said.at, checked.scenario))
            first_s = seconds_after(checked.scenario.start, generator.first)
            yield name, len(moments), [t for t in moments if not 0.0 <= _age_s(generator, first_s, t) < generator.life]


def _age_s(said: Generator, first_s: float, moment_s: float) -> float:
    """How old the newest generator is; below 0: the first is still to come [s]."""
    age_s = moment_s - first_s
    return age_s if age_s < 0.0 or said.every is None else age_s % said.every


def _why(checked: Checked, preparation: str, moment_s: float) -> str:
    """Which limit it is."""
    name = checked.scenario.hot_lab.preparations[preparation].generator or ""
    said = checked.scenario.hot_lab.generators[name]
    first_s = seconds_after(checked.scenario.start, said.first)
    age_s = _age_s(said, first_s, moment_s)
    if age_s < 0.0:
        return f"the first {name} comes on {_day(checked, first_s)}"
    ended = _day(checked, moment_s - age_s + said.life)
    return f"{name} is past its life of {units.fmt(said.life, 's')}, which ended on {ended}"


def _day(checked: Checked, moment_s: float) -> str:
    return f"{checked.scenario.start + dt.timedelta(seconds=moment_s):%a %Y-%m-%d %H:%M}"


def _of_the_first(checked: Checked, name: str, said: Generator) -> list[float]:
    """When the first generator is eluted, in order [s]."""
    scenario = checked.scenario
    eluted = [p for p in scenario.hot_lab.preparations.values() if p.generator == name]
    first_s = seconds_after(scenario.start, said.first)
    end_s = first_s + min([said.life] if said.every is None else [said.life, said.every])
    return sorted(t for p in eluted for t in moments_s(p, p.at, scenario) if first_s <= t < end_s)


def _too_often(checked: Checked, name: str, said: Generator, moments: list[float]) -> Iterator[Problem]:
    """More elutions than it may have."""
    if said.elutions is not None and len(moments) > said.elutions:
        message = (
            f"one generator would be eluted {len(moments)} times, and may be {said.elutions} times: from "
            f"{_day(checked, moments[said.elutions])} on it makes nothing"
        )
        yield checked.resolved.problem((*ROOM, "generators", name, "elutions"), message)


def _too_soon(checked: Checked, name: str, said: Generator, moments: list[float]) -> Iterator[Problem]:
    """Elutions nearer to each other than it may be eluted."""
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    if gaps and min(gaps) < said.least_interval:
        gap, least = (units.fmt(value, "s") for value in (min(gaps), said.least_interval))
        message = f"elutions are planned {gap} apart; the later waits until {least} have passed"
        yield checked.resolved.problem((*ROOM, "generators", name, "least_interval"), message)
