r"""A tracer in an animal: its concentration in blood and in each tissue at any time, per injected activity.

A tissue holds blood, what exchanges with its spaces, and what it takes up and releases again:

.. math:: c(t) = v_b\,b(t) + V k\,(b * e^{-kt})(t) + f K_i\,(b * e^{-rt})(t)

which is the two-tissue compartment model in its own response (`twin.physics.kinetics`). The influx `K_i` is the
table's, or follows from a published uptake at one time. The factor `f` is what handling makes of it (`handling`).
Concentrations are parts of the injected activity per mass [1/kg], corrected for decay: 10 /kg is 1 %/g. They belong to
the species' default mass; in a heavier animal they are lower as the mass is higher.

What is taken up may be fed by the intact tracer alone, which is broken down in blood at a rate: then `b` in the last
term is :math:`b\,e^{-pt}`. Where a species has no rows of a tracer, those of another may be carried over by
allometric laws, if the table says so (`twin.animals.scaling`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from twin.animals import scaling, species, tracers
from twin.animals.body import Body, body
from twin.errors import DataError
from twin.physics import decay
from twin.physics.kinetics import Exponentials, Response, input_function
from twin.sources import Numbers

Array: TypeAlias = npt.NDArray[np.float64]
#: How the names of tissues begin that only a sick animal has.
LESIONS = ("tumour", "inflammation")
#: Tissues of every animal whose volumes are known.
CORE = ("brain", "heart", "lung", "liver", "spleen", "kidney", "gut", "muscle", "bone", "skin", "adipose")


@dataclass(frozen=True, slots=True)
class Tissue:
    """What a tissue does with what is in its blood.

    Attributes
    ----------
    blood_fraction : float
        Its blood [m3/kg of 1000 kg/m3].
    answer : Response
        The fast part is the exchange with its spaces, the slow one uptake and release.
    broken_down_per_s : float
        Rate at which the tracer in blood is broken down to what the tissue does not take up.
    diluted_per_s : float
        Part of the rate of its slow answer that is no release: what it took up is spread over a tumour that grows.
    passing : bool
        What it takes up is what leaves the blood for the urine, on its way.
    """

    blood_fraction: float
    answer: Response
    broken_down_per_s: float = 0.0
    diluted_per_s: float = 0.0
    passing: bool = False

    def nonspecific(self, blood: Exponentials) -> Exponentials:
        """Its blood and its spaces."""
        exchanged = blood.convolved(self.answer.fast_per_s, self.answer.fast)
        return blood.scaled(self.blood_fraction) + exchanged

    def specific(self, blood: Exponentials) -> Exponentials:
        """What it takes up."""
        return self.feeding(blood).convolved(self.answer.slow_per_s, self.answer.slow)

    def feeding(self, blood: Exponentials) -> Exponentials:
        """The part of the blood curve that it can take up: what is not broken down."""
        return blood.decaying(self.broken_down_per_s) if self.broken_down_per_s else blood

    def curve(self, blood: Exponentials, factor: float = 1.0) -> Exponentials:
        """All of it; uptake times a factor."""
        return self.nonspecific(blood) + self.specific(blood).scaled(factor)


@dataclass(frozen=True, slots=True)
class Kinetics:
    """A tracer in one animal.

    Attributes
    ----------
    blood : Exponentials
        Part of the injected activity per mass of blood [1/kg], for each unit of time of the convolutions [s].
    tissues : mapping
    factors : mapping
        What handling makes of the uptake of a tissue; 1 where it is not named.
    decay_constant_per_s : float
        0 without a radioactive label.
    rows_of : str
        Species whose rows they are; another than the animal's own if they are carried over.
    """

    tracer: str
    animal: Body
    blood: Exponentials
    tissues: Mapping[str, Tissue]
    factors: Mapping[str, float]
    decay_constant_per_s: float
    rows_of: str

    def curve(self, tissue: str) -> Exponentials:
        """Concentration in a tissue, or in ``"blood"``, corrected for decay [1/kg]."""
        if tissue == "blood":
            return self.blood
        if tissue not in self.tissues:
            where = f"tissue {tissue!r} of the {self.animal.species}"
            raise DataError(f"no uptake of {self.tracer} is known in {where}; known: blood, {', '.join(self.tissues)}")
        return self.tissues[tissue].curve(self.blood, self.factors.get(tissue, 1.0))

    def uptake_per_kg(self, tissue: str, time_s: npt.ArrayLike) -> Array:
        """Concentration in a tissue at times, corrected for decay [1/kg]."""
        return np.maximum(self.curve(tissue).at(time_s), 0.0)

    def activity_bq_per_kg(self, tissue: str, time_s: npt.ArrayLike, injected_bq: float) -> Array:
        """Activity concentration at times, decay and all [Bq/kg]."""
        return injected_bq * np.maximum(self.curve(tissue).decaying(self.decay_constant_per_s).at(time_s), 0.0)

    def handled(self, factors: Mapping[str, float]) -> Kinetics:
        """The same with what handling makes of the uptake."""
        return replace(self, factors=dict(factors))

    def cleared(self, faster_per_s: float) -> Kinetics:
        """The same where blood is cleared so much faster."""
        return replace(self, blood=self.blood.decaying(faster_per_s))

    def extravasated(self, numbers: Numbers, part: float) -> Kinetics:
        """The same when a part of the injection lies beside the vein and comes in slowly.

        Parameters
        ----------
        part : float
            Of the injected activity, 0 to 1.
        """
        return self.through_depot(part, math.log(2.0) / numbers.value("kinetics.depot.half_life"))

    def through_depot(self, part: float, rate_per_s: float) -> Kinetics:
        """The same when a part of the injection reaches the blood at a rate only."""
        late = self.blood.convolved(rate_per_s, part * rate_per_s)
        return replace(self, blood=self.blood.scaled(1.0 - part) + late)


def known_in(numbers: Numbers, tracer: str) -> tuple[str, ...]:
    """The species in which the kinetics of a tracer are known, or to which they are carried over."""
    own = _measured_in(numbers, tracer)
    heirs = [name for name in numbers.tables["kinetics"] if name.endswith(".scaled_from")]
    carried = [name.partition(".")[0] for name in heirs if numbers.text(f"kinetics.{name}") in own]
    return tuple(dict.fromkeys([*own, *carried]))


def _measured_in(numbers: Numbers, tracer: str) -> tuple[str, ...]:
    """The species that have rows of a tracer of their own."""
    ending = (f".{tracer}.space", f".{tracer}.like")
    return tuple(dict.fromkeys(name.partition(".")[0] for name in numbers.tables["kinetics"] if name.endswith(ending)))


def rows_of(numbers: Numbers, name: str, tracer: str) -> str:
    """The species whose rows the kinetics of a tracer in a species are: its own, or the one they are scaled from.

    Raises
    ------
    DataError
        When the tracer is not known, or its kinetics in this species are not: nothing is carried over silently.
    """
    tracers.tracer(numbers, tracer)
    where = known_in(numbers, tracer)
    if name not in where:
        known = f"known in: {', '.join(where)}" if where else "they are known in no species"
        raise DataError(f"the kinetics of {tracer} in the {name} are not known; {known}")
    return name if name in _measured_in(numbers, tracer) else numbers.text(f"kinetics.{name}.scaled_from")


def kinetics(numbers: Numbers, animal: Body, tracer: str) -> Kinetics:
    """The kinetics of a tracer in an animal; carried over from another species where the table says so.

    Raises
    ------
    DataError
        When the tracer is not known, or its kinetics in this species are not.
    """
    source, told = rows_of(numbers, animal.species, tracer), tracers.tracer(numbers, tracer)
    usual = body(numbers, source)
    key = TracerKey(numbers, source, tracer)
    constant = 0.0 if told.nuclide is None else decay.decay_constant_per_s(numbers, told.nuclide)
    if source == animal.species:
        blood, tissues = _blood(key, animal), _tissues(key, usual)
    else:
        blood, tissues = _carried(key, usual, animal)
    made = Kinetics(tracer, animal, blood, tissues, {}, constant, source)
    route = key.own("depot_half_life")
    return made.through_depot(1.0, math.log(2.0) / numbers.value(route)) if route else made


def _carried(key: TracerKey, usual: Body, animal: Body) -> tuple[Exponentials, dict[str, Tissue]]:
    """Blood and tissues of another species: what filters by the animal's own kidneys, all else by mass and flow."""
    numbers, heir = key.numbers, body(key.numbers, animal.species)
    if key.text("blood.class") == "renal":
        blood = _blood(key, animal)
    else:
        blood = scaling.blood(_blood(key, usual), usual, animal)
    made = {name: scaling.tissue(numbers, t, name, usual, heir) for name, t in _tissues(key, usual).items()}
    return blood, made


