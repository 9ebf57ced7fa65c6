"""The event log: everything that happened, in two tables, written as it happens.

``events`` has one row per phase of a step or per happening, ``involved`` one row per thing that took part. What a row
says is numbered once (`Log.labels`, `Log.subject`, `Log.things`), so that writing it down is to append a few bytes: a
year of a large facility fits in memory. `Log.columns` lays both tables out as NumPy columns, and ``results`` makes
tables of those. Most things have no quantity, so that those are told by their rows.
"""

from __future__ import annotations

from struct import Struct
from typing import Any, TypeAlias

import numpy as np

from twin.vocabulary import PHASES, ROLES

LOG_VERSION = 1

#: Columns of ``events`` after ``event`` and ``time_s``; all are names or null.
EVENT_NAMES = ("phase", "task", "step", "parent_step", "session", "visit", "study", "reason")
#: Nullable SI columns of ``involved`` after ``event``, ``role`` and ``thing``.
QUANTITIES = (
    "activity_bq", "volume_m3", "amount_mol", "prescribed_bq", "moment_s",
    "hp10_sv", "hp007_finger_sv", "hp007_ring_sv", "hp3_sv",
    "temperature_c", "mass_kg", "depot_bq", "skin_sv", "committed_sv",
)  # fmt: skip

NULL = -1

#: Words that every log knows from the start, so that their codes are constants.
WORDS = (*PHASES, *ROLES)
REQUEST, START, END, ABORT, HAPPENING = (WORDS.index(phase) for phase in PHASES)
#: Labels are multiples of this: a label and a phase add up to what a row says.
_STRIDE = 8
#: The subject of rows that are about no session, visit or study.
NOBODY = 0

#: By quantity the rows of ``involved`` of which it is known, in order, and what it is.
Known: TypeAlias = "dict[str, tuple[Any, Any]]"

_COLUMN = {name: i for i, name in enumerate(QUANTITIES)}
_EVENT_TYPE = np.dtype([("time_s", "<f8"), ("label", "<i4"), ("subject", "<i4"), ("reason", "<i4"), ("parts", "<i4")])
_QUANTITY_TYPE = np.dtype([("part", "<i4"), ("column", "<i4"), ("value", "<f8")])
#: The bytes of an event: time, label and phase, subject, code of the reason, how many parts there were before.
ROW = Struct("<d4i").pack
#: The bytes of a quantity: place in ``parts``, column, value.
_QUANTITY = Struct("<2id").pack
#: The bytes of four quantities.
FOUR = Struct("<" + 4 * "2id").pack


