"""KPIs of waiting, and the sentence that names what limits throughput."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from twin.results.resources import beds, people, rooms, scanners
from twin.results.run import Array, Run, once
from twin.results.standing import not_qualified
from twin.results.tasks import taking_part, tasks
from twin.results.utilisation import group_pct
from twin.results.visits import CAUSES, visit_steps, visits, with_animal
from twin.vocabulary import REASONS

#: Below this a visit's waiting is not worth a name [s].
WORTH_NAMING_S = 60.0
TRACER = "tracer from the hot lab"


@once
def _waits(run: Run) -> dict[str | None, Array]:
    """Minutes that each visit waited, for the visits that have started; by cause and ``all``."""
    table = visits(run)
    started = ~np.isnan(table["started_s"].to_numpy())
    columns = {cause: f"wait_{cause}_s" for cause in CAUSES} | {"all": "wait_s"}
    return {cause: table[column].to_numpy()[started] / 60.0 for cause, column in columns.items()}


def wait_mean_min(run: Run) -> dict[str | None, float | None]:
    """Mean waiting of a visit by cause."""
    return {cause: float(wait.mean()) if len(wait) else None for cause, wait in _waits(run).items()}


def wait_p95_min(run: Run) -> dict[str | None, float | None]:
    """95th percentile of a visit's waiting by cause."""
    waits = _waits(run)
    if not len(waits["all"]):
        return dict.fromkeys(waits)
    return dict(zip(waits, np.percentile(np.stack(list(waits.values())), 95, axis=1).tolist(), strict=True))


class Limit(NamedTuple):
    """Something that visits waited for: its name, how busy it was [%], waiting of a mean visit [min]."""

    name: str
    busy_pct: float | None
    wait_min: float


def bottleneck(run: Run) -> str:
    """One sentence that names what limits throughput, with its numbers."""
    refused = _refused(run)
    if refused:
        return refused
    wait = wait_mean_min(run)["all"]
    if wait is None:
        return _turned_away(run) or "No visit has started, so nothing limits throughput yet." + _unplaced(run)
    limits = limiting(run)
    busiest = max((value for value in _busy_groups(run).values() if value is not None), default=100.0)
    idle = busiest < DEMAND_BELOW_PCT and (not limits or (limits[0].busy_pct or 0.0) < DEMAND_BELOW_PCT)
    if idle and (turned := _turned_away(run)):
        return f"{turned} Nothing is more than {busiest:.0f} % busy.{_unqualified(run)}"
    if wait * 60.0 < WORTH_NAMING_S or not limits:
        return f"Nothing limits throughput much: a visit waits {_minutes(wait)} in all.{_busiest(run)}{_unplaced(run)}"
    worst = limits[0]
    if worst.busy_pct is not None and max(worst.busy_pct, busiest) < DEMAND_BELOW_PCT:
        part = f"of a visit's {_minutes(wait)} of waiting {_minutes(worst.wait_min)} is for {worst.name}"
        return f"The demand limits throughput: nothing is more than {busiest:.0f} % busy, and {part}.{_unplaced(run)}"
    busy = "" if worst.busy_pct is None else f"{worst.busy_pct:.0f} % busy, and "
    share = f"{_minutes(worst.wait_min)} of a visit's {_minutes(wait)} of waiting is for it"
    return f"{worst.name[0].upper()}{worst.name[1:]} limits throughput: {busy}{share}.{_unplaced(run)}"


#: While nothing is busier than this, it is the requests that limit throughput [%].
DEMAND_BELOW_PCT = 60.0
#: What visits end for that no waiting shows, and from which share of the visits on it is what limits throughput.
LIMITS = {"no_activity": "the tracer", "authorisation": "the authorisation", "licence": "the source licence"}
SHARE_WORTH_NAMING = 0.2
#: The least part of all that was not done that is worth naming.
SHARE_OF_A_REASON = 0.1
#: Who waits for longer waits for more than a weekend [s].
LONG_WAITING_S = 3.0 * 86400.0
#: Why visits are not done that are neither begun nor ended.
NEVER_BEGUN = "no time was found for them within the run"


def _refused(run: Run) -> str:
    """The sentence for a site that visits are turned away from, if many are."""
    table = visits(run)
    counts = table["reason"].astype(object).map(LIMITS).value_counts()
    if not len(counts) or counts.iloc[0] < SHARE_WORTH_NAMING * len(table):
        return ""
    name = str(counts.index[0])
    ended = f"{counts.iloc[0]} of {len(table)} visits ended for want of it."
    return f"{name[0].upper()}{name[1:]} limits throughput: {ended}"


def _turned_away(run: Run) -> str:
    """The sentence for a site where nothing is busy and yet many visits are not done: the first one or two reasons."""
    table = visits(run)
    counts = table.loc[table["status"] == "cancelled", "reason"].astype(object).map(REASONS).value_counts()
    counts = pd.concat([counts, pd.Series({NEVER_BEGUN: _never_begun(run)})])
    if not counts.sum() or counts.sum() < SHARE_WORTH_NAMING * len(table):
        return ""
    named = counts[counts >= SHARE_OF_A_REASON * counts.sum()].sort_values(ascending=False, kind="stable")[:2]
    why = ", and ".join(f"{count} because {reason}" for reason, count in named.items())
    slots = "" if REASONS["no_slot"] in named.index else _unplaced(run)
    share = f"{counts.sum()} of {len(table)} visits were not done: {why}."
    return f"It is not the demand that limits throughput: {share}{slots}"


