"""KPIs of hygiene: rooms that were closed, and places for animals that may not go back into the barrier."""

from __future__ import annotations

import numpy as np

from twin.results.intervals import between
from twin.results.kpi import Kpi
from twin.results.run import Run
from twin.results.tasks import happenings, thing_of
from twin.scenario.site_hygiene import RETURN_HOUSING


def room_closed_h(run: Run) -> dict[str | None, float | None]:
    """By room, how long it was closed to be decontaminated or for a contamination."""
    names = list(run.facts.rooms)
    rows = happenings(run, "room_closed", "room_open")
    room = run.positions(names)[thing_of(run, "room")[rows]]
    begins = run.column("step")[rows] == run.code("room_closed")
    spans = between(room, run.events["time_s"].to_numpy()[rows], begins, run.facts.horizon_s)
    hours = np.bincount(spans.key, weights=(spans.end_s - spans.start_s) / 3600.0, minlength=len(names))
    return {name: float(hours[i]) for i, name in enumerate(names)}


def return_housing_most_pct(run: Run) -> float | None:
    """The most animals that lived outside the barrier at once, of the places."""
    places = sum(room.places or 0 for room in run.facts.rooms.values() if room.kind == RETURN_HOUSING)
    rows = happenings(run, "housed", "housing_left")
    steps = np.where(run.column("step")[rows] == run.code("housed"), 1, -1)
    most = int(np.cumsum(steps).max(initial=0))
    return 100.0 * most / places if places else None


def animals_infected(run: Run) -> float:
    """How many animals caught something before it was found."""
    return float(len(happenings(run, "infected")))


KPIS: tuple[Kpi, ...] = (
    Kpi(
        "animals_infected",
        "Animals that caught a contamination that spreads, before it was found.",
        "1",
        "lower",
        animals_infected,
    ),
    Kpi(
        "room_closed_h",
        "Time for which a room took no newcomers: it was decontaminated for cleaner animals, or was contaminated.",
        "h",
        "lower",
        room_closed_h,
        "room",
    ),
    Kpi(
        "return_housing_most_pct",
        "The most animals at once that lived outside the barrier because they may not go back, of the places for them.",
        "%",
        "lower",
        return_housing_most_pct,
    ),
)
