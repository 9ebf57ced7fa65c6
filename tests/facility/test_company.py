"""Who shares a bed: visits whose windows have a time in common, up to its size."""

from twin.facility.planner import company
from twin.facility.state import Visit

DAY = 86400.0


def visit(name: str, earliest_day: float, latest_day: float | None) -> Visit:
    latest = None if latest_day is None else latest_day * DAY
    return Visit(
        name, name, "study", "t1", "protocol", 1, 0.0, earliest_day * DAY, earliest_day * DAY, latest, 0.025, "all"
    )


def names(waiting: list[Visit], size: int) -> list[str]:
    return ["".join(v.name for v in group) for group in company(waiting, size)]


def test_a_repeat_of_today_does_not_wait_for_animals_that_are_due_next_week() -> None:
    waiting = [visit("a", 1.0, 3.0), visit("b", 8.0, 12.0), visit("c", 2.0, 4.0), visit("d", 9.0, 13.0)]
    assert names(waiting, 4) == ["ac", "bd"]
    assert names(waiting, 1) == ["a", "b", "c", "d"]


def test_what_a_bed_has_in_common_never_becomes_nothing() -> None:
    """The first has a time in common with each of the others, all three have none."""
    assert names([visit("a", 0.0, 3.0), visit("b", 2.0, 5.0), visit("c", 0.0, 1.0)], 4) == ["ab", "c"]


def test_without_a_window_a_week_is_the_longest_wait_for_others() -> None:
    assert names([visit("a", 0.0, None), visit("b", 6.0, None), visit("c", 14.0, None)], 4) == ["ab", "c"]
