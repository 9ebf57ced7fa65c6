"""What the house does by itself and without animals: rooms are decontaminated and cleaned up."""

from __future__ import annotations

from dataclasses import replace

from twin.distributions import Constant
from twin.plan import Plan, Repeat, Sequence, Step
from twin.scenario.site import Site
from twin.scenario.site_hygiene import CAGED

#: Before the names of these plans, as that of a scanner stands before those of its upkeep.
DECONTAMINATION, CONTAMINATION, SPILL = "decontamination", "contamination", "spill"
#: The pool of those who wait until a room is clean enough, empty or open.
POOL = "hygiene:"
#: How often what was spilt is cleaned at the most.
_CLEANINGS = 20


def house_plans(site: Site) -> dict[str, Plan]:
    """All of these plans by their names."""
    own = site.hygiene
    plans = [_decontamination(site, room) for room in site.rooms] if own.status else []
    plans += [_clean_up(site, name) for name in own.contaminations]
    plans += [
        replace(_clean_up(site, name), name=f"{CONTAMINATION}/{name}/{room.name}")
        for name, said in own.contaminations.items()
        for room in site.rooms.values()
        if said.spread is not None and room.name != said.room and room.kind not in CAGED
    ]
    plans += [] if site.dose.spills is None else [_spill(site, room) for room in site.rooms]
    return {plan.name: plan for plan in plans}


def _decontamination(site: Site, room: str) -> Plan:
    """One person makes a room fit for cleaner animals."""
    duration = site.hygiene.decontamination
    step = Step("decontaminate", "cleaning", duration, people=(("cleaning",),), effect="decontaminate")
    return Plan(f"{DECONTAMINATION}/{room}", step)


def _clean_up(site: Site, name: str) -> Plan:
    """One person cleans up, then samples are waited for."""
    said = site.hygiene.contaminations[name]
    work = Step("clean_up", "cleaning", said.clean_up, people=(("cleaning",),))
    wait = Step("await_results", "other_service", said.closed, effect="decontaminate")
    return Plan(f"{CONTAMINATION}/{name}", Sequence((work, wait)))


def _spill(site: Site, room: str) -> Plan:
    """One person takes off what was spilt and wipes, until the room may be used."""
    said = site.dose.spills
    assert said is not None
    work = Step(
        "clean_spill", "radiation_safety", said.clean_up, people=((said.skill,),), exposure="spill", effect="wipe"
    )
    done = Step("open_room", "radiation_safety", Constant(0.0), effect="decontaminate")
    return Plan(f"{SPILL}/{room}", Sequence((Repeat(work, _CLEANINGS, "wipe", "contaminated"), done)))
