"""KPIs of what follows a scan: when the answer is there, how full the archive gets."""

from __future__ import annotations

import numpy as np

from twin.results.kpi import Kpi
from twin.results.machines import data_volume_gb
from twin.results.run import ArchiveFacts, Run
from twin.results.tasks import happenings
from twin.results.throughput import DAY_S, mean
from twin.results.visits import number_of_visit, visits


def _answered(run: Run) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """When the answer of each visit was there [s]; NaN: not yet, or never."""
    rows = happenings(run, "answer")
    found = np.full(len(visits(run)), np.nan)
    found[number_of_visit(run)[run.column("visit")[rows]]] = run.events["time_s"].to_numpy()[rows]
    return found


def answer_time_h(run: Run) -> float | None:
    """From the end of a scan to its answer, mean over those that have one."""
    return mean((_answered(run) - visits(run)["scan_end_s"].to_numpy(float)) / 3600.0)


def answers_open(run: Run) -> float | None:
    """Usable scans without an answer when the run stops; undefined where nobody answers."""
    if not any(plan.answers for plan in run.facts.plans.values()):
        return None
    return float((visits(run)["usable"].to_numpy(bool) & np.isnan(_answered(run))).sum())


def archive_filled_pct(run: Run) -> float | None:
    """How full the archive is when the run stops."""
    known = run.facts.archive
    if known is None:
        return None
    return 100.0 * (known.filled * known.capacity_gb + data_volume_gb(run)) / _capacity_gb(run, known)


def _capacity_gb(run: Run, known: ArchiveFacts) -> float:
    """What it holds when the run stops [GB]."""
    return known.capacity_gb + known.more_gb * len(happenings(run, "archive_extended"))


def archive_full_in_d(run: Run) -> float | None:
    """How long it takes from then on until the archive is full, if data come on as in this run."""
    known, each_day = run.facts.archive, data_volume_gb(run) / (run.facts.horizon_s / DAY_S)
    if known is None or each_day <= 0.0:
        return None
    free_gb = _capacity_gb(run, known) - known.capacity_gb * known.filled - data_volume_gb(run)
    return max(0.0, free_gb) / each_day


KPIS: tuple[Kpi, ...] = (
    Kpi(
        "answer_time_h",
        "From the end of a scan to its answer: archived, processed, segmented and read, as the policies say. Mean over "
        "the scans that have one; undefined where images are left as they are.",
        "h",
        "lower",
        answer_time_h,
    ),
    Kpi("answers_open", "Usable scans that have no answer yet when the run stops.", "1", "lower", answers_open),
    Kpi(
        "archive_filled_pct",
        "How full the archive is when the run stops: what was there, and what the completed scans left.",
        "%",
        "lower",
        archive_filled_pct,
    ),
    Kpi(
        "archive_full_in_d",
        "How long until the archive is full, if data come on as in this run.",
        "d",
        "higher",
        archive_full_in_d,
    ),
)
