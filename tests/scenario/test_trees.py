"""Plans of the user's own become the tree that the clock plays."""

from __future__ import annotations

import pytest

from twin.distributions import Constant
from twin.errors import ScenarioError
from twin.plan import (
    Choice,
    Draw,
    ForEachAnimal,
    Outcome,
    Parallel,
    Plan,
    Repeat,
    Sequence,
    Step,
    Until,
    steps,
)
from twin.scenario.expand import site

OWN = """
protocols:
  own:
    tracer: FDG
    activity: 5 MBq
    flush: 0.05 ml
    way_out: undock
    plan:
      - for_each_animal:
          - {step: draw, task: hot_lab, duration: 1 min, person: hot_lab, workplace: hot_lab, draw: true}
          - {step: induce, task: preparation, duration: 2 min, person: anaesthesia, place: preparation,
             effect: anaesthetise}
          - repeat: [{step: inject, task: injected_products, duration: 1 min, person: [injection], effect: inject}]
            at_most: 3
            outcome: injection
            value: not_injected
          - choice: injection
            cases:
              not_injected:
                - {step: wake_first, task: anaesthesia_recovery, duration: 3 min, effect: wake}
                - {step: leave, task: record_keeping, duration: 0 s, effect: exclude}
        at_once: 2
      - {step: uptake, task: uptake, duration: {until: injection, offset: 30 min, lead_to: scan}}
      - {step: position, task: positioning, duration: 3 min, people: [[imaging, animal_handling]],
         scanner: pet, bed: true, uses_scanner: false, holds: {bed: clean}}
      - parallel:
          - [{step: scan, task: scan, duration: 5 min, scanner: pet, holds: {scanner: undock}, effect: scan,
              outcome: {quality: {good: 0.9, bad: 10 %}}}]
          - [{step: note, task: record_keeping, duration: 1 min}]
      - {step: undock, task: positioning, duration: 1 min, effect: wake}
      - sequence: [{step: clean, task: cleaning, duration: 5 min, person: [cleaning, imaging],
                      always: true, exposure: bed}]
studies: {tumour: {protocol: own}}
"""


def minutes(number):
    return Constant(60.0 * number)


INJECT = Step("inject", "injected_products", minutes(1), (("injection",),), effect="inject")
WAKE = Step("wake_first", "anaesthesia_recovery", minutes(3), effect="wake")
LEAVE = Step("leave", "record_keeping", minutes(0), effect="exclude")
SCAN = Step(
    "scan",
    "scan",
    minutes(5),
    scanner=("pet",),
    holds=(("scanner", "undock"),),
    effect="scan",
    outcome=Outcome("quality", (("good", 0.9), ("bad", 0.1))),
)
EACH = (
    Step(
        "draw",
        "hot_lab",
        minutes(1),
        (("hot_lab",),),
        workplace="hot_lab",
        draw=Draw("FDG", 5e6, 5e-8),
        effect="draw",
    ),
    Step("induce", "preparation", minutes(2), (("anaesthesia",),), place="preparation", effect="anaesthetise"),
    Repeat(Sequence((INJECT,)), 3, "injection", "not_injected"),
    Choice("injection", (("not_injected", Sequence((WAKE, LEAVE))),)),
)
BODY = (
    ForEachAnimal(Sequence(EACH), at_once=2),
    Step("uptake", "uptake", Until("injection", 1800.0, "scan")),
    Step(
        "position",
        "positioning",
        minutes(3),
        (("imaging", "animal_handling"),),
        ("pet",),
        bed=True,
        uses_scanner=False,
        holds=(("bed", "clean"),),
    ),
    Parallel((Sequence((SCAN,)), Sequence((Step("note", "record_keeping", minutes(1)),)))),
    Step("undock", "positioning", minutes(1), effect="wake"),
    Sequence((Step("clean", "cleaning", minutes(5), (("cleaning",), ("imaging",)), always=True, exposure="bed"),)),
)


def test_a_tree(patched):
    assert site(patched(OWN, check=False)).plans["own"] == Plan("own", Sequence(BODY), way_out="undock")


def test_a_plan_without_tracer_animal_or_scanner(patched):
    found = site(
        patched("""
    protocols: {desk: {plan: [{step: work, task: analysis, duration: {exponential: 8 min}, person: imaging}]}}
    studies: {jobs: {protocol: desk, arrival: {poisson: {rate: 6 /h}}}}
    """)
    )
    facts = found.protocols["desk"]
    assert (facts.scanners, facts.scans, facts.anaesthesia, facts.tracer) == ((), False, False, None)
    assert len(list(found.plans["desk"].body.nodes)) == 1


def test_one_scanner_that_serves_every_step_suffices_and_all_are_done_on_it(patched):
    found = site(
        patched("""
    scanners: {mri: {modality: mri, room: scan}}
    protocols:
      both:
        plan:
          - {step: a, task: scan, duration: 5 min, scanner: [pet, mri]}
          - {step: b, task: scan, duration: 5 min, scanner: mri}
    """)
    )
    assert [step.scanner for step in steps(found.plans["both"].body)] == [("mri",), ("mri",)]
    assert found.protocols["both"].scanners == ("mri",)


INJECTION = "{step: inject, task: injected_products, duration: 0 s, person: injection, effect: inject}"
PLAN = "protocols: {own: {tracer: FDG, activity: 5 MBq, plan: [%s, " + INJECTION + "]}}"


@pytest.mark.parametrize("effect", ["fast", "home", "scan", "anaesthetise", "inject", "wake"])
def test_a_step_that_draws_has_no_other_effect(patched, effect):
    step = "{step: first, task: hot_lab, duration: 1 min, person: anaesthesia, scanner: pet, draw: true, effect: %s}"
    with pytest.raises(ScenarioError) as caught:
        patched(PLAN % (step % effect))
    (problem,) = (p for p in caught.value.problems if "draws" in p.message)
    assert (problem.path, problem.value, problem.allowed) == ("protocols.own.plan.0.effect", effect, "draw")


@pytest.mark.parametrize("name", ["injection", "scan", "killed", "late", "refused"])
def test_an_outcome_is_not_called_like_one_of_the_clock(patched, name):
    step = f"{{step: first, task: hot_lab, duration: 1 min, draw: true, outcome: {{{name}: {{good: 1}}}}}}"
    with pytest.raises(ScenarioError, match="give the outcome another name"):
        patched(PLAN % step)
