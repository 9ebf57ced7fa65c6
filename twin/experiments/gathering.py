"""What came of many runs, in their order, whoever played them and whichever were known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from twin.errors import TwinError
from twin.experiments import batches
from twin.experiments.batches import Variant
from twin.experiments.executors import Crew
from twin.experiments.records import Record, kept_record, record
from twin.experiments.runner import Run, play_all
from twin.scenario.loading import Resolved

#: Is told how many runs are done, and how many there will be at the most.
Done: TypeAlias = Callable[[int, int], None]
#: Number of the scenario, and replication.
Pair: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a run.

    Attributes
    ----------
    place, replication : int
        Which scenario, with which luck.
    record : Record or None
        None: it failed.
    error : str or None
    was_set_aside : bool
        Whether it killed its workers.
    """

    place: int
    replication: int
    record: Record | None
    error: str | None = None
    was_set_aside: bool = False


def variant(scenario: Resolved) -> Variant:
    """A scenario that was checked, as it travels."""
    return scenario.data, (), False


def outcomes(
    variants: Sequence[Variant], pairs: Sequence[Pair], crew: Crew, store: Path | None = None, done: Done | None = None
) -> Iterator[Outcome]:
    """What became of runs.

    Parameters
    ----------
    variants : sequence of Variant
    pairs : sequence of (place, replication)
        Which of the variants is played, with which luck; what came of them is given in this order.
    crew : Crew
        Who plays; stays open.
    store : path, optional
        Where runs are looked up and kept.
    done : callable, optional
        Is told how many are done.
    """
    place_of = None if store is None else str(store.absolute())

    def order(batch: Sequence[Run]) -> Mapping[str, Any]:
        return batches.order(batch, {place: variants[place] for _, place, _ in batch}, place_of)

    runs = [(number, *pair) for number, pair in enumerate(pairs)]
    waiting: dict[int, Outcome] = {}
    given = count = 0
    for answer in play_all(runs, crew, order) if runs else ():
        waiting |= {row["run"]: _outcome(row, answer["units"]) for row in answer["rows"]}
        count += len(answer["rows"])
        if done is not None:
            done(count, len(runs))
        while given in waiting:
            yield waiting.pop(given)
            given += 1


def _outcome(row: Mapping[str, Any], units: Mapping[str, str]) -> Outcome:
    place, replication = row["point"], row["replication"]
    if row["status"] != batches.FINISHED:
        return Outcome(place, replication, None, row["error"], row["status"] == batches.SET_ASIDE)
    figures = {name: {"value": value, "unit": units[name]} for name, value in row["figures"].items()}
    return Outcome(place, replication, Record(replication, figures, row["days"]))  # type: ignore[arg-type]


def records(
    scenarios: Sequence[Resolved],
    pairs: Sequence[Pair],
    crew: Crew,
    store: Path | None = None,
    done: Done | None = None,
) -> Iterator[Record]:
    """The records of runs of scenarios that were checked, in the order of `pairs`; a run that fails raises.

    Raises
    ------
    TwinError
        What the run raised, or that it killed its workers.
    """
    known = {pair: found for pair in pairs if (found := kept_record(scenarios[pair[0]], pair[1], store)) is not None}
    missing = [pair for pair in pairs if pair not in known]
    if done is not None and known:
        done(len(known), len(pairs))

    def told(count: int, _: int) -> None:
        if done is not None:
            done(len(known) + count, len(pairs))

    played = outcomes([variant(scenario) for scenario in scenarios], missing, crew, store, told)
    for pair in pairs:
        yield known[pair] if pair in known else _required(next(played), scenarios[pair[0]], store)


def _required(outcome: Outcome, scenario: Resolved, store: Path | None) -> Record:
    """The record; a run that failed elsewhere fails here too, with the error itself."""
    if outcome.record is not None:
        return outcome.record
    if outcome.was_set_aside:
        raise TwinError(f"replication {outcome.replication} of {scenario.scenario.name}: {outcome.error}")
    return record(scenario, outcome.replication, store)
