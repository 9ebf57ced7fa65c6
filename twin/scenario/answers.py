"""From the archived images of one animal to the answer: plans without animals, one for each protocol that scans.

Processing and automatic segmentation take a place of the computers, the rest a person who can analyse.
"""

from __future__ import annotations

from collections.abc import Mapping

from twin.animals import durations
from twin.plan import Plan, Sequence, Step, steps
from twin.scenario.loading import Resolved

#: Behind the name of the protocol.
ANSWER = "answer"


def plans(resolved: Resolved, made: Mapping[str, Plan]) -> dict[str, Plan]:
    """By protocol; none if the policies leave the images as they are."""
    parts = _parts(resolved)
    if not parts:
        return {}
    scanning = [name for name, plan in made.items() if any(step.effect == "scan" for step in steps(plan.body))]
    return {name: Plan(f"{name}/{ANSWER}", Sequence(parts)) for name in scanning}


def _parts(resolved: Resolved) -> tuple[Step, ...]:
    """What is done to the images of each animal; with the last of it the answer is there."""
    said, known = resolved.scenario.policies, resolved.numbers
    compute = resolved.scenario.compute is not None

    def step(name: str, task: str, people: int, of_computer: bool = False) -> Step:
        by = (("analysis",),) * people
        return Step(name, task, durations.duration(known, name), people=by, compute=compute and of_computer)

    found: list[Step] = []
    if said.analysis != "none":
        found.append(step("process_images", "analysis", 0, True))
    if said.analysis == "by_hand":
        found.append(step("segment_by_hand", "analysis", 1))
    if said.analysis == "automatic":
        found += [step("segment_by_computer", "analysis", 0, True), step("check_segmentation", "analysis", 1)]
    if said.reading != "none":
        found.append(step("read_images", "reading", 2 if said.reading == "double" else 1))
    return tuple(found)
