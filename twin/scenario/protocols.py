"""A protocol becomes a plan: a template of the catalogue with its settings, or a tree of steps of the user's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from twin.animals import durations, tracers
from twin.distributions import Distribution
from twin.errors import Problem, ScenarioError, nearest
from twin.physics import decay
from twin.plan import Agent, Draw, Plan, Step, steps
from twin.scanners import settings
from twin.scanners.templates import TEMPLATES
from twin.scenario import machines, model, presets, trees
from twin.scenario.loading import Resolved
from twin.scenario.room_rules import with_rules
from twin.scenario.site import Protocol
from twin.scenario.site_machines import Scanner
from twin.scenario.supplied import with_supplies
from twin.vocabulary import SCANS

__all__ = ["TEMPLATES", "agent", "attempts", "draw", "facts", "plans", "read", "route", "serving", "uptake_s"]

Scanners = Mapping[str, Scanner]


def plans(resolved: Resolved, scanners: Scanners) -> dict[str, Plan]:
    """Every protocol's plan.

    Raises
    ------
    ScenarioError
        With all mistakes of all protocols.
    """
    made: dict[str, Plan] = {}
    problems: list[Problem] = []
    for name in resolved.scenario.protocols:
        plan, mistakes = read(resolved, name, scanners)
        problems += mistakes
        if plan is not None:
            made[name] = plan
    if problems:
        raise ScenarioError(problems)
    return made


def read(resolved: Resolved, name: str, scanners: Scanners) -> tuple[Plan | None, list[Problem]]:
    """One protocol's plan, or None and what is wrong."""
    said = resolved.scenario.protocols[name]
    problems = list(_common_problems(resolved, name, scanners))
    if not problems:
        problems = [*_template_problems(resolved, name, scanners)] if said.template else []
    if problems or not _served(said, scanners):
        return None, problems
    uses = tuple(said.uses.items())
    if said.template:
        return with_supplies(with_rules(_from_template(resolved, name, scanners), resolved, scanners), uses), []
    plan, mistakes = trees.plan(
        resolved, name, draw(resolved, name), scanners, agent(resolved, said), route(resolved, said)
    )
    if plan is None:
        return None, mistakes
    made = with_supplies(with_rules(plan, resolved, scanners), uses)
    return replace(made, quantitative=quantitative(said)), mistakes


def _common_problems(resolved: Resolved, name: str, scanners: Scanners) -> Iterator[Problem]:
    """What no plan can be made with."""
    said, path = resolved.scenario.protocols[name], ("protocols", name)
    if (said.template is None) == (said.plan is None):
        allowed = f"template: {', '.join(TEMPLATES)}"
        yield resolved.problem(path, "a protocol has either a template or a plan", allowed=allowed)
    elif said.template is not None and said.template not in TEMPLATES:
        words = (*TEMPLATES, *presets.names(resolved.numbers))
        near = nearest(said.template, words)
        message, allowed = "there is no such template or preset", ", ".join(words)
        yield resolved.problem((*path, "template"), message, said.template, allowed, near)
    if said.scanner is not None and not named(said.scanner, scanners):
        known = known_names(scanners)
        message, allowed = "this site has no such scanner", ", ".join(known) or "none"
        yield resolved.problem((*path, "scanner"), message, said.scanner, allowed, nearest(said.scanner, known))
    if said.second_scanner is not None:
        yield from _second_problems(resolved, name, scanners)
    if said.fasting is not None and said.fasting[0] > said.fasting[1]:
        yield resolved.problem((*path, "fasting"), "the least time is longer than the longest")


def _second_problems(resolved: Resolved, name: str, scanners: Scanners) -> Iterator[Problem]:
    """The scanner to which the bed is moved exists, and the template moves beds."""
    said, path = resolved.scenario.protocols[name], ("protocols", name, "second_scanner")
    if not named(said.second_scanner or "", scanners):
        known = known_names(scanners)
        message, allowed = "this site has no such scanner", ", ".join(known) or "none"
        yield resolved.problem(path, message, said.second_scanner, allowed, nearest(said.second_scanner, known))
    elif said.template not in TEMPLATES or not TEMPLATES[said.template].second:
        moved = ", ".join(key for key, template in TEMPLATES.items() if template.second)
        yield resolved.problem(path, "only these templates move a bed to another scanner", said.template, moved)


def named(name: str, scanners: Scanners) -> tuple[str, ...]:
    """The scanners that a name means: one of them, or all of a group."""
    return tuple(scanner.name for scanner in scanners.values() if name in (scanner.name, scanner.group))


def known_names(scanners: Scanners) -> list[str]:
    """The names that a protocol may use: groups, and scanners one by one."""
    return list(dict.fromkeys([s.group for s in scanners.values()] + [s.name for s in scanners.values()]))


