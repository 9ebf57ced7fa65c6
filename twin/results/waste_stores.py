"""KPIs of the stores of waste: how full they got, and how long nothing could be drawn for want of a place."""

from __future__ import annotations

import numpy as np

from twin.results.kpi import Kpi
from twin.results.run import Array, Run
from twin.results.tasks import happenings


def decay_store_most_pct(run: Run) -> float | None:
    """The most bags at once, those without a place among them, of the places."""
    places = run.facts.stores.get("decay_store")
    _, bags = _bags(run)
    return None if places is None else 100.0 * float(bags.max(initial=0)) / places


def decay_store_blocked_h(run: Run) -> float | None:
    """How long a bag had no place."""
    places = run.facts.stores.get("decay_store")
    if places is None:
        return None
    time_s, bags = _bags(run)
    spans = np.diff(np.append(time_s, run.facts.horizon_s))
    return float(spans[bags > places].sum()) / 3600.0


def _bags(run: Run) -> tuple[Array, Array]:
    """Times, and how many bags there were from each on."""
    words = {"waste_stored": 1, "waste_unplaced": 1, "waste_released": -1, "waste_fetched": -1}
    rows = happenings(run, *words)
    step = np.zeros(len(rows), dtype=int)
    for word, change in words.items():
        step[run.column("step")[rows] == run.code(word)] = change
    return run.events["time_s"].to_numpy()[rows], np.cumsum(step)


def freezer_most_pct(run: Run) -> float | None:
    """The most carcasses at once, of the places."""
    places = run.facts.stores.get("freezer")
    if places is None:
        return None
    rows = happenings(run, "carcass_stored", "carcasses_fetched")
    most, held = 0, 0
    for stored in run.column("step")[rows] == run.code("carcass_stored"):
        held = held + 1 if stored else 0
        most = max(most, held)
    return 100.0 * float(most) / places


def waste_pick_ups(run: Run) -> float:
    """How often bags were taken away before their time."""
    rows = happenings(run, "waste_fetched")
    return float(len(np.unique(run.events["time_s"].to_numpy()[rows])))


KPIS: tuple[Kpi, ...] = (
    Kpi(
        "decay_store_most_pct",
        "The most bags and carcasses at once in the decay store, and before it, of its places.",
        "%",
        "lower",
        decay_store_most_pct,
    ),
    Kpi(
        "decay_store_blocked_h",
        "Time for which a bag of radioactive waste had no place in the decay store, so that nothing was drawn.",
        "h",
        "lower",
        decay_store_blocked_h,
    ),
    Kpi(
        "waste_pick_ups", "How often bags were fetched because the decay store was full.", "1", "lower", waste_pick_ups
    ),
    Kpi("freezer_most_pct", "Most carcasses at once in the freezer, of its places.", "%", "lower", freezer_most_pct),
)
