"""Every published number that the twin is compared with, and the verdict.

The table ``data/validation.csv`` holds what is published, its source, the role of the comparison and a tolerance that
is fixed before the twin's value is known: ``tolerance`` on both sides, else from ``low`` to ``high``. A row of role
``theory`` is judged by the interval of replications: the published value lies inside, and the half width is at most
``tolerance``. Where the twin says a bracket, the published value lies in it or at most ``tolerance`` beside. A row with
neither tolerance nor bounds is shown without a verdict: its note says which published input is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import TypeAlias

from twin import units
from twin.experiments import measures
from twin.experiments.imaging_measures import Bracket
from twin.experiments.statistics import Interval
from twin.sources import Row, read_table

#: What a comparison proves.
ROLES: dict[str, str] = {
    "validation": "the published number set nothing in the model: evidence about the world",
    "calibration": "the number, or somebody who knew it, set a parameter",
    "identity": "arithmetic, or the input itself",
    "theory": "a formula that must hold if the clock is right",
}
VERDICTS = ("within", "outside", "shown")

#: Is told how many comparisons are done, of how many, and which is next.
Progress: TypeAlias = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One published number and the twin's value.

    Attributes
    ----------
    id : str
    quantity : str
        What is compared, in words.
    published : float
        In `unit`, as all that follows.
    low, high : float or None
        What the twin may say.
    unit : str
    sources : tuple of str
        Keys of the bibliography.
    role : str
        A word of `ROLES`.
    tolerance : float or None
        On both sides of `published`, of role ``theory`` the widest half width; None: from `low` to `high` as published.
    twin : float
    half_width : float or None
        Of the interval of the twin's value, if it is a mean of replications.
    bracket : (float, float) or None
        Between which the twin's value lies for all it knows, if it says so.
    note : str
    """

    id: str
    quantity: str
    published: float
    low: float | None
    high: float | None
    unit: str
    sources: tuple[str, ...]
    role: str
    tolerance: float | None
    twin: float
    half_width: float | None
    bracket: tuple[float, float] | None
    note: str

    @property
    def verdict(self) -> str:
        """``"within"``, ``"outside"`` or ``"shown"``."""
        if self.low is None or self.high is None:
            return "shown"
        if self.bracket is not None:
            inside = self.low <= self.bracket[1] and self.bracket[0] <= self.high
        elif self.half_width is None or self.tolerance is None:
            inside = self.low <= self.twin <= self.high
        else:
            inside = abs(self.published - self.twin) <= self.half_width <= self.tolerance
        return "within" if inside else "outside"


def published() -> tuple[Row, ...]:
    """The rows of the table."""
    return tuple(read_table(files("twin").joinpath("experiments/data/validation.csv")).values())


def compared(progress: Progress | None = None, quick: bool = False) -> Iterator[Comparison]:
    """All comparisons, one after another, as the twin's values become known; quick: without those of role theory."""
    rows = [row for row in published() if not (quick and row.extra["role"] == "theory")]
    for number, row in enumerate(rows):
        if progress is not None:
            progress(number, len(rows), row.name)
        yield comparison(row, measures.MEASURES[row.name]())
    if progress is not None:
        progress(len(rows), len(rows), "")


def comparison(row: Row, found: float | Interval | Bracket) -> Comparison:
    """A row of the table with the twin's value in SI."""
    assert not isinstance(row.value, str)
    value = found.mean if isinstance(found, Interval) else found.working if isinstance(found, Bracket) else found
    tolerance = float(row.extra["tolerance"]) if "tolerance" in row.extra else None
    low, high = (row.low, row.high) if tolerance is None else (row.value - tolerance, row.value + tolerance)

    def in_unit(si: float) -> float:
        return units.convert(si, row.si_unit, row.unit)

    return Comparison(
        id=row.name,
        quantity=row.extra["what"],
        published=row.value,
        low=low,
        high=high,
        unit=row.unit,
        sources=row.sources,
        role=row.extra["role"],
        tolerance=tolerance,
        twin=in_unit(value),
        half_width=in_unit(found.half_width) if isinstance(found, Interval) else None,
        bracket=(in_unit(found.low), in_unit(found.high)) if isinstance(found, Bracket) else None,
        note=row.note,
    )
