"""The tracers as the table knows them."""

from __future__ import annotations

from dataclasses import dataclass

from twin.errors import DataError, instead
from twin.sources import Numbers


@dataclass(frozen=True, slots=True)
class Tracer:
    """One tracer or contrast agent.

    Attributes
    ----------
    nuclide : str or None
        As ``"F-18"``; None without a radioactive label.
    injected_activity_bq : float or None
        Usual injected activity in a mouse, at the time of injection.
    activity_range_bq : tuple of float or None
        The printed range; a bound that no source gives is None.
    uptake_s : float
        Usual time from injection to scan.
    scan_s : float or None
        Usual duration of the scan; None for what is given for therapy and not imaged.
    """

    name: str
    target: str
    nuclide: str | None
    injected_activity_bq: float | None
    activity_range_bq: tuple[float | None, float | None]
    uptake_s: float
    scan_s: float | None


def names(numbers: Numbers) -> tuple[str, ...]:
    """The tracers of the table."""
    return numbers.subjects("tracers", "nuclide")


def tracer(numbers: Numbers, name: str) -> Tracer:
    """The tracer of that name; an unknown one is refused with the nearest."""
    if name not in names(numbers):
        raise DataError(_unknown(numbers, name))
    key = f"tracers.{name}"
    nuclide = numbers.text(f"{key}.nuclide")
    activity = numbers.row(f"{key}.injected_activity") if numbers.has(f"{key}.injected_activity") else None
    return Tracer(
        name,
        numbers.text(f"{key}.target"),
        None if nuclide == "none" else nuclide,
        activity.si if activity else None,
        activity.bounds if activity else (None, None),
        numbers.value(f"{key}.uptake_time"),
        numbers.value(f"{key}.scan_time") if numbers.has(f"{key}.scan_time") else None,
    )


def over_mouse(numbers: Numbers, species: str) -> float:
    """Usual activity in a species over that in a mouse, which the table has; 1 where nothing is known."""
    key = f"species.{species}.activity_over_mouse"
    return numbers.value(key) if numbers.has(key) else 1.0


def usual_bq(numbers: Numbers, name: str, species: str) -> float | None:
    """Usual injected activity of a tracer in a species [Bq]; None without a radioactive label."""
    in_mice = tracer(numbers, name).injected_activity_bq
    return None if in_mice is None else in_mice * over_mouse(numbers, species)


def _unknown(numbers: Numbers, name: str) -> str:
    return f"tracer {name!r} is not known; {instead(name, names(numbers))}"
