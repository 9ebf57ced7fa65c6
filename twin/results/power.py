r"""From counts to the question: how well an uptake is measured, how many animals that needs, what a week proves.

.. math:: CV^2 = CV_{counting}^2 + CV_{quantification}^2 + CV_{injection}^2 + CV_{biology}^2
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from twin.animals import sample_size
from twin.errors import DataError
from twin.physics import counts
from twin.physics.counts import BedResponse
from twin.results.bodies import at_scan
from twin.results.counts import scans
from twin.results.run import Array, Run, codes_of, once
from twin.results.severity import fates
from twin.results.visits import visits
from twin.scenario.site_imaging import Comparison

WEEK_S = 7 * 86400.0
_STEP = 0.01


@once
def comparisons(run: Run) -> pd.DataFrame:
    """One row for each study that says what it measures.

    Returns
    -------
    DataFrame
        study, target, scans (usable, with known counts); counting_cv_pct (root of the mean square over the scans),
        quantification_cv_pct (recovery of a size that varies, places of a hotel), injection_cv_pct, biology_cv_pct,
        cv_pct (all together); recovery_pct; effect_pct; animals_per_group (needed), animals_scanned (fewest of a
        group, each animal once), comparisons (powered ones that the usable animals make: not a whole number).
    """
    rows = [_row(run, study, one) for study, one in run.facts.imaging.comparisons.items()]
    columns = (
        "study", "target", "scans", "counting_cv_pct", "quantification_cv_pct", "injection_cv_pct", "biology_cv_pct",
        "cv_pct", "recovery_pct", "effect_pct", "animals_per_group", "animals_scanned", "comparisons",
    )  # fmt: skip
    return pd.DataFrame(rows, columns=list(columns))


def _row(run: Run, study: str, said: Comparison) -> dict[str, Any]:
    table = scans(run)
    usable = run.which(table, "study", study) & table["usable"].to_numpy(dtype=bool)
    mine = np.flatnonzero(usable & ~np.isnan(table["nec"].to_numpy()))
    parts = _parts(run, mine, study, said)
    whole = math.sqrt(sum(part * part for part in parts.values()))
    needed = _needed(said, whole)
    fewest = _fewest(run, usable, said)
    return {
        "study": study,
        "target": said.target,
        "scans": len(mine),
        **{f"{name}_cv_pct": 100.0 * part for name, part in parts.items()},
        "cv_pct": 100.0 * whole,
        "recovery_pct": 100.0 * _recovery(run, mine, said.size_m),
        "effect_pct": 100.0 * said.effect,
        "animals_per_group": needed,
        "animals_scanned": fewest,
        "comparisons": math.nan if math.isnan(needed) else fewest / needed,
    }


def _parts(run: Run, mine: Array, study: str, said: Comparison) -> dict[str, float]:
    """The four coefficients of variation; NaN where no scan is known."""
    imaging, table = run.facts.imaging, scans(run)
    nec, scanner = table["nec"].to_numpy()[mine], codes_of(table, "scanner")[mine]
    squares = [
        _counting_cv(run, said, _response(run, study, run.names[code]), nec[scanner == code]) ** 2
        for code in np.unique(scanner).tolist()
    ]
    known = np.concatenate(squares) if squares else np.array([math.nan])
    size = _size_cv(run, mine, said)
    places = imaging.hotel_cv if (table["animals"].to_numpy()[mine] > 1).any() else 0.0
    return {
        "counting": math.sqrt(float(known.mean())),
        "quantification": math.hypot(size, places),
        "injection": imaging.injected_cv,
        "biology": said.biology,
    }


def _counting_cv(run: Run, said: Comparison, response: BedResponse, nec: Array) -> Array:
    return counts.target_cv(response, nec, run.facts.imaging.noise, said.size_m, said.contrast)


def _response(run: Run, study: str, scanner: object) -> BedResponse:
    return run.facts.imaging.responses[study][str(scanner)]


def _size_cv(run: Run, mine: Array, said: Comparison) -> float:
    """What a diameter that varies between animals makes of the recovery."""
    usual = _recovery(run, mine, said.size_m)
    if math.isnan(usual):
        return 0.0
    more = _recovery(run, mine, said.size_m * (1.0 + _STEP))
    return (more / usual - 1.0) / _STEP * run.facts.imaging.size_spread


def _recovery(run: Run, mine: Array, size_m: float) -> float:
    """Part of the target's activity that is seen inside its edge, on the first scanner; NaN where it is not known."""
    if not len(mine):
        return math.nan
    table = scans(run)
    study, scanner, protocol = (run.names[codes_of(table, key)[mine[0]]] for key in ("study", "scanner", "protocol"))
    blur = _response(run, study, scanner).blurs.get(run.facts.imaging.sources[protocol].nuclide)
    return math.nan if blur is None else blur.mean_recovery(size_m)


