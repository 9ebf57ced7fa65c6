"""Sessions without a scanner: an injection after which the animal goes home, a biodistribution, an autoradiography."""

from __future__ import annotations

from dataclasses import replace

from twin.plan import ForEachAnimal, Node, Plan, Sequence, Step
from twin.scanners import blocks, settings
from twin.scanners.settings import Settings, Template

_ALL = {key: settings.ROWS[key] for key in ("remove_food", "bring", "warming", "prepare", "induce", "recover")}
_INJECTED = _ALL | {"inject": "iv_tail_vein_injection_attempt", "wake": "recovery_to_sternal_isoflurane"}
_HOME = {"post_awakening": "post_awakening_watch"}
TRACER_ROWS = _INJECTED | settings.DRAW | _HOME
AGENT_ROWS = _INJECTED | settings.DRAW_UP | _HOME
_KILLED = _INJECTED | settings.DRAW | {"kill": "killing", "waste": "radioactive_waste_logging"}
BIODISTRIBUTION_ROWS = _KILLED | {
    "dissect": "dissection",
    "load_counter": "gamma_counter_loading",
    "count": "gamma_counting_per_animal",
}
AUTORADIOGRAPHY_ROWS = _KILLED | {
    "dissect": "dissection_of_one_organ",
    "section": "freeze_and_section_one_organ",
    "expose": "autoradiography_exposure",
    "read_plate": "read_imaging_plate",
}


def injection(s: Settings) -> Plan:
    """Inject and let the animals go home; later visits scan them."""
    s = replace(s, awake=True)
    watch = Step("post_awakening", "post_awakening", s.durations["post_awakening"], effect="home")
    body = (*blocks.arrive(s, "inject"), *blocks.inject_all(s), ForEachAnimal(watch, at_once=20))
    return Plan(s.name, Sequence(body))


def biodistribution(s: Settings) -> Plan:
    """Inject, wait, kill, take the organs out one animal after another, and count them: the fingers get most of it."""
    dissect = _organs(s, "dissect", "dissection")
    load = Step("load_counter", "gamma_counting", s.durations["load_counter"], people=(("dissection",),),
                exposure="organ_tubes")  # fmt: skip
    count = ForEachAnimal(Step("count", "gamma_counting", s.durations["count"]))
    return _killed(s, (dissect,), (load, count, _waste(s)))


def autoradiography(s: Settings) -> Plan:
    """Inject, wait, kill, take one organ, section it, expose an imaging plate to it, and read the plate."""
    section = _organs(s, "section", "autoradiography")
    expose = Step("expose", "autoradiography", s.durations["expose"])
    read = Step("read_plate", "autoradiography", s.durations["read_plate"], people=(("analysis",),))
    return _killed(s, (_organs(s, "dissect", "dissection"), section), (_waste(s), expose, read))


def _killed(s: Settings, each: tuple[Node, ...], together: tuple[Node, ...]) -> Plan:
    """The animals are killed one after another where they wait, each only when its turn has come."""
    s = replace(s, awake=True)
    kill = Step(
        "kill", "killing", s.durations["kill"], people=(("killing",),), exposure="injected_animals", effect="kill"
    )
    body = (
        *blocks.arrive(s, "inject"),
        *blocks.inject_all(s),
        blocks.uptake(s, "kill"),
        ForEachAnimal(Sequence((kill, *each))),
        *together,
    )
    return Plan(s.name, Sequence(body), way_out=next(node.name for node in together if isinstance(node, Step)))


def _organs(s: Settings, name: str, task: str) -> Step:
    return Step(name, task, s.durations[name], people=(("dissection",),), exposure="organs_of_animal")


def _waste(s: Settings) -> Step:
    return Step("waste", "waste", s.durations["waste"], people=(("radiation_protection",),), exposure="organ_tubes")


TEMPLATES = {
    "tracer_injection": Template(injection, TRACER_ROWS, injects="tracer"),
    "agent_injection": Template(injection, AGENT_ROWS, injects="agent"),
    "biodistribution": Template(biodistribution, BIODISTRIBUTION_ROWS, injects="tracer"),
    "autoradiography": Template(autoradiography, AUTORADIOGRAPHY_ROWS, injects="tracer"),
}
