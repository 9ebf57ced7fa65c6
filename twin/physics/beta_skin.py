"""Skin and fingers: electrons and photons, apart.

Hp(0.07) of skin that activity lies on, and of fingers that hold a syringe or a vial. The electrons' part is that of a
wide plane on water or of a cylinder in it (`twin.physics.electrons`). The photons' part takes kerma for dose, which is
too much within a millimetre of the activity, but for soft photons: those count on the skin, where nothing is between,
and hardly behind a wall. Fingers are at their true distance: the outside of the vessel, or of its shield. A ring reads
less than the fingertip gets; both are to be told.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from twin import units
from twin.errors import DataError, nearest
from twin.physics import electrons, shielding
from twin.physics.attenuation import energy_absorption_m2_per_kg
from twin.physics.bodies import body
from twin.physics.decay import decay_constant_per_s
from twin.physics.dose_rate import constant_of, counted, dose
from twin.physics.emissions import bremsstrahlung_of, joined, photons
from twin.physics.emissions import electrons as electrons_of
from twin.physics.geometry import line_per_m2
from twin.physics.materials import material
from twin.physics.shielding import Layer
from twin.sources import Numbers

Array: TypeAlias = npt.NDArray[np.float64]
VESSELS = ("syringe_1ml", "syringe_5ml", "vial_10ml")
#: Where the fingers are: on the filled part, or at the flange of a syringe.
GRIPS = ("barrel", "flange")
_WATER_KG_M3 = 1000.0


class SkinDose(NamedTuple):
    """Hp(0.07) or its rate [Sv or Sv/s].

    Attributes
    ----------
    electrons, photons : float
        The two parts.
    """

    electrons: float
    photons: float

    @property
    def total(self) -> float:
        """Both parts."""
        return self.electrons + self.photons


@dataclass(frozen=True)
class Vessel:
    """What holds activity: a cylinder with a wall.

    Attributes
    ----------
    inner_radius_m, wall_m, wall_kg_m3 : float
    """

    inner_radius_m: float
    wall_m: float
    wall_kg_m3: float

    def length_m(self, volume_m3: float) -> float:
        """Length of the part that so much fills."""
        return volume_m3 / (math.pi * self.inner_radius_m**2)


def vessel(numbers: Numbers, name: str) -> Vessel:
    """A vessel of `VESSELS`."""
    if name not in VESSELS:
        near = nearest(name, VESSELS)
        raise DataError(
            f"vessel {name!r} is not one of {', '.join(VESSELS)}" + (f"; did you mean {near!r}?" if near else "")
        )
    kind = name.partition("_")[0]
    radius_m = numbers.value(f"dose.{name}.inner_diameter") / 2.0
    return Vessel(radius_m, numbers.value(f"dose.{name}.wall"), numbers.value(f"dose.{kind}.wall_density"))


def contamination_rate(numbers: Numbers, nuclide: str, activity_bq_per_m2: float, progeny: bool = True) -> SkinDose:
    """Rate of Hp(0.07) of skin that activity lies on evenly [Sv/s].

    Parameters
    ----------
    activity_bq_per_m2 : float
        On the skin [Bq/m2]; 1 Bq/cm2 is 1e4 Bq/m2. The photons' part is that of one square centimetre.
    """
    _positive(activity_bq_per_m2, "contamination", "Bq/m2")
    depth_m = numbers.value("dose.skin.depth")
    spectrum = electrons_of(numbers, nuclide, progeny)
    beta = float(electrons.plane_dose(numbers, spectrum, depth_m * _WATER_KG_M3, "none")[0])
    photon = _photons_of_disc(numbers, nuclide, depth_m, progeny)
    return SkinDose(beta * activity_bq_per_m2, photon * activity_bq_per_m2)


def _photons_of_disc(numbers: Numbers, nuclide: str, depth_m: float, progeny: bool) -> float:
    r"""Kerma in water below the middle of a disc of the skin's area, for each becquerel on a square metre [Sv m2/s].

    .. math:: D = \frac12 \sum_i y_i E_i \mu_i \left[E_1(\rho\mu_i d) - E_1(\rho\mu_i s)\right]

    with the mass energy-absorption coefficient :math:`\mu` of water, which also weakens on the way (what is scattered
    goes on), the depth :math:`d` and the way :math:`s` from the disc's edge. Photons of all energies count: below
    10 keV the coefficient is carried on as a power of energy, some per cent too much.
    """
    from scipy.special import exp1

    of = photons(numbers, nuclide, 0.0, progeny)
    if counted(numbers, nuclide, progeny)[1]:
        of = joined([of, bremsstrahlung_of(numbers, nuclide, numbers.value("dose.photon_cutoff"), progeny)])
    absorbed = energy_absorption_m2_per_kg("water")(of.energy_kev)
    edge_m = math.hypot(depth_m, math.sqrt(numbers.value("dose.skin.area") / math.pi))
    near, far = (exp1(absorbed * _WATER_KG_M3 * way_m) for way_m in (depth_m, edge_m))
    energy_j = of.energy_kev * of.per_decay * units.factor("keV", "J")
    return float(energy_j @ (absorbed * (near - far))) / 2.0


def finger_rate(
    numbers: Numbers,
    nuclide: str,
    activity_bq: float,
    volume_m3: float,
    name: str = "syringe_1ml",
    grip: str = "barrel",
    shield: Sequence[Layer] = (),
    progeny: bool = True,
) -> SkinDose:
    """Rate of Hp(0.07) of the fingertip that holds a vessel [Sv/s].

    Parameters
    ----------
    activity_bq, volume_m3 : float
        What is in it.
    name : str
        A word of `VESSELS`.
    grip : str
        A word of `GRIPS`.
    shield : sequence of Layer
        Around the barrel; at the flange it does not help.
    """
    _positive(activity_bq, "activity", "Bq")
    if grip not in GRIPS:
        raise DataError(f"grip {grip!r} is not one of {', '.join(GRIPS)}")
    if not 0.0 < volume_m3 <= 1e-3:
        raise DataError(f"a volume of {volume_m3:g} m3: it must be above zero and at most 1 l")
    of = vessel(numbers, name)
    layers = tuple(shield) if grip == "barrel" else ()
    of_photons = _photons(numbers, nuclide, of, volume_m3, grip, layers, progeny)
    beta = _beta(numbers, nuclide, of, volume_m3, layers, progeny) if grip == "barrel" else 0.0
    return SkinDose(beta * activity_bq, of_photons * activity_bq)


def finger_dose(
    numbers: Numbers, nuclide: str, rate: SkinDose, duration_s: float, contact_part: float = 1.0
) -> SkinDose:
    """Hp(0.07) of a task from the rate at its beginning, with the decay meanwhile [Sv].

    Parameters
    ----------
    rate : SkinDose
        Of `finger_rate` or `contamination_rate` [Sv/s].
    duration_s : float
        Of the task [s].
    contact_part : float
        Part of that time in which the fingers are there.
    """
    if not 0.0 <= contact_part <= 1.0:
        raise DataError(f"a contact part of {contact_part:g}: it is from 0 to 1")
    seconds = contact_part * float(dose(1.0, decay_constant_per_s(numbers, nuclide), duration_s))
    return SkinDose(rate.electrons * seconds, rate.photons * seconds)


def _photons(
    numbers: Numbers, nuclide: str, of: Vessel, volume_m3: float, grip: str, layers: Sequence[Layer], progeny: bool
) -> float:
    """Photons of the filled part as a line, for each becquerel [Sv/s]."""
    outside_m = of.inner_radius_m + of.wall_m + sum(layer.thickness_m for layer in layers)
    along_m = numbers.value("dose.flange.distance") if grip == "flange" else 0.0
    spread = float(line_per_m2(outside_m + numbers.value("dose.skin.depth"), of.length_m(volume_m3), along_m))
    constant = constant_of(counted(numbers, nuclide, progeny)[0], "hp007")
    if layers and constant > 0.0:
        constant *= shielding.shield(numbers, nuclide, layers, "hp007", progeny=progeny).transmission
    return constant * spread


def _beta(
    numbers: Numbers, nuclide: str, of: Vessel, volume_m3: float, layers: Sequence[Layer], progeny: bool
) -> float:
    """Electrons that come through the wall, for each becquerel [Sv/s]."""
    shields = sum(layer.thickness_m * material(numbers, layer.material).density_kg_m3 for layer in layers)
    wall = of.wall_m * of.wall_kg_m3 + shields + numbers.value("dose.skin.depth") * _WATER_KG_M3
    radius, length = of.inner_radius_m * _WATER_KG_M3, of.length_m(volume_m3) * _WATER_KG_M3
    beside = electrons.cylinder_dose(numbers, electrons_of(numbers, nuclide, progeny), wall, radius, length)
    return beside / (volume_m3 * _WATER_KG_M3)


def animal_rate(numbers: Numbers, nuclide: str, mass_kg: float, between_m: float, progeny: bool = True) -> float:
    """Electrons that reach the finger on an animal that activity fills evenly, for each becquerel in it [Sv/s].

    Parameters
    ----------
    mass_kg : float
        Of the animal; at its middle it is a cylinder as wide and long as its ellipsoid.
    between_m : float
        From the activity to the finger's surface, as water [m].
    """
    wall = (between_m + numbers.value("dose.skin.depth")) * _WATER_KG_M3
    of = body(numbers, mass_kg)
    radius, length = of.semi_axes_m[0] * of.density_kg_m3, 2.0 * of.semi_axes_m[2] * of.density_kg_m3
    return electrons.cylinder_dose(numbers, electrons_of(numbers, nuclide, progeny), wall, radius, length) / mass_kg


def point_rate(numbers: Numbers, nuclide: str, activity_bq: float, distance_m: float, progeny: bool = True) -> float:
    """Rate of Hp(0.07) of bare skin from electrons of a bare point through air, which is taken as water [Sv/s].

    Parameters
    ----------
    activity_bq : float
    distance_m : float
        From the point to the skin, above 0.
    """
    _positive(activity_bq, "activity", "Bq")
    skin = numbers.value("dose.skin.depth") * _WATER_KG_M3
    before = distance_m * material(numbers, "air").density_kg_m3 + skin
    return activity_bq * electrons.point_dose(numbers, electrons_of(numbers, nuclide, progeny), before) / distance_m**2


def ring_reading(numbers: Numbers, fingertip_sv: npt.ArrayLike, ratio: float | None = None) -> Array:
    """What a ring at the finger's base reads when the fingertip gets this dose [Sv].

    Parameters
    ----------
    ratio : float, optional
        Fingertip over ring; the table's median (4.3; 1.4 to 7) unless given.
    """
    over = numbers.value("dose.ring_ratio") if ratio is None else ratio
    if not over > 0.0:
        raise DataError(f"ring ratio {over:g}: it is above zero")
    found: Array = np.asarray(fingertip_sv, dtype=float) / over
    return found


def _positive(value: float, what: str, unit: str) -> None:
    if not value >= 0.0:
        raise DataError(f"{what} {value:g} {unit}: it is not negative")
