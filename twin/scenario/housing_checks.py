"""What is wrong or odd about animals that go home radioactive: rules without a number, leftovers, too few places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import combinations
from math import exp

from twin.errors import Problem
from twin.physics import decay
from twin.scenario import protocols
from twin.scenario.checking import Checked
from twin.scenario.housing import has_places, labelled_with
from twin.scenario.loading import Resolved
from twin.scenario.site import Site, Study
from twin.scenario.site_housing import RADIOACTIVE_HOUSING
from twin.scenario.weeks import DAY_S

#: An earlier tracer of which more than this share of the new one is left is told.
MOST_LEFT = 0.05
MOST_CARE_S = 8 * 3600.0


def care(checked: Checked) -> Iterator[Problem]:
    """Who cares for animals in the radioactive housing is somebody, and does it within a day."""
    said = checked.scenario.housing
    if not has_places(checked.resolved):
        return
    if "care_skill" in said.model_fields_set:
        yield from checked.nobody_has(("housing", "care_skill"), said.care_skill, "to care for animals that stay there")
    if said.care is not None and said.care > MOST_CARE_S:
        message = "caring for one animal takes more than a working day"
        yield checked.resolved.problem(("housing", "care"), message, f"{said.care / 3600.0:g} h", "0 min to 8 h")


def mistakes(checked: Checked) -> Iterator[Problem]:
    """A rule that asks for a number that nobody knows."""
    resolved = checked.resolved
    said = resolved.scenario.housing
    if not has_places(resolved) or said.release != "clearance" or said.below is not None:
        return
    nuclides = sorted({nuclide for name in resolved.scenario.protocols if (nuclide := labelled_with(resolved, name))})
    unknown = [n for n in nuclides if not resolved.numbers.has(f"protection.{n}.clearance")]
    if unknown:
        message = f"no clearance value is known of {', '.join(unknown)}; give `below`, or another rule"
        yield resolved.problem(("housing", "release"), message, said.release, "survey, ten_half_lives")


def left_behind(checked: Checked) -> Iterator[Problem]:
    """Warn when much of an earlier tracer is still in the animal at the injection of a later one: it is background."""
    for name, study in checked.scenario.studies.items():
        points = [
            (key, said.at, said.protocol or study.protocol)
            for key, said in study.time_points.items()
            if (said.protocol or study.protocol) in checked.plans
        ]
        for (first, at_s, one), (second, then_s, other) in combinations(sorted(points, key=lambda p: p[1]), 2):
            share = _left_share(checked.resolved, one, other, then_s - at_s)
            if share > MOST_LEFT:
                message = (
                    f"when time point {second} begins, the tracer of {first} still gives {share:.0%} of its activity: "
                    f"a background in its images (residual_activity_max_pct)"
                )
                yield checked.resolved.problem(("studies", name, "time_points", second), message)


def _left_share(resolved: Resolved, first: str, second: str, apart_s: float) -> float:
    """What is left of one protocol's activity when another's is injected, as a part of that."""
    nuclide = labelled_with(resolved, first)
    said = resolved.scenario.protocols
    amounts = [protocols.activity_bq(resolved, name) if said[name].tracer else None for name in (first, second)]
    if nuclide is None or not amounts[0] or not amounts[1]:
        return 0.0
    return amounts[0] * exp(-decay.decay_constant_per_s(resolved.numbers, nuclide) * apart_s) / amounts[1]


def too_few(checked: Checked) -> Iterator[Problem]:
    """Warn of radioactive housing that cannot hold what the site's own studies bring there at a time."""
    if not has_places(checked.resolved):
        return
    site = checked.site
    rooms = [room for room in site.rooms.values() if room.kind == RADIOACTIVE_HOUSING]
    places, mean = (
        sum(room.places for room in rooms),
        round(sum(_streaming(site, study) for study in site.studies.values())),
    )
    most, at_s = _most_at_once(site)
    if most + mean <= places:
        return
    when = f" (on {site.start + dt.timedelta(seconds=at_s):%a %Y-%m-%d})" if most else ""
    message = (
        f"the studies bring {'about ' if mean else ''}{most + mean} animals here at a time{when}, by how long each is "
        f"kept, and there are {places} places: sessions wait for places, or are cancelled if their window ends"
    )
    yield checked.resolved.problem(("rooms", rooms[0].name, "places"), message, rooms[0].places)


def _streaming(site: Site, study: Study) -> float:
    """Animals of a stream that are kept at a time in the mean: so many come, so long is each kept (Little's law)."""
    if study.stream is None:
        return 0.0
    stream, kept_s = study.stream, site.housing.keeps_s.get(study.name, {})
    animals = sum(stream.rates_per_s) * 3600.0 * len(stream.weekdays) * stream.batch
    most = float("inf") if study.animals is None else float(study.animals)
    return min(most, animals / (7.0 * DAY_S) * sum(kept_s.get(point.protocol, 0.0) for point in study.time_points))


def _most_at_once(site: Site) -> tuple[int, float]:
    """Most animals of known dates that are kept at once if each comes when it is due, and when that is [s]."""
    first: dict[float, int] = {}
    for study in site.studies.values():
        kept_s = site.housing.keeps_s.get(study.name, {})
        for request in study.requests if study.procurement is None else ():
            for point in study.time_points:
                due_s = point.due_s(request.time_s)
                if point.protocol in kept_s and 0.0 <= due_s < site.horizon_s:
                    for moment_s, change in ((due_s, 1), (due_s + kept_s[point.protocol], -1)):
                        first[moment_s] = first.get(moment_s, 0) + change * len(request.animals)
    now, most = 0, (0, 0.0)
    for moment_s, change in sorted(first.items()):
        now += change
        most = max(most, (now, moment_s), key=lambda found: found[0])
    return most
