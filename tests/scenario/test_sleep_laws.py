"""No syringe is drawn for an anaesthetised animal, and none leaves: in which plans that is so."""

from __future__ import annotations

import itertools

import pytest

from twin.distributions import Constant
from twin.errors import ScenarioError
from twin.plan import (
    Agent,
    Choice,
    Draw,
    ForEachAnimal,
    Outcome,
    Parallel,
    Plan,
    Repeat,
    Sequence,
    Step,
)
from twin.scanners.settings import BOTH, Settings
from twin.scanners.templates import TEMPLATES
from twin.scenario import sleep_laws, tree_laws

NOW = Constant(0.0)
SLEEP = Step("sleep", "preparation", NOW, effect="anaesthetise")
WAKE = Step("wake", "anaesthesia_recovery", NOW, effect="wake")
DRAW = Step("draw", "hot_lab", NOW, effect="draw", draw=Draw("FDG", 1e6))
LEAVE = Step("leave", "record_keeping", NOW, effect="exclude")
KILL = Step("kill", "killing", NOW, effect="kill")
LOOK = Step("look", "scan", NOW, outcome=Outcome("seen", (("yes", 0.5), ("no", 0.5))))
SAD = Step("draw", "hot_lab", NOW, effect="anaesthetise", draw=Draw("FDG", 1e6))


def seq(*nodes):
    return Sequence(nodes)


def each(*nodes):
    return ForEachAnimal(seq(*nodes))


def if_seen(**cases):
    return Choice("seen", tuple((value, case) for value, case in cases.items()))


def again(*nodes, at_most=3):
    return Repeat(seq(*nodes), at_most, "seen", "yes")


SOUND = {
    "before": seq(DRAW, SLEEP, WAKE),
    "after": seq(SLEEP, WAKE, DRAW, LEAVE),
    "of each animal": seq(each(DRAW, SLEEP, WAKE), each(LEAVE)),
    "woken in each case": seq(SLEEP, LOOK, if_seen(yes=WAKE, no=WAKE), DRAW),
    "woken in the case": seq(SLEEP, LOOK, if_seen(yes=seq(WAKE, LEAVE)), WAKE),
    "killed": seq(SLEEP, KILL, LEAVE),
    "the others left": seq(LOOK, if_seen(yes=seq(SLEEP, WAKE, LEAVE)), DRAW),
    "again": seq(again(DRAW, LOOK, SLEEP, WAKE), LEAVE),
    "once": again(DRAW, LOOK, SLEEP, at_most=1),
    "at the same time": seq(SLEEP, Parallel((WAKE, LOOK)), DRAW),
    "at the same time as nothing": seq(Parallel((DRAW, LOOK)), SLEEP, WAKE),
    "left at the same time": seq(Parallel((LEAVE, LOOK)), SLEEP, DRAW),
}
BROKEN = {
    "draw": (seq(SLEEP, DRAW, WAKE), "draw"),
    "leave": (seq(SLEEP, LEAVE, WAKE), "leave"),
    "one step": (seq(SAD, WAKE), "draw"),
    "all sleep": (seq(SLEEP, each(DRAW), WAKE), "draw"),
    "each sleeps": (seq(each(SLEEP), DRAW, WAKE), "draw"),
    "a case without waking": (seq(SLEEP, LOOK, if_seen(yes=WAKE), DRAW), "draw"),
    "in a case": (seq(SLEEP, LOOK, if_seen(yes=LEAVE), WAKE), "leave"),
    "asleep in a case": (seq(LOOK, if_seen(yes=SLEEP), LEAVE, WAKE), "leave"),
    "the second time": (seq(again(DRAW, LOOK, SLEEP), WAKE), "draw"),
    "at the same time": (Parallel((seq(SLEEP, WAKE), DRAW)), "draw"),
    "leaves at the same time": (seq(SLEEP, Parallel((WAKE, LEAVE))), "leave"),
    "asleep after both": (seq(Parallel((SLEEP, LOOK)), DRAW, WAKE), "draw"),
}


@pytest.mark.parametrize("body", SOUND.values(), ids=SOUND)
def test_awake_animals_get_syringes_and_leave(body):
    assert list(sleep_laws.broken(body)) == []


@pytest.mark.parametrize(("body", "name"), BROKEN.values(), ids=BROKEN)
def test_anaesthetised_animals_do_not(body, name):
    assert [step.name for step, *_ in sleep_laws.broken(body)] == [name]


def test_a_deep_plan_takes_no_time():
    body = seq(DRAW, SLEEP)
    for _ in range(15):
        body = again(Parallel((body, LOOK)))
    assert [step.name for step, *_ in sleep_laws.broken(body)] == ["draw"]


PATCH = """
protocols:
  own:
    tracer: FDG
    activity: 8 MBq
    plan:
      - {step: induce, task: preparation, duration: 5 min, effect: anaesthetise}
      - {step: draw, task: hot_lab, duration: 5 min, %s}
      - {step: wake, task: anaesthesia_recovery, duration: 5 min, effect: wake}
"""


@pytest.mark.parametrize(("word", "value"), [("draw: true", "draw"), ("effect: exclude", "exclude")])
def test_the_step_is_named(patched, word, value):
    with pytest.raises(ScenarioError) as caught:
        patched(PATCH % word)
    (problem,) = caught.value.problems
    assert (problem.path, problem.value) == ("protocols.own.plan.1.effect", value)
    assert "wake it first" in problem.message
    assert "awake animals" in (problem.allowed or "")


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_templates_keep_the_laws_of_plans(name):
    template = TEMPLATES[name]
    draw = Draw("FDG", 1e6) if template.injects in ("tracer", BOTH) else None
    dye = Agent("dye", 1e-3)
    agents = {"agent": [dye], BOTH: [dye], "maybe_agent": [dye, None]}.get(template.injects, [None])
    choices = itertools.product((True, False), (True, False), (True, False), (1, 2), ("iv", "ip"), agents)
    for awake, fasting, images, number, route, agent in choices:
        settings = Settings(
            name, ("pet-1", "pet-2"), dict.fromkeys(template.rows, NOW), draw, awake=awake, fasting=fasting,
            warming=fasting, ct=fasting and "ct" in template.rows, reconstruction=images, injectors=number, agent=agent,
            route=route, coils=number, sides=number, simultaneous=fasting, second=("mri-1",) if template.second else (),
        )  # fmt: skip
        plan = template.write(settings)
        assert isinstance(plan, Plan)
        wrong = {message for _, message, _, _ in tree_laws.broken(plan, ("protocols", name), {})}
        assert wrong <= {"another step of this plan has this name"}, "templates write the same step in two cases"
