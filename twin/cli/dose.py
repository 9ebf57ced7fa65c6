"""``twin dose``: doses of people, rooms and animals, and the waste, of one run of a scenario."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from twin.cli.answers import answers
from twin.cli.output import NOTHING, show, table, write_json
from twin.cli.run import loaded, overrides
from twin.cli.words import AsJson, Days, Scenario, Seed, Sets

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from twin.results.result import Result

NOTES = (
    "Whole body is Hp(10), fingertip the most exposed 1 cm2 in Hp(0.07), ring what a ring reads, eye Hp(3).",
    "Fingers at a syringe, a vial or an animal: photons and electrons; trunk and eyes: photons only.",
    "Contamination of skin: of spills only, if there are any. Intake: of spills, and of radioiodine when handled.",
    "One run proves nothing: replicate.",
)
QUANTITIES = ("hp10_sv", "hp007_finger_sv", "hp007_ring_sv", "hp3_sv")


@answers
def dose(
    scenario: Scenario,
    seed: Seed = None,
    days: Days = None,
    sets: Sets = None,
    as_json: AsJson = False,
) -> int:
    """Play a scenario once and show the doses of people, rooms and animals, and the waste; nothing is kept."""
    from twin import api
    from twin.cli.progress import Bar

    resolved = loaded(scenario, sets or [], overrides(seed, days))
    with Bar(resolved.scenario.name) as bar:
        result = api.simulate(resolved, progress=bar)
    if as_json:
        write_json(_answer(result))
    else:
        show(_page(result))
    return 0


def _answer(result: Result) -> dict[str, Any]:
    """Everything as plain data, in SI."""
    tables, facts = result.tables, result.run.facts
    return {
        "scenario": result.name,
        "seed": result.seed,
        "days": facts.horizon_s / 86400.0,
        "jurisdiction": facts.dose.jurisdiction,
        "people": records(tables["dose_people"]),
        "year": records(tables["dose_year"]),
        "tasks": records(tables["dose_tasks"]),
        "budgets": records(tables["dose_budgets"]),
        "rooms": _rooms(result),
        "animals": records(tables["dose_animals"]),
        "waste": records(tables["dose_waste"]),
        "licence": records(tables["dose_licence"]),
        "effluent": records(tables["dose_effluent"]),
        "exhaust": records(tables["dose_exhaust"]),
        "pregnancy": records(tables["dose_pregnancy"]),
        "spills": records(tables["dose_spills"]),
        "intake": records(tables["dose_intake"]),
        "notes": list(NOTES),
    }


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain data; what is undefined is None."""
    return [{str(name): _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    item = getattr(value, "item", None)
    return value if item is None else item()


def _rooms(result: Result) -> list[dict[str, Any]]:
    """Decays in each room over the run, and the most activity at a moment."""
    import numpy as np

    from twin.results.ambient import contents

    run = result.run
    names = list(run.facts.rooms)
    return [
        {
            "room": names[room],
            "nuclide": nuclide,
            "what": kind.removeprefix("room_"),
            "decays_bq_s": float(held.integral(np.array([run.facts.horizon_s]))[0]),
            "most_bq": float(held.activity_bq.max(initial=0.0)),
        }
        for (room, nuclide, kind), held in sorted(contents(run).items())
    ]


def _page(result: Result) -> Iterator[RenderableType]:
    from rich.text import Text

    yield _people(result)
    yield _year(result)
    yield _tasks(result)
    yield _budgets(result)
    yield from _refused(result)
    if len(result.tables["dose_pregnancy"]):
        yield _pregnancy(result)
    if len(result.tables["dose_intake"]):
        yield _intake(result)
    yield _places(result)
    yield _animals(result)
    yield _waste(result)
    yield from _released(result)
    for note in NOTES:
        yield Text(note)


def _people(result: Result) -> Any:
    rows = [
        (
            row["person"],
            *(_micro(row[name]) for name in QUANTITIES),
            _micro(row["hp10_ambient_sv"]),
            _micro(row["hp10_attending_sv"]),
            f"{row['handled_bq'] / 1e6:.0f}",
        )
        for row in records(result.tables["dose_people"])
    ]
    heads = ("person", "whole body", "fingertip", "ring", "eye", "in rooms", "attending", "handled MBq")
    return table(
        heads, rows, right=range(1, 8), title=f"People of {result.name}: uSv by handling, and Hp(10) by being near"
    )


def _year(result: Result) -> Any:
    rows = [
        (
            row["person"],
            row["quantity"].removesuffix("_sv"),
            _milli(row["year_sv"]),
            _milli(row["low_sv"]),
            _milli(row["high_sv"]),
        )
        for row in records(result.tables["dose_year"])
        if row["quantity"] in ("hp10_sv", "hp007_finger_sv", "hp007_ring_sv") and row["year_sv"]
    ]
    return table(
        ("person", "quantity", "mSv a year", "low", "high"),
        rows,
        (2, 3, 4),
        "A year at this rate of whole weeks, by handling and by being near; an interval has three weeks",
    )


def _tasks(result: Result) -> Any:
    rows = [
        (row["step"], str(row["times"]), *(_micro(row[name] / max(1, row["times"])) for name in QUANTITIES))
        for row in records(result.tables["dose_tasks"])
    ]
    return table(("step", "times", "whole body", "fingertip", "ring", "eye"), rows, range(1, 6), "Each time: uSv")


def _budgets(result: Result) -> Any:
    rows = [
        (
            row["budget"],
            row["person"],
            row["period"],
            _milli(row["allowed_sv"]),
            _milli(row["most_sv"]),
            _milli(row["over_sv"]),
            NOTHING if row["reached_s"] is None else f"{row['reached_s'] / 86400.0:.0f} d",
        )
        for row in records(result.tables["dose_budgets"])
        if row["most_sv"]
    ]
    heads = ("budget", "person", "period", "allowed", "most", "over", "used up in")
    return table(heads, rows, range(3, 7), f"Budgets ({result.run.facts.dose.jurisdiction}): mSv")


def _refused(result: Result) -> Iterator[str]:
    """What the budgets cost, if they did."""
    lost, first = (result.kpis[name]["value"] for name in ("dose_not_done", "dose_days_to_refusal"))
    if lost and isinstance(first, float):
        yield f"{lost:.0f} visits were cancelled because of these budgets, the first after {first:.1f} days.\n"


def _pregnancy(result: Result) -> Any:
    rows = [
        (
            row["person"],
            f"{row['week_s'] / 86400.0:.0f}",
            *(_micro(row[name]) for name in ("handling_sv", "near_sv", "week_sv", "sum_sv", "left_sv")),
        )
        for row in records(result.tables["dose_pregnancy"])
    ]
    heads = ("person", "from day", "handling", "near", "week", "since declared", "left")
    return table(heads, rows, range(1, 7), "Pregnancy, week by week: uSv Hp(10)")


def _intake(result: Result) -> Any:
    rows = [
        (row["person"], row["nuclide"], f"{row['handled_bq'] / 1e6:.0f}", f"{row['breathed_bq']:.3g}",
         _micro(row["committed_sv"]))
        for row in records(result.tables["dose_intake"])
    ]  # fmt: skip
    heads = ("person", "nuclide", "handled MBq", "breathed Bq", "committed uSv")
    return table(heads, rows, range(2, 5), "Breathed of radioiodine that is drawn and injected")


def _released(result: Result) -> Iterator[Any]:
    """The fullest day of each nuclide: sewage, and exhaust air of the hot lab."""
    for name, title in (("dose_effluent", "Sewage"), ("dose_exhaust", "Exhaust air of the hot lab")):
        frame = result.tables[name]
        if len(frame):
            most = frame.sort_values("concentration_bq_per_m3", ascending=False).drop_duplicates("nuclide")
            rows = [
                (
                    row["nuclide"],
                    f"{row['concentration_bq_per_m3']:.3g}",
                    NOTHING if row["limit_bq_per_m3"] is None else f"{row['limit_bq_per_m3']:.3g}",
                    NOTHING if row["share_pct"] is None else f"{row['share_pct']:.2g}",
                )
                for row in records(most.sort_values("nuclide"))
            ]
            heads = ("nuclide", "Bq/m3", "limit (StrlSchV)", "% of it")
            yield table(heads, rows, range(1, 4), f"{title}: fullest day of each nuclide; limits are of a year's mean")


def _places(result: Result) -> Any:
    rows = [
        (row["room"], row["what"], row["nuclide"], f"{row['decays_bq_s'] / 3.6e9:.1f}", f"{row['most_bq'] / 1e6:.0f}")
        for row in _rooms(result)
    ]
    return table(("room", "what", "nuclide", "MBq h", "most MBq"), rows, (3, 4), "Rooms: what decayed there")


def _animals(result: Result) -> Any:
    frame = result.tables["dose_animals"]
    by = frame.groupby("study")
    rows = [
        (
            str(study),
            str(len(own)),
            str(int((own["all_within"] > 0).sum())),
            f"{own['injected_gy'].mean() * 1e3:.0f}",
            f"{own['ct_gy'].mean() * 1e3:.0f}",
            f"{own['total_gy'].max() * 1e3:.0f}",
            str(int(own["above_sublethal"].sum())),
        )
        for study, own in by
    ]
    heads = ("study", "animals", "all within", "injected", "CT", "most", "above sublethal")
    title = "Animals: mGy whole body, less what they void (not known: all within)"
    return table(heads, rows, range(1, 7), title)


def _waste(result: Result) -> Any:
    rows = [
        (
            f"{row['day_s'] / 86400.0:.0f}",
            row["nuclide"],
            f"{row['activity_bq'] / 1e6:.3g}",
            *(_days(row[f"{rule}_s"], row["day_s"]) for rule in ("ten_half_lives", "clearance", "survey")),
            row["binding"] or "none known",
        )
        for row in records(result.tables["dose_waste"])
    ]
    heads = ("day", "nuclide", "MBq that evening", "ten half-lives", "clearance", "survey", "binding")
    return table(heads, rows, range(2, 6), "Waste: days until each rule would let it go")


def _days(moment_s: float | None, day_s: float) -> str:
    return NOTHING if moment_s is None else f"{(moment_s - day_s) / 86400.0 - 1.0:.2f}"


def _micro(value_sv: float | None) -> str:
    return NOTHING if value_sv is None else f"{value_sv * 1e6:.3g}"


def _milli(value_sv: float | None) -> str:
    return NOTHING if value_sv is None else f"{value_sv * 1e3:.3g}"
