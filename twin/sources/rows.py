"""One number with where it comes from, and the table that it stands in."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from statistics import NormalDist
from typing import Any

from twin import units

# Which unit a row's unit is read into; the conversion itself is units'.
SI = {
    "text": "text", "1": "1", "%": "1",
    **dict.fromkeys(("s", "min", "h", "d", "a"), "s"), **dict.fromkeys(("1/min", "1/a"), "1/s"),
    **dict.fromkeys(("Bq", "kBq", "MBq", "GBq"), "Bq"), **dict.fromkeys(("ul", "ml", "l"), "m3"),
    "ml/kg": "m3/kg", "ml/min": "m3/s", "l/min": "m3/s",
    "g": "kg", "kg": "kg", "mg/kg": "kg/kg", "mm": "m", "m": "m", "degC": "degC",
    "g/cm3": "kg/m3", "keV": "keV", "ns": "s", "cm2": "m2",
    "mSv": "Sv", "uSv": "Sv", "mGy": "Gy", "Gy": "Gy",
    **dict.fromkeys(("uSv/h", "mSv/h"), "Sv/s"), **dict.fromkeys(("Sv/Bq", "uSv/GBq"), "Sv/Bq"),
    "Bq/g": "Bq/kg", "Bq/cm2": "Bq/m2", "Bq/m3": "Bq/m3",
    "Gy/Bq/s": "Gy/Bq/s", "mGy/MBq": "Gy/Bq",
    "K": "K", "%/K": "1/K", "W": "W", "W/K": "W/K", "J/kg/K": "J/kg/K", "mmol/l": "mol/m3", "nmol/kg": "mol/kg",
    "%/g": "1/kg", "ml/g": "m3/kg", "ml/min/g": "m3/s/kg", "umol/min/g": "mol/s/kg", "1/d": "1/s",
    "mm3": "m3", "l/kg": "m3/kg", "deg": "deg", "1/m": "1/m", "1/s": "1/s", "T": "T", "GB": "byte", "MHz": "1/s",
    **{code: code for code in units.CURRENCIES},
    **{f"{code}/{time}": f"{code}/s" for code in units.CURRENCIES for time in ("h", "d", "a")},
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One number, or one word, with where it comes from.

    Attributes
    ----------
    value : float or str
        In `unit` as the source prints it; `si` is the same in SI. A row of unit ``text`` holds a word. Of a
        distribution it is the mode, the mean or the median (lognormal without ``sd``, whose 95th percentile is
        `high`), else the typical value.
    extra : dict of str
        The further columns of the table, as text.
    given : mapping or None
        A distribution that a scenario has set, as plain data in SI.
    """

    table: str
    name: str
    value: float | str
    unit: str
    low: float | None
    high: float | None
    source: str
    kind: str
    note: str = ""
    extra: dict[str, str] = field(default_factory=dict, hash=False)
    given: Mapping[str, Any] | None = field(default=None, hash=False)
    line: int | None = field(default=None, compare=False)

    @property
    def key(self) -> str:
        """``table.name``, as in a scenario's ``numbers:``."""
        return f"{self.table}.{self.name}"

    @property
    def sources(self) -> tuple[str, ...]:
        """The keys of `source`, which are set apart by semicolons."""
        return tuple(part.strip() for part in self.source.split(";"))

    @property
    def text(self) -> str:
        """The word of a ``text`` row."""
        assert isinstance(self.value, str), f"{self.key} is a number"
        return self.value

    @property
    def si_unit(self) -> str:
        """The unit of `si`."""
        return SI[self.unit]

    @property
    def si(self) -> float:
        """The value in SI."""
        assert not isinstance(self.value, str), f"{self.key} is a word"
        return self.to_si(self.value)

    def to_si(self, number: float) -> float:
        """A number in the row's unit, in SI; exact in decimals."""
        return number if self.unit == self.si_unit else units.parse(f"{number!r} {self.unit}", self.si_unit)

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """`low` and `high` in SI."""
        low, high = (None if bound is None else self.to_si(bound) for bound in (self.low, self.high))
        return low, high

    def distribution(self) -> dict[str, Any]:
        """The row as a distribution in plain SI data, such as ``{"kind": "uniform", "low": 180.0, "high": 720.0}``."""
        return dict(self.given) if self.given is not None else _plain(self)

    def replaced(self, given: str | float | Mapping[str, Any], note: str = "", kind: str = "assumed") -> Row:
        """The row as a scenario gives it anew.

        Parameters
        ----------
        given : str, float or mapping
            A quantity such as ``"3 min"``, a bare number where the unit is ``1``, a word for a text row, or a
            distribution in plain SI data.
        note : str
            Why, in the user's words.
        kind : str
            What the user says the number is.
        """
        bare = replace(self, low=None, high=None, source="scenario", kind=kind, note=note, given=None)
        if isinstance(given, Mapping):
            return replace(bare, value=units.convert(_typical(given), self.si_unit, self.unit), given=dict(given))
        extra = {key: text for key, text in self.extra.items() if key != "distribution"}
        value = str(given) if self.unit == "text" else units.parse(given, self.unit)
        return replace(bare, value=value, extra=extra)

    def as_dict(self) -> dict[str, Any]:
        """The row as plain data, for a manifest; a word has no distribution."""
        shown = {"value": self.value, "unit": self.unit, "low": self.low, "high": self.high}
        return {
            **shown,
            "source": self.source,
            "kind": self.kind,
            "note": self.note,
            "distribution": None if self.unit == "text" else self.distribution(),
        }


