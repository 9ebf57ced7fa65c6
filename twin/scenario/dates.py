"""Moments of a scenario: from dates and times of day to seconds after its start; and the nuclide of a tracer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Protocol

from twin.physics import decay
from twin.scenario import model
from twin.scenario.loading import Resolved
from twin.scenario.weeks import DAY_S


class OnDays(Protocol):
    """What is done on days of the week, or on dates."""

    @property
    def days(self) -> tuple[int, ...] | None:
        """Days of the week, 0 is Monday."""

    @property
    def dates(self) -> tuple[dt.date, ...]:
        """Dates; instead of days."""


def horizon_s(scenario: model.Scenario) -> float:
    """How long the run lasts [s]."""
    return scenario.days * DAY_S


def seconds_after(start: dt.datetime, moment: dt.datetime) -> float:
    """From time zero to a moment [s]."""
    return (moment - start).total_seconds()


def midnight_s(day: dt.date, scenario: model.Scenario) -> float:
    """When a day begins [s]."""
    return seconds_after(scenario.start, dt.datetime(day.year, day.month, day.day))


def moments_s(said: OnDays, at_of_day_s: float, scenario: model.Scenario) -> Iterator[float]:
    """The moments within the run at which something falls due that is done at a time of day [s]."""
    for day in dates_of(said, scenario):
        moment_s = midnight_s(day, scenario) + at_of_day_s
        if 0.0 <= moment_s < horizon_s(scenario):
            yield moment_s


def dates_of(said: OnDays, scenario: model.Scenario) -> Iterator[dt.date]:
    """The days of something: its dates, else its weekdays within the run on which the site is not closed."""
    if said.dates:
        yield from sorted(set(said.dates))
        return
    first = scenario.start.date()
    weekdays = range(7) if said.days is None else said.days
    for number in range(int(scenario.days) + 2):
        day = first + dt.timedelta(days=number)
        if day.weekday() in weekdays and day not in scenario.opening.holidays:
            yield day


def nuclide_of(resolved: Resolved, tracer: str, delivery: model.Delivery | None = None) -> str | None:
    """The nuclide of a tracer: as a delivery says, else the table ``tracers``; None: no label, or unknown."""
    delivered = resolved.scenario.hot_lab.deliveries.values()
    sayings = [delivery] if delivery else [other for other in delivered if other.tracer == tracer]
    said = next((other.nuclide for other in sayings if other.nuclide), None)
    if said is None and resolved.numbers.has(f"tracers.{tracer}.nuclide"):
        word = resolved.numbers.text(f"tracers.{tracer}.nuclide")
        said = None if word == "none" else word
    return said if said is None else decay.canonical(resolved.numbers, said)
