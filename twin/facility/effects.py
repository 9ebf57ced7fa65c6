"""What a step does to the world: one function an effect, written to the log as happenings."""

from __future__ import annotations

from collections.abc import Callable
from math import exp
from typing import TYPE_CHECKING

from scipy.special import ndtri

from twin.animals.injection import outcome_at
from twin.animals.species import volume_verdict
from twin.facility import attendance, hot_lab, imaging, physiology
from twin.facility.clock import Running
from twin.facility.happenings import NOTHING, Known, Thing
from twin.facility.hot_lab import Stock
from twin.facility.program import Op
from twin.facility.state import Session, Syringe
from twin.facility.upkeep import FAILED

if TYPE_CHECKING:
    from twin.facility.world import World


def outcome_of(session: Session, name: str, who: int | None) -> str | None:
    """An outcome of the animal, or of the session: its own, or one that all its animals share."""
    if who is not None and name in session.outcomes[who]:
        return session.outcomes[who][name]
    if who is None and name not in session.shared_outcomes:
        values = {session.outcomes[i].get(name) for i in session.there()}
        return values.pop() if len(values) == 1 else None
    return session.shared_outcomes.get(name)


def outcome_drawn(world: World, session: Session, op: Op, running: Running) -> None:
    """The outcome of a step that ended, by luck."""
    assert op.drawn is not None
    value = outcome_at(world.draws.of(session, op, "outcome"), dict(op.drawn.probabilities))
    target = session.shared_outcomes if op.who is None else session.outcomes[op.who]
    target[op.drawn.name] = value


def _fast(world: World, session: Session, op: Op, running: Running) -> None:
    for i in session.scope(op.who):
        session.fasting[i] = True
        world.happenings.to_animal("fasting_start", session, i, None, NOTHING)


def feed(world: World, session: Session, op: Op) -> None:
    """Food is given back."""
    for i in session.scope(op.who):
        end_fasting(world, session, i)


def end_fasting(world: World, session: Session, i: int) -> None:
    """One animal fasts no longer, if its food was taken away: it is given back, or the animal is dead."""
    if session.fasting[i]:
        session.fasting[i] = False
        world.happenings.to_animal("fasting_end", session, i, None, NOTHING)


def _wake(world: World, session: Session, op: Op, running: Running) -> None:
    who = physiology.sleeping(world, session, session.scope(op.who))
    died = [i for i in who if physiology.dies(world, session, who[i], world.draws.of(session, op, "death", i))]
    for i, degc in who.items():
        world.happenings.to_animal("animal_awake", session, i, None, {"temperature_c": degc})
    attendance.wake(world, session, who)
    for i in died:
        session.animals[i].alive = False
        world.sessions_end.leave(session, i, "animal_dead", None)


def _home(world: World, session: Session, op: Op, running: Running) -> None:
    for i in session.scope(op.who):
        world.rooms.leave(session.room[i])
        world.licence.move(session, i, None)
        world.nearby.moves(session, i, None)
        session.room[i] = None
        world.radioactive.home(session, i)


def _exclude(world: World, session: Session, op: Op, running: Running) -> None:
    for i in session.scope(op.who):
        outcome = session.outcomes[i].get("injection", "")
        reason = "paravenous" if outcome.startswith("paravenous") else outcome or "unfinished"
        world.sessions_end.leave(session, i, "visit_incomplete", reason)


def _kill(world: World, session: Session, op: Op, running: Running) -> None:
    for i in session.scope(op.who):
        session.animals[i].alive = False
        session.outcomes[i]["killed"] = "yes"
        session.committed = True
        end_fasting(world, session, i)
        if session.asleep[i]:
            attendance.wake(world, session, physiology.sleeping(world, session, [i]))


def _part_scan(world: World, session: Session, op: Op, running: Running) -> None:
    imaging.judge(world, session, op)


def _scan(world: World, session: Session, op: Op, running: Running) -> None:
    imaging.judge(world, session, op)
    session.shared_outcomes["scan"] = "done"
    for i in session.scope(op.who):
        session.outcomes[i]["scan"] = "done"


def _calibrate(world: World, session: Session, op: Op, running: Running) -> None:
    scanner = op.step.scanner[0]  # type: ignore[union-attr]
    if op.drawn is not None and session.shared_outcomes[op.drawn.name] == FAILED:
        world.happenings.to_scanner("check_failed", scanner)
    else:
        world.upkeep.passed(scanner, session.plan.partition("/")[2])