def _needed(said: Comparison, whole: float) -> float:
    """Animals in each group; NaN if nothing is known, or if no number of animals will do."""
    if math.isnan(whole):
        return math.nan
    try:
        return float(sample_size.two_groups(said.effect / whole, said.power, said.alpha))
    except DataError:
        return math.nan


def _fewest(run: Run, usable: Array, said: Comparison) -> int:
    """Animals with a usable scan in the smallest group."""
    numbers = dict.fromkeys(said.groups, 0)
    for code in np.unique(codes_of(scans(run), "animal")[usable]).tolist():
        numbers[_group(run.names[code], said)] += 1
    return min(numbers.values())


def _group(animal: str, said: Comparison) -> str:
    """As the site has it: in turn when there is no end, else blocks of equal size one after another."""
    if animal in said.booked:
        return said.booked[animal]
    number, groups = int(animal.rpartition("-")[2]), said.groups
    if said.animals is None:
        return groups[(number - 1) % len(groups)]
    return groups[(number - 1) * len(groups) // max(said.animals, number)]


def quantification_cv_pct(run: Run) -> dict[str | None, float | None]:
    """By target; studies with the same target count by their scans."""
    table = comparisons(run)
    found: dict[str | None, list[tuple[float, int]]] = {}
    for target, cv, number in zip(*(table[key].tolist() for key in ("target", "cv_pct", "scans")), strict=True):
        found.setdefault(target, []).extend([(cv, number)] if number > 0 else [])
    return {target: _weighed(known) for target, known in found.items()}


def _weighed(known: list[tuple[float, int]]) -> float | None:
    """Mean of values with weights."""
    values, weights = ([pair[i] for pair in known] for i in (0, 1))
    return float(np.average(values, weights=weights)) if known else None


def animals_per_comparison(run: Run) -> dict[str | None, float | None]:
    """Animals to begin with in each of two groups, by study: all that spreads a result here, and the animals lost."""
    return {study: _to_begin_with(run, study) for study in run.facts.animals}


def _to_begin_with(run: Run, study: str) -> float | None:
    """By a t-test; None where nothing is known of the study's scans."""
    own, handled = run.facts.animals[study], _handling_cv(run, study)
    images = _image_cv(run, study)
    if handled is None and images is None:
        return None
    spread = math.hypot(_biology(run, study), handled or 0.0, images or 0.0)
    lost = [fate.excluded is not None for fate in fates(run).values() if fate.study == study]
    part = sum(lost) / len(lost) if lost else 0.0
    try:
        animals = sample_size.two_groups(own.difference / spread, own.power, own.alpha)
    except DataError:
        return None
    return float(sample_size.with_losses(animals, min(part, 0.95)))


def _biology(run: Run, study: str) -> float:
    """Coefficient of variation between animals: as the study says, else the table's."""
    said = run.facts.imaging.comparisons.get(study)
    return run.numbers.value("studies.variability.between") if said is None else said.biology


def _handling_cv(run: Run, study: str) -> float | None:
    """What injections beside the vein, timing, fasting and warmth of this run add between animals."""
    usable = run.which(visits(run), "study", study) & visits(run)["usable"].to_numpy(dtype=bool)
    found = at_scan(run)
    values = found["target_per_kg"].to_numpy(dtype=float)[usable[found["visit"].to_numpy(dtype=int)]]
    return float(values.std(ddof=1) / values.mean()) if len(values) > 1 else None


def _image_cv(run: Run, study: str) -> float | None:
    """What counts, recovery, places in a hotel and measured activities add, of a study that says what it measures."""
    table = comparisons(run)
    row = table[(table["study"] == study) & table["cv_pct"].notna()]
    if not len(row):
        return None
    parts = ("counting_cv_pct", "quantification_cv_pct", "injection_cv_pct")
    return 0.01 * math.hypot(*(float(row[part].iloc[0]) for part in parts))


def animals_needed_per_group(run: Run) -> dict[str | None, float | None]:
    """Usable animals in each group by the images alone, by study; None where no number is known."""
    table = comparisons(run)
    pairs = zip(table["study"].tolist(), table["animals_per_group"].tolist(), strict=True)
    return {study: None if math.isnan(needed) else float(needed) for study, needed in pairs}


def powered_comparisons_per_week(run: Run) -> float | None:
    """All studies together; None where none states a comparison or nothing is known."""
    known: Array = comparisons(run)["comparisons"].to_numpy(dtype=float)
    known = known[~np.isnan(known)]
    return float(known.sum() / (run.facts.horizon_s / WEEK_S)) if known.size else None
