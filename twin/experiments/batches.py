"""What a worker does: a batch of runs in, rows out, as plain data. It never raises, whatever a run does."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from twin.experiments.records import Record, record, recorded
from twin.scenario import loading
from twin.scenario.loading import Resolved

#: As much of an error as a row keeps.
LONGEST = 500
#: Clock time that a batch takes, or a little more [s].
BATCH_S = 3.0
FINISHED, FAILED, SET_ASIDE = "finished", "failed", "set_aside"


#: A scenario as it travels: its data, what is set on top, and whether the meaning is still to be checked.
Variant: TypeAlias = tuple[Mapping[str, Any], Sequence[str], bool]


def order(
    runs: Sequence[tuple[int, int, int]],
    variants: Mapping[int, Variant],
    store: str | None = None,
    events: str | None = None,
) -> dict[str, Any]:
    """A batch for a worker.

    Parameters
    ----------
    runs : sequence of (run, point, replication)
    variants : mapping
        Point -> the scenario there.
    store : str, optional
        Where runs are looked up and kept.
    events : str, optional
        Where the folder of each run is written.
    """
    return {"runs": list(runs), "variants": dict(variants), "store": store, "events": events}


def play(batch: Mapping[str, Any]) -> dict[str, Any]:
    """Play a batch for its figures, as far as its time reaches: each row has ``figures`` and ``days``."""
    units: dict[str, str] = {}

    def outcome(scenario: Resolved, replication: int) -> dict[str, Any]:
        made = _recorded(scenario, replication, batch)
        units.update((name, figure["unit"]) for name, figure in made.figures.items())
        values = {name: figure["value"] for name, figure in made.figures.items()}
        return {"figures": values, "days": dict(made.days)}

    return each_run(batch, outcome) | {"units": units}


def each_run(batch: Mapping[str, Any], outcome: Callable[[Resolved, int], dict[str, Any]]) -> dict[str, Any]:
    """Have a batch played, as far as its time reaches.

    Returns
    -------
    dict
        ``rows`` (run, point, replication, status, error, and what `outcome` gives) of the first runs of the batch, at
        least one; ``seconds`` of clock time, by which the size of the next batch is chosen.
    """
    began = time.monotonic()
    rows: list[dict[str, Any]] = []
    for run, point, replication in batch["runs"]:
        head = {"run": run, "point": point, "replication": replication}
        rows.append(head | _row(batch["variants"][point], replication, outcome))
        if time.monotonic() - began > BATCH_S:
            break
    return {"rows": rows, "seconds": time.monotonic() - began}


def _row(variant: Variant, replication: int, outcome: Callable[[Resolved, int], dict[str, Any]]) -> dict[str, Any]:
    """What became of a run; a run that fails is a row, and no end of the sweep."""
    try:
        return {"status": FINISHED, "error": None} | outcome(resolved(*variant), replication)
    except Exception as error:  # noqa: BLE001 - whatever it is, the row says it
        return {"status": FAILED, "error": in_words(error), "figures": {}, "days": {}}


def _recorded(scenario: Resolved, replication: int, batch: Mapping[str, Any]) -> Record:
    if batch["events"] is None:
        return record(scenario, replication, None if batch["store"] is None else Path(batch["store"]))
    from twin.experiments.playing import played

    result = played(scenario, replication)
    result.save(store=batch["events"])
    return recorded(result)


def in_words(error: BaseException) -> str:
    """An error as a row says it."""
    return f"{type(error).__name__}: {error}"[:LONGEST]


def resolved(base: Mapping[str, Any], sets: Sequence[str], check: bool = True) -> Resolved:
    """The scenario of a point; the last ones are remembered."""
    return _resolved(json.dumps(base), tuple(sets), check)


@lru_cache(maxsize=8)
def _resolved(base: str, sets: tuple[str, ...], check: bool) -> Resolved:
    return loading.load_data(json.loads(base), sets=sets, check=check)
