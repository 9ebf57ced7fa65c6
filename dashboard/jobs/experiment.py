"""What is asked of a job that plays many runs: a comparison, a sweep, a sizing; a browser may forge it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, TypeAlias, get_args

from dashboard.jobs.refused import Refused

Kind: TypeAlias = Literal["compare", "sweep", "size", "validate"]
Value: TypeAlias = str | float | int | bool
_FOLDER = re.compile(r"[A-Za-z][A-Za-z0-9._-]*-[0-9a-f]{8}")
MOST_SCENARIOS = 6
REPLICATIONS = range(2, 201)
MOST_AXES, MOST_VALUES, MOST_POINTS, MOST_RUNS = 4, 30, 1000, 20_000
MOST_TARGETS, MOST_FIGURES, MOST_CHARACTERS = 8, 12, 200


@dataclass(frozen=True, slots=True)
class Variant:
    """A scenario of the shelf with a patch over it, and what it is called."""

    scenario: str
    patch: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Experiment:
    """Many runs that belong together.

    Attributes
    ----------
    kind : {"compare", "sweep", "size", "validate"}
        validate: the comparisons with published numbers.
    replications : int
        Of each scenario or point.
    label : str
        What the request's own scenario is called.
    others : tuple of Variant
        compare: what the request's own scenario is compared with.
    axes : mapping of path to values
        sweep, size: what is varied.
    kpis : tuple of str
        sweep: the figures that are looked at.
    targets : tuple of str
        size: ``animals_per_day.mean >= 12``.
    file : str
        sweep: name of a sweep file, instead of the request's scenario and `axes`.
    folder : str
        sweep: one of the store that is gone on with, instead.
    """

    kind: Kind
    replications: int = 20
    label: str = ""
    others: tuple[Variant, ...] = ()
    axes: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    kpis: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    file: str = ""
    folder: str = ""

    @property
    def points(self) -> int:
        """How many configurations there are."""
        if self.kind == "compare":
            return 1 + len(self.others)
        return math.prod(len(values) for values in self.axes.values())

    def as_data(self) -> dict[str, Any]:
        """As it lies on disk."""
        data = asdict(self)
        return data | {name: list(data[name]) for name in ("others", "kpis", "targets")}

    def refuse(self) -> None:
        """Raise `Refused` for what is too much."""
        if self.replications not in REPLICATIONS:
            raise Refused(f"the repetitions are a whole number from {REPLICATIONS[0]} to {REPLICATIONS[-1]}")
        if self.folder and not _FOLDER.fullmatch(self.folder):
            raise Refused("there is no sweep of this name")
        if len(self.others) >= MOST_SCENARIOS:
            raise Refused(f"at most {MOST_SCENARIOS} scenarios are compared at once")
        if len(self.axes) > MOST_AXES or any(not 0 < len(values) <= MOST_VALUES for values in self.axes.values()):
            raise Refused(f"at most {MOST_AXES} things are varied, each with 1 to {MOST_VALUES} values")
        if self.points > MOST_POINTS or self.points * self.replications > MOST_RUNS:
            said = f"{self.points} configurations, each {self.replications} times, are more than {MOST_RUNS} runs"
            raise Refused(f"{said} or {MOST_POINTS} configurations: vary less, or use twin sweep")
        if len(self.kpis) > MOST_FIGURES or len(self.targets) > MOST_TARGETS:
            raise Refused(f"at most {MOST_FIGURES} figures and {MOST_TARGETS} targets are asked for at once")


def read(said: Any) -> Experiment:
    """The experiment of plain data; `Refused` if it is none."""
    try:
        return _read(said)
    except (TypeError, ValueError, KeyError, AttributeError):
        raise Refused("this is no comparison, sweep or sizing") from None


def _read(said: Mapping[str, Any]) -> Experiment:
    if said["kind"] not in get_args(Kind) or type(said["replications"]) is not int:
        raise ValueError
    axes = {_text(path): [_value(one) for one in values] for path, values in said.get("axes", {}).items()}
    return Experiment(
        kind=said["kind"],
        replications=said["replications"],
        label=_text(said.get("label", "")),
        others=tuple(_variant(one) for one in said.get("others", ())),
        axes=axes,
        kpis=tuple(map(_text, said.get("kpis", ()))),
        targets=tuple(map(_text, said.get("targets", ()))),
        file=_text(said.get("file", "")),
        folder=_text(said.get("folder", "")),
    )


def _variant(said: Mapping[str, Any]) -> Variant:
    if not isinstance(said["patch"], str):
        raise TypeError
    return Variant(_text(said["scenario"]), said["patch"], _text(said.get("label", "")))


def _text(said: Any) -> str:
    if not isinstance(said, str) or len(said) > MOST_CHARACTERS:
        raise TypeError
    return said


def _value(said: Any) -> Value:
    if isinstance(said, float) and not math.isfinite(said):
        raise ValueError
    return said if isinstance(said, bool | int | float) else _text(said)
