"""An address restores the state that wrote it, and nothing in it can do harm."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dashboard import address
from dashboard.address import Day, WhatIf

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=20)
PATHS = st.lists(st.from_regex(r"[a-z_]{1,9}", fullmatch=True), min_size=2, max_size=4).map(".".join)


@given(
    st.builds(
        WhatIf,
        scenario=NAMES,
        seed=st.none() | st.integers(0, 10**18),
        days=st.none() | st.integers(1, 366).map(float),
        changes=st.dictionaries(PATHS, st.text(max_size=20).filter(str.isprintable)),
        job=NAMES | st.just(""),
        base=NAMES | st.just(""),
        run=NAMES | st.just(""),
        against=NAMES | st.just(""),
    )
)
def test_what_if_there_and_back(state):
    assert address.what_if(address.search(state)) == state


@given(st.builds(Day, run=NAMES, day=st.integers(0, 400), view=st.sampled_from(["day", "week"])))
def test_day_there_and_back(state):
    assert address.day(address.search(state)) == state


@given(st.text(max_size=80))
def test_any_text_is_an_address(text):
    address.what_if(text)
    address.day(text)


def test_what_cannot_be_read_is_left_out():
    state = address.what_if("?scenario=baseline&seed=x&days=-3&view=month&foo=1")
    assert (state.seed, state.days, state.changes) == (None, None, {})
    assert address.day("?day=-4&view=month") == Day()


def test_an_empty_state_is_an_empty_address():
    assert address.search(WhatIf()) == address.search(Day()) == ""
