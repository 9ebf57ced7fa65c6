"""What a KPI is: id, definition, unit, which direction is better, and the function that computes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypedDict

from twin.results.run import Run

Value: TypeAlias = float | None
#: Values by member; the member None is the KPI without an index.
Values: TypeAlias = Mapping[str | None, Value]
#: The unit of money, which the scenario's prices name.
CURRENCY = "currency"


class Figure(TypedDict):
    """A value with its unit; the value of what is undefined is None."""

    value: Value
    unit: str


@dataclass(frozen=True, slots=True)
class Kpi:
    """One KPI.

    Attributes
    ----------
    id : str
    definition : str
        A sentence that a lab manager understands.
    unit : str
        As `twin.units` reads it; ``1`` for counts, ``currency`` for money.
    direction : {"higher", "lower", "none"}
        Which is better.
    compute : callable
        Run -> value, or values by member.
    index : str or None
        What a member is.
    """

    id: str
    definition: str
    unit: str
    direction: Literal["higher", "lower", "none"]
    compute: Callable[[Run], Value | Values]
    index: str | None = None
