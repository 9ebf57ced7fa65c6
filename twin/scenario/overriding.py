"""``numbers:``, a scenario's own values for rows of the tables; every one that cannot be is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twin import sources, units
from twin.distributions import from_dict
from twin.errors import Problem, ScenarioError
from twin.scenario import distribution_words
from twin.scenario.model import Scenario
from twin.scenario.rules import Override
from twin.scenario.validation import Where, locate
from twin.sources import Numbers, Row

#: Ends of names of rows that are shares, that count things, and that are divided by.
SHARES = ("fraction", "probability", "branching", "mortality_per_anaesthesia", "accuracy_cv")
COUNTS = ("maximum_attempts", "animals_per_attendant", "supervised")
NOT_ZERO = ("half_life", "body_mass", "mtbf", "injected_activity", "learning_rate", "routine", "slower", "valid_for")
#: Tables of bodies and tracers: what is shipped above 0 is divided by somewhere, but for rows of these names.
BODIES = ("species", "physiology", "kinetics", "tissues")
MAY_BE_ZERO: tuple[str, ...] = (
    "influx",
    "excreted",
    "uptake",
    "over_muscle",
    "holds",
    "blood",
    "isoflurane",
    "ketamine_xylazine",
)
MAY_BE_ZERO += (
    "heart_rate_fall",
    "respiration_fall",
    "ketamine_xylazine_heart_rate_fall",
    "mac_slope",
    "residual_heat",
)
MAY_BE_ZERO += ("probe_gain", "probe_below_normal", "at_start", "recovery", "free_volume", "scaled_from")
#: What stays in a syringe: the rest is injected, so there must be one.
RESIDUAL = "syringe_residual_fraction"
#: Tables of which every row may be a distribution; of the others those that are shipped as one.
DRAWN = ("tasks",)


def numbers(scenario: Scenario, where: Where) -> Numbers:
    """The tables with a scenario's overrides.

    Raises
    ------
    ScenarioError
        With every wrong override.
    """
    shipped = sources.default_numbers()
    rows: dict[str, Row] = {}
    problems: list[Problem] = []
    for key, override in scenario.numbers.items():
        try:
            rows[key] = _replaced(shipped, key, override)
        except ValueError as error:
            word = "value" if override.value is not None else "distribution"
            file, line = locate(("numbers", key, word), where)
            problems.append(Problem(f"numbers.{key}", str(error).removeprefix("numbers: "), None, line, file))
    if problems:
        raise ScenarioError(problems)
    return shipped.with_overrides(rows)


def overridden(said: Mapping[str, Any]) -> Numbers:
    """The tables with overrides that have been checked before, as plain data."""
    shipped = sources.default_numbers()
    return shipped.with_overrides({key: _replaced(shipped, key, Override(**row)) for key, row in said.items()})


def _replaced(shipped: Numbers, key: str, override: Override) -> Row:
    """One row with its new value."""
    value, distribution = override.value, override.distribution
    if (value is None) == (distribution is None):
        raise ValueError("an override has either a value or a distribution")
    row = shipped.row(key)
    if value is not None:
        made = row.replaced(value, override.note)
    elif row.unit == "text":
        raise ValueError("this row is a word; it takes a value")
    elif row.table not in DRAWN and "distribution" not in row.extra:
        raise ValueError("this row is one number that nothing draws; it takes a value")
    else:
        made = row.replaced(distribution_words.plain(distribution, row.si_unit), override.note)
    _check(made, row)
    return made


def _check(row: Row, shipped: Row) -> None:
    """A row keeps its meaning: no negative mass, no probability of 7, no washout in no time."""
    if row.unit == "text":
        _check_word(row)
        return
    parts = set(row.name.split("."))
    low, high = from_dict(row.distribution()).support
    if row.si_unit != "degC" and low < 0.0 and not _signed(shipped):
        raise ValueError(f"this is never negative, but here it reaches down to {units.fmt(low, row.si_unit)}")
    if any(part.endswith(SHARES) for part in parts) and high > 1.0:
        raise ValueError(f"a share is at most 1, this one reaches {high:g}")
    if row.name == RESIDUAL and row.si >= 1.0:
        raise ValueError("if all of it stays behind, nothing is injected; a mean below 1 is due")
    if row.si <= 0.0 and (parts & set(NOT_ZERO) or _divides(shipped)):
        raise ValueError("this must be greater than 0")
    if parts & set(COUNTS) and (row.si < 1.0 or row.si != int(row.si)):
        raise ValueError(f"a whole number from 1 up is due, not {row.si:g}")


def _signed(shipped: Row) -> bool:
    """Whether a row may be below 0, as it is shipped or as far as its source goes."""
    least = shipped.si if shipped.low is None else min(shipped.si, shipped.low)
    return least < 0.0


def _divides(shipped: Row) -> bool:
    """Whether a row of a body or a tracer is divided by somewhere."""
    word = shipped.name.rpartition(".")[2]
    return shipped.table in BODIES and shipped.si > 0.0 and word not in MAY_BE_ZERO


def _check_word(row: Row) -> None:
    if row.name.endswith("hotel_sizes") and not all(word.isdecimal() and int(word) > 0 for word in row.text.split()):
        raise ValueError(f"whole numbers from 1 up are due, with spaces between, not {row.text!r}")
