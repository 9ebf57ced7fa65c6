"""A site without luck: every duration its mean, every injection good, nothing breaks or dies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from twin.distributions import Constant, Distribution
from twin.facility.log import Log
from twin.facility.world import World
from twin.scenario.site import Site
from twin.scenario.site_animals import Physiology

__all__ = ["play_steady", "without_luck"]


def play_steady(site: Site) -> Log:
    """The log of a site without luck."""
    return World(without_luck(site)).begin().run().finish()


def without_luck(site: Site) -> Site:
    """The same site, with nothing left to chance but when requests come."""
    calm: Site = _calm(site)
    scanners = {name: replace(scanner, breakdown=None) for name, scanner in calm.scanners.items()}
    levels = dict.fromkeys(site.injection.levels, (("good", 1.0),))
    injection = replace(calm.injection, levels=levels, draw_cv=0.0, mortality_per_anaesthesia=0.0)
    vials = tuple(replace(vial, mishaps=None) for vial in calm.vials)
    studies = {name: replace(study, physiology=_immortal(study.physiology)) for name, study in calm.studies.items()}
    return replace(calm, scanners=scanners, injection=injection, vials=vials, studies=studies)


def _immortal(kind: Physiology) -> Physiology:
    """Animals of which none dies, is lost or differs in mass."""
    risks = {protocol: replace(risk, death=0.0) for protocol, risk in kind.risks.items()}
    return replace(kind, risks=risks, mass_cv=0.0, attrition=0.0, hazard_per_s=0.0)


def _calm(thing: Any) -> Any:
    """Anything with every distribution in it replaced by its mean."""
    if isinstance(thing, Distribution):
        return Constant(thing.mean)
    if is_dataclass(thing) and not isinstance(thing, type):
        changed = {}
        for one in fields(thing):
            if one.init and (value := getattr(thing, one.name)) is not (calm := _calm(value)):
                changed[one.name] = calm
        return replace(thing, **changed) if changed else thing
    if isinstance(thing, Mapping):
        made = {key: _calm(value) for key, value in thing.items()}
        return made if any(made[key] is not value for key, value in thing.items()) else thing
    if isinstance(thing, tuple) and not hasattr(thing, "_fields"):
        parts = tuple(_calm(part) for part in thing)
        return parts if any(a is not b for a, b in zip(parts, thing, strict=True)) else thing
    return thing