def _certify(world: World, session: Session, op: Op, running: Running) -> None:
    world.standing.certify(session)


def _revalidate(world: World, session: Session, op: Op, running: Running) -> None:
    world.upkeep.checks_after_work(op.step.scanner[0])  # type: ignore[union-attr]


def _repair(world: World, session: Session, op: Op, running: Running) -> None:
    world.upkeep.repaired(op.step.scanner[0])  # type: ignore[union-attr]


def offer(world: World, session: Session, op: Op) -> Stock | None:
    """The vial for the syringes of a step, if one has enough."""
    draw = op.need.draw  # type: ignore[union-attr]
    assert draw is not None
    now = world.clock.moment_s
    if not session.visits:
        return world.hot_lab.offer(draw.tracer, draw.activity_bq, now, now)
    wanted = op.wanted_bq * len(session.scope(op.who))
    found = world.hot_lab.offer(draw.tracer, wanted, now, now + op.inject_lead_s)
    if found is not None or world.site.policies.late_delivery != "scale":
        return found
    most = world.hot_lab.most(draw.tracer, now, now + op.inject_lead_s)
    enough = most is not None and most.activity_bq >= world.site.policies.least_activity * wanted
    return most if enough else None


def wanted_bq(world: World, op: Op) -> float:
    """Activity to draw now, so that what is prescribed is injected at the planned time [Bq]."""
    draw = op.need.draw  # type: ignore[union-attr]
    assert draw is not None
    decay = world.decay_of_tracer(draw.tracer)
    needed = hot_lab.needed_now(decay, op.inject_lead_s)
    return draw.activity_bq * needed / (1.0 - world.site.injection.residual.mean)


def draw(world: World, session: Session, op: Op, stock: Stock) -> None:
    """Activity goes from a vial into the syringe of each animal that the step is for, or into a preparation."""
    if not session.visits:
        world.radiopharmacy.take(session, op, stock)
        return
    animals = session.scope(op.who)
    share = min(1.0, stock.activity_bq / (op.wanted_bq * len(animals))) if animals else 1.0
    for i in animals:
        stock = world.hot_lab.now(stock, world.clock.moment_s)
        wanted = min(share * _drawn_bq(world, session, op, i), stock.activity_bq)
        refused = _refusal(world, session, op, i, stock, wanted)
        if refused:
            session.outcomes[i]["refused"] = refused
            continue
        name = f"syringe/{session.visits[i].name}"
        syringe = world.hot_lab.draw(stock, wanted, name, world.clock.moment_s)
        world.sessions_end.waste_syringe(session, i)
        session.syringes[i] = syringe
        vial = {"activity_bq": wanted, "volume_m3": syringe.volume_m3}
        nuclide: Thing = ("nuclide", syringe.nuclide, NOTHING)
        content: Thing = ("syringe", syringe.name, _content(syringe))
        world.happenings.to_animal("drawn", session, i, None, None, ("vial", stock.name, vial), content, nuclide)
        world.licence.syringe(session, i, syringe)
        world.nearby.in_hot_lab(syringe.nuclide, -wanted)


def _drawn_bq(world: World, session: Session, op: Op, i: int) -> float:
    """What is really drawn scatters about what is wanted."""
    error = world.site.injection.draw_cv * float(ndtri(world.draws.of(session, op, "draw_accuracy", i)))
    return op.wanted_bq * max(0.1, 1.0 + error)


def _content(syringe: Syringe) -> Known:
    amounts = {} if syringe.amount_mol is None else {"amount_mol": syringe.amount_mol}
    return {"activity_bq": syringe.activity_bq, "volume_m3": syringe.volume_m3} | amounts


