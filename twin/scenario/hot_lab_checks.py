"""Mistakes of what is made, checked and kept in the hot lab; `generator_checks.py` has the limits of generators."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from twin import units
from twin.errors import DataError, Problem
from twin.physics import decay, generators
from twin.scenario import hot_lab_model
from twin.scenario.checking import Checked
from twin.scenario.dates import OnDays
from twin.scenario.hot_lab import radiopharmacy
from twin.scenario.quantities import MOST_ACTIVITY_BQ
from twin.scenario.reading import Path
from twin.scenario.reference_checks import slips_of_kind

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
            continue
        yield from too_much(checked, (*path, "calibration"), said.parent, said.activity, said.calibration)


def too_much(checked: Checked, path: Path, nuclide: str, activity_bq: float, ahead_s: float) -> Iterator[Problem]:
    """What is stated for a time so long after its coming that it would be more than any site has when it comes."""
    grows = decay.decay_constant_per_s(checked.resolved.numbers, nuclide) * ahead_s
    if activity_bq > 0.0 and math.log(activity_bq) + grows > math.log(MOST_ACTIVITY_BQ):
        stated, ahead, most = units.fmt(activity_bq, "Bq"), units.fmt(ahead_s, "s"), units.fmt(MOST_ACTIVITY_BQ, "Bq")
        halvings = units.fmt(grows / math.log(2.0), "1")
        message = (
            f"{stated} of {nuclide} {ahead} after its coming, {halvings} half-lives, would be above the most allowed, "
            f"{most}, when it comes"
        )
        yield checked.resolved.problem(path, message)


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
    has = {*(room.kind for room in checked.scenario.rooms.values()), *slips_of_kind(checked).values()}
    if works and "hot_lab" not in has:
        yield checked.resolved.problem(ROOM, "this work needs a room of kind hot_lab, and the site has none")


def _days(checked: Checked, path: Path, said: OnDays) -> Iterator[Problem]:
    if (said.days is None) == (not said.dates):
        yield checked.resolved.problem(path, "this has either days (e.g. mon-fri) or dates")


def _positive(checked: Checked, path: Path, said: object, keys: Iterable[str]) -> Iterator[Problem]:
    for key in keys:
        if getattr(said, key) <= 0.0:
            yield checked.resolved.problem((*path, key), "this must be greater than 0")


def warnings(checked: Checked) -> Iterator[Problem]:
    """A test that outlasts what it tests."""
    for name, preparation in radiopharmacy(checked.resolved).preparations.items():
        test = preparation.test
        if test is not None and test.duration.mean >= preparation.shelf_life_s:
            path: Path = (*ROOM, "preparations", name, "test")
            yield checked.resolved.problem(path, "the vial has expired before it is released")
