"""Makes the photon tables of ``twin/physics/data`` of public libraries: ``python -m tools.photon_tables FOLDER``.

FOLDER is the folder ``PyMcaData`` of the package PyMca5 (5.9.7), which carries them as text: ``attdata/*.mat`` are
element tables of NIST XCOM, ``EPDL97/EPDL97.DAT`` and ``EPDL97/EADL.DAT`` are the Livermore libraries in ENDL format.
Nothing else of that package is used. Rounded to what the libraries print.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.tables import write

Array = NDArray[np.float64]
Records = dict[tuple[int, int, int, float], Array]

ELEMENTS = {
    "H": 1, "C": 6, "N": 7, "O": 8, "F": 9, "Na": 11, "Mg": 12, "Al": 13, "Si": 14, "P": 15, "S": 16, "Cl": 17,
    "Ar": 18, "K": 19, "Ca": 20, "Ti": 22, "Cr": 24, "Mn": 25, "Fe": 26, "Ni": 28, "Cu": 29, "Zn": 30, "Ge": 32,
    "As": 33, "Br": 35, "Y": 39, "Cd": 48, "Sn": 50, "Te": 52, "I": 53, "Cs": 55, "Ba": 56, "La": 57, "Ce": 58,
    "Gd": 64, "Lu": 71, "W": 74, "Au": 79, "Pb": 82, "Bi": 83,
}  # fmt: skip
LOWEST_KEV, HIGHEST_KEV = 5.0, 3000.0
#: Momentum transfer sin(theta / 2) / wavelength [1/angstrom]; backscatter of 3 MeV is at 242.
TRANSFERS = np.round(np.geomspace(0.01, 251.18864, 53), 5)
K_SHELL = 1.0
#: EADL subshell from which the electron comes -> Siegbahn's name of the K line.
LINES = {3: "L1", 5: "Ka2", 6: "Ka1", 10: "Kb3", 11: "Kb1", 13: "Kb5", 14: "Kb5", 18: "Kb2", 19: "Kb2"}
#: K lines below this energy are absorbed where they arise.
LEAST_LINE_KEV = 8.0


def xcom(folder: Path, symbol: str) -> dict[str, Array]:
    """The blocks of one XCOM element file by their first word: energy [MeV], then coefficients [cm2/g]."""
    blocks: dict[str, list[float]] = {}
    current: list[float] = []
    for line in (folder / "attdata" / f"{symbol}.mat").read_text().splitlines()[6:]:
        if line.strip()[:1].isalpha():
            current = blocks.setdefault(line.strip(), [])
        else:
            current.extend(float(word) for word in line.split())
    return {name: np.array(values) for name, values in blocks.items()}


def endl(file: Path, wanted: Iterable[int]) -> Records:
    """ENDL records of the wanted elements: (Z, process, property, subshell) -> a table of two or three columns."""
    numbers = set(wanted)
    found: Records = {}
    lines = iter(file.read_text().splitlines())
    for head in lines:
        second = next(lines)
        key = (int(head[:6]) // 1000, int(second[:2]), int(second[2:5]), int(head[9:12]), _number(second[21:32]))
        rows = list(_record(lines))
        if key[0] in numbers and (key[3] in {0, 7}):
            found[key[0], key[1], key[2], key[4]] = np.array([[_number(cell) for cell in row] for row in rows])
    return found


def _record(lines: Iterator[str]) -> Iterator[list[str]]:
    """The rows of one record, up to its end mark."""
    for line in lines:
        if line.rstrip().endswith("1") and not line[:60].strip():
            return
        yield [line[at : at + 11] for at in range(0, len(line.rstrip()), 11)]


def _number(text: str) -> float:
    """``1.000000-6`` and ``2.74342- 1`` are written without an E."""
    plain = text.strip().replace(" ", "")
    sign = max(plain.rfind("+"), plain.rfind("-"))
    return float(plain if sign <= 0 or "E" in plain else f"{plain[:sign]}E{plain[sign:]}")


def cross_sections(folder: Path, epdl: Records) -> Iterator[list[str]]:
    """XCOM coefficients, with the part of the photoelectric effect that is in the K shell from EPDL97."""
    for symbol, z in ELEMENTS.items():
        blocks = xcom(folder, symbol)
        energy_kev = blocks["ENERGY LIST"] * 1e3
        columns = np.column_stack([energy_kev, *(values for name, values in blocks.items() if name != "ENERGY LIST")])
        inside = (energy_kev >= LOWEST_KEV) & (energy_kev <= HIGHEST_KEV)
        kept = [
            row for n, row in enumerate(columns[inside]) if n == 0 or not np.array_equal(row, columns[inside][n - 1])
        ]
        edge = _edge_kev(np.array(kept)[:, 0])
        for n, row in enumerate(kept):
            below = row[0] < edge or (row[0] == edge and kept[n - 1][0] != edge)
            share = 0.0 if below else _k_share(epdl, z, row[0])
            yield [symbol, f"{row[0]:.7g}", *(f"{value:.5g}" for value in row[1:]), f"{share:.4g}", "xcom; epdl97"]


def _edge_kev(energies_kev: Array) -> float:
    """The highest edge, which stands twice; 0 if it lies below the table."""
    twice = energies_kev[1:][np.diff(energies_kev) == 0.0]
    return float(twice.max()) if twice.size else 0.0


def _k_share(epdl: Records, z: int, energy_kev: float) -> float:
    """Part of photoelectric interactions that leave a hole in the K shell."""
    shells = [table for (number, process, what, _), table in epdl.items() if (number, process, what) == (z, 73, 0)]
    whole, k_shell = epdl[z, 73, 0, 0.0], epdl[z, 73, 0, K_SHELL]
    assert len(shells) > 1 or z < 3
    at_mev = max(energy_kev * 1e-3, float(k_shell[0, 0])) * (1.0 + 1e-9)
    return min(1.0, _log_log(k_shell, at_mev) / _log_log(whole, at_mev))


def _log_log(table: Array, at: float) -> float:
    """EPDL is made for interpolation between logarithms; of an edge the upper value counts."""
    x, y = table[:, 0], np.maximum(table[:, 1], 1e-300)
    n = min(max(int(np.searchsorted(x, at, "right")), 1), x.size - 1)
    slope = np.log(y[n] / y[n - 1]) / np.log(x[n] / x[n - 1]) if x[n] > x[n - 1] else 0.0
    return float(y[n - 1] * (at / x[n - 1]) ** slope)


def elements(file: Path) -> Iterator[list[str]]:
    """Atomic numbers and weights from the heads of the records."""
    heads = [line for line in file.read_text().splitlines() if re.match(r" {0,3}\d{1,3}000  7 ", line)]
    weights = {int(line[:6]) // 1000: _number(line[13:24]) for line in heads}
    for symbol, z in ELEMENTS.items():
        yield [symbol, str(z), f"{weights[z]:g}", "epdl97"]


def form_factors(epdl: Records) -> Iterator[list[str]]:
    """Coherent form factor and incoherent scattering function on one grid of momentum transfer."""
    for symbol, z in ELEMENTS.items():
        coherent, incoherent = epdl[z, 93, 941, 0.0], epdl[z, 93, 942, 0.0]
        for transfer in TRANSFERS:
            values = (_log_log(table[table[:, 0] > 0.0], transfer * 1e8) for table in (coherent, incoherent))
            yield [symbol, f"{transfer:g}", *(f"{value:.5g}" for value in values), "epdl97"]


def k_lines(eadl: Records) -> Iterator[list[str]]:
    """X-rays that follow a hole in the K shell."""
    for symbol, z in ELEMENTS.items():
        transitions = eadl.get((z, 92, 931, K_SHELL))
        rows: dict[str, list[float]] = {}
        for shell, probability, energy_mev in () if transitions is None else transitions:
            row = rows.setdefault(LINES.get(int(shell), "other"), [0.0, 0.0])
            row[0] += probability
            row[1] += probability * energy_mev * 1e3
        for line, (probability, weighted) in rows.items():
            if probability >= 1e-4 and weighted / probability >= LEAST_LINE_KEV:
                yield [symbol, line, f"{weighted / probability:.5g}", f"{probability:.4g}", "eadl"]


def main() -> None:
    folder = Path(sys.argv[1])
    epdl = endl(folder / "EPDL97" / "EPDL97.DAT", ELEMENTS.values())
    eadl = endl(folder / "EPDL97" / "EADL.DAT", ELEMENTS.values())
    processes = ["coherent_cm2_per_g", "incoherent_cm2_per_g", "photoelectric_cm2_per_g"]
    pairs = ["pair_nucleus_cm2_per_g", "pair_electron_cm2_per_g"]
    write(
        "photon_cross_sections.csv",
        ["element", "energy_kev", *processes, *pairs, "k_shell_part", "source"],
        cross_sections(folder, epdl),
    )
    write(
        "form_factors.csv",
        ["element", "transfer_per_angstrom", "form_factor", "scattering_function", "source"],
        form_factors(epdl),
    )
    write(
        "elements.csv",
        ["element", "atomic_number", "atomic_weight", "source"],
        elements(folder / "EPDL97" / "EPDL97.DAT"),
    )
    write("k_lines.csv", ["element", "line", "energy_kev", "per_k_hole", "source"], k_lines(eadl))


if __name__ == "__main__":
    main()
