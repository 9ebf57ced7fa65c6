"""Ten at once, against the real server."""

import pytest

from benchmarks.dashboard.clients import CLIENTS, ten_at_once


@pytest.mark.slow
def test_of_ten_who_click_at_once_each_gets_their_own():
    told = ten_at_once()
    assert told["strange"] == []
    assert told["different_runs"] == CLIENTS
