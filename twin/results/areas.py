"""Rooms as places with activity: how much at any moment, what a person there would get, and their class of area."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from twin.physics import protection
from twin.results.ambient import contents
from twin.results.run import Run, once
from twin.sources import Numbers

WEEK_S = 7 * 86400.0
#: Working weeks of a year, as in the rules for areas.
WEEKS = 50
#: Classes of area, the worst first, and what decides them.
AREAS = {
    "exclusion": "rate", "high_radiation_area": "rate", "radiation_area": "rate", "controlled": "effective",
    "supervised": "effective",
}  # fmt: skip


def area_class(numbers: Numbers, jurisdiction: str, year_sv: float, rate_sv_per_s: float) -> str:
    """What a jurisdiction calls such a place, somebody being there as long as work lasts."""
    edges = {word: _edge(numbers, jurisdiction, word, quantity) for word, quantity in AREAS.items()}
    for word, edge in edges.items():
        if edge is not None and (year_sv if AREAS[word] == "effective" else rate_sv_per_s) > edge:
            return word
    public = protection.annual_limit(numbers, jurisdiction, "public", "effective")
    return "restricted" if jurisdiction in ("US", "IAEA") and public is not None and year_sv > public else "none"


def _edge(numbers: Numbers, jurisdiction: str, word: str, quantity: str) -> float | None:
    key = f"limits.{jurisdiction}.{word}.{quantity}.area"
    return numbers.value(key) if numbers.has(key) else None


@once
def room_activity(run: Run) -> pd.DataFrame:
    """One row for each moment at which the activity in a room changes; in between it decays.

    Returns
    -------
    DataFrame
        room, nuclide, source (animals or vials), time_s, activity_bq (just after), decay_per_s.
    """
    rooms = list(run.facts.rooms)
    parts = [
        pd.DataFrame(
            {
                "room": rooms[room],
                "nuclide": nuclide,
                "source": source.removeprefix("room_"),
                "time_s": held.time_s,
                "activity_bq": held.activity_bq,
                "decay_per_s": held.decay_per_s,
            }
        )
        for (room, nuclide, source), held in contents(run).items()
    ]
    columns = ["room", "nuclide", "source", "time_s", "activity_bq", "decay_per_s"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


@once
def dose_rooms(run: Run) -> pd.DataFrame:
    """One row for each room: what somebody would get there who never left it, at the distance of `ambient`.

    Returns
    -------
    DataFrame
        room, kind, week_sv (Hp(10) of a mean week of the run), most_sv_per_s (with the most of every nuclide at once),
        area (its class in the jurisdiction, by ``week_sv`` times the working weeks of a year), jurisdiction. A planning
        aid, not an approval: walls are left out, what is measured decides.
    """
    numbers, said = run.numbers, run.facts.dose.jurisdiction
    rows: list[dict[str, Any]] = []
    for number, (name, room) in enumerate(run.facts.rooms.items()):
        week_sv, most = _seen(run, number)
        area = area_class(numbers, said, week_sv * WEEKS, most)
        rows.append(
            {"room": name, "kind": room.kind, "week_sv": week_sv, "most_sv_per_s": most, "area": area,
             "jurisdiction": said}
        )  # fmt: skip
    return pd.DataFrame(rows, columns=["room", "kind", "week_sv", "most_sv_per_s", "area", "jurisdiction"])


def _seen(run: Run, number: int) -> tuple[float, float]:
    """Hp(10) of a mean week in a room [Sv], and the highest rate [Sv/s]."""
    week_sv = most = 0.0
    end = np.array([run.facts.horizon_s])
    for (room, nuclide, source), held in contents(run).items():
        if room == number:
            each = run.facts.dose.near.get(nuclide, {}).get(source, (0.0,))[0] or 0.0
            week_sv += each * float(held.integral(end)[0]) * WEEK_S / run.facts.horizon_s
            most += each * float(held.activity_bq.max(initial=0.0))
    return week_sv, most
