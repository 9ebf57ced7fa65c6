"""Where animals were, when they slept, and which session had which bed."""

from __future__ import annotations

import pandas as pd

from twin.results.resources import bed_spans, stays
from twin.results.run import Run, codes_of, once
from twin.results.tasks import tasks
from twin.results.visits import anaesthesia, visits


@once
def animal_stays(run: Run) -> pd.DataFrame:
    """One row for each stay of an animal in a room.

    Returns
    -------
    DataFrame
        animal, visit, study, session, room, start_s, end_s; injected_s, injected_bq (of the visit; null: not injected).
    """
    number = run.positions(list(run.facts.rooms))[codes_of(tasks(run), "room")]
    visit, spans = stays(run, number)
    names = ["animal", "visit", "study", "session"]
    of = visits(run).iloc[visit].reset_index(drop=True)
    table = of[names].astype(object)
    table["room"] = [list(run.facts.rooms)[room] for room in spans.key.tolist()]
    table = table.assign(start_s=spans.start_s, end_s=spans.end_s, injected_s=of["injected_s"])
    table = table.assign(injected_bq=of["injected_bq"])
    kept = table[table["end_s"] > table["start_s"]]
    return kept.sort_values("start_s", kind="stable", ignore_index=True)


@once
def anaesthesias(run: Run) -> pd.DataFrame:
    """One row for each time that an animal was anaesthetised: animal, visit, study, session, start_s, end_s."""
    slept = anaesthesia(run)
    of = visits(run).iloc[slept.key][["animal", "visit", "study", "session"]].astype(object).reset_index(drop=True)
    return of.assign(start_s=slept.start_s, end_s=slept.end_s).sort_values("start_s", kind="stable", ignore_index=True)


@once
def bed_use(run: Run) -> pd.DataFrame:
    """One row for each session that had a bed: bed, scanner, session, animals (how many), start_s, end_s."""
    owner = [(bed, scanner) for scanner, facts in run.facts.scanners.items() for bed in facts.beds]
    session, spans = bed_spans(run, [bed for bed, _ in owner])
    table = pd.DataFrame([owner[bed] for bed in spans.key.tolist()], columns=["bed", "scanner"])
    table["session"] = run.named(session).astype(object)
    counts = visits(run)["session"].astype(object).value_counts()
    table["animals"] = table["session"].map(counts).fillna(0).astype(int)
    return table.assign(start_s=spans.start_s, end_s=spans.end_s).sort_values(
        "start_s", kind="stable", ignore_index=True
    )
