"""State is plain data: a run that is written down at any moment goes on elsewhere as if nothing had been."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws import strategies
from tests.laws.log_view import rows_of
from tests.laws.running import examples, many, site_of
from twin.errors import CircleError
from twin.facility import snapshot
from twin.facility.log import Log
from twin.facility.world import World, play

#: Share of the run, and whether it is the moment of an event.
MOMENTS = st.lists(st.tuples(st.floats(0.0, 1.0), st.booleans()), min_size=1, max_size=3)


def rows(log: Log) -> list[str]:
    return [repr(row.plain()) for row in rows_of(log)]


def in_parts(data: dict[str, Any], moments: list[float]) -> list[str]:
    """The rows of a run that was written down and continued at these moments."""
    site = site_of(data)
    world = World(site).begin()
    found: list[str] = []
    for moment in moments:
        world.run(moment)
        found += rows(world.log)
        plain = json.loads(json.dumps(snapshot.to_json(world)))
        world = snapshot.from_json(World(site), plain)
    return found + rows(world.run().finish())


def same(data: dict[str, Any], shares: list[tuple[float, bool]]) -> None:
    site = site_of(data)
    world = World(site).begin()
    with contextlib.suppress(CircleError):
        world.run()
    times = [row.time_s for row in rows_of(world.log)]
    at = sorted(
        times[int(s * (len(times) - 1))] if event and times else s * world.clock.moment_s for s, event in shares
    )
    if world.clock.moment_s < site.horizon_s:
        with pytest.raises(CircleError):
            in_parts(data, at)
        return
    whole, parts = rows(world.finish()), in_parts(data, at)
    for number, (one, two) in enumerate(zip(whole, parts, strict=False)):
        assert one == two, f"row {number}"
    assert len(whole) == len(parts)


@examples(50)
@given(strategies.scenarios(), MOMENTS)
def test_a_run_is_continued_as_if_nothing_had_been(data: dict[str, Any], shares: list[tuple[float, bool]]) -> None:
    same(data, shares)


@pytest.mark.slow
@many(500)
@given(strategies.scenarios(), MOMENTS)
def test_a_run_is_continued_in_many_rounds(data: dict[str, Any], shares: list[tuple[float, bool]]) -> None:
    same(data, shares)


def elsewhere(scenario: dict[str, Any], state: dict[str, Any] | None, hash_seed: str) -> list[str]:
    """Rows of a run in another process with another PYTHONHASHSEED."""
    result = subprocess.run(
        [sys.executable, "-m", "tests.laws.continue_run"],
        input=json.dumps({"scenario": scenario, "state": state}),
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[str] = json.loads(result.stdout)
    return found


def test_a_run_is_continued_in_another_process(busy: dict[str, Any]) -> None:
    site = site_of(busy)
    whole = rows(play(site))
    world = World(site).begin().run(0.31 * site.horizon_s)
    first = rows(world.log)
    assert 50 < len(first) < len(whole) - 50
    assert first + elsewhere(busy, snapshot.to_json(world), "7") == whole


def test_two_processes_write_the_same_log(busy: dict[str, Any]) -> None:
    assert elsewhere(busy, None, "1") == elsewhere(busy, None, "2") == rows(play(site_of(busy)))
