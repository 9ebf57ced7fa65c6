"""The thirty vectors of dose that were collected before the twin was written: T01 to T30, each with its tolerance.

One row is what the twin says, what is printed, and how far they may be apart. Where a vector has a tolerance of its own
(T13, T15, T18), the row says which. T22 and T23 are measurements on living mice: they are rows of `twin validate`.
"""

import math

import numpy as np
import pytest

from tests.physics.test_dose_rate import PER_GBQ_H, PER_MCI_H, kerma, nodes
from twin import units
from twin.physics import animal_dose, archer, chains, decay, dose_rate, geometry, shielding, waste
from twin.sources import default_numbers

N = default_numbers()
MIN, H, D, GRAM, MM = 60.0, 3600.0, 86400.0, 1e-3, 1e-3
F18 = "F-18"
GENERATOR_H = (6.0, 12.0, 23.0, 24.0)
REGROWTH_H = (0.5, 1.0, 2.0, 3.0, 4.0)
DEPTHS_MM = np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 25, 30, 40, 50], dtype=float)


def constant(nuclide):
    return decay.decay_constant_per_s(N, nuclide)


def peak_s():
    return decay.ingrowth_peak_s(constant("Mo-99"), constant("Tc-99m"))


def generator(parent, daughter, hours):
    """Daughter and parent for each becquerel of a pure parent."""
    there = chains.activities_bq(N, parent, 1.0, np.array(hours) * H)
    return there[daughter], there[parent]


def technetium_over_molybdenum(hours):
    daughter, parent = generator("Mo-99", "Tc-99m", [hours])
    return daughter / parent


def gallium():
    """Of what is there in equilibrium."""
    daughter, parent = generator("Ge-68", "Ga-68", REGROWTH_H)
    return daughter / parent / chains.equilibrium(N, "Ge-68")["Ga-68"]


def integrated(nuclides):
    return [decay.atoms(1.0, constant(nuclide)) for nuclide in nuclides]


def reductions():
    return [decay.decays_between(1.0, constant(F18), t * MIN) / (t * MIN) for t in (30, 60, 90)]


def inverse_archer():
    return [shielding.thickness_m(N, F18, of, part) / MM for of in ("lead", "concrete") for part in (0.5, 0.1)]


def lutetium_room():
    """Kerma in a week [uGy], the part that may pass, lead [mm]."""
    weekly_ugy = 4000 * 0.181 / 240**2 * 0.957 * 1e4
    part = 20 / weekly_ugy
    return [weekly_ugy, part, shielding.thickness_m(N, "Lu-177", "lead", part) / MM]


def oumano():
    nuclides = ("Tc-99m", "Lu-177", "I-131", F18)
    return [v / MM for name in nuclides for v in shielding.value_layers_m(N, name, "lead", "oumano2025").values()]


def linear(nuclides):
    """The coefficient itself straight against the logarithm of energy, as Smith and Stabin have it."""
    energies, values = nodes()
    return [kerma(name, 15.0, lambda at: np.interp(np.log(at), np.log(energies), values)) for name in nuclides]


def logarithmic(nuclides):
    energies, values = np.log(nodes())
    return [kerma(name, 15.0, lambda at: np.exp(np.interp(np.log(at), energies, values))) for name in nuclides]


def ambient(nuclides):
    return [dose_rate.rate_constant(N, nuclide, "h10") / PER_GBQ_H for nuclide in nuclides]


def mird():
    """13 kBq of I-131 in four organs, 190 keV [mGy]; what is printed are kBq s for each MBq injected."""
    rows = zip((161544, 313027, 217091, 49087), (0.919, 0.954, 0.85, 0.854), (0.34, 1.2, 0.15, 0.079), strict=True)
    return [float(animal_dose.mean_dose(total * 13, 190.0, part, mass * GRAM)) / 1e-3 for total, part, mass in rows]


