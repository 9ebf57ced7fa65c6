"""How likely a study, or a visit, is finished by a moment: the share of replications, with Wilson's interval."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from twin.errors import UsageError
from twin.experiments.playing import played
from twin.experiments.replicate import LEAST, Done
from twin.experiments.statistics import SHOWN_CONFIDENCE, Share, share
from twin.results.run import Run
from twin.results.visits import visits
from twin.scenario.loading import Resolved


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
    asked: Counter[tuple[str, str | None]] = Counter()
    reached: Counter[tuple[str, str | None]] = Counter()
    for number in range(count):
        for key, is_finished in _finished(played(scenario, number).run, by_s).items():
            asked[key] += 1
            reached[key] += is_finished
        if done is not None:
            done(number + 1, count)
    told = [key for key in asked if key[1] is None or asked[key] == count]
    chances = (Chance(*key, share(reached[key], asked[key], confidence)) for key in told)
    return tuple(sorted(chances, key=lambda one: (one.study, one.visit or "")))


def _finished(run: Run, by_s: float) -> dict[tuple[str, str | None], bool]:
    """Whether each visit that was requested by then, and each study, was through; a visit that is repeated is one."""
    table = visits(run)
    table = table[table["requested_s"] <= by_s]
    found: dict[tuple[str, str | None], bool] = {}
    names = table["visit"].astype(str).str.partition("#")[0]
    done = table["scanned"] & (table["ended_s"] <= by_s)
    for study, visit, is_done in zip(table["study"].astype(str), names, done, strict=True):
        found[study, visit] = found.get((study, visit), False) or bool(is_done)
    for study, visit in list(found):
        found[study, None] = found.get((study, None), True) and found[study, visit]
    return found
