"""What the model of the animals says to each published number of the table of comparisons, in SI."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

import numpy as np

from twin.animals import (
    anaesthesia,
    body,
    excretion,
    glucose,
    handling,
    session,
    strains,
    temperature,
    timing,
    uptake,
    warmth,
)
from twin.animals.body import Body
from twin.animals.uptake import Kinetics
from twin.physics import kinetics
from twin.physics.kinetics import Exponentials
from twin.sources import default_numbers

MINUTE_S, HOUR_S = 60.0, 3600.0
#: How long scans lasted in which a peak was looked for, and when one is no longer that of the bolus.
SCAN_S, BOLUS_S = 4 * HOUR_S, 10 * MINUTE_S
#: Times of Patlak's plots.
PLOT_S = np.arange(15.0, 61.0, 5.0) * MINUTE_S
#: What the papers call fasted, where they say no more.
FASTED_S = 10 * HOUR_S


@cache
def _animal(name: str) -> Body:
    return body.body(default_numbers(), name)


@cache
def _kinetics(name: str, tracer: str) -> Kinetics:
    return uptake.kinetics(default_numbers(), _animal(name), tracer)


#: Species whose rates are measured, so that the allometric laws can be compared; they set nothing in the laws.
LAW_HEARTS = ("rat", "rabbit", "hamster", "gerbil", "guinea_pig", "dog")
LAW_BREATHS = ("mouse", "rat", "rabbit", "guinea_pig", "dog")


def _by_law(name: str, quantity: str) -> float:
    """A rate as it would be if nothing were known of the species but its mass."""
    return body.law(default_numbers(), quantity, _animal(name).mass_kg)


# A session ------------------------------------------------------------------------------------------------------------


def _heart_per_s(inspired: float, name: str = "mouse") -> float:
    animal = _animal(name)
    effects = anaesthesia.effects(default_numbers(), animal)
    return float(effects.heart_rate(animal.heart_rate_per_s, inspired, animal.temperature_degc))


def _heart_kx_per_s(name: str) -> float:
    """Under ketamine and xylazine, temperature held."""
    animal = _animal(name)
    effects = anaesthesia.injected_effects(default_numbers(), animal, "ketamine_xylazine")
    return float(effects.heart_rate(animal.heart_rate_per_s, effects.mac, animal.temperature_degc))


def _heart_fall(cooled_k: float) -> float:
    mouse = _animal("mouse")
    effects = anaesthesia.effects(default_numbers(), mouse)
    return 1.0 - float(effects.heart_rate(1.0, 0.02, mouse.temperature_degc - cooled_k))


def _respiration_fall() -> float:
    mouse = _animal("mouse")
    effects = anaesthesia.effects(default_numbers(), mouse)
    return 1.0 - float(effects.respiration_rate(1.0, 0.02, mouse.temperature_degc))


def _induction_s() -> float:
    numbers = default_numbers()
    return anaesthesia.effects(numbers, _animal("mouse")).induction_s(numbers.value("physiology.anaesthesia.induction"))


def _recovery_s() -> float:
    numbers, mouse = default_numbers(), _animal("mouse")
    made = session.session(numbers, mouse, session.care(numbers, mouse, HOUR_S, warming="blanket"))
    return made.wakes_s - made.care.asleep_s


def _awake_dog() -> float:
    """Isoflurane at which a dog wakes (fraction of the gas)."""
    effects = anaesthesia.effects(default_numbers(), _animal("dog"))
    return effects.mac * effects.awake_mac


def _glucose(inspired: float) -> float:
    numbers = default_numbers()
    raised = glucose.rise(numbers, "isoflurane", inspired)
    return float(glucose.mean_under_mol_per_m3(numbers, 0.0, raised, 90 * MINUTE_S))


def _after_degc(name: str, warming: str, minutes: float, start_degc: float | None = None) -> float:
    """Temperature of an anaesthetised animal; where a study does not say, it began as cool as those that do."""
    animal = _animal(name)
    start = _start_degc(animal) if start_degc is None else start_degc
    return float(temperature.asleep(default_numbers(), animal, warming).at(start, minutes * MINUTE_S))


def _change_k(name: str, warming: str, minutes: float = 60.0, start_degc: float | None = None) -> float:
    start = _start_degc(_animal(name)) if start_degc is None else start_degc
    return _after_degc(name, warming, minutes, start) - start


def _start_degc(animal: Body) -> float:
    """Temperature at which studies of anaesthesia begin to count."""
    return animal.temperature_degc - default_numbers().value("physiology.temperature.at_start")


def _cold_pig_k() -> float:
    """Change of a pig in an hour that has slept for long: its shell is as warm as its core."""
    course = temperature.asleep(default_numbers(), _animal("pig")).later(24 * HOUR_S)
    return float(course.at(34.4, HOUR_S)) - 34.4


def _human_heat_w() -> float:
    """Heat that a human makes asleep."""
    own, human = warmth.warmth(default_numbers(), "human"), _animal("human")
    return float(own.heat_w * human.mass_kg**own.heat_exponent)


def _human_loss_w(degc: float) -> float:
    """Heat that a human loses to a room of 22 C."""
    own, human = warmth.warmth(default_numbers(), "human"), _animal("human")
    return float(own.loss * human.mass_kg**own.loss_exponent * (degc - 22.0))


def _rat_glucose() -> float:
    numbers, raised = default_numbers(), glucose.rise(default_numbers(), "isoflurane", 0.0138)
    return float(glucose.under_mol_per_m3(numbers, FASTED_S, raised, 70 * MINUTE_S, "rat"))


def _rat_recovery_s(warming: str) -> float:
    numbers, rat = default_numbers(), _animal("rat")
    made = session.session(numbers, rat, session.care(numbers, rat, 40 * MINUTE_S, warming=warming))
    return made.wakes_s - made.care.asleep_s


def _rat_fall() -> float:
    """Part of its temperature that a rat loses in 40 min."""
    start = _animal("rat").temperature_degc
    return -_change_k("rat", "none", 40.0, start) / start


def _normal_again_s() -> float:
    """Until a fall of 1.9 C is one of 0.1 C."""
    mouse = _animal("mouse")
    course = temperature.awake(default_numbers(), mouse)
    return float(np.log(1.9 / 0.1) / course.rate_per_s)


# FDG ------------------------------------------------------------------------------------------------------------------


def _fdg(
    fasted_s: float = 0.0,
    awake: float = 0.0,
    room_degc: float = 22.0,
    drug: str = "isoflurane",
    strain: str | None = None,
) -> Kinetics:
    """FDG in a mouse that was handled so, for an hour."""
    made = _kinetics("mouse", "FDG")
    less_fur = strains.bare(default_numbers(), "mouse", strain)
    how = handling.Handling(fasted_s, awake, room_degc, drug, 0.015, HOUR_S, bare=less_fur)
    return handling.handled(default_numbers(), made, how)


def _after_45_min(tissue: str, awake: float, drug: str) -> float:
    """Concentration of FDG in a mouse that fasted for four hours, in a room of 22 C [1/kg]."""
    bare, time_s = _kinetics("mouse", "FDG"), 45 * MINUTE_S
    how = handling.Handling(4 * HOUR_S, awake, 22.0, drug, 0.015, time_s)
    return float(handling.handled(default_numbers(), bare, how).uptake_per_kg(tissue, time_s))


def _heart_standardised(fasted_s: float) -> float:
    """Concentration of FDG in the heart from 45 to 60 min, over that of a mouse that has it everywhere alike."""
    made = _fdg(fasted_s)
    return made.animal.mass_kg * float(made.uptake_per_kg("heart", 52.5 * MINUTE_S))


def _influx(tissue: str, made: Kinetics) -> float:
    """Net influx by Patlak's plot of the model's own curves [m3/s/kg]."""
    slope, _ = kinetics.patlak(PLOT_S, made.uptake_per_kg(tissue, PLOT_S), made.blood)
    return 1e-3 * slope


def _share(organ: str, made: Kinetics) -> float:
    """Part of the injected activity in a whole organ after an hour, corrected for decay."""
    return float(made.uptake_per_kg(organ, HOUR_S)) * uptake.organ_mass_kg(default_numbers(), made.animal, organ)


def _glucose_use() -> float:
    """Glucose that the brain takes up under isoflurane [mol/s/kg]."""
    numbers = default_numbers()
    how = handling.Handling(0.0, 0.0, 22.0, "isoflurane", 0.015, HOUR_S)
    level = float(handling.glucose_mol_per_m3(numbers, how))
    return _influx("brain", _fdg()) * level / numbers.value("physiology.glucose.lumped_constant")


def _peak_s(tissue: str, over_blood: bool) -> float:
    made = _kinetics("mouse", "FDG")
    return kinetics.peak_s(made.curve(tissue), _vena_cava(made) if over_blood else None, BOLUS_S, SCAN_S)


def _vena_cava(made: Kinetics) -> Exponentials:
    """Blood as an image shows it: a thin vessel, with what lies around it, half of it muscle and half of it gut."""
    share = default_numbers().value("kinetics.vena_cava.recovery")
    around = (made.curve("muscle") + made.curve("gut")).scaled(0.5)
    return made.blood.scaled(share) + around.scaled(1.0 - share)


def _gain() -> float:
    """The most that fasting and warming gain in tumour to organ, in mice awake during uptake."""
    before, after = _fdg(0.0, 1.0, 20.0), _fdg(FASTED_S, 1.0, 30.0)
    organs = ("blood", "brain", "heart", "muscle", "liver", "brown_fat", "gut")
    gains = [
        float(timing.contrast(after, "tumour", organ, HOUR_S) / timing.contrast(before, "tumour", organ, HOUR_S))
        for organ in organs
    ]
    return max(gains)


def _fasted_contrast(tissue: str) -> float:
    """A lesion over muscle in a mouse that has fasted."""
    return float(timing.contrast(_fdg(FASTED_S), tissue, "muscle", HOUR_S))


def _prepared(tissue: str) -> float:
    """Part of its uptake that a tissue loses if a nude mouse is fasted, warm and asleep, not fed, cool and awake."""
    before, after = _fdg(0.0, 1.0, 21.0, strain="BALB_c_nude"), _fdg(7 * HOUR_S)
    return 1.0 - float(after.uptake_per_kg(tissue, HOUR_S) / before.uptake_per_kg(tissue, HOUR_S))


# Concentrations -------------------------------------------------------------------------------------------------------


def _uptake(tracer: str, tissue: str, hours: float, name: str = "mouse") -> float:
    """Part of the injected activity per mass, corrected for decay [1/kg]."""
    return float(_kinetics(name, tracer).uptake_per_kg(tissue, hours * HOUR_S))


def _standardised(name: str, tracer: str, tissue: str, time_s: float) -> float:
    """Concentration over that of an animal that has the tracer everywhere alike, fed and asleep."""
    bare = _kinetics(name, tracer)
    how = handling.Handling(0.0, 0.0, 22.0, "isoflurane", 0.015, time_s)
    made = handling.handled(default_numbers(), bare, how)
    return made.animal.mass_kg * float(made.uptake_per_kg(tissue, time_s))


def _ratio(tracer: str, tissue: str, other: str, hours: float) -> float:
    return _uptake(tracer, tissue, hours) / _uptake(tracer, other, hours)


def _bare(tracer: str, tissue: str, hours: float) -> float:
    """What blood and spaces of a tissue hold when nothing is taken up [1/kg]."""
    made = _kinetics("mouse", tracer)
    found = made.tissues.get(tissue) or uptake.spaces(default_numbers(), _animal("mouse"), tracer, tissue)
    return float(found.nonspecific(made.blood).at(hours * HOUR_S))


def _zirconium_organs() -> float:
    """The middle one of the organs after 72 h [1/kg]."""
    organs = ("heart", "lung", "liver", "spleen", "kidney", "muscle", "bone")
    return float(np.median([_uptake("Zr-89-panitumumab", organ, 72) for organ in organs]))


def _many(prefix: str, tracer: str, tissues: str, hours: tuple[int, ...]) -> dict[str, Callable[[], float]]:
    return {
        f"animal_{prefix}_{tissue}_{hour}h": partial(_uptake, tracer, tissue, hour)
        for tissue in tissues.split()
        for hour in hours
    }


#: Name of a row of the table -> the twin's value, by calling it.
ANIMALS: dict[str, Callable[[], float]] = {
    "animal_heart_1": lambda: _heart_per_s(0.01),
    "animal_heart_15": lambda: _heart_per_s(0.015),
    "animal_heart_2": lambda: _heart_per_s(0.02),
    "animal_heart_fall": lambda: _heart_fall(0.0),
    "animal_heart_fall_cooled": lambda: _heart_fall(1.9),
    "animal_heart_rojas": lambda: _heart_per_s(0.015),
    "animal_heart_jcmr": lambda: _heart_per_s(0.01),
    "animal_heart_kx": lambda: 1.0 - _heart_kx_per_s("mouse") / _animal("mouse").heart_rate_per_s,
    "animal_heart_rat": lambda: _heart_per_s(0.025, "rat"),
    "animal_heart_rat_kx": lambda: _heart_kx_per_s("rat"),
    "animal_respiration_fall": _respiration_fall,
    "animal_induction": _induction_s,
    "animal_recovery": _recovery_s,
    "animal_glucose_1": lambda: _glucose(0.01),
    "animal_glucose_15": lambda: _glucose(0.015),
    "animal_glucose_2": lambda: _glucose(0.02),
    "animal_mouse_30_min": lambda: _after_degc("mouse", "none", 30.0, 36.2),
    "animal_mouse_60_min": lambda: _change_k("mouse", "none", 60.0),
    "animal_mouse_20_min": lambda: -_change_k("mouse", "none", 17.5),
    "animal_rat_60_min": lambda: _change_k("rat", "none"),
    "animal_rat_40_min": _rat_fall,
    "animal_rat_recovery": lambda: _rat_recovery_s("none"),
    "animal_rat_recovery_pad": lambda: _rat_recovery_s("pad"),
    "animal_rat_recovery_gas": lambda: _rat_recovery_s("pad"),
    "animal_dog_60_min": lambda: _after_degc("dog", "none", 60.0, 38.7),
    "animal_dog_120_min": lambda: _after_degc("dog", "none", 120.0, 38.7),
    "animal_dog_180_min": lambda: _after_degc("dog", "none", 180.0, 38.7),
    "animal_dog_mri": lambda: _change_k("dog", "none", 49.0, 38.2),
    "animal_pig_hour": _cold_pig_k,
    "animal_human_60_min": lambda: _change_k("human", "none", 60.0, 37.0),
    "animal_human_180_min": lambda: _change_k("human", "none", 180.0, 37.0),
    "animal_human_heat": _human_heat_w,
    "animal_human_loss": lambda: _human_loss_w(34.0),
    "animal_glucose_rat": _rat_glucose,
    "animal_mouse_blanket": lambda: _change_k("mouse", "blanket"),
    "animal_mouse_pad": lambda: _change_k("mouse", "pad"),
    "animal_rat_blanket": lambda: _change_k("rat", "blanket"),
    "animal_rat_pad": lambda: _change_k("rat", "pad"),
    "animal_mouse_blanket_caro": lambda: _after_degc("mouse", "blanket", 30.0, 36.1),
    "animal_hotel_bed": lambda: default_numbers().value("physiology.temperature.bed"),
    "animal_normal_again": _normal_again_s,
    "animal_fdg_brain": lambda: _uptake("FDG", "brain", 1),
    "animal_fdg_brain_influx": lambda: _influx("brain", _fdg()),
    "animal_fdg_brain_fasted": lambda: _influx("brain", _fdg(FASTED_S)),
    "animal_fdg_brain_fed": lambda: _influx("brain", _fdg()),
    "animal_fdg_brain_kx": lambda: float(_fdg(drug="ketamine_xylazine").uptake_per_kg("brain", HOUR_S)),
    "animal_fdg_brain_kx_influx": lambda: _influx("brain", _fdg(drug="ketamine_xylazine")),
    "animal_glucose_use": _glucose_use,
    "animal_glucose_use_wu": _glucose_use,
    "animal_glucose_use_yu": _glucose_use,
    "animal_fdg_brain_yu": lambda: _influx("brain", _fdg()),
    "animal_fdg_brain_organ": lambda: _share("brain", _fdg(awake=1.0)),
    "animal_fdg_heart_organ": lambda: _share("heart", _fdg(awake=1.0)),
    "animal_fdg_urine": lambda: float(excretion.excreted(default_numbers(), _fdg(awake=1.0), HOUR_S)),
    "animal_fdg_rat_brain": lambda: _standardised("rat", "FDG", "brain", 50 * MINUTE_S),
    "animal_fdg_heart": lambda: _influx("heart", _fdg()),
    "animal_fdg_heart_kreissl": lambda: _influx("heart", _fdg()),
    "animal_fdg_heart_kreissl_fasted": lambda: _influx("heart", _fdg(FASTED_S)),
    "animal_fdg_heart_fed": lambda: _heart_standardised(0.0),
    "animal_fdg_heart_fasted": lambda: _heart_standardised(FASTED_S),
    "animal_fdg_muscle_kreissl": lambda: _influx("muscle", _fdg()),
    "animal_fdg_muscle_kreissl_fasted": lambda: _influx("muscle", _fdg(FASTED_S)),
    "animal_fdg_brain_kreissl": lambda: _influx("brain", _fdg()),
    "animal_fdg_brain_kreissl_fasted": lambda: _influx("brain", _fdg(FASTED_S)),
    "animal_fdg_blood_awake": lambda: _after_45_min("blood", 1.0, "isoflurane"),
    "animal_fdg_blood_kx": lambda: _after_45_min("blood", 0.0, "ketamine_xylazine"),
    "animal_fdg_heart_awake": lambda: _after_45_min("heart", 1.0, "isoflurane"),
    "animal_fdg_heart_kx": lambda: _after_45_min("heart", 0.0, "ketamine_xylazine"),
    "animal_fdg_blood_pentobarbital": lambda: _after_45_min("blood", 0.0, "pentobarbital"),
    "animal_fdg_heart_pentobarbital": lambda: _after_45_min("heart", 0.0, "pentobarbital"),
    "animal_fdg_peak": lambda: _peak_s("tumour", over_blood=False),
    "animal_fdg_peak_autochthonous": lambda: _peak_s("tumour_autochthonous", over_blood=False),
    "animal_fdg_contrast_peak": lambda: _peak_s("tumour", over_blood=True),
    "animal_fdg_contrast_peak_autochthonous": lambda: _peak_s("tumour_autochthonous", over_blood=True),
    "animal_fdg_tumour_muscle": lambda: _fasted_contrast("tumour"),
    "animal_fdg_inflammation_muscle": lambda: _fasted_contrast("inflammation"),
    "animal_fdg_brown_fat_prepared": lambda: _prepared("brown_fat"),
    "animal_fdg_muscle_prepared": lambda: _prepared("muscle"),
    "animal_fmiso_tumour_muscle": lambda: _ratio("FMISO", "tumour", "muscle", 2),
    "animal_fmiso_inflammation_muscle": lambda: _ratio("FMISO", "inflammation", "muscle", 2),
    "animal_fdg_gain": _gain,
    "animal_fes_60": lambda: _uptake("FES", "uterus", 1, "rat"),
    "animal_awake_dog": _awake_dog,
    "animal_fes_muscle_60": lambda: _uptake("FES", "muscle", 1, "rat"),
    "animal_fes_muscle_120": lambda: _uptake("FES", "muscle", 2, "rat"),
    "animal_fes_tumour_120": lambda: _uptake("FES", "tumour", 2, "rat"),
    "animal_zr_organs": _zirconium_organs,
    **{f"animal_law_heart_{name}": partial(_by_law, name, "heart_rate") for name in LAW_HEARTS},
    **{f"animal_law_breath_{name}": partial(_by_law, name, "respiration_rate") for name in LAW_BREATHS},
    "animal_fes_120": lambda: _uptake("FES", "uterus", 2, "rat"),
    "animal_lu_psma_tumour": lambda: _uptake("Lu-177-PSMA-617", "tumour", 1),
    "animal_lu_psma_kidney": lambda: _uptake("Lu-177-PSMA-617", "kidney", 1),
    "animal_lu_psma_liver": lambda: _uptake("Lu-177-PSMA-617", "liver", 1),
    "animal_psma11_tumour": lambda: _uptake("Ga-68-PSMA-11", "tumour", 1),
    "animal_psma11_kidney": lambda: _uptake("Ga-68-PSMA-11", "kidney", 1),
    "animal_dcfpyl_ratio": lambda: _uptake("DCFPyL", "tumour", 2) / _bare("DCFPyL", "tumour", 2),
    "animal_mdp_muscle": lambda: _uptake("MDP", "muscle", 1),
    "animal_mdp_tumour": lambda: _uptake("MDP", "tumour", 1),
    **_many("tc", "pertechnetate", "blood muscle heart kidney stomach thyroid liver lung spleen", (2, 6)),
    **_many("tc", "pertechnetate", "salivary_gland bone brain", (2, 6)),
    **_many("ab", "I-131-SGMIB-antibody", "blood", (12,)),
    **_many("lu_ab", "Lu-177-L8A4-antibody", "blood liver spleen kidney lung bone muscle brain tumour", (96,)),
    **_many("lu_ab", "Lu-177-L8A4-antibody", "blood muscle tumour", (192,)),
    **_many("ab", "I-131-SGMIB-antibody", "tumour", (4, 12, 48)),
    **_many("ab", "I-131-SGMIB-antibody", "liver kidney muscle spleen lung heart bone brain", (4, 12, 48)),
}
