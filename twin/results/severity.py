"""What the animals went through, one row for each, and what was left of them: severity, losses, designs."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import pandas as pd

from twin.animals import sample_size, severity
from twin.results.bodies import at_scan, warmth
from twin.results.intervals import first_of
from twin.results.run import Array, Run, once
from twin.results.tasks import happenings, tasks
from twin.results.throughput import NOT_DONE
from twin.results.visits import anaesthesia, injections, number_of_visit, visit_steps, visits

#: Values by member; None is the figure without an index.
Members: TypeAlias = dict[str | None, float | None]
#: A time point is lost if its last visit ended so.
LOST = ("incomplete", "cancelled", "dead")


@once
def welfare(run: Run) -> pd.DataFrame:
    """One row for each animal.

    Returns
    -------
    DataFrame
        animal, study, species, visits, scans (usable), anaesthesias, anaesthesia_s (all), longest_anaesthesia_s,
        lowest_degc, hypothermia_s, failed_injections, died, killed, excluded (why a time point was lost; null: none),
        severity (actual, by 2010/63/EU).
    """
    table = pd.concat([visits(run).reset_index(drop=True), warmth(run)], axis=1)
    table["failed"] = _failures(run)
    by = table.groupby("animal", observed=True, sort=False)
    made = by.agg(
        study=("study", "first"),
        visits=("visit", "size"),
        scans=("usable", "sum"),
        anaesthesia_s=("anaesthesia_s", "sum"),
        longest_anaesthesia_s=("anaesthesia_s", "max"),
        lowest_degc=("lowest_degc", "min"),
        hypothermia_s=("hypothermia_s", "sum"),
        failed_injections=("failed", "sum"),
    ).reset_index()
    name = made["animal"].astype(object)
    ended = {status: set(table.loc[table["status"] == status, "animal"]) for status in ("dead", "killed")}
    made["species"] = made["study"].astype(object).map({k: own.species for k, own in run.facts.animals.items()})
    made["died"], made["killed"] = name.isin(ended["dead"]), name.isin(ended["killed"])
    made["excluded"] = name.map(_excluded(run)).astype(object)
    spells = _spells(run)
    made["anaesthesias"] = [len(spells.get(one, ())) for one in name]
    made["severity"] = [
        _severity(run, spells.get(one, []), died, why == "endpoint")
        for one, died, why in zip(name, made["died"], made["excluded"], strict=True)
    ]
    return made


def _failures(run: Run) -> Array:
    """Failed injections of each visit, whatever the kind."""
    done, tried = injections(run), number_of_visit(run)[run.column("visit")[happenings(run, "injection_failed")]]
    bad = done.loc[(done["outcome"] != "good").to_numpy(), "visit"].to_numpy()
    return np.bincount(np.append(bad, tried[tried >= 0]), minlength=len(visits(run)))


def _spells(run: Run) -> dict[str, list[tuple[float, float]]]:
    """When each animal was anaesthetised and for how long; what a visit has of it is one anaesthesia."""
    slept, table = anaesthesia(run), visits(run)
    first = first_of(slept.key, slept.start_s, len(table))
    found: dict[str, list[tuple[float, float]]] = {}
    for animal, start, length in zip(table["animal"].astype(object), first, table["anaesthesia_s"], strict=True):
        if not np.isnan(start):
            found.setdefault(animal, []).append((float(start), float(length)))
    return found


def _severity(run: Run, spells: list[tuple[float, float]], died: bool, endpoint: bool) -> str:
    """Actual severity of an animal; one to which nothing was done has none, an end point of a tumour is moderate."""
    if not spells and not died:
        return "none"
    starts, lengths = [start for start, _ in sorted(spells)], [length for _, length in sorted(spells)]
    return severity.actual(run.numbers, ["moderate" if endpoint else "mild"], starts, lengths, died)


def _excluded(run: Run) -> dict[str, str]:
    """Animals of which a time point was lost, and why; the first reason counts."""
    table = visits(run)
    last = table.assign(point=table["visit"].astype(str).str.split("#").str[0]).groupby("point", sort=False).tail(1)
    ended = last[last["status"].isin(LOST) | ((last["status"] == "completed") & ~last["usable"])]
    status, reason = ended["status"].astype(object), ended["reason"].astype(object)
    reason = reason.where(status != "completed", "image_unusable")
    reason = reason.where(reason.notna(), status.map({"dead": "died"}).fillna("unfinished"))
    found: dict[str, str] = {}
    for animal, why in zip(ended["animal"].astype(object), reason, strict=True):
        found.setdefault(animal, why)
    killed = table[(table["status"] == "killed") & (table["reason"] == "endpoint")]
    return found | {str(name): "endpoint" for name in killed["animal"]}


def animals_excluded(run: Run) -> Members:
    """Animals of which a time point was lost and not made good, by reason."""
    reasons = welfare(run)["excluded"].dropna().tolist()
    found: Members = {None: float(len(reasons))}
    return found | {name: float(reasons.count(name)) for name in NOT_DONE}


def severity_counts(run: Run) -> Members:
    """Animals by actual severity."""
    found = welfare(run)["severity"].tolist()
    return {name: float(found.count(name)) for name in severity.CLASSES}


def animals_used_pct(run: Run) -> Members:
    """Animals that a project has used, of those it may use."""
    table = visits(run)
    begun = table[table["started_s"].notna()]
    project = begun["study"].astype(object).map({name: own.project for name, own in run.facts.animals.items()})
    used = begun.groupby(project)["animal"].nunique()
    numbers = {str(name): int(number) for name, number in used.items()}
    return {name: 100.0 * numbers.get(name, 0) / most for name, most in run.facts.approved.items()}


def limit_violations_prevented(run: Run) -> Members:
    """What a rule kept from being done, by the rule."""
    reason = visits(run)["reason"].astype(object)
    words = ("volume_limit", "mass_limit", "authorisation", "anaesthesia_limit")
    counts: Members = {word: float((reason == word).sum()) for word in words}
    counts["too_cold"] = float(len(happenings(run, "too_cold")))
    counts["licence"] = float(len(happenings(run, "delivery_refused")))
    return {None: sum(value or 0.0 for value in counts.values())} | counts


def failed_injections(run: Run) -> Members:
    """Injection attempts that failed, by kind."""
    outcome = injections(run)["outcome"].astype(object)
    counts: Members = {"not_injected": float(len(happenings(run, "injection_failed")))}
    return counts | {word: float((outcome == word).sum()) for word in ("paravenous_seen", "paravenous_hidden")}


def failed_injections_pct(run: Run) -> float | None:
    """Share of the attempts that failed."""
    task, _ = visit_steps(run)
    tried = (tasks(run)["effect"] == "inject").to_numpy()[task]
    number = int((tried & ~tasks(run)["open"].to_numpy()[task] & ~tasks(run)["aborted"].to_numpy()[task]).sum())
    failed = sum(value or 0.0 for value in failed_injections(run).values())
    return 100.0 * failed / number if number else None


def animals_per_comparison(run: Run) -> Members:
    """Animals to begin with in each of two groups, so that the study's difference is seen with its power."""
    return {name: _needed(run, name) for name in run.facts.animals}


def _needed(run: Run, study: str) -> float | None:
    """By a t-test: biology, and what this facility's handling and injections add to it; and what it loses."""
    own, numbers = run.facts.animals[study], run.numbers
    table = visits(run)
    mine = (table["study"] == study).to_numpy()
    found = at_scan(run)
    seen = found[
        mine[found["visit"].to_numpy(dtype=int)] & table["usable"].to_numpy()[found["visit"].to_numpy(dtype=int)]
    ]
    if len(seen) < 2:
        return None
    values = seen["target_per_kg"].to_numpy(dtype=float)
    added = float(values.std(ddof=1) / values.mean())
    spread = float(np.hypot(numbers.value("studies.variability.between"), added))
    lost = welfare(run).loc[lambda animals: animals["study"] == study]
    part = float(lost["excluded"].notna().mean()) if len(lost) else 0.0
    animals = sample_size.two_groups(own.difference / spread, own.power, own.alpha)
    return float(sample_size.with_losses(animals, min(part, 0.95)))
