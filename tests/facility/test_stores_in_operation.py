"""A facility in operation begins with what its own weeks leave in its stores: the level neither climbs nor falls.

An otherwise unchanged site is played for weeks. If the rule were wrong, the first morning would differ from the later
ones, as it does when the same site begins with empty stores.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.scanners.sites import delivery, site
from twin.experiments import statistics
from twin.facility.world import play
from twin.results import facts, frames
from twin.scenario import arisings, expand
from twin.scenario.loading import load_data

WEEKS, REPLICATIONS, DAY_S = 5, 4, 86400.0
WORDS = ("waste_stored", "waste_released", "carcass_stored", "carcasses_fetched")
#: From then on what was there at the start is gone: bags of 177Lu stay for 20 days here.
SETTLED = 3
PET = {"pet": {"modality": "pet", "room": "suite", "hotel": 4}}
STREAM = {"protocol": "one", "arrival": {"poisson": {"rate": "0.2/h"}}}
WASTE = delivery("FDG") | {"waste": {"decay_store": {"places": 50}}, "studies": {"one": STREAM}}
RATES = {"rates": ["0.25/h" if 8 <= hour < 16 else "0/h" for hour in range(24)], "days": "mon-fri"}
KILL = {"step": "kill", "task": "killing", "person": "killing", "place": "preparation", "effect": "kill"}


def monitored(at_start: str) -> dict[str, object]:
    """Injections of a long-lived tracer on working days, and animals that are killed for their organs."""
    protocols = {
        "treat": {"template": "tracer_injection", "tracer": "Lu-177-PSMA-617", "activity": "1 MBq"},
        "organs": {"plan": [KILL | {"duration": "5 min"}]},
    }
    made = site(protocols, {}, days=7 * WEEKS, **delivery("Lu-177-PSMA-617"))
    for study, batch in (("treat", 5), ("organs", 2)):
        made["studies"][study] = {"protocol": study, "arrival": {"hourly": RATES, "batch": batch}}
    made["waste"] = {
        "decay_store": {"places": 500, "half_lives": 3, "at_start": at_start},
        "freezer": {"places": 500, "at_start": at_start},
    }
    return made


@cache
def levels(at_start: str) -> dict[str, np.ndarray]:
    """Bags on the mornings of Mondays, and carcasses at each collection; a row for each replication."""
    resolved = load_data(monitored(at_start), check=False)
    made = expand.site(resolved)
    known = facts.facts(made, resolved.scenario, resolved.numbers)
    mornings = np.arange(WEEKS) * 7 * DAY_S + 0.25 * DAY_S
    found: dict[str, list[list[int]]] = {"decay_store": [], "freezer": []}
    for number in range(REPLICATIONS):
        run = frames.run(play(made, number), known)
        at = {word: run.events["time_s"].to_numpy()[run.column("step") == run.code(word)] for word in WORDS}
        found["decay_store"].append([sum(at[WORDS[0]] <= t) - sum(at[WORDS[1]] <= t) for t in mornings])
        spans = zip((-1.0, *at[WORDS[3]]), at[WORDS[3]], strict=False)
        found["freezer"].append([sum((at[WORDS[2]] > a) & (at[WORDS[2]] <= b)) for a, b in spans])
    return {store: np.array(rows, float) for store, rows in found.items()}


@pytest.mark.parametrize("store", ["decay_store", "freezer"])
def test_a_store_of_a_facility_in_operation_begins_at_its_level(store):
    held = levels("in_operation")[store]
    found = statistics.interval(list(held[:, 0] - held[:, SETTLED:].mean(axis=1)), 0.99)
    assert found.low <= 0.0 <= found.high, (held, found)
    assert held[:, 0].min() > found.half_width  # so that an empty store would not pass


@pytest.mark.slow
def test_an_empty_store_fills_up_to_that_level():
    empty, operating = levels("empty")["decay_store"], levels("in_operation")["decay_store"]
    assert (empty[:, 0] == 0.0).all()
    assert (empty[:, SETTLED:] == operating[:, SETTLED:]).all()  # the same luck, and nothing of the start is left


@pytest.mark.parametrize(("companies", "animals", "each"), [(0.3, 1.2, 0.25), (2.0, 8.0, 0.25), (9.0, 20.0, 0.1)])
def test_the_mean_number_of_bags_is_that_of_poisson_companies(companies, animals, each):
    drawn = np.random.default_rng(1).poisson(companies, 200_000)
    bags = np.where(drawn > 0, np.maximum(1, np.ceil(drawn * animals / companies * each - 1e-9)), 0)
    assert arisings.mean_bags(companies, animals, each) == pytest.approx(bags.mean(), abs=4 * bags.std() / 200_000**0.5)


def test_a_bag_goes_when_the_facility_is_open():
    made = expand.site(load_data(site({"one": {"template": "pet_static", "tracer": "FDG"}}, PET, **WASTE), check=False))
    bags = made.stores.decay_store.filled
    assert bags
    assert {until_s for _, until_s in bags} == {7 * 3600.0}  # Friday's 18F is gone on Saturday; it goes on Monday


def test_weeks_after_the_run_bring_nothing():
    """A run of five days asks for what comes in its week, however many dates a study has after it."""

    def filled(dates):
        made = site({"one": {"template": "pet_static", "tracer": "FDG"}}, PET, days=5, **delivery("FDG"))
        made["waste"] = {"decay_store": {"places": 50, "half_lives": 100}}
        made["studies"] = {"one": {"protocol": "one", "arrival": {"dates": dates, "batch": 8}}}
        return expand.site(load_data(made, check=False), told=None).stores.decay_store.filled

    first, later = "2026-03-02 08:00", [f"2026-03-{day} 08:00" for day in (16, 17, 18, 23, 24)]
    assert filled([first, *later]) == filled([first])
    assert filled([first, "2026-03-03 08:00"]) != filled([first])
