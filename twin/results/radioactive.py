"""KPIs of animals that are radioactive: places in the radioactive housing, and what an earlier tracer leaves behind."""

from __future__ import annotations

import numpy as np
import pandas as pd

from twin.results.intervals import Spans, between
from twin.results.kpi import Kpi
from twin.results.run import Run, codes_of
from twin.results.tasks import happenings, thing_of, value_of
from twin.results.visits import number_of_visit, visits
from twin.scenario.site_housing import RADIOACTIVE_HOUSING

DAY_S = 86400.0


def radioactive_housing_most_pct(run: Run) -> float | None:
    """The most animals at once in the radioactive housing, of its places."""
    places = sum(room.places or 0 for room in run.facts.rooms.values() if room.kind == RADIOACTIVE_HOUSING)
    if not places:
        return None
    spans = _stays(run)
    time = np.concatenate((spans.start_s, spans.end_s))
    step = np.concatenate((np.ones(len(spans.key)), -np.ones(len(spans.key))))
    order = np.lexsort((step, time))  # who leaves in an instant makes room for who comes in it
    return 100.0 * float(np.cumsum(step[order]).max(initial=0.0)) / places


def radioactive_housing_days(run: Run) -> float | None:
    """Days that animals spent in the radioactive housing."""
    if not any(room.kind == RADIOACTIVE_HOUSING for room in run.facts.rooms.values()):
        return None
    spans = _stays(run)
    return float(np.sum(spans.end_s - spans.start_s)) / DAY_S


def _stays(run: Run) -> Spans:
    """From when each animal went in to when it left, or to the end of the run."""
    rows = happenings(run, "kept_radioactive", "left_radioactive")
    begins = run.column("step")[rows] == run.code("kept_radioactive")
    animal = thing_of(run, "animal")[rows]
    return between(animal, run.events["time_s"].to_numpy()[rows], begins, run.facts.horizon_s)


def residual_activity_max_pct(run: Run) -> float | None:
    """Of the scans with an injection of their own, the most that an earlier visit's tracers still gave, of its own."""
    rows = happenings(run, "injected")
    amount, table = value_of(run, "animal", "activity_bq")[rows], visits(run)
    visit = number_of_visit(run)[run.column("visit")[rows]]
    known = (visit >= 0) & ~np.isnan(amount)
    rows, amount, visit = rows[known], amount[known], visit[known]
    time, start = run.events["time_s"].to_numpy()[rows], table["scan_start_s"].to_numpy()
    nuclide = pd.Series(run.named(thing_of(run, "nuclide")[rows])).astype(object)
    decay = nuclide.map(dict(run.facts.decay_per_s)).to_numpy(float)
    animal = codes_of(table, "animal")[visit]
    order = np.lexsort((time, animal))
    amount, visit, time, decay, animal = (column[order] for column in (amount, visit, time, decay, animal))
    seen = time <= start[visit]
    at_scan = np.where(seen, amount * np.exp(-decay * np.where(seen, start[visit] - time, 0.0)), 0.0)
    own, others = np.bincount(visit, at_scan, minlength=len(table)), np.zeros(len(table))
    first = np.zeros(len(visit), dtype=bool)
    first[np.unique(visit, return_index=True)[1]] = True
    for back in range(1, int(np.bincount(animal).max(initial=1)) if len(animal) else 1):
        pairs = first[back:] & (animal[back:] == animal[:-back]) & (visit[back:] != visit[:-back])
        later, earlier = np.flatnonzero(pairs) + back, np.flatnonzero(pairs)
        left = amount[earlier] * np.exp(-decay[earlier] * (start[visit[later]] - time[earlier]))
        others += np.bincount(visit[later], np.nan_to_num(left), minlength=len(table))
    return 100.0 * float((others[own > 0.0] / own[own > 0.0]).max()) if np.any(own > 0.0) else None


KPIS: tuple[Kpi, ...] = (
    Kpi(
        "radioactive_housing_most_pct",
        "The most animals at once in the radioactive housing, of its places.",
        "%",
        "lower",
        radioactive_housing_most_pct,
    ),
    Kpi(
        "radioactive_housing_days",
        "Days that animals spent in the radioactive housing until little enough was left in them.",
        "d",
        "lower",
        radioactive_housing_days,
    ),
    Kpi(
        "residual_activity_max_pct",
        "The most that an earlier visit's tracer still gave in an animal at a scan with an injection of its own, as a "
        "part of what was then left of that.",
        "%",
        "lower",
        residual_activity_max_pct,
    ),
)
