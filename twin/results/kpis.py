"""Every KPI: id, definition, unit, which direction is better, and the function that computes it.

An indexed KPI has one entry for each member, ``wait_mean_min[person]``. What is undefined is None.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import partial

from twin.results import (
    activity,
    animal_kpis,
    answers,
    compliance,
    cost,
    counts,
    dose_effluent,
    dose_intake,
    dose_kpis,
    dose_spills,
    hygiene,
    machines,
    power,
    procurement,
    radioactive,
    recharge,
    standing,
    throughput,
    utilisation,
    waiting,
    waste_stores,
)
from twin.results.kpi import CURRENCY, Figure, Kpi, Value
from twin.results.run import Run
from twin.results.waiting import bottleneck

_CAUSE = (
    "person, scanner, bed, place, tracer, licence, calibrator, supply, waste, hygiene, certificate, supervisor or all"
)
_REASON = "reason"
_THING = "person, group of people, scanner, group of scanners, bed or room"
_NUCLIDE = "nuclide (without: all)"

KPIS: tuple[Kpi, ...] = (
    Kpi(
        "scans_completed",
        "Scans that ran to their end, each animal of a shared bed counted, if its visit was then completed.",
        "1",
        "higher",
        throughput.scans_completed,
    ),
    Kpi(
        "scans_usable",
        "Completed scans less those whose image showed a bad injection.",
        "1",
        "higher",
        throughput.scans_usable,
    ),
    Kpi(
        "animals_imaged",
        "Different animals with at least one completed scan.",
        "1",
        "higher",
        throughput.animals_imaged,
    ),
    Kpi(
        "animals_per_day",
        "Animals with a completed scan on a day, each once, per day on which the facility opens.",
        "1/d",
        "higher",
        throughput.animals_per_day,
    ),
    Kpi(
        "study_time_per_animal_min",
        "Time of a session in which somebody positions, docks, scans or cleans, over its animals; uptake, "
        "waiting and recovery do not count. Mean over the animals.",
        "min",
        "lower",
        throughput.study_time_per_animal_min,
    ),
    Kpi(
        "wait_mean_min",
        "Time that the steps of a visit that need its animal stood waiting for this cause; mean over visits that have "
        "started. A shared step counts for each of its animals; cleaning and images are not waited for by an animal.",
        "min",
        "lower",
        waiting.wait_mean_min,
        _CAUSE,
    ),
    Kpi(
        "wait_p95_min",
        "The same waiting of a visit, which 95 of 100 visits do not pass.",
        "min",
        "lower",
        waiting.wait_p95_min,
        _CAUSE,
    ),
    Kpi(
        "lead_time_days",
        "Mean time from the request of a visit to the start of its scan.",
        "d",
        "lower",
        throughput.lead_time_days,
    ),
    Kpi(
        "backlog", "Visits that were requested and have not ended when the run stops.", "1", "lower", throughput.backlog
    ),
    Kpi("cancelled", "Visits that ended before they began.", "1", "lower", throughput.cancelled, _REASON),
    Kpi(
        "rebooked",
        "Visits that were booked again after one that failed or was cancelled.",
        "1",
        "lower",
        throughput.rebooked,
        _REASON,
    ),
    Kpi(
        "repeated",
        "Visits that were booked again because the scan could not be used.",
        "1",
        "lower",
        throughput.repeated,
        _REASON,
    ),
    Kpi(
        "deliveries_refused",
        "Deliveries of tracer that the source licence did not allow; vials_failed[licence] counts what is made in the "
        "house too.",
        "1",
        "lower",
        throughput.refused_deliveries,
    ),
    Kpi(
        "vials_failed",
        "Vials that were to be delivered, eluted, labelled or synthesised and could never be used.",
        "1",
        "lower",
        throughput.vials_failed,
        _REASON,
    ),
    *animal_kpis.KPIS,
    Kpi(
        "utilisation_pct",
        "Busy time within the shift (people; breaks left out) or within opening hours (scanners: imaging, "
        "quality control, set-up; beds and rooms: occupied places) of that time.",
        "%",
        "none",
        utilisation.utilisation_pct,
        _THING,
    ),
    Kpi(
        "scanner_time_pct",
        "Share of the opening hours that a scanner spent in this state: imaging, quality_control, set_up, "
        "down, waiting for person, tracer, place or animal, idle.",
        "%",
        "none",
        utilisation.scanner_time_pct,
        "scanner/state",
    ),
    Kpi(
        "overtime_min",
        "Time that people were busy outside their shifts, all together.",
        "min",
        "lower",
        utilisation.overtime_min,
    ),
    Kpi(
        "end_of_day",
        "Clock time at which the last step of a day that needed a person ended; mean over days, above 24 past "
        "midnight.",
        "h",
        "lower",
        throughput.end_of_day,
    ),
    Kpi(
        "activity_delivered_mbq",
        "Activity that arrived, or was eluted or made here (beside the parent that it grew from), at that time.",
        "MBq",
        "none",
        partial(activity.megabecquerel, flow="delivered"),
        _NUCLIDE,
    ),
    Kpi(
        "activity_injected_mbq",
        "Activity that was injected, at the time of injection.",
        "MBq",
        "none",
        partial(activity.megabecquerel, flow="injected"),
        _NUCLIDE,
    ),
    Kpi(
        "activity_decayed_mbq",
        "Activity that decayed in vials and syringes before it was used or thrown away.",
        "MBq",
        "lower",
        partial(activity.megabecquerel, flow="decayed"),
        _NUCLIDE,
    ),
    Kpi(
        "activity_wasted_mbq",
        "Activity that became waste unused, at that time.",
        "MBq",
        "lower",
        partial(activity.megabecquerel, flow="wasted"),
        _NUCLIDE,
    ),
    Kpi(
        "activity_residual_mbq",
        "Activity that stayed in syringes after injection.",
        "MBq",
        "lower",
        partial(activity.megabecquerel, flow="residual"),
        _NUCLIDE,
    ),
    Kpi(
        "activity_spilt_mbq",
        "Activity that was spilt when syringes were drawn and injected.",
        "MBq",
        "lower",
        partial(activity.megabecquerel, flow="spilt"),
        _NUCLIDE,
    ),
    Kpi(
        "activity_in_stock_mbq",
        "Activity in vials and syringes when the run stops.",
        "MBq",
        "none",
        partial(activity.megabecquerel, flow="in_stock"),
        _NUCLIDE,
    ),
    Kpi(
        "nec_per_animal",
        "Noise-equivalent counts of an animal's usable PET scan: predicted from the scanner's response, the activity "
        "at its start, the neighbours and the scan time; mean. Undefined where the scanner's ring is not known.",
        "1",
        "higher",
        counts.nec_per_animal,
    ),
    Kpi(
        "scans_below_target",
        "PET scans of an animal with fewer noise-equivalent counts than their protocol's count target.",
        "1",
        "lower",
        counts.scans_below_target,
    ),
    Kpi(
        "quantification_cv_pct",
        "Coefficient of variation of an uptake measurement in this target: counting, recovery and place in the bed, "
        "injected activity, biology.",
        "%",
        "lower",
        power.quantification_cv_pct,
        "target",
    ),
    Kpi(
        "animals_needed_per_group",
        "Usable animals in each of two groups, so that the study's difference is seen with its power by what its PET "
        "images measure: counts, recovery and places, injected activity, biology. What handling adds in this run, and "
        "animals lost, are in animals_per_comparison.",
        "1",
        "lower",
        power.animals_needed_per_group,
        "study",
    ),
    Kpi(
        "powered_comparisons_per_week",
        "Usable animals of the smallest group over animals_needed_per_group, summed over the studies that say "
        "what they measure, per week of the run.",
        "1/week",
        "higher",
        power.powered_comparisons_per_week,
    ),
    *dose_kpis.KPIS,
    *dose_spills.KPIS,
    *dose_intake.KPIS,
    *dose_effluent.KPIS,
    *machines.KPIS,
    *radioactive.KPIS,
    *procurement.KPIS,
    *answers.KPIS,
    *waste_stores.KPIS,
    *hygiene.KPIS,
    *compliance.KPIS,
    *standing.KPIS,
    Kpi("cost_total", "All parts of the cost that have a price.", CURRENCY, "lower", cost.cost_total),
    Kpi(
        "cost_per_usable_scan",
        "The total cost over the usable scans. Of replications the median says more than the mean: a week with a "
        "breakdown has few scans.",
        CURRENCY,
        "lower",
        cost.cost_per_usable_scan,
    ),
    Kpi(
        "cost",
        "Cost of staff (shift hours), overtime, scanner (hours in use), capital (price over lifetime, "
        "straight line), service, rooms, tracer, consumables.",
        CURRENCY,
        "lower",
        cost.cost,
        "part",
    ),
    Kpi(
        "recharge_income",
        "What is charged for usable scans and for hours of scanners.",
        CURRENCY,
        "higher",
        cost.recharge_income,
    ),
    Kpi(
        "recharge",
        "Income by what is charged for: usable scans (scans); hours in which a session has a scanner, by the service "
        "of its study (full, assisted, self_service), those outside opening hours at their own price.",
        CURRENCY,
        "higher",
        recharge.recharge,
        "part",
    ),
    Kpi(
        "cost_recovery_pct", "Share of the cost that the recharge income covers.", "%", "higher", cost.cost_recovery_pct
    ),
)

BY_ID: dict[str, Kpi] = {kpi.id: kpi for kpi in KPIS}

__all__ = ["BY_ID", "KPIS", "Figure", "Kpi", "bottleneck", "compute", "kpi_of", "unit_of"]


def compute(run: Run) -> dict[str, Figure]:
    """Every KPI of a run: id, or id[member] -> value and unit."""
    return {name: figure for kpi in KPIS for name, figure in _figures(kpi, run).items()}


def _figures(kpi: Kpi, run: Run) -> dict[str, Figure]:
    value = kpi.compute(run)
    values = value if isinstance(value, Mapping) else {None: value}
    unit = run.facts.prices.currency if kpi.unit == CURRENCY else kpi.unit
    return {_name(kpi, member): {"value": _defined(number), "unit": unit} for member, number in values.items()}


def entries(name: str, run: Run, nuclides: Iterable[str]) -> list[str]:
    """The entries of a KPI in each run of a site, by a run of it in which nothing need have happened."""
    kpi = BY_ID[name]
    more = nuclides if kpi.index == _NUCLIDE else ()
    return [*_figures(kpi, run), *(_name(kpi, nuclide) for nuclide in more)]


def _name(kpi: Kpi, member: str | None) -> str:
    return kpi.id if member is None else f"{kpi.id}[{member}]"


def _defined(value: Value) -> Value:
    return None if value is None or not math.isfinite(value) else float(value)


def kpi_of(name: str) -> Kpi | None:
    """The KPI of an entry such as ``wait_mean_min[person]``; None if there is no such KPI."""
    return BY_ID.get(name.partition("[")[0])


def unit_of(name: str, currency: str = "EUR") -> str:
    """Unit of an entry; of a KPI that is known."""
    unit = BY_ID[name.partition("[")[0]].unit
    return currency if unit == CURRENCY else unit
