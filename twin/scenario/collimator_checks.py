"""Collimators that let too much of a nuclide's photons through their walls or edges."""

from __future__ import annotations

from collections.abc import Iterator

from twin.errors import DataError, Problem
from twin.physics import collimators, spect
from twin.physics.decay import positron_branching
from twin.plan import steps
from twin.scenario.checking import Checked
from twin.scenario.housing import labelled_with
from twin.scenario.site_machines import Scanner
from twin.sources import Numbers


def warnings(checked: Checked) -> Iterator[Problem]:
    """Of what a study's animals hold when they are scanned; positrons are for the PET of a machine that has one."""
    for study in checked.scenario.studies:
        played = [name for name in checked.protocols_of(study) if name in checked.plans]
        held = {labelled_with(checked.resolved, name): None for name in played}
        for protocol in played:
            for group, scanner in _cameras(checked, protocol).items():
                told = (_thin(checked.resolved.numbers, scanner, nuclide) for nuclide in held if nuclide)
                for message in filter(None, told):
                    yield checked.resolved.problem(
                        ("scanners", group, "collimator"), f"{message} (study {study})", None
                    )


def _cameras(checked: Checked, protocol: str) -> dict[str, Scanner]:
    """Machines with a collimator that a protocol uses, by group."""
    names = {name for step in steps(checked.plans[protocol].body) for name in step.scanner}
    used = [checked.scanners[name] for name in sorted(names) if name in checked.scanners]
    return {one.group: one for one in used if one.collimator is not None}


def _thin(numbers: Numbers, scanner: Scanner, nuclide: str) -> str | None:
    """What is wrong with a machine's collimator for a nuclide; None: nothing."""
    if scanner.collimator is None or ("pet" in scanner.modality.lower() and positron_branching(numbers, nuclide) > 0.0):
        return None
    one = collimators.collimator(numbers, scanner.collimator)
    try:
        energies_kev = [energy_kev for group in spect.lines(numbers, nuclide) for energy_kev, _ in group]
    except DataError:
        return None
    told = (one.warning(energy_kev) for energy_kev in energies_kev)
    return next((f"{nuclide}: {message}" for message in told if message is not None), None)
