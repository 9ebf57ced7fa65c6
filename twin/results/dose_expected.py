"""What was expected of each step at which people handled activity, and how far that was passed.

As the clock foresaw it (`twin.facility.foreseen`): by the plan, or by what was there and the mean time of the step.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from twin.results.ambient import COLUMNS
from twin.results.run import Array, Run
from twin.results.tasks import taking_part, tasks

#: No step is shorter [s].
_TICK_S = 2.0**-10


def compared(run: Run, columns: dict[str, Any], task: Array) -> dict[str, Array]:
    """What was expected of each step, and how far it was passed.

    Who does a step again, or goes on with it, was expected to do it once.
    """
    animals = np.where(columns["visit"].codes >= 0, 1, _animals_at(run)[task])
    fixed, each, usual_s = _expected(run, columns["protocol"].codes, columns["step"].codes)
    again = _again(columns)
    lasted_s = columns["time_s"] - columns["start_s"]
    beyond = _beyond(lasted_s, usual_s, again) / np.maximum(lasted_s, _TICK_S)
    found = {}
    for column, name in enumerate(COLUMNS):
        dose = np.nan_to_num(columns[name])
        planned = np.where(again.first, fixed[:, column] + animals * each[:, column], 0.0)
        unknown = np.isnan(usual_s)  # of what hangs on the plan alone
        found[f"expected_{name}"] = np.where(unknown, planned, (1.0 - beyond) * dose)
        found[f"unpredicted_{name}"] = np.where(unknown, _beyond(dose, again.of_first(planned), again), beyond * dose)
    return found


class _Again(NamedTuple):
    """Rows of the same person, session, animal and step: the number of each group, and whether a row is its first."""

    group: Array
    first: Array

    def of_first(self, values: Array) -> Array:
        """The value of the first row of its group."""
        own = np.zeros(int(self.group.max(initial=-1)) + 1)
        own[self.group[self.first]] = values[self.first]
        return own[self.group]


def _again(columns: dict[str, Any]) -> _Again:
    codes = [np.asarray(columns[name].codes) for name in ("person", "session", "visit", "step")]
    _, first, group = np.unique(np.stack(codes, axis=1), axis=0, return_index=True, return_inverse=True)
    is_first = np.zeros(len(group), dtype=bool)
    is_first[first] = True
    return _Again(group.reshape(-1), is_first)


def _beyond(amount: Array, expected: Array, again: _Again) -> Array:
    """What of each row's amount is beyond what was expected of its group, the rows before it taken off first."""
    so_far = pd.Series(amount).groupby(again.group).cumsum().to_numpy()
    return np.maximum(0.0, so_far - expected) - np.maximum(0.0, so_far - amount - expected)


def _animals_at(run: Run) -> Array:
    """How many animals took part in each of `tasks`."""
    task, _ = taking_part(run, "animal")
    return np.bincount(task, minlength=len(tasks(run)))


def _expected(run: Run, plan: Array, step: Array) -> tuple[Array, Array, Array]:
    """Of each (plan, step), as codes: the fixed part, and that of each animal; the four doses [Sv].

    Third the mean time of a step that is foreseen when its session begins [s]; NaN of the others.
    """
    names, facts = [None, *run.names], run.facts.dose
    pairs, place = np.unique((plan.astype(np.int64) + 1) * len(names) + step + 1, return_inverse=True)
    named = [(names[pair // len(names)] or "", names[pair % len(names)] or "") for pair in pairs.tolist()]
    nothing = ((0.0,) * 4, (0.0,) * 4)
    said = [facts.predicted.get(plan, {}).get(step, nothing) for plan, step in named]
    usual_s = np.array([facts.usual_s.get(plan, {}).get(step, math.nan) for plan, step in named], dtype=float)
    table = np.array([[[value or 0.0 for value in four] for four in pair] for pair in said]).reshape(-1, 2, 4)
    return table[place, 0], table[place, 1], usual_s[place]
