"""Charts of the page Animals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboard.charts.common import Chart, Shown
from dashboard.charts.of_tables import chart
from dashboard.figures import asleep, fates

BEGIN = "animals_per_comparison["


def _begin(shown: Shown) -> Sequence[Mapping[str, float]]:
    """Animals that a group of each study should begin with, as the figures of the run have it."""
    known = {name: figure["value"] for name, figure in shown.run.kpis.items() if name.startswith(BEGIN)}
    return ({name[len(BEGIN) : -1]: value for name, value in known.items() if value is not None},)


_LIMITS = {"study_limits": "study anaesthesia_soft_s cold_degc"}

CHARTS: tuple[Chart[Shown], ...] = (
    chart(
        "anaesthesia", "Time under anaesthesia", "min", "A point for each visit, a box for each study.",
        asleep.ANAESTHESIA, {"visits": "visit animal study anaesthesia_s"} | _LIMITS, height=240, half=True,
    ),
    chart(
        "warmth", "How cold animals became", "°C", "The lowest temperature of each animal under anaesthesia.",
        asleep.WARMTH, {"welfare": "animal study lowest_degc hypothermia_s"} | _LIMITS, height=240, half=True,
    ),
    chart(
        "uptake_error", "Uptake time against the protocol", "min",
        "From injection to the scan, less what the protocol says: late on the right.",
        asleep.UPTAKE, {"visits": "visit animal protocol uptake_s uptake_target_s uptake_error_s"},
        height=240, half=True,
    ),
    chart(
        "exclusions", "Excluded animals", "animals", "A time point was lost and not made good; first reasons.",
        fates.EXCLUSIONS, {"welfare": "animal study visits scans excluded"}, height=200, half=True,
    ),
    chart(
        "severity", "Actual severity", "animals", "By the classes of 2010/63/EU, from what happened to each animal.",
        fates.SEVERITY, {"welfare": "study severity died"}, height=220, half=True,
    ),
    chart(
        "projects", "Used of what is approved", "animals", "Animals whose first visit began, by project.",
        fates.PROJECTS, {"projects": "project studies used approved"}, height=220, half=True,
    ),
    chart(
        "powered", "Animals of a powered comparison", "animals in a group",
        "What each study needs to see its effect with its power, and what it has.",
        fates.POWERED, {"comparisons": "study target effect_pct animals_per_group animals_scanned comparisons"},
        _begin, height=240,
    ),
)  # fmt: skip
