"""What becomes of an animal between its visits: its mass, its tumour, disease; by its own luck, in closed form."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from scipy.special import ndtri

from twin.facility.state import Visit
from twin.scenario.site import Animal, Study

if TYPE_CHECKING:
    from twin.facility.world import World

#: No animal is further from the mean mass than so many standard deviations.
_FURTHEST = 3.0


def mass_kg(world: World, study: Study, animal: Animal, due_s: float) -> float:
    """Mass of an animal at a visit [kg]."""
    own, mass = study.physiology, animal.mass_kg
    if own.mass_cv > 0.0:
        number = float(ndtri(world.luck.uniform("mass", animal.name, 0)))
        mass *= 1.0 + own.mass_cv * max(-_FURTHEST, min(_FURTHEST, number))
    since_s = max(due_s - world.animal(animal.name).arrived_s, 0.0)
    if own.growth is not None:
        mass = own.growth.mass_kg(mass, since_s)
    return mass * (1.0 - _lost_mass(world, study, animal.name, animal.group, since_s))


def _lost_mass(world: World, study: Study, animal: str, group: str, since_s: float) -> float:
    """Part of its mass that an animal has lost so long after its arrival."""
    wasting = study.physiology.wasting
    if wasting is None:
        return 0.0
    return wasting.lost(since_s, group, float(ndtri(world.luck.uniform("wasting", animal, 0))))


def ending(world: World, visit: Visit) -> str | None:
    """Why an animal is not there for a visit any more, or not fit for it; None if it is.

    ``"disease"``, ``"endpoint"`` and ``"weight_loss"`` are deaths.
    """
    own, state = world.site.studies[visit.study].physiology, world.animal(visit.animal)
    if state.excluded is not None:
        return state.excluded
    since_s = world.clock.moment_s - state.arrived_s
    if own.hazard_per_s > 0.0:
        lives_s = -log(world.luck.uniform("disease", visit.animal, 0)) / own.hazard_per_s
        if since_s > lives_s:
            return "disease"
    reason = _worn(world, visit, since_s) or _tumour(world, visit, since_s) or _lost(world, visit, own.attrition)
    state.excluded = None if reason in {"endpoint", "weight_loss"} else reason
    tumour = own.tumour
    state.enrolled = state.enrolled or tumour is None or tumour.at is None or state.implanted_s is not None
    return reason


def implanted(world: World, visit: Visit) -> None:
    """A visit has ended well: if it was the one that implants, the tumour grows from now on."""
    tumour, state = world.site.studies[visit.study].physiology.tumour, world.animal(visit.animal)
    if tumour is not None and tumour.at == visit.time_point and state.implanted_s is None:
        state.implanted_s = world.clock.moment_s


def _worn(world: World, visit: Visit, since_s: float) -> str | None:
    """Whether an animal has lost so much weight that it was killed."""
    study = world.site.studies[visit.study]
    wasting = study.physiology.wasting
    if wasting is None or _lost_mass(world, study, visit.animal, visit.group, since_s) < wasting.endpoint:
        return None
    return "weight_loss"


def _tumour(world: World, visit: Visit, since_s: float) -> str | None:
    tumour = world.site.studies[visit.study].physiology.tumour
    if tumour is None:
        return None
    state, luck = world.animal(visit.animal), world.luck
    if tumour.at is not None:
        if state.implanted_s is None:
            return "no_tumour" if _after(world, visit, tumour.at) else None
        since_s = world.clock.moment_s - state.implanted_s
    if luck.uniform("take", visit.animal, 0) >= tumour.take:
        return "no_tumour"
    volume = tumour.volume_m3(since_s, visit.group, float(ndtri(luck.uniform("growth", visit.animal, 0))))
    if volume >= tumour.endpoint_m3:
        return "endpoint"
    if not state.enrolled and not tumour.least_m3 <= volume <= tumour.most_m3:
        return "tumour_size"
    return None


def _after(world: World, visit: Visit, time_point: str) -> bool:
    """Whether a visit is of a later time point than another."""
    names = [point.name for point in world.site.studies[visit.study].time_points]
    return names.index(visit.time_point) > names.index(time_point)


def _lost(world: World, visit: Visit, attrition: float) -> str | None:
    """Whether an animal was lost before this visit; never before its first."""
    if attrition == 0.0 or not world.animal(visit.animal).enrolled:
        return None
    names = [point.name for point in world.site.studies[visit.study].time_points]
    lost = world.luck.uniform("attrition", visit.animal, names.index(visit.time_point)) < attrition
    return "lost" if lost else None
