r"""An animal's body at its mass: what the table knows of the species, scaled by allometric laws.

Rates of the heart and of breathing, and ventilation, follow their law from the species' own value at its default mass,
flows of blood and filtrate the 3/4 power, volumes the mass itself:

.. math:: q(m) = q_0 (m / m_0)^b

Where nothing is known of a species the row of the table is that of the law and says so (column ``law``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from twin import units
from twin.animals import species, strains
from twin.errors import DataError
from twin.sources import Numbers

#: What scales with a law of its own, and its exponent's row.
SCALED = ("heart_rate", "respiration_rate", "ventilation")


@dataclass(frozen=True, slots=True)
class Body:
    """One animal's body, awake and healthy.

    Attributes
    ----------
    species : str
    mass_kg : float
    temperature_degc : float
        Of an ectotherm the temperature of its water.
    heart_rate_per_s, respiration_rate_per_s : float
    ventilation_m3_per_s : float or None
        Air breathed; None for a fish.
    blood_volume_m3 : float
        The conservative value, for welfare limits.
    body_water_m3, cardiac_output_m3_per_s, gfr_m3_per_s : float
    haematocrit : float
    metabolic_power_w : float or None
        At rest; None for an ectotherm.
    bare : float
        Heat that it loses over an animal of its species with the usual fur.
    """

    species: str
    mass_kg: float
    temperature_degc: float
    heart_rate_per_s: float
    respiration_rate_per_s: float
    ventilation_m3_per_s: float | None
    blood_volume_m3: float
    body_water_m3: float
    cardiac_output_m3_per_s: float
    gfr_m3_per_s: float
    haematocrit: float
    metabolic_power_w: float | None
    bare: float = 1.0

    @property
    def ectotherm(self) -> bool:
        """Whether the animal has the temperature of what is around it."""
        return self.metabolic_power_w is None


def body(numbers: Numbers, name: str, mass_kg: float | None = None, strain: str | None = None) -> Body:
    """The body of an animal of a species, at its default mass, or its strain's, unless given.

    Raises
    ------
    DataError
        For an unknown species or strain, or a mass that no animal of the species has.
    """
    usual = species.species(numbers, name)
    if strain is not None:
        strains.check(numbers, name, strain)
    typical = usual.mass_kg if strain is None else strains.mass_kg(numbers, name, strain)
    mass = typical if mass_kg is None else mass_kg
    check_mass(numbers, name, mass)
    key = f"species.{name}"
    rates = {quantity: _scaled(numbers, key, quantity, mass / usual.mass_kg) for quantity in SCALED}
    cold = is_ectotherm(numbers, name)
    return Body(
        name,
        mass,
        usual.temperature_degc,
        rates["heart_rate"] or 0.0,
        rates["respiration_rate"] or 0.0,
        rates["ventilation"],
        usual.blood_volume_m3_per_kg * mass,
        numbers.value(f"{key}.body_water") * mass,
        species.cardiac_output_m3_per_s(numbers, name, mass),
        species.gfr_m3_per_s(numbers, name, mass),
        numbers.value(f"{key}.haematocrit"),
        None if cold else metabolic_power_w(numbers, mass),
        strains.bare(numbers, name, strain),
    )


def check_mass(numbers: Numbers, name: str, mass_kg: float) -> None:
    """Refuse a mass that no animal of the species has."""
    least, most = (numbers.value(f"species.{name}.mass_{bound}") for bound in ("least", "most"))
    if not least <= mass_kg <= most:
        shown, low, high = (units.fmt(mass, "kg") for mass in (mass_kg, least, most))
        raise DataError(f"a {name} of {shown} does not exist; the mass of a {name} is {low} to {high}")


def is_ectotherm(numbers: Numbers, name: str) -> bool:
    """Whether the species has no temperature of its own: the ones that breathe no air."""
    return not numbers.has(f"species.{name}.ventilation")


def metabolic_power_w(numbers: Numbers, mass_kg: float) -> float:
    """Heat that a resting animal makes, by Kleiber's law [W]."""
    return law(numbers, "metabolic_power", mass_kg)


def law(numbers: Numbers, quantity: str, mass_kg: float) -> float:
    """An allometric law of the table at a mass, in SI."""
    coefficient, exponent = (numbers.value(f"physiology.law.{quantity}{end}") for end in ("", "_exponent"))
    return float(coefficient * mass_kg**exponent)


def mass_at_age_kg(numbers: Numbers, name: str, age_s: float, adult_kg: float | None = None) -> float:
    r"""Body mass at an age, by West's growth of a body.

    .. math:: m = M \left(1 - \left(1 - (m_0/M)^{1/4}\right) e^{-a t / 4 M^{1/4}}\right)^4
    """
    adult = species.species(numbers, name).mass_kg if adult_kg is None else adult_kg
    birth = numbers.value(f"species.{name}.birth_mass")
    rate = numbers.value("physiology.law.growth_rate") * (1e-3 / adult) ** 0.25 / 4.0
    return float(adult * (1.0 - (1.0 - (birth / adult) ** 0.25) * math.exp(-rate * age_s)) ** 4)


def sample_limits_m3(numbers: Numbers, animal: Body) -> dict[str, float]:
    """The most blood that may be taken once, within 28 days, and each day if repeated [m3]."""
    ends = {"single": "single", "in_28_d": "28d", "daily": "daily"}
    return {
        word: animal.blood_volume_m3 * numbers.value(f"species.blood_sample_{end}_fraction")
        for word, end in ends.items()
    }


def injection_limits_m3(numbers: Numbers, animal: Body) -> dict[str, tuple[float, float]]:
    """By route, the volume that is good practice and the ceiling [m3]; routes without a limit are left out."""
    key = f"species.{animal.species}"
    found = {}
    for route in ("iv", "ip", "sc", "oral"):
        if numbers.has(f"{key}.{route}_volume_good_practice"):
            good, most = (numbers.value(f"{key}.{route}_volume_{word}") for word in ("good_practice", "authorised"))
            found[route] = (good * animal.mass_kg, most * animal.mass_kg)
    return found


def check_route_volume(numbers: Numbers, animal: Body, route: str, volume_m3: float) -> species.Verdict:
    """Whether a volume may be given by a route; above the ceiling is an error.

    Raises
    ------
    DataError
        When the route has no limit for the species, or the volume is above the ceiling.
    """
    limits = injection_limits_m3(numbers, animal)
    if route not in limits:
        raise DataError(
            f"no limit of volume is known for route {route!r} in the {animal.species}; known: {', '.join(limits)}"
        )
    good, most = limits[route]
    verdict = species.volume_verdict(volume_m3, good, most)
    if verdict == "refuse":
        shown, high = (units.fmt(volume, "m3") for volume in (volume_m3, most))
        raise DataError(
            f"{shown} by route {route!r} is too much for a {animal.species} of {units.fmt(animal.mass_kg, 'kg')}; "
            f"at most {high}"
        )
    return verdict


def _scaled(numbers: Numbers, key: str, quantity: str, ratio: float) -> float | None:
    """A quantity with a law of its own, from the species' value at its default mass."""
    if not numbers.has(f"{key}.{quantity}"):
        return None
    return float(numbers.value(f"{key}.{quantity}") * ratio ** numbers.value(f"physiology.law.{quantity}_exponent"))