class Table(Mapping[str, Row]):
    """The rows of one file by name."""

    def __init__(self, name: str, rows: Iterable[Row]) -> None:
        self.name = name
        self._rows = {row.name: row for row in rows}

    def __getitem__(self, name: str) -> Row:
        return self._rows[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"Table({self.name!r}, {len(self)} rows)"


def _plain(row: Row) -> dict[str, Any]:
    """A row's own distribution in plain SI data."""
    kind = row.extra.get("distribution", "constant")
    return {"kind": kind, **_PARAMETERS[kind](row)}


def _bounds(row: Row) -> dict[str, Any]:
    return dict(zip(("low", "high"), row.bounds, strict=True))


def _spread(row: Row, middle: str = "mean") -> dict[str, float]:
    return {middle: row.si, "sd": row.to_si(float(row.extra["sd"]))}


def _values(row: Row) -> dict[str, list[float]]:
    """Values that are equally likely."""
    values = [row.to_si(float(text)) for text in row.extra["values"].split()]
    return {"values": values, "probabilities": [1 / len(values)] * len(values)}


def _lognormal(row: Row) -> dict[str, float]:
    """Mean and standard deviation: as given, or from median (value) and 95th percentile (high)."""
    if "sd" in row.extra:
        return _spread(row)
    assert row.high is not None
    assert not isinstance(row.value, str)
    sigma = math.log(row.high / row.value) / NormalDist().inv_cdf(0.95)
    mean = row.si * math.exp(sigma**2 / 2)
    return {"mean": mean, "sd": mean * math.sqrt(math.expm1(sigma**2))}


def _typical(plain: Mapping[str, Any]) -> float:
    """A number that stands for a distribution given as plain data."""
    for word in ("value", "mode", "mean", "centre", "scale"):
        if word in plain:
            return float(plain[word])
    values = plain.get("values") or (plain.get("low", 0.0), plain.get("high", 0.0))
    return math.fsum(float(value) for value in values) / len(values)


_PARAMETERS: dict[str, Callable[[Row], dict[str, Any]]] = {
    "constant": lambda row: {"value": row.si},
    "uniform": _bounds,
    "triangular": lambda row: {**_bounds(row), "mode": row.si},
    "normal": lambda row: _spread(row, "centre"),
    "lognormal": _lognormal,
    "exponential": lambda row: {"mean": row.si},
    "discrete": _values,
}
