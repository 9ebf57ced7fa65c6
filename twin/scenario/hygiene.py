"""Hygiene of a resolved scenario, as the clock gets it."""

from __future__ import annotations

from twin.animals import durations
from twin.distributions import from_dict
from twin.scenario import hygiene_model
from twin.scenario.dates import seconds_after
from twin.scenario.loading import Resolved
from twin.scenario.site_hygiene import STATUSES, Contamination, Hygiene, Spread


def hygiene(resolved: Resolved) -> Hygiene:
    """What the clock must know; nothing of the tables is used where no study says its status."""
    said, studies = resolved.scenario.hygiene, resolved.scenario.studies
    status = {name: STATUSES.index(study.hygiene) for name, study in studies.items() if study.hygiene is not None}
    rooms = resolved.scenario.rooms
    made = Hygiene(
        status=status,
        biosafety={name: study.biosafety for name, study in studies.items()},
        levels={name: room.biosafety for name, room in rooms.items()},
        barrier_rooms=frozenset(name for name, room in rooms.items() if room.barrier),
    )
    if not status and not said.contaminations:
        return made
    task, numbers = durations.duration, resolved.numbers
    return Hygiene(
        status=status,
        biosafety=made.biosafety,
        levels=made.levels,
        barrier_rooms=made.barrier_rooms,
        clean_first=said.order == "clean_first",
        dirty_from_of_day_s=said.dirty_from,
        stay_away_s=numbers.value("housekeeping.stay_away") if said.stay_away is None else said.stay_away,
        decontamination=said.decontamination or task(numbers, "decontaminate_room"),
        after_last_visit_s=said.after_last_visit,
        contaminations={name: _contamination(resolved, name) for name in said.contaminations},
    )


def _contamination(resolved: Resolved, name: str) -> Contamination:
    said, numbers = resolved.scenario.hygiene.contaminations[name], resolved.numbers
    return Contamination(
        name=name,
        room=said.room,
        at_s=None if said.at is None else seconds_after(resolved.scenario.start, said.at),
        time_between=said.time_between,
        clean_up=said.clean_up or durations.duration(numbers, "clean_up_contamination"),
        closed=said.closed or from_dict(numbers.distribution("housekeeping.awaiting_results")),
        studies=said.studies,
        spread=None if said.spread is None else _spread(resolved, said.spread),
    )


def _spread(resolved: Resolved, said: hygiene_model.Spread) -> Spread:
    numbers = resolved.numbers
    animals, rooms = said.to_animals, said.to_rooms
    return Spread(
        undetected=said.undetected or from_dict(numbers.distribution("housekeeping.undetected")),
        to_animals=numbers.value("housekeeping.infected_in_a_room") if animals is None else animals,
        to_rooms=numbers.value("housekeeping.brought_into_a_room") if rooms is None else rooms,
    )
