"""Counts of every PET scan, from the log: activity at its start, neighbours, place in the bed, scan time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from twin.physics import counts as physics
from twin.results.run import Array, Run, codes_of, once
from twin.results.tasks import sees_tracer, tasks
from twin.results.throughput import mean
from twin.results.visits import visit_steps, visits
from twin.scenario import site_imaging
from twin.vocabulary import SCANS, UNUSABLE

#: Columns that are computed.
COUNTED = ("trues", "scattered", "randoms", "nec")


@once
def scans(run: Run) -> pd.DataFrame:
    """One row for each animal of each PET scan that ran to its end, where the scanner's response is known.

    Returns
    -------
    DataFrame
        visit, animal, study, protocol, session, scanner; start_s, duration_s; place (in the order of the bed), animals
        (on the bed), activity_bq (its own at the start, of what was injected, less decay and, where it is
        known, what was voided), others_bq (of its neighbours);
        trues, scattered, randoms, nec (noise-equivalent counts), live_pct; target (counts that are
        due, null: none), below_target, usable.
    """
    found = _animals(run)
    columns = found | _counts(run, found)
    targets: dict[str, float | None] = dict(run.facts.imaging.targets)
    wanted = run.mapped(pd.DataFrame({"protocol": found["protocol"]}, copy=False), "protocol", targets)
    below = (columns["nec"] < wanted).astype(object)
    below[np.isnan(wanted)] = np.nan
    return pd.DataFrame(columns | {"target": wanted, "below_target": below}, copy=False)


def _animals(run: Run) -> dict[str, Any]:
    """Who lay in which scan, with which activity; scans whose response is not known are left out."""
    task, visit = visit_steps(run)
    played, wholes = tasks(run), visits(run)
    done = run.which(played, "effect", *SCANS) & ~played["open"].to_numpy() & ~played["aborted"].to_numpy()
    done &= sees_tracer(run)
    keep = (done & ~np.isnan(played["start_s"].to_numpy()))[task]
    task, visit = task[keep], visit[keep]
    order = np.lexsort((visit, task))
    task, visit = task[order], visit[order]
    scanner = codes_of(played, "scanner")[task]
    known = _known(run, codes_of(wholes, "study")[visit], scanner, codes_of(wholes, "protocol")[visit])
    kept = known & (wholes["injected_bq"].to_numpy()[visit] > 0.0)
    task, visit = task[kept], visit[kept]
    columns: dict[str, Any] = {
        name: wholes[name].array[visit] for name in ("visit", "animal", "study", "protocol", "session")
    }
    columns["scanner"] = run.named(scanner[kept])
    columns |= {"start_s": played["start_s"].to_numpy()[task], "task": task}
    return columns | _with_neighbours(run, columns, visit, played["end_s"].to_numpy()[task])


def _known(run: Run, study: Array, scanner: Array, protocol: Array) -> Array:
    """Whether the response is known, by the codes of each scan."""
    imaging, names = run.facts.imaging, [*run.names, None]

    def is_known(study: str | None, scanner: str | None, protocol: str | None) -> bool:
        return scanner in imaging.responses.get(study or "", {}) and protocol in imaging.sources

    codes = list(zip(study.tolist(), scanner.tolist(), protocol.tolist(), strict=True))
    known = {key: is_known(*(names[code] for code in key)) for key in dict.fromkeys(codes)}
    return np.array([known[key] for key in codes], dtype=bool)


def _with_neighbours(run: Run, columns: dict[str, Any], visit: Array, end_s: Array) -> dict[str, Any]:
    """Activities at the beginning of the counts: that of the scan, or of the injection on the bed if that is later."""
    wholes, task = visits(run), columns["task"]
    injected_s, injected_bq = (wholes[name].to_numpy()[visit] for name in ("injected_s", "injected_bq"))
    begin = np.fmax(columns["start_s"], injected_s)
    sources = {name: source.decay_per_s for name, source in run.facts.imaging.sources.items()}
    activity = injected_bq * np.exp(-run.mapped(wholes, "protocol", sources)[visit] * (begin - injected_s))
    activity = activity * _left(run, columns, begin - injected_s)
    _, bed, animals = np.unique(task, return_inverse=True, return_counts=True)
    first = np.cumsum(animals) - animals
    ended = run.which(wholes, "status", "completed", "killed") & ~run.which(wholes, "reason", *UNUSABLE)
    return {
        "duration_s": np.maximum(0.0, end_s - begin),
        "place": np.arange(len(task)) - first[bed],
        "animals": animals[bed],
        "activity_bq": activity,
        "others_bq": np.add.reduceat(activity, first)[bed] - activity,
        "usable": ended[visit],
    }


def _left(run: Run, columns: dict[str, Any], since_s: Array) -> Array:
    """Part of the tracer that was not voided before the scan, decay apart."""
    left, imaging = np.ones(len(since_s)), run.facts.imaging
    study, protocol = (columns[name].astype(object) for name in ("study", "protocol"))
    for name, own in imaging.voided.items():
        for plan in own:
            rows = np.flatnonzero((study == name) & (protocol == plan))
            left[rows] = site_imaging.left(imaging, name, plan, since_s[rows])
    return left


def _counts(run: Run, found: dict[str, Any]) -> dict[str, Array]:
    """Counts of scans of one kind, all at once; a bed of the table may have fewer places than there are animals."""
    names, imaging = [*run.names, None], run.facts.imaging
    columns = {name: np.full(len(found["task"]), np.nan) for name in (*COUNTED, "live_pct")}
    codes = (found[name].codes.tolist() for name in ("study", "scanner", "protocol"))
    kinds: dict[tuple[int, int, int, int], list[int]] = {}
    for row, kind in enumerate(zip(*codes, found["animals"].tolist(), strict=True)):
        kinds.setdefault(kind, []).append(row)
    for (study, scanner, protocol, animals), rows in kinds.items():
        response = imaging.responses[str(names[study])][str(names[scanner])]
        if animals > len(response.trues):
            continue
        activity = found["activity_bq"][rows].reshape(-1, animals)
        lasts_s = found["duration_s"][rows].reshape(-1, animals).min(axis=1)
        seen = physics.scanned(response, activity, lasts_s, imaging.sources[str(names[protocol])])
        for name in COUNTED:
            columns[name][rows] = getattr(seen, name).ravel()
        columns["live_pct"][rows] = np.repeat(100.0 * seen.live, animals)
    return columns


def nec_per_animal(run: Run) -> float | None:
    """Mean of the usable scans."""
    table = scans(run)
    return mean(table["nec"].to_numpy()[table["usable"].to_numpy()])


def scans_below_target(run: Run) -> float | None:
    """How many; None where no protocol has a target."""
    if not run.facts.imaging.targets:
        return None
    return float((scans(run)["below_target"] == True).sum())  # noqa: E712 - a column of True, False and None
