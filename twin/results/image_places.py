"""What PET scans were worth by place in the bed, and the curves of noise-equivalent counts that they lie on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from twin.physics import counts as physics
from twin.physics.counts import BedResponse
from twin.results.counts import scans
from twin.results.run import Run, once

#: Activities in each animal for which a curve is made [Bq], and how far beyond its peak it goes.
_GRID_BQ = np.geomspace(2e4, 2e9, 161)
_BEYOND = 1.6
#: Over so short a time the activity does not change [s].
_INSTANT_S = 1.0


def _kinds(run: Run) -> Iterator[tuple[dict[str, Any], pd.DataFrame, BedResponse]]:
    """Kinds of scans that occurred: study, scanner, protocol, animals; their rows; what the ring sees of the bed."""
    names = ["study", "scanner", "protocol", "animals"]
    table = scans(run)
    table = table[table["nec"].notna()].astype(dict.fromkeys(names[:3], object))
    for key, rows in table.groupby(names, sort=True):
        said = dict(zip(names, key, strict=True))
        yield said, rows, run.facts.imaging.responses[str(said["study"])][str(said["scanner"])]


@once
def scan_places(run: Run) -> pd.DataFrame:
    """One row for each place of each kind of bed in which animals were scanned.

    Returns
    -------
    DataFrame
        study, scanner, protocol, animals (on the bed), place (from 1), off_axis_m, fwhm_m (full width at half of a thin
        line's image there; null: not known), scans, activity_bq (mean at the start), trues, scattered, randoms, nec
        (means of a scan), nec_low, nec_high (the least and the most), noise_pct (what counting leaves in the study's
        target; null: the study names none).
    """
    rows = [row for said, own, response in _kinds(run) for row in _places(run, said, own, response)]
    columns = (
        "study", "scanner", "protocol", "animals", "place", "off_axis_m", "fwhm_m", "scans", "activity_bq", "trues",
        "scattered", "randoms", "nec", "nec_low", "nec_high", "noise_pct",
    )  # fmt: skip
    return pd.DataFrame(rows, columns=list(columns))


def _places(run: Run, said: dict[str, Any], own: pd.DataFrame, response: BedResponse) -> Iterator[dict[str, Any]]:
    nuclide = run.facts.imaging.sources[str(said["protocol"])].nuclide
    blur = response.blurs.get(nuclide)
    for place, rows in own.groupby("place", sort=True):
        nec = rows["nec"]
        means = {name: float(rows[name].mean()) for name in ("activity_bq", "trues", "scattered", "randoms")}
        yield {
            **said,
            "place": int(str(place)) + 1,
            "off_axis_m": response.off_axis_m if said["animals"] > 1 or len(response.trues) > 1 else 0.0,
            "fwhm_m": np.nan if blur is None else blur.line_source_m(),
            "scans": len(rows),
            **means,
            "nec": float(nec.mean()),
            "nec_low": float(nec.min()),
            "nec_high": float(nec.max()),
            "noise_pct": _noise_pct(run, str(said["study"]), response, float(nec.mean())),
        }


def _noise_pct(run: Run, study: str, response: BedResponse, nec: float) -> float:
    wanted = run.facts.imaging.comparisons.get(study)
    if wanted is None:
        return np.nan
    found = physics.target_cv(response, nec, run.facts.imaging.noise, wanted.size_m, wanted.contrast)
    return 100.0 * float(found)


@once
def necr(run: Run) -> pd.DataFrame:
    """Noise-equivalent count rate of an animal against its activity, for each kind of scan that occurred.

    Returns
    -------
    DataFrame
        study, scanner, protocol, animals (on the bed, each with this activity), activity_bq, nec_per_s (mean of the
        places), decay_per_s. Each curve goes somewhat beyond its peak.
    """
    parts = [_curve(run, said, response) for said, _, response in _kinds(run)]
    columns = ["study", "scanner", "protocol", "animals", "activity_bq", "nec_per_s", "decay_per_s"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _curve(run: Run, said: dict[str, Any], response: BedResponse) -> pd.DataFrame:
    source = run.facts.imaging.sources[str(said["protocol"])]
    activity = np.repeat(_GRID_BQ[:, None], int(said["animals"]), axis=1)
    found = physics.scanned(response, activity, np.full(len(_GRID_BQ), _INSTANT_S), source)
    rate = found.nec.mean(axis=1) / _INSTANT_S
    last = _BEYOND * _GRID_BQ[int(np.argmax(rate))]
    kept = last >= _GRID_BQ
    columns = {"activity_bq": _GRID_BQ[kept], "nec_per_s": rate[kept], "decay_per_s": source.decay_per_s}
    return pd.DataFrame(said | columns, index=range(int(kept.sum())))