def serving(said: model.Protocol, scanners: Scanners) -> tuple[str, ...]:
    """The scanners any of which serves a template: the one named, else all that have its modalities."""
    candidates = named(said.scanner, scanners) if said.scanner else tuple(scanners)
    if said.template is None:
        return candidates
    modalities = TEMPLATES[said.template].modalities
    return tuple(name for name in candidates if modalities and all(_has(scanners[name], m) for m in modalities))


def serving_second(said: model.Protocol, scanners: Scanners) -> tuple[str, ...]:
    """The scanners to any of which a template's bed is moved: not the first one."""
    wanted = TEMPLATES[said.template or ""].second
    candidates = named(said.second_scanner, scanners) if said.second_scanner else tuple(scanners)
    first = serving(said, scanners)
    apart = [name for name in candidates if name not in first]
    return tuple(name for name in apart if wanted and all(_has(scanners[name], m) for m in wanted))


def _served(said: model.Protocol, scanners: Scanners) -> bool:
    """Whether there are scanners for its template; if not, and it is not told here, one is of a model nobody knows."""
    template = TEMPLATES[said.template] if said.template else None
    if template is None or not template.modalities:
        return True
    return bool(serving(said, scanners) and (not template.second or serving_second(said, scanners)))


def _has(scanner: Scanner, modality: str) -> bool:
    """Whether a ``pet_ct`` is a ``pet``."""
    return modality in scanner.modality.split("_")


def _template_problems(resolved: Resolved, name: str, scanners: Scanners) -> Iterator[Problem]:
    said, path = resolved.scenario.protocols[name], ("protocols", name)
    template = TEMPLATES[said.template or ""]
    if not template.modalities and said.scanner is not None:
        yield resolved.problem((*path, "scanner"), f"the template {said.template} needs no scanner", said.scanner)
    elif template.modalities and not serving(said, scanners):
        if not machines.strange(resolved):
            yield _no_scanner(resolved, name, scanners)
    elif template.second and not serving_second(said, scanners):
        if not machines.strange(resolved):
            yield _no_scanner(resolved, name, scanners, second=True)
    elif said.ct and not (template.may_ct and _all_ct(said, scanners)):
        yield resolved.problem((*path, "ct"), "not every scanner of this protocol has a CT", said.ct)
    yield from _injection_problems(resolved, name)
    rows = template.rows
    for step in said.durations:
        if step not in rows:
            message = f"the template {said.template} has no such step"
            yield resolved.problem((*path, "durations", step), message, None, ", ".join(rows), nearest(step, rows))


def _injection_problems(resolved: Resolved, name: str) -> Iterator[Problem]:
    """A template injects a tracer, an agent without a label, or nothing."""
    said, path = resolved.scenario.protocols[name], ("protocols", name)
    injects = TEMPLATES[said.template or ""].injects
    if injects not in ("tracer", settings.BOTH) and said.tracer is not None:
        other = "; what has no label is an `agent`" if injects else ""
        yield resolved.problem((*path, "tracer"), f"the template {said.template} injects no tracer{other}", said.tracer)
    if injects in ("tracer", None) and said.agent is not None:
        yield resolved.problem((*path, "agent"), f"the template {said.template} injects no agent", said.agent)
    if injects in ("tracer", settings.BOTH):
        yield from _tracer_problems(resolved, name)
    if injects == "tracer":
        return
    if said.agent is not None or injects == "agent":
        yield from _agent_problems(resolved, name)


def _tracer_problems(resolved: Resolved, name: str) -> Iterator[Problem]:
    said, path = resolved.scenario.protocols[name], ("protocols", name)
    if said.tracer is None:
        yield resolved.problem((*path, "tracer"), f"the template {said.template} needs a tracer")
    elif activity_bq(resolved, name) is None:
        message = "this key is missing, and the table `tracers` has no usual activity of this tracer"
        yield resolved.problem((*path, "activity"), message)


def _agent_problems(resolved: Resolved, name: str) -> Iterator[Problem]:
    said, path = resolved.scenario.protocols[name], ("protocols", name)
    known = resolved.numbers.subjects("tracers", "volume_per_mass")
    if said.agent is None:
        message = f"the template {said.template} needs an agent"
        yield resolved.problem((*path, "agent"), message, None, ", ".join(known))
    elif agent(resolved, said) is None:
        message = "the table `tracers` has no usual volume of this agent; give `agent_volume`"
        yield resolved.problem((*path, "agent"), message, said.agent, ", ".join(known), nearest(said.agent, known))


