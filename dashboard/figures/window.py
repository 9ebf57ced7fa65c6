"""The stretch of time that a chart shows: a day or a week, never more."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from dashboard.figures import words

View = Literal["day", "week"]
DAY_S, HOUR_S = 86400.0, 3600.0
DAYS: dict[View, int] = {"day": 1, "week": 7}
#: More bars than this take seconds to draw; the rest stands in the table.
MOST_BARS = 4000


@dataclass(frozen=True, slots=True)
class Window:
    """Days of a run, counted from the day on which it starts.

    Attributes
    ----------
    start : str
        Time zero of the run as an ISO date and time.
    horizon_s : float
        Time at which the run stopped.
    day : int
        The day that was chosen; 0 is the first of the run.
    view : {"day", "week"}
        That day, or its week from Monday to Sunday as far as the run has it.
    """

    start: str
    horizon_s: float
    day: int = 0
    view: View = "day"

    @property
    def shown(self) -> range:
        """The days shown, counted as `day` is."""
        if self.view == "day":
            return range(self.day, self.day + 1)
        monday = self.day - self.date_of(self.day).weekday()
        return range(max(monday, 0), max(min(monday + DAYS["week"], self.days), self.day + 1))

    def date_of(self, day: int) -> dt.date:
        """The date of a day of the run."""
        return dt.datetime.fromisoformat(self.start).date() + dt.timedelta(day)

    @property
    def midnight(self) -> dt.datetime:
        """The beginning of the first day shown."""
        return dt.datetime.combine(self.date_of(self.shown[0]), dt.time())

    @property
    def first_s(self) -> float:
        """The same as simulated time."""
        return (self.midnight - dt.datetime.fromisoformat(self.start)).total_seconds()

    @property
    def last_s(self) -> float:
        """The end of the last day shown."""
        return self.first_s + len(self.shown) * DAY_S

    @property
    def days(self) -> int:
        """How many calendar days the run touches."""
        return max(1, math.ceil((self.of_midnight + self.horizon_s) / DAY_S))

    @property
    def of_midnight(self) -> float:
        """From midnight to the start of the run [s]."""
        begin = dt.datetime.fromisoformat(self.start)
        return (begin - dt.datetime.combine(begin.date(), dt.time())).total_seconds()

    @property
    def title(self) -> str:
        """``Tuesday 3 March 2026``, or the first and the last day."""
        first, last = self.midnight, self.midnight + dt.timedelta(len(self.shown) - 1)
        return words.date(first) if first == last else f"{words.date(first)} to {words.date(last)}"

    def within(self) -> Window:
        """The same moved into the run."""
        return replace(self, day=min(max(self.day, 0), self.days - 1))

    def of(self, table: pd.DataFrame) -> pd.DataFrame:
        """Rows whose time (start_s to end_s) touches the window."""
        return table[(table["end_s"] > self.first_s) & (table["start_s"] < self.last_s)]

    def clipped(self, table: pd.DataFrame) -> pd.DataFrame:
        """The same rows, cut at the window's ends."""
        seen = self.of(table)
        return seen.assign(
            start_s=seen["start_s"].clip(lower=self.first_s), end_s=seen["end_s"].clip(upper=self.last_s)
        )

    def moments(self, times_s: pd.Series[float]) -> pd.Series[pd.Timestamp]:
        """Clock times of simulated times."""
        return pd.Timestamp(self.start) + pd.to_timedelta(times_s, unit="s")
