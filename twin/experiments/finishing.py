"""How likely a study, or a visit, is finished by a moment: the share of replications, with Wilson's interval."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, TypeAlias

from twin.errors import TwinError, UsageError
from twin.experiments import batches, runner
from twin.experiments.executors import Crew, Here
from twin.experiments.gathering import Done, variant
from twin.experiments.playing import played
from twin.experiments.replicate import LEAST
from twin.experiments.statistics import SHOWN_CONFIDENCE, Share, share
from twin.results.run import Run
from twin.results.visits import visits
from twin.scenario.loading import Resolved

#: A study and its visit; no visit: all of them.
Thing: TypeAlias = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Chance:
    """How likely something is finished.

    Attributes
    ----------
    study : str
    visit : str or None
        None: all visits of the study that were requested by then.
    finished : Share
        Of the replications in which it was requested.
    """

    study: str
    visit: str | None
    finished: Share

    def as_data(self) -> dict[str, Any]:
        """As plain data."""
        found = self.finished
        said = {"share": found.share, "low": found.low, "high": found.high, "n": found.of}
        return {"study": self.study, "visit": self.visit} | said


def finished_by(
    scenario: Resolved,
    moment: dt.datetime,
    count: int = 20,
    confidence: float = SHOWN_CONFIDENCE,
    crew: Crew | None = None,
    done: Done | None = None,
) -> tuple[Chance, ...]:
    """The chance of every study, and of every visit that was requested in all replications.

    Parameters
    ----------
    scenario : Resolved
    moment : datetime
        Within the scenario, in its local time.
    count : int
        Replications.
    confidence : float
        Of Wilson's intervals.
    crew : Crew, optional
        Who plays; None: this process.
    done : callable, optional

    Raises
    ------
    UsageError
        When the moment lies outside the scenario.
    """
    by_s = (moment - scenario.scenario.start).total_seconds()
    if not 0.0 < by_s <= scenario.scenario.days * 86400.0:
        raise UsageError(f"{moment:%Y-%m-%d %H:%M} lies outside the scenario")
    if count < LEAST:
        raise UsageError(f"{count} replications: one run proves nothing; at least {LEAST} are needed")
    asked: Counter[Thing] = Counter()
    reached: Counter[Thing] = Counter()
    with closing(crew or Here()) as who:
        for found in _each(scenario, by_s, count, who, done):
            asked.update(found.keys())
            reached.update(key for key, is_finished in found.items() if is_finished)
    told = [key for key in asked if key[1] is None or asked[key] == count]
    chances = (Chance(*key, share(reached[key], asked[key], confidence)) for key in told)
    return tuple(sorted(chances, key=lambda one: (one.study, one.visit or "")))


def _each(scenario: Resolved, by_s: float, count: int, crew: Crew, done: Done | None) -> Iterator[Mapping[Thing, bool]]:
    """What was finished in each replication, as the answers come in."""

    def order(batch: Sequence[runner.Run]) -> Mapping[str, Any]:
        return batches.order(batch, {0: variant(scenario)}) | {"by_s": by_s}

    answered = 0
    for answer in runner.play_all([(number, 0, number) for number in range(count)], crew, order, play):
        for row in answer["rows"]:
            yield row["finished"] if row["status"] == batches.FINISHED else _failed(scenario, row, by_s)
        answered += len(answer["rows"])
        if done is not None:
            done(answered, count)


def play(batch: Mapping[str, Any]) -> dict[str, Any]:
    """What a worker does with a batch: what is finished by a moment in each run."""

    def outcome(scenario: Resolved, replication: int) -> dict[str, Any]:
        return {"finished": _finished(played(scenario, replication).run, batch["by_s"])}

    return batches.each_run(batch, outcome)


def _failed(scenario: Resolved, row: Mapping[str, Any], by_s: float) -> Mapping[Thing, bool]:
    """A run that failed elsewhere fails here too, with the error itself."""
    if row["status"] == batches.SET_ASIDE:
        raise TwinError(f"replication {row['replication']} of {scenario.scenario.name}: {row['error']}")
    return _finished(played(scenario, row["replication"]).run, by_s)


def _finished(run: Run, by_s: float) -> dict[Thing, bool]:
    """Whether each visit that was requested by then, and each study, was through; a visit that is repeated is one."""
    table = visits(run)
    table = table[table["requested_s"] <= by_s]
    found: dict[Thing, bool] = {}
    names = table["visit"].astype(str).str.partition("#")[0]
    done = table["scanned"] & (table["ended_s"] <= by_s)
    for study, visit, is_done in zip(table["study"].astype(str), names, done, strict=True):
        found[study, visit] = found.get((study, visit), False) or bool(is_done)
    for study, visit in list(found):
        found[study, None] = found.get((study, None), True) and found[study, visit]
    return found
