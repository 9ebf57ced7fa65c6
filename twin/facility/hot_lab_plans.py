"""What is done in the hot lab beside drawing syringes: plans of receipt, of checks and of what is made."""

from __future__ import annotations

from twin.distributions import Distribution
from twin.plan import Draw, Plan, Sequence, Step
from twin.scenario.site_hot_lab import CalibratorCheck, Preparation, Radiopharmacy, Receipt

#: Before the names of these plans, as that of a scanner stands before those of its upkeep.
ROOM = "hot_lab"
#: The effect of a step that makes something.
PREPARE = "prepare"


def receipt_plan(receipt: Receipt) -> Plan:
    """Survey and paperwork of a vial that has arrived."""
    step = _step("receipt", "package_receipt", receipt.skill, effect="release", duration=receipt.duration)
    return Plan(f"{ROOM}/receipt", step)


def check_plan(check: CalibratorCheck) -> Plan:
    """A check of the dose calibrator."""
    step = _step(check.name, "quality_control", check.skill, effect="verify", duration=check.duration)
    return Plan(f"{ROOM}/{check.name}", step)


def preparation_plan(made: Preparation) -> Plan:
    """What is made, and what is tested before it may be used."""
    drawn = None if made.drawn is None else Draw(*made.drawn)
    prepare = Step(
        made.name,
        "hot_lab",
        made.duration,
        people=((made.skill,),) * made.people,
        workplace="hot_lab",
        draw=drawn,
        uses=made.uses,
        exposure=_handled(made),
        effect=PREPARE,
    )
    if made.test is None:
        return Plan(f"{ROOM}/{made.name}", prepare)
    test = Step(
        "release_test",
        "quality_control",
        made.test.duration,
        people=((made.test.skill,),),
        workplace="hot_lab",
        exposure="assay",
        effect="release",
    )
    return Plan(f"{ROOM}/{made.name}", Sequence((prepare, test)))


def _handled(made: Preparation) -> str:
    """The word of what is handled while it is made."""
    if made.generator is not None:
        return "generator"
    return "kit" if made.drawn is not None else "synthesis"


def _step(name: str, task: str, skill: str, effect: str, duration: Distribution) -> Step:
    """A step of one person in the hot lab."""
    return Step(name, task, duration, people=((skill,),), workplace="hot_lab", exposure="vial", effect=effect)


def hot_lab_plans(said: Radiopharmacy) -> dict[str, Plan]:
    """All of them by their names."""
    plans = [preparation_plan(made) for made in said.preparations.values()]
    plans += [check_plan(check) for check in said.checks]
    plans += [] if said.receipt is None else [receipt_plan(said.receipt)]
    return {plan.name: plan for plan in plans}
