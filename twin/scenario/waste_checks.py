"""Mistakes of the stores of waste."""

from __future__ import annotations

from collections.abc import Iterator

from twin.errors import DataError, Problem
from twin.physics import decay
from twin.scenario import arisings, waste
from twin.scenario.checking import Checked


def too_small(checked: Checked) -> Iterator[Problem]:
    """Warn of a store that is smaller than what the site itself brings there."""
    said, resolved = checked.scenario.waste, checked.resolved
    if said.decay_store is None and said.freezer is None:
        return
    made = checked.site
    earlier = waste.earlier(made)
    if said.decay_store is not None and made.stores.decay_store is not None:
        store = made.stores.decay_store
        most = arisings.most_bags(earlier, store.hold_s, store.bags_per_animal) + sum(said.decay_store.filled.values())
        if most > store.places:
            then = "nothing is drawn" if store.pick_up is None else "somebody is called who fetches them"
            message = f"weeks like these leave up to {most} bags in it at a time; while it is full, {then}"
            yield resolved.problem(("waste", "decay_store", "places"), message, store.places)
    cold = made.stores.freezer
    if cold is not None and (brought := round(waste.carcasses(earlier, cold.fetched_every_s))) > cold.places:
        message = f"about {brought} animals are killed from one collection to the next; who finds no place is not begun"
        yield resolved.problem(("waste", "freezer", "places"), message, cold.places)


def stores(checked: Checked) -> Iterator[Problem]:
    """What is in a store when the run begins has a half-life, and a place."""
    store, freezer = checked.scenario.waste.decay_store, checked.scenario.waste.freezer
    for nuclide in store.filled if store else ():
        try:
            decay.canonical(checked.resolved.numbers, nuclide)
        except DataError as error:
            yield checked.resolved.problem(("waste", "decay_store", "filled", nuclide), str(error))
    if store and sum(store.filled.values()) > store.places:
        message = f"there are {sum(store.filled.values())} bags at the start, and the store has {store.places} places"
        yield checked.resolved.problem(("waste", "decay_store", "filled"), message)
    if freezer and freezer.filled > freezer.places:
        message = f"there are more carcasses at the start than its {freezer.places} places"
        yield checked.resolved.problem(("waste", "freezer", "filled"), message, freezer.filled)
