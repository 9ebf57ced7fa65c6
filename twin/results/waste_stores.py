"""KPIs of the stores of waste: how full they got, and how long nothing could be drawn for want of a place."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

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


def waste_stores(run: Run) -> pd.DataFrame:
    """How full the stores were: a row for each change, from the beginning of the run on.

    Returns
    -------
    DataFrame
        store, time_s, held (bags or carcasses, those without a place among them), places.
    """
    found = [_filled(run, store, *held(run)) for store, held in _HELD.items() if store in run.facts.stores]
    empty = pd.DataFrame({"store": [], "time_s": [], "held": [], "places": []})
    return pd.concat(found, ignore_index=True) if found else empty


def _filled(run: Run, store: str, time_s: Array, held: Array) -> pd.DataFrame:
    last = np.append(time_s[1:] > time_s[:-1], True) if len(time_s) else np.empty(0, bool)  # of one moment the last
    time, count = time_s[last], held[last]
    if not len(time) or time[0] > 0.0:
        time, count = np.insert(time, 0, 0.0), np.insert(count, 0, 0)
    return pd.DataFrame({"store": store, "time_s": time, "held": count, "places": run.facts.stores[store]})


def _carcasses(run: Run) -> tuple[Array, Array]:
    """Times, and how many carcasses lay in the freezer from each on."""
    rows = happenings(run, "carcass_stored", "carcasses_fetched")
    stored = run.column("step")[rows] == run.code("carcass_stored")
    total = np.cumsum(stored)
    taken = np.maximum.accumulate(np.where(stored, 0, total)) if len(rows) else total
    return run.events["time_s"].to_numpy()[rows], total - taken


_HELD: dict[str, Callable[[Run], tuple[Array, Array]]] = {"decay_store": _bags, "freezer": _carcasses}


def freezer_most_pct(run: Run) -> float | None:
    """The most carcasses at once, of the places."""
    places = run.facts.stores.get("freezer")
    if places is None:
        return None
    return 100.0 * float(_carcasses(run)[1].max(initial=0)) / places


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