def spaces(numbers: Numbers, animal: Body, tracer: str, tissue: str) -> Tissue:
    """A tissue that takes nothing up: its blood and what exchanges with its spaces."""
    key = TracerKey(numbers, animal.species, tracer)
    return Tissue(*_spaces(key, body(numbers, animal.species), tissue))


class TracerKey:
    """The rows of one tracer in one species; what it has not itself, the tracer that it is like has."""

    def __init__(self, numbers: Numbers, name: str, tracer: str) -> None:
        self.numbers = numbers
        own = f"kinetics.{name}.{tracer}"
        other = f"kinetics.{name}.{numbers.text(f'{own}.like')}" if numbers.has(f"{own}.like") else own
        self.roots = (own, other)

    def own(self, ending: str) -> str | None:
        """The key of a row; None if there is none."""
        return next((key for root in self.roots if self.numbers.has(key := f"{root}.{ending}")), None)

    def value(self, ending: str) -> float | None:
        """A number in SI; None if there is none."""
        key = self.own(ending)
        return None if key is None else self.numbers.value(key)

    def text(self, ending: str) -> str:
        """A word; empty if there is none."""
        key = self.own(ending)
        return "" if key is None else self.numbers.text(key)

    def named(self) -> tuple[str, ...]:
        """The tissues that have rows."""
        names = [name for root in self.roots for name in self._below(root.removeprefix("kinetics.") + ".")]
        return tuple(dict.fromkeys(name.partition(".")[0] for name in names if "." in name and name[:6] != "blood."))

    def _below(self, head: str) -> list[str]:
        table = self.numbers.tables["kinetics"]
        return [name.removeprefix(head) for name in table if name.startswith(head)]


