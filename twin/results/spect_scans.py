"""Counts of single-photon scans, from the log: what was in the animal, and what its camera sees of that.

A focusing collimator sees a small field and is moved over the animal; so of an animal that is evenly filled the part
counts that lies in the field. Photons that were scattered are not counted (`twin.physics.spect`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache, partial
from typing import Any

import pandas as pd

from twin.animals.body import body
from twin.errors import DataError
from twin.physics import collimators, spect
from twin.physics.collimators import Pinholes
from twin.physics.decay import decays_between
from twin.results.ambient import carried
from twin.results.run import Array, Run, codes_of, once
from twin.results.tasks import tasks
from twin.results.visits import visit_steps, visits
from twin.scenario import site_imaging
from twin.sources import Numbers

COLUMNS = (
    "visit animal study protocol session scanner collimator nuclide start_s duration_s activity_bq counts resolution_m"
).split()
_DENSITY_KG_PER_M3 = 1000.0
#: Length of an animal over its width: that of the NEMA mouse.
_SLENDER = 2.8


@once
def spect_scans(run: Run) -> pd.DataFrame:
    """One row for each animal and nuclide of each SPECT scan that ran to its end, where the collimator is known.

    Returns
    -------
    DataFrame
        visit, animal, study, protocol, session, scanner, collimator, nuclide; start_s, duration_s, activity_bq (at the
        start: what was injected, less decay and, where it is known, what was voided), counts (primary photons in all
        windows), resolution_m (at the focus).
    """
    task, visit = visit_steps(run)
    played, wholes = tasks(run), visits(run)
    done = ~played["open"] & ~played["aborted"] & played["step"].astype(str).str.match(r"spect(_|$)")
    known = played["scanner"].astype(object).map({n: s.collimator for n, s in run.facts.scanners.items()}).notna()
    keep = (done & known).to_numpy()[task]
    return pd.DataFrame(_rows(run, played, wholes, task[keep], visit[keep]), columns=COLUMNS)


def _rows(run: Run, played: pd.DataFrame, wholes: pd.DataFrame, task: Array, visit: Array) -> list[tuple[Any, ...]]:
    given, animals = carried(run), codes_of(wholes, "animal")[visit]
    by_animal = dict(iter(given.groupby("animal", sort=True)))
    seen_by = cache(partial(view, run.numbers))
    found: list[tuple[Any, ...]] = []
    for step, whose, animal in zip(task.tolist(), visit.tolist(), animals.tolist(), strict=True):
        scan, one = played.iloc[step], wholes.iloc[whose]
        species, collimator = run.facts.animals[one["study"]].species, run.facts.scanners[scan["scanner"]].collimator
        who = *(one[name] for name in ("visit", "animal", "study", "protocol", "session")), scan["scanner"], collimator
        for nuclide, begin_s, activity_bq in _held(run, by_animal.get(animal), one["study"], scan):
            if (seen := seen_by(str(collimator), nuclide, species)) is not None:
                lasts_s, decay = float(scan["end_s"] - begin_s), run.facts.decay_per_s[nuclide]
                decays = decays_between(activity_bq, decay, lasts_s)
                found.append((*who, nuclide, begin_s, lasts_s, activity_bq, decays * seen[0], seen[1]))
    return found


def _held(run: Run, given: pd.DataFrame | None, study: str, scan: pd.Series[Any]) -> Iterator[tuple[str, float, float]]:
    """Nuclide, begin of its counts, what the animal holds of it then [Bq]: of all injections, in whichever visit."""
    if given is None:
        return
    for nuclide, own in given[given["time_s"] < scan["end_s"]].groupby("nuclide", sort=True):
        begin_s = max(float(scan["start_s"]), float(own["time_s"].max()))
        held = 0.0
        for time_s, visit, activity_bq, decay in zip(
            *(own[name] for name in ("time_s", "visit", "activity_bq", "decay")), strict=True
        ):
            protocol = str(visits(run)["protocol"].iloc[visit])
            left = float(site_imaging.left(run.facts.imaging, study, protocol, begin_s - time_s))
            held += activity_bq * left * math.exp(-decay * (begin_s - time_s))
        yield str(nuclide), begin_s, held


def view(numbers: Numbers, collimator: str, nuclide: str, species: str) -> tuple[float, float] | None:
    """Counts for each decay in an animal of usual mass, and the resolution [m]; None: no line for a camera."""
    one = collimators.collimator(numbers, collimator)
    volume_m3 = body(numbers, species).mass_kg / _DENSITY_KG_PER_M3
    part = min(1.0, math.pi / 6.0 * one.field_m**3 / volume_m3) if isinstance(one, Pinholes) else 1.0
    width_m = (4.0 * volume_m3 / (math.pi * _SLENDER)) ** (1.0 / 3.0)
    try:
        seen = spect.view(one, numbers, nuclide, body_diameter_m=width_m)
    except DataError:
        return None
    return part * seen.counts_per_decay, seen.resolution_m
