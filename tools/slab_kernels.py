"""Photons in a half-space, for `tools.buildup`: what first crosses each of many planes."""

import numba as nb
import numpy as np

ELECTRON_KEV = 510.99895
LEAST_KEV = 12.0
#: At each plane a photon is split into so many, which share its weight.
SPLIT = 3
STACK = 4096


def crossings(histories, seed, *known):  # type: ignore[no-untyped-def]
    """Dose behind each plane, see `_crossings`; with a generator of its own."""
    return _crossings(np.random.default_rng(seed), histories, *known)


@nb.njit(cache=True)
def klein_nishina(rng, energy_kev):  # type: ignore[no-untyped-def]
    """Energy and cosine after a Compton scattering by a free electron (Kahn's rejection)."""
    ratio = energy_kev / ELECTRON_KEV
    while True:
        r1, r2, r3 = rng.random(), rng.random(), rng.random()
        if r1 <= (1.0 + 2.0 * ratio) / (9.0 + 2.0 * ratio):
            loss = 1.0 + 2.0 * ratio * r2
            accepted = r3 <= 4.0 * (1.0 / loss - 1.0 / loss**2)
        else:
            loss = (1.0 + 2.0 * ratio) / (1.0 + 2.0 * ratio * r2)
            accepted = r3 <= 0.5 * ((1.0 - (loss - 1.0) / ratio) ** 2 + 1.0 / loss)
        if accepted:
            return energy_kev / loss, 1.0 - (loss - 1.0) / ratio


@nb.njit(cache=True)
def at(logs, values, energy_kev):  # type: ignore[no-untyped-def]
    """A row of values on a fine grid of the logarithm of energy."""
    place = (np.log(energy_kev) - logs[0]) / (logs[1] - logs[0])
    lower = min(max(int(place), 0), len(logs) - 2)
    return values[lower] + (place - lower) * (values[lower + 1] - values[lower])


@nb.njit(cache=True)
def turned(rng, cosine, turn):  # type: ignore[no-untyped-def]
    """Cosine to the normal after a turn about a random azimuth."""
    sine = np.sqrt(max(0.0, 1.0 - cosine**2) * max(0.0, 1.0 - turn**2))
    return cosine * turn + sine * np.cos(2.0 * np.pi * rng.random())


@nb.njit(cache=True)
def fluorescence(rng, line_kev, line_part):  # type: ignore[no-untyped-def]
    """Energy of the K line that follows a hole; 0 if none does."""
    which = rng.random()
    for line in range(len(line_part)):
        if which < line_part[line]:
            return line_kev[line]
    return 0.0


@nb.njit(cache=True)
def met(rng, energy, cosine, rates, logs, k_part, line_kev, line_part):  # type: ignore[no-untyped-def]
    """Energy and cosine of what goes on after an interaction, and whether it is a pair's; energy 0: nothing."""
    luck = rng.random() * (rates[0] + rates[1] + rates[2])
    if luck < rates[0]:
        energy, turn = klein_nishina(rng, energy)
        return energy, turned(rng, cosine, turn), False
    if luck < rates[0] + rates[2]:
        return ELECTRON_KEV, 2.0 * rng.random() - 1.0, True
    if rng.random() < at(logs, k_part, energy):
        return fluorescence(rng, line_kev, line_part), 2.0 * rng.random() - 1.0, False
    return 0.0, 1.0, False


@nb.njit(cache=True)
def _crossings(  # type: ignore[no-untyped-def]
    rng, histories, start_kev, planes, logs, compton, photo, pair, dose, k_part, line_kev, line_part
):
    """Dose behind each plane from radiation of unit fluence at right angles.

    `planes` are depths [m]; the coefficients are linear [1/m], coherent scattering left out; `k_part` is the part of
    photoelectric interactions in the K shell, `line_part` the running sum of the K lines for each hole.
    """
    score = np.zeros(len(planes))
    stack = np.empty((STACK, 5))
    rates = np.empty(3)
    for _ in range(histories):
        stack[0] = start_kev, 0.0, 1.0, 1.0, 0.0
        height = 1
        while height:
            height -= 1
            energy, depth, cosine, weight, reached = stack[height]
            while energy >= LEAST_KEV:
                rates[:] = at(logs, compton, energy), at(logs, photo, energy), at(logs, pair, energy)
                target = depth - np.log(1.0 - rng.random()) / rates.sum() * cosine
                plane = int(reached)
                if target >= planes[plane]:
                    depth, reached = planes[plane], reached + 1.0
                    score[plane] += weight * at(logs, dose, energy) / cosine
                    if reached == len(planes):
                        break
                    if height + SPLIT < STACK:
                        weight /= SPLIT
                        stack[height : height + SPLIT - 1] = np.array([energy, depth, cosine, weight, reached])
                        height += SPLIT - 1
                    continue
                if target < 0.0:
                    break
                depth = target
                energy, cosine, is_pair = met(rng, energy, cosine, rates, logs, k_part, line_kev, line_part)
                if is_pair and height < STACK:
                    stack[height] = energy, depth, -cosine, weight, reached
                    height += 1
    return score