def _no_scanner(resolved: Resolved, name: str, scanners: Scanners, second: bool = False) -> Problem:
    said = resolved.scenario.protocols[name]
    template = TEMPLATES[said.template or ""]
    needed = "_".join(template.second if second else template.modalities)
    has = ", ".join(f"{scanner.name} ({scanner.modality})" for scanner in scanners.values()) or "no scanner"
    own, word = (said.second_scanner, "second_scanner") if second else (said.scanner, "scanner")
    other = " beside the first" if second else ""
    message = f"the template {said.template} needs a {needed} scanner{other}, and this site has {has}"
    return resolved.problem(("protocols", name, word if own else "template"), message, own or said.template)


def _all_ct(said: model.Protocol, scanners: Scanners) -> bool:
    return all(_has(scanners[name], "ct") for name in serving(said, scanners))


#: Words of a protocol that change nothing but the plan of some templates.
OF_SOME_TEMPLATES = ("draw_ahead", "sides", "injectors", "simultaneous")


def without_effect(resolved: Resolved, name: str, scanners: Scanners) -> list[str]:
    """Words that a protocol sets and that make no difference to what its template does; all of them of an own plan."""
    said = resolved.scenario.protocols[name]
    fields = type(said).model_fields
    usual = {key: fields[key].default for key in OF_SOME_TEMPLATES if getattr(said, key) != fields[key].default}
    if said.template is None:
        return list(usual)
    wanted, write = _settings(resolved, name, scanners), TEMPLATES[said.template].write
    return [key for key, value in usual.items() if write(replace(wanted, **{key: value})) == write(wanted)]


def _from_template(resolved: Resolved, name: str, scanners: Scanners) -> Plan:
    said = resolved.scenario.protocols[name]
    made = TEMPLATES[said.template or ""].write(_settings(resolved, name, scanners))
    return replace(made, quantitative=quantitative(said))


def _settings(resolved: Resolved, name: str, scanners: Scanners) -> settings.Settings:
    """What a template needs to know to write its plan."""
    said = resolved.scenario.protocols[name]
    template = TEMPLATES[said.template or ""]
    serve = serving(said, scanners)
    return settings.Settings(
        name=name,
        scanners=serve,
        durations={step: _duration(resolved, said, step, row) for step, row in template.rows.items()},
        draw=draw(resolved, name) if template.injects in ("tracer", settings.BOTH) else None,
        uptake_s=uptake_s(resolved, said) or 0.0,
        awake=said.uptake_awake,
        draw_ahead=said.draw_ahead,
        fasting=fasting_s(resolved, said) is not None,
        warming=said.warming is not None,
        ct=(_all_ct(said, scanners) if said.ct is None else said.ct) and "ct" in template.rows,
        reconstruction=said.reconstruction,
        attempts=attempts(resolved, said),
        injectors=said.injectors,
        infusion=None if template.on_bed else said.infusion,
        agent=agent(resolved, said),
        route=route(resolved, said),
        coils=min((scanners[scanner].coils for scanner in _with_coils(said, scanners)), default=1),
        sides=said.sides,
        simultaneous=said.simultaneous,
        second=serving_second(said, scanners),
        agent_route=_own_route(resolved, said.agent),
        compute=resolved.scenario.compute is not None,
    )


def _with_coils(said: model.Protocol, scanners: Scanners) -> tuple[str, ...]:
    """The scanners of a template that may be an MRI: the second ones if it is the MRI that is second."""
    second = serving_second(said, scanners)
    return second if second and all(_has(scanners[name], "mri") for name in second) else serving(said, scanners)


def quantitative(said: model.Protocol) -> bool:
    """Whether its images are measured: as it says, else if it is a PET or SPECT."""
    if said.quantitative is not None or said.template is None:
        return bool(said.quantitative)
    template = TEMPLATES[said.template]
    return bool({"pet", "spect"} & {*template.modalities, *template.second})


def _duration(resolved: Resolved, said: model.Protocol, step: str, row: str) -> Distribution:
    """A step's duration: as ``durations`` says, else the protocol's own word for it, else its table row."""
    own = said.scan if step in TEMPLATES[said.template or ""].scans else None
    by_catheter = said.infusion if TEMPLATES[said.template or ""].on_bed else None
    own = {"warming": said.warming, "inject": by_catheter}.get(step, own)
    if step == "inject" and route(resolved, said) != "iv":
        row = settings.OTHER_ROUTES
    return said.durations.get(step) or own or durations.duration(resolved.numbers, row)


def route(resolved: Resolved, said: model.Protocol) -> str:
    """How it is injected: as given, else as the table has it for the tracer or agent, else into a vein."""
    return _own_route(resolved, _first_given(said)) if said.route is None else said.route


def _own_route(resolved: Resolved, name: str | None) -> str:
    """How the table says that a tracer or agent is injected, else into a vein."""
    key = f"tracers.{name}.route"
    return resolved.numbers.text(key) if resolved.numbers.has(key) else "iv"


def _first_given(said: model.Protocol) -> str | None:
    """The tracer or agent from whose injection the uptake counts."""
    both = said.template in TEMPLATES and TEMPLATES[said.template or ""].injects == settings.BOTH
    return said.tracer if both else said.agent or said.tracer


