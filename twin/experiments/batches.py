"""What a worker does: a batch of runs in, rows out, as plain data. It never raises, whatever a run does."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from twin.experiments.records import Record, record, recorded
from twin.scenario import loading
from twin.scenario.loading import Resolved

#: As much of an error as a row keeps.
LONGEST = 500
#: Clock time that a batch takes, or a little more [s].
BATCH_S = 3.0
FINISHED, FAILED, SET_ASIDE = "finished", "failed", "set_aside"


def order(
    base: Mapping[str, Any],
    runs: Sequence[tuple[int, int, int]],
    sets: Mapping[int, Sequence[str]],
    store: str | None = None,
    events: str | None = None,
) -> dict[str, Any]:
    """A batch for a worker.

    Parameters
    ----------
    base : mapping
        The scenario, as resolved.
    runs : sequence of (run, point, replication)
    sets : mapping
        Point -> what is set there.
    store : str, optional
        Where runs are looked up and kept.
    events : str, optional
        Where the folder of each run is written.
    """
    return {"base": base, "runs": list(runs), "sets": dict(sets), "store": store, "events": events}


def play(batch: Mapping[str, Any]) -> dict[str, Any]:
    """Play a batch, as far as its time reaches.

    Returns
    -------
    dict
        ``rows`` (run, point, replication, status, error, figures, days) of the first runs of the batch, at least one;
        ``units`` of the figures; ``seconds`` of clock time, by which the size of the next batch is chosen.
    """
    began = time.monotonic()
    units: dict[str, str] = {}
    rows: list[dict[str, Any]] = []
    for run, point, replication in batch["runs"]:
        rows.append(
            {"run": run, "point": point, "replication": replication} | _outcome(batch, point, replication, units)
        )
        if time.monotonic() - began > BATCH_S:
            break
    return {"rows": rows, "units": units, "seconds": time.monotonic() - began}


def _outcome(batch: Mapping[str, Any], point: int, replication: int, units: dict[str, str]) -> dict[str, Any]:
    """What became of a run; a run that fails is a row, and no end of the sweep."""
    try:
        made = _recorded(resolved(batch["base"], batch["sets"][point]), replication, batch)
    except Exception as error:  # noqa: BLE001 - whatever it is, the row says it
        return {"status": FAILED, "error": in_words(error), "figures": {}, "days": {}}
    units.update((name, figure["unit"]) for name, figure in made.figures.items())
    values = {name: figure["value"] for name, figure in made.figures.items()}
    return {"status": FINISHED, "error": None, "figures": values, "days": dict(made.days)}


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


def resolved(base: Mapping[str, Any], sets: Sequence[str]) -> Resolved:
    """The scenario of a point, checked; the last ones are remembered."""
    return _resolved(json.dumps(base, sort_keys=True), tuple(sets))


@lru_cache(maxsize=8)
def _resolved(base: str, sets: tuple[str, ...]) -> Resolved:
    return loading.load_data(json.loads(base), sets=sets)
