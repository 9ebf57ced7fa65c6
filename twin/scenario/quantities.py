"""Field types of a scenario: quantities with their unit, distributions, weeks, instants.

A person writes ``"25 MBq"``; the model holds the SI float. A bare number where a unit is due is an error.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from twin import distributions, units
from twin.distributions import Distribution
from twin.errors import shorten
from twin.scenario import distribution_words, weeks
from twin.scenario.weeks import Week

#: Below this a thing that comes again and again would keep the clock busy and never let it get on [s].
LEAST_STEP_S, LEAST_INTERVAL_S = 1.0, 60.0
#: The same for requests: one a second [1/s].
HIGHEST_RATE = 1.0


def _quantity(unit: str, example: str, *, least: float = 0.0, most: float | None = None, positive: bool = False) -> Any:
    """A float in ``unit`` parsed from text such as ``example``, from ``least`` to ``most``; or greater than 0."""

    def parse(value: object) -> float:
        result = units.parse(value, unit)
        if result < 0.0:
            raise ValueError(f"{value!r} is below 0; allowed are values from {_said(least, unit)} up, e.g. {example!r}")
        if positive and result == 0.0:
            raise ValueError(f"{value!r} must be greater than 0, e.g. {example!r}")
        if result < least:
            raise ValueError(f"{value!r} is below the least allowed, {_said(least, unit)}, e.g. {example!r}")
        if most is not None and result > most:
            raise ValueError(f"{value!r} is above the most allowed, {_said(most, unit)}, e.g. {example!r}")
        return result

    bounds = {"x-least": _said(least, unit)} if least else {}
    bounds |= {} if most is None else {"x-most": _said(most, unit)}
    schema = {"type": "string", "examples": [example], "x-unit": unit, **bounds}
    return Annotated[float, BeforeValidator(parse), WithJsonSchema(schema)]


def _said(value: float, unit: str) -> str:
    return units.fmt(value, unit) if value else "0"


Seconds = _quantity("s", "30 min")
#: A step of a book, a time over which something is written off.
StepSeconds = _quantity("s", "30 min", least=LEAST_STEP_S)
#: From one time to the next.
IntervalSeconds = _quantity("s", "91 d", least=LEAST_INTERVAL_S)
#: No site has more; one animal never gets a thousandth of it [Bq].
MOST_ACTIVITY_BQ = 1e15
Activity = _quantity("Bq", "25 MBq", most=MOST_ACTIVITY_BQ)
PositiveActivity = _quantity("Bq", "25 MBq", positive=True, most=1e12)
Volume = _quantity("m3", "0.1 ml", most=1.0)
VolumePerMass = _quantity("m3/kg", "5 ml/kg")
Mass = _quantity("kg", "25 g")
Amount = _quantity("mol", "1 nmol")
AmountPerMass = _quantity("mol/kg", "2 nmol/kg")
MolarActivity = _quantity("Bq/mol", "50 GBq/umol")
Frequency = _quantity("1/s", "12 /day", most=HIGHEST_RATE)
Length = _quantity("m", "1.5 mm")
DoseField = _quantity("Sv", "20 mSv")
#: Air in a room.
Temperature = _quantity("degC", "22 degC", most=45.0)
#: A tumour.
TissueVolume = _quantity("m3", "100 mm3")
PositiveLength = _quantity("m", "1.5 mm", positive=True)
DataVolume = _quantity("Gbyte", "50 TB", positive=True)
EnergyKev = _quantity("keV", "511 keV")


def _refuse_no_pair(value: object) -> object:
    if not isinstance(value, list | tuple) or len(value) != 2:
        message = "the least and the longest time without food are due, such as [6 h, 10 h]"
        raise ValueError(f"{shorten(value)} is not a pair of times: {message}")
    return value


#: Of the least and the longest time without food: says the form of what is no pair.
PAIR_OF_FASTING = BeforeValidator(_refuse_no_pair)


def _parse_fraction(value: object) -> float:
    result = units.parse(value, "1")
    if not 0.0 <= result <= 1.0:
        raise ValueError(f"{value!r} is not between 0 and 1 (0 % and 100 %)")
    return result


Fraction = Annotated[
    float,
    BeforeValidator(_parse_fraction),
    WithJsonSchema(
        {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string", "examples": ["14 %"]}]}
    ),
]


def _refuse_too_often(distribution: Distribution) -> Distribution:
    if distribution.mean < LEAST_INTERVAL_S:
        found, least = (units.fmt(value, "s") for value in (distribution.mean, LEAST_INTERVAL_S))
        raise ValueError(f"the mean is {found}, below the least allowed, {least}")
    return distribution


def _refuse_beyond_one(distribution: Distribution) -> Distribution:
    low, high = distribution.support
    if low < 0.0 or high > 1.0:
        raise ValueError(f"a share lies between 0 and 1, this one between {low:g} and {high:g}")
    return distribution


def _refuse_all(distribution: Distribution) -> Distribution:
    if distribution.mean >= 1.0:
        raise ValueError("if all of it stays behind, nothing is injected; a mean below 1 is due, e.g. 0.1")
    return distribution


#: A duration: constant text or a map such as ``{triangular: ["3 min", "6 min", "12 min"]}``; never negative [s].
Duration = Annotated[
    Distribution,
    BeforeValidator(lambda value: distributions.refuse_negative(distribution_words.parse(value, "s"))),
    WithJsonSchema(distribution_words.json_schema("s")),
]

#: The same for what comes again and again.
IntervalDuration = Annotated[
    Duration,
    AfterValidator(_refuse_too_often),
    WithJsonSchema({**distribution_words.json_schema("s"), "x-least-mean": _said(LEAST_INTERVAL_S, "s")}),
]

#: A share, e.g. the yield of a synthesis [1].
ShareDistribution = Annotated[
    Distribution,
    BeforeValidator(lambda value: _refuse_beyond_one(distribution_words.parse(value, "1"))),
    WithJsonSchema(distribution_words.json_schema("1")),
]

#: What stays in a syringe: a share of it, but not all.
ResidualShare = Annotated[ShareDistribution, AfterValidator(_refuse_all)]

EARLIEST, LATEST = 1900, 2300

#: Working times of a week.
WeekField = Annotated[Week, BeforeValidator(weeks.parse_week), WithJsonSchema(weeks.JSON_SCHEMA)]

#: A time of day, seconds after midnight.
TimeOfDay = Annotated[
    float,
    BeforeValidator(weeks.parse_time_of_day),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,2}:\d{2}$", "examples": ["07:45"]}),
]

#: Days of the week, 0 = Monday.
Weekdays = Annotated[
    tuple[int, ...],
    BeforeValidator(weeks.parse_weekdays),
    WithJsonSchema({"type": ["string", "array"], "items": {"type": "string"}, "examples": ["mon-fri"]}),
]


def _refuse_far(moment: dt.datetime) -> dt.datetime:
    if not EARLIEST <= moment.year <= LATEST:
        raise ValueError(f"the year {moment.year} is out of range; allowed: {EARLIEST} to {LATEST}")
    return moment


#: A naive local instant.
Instant = Annotated[
    dt.datetime,
    BeforeValidator(lambda value: _refuse_far(weeks.parse_instant(value))),
    WithJsonSchema({"type": "string", "examples": ["2026-03-02 09:00", "2026-03-02"]}),
]

#: A calendar day.
Day = Annotated[
    dt.date,
    BeforeValidator(lambda value: _refuse_far(weeks.parse_instant(value)).date()),
    WithJsonSchema({"type": "string", "examples": ["2026-03-02"]}),
]