class _Codes(dict[str | None, int]):
    """The code of each name, given when it is first asked for: its place after null."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__({None: NULL} | {name: code for code, name in enumerate(names)})

    def __missing__(self, name: str) -> int:
        return self.setdefault(name, len(self) - 1)


class _Numbers(dict[tuple[str | None, ...], int]):
    """A number for each tuple of names, given when it is first asked for; ``table`` has their codes, flat."""

    def __init__(self, codes: _Codes, table: list[int], stride: int) -> None:
        super().__init__()
        self.codes, self.table, self.stride = codes, table, stride

    def __missing__(self, names: tuple[str | None, ...]) -> int:
        number = self[names] = self.stride * len(self)
        codes, table = self.codes, self.table
        for name in names:
            table.append(codes.setdefault(name, len(codes) - 1))
        return number


class Log:
    """An append-only log.

    Attributes
    ----------
    first : int
        Number of the first event: a run that continues another counts on.
    codes : dict of name to int
        The code of every name that occurs; null is -1. A name that is asked for is there from then on.
    labels : dict of (task, step, plan) to int
        What rows of a step say; a phase is added to it.
    things : dict of (role, thing) to int
        Things in their roles.
    events : bytearray
        A `ROW` for each event.
    parts : list of int
        The things that took part, event after event.
    quantities : bytearray
        What is known of them.
    """

    __slots__ = (
        "_pairs", "_said", "_subjects",
        "codes", "events", "first", "labels", "parts", "quantities", "things",
    )  # fmt: skip

    def __init__(self) -> None:
        self.first = 0
        self.codes = _Codes(WORDS)
        self._said: list[int] = []
        self._pairs: list[int] = []
        self._subjects: list[int] = [NULL, NULL, NULL]
        self.labels = _Numbers(self.codes, self._said, _STRIDE)
        self.things = _Numbers(self.codes, self._pairs, 1)
        self.events, self.quantities = bytearray(), bytearray()
        self.parts: list[int] = []

    @property
    def names(self) -> list[str]:
        """Every name that occurs; a code is an index into it."""
        return [name for name in self.codes if name is not None]

    @property
    def count(self) -> int:
        """How many events it has."""
        return len(self.events) // _EVENT_TYPE.itemsize

    def subject(self, session: str | None, visit: str | None, study: str | None) -> int:
        """A number for whom a row is about: ask once and keep it."""
        codes, subjects = self.codes, self._subjects
        subjects += (codes[session], codes[visit], codes[study])
        return len(subjects) // 3 - 1

    def row(self, time_s: float, label: int, subject: int = NOBODY, reason: str | None = None) -> None:
        """Append one event; ``label`` has its phase added. What took part is appended next."""
        self.events += ROW(time_s, label, subject, self.codes[reason], len(self.parts))

    def tell(self, row: int, column: int, value: float) -> None:
        """Append what is known of one part: its place in ``parts``, the place of the quantity in `QUANTITIES`."""
        self.quantities += _QUANTITY(row, column, value)

    def know(self, part: int, known: dict[str, float]) -> None:
        """Append one thing that took part, with what is known of it."""
        parts, told = self.parts, self.quantities
        row = len(parts)
        for name, value in known.items():
            told += _QUANTITY(row, _COLUMN[name], value)
        parts.append(part)

    def columns(self) -> tuple[dict[str, Any], dict[str, Any], Known]:
        """Both tables as NumPy columns; name columns are codes into `names` with -1 for null.

        Returns
        -------
        events, things : dict of str to ndarray
            ``events``: event, time_s, then `EVENT_NAMES`. Of ``involved``: event, role, thing.
        known : dict of str to (ndarray, ndarray)
            Of ``involved``: each of `QUANTITIES`.
        """
        rows = np.frombuffer(bytes(self.events), _EVENT_TYPE)
        return self._events(rows), self._things(rows["parts"]), self._known()

    def _events(self, rows: Any) -> dict[str, Any]:
        labels, phase = np.divmod(rows["label"], _STRIDE)
        said, about = _codes(self._said, 3)[labels], _codes(self._subjects, 3)[rows["subject"]]
        codes = (phase, said[:, 0], said[:, 1], said[:, 2], about[:, 0], about[:, 1], about[:, 2], rows["reason"])
        events = {"event": self.first + np.arange(len(rows), dtype=np.int64), "time_s": rows["time_s"]}
        events |= zip(EVENT_NAMES, codes, strict=True)
        return {name: np.ascontiguousarray(column) for name, column in events.items()}

    def _things(self, first_part: Any) -> dict[str, Any]:
        parts = np.array(self.parts, dtype=np.int32)
        pairs = _codes(self._pairs, 2)[parts]
        many = np.diff(np.append(first_part, len(parts)))
        event = self.first + np.repeat(np.arange(len(many), dtype=np.int64), many)
        return {"event": event, "role": np.ascontiguousarray(pairs[:, 0]), "thing": np.ascontiguousarray(pairs[:, 1])}

    def _known(self) -> Known:
        told = np.frombuffer(bytes(self.quantities), _QUANTITY_TYPE)
        told = told[np.argsort(told["part"], kind="stable")]
        found = {}
        for i, name in enumerate(QUANTITIES):
            mine = told[told["column"] == i]
            found[name] = np.ascontiguousarray(mine["part"]), np.ascontiguousarray(mine["value"])
        return found


def _codes(table: list[int], width: int) -> Any:
    return np.array(table, np.int32).reshape(-1, width)
