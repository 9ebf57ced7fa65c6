"""What the twin's scanners say to published numbers, in SI; a part of `twin.experiments.measures`."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import numpy as np

from twin.physics import (
    collimators,
    countrate,
    ct,
    detection,
    nema,
    positrons,
    profiles,
    resolution,
    spect,
    transport,
)  # fmt: skip
from twin.physics.collimators import Pinholes
from twin.physics.countrate import Rates
from twin.physics.materials import material
from twin.physics.profiles import Profile
from twin.physics.ring import Ring
from twin.physics.scene import Body, Emitter
from twin.physics.transport import Passage
from twin.scanners import pet_geometry
from twin.sources import default_numbers

_PHOTONS, _KEV = 1 << 21, 511.0
#: Point source of NU 4, and where it is put off the centre.
_SOURCE_M, _ASIDE_M = 0.3e-3, 5e-3
#: Of positrons alone: narrow bins.
_FINE_M, _FINE_BINS = 2e-5, 700
_BQ_PER_MBQ, _PER_KILO = 1e6, 1e-3
_RATES_PRECISION = 0.03
#: Constantinescu and others had their randoms from delayed coincidences, which count twice.
_DELAYED = 2.0
#: At steps of 1 %.
_ACTIVITIES_BQ = np.geomspace(0.5e6, 700e6, 730)


class Bracket(NamedTuple):
    """Between which a value lies for all that is published, and the one that the twin works with."""

    low: float
    high: float
    working: float


# PET: from geometry alone ---------------------------------------------------------------------------------------------


def _ring(scanner: str) -> Ring:
    return pet_geometry.ring(default_numbers(), scanner)


@cache
def _sensitivity(scanner: str, low_kev: float = 0.0, high_kev: float = 0.0) -> Bracket:
    """At the centre, in the window given, else in the catalogue's: energy summed per crystal, per block."""
    window_kev = (low_kev, high_kev) if high_kev > 0.0 else None
    found = detection.sensitivity(_ring(scanner), window_kev=window_kev)
    low, high = sorted((found.per_crystal, found.per_block))
    return Bracket(low, high, found.working)


def _inveon_350() -> Ring:
    return replace(_ring("siemens_inveon"), energy_window_kev=(350.0, 650.0))


@cache
def _as_measured(ring: Ring) -> float:
    """At the centre, with the source of NU 4 in its cube."""
    return nema.as_measured(ring, default_numbers(), 0.02)


@cache
def _scatter(phantom: str) -> float:
    """Scatter fraction of NU 4, Inveon, 350-650 keV."""
    numbers = default_numbers()
    _, lines = nema.scattering(_inveon_350(), numbers, nema.phantom(numbers, phantom), 0.01)
    return nema.by_the_band(lines)


class Peak(NamedTuple):
    """Where the noise-equivalent rate of a NEMA phantom is highest."""

    activity_mbq: float
    kcps: float


@cache
def _seen(scanner: str, phantom: str, low_kev: float = 0.0, high_kev: float = 0.0, window_s: float = 0.0) -> nema.Seen:
    """Of a phantom; windows that are not given are the catalogue's."""
    ring = _ring(scanner)
    ring = replace(
        ring,
        energy_window_kev=(low_kev, high_kev) if high_kev > 0.0 else ring.energy_window_kev,
        coincidence_window_s=window_s or ring.coincidence_window_s,
    )
    numbers = default_numbers()
    return nema.response(ring, numbers, nema.phantom(numbers, phantom), "F-18", _RATES_PRECISION)


def _rates(scanner: str, phantom: str, *windows: float, noise: float = 1.0) -> Rates:
    return countrate.rates(_seen(scanner, phantom, *windows).response, _ACTIVITIES_BQ, noise)


def _peak(scanner: str, phantom: str = "mouse", *windows: float, noise: float = 1.0) -> Peak:
    rates = _rates(scanner, phantom, *windows, noise=noise)
    assert rates.peak is not None, "every one of these rates falls again"
    activity_bq, necr_per_s = rates.peak
    return Peak(activity_bq / _BQ_PER_MBQ, necr_per_s * _PER_KILO)


def _inveon_peak(phantom: str) -> Peak:
    return _peak("siemens_inveon", phantom, 350.0, 650.0, noise=_DELAYED)


def _safir_kcps(phantom: str, activity_mbq: float) -> float:
    """Where the published measurement ended, without a peak."""
    rates = _rates("safir_prototype", phantom)
    return float(np.interp(activity_mbq * _BQ_PER_MBQ, rates.activity_bq, rates.necr)) * _PER_KILO


def _resolution(scanner: str, at_m: float = 0.0) -> float:
    """With the source of the standard."""
    return resolution.radial_m(_ring(scanner), default_numbers(), at_m, "Na-22", _SOURCE_M)


