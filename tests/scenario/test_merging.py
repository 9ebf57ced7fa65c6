"""Patches: maps merge by key, null removes, lists and scalars are replaced whole."""

from __future__ import annotations

import copy

from hypothesis import given
from hypothesis import strategies as st

from twin.scenario.merging import leaves, merge, nested, overlaps, removals, same

KEYS = st.sampled_from("abc")
SCALARS = st.one_of(
    st.integers(0, 3), st.booleans(), st.sampled_from(["x", "y"]), st.lists(st.integers(0, 2), max_size=2)
)
DATA = st.dictionaries(
    KEYS, st.recursive(SCALARS, lambda inner: st.dictionaries(KEYS, inner, max_size=3), max_leaves=8)
)
PATCHES = st.dictionaries(
    KEYS, st.recursive(st.none() | SCALARS, lambda inner: st.dictionaries(KEYS, inner, max_size=3), max_leaves=8)
)


def none_left(data):
    return data is not None and (not isinstance(data, dict) or all(none_left(value) for value in data.values()))


@given(DATA, PATCHES)
def test_a_patch_twice_is_a_patch_once(base, patch):
    assert merge(merge(base, patch), patch) == merge(base, patch)


@given(DATA, PATCHES)
def test_nothing_is_changed_in_place(base, patch):
    before = copy.deepcopy((base, patch))
    merge(base, patch)
    assert (base, patch) == before


@given(DATA)
def test_an_empty_patch_changes_nothing(base):
    assert merge(base, {}) == base
    assert merge({}, base) == base


@given(DATA, PATCHES)
def test_no_null_is_left(base, patch):
    assert none_left(merge(base, patch))


@given(DATA, PATCHES)
def test_what_a_patch_says_holds(base, patch):
    result = merge(base, patch)
    for path, value in leaves(patch):
        here = result
        for key in path[:-1]:
            here = here[key]
        if value is None:
            assert path[-1] not in here
        elif value != {}:
            assert same(here[path[-1]], value)


@given(DATA, PATCHES, PATCHES)
def test_patches_that_do_not_disagree_may_be_put_on_in_either_order(base, one, other):
    if not list(overlaps(one, other)):
        assert merge(merge(base, one), other) == merge(merge(base, other), one)


@given(DATA, PATCHES)
def test_a_patch_never_disagrees_with_itself(base, patch):
    assert list(overlaps(patch, patch)) == []


@given(PATCHES, PATCHES)
def test_disagreement_goes_both_ways(one, other):
    assert {path for path, _, _ in overlaps(one, other)} == {path for path, _, _ in overlaps(other, one)}


@given(DATA)
def test_everything_can_be_removed_once(base):
    patch = dict.fromkeys(base)
    assert list(removals(base, patch)) == []
    assert merge(base, patch) == {}
    assert [problem.path for problem in removals({}, patch)] == list(base)


def test_a_list_is_replaced_whole():
    assert merge({"a": [1, 2, 3]}, {"a": [4]}) == {"a": [4]}


def test_true_is_not_one():
    assert list(overlaps({"a": 1}, {"a": True})) == [(("a",), 1, True)]


def test_nested():
    assert nested(("a", "b"), 1) == {"a": {"b": 1}}


SCAN = {"protocols": {"p": {"scan": {"lognormal": {"median": "1 min", "p95": "9 min"}}}}}
OTHER = {"protocols": {"p": {"scan": {"constant": "2 min"}}}}


def test_a_distribution_is_replaced_whole():
    """Two words would be none; nor are the parameters of two of them mixed."""
    mean = {"protocols": {"p": {"scan": {"lognormal": {"mean": "2 min", "sd": "1 min"}}}}}
    assert merge(SCAN, OTHER) == OTHER
    assert merge(OTHER, SCAN) == SCAN
    assert merge(SCAN, mean) == mean


def test_two_distributions_disagree_as_a_whole():
    path = ("protocols", "p", "scan")
    assert list(overlaps(SCAN, OTHER)) == [(path, *(data["protocols"]["p"]["scan"] for data in (SCAN, OTHER)))]
    assert list(leaves(OTHER)) == [(path, {"constant": "2 min"})]


def test_what_is_only_called_like_a_distribution_is_merged():
    base = {"studies": {"tumour": {"hotel": 1}}}
    assert merge(base, {"studies": {"normal": {"hotel": 2}}})["studies"].keys() == {"tumour", "normal"}
