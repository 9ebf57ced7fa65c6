"""The species as the tables know them, and how much may be injected."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Literal

from twin.errors import DataError, as_word, instead
from twin.sources import Numbers

Verdict = Literal["ok", "warn", "refuse"]
#: Whose limit of a bolus holds.
Guide = Literal["diehl", "eanm"]
#: What people call a species -> its name in the table; capitals, spaces and hyphens do not matter.
ALSO_CALLED = {
    "bird": "chicken",
    "hen": "chicken",
    "macaque": "monkey",
    "rhesus": "monkey",
    "rhesus_macaque": "monkey",
    "cynomolgus": "monkey",
    "mice": "mouse",
    "rats": "rat",
    "beagle": "dog",
    "swine": "pig",
    "minipig": "pig",
    "fish": "zebrafish",
    "cavy": "guinea_pig",
}
#: Rounding of a volume that equals its limit is no excess.
_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Species:
    """One species.

    Attributes
    ----------
    mass_kg : float
        Default body mass.
    blood_volume_m3_per_kg : float
        The conservative value, for welfare limits.
    temperature_degc : float
        Body temperature; of an ectotherm the temperature of its water.
    heart_rate_per_s : float
        Awake.
    """

    name: str
    mass_kg: float
    blood_volume_m3_per_kg: float
    temperature_degc: float
    heart_rate_per_s: float


def names(numbers: Numbers) -> tuple[str, ...]:
    """The species of the table."""
    return numbers.subjects("species", "body_mass")


def called(name: str) -> str:
    """The name in the table of what a person calls a species; a name that is not known stays as it is."""
    word = as_word(name)
    return ALSO_CALLED.get(word, word)


def species(numbers: Numbers, name: str) -> Species:
    """The species of that name; an unknown one is refused with the nearest."""
    key = _key(numbers, name)
    values = ("body_mass", "blood_volume", "temperature", "heart_rate")
    return Species(name, *(numbers.value(f"{key}.{quantity}") for quantity in values))


@dataclass(frozen=True, slots=True)
class VolumeLimits:
    """What may be injected into a vein, per body mass [m3/kg]: by good practice, at once, and slowly."""

    good_practice: float
    bolus: float
    infusion: float


#: No limit is known.
UNLIMITED = VolumeLimits(inf, inf, inf)


def iv_volume_limits(numbers: Numbers, name: str, guide: Guide = "diehl") -> VolumeLimits:
    """The limits of a species by a guide, which says what a bolus may be.

    Good practice, and the most of a slow infusion, are Diehl's (2001, J Appl Toxicol 21:15). A bolus is good practice
    at the most by Diehl, and what the EANM allows by ``"eanm"`` (2015, doi:10.1186/s40658-015-0135-y, table 2: 10 ml/kg
    in mice, 5 in rats), which knows no other species.
    """
    key = _key(numbers, name)
    if not numbers.has(f"{key}.iv_volume_good_practice"):
        raise DataError(
            f"species {name!r} has no limit of injected volume; no intravenous procedure is modelled for it"
        )
    good, slow = (numbers.value(f"{key}.iv_volume_{word}") for word in ("good_practice", "authorised"))
    allowed = f"{key}.iv_volume_eanm"
    bolus = numbers.value(allowed) if guide == "eanm" and numbers.has(allowed) else good
    return VolumeLimits(good, bolus, max(slow, bolus))


def volume_verdict(volume_m3_per_kg: float, good_practice: float, ceiling: float) -> Verdict:
    """The verdict on a volume per mass, from limits that are known already [all m3/kg]."""
    if volume_m3_per_kg > ceiling * (1 + _TOLERANCE):
        return "refuse"
    return "warn" if volume_m3_per_kg > good_practice * (1 + _TOLERANCE) else "ok"


def cardiac_output_m3_per_s(numbers: Numbers, name: str, mass_kg: float) -> float:
    """Cardiac output at a body mass, by the 3/4 power law [m3/s]."""
    return numbers.value(f"{_key(numbers, name)}.cardiac_output_at_1kg") * float(mass_kg**0.75)


def gfr_m3_per_s(numbers: Numbers, name: str, mass_kg: float) -> float:
    """Glomerular filtration rate at a body mass, by the 3/4 power law [m3/s]."""
    return numbers.value(f"{_key(numbers, name)}.gfr_at_1kg") * float(mass_kg**0.75)


def _key(numbers: Numbers, name: str) -> str:
    """The beginning of a species' keys."""
    known = names(numbers)
    if name in known:
        return f"species.{name}"
    raise DataError(f"species {name!r} is not known; {instead(name, known)}")
