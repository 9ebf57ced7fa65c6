"""What is varied: an axis gives the values of a grid, or one for each place between 0 and 1."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from twin import units
from twin.distributions import Distribution
from twin.errors import Problem, ScenarioError, UnitError

STEPS = 5
_QUANTITY = re.compile(r"\s*([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)\s*(.*)")

Value: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Axis:
    """One thing that is varied, ready to be asked for values.

    Attributes
    ----------
    name, path : str
    levels : tuple or None
        The values of a list.
    low, high : float
        The ends of a range, in `unit`.
    unit : str
        What stands behind numbers; empty: bare numbers.
    whole : bool
        Whether a range has whole numbers.
    steps : int
        Values of a range in a grid.
    distribution : Distribution or None
    """

    name: str
    path: str
    levels: tuple[Value, ...] | None = None
    low: float = 0.0
    high: float = 0.0
    unit: str = ""
    whole: bool = False
    steps: int = STEPS
    distribution: Distribution | None = None

    def grid(self) -> tuple[Value, ...]:
        """The values of a grid."""
        if self.levels is not None:
            return self.levels
        if self.whole and self.high - self.low < self.steps:
            return tuple(range(int(self.low), int(self.high) + 1))
        return tuple(dict.fromkeys(self.at(k / (self.steps - 1)) for k in range(self.steps)))

    def at(self, uniform: float) -> Value:
        """The value at a place between 0 and 1."""
        if self.levels is not None:
            return self.levels[min(int(uniform * len(self.levels)), len(self.levels) - 1)]
        if self.whole:
            return int(self.low) + min(int(uniform * (self.high - self.low + 1)), int(self.high - self.low))
        number = self.low + uniform * (self.high - self.low)
        if self.distribution is not None:
            number = float(self.distribution.sample(min(max(uniform, 1e-12), 1.0 - 1e-12)))
        return self._written(number)

    def _written(self, number: float) -> Value:
        """Six digits, so that a file says the same everywhere."""
        short = float(f"{number:.6g}")
        return f"{short:.6g} {self.unit}" if self.unit else short


def axis_of(path: str, low: Value, high: Value) -> Axis:
    """An axis from one value of a path to another.

    Raises
    ------
    ScenarioError
        When these are not the ends of a range.
    """
    ends = (quantity(low), quantity(high))
    if ends[0] is None or ends[1] is None:
        raise ScenarioError(
            [Problem(path, "a range is two numbers, or two quantities such as '30 min'", f"{low}..{high}")]
        )
    try:
        top = units.convert(ends[1][0], ends[1][1], ends[0][1]) if ends[1][1] != ends[0][1] else ends[1][0]
    except UnitError as error:
        raise ScenarioError([Problem(path, str(error), f"{low}..{high}")]) from None
    if not ends[0][0] < top:
        raise ScenarioError(
            [Problem(path, "the second is greater than the first, else the range is empty", f"{low}..{high}")]
        )
    whole = all(isinstance(value, int) and not isinstance(value, bool) for value in (low, high))
    return Axis(path, path, None, ends[0][0], top, ends[0][1], whole)


def setting_text(path: str, value: Value) -> str:
    """``PATH=VALUE`` as ``--set`` takes it; JSON is YAML."""
    return f"{path}={json.dumps(value)}"


def quantity(value: Value) -> tuple[float, str] | None:
    """Number and unit of a value; None: it is neither a number nor a quantity."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value), ""
    found = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    if found is None or not found[2]:
        return None
    try:
        return float(found[1]), found[2].strip()
    except ValueError:
        return None


def common_unit(values: Sequence[Value]) -> str:
    """The unit that all quantities of a list have; empty: none."""
    known = [quantity(value) for value in values]
    units_ = {found[1] if found else "" for found in known}
    return units_.pop() if len(units_) == 1 else ""


def number_of(value: Value, unit: str) -> float | None:
    """The number of a value of an axis with a unit; None: it has none."""
    found = quantity(value)
    return found[0] if found is not None and found[1] == unit else None