def _refusal(world: World, session: Session, op: Op, i: int, stock: Stock, wanted_bq: float) -> str | None:
    """Why this syringe may not be injected: its volume or its mass passes the authorised limit."""
    visit = session.visits[i]
    study = world.site.studies[visit.study]
    protocol = world.site.protocols[session.plan]
    volume = injected_volume(world, op, hot_lab.drawn_volume_m3(stock, wanted_bq)) / visit.mass_kg
    most = study.volume_limit_m3_per_kg(protocol)
    verdict = volume_verdict(volume, most if protocol.infused else study.volumes.good_practice, most)
    if verdict == "refuse":
        return "volume_limit"
    if verdict == "warn":
        world.happenings.to_animal("volume_warning", session, i, None, {"volume_m3": volume * visit.mass_kg})
    limit = protocol.mass_limit_mol_per_kg
    if limit is None or stock.amount_mol is None:
        return None
    return "mass_limit" if stock.amount_mol * wanted_bq / stock.activity_bq > limit * visit.mass_kg else None


def injected_volume(world: World, op: Op, drawn_m3: float) -> float:
    """Drawn volume less the least residual, plus flush, catheter and contrast: the most that it can be [m3]."""
    draw = op.need.draw  # type: ignore[union-attr]
    assert draw is not None
    return hot_lab.injected_volume_m3(drawn_m3, max(0.0, world.site.injection.residual.support[0]), draw)


def _after_draw(world: World, session: Session, op: Op, running: Running) -> None:
    """An animal whose syringe was refused leaves before anything is done to it."""
    for i in session.scope(op.who):
        refused = session.outcomes[i].pop("refused", None)
        if refused:
            world.sessions_end.leave(session, i, "visit_cancelled", refused)
        else:
            world.spills.perhaps("drawing", session, op, running, i)


def _inject(world: World, session: Session, op: Op, running: Running) -> None:
    for i in session.scope(op.who):
        if _is_too_late(world, session, i):
            session.outcomes[i]["injection"] = "not_injected"
            continue
        level = _level(world, op, running)
        outcome = "good"
        if level is not None:
            outcome = outcome_at(world.draws.of(session, op, "injection", i), world.outcomes[level])
        session.outcomes[i]["injection"] = outcome
        if outcome == "not_injected":
            things = [("person", worker.name, NOTHING) for worker in running.people[:1]]
            world.happenings.to_animal("injection_failed", session, i, outcome, NOTHING, *things)
        else:
            _into_animal(world, session, op, running, i, outcome)


def _give(world: World, session: Session, op: Op, running: Running) -> None:
    """What has no label goes into an animal that has a tracer, of which nothing changes."""
    agent, level = op.step.agent, _level(world, op, running)  # type: ignore[union-attr]
    assert agent is not None
    for i in session.scope(op.who):
        outcome = "good"
        if level is not None:
            outcome = outcome_at(world.draws.of(session, op, "injection", i), world.outcomes[level])
        session.outcomes[i]["agent"] = outcome
        things: list[Thing] = [("tracer", agent.name, NOTHING)]
        things += [("person", worker.name, NOTHING) for worker in running.people[:1]]
        given = 0.0 if outcome == "not_injected" else agent.volume_m3_per_kg * session.visits[i].mass_kg
        world.happenings.to_animal("agent_given", session, i, outcome, {"volume_m3": given}, *things)


def _level(world: World, op: Op, running: Running) -> str | None:
    """What decides how the injection goes: the hand of who injects into a vein, else the way that is taken."""
    level = _hand(world, op, running)
    route = op.step.route  # type: ignore[union-attr]
    return level if level in (None, "never_fails") or route == "iv" else route


def _hand(world: World, op: Op, running: Running) -> str | None:
    return world.standing.level(running.people[0], op, running.people) if running.people else None


def _is_too_late(world: World, session: Session, i: int) -> bool:
    """Whether the syringe has expired: then it is waste, and nothing is injected."""
    syringe = session.syringes[i]
    if syringe is not None:
        session.outcomes[i].pop("late", None)
        if world.clock.moment_s > syringe.expiry_s:
            world.sessions_end.waste_syringe(session, i)
            session.outcomes[i]["late"] = "yes"
            session.whole = False
    return "late" in session.outcomes[i]


def has_nothing_to_inject(session: Session, op: Op) -> bool:
    """Whether the syringes for a step have expired, so that another attempt would be for nothing."""
    if op.effect != "inject":
        return False
    return all(session.syringes[i] is None and "late" in session.outcomes[i] for i in session.scope(op.who))


