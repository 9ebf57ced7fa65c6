"""The KPIs of the animals: anaesthesia, warmth, fasting, deaths, severity, uptake and injections."""

from __future__ import annotations

from twin.results import power, severity, welfare
from twin.results.kpi import Kpi

_REASON = "reason"
KPIS: tuple[Kpi, ...] = (
    Kpi(
        "anaesthesia_mean_min",
        "Mean time under anaesthesia of a visit that had any.",
        "min",
        "lower",
        welfare.anaesthesia_mean_min,
    ),
    Kpi(
        "anaesthesia_max_min", "Longest time under anaesthesia of a visit.", "min", "lower", welfare.anaesthesia_max_min
    ),
    Kpi(
        "anaesthesia_over_limit_pct",
        "Share of the visits with anaesthesia that slept longer than the soft limit.",
        "%",
        "lower",
        welfare.anaesthesia_over_limit_pct,
    ),
    Kpi(
        "lowest_temperature_c",
        "Lowest body temperature of a warm-blooded animal under anaesthesia.",
        "degC",
        "higher",
        welfare.lowest_temperature_c,
    ),
    Kpi(
        "hypothermia_mean_min",
        "Time that an animal was hypothermic (2 degC below its normal temperature) under anaesthesia; mean over the "
        "visits that had any.",
        "min",
        "lower",
        welfare.hypothermia_mean_min,
    ),
    Kpi(
        "hyperthermia_mean_min",
        "Time that an animal was over-heated (1.5 degC above its normal temperature) under anaesthesia; mean over the "
        "visits that had any.",
        "min",
        "lower",
        welfare.hyperthermia_mean_min,
    ),
    Kpi(
        "unattended_min",
        "Time that animals were anaesthetised while nobody attended their session; must be 0.",
        "min",
        "lower",
        welfare.unattended_min,
    ),
    Kpi("fasting_max_h", "Longest time that an animal was without food.", "h", "lower", welfare.fasting_max_h),
    Kpi(
        "fasting_broken",
        "Visits whose animal was without food, up to its injection (without one, its scan), for a shorter or a longer "
        "time than the protocol allows: shorter, longer.",
        "1",
        "lower",
        welfare.fasting_broken,
        "kind",
    ),
    Kpi(
        "deaths",
        "Animals that died, and animals that were killed before another visit of theirs: died, killed_early.",
        "1",
        "lower",
        welfare.deaths,
        "kind",
    ),
    Kpi(
        "animals_excluded",
        "Animals of which a time point was lost and not made good, by the first reason (without: all).",
        "1",
        "lower",
        severity.animals_excluded,
        _REASON,
    ),
    Kpi(
        "severity",
        "Animals by actual severity (2010/63/EU), the highest of: what the study says its experiment does; imaging, "
        "mild, or moderate by stated rules (anaesthesias that were more, closer or longer than was shown to be mild); "
        "a humane end point, moderate; death otherwise than planned, severe.",
        "1",
        "none",
        severity.severity_counts,
        "class",
    ),
    Kpi(
        "animals_used_pct",
        "Animals whose first visit began, of those that the project may use.",
        "%",
        "lower",
        severity.animals_used_pct,
        "project",
    ),
    Kpi(
        "animals_per_comparison",
        "Animals to begin with in each of two groups, so that the study's difference is seen with its power: between "
        "animals as published, the variance that injections, timing and handling add here, that of the image (counts, "
        "recovery, places, measured activity) if the study says its measurement, and the animals lost.",
        "1",
        "lower",
        power.animals_per_comparison,
        "study",
    ),
    Kpi(
        "target_to_background",
        "Contrast of target (tumour, bone ...) to background (muscle) at the start of the scan, from the model of the "
        "tracer with fasting, warmth, anaesthesia and what lies beside the vein; mean over the usable scans.",
        "1",
        "higher",
        welfare.target_to_background,
        "protocol",
    ),
    Kpi(
        "target_uptake_pct_per_g",
        "Uptake of the target at the start of the scan, parts of the injected activity for each gram, corrected for "
        "decay; mean over the usable scans.",
        "%/g",
        "none",
        welfare.target_uptake_pct_per_g,
        "protocol",
    ),
    Kpi(
        "limit_violations_prevented",
        "What a rule kept from being done: injected volume or mass, authorisation, anaesthesia too long or in the "
        "cold, licence (without: all).",
        "1",
        "none",
        severity.limit_violations_prevented,
        "rule",
    ),
    Kpi(
        "failed_injections",
        "Injection attempts that failed: not injected; beside the vein and seen; beside it and not seen.",
        "1",
        "lower",
        severity.failed_injections,
        "kind",
    ),
    Kpi(
        "failed_injections_pct",
        "Share of the injection attempts that failed.",
        "%",
        "lower",
        severity.failed_injections_pct,
    ),
    Kpi(
        "uptake_error_mean_min",
        "Mean distance between the uptake time of an animal and its protocol's, early or late.",
        "min",
        "lower",
        welfare.uptake_error_mean_min,
    ),
    Kpi(
        "injected_within_10pct",
        "Share of the injected animals whose activity was within 10 % of the prescribed.",
        "%",
        "higher",
        welfare.injected_within_10pct,
    ),
    Kpi(
        "first_pass_injection_rate",
        "Share of the animals with a syringe whose first injection attempt was good.",
        "%",
        "higher",
        welfare.first_pass_injection_rate,
    ),
)
