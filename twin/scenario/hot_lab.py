"""The hot lab of a scenario, expanded: every vial that is delivered or made, as planned, and how it comes to be."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator

from twin.distributions import Constant
from twin.physics import decay, generators
from twin.scenario import hot_lab_model, model
from twin.scenario.dates import dates_of, horizon_s, midnight_s, moments_s, nuclide_of, seconds_after
from twin.scenario.loading import Resolved
from twin.scenario.site_hot_lab import (
    CalibratorCheck,
    Generator,
    Mishaps,
    Preparation,
    Radiopharmacy,
    Receipt,
    ReleaseTest,
    Supply,
    Vial,
)
from twin.scenario.weeks import DAY_S

#: What the vials of a generator are said to hold: nobody is injected with it.
COLUMN = "generator "


def vials(resolved: Resolved) -> tuple[Vial, ...]:
    """All vials that come while the run lasts, generators and what is made in the house too, in order of arrival."""
    said = resolved.scenario.hot_lab
    found = [vial for name in said.deliveries for vial in _delivered(resolved, name)]
    found += [vial for name in said.generators for vial in _columns(resolved, name)]
    found += [vial for name in said.preparations for _, vial in _made(resolved, name)]
    return tuple(sorted(found, key=lambda vial: (vial.arrival_s, vial.name)))


def radiopharmacy(resolved: Resolved) -> Radiopharmacy:
    """What is done in the hot lab beside drawing syringes."""
    said = resolved.scenario.hot_lab
    return Radiopharmacy(
        receipt=None if said.receipt is None else Receipt(said.receipt.duration, said.receipt.skill),
        checks=tuple(_check(name, check, resolved.scenario) for name, check in said.checks.items()),
        generators={name: _generator(resolved, name) for name in said.generators},
        preparations={name: _preparation(resolved, name) for name in said.preparations},
        supplies={
            name: Supply(name, supply.stock, supply.reorder_at, supply.order, supply.lead_time)
            for name, supply in said.supplies.items()
        },
    )


def _check(name: str, said: hot_lab_model.CalibratorCheck, scenario: model.Scenario) -> CalibratorCheck:
    return CalibratorCheck(name, tuple(moments_s(said, said.at, scenario)), said.duration, said.skill, said.fails)


# deliveries -------------------------------------------------------------------------------------------------------


def _delivered(resolved: Resolved, name: str) -> Iterator[Vial]:
    """The vials of one delivery that are to come while the run lasts."""
    scenario = resolved.scenario
    said = scenario.hot_lab.deliveries[name]
    nuclide = nuclide_of(resolved, said.tracer, said)
    assert nuclide is not None, f"{name}: a delivery has a nuclide"
    per_s = decay.decay_constant_per_s(resolved.numbers, nuclide)
    for day in dates_of(said, scenario):
        midnight = midnight_s(day, scenario)
        arrival_s = midnight + said.arrives
        if 0.0 <= arrival_s < horizon_s(scenario):
            yield Vial(
                name=f"{name}/{day.isoformat()}",
                delivery=name,
                tracer=said.tracer,
                nuclide=nuclide,
                decay_constant_per_s=per_s,
                activity_bq=said.activity,
                volume_m3=said.volume,
                amount_mol=None if said.molar_activity is None else said.activity / said.molar_activity,
                arrival_s=arrival_s,
                reference_s=midnight + said.reference,
                expiry_s=midnight + said.expires + (DAY_S if said.expires <= said.arrives else 0.0),
                mishaps=_mishaps(said),
            )


def _mishaps(said: hot_lab_model.Delivery) -> Mishaps | None:
    """None where nothing can go wrong."""
    if said.delay is None and said.short is None and not said.fails:
        return None
    return Mishaps(said.delay, said.short, said.fails)


# generators -------------------------------------------------------------------------------------------------------


def _columns(resolved: Resolved, name: str) -> Iterator[Vial]:
    """The generators of one kind that come while the run lasts, each a vial of the parent."""
    said, scenario = resolved.scenario.hot_lab.generators[name], resolved.scenario
    parent = decay.canonical(resolved.numbers, said.parent)
    per_s = decay.decay_constant_per_s(resolved.numbers, parent)
    first_s, number = seconds_after(scenario.start, said.first), 0
    while (arrival_s := first_s + number * (said.every or 0.0)) < horizon_s(scenario):
        if arrival_s >= 0.0 or arrival_s + said.life > 0.0:
            day = (scenario.start + dt.timedelta(seconds=arrival_s)).date()
            calibrated_s = arrival_s + said.calibration
            activity = said.activity
            yield Vial(
                name=f"{name}/{day.isoformat()}",
                delivery=name,
                tracer=COLUMN + name,
                nuclide=parent,
                decay_constant_per_s=per_s,
                activity_bq=activity,
                volume_m3=0.0,
                amount_mol=None,
                arrival_s=arrival_s,
                reference_s=calibrated_s,
                expiry_s=arrival_s + said.life,
            )
        number += 1
        if said.every is None:
            return


def _generator(resolved: Resolved, name: str) -> Generator:
    said, numbers = resolved.scenario.hot_lab.generators[name], resolved.numbers
    return Generator(
        name=name,
        vials=tuple(vial.name for vial in _columns(resolved, name)),
        parent_per_s=decay.decay_constant_per_s(numbers, said.parent),
        daughter_per_s=decay.decay_constant_per_s(numbers, said.daughter),
        branching=generators.branching(numbers, said.parent, said.daughter),
        least_interval_s=said.least_interval,
        elutions=said.elutions,
    )


# what is made in the house ----------------------------------------------------------------------------------------


def _preparation(resolved: Resolved, name: str) -> Preparation:
    said = resolved.scenario.hot_lab.preparations[name]
    drawn = None if said.draws is None else (said.draws.tracer, said.draws.activity)
    test = None if said.test is None else ReleaseTest(said.test.duration, said.test.skill, said.test.fails)
    return Preparation(
        name=name,
        vials=tuple((moment_s, vial.name) for moment_s, vial in _made(resolved, name)),
        generator=said.generator,
        drawn=drawn,
        start_bq=None if said.start is None else said.start.activity,
        uses=tuple(said.uses.items()),
        share=said.yield_ or Constant(1.0),
        fails=said.fails,
        volume_m3=said.volume,
        molar_activity_bq_per_mol=said.molar_activity,
        duration=said.duration,
        people=said.people,
        skill=said.skill,
        test=test,
        shelf_life_s=said.shelf_life,
    )


def made_nuclide(resolved: Resolved, name: str) -> str | None:
    """The nuclide of what a preparation makes: the generator's daughter, that of the start, or of what it draws."""
    said = resolved.scenario.hot_lab.preparations[name]
    column = resolved.scenario.hot_lab.generators.get(said.generator or "")
    if column is not None:
        return decay.canonical(resolved.numbers, column.daughter)
    if said.start is not None:
        return decay.canonical(resolved.numbers, said.start.nuclide)
    return None if said.draws is None else nuclide_of(resolved, said.draws.tracer)


