"""KPIs of the machines: what scans leave in the archive, how long images wait for the computers, what checks cost."""

from __future__ import annotations

import numpy as np

from twin.results.intervals import between
from twin.results.kpi import Kpi
from twin.results.resources import task_scanner
from twin.results.run import Run
from twin.results.tasks import happenings, taking_part, tasks, thing_of
from twin.results.throughput import mean
from twin.results.visits import visits


def data_volume_gb(run: Run) -> float:
    """Raw data and images of all visits that ended well."""
    table = visits(run)
    each = run.mapped(table, "protocol", {name: plan.data_gb for name, plan in run.facts.plans.items()})
    return float(np.nansum(each[run.which(table, "status", "completed", "killed")]))


def acquisitions(run: Run) -> dict[str | None, float | None]:
    """By scanner, how many animals it scanned, once for each scan that ran to its end: CT, native and the rest."""
    names = list(run.facts.scanners)
    table, (task, _) = tasks(run), taking_part(run, "animal")
    done = run.which(table, "task", "scan") & ~table["open"].to_numpy() & ~table["aborted"].to_numpy()
    scanner = task_scanner(run)[task[done[task]]]
    counts = np.bincount(scanner[scanner >= 0], minlength=len(names))
    return {name: float(counts[i]) for i, name in enumerate(names)}


def reconstruction_wait_mean_min(run: Run) -> float | None:
    """How long a reconstruction waits before it begins."""
    table = tasks(run)
    own = run.which(table, "task", "reconstruction") & ~np.isnan(table["start_s"].to_numpy())
    return mean(np.nan_to_num(table["wait_s"].to_numpy()[own]) / 60.0)


def checks_failed(run: Run) -> float:
    """Quality controls that were not passed."""
    return float(len(happenings(run, "check_failed")))


def calibration_blocked_h(run: Run) -> dict[str | None, float | None]:
    """By scanner, how long it took no quantitative scans because a calibration was due or had expired."""
    names = list(run.facts.scanners)
    rows = happenings(run, "calibration_expired", "calibration_valid")
    scanner = run.positions(names)[thing_of(run, "scanner")[rows]]
    begins = run.column("step")[rows] == run.code("calibration_expired")
    spans = between(scanner, run.events["time_s"].to_numpy()[rows], begins, run.facts.horizon_s)
    hours = np.bincount(spans.key, weights=(spans.end_s - spans.start_s) / 3600.0, minlength=len(names))
    return {name: float(hours[i]) for i, name in enumerate(names)}


KPIS: tuple[Kpi, ...] = (
    Kpi(
        "data_volume_gb",
        "What the completed scans leave in the archive: raw data and images.",
        "GB",
        "none",
        data_volume_gb,
    ),
    Kpi(
        "acquisitions",
        "Scans that ran to their end, each animal of a shared bed and each scan of a session counted (a CT, one before "
        "and one after a contrast agent, one on each of two machines).",
        "1",
        "higher",
        acquisitions,
        "scanner",
    ),
    Kpi(
        "reconstruction_wait_mean_min",
        "How long a reconstruction waits for a place of the computers before it begins.",
        "min",
        "lower",
        reconstruction_wait_mean_min,
    ),
    Kpi("checks_failed", "Quality controls of scanners that were not passed.", "1", "lower", checks_failed),
    Kpi(
        "calibration_blocked_h",
        "Time for which a scanner took no quantitative scans: a calibration was due or had expired, and was not done.",
        "h",
        "lower",
        calibration_blocked_h,
        "scanner",
    ),
)
