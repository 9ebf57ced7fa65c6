"""Animals that do not fit into the bore of their scanner."""

from __future__ import annotations

from collections.abc import Iterator

from twin import units
from twin.animals import species
from twin.errors import Problem
from twin.plan import steps
from twin.scanners import catalogue, fit
from twin.scenario import studies
from twin.scenario.capacity_checks import most_animals
from twin.scenario.checking import Checked

#: Modalities whose machines have a bore.
BORED = frozenset(("pet", "spect", "ct", "mri"))


def bores(checked: Checked) -> Iterator[Problem]:
    """Every animal, and all of a bed side by side, fit into each scanner that serves."""
    numbers, told = checked.resolved.numbers, set[tuple[str, str]]()
    for name, said in checked.scenario.studies.items():
        if said.species not in species.names(numbers):
            continue
        mass_kg = studies.mass_kg(checked.resolved, said)
        for protocol, scanner in _pairs(checked, name):
            bore_m, number = _bore_m(checked, scanner), most_animals(checked, name, protocol)
            needed_m = fit.needed_m(numbers, mass_kg, number)
            if bore_m is not None and needed_m > bore_m and (name, scanner) not in told:
                told.add((name, scanner))
                yield _too_wide(checked, name, scanner, number, needed_m, bore_m)


def _pairs(checked: Checked, study: str) -> Iterator[tuple[str, str]]:
    """Each protocol of a study that has a plan, with each group of scanners that may serve it."""
    for protocol in checked.protocols_of(study):
        plan = checked.plans.get(protocol)
        names = dict.fromkeys(name for step in steps(plan.body) for name in step.scanner) if plan else {}
        for group in dict.fromkeys(checked.scanners[name].group for name in names):
            yield protocol, group


def _bore_m(checked: Checked, group: str) -> float | None:
    """As the scanner says, else its own ring, else as the catalogue has it: the bore, or the ring, which is wider.

    Of a machine with a bore that nobody knows, that of the widest small-animal machine: a pig fits into none of them.
    """
    said, numbers = checked.scenario.scanners[group], checked.resolved.numbers
    if said.bore is None and said.geometry is not None:
        return float(said.geometry.ring_diameter)
    if said.bore is not None:
        return float(said.bore)
    machine = catalogue.machine(numbers, said.model) if said.model in catalogue.names(numbers) else None
    known = None if machine is None else machine.bore_diameter_m or machine.ring_diameter_m
    modality = next(scanner.modality for scanner in checked.scanners.values() if scanner.group == group)
    return known if known or not BORED & {*modality.split("_")} else numbers.value("beds.bore.unknown")


def _too_wide(checked: Checked, study: str, group: str, number: int, needed_m: float, bore_m: float) -> Problem:
    said = checked.scenario.studies[study]
    mass = units.fmt(studies.mass_kg(checked.resolved, said), "kg")
    need, has = (units.fmt(value, "m") for value in (needed_m, bore_m))
    one, several = f"a {said.species} of {mass} does", f"{number} animals ({said.species}, {mass}) side by side do"
    who = one if number == 1 else several
    message = f"{who} not fit into the bore of {group}: they need {need}, and it has {has}; "
    message += "give its `bore`, another `model`, or a smaller `hotel`"
    return checked.resolved.problem(("studies", study, "species"), message, said.species)
