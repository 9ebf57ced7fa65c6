"""Radioactive waste of a run: what came each day, when it may go by which rule, and the site against its licence.

Three rules that are not the same: ten half-lives, clearance by mass (with the sum rule, here one nuclide an item), and
a survey. Waste is kept apart by day and nuclide; its mass and what a survey tells apart are rows of the table
``exposure``. What animals excrete, and effluent, is not modelled.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from twin.results.activity import custody
from twin.results.ambient import content
from twin.results.run import Run, once
from twin.results.throughput import DAY_S

RULES = ("ten_half_lives", "clearance", "survey")


@once
def dose_waste(run: Run) -> pd.DataFrame:
    """One row for each day and nuclide with waste: residues in syringes, what was spilt, what was left of vials.

    Returns
    -------
    DataFrame
        day_s, nuclide, activity_bq (at the day's end), ten_half_lives_s, clearance_s, survey_s (moments from which each
        rule would let it go; null: not known), binding (the rules of the jurisdiction; empty: none is known), release_s
        (the last of the binding ones).
    """
    rows = custody(run)
    rows = rows[rows["flow"].isin(["residual", "spilt", "wasted"])]
    found = pd.DataFrame({"nuclide": rows["nuclide"].astype(object), "day_s": rows["time_s"] // DAY_S * DAY_S})
    decay = found["nuclide"].map(dict(run.facts.decay_per_s)).astype(float)
    left = rows["amount_bq"] * np.exp(-decay * (found["day_s"] + DAY_S - rows["time_s"]))
    by_day = found.assign(activity_bq=left).groupby(["day_s", "nuclide"], sort=True)["activity_bq"].sum().reset_index()
    pairs = zip(by_day["nuclide"].tolist(), by_day["activity_bq"].tolist(), strict=True)
    times = [_times(run, str(nuclide), activity_bq) for nuclide, activity_bq in pairs]
    for number, rule in enumerate(RULES):
        by_day[f"{rule}_s"] = by_day["day_s"] + DAY_S + np.array([each[number] for each in times], dtype=float)
    binding = () if run.facts.dose.waste is None else run.facts.dose.waste.rules
    known = [f"{rule}_s" for rule in RULES if rule in binding]
    by_day["binding"] = " ".join(binding)
    by_day["release_s"] = by_day[known].max(axis=1, skipna=False) if known else math.nan
    return by_day


def _times(run: Run, nuclide: str, activity_bq: float) -> tuple[float, float, float]:
    """How long until each rule is met [s]; NaN: not known."""
    known = run.facts.dose.waste
    if known is None or nuclide not in known.half_life_s:
        return math.nan, math.nan, math.nan
    half_life = known.half_life_s[nuclide]
    cleared = known.clearance_bq_per_kg.get(nuclide, math.nan) * known.mass_kg
    rate = known.h10_sv_per_bq_s[nuclide]
    surveyed = known.background_sv_per_s / rate if rate > 0.0 else math.nan
    return 10.0 * half_life, _until(activity_bq, cleared, half_life), _until(activity_bq, surveyed, half_life)


def _until(activity_bq: float, least_bq: float, half_life_s: float) -> float:
    """How long until so little is left [s]."""
    if math.isnan(least_bq) or activity_bq <= 0.0:
        return least_bq if math.isnan(least_bq) else 0.0
    return max(0.0, math.log2(activity_bq / least_bq) * half_life_s)


@once
def on_site(run: Run) -> pd.DataFrame:
    """One row for each moment at which activity comes onto the site; in between it decays, and all of it stays.

    Returns
    -------
    DataFrame
        nuclide, time_s, activity_bq (just after), decay_per_s, licence_bq (null: no limit).
    """
    rows = custody(run)
    rows = rows[rows["flow"] == "delivered"]
    allowed = {} if run.facts.dose.waste is None else run.facts.dose.waste.licence_bq
    parts = []
    for nuclide, own in rows.groupby(rows["nuclide"].astype(object)):
        decay = run.facts.decay_per_s[str(nuclide)]
        held = content(own["time_s"].to_numpy(float), own["amount_bq"].to_numpy(float), decay)
        columns = {"nuclide": str(nuclide), "time_s": held.time_s, "activity_bq": held.activity_bq}
        limit = allowed.get(str(nuclide), math.nan)
        parts.append(pd.DataFrame(columns | {"decay_per_s": decay, "licence_bq": limit}))
    names = ["nuclide", "time_s", "activity_bq", "decay_per_s", "licence_bq"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=names)


@once
def dose_licence(run: Run) -> pd.DataFrame:
    """One row for each nuclide: the most activity that was on the site and when, and what the licence allows.

    Returns
    -------
    DataFrame
        nuclide, most_bq, at_s, licence_bq (null: no limit), share_pct. All that was delivered stays on the site.
    """
    table = on_site(run)
    most = table.sort_values("activity_bq", ascending=False, kind="stable").drop_duplicates("nuclide")
    made = most.sort_values("nuclide").rename(columns={"activity_bq": "most_bq", "time_s": "at_s"})
    made = made[["nuclide", "most_bq", "at_s", "licence_bq"]].reset_index(drop=True)
    return made.assign(share_pct=100.0 * made["most_bq"] / made["licence_bq"])