def _blood(key: TracerKey, animal: Body) -> Exponentials:
    """Concentration in blood after a bolus into a vein, of an animal of any mass [1/kg]."""
    numbers = key.numbers
    rise = math.log(2.0) / numbers.value("kinetics.blood.rise_half_life")
    volume_key = f"species.{animal.species}.blood_volume"
    typical = f"{volume_key}_typical" if numbers.has(f"{volume_key}_typical") else volume_key
    at_first = 1.0 / (1000.0 * numbers.value(typical) * animal.mass_kg)
    if key.text("blood.class") == "renal":
        amplitudes, rates = _renal(key, animal)
    else:
        amplitudes, rates = _printed(key, animal)
    return input_function([at_first - math.fsum(amplitudes), *amplitudes], rates, rise)


def _renal(key: TracerKey, animal: Body) -> tuple[list[float], list[float]]:
    r"""What filters leaves as the kidneys filter: no number of the tracer is asked for.

    Beside the water outside the cells, which is filtered, there is a slow space that exchanges with it:

    .. math:: \dot c_1 = -(k_{10} + k_{12}) c_1 + k_{21} c_2 V_2 / V_1, \quad \dot c_2 = k_{21} (c_1 - c_2)

    with :math:`k_{12} V_1 = k_{21} V_2`; the two rates are the roots of
    :math:`\lambda^2 - (k_{10} + k_{12} + k_{21}) \lambda + k_{10} k_{21} = 0`.
    """
    numbers = key.numbers
    first_m3 = numbers.value("tissues.space.extracellular") * animal.mass_kg
    back = math.log(2.0) / numbers.value("tissues.space.slow_exchange")
    out = animal.gfr_m3_per_s / first_m3
    total = out + back * numbers.value("tissues.space.slow") + back
    high = 0.5 * (total + math.sqrt(total * total - 4.0 * out * back))
    low = out * back / high
    late = (1.0 - animal.haematocrit) / (1000.0 * first_m3)
    heights = [late * (high - back) / (high - low), late * (back - low) / (high - low)]
    return heights, [math.log(2.0) / numbers.value("kinetics.blood.distribution_half_life"), high, low]


