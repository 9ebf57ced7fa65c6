"""Two runs side by side as words: a card for each headline figure, a row for every figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from dashboard.figures import words

Kpis = Mapping[str, Mapping[str, Any]]
Definitions = Mapping[str, Mapping[str, "str | None"]]
Verdict = Literal["better", "worse", "same", "changed", "unknown"]

#: What a lab manager looks at first. `[scanner]` stands for each group of scanners.
HEADLINES: dict[str, str] = {
    "scans_usable": "Usable scans",
    "animals_per_day": "Animals per day",
    "wait_mean_min[all]": "Waiting of a visit",
    "lead_time_days": "From request to scan",
    "utilisation_pct[scanner]": "Use of",
    "overtime_min": "Overtime",
    "anaesthesia_mean_min": "Time under anaesthesia",
    "cost_per_usable_scan": "Cost of a usable scan",
}
#: What stands over the charts of a page, of the whole run.
OF_PAGE: dict[str, dict[str, str]] = {
    "hot_lab": {
        "activity_delivered_mbq": "Activity delivered",
        "activity_injected_mbq": "Activity injected",
        "injected_within_10pct": "Within 10 % of the prescribed",
        "decay_store_most_pct": "Decay store at its fullest",
        "activity_wasted_mbq": "Activity wasted",
    },
    "dose": {
        "dose_whole_body_msv": "Whole body, who has most",
        "dose_fingertip_msv": "Fingertip, who has most",
        "dose_eye_msv": "Eye lens, who has most",
        "dose_collective_msv": "Everybody together",
    },
    "animals": {
        "anaesthesia_mean_min": "Time under anaesthesia",
        "lowest_temperature_c": "Lowest body temperature",
        "animals_excluded": "Animals excluded",
        "deaths": "Animals died",
    },
    "images": {
        "scans_usable": "Usable scans",
        "nec_per_animal": "Noise-equivalent counts of a scan",
        "scans_below_target": "Scans below their target",
        "powered_comparisons_per_week": "Powered comparisons",
    },
    "compliance": {
        "compliance_in_time_pct": "Done in time",
        "compliance_overdue": "Late or overdue",
        "checks_failed": "Checks that failed",
        "calibration_blocked_h": "Blocked by calibration",
    },
}
#: What an ID alone would not say in a person's words.
LABELS: dict[str, str] = {key.partition("[")[0]: label for key, label in HEADLINES.items() if "scanner" not in key} | {
    "utilisation_pct": "Use",
    "wait_p95_min": "Waiting that 95 of 100 visits do not pass",
    "anaesthesia_max_min": "Longest time under anaesthesia",
    "lowest_temperature_c": "Lowest body temperature",
    "injected_within_10pct": "Injected within 10 % of the prescribed",
    "first_pass_injection_rate": "First injections that succeed",
    "nec_per_animal": "Noise-equivalent counts of a scan",
    "quantification_cv_pct": "Coefficient of variation of a measurement",
    "target_uptake_pct_per_g": "Uptake in the target",
    "uptake_error_mean_min": "Distance from the protocol's uptake time",
    "compliance_in_time_pct": "Checks and dates met in time",
}
MOST_OF_PAGE, MILLION = 4, 1e6
_UNITS = {"1": "", "1/d": "per day", "1/week": "per week", "d": "days", "degC": "°C", "uSv": "µSv", "uGy": "µGy"}
#: Endings of IDs that the unit says already.
_ENDINGS = ("_min", "_pct", "_days", "_mbq", "_h", "_msv", "_usv", "_gb")
#: A difference below this share of the larger value is none.
LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of a run, and the same of the baseline.

    Attributes
    ----------
    key : str
        ID of the figure, such as ``wait_mean_min[all]``.
    label, unit, definition : str
    value, baseline : float or None
        None: not defined, or no such run.
    direction : str
        Which is better: higher, lower, none.
    """

    key: str
    label: str
    unit: str
    definition: str
    direction: str
    value: float | None
    baseline: float | None = None
    paired: bool = False

    @property
    def difference(self) -> float | None:
        """Value less baseline; None if one of them is missing."""
        return None if self.value is None or self.baseline is None else self.value - self.baseline

    @property
    def verdict(self) -> Verdict:
        """What the difference means for the facility."""
        step = self.difference
        if step is None:
            return "unknown"
        if abs(step) <= LEAST * max(abs(self.value or 0.0), abs(self.baseline or 0.0)):
            return "same"
        if self.direction not in {"higher", "lower"}:
            return "changed"
        return "better" if (step > 0) == (self.direction == "higher") else "worse"

    @property
    def value_text(self) -> str:
        """The value with its unit, or ``not defined``."""
        return with_unit(self.value, self.unit)

    @property
    def difference_text(self) -> str:
        """The difference in words that need no colour: ``▲ 4 more, better``."""
        step = self.difference
        if step is None:
            return "no difference can be told"
        if self.verdict == "same":
            return "same as the baseline"
        sign, word = ("▲", "more") if step > 0 else ("▼", "less")
        meaning = {"better": ", better", "worse": ", worse"}.get(self.verdict, "")
        unit = "points" if self.unit == "%" else self.unit
        return f"{sign} {with_unit(abs(step), unit)} {word}{meaning}"


