"""What else a store knows of a run that it has: the same facility under other luck, and the targets of its scenario."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.results import kept, limits, manifest, store, stored
from twin.results.kpis import Figure
from twin.results.stored import StoredRun

if TYPE_CHECKING:
    from twin.experiments.replicate import Estimate

#: So many replications are looked for one after another.
MOST = 500


def other_luck(run: StoredRun, folder: str | Path) -> list[Mapping[str, Figure]]:
    """The figures of every replication of a stored run (same scenario, same seed) that its store has, by today's code.

    Parameters
    ----------
    run : StoredRun
    folder : path
        The store: its run folders, and what ``twin replicate`` and pages kept in it.
    """
    found: dict[str, Mapping[str, Figure]] = dict(_kept(run, Path(folder)))
    for line in stored.listing(Path(folder)):
        address = manifest.address(line.digest, line.seed, line.replication)
        if line.digest == run.manifest["digest"] and address not in found and _is(line.folder, address):
            found[address] = store.read_figures(line.folder)
    return list(found.values())


def _kept(run: StoredRun, folder: Path) -> Iterator[tuple[str, Mapping[str, Figure]]]:
    """Replications from the first on until one is missing."""
    for replication in range(MOST):
        address = manifest.address(str(run.manifest["digest"]), run.seed, replication)
        record = kept.read(folder, address)
        if record is None:
            return
        yield address, record["figures"]


def _is(folder: Path, address: str) -> bool:
    """Whether today's code would write the same run."""
    return bool(store.read_manifest(folder).get("address") == address)


def estimates(figures: Sequence[Mapping[str, Figure]], names: Iterable[str]) -> dict[str, Estimate]:
    """Mean and interval of figures over replications; of a single one there are none."""
    from twin.experiments.replicate import estimate

    if len(figures) < 2:
        return {}
    known = [name for name in names if name in figures[0]]
    return {
        name: estimate([one[name]["value"] if name in one else None for one in figures], figures[0][name]["unit"])
        for name in known
    }


def targets(run: StoredRun) -> dict[str, list[dict[str, Any]]]:
    """What the scenario's budgets ask of figures: for each figure ``at`` (most or least), ``bound`` and ``met``.

    Bounds are in the figure's unit; ``met`` is None where the figure is undefined.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for name, said in ((run.manifest.get("scenario") or {}).get("budgets") or {}).items():
        figure = run.kpis.get(str(said.get("kpi")))
        for word, sign in (("at_most", 1.0), ("at_least", -1.0)):
            if figure is not None and said.get(word) is not None:
                bound = limits.bound(f"budgets.{name}", said[word], figure["unit"])
                value = figure["value"]
                met = None if value is None else sign * (value - bound) <= 0.0
                found.setdefault(str(said["kpi"]), []).append(
                    {"at": word.removeprefix("at_"), "bound": bound, "met": met}
                )
    return found
