import math
from collections import Counter

import pytest

from twin.animals import injection
from twin.errors import DataError
from twin.sources import default_numbers

N = default_numbers()
PUBLISHED = [name for name in N.tables["injection"] if "failures" in N.tables["injection"][name].extra]


def wilson(failures: int, trials: int) -> tuple[float, float]:
    """The 95 % interval of Wilson 1927."""
    z, p = 1.959964, failures / trials
    centre, spread = p + z**2 / (2 * trials), z * math.sqrt(p * (1 - p) / trials + z**2 / (4 * trials**2))
    return (centre - spread) / (1 + z**2 / trials), (centre + spread) / (1 + z**2 / trials)


@pytest.mark.parametrize("name", PUBLISHED)
def test_shipped_rates_lie_in_the_intervals_of_the_published_counts(name: str) -> None:
    row = N.tables["injection"][name]
    low, high = wilson(int(row.extra["failures"]), int(row.extra["trials"]))
    assert low < row.si < high
    if name.startswith(("failure_probability", "published_failure")):
        assert row.bounds == pytest.approx((low, high), abs=0.0055)


@pytest.mark.parametrize("level", injection.skill_levels(N))
def test_probabilities_add_up(level: str) -> None:
    probabilities = injection.outcome_probabilities(N, level)
    assert tuple(probabilities) == injection.OUTCOMES
    assert math.fsum(probabilities.values()) == pytest.approx(1, abs=1e-15)
    assert min(probabilities.values()) > 0


def test_a_competent_person() -> None:
    # f = 0.14, seen 0.9, half of the seen ones not injected.
    expected = {"good": 0.86, "not_injected": 0.063, "paravenous_seen": 0.063, "paravenous_hidden": 0.014}
    assert injection.outcome_probabilities(N, "competent") == pytest.approx(expected)


@pytest.mark.parametrize("level", injection.skill_levels(N))
def test_frequencies_over_a_grid_equal_the_probabilities(level: str) -> None:
    cells = 100_000
    probabilities = injection.outcome_probabilities(N, level)
    found = Counter(injection.outcome_at((k + 0.5) / cells, probabilities) for k in range(cells))
    for name, probability in probabilities.items():
        assert found[name] / cells == pytest.approx(probability, abs=1.01 / cells)


def test_more_skill_never_turns_a_good_injection_bad() -> None:
    for u in (k / 97 for k in range(1, 97)):
        outcomes = [injection.outcome(N, u, level) for level in ("weak", "ordinary", "competent")]
        good = [name == "good" for name in outcomes]
        assert good == sorted(good)


def test_the_end_of_the_interval_has_an_outcome() -> None:
    assert injection.outcome(N, 1 - 2**-53, "weak") == "paravenous_hidden"
    assert injection.outcome_at(1 - 2**-53, {"good": 1 - 1e-15, "not_injected": 0.0}) == "good"


def test_a_scenario_can_set_the_rate() -> None:
    key = "injection.failure_probability.competent"
    never = N.with_overrides({key: N.row(key).replaced("0 %")})
    assert injection.outcome_probabilities(never, "competent")["good"] == 1
    assert [row.source for row in never.used_rows() if row.key == key] == ["scenario"]


def test_an_unknown_skill_level_names_the_nearest() -> None:
    with pytest.raises(DataError, match="did you mean 'competent'"):
        injection.outcome_probabilities(N, "competend")
