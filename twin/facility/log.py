"""The event log: everything that happened, in two tables, written as it happens.

``events`` has one row per phase of a step or per happening, ``involved`` one row per thing that took part. While a run
lasts, both are flat arrays of name codes (about 60 bytes a step), so that a year of a large facility fits in memory;
`Log.columns` gives them as NumPy columns, and ``results`` makes tables of those.
"""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np

LOG_VERSION = 1

#: Columns of ``events`` after ``event`` and ``time_s``; all are names or null.
EVENT_NAMES = ("phase", "task", "step", "parent_step", "session", "visit", "study", "reason")
#: Nullable SI columns of ``involved`` after ``event``, ``role`` and ``thing``.
QUANTITIES = ("activity_bq", "volume_m3", "amount_mol", "prescribed_bq", "moment_s")

NULL = -1


class Log:
    """An append-only log.

    Attributes
    ----------
    first : int
        Number of the first event: a run that continues another counts on.
    names : list of str
        Every name that occurs; a code is an index into it.
    times : array of double
        Time of each event [s].
    """

    __slots__ = ("first", "names", "codes", "times", "events", "involved", "value_rows", "value_columns", "values")

    def __init__(self) -> None:
        self.first = 0
        self.names: list[str] = []
        self.codes: dict[str, int] = {}
        self.times = array("d")
        self.events = array("i")
        self.involved = array("i")
        self.value_rows = array("i")
        self.value_columns = array("b")
        self.values = array("d")

    def code(self, name: str | None) -> int:
        """Code of a name; null is -1."""
        if name is None:
            return NULL
        code = self.codes.get(name)
        if code is None:
            code = self.codes[name] = len(self.names)
            self.names.append(name)
        return code

    def row(
        self,
        time_s: float,
        phase: int,
        task: int = NULL,
        step: int = NULL,
        parent: int = NULL,
        session: int = NULL,
        visit: int = NULL,
        study: int = NULL,
        reason: int = NULL,
    ) -> int:
        """Append one event given by codes; returns its number."""
        number = self.first + len(self.times)
        self.times.append(time_s)
        self.events.extend((phase, task, step, parent, session, visit, study, reason))
        return number

    def thing(self, event: int, role: int, thing: int, **quantities: float) -> None:
        """Append one thing that took part, with what is known of it."""
        row = len(self.involved) // 3
        self.involved.extend((event, role, thing))
        for column, name in enumerate(QUANTITIES):
            if name in quantities:
                self.value_rows.append(row)
                self.value_columns.append(column)
                self.values.append(quantities[name])

    def columns(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Both tables as NumPy columns; name columns are codes into `names` with -1 for null.

        Returns
        -------
        events, involved : dict of str to ndarray
            ``events``: event, time_s, then `EVENT_NAMES`; ``involved``: event, role, thing, then `QUANTITIES` (NaN: null).
        """
        codes = np.array(self.events, dtype=np.int32).reshape(-1, len(EVENT_NAMES))
        events: dict[str, Any] = {
            "event": self.first + np.arange(len(self.times), dtype=np.int64),
            "time_s": np.array(self.times),
        }
        events |= {name: codes[:, i] for i, name in enumerate(EVENT_NAMES)}
        things = np.array(self.involved, dtype=np.int32).reshape(-1, 3)
        involved: dict[str, Any] = {"event": things[:, 0].astype(np.int64), "role": things[:, 1], "thing": things[:, 2]}
        rows, which, values = (np.array(a) for a in (self.value_rows, self.value_columns, self.values))
        for i, name in enumerate(QUANTITIES):
            involved[name] = np.full(len(things), np.nan)
            involved[name][rows[which == i]] = values[which == i]
        return events, involved
