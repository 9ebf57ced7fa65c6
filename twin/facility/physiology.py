"""The bodies of animals: temperature asleep and awake, advanced only when something changes, in closed form.

An animal's course is four numbers (balance and rate, what its core is warmer than its mean and how fast that goes) from
a moment on. They change when it falls asleep, when it is laid
elsewhere, when it wakes. What decisions need of it is here: how long it takes to wake, whether it is warm enough to be
anaesthetised again, whether it dies. Everything else is computed from the log, which has its temperature wherever it
changed.
"""

from __future__ import annotations

from math import exp, inf, log
from typing import TYPE_CHECKING

import numpy as np

from twin.animals.sleep import STEP_S
from twin.animals.temperature import Course
from twin.animals.warmth import after_degc
from twin.distributions import tick
from twin.facility import player
from twin.facility.log import QUANTITIES
from twin.facility.program import Op
from twin.facility.state import AnimalState, Session

if TYPE_CHECKING:
    from twin.animals.risk import Risk
    from twin.animals.warmth import Heater
    from twin.facility.roster import Worker
    from twin.facility.world import World
    from twin.scenario.site import Site
    from twin.scenario.site_animals import Physiology

_TEMPERATURE = QUANTITIES.index("temperature_c")
#: Warmer than the threshold by this, so that a rounded moment does not wait again [K].
_MARGIN_K = 1e-6
#: Where sleeping animals lie on what the scanner room has.
_SCANNER = "scanner"


def temperature_degc(world: World, state: AnimalState, normal_degc: float) -> float:
    """Temperature of an animal now [degC]."""
    if state.temperature_degc is None:
        return normal_degc
    since_s = world.clock.moment_s - state.since_s
    course = state.balance_degc, state.rate_per_s, since_s, state.shell_k, state.mixing_per_s
    return after_degc(state.temperature_degc, *course)


def beneath(site: Site) -> dict[str, tuple[float, Heater]]:
    """The air [degC] around who sleeps in each room, and the heater beneath; "" is none of them."""
    usual = site.policies.warming
    heated = {
        name: site.policies.warming_scanner if room.kind == _SCANNER else usual for name, room in site.rooms.items()
    }
    return {"": (22.0, usual)} | {name: (site.rooms[name].temperature_degc, heater) for name, heater in heated.items()}


def laid(world: World, session: Session, op: Op, first: int) -> None:
    """A step begins that anaesthetises animals or takes them elsewhere: they cool from now on as they lie there.

    ``first`` is where the step's parts begin in the log: its animals come first.
    """
    known, asleep = session.physiology, session.asleep
    if known is None:
        return
    for place, i in enumerate(session.scope(op.who)):
        if asleep[i]:
            degc = _lie(world, session, known, i)
            if degc is not None:
                world.log.tell(first + place, _TEMPERATURE, degc)


def _lie(world: World, session: Session, own: Physiology, i: int) -> float | None:
    """A sleeping animal lies where it lies now; its temperature, or None if nothing has changed [degC]."""
    state, room = session.animals[i], session.room[i]
    if room is None and session.scanner is not None:
        room = world.machines.all[session.scanner].room
    if state.lies == (where := room or ""):
        return None
    warm, mass_kg = own.warmth, session.visits[i].mass_kg
    degc = temperature_degc(world, state, warm.normal_degc)
    if state.lies is None:
        state.shell_k, state.mixing_per_s = warm.redistribution(mass_kg)
        state.cleared_s = 0.0
    else:
        state.cleared_s = _cleared_s(world, state, own.risks.get(session.plan))
        state.shell_k *= exp(-state.mixing_per_s * (world.clock.moment_s - state.since_s))
    state.balance_degc, state.rate_per_s = warm.asleep(mass_kg, *world.lying[where])
    state.temperature_degc, state.since_s, state.lies = degc, world.clock.moment_s, where
    return degc


def sleeping(world: World, session: Session, places: list[int]) -> dict[int, float]:
    """Temperature of those at these places of a session who are anaesthetised now [degC]."""
    known, animals, asleep = session.physiology, session.animals, session.asleep
    if known is None:
        return {}
    normal_degc = known.warmth.normal_degc
    return {i: temperature_degc(world, animals[i], normal_degc) for i in places if asleep[i]}