def mouse(nuclides):
    return [animal_dose.s_value(N, nuclide, 30 * GRAM) for nuclide in nuclides]


def lines():
    height = np.array([0.02, 0.10, 0.50])
    return geometry.line_per_m2(height, 0.05) / geometry.point_per_m2(height)


def discs():
    height = np.array([0.10, 0.50])
    return geometry.disc_per_m2(height, 0.1) / geometry.point_per_m2(height)


def handling():
    still = dose_rate.rate_per_s(N, F18, 37e6, 0.3) * 120
    return [dose_rate.point_dose(N, F18, 37e6, 0.3, 120.0) / 1e-6, still / 1e-6]


def actinium():
    there = chains.activities_bq(N, "Ac-225", 1.0, 0.5 * D)
    return [there[name] / there["Ac-225"] for name in ("Fr-221", "At-217", "Bi-213", "Po-213", "Pb-209", "Tl-209")]


def cleared_h():
    return waste.cleared_after_s(N, {F18: 100e6}, 1.0) / H


LIVES = ("F-18", "C-11", "Ga-68", "Tc-99m", "Cu-64", "Zr-89", "I-124", "I-131", "Lu-177")
LEAD = "0.8912 0.7873 0.6905 0.6021 0.5227 0.4522 0.3903 0.3362 0.2892 0.2485 0.1831 0.1347 0.0990 0.0728 0.0535"
LEAD += " 0.0247 0.0114 0.0024 0.0005"
CONSTANTS = ("F-18", "Tc-99m", "I-131", "In-111", "I-123", "I-125", "Lu-177", "Co-57", "Co-60")
SPECT = ("Tc-99m", "Tl-201", "In-111", "I-123", "I-125")
REL, ABS = "rel", "abs"
#: What it is, what the twin says, what is printed, how far they may be apart.
VECTORS = {
    "T01": (lambda: peak_s() / H, 22.8646, REL, 1e-4),
    "T02": (lambda: technetium_over_molybdenum(peak_s() / H), 0.8773, REL, 1e-9),
    "T03": (lambda: chains.equilibrium(N, "Mo-99")["Tc-99m"], 0.965359, ABS, 1e-6),
    "T04": (lambda: generator("Mo-99", "Tc-99m", GENERATOR_H)[0], [0.422839, 0.608779, 0.689861, 0.689355], ABS, 1e-6),
    "T05": (gallium, [0.264391, 0.458880, 0.707189, 0.841554, 0.914262], ABS, 1e-6),
    "T06": (lambda: decay.remaining(7.4, constant(F18), -45 * MIN), 9.831922, REL, 1e-6),
    "T07": (lambda: integrated(LIVES),
            [9501.88, 1764.99, 5861.09, 31240.1, 65960.0, 407238, 520534, 999771, 828541], REL, 1e-5),
    "T08": (reductions, [0.9110, 0.8324, 0.7628], ABS, 1e-3),
    "T09": (lambda: archer.coefficients(archer.ANNIHILATION, "lead")["tg108"].transmission(DEPTHS_MM * MM),
            [float(cell) for cell in LEAD.split()], ABS, 5e-5),
    "T10": (inverse_archer, [5.31, 15.94, 82.8, 193.4], REL, 1e-3),
    "T11": (lutetium_room, [120.3, 0.166, 1.48], REL, 0.01),
    "T12": (oumano, [0.243, 0.870, 1.77, 2.67, 0.511, 1.99, 4.91, 8.76, 2.48, 10.5, 26.8, 46.3, 4.75, 15.4, 30.1, 44.5],
            REL, 0.01),
    "T13": (lambda: linear(("F-18", "I-131", "Tc-99m", "I-125")), [5.68, 2.20, 0.795, 1.75], REL, 0.01),
    "T14": (lambda: logarithmic(("Tc-99m", "In-111", "I-123", "I-125", "Tb-161")),
            [0.778, 3.25, 1.64, 1.51, 0.507], REL, 0.01),
    "T15": (lambda: ambient(CONSTANTS), [165.5, 21.72, 65.78, 88.7, 46.2, 35.5, 6.28, 20.7, 349.7], REL, 0.005),
    "T15 Cornejo": (lambda: ambient(CONSTANTS), [166, 21.7, 65.7, 89.9, 46.4, 35.3, 6.0, 20.7, 355], REL, 0.05),
    "T16": (lambda: decay.remaining(1000.0, constant(F18), 2 * H), 468.7, ABS, 0.1),
    "T17": (lambda: waste.cleared_after_s(N, {"Lu-177": 2e9}, 10.0) / D, 72.89, REL, 2e-3),
    "T18": (mird, [0.1728, 0.0985, 0.4868, 0.2100], ABS, 5e-5),
    "T18 paper": (lambda: [round(dose, 2) for dose in mird()], [0.17, 0.10, 0.49, 0.21], ABS, 1e-12),
    "T19": (lambda: mouse([F18])[0], 1.50e-12, REL, 0.02),
    "T20": (lambda: [min(mouse(SPECT)), max(mouse(SPECT))], [1.06e-13, 2.77e-13], REL, 0.1),
    "T20 model": (lambda: mouse(SPECT), [1.13e-13, 2.80e-13, 2.97e-13, 2.08e-13, 1.53e-13], REL, 0.1),
    "T21": (lambda: mouse([F18])[0], 1.5e-12, REL, 0.05),
    "T24": (lines, [0.716844, 0.979915, 0.999168], ABS, 1e-6),
    "T25": (discs, [math.log(2), 0.980518], ABS, 1e-6),
    "T26": (handling, [2.2537, 2.2680], REL, 1e-3),
    "T27": (lambda: decay.effective_half_life_s(8.0207 * D, 4 * D) / D, 2.66896, REL, 1e-5),
    "T28": (lambda: decay.remaining(1.0, constant(F18), waste.ten_half_lives_s(N, F18)), 2.0**-10, REL, 1e-12),
    "T28 hours": (lambda: waste.ten_half_lives_s(N, F18) / H, 18.295, REL, 1e-4),
    "T29": (lambda: [cleared_h(), cleared_h() * H / decay.half_life_s(N, F18)], [24.31, 13.29], REL, 1e-3),
    "T30": (actinium, [1.0003, 1.0003, 1.0034, 0.9824, 0.9083, 0.0210], ABS, 1e-3),
}  # fmt: skip
#: Rows of `twin validate`, with what is printed [mGy/MBq].
VALIDATED = {"T22": ("mouse_fdg", 11.0), "T23": ("mouse_raclopride", 5.8)}


@pytest.mark.parametrize("vector", VECTORS)
def test_vector(vector):
    says, printed, kind, tolerance = VECTORS[vector]
    assert says() == pytest.approx(printed, **{kind: tolerance, {"rel": "abs", "abs": "rel"}[kind]: 0.0})


@pytest.mark.parametrize("vector", VALIDATED)
def test_vector_is_a_row_of_validate(vector):
    from twin.experiments.comparisons import published
    from twin.experiments.physics_measures import PHYSICS

    key, printed = VALIDATED[vector]
    row = next(row for row in published() if row.name == key)
    assert float(row.value) == pytest.approx(printed)
    assert row.extra["role"] == "validation"
    assert key in PHYSICS


def test_every_vector_is_here():
    named = {vector.split()[0] for vector in VECTORS} | set(VALIDATED)
    assert named == {f"T{number:02}" for number in range(1, 31)}


def test_smith_and_stabin_in_si():
    """The exposure of T13 in air kerma: 23.69 uGy m2/(GBq h) for 1 R cm2/(mCi h)."""
    assert PER_MCI_H / units.factor("uGy/h", "Gy/s") / 1e-9 == pytest.approx(23.69)
