"""Makes the nuclide tables of ``twin/physics/data`` out of ICRP-107: ``python -m tools.nuclide_tables``.

It runs in an environment of its own that has the packages radioactivedecay (0.6.1: half-lives, branching) and
icrp107-database (0.0.3: emissions); the twin itself needs neither. The terms of the data stand in ``data/LICENSE.TXT``.

What is kept: every photon of 10 keV and more that is emitted at least once in 10 000 decays, as it is; rarer ones are
left out. Softer photons, beta spectra and electrons of conversion and Auger cascades are gathered in bins that keep
their number and their energy. Alpha particles and their recoils are one row each.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from itertools import pairwise
from typing import Any

import radioactivedecay

from tools.tables import write

ASKED = (
    "F-18 C-11 N-13 O-15 Ga-68 Cu-64 Zr-89 I-124 Rb-82 Cu-61 Sc-43 Sc-44 Y-86 Br-76 Ti-45 Mn-52 Na-22 Tc-99m In-111 "
    "I-123 I-125 I-131 Ga-67 Tl-201 Lu-177 Y-90 Cu-67 Sc-47 Tb-161 Tb-149 Tb-155 Sm-153 Ho-166 Re-188 Ra-223 Ac-225 "
    "At-211 Pb-212 Bi-213 Fr-221 Mo-99 Ge-68 Sr-82 Co-57 Co-60 Cs-137 Ba-137m Cr-51 Cu-60 Cu-62 Tb-152 Lu-177m Re-186 "
    "W-188 Ra-224 Th-227 P-32 Xe-133 Kr-81m Rb-81"
).split()
#: Longer half-lives count as stable [s]: 1e9 years.
STABLE_S = 1e9 * 365.2422 * 86400
LEAST_LINE_MEV, LEAST_YIELD = 0.010, 1e-4
BINS_PER_DECADE = 6
BETA_BINS = 12
UNITS = {"μs": 1e-6, "ms": 1e-3, "s": "s", "m": "min", "h": "h", "d": "d"}
Pairs = list[tuple[float, float]]


def chain(names: Iterable[str]) -> list[str]:
    """The nuclides and all their radioactive progeny, parents first."""
    found: dict[str, None] = dict.fromkeys(names)
    for name in (queue := list(found)):
        for child in radioactivedecay.Nuclide(name).progeny():
            if "-" in child and child not in found and _decays(child):
                found[child] = None
                queue.append(child)
    return list(found)


def _decays(name: str) -> bool:
    return float(radioactivedecay.Nuclide(name).half_life("s")) < STABLE_S


def emitted(name: str) -> dict[str, Any]:
    """ICRP-107's emissions of a nuclide: radiation -> pairs of energy [MeV] and number per decay."""
    text = files("icrp107_database").joinpath(f"icrp107/{name}.json").read_text(encoding="utf-8")
    data = json.loads(text)
    return dict((json.loads(data) if isinstance(data, str) else data)["emissions"])


def numbers(name: str) -> Iterator[Sequence[object]]:
    """Rows of nuclides.csv."""
    nuclide = radioactivedecay.Nuclide(name)
    data = emitted(name)
    value, unit, note = _half_life(nuclide)
    yield (f"{name}.half_life", value, unit, "", "", "icrp107; radioactivedecay", "measured", note)
    positrons = _number(math.fsum(number for _, number in data["beta+"]))
    yield (f"{name}.positron_branching", positrons, "1", 0, 1, "icrp107", "measured", "")
    shares = [pair for pair in zip(nuclide.progeny(), nuclide.branching_fractions(), strict=True) if "-" in pair[0]]
    progeny = "; ".join(f"{child} {_number(share)}" for child, share in shares)
    yield (f"{name}.progeny", progeny, "text", "", "", "icrp107; radioactivedecay", "measured", "")


def _half_life(nuclide: Any) -> tuple[str, str, str]:
    """Value and unit as printed; years in seconds, because ICRP's year is not ours."""
    value, unit = str(nuclide.half_life("readable")).split()
    known = UNITS.get(unit)
    if isinstance(known, str):
        return value, known, ""
    if known is not None:
        return f"{float(value) * known:.4g}", "s", f"printed as {value} {unit}"
    return _number(float(nuclide.half_life("s")), 7), "s", f"printed as {value} {unit}; year of 365.2422 d"