def with_unit(value: float | None, unit: str) -> str:
    """``12.3 min``; ``not defined`` has no unit."""
    text = words.number(value)
    return text if value is None or not unit else f"{text} {unit}"


def unit_of(unit: str) -> str:
    """A unit as a person reads it; a count has none."""
    return _UNITS.get(unit, unit)


def label_of(key: str) -> str:
    """``wait_mean_min[person]`` -> ``Waiting of a visit, person``: the same words on every page."""
    name, _, member = key.removesuffix("]").partition("[")
    ending = next((end for end in _ENDINGS if name.endswith(end)), "")
    label = LABELS.get(name) or words.plain(name.removesuffix(ending))
    return f"{label}, {words.named(member)}" if member and member != "all" else label


def compared(kpis: Kpis, baseline: Kpis | None, definitions: Definitions, keys: Iterable[str] = ()) -> list[Compared]:
    """Every figure of a run (or those named), each with the baseline's."""
    chosen = [key for key in keys if key in kpis] if keys else [key for key in kpis if _told(key, kpis, baseline)]
    return [_one(key, label_of(key), kpis, baseline, definitions) for key in chosen]


def _told(key: str, kpis: Kpis, baseline: Kpis | None) -> bool:
    """A count of nothing in both runs, such as visits cancelled for want of a licence, is not told."""
    values = [run[key]["value"] for run in (kpis, baseline or {}) if key in run]
    return "[" not in key or any(value != 0 for value in values)


def headlines(kpis: Kpis, baseline: Kpis | None, definitions: Definitions, scanners: Iterable[str]) -> list[Compared]:
    """The cards: one for each headline figure that the run has."""
    named = dict(_expanded(scanners))
    return [_one(key, label, kpis, baseline, definitions) for key, label in named.items() if key in kpis]


def of_page(page: str, kpis: Kpis, baseline: Kpis | None, definitions: Definitions) -> list[Compared]:
    """At most four figures of a run that say what a page is about; what is not defined is left out."""
    named = OF_PAGE.get(page, {})
    known = [key for key in named if key in kpis and kpis[key]["value"] is not None]
    found = [_one(key, named[key], kpis, baseline, definitions) for key in known[:MOST_OF_PAGE]]
    return [_in_millions(one) if one.unit == "" and (one.value or 0.0) >= MILLION else one for one in found]


def _in_millions(one: Compared) -> Compared:
    """A large count."""
    before = None if one.baseline is None else one.baseline / MILLION
    return replace(one, value=(one.value or 0.0) / MILLION, baseline=before, unit="million")


def _expanded(scanners: Iterable[str]) -> Iterator[tuple[str, str]]:
    groups = list(scanners)
    for key, label in HEADLINES.items():
        if key.endswith("[scanner]"):
            yield from ((key.replace("scanner", group), f"{label} {words.named(group)}") for group in groups[:2])
        else:
            yield key, label


def _one(key: str, label: str, kpis: Kpis, baseline: Kpis | None, definitions: Definitions) -> Compared:
    said = definitions.get(key.partition("[")[0], {})
    other = (baseline or {}).get(key, {})
    return Compared(
        key=key,
        label=label,
        unit=unit_of(kpis[key]["unit"]),
        definition=said.get("definition") or "",
        direction=said.get("direction") or "none",
        value=kpis[key]["value"],
        baseline=other.get("value"),
        paired=baseline is not None,
    )
