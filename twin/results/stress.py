"""The checklist STRESS-DES v1.0 (Monks et al. 2019, doi 10.1080/17477778.2018.1442155), answered by the run itself."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from twin import __version__
from twin.results.run import Facts

#: So many names are said one by one.
MANY = 12


def stress_facts(
    scenario: Mapping[str, Any],
    facts: Facts,
    seed: int,
    replication: int,
    sources: Collection[Any] = (),
    assumed: Collection[Any] = (),
) -> dict[str, str]:
    """Answers to all items of the checklist that follow from a run.

    Parameters
    ----------
    scenario : mapping
        As resolved.
    facts : Facts
    seed, replication : int
    sources, assumed : collection
        Sources that the run used, and assumed numbers that it leans on.
    """
    return {
        "1.1 purpose": str(scenario.get("question") or "not stated in the scenario"),
        "1.2 outputs": "figures in kpis.json, defined by twin list kpis; tables from the event log",
        "1.3 experimentation": "none: one run, which proves nothing by itself",
        "2.1 diagram": "scenario -> plans -> clock -> event log -> figures; key effects has the steps of each plan",
        "2.2 base logic": "plans of steps played by a clock of discrete events; a step gets all it needs, or waits",
        "2.3 scenario logic": f"{scenario.get('name')}: key scenario, as resolved",
        "2.4 algorithms": "docs/model.md; slots by the booking rule, luck by inverse transform of addressed numbers",
        "2.5.1 entities": _entities(scenario, facts),
        "2.5.2 activities": _listed(f"{name} ({len(plan.steps)} steps)" for name, plan in facts.plans.items()),
        "2.5.3 resources": _resources(facts),
        "2.5.4 queues": "by priority, waiting since, name; who waits too long leaves with a reason (policies)",
        "2.5.5 entry and exit": _arrivals(scenario),
        "3.1 data sources": f"{len(sources)} sources (key sources), numbers in the package's tables",
        "3.2 pre-processing": "none in a run; how a derived number was derived stands in the note of its row",
        "3.3 input parameters": _inputs(scenario),
        "3.4 assumptions": f"{len(assumed)} assumed numbers (key assumed), each with the range in which it may lie",
        "4.1 initialisation": _initialisation(facts),
        "4.2 run length": f"{facts.horizon_s / 86400.0:g} d from {facts.start}",
        "4.3 estimation": f"one replication, number {replication}",
        "5.1 software": f"twin {__version__}, Python {sys.version_info.major}.{sys.version_info.minor}, SimPy",
        "5.2 random sampling": (
            f"Philox 4x32-10, seed {seed}; a number's address is what it is for, whom it meets and how often "
            "before, so that scenarios share their luck name by name"
        ),
        "5.3 model execution": "events in order of time; all grants of an instant are made together at its end",
        "5.4 system": "keys versions, host and clock",
        "6.1 code": "preclinical-twin, MIT licence",
    }


def _listed(names: Iterable[str]) -> str:
    """Names one by one, or how many more."""
    known = list(names)
    more = [f"{len(known) - MANY} more"] if len(known) > MANY else []
    return ", ".join([*known[:MANY], *more]) or "none"


def _entities(scenario: Mapping[str, Any], facts: Facts) -> str:
    studies = _listed(
        f"{name} ({facts.animals[name].species})" if name in facts.animals else name
        for name in scenario.get("studies") or ()
    )
    return f"visits of animals of the studies {studies}; vials ({len(facts.reference_s)})"


def _resources(facts: Facts) -> str:
    roles = Counter(person.role for person in facts.people.values())
    people = _listed(f"{count} {role}" for role, count in roles.items())
    scanners = _listed(f"{name} ({len(one.beds)} beds)" for name, one in facts.scanners.items())
    rooms = _listed(
        name if one.places is None else f"{name} ({one.places} places)" for name, one in facts.rooms.items()
    )
    return f"people: {people}; scanners: {scanners}; rooms: {rooms}"


def _arrivals(scenario: Mapping[str, Any]) -> str:
    """How each study asks for its visits."""
    ways = []
    for name, study in (scenario.get("studies") or {}).items():
        said = study.get("arrival") if isinstance(study, Mapping) else None
        way = " and ".join(said) if isinstance(said, Mapping) and said else str(said or "as its file says")
        ways.append(f"{name}: {way}")
    return f"requested by study ({_listed(ways)}); each visit ends once, with a status and a reason"


def _inputs(scenario: Mapping[str, Any]) -> str:
    own = scenario.get("numbers") or {}
    return "key scenario; tables of the package" + (f", of which {_listed(own)} is overridden" if own else "")


def _initialisation(facts: Facts) -> str:
    stores = "; stores of waste hold what they say (waste: at_start, filled)" if facts.stores else ""
    return f"terminating; in the state that the scenario describes at {facts.start}{stores}; no warm-up is left out"