def _printed(key: TracerKey, animal: Body) -> tuple[list[float], list[float]]:
    """The amplitudes of the table, at the animal's mass; the first is what is left of the bolus."""
    ratio = species.species(key.numbers, animal.species).mass_kg / animal.mass_kg
    halves = [value for n in range(1, 4) if (value := key.value(f"blood.half_life_{n}")) is not None]
    heights = [value * ratio for n in range(2, 4) if (value := key.value(f"blood.amplitude_{n}")) is not None]
    return heights, [math.log(2.0) / half for half in halves]


def _tissues(key: TracerKey, usual: Body) -> dict[str, Tissue]:
    """Every tissue, from the animal of default mass that the published uptakes are taken to belong to."""
    blood = _blood(key, usual)
    named = key.named()
    volumes = [name for name in CORE if key.numbers.has(f"tissues.{usual.species}.{name}.volume")]
    made: dict[str, Tissue] = {}
    for name in dict.fromkeys(["muscle", *volumes, *named]):
        bare = Tissue(*_spaces(key, usual, name))
        made[name] = _with_uptake(key, usual, bare, name, blood, made.get("muscle", bare))
    return made


def _spaces(key: TracerKey, usual: Body, name: str) -> tuple[float, Response]:
    """Blood of a tissue, and the exchange with its spaces; nothing is taken up."""
    numbers = key.numbers
    volume, half_s = key.value(f"{name}.free_volume"), key.value(f"{name}.free_half_life")
    if volume is None:
        volume = _volume_m3_per_kg(key, usual, name)
    if half_s is None:
        half_s = _exchange_s(key, usual, name, volume)
    rate = math.log(2.0) / half_s
    return numbers.value(f"tissues.space.{name}.blood"), Response(1000.0 * volume * rate, rate, 0.0, 0.0)


def _volume_m3_per_kg(key: TracerKey, usual: Body, name: str) -> float:
    """Distribution volume of a tissue, over the concentration in blood, by the tracer's space."""
    numbers, word = key.numbers, key.text("space")
    if word == "water":
        return numbers.value("tissues.space.water")
    if word == "blood" or name == "brain":
        return 0.0
    outside = 1e-3 * numbers.value(f"tissues.space.{name}.interstitium") / (1.0 - usual.haematocrit)
    return outside * numbers.value("tissues.space.antibody_share") if word == "antibody" else outside


def _exchange_s(key: TracerKey, usual: Body, name: str, volume_m3_per_kg: float) -> float:
    """Half-life of the exchange: as fast as blood flows, an antibody's as lymph does; else the table's [s]."""
    numbers, root = key.numbers, f"tissues.{usual.species}.{name}"
    antibody = key.text("space") == "antibody"
    if not numbers.has(f"{root}.flow") or volume_m3_per_kg == 0.0:
        return numbers.value("tissues.space.antibody_exchange" if antibody else "tissues.space.exchange")
    flow: float = numbers.value(f"{root}.flow") * usual.mass_kg ** numbers.value("physiology.law.flow_exponent")
    weight_kg = organ_mass_kg(numbers, usual, name)
    if antibody:
        lymph = numbers.value("tissues.space.lymph") * (1.0 - usual.haematocrit) * flow
        return math.log(2.0) * 1e-3 * numbers.value(f"tissues.space.{name}.interstitium") * weight_kg / lymph
    return math.log(2.0) * volume_m3_per_kg * weight_kg / flow


