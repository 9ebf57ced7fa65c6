"""What is made, checked and kept in the hot lab: mistakes, and generators past their limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from twin import units
from twin.errors import DataError, Problem
from twin.physics import decay, generators
from twin.scenario import hot_lab_model
from twin.scenario.checking import Checked
from twin.scenario.dates import OnDays, moments_s, seconds_after
from twin.scenario.hot_lab import radiopharmacy, vials
from twin.scenario.reading import Path

SOURCES = ("generator", "draws", "start")
ROOM: Path = ("hot_lab",)


def names(checked: Checked) -> Iterator[Problem]:
    """A vial is named by what brings or makes it: no two of these have one name."""
    said = checked.scenario.hot_lab
    first: dict[str, str] = {}
    for word in ("deliveries", "generators", "preparations"):
        for name in getattr(said, word):
            if first.setdefault(name, word) != word:
                yield checked.resolved.problem((*ROOM, word, name), f"{first[name]} has this name already")


def columns(checked: Checked) -> Iterator[Problem]:
    """A generator's parent decays into its daughter."""
    for name, said in checked.scenario.hot_lab.generators.items():
        path: Path = (*ROOM, "generators", name)
        yield from _positive(checked, path, said, ("activity", "life"))
        try:
            generators.branching(checked.resolved.numbers, said.parent, said.daughter)
        except DataError as error:
            yield checked.resolved.problem((*path, "daughter"), str(error), said.daughter)


def preparations(checked: Checked) -> Iterator[Problem]:
    """What is made has days, one source that is there, and supplies that are kept."""
    for name, said in checked.scenario.hot_lab.preparations.items():
        path: Path = (*ROOM, "preparations", name)
        yield from _days(checked, path, said)
        yield from _positive(checked, path, said, ("volume", "shelf_life"))
        if len([word for word in SOURCES if getattr(said, word) is not None]) != 1:
            message = "a preparation has one source of its activity"
            yield checked.resolved.problem(path, message, None, ", ".join(SOURCES))
        yield from _source(checked, path, said)
        for supply in said.uses:
            yield from checked.unknown((*path, "uses", supply), "supply", supply, checked.scenario.hot_lab.supplies)


def _source(checked: Checked, path: Path, said: hot_lab_model.Preparation) -> Iterator[Problem]:
    lab = checked.scenario.hot_lab
    if said.generator is not None:
        yield from checked.unknown((*path, "generator"), "generator", said.generator, lab.generators)
    if said.draws is not None:
        tracers = [delivery.tracer for delivery in lab.deliveries.values()]
        tracers += [made.tracer for made in lab.preparations.values() if made is not said]
        yield from checked.unknown((*path, "draws", "tracer"), "tracer in the hot lab", said.draws.tracer, tracers)
        yield from _positive(checked, (*path, "draws"), said.draws, ("activity",))
    if said.start is not None:
        yield from _positive(checked, (*path, "start"), said.start, ("activity",))
        try:
            decay.canonical(checked.resolved.numbers, said.start.nuclide)
        except DataError as error:
            yield checked.resolved.problem((*path, "start", "nuclide"), str(error), said.start.nuclide)


def supplies(checked: Checked) -> Iterator[Problem]:
    """What protocols use is kept."""
    for name, said in checked.scenario.protocols.items():
        for supply in said.uses:
            path: Path = ("protocols", name, "uses", supply)
            yield from checked.unknown(path, "supply", supply, checked.scenario.hot_lab.supplies)


def calibrator(checked: Checked) -> Iterator[Problem]:
    """Checks of the dose calibrator have days, and can be passed."""
    for name, said in checked.scenario.hot_lab.checks.items():
        path: Path = (*ROOM, "checks", name)
        yield from _days(checked, path, said)
        if said.fails >= 1.0:
            yield checked.resolved.problem((*path, "fails"), "a check that is never passed blocks the hot lab for ever")


def place(checked: Checked) -> Iterator[Problem]:
    """What is done in the hot lab needs one."""
    said = checked.scenario.hot_lab
    works = bool(said.receipt or said.checks or said.preparations)
    if works and not any(room.kind == "hot_lab" for room in checked.scenario.rooms.values()):
        kinds = ", ".join(dict.fromkeys(room.kind for room in checked.scenario.rooms.values())) or "no room is defined"
        message = "this work needs a room of kind hot_lab, and the site has none"
        yield checked.resolved.problem(ROOM, message, None, kinds)


def _days(checked: Checked, path: Path, said: OnDays) -> Iterator[Problem]:
    if (said.days is None) == (not said.dates):
        yield checked.resolved.problem(path, "this has either days (e.g. mon-fri) or dates")


def _positive(checked: Checked, path: Path, said: object, keys: Iterable[str]) -> Iterator[Problem]:
    for key in keys:
        if getattr(said, key) <= 0.0:
            yield checked.resolved.problem((*path, key), "this must be greater than 0")


def warnings(checked: Checked) -> Iterator[Problem]:
    """Preparations that cannot be: no generator is there, or it is past its limit of elutions; a kit asks too much."""
    made = radiopharmacy(checked.resolved)
    planned = {vial.name: vial for vial in vials(checked.resolved)}
    for name, preparation in made.preparations.items():
        path: Path = (*ROOM, "preparations", name)
        empty = [vial for _, vial in preparation.vials if planned[vial].activity_bq <= 0.0]
        if preparation.generator and empty:
            message = f"no {preparation.generator} can be eluted for {empty[0]}: none has come, or it is past its life"
            yield checked.resolved.problem(path, message)
        test = preparation.test
        if test is not None and test.duration.mean >= preparation.shelf_life_s:
            yield checked.resolved.problem((*path, "test"), "the vial has expired before it is released")
    yield from _elutions(checked)


def _elutions(checked: Checked) -> Iterator[Problem]:
    """A generator that is to be eluted more often than it may be."""
    scenario = checked.scenario
    for name, said in scenario.hot_lab.generators.items():
        eluted = [p for p in scenario.hot_lab.preparations.values() if p.generator == name]
        moments = sorted(t for p in eluted for t in moments_s(p, p.at, scenario))
        first_s = seconds_after(scenario.start, said.first)
        limits = [said.life] if said.every is None else [said.life, said.every]
        one = [t for t in moments if first_s <= t < first_s + min(limits)]
        path: Path = (*ROOM, "generators", name)
        if said.elutions is not None and len(one) > said.elutions:
            message = f"one generator would be eluted {len(one)} times, and may be {said.elutions} times"
            yield checked.resolved.problem((*path, "elutions"), message)
        gaps = [later - earlier for earlier, later in pairwise(one)]
        if gaps and min(gaps) < said.least_interval:
            least = units.fmt(said.least_interval, "s")
            message = (
                f"elutions are planned {units.fmt(min(gaps), 's')} apart; the later waits until {least} have passed"
            )
            yield checked.resolved.problem((*path, "least_interval"), message)
