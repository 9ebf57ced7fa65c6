"""Mistakes of the stores of waste."""

from __future__ import annotations

from collections.abc import Iterator

from twin.errors import DataError, Problem
from twin.physics import decay
from twin.scenario.checking import Checked


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
