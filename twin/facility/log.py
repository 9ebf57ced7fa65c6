"""The event log: everything that happened, in two tables, written as it happens.

``events`` has one row per phase of a step or per happening, ``involved`` one row per thing that took part. While a run
lasts, rows are packed bytes of name codes (40 bytes an event, 12 a thing), so that a year of a large facility fits in
memory; `Log.columns` gives them as NumPy columns, and ``results`` makes tables of those.
"""

from __future__ import annotations

from struct import Struct
from typing import Any

import numpy as np

from twin.plan import PHASES, ROLES

LOG_VERSION = 1

#: Columns of ``events`` after ``event`` and ``time_s``; all are names or null.
EVENT_NAMES = ("phase", "task", "step", "parent_step", "session", "visit", "study", "reason")
#: Nullable SI columns of ``involved`` after ``event``, ``role`` and ``thing``.
QUANTITIES = ("activity_bq", "volume_m3", "amount_mol", "prescribed_bq", "moment_s")

NULL = -1

#: Words that every log knows from the start, so that their codes are constants.
WORDS = (*PHASES, *ROLES, "monitoring", "attendance")
REQUEST, START, END, ABORT, HAPPENING = (WORDS.index(phase) for phase in PHASES)
ROLE = {role: WORDS.index(role) for role in ROLES}
ANIMAL, PERSON, ATTENDANT, SCANNER, BED, ROOM = (
    ROLE[role] for role in ("animal", "person", "attendant", "scanner", "bed", "room")
)
MONITORING, ATTENDANCE = WORDS.index("monitoring"), WORDS.index("attendance")

_COLUMN = {name: i for i, name in enumerate(QUANTITIES)}
#: (event, role, thing) for up to so many things in one call.
THINGS = [Struct(f"={3 * n}i").pack for n in range(64)]
#: A time and eight codes.
pack_event = Struct("=d8i").pack
_QUANTITY = Struct("=iid").pack
_EVENT_TYPE = np.dtype([("time_s", "<f8"), *((name, "<i4") for name in EVENT_NAMES)])
_QUANTITY_TYPE = np.dtype([("row", "<i4"), ("column", "<i4"), ("value", "<f8")])


class Log:
    """An append-only log.

    Attributes
    ----------
    first : int
        Number of the first event: a run that continues another counts on.
    count : int
        How many events it has.
    names : list of str
        Every name that occurs; a code is an index into it.
    """

    __slots__ = ("codes", "count", "events", "first", "involved", "names", "quantities")

    def __init__(self) -> None:
        self.first = 0
        self.count = 0
        self.names: list[str] = list(WORDS)
        self.codes: dict[str, int] = {word: code for code, word in enumerate(WORDS)}
        self.events = bytearray()
        self.involved = bytearray()
        self.quantities = bytearray()

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
        number = self.first + self.count
        self.count += 1
        self.events += pack_event(time_s, phase, task, step, parent, session, visit, study, reason)
        return number

    def things(self, codes: list[int]) -> None:
        """Append things that took part: event, role, thing, event, role, thing, ..."""
        if len(codes) < 192:
            self.involved += THINGS[len(codes) // 3](*codes)
        else:
            self.things(codes[:189])
            self.things(codes[189:])

    def thing(self, event: int, role: int, thing: int, **quantities: float) -> None:
        """Append one thing that took part, with what is known of it."""
        row = len(self.involved) // 12
        self.involved += THINGS[1](event, role, thing)
        for name, value in quantities.items():
            self.quantities += _QUANTITY(row, _COLUMN[name], value)

    def columns(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Both tables as NumPy columns; name columns are codes into `names` with -1 for null.

        Returns
        -------
        events, involved : dict of str to ndarray
            ``events``: event, time_s, then `EVENT_NAMES`.
            ``involved``: event, role, thing, then `QUANTITIES` (NaN: null).
        """
        rows = np.frombuffer(bytes(self.events), dtype=_EVENT_TYPE)
        events: dict[str, Any] = {"event": self.first + np.arange(self.count, dtype=np.int64)}
        events |= {name: np.ascontiguousarray(rows[name]) for name in ("time_s", *EVENT_NAMES)}
        things = np.frombuffer(bytes(self.involved), dtype="<i4").reshape(-1, 3)
        involved: dict[str, Any] = {"event": things[:, 0].astype(np.int64)}
        involved |= {name: np.ascontiguousarray(things[:, i]) for i, name in ((1, "role"), (2, "thing"))}
        known = np.frombuffer(bytes(self.quantities), dtype=_QUANTITY_TYPE)
        for i, name in enumerate(QUANTITIES):
            mine = known[known["column"] == i]
            involved[name] = np.full(len(things), np.nan)
            involved[name][mine["row"]] = mine["value"]
        return events, involved
