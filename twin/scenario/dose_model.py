"""The part of a scenario that says whose rules of radiation protection hold, and what they do."""

# ruff: noqa: RUF012 - pydantic copies what is given as default
from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, field_validator

from twin.scenario.model_base import Model, Name
from twin.scenario.quantities import Day, DoseField, Duration, Fraction, IntervalSeconds, PositiveLength, Seconds

Quantity: TypeAlias = Literal["effective", "extremity", "skin", "lens"]
Period: TypeAlias = Literal["day", "week", "month", "quarter", "year"]


class DosePerson(Model):
    """What counts for the dose of a person, or of everybody of a group."""

    category: Literal["worker", "apprentice", "minor", "public"] = "worker"
    """Whose limits hold."""
    so_far: dict[Quantity, DoseField] = {}
    """Doses of this calendar year before the run starts."""
    years_before: dict[Quantity, DoseField] = {}
    """Doses of the four years before this one; where a mean of five years is limited, this year has what is left."""
    pregnancy_declared: Day | None = None
    """From this day on: no step with open activity, and the limit of the unborn child."""
    breast_feeding: bool = False
    """No step with open activity."""
    can_bear_children: bool = False
    """Where a rule limits the uterus' dose in a month (DE), it holds; Hp(10) stands for it, which is too much."""


class Constraint(Model):
    """A dose that the site does not want to be passed, by each of some people."""

    quantity: Quantity
    """effective: Hp(10); extremity and skin: the fingertip's Hp(0.07); lens: Hp(3)."""
    at_most: DoseField
    period: Period = "year"
    """Of the calendar."""
    people: tuple[Name, ...] | None = None
    """People or groups; none: everybody."""
    then: Literal["exclude", "report"] = "exclude"
    """exclude: nobody begins what would pass it; report: it is only counted."""


class Spills(Model):
    """Activity is spilt at random: the room is closed until it is clean, and somebody may have it on the skin."""

    drawing: Fraction | None = None
    """How often, of the syringes that are drawn; none: table ``dose``."""
    injecting: Fraction | None = None
    """How often, of the injections; none: table ``dose``."""
    clean_up: Duration | None = None
    """Once over the room, with a wipe test; none: table ``tasks``."""
    skill: Name = "radiation_protection"
    """Who cleans up."""


class Dosimeter(Model):
    """Readings instead of the ledger."""

    every: IntervalSeconds = 30 * 86400.0
    """Period of wear (30 d is an assumption of ours)."""
    delay: Seconds = 14 * 86400.0
    """From the end of the period to the reading (14 d is an assumption of ours)."""
    threshold: DoseField = 1e-4
    """Less than this is read as nothing (0.1 mSv is an assumption of ours)."""


class DoseRules(Model):
    """Limits, constraints and equipment of radiation protection."""

    jurisdiction: Literal["EU", "DE", "ES", "US", "IAEA"] = "EU"
    """Whose limits hold (table ``limits``)."""
    limits_bind: bool = True
    """Whether nobody begins what would pass a limit; false: limits are only reported."""
    people: dict[Name, DosePerson] = {}
    """By person or group of people."""
    constraints: dict[Name, Constraint] = {}
    equipment: dict[Name, Name] = {}
    """A word of exposure -> the word whose numbers are taken: ``syringe: syringe_automatic``."""
    spills: Spills | None = None
    """None: nothing is ever spilt. ``{}``: as often as the table ``dose`` says, which is assumed."""
    decide_by: Literal["ledger", "dosimeter"] = "ledger"
    """What is known when a session begins: every dose at once, or the dosimeters read so far."""
    dosimeter: Dosimeter = Dosimeter()


class Wall(Model):
    """A wall from one point to another, in metres on the plan."""

    from_: Annotated[tuple[float, float], Field(alias="from")]
    to: tuple[float, float]
    layers: str
    """Such as ``"concrete 20 cm + lead 2 mm"``."""


class Area(Model):
    """A room as a rectangle on the plan, in metres: x, y of a corner, width and depth."""

    x: float
    y: float
    width: PositiveLength
    depth: PositiveLength
    source: tuple[float, float] | None = None
    """Where its activity is; none: its middle."""
    walls: str | None = None
    """Layers of all its four walls; none: only ``walls`` of the plan."""
    doors: tuple[Door, ...] = ()


class Door(Model):
    """A gap in the walls of a room, with layers of its own."""

    from_: Annotated[tuple[float, float], Field(alias="from")]
    to: tuple[float, float]
    layers: str | None = None
    """None: it weakens nothing."""


class Point(Model):
    """A place whose dose is asked for."""

    x: float
    y: float
    occupancy: Fraction = 1.0
    """Part of the working week in which somebody is there."""
    design_goal: DoseField | None = None
    """For a week; none: that of the jurisdiction for uncontrolled areas."""

    @field_validator("design_goal", mode="before")
    @classmethod
    def _of_week(cls, value: object) -> object:
        if isinstance(value, str) and "/" in value:
            raise ValueError(f"{value!r} is a rate; the goal is the dose of a week, without 'per', e.g. '20 uSv'")
        return value


class FloorPlan(Model):
    """Rooms, walls and points on one floor."""

    rooms: dict[Name, Area] = {}
    """Rooms of the scenario."""
    walls: dict[Name, Wall] = {}
    points: dict[Name, Point] = {}


Area.model_rebuild()
