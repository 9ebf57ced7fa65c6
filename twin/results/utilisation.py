"""KPIs of use: how busy people, scanners, beds and rooms were, how a scanner spent its time, and overtime."""

from __future__ import annotations

import numpy as np
import pandas as pd

from twin.results.resources import STATES, beds, people, rooms, scanners
from twin.results.run import Facts, Run

#: How the columns of people and scanners are called that a share of time is made of.
PARTS = {
    "person": (("busy_in_shift_s",), ("shift_s",), ("break_s",)),
    "scanner": (("imaging_s", "quality_control_s", "set_up_s"), ("opening_s",), ()),
}


def group_pct(table: pd.DataFrame) -> dict[str, float | None]:
    """Utilisation of the groups of a table of people or scanners: their busy time over their time [%]."""
    parts = PARTS["person" if "person" in table else "scanner"]
    busy, whole, less = (sum((table[name].to_numpy() for name in names), np.zeros(len(table))) for names in parts)
    busy_s: dict[str, float] = {}
    time_s: dict[str, float] = {}
    for group, used, time in zip(table["group"].tolist(), busy.tolist(), (whole - less).tolist(), strict=True):
        busy_s[group] = busy_s.get(group, 0.0) + used
        time_s[group] = time_s.get(group, 0.0) + time
    return {group: min(100.0, 100.0 * busy_s[group] / time) if time > 0 else None for group, time in time_s.items()}


def _known(value: object) -> float | None:
    number = float(value)  # type: ignore[arg-type]
    return None if number != number else number  # noqa: PLR0124 - NaN is what differs from itself


def members(facts: Facts) -> dict[str, tuple[str, str]]:
    """Members of ``utilisation_pct``: member -> (kind, name).

    Kinds are ``group``, ``person``, ``scanner_group``, ``scanner``, ``bed`` and ``room``. A group of one has one entry,
    of the group; a name that is taken gets its kind before it, such as ``room/pet``.
    """
    staff, machines = facts.people, facts.scanners
    listed = [("group", person.group) for person in staff.values()] + [("person", name) for name in staff]
    listed += [("scanner_group", scanner.group) for scanner in machines.values()] + [("scanner", n) for n in machines]
    listed += [("bed", bed) for scanner in machines.values() for bed in scanner.beds]
    listed += [("room", room) for room in facts.rooms]
    result: dict[str, tuple[str, str]] = {}
    for kind, name in dict.fromkeys(listed):
        if (_group_kind(kind), name) not in result.values():
            result[f"{kind}/{name}" if name in result else name] = (kind, name)
    return result


def _group_kind(kind: str) -> str:
    """The kind of group that a single thing of the same name would be."""
    return {"person": "group", "scanner": "scanner_group"}.get(kind, "")


def personal(facts: Facts, member: str) -> bool:
    """Whether a figure of this member is that of one person: a person, or a group of one."""
    kind, name = members(facts).get(member, ("", ""))
    alone = sum(person.group == name for person in facts.people.values()) == 1
    return kind == "person" or (kind == "group" and alone)


def utilisation_pct(run: Run) -> dict[str | None, float | None]:
    """Busy time within the shift, or within opening hours, of that time."""
    single = {"person": people(run), "scanner": scanners(run), "bed": beds(run), "room": rooms(run)}
    values = {
        (k, str(n)): _known(v) for k, t in single.items() for n, v in zip(t[k], t["utilisation_pct"], strict=True)
    }
    values |= {("group", name): value for name, value in group_pct(people(run)).items()}
    values |= {("scanner_group", name): value for name, value in group_pct(scanners(run)).items()}
    return {member: values[thing] for member, thing in members(run.facts).items()}


def scanner_time_pct(run: Run) -> dict[str | None, float | None]:
    """Share of opening time that a scanner spent in each state; sums to 100."""
    table = scanners(run)
    return {
        f"{row['scanner']}/{state}": _known(100.0 * row[f"{state}_s"] / row["opening_s"]) if row["opening_s"] else None
        for row in table.to_dict("records")
        for state in STATES
    }


def overtime_min(run: Run) -> float:
    """Time that people were busy outside their shifts, all together."""
    return float(people(run)["overtime_s"].sum()) / 60.0
