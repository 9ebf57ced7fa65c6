"""The weekly determination of who is pregnant: what each working week gave, from the declaration on (StrlSchV 69 (2)).

Hp(10) of the mother stands for the unborn child, by handling, by being near and what is committed by a spill. It is
made for every jurisdiction that limits the unborn child's dose; only the German rule asks for it by the week.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import pandas as pd

from twin.results.ambient import nearby
from twin.results.dose_spills import dose_spills
from twin.results.doses import SLACK_S, doses
from twin.results.run import Array, Run, once
from twin.results.throughput import DAY_S
from twin.scenario.site_dose import DoseBudget

COLUMNS = "person week_s handling_sv near_sv committed_sv week_sv sum_sv allowed_sv left_sv provision"


@once
def dose_pregnancy(run: Run) -> pd.DataFrame:
    """One row for each person who has declared a pregnancy, and each week (from Monday) that began to count.

    Returns
    -------
    DataFrame
        person, week_s (its beginning, or that of the pregnancy's declaration or of the run), handling_sv, near_sv,
        committed_sv, week_sv (all of them), sum_sv (since the declaration, within the run), allowed_sv, left_sv.
    """
    found = [row for budget in run.facts.dose.budgets if budget.quantity == "unborn" for row in _of(run, budget)]
    return pd.DataFrame(found, columns=COLUMNS.split())


def _of(run: Run, budget: DoseBudget) -> Iterator[tuple[object, ...]]:
    (person, allowed_sv), *_ = budget.allowed_sv.items()
    edges = _weeks(run, max(0.0, budget.from_s))
    parts = [_sums(table, person, name, edges) for table, name in ((doses(run), "hp10_sv"), (nearby(run), "hp10_sv"),
                                                                   (dose_spills(run), "committed_sv"))]  # fmt: skip
    total = 0.0
    for week_s, *own in zip(edges[:-1].tolist(), *(part.tolist() for part in parts), strict=True):
        total += sum(own)
        yield person, week_s, *own, sum(own), total, allowed_sv, allowed_sv - total, budget.provision


def _weeks(run: Run, from_s: float) -> Array:
    """The beginnings of weeks from a moment on, and the end of the run; nothing after it."""
    start, horizon_s = dt.datetime.fromisoformat(run.facts.start), run.facts.horizon_s
    midnight = dt.datetime.combine(start.date(), dt.time())
    monday_s = (midnight - dt.timedelta(days=start.weekday()) - start).total_seconds()
    mondays = monday_s + 7 * DAY_S * np.arange(int(horizon_s // (7 * DAY_S)) + 3)
    inside = mondays[(mondays > from_s) & (mondays < horizon_s)]
    return np.concatenate(([from_s], inside, [horizon_s])) if from_s < horizon_s else np.array([horizon_s])


def _sums(table: pd.DataFrame, person: str, name: str, edges: Array) -> Array:
    """What a person got between edges [Sv]; what is told at a midnight belongs to the week that it ends."""
    own = table[table["person"].astype(object) == person]
    time, dose = own["time_s"].to_numpy(float) - SLACK_S, np.nan_to_num(own[name].to_numpy(float))
    return np.histogram(time, edges, weights=dose)[0] if len(edges) > 1 else np.empty(0)
