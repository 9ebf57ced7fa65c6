"""Tables are ordered and searched before they are cut, whatever the page says."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from dashboard.pages import rows

TABLE = pd.DataFrame(
    {"run": ["b", "A", "c", "a"], "cost": [3.0, None, 10.0, 2.0], "what": ["dear run", "no run", "dear", None]}
)


@pytest.mark.parametrize(
    ("column", "down", "order"),
    [
        ("cost", False, "abcA"),
        ("cost", True, "cbaA"),
        ("run", False, "Aabc"),
        ("what", False, "cbAa"),
        ("no", True, "bAca"),
    ],
)
def test_what_is_not_defined_stands_last_and_capitals_do_not_matter(column, down, order):
    assert "".join(rows.chosen(TABLE, rows.Order(column, down), "")["run"]) == order


def test_all_words_must_be_there_in_any_order():
    assert list(rows.chosen(TABLE, rows.Order(), "RUN dear")["run"]) == ["b"]
    assert rows.chosen(TABLE, rows.Order("cost"), "nosuch").empty
    assert rows.chosen(TABLE.head(0), rows.Order("cost"), "run").empty


@pytest.mark.parametrize("said", [None, [], "cost", {"column": {"a": 1}}, {"column": "__class__", "down": "yes"}])
def test_an_order_may_be_anything(said):
    assert len(rows.chosen(TABLE, rows.order(said), "")) == len(TABLE)


def test_the_most_of_a_long_table_is_among_the_rows_that_are_shown():
    long = pd.DataFrame({"minutes": [float(number % 5000) for number in range(5417)]})
    by = rows.Order("minutes", down=True)
    drawn = rows.drawn(rows.chosen(long, by, ""), {"minutes": "Minutes"}, "x-order", by).to_plotly_json()
    said = json.loads(drawn["props"]["data-rows"])
    assert said["body"][0] == ["4\u202f999"]
    assert len(said["body"]) == rows.MOST_ROWS
    assert said["heads"][0]["sort"] == "descending"