def _never_begun(run: Run) -> int:
    """Visits that have waited since long before the end of the run for a time at which they could be."""
    table = visits(run)
    waiting = table["status"] == "waiting"
    return int((waiting & (table["due_s"] <= run.facts.horizon_s - LONG_WAITING_S)).sum())


def _unqualified(run: Run) -> str:
    """What nobody who was there might do."""
    counts = not_qualified(run)
    if not counts[None]:
        return ""
    skills = ", ".join(str(skill) for skill, count in counts.items() if skill is not None and count)
    return f" {counts[None]:.0f} steps waited because nobody who was there might do them ({skills})."


def _minutes(value: float) -> str:
    return f"{value:.0f} min" if value >= 10 else f"{value:.1f} min"


def _unplaced(run: Run) -> str:
    """What waiting does not show: visits that got no slot."""
    table = visits(run)
    count = int(((table["status"] == "cancelled") & (table["reason"] == "no_slot")).sum())
    return f" {count} of {len(table)} visits found no slot." if count else ""


def _busiest(run: Run) -> str:
    """The sentence for a site with little waiting."""
    busy = _busy_groups(run)
    known = {name: value for name, value in busy.items() if value is not None}
    if not known:
        return ""
    name = max(known, key=lambda thing: known[thing])
    return f" The busiest is {name}, {known[name]:.0f} % busy."


def _busy_groups(run: Run) -> dict[str, float | None]:
    """Utilisation of the groups of people and scanners, by the names that sentences use [%]."""
    groups = {"staff group": people(run), "scanner": scanners(run)}
    return {f"{word} {name}": v for word, table in groups.items() for name, v in group_pct(table).items()}


def limiting(run: Run) -> list[Limit]:
    """What visits waited for, most of it first; groups of people and scanners, rooms, beds of a scanner, tracer."""
    named = _limit_of_task(run)
    task, _ = visit_steps(run)
    waits = np.where(with_animal(run), np.nan_to_num(tasks(run)["wait_s"].to_numpy()), 0.0)
    wait = pd.Series(waits[task]).groupby(named.to_numpy()[task]).sum()
    started = int(visits(run)["started_s"].notna().sum())
    wait = wait[wait > 0].sort_values(ascending=False, kind="stable")
    busy = _busy(run)
    return [Limit(str(name), busy.get(str(name)), float(total) / 60.0 / started) for name, total in wait.items()]


#: How a name of `limiting` begins, and what kind of thing that is.
_KINDS = {"staff group ": "staff", "scanner ": "scanner", "a bed of ": "bed", "room ": "room"}


@once
def waited_for(run: Run) -> pd.DataFrame:
    """One row for each thing that visits waited for, most of it first.

    Returns
    -------
    DataFrame
        name, kind (staff, person: a group of one, scanner, bed, room, other), wait_s (of a mean visit), busy_pct (null:
        it has no such figure).
    """
    groups = [person.group for person in run.facts.people.values()]
    rows = [(limit.name, _kind(limit.name, groups), 60.0 * limit.wait_min, limit.busy_pct) for limit in limiting(run)]
    table = pd.DataFrame(rows, columns=["name", "kind", "wait_s", "busy_pct"])
    return table.astype({"wait_s": float, "busy_pct": float})


def _kind(name: str, groups: list[str]) -> str:
    start = next((start for start in _KINDS if name.startswith(start)), "")
    kind = _KINDS.get(start, "other")
    return "person" if kind == "staff" and groups.count(name.removeprefix(start)) == 1 else kind


def _limit_of_task(run: Run) -> pd.Series[str]:
    """The name of what each task waited for; null if it did not wait."""
    table = tasks(run)
    scanner = table["scanner"].astype(object).map({n: f"scanner {s.group}" for n, s in run.facts.scanners.items()})
    bed = (
        table["bed"]
        .astype(object)
        .map({bed: f"a bed of {name}" for name, s in run.facts.scanners.items() for bed in s.beds})
    )
    room = "room " + table["room"].astype(object)
    cause = table["wait_cause"].astype(object)
    default = {"person": "staff", "scanner": "the scanner", "bed": "a bed", "place": "a room", "tracer": TRACER}
    default["licence"], default["compute"] = "the source licence", "the computers"
    default["hygiene"], default["waste"] = "a clean room", "the decay store"
    default |= {"certificate": "a valid certificate", "supervisor": "a supervisor"}
    chosen = cause.map(default)
    for word, names in {"person": _group_of_task(run), "scanner": scanner, "bed": bed, "place": room}.items():
        chosen = chosen.mask((cause == word) & names.notna(), names)
    return chosen


def _group_of_task(run: Run) -> pd.Series[str]:
    """The group of the first person in each task."""
    task, person = taking_part(run, "person")
    groups = {name: f"staff group {facts.group}" for name, facts in run.facts.people.items()}
    first = pd.Series(run.named(person[::-1]).astype(object), index=task[::-1]).map(groups)
    first = first[~first.index.duplicated(keep="last")]
    return first.reindex(range(len(tasks(run))))


def _busy(run: Run) -> dict[str, float | None]:
    """How busy each thing that `limiting` may name was [%]."""
    busy = _busy_groups(run)
    bed = beds(run).groupby("scanner")["utilisation_pct"].mean()
    room = rooms(run).set_index("room")["utilisation_pct"].dropna()
    return busy | {f"a bed of {n}": float(v) for n, v in bed.items()} | {f"room {n}": float(v) for n, v in room.items()}