def _inveon_18f() -> float:
    """A point of 1 mm3 of 18F, by a Gaussian of the same standard deviation."""
    ring = replace(_ring("siemens_inveon"), energy_window_kev=(350.0, 625.0))
    return resolution.radial_m(ring, default_numbers(), 0.0, "F-18", profiles.FWHM * 1e-3 / math.sqrt(12.0))


@cache
def _blur(scanner: str, nuclide: str) -> Profile:
    found = resolution.profile(_ring(scanner), default_numbers(), 0.0, nuclide)
    assert found is not None, "no monolith"
    return found


def _rod(nuclide: str) -> float:
    """Of 5 mm, at the Inveon."""
    return _blur("siemens_inveon", nuclide).rod_recovery(5e-3)


def _line_ratio(nuclide: str) -> float:
    """Over that of 18F."""
    return _blur("micropet_focus_220", nuclide).line_source_m() / _blur("micropet_focus_220", "F-18").line_source_m()


def _widened(nuclide: str, response_m: float, level: float) -> float:
    """By which part positrons widen a Gaussian response."""
    own = profiles.gaussian(response_m, _FINE_M, _FINE_BINS)
    both = np.convolve(own, positrons.line_spread(default_numbers(), nuclide, _FINE_M, _FINE_BINS))
    return profiles.width_m(both, _FINE_M, level) / profiles.width_m(own, _FINE_M, level) - 1.0


def _annihilated(nuclide: str) -> float:
    spread = positrons.line_spread(default_numbers(), nuclide, _FINE_M, _FINE_BINS)
    return profiles.width_m(spread, _FINE_M, 0.1)


# Photons: the reference cases of other codes --------------------------------------------------------------------------


@cache
def _water() -> Passage:
    body = Body("cylinder", (0.0125, 0.0125, 0.035), material(default_numbers(), "water"))
    return transport.passage([body], [Emitter()], _KEV, 0.0005, most=4 * _PHOTONS)


@cache
def _crystal(name: str) -> Passage:
    """A pencil through 10 mm of a crystal that is 31.8 mm wide."""
    disc = Body("cylinder", (0.0159, 0.0159, 0.005), material(default_numbers(), name))
    source = Emitter(centre_m=(0.0, 0.0, -0.01))
    return transport.passage([disc], [source], _KEV, 0.0005, beam=(0.0, 0.0, 1.0), most=_PHOTONS)


def _kept(found: Passage) -> float:
    return float(found.deposit_kev[0])


# SPECT and CT ---------------------------------------------------------------------------------------------------------


def _pinholes(name: str) -> Pinholes:
    found = collimators.collimator(default_numbers(), name)
    assert isinstance(found, Pinholes)
    return found


@cache
def _technetium(name: str) -> spect.View:
    return spect.view(_pinholes(name), default_numbers(), "Tc-99m")


@cache
def _parallel(name: str, nuclide: str) -> spect.View:
    return spect.view(collimators.collimator(default_numbers(), name), default_numbers(), nuclide)


def _whole(seen: spect.View | spect.Window) -> float:
    """All counts, also those that came through walls, as they are measured."""
    return seen.counts_per_decay + seen.fog_per_decay


def _ct_kerma(voltage_kv: float) -> float:
    """In air, of equal exposures behind 0.5 mm of aluminium."""
    scan = ct.CtScan(voltage_kv, 1e-3, 1e-4, 0.025, 0.15, {"aluminium": 0.5e-3})
    return ct.scanned(default_numbers(), scan).air_kerma_gy


