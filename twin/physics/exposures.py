r"""What a person gets who handles activity: from the word of a task to a dose for each becquerel and second.

A word of `WORDS` says what is handled and how. Its numbers are rows of the table ``exposure``, nearly all of them
assumed: distances of trunk, eyes and hands, the part of the task in contact, grip, vessel, shield around the source,
screen before trunk and eyes, the part of the task in which the source is out of its holder. With the activity :math:`A`
of a source when the task begins, its decay constant and the time that the task takes,

.. math:: H = k\, A\, \frac{1 - e^{-\lambda t}}{\lambda}

and :math:`k` is computed once for each word and nuclide (`factors`). Trunk and eyes see a point, or an animal that
weakens its own radiation; the fingertip is at its true distance for the part in contact (`twin.physics.beta_skin`, with
the electrons that come through the wall), and at the hands' distance for the rest. While a source lies in its holder,
that is one layer more before trunk, eyes and hands. A ring reads less than the fingertip
gets in contact, and the same when the hand is away from the source. Electrons count for fingers at a vessel or on
an animal: for trunk and eyes it is photons alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from twin.errors import DataError, nearest
from twin.physics import beta_skin, dose_rate, shielding
from twin.physics.decay import canonical
from twin.physics.dose_rate import Array
from twin.physics.shielding import Layer
from twin.sources import Numbers, default_numbers

#: What is handled: word -> what a person reads.
WORDS: dict[str, str] = {
    "syringe": "a syringe is injected by hand",
    "syringe_shielded": "the same with a syringe shield",
    "syringe_automatic": "an automatic injector injects",
    "vial_and_syringe": "a syringe is drawn from a vial and assayed",
    "vial_and_syringe_shielded": "the same with a syringe shield",
    "vial_and_syringe_automatic": "a dispenser draws",
    "vial": "a vial is unpacked, assayed or moved",
    "generator": "a generator is eluted",
    "kit": "a kit is labelled with activity from another vial",
    "assay": "a vial that was made is tested",
    "synthesis": "a synthesis runs in its hot cell",
    "injected_animals": "injected animals are handled",
    "bed_of_animals": "a bed with injected animals is handled",
    "cage": "a cage with injected animals is handled",
    "housed_animals": "animals in the radioactive housing are fed, looked at and changed",
    "carcass": "an injected animal is dissected or bagged",
    "organs_of_animal": "organs are taken out of an injected animal",
    "organ_tubes": "tubes with organs of an injected animal are handled",
    "blood": "blood or urine of an injected animal is taken",
    "bed": "an empty bed is cleaned on which injected animals lay",
    "spill": "what was spilt in a room is cleaned up",
    "waste": "radioactive waste is collected, measured or stored",
}
#: Where the activity of a word is.
SOURCES = ("syringe", "vial", "animals", "contamination", "waste", "spill", "housing")
#: Personal quantities of a dose, in the order of `Factors`.
QUANTITIES = ("hp10_sv", "hp007_finger_sv", "hp007_ring_sv", "hp3_sv")
NONE = "none"


class Factors(NamedTuple):
    """Dose for each becquerel of a source and each second [Sv/(Bq s)]; NaN where it is not modelled."""

    hp10: float
    finger: float
    ring: float
    hp3: float


@dataclass(frozen=True, slots=True)
class Handling:
    """One source of a word.

    Attributes
    ----------
    source : str
        A word of `SOURCES`.
    trunk_m, eyes_m, hands_m : float
        Distances, the hands' when they are not in contact.
    contact : float
        Part of the task in which fingers are in contact.
    grip, vessel : str
        Words of `twin.physics.beta_skin`; ``"none"`` for what is no vessel.
    shield, screen : tuple of Layer
        Around the source; between it and trunk and eyes.
    out : float
        Part of the task in which it is out of its holder; fingers are on it in that part only.
    holder : tuple of Layer
        Around it for the rest of the task.
    """

    source: str
    trunk_m: float
    eyes_m: float
    hands_m: float
    contact: float
    grip: str
    vessel: str
    shield: tuple[Layer, ...]
    screen: tuple[Layer, ...]
    out: float
    holder: tuple[Layer, ...]


def known(word: str) -> str:
    """The word, if there is one.

    Raises
    ------
    DataError
        With the nearest.
    """
    if word not in WORDS:
        near = nearest(word, WORDS)
        raise DataError(
            f"exposure {word!r} is not one of {', '.join(WORDS)}" + (f"; did you mean {near!r}?" if near else "")
        )
    return word


def handlings(numbers: Numbers, word: str) -> tuple[Handling, ...]:
    """The sources of a word."""
    return tuple(_handling(numbers, word, source) for source in numbers.text(f"exposure.{known(word)}.sources").split())


def is_open(numbers: Numbers, word: str) -> bool:
    """Whether activity can get into or onto a person: who is pregnant or breast-feeding does no such step."""
    return numbers.text(f"exposure.{known(word)}.intake") == "yes"


def factors(numbers: Numbers, word: str, nuclide: str) -> dict[str, Factors]:
    """By source, the dose of a person for each becquerel in it and each second of the task.

    Parameters
    ----------
    numbers : Numbers
    word : str
        A word of `WORDS`.
    nuclide : str
    """
    own = canonical(numbers, nuclide)
    if numbers.overrides or numbers.tables["exposure"] is not default_numbers().tables["exposure"]:
        return _by_source(numbers, own, known(word))
    found, used = _shipped(own, known(word))
    numbers.used |= used
    return dict(found)


@cache
def _shipped(nuclide: str, word: str) -> tuple[dict[str, Factors], frozenset[str]]:
    """By the shipped tables, and which rows that used: it takes some milliseconds."""
    numbers = default_numbers()
    return _by_source(numbers, nuclide, word), frozenset(numbers.used)


def _by_source(numbers: Numbers, nuclide: str, word: str) -> dict[str, Factors]:
    return {handling.source: _factors(numbers, nuclide, handling) for handling in handlings(numbers, word)}


def dose_sv(of: Factors, activity_bq: float, decay_per_s: float, duration_s: float) -> Factors:
    """The dose of a task [Sv], the activity being that at its beginning."""
    decays = activity_bq * seconds(decay_per_s, duration_s)
    return Factors(*(factor * decays for factor in of))


def seconds(decay_per_s: float, duration_s: float) -> float:
    """Decays in a time for each becquerel at its beginning [s]."""
    return float(dose_rate.dose(1.0, decay_per_s, duration_s))


def nearby(numbers: Numbers, nuclide: str, vial: str = "vial") -> dict[str, Factors]:
    """What people get who handle nothing, for each becquerel and second [Sv/(Bq s)].

    Returns
    -------
    dict
        ``room_animals`` and ``room_vials``, the latter in the shield of the word `vial`, at the usual distance in a
        room; ``attended_animals`` for who attends them.
    """
    shield = next(handling.shield for handling in handlings(numbers, vial) if handling.source == "vial")
    room_m, attendant_m = (numbers.value(f"exposure.{name}_distance") for name in ("room", "attendant"))
    return {
        "room_animals": beside(numbers, nuclide, "animals", room_m),
        "attended_animals": beside(numbers, nuclide, "animals", attendant_m),
        "room_vials": beside(numbers, nuclide, "vial", room_m, shield),
    }


def beside(numbers: Numbers, nuclide: str, source: str, distance_m: float, shield: Sequence[Layer] = ()) -> Factors:
    """What somebody gets who is near and handles nothing, for each becquerel and second [Sv/(Bq s)].

    The hands are as far away as the trunk.
    """
    return besides(numbers, nuclide, source, [distance_m], [tuple(shield)])[0]


def besides(
    numbers: Numbers, nuclide: str, source: str, distances_m: Sequence[float], shields: Sequence[tuple[Layer, ...]]
) -> list[Factors]:
    """The same for many places at once, each at its distance and behind its layers; equal layers are reckoned once."""
    apart, place = np.unique(np.asarray(distances_m, dtype=float), return_inverse=True)
    trunk, eyes, skin = (
        _rates(numbers, nuclide, source, apart, quantity)[place] * _passing(numbers, nuclide, quantity, shields)
        for quantity in ("hp10", "hp3", "hp007")
    )
    return [Factors(*map(float, four)) for four in zip(trunk, skin, skin, eyes, strict=True)]


def _passing(numbers: Numbers, nuclide: str, quantity: str, shields: Sequence[tuple[Layer, ...]]) -> Array:
    """Part that passes each of the shields; all of it where there is none."""
    of = {walls: shielding.shield(numbers, nuclide, walls, quantity).transmission for walls in set(shields) if walls}
    return np.array([of.get(walls, 1.0) for walls in shields])


def _factors(numbers: Numbers, nuclide: str, of: Handling) -> Factors:
    share = numbers.value("exposure.contamination_share") if of.source == "contamination" else 1.0
    trunk = _at_distance(numbers, nuclide, of, of.trunk_m, "hp10", of.screen, of.out)
    eyes = _at_distance(numbers, nuclide, of, of.eyes_m, "hp3", of.screen, of.out)
    away = _at_distance(numbers, nuclide, of, of.hands_m, "hp007", (), of.out - of.contact)
    touched = of.contact * _in_contact(numbers, nuclide, of)
    finger = touched + away
    ring = float(beta_skin.ring_reading(numbers, touched)) + away
    return Factors(*(share * value for value in (trunk, finger, ring, eyes)))


def _at_distance(
    numbers: Numbers,
    nuclide: str,
    of: Handling,
    distance_m: float,
    quantity: str,
    screen: tuple[Layer, ...],
    bare: float,
) -> float:
    """Photons at a distance: bare for a part of the task, for what it is in its holder behind that too [Sv/(Bq s)]."""
    open_walls, kept = (*of.shield, *screen), (*of.shield, *of.holder, *screen)
    out = bare * _rate(numbers, nuclide, of.source, distance_m, quantity, open_walls) if bare else 0.0
    if of.out == 1.0:
        return out
    return out + (1.0 - of.out) * _rate(numbers, nuclide, of.source, distance_m, quantity, kept)


def _rate(
    numbers: Numbers, nuclide: str, source: str, distance_m: float, quantity: str, walls: Sequence[Layer]
) -> float:
    """Photons at a distance [Sv/(Bq s)]; NaN of a nuclide that has none that count."""
    rate = float(_rates(numbers, nuclide, source, np.array([distance_m]), quantity)[0])
    return rate * shielding.shield(numbers, nuclide, walls, quantity).transmission if walls else rate


def _rates(numbers: Numbers, nuclide: str, source: str, distance_m: Array, quantity: str) -> Array:
    """Photons at distances with nothing between [Sv/(Bq s)]."""
    if source in ("animals", "housing"):
        mass_kg = numbers.value("exposure.animal_mass")
        rates = np.asarray(dose_rate.animal_rate_per_s(numbers, nuclide, 1.0, mass_kg, distance_m, quantity))
    else:
        rates = np.asarray(dose_rate.rate_per_s(numbers, nuclide, 1.0, distance_m, quantity))
    return np.where(rates == 0.0, np.nan, rates)


def _in_contact(numbers: Numbers, nuclide: str, of: Handling) -> float:
    """Hp(0.07) of a finger in contact [Sv/(Bq s)]."""
    if of.contact == 0.0:
        return 0.0
    if of.vessel == NONE:
        animal = of.source in ("animals", "housing")
        near_m = numbers.value("exposure.animal_surface") if animal else of.hands_m
        photons = _rate(numbers, nuclide, of.source, near_m, "hp007", of.shield)
        return photons + _electrons_of_animal(numbers, nuclide) if animal and not of.shield else photons
    volume_m3 = numbers.value(f"exposure.{of.vessel.partition('_')[0]}_volume")
    return beta_skin.finger_rate(numbers, nuclide, 1.0, volume_m3, of.vessel, of.grip, of.shield).total


def _electrons_of_animal(numbers: Numbers, nuclide: str) -> float:
    """Electrons that come out of an animal into the finger on it [Sv/(Bq s)]."""
    mass_kg, between_m = (numbers.value(f"exposure.animal_{name}") for name in ("mass", "wall"))
    return beta_skin.animal_rate(numbers, nuclide, mass_kg, between_m)


def _handling(numbers: Numbers, word: str, source: str) -> Handling:
    key = f"exposure.{word}.{source}"
    trunk, eyes, hands, contact, out = (
        numbers.value(f"{key}.{name}") for name in ("trunk", "eyes", "hands", "contact", "out")
    )
    grip, vessel = (numbers.text(f"{key}.{name}") for name in ("grip", "vessel"))
    shield, screen, holder = (_wall(numbers, numbers.text(f"{key}.{name}")) for name in ("shield", "screen", "holder"))
    for name, part in (("contact", contact), ("out", out)):
        if not 0.0 <= part <= 1.0:
            raise DataError(f"{key}.{name} is {part:g}: the part of a task is from 0 to 1")
    return Handling(source, trunk, eyes, hands, contact, grip, vessel, shield, screen, max(out, contact), holder)


def _wall(numbers: Numbers, text: str) -> tuple[Layer, ...]:
    return () if text == NONE else shielding.wall(numbers, text)