def _with_uptake(key: TracerKey, usual: Body, bare: Tissue, name: str, blood: Exponentials, muscle: Tissue) -> Tissue:
    """A tissue with its uptake: the table's influx, or what gives the published concentration at its time.

    What ``passes`` through kidneys is what leaves the blood for the urine, for as long as that is on its way.
    What a tissue ``holds`` of a label that does not stay tells how large its spaces are; more of it is taken up.
    """
    diluted = _diluted_per_s(key, name)
    release, half_s = _release_per_s(key, name) + diluted, key.value("parent_half_life")
    broken = 0.0 if half_s is None else math.log(2.0) / half_s
    bare = _holding(key, replace(bare, broken_down_per_s=broken, diluted_per_s=diluted), name, blood)
    taking = replace(bare, answer=replace(bare.answer, slow=1.0, slow_per_s=release))
    if (passes_s := key.value(f"{name}.passes")) is not None:
        cleared = (key.value("excreted") or 0.0) / blood.area() / organ_mass_kg(key.numbers, usual, name)
        return replace(
            bare, answer=replace(bare.answer, slow=cleared, slow_per_s=math.log(2.0) / passes_s), passing=True
        )
    influx = key.value(f"{name}.influx")
    if influx is not None:
        return replace(bare, answer=replace(taking.answer, slow=1000.0 * influx))
    asked = _published(key, name, blood, muscle)
    if asked is None:
        return bare
    time_s, uptake = asked
    rest = float(bare.nonspecific(blood).at(time_s))
    if uptake < rest:  # it holds less than its spaces would: they are smaller in it
        return _scaled(bare, uptake / rest)
    return replace(bare, answer=replace(taking.answer, slow=(uptake - rest) / float(taking.specific(blood).at(time_s))))


def _holding(key: TracerKey, bare: Tissue, name: str, blood: Exponentials) -> Tissue:
    """A tissue with the spaces that its row ``holds`` asks for, if it has one."""
    held, time_s = key.value(f"{name}.holds"), key.value(f"{name}.uptake_time")
    return bare if held is None or time_s is None else _scaled(bare, held / float(bare.nonspecific(blood).at(time_s)))


def _diluted_per_s(key: TracerKey, name: str) -> float:
    """Rate at which the growth of an implanted tumour dilutes what it holds."""
    return math.log(2.0) / key.numbers.value("kinetics.tumour_doubling") if name.startswith("tumour") else 0.0


def _scaled(bare: Tissue, factor: float) -> Tissue:
    """A tissue whose blood and spaces are so many times as large."""
    answer = replace(bare.answer, fast=bare.answer.fast * factor)
    return replace(bare, blood_fraction=bare.blood_fraction * factor, answer=answer)


def _published(key: TracerKey, name: str, blood: Exponentials, muscle: Tissue) -> tuple[float, float] | None:
    """When a concentration was published and what it was [s, 1/kg]; None if none was."""
    time_s = key.value(f"{name}.uptake_time")
    ratio = key.value(f"{name}.over_muscle")
    uptake = key.value(f"{name}.uptake")
    if time_s is None or (uptake is None and ratio is None):
        return None
    return time_s, uptake if uptake is not None else (ratio or 0.0) * float(muscle.curve(blood).at(time_s))


def _release_per_s(key: TracerKey, name: str) -> float:
    """How fast a tissue releases what it took up: its own rate, or its kind's; an influx alone keeps it."""
    own = key.value(f"{name}.release_half_life")
    if own is None and key.own(f"{name}.influx"):
        return 0.0
    kind = "antibody" if key.text("space") == "antibody" else "small"
    return math.log(2.0) / (key.numbers.value(f"kinetics.release.{kind}") if own is None else own)


def organ_mass_kg(numbers: Numbers, animal: Body, tissue: str) -> float:
    """Mass of a tissue; of blood all of it [kg]. A litre is taken to weigh a kilogram."""
    if tissue == "blood":
        return 1000.0 * animal.blood_volume_m3
    return 1000.0 * numbers.value(f"tissues.{animal.species}.{tissue}.volume") * animal.mass_kg
