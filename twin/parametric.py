"""A thing that is its parameters: a frozen dataclass of numbers that reads, scales and writes itself as plain data."""

from __future__ import annotations

import math
import sys
from dataclasses import fields
from typing import Any, ClassVar, Self

from twin.errors import DataError, shorten

_LARGEST = sys.float_info.max


class Parametric:
    """The parent of frozen, slotted dataclasses whose fields are numbers, or tuples of numbers."""

    __slots__ = ()
    kind: ClassVar[str]
    several: ClassVar[frozenset[str]] = frozenset()
    """The parameters that are tuples."""
    unscaled: ClassVar[frozenset[str]] = frozenset()
    """The parameters that stay when the value is scaled: shapes, weights, probabilities."""

    def scaled(self, factor: float) -> Self:
        """The same with `factor` times the value, factor > 0."""
        check(self, 0 < factor < math.inf, f"cannot be scaled by {factor!r}; a positive number is due")
        given = parameters(self).items()
        return type(self)(**{name: v if name in self.unscaled else _times(v, factor) for name, v in given})

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON data: the kind and the parameters."""
        given = parameters(self).items()
        return {"kind": self.kind} | {name: list(v) if isinstance(v, tuple) else v for name, v in given}


def names(kind: Any) -> tuple[str, ...]:
    """The parameters of a kind, in order."""
    return tuple(f.name for f in fields(kind) if f.init)


def parameters(thing: Parametric) -> dict[str, Any]:
    """Every parameter with its value."""
    return {name: getattr(thing, name) for name in names(type(thing))}


def keep(thing: Parametric, **values: object) -> None:
    """Set fields of a frozen instance that is being made."""
    for name, value in values.items():
        object.__setattr__(thing, name, value)


def read(thing: Parametric) -> None:
    """Turn every parameter into a float, or a tuple of floats; DataError for what is no finite number."""
    for name, value in parameters(thing).items():
        keep(thing, **{name: _floats(thing, name, value) if name in thing.several else _float(thing, name, value)})


def check(thing: Parametric, holds: bool, why: str) -> None:
    """DataError with the parameters and the reason, unless the condition holds."""
    if not holds:
        raise DataError(f"{str(thing)[:200]}: {why}")


def _float(thing: Parametric, name: str, value: object) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not (number and -_LARGEST <= value <= _LARGEST):  # type: ignore[operator]  # a number by the line above
        raise DataError(f"{thing.kind}: {name} {shorten(value)} is not a finite number")
    return float(value)  # type: ignore[arg-type]  # same


def _floats(thing: Parametric, name: str, values: object) -> tuple[float, ...]:
    if not isinstance(values, list | tuple):
        raise DataError(f"{thing.kind}: {name} {shorten(values)} is not a list of numbers")
    return tuple(_float(thing, name, value) for value in values)


def _times(value: Any, factor: float) -> Any:
    return tuple(item * factor for item in value) if isinstance(value, tuple) else value * factor
