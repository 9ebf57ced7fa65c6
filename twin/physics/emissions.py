r"""What a nuclide emits: photons, and electrons as far as they leave their trace outside.

Photons are the lines of ICRP-107 (table ``emissions``). Bremsstrahlung of beta particles in water is put beside them as
a spectrum of lines: an electron of energy T gives the part

.. math:: Y = \frac{k Z T}{1 + k Z T}

of its energy to photons, spread as :math:`k\,n(k) \propto T - k` (Kramers). That is good to some ten per cent.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from twin.errors import DataError
from twin.physics.chains import equilibrium
from twin.physics.decay import canonical
from twin.sources import Numbers, grid

Array: TypeAlias = npt.NDArray[np.float64]
#: Photons; annihilation stands for both its photons.
PHOTONS = ("gamma", "x", "annihilation", "soft_photon")
BETAS = ("beta-", "beta+", "beta")
ELECTRONS = (*BETAS, "electron")
_BREMSSTRAHLUNG_LINES = 24


class Spectrum(NamedTuple):
    """Particles by energy.

    Attributes
    ----------
    energy_kev : array
        Energy of each line or group [keV].
    per_decay : array
        How many of it a decay emits.
    """

    energy_kev: Array
    per_decay: Array

    @property
    def energy_kev_per_decay(self) -> float:
        """All their energy [keV per decay]."""
        return float(self.energy_kev @ self.per_decay)

    def above(self, least_kev: float) -> Spectrum:
        """What has at least this energy."""
        enough = self.energy_kev >= least_kev
        return Spectrum(self.energy_kev[enough], self.per_decay[enough])


def emitted(numbers: Numbers, nuclide: str, *radiations: str) -> Spectrum:
    """What a decay of the nuclide itself emits of some radiations, words of the table ``emissions``."""
    return joined(_lines(canonical(numbers, nuclide)).get(radiation, _NOTHING) for radiation in radiations)


def photons(
    numbers: Numbers, nuclide: str, cutoff_kev: float | None = None, progeny: bool = True, bremsstrahlung: bool = False
) -> Spectrum:
    """Photons for each decay of a nuclide.

    Parameters
    ----------
    cutoff_kev : float, optional
        Photons below are left out [keV]; the table's cut-off (20 keV) unless given.
    progeny : bool
        With the photons of the progeny that are in equilibrium, such as Ba-137m with Cs-137.
    bremsstrahlung : bool
        With bremsstrahlung of the electrons in water.
    """
    least_kev = numbers.value("dose.photon_cutoff") if cutoff_kev is None else cutoff_kev
    lines = _of_all(numbers, nuclide, progeny, PHOTONS).above(least_kev)
    return joined([lines, bremsstrahlung_of(numbers, nuclide, least_kev, progeny)]) if bremsstrahlung else lines


def electrons(numbers: Numbers, nuclide: str, progeny: bool = True) -> Spectrum:
    """Beta particles and the electrons of conversion and Auger cascades, for each decay of a nuclide."""
    return _of_all(numbers, nuclide, progeny, ELECTRONS)


def bremsstrahlung_of(numbers: Numbers, nuclide: str, cutoff_kev: float, progeny: bool = True) -> Spectrum:
    """Bremsstrahlung in water from the electrons of a nuclide, as lines between the cut-off and the highest energy."""
    source = electrons(numbers, nuclide, progeny).above(cutoff_kev)
    if not source.energy_kev.size:
        return _NOTHING
    edges_kev = np.geomspace(cutoff_kev, source.energy_kev.max(), _BREMSSTRAHLUNG_LINES + 1)
    energy_kev = np.sqrt(edges_kev[1:] * edges_kev[:-1])
    strength = numbers.value("dose.bremsstrahlung.yield") * numbers.value("dose.bremsstrahlung.atomic_number")
    radiated = strength * source.energy_kev / 1000.0
    part = radiated / (1.0 + radiated)
    # Kramers: the energy radiated below k is the part 1 - (1 - k/T)^2 of all.
    beyond = np.maximum(0.0, 1.0 - edges_kev[:, None] / source.energy_kev) ** 2
    energy_in_bin = (beyond[:-1] - beyond[1:]) @ (part * source.energy_kev * source.per_decay)
    return Spectrum(energy_kev, energy_in_bin / energy_kev)


def joined(spectra: object) -> Spectrum:
    """Several spectra as one."""
    parts = [_NOTHING, *spectra]  # type: ignore[misc]
    energies, numbers = zip(*parts, strict=True)
    return Spectrum(np.concatenate(energies), np.concatenate(numbers))


def _of_all(numbers: Numbers, nuclide: str, progeny: bool, radiations: tuple[str, ...]) -> Spectrum:
    """Of a nuclide and, if wanted, of its progeny in equilibrium."""
    shares = equilibrium(numbers, nuclide) if progeny else {canonical(numbers, nuclide): 1.0}
    spectra = ((emitted(numbers, name, *radiations), share) for name, share in shares.items())
    return joined(Spectrum(spectrum.energy_kev, share * spectrum.per_decay) for spectrum, share in spectra)


_NOTHING = Spectrum(np.empty(0), np.empty(0))


def _lines(nuclide: str) -> dict[str, Spectrum]:
    """The spectra of a nuclide by radiation."""
    tables = _tables()
    if nuclide not in tables:
        raise DataError(f"the table 'emissions' has nothing of {nuclide}")
    return tables[nuclide]


@cache
def _tables() -> dict[str, dict[str, Spectrum]]:
    table = grid("emissions")
    found: dict[str, dict[str, tuple[list[float], list[float]]]] = {}
    columns = (table[head] for head in ("nuclide", "radiation", "energy_kev", "per_decay"))
    for nuclide, radiation, energy_kev, per_decay in zip(*columns, strict=True):
        energies, yields = found.setdefault(nuclide, {}).setdefault(radiation, ([], []))
        energies.append(energy_kev)
        yields.append(per_decay)
    return {
        nuclide: {radiation: Spectrum(*map(np.array, pair)) for radiation, pair in spectra.items()}
        for nuclide, spectra in found.items()
    }
