r"""What lies in the stores of waste of a facility in operation: what weeks like those of the run leave behind.

Nobody knows what lies in a store that is yet to be built; but the facility itself says what it brings there. A study
with a stream of requests brings, on each weekday :math:`w`, companies (batches) at random with mean :math:`\rho_w`, of
:math:`c` animals each; one with dates brings what its dates bring, as a mean of the weeks of the run. With :math:`b`
bags for each animal, and one at least for a day with work, the bags of such a day are in the mean

.. math:: \beta_w = \sum_{k \ge 1} \frac{\rho_w^k e^{-\rho_w}}{k!} \max(1, \lceil k c b \rceil)

A bag stays for its time, and goes when the facility is next open. So what lies there at the start are the bags of each
evening before it that have not gone yet (Little's law, evening by evening). What a run would hold in the mean if its
weeks had no beginning is thereby where it begins. Holidays, what is turned away and what is cancelled are left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil, exp, floor

from twin.plan import Plan, steps
from twin.scenario.site import Protocol, Site, Stream, Study, TimePoint
from twin.scenario.site_hot_lab import Vial
from twin.scenario.weeks import DAY_S, Interval, Week, intervals

WEEK_S = 7 * DAY_S
#: Days with work on average, at the end of which the sum over companies is cut off.
_MOST = 40.0


@dataclass(frozen=True, slots=True)
class Arising:
    """The visits of one time point that leave waste, in a week.

    Attributes
    ----------
    nuclide : str or None
        What is injected; None: nothing with a label.
    animals, companies : float
        In a week; those of one company come together.
    weekdays : frozenset of int
        On which it is done, 0 = Monday.
    killed : bool
        Whether the animals are killed.
    """

    nuclide: str | None
    animals: float
    companies: float
    weekdays: frozenset[int]
    killed: bool


@dataclass(frozen=True, slots=True)
class Past:
    """The weeks before the run: when the facility is open, and what comes to be in each of them."""

    start: dt.datetime
    opening: Week
    arisings: tuple[Arising, ...]

    @property
    def killed(self) -> float:
        """Animals that are killed in a week."""
        return sum(arising.animals for arising in self.arisings if arising.killed)


def past(
    start: dt.datetime,
    horizon_s: float,
    opening: Week,
    studies: Iterable[Study],
    protocols: Mapping[str, Protocol],
    plans: Mapping[str, Plan],
    vials: Iterable[Vial],
) -> Past:
    """What a site brings into its stores, from what it is asked for; the arguments are parts of a `Site`."""
    tracers: dict[str, set[int]] = {}
    for vial in vials if horizon_s >= WEEK_S else ():  # a shorter run does not show all days of the week
        tracers.setdefault(vial.tracer, set()).update(_weekdays(start, vial.arrival_s, vial.expiry_s))
    weeks, found = max(1.0, horizon_s / WEEK_S), []
    for study in studies:
        for point in study.time_points:
            protocol, made = protocols[point.protocol], list(steps(plans[point.protocol].body))
            drawn, killed = any(step.draw for step in made), any(step.effect == "kill" for step in made)
            if drawn or killed:
                usable = tracers.get(protocol.tracer or "", set(range(7)))
                animals, companies, days = _asked(study, point, start, weeks)
                nuclide = protocol.nuclide if drawn else None
                found.append(Arising(nuclide, animals, companies, _worked(opening, usable, days), killed))
    return Past(start, opening, tuple(arising for arising in found if arising.animals > 0.0 and arising.weekdays))


def daily(site: Site, each: Mapping[str, float]) -> float:
    """A sum over all visits that a day of the run asks for in the mean, of something that each protocol leaves."""
    weeks, total = max(site.horizon_s, DAY_S) / WEEK_S, 0.0
    for study in site.studies.values():
        for point in study.time_points:
            animals, _, _ = _asked(study, point, site.start, weeks)
            total += animals * each.get(point.protocol, 0.0)
    return total / 7.0


def _weekdays(start: dt.datetime, first_s: float, last_s: float) -> set[int]:
    """The days of the week on which something lies there."""
    first, last = (start + dt.timedelta(seconds=moment) for moment in (first_s, last_s))
    return {(first.weekday() + day) % 7 for day in range(min(7, (last.date() - first.date()).days + 1))}


def _worked(opening: Week, usable: set[int], wanted: set[int]) -> frozenset[int]:
    """The days on which it can be done: those that are wanted if any of them can, else all that can."""
    can = {day for day in usable if opening[day]}
    return frozenset(can & wanted or can)


def _asked(study: Study, point: TimePoint, start: dt.datetime, weeks: float) -> tuple[float, float, set[int]]:
    """Animals and companies in a week at a time point of a study, and the days of the week on which they are due."""
    if study.stream is not None:
        companies, days = _streaming(study.stream, point)
        limit = float("inf") if study.animals is None else study.animals / weeks
        animals = min(companies * study.stream.batch, limit)
        return animals, animals / study.stream.batch, days
    asked = [(request.time_s, len(request.animals)) for request in study.requests]
    asked += [(booking.start_s, 1) for booking in study.bookings if booking.time_point == point.name]
    moments = [(time_s, animals) for time_s, animals in asked if time_s < weeks * WEEK_S]
    due = [start + dt.timedelta(seconds=time_s + (point.at_s if study.requests else 0.0)) for time_s, _ in moments]
    return sum(n for _, n in moments) / weeks, len({day.date() for day in due}) / weeks, {d.weekday() for d in due}


def _streaming(stream: Stream, point: TimePoint) -> tuple[float, set[int]]:
    """Companies in a week of a stream, and the days of the week on which they are due."""
    hours = {hour: rate for hour, rate in enumerate(stream.rates_per_s) if rate > 0.0}
    due = {(day + int((hour * 3600.0 + point.at_s) // DAY_S)) % 7 for day in stream.weekdays for hour in hours}
    return sum(hours.values()) * 3600.0 * len(stream.weekdays), due


# what lies there at the start -------------------------------------------------------------------------------------


def bags(known: Past, hold_s: Mapping[str, float], bags_per_animal: float) -> list[tuple[str, float]]:
    """The bags and carcasses that lie in the decay store at the start, and when each goes [s], first to go first."""
    found = []
    for nuclide in dict.fromkeys(arising.nuclide for arising in known.arisings):
        if nuclide is not None and nuclide in hold_s:
            here = [arising for arising in known.arisings if arising.nuclide == nuclide]
            found += [(nuclide, until_s) for until_s in _left(known, here, hold_s[nuclide], bags_per_animal)]
    return sorted(found, key=lambda bag: (bag[1], bag[0]))


def most_bags(known: Past, hold_s: Mapping[str, float], bags_per_animal: float) -> int:
    """The most bags that lie there at a time in such weeks: on the evening of the day with the most."""
    evenings = (known.start + dt.timedelta(seconds=moment_s) for moment_s, _ in _evenings(known, 0.0))
    return max((len(bags(replace(known, start=evening), hold_s, bags_per_animal)) for evening in evenings), default=0)


def _left(known: Past, here: list[Arising], hold_s: float, bags_per_animal: float) -> Iterator[float]:
    """When each bag of a nuclide goes that is there yet, from the oldest evening on; shares of bags add up."""
    each = [_bags_of_day(here, day, bags_per_animal) for day in range(7)]
    owed = 0.0
    for closing_s, weekday in reversed(list(_evenings(known, hold_s))):
        owed += each[weekday]
        until_s = next_open_s(known, closing_s + hold_s)
        for _ in range(floor(owed + 0.5)):
            if until_s > 0.0:
                yield until_s
        owed -= floor(owed + 0.5)


def _evenings(known: Past, hold_s: float) -> Iterator[tuple[float, int]]:
    """The moments before the start at which the facility closed, latest first [s], with their days of the week.

    As far back as anything may lie there yet: what goes when the facility is next open may wait for some days.
    """
    midnight = dt.datetime.combine(known.start.date(), dt.time())
    for back in range(int((hold_s + 2 * WEEK_S) // DAY_S)):
        day = midnight - dt.timedelta(days=back)
        hours = known.opening[day.weekday()]
        closing_s = (day - known.start).total_seconds() + hours[-1][1] if hours else 0.0
        if hours and closing_s <= 0.0:
            yield closing_s, day.weekday()


def next_open_s(known: Past, moment_s: float) -> float:
    """The moment itself if the facility is open then, else when it opens next [s]."""
    moment = known.start + dt.timedelta(seconds=moment_s)
    midnight = dt.datetime.combine(moment.date(), dt.time())
    first: Interval | None = next(
        (span for span in intervals(known.opening, midnight, 8 * DAY_S) if midnight + _span(span[1]) > moment), None
    )
    return moment_s if first is None else max(moment_s, (midnight - known.start).total_seconds() + first[0])


def _span(seconds: float) -> dt.timedelta:
    return dt.timedelta(seconds=seconds)


def _bags_of_day(here: list[Arising], weekday: int, bags_per_animal: float) -> float:
    """The mean number of bags of a nuclide on such a day, and of carcasses."""
    today = [arising for arising in here if weekday in arising.weekdays]
    companies = sum(arising.companies / len(arising.weekdays) for arising in today)
    animals = sum(arising.animals / len(arising.weekdays) for arising in today)
    carcasses = sum(arising.animals / len(arising.weekdays) for arising in today if arising.killed)
    return mean_bags(companies, animals, bags_per_animal) + carcasses


def mean_bags(companies: float, animals: float, bags_per_animal: float) -> float:
    r""":math:`\sum_k p_k \max(1, \lceil k c b \rceil)` over a Poisson number :math:`k \ge 1` of companies of a day.

    Parameters
    ----------
    companies, animals : float
        In the mean of such a day; their ratio is the size of a company, :math:`c`.
    bags_per_animal : float
        :math:`b`.
    """
    if companies <= 0.0:
        return 0.0
    if companies > _MOST:
        return max(1.0, animals * bags_per_animal + 0.5)
    each, share, total = animals / companies * bags_per_animal, exp(-companies), 0.0
    for number in range(1, int(companies + 12.0 * companies**0.5) + 12):
        share *= companies / number
        total += share * max(1, ceil(number * each - 1e-9))
    return total
