"""Figures of single days: what a target on a day, and not on a mean, is held against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from twin.results.resources import people_pieces
from twin.results.run import Array, Run
from twin.results.tasks import taking_part, tasks
from twin.results.throughput import DAY_S, midnight_s, opening_dates
from twin.results.visits import visits


def daily(run: Run) -> dict[str, list[float | None]]:
    """Figure -> its value on each day on which the facility opens; None where it is undefined."""
    days = opening_dates(run)
    return {kpi: _on(days, compute(run)) for kpi, compute in DAILY.items()}


def _on(days: Array, values: Mapping[int, float]) -> list[float | None]:
    found = (values.get(int(day)) for day in days)
    return [None if value is None or not np.isfinite(value) else float(value) for value in found]


def _day(run: Run, time_s: Array | pd.Series[float]) -> Array:
    """Number of the day of each time, from the day of time zero; -1 without a time."""
    day = np.floor((np.asarray(time_s, dtype=float) - midnight_s(run)) / DAY_S)
    return np.where(np.isnan(day), -1, day).astype(int)


def _counted(run: Run, day: Array) -> dict[int, float]:
    """How often each opening day occurs; 0 on the others."""
    known = {int(each): 0.0 for each in opening_dates(run)}
    for each, count in zip(*np.unique(day[day >= 0], return_counts=True), strict=True):
        known[int(each)] = float(count)
    return known


def animals(run: Run) -> dict[int, float]:
    """Animals with a completed scan, each once a day."""
    table = visits(run)
    done = table["scanned"].to_numpy(dtype=bool)
    day = _day(run, table["scan_start_s"].to_numpy()[done])
    animal = pd.factorize(table["animal"])[0][done]
    return _counted(run, np.unique(np.column_stack((animal, day)), axis=0)[:, 1])


def scans(run: Run) -> dict[int, float]:
    """Completed scans."""
    table = visits(run)
    return _counted(run, _day(run, table.loc[table["scanned"], "scan_start_s"]))


def overtime_min(run: Run) -> dict[int, float]:
    """Minutes that people were busy outside their shifts, all together."""
    pieces = people_pieces(run)
    busy = (pieces["step"] > 0) | (pieces["attends"] > 0)
    beyond = pieces.loc[busy & (pieces["shift"] == 0), ["start_s", "length_s"]]
    known = {int(day): 0.0 for day in opening_dates(run)}
    if run.facts.overtime_counted:
        day = _day(run, beyond["start_s"])
        for each, length in zip(day.tolist(), beyond["length_s"].tolist(), strict=True):
            known[each] = known.get(each, 0.0) + length / 60.0
    return known


def end_of_day(run: Run) -> dict[int, float]:
    """Clock time [h] at which the last step that needed a person ended."""
    table, rows = tasks(run), np.unique(taking_part(run, "person")[0])
    start, end = (table[name].to_numpy()[rows] for name in ("start_s", "end_s"))
    start, end = start[~np.isnan(end)], end[~np.isnan(end)]
    day = _day(run, start)
    return _by_day(day, (end - midnight_s(run) - day * DAY_S) / 3600.0, np.max)


def wait_mean_min(run: Run) -> dict[int, float]:
    """Mean waiting of the visits that started on the day."""
    table = visits(run)
    started, wait = (table[name].to_numpy() for name in ("started_s", "wait_s"))
    known = ~np.isnan(started)
    return _by_day(_day(run, started[known]), wait[known] / 60.0, np.mean)


def _by_day(day: Array, values: Array, of: Callable[[Array], Any]) -> dict[int, float]:
    """One number of the values of each day."""
    return {int(each): float(of(values[day == each])) for each in np.unique(day)}


#: What a day has, by the ID of the figure of the whole run.
DAILY: dict[str, Callable[[Run], Mapping[int, float]]] = {
    "animals_per_day": animals,
    "scans_completed": scans,
    "overtime_min": overtime_min,
    "end_of_day": end_of_day,
    "wait_mean_min[all]": wait_mean_min,
}
