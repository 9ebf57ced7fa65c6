"""What was spilt, what it did to whom, and how long rooms were closed for it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from twin import units
from twin.results.kpi import Kpi
from twin.results.run import Array, Run, once
from twin.results.tasks import happenings, thing_of, value_of

#: Columns of `dose_spills`, and where they count in a budget: as Hp(10), as the fingertip.
COMMITTED, SKIN = "committed_sv", "skin_sv"
AS = {"hp10_sv": COMMITTED, "hp007_finger_sv": SKIN}


@once
def dose_spills(run: Run) -> pd.DataFrame:
    """One row for each time that something was spilt.

    Returns
    -------
    DataFrame
        time_s, room, session, visit, person, nuclide, activity_bq (what was spilt), skin_sv (mean of the square
        centimetre of skin that it was on; null: on nobody), committed_sv (effective dose by what got inside; null: not
        modelled), open_s (when the room is open again; null: not in the run).
    """
    rows = happenings(run, "spilt")
    time = run.events["time_s"].to_numpy()[rows]
    room = thing_of(run, "room")[rows]
    columns = {"time_s": time, "room": run.named(room)}
    columns |= {name: run.named(run.column(name)[rows]) for name in ("session", "visit")}
    columns |= {name: run.named(thing_of(run, name)[rows]) for name in ("person", "nuclide")}
    columns["activity_bq"] = value_of(run, "syringe", "activity_bq")[rows]
    columns |= {name: value_of(run, "person", name)[rows] for name in (SKIN, COMMITTED)}
    return pd.DataFrame(columns | {"open_s": _open_s(run, room, time)})


def _open_s(run: Run, room: Array, time: Array) -> Array:
    """When each room is next open [s]."""
    opened = happenings(run, "room_open")
    which, when = thing_of(run, "room")[opened], run.events["time_s"].to_numpy()[opened]
    found = np.full(len(time), np.nan)
    for row, (own, since) in enumerate(zip(room.tolist(), time.tolist(), strict=True)):
        later = when[(which == own) & (when >= since)]
        found[row] = later.min() if len(later) else np.nan
    return found


def _of_person(run: Run, column: str) -> dict[str | None, float | None]:
    """A dose of each person [mSv]; without an index, the most that one has."""
    table = dose_spills(run)
    sums = table[column].groupby(table["person"].astype(object)).sum() * units.factor("Sv", "mSv")
    values: dict[str | None, float | None] = {name: float(sums.get(name, 0.0)) for name in run.facts.people}
    return {None: max((v for v in values.values() if v is not None), default=None)} | values


_PERSON = "person (without: whoever has most)"
KPIS: tuple[Kpi, ...] = (
    Kpi(
        "spills",
        "How often activity was spilt.",
        "1",
        "lower",
        lambda run: float(len(dose_spills(run))),
    ),
    Kpi(
        "dose_contaminated_skin_msv",
        "Hp(0.07) of the square centimetre of skin with spilt activity on it; in budgets it counts with the fingertip.",
        "mSv",
        "lower",
        lambda run: _of_person(run, SKIN),
        _PERSON,
    ),
    Kpi(
        "dose_committed_msv",
        "Effective dose committed by activity that got inside (swallowed; radioiodine breathed, too), where modelled.",
        "mSv",
        "lower",
        lambda run: _of_person(run, COMMITTED),
        _PERSON,
    ),
)
