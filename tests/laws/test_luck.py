"""Luck is addressed: what is added, a study, a scanner, a person, moves no draw of the others."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.laws.conftest import SKILLS
from tests.laws.log_view import View
from tests.laws.running import site_of
from twin.facility import world
from twin.plan import Until

Change = Callable[[dict[str, Any]], None]
Draws = dict[tuple[Any, ...], Any]


def draws(data: dict[str, Any], replication: int = 0) -> Draws:
    """What luck decided, by visit or session, step and number of the attempt; nothing that depends on waiting."""
    site = site_of(data)
    view = View(site, world.play(site, replication))
    found: Draws = {}
    attempts: Counter[Any] = Counter()
    for task in view.tasks:
        assert task.first.study is None or task.first.reason is None, f"nothing waits on this site: {task.first}"
        attempts[task.first.key] += 1
        drawn = task.step is not None and not isinstance(task.step.duration, Until)
        if drawn and task.last is not None:
            found["duration", *task.first.key, attempts[task.first.key]] = task.end_s - task.start_s
    for row in view.happenings("injected", "residual", "drawn", "visit_requested", *("animal_dead", "visit_completed")):
        found[row.step, row.visit] = row.time_s if row.step == "visit_requested" else row.reason
    for row in view.happenings("residual"):
        found["share", row.visit] = f"{row.value('syringe', 'volume_m3'):.9e}"
    return found


def study(data: dict[str, Any]) -> None:
    """A study that comes first everywhere: by name, by order, by time, by priority."""
    first = {"protocol": "static", "animals": 9, "priority": 0, "arrival": {"dates": ["2026-03-02 01:00"], "batch": 9}}
    data["studies"] = {"Aa": first} | data["studies"]


def scanner(data: dict[str, Any]) -> None:
    breakdown = {
        "time_between_failures": {"exponential": {"mean": "1 h"}},
        "repair_time": {"exponential": {"mean": "1 h"}},
    }
    check = {"days": "daily", "duration": {"uniform": ["10 min", "20 min"]}}
    spare = {"modality": "ct", "room": "pet_room", "breakdown": breakdown, "quality_control": {"check": check}}
    data["scanners"] = {"Aa": spare} | data["scanners"]


def person(data: dict[str, Any]) -> None:
    data["staff"] = {"Aa": {"role": "technologist", "skills": SKILLS, "injection_level": "weak"}} | data["staff"]


@pytest.mark.parametrize("change", [study, scanner, person])
def test_what_is_added_moves_no_draw_of_the_others(large: dict[str, Any], change: Change) -> None:
    before = draws(large)
    change(large)
    after = draws(large)
    assert len(before) > 500
    assert {key: after.get(key) for key in before} == before


def test_a_second_scanner_alike_leaves_the_first_its_luck(large: dict[str, Any]) -> None:
    """A count makes `pet-1` of `pet`: its checks and failures stay what they were; those of `pet-2` are others."""
    checks = {"check": {"days": "daily", "duration": {"uniform": ["10 min", "20 min"]}}}
    breakdown = {
        "time_between_failures": {"exponential": {"mean": "6 h"}},
        "repair_time": {"exponential": {"mean": "1 h"}},
    }
    scanner = {"modality": "pet", "room": "pet_room", "quality_control": checks, "breakdown": breakdown}
    one = large | {"studies": {}, "protocols": {}, "days": 4, "scanners": {"pet": scanner}}
    two = one | {"scanners": {"pet": scanner | {"count": 2}}}
    alone, first, second = upkeep(one, "pet"), upkeep(two, "pet-1"), upkeep(two, "pet-2")
    assert len(alone) > 5
    assert first == alone
    assert not set(second.values()) & set(alone.values())


def upkeep(data: dict[str, Any], name: str) -> dict[tuple[str, str], float]:
    """How long each check and repair of a scanner took."""
    site = site_of(data)
    done = [task for task in View(site, world.play(site)).tasks if task.last is not None]
    own = [task for task in done if str(task.first.session).startswith(f"{name}/")]
    return {
        (str(task.first.session).partition("/")[2], str(task.first.step)): task.end_s - task.start_s for task in own
    }


class SharedStream:
    """What luck must not be: one stream from which everybody takes the next number."""

    def __init__(self, seed: int, replication: int = 0) -> None:
        self.numbers = np.random.default_rng(seed + replication)

    def uniform(self, *address: object) -> float:
        return float(self.numbers.random())

    def block(self, purposes: Any, *rest: object) -> Any:
        return self.numbers.random(len(purposes))


@pytest.mark.parametrize("change", [study, scanner])
def test_a_shared_stream_would_be_found_out(
    large: dict[str, Any], change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world, "Luck", SharedStream)
    before = draws(large)
    change(large)
    after = draws(large)
    moved = sum(after.get(key) != value for key, value in before.items())
    assert moved > len(before) / 10


def test_the_same_seed_is_the_same_luck_and_another_is_another(large: dict[str, Any]) -> None:
    one = draws(large)
    assert draws(json.loads(json.dumps(large))) == one
    assert draws(large, replication=1) != one
    assert draws(large | {"seed": 12}) != one
