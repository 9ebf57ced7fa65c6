"""The part of the door that looks for the best: sizes, selections, optima."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.api.scenarios import Source, resolved

if TYPE_CHECKING:
    from twin.experiments.gathering import Done
    from twin.experiments.optimise import Optimised
    from twin.experiments.selection import Selection
    from twin.experiments.size import Sized


def size(
    scenario: Source,
    targets: Sequence[str],
    vary: Mapping[str, Sequence[Any]],
    *,
    confidence: float = 0.95,
    most: int = 80,
    workers: int | None = 1,
    store: str | Path | None = None,
    done: Done | None = None,
) -> Sized:
    """The cheapest configuration that meets all targets.

    Parameters
    ----------
    scenario : str, Path, mapping or Resolved
    targets : sequence of str
        ``"animals_per_day.mean >= 12"``, ``"overtime_min.p95 <= 15"``, ``"end_of_day.share(<= 18) >= 90%"``.
    vary : mapping
        Path -> the values that it may have.
    confidence : float
        That the answer meets all targets.
    most : int
        Most replications of a configuration.
    workers : int, optional
        Processes; None: one for each core, if that is worth it. One is this process itself.
    store : path, optional
        Where runs are looked up and kept; None: every run is played.
    done : callable, optional

    Returns
    -------
    Sized
        With ``best``, ``binds``, ``sentence``, ``configurations`` and ``as_data()``.
    """
    from twin.experiments.executors import growing
    from twin.experiments.size import sized
    from twin.experiments.targets import target

    wanted = tuple(target(text) for text in targets)
    place = None if store is None else Path(store)
    return sized(resolved(scenario, check=True), wanted, vary, growing(workers), confidence, most, place, done)


def select(
    *scenarios: Source,
    kpi: str,
    within: float | None = None,
    budget: int | None = None,
    confidence: float = 0.95,
    most: int = 1000,
    workers: int | None = 1,
    store: str | Path | None = None,
    done: Done | None = None,
) -> Selection:
    """The best of several scenarios in a figure that has a better direction.

    Parameters
    ----------
    *scenarios : str, Path, mapping or Resolved
        All are played with the luck of the first.
    kpi : str
    within : float, optional
        A smaller difference does not matter: KN++ plays until it is sure.
    budget : int, optional
        Runs altogether, instead of `within`: OCBA spends them where they tell most.
    confidence : float
        Of KN++.
    most : int
        Most replications of a scenario by KN++.
    workers : int, optional
        Processes; None: one for each core, if that is worth it. One is this process itself.
    store : path, optional
        Where runs are looked up and kept.
    done : callable, optional
        Is told how many runs are done, and how many there will be at the most.
    """
    from twin.experiments.executors import growing
    from twin.experiments.selection import selected

    made = [resolved(scenario, check=True) for scenario in scenarios]
    place = None if store is None else Path(store)
    return selected(made, kpi, within, budget, confidence, most, growing(workers), place, done)


def optimise(
    file: str | Path,
    *,
    trials: int | None = None,
    workers: int | None = 1,
    store: str | Path | None = None,
    done: Done | None = None,
) -> Optimised:
    """The points that no other beats in every objective.

    Parameters
    ----------
    file : str or Path
        An optimisation file, or a bundled name.
    trials : int, optional
        Points to try; None: the file's.
    workers : int, optional
        Processes; None: one for each core, if that is worth it. One is this process itself.
    store : path, optional
        Where runs are looked up and kept.
    done : callable, optional

    Returns
    -------
    Optimised
        With ``front``, ``trials`` and ``as_data()``.
    """
    from dataclasses import replace

    from twin.experiments.executors import growing
    from twin.experiments.optimise import optimised
    from twin.scenario.sweep_file import load_optimise

    read = load_optimise(file)
    read = read if trials is None else replace(read, trials=trials)
    return optimised(read, growing(workers), None if store is None else Path(store), done)
