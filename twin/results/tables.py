"""The tables of a run: log in, DataFrame out. Columns are SI and named so; shares are in percent and named so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pandas as pd

from twin.results.activity import activity_balance, batches
from twin.results.areas import dose_rooms, room_activity
from twin.results.bodies import at_scan
from twin.results.compliance import compliance
from twin.results.counts import scans
from twin.results.dose_animals import dose_animals
from twin.results.dose_effluent import dose_effluent, dose_exhaust
from twin.results.dose_intake import dose_intake
from twin.results.dose_pregnancy import dose_pregnancy
from twin.results.dose_spills import dose_spills
from twin.results.dose_waste import dose_licence, dose_waste, on_site
from twin.results.doses import dose_budgets, dose_people, dose_tasks, dose_year, doses
from twin.results.frames import arrow, frames
from twin.results.image_places import necr, scan_places
from twin.results.permitted import projects, study_limits
from twin.results.power import comparisons
from twin.results.resources import beds, people, rooms, scanners
from twin.results.run import Run
from twin.results.severity import welfare
from twin.results.spect_scans import spect_scans
from twin.results.stock import syringes, vial_levels
from twin.results.tasks import tasks
from twin.results.timeline import calendar, hours, timeline
from twin.results.visits import animals, visits
from twin.results.waiting import waited_for
from twin.results.waste_stores import waste_stores
from twin.results.whereabouts import anaesthesias, animal_stays, bed_use

#: Every table by its name.
TABLES: dict[str, Callable[[Run], pd.DataFrame]] = {
    "tasks": tasks,
    "visits": visits,
    "animals": animals,
    "welfare": welfare,
    "uptake": at_scan,
    "people": people,
    "scanners": scanners,
    "beds": beds,
    "rooms": rooms,
    "batches": batches,
    "activity_balance": activity_balance,
    "scans": scans,
    "spect_scans": spect_scans,
    "comparisons": comparisons,
    "timeline": timeline,
    "calendar": calendar,
    "hours": hours,
    "doses": doses,
    "dose_people": dose_people,
    "dose_tasks": dose_tasks,
    "dose_budgets": dose_budgets,
    "dose_year": dose_year,
    "dose_animals": dose_animals,
    "dose_waste": dose_waste,
    "dose_licence": dose_licence,
    "dose_spills": dose_spills,
    "dose_intake": dose_intake,
    "dose_effluent": dose_effluent,
    "dose_exhaust": dose_exhaust,
    "dose_pregnancy": dose_pregnancy,
    "dose_rooms": dose_rooms,
    "room_activity": room_activity,
    "vial_levels": vial_levels,
    "syringes": syringes,
    "on_site": on_site,
    "waited_for": waited_for,
    "bed_use": bed_use,
    "animal_stays": animal_stays,
    "anaesthesias": anaesthesias,
    "projects": projects,
    "study_limits": study_limits,
    "scan_places": scan_places,
    "necr": necr,
    "compliance": compliance,
    "waste_stores": waste_stores,
}


class Tables(Mapping[str, "pd.DataFrame"]):
    """The tables of a run, each made when it is first asked for: ``tables["visits"]`` or ``tables.visits``."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def __getitem__(self, name: str) -> pd.DataFrame:
        return TABLES[name](self._run)

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name not in TABLES:
            raise AttributeError(f"there is no table {name!r}; the tables are {', '.join(TABLES)}")
        return self[name]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *TABLES]

    def __iter__(self) -> Iterator[str]:
        return iter(TABLES)

    def __len__(self) -> int:
        return len(TABLES)

    def __repr__(self) -> str:
        return f"Tables({', '.join(TABLES)})"


__all__ = [
    "TABLES",
    "Tables",
    "activity_balance",
    "animals",
    "arrow",
    "batches",
    "beds",
    "calendar",
    "comparisons",
    "compliance",
    "dose_animals",
    "dose_budgets",
    "dose_effluent",
    "dose_exhaust",
    "dose_intake",
    "dose_licence",
    "dose_people",
    "dose_pregnancy",
    "dose_spills",
    "dose_tasks",
    "dose_waste",
    "dose_year",
    "doses",
    "frames",
    "hours",
    "people",
    "rooms",
    "scanners",
    "scans",
    "tasks",
    "timeline",
    "visits",
]
