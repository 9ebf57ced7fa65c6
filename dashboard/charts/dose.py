"""Charts of the page Dose: those of single people, which only some may see, and the rooms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.charts.common import Chart, Shown
from dashboard.charts.of_tables import chart
from dashboard.figures import budgets, floor, near, person_tasks

_BUDGETS = "budget use quantity period person allowed_sv most_sv over_sv passed_s"
_DOSES = {"doses": "person task time_s hp10_sv hp007_finger_sv hp3_sv", "dose_budgets": _BUDGETS}
_TASKS = "A row for each person and period of wear, a column for each task, in µSv, by handling."


def _worn(shown: Shown) -> Sequence[Any]:
    """The days shown, and how long a dosimeter is worn."""
    return shown.window, shown.run.wear_s


PEOPLE: tuple[Chart[Shown], ...] = (
    chart(
        "dose_year", "Projected year", "% of the limit",
        "What a year would bring at the rate of this run (by handling and by being near), of the tightest yearly limit "
        "or constraint.",
        budgets.YEAR, {"dose_year": "person quantity year_sv low_sv high_sv", "dose_budgets": _BUDGETS},
    ),
    chart(
        "budgets", "Limits and constraints", "% used",
        "The most that a person got in one period of each budget, by handling and by being near, of what is allowed.",
        budgets, {"dose_budgets": _BUDGETS}, height=420,
    ),
    chart("fingertips", "Fingertips, person by task", "µSv", _TASKS, person_tasks.FINGERTIP, _DOSES, _worn,
          narrow=person_tasks.FINGERTIP.narrow),
    chart("bodies", "Whole body, person by task", "µSv", _TASKS, person_tasks.WHOLE_BODY, _DOSES, _worn,
          narrow=person_tasks.WHOLE_BODY.narrow),
    chart("eyes", "Eye lens, person by task", "µSv", f"{_TASKS} Photons only.", person_tasks.EYE, _DOSES, _worn,
          narrow=person_tasks.EYE.narrow),
    chart(
        "near", "How the whole-body dose comes about", "µSv",
        "By handling activity, by being in a room with it, by attending injected animals.",
        near, {"dose_people": "person role hp10_sv hp10_ambient_sv hp10_attending_sv hp10_total_sv"},
    ),
)  # fmt: skip
ROOMS = chart(
    "areas", "Rooms and classes of area", "µSv in a week",
    "Hp(10) that somebody would get who never left a room, 168 hours a week, and the class of area that makes.",
    floor, {"dose_rooms": "room kind week_sv most_sv_per_s area jurisdiction"},
    more=lambda shown: (shown.run.floor, shown.run.walls, shown.run.points), height=360, narrow=floor.narrow,
)  # fmt: skip
CHARTS = (*PEOPLE, ROOMS)
