"""What is not done side by side: one animal in two places, one bed or scanner held to two ends."""

from __future__ import annotations

from typing import Any

import pytest

from twin.distributions import Constant
from twin.plan import ForEachAnimal, Node, Parallel, Sequence, Step
from twin.scenario.parallel_laws import broken


def step(name: str, **words: Any) -> Step:
    return Step(name, "other_service", Constant(60.0), **words)


def scan(name: str, until: str | None = None) -> Step:
    return step(name, scanner=("pet",), holds=(("scanner", until),) if until else ())


def found(*nodes: Node) -> list[tuple[str, str, str]]:
    return [(step.name, key, value) for step, key, _, value, _ in broken(Sequence(nodes))]


UPTAKE, RECOVERY = step("a", place="uptake"), step("b", place="recovery")


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Parallel((UPTAKE, RECOVERY)), [("b", "place", "recovery")]),
        (ForEachAnimal(Parallel((UPTAKE, Sequence((step("c"), RECOVERY))))), [("b", "place", "recovery")]),
        (Parallel((ForEachAnimal(UPTAKE), ForEachAnimal(RECOVERY))), [("b", "place", "recovery")]),
        (Parallel((UPTAKE, step("c", place="uptake"))), []),
        (Parallel((Sequence((UPTAKE, RECOVERY)), step("c"))), []),
        (Sequence((UPTAKE, RECOVERY)), []),
    ],
)
def test_an_animal_is_in_one_place(node: Node, expected: list[tuple[str, str, str]]) -> None:
    assert found(node) == expected


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (scan("a", "late"), scan("b", "early"), [("b", "holds", "early")]),
        (scan("a"), scan("b", "late"), [("b", "holds", "late")]),
        (scan("a", "late"), scan("b"), [("b", "holds", "b")]),
        (scan("a", "late"), scan("b", "late"), []),
        (scan("a"), scan("b"), []),
        (scan("a", "late"), step("b", scanner=("pet",), bed=True, uses_scanner=False), []),
    ],
)
def test_who_takes_a_scanner_first_says_when_it_goes_back(
    one: Step, two: Step, expected: list[tuple[str, str, str]]
) -> None:
    assert found(Parallel((one, two)), step("early"), step("late")) == expected


def test_animals_side_by_side_share_a_bed_until_all_have_done() -> None:
    bed = step("lie", scanner=("pet",), bed=True, uses_scanner=False, holds=(("bed", "clean"),))
    inside, behind = Sequence((bed, step("clean"))), (ForEachAnimal(bed, at_once=2), step("clean"))
    assert found(ForEachAnimal(inside, at_once=2)) == [("lie", "holds", "clean")]
    assert found(ForEachAnimal(inside)) == []
    assert found(*behind) == []
