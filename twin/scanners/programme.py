"""The quality control, upkeep, failures, prices and data of a kind of scanner, from the tables.

What a machine of two modalities needs is what both need.
"""

from __future__ import annotations

from dataclasses import dataclass

from twin import units
from twin.distributions import Distribution, from_dict
from twin.sources import Numbers

DAY_S = 86400.0
TABLE = "quality_control"


@dataclass(frozen=True, slots=True)
class Check:
    """One test of a programme.

    Attributes
    ----------
    name : str
        ``daily_blank``; after its modality if the machine has several: ``pet.daily_blank``.
    every_days : int
        1 each working day, 7 on Mondays, else once in so many days.
    at : str or None
        Time of day; None: when the facility opens.
    warm_up : Distribution or None
        Machine time before it [s].
    duration : Distribution
        A person at the scanner [s].
    blocks : str
        ``all`` or ``quantitative``.
    valid_for_s : float or None
        Only so long after it was passed it blocks.
    fails : float
        Probability.
    phantom : str
        Or source.
    """

    name: str
    every_days: int
    at: str | None
    warm_up: Distribution | None
    duration: Distribution
    blocks: str
    valid_for_s: float | None
    fails: float
    after_repair: bool
    phantom: str


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Failures, repairs and planned visits of a kind of scanner [s]."""

    time_between_failures: Distribution
    repair_time: Distribution
    visit_interval_s: float | None
    visit_duration: Distribution
    update_interval_s: float | None
    update_duration: Distribution


def checks(numbers: Numbers, modality: str) -> tuple[Check, ...]:
    """The programme of a machine, such as ``pet_ct``: that of each of its modalities."""
    parts = tuple(dict.fromkeys(modality.split("_")))
    subjects = numbers.subjects(TABLE, "every")
    return tuple(
        _check(numbers, subject, several=len(parts) > 1)
        for part in parts
        for subject in subjects
        if subject.startswith(f"{part}.")
    )


def _check(numbers: Numbers, subject: str, several: bool) -> Check:
    key = f"{TABLE}.{subject}"
    return Check(
        name=subject if several else subject.partition(".")[2],
        every_days=round(numbers.value(f"{key}.every") / DAY_S),
        at=numbers.text(f"{key}.at") if numbers.has(f"{key}.at") else None,
        warm_up=_drawn(numbers, f"{key}.warm_up") if numbers.has(f"{key}.warm_up") else None,
        duration=_drawn(numbers, f"{key}.duration"),
        blocks=numbers.text(f"{key}.blocks"),
        valid_for_s=numbers.value(f"{key}.valid_for") if numbers.has(f"{key}.valid_for") else None,
        fails=numbers.value(f"{key}.fail_probability"),
        after_repair=numbers.text(f"{key}.after_repair") == "yes",
        phantom=numbers.text(f"{key}.phantom"),
    )


def upkeep(numbers: Numbers, modality: str) -> Upkeep | None:
    """What the table ``reliability`` says of a kind, or of its first part that it knows; None: nothing."""
    kind = next((k for k in (modality, *modality.split("_")) if numbers.has(f"reliability.{k}.mtbf")), None)
    if kind is None:
        return None
    key = f"reliability.{kind}"
    return Upkeep(
        _drawn(numbers, f"{key}.mtbf"),
        _drawn(numbers, f"{key}.mttr"),
        _interval_s(numbers.value(f"{key}.service_visits")),
        _drawn(numbers, f"{key}.service_visit_duration"),
        _interval_s(numbers.value("reliability.software.updates")),
        _drawn(numbers, "reliability.software.update_duration"),
    )


def price(numbers: Numbers, modality: str, currency: str) -> float | None:
    """Purchase price of a kind in the currency of the table; None if it has none, or in another currency."""
    kind = next((k for k in (modality, *modality.split("_")) if numbers.has(f"prices.capital.{k}")), None)
    if kind is None or numbers.row(f"prices.capital.{kind}").unit != currency:
        return None
    return numbers.value(f"prices.capital.{kind}")


def service_per_s(numbers: Numbers, price: float) -> float:
    """Service contract of a scanner of that price, per second."""
    return price * numbers.value("prices.service_fraction_per_year")


def volume_gb(numbers: Numbers, step: str) -> float:
    """Data of one animal from a scan step of this name [GB]; 0 if the table has none."""
    key = f"data_volumes.{step}"
    return units.convert(numbers.value(key), "byte", "GB") if numbers.has(key) else 0.0


def _drawn(numbers: Numbers, key: str) -> Distribution:
    return from_dict(numbers.distribution(key))


def _interval_s(rate_per_s: float) -> float | None:
    return 1.0 / rate_per_s if rate_per_s > 0.0 else None