def _into_animal(world: World, session: Session, op: Op, running: Running, i: int, outcome: str) -> None:
    """The syringe's activity, less what stays in it, is in the animal."""
    syringe = session.syringes[i]
    now = world.clock.moment_s
    session.injected_s[i] = now
    session.committed = True
    end_of_wait = world.site.protocols[session.plan]
    if syringe is None:
        _give_agent(world, session, op, running, i, outcome)
        return
    world.spills.perhaps("injecting", session, op, running, i)
    activity = syringe.activity_bq * exp(-end_of_wait.decay_constant_per_s * (now - syringe.time_s))
    residual = min(
        1.0, max(0.0, world.site.injection.residual.sample(world.draws.of(session, op, "syringe_residual", i)))
    )
    injected = {
        "activity_bq": activity * (1.0 - residual),
        "volume_m3": world.dead_space(session) + syringe.volume_m3 * (1.0 - residual),
        "prescribed_bq": end_of_wait.activity_bq or 0.0,
    }
    if syringe.amount_mol is not None:
        injected["amount_mol"] = syringe.amount_mol * (1.0 - residual)
    beside = _beside_vein(world, session, op, running, i, outcome)
    if beside > 0.0:
        injected["depot_bq"] = injected["activity_bq"] * beside
    things: list[Thing] = [("syringe", syringe.name, NOTHING), ("nuclide", syringe.nuclide, NOTHING)]
    things += [("person", worker.name, NOTHING) for worker in running.people[:1]]
    world.happenings.to_animal("injected", session, i, outcome, injected, *things)
    left = {"activity_bq": activity * residual, "volume_m3": syringe.volume_m3 * residual}
    world.happenings.to_animal("residual", session, i, None, None, ("syringe", syringe.name, left), things[1])
    world.exposure.injected(session.visits[i].animal, syringe.nuclide, injected["activity_bq"])
    world.exposure.wasted(syringe.nuclide, left["activity_bq"])
    world.nearby.injected(session, i, syringe.nuclide, injected["activity_bq"])
    world.clearing.injected(session, i, syringe.nuclide, injected["activity_bq"])
    world.nearby.in_hot_lab(syringe.nuclide, left["activity_bq"])
    session.injected_bq[i] = injected["activity_bq"]
    session.syringes[i] = None


def _give_agent(world: World, session: Session, op: Op, running: Running, i: int, outcome: str) -> None:
    """What has no label is logged with its volume: there is no activity to account for."""
    agent = op.step.agent  # type: ignore[union-attr]
    if agent is not None:
        things: list[Thing] = [("tracer", agent.name, NOTHING)]
        things += [("person", worker.name, NOTHING) for worker in running.people[:1]]
        volume = {"volume_m3": agent.volume_m3_per_kg * session.visits[i].mass_kg}
        world.happenings.to_animal("injected", session, i, outcome, volume, *things)


def _prepare(world: World, session: Session, op: Op, running: Running) -> None:
    world.radiopharmacy.prepared(session)


def _release(world: World, session: Session, op: Op, running: Running) -> None:
    world.radiopharmacy.release(session)


def _verify(world: World, session: Session, op: Op, running: Running) -> None:
    world.radiopharmacy.verify(session)


def _wipe(world: World, session: Session, op: Op, running: Running) -> None:
    world.spills.wiped(session)


def _decontaminate(world: World, session: Session, op: Op, running: Running) -> None:
    world.hygiene.decontaminated(session)


def _beside_vein(world: World, session: Session, op: Op, running: Running, i: int, outcome: str) -> float:
    """Share of an injection that lies beside the vein: of a good one, by the hand; of a paravenous one, the table's."""
    known, level = world.site.injection, _hand(world, op, running)
    spread = known.good_residual.get(level or "") if outcome == "good" else known.paravenous_residual
    return 0.0 if spread is None else spread.sample(world.draws.of(session, op, "paravenous_residual", i))


#: What the end of a step does, by its effect.
AT_END: dict[str | None, Callable[[World, Session, Op, Running], None]] = {
    "fast": _fast,
    "wake": _wake,
    "home": _home,
    "draw": _after_draw,
    "inject": _inject,
    "give": _give,
    "scan": _scan,
    "part_scan": _part_scan,
    "exclude": _exclude,
    "kill": _kill,
    "calibrate": _calibrate,
    "repair": _repair,
    "prepare": _prepare,
    "release": _release,
    "verify": _verify,
    "revalidate": _revalidate,
    "decontaminate": _decontaminate,
    "certify": _certify,
    "wipe": _wipe,
}
