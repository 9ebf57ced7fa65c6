"""Scanners as the clock gets them: what they say themselves, and what the tables say (``as_catalogue``)."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator

from twin.distributions import Distribution
from twin.scanners import catalogue, programme
from twin.scenario import model, weeks
from twin.scenario.loading import Resolved
from twin.scenario.site_machines import Breakdown, Maintenance, QualityControl, Scanner
from twin.scenario.weeks import DAY_S

WEEK_S = 7.0 * DAY_S
#: Working days; the first of them is that of weekly checks.
WORKDAYS = frozenset(range(5))
#: When the service comes.
VISITS_AT_S = 8.0 * 3600.0


def expanded_names(name: str, count: int | None) -> tuple[str, ...]:
    """``name-1`` ... ``name-n``, or the name itself without a count."""
    return (name,) if count is None else tuple(f"{name}-{number}" for number in range(1, count + 1))


def modality(resolved: Resolved, name: str) -> str:
    """What a scanner (group) is, such as ``pet_ct``: as it says, else as its machine is, else ``other``."""
    scanner = resolved.scenario.scanners[name]
    if scanner.modality is not None:
        return scanner.modality.lower()
    if scanner.geometry is not None and scanner.model is None:
        return scanner.geometry.kind
    known = scanner.model in catalogue.names(resolved.numbers)
    return catalogue.machine(resolved.numbers, scanner.model or "").kind if known else "other"


def strange(resolved: Resolved) -> bool:
    """Whether some scanner is of a model that the catalogue does not know, so that nobody can say what it does."""
    known = catalogue.names(resolved.numbers)
    return any(
        said.modality is None and said.geometry is None and said.model is not None and said.model not in known
        for said in resolved.scenario.scanners.values()
    )


def scanners(resolved: Resolved) -> dict[str, Scanner]:
    """All scanners by their expanded names."""
    return {
        name: _scanner(resolved, name, group)
        for group, scanner in resolved.scenario.scanners.items()
        for name in expanded_names(group, scanner.count)
    }


def _scanner(resolved: Resolved, name: str, group: str) -> Scanner:
    said = resolved.scenario.scanners[group]
    kind = modality(resolved, group)
    upkeep = programme.upkeep(resolved.numbers, kind) if said.as_catalogue else None
    breakdown = _breakdown(said, upkeep)
    return Scanner(
        name=name,
        group=group,
        model=said.model,
        modality=kind,
        room=said.room,
        beds=tuple(f"{name}/bed-{number}" for number in range(1, said.beds + 1)),
        hotel=said.hotel,
        quality_control=tuple(_quality_controls(resolved, group, kind, breakdown)),
        breakdown=breakdown,
        maintenance=tuple(_maintenance(resolved, said, upkeep)),
        coils=said.coils,
        collimator=collimator(resolved, group),
    )


def collimator(resolved: Resolved, group: str) -> str | None:
    """Of a SPECT: as it says, else as the catalogue has it for the model; None: not known, or no SPECT."""
    said, key = resolved.scenario.scanners[group], f"catalogue.{resolved.scenario.scanners[group].model}.collimator"
    return said.collimator or (resolved.numbers.text(key) if resolved.numbers.has(key) else None)


def _breakdown(said: model.Scanner, upkeep: programme.Upkeep | None) -> Breakdown | None:
    if said.breakdown is not None:
        return Breakdown(said.breakdown.time_between_failures, said.breakdown.repair_time)
    return None if upkeep is None else Breakdown(upkeep.time_between_failures, upkeep.repair_time)


def _quality_controls(resolved: Resolved, group: str, kind: str, down: Breakdown | None) -> Iterator[QualityControl]:
    """Its own; without any, its kind's programme if it is as the tables say."""
    said = resolved.scenario.scanners[group]
    service = down.repair_time if down is not None else None
    for name, control in said.quality_control.items():
        yield _quality_control(resolved, name, control, service)
    if said.as_catalogue and not said.quality_control:
        for check in programme.checks(resolved.numbers, kind):
            yield _of_programme(resolved, check, service)


def _quality_control(
    resolved: Resolved, name: str, said: model.QualityControl, service: Distribution | None
) -> QualityControl:
    return QualityControl(
        name=name,
        weekdays=frozenset(said.days),
        at_of_day_s=said.at,
        warm_up=said.warm_up,
        duration=said.duration,
        skill=said.skill,
        every_days=None if said.every is None else max(1, round(said.every / DAY_S)),
        quantitative=said.blocks == "quantitative",
        valid_for_s=said.valid_for,
        fails=said.fails,
        service=(said.service or service or _repair_time(resolved)) if said.fails > 0.0 else None,
        after_repair=said.after_repair,
    )


def _of_programme(resolved: Resolved, check: programme.Check, service: Distribution | None) -> QualityControl:
    daily, weekly = check.every_days == 1, check.every_days == 7
    return QualityControl(
        name=check.name,
        weekdays=frozenset({0}) if weekly else WORKDAYS,
        at_of_day_s=None if check.at is None else weeks.parse_time_of_day(check.at),
        warm_up=check.warm_up,
        duration=check.duration,
        skill="quality_control",
        every_days=None if daily or weekly else check.every_days,
        quantitative=check.blocks == "quantitative",
        valid_for_s=check.valid_for_s,
        fails=check.fails,
        service=(service or _repair_time(resolved)) if check.fails > 0.0 else None,
        after_repair=check.after_repair,
    )


def _repair_time(resolved: Resolved) -> Distribution:
    """How long the service takes where a scanner says nothing of repairs: that of a PET."""
    found = programme.upkeep(resolved.numbers, "pet")
    assert found is not None
    return found.repair_time


def _maintenance(resolved: Resolved, said: model.Scanner, upkeep: programme.Upkeep | None) -> Iterator[Maintenance]:
    start = resolved.scenario.start
    for key, plan in said.maintenance.items():
        first_s = (plan.first - start).total_seconds()
        yield Maintenance(key, first_s, plan.every, plan.duration, plan.revalidate)
    if upkeep is None or said.maintenance:
        return
    for name, interval_s, share, duration, revalidate in (
        ("service_visit", upkeep.visit_interval_s, 0.5, upkeep.visit_duration, False),
        ("software_update", upkeep.update_interval_s, 0.25, upkeep.update_duration, True),
    ):
        if interval_s is not None:
            every_s = max(WEEK_S, round(interval_s / WEEK_S) * WEEK_S)
            yield Maintenance(name, _first_s(start, share * every_s), every_s, duration, revalidate)


def _first_s(start: dt.datetime, after_s: float) -> float:
    """The first working day so long after the start, in the morning [s]."""
    day = start.date() + dt.timedelta(days=math.ceil(after_s / DAY_S))
    while day.weekday() not in WORKDAYS:
        day += dt.timedelta(days=1)
    return (dt.datetime(day.year, day.month, day.day) - start).total_seconds() + VISITS_AT_S
