"""Counts of every PET scan, from the log: activity at its start, neighbours, place in the bed, scan time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from twin.physics import counts as physics
from twin.plan import UNUSABLE
from twin.results.run import Array, Run, codes_of, once
from twin.results.tasks import tasks
from twin.results.visits import visit_steps, visits

#: Columns that are computed.
COUNTED = ("trues", "scattered", "randoms", "nec")


@once
def scans(run: Run) -> pd.DataFrame:
    """One row for each animal of each PET scan that ran to its end, where the scanner's response is known.

    Returns
    -------
    DataFrame
        visit, animal, study, protocol, session, scanner; start_s, duration_s; place (in the order of the bed), animals
        (on the bed), activity_bq (its own at the start, of what was injected, decay and nothing else), others_bq
        (of its neighbours); trues, scattered, randoms, nec (noise-equivalent counts), live_pct; target (counts that are
        due, null: none), below_target, usable.
    """
    table = _animals(run)
    for name in (*COUNTED, "live_pct"):
        table[name] = np.nan
    for _, group in table.groupby(["study", "scanner", "protocol", "animals"], observed=True, sort=False):
        _count(run, table, group)
    wanted = table["protocol"].astype(object).map(dict(run.facts.imaging.targets)).astype(float)
    below = (table["nec"] < wanted).astype(object).where(wanted.notna())
    return table.assign(target=wanted, below_target=below)


def _animals(run: Run) -> pd.DataFrame:
    """Who lay in which scan, with which activity; scans whose response is not known are left out."""
    task, visit = visit_steps(run)
    played, wholes = tasks(run), visits(run)
    done = (played["effect"] == "scan") & ~played["open"] & ~played["aborted"] & played["start_s"].notna()
    keep = done.to_numpy()[task]
    task, visit = task[keep], visit[keep]
    order = np.lexsort((visit, task))
    task, visit = task[order], visit[order]
    names = ["visit", "animal", "study", "protocol", "session"]
    table: Any = wholes.iloc[visit][[*names, "injected_s", "injected_bq", "reason", "status"]].reset_index(drop=True)
    table["scanner"] = run.named(codes_of(played, "scanner")[task])
    table["start_s"], end = played["start_s"].to_numpy()[task], played["end_s"].to_numpy()[task]
    table["task"], table["end_s"] = task, end
    table = table[_known(run, table) & (table["injected_bq"] > 0.0)].reset_index(drop=True)
    return _with_neighbours(run, table)


def _known(run: Run, table: pd.DataFrame) -> Array:
    imaging = run.facts.imaging
    names = (table[name].astype(object) for name in ("study", "scanner", "protocol"))
    found = [
        scanner in imaging.responses.get(study, {}) and protocol in imaging.sources
        for study, scanner, protocol in zip(*names, strict=True)
    ]
    return np.array(found, dtype=bool)


def _with_neighbours(run: Run, table: pd.DataFrame) -> pd.DataFrame:
    """Activities at the beginning of the counts: that of the scan, or of the injection on the bed if that is later."""
    begin = np.maximum(table["start_s"], table["injected_s"])
    constant = table["protocol"].astype(object).map({n: w.decay_per_s for n, w in run.facts.imaging.sources.items()})
    activity = table["injected_bq"] * np.exp(-constant.astype(float) * (begin - table["injected_s"]))
    by = activity.groupby(table["task"])
    usable = table["status"].isin(["completed", "killed"]) & ~table["reason"].isin(UNUSABLE)
    return (
        table.drop(columns=["injected_s", "injected_bq", "reason", "status"])
        .assign(
            duration_s=np.maximum(0.0, table["end_s"] - begin),
            place=by.cumcount(),
            animals=by.transform("size"),
            activity_bq=activity,
            others_bq=by.transform("sum") - activity,
            usable=usable,
        )
        .drop(columns=["end_s"])
    )


def _count(run: Run, table: pd.DataFrame, group: pd.DataFrame) -> None:
    """Counts of scans of one kind, all at once; a bed of the table may have fewer places than there are animals."""
    imaging, first = run.facts.imaging, group.iloc[0]
    response = imaging.responses[first["study"]][first["scanner"]]
    animals = int(first["animals"])
    if animals > len(response.trues):
        return
    activity = group["activity_bq"].to_numpy().reshape(-1, animals)
    lasts_s = group["duration_s"].to_numpy().reshape(-1, animals).min(axis=1)
    found = physics.scanned(response, activity, lasts_s, imaging.sources[first["protocol"]])
    for name in COUNTED:
        table.loc[group.index, name] = getattr(found, name).ravel()
    table.loc[group.index, "live_pct"] = np.repeat(100.0 * found.live, animals)


def nec_per_animal(run: Run) -> float | None:
    """Mean of the usable scans."""
    table = scans(run)
    known = table.loc[table["usable"], "nec"].dropna()
    return float(known.mean()) if len(known) else None


def scans_below_target(run: Run) -> float | None:
    """How many; None where no protocol has a target."""
    if not run.facts.imaging.targets:
        return None
    return float((scans(run)["below_target"] == True).sum())  # noqa: E712 - a column of True, False and None
