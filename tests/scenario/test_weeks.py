"""Weeks, days, times."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.scenario.weeks import ALWAYS, DAY_S, intervals, parse_instant, parse_time_of_day, parse_week, parse_weekdays

H = 3600.0
MONDAY = dt.datetime(2026, 3, 2)


def test_always():
    assert parse_week("always") == parse_week("24/7") == ALWAYS
    assert parse_week({"daily": "00:00-24:00"}) == ALWAYS


def test_a_more_specific_key_wins():
    week = parse_week({"wed": "closed", "daily": "10:00-11:00", "mon-fri": "08:00-18:00", "sun": "closed"})
    day = ((8 * H, 18 * H),)
    assert week == (day, day, (), day, day, ((10 * H, 11 * H),), ())


def test_a_shift_over_midnight_is_split():
    week = parse_week({"sun": "22:00-06:00", "mon": ["08:00-12:00", "05:00-07:00"]})
    assert week[6] == ((22 * H, 24 * H),)
    assert week[0] == ((0.0, 7 * H), (8 * H, 12 * H))


def test_a_week_passes_through():
    assert parse_week(ALWAYS) is ALWAYS


def test_weekdays():
    assert parse_weekdays("mon-fri") == (0, 1, 2, 3, 4)
    assert parse_weekdays(["wed", "mon"]) == (0, 2)
    assert parse_weekdays("daily") == tuple(range(7))
    assert parse_weekdays("sat-mon") == (0, 5, 6)


@pytest.mark.parametrize("value", ["7:5", "24:01", "aa:bb", 7.5, 450, None, "-1:00", "07:60"])
def test_no_time_of_day(value):
    with pytest.raises(ValueError, match=r"time of day|24:00"):
        parse_time_of_day(value)


def test_instants():
    assert parse_instant("2026-03-02") == parse_instant(dt.date(2026, 3, 2)) == MONDAY
    assert parse_instant("2026-03-02 09:30") == dt.datetime(2026, 3, 2, 9, 30)
    for value in ("2026-02-30", "soon", 5, None, "2026-03-02T09:00Z"):
        with pytest.raises(ValueError, match=r"date|zone"):
            parse_instant(value)


def test_intervals_over_midnight_are_whole():
    week = parse_week({"mon-fri": "22:00-06:00"})
    assert list(intervals(week, MONDAY, 3 * DAY_S)) == [(22 * H, 30 * H), (46 * H, 54 * H), (70 * H, 72 * H)]


def test_intervals_begin_at_the_start_and_leave_out_what_is_closed():
    week = parse_week({"daily": "08:00-18:00"})
    found = list(intervals(week, MONDAY.replace(hour=12), 3 * DAY_S, {dt.date(2026, 3, 3)}))
    assert found == [(0.0, 6 * H), (44 * H, 54 * H), (68 * H, 72 * H)]


def test_always_is_one_interval():
    assert list(intervals(ALWAYS, MONDAY, 30 * DAY_S)) == [(0.0, 30 * DAY_S)]


SPANS = st.tuples(st.integers(0, 23), st.integers(0, 23)).filter(lambda span: span[0] != span[1])
WEEKS = st.dictionaries(
    st.sampled_from(["mon", "tue", "sun", "daily", "mon-fri"]),
    st.just("closed") | st.lists(SPANS.map(lambda span: f"{span[0]:02}:00-{span[1]:02}:00"), max_size=3),
    min_size=1,
)


@given(WEEKS, st.integers(0, 200), st.floats(0, 20 * DAY_S))
def test_intervals_are_in_order_and_apart(said, hours, horizon_s):
    week = parse_week(said)
    for day in week:
        assert all(a < b for a, b in day)
    found = list(intervals(week, MONDAY + dt.timedelta(hours=hours), horizon_s))
    edges = [edge for span in found for edge in span]
    assert edges == sorted(set(edges))
    assert all(0 <= edge <= horizon_s for edge in edges)
