"""How long a plan takes by its mean durations, one step after another: for checks that need an upper bound."""

from __future__ import annotations

from collections.abc import Iterator

from twin.distributions import Distribution
from twin.plan import Choice, ForEachAnimal, Node, Parallel, Plan, Step, children


def up_to_s(plan: Plan, effect: str, animals: int, until_s: float = 0.0) -> float:
    """From the start of a session to the end of its last step of an effect, or of all if there is none [s].

    Every step is counted once, for each animal if it stands in a `ForEachAnimal`; nothing happens side by side.

    Parameters
    ----------
    plan : Plan
    effect : str
        A word of `twin.vocabulary.EFFECTS`.
    animals : int
    until_s : float
        What a step that lasts until the injection plus the uptake takes at the most; fasting counts for nothing.
    """
    found = list(_times(plan.body, 1, animals))
    ends = [number for number, (step, _) in enumerate(found) if step.effect == effect]
    return sum(_mean_s(step, until_s) * times for step, times in found[: ends[-1] + 1 if ends else len(found)])


def longest_asleep_s(plan: Plan, until_s: float = 0.0) -> float:
    """Longest anaesthesia of one animal alone, if nothing is waited for [s]."""
    longest = asleep_s = 0.0
    asleep = False
    for step, _ in _times(plan.body, 1, 1):
        asleep = asleep or step.effect == "anaesthetise"
        asleep_s = asleep_s + _mean_s(step, until_s) if asleep else 0.0
        longest = max(longest, asleep_s)
        asleep = asleep and step.effect not in ("wake", "kill")
    return longest


def before_bed_s(plan: Plan) -> float:
    """Least planned time of one animal before it needs a bed or a scanner; waits for a moment count for nothing [s]."""
    before_s, reached = _before_bed(plan.body)
    return before_s if reached else 0.0


def _before_bed(node: Node) -> tuple[float, bool]:
    """Time of a node up to its first need of a bed or scanner [s], and whether it has one; choices go as planned."""
    if isinstance(node, Step):
        needs = node.bed or bool(node.scanner)
        return (0.0 if needs else _mean_s(node, 0.0)), needs
    parts = children(node)[:1] if isinstance(node, Choice) else children(node)
    spent_s = 0.0
    for part in parts:
        before_s, reached = _before_bed(part)
        spent_s = max(spent_s, before_s) if isinstance(node, Parallel) else spent_s + before_s
        if reached:
            return spent_s, True
    return spent_s, False


def _mean_s(step: Step, until_s: float) -> float:
    if isinstance(step.duration, Distribution):
        return step.duration.mean
    return until_s if step.duration.event == "injection" else 0.0


def _times(node: Node, times: int, animals: int) -> Iterator[tuple[Step, int]]:
    """Each step with how often it is done."""
    if isinstance(node, Step):
        yield node, times
    for child in children(node):
        yield from _times(child, animals if isinstance(node, ForEachAnimal) else times, animals)
