r"""Gammas that a positron emitter sends along: singles that blind blocks, and false coincidences.

A gamma that comes with a positron may be seen together with one of the two annihilation photons. Its direction has
nothing to do with theirs, so that of n photons in the window for each annihilation, of p pairs and of g gammas for each
positron come :math:`g (n - 2p)` such coincidences; with both photons it is one of three, and lost where those are
rejected. Where they are kept it is :math:`g n`, and no pair is lost. Their lines pass the animal as seldom as those of
accidental coincidences. Which gammas come with the positron, and not in another way of decay or later, the table
``imaging`` says of some nuclides (``pet.with_positron.NUCLIDE.KEV``); of others as many as with any decay are taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.physics import detection, histories, pile_up
from twin.physics.attenuation import HIGHEST_KEV
from twin.physics.decay import canonical
from twin.physics.emissions import emitted
from twin.physics.ring import Ring
from twin.physics.scene import Body, Emitter
from twin.sources import Numbers

Array: TypeAlias = NDArray[np.float64]
#: Softer ones do not leave an animal and reach the window, rarer ones do not count.
_LEAST_KEV, _LEAST_PER_DECAY = 50.0, 1e-3
_PHOTONS = 1 << 17


@dataclass(frozen=True)
class Prompts:
    """Prompt gammas per decay: in the window (summed per crystal, per block), and what blocks take notice of.

    `with_positron` are those in the window that come with a positron, for each positron.
    """

    singles: tuple[float, float]
    hits: float
    with_positron: tuple[float, float]


def prompt_singles(
    ring: Ring, numbers: Numbers, nuclide: str, bodies: Sequence[Body], emitters: Sequence[Emitter]
) -> Prompts:
    """What the ring sees of a nuclide's gammas."""
    lines = emitted(numbers, nuclide, "gamma")
    kept = (lines.energy_kev >= _LEAST_KEV) & (lines.energy_kev <= HIGHEST_KEV) & (lines.per_decay >= _LEAST_PER_DECAY)
    per_decay = float(lines.per_decay[kept].sum())
    if per_decay == 0.0:
        return Prompts((0.0, 0.0), 0.0, (0.0, 0.0))
    energies_kev, parts = lines.energy_kev[kept], lines.per_decay[kept]

    def seen(weights: Array) -> detection.Counts:
        work = detection.photon_chunks(ring, bodies, emitters, energies_kev, weights)
        return detection.counts(histories.exactly(work, _PHOTONS), _PHOTONS, len(emitters))

    found = seen(parts)
    singles = _both(per_decay, found)
    escorts = _with_positron(numbers, nuclide, energies_kev)
    if escorts is None:
        accompanying = singles
    else:
        accompanying = _both(float(escorts.sum()), seen(escorts)) if escorts.any() else (0.0, 0.0)
    return Prompts(singles, per_decay * pile_up.hits_part(numbers, found.deposits), accompanying)


def _both(per_decay: float, found: detection.Counts) -> tuple[float, float]:
    """Summed per crystal, per block."""
    per_crystal, per_block = per_decay * np.sum(found.singles, axis=0)
    return float(per_crystal), float(per_block)


def _with_positron(numbers: Numbers, nuclide: str, energies_kev: Array) -> Array | None:
    """Of each gamma how many come with a positron; None where the table does not say."""
    head = f"pet.with_positron.{canonical(numbers, nuclide)}."
    known = [name for name in numbers.tables["imaging"] if name.startswith(head)]
    if not known:
        return None
    parts = np.zeros(energies_kev.size)
    for name in known:
        nearest_kev = np.abs(energies_kev - float(name.removeprefix(head)))
        parts[int(nearest_kev.argmin())] += numbers.value(f"imaging.{name}")
    return parts
