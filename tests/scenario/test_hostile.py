"""Whatever a file holds, reading it gives a scenario or a ScenarioError, soon."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from twin.errors import ScenarioError
from twin.scenario import merging, reading
from twin.scenario.expand import site
from twin.scenario.loading import bundled, load, load_data
from twin.scenario.model import Scenario

WORDS = st.sampled_from(
    """
    name start days opening hours rooms scanners pet staff protocols plan step studies arrival dates poisson hourly
    bookings numbers template extends schema hot_lab deliveries kind scan duration empirical file discrete choice cases
    repeat parallel tasks.pet_static authorisations projects sources policies prices budgets seed value distribution
    expires outcome holds people
    """.split()
)
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), WORDS,
    st.sampled_from(["2026-03-02", "5 min", "25 MBq", "always", "08:00-18:00", "9" * 400, "1e999 s", "-5 min", "\x00"]),
)  # fmt: skip
TREES = st.recursive(
    VALUES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=5), max_leaves=25
)


def only_scenario_errors(read):
    problem = None
    try:
        read()
    except ScenarioError as error:
        problem = str(error)
    assert problem is None or len(problem) > 20


@given(st.binary(max_size=300))
def test_any_bytes(data):
    only_scenario_errors(lambda: reading.read_bytes(data, "x"))


@given(st.text(alphabet="ab:-[]{}&*!|>%#'\"\n\t ,?0.~<", max_size=80))
@example("a: &x\nb: *x")
@example("&a [*a]: 1")
@example("? [a]\n: b")
@example("%YAML 1.1\n---\na: 1")
@example("a: 1\n...\nb: 2")
@example("!<tag:yaml.org,2002:python/object/apply:os.system> a: 1")
def test_any_marks(text):
    only_scenario_errors(lambda: reading.read_bytes(text.encode(), "x"))


@given(st.dictionaries(st.sampled_from(list(Scenario.model_fields)), TREES))
def test_any_data(data):
    only_scenario_errors(lambda: load_data(data))


@given(TREES)
def test_any_plan(sound_tree):
    only_scenario_errors(lambda: load_data({"name": "x", "start": "2026-03-02", "opening": {"hours": "always"},
                                            "protocols": {"p": {"plan": [sound_tree]}}}))  # fmt: skip


@given(st.dictionaries(WORDS, TREES, max_size=6))
def test_any_step(step):
    node = {"step": "a", "task": "scan", "duration": "5 min", **step}
    data = {"name": "x", "start": "2026-03-02", "opening": {"hours": "always"}, "protocols": {"p": {"plan": [node]}}}
    only_scenario_errors(lambda: load_data(data))


BASELINE = reading.plain(reading.read_bytes(bundled()["baseline"].read_bytes(), "baseline"))
PLACES = sorted((path for path, _ in merging.leaves(BASELINE)), key=str)
NEARLY = VALUES | st.sampled_from(
    [["5 min"], {"mon": "08:00-09:00"}, {"uniform": ["1 min", "2 min"]}, "0 s", "1e300 s", "1e300 Bq",
     "1e-300 ml", 10**30, "9999-12-31", "0001-01-01", ["9999-12-31 23:59"], ["0001-01-01"], "00:00",
     "24:00", {"a": None}, [[]], 1000, "closed"]
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(PLACES), NEARLY | TREES, min_size=1, max_size=3))
def test_any_values_in_a_sound_scenario(changes):
    data = BASELINE
    for path, value in changes.items():
        data = merging.merge(data, merging.nested(path, value))
    only_scenario_errors(lambda: site(load_data(data)))


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{below}'] * 10)}]\n" for below, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"# nothing\n", "empty"),
        (b"null", "empty"),
        (b"{}", "empty"),
        (b"- a\n- b", "map of keys"),
        (b"text", "map of keys"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"a: \x07", "YAML"),
        (b"a: [1", "YAML"),
        (b"a: b: c", "YAML"),
        (b"\tdays: 1", "YAML"),
        (b"x: !!python/object/apply:os.system ['true']", "tag"),
        (b"x: !env HOME", "tag '!env'"),
        (b"x: ! 5", "tag"),
        (b"%YAML 1.1\n---\ndays: yes", "directives"),
        (b"days: 1\n---\ndays: 2", "second document"),
        (b"days: 1\ndays: 2", "twice"),
        (b"a: {b: 1, b: 2}", "twice"),
        (b"<<: {a: 1}", "merge keys"),
        (b"? {a: 1}\n: 2", "plain word"),
        (b"a: *x", "no anchor"),
        (b"a: &x [*x]", "inside the value"),
        (b"[" * 10000, "nested"),
        (BOMB.encode(), "aliases"),
        (b"a: " + b"x" * reading.MOST_BYTES, "bytes"),
    ],
)
def test_what_is_refused(tmp_path, content, words):
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    before = time.process_time()
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert words in str(caught.value)
    assert time.process_time() - before < 5


def test_all_that_is_refused_comes_at_once(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("a: !x 1\nb: 1\nb: 2\n<<: {}\n")
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert [problem.line for problem in caught.value.problems] == [1, 3, 4]


def test_scalars_are_those_of_yaml_1_2():
    text = "a: yes\nb: 0x1F\nc: 1_000\nd: 07:45\ne: 2026-03-02\nf: 1e3\ng: ~\nh: '5'\ni: True\nj: .5\nk: +3\nl: 010"
    assert reading.plain(reading.read_text(text, "x")) == {
        "a": "yes", "b": "0x1F", "c": "1_000", "d": "07:45", "e": "2026-03-02", "f": 1000.0, "g": None, "h": "5",
        "i": True, "j": 0.5, "k": 3, "l": 10,
    }  # fmt: skip


def test_an_alias_repeats_its_value():
    assert reading.plain(reading.read_text("a: &x {b: [1, 2]}\nc: *x", "x")) == {"a": {"b": [1, 2]}, "c": {"b": [1, 2]}}
