"""KPIs of what people may do: who may not, who learns, and what time is booked."""

from __future__ import annotations

import numpy as np

from twin.results.kpi import Kpi
from twin.results.run import Run, codes_of
from twin.results.tasks import happenings, role_rows, taking_part, tasks
from twin.results.throughput import mean

#: Tasks that are booked time.
BOOKED = ("training", "audit")


def not_qualified(run: Run) -> dict[str | None, float | None]:
    """Steps that waited because nobody who was there might do them, by the skill that was wanted."""
    rows = role_rows(run, "skill")
    event, thing = run.things["event"].to_numpy()[rows], codes_of(run.things, "thing")[rows]
    first = int(run.events["event"].iloc[0]) if len(run.events) else 0
    asked = run.column("phase")[event - first] == run.code("request")
    counts = np.bincount(thing[asked], minlength=len(run.names))
    by_skill: dict[str | None, float | None]
    by_skill = {skill: float(counts[run.code(skill)]) if run.code(skill) >= 0 else 0.0 for skill in run.facts.limited}
    return {None: float(len(np.unique(event[asked]))), **by_skill}


def supervised_pct(run: Run) -> float | None:
    """Share of the steps that people have done under supervision."""
    done = np.unique(taking_part(run, "person")[0])
    table = tasks(run)
    over = ~(table["open"] | table["aborted"]).to_numpy()
    learnt = np.unique(taking_part(run, "skill")[0])
    count = int(over[done].sum())
    return 100.0 * float(over[learnt].sum()) / count if count else None


def booked_time_h(run: Run) -> dict[str | None, float | None]:
    """Hours of people in training and audits."""
    table = tasks(run)
    task, _ = taking_part(run, "person")
    end = np.where(table["open"], run.facts.horizon_s, table["end_s"])
    hours = (end - table["start_s"].to_numpy())[task] / 3600.0
    kind = table["task"].astype(object).to_numpy()[task]
    return {word: float(hours[kind == word].sum()) for word in BOOKED}


def qualified_wait_mean_min(run: Run) -> float | None:
    """How long a step waits for which whoever is there has no certificate or no supervisor."""
    table = tasks(run)
    waited = table[table["wait_cause"].isin(["certificate", "supervisor"])]
    until = waited["start_s"].fillna(waited["end_s"]).fillna(run.facts.horizon_s)
    return mean((until - waited["request_s"]) / 60.0)


def calls_out_of_hours(run: Run) -> float:
    """How often somebody was called in."""
    return float(len(happenings(run, "called")))


KPIS: tuple[Kpi, ...] = (
    Kpi(
        "not_qualified",
        "Steps that waited because nobody who was there might do them: a certificate had ended, or they were still "
        "learning and nobody could supervise them; by the skill that was wanted (without: all).",
        "1",
        "lower",
        not_qualified,
        "skill",
    ),
    Kpi(
        "qualified_wait_mean_min",
        "How long such a step waited for somebody who may do it; mean over these steps.",
        "min",
        "lower",
        qualified_wait_mean_min,
    ),
    Kpi(
        "supervised_pct",
        "Share of the steps done by people that somebody did under supervision, to learn them.",
        "%",
        "none",
        supervised_pct,
    ),
    Kpi(
        "booked_time_h",
        "Hours that people spent in training and in audits.",
        "h",
        "none",
        booked_time_h,
        "kind",
    ),
    Kpi(
        "calls_out_of_hours",
        "How often somebody who was on call was called in, for a study that is done out of hours.",
        "1",
        "none",
        calls_out_of_hours,
    ),
)
