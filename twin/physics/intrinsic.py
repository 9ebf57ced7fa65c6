r"""176Lu: crystals of lutetium count themselves.

A gram of natural lutetium has the activity

.. math:: a = \frac{\ln 2}{T_{1/2}} \frac{x N_A}{M}

with the isotope's share :math:`x`. A decay leaves an electron's energy in its crystal and, in cascade, three gammas;
each leaves as a photon or as a further electron.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.physics import detection, detection_kernels, histories, pile_up
from twin.physics import ring as rings
from twin.physics.attenuation import ELECTRON_KEV
from twin.physics.decay import AVOGADRO_PER_MOL
from twin.physics.histories import Whole
from twin.physics.materials import atomic_weights
from twin.physics.ring import Layer, Ring
from twin.sources import Numbers

Array: TypeAlias = NDArray[np.float64]
_DECAYS = 1 << 17
_GAMMAS = ("gamma_1", "gamma_2", "gamma_3")
_KG_PER_G = 1e-3
_HAFNIUM = 72


class Decay(NamedTuple):
    """A decay for the kernel: electron energies with summed probabilities, gammas and the part that leaves as such."""

    beta_kev: Array
    beta_summed: Array
    gamma_kev: Array
    gamma_part: Array


@dataclass(frozen=True)
class Background:
    """What a ring counts without a source [1/s]; pairs are summed per crystal, per block.

    Attributes
    ----------
    activity_bq : float
        Of 176Lu in all crystals.
    """

    activity_bq: float
    singles_per_s: tuple[float, float]
    coincidences_per_s: tuple[float, float]
    hits_per_s: float


def activity_bq_per_m3(layer: Layer, numbers: Numbers) -> float:
    """Activity of 176Lu in a crystal."""
    parts = dict(layer.material.parts_by_mass)
    if "Lu" not in parts:
        return 0.0
    decay_per_s = math.log(2.0) / numbers.value("phantoms.lutetium_176.half_life")
    atoms_per_kg = AVOGADRO_PER_MOL / (atomic_weights()["Lu"] * _KG_PER_G) * parts["Lu"]
    return numbers.value("phantoms.lutetium_176.abundance") * decay_per_s * atoms_per_kg * layer.material.density_kg_m3


def activity_bq(ring: Ring, numbers: Numbers) -> float:
    """Activity of 176Lu in all crystals."""
    blocks = ring.axial_blocks * ring.transaxial_blocks
    volumes = (
        layer.crystals[0] * layer.crystals[1] * layer.crystal_m[0] * layer.crystal_m[1] * layer.depth_m
        for layer in ring.layers
    )
    return blocks * sum(activity_bq_per_m3(layer, numbers) * v for layer, v in zip(ring.layers, volumes, strict=True))


def background(ring: Ring, numbers: Numbers, mask_m: float, seed: int = 0) -> Background:
    """Singles and coincidences of the crystals themselves; coincidences whose line passes within `mask_m` of the axis.

    Decays are played in the first layer, which is the lutetium in all rings of the catalogue.
    """
    activity = activity_bq(ring, numbers)
    if activity == 0.0:
        return Background(0.0, (0.0, 0.0), (0.0, 0.0), 0.0)
    tables, blocks = rings.prepared(ring)
    accepting, decay = detection.acceptance(ring), _decay(numbers)
    luck = histories.address("transport/lutetium", seed)

    def work(first: int, count: int) -> Whole:
        tally, deposits = detection.empty_tallies(1)
        detection_kernels.crystals_chunk(
            tables, blocks, accepting, decay, mask_m, luck, first, count, np.zeros(7), detection.Hits.empty(), tally,
            deposits,
        )  # fmt: skip
        return np.concatenate([tally.ravel(), deposits])

    found = detection.counts(histories.exactly(work, _DECAYS), _DECAYS)
    singles, pairs = activity * found.singles[0], activity * found.trues[0]
    return Background(
        activity,
        (float(singles[0]), float(singles[1])),
        (float(pairs[0]), float(pairs[1])),
        activity * pile_up.hits_part(numbers, found.deposits),
    )


def _decay(numbers: Numbers) -> Decay:
    energies, weights = beta_spectrum(numbers.value("phantoms.lutetium_176.beta_endpoint"))
    gammas = [f"phantoms.lutetium_176.{gamma}" for gamma in _GAMMAS]
    return Decay(
        beta_kev=energies,
        beta_summed=np.append(0.0, np.cumsum(weights) / weights.sum()),
        gamma_kev=np.array([numbers.value(f"{gamma}_energy") for gamma in gammas]),
        gamma_part=np.array([numbers.value(f"{gamma}_photons") for gamma in gammas]),
    )


def beta_spectrum(endpoint_kev: float, bins: int = 256) -> tuple[Array, Array]:
    r"""Energies and weights of an allowed spectrum with the charge Z of hafnium.

    .. math:: N(W) \propto p W (W_0 - W)^2\, p^{2\gamma - 2} e^{\pi\eta} |\Gamma(\gamma + i\eta)|^2, \qquad
        \gamma = \sqrt{1 - (\alpha Z)^2}, \quad \eta = \alpha Z W / p

    with W and p in units of the electron's mass (Fermi 1934, doi 10.1007/BF01351864).
    """
    from scipy.special import loggamma

    kinetic = (np.arange(bins) + 0.5) / bins * endpoint_kev
    total = 1.0 + kinetic / ELECTRON_KEV
    momentum = np.sqrt(total**2 - 1.0)
    charge = _HAFNIUM / 137.035999
    gamma = math.sqrt(1.0 - charge**2)
    eta = charge * total / momentum
    fermi = np.exp(2.0 * (gamma - 1.0) * np.log(momentum) + math.pi * eta + 2.0 * loggamma(gamma + 1j * eta).real)
    return kinetic, momentum * total * (endpoint_kev - kinetic) ** 2 * fermi
