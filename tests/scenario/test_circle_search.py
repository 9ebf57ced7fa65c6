"""The search for circles: quick, bounded, and the same verdict with and without its short cuts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings

from tests.laws import strategies
from tests.scenario.test_circles import TECHNOLOGIST, site, step
from twin.plan import Choice, ForEachAnimal, Node, Outcome, Plan, Sequence
from twin.scenario import circle_search, expand
from twin.scenario.checking import prepare
from twin.scenario.circle_search import Member, Shortage, search
from twin.scenario.circles import find_circle
from twin.scenario.effort import Effort, UndecidedError
from twin.scenario.hold_states import hold_states
from twin.scenario.loading import load_data

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("preparation", "uptake", "recovery", "housing", "r1", "r2", "r3", "r4", "r5")


def lanes(steps_: int, at_once: int, outcome: bool = True, rooms: int = 3, asleep: bool = True) -> Plan:
    """The animals of a hotel side by side, from room to room, anaesthetised on the way, with a choice now and then."""
    body: list[Node] = []
    for i in range(steps_):
        effect = {1: "anaesthetise", steps_ - 1: "wake"}.get(i) if asleep else {steps_ - 1: "home"}.get(i)
        people = (("anaesthesia",),) if i == 1 else (("imaging",),) if i % 2 else (("animal_care",),)
        place = ROOMS[i // 2 % rooms] if i % 2 == 0 else None
        drawn = Outcome(f"o{i}", (("a", 0.5), ("b", 0.5))) if outcome else None
        body.append(step(f"s{i}", people=people, place=place, effect=effect, outcome=drawn))
        if outcome and i % 3 == 2:
            body.append(Choice(f"o{i}", (("a", step(f"c{i}", people=(("cleaning",),))),)))
    return Plan("lanes", ForEachAnimal(Sequence(tuple(body)), at_once))


def lanes_site(places: int, **plans: Plan) -> Any:
    made = site(dict(plans), (TECHNOLOGIST,) * 3, dict.fromkeys(ROOMS, places), hotel=12)
    made.policies.animals_per_attendant = 20
    return made


def seconds_to(look: Callable[[], Any]) -> float:
    import scipy.optimize  # noqa: F401  its import is not what is timed

    begun = time.process_time()
    look()
    return time.process_time() - begun


def test_ten_protocols_with_animals_side_by_side_are_judged_quickly() -> None:
    """Ten plans that differ; 0.6 s on an idle core, where the first search took 4."""
    plans = {f"p{i}": lanes(8 - i % 3, 1 + i % 4, outcome=i % 2 == 0) for i in range(10)}
    found: list[Any] = []
    assert seconds_to(lambda: found.append(find_circle(lanes_site(12, **plans)))) < 3.0
    assert found[0] is not None


def test_a_circle_of_few_animals_is_found_though_many_cannot_be_gone_through() -> None:
    """Eight side by side of twelve: the first search took minutes."""
    found: list[Any] = []
    assert seconds_to(lambda: found.append(find_circle(lanes_site(12, p=lanes(8, 8))))) < 4.0
    assert found[0] is not None


def test_what_cannot_be_gone_through_is_not_decided() -> None:
    with pytest.raises(UndecidedError, match="more than 100000 ways"):
        find_circle(lanes_site(1000, p=lanes(18, 12, rooms=9, asleep=False)))
    with pytest.raises(UndecidedError, match="more than 10 ways"):
        hold_states(lanes(4, 2), 4, effort=Effort(10))


def test_a_programme_that_is_too_large_is_not_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(circle_search, "MOST_MEMBERS", 2)
    with pytest.raises(UndecidedError, match="more than 2 different ways"):
        find_circle(lanes_site(12, p=lanes(6, 2)))


@settings(max_examples=40, deadline=None)
@given(strategies.scenarios())
def test_those_for_whom_others_stand_change_no_verdict(data: dict[str, Any]) -> None:
    """What `_fewest` leaves out, and `_hardest`, is left in here."""
    resolved = load_data(data, check=False)
    assume(not prepare(resolved).plan_problems)
    whole = expand.site(resolved)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("twin.scenario.hold_states._fewest", iter)
        patched.setattr("twin.scenario.circle_search._hardest", list)
        patched.setattr("twin.scenario.effort.MOST_SPOTS", 10**7)
        expected = find_circle(whole)
    assert (find_circle(whole) is None) == (expected is None)


def test_nobody_of_a_circle_can_be_left_out() -> None:
    """Two hold what the other waits for; a third waits for one of them, and nobody for the third."""
    full = {name: frozenset({Shortage(name, frozenset({("place", name)}), 1)}) for name in ("x", "y")}
    one, two, third = (
        Member(((("place", has), 1),), frozenset({full[wants]})) for has, wants in (("x", "y"), ("y", "x"), ("z", "y"))
    )
    assert circle_search._fewer(Counter((one, two, third))) == Counter((one, two))
    assert search({("place", name): 1 for name in "xyz"}, {one, two, third}) == ("x", "y", "x")
    assert search({("place", name): 1 for name in "xyz"}, {one, third}) is None


def test_a_doubt_is_a_warning(patched: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not patched().warnings
    monkeypatch.setattr("twin.scenario.effort.MOST_SPOTS", 10)
    (warning,) = patched().warnings
    assert "whether a circle of waiting can close was not decided" in str(warning)
    assert "a run stops and names it" in str(warning)


@pytest.mark.slow
def test_the_circle_named_is_the_same_in_every_process() -> None:
    """Names lie in sets, whose order is another one in every process."""
    code = "from tests.scenario.test_circle_search import *; print(find_circle(lanes_site(12, p=lanes(8, 3))))"
    found = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(found) == 1
