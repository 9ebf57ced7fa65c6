"""What drives a figure, against functions whose indices are known; and optimisation, against a known front."""

import numpy as np
import pytest

from twin import api
from twin.errors import ScenarioError, UsageError
from twin.experiments import gathering, optimise, sensitivity
from twin.experiments.executors import Here
from twin.scenario.axes import axis_of
from twin.scenario.sweep_file import load_optimise

A, B = 7.0, 0.1


def ishigami(x):
    return np.sin(x[0]) + A * np.sin(x[1]) ** 2 + B * x[2] ** 4 * np.sin(x[0])


@pytest.fixture
def played(monkeypatch):
    """Instead of runs, Ishigami's function of three inputs that the baseline has."""

    def play(scenario, sets, crew, replications, store, done):
        places = [[float(text.partition("=")[2].strip('"').split()[0]) for text in point] for point in sets]
        rows = [[{"cost_total": float(ishigami(place))}] for place in places]
        return rows, {"cost_total": "USD"}

    monkeypatch.setattr(sensitivity, "_played", play)
    monkeypatch.setattr(sensitivity, "_refuse", lambda *_: None)
    return [axis_of(f"x{k}", -np.pi, np.pi) for k in range(3)]


def test_sobol_gives_the_known_indices(played):
    (found,) = sensitivity.influences(api.load("baseline"), played, ["cost_total"], Here(), "sobol", 1024)
    variance = A**2 / 8 + B * np.pi**4 / 5 + B**2 * np.pi**8 / 18 + 0.5
    third = B**2 * np.pi**8 / 18 - B**2 * np.pi**8 / 50
    first = {"x0": 0.5 * (1 + B * np.pi**4 / 5) ** 2 / variance, "x1": A**2 / 8 / variance, "x2": 0.0}
    total = {"x0": first["x0"] + third / variance, "x1": first["x1"], "x2": third / variance}
    for one in found.influences:
        assert one.index == pytest.approx(total[one.input], abs=0.05)
        assert one.first == pytest.approx(first[one.input], abs=0.08)
    assert [one.input for one in found.influences] == ["x0", "x1", "x2"]


def test_morris_screens(monkeypatch, played):
    monkeypatch.setattr(
        sensitivity,
        "_played",
        lambda s, sets, *_: ([[{"cost_total": linear(point)}] for point in sets], {"cost_total": "1"}),
    )
    (found,) = sensitivity.influences(api.load("baseline"), played, ["cost_total"], Here(), "morris", 10)
    effects = {one.input: one.index for one in found.influences}
    assert effects == {
        "x0": pytest.approx(6 * np.pi, rel=1e-4),
        "x1": pytest.approx(2 * np.pi, rel=1e-4),
        "x2": pytest.approx(0.0, abs=1e-9),
    }


def linear(point):
    x = [float(text.partition("=")[2]) for text in point]
    return 3.0 * x[0] + x[1]


def test_every_assumed_number_with_a_range_is_an_input():
    axes = sensitivity.assumed(api.load("baseline", days=1))
    named = {axis.name: axis for axis in axes}
    assert "tasks.draw_and_assay_one_syringe" in named
    assert named["tasks.draw_and_assay_one_syringe"].at(0.0) == "1 min"
    assert {named["injection.animals_per_attendant"].at(u) for u in np.linspace(0, 1, 50)} == set(range(1, 9))
    assert "injection.anaesthesia_hard_limit" not in named  # it has no range


def test_it_is_played():
    (found,) = api.sensitivity(
        api.load("baseline", days=1),
        ["end_of_day"],
        {"protocols.fdg.uptake": ("30 min", "90 min")},
        size=2,
        replications=1,
    )
    assert found.runs == 4
    assert found.influences[0].index > 0.3


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        ({"kpis": [], "assumed": True}, UsageError, "say which figure"),
        ({"kpis": ["end_of_day"]}, UsageError, "say which inputs"),
        ({"kpis": ["end_of_day"], "vary": {"protocols.bon.uptake": ("1 h", "2 h")}}, ScenarioError, "did you mean"),
        (
            {"kpis": ["end_of_day"], "vary": {"protocols.bone.uptake": ("2 h", "1 h")}},
            ScenarioError,
            "the range is empty",
        ),
    ],
)
def test_mistakes_are_told(words, error, said):
    kpis = words.pop("kpis")
    with pytest.raises(error, match=said):
        api.sensitivity(api.load("baseline", days=1), kpis, **words)


# Optimisation ---------------------------------------------------------------------------------------------------------

SEARCH = """\
schema: 1
kind: optimise
name: search
base: baseline
axes:
  technologists: {path: staff.technologist.count, range: [1, 5]}
  beds: {path: scanners.pet.beds, range: [1, 3]}
objectives: {cost_total: lower, animals_per_day: higher}
trials: 60
replications: 1
"""


@pytest.fixture
def search(tmp_path):
    path = tmp_path / "search.yaml"
    path.write_text(SEARCH)
    return path


def test_the_known_front_is_found(search, monkeypatch):
    def play(runs, crew, order):
        batch = order(runs)
        rows = []
        for run, point, k in runs:
            technologists, beds = (int(text.partition("=")[2]) for text in batch["variants"][point][1])
            figures = {
                "cost_total": 100.0 * technologists + 70.0 * beds,
                "animals_per_day": 4.0 * min(technologists, 2 * beds),
            }
            rows.append(
                {"run": run, "point": point, "replication": k, "status": "finished", "error": None, "figures": figures,
                 "days": {}}
            )  # fmt: skip
        return iter([{"rows": rows, "units": {"cost_total": "USD", "animals_per_day": "1/d"}, "seconds": 0.01}])

    monkeypatch.setattr(gathering, "play_all", play)
    found = optimise.optimised(load_optimise(search), Here())
    assert [tuple(one.values.values()) for one in found.front] == [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3)]
    search.write_text(SEARCH.replace("trials: 60", "trials: 12"))  # fewer than there are points: Optuna chooses
    few = optimise.optimised(load_optimise(search), Here())
    assert few.as_data() == optimise.optimised(load_optimise(search), Here()).as_data()
    assert 1 < len(few.trials) <= 12
    costs = [(one.objectives["cost_total"].mean, one.objectives["animals_per_day"].mean) for one in few.front]
    assert costs == sorted(costs)
    assert len({animals for _, animals in costs}) == len(costs)  # dearer means more animals


def test_an_optimisation_is_played_and_drawn(search, tmp_path):
    search.write_text(
        SEARCH.replace("trials: 60", "trials: 3").replace("base: baseline", "base: baseline\nset: {days: 1}")
    )
    found = api.optimise(search)
    assert found.front
    from dashboard.figures import front

    assert "Pareto front" in front.page(found.as_data())


def test_mistakes_of_the_file_are_told(search):
    search.write_text(SEARCH.replace("cost_total: lower", "cost_totl: lower"))
    with pytest.raises(UsageError, match="did you mean 'cost_total'"):
        api.optimise(search)
    search.write_text(SEARCH.replace("cost_total: lower", "cost_total: least"))
    with pytest.raises(ScenarioError, match="allowed: lower"):
        api.optimise(search)
