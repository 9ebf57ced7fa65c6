"""What the animals went through, one row for each, and what was left of them: severity, losses."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from twin.animals import severity
from twin.results.bodies import warmth
from twin.results.intervals import first_of
from twin.results.run import Array, Run, once
from twin.results.tasks import happenings, tasks
from twin.results.throughput import NOT_DONE
from twin.results.visits import anaesthesia, injections, number_of_visit, visit_steps, visits

#: Values by member; None is the figure without an index.
Members: TypeAlias = dict[str | None, float | None]
#: A time point is lost if its last visit ended so.
LOST = ("incomplete", "cancelled", "dead")
#: Why an animal was killed before its time.
ENDPOINTS = ("endpoint", "weight_loss")


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
    made["species"] = made["study"].astype(object).map({k: own.species for k, own in run.facts.animals.items()})
    own = [fates(run)[name] for name in made["animal"].astype(object)]
    made["died"], made["killed"] = [fate.died for fate in own], [fate.killed for fate in own]
    made["excluded"] = pd.Series([fate.excluded or np.nan for fate in own], dtype=object)
    made["anaesthesias"], made["severity"] = [fate.anaesthesias for fate in own], [fate.severity for fate in own]
    return made


class Fate(NamedTuple):
    """What became of an animal: why a time point of it was lost (None: none was), and how severe it was for it."""

    study: str
    died: bool
    killed: bool
    excluded: str | None
    anaesthesias: int
    severity: str


@once
def fates(run: Run) -> dict[str, Fate]:
    """By animal, in the order of their requests."""
    table = visits(run)
    names = table["animal"].astype(object)
    study = dict(zip(names[::-1], table["study"].astype(object)[::-1], strict=True))
    died, killed = (set(names[run.which(table, "status", status)]) for status in ("dead", "killed"))
    lost, spells = _excluded(run), _spells(run)
    found = {}
    for name in dict.fromkeys(names):
        own, why = spells.get(name, []), lost.get(name)
        beside = [_experiment(run, study[name]), "moderate" if why in ENDPOINTS else "mild"]
        severe = _severity(run, own, name in died, why in ENDPOINTS, beside)
        found[name] = Fate(study[name], name in died, name in killed, why, len(own), severe)
    return found


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


def _experiment(run: Run, study: str) -> str:
    """What the experiment itself does to the animals of a study."""
    return run.facts.animals[study].experiment if study in run.facts.animals else "mild"


def _severity(run: Run, spells: list[tuple[float, float]], died: bool, endpoint: bool, beside: list[str]) -> str:
    """Actual severity of an animal: the highest of what imaging came to and of what was beside; none if nothing was."""
    if not spells and not died and not endpoint:
        return "none"
    starts, lengths = [start for start, _ in sorted(spells)], [length for _, length in sorted(spells)]
    return severity.worst([*beside, severity.actual(run.numbers, ["mild"], starts, lengths, died)])


def _excluded(run: Run) -> dict[str, str]:
    """Animals of which a time point was lost, and why; the first reason counts."""
    table = visits(run)
    names = table["visit"].astype(object).tolist()
    points = {name.partition("#")[0]: row for row, name in enumerate(names)}  # the last booking of each
    last = np.array(sorted(points.values()), dtype=np.int64)
    scanned = run.which(table, "status", "completed") & table["scanned"].to_numpy(dtype=bool)  # not all plans scan
    bad = run.which(table, "status", *LOST) | (scanned & ~table["usable"].to_numpy(dtype=bool))
    rows = last[bad[last]]
    columns = (table[name].astype(object).to_numpy()[rows].tolist() for name in ("animal", "status", "reason"))
    found: dict[str, str] = {}
    for animal, status, reason in zip(*columns, strict=True):
        found.setdefault(animal, _why(status, reason))
    killed = run.which(table, "status", "killed") & run.which(table, "reason", *ENDPOINTS)
    ends = zip(*(table[key].astype(object).to_numpy()[killed].tolist() for key in ("animal", "reason")), strict=True)
    return found | {str(animal): str(reason) for animal, reason in ends}


def _why(status: str, reason: object) -> str:
    """Why a time point whose last visit ended so is lost."""
    if status == "completed":
        return "image_unusable"
    return reason if isinstance(reason, str) else {"dead": "died"}.get(status, "unfinished")


def animals_excluded(run: Run) -> Members:
    """Animals of which a time point was lost and not made good, by reason."""
    reasons = [fate.excluded for fate in fates(run).values() if fate.excluded]
    found: Members = {None: float(len(reasons))}
    return found | {name: float(reasons.count(name)) for name in NOT_DONE}


def severity_counts(run: Run) -> Members:
    """Animals by actual severity."""
    found = [fate.severity for fate in fates(run).values()]
    return {name: float(found.count(name)) for name in severity.CLASSES}


def animals_used_pct(run: Run) -> Members:
    """Animals that a project has used, of those it may use."""
    table = visits(run)
    begun = ~np.isnan(table["started_s"].to_numpy())
    pairs = zip(table["study"].astype(object).to_numpy()[begun], table["animal"].array.codes[begun], strict=True)
    used: dict[str | None, set[int]] = {}
    for study, animal in dict.fromkeys(pairs):
        used.setdefault(run.facts.animals[study].project if study in run.facts.animals else None, set()).add(animal)
    return {name: 100.0 * len(used.get(name, ())) / most for name, most in run.facts.approved.items()}


def limit_violations_prevented(run: Run) -> Members:
    """What a rule kept from being done, by the rule."""
    words = ("volume_limit", "mass_limit", "authorisation", "anaesthesia_limit")
    counts: Members = {word: float(run.which(visits(run), "reason", word).sum()) for word in words}
    counts["too_cold"] = float(len(happenings(run, "too_cold")))
    counts["licence"] = float(len(happenings(run, "delivery_refused")))
    return {None: sum(value or 0.0 for value in counts.values())} | counts


def failed_injections(run: Run) -> Members:
    """Injection attempts that failed, by kind."""
    counts: Members = {"not_injected": float(len(happenings(run, "injection_failed")))}
    kinds = ("paravenous_seen", "paravenous_hidden")
    return counts | {word: float(run.which(injections(run), "outcome", word).sum()) for word in kinds}


def failed_injections_pct(run: Run) -> float | None:
    """Share of the attempts that failed."""
    task, _ = visit_steps(run)
    tried = run.which(tasks(run), "effect", "inject")[task]
    number = int((tried & ~tasks(run)["open"].to_numpy()[task] & ~tasks(run)["aborted"].to_numpy()[task]).sum())
    failed = sum(value or 0.0 for value in failed_injections(run).values())
    return 100.0 * failed / number if number else None
