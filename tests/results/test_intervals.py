"""Arithmetic of intervals against a clock that ticks every second."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from twin.results.intervals import (
    Spans,
    between,
    covered,
    everywhere,
    first_of,
    last_of,
    per_thing,
    sweep,
    together,
    total,
)

THINGS, END = 3, 12
span = st.tuples(st.integers(0, THINGS - 1), st.integers(0, END), st.integers(0, END))
layer = st.lists(span, max_size=8)


def spans(rows) -> Spans:
    table = np.array(rows, dtype=float).reshape(-1, 3)
    return Spans(table[:, 0].astype(int), table[:, 1], table[:, 2])


def ticking(rows) -> np.ndarray:
    """How many are open in each second of each thing."""
    count = np.zeros((THINGS, END), dtype=int)
    for key, start, end in rows:
        count[key, start:end] += 1
    return count


@given(layer, layer)
def test_sweep_is_what_a_ticking_clock_counts(first, second):
    pieces = sweep({"a": spans(first), "b": spans(second)})
    a, b = ticking(first), ticking(second)
    seen_a, seen_b = np.zeros_like(a), np.zeros_like(b)
    for row in pieces.itertuples():
        seen_a[row.key, int(row.start_s) : int(row.end_s)] += row.a
        seen_b[row.key, int(row.start_s) : int(row.end_s)] += row.b
    assert np.array_equal(seen_a, a)
    assert np.array_equal(seen_b, b)


@given(layer, layer)
def test_totals_are_what_a_ticking_clock_counts(first, second):
    pieces = sweep({"a": spans(first), "b": spans(second)})
    a, b = ticking(first), ticking(second)
    only = total(pieces, THINGS, (pieces["a"] > 0).to_numpy() & (pieces["b"] == 0).to_numpy())
    assert np.array_equal(only, ((a > 0) & (b == 0)).sum(axis=1))
    assert np.array_equal(covered(spans(first), THINGS), (a > 0).sum(axis=1))
    assert np.array_equal(total(pieces, THINGS, None, pieces["a"].to_numpy()), a.sum(axis=1))


def test_nothing_gives_nothing():
    assert len(sweep({"a": spans([])})) == 0
    assert covered(spans([]), 2).tolist() == [0.0, 0.0]


def test_between_marks():
    key, time = np.array([0, 0, 0, 0, 1, 1]), np.array([1.0, 2.0, 5.0, 6.0, 3.0, 4.0])
    begins = np.array([True, True, False, False, False, True])
    found = between(key, time, begins, horizon_s=9.0)
    assert list(zip(*found, strict=True)) == [(0, 1.0, 5.0), (1, 4.0, 9.0)]


def test_between_ends_before_it_begins_at_the_same_moment():
    found = between(np.zeros(3, int), np.array([1.0, 4.0, 4.0]), np.array([True, True, False]), horizon_s=9.0)
    assert list(zip(*found, strict=True)) == [(0, 1.0, 4.0), (0, 4.0, 9.0)]


def test_many_things():
    assert everywhere(2, [(1.0, 2.0)]).key.tolist() == [0, 1]
    assert per_thing([[], [(0.0, 1.0), (2.0, 3.0)]]).key.tolist() == [1, 1]
    assert everywhere(0, [(1.0, 2.0)]).start_s.tolist() == []
    assert together(spans([(0, 1, 2)]), spans([(1, 3, 4)])).end_s.tolist() == [2.0, 4.0]
    assert spans([(0, 1, 8)]).clip(2.0, 5.0).end_s.tolist() == [5.0]


def test_first_and_last():
    key, value = np.array([0, 0, 2]), np.array([3.0, 1.0, np.nan])
    assert np.array_equal(first_of(key, value, 3), [1.0, np.nan, np.nan], equal_nan=True)
    assert np.array_equal(last_of(key, value, 3), [3.0, np.nan, np.nan], equal_nan=True)
