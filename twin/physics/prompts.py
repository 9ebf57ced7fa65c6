"""Gammas that a positron emitter sends along: they are singles too, and blind the blocks.

That a gamma and an annihilation photon of one decay make a coincidence is not modelled: which gammas come with a
positron is not in the tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from twin.physics import detection, histories, pile_up
from twin.physics.attenuation import HIGHEST_KEV
from twin.physics.emissions import emitted
from twin.physics.ring import Ring
from twin.physics.scene import Body, Emitter
from twin.sources import Numbers

#: Softer ones do not leave an animal and reach the window, rarer ones do not count.
_LEAST_KEV, _LEAST_PER_DECAY = 50.0, 1e-3
_PHOTONS = 1 << 17


@dataclass(frozen=True)
class Prompts:
    """Prompt gammas per decay: in the window (summed per crystal, per block), and what blocks take notice of."""

    singles: tuple[float, float]
    hits: float


def prompt_singles(
    ring: Ring, numbers: Numbers, nuclide: str, bodies: Sequence[Body], emitters: Sequence[Emitter]
) -> Prompts:
    """What the ring sees of a nuclide's gammas."""
    lines = emitted(numbers, nuclide, "gamma")
    kept = (lines.energy_kev >= _LEAST_KEV) & (lines.energy_kev <= HIGHEST_KEV) & (lines.per_decay >= _LEAST_PER_DECAY)
    per_decay = float(lines.per_decay[kept].sum())
    if per_decay == 0.0:
        return Prompts((0.0, 0.0), 0.0)
    work = detection.photon_chunks(ring, bodies, emitters, lines.energy_kev[kept], lines.per_decay[kept])
    found = detection.counts(histories.exactly(work, _PHOTONS), _PHOTONS, len(emitters))
    per_crystal, per_block = per_decay * np.sum(found.singles, axis=0)
    return Prompts((float(per_crystal), float(per_block)), per_decay * pile_up.hits_part(numbers, found.deposits))
