"""The part of the door that varies many things at once: sweeps, and what drives a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.api.scenarios import Source, resolved
from twin.results import store as run_store

if TYPE_CHECKING:
    from twin.experiments.gathering import Done
    from twin.experiments.sensitivity import Influences, Method
    from twin.experiments.sweep import Swept
    from twin.experiments.sweep_plan import Plan


def sweep_plan(file: str | Path) -> Plan:
    """Every run of a sweep file (a path, or a bundled name), without playing any.

    Raises
    ------
    ScenarioError
        With all mistakes of the file at once.
    """
    from twin.experiments.sweep_plan import planned
    from twin.scenario.sweep_file import load as load_sweep

    return planned(load_sweep(file))


def bundled_sweeps() -> tuple[str, ...]:
    """Names of the sweep files that are shipped."""
    from twin.scenario.sweep_file import bundled

    return tuple(bundled())


def sweep_folder(plan: Plan) -> Path:
    """Where a sweep is kept if no folder is named: in the store, by its name and digest."""
    return run_store.default_store() / "sweeps" / f"{plan.name}-{plan.identity[:8]}"


def sweep(
    file: str | Path | Plan,
    folder: str | Path | None = None,
    *,
    workers: int | None = None,
    dask: str | None = None,
    shard: tuple[int, int] | None = None,
    resume: bool = False,
    changed: bool = False,
    keep_events: bool = False,
    store: str | Path | None = None,
    done: Done | None = None,
) -> Swept:
    """Play a sweep: all its points, each as often as it says, into a folder from which it can go on.

    Parameters
    ----------
    file : str, Path or Plan
        A path, a bundled name, or what `sweep_plan` gives.
    folder : path, optional
        The sweep's folder itself; None: one in the default store.
    workers : int, optional
        Processes; None: one for each core. One is this process itself.
    dask : str, optional
        Address of a Dask scheduler, instead of processes.
    shard : (number, of), optional
        Only part `number`, from 1, of `of` parts.
    resume : bool
        Go on in a folder that holds this sweep; one that holds none is begun.
    changed : bool
        Go on although the version differs.
    keep_events : bool
        Write a run folder for each run.
    store : path, optional
        Where runs are looked up and kept; None: ``$TWIN_STORE``, else ``./runs``.
    done : callable, optional
        Is told how many runs have rows, and how many there will be.

    Returns
    -------
    Swept
        With ``table``, ``state`` and ``folder``.
    """
    from twin.experiments import executors
    from twin.experiments import sweep as experiment

    plan = sweep_plan(file) if isinstance(file, str | Path) else file
    return experiment.run(
        plan, sweep_folder(plan) if folder is None else Path(folder), executors.crew(workers, dask), resume=resume,
        changed=changed, shard=shard, store=run_store.default_store() if store is None else Path(store),
        keep_events=keep_events, done=done,
    )  # fmt: skip


def open_sweep(folder: str | Path) -> Swept:
    """The sweep of a folder, or of an address that fsspec opens (its plan alone)."""
    from twin.experiments import sweep as experiment

    return experiment.opened(str(folder))


def sensitivity(
    scenario: Source,
    kpis: Sequence[str],
    vary: Mapping[str, tuple[Any, Any]] | None = None,
    *,
    assumed: bool = False,
    method: Method = "morris",
    size: int = 10,
    replications: int = 3,
    workers: int | None = 1,
    store: str | Path | None = None,
    done: Done | None = None,
) -> tuple[Influences, ...]:
    """What drives figures: Morris' or Sobol's indices of inputs.

    Parameters
    ----------
    scenario : str, Path, mapping or Resolved
    kpis : sequence of str
    vary : mapping, optional
        Path -> lowest and highest value.
    assumed : bool
        Also every assumed number of the tables that the scenario uses, within its range.
    method : {"morris", "sobol"}
    size : int
        Trajectories of Morris, or base samples of Sobol.
    replications : int
        Of each point, with the same luck at all points.
    workers : int, optional
        Processes; None: one for each core, if that is worth it. One is this process itself.
    store : path, optional
    done : callable, optional

    Returns
    -------
    tuple of Influences
        One for each figure; its ``influences`` are sorted, the strongest first.
    """
    from twin.experiments import sensitivity as experiment
    from twin.experiments.executors import growing
    from twin.scenario.axes import axis_of

    made = resolved(scenario, check=True)
    axes = [axis_of(path, low, high) for path, (low, high) in (vary or {}).items()]
    axes += experiment.assumed(made) if assumed else []
    place = None if store is None else Path(store)
    return experiment.influences(made, axes, kpis, growing(workers), method, size, replications, place, done)
