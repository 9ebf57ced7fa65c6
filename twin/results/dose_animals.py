r"""Absorbed doses of animals over a study: what was injected, and the CT scans.

What is injected decays in the body until it is voided, by the kinetics of its tracer,

.. math:: \tilde A = A \sum_i \frac{h_i}{\lambda + k_i},

with the heights and rates of what stays. Where they are not known everything decays in the body, which is the most that
it can be (`all_within`). An animal may have a hold: it is handled as radioactive for ten half-lives.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from twin.results.ambient import carried, known_retention
from twin.results.run import Run, once
from twin.results.tasks import tasks
from twin.results.visits import visit_codes, visit_steps, visits

#: Half-lives for which an animal is held.
HOLD = 10.0
COLUMNS = "animal study injections all_within injected_gy ct_scans ct_gy total_gy above_sublethal hold_until_s"


@once
def dose_animals(run: Run) -> pd.DataFrame:
    """One row for each animal that was injected or had a CT scan.

    Returns
    -------
    DataFrame
        animal, study, injections, all_within (how many of them decay in the body wholly, since it is not known what of
        their tracer is voided), injected_gy (whole body), ct_scans, ct_gy (null: not known of the species), total_gy,
        above_sublethal (whether the total is above what the table calls sublethal), hold_until_s (ten half-lives after
        its last injection; null without).
    """
    table = visits(run)
    own = pd.DataFrame({"animal": table["animal"].astype(object), "study": table["study"].astype(object)})
    own = own.assign(**_injected(run)).assign(ct_scans=_ct_scans(run))
    by = own.groupby("animal", sort=True)
    found = by[["injections", "all_within", "injected_gy", "ct_scans"]].sum()
    found = found.assign(study=by["study"].first(), hold_until_s=by["hold_until_s"].max()).reset_index()
    each = found["study"].map(dict(run.facts.dose.ct_gy)).astype(float)
    found["ct_gy"] = (each * found["ct_scans"]).where(found["ct_scans"] > 0, 0.0)
    found["total_gy"] = found["injected_gy"] + found["ct_gy"].fillna(0.0)
    found["above_sublethal"] = found["total_gy"] > run.facts.dose.sublethal_gy
    shown = found[(found["injections"] > 0) | (found["ct_scans"] > 0)].reset_index(drop=True)
    return shown[COLUMNS.split()]


def _injected(run: Run) -> dict[str, Any]:
    """By visit: injections, those with all of their decays, dose of the whole body, until when to hold."""
    rows, things = carried(run), len(visit_codes(run))
    own, nuclide, decay = rows["visit"].to_numpy(), rows["nuclide"], rows["decay"].to_numpy()
    study = visits(run)["study"].astype(object).to_numpy()[own]
    absorbed = run.facts.dose.absorbed_gy
    each = [absorbed.get(of, {}).get(name, np.nan) for of, name in zip(study, nuclide, strict=True)]
    stays_s = _residence_s(run, own, decay)
    dose = rows["activity_bq"].to_numpy() * np.where(np.isnan(stays_s), 1.0 / decay, stays_s)
    dose *= np.array(each, dtype=float)
    hold_until = np.full(things, np.nan)
    np.fmax.at(hold_until, own, rows["time_s"].to_numpy() + HOLD * np.log(2.0) / decay)
    return {
        "injections": np.bincount(own, minlength=things),
        "all_within": np.bincount(own[np.isnan(stays_s)], minlength=things),
        "injected_gy": np.bincount(own, np.nan_to_num(dose), minlength=things),
        "hold_until_s": hold_until,
    }


def _residence_s(run: Run, visit: Any, decay_per_s: Any) -> Any:
    """Decays in the body for each becquerel that is injected at a visit [s]; NaN: it is not known what is voided."""
    found = np.full(len(visit), np.nan)
    for own, exponentials in known_retention(run, visit):
        found[own] = sum(height / (decay_per_s[own] + rate) for height, rate in exponentials)
    return found


def _ct_scans(run: Run) -> Any:
    """CT scans of each visit: steps of task ``scan`` that are called ct."""
    task, visit = visit_steps(run)
    table = tasks(run)
    done = ~table["open"] & ~table["aborted"] & (table["task"] == "scan")
    done &= table["step"].astype(str).str.match(r"ct(_|$)")
    return np.bincount(visit[done.to_numpy()[task]], minlength=len(visit_codes(run)))
