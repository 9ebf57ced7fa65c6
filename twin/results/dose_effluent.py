"""What leaves the site by day and nuclide, against its limits: what animals void, and the exhaust air of the hot lab.

The tracer's kinetics say how much leaves the body when (`twin.animals.excretion`); the bladder is emptied as of an
animal that is awake. A part goes into the drain (row ``dose.effluent.drained``), the rest into bedding, which is waste;
and of what is opened in the hot lab a part goes down its sink (row ``dose.effluent.rinsed``).
Limits are those of StrlSchV, annex 11, tenfold for little sewage; they hold for the mean of a year. Tracers whose
kinetics in the species are not known are told apart. Of what is opened in the hot lab (drawn into syringes and
preparations) a part gets into the air of its hood: that of liquids by the rule of 40 CFR 61, more of radioiodine, which
is volatile; filters are not taken off.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from twin.animals import excretion
from twin.physics.kinetics import Exponentials
from twin.results.activity import custody
from twin.results.ambient import carried
from twin.results.kpi import Kpi
from twin.results.run import Array, Run, once
from twin.results.throughput import DAY_S
from twin.results.visits import visits

IODINE = "I-"
COLUMNS = (
    "day_s nuclide excreted_bq not_modelled_bq rinsed_bq drained_bq concentration_bq_per_m3 limit_bq_per_m3 share_pct"
)


@once
def dose_exhaust(run: Run) -> pd.DataFrame:
    """One row for each day and nuclide that was opened in the hot lab on that day.

    Returns
    -------
    DataFrame
        day_s, nuclide, opened_bq (drawn into syringes and preparations), airborne_bq, concentration_bq_per_m3 (in the
        exhaust air of a day), limit_bq_per_m3 (null: none is known), share_pct (of the limit).
    """
    rows = custody(run)
    rows = rows[rows["flow"] == "drawn"]
    opened = rows.assign(day=rows["time_s"] // DAY_S, nuclide=rows["nuclide"].astype(object))
    sums = opened.groupby(["day", "nuclide"])["amount_bq"].sum().reset_index()
    columns = (sums[name].tolist() for name in ("day", "nuclide", "amount_bq"))
    found = [
        (day * DAY_S, nuclide, bq, *_exhausted(run, nuclide, bq)) for day, nuclide, bq in zip(*columns, strict=True)
    ]
    names = "day_s nuclide opened_bq airborne_bq concentration_bq_per_m3 limit_bq_per_m3 share_pct"
    return pd.DataFrame(found, columns=names.split())


def _exhausted(run: Run, nuclide: str, opened_bq: float) -> tuple[float, float, float, float]:
    """Activity in the air, its concentration, the limit, the part of it."""
    numbers = run.numbers
    volatile = "airborne_iodine" if nuclide.startswith(IODINE) else "airborne"
    airborne_bq = numbers.value(f"dose.effluent.{volatile}") * opened_bq
    concentration = airborne_bq / numbers.value("dose.effluent.air")
    key = f"protection.{nuclide}.effluent_air"
    limit = numbers.value(key) * numbers.value("dose.effluent.little_air") if numbers.has(key) else math.nan
    return airborne_bq, concentration, limit, 100.0 * concentration / limit


@once
def dose_effluent(run: Run) -> pd.DataFrame:
    """One row for each day and nuclide with which animals were injected on that day or before, or that was opened.

    Returns
    -------
    DataFrame
        day_s, nuclide, excreted_bq (what was voided that day, each part when it left), not_modelled_bq (what was
        injected that day of tracers whose excretion is not known), rinsed_bq (down the sink of the hot lab), drained_bq
        (both together), concentration_bq_per_m3 (in the sewage of a day), limit_bq_per_m3 (null: none is known),
        share_pct (of the limit).
    """
    days = np.arange(0.0, run.facts.horizon_s, DAY_S)
    nuclides = {*carried(run)["nuclide"], *dose_exhaust(run)["nuclide"]}
    found = [row for nuclide in sorted(nuclides) for row in _of_nuclide(run, nuclide, days)]
    return pd.DataFrame(found, columns=COLUMNS.split())


def _of_nuclide(run: Run, nuclide: str, days: Array) -> Iterator[tuple[object, ...]]:
    numbers = run.numbers
    water_m3 = numbers.value("dose.effluent.water")
    key = f"protection.{nuclide}.effluent_water"
    limit = numbers.value(key) * numbers.value("dose.effluent.little_water") if numbers.has(key) else math.nan
    voided, unknown = _voided(run, nuclide, days)
    rinsed = numbers.value("dose.effluent.rinsed") * _opened(run, nuclide, days)
    drained = numbers.value("dose.effluent.drained") * voided + rinsed
    for row in zip(*(column.tolist() for column in (days, voided, unknown, rinsed, drained)), strict=True):
        day, *amounts = row
        if any(amount > 0.0 for amount in amounts):
            concentration = amounts[-1] / water_m3
            yield day, nuclide, *amounts, concentration, limit, 100.0 * concentration / limit


def _opened(run: Run, nuclide: str, days: Array) -> Array:
    """By day what was opened in the hot lab [Bq]."""
    rows = dose_exhaust(run)
    own = rows[rows["nuclide"] == nuclide]
    return np.bincount((own["day_s"] // DAY_S).astype(int), own["opened_bq"], minlength=len(days))[: len(days)]


def _voided(run: Run, nuclide: str, days: Array) -> tuple[Array, Array]:
    """By day what was voided, and what was injected of which that is not known [Bq]."""
    rows = carried(run)
    rows = rows[rows["nuclide"] == nuclide]
    table = visits(run).iloc[rows["visit"].to_numpy()]
    voided, unknown = np.zeros(len(days)), np.zeros(len(days))
    day = (rows["time_s"].to_numpy() // DAY_S).astype(int)
    kinds = list(zip(table["study"].astype(object), table["protocol"].astype(object), strict=True))
    for study, protocol in dict.fromkeys(kinds):
        own = np.flatnonzero([kind == (study, protocol) for kind in kinds])
        time, activity = rows["time_s"].to_numpy()[own], rows["activity_bq"].to_numpy()[own]
        curve = _leaving(run, str(study), str(protocol))
        if curve is None:
            unknown += np.bincount(day[own], activity, minlength=len(days))
            continue
        decaying = curve.decaying(float(rows["decay"].iloc[0]))
        voided += _by_day(decaying, time, activity, np.append(days, run.facts.horizon_s))
    return voided, unknown


def _by_day(curve: Exponentials, time_s: Array, activity_bq: Array, edges_s: Array) -> Array:
    """What is voided between moments of what was injected at others, term by term of what leaves each second [Bq].

    Of what is there at the beginning of a day a term loses a known part until its end, and so it does of what comes on
    that day: nothing is followed animal by animal.
    """
    day = np.searchsorted(edges_s, time_s, "right") - 1
    until_s, many, length_s = edges_s[day + 1] - time_s, len(edges_s) - 1, np.diff(edges_s)
    voided = np.zeros(many)
    for amplitude, rate in zip(curve.amplitudes.tolist(), curve.rates_per_s.tolist(), strict=True):
        stays = np.exp(-rate * until_s)
        there = _piled(np.bincount(day, activity_bq * stays, many), np.exp(-rate * length_s))
        lost, left = ((-np.expm1(-rate * s) / rate if rate > 0.0 else s) for s in (until_s, length_s))
        voided += amplitude * (np.bincount(day, activity_bq * lost, many) + there * left)
    return voided


def _piled(comes: Array, stays: Array) -> Array:
    """What is there at the beginning of each day, of what came on those before and stays to this part until its end."""
    there, found = 0.0, []
    for came, part in zip(comes.tolist(), stays.tolist(), strict=True):
        found.append(there)
        there = there * part + came
    return np.array(found)


def _leaving(run: Run, study: str, protocol: str) -> Exponentials | None:
    """What of the injected activity is voided each second; None: not known."""
    tracer = run.facts.plans[protocol].tracer
    if study not in run.facts.animals or tracer is None:
        return None
    return excretion.known_per_s(run.numbers, run.facts.animals[study].species, tracer)


def _mean_pct(run: Run, table: pd.DataFrame) -> float | None:
    """Of the limits, the mean over the days of the run, nuclides added up [%]; None: of none is a limit known."""
    known = table["share_pct"].dropna()
    return float(known.sum()) * DAY_S / run.facts.horizon_s if len(known) else None


KPIS: tuple[Kpi, ...] = (
    Kpi(
        "sewage_pct",
        "What the sewage reaches of what it may hold as a mean of the year (StrlSchV, annex 11): mean over the days of "
        "the run, its nuclides added up.",
        "%",
        "lower",
        lambda run: _mean_pct(run, dose_effluent(run)),
    ),
    Kpi(
        "exhaust_pct",
        "What the exhaust air of the hot lab reaches of what it may hold as a mean of the year: mean over the days of "
        "the run, its nuclides added up.",
        "%",
        "lower",
        lambda run: _mean_pct(run, dose_exhaust(run)),
    ),
)