def woken(world: World, session: Session, i: int, degc: float) -> None:
    """An animal of this temperature wakes: it warms itself from now on."""
    assert session.physiology is not None
    state, warm = session.animals[i], session.physiology.warmth
    state.temperature_degc, state.since_s, state.lies = degc, world.clock.moment_s, None
    state.balance_degc, state.rate_per_s, state.shell_k = warm.normal_degc, warm.rewarming_per_s, 0.0


def risk(session: Session) -> Risk | None:
    """What cold does to the animals of a session."""
    return None if session.physiology is None else session.physiology.risks.get(session.plan)


def _course(state: AnimalState) -> tuple[Course, float]:
    """The course of a sleeping animal since it was laid where it lies, and how warm it was then."""
    assert state.temperature_degc is not None
    return Course(state.balance_degc, state.rate_per_s, state.shell_k, state.mixing_per_s), state.temperature_degc


def _cleared_s(world: World, state: AnimalState, known: Risk | None) -> float:
    """How much of an injected anaesthetic a sleeping animal has broken down, as the time that a warm one takes [s]."""
    if known is None or known.injected is None or state.temperature_degc is None:
        return 0.0
    course, start = _course(state)
    length_s = world.clock.moment_s - state.since_s
    times = np.linspace(0.0, length_s, 2 + int(length_s / STEP_S))
    return state.cleared_s + float(known.injected.cleared_s(course.at(start, times), times)[-1])


def _sleeps_s(world: World, state: AnimalState, known: Risk) -> float:
    """How long a sleeping animal that was injected goes on sleeping [s]; 0 after a gas."""
    if known.injected is None or state.temperature_degc is None:
        return 0.0
    course, start = _course(state)
    lies_s = world.clock.moment_s - state.since_s
    return known.injected.until_awake_s(lambda times: course.at(start, lies_s + times), _cleared_s(world, state, known))


def waking_s(world: World, session: Session, op: Op, _people: list[Worker], usual_s: float) -> float:
    """How long animals take to wake: longer, the colder they are, and until what was injected has gone [s]."""
    known = risk(session)
    who = [i for i in session.scope(op.who) if session.asleep[i]]
    if known is None or not who:
        return usual_s
    if known.injected is not None:
        return tick(max([usual_s, *(_sleeps_s(world, session.animals[i], known) for i in who)]))
    normal = known.normal_degc
    coldest = min([temperature_degc(world, session.animals[i], normal) for i in who])
    slower = known.slower(coldest)
    return usual_s if slower == 1.0 else tick(usual_s * slower)


def dies(world: World, session: Session, degc: float, number: float) -> bool:
    """Whether this anaesthesia kills an animal of that temperature, by its luck; asked before it is woken."""
    known = risk(session)
    return number < (world.site.injection.mortality_per_anaesthesia if known is None else known.dies(degc))


def rests(world: World, session: Session, op: Op) -> bool:
    """Whether an animal is too cold to be anaesthetised now; then the step is begun when it is not any more."""
    until_s = -inf
    for i in session.scope(op.who):
        state = session.animals[i]
        if state.temperature_degc is not None and session.present[i] and not session.asleep[i]:
            until_s = max(until_s, _warm_s(world, session, i, state))
    if until_s <= world.clock.moment_s:
        return False
    session.resting[op.index] = until_s
    world.clock.at(until_s, "rested", session.name, op.index, until_s)
    return True


def _warm_s(world: World, session: Session, i: int, state: AnimalState) -> float:
    """When an awake animal is no longer hypothermic, told in the log if that is later [s]."""
    assert session.physiology is not None
    warm = session.physiology.warmth
    now, degc = world.clock.moment_s, temperature_degc(world, state, warm.normal_degc)
    if degc >= warm.cold_degc or not world.site.policies.waits_until_warm or warm.ectotherm:
        return -inf
    gap = warm.normal_degc - warm.cold_degc - _MARGIN_K
    until_s = tick(now + log((warm.normal_degc - degc) / gap) / warm.rewarming_per_s) + tick(1e-3)
    world.happenings.to_animal("too_cold", session, i, None, {"temperature_c": degc, "moment_s": until_s})
    return until_s


def rested(world: World, name: str, index: int, until_s: float) -> None:
    """The time for which a step was put off is over: its session goes on, unless it has been given up."""
    session = world.sessions.get(name)
    if session is not None and session.resting.get(index) == until_s:
        del session.resting[index]
        player.advance(world, session, index)
