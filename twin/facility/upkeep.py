"""What is done to scanners: plans of quality control, maintenance and repair."""

from __future__ import annotations

from dataclasses import replace

from twin.plan import Choice, Node, Outcome, Plan, Repeat, Sequence, Step
from twin.scenario.site_machines import Maintenance, QualityControl, Scanner

#: The outcome of a check that may fail, and its bad value.
CHECK, FAILED = "check", "failed"
#: Upkeep goes before every study.
FIRST = -1000


def quality_control_plan(scanner: Scanner, check: QualityControl) -> Plan:
    """Warm-up without a person, then the check by a person at the scanner.

    The scanner is not held in between: nothing but its checks may use it while one is due.
    """
    warm_up = check.warm_up and Step("warm_up", "quality_control", check.warm_up, scanner=(scanner.name,))
    step = Step(
        check.name,
        "quality_control",
        check.duration,
        people=((check.skill,),),
        scanner=(scanner.name,),
        effect="calibrate",
    )
    body = _tried(scanner, check, step) if check.fails > 0.0 else (step,)
    return Plan(f"{scanner.name}/{check.name}", Sequence((warm_up, *body) if warm_up else body))


def _tried(scanner: Scanner, check: QualityControl, step: Step) -> tuple[Node, ...]:
    """A check that may fail: once more, then the service comes, and it is done again and passed."""
    outcome = Outcome(CHECK, (("passed", 1.0 - check.fails), (FAILED, check.fails)))
    assert check.service is not None, f"{check.name}: a check that may fail has a service"
    service = Step("service", "repair", check.service, scanner=(scanner.name,))
    again = replace(step, name=f"{check.name}_after_service")
    failed = Choice(CHECK, ((FAILED, Sequence((service, again))),))
    return Repeat(replace(step, outcome=outcome), 2, CHECK, FAILED), failed


def maintenance_plan(scanner: Scanner, maintenance: Maintenance) -> Plan:
    """The scanner is away; nobody of the facility is needed."""
    effect = "revalidate" if maintenance.revalidate else None
    step = Step(maintenance.name, "repair", maintenance.duration, scanner=(scanner.name,), effect=effect)
    return Plan(f"{scanner.name}/{maintenance.name}", step)


def repair_plan(scanner: Scanner) -> Plan:
    """The scanner works again at the end."""
    assert scanner.breakdown is not None
    step = Step(
        "repair", "repair", scanner.breakdown.repair_time, scanner=(scanner.name,), uses_scanner=False, effect="repair"
    )
    return Plan(f"{scanner.name}/repair", step)


def upkeep_plans(scanner: Scanner) -> dict[str, Plan]:
    """All plans of a scanner by their names."""
    plans = [quality_control_plan(scanner, check) for check in scanner.quality_control]
    plans += [maintenance_plan(scanner, m) for m in scanner.maintenance]
    plans += [repair_plan(scanner)] if scanner.breakdown else []
    return {plan.name: plan for plan in plans}