def agent(resolved: Resolved, said: model.Protocol) -> Agent | None:
    """What is injected without a label; None if nothing is, or nobody knows how much."""
    key = f"tracers.{said.agent}.volume_per_mass"
    if said.agent is None:
        return None
    if said.agent_volume is None:
        return Agent(said.agent, resolved.numbers.value(key)) if resolved.numbers.has(key) else None
    return Agent(said.agent, said.agent_volume)


def activity_bq(resolved: Resolved, name: str) -> float | None:
    """The prescribed activity of one animal: as given, else the tracer's usual one in the species that it is for."""
    said = resolved.scenario.protocols[name]
    key = f"tracers.{said.tracer}.injected_activity"
    if said.activity is None and said.tracer and resolved.numbers.has(key):
        return resolved.numbers.value(key) * tracers.over_mouse(resolved.numbers, _species_of(resolved, name))
    return said.activity


def _species_of(resolved: Resolved, name: str) -> str:
    """The species of the studies that use a protocol; where they are several, the mouse: its activity is the least."""
    studies = resolved.scenario.studies.values()
    using = {one.species for one in studies if name in {at.protocol or one.protocol for at in one.time_points.values()}}
    return using.pop() if len(using) == 1 else "mouse"


def uptake_s(resolved: Resolved, said: model.Protocol) -> float | None:
    """Injection to scan: as given, else the usual time of the tracer or agent."""
    key = f"tracers.{_first_given(said)}.uptake_time"
    if said.uptake is None and resolved.numbers.has(key):
        return resolved.numbers.value(key)
    return said.uptake


def attempts(resolved: Resolved, said: model.Protocol) -> int:
    """Injection attempts at the most."""
    return int(resolved.numbers.value("injection.maximum_attempts")) if said.attempts is None else said.attempts


def fasting_s(resolved: Resolved, said: model.Protocol) -> tuple[float, float] | None:
    """Least and longest time without food, if the policy is to take it away [s]."""
    return None if resolved.scenario.policies.fasting == "none" else said.fasting


def inspired(resolved: Resolved, said: model.Protocol) -> float:
    """Isoflurane in the gas during the scan (fraction)."""
    usual = resolved.numbers.value("physiology.anaesthesia.maintenance")
    return usual if said.isoflurane is None else said.isoflurane


def draw(resolved: Resolved, name: str) -> Draw | None:
    """The syringe of one animal; None without a tracer."""
    said, numbers = resolved.scenario.protocols[name], resolved.numbers
    activity = activity_bq(resolved, name)
    if said.tracer is None or activity is None:
        return None
    catheter = said.template is not None and TEMPLATES[said.template].on_bed
    dead = numbers.value("injection.catheter_dead_volume") if catheter else 0.0
    return Draw(
        said.tracer,
        activity,
        flush_m3=numbers.value("injection.flush_volume") if said.flush is None else said.flush,
        dead_volume_m3=dead if said.catheter_dead_volume is None else said.catheter_dead_volume,
        contrast_m3=said.contrast,
    )


def facts(resolved: Resolved, name: str, plan: Plan, nuclide: str | None) -> Protocol:
    """What the clock must know of a protocol beside its plan."""
    said = resolved.scenario.protocols[name]
    syringe, found = draw(resolved, name), list(steps(plan.body))
    effects = {step.effect for step in found}
    return Protocol(
        name=name,
        tracer=said.tracer,
        nuclide=nuclide,
        decay_constant_per_s=decay.decay_constant_per_s(resolved.numbers, nuclide) if nuclide else 0.0,
        activity_bq=None if syringe is None else syringe.activity_bq,
        uptake_s=uptake_s(resolved, said),
        fasting_s=fasting_s(resolved, said),
        scanners=_named_by(found, second=False),
        attempts=attempts(resolved, said),
        flush_m3=syringe.flush_m3 if syringe else 0.0,
        dead_volume_m3=syringe.dead_volume_m3 if syringe else 0.0,
        contrast_m3=said.contrast,
        mass_limit_mol_per_kg=said.mass_limit,
        scans=bool(effects.intersection(SCANS)),
        anaesthesia="anaesthetise" in effects,
        inspired=inspired(resolved, said),
        second=_named_by(found, second=True),
        infused=said.infusion is not None,
        labelled=any(step.exposure and step.effect in SCANS for step in found) and not any(s.draw for s in found),
        goes_home="home" in effects and any(step.draw for step in found),
    )


def _named_by(found: list[Step], second: bool) -> tuple[str, ...]:
    """The scanners that the steps name: of the session, or those to which its bed is moved."""
    return tuple(dict.fromkeys(scanner for step in found if step.second is second for scanner in step.scanner))
