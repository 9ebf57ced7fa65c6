"""Stores of waste of a resolved scenario, as the clock gets them."""

from __future__ import annotations

from twin.distributions import from_dict
from twin.physics import decay
from twin.scenario import model
from twin.scenario.loading import Resolved
from twin.scenario.site_hot_lab import Vial
from twin.scenario.site_waste import DecayStore, Freezer, Stores


def stores(resolved: Resolved, vials: tuple[Vial, ...]) -> Stores:
    """What the clock must know."""
    said = resolved.scenario.waste
    store, cold = said.decay_store, said.freezer
    return Stores(
        None if store is None else _decay_store(resolved, store, vials),
        None if cold is None else Freezer(cold.places, cold.filled, _fetched_every_s(resolved, cold)),
    )


def _fetched_every_s(resolved: Resolved, said: model.Freezer) -> float:
    usual = said.fetched_every
    return resolved.numbers.value("housekeeping.freezer_emptied") if usual is None else usual


def _decay_store(resolved: Resolved, said: model.DecayStore, vials: tuple[Vial, ...]) -> DecayStore:
    numbers = resolved.numbers
    filled = {decay.canonical(numbers, nuclide): bags for nuclide, bags in said.filled.items()}
    known = dict.fromkeys((*filled, *(vial.nuclide for vial in vials)))
    usual, half_lives = said.bags_per_animal, said.half_lives
    if half_lives is None:
        half_lives = numbers.value("housekeeping.half_lives")
    called = said.pick_up or from_dict(numbers.distribution("housekeeping.pick_up")) if said.full == "pick_up" else None
    return DecayStore(
        places=said.places,
        hold_s={nuclide: half_lives * decay.half_life_s(numbers, nuclide) for nuclide in known},
        filled=filled,
        bags_per_animal=numbers.value("housekeeping.bags_per_animal") if usual is None else usual,
        pick_up=called,
    )
