"""Which of several scenarios is best: KN++ until that is sure, or OCBA within a budget of runs.

KN++ (Kim and Nelson, "On the asymptotic validity of fully sequential selection procedures for steady-state simulation",
Operations Research 54 (2006) 475, doi 10.1287/opre.1060.0281) plays all that are still in the race once more, and
drops who lies too far behind. Its variances are those of paired differences, so shared luck makes it quicker.

OCBA (Chen and others, Discrete Event Dynamic Systems 10 (2000) 251, doi 10.1023/A:1008349927281) gives most runs to
those that are hard to tell from the best.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.errors import UsageError

#: The value of a scenario in a replication; greater is better.
Sample: TypeAlias = Callable[[int, int], float]
#: Is told what will be asked for next: pairs of scenario and replication.
Expect: TypeAlias = Callable[[Sequence[tuple[int, int]]], None]

FIRST, MOST = 10, 1000


@dataclass(frozen=True, slots=True)
class Selected:
    """What was chosen.

    Attributes
    ----------
    best : int
    replications : tuple of int
        Of each scenario.
    means : tuple of float
    sure : bool
        Whether the procedure came to its end.
    """

    best: int
    replications: tuple[int, ...]
    means: tuple[float, ...]
    sure: bool


def kn_plus_plus(
    sample: Sample,
    scenarios: int,
    within: float,
    confidence: float = 0.95,
    first: int = FIRST,
    most: int = MOST,
    expect: Expect | None = None,
) -> Selected:
    """The best, or one that is less than `within` worse, with a confidence.

    Parameters
    ----------
    sample : callable
        (scenario, replication) -> value; greater is better.
    scenarios : int
        How many there are.
    within : float
        The indifference zone: a smaller difference does not matter.
    confidence : float
    first, most : int
        Replications of each before anything is dropped, and at the most.
    expect : callable, optional
        Is told before each round what it will ask for, so that it can be played at once.
    """
    if scenarios < 2 or not within > 0.0:
        raise UsageError("a choice needs at least two scenarios, and a difference above 0 that matters")
    values = _begun(sample, scenarios, first, expect)
    race = list(range(scenarios))
    for number in count(first):
        race = _still_in(values, race, within, confidence, scenarios)
        if len(race) == 1 or number >= most:
            break
        if expect is not None:
            expect([(k, number) for k in race])
        for k in race:
            values[k].append(sample(k, number))
    return _selected(values, race)


def _begun(sample: Sample, scenarios: int, first: int, expect: Expect | None) -> list[list[float]]:
    """The first values of all."""
    if expect is not None:
        expect([(k, r) for k in range(scenarios) for r in range(first)])
    return [[sample(k, r) for r in range(first)] for k in range(scenarios)]


def _still_in(
    values: Sequence[Sequence[float]], race: Sequence[int], within: float, confidence: float, scenarios: int
) -> list[int]:
    """Who does not lie too far behind anybody."""
    runs = np.array([values[k] for k in race])
    count_ = runs.shape[1]
    eta = 0.5 * ((2.0 * (1.0 - confidence ** (1.0 / (scenarios - 1)))) ** (-2.0 / (count_ - 1)) - 1.0)
    squared = 2.0 * eta * (count_ - 1)
    means = runs.mean(axis=1)
    apart = (runs[:, None, :] - runs[None, :, :]).var(axis=2, ddof=1)
    width = np.maximum(0.0, within / (2.0 * count_) * (squared * apart / within**2 - count_))
    stays = (means[:, None] >= means[None, :] - width).all(axis=1)
    return [k for k, in_race in zip(race, stays.tolist(), strict=True) if in_race]


def ocba(
    sample: Sample, scenarios: int, budget: int, step: int = 10, first: int = FIRST, expect: Expect | None = None
) -> Selected:
    """The scenario that looks best after a budget of runs, given where they tell most.

    Parameters
    ----------
    sample : callable
        (scenario, replication) -> value; greater is better.
    scenarios : int
    budget : int
        Runs altogether.
    step : int
        Runs between two looks.
    first : int
        Replications of each at the beginning.
    expect : callable, optional
        Is told before each step what it will ask for.
    """
    if budget < scenarios * first:
        raise UsageError(f"a budget of {budget} runs is below {first} of each of {scenarios} scenarios")
    values = _begun(sample, scenarios, first, expect)
    used = scenarios * first
    while used < budget:
        more = min(step, budget - used)
        due = enumerate(_more(values, used + more, more))
        pairs = [(k, r) for k, extra in due for r in range(len(values[k]), len(values[k]) + extra)]
        if expect is not None:
            expect(pairs)
        for k, r in pairs:
            values[k].append(sample(k, r))
        used += more
    return _selected(values, [int(np.argmax([np.mean(runs) for runs in values]))])


def ocba_shares(means: NDArray[np.float64], variances: NDArray[np.float64]) -> NDArray[np.float64]:
    """What share of the runs each scenario should have; greater means are better."""
    best = int(np.argmax(means))
    gap = np.maximum(means[best] - means, 1e-12 * max(float(np.abs(means).max()), 1e-300))
    gap[best] = 1.0
    weight = np.maximum(variances, 1e-300) / gap**2
    weight[best] = 0.0
    weight[best] = np.sqrt(variances[best] * float((weight**2 / np.maximum(variances, 1e-300)).sum()))
    shares: NDArray[np.float64] = weight / weight.sum()
    return shares


def _more(values: Sequence[Sequence[float]], whole: int, step: int) -> list[int]:
    """How many further runs each gets, so that all together come near their shares."""
    means = np.array([np.mean(runs) for runs in values])
    variances = np.array([np.var(runs, ddof=1) for runs in values])
    lacking = np.maximum(ocba_shares(means, variances) * whole - [len(runs) for runs in values], 0.0)
    given = (
        np.floor(lacking / lacking.sum() * step).astype(int)
        if lacking.sum() > 0.0
        else np.zeros(len(values), dtype=int)
    )
    for k in np.argsort(given - lacking / max(lacking.sum(), 1e-300) * step, kind="stable")[: step - int(given.sum())]:
        given[k] += 1
    return [int(extra) for extra in given]


def _selected(values: Sequence[Sequence[float]], race: Sequence[int]) -> Selected:
    means = tuple(float(np.mean(runs)) for runs in values)
    best = max(race, key=lambda k: means[k])
    return Selected(best, tuple(map(len, values)), means, len(race) == 1)