def _made(resolved: Resolved, name: str) -> Iterator[tuple[float, Vial]]:
    """When each vial of a preparation falls due, and the vial as planned: mean durations, mean yields."""
    said, scenario = resolved.scenario.hot_lab.preparations[name], resolved.scenario
    nuclide = made_nuclide(resolved, name)
    assert nuclide is not None, f"{name}: a preparation has a nuclide"
    per_s = decay.decay_constant_per_s(resolved.numbers, nuclide)
    lasts_s = said.duration.mean
    tested_s = 0.0 if said.test is None else said.test.duration.mean
    share = 1.0 if said.yield_ is None else said.yield_.mean
    source = said.draws or said.start
    drawn_bq = float(decay.remaining(source.activity, per_s, lasts_s)) if source else 0.0
    column = _column(resolved, said.generator) if said.generator else None
    for moment_s in moments_s(said, said.at, scenario):
        day = (scenario.start + dt.timedelta(seconds=moment_s)).date()
        done_s = moment_s + lasts_s
        activity = share * (_on_column_bq(*column, moment_s, done_s) if column else drawn_bq)
        molar = said.molar_activity
        yield (
            moment_s,
            Vial(
                name=f"{name}/{day.isoformat()}",
                delivery=name,
                tracer=said.tracer,
                nuclide=nuclide,
                decay_constant_per_s=per_s,
                activity_bq=activity,
                volume_m3=said.volume,
                amount_mol=None if molar is None else activity / molar,
                arrival_s=done_s + tested_s,
                reference_s=done_s,
                expiry_s=done_s + said.shelf_life,
                made=True,
            ),
        )


def _column(resolved: Resolved, generator: str) -> tuple[Generator, list[Vial], list[float]]:
    """A generator, its columns in order of arrival, and when its elutions are planned to end, in order [s]."""
    elutions = sorted(_elutions_s(resolved, generator))
    return _generator(resolved, generator), list(_columns(resolved, generator)), elutions


def _on_column_bq(
    known: Generator, columns: list[Vial], elutions_s: list[float], moment_s: float, now_s: float
) -> float:
    """Daughter on the column in use, if each elution planned before has emptied it [Bq]; 0: there is none."""
    column = next((c for c in reversed(columns) if c.arrival_s <= moment_s < c.expiry_s), None)
    if column is None:
        return 0.0
    before = bisect_left(elutions_s, now_s)
    since_s = max(elutions_s[before - 1], column.arrival_s) if before else column.arrival_s
    parent_bq = decay.remaining(column.activity_bq, column.decay_constant_per_s, since_s - column.reference_s)
    grown = decay.ingrown(parent_bq, known.parent_per_s, known.daughter_per_s, known.branching, now_s - since_s)
    return float(grown)


def _elutions_s(resolved: Resolved, generator: str) -> Iterator[float]:
    """When its elutions are to end [s]."""
    for said in resolved.scenario.hot_lab.preparations.values():
        if said.generator == generator:
            for moment_s in moments_s(said, said.at, resolved.scenario):
                yield moment_s + said.duration.mean
