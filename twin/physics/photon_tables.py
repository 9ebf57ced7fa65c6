"""Tables from which compiled transport looks up what a photon does next; made once for a list of materials.

The grid of energies is the floating point number's own: its exponent and the first eight bits of its fraction are the
number of the bin, the rest is the position inside (`twin.physics.interaction_kernels.place`). So a look-up needs no
logarithm, and a bin is 0.2 to 0.4 % wide everywhere between 8 and 4096 keV. Between nodes everything is linear.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.physics import attenuation
from twin.physics.materials import Material, atomic_numbers, atomic_weights
from twin.sources import grid

Array: TypeAlias = NDArray[np.float64]

#: Bits of the bin inside an octave, the lowest octave, octaves: 8 to 4096 keV; 2^-8 to 2^8 per angstrom.
ENERGY_BITS, ENERGY_LOWEST, ENERGY_OCTAVES = 8, 3, 9
TRANSFER_BITS, TRANSFER_LOWEST, TRANSFER_OCTAVES = 4, -8, 16
#: Elements of one material, and lines of one element, whose K X-rays are followed.
SLOTS, LINES = 3, 8
_RAYLEIGH_NODES = 512


class PhotonTables(NamedTuple):
    """What kernels get; the first axis is the material.

    Attributes
    ----------
    interaction : array (materials, energies, 4)
        Linear attenuation coefficient [1/m]; then the part of photoelectric interactions, of these and incoherent ones,
        of these and coherent ones; what is left is pair production.
    k_hole : array (materials, energies, slots)
        Probability that a photoelectric interaction leaves a hole in the K shell of the first, of one of the first two
        ... elements.
    line_kev, line_sum : array (materials, slots, lines)
        K X-rays after such a hole, and the probability of the first, the first two ... of them.
    incoherent : array (materials, transfers)
        Incoherent scattering function over the number of electrons.
    transfer2 : array (nodes,)
        Square of the momentum transfer [1/angstrom2].
    coherent_sum : array (materials, nodes)
        Integral of the squared form factor from zero up to `transfer2`.
    """

    interaction: Array
    k_hole: Array
    line_kev: Array
    line_sum: Array
    incoherent: Array
    transfer2: Array
    coherent_sum: Array


def photon_tables(materials: Sequence[Material], coherent: bool = True, fluorescence: bool = True) -> PhotonTables:
    """The tables of some materials; coherent scattering and K X-rays can be left out, for comparison with theory."""
    nodes = rayleigh_nodes()
    lines = [_k_lines(material, fluorescence) for material in materials]
    return PhotonTables(
        interaction=np.stack([_interaction(material, coherent) for material in materials]),
        k_hole=np.stack([holes for holes, _, _ in lines]),
        line_kev=np.stack([energies for _, energies, _ in lines]),
        line_sum=np.stack([sums for _, _, sums in lines]),
        incoherent=np.stack([_incoherent(material) for material in materials]),
        transfer2=nodes**2,
        coherent_sum=np.stack([_coherent_sum(material) for material in materials]),
    )


def energy_nodes_kev() -> Array:
    """The energies of the table's nodes."""
    return _nodes(ENERGY_BITS, ENERGY_LOWEST, ENERGY_OCTAVES)


def transfer_nodes() -> Array:
    """The momentum transfers of the nodes of the incoherent scattering function [1/angstrom]."""
    return _nodes(TRANSFER_BITS, TRANSFER_LOWEST, TRANSFER_OCTAVES)


@cache
def rayleigh_nodes() -> Array:
    """The momentum transfers of the nodes of the form factor's integral [1/angstrom]; the first is zero."""
    return np.append(0.0, np.geomspace(1e-3, 250.0, _RAYLEIGH_NODES))


def _nodes(bits: int, lowest: int, octaves: int) -> Array:
    """All numbers from 2^lowest on that need no more than so many bits after the first one."""
    index = np.arange((octaves << bits) + 1)
    return np.asarray(np.ldexp(1.0 + (index & ((1 << bits) - 1)) / (1 << bits), lowest + (index >> bits)))


