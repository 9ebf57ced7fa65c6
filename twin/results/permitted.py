"""What animals may be used for and may go through: projects with their animals, limits of studies."""

from __future__ import annotations

from typing import Any

import pandas as pd

from twin.results.run import Run, once
from twin.results.visits import visits


@once
def projects(run: Run) -> pd.DataFrame:
    """One row for each project: project, studies (names), used (animals whose first visit began), approved."""
    table = visits(run)
    begun = table[table["started_s"].notna()]
    project_of = {name: own.project for name, own in run.facts.animals.items()}
    used = begun.groupby(begun["study"].astype(object).map(project_of))["animal"].nunique().to_dict()
    rows = [
        (name, ", ".join(study for study, own in project_of.items() if own == name), int(used.get(name, 0)), int(most))
        for name, most in run.facts.approved.items()
    ]
    return pd.DataFrame(rows, columns=["project", "studies", "used", "approved"])


@once
def study_limits(run: Run) -> pd.DataFrame:
    """One row for each study: what its animals should not pass.

    Returns
    -------
    DataFrame
        study, species, project, severity (that the project allows), anaesthesia_soft_s (longest time asleep in a
        visit), normal_degc, cold_degc, hot_degc (hypothermic below, over-heated above).
    """
    rows: list[dict[str, Any]] = [
        {
            "study": name,
            "species": own.species,
            "project": own.project,
            "severity": own.severity,
            "anaesthesia_soft_s": run.facts.anaesthesia_soft_s,
            "normal_degc": own.warmth.normal_degc,
            "cold_degc": own.warmth.cold_degc,
            "hot_degc": own.warmth.hot_degc,
        }
        for name, own in run.facts.animals.items()
    ]
    columns = "study species project severity anaesthesia_soft_s normal_degc cold_degc hot_degc"
    return pd.DataFrame(rows, columns=columns.split())