def emissions(name: str) -> Iterator[Sequence[object]]:
    """Rows of emissions.csv: nuclide, radiation, energy [keV], number per decay, how known."""
    data = emitted(name)
    for radiation in ("gamma", "X", "annihilation"):
        strong = [pair for pair in data[radiation] if pair[0] >= LEAST_LINE_MEV and pair[1] >= LEAST_YIELD]
        yield from _rows(name, {"X": "x"}.get(radiation, radiation), strong, "measured")
    soft = [pair for pair in data["gamma"] + data["X"] if pair[0] < LEAST_LINE_MEV]
    yield from _rows(name, "soft_photon", gathered(soft), "derived")
    yield from _betas(name, data)
    yield from _rows(name, "electron", gathered(data["auger"] + data["IE"]), "derived")
    for radiation, listed in (("alpha", "alpha"), ("recoil", "alpha recoil")):
        yield from _rows(name, radiation, _one(data[listed]), "derived")


def _betas(name: str, data: dict[str, Any]) -> Iterator[Sequence[object]]:
    """The spectrum of all beta particles in bins; ICRP gives one of both signs together, where there are both."""
    signs = [sign for sign in ("beta-", "beta+") if data[sign]]
    branches = data["beta-"] + data["beta+"]
    if data["b-spectra"] and branches:
        yield from _rows(name, signs[0] if len(signs) == 1 else "beta", binned(data["b-spectra"], branches), "derived")


def binned(spectrum: Pairs, branches: Pairs) -> Pairs:
    """A spectrum [MeV, per MeV] as BETA_BINS groups of one width that keep number and energy of the branches."""
    total = math.fsum(number for _, number in branches)
    energy = math.fsum(e * number for e, number in branches)
    fine = [((a + b) / 2, (f + g) / 2 * (b - a)) for (a, f), (b, g) in pairwise(map(tuple, spectrum))]
    width = spectrum[-1][0] / BETA_BINS
    groups: dict[int, Pairs] = {}
    for pair in fine:
        groups.setdefault(min(BETA_BINS - 1, int(pair[0] / width)), []).append(pair)
    coarse = [pair for group in groups.values() for pair in _one(group)]
    number, moment = math.fsum(n for _, n in coarse), math.fsum(e * n for e, n in coarse)
    return [(e * energy / total / (moment / number), n * total / number) for e, n in coarse]


def gathered(pairs: Iterable[Sequence[float]]) -> Pairs:
    """Lines in bins of the logarithm of energy; each keeps its number and energy, and energies below 10 eV are one."""
    groups: dict[int, Pairs] = {}
    for energy, number in pairs:
        groups.setdefault(math.floor(BINS_PER_DECADE * math.log10(max(energy, 1e-5))), []).append((energy, number))
    return [pair for _, group in sorted(groups.items()) for pair in _one(group) if pair[0] * pair[1] > 1e-7]


def _one(pairs: Iterable[Sequence[float]]) -> Pairs:
    """All as one of their mean energy."""
    whole = list(pairs)
    number = math.fsum(n for _, n in whole)
    return [(math.fsum(e * n for e, n in whole) / number, number)] if number > 0 else []


def _rows(name: str, radiation: str, pairs: Iterable[Sequence[float]], kind: str) -> Iterator[Sequence[object]]:
    for energy, number in pairs:
        yield (name, radiation, _number(1e3 * energy), _number(number), kind, "icrp107")


def _number(value: float, digits: int = 5) -> str:
    return f"{value:.{digits}g}"


def main() -> None:
    names = chain(ASKED)
    write(
        "nuclides.csv",
        "name,value,unit,low,high,source,kind,note".split(","),
        (row for name in names for row in numbers(name)),
    )
    header = "nuclide,radiation,energy_kev,per_decay,kind,source"
    write("emissions.csv", header.split(","), (row for name in names for row in emissions(name)))


if __name__ == "__main__":
    main()
