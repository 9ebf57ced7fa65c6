"""The words for distributions mean what they say."""

from __future__ import annotations

import pytest

from twin.distributions import KINDS, Constant, LogNormal
from twin.scenario import distribution_words
from twin.scenario.distribution_words import FORMS, parse

GIVEN = {
    "constant": ("8 min", 480.0),
    "uniform": (["1 min", "3 min"], 120.0),
    "triangular": (["3 min", "6 min", "12 min"], 420.0),
    "normal": ({"mean": "1 h", "sd": "1 s"}, 3600.0),
    "lognormal": ({"mean": "5 min", "sd": "2 min"}, 300.0),
    "gamma": ({"mean": "5 min", "sd": "2 min"}, 300.0),
    "weibull": ({"shape": 1, "scale": "5 min"}, 300.0),
    "exponential": ({"mean": "5 min"}, 300.0),
    "pert": (["3 min", "6 min", "9 min"], 360.0),
    "discrete": ({"24 h": 0.5, "48 h": 0.5}, 36 * 3600.0),
    "empirical": ({"values": ["1 min", "2 min", "6 min"]}, 180.0),
}


def test_every_kind_has_a_word():
    assert set(GIVEN) == set(FORMS)
    kinds = {parse({word: value}, "s").kind for word, (value, _) in GIVEN.items()}
    assert kinds == set(KINDS)


@pytest.mark.parametrize("word", GIVEN)
def test_the_mean_is_that_of_the_words(word):
    value, mean = GIVEN[word]
    assert parse({word: value}, "s").mean == pytest.approx(mean, rel=1e-9)


def test_text_is_a_constant():
    assert parse("8 min", "s") == Constant(480.0)
    assert parse({"exponential": "5 min"}, "s").mean == 300.0


def test_median_and_p95():
    found = parse({"lognormal": {"median": "1 d", "p95": "7 d"}}, "s")
    assert isinstance(found, LogNormal)
    assert found.sample(0.5) == pytest.approx(86400)
    assert found.sample(0.95) == pytest.approx(7 * 86400)


def test_a_distribution_passes_through():
    given = Constant(1.0)
    assert parse(given, "s") is given


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({}, "has one word"),
        ({"uniform": ["1 s", "2 s"], "constant": "1 s"}, "has one word"),
        ({"unifrom": []}, "did you mean 'uniform'"),
        ({"uniform": ["1 s", "1 s"]}, "rising"),
        ({"uniform": "1 s"}, "list of 2"),
        ({"normal": {"mean": "1 s"}}, "mean and sd"),
        ({"normal": {"mean": "1 s", "sd": 1}}, "bare number"),
        ({"lognormal": {"median": "2 s", "p95": "1 s"}}, "median < p95"),
        ({"lognormal": {"median": "1 s", "sd": "1 s"}}, "median and p95"),
        ({"weibull": {"shape": -1, "scale": "1 s"}}, "shape"),
        ({"discrete": {"5": 1}}, "bare number"),
        ({"discrete": {}}, "map of values"),
        ({"discrete": {"5 s": -1, "6 s": 2}}, "not negative"),
        ({"empirical": {"values": []}}, "at least one"),
        ({"empirical": {"values": "5 s"}}, "values or a file"),
        ([1, 2], "quantity"),
        (None, "quantity"),
    ],
)
def test_wrong_words(value, words):
    with pytest.raises(ValueError, match=words):
        parse(value, "s")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"file": "x.csv", "column": "d", "unit": "min"}, "no column 'd'"),
        ({"file": "y.csv", "column": "c", "unit": "min"}, "cannot be read"),
        ({"file": "x.csv", "column": "bad", "unit": "min"}, "line 3, column bad: 'x' is not a number"),
        ({"file": "x.csv", "column": "c"}, "unit"),
        ({"file": "x.csv", "colum": "c", "unit": "min"}, "colum"),
    ],
)
def test_wrong_files(tmp_path, said, words):
    (tmp_path / "x.csv").write_text("c,bad\n1,2\n3,x\n")
    with pytest.raises(ValueError, match=words):
        distribution_words.read_column(said, tmp_path)


def test_a_column_is_read(tmp_path):
    (tmp_path / "x.csv").write_text("\ufeffc\n1.5\n\n3\n")
    assert distribution_words.read_column({"file": "x.csv", "column": "c", "unit": "min"}, tmp_path) == [
        "1.5 min",
        "3.0 min",
    ]