IMAGING: dict[str, Callable[[], float | Bracket]] = {
    "inveon_250_625": lambda: _sensitivity("siemens_inveon"),
    "focus_250_750": lambda: _sensitivity("micropet_focus_220"),
    "inveon_350_650": lambda: _sensitivity("siemens_inveon", 350.0, 650.0),
    "s_pet": lambda: _sensitivity("szbl_s_pet"),
    "g8": lambda: _sensitivity("sofie_g8"),
    "beta_cube": lambda: _sensitivity("molecubes_beta_cube"),
    "safir_prototype": lambda: _sensitivity("safir_prototype"),
    "nanoscan_250_750": lambda: _sensitivity("mediso_nanoscan_pet_ct"),
    "scatter_mouse": lambda: _scatter("mouse"),
    "scatter_rat": lambda: _scatter("rat"),
    "scatter_safir_mouse": lambda: _seen("safir_prototype", "mouse").scatter_fraction,
    "scatter_safir_rat": lambda: _seen("safir_prototype", "rat").scatter_fraction,
    "scatter_s_pet": lambda: _seen("szbl_s_pet", "mouse").scatter_fraction,
    "scatter_g8": lambda: _seen("sofie_g8", "mouse").scatter_fraction,
    "scatter_nanoscan_mouse": lambda: _seen("mediso_nanoscan_pet_ct", "mouse").scatter_fraction,
    "scatter_nanoscan_rat": lambda: _seen("mediso_nanoscan_pet_ct", "rat").scatter_fraction,
    "nu4_inveon": lambda: _as_measured(_inveon_350()),
    "nu4_g8": lambda: _as_measured(_ring("sofie_g8")),
    "nu4_nanoscan": lambda: _as_measured(_ring("mediso_nanoscan_pet_ct")),
    "resolution_inveon": lambda: _resolution("siemens_inveon"),
    "resolution_focus": lambda: _resolution("micropet_focus_220"),
    "resolution_safir": lambda: _resolution("safir_prototype", _ASIDE_M),
    "resolution_nanoscan": lambda: _resolution("mediso_nanoscan_pet_ct"),
    "resolution_inveon_18f": _inveon_18f,
    "rod_f18_inveon": lambda: _rod("F-18"),
    "rod_cu64_inveon": lambda: _rod("Cu-64"),
    "rod_ga68_inveon": lambda: _rod("Ga-68"),
    "rod_sc44_inveon": lambda: _rod("Sc-44"),
    "line_br76_f18": lambda: _line_ratio("Br-76"),
    "positron_o15_half": lambda: _widened("O-15", 2.4e-3, 0.5),
    "positron_o15_tenth": lambda: _widened("O-15", 2.4e-3, 0.1),
    "positron_f18_tenth": lambda: _annihilated("F-18"),
    "positron_c11_tenth": lambda: _annihilated("C-11"),
    "positron_n13_tenth": lambda: _annihilated("N-13"),
    "positron_o15_width": lambda: _annihilated("O-15"),
    "necr_inveon_mouse_at": lambda: _inveon_peak("mouse").activity_mbq,
    "necr_inveon_mouse": lambda: _inveon_peak("mouse").kcps,
    "necr_inveon_rat_at": lambda: _inveon_peak("rat").activity_mbq,
    "necr_inveon_rat": lambda: _inveon_peak("rat").kcps,
    "necr_s_pet_at": lambda: _peak("szbl_s_pet").activity_mbq,
    "necr_s_pet": lambda: _peak("szbl_s_pet").kcps,
    "necr_g8_at": lambda: _peak("sofie_g8").activity_mbq,
    "necr_g8": lambda: _peak("sofie_g8").kcps,
    "necr_beta_cube_at": lambda: _peak("molecubes_beta_cube").activity_mbq,
    "necr_beta_cube": lambda: _peak("molecubes_beta_cube").kcps,
    "necr_beta_cube_rat": lambda: _peak("molecubes_beta_cube", "rat").kcps,
    "necr_focus": lambda: _peak("micropet_focus_220", "mouse", 250.0, 750.0, 6e-9).kcps,
    "necr_safir_mouse": lambda: _safir_kcps("mouse", 537.0),
    "necr_safir_rat": lambda: _safir_kcps("rat", 624.0),
    "necr_nanoscan_mouse": lambda: _peak("mediso_nanoscan_pet_ct").kcps,
    "necr_nanoscan_rat": lambda: _peak("mediso_nanoscan_pet_ct", "rat").kcps,
    "r4_250_750": lambda: _sensitivity("concorde_r4"),
    "resolution_r4": lambda: resolution.radial_m(_ring("concorde_r4"), default_numbers(), 0.0, "Na-22", 1e-3),
    "necr_r4_mouse": lambda: _peak("concorde_r4").kcps,
    "necr_r4_rat": lambda: _peak("concorde_r4", "rat").kcps,
    "water_penred": lambda: _kept(_water()),
    "water_egs": lambda: _kept(_water()),
    "water_above_350": lambda: _water().above(350.0),
    "lso_penred": lambda: _kept(_crystal("LSO")),
    "lso_egs": lambda: _kept(_crystal("LSO")),
    "lso_above_350": lambda: float(_crystal("LSO").deposits[350:].sum()),
    "bgo_penred": lambda: _kept(_crystal("BGO")),
    "spect_inveon": lambda: _technetium("inveon_single_05").counts_per_decay * _BQ_PER_MBQ,
    "spect_inveon_resolution": lambda: _technetium("inveon_single_05").resolution_m,
    "septa_lehr_tc": lambda: _whole(_parallel("lehr_parallel", "Tc-99m")) * _BQ_PER_MBQ,
    "septa_lehr_resolution": lambda: _parallel("lehr_parallel", "Tc-99m").resolution_m,
    "septa_he_iodine": lambda: _whole(_parallel("high_energy_parallel", "I-131").windows[0]) * _BQ_PER_MBQ,
    "spect_u_035": lambda: _pinholes("u_spect_ii_mouse_035").geometric,
    "spect_u_060": lambda: _pinholes("u_spect_ii_mouse_060").geometric,
    "ct_quantum_gx": lambda: _ct_kerma(90.0) / _ct_kerma(50.0),
}
