"""Stores of waste of a resolved scenario, as the clock gets them."""

from __future__ import annotations

from twin.distributions import from_dict
from twin.physics import decay
from twin.scenario import arisings, waste_model
from twin.scenario.arisings import Past
from twin.scenario.loading import Resolved
from twin.scenario.site import Site
from twin.scenario.site_hot_lab import Vial
from twin.scenario.site_waste import DecayStore, Freezer, Stores

#: How full a store is in the mean if it is half emptied whenever it is full.
_BETWEEN_PICK_UPS = 0.75


def stores(resolved: Resolved, vials: tuple[Vial, ...], past: Past) -> Stores:
    """What the clock must know; ``past`` are the weeks before the run."""
    said = resolved.scenario.waste
    store, cold = said.decay_store, said.freezer
    return Stores(
        None if store is None else _decay_store(resolved, store, vials, past),
        None if cold is None else _freezer(resolved, cold, past),
    )


def earlier(site: Site) -> Past:
    """The weeks before the run of a site."""
    return arisings.past(
        site.start, site.horizon_s, site.opening, site.studies.values(), site.protocols, site.plans, site.vials
    )


def _freezer(resolved: Resolved, said: waste_model.Freezer, past: Past) -> Freezer:
    every_s = said.fetched_every or resolved.numbers.value("housekeeping.freezer_emptied")
    if said.at_start == "empty":
        return Freezer(said.places, said.filled, every_s, every_s)
    lying = said.filled + round(carcasses(past, 0.5 * every_s))
    return Freezer(said.places, min(said.places, lying), every_s, 0.5 * every_s)


def carcasses(past: Past, span_s: float) -> float:
    """How many animals are killed in a span of weeks like those of the run."""
    return past.killed * span_s / arisings.WEEK_S


def _decay_store(resolved: Resolved, said: waste_model.DecayStore, vials: tuple[Vial, ...], past: Past) -> DecayStore:
    numbers = resolved.numbers
    filled = {decay.canonical(numbers, nuclide): bags for nuclide, bags in said.filled.items()}
    known = dict.fromkeys((*filled, *(vial.nuclide for vial in vials)))
    hold_s = {nuclide: _half_lives(resolved, said) * decay.half_life_s(numbers, nuclide) for nuclide in known}
    usual = said.bags_per_animal
    each = numbers.value("housekeeping.bags_per_animal") if usual is None else usual
    called = said.pick_up or from_dict(numbers.distribution("housekeeping.pick_up")) if said.full == "pick_up" else None
    given = [(nuclide, hold_s[nuclide] * k / bags) for nuclide, bags in filled.items() for k in range(1, bags + 1)]
    own = [] if said.at_start == "empty" else arisings.bags(past, hold_s, each)
    return DecayStore(said.places, hold_s, (*given, *_as_far_as_it_takes(said, own, len(given))), each, called)


def _half_lives(resolved: Resolved, said: waste_model.DecayStore) -> float:
    return resolved.numbers.value("housekeeping.half_lives") if said.half_lives is None else said.half_lives


def _as_far_as_it_takes(
    said: waste_model.DecayStore, bags: list[tuple[str, float]], taken: int
) -> list[tuple[str, float]]:
    """What a store that is too small holds: all that it takes, or less if it is fetched; what goes last is missing."""
    free = max(0, said.places - taken)
    if len(bags) <= free:
        return bags
    return bags[: free if said.full == "wait" else int(_BETWEEN_PICK_UPS * free)]
