"""KPIs of the animals: anaesthesia, attendance, fasting, deaths, uptake and injections."""

from __future__ import annotations

import numpy as np
import pandas as pd

from twin.results.bodies import at_scan, warmth
from twin.results.intervals import Spans, last_of, pairs, sweep
from twin.results.run import Run, codes_of
from twin.results.tasks import attendance
from twin.results.throughput import mean
from twin.results.visits import anaesthesia, visits


def largest(values: pd.Series[float]) -> float | None:
    """The largest of what is known; None of nothing."""
    known = values.to_numpy(dtype=float)
    known = known[~np.isnan(known)]
    return float(known.max()) if known.size else None


def anaesthesia_mean_min(run: Run) -> float | None:
    """Mean time under anaesthesia of a visit with anaesthesia."""
    return mean(visits(run)["anaesthesia_s"] / 60.0)


def anaesthesia_max_min(run: Run) -> float | None:
    """Longest time under anaesthesia of a visit."""
    return largest(visits(run)["anaesthesia_s"] / 60.0)


def anaesthesia_over_limit_pct(run: Run) -> float | None:
    """Share of the anaesthetised visits that slept longer than the soft limit."""
    slept = visits(run)["anaesthesia_s"].dropna()
    return _percent(slept > run.facts.anaesthesia_soft_s) if len(slept) else None


def lowest_temperature_c(run: Run) -> float | None:
    """Lowest body temperature of a warm-blooded animal under anaesthesia."""
    cold = {name for name, own in run.facts.animals.items() if own.warmth.ectotherm}
    warm = ~run.which(visits(run), "study", *cold) if cold else np.ones(len(visits(run)), dtype=bool)
    low = warmth(run)["lowest_degc"][warm]
    return float(low.min()) if low.notna().any() else None


def hypothermia_mean_min(run: Run) -> float | None:
    """Mean time of hypothermia under anaesthesia of a visit that had any anaesthesia."""
    return mean(warmth(run)["hypothermia_s"] / 60.0)


def hyperthermia_mean_min(run: Run) -> float | None:
    """Mean time of over-heating under anaesthesia of a visit that had any anaesthesia."""
    return mean(warmth(run)["hyperthermia_s"] / 60.0)


def target_to_background(run: Run) -> dict[str | None, float | None]:
    """Mean contrast of the usable scans of each protocol whose tracer's kinetics are known."""
    return _of_scans(run, "contrast", 1.0)


def target_uptake_pct_per_g(run: Run) -> dict[str | None, float | None]:
    """Mean uptake of the target at those scans."""
    return _of_scans(run, "target_per_kg", 0.1)


def _of_scans(run: Run, column: str, factor: float) -> dict[str | None, float | None]:
    found, table = at_scan(run), visits(run)
    visit = found["visit"].to_numpy(dtype=int)
    usable, protocol = table["usable"].to_numpy(dtype=bool)[visit], codes_of(table, "protocol")[visit]
    values = found[column].to_numpy(dtype=float) * factor
    names = [name for name, plan in run.facts.plans.items() if plan.tracer is not None]
    return {name: mean(values[usable & (protocol == run.code(name))]) for name in names}


def unattended_min(run: Run) -> float:
    """Time that animals were anaesthetised while nobody attended their session."""
    pieces = sweep({"asleep": anaesthesia(run), "attended": _attended(run)})
    alone = (pieces["asleep"].to_numpy() > 0) & (pieces["attended"].to_numpy() == 0)
    return float(pieces["length_s"].to_numpy()[alone].sum()) / 60.0


def _attended(run: Run) -> Spans:
    """When the session of each visit (its number) was attended."""
    table = attendance(run)
    session, own = codes_of(table, "session"), codes_of(visits(run), "session")
    watch, visit = pairs(session, own)
    return Spans(visit, table["start_s"].to_numpy()[watch], table["end_s"].to_numpy()[watch])


def fasting_max_h(run: Run) -> float | None:
    """Longest time without food."""
    return largest(visits(run)["fasting_s"] / 3600.0)


def fasting_broken(run: Run) -> dict[str | None, float | None]:
    """Visits whose animal was without food for less, and for more, than the limits of its protocol."""
    table, fasted = visits(run), visits(run)["fasted_s"].to_numpy()
    least, most = (
        run.mapped(
            table, "protocol", {name: plan.fasting_s[i] for name, plan in run.facts.plans.items() if plan.fasting_s}
        )
        for i in (0, 1)
    )
    return {"shorter": float((fasted < least).sum()), "longer": float((fasted > most).sum())}


def deaths(run: Run) -> dict[str | None, float | None]:
    """Animals that died, and animals that were killed while a later visit of theirs was still to come."""
    table = visits(run)
    animal, ended = codes_of(table, "animal"), table["ended_s"].to_numpy()
    dead, killed = (run.which(table, "status", status) for status in ("dead", "killed"))
    over = last_of(animal[killed], ended[killed], len(run.names) + 1)[animal]
    lost = ~(ended <= over) & ~np.isnan(over)
    early = np.intersect1d(animal[killed], animal[lost])
    return {"died": float(len(np.unique(animal[dead]))), "killed_early": float(len(early))}


def uptake_error_mean_min(run: Run) -> float | None:
    """Mean distance of the uptake time from the protocol's, early or late."""
    return mean(visits(run)["uptake_error_s"].abs() / 60.0)


def injected_within_10pct(run: Run) -> float | None:
    """Share of the injected animals with an activity within 10 % of the prescribed."""
    return _percent(visits(run)["within_10pct"])


def first_pass_injection_rate(run: Run) -> float | None:
    """Share of the animals whose first injection was good."""
    return _percent(visits(run)["first_pass"])


def _percent(yes: pd.Series[bool]) -> float | None:
    share = mean(yes.to_numpy(dtype=float))
    return None if share is None else 100.0 * share
