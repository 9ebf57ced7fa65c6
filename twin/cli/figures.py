"""The figures of a run as a page for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.cli.output import table

if TYPE_CHECKING:
    from twin.api import Result
    from twin.results.kpis import Figure

#: Theme -> its KPIs, in the order of the page.
THEMES: dict[str, tuple[str, ...]] = {
    "Scans": (
        "scans_completed", "scans_usable", "animals_imaged", "animals_per_day", "study_time_per_animal_min",
        "cancelled", "rebooked", "repeated", "backlog",
    ),
    "Waiting": ("lead_time_days", "wait_mean_min", "wait_p95_min"),
    "Animals": (
        "anaesthesia_mean_min", "anaesthesia_max_min", "unattended_min", "deaths", "fasting_max_h", "fasting_broken",
        "uptake_error_mean_min", "injected_within_10pct", "first_pass_injection_rate", "failed_injections",
        "failed_injections_pct",
    ),
    "Welfare": (
        "anaesthesia_over_limit_pct", "lowest_temperature_c", "hypothermia_mean_min", "hyperthermia_mean_min",
        "severity", "animals_excluded", "animals_used_pct", "radioactive_housing_most_pct",
        "radioactive_housing_days", "residual_activity_max_pct", "animals_ready_days",
        "animals_per_comparison", "limit_violations_prevented",
    ),
    "People and machines": (
        "utilisation_pct", "scanner_time_pct", "checks_failed", "calibration_blocked_h", "reconstruction_wait_mean_min",
        "acquisitions",
        "data_volume_gb", "answer_time_h", "answers_open", "archive_filled_pct", "archive_full_in_d", "overtime_min",
        "end_of_day", "room_closed_h", "animals_infected", "return_housing_most_pct",
        "decay_store_most_pct", "decay_store_blocked_h", "waste_pick_ups", "freezer_most_pct",
        "compliance_overdue", "compliance_in_time_pct", "not_qualified", "qualified_wait_mean_min", "supervised_pct",
        "booked_time_h",
        "calls_out_of_hours",
    ),
    "Images": (
        "nec_per_animal", "scans_below_target", "quantification_cv_pct", "animals_needed_per_group",
        "powered_comparisons_per_week",
        "target_to_background", "target_uptake_pct_per_g",
    ),
    "Activity": (
        "activity_delivered_mbq", "activity_injected_mbq", "activity_residual_mbq", "activity_spilt_mbq",
        "activity_decayed_mbq", "activity_wasted_mbq", "activity_in_stock_mbq", "deliveries_refused", "vials_failed",
    ),
    "Dose": (
        "dose_whole_body_msv", "dose_near_msv", "dose_fingertip_msv", "dose_ring_msv", "dose_eye_msv",
        "dose_collective_msv", "dose_whole_body_per_scan_usv", "dose_fingertip_per_scan_usv",
        "dose_whole_body_per_mbq_usv", "dose_fingertip_per_mbq_usv", "dose_over_msv", "dose_unpredicted_msv",
        "dose_days_to_constraint", "dose_days_to_refusal", "dose_not_done", "spills", "dose_contaminated_skin_msv",
        "dose_committed_msv", "dose_breathed_msv", "sewage_pct", "exhaust_pct",
    ),
    "Money": ("cost_total", "cost_per_usable_scan", "cost", "recharge_income", "recharge", "cost_recovery_pct"),
}  # fmt: skip
OTHER = "More"
#: Hours after midnight, which a person reads as a clock time.
CLOCK_TIMES = ("end_of_day",)
#: Members of these that are 0 are not worth a line.
COUNTS = (
    "cancelled",
    "rebooked",
    "repeated",
    "vials_failed",
    "deaths",
    "fasting_broken",
    "failed_injections",
    "severity",
    "animals_excluded",
    "limit_violations_prevented",
    "calibration_blocked_h",
    "room_closed_h",
    "compliance_overdue",
    "not_qualified",
    "booked_time_h",
    "scanner_time_pct",
    "wait_mean_min",
    "wait_p95_min",
    "utilisation_pct",
    *THEMES["Activity"],
    *THEMES["Dose"],
    *THEMES["Money"],
)
#: Of more members the greatest are shown: a page is read, and all are in ``kpis.json``.
MOST_MEMBERS = 12


#: Of names and values: pages of two runs, and of two versions, look alike whatever figures they have.
WIDTHS = (50, 8)


def page(result: Result, folder: Path) -> Iterator[Any]:
    """A table by theme, the sentence, what the result leans on, and where the run folder is."""
    from rich.text import Text

    days = result.run.facts.horizon_s / 86400.0
    start = result.run.facts.start[:16].replace("T", " ")
    yield Text(f"{result.name}: {days_text(days)} from {start}, seed {result.seed}")
    yield _table(result.kpis)
    for line in (result.bottleneck, _hidden(result.kpis), _leans(result), f"Run folder: {folder}"):
        if line:
            yield Text(line)


def days_text(days: float) -> str:
    """``1 day``, ``7 days``."""
    return f"{days:g} day" if days == 1.0 else f"{days:g} days"


def _table(kpis: Mapping[str, Figure]) -> Any:
    """One table, so that all values stand below each other; each theme has a heading."""
    from rich.text import Text

    made = table(("figure (`twin list kpis` says what it means)", "value", "unit"), (), right=(1,))
    made.columns[0].min_width, made.columns[1].min_width = WIDTHS
    for theme, figures in by_theme(kpis).items():
        made.add_section()
        made.add_row(Text(theme, style="bold"))
        for line in _lines(figures):
            made.add_row(*line)
    return made


def _lines(figures: Mapping[str, Figure]) -> Iterator[tuple[Any, str, str]]:
    """Names, values and units of one theme; of many members of one KPI the greatest `MOST_MEMBERS`."""
    for kpi, names in groupby(figures, lambda name: name.partition("[")[0]):
        own = list(names)
        by_size = sorted((name for name in own if name != kpi), key=lambda name: figures[name]["value"] or 0.0)
        left_out = set(by_size[:-MOST_MEMBERS])
        yield from ((f"  {name}", *shown(name, figures[name])) for name in own if name not in left_out)
        if left_out:
            yield f"  {kpi}: {len(left_out)} smaller ones", "", ""


def by_theme(kpis: Mapping[str, Figure]) -> dict[str, dict[str, Figure]]:
    """What is worth a line, theme by theme."""
    theme_of = {name: theme for theme, names in THEMES.items() for name in names}
    themes: dict[str, dict[str, Figure]] = {theme: {} for theme in (*THEMES, OTHER)}
    for name, figure in kpis.items():
        if worth_a_line(name, figure):
            themes[theme_of.get(name.partition("[")[0], OTHER)][name] = figure
    return {theme: figures for theme, figures in themes.items() if figures}


def worth_a_line(name: str, figure: Figure) -> bool:
    """Neither undefined nor a member of a count that is 0."""
    kpi, member, _ = name.partition("[")
    return figure["value"] is not None and not (member and kpi in COUNTS and figure["value"] == 0)


def shown(name: str, figure: Figure) -> tuple[str, str]:
    """Value and unit as a person reads them; a clock time as one."""
    if name in CLOCK_TIMES and figure["value"] is not None:
        return clock_time(figure["value"]), ""
    return number(figure["value"]), unit(figure["unit"])


def clock_time(hours: float) -> str:
    """``15:28`` for 15.47 hours after midnight; what lies past the next midnight says so."""
    days, minutes = divmod(round(hours * 60.0), 24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}" + (f" +{days} d" if days else "")


def number(value: float | None) -> str:
    """A value with as many digits as a person reads."""
    if value is None:
        return "-"
    if 0.0 < abs(value) < 0.1:
        return f"{value:.2g}"
    digits = 1 if abs(value) >= 10 else 2
    return f"{value:.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:.{digits}f}"


def unit(text: str) -> str:
    """A unit as a person reads it; counts have none."""
    return "" if text == "1" else text


def _hidden(kpis: Mapping[str, Figure]) -> str:
    undefined = sum(1 for figure in kpis.values() if figure["value"] is None)
    zero = sum(1 for name, figure in kpis.items() if figure["value"] is not None and not worth_a_line(name, figure))
    if not undefined + zero:
        return ""
    return (
        f"Not shown: {zero} figures that are 0 and {undefined} that are undefined, such as a cost without a price; "
        "kpis.json of the run folder has all."
    )


def _leans(result: Result) -> str:
    """How much of the ground is assumed."""
    used, assumed = len(result.used), len(result.assumed)
    sources = len(result.scenario.numbers.sources_used())
    return (
        f"Leans on {used} numbers of the tables from {sources} sources; {assumed} of them are assumed "
        "(listed in manifest.json; `twin list numbers` shows all)."
    )