def _inside_kev() -> Array:
    """The nodes, those outside what is tabulated moved to its border."""
    return np.clip(energy_nodes_kev(), attenuation.LOWEST_KEV, attenuation.HIGHEST_KEV)


def _interaction(material: Material, coherent: bool) -> Array:
    found = attenuation.coefficients(material, _inside_kev())
    parts = [found.photoelectric, found.incoherent, found.coherent * coherent, found.pair]
    sums = np.cumsum(parts, axis=0)
    return np.column_stack([sums[3] * material.density_kg_m3, *(sums[:3] / sums[3])])


def _atoms(material: Material) -> dict[str, float]:
    """Moles of each element in a gram."""
    return {symbol: part / atomic_weights()[symbol] for symbol, part in material.parts_by_mass}


def _incoherent(material: Material) -> Array:
    atoms, nodes = _atoms(material), transfer_nodes()
    whole = sum(number * atomic_numbers()[symbol] for symbol, number in atoms.items())
    sums = sum((number * scattering_function(symbol, nodes) for symbol, number in atoms.items()), np.zeros(nodes.size))
    return np.minimum(sums / whole, 1.0)


def _coherent_sum(material: Material) -> Array:
    nodes = rayleigh_nodes()
    squares = sum((n * form_factor(symbol, nodes) ** 2 for symbol, n in _atoms(material).items()), np.zeros(nodes.size))
    steps = 0.5 * (squares[1:] + squares[:-1]) * np.diff(nodes**2)
    return np.append(0.0, np.cumsum(steps))


def form_factor(symbol: str, transfer: Array) -> Array:
    """Coherent form factor of an element."""
    return _scattering(symbol, "form_factor", transfer)


def scattering_function(symbol: str, transfer: Array) -> Array:
    """Incoherent scattering function of an element."""
    return _scattering(symbol, "scattering_function", transfer)


def _scattering(symbol: str, which: str, transfer: Array) -> Array:
    """Straight between logarithms, and on beyond both ends."""
    table = grid("form_factors")
    rows = np.array(table["element"]) == symbol
    x, y = (np.log(np.array(table[head])[rows]) for head in ("transfer_per_angstrom", which))
    at = np.log(np.maximum(transfer, 1e-6))
    n = np.clip(np.searchsorted(x, at) - 1, 0, x.size - 2)
    return np.asarray(np.exp(y[n] + (y[n + 1] - y[n]) / (x[n + 1] - x[n]) * (at - x[n])))


def _k_lines(material: Material, fluorescence: bool) -> tuple[Array, Array, Array]:
    """Holes by energy and slot, line energies, and their summed probabilities, by slot."""
    nodes = _inside_kev()
    holes = np.zeros((nodes.size, SLOTS))
    energies, sums = np.zeros((SLOTS, LINES)), np.zeros((SLOTS, LINES))
    whole = attenuation.coefficients(material, nodes).photoelectric
    for slot, (symbol, part) in enumerate(_fluorescing(material) if fluorescence else ()):
        alone = Material(symbol, 1.0, ((symbol, 1.0),))
        own = part * attenuation.coefficients(alone, nodes).photoelectric / whole
        holes[:, slot] = own * attenuation.k_shell_part(symbol, nodes)
        energies[slot], sums[slot] = _lines_of(symbol)
    return np.cumsum(holes, axis=1), energies, sums


def _fluorescing(material: Material) -> list[tuple[str, float]]:
    """The heaviest elements that have K X-rays in the table."""
    known = set(grid("k_lines")["element"])
    parts = [(symbol, part) for symbol, part in material.parts_by_mass if symbol in known]
    return sorted(parts, key=lambda part: -atomic_numbers()[part[0]])[:SLOTS]


def _lines_of(symbol: str) -> tuple[Array, Array]:
    table = grid("k_lines")
    rows = np.array(table["element"]) == symbol
    energies, per_hole = (np.array(table[head])[rows] for head in ("energy_kev", "per_k_hole"))
    missing = LINES - energies.size
    return np.pad(energies, (0, missing)), np.pad(np.cumsum(per_hole), (0, missing), mode="edge")
