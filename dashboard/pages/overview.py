"""The page Overview: eight figures, the sentence that names what limits throughput, and two charts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc

from dashboard import ids
from dashboard.charts.common import Shown
from dashboard.charts.overview import CHARTS
from dashboard.figures import comparison, words
from dashboard.figures.comparison import Compared, Definitions, with_unit
from dashboard.pages import cards, graph, shell

MOST_CARDS = 8
#: What an address says of a run that shall be compared with none.
NOTHING = "none"
ONE_RUN = (
    "This is one run, one draw of luck: it has no intervals. Where the store also has replications of it (What if, or "
    "twin replicate with this store), each card shows the mean and its interval."
)
Estimates = Mapping[str, Any]


def body(shown: Shown, definitions: Definitions, estimates: Estimates) -> Sequence[Any]:
    """What the page shows."""
    made = [
        cards.card(one, more=[*_interval(one, estimates), *_targets(one, shown)])
        for one in headlines(shown, definitions)
    ]
    grid = dmc.SimpleGrid(made, cols={"base": 2, "lg": 4}, spacing="sm")
    note = [] if estimates else [dmc.Text(ONE_RUN, size="sm", c="dimmed", maw=760)]
    return [limits(shown), grid, *note, graph.panels(CHARTS)]


def headlines(shown: Shown, definitions: Definitions) -> list[Compared]:
    """At most eight figures; of the groups of scanners the busiest."""
    run, base = shown.run, shown.base
    groups = list(dict.fromkeys(run.tables["scanners"]["group"]))
    busiest = sorted(groups, key=lambda group: -_busy(run.kpis, group))[:1]
    found = comparison.headlines(run.kpis, base.kpis if base else None, definitions, busiest)
    return found[:MOST_CARDS]


def _busy(kpis: Mapping[str, Any], group: str) -> float:
    return float(kpis.get(f"utilisation_pct[{group}]", {}).get("value") or 0.0)


def _interval(one: Compared, estimates: Estimates) -> Iterator[Any]:
    found = estimates.get(one.key)
    if found is not None and found.low is not None:
        low = max(0.0, found.low) if found.least >= 0.0 else found.low  # what is never negative has no negative mean
        ends = words.ends(low, found.high)
        span = f"{ends[0]} to {ends[1]} {one.unit}".rstrip()
        said = f"Mean of {found.n} runs {with_unit(found.mean, '')}; 95 % interval {span}"
        yield dmc.Text(said, size="xs", c="dimmed", className="interval")


def _targets(one: Compared, shown: Shown) -> Iterator[Any]:
    for target in shown.run.targets.get(one.key, ()):
        met = {True: "✓ met", False: "✗ missed", None: "not known"}[target["met"]]
        said = f"Target: at {target['at']} {with_unit(target['bound'], one.unit)}, {met}"
        tone = {True: "better", False: "worse"}.get(target["met"], "")
        yield dmc.Text(said, size="xs", fw=600, className=f"difference {tone} target")


def limits(shown: Shown) -> Any:
    """The sentence that names what limits throughput."""
    said = shown.run.bottleneck or "This run does not say what limits its throughput."
    line = dmc.Text(said, size="lg", fw=600, className="bottleneck")
    return dmc.Paper(dmc.Stack([dmc.Text("What limits throughput", size="sm", c="dimmed"), line], gap=4), p="md",
                     withBorder=True)  # fmt: skip


def choices(shown: Shown, against: str, runs: Sequence[Mapping[str, Any]]) -> Sequence[Any]:
    """What the run is compared with."""
    options = [{"value": NOTHING, "label": "Nothing"}]
    options += [
        {"value": line["run"], "label": f"{line['label']} ({line['written']})"}
        for line in runs
        if line["run"] != shown.run.folder
    ]
    known = {option["value"] for option in options}
    value = against if against in known else NOTHING
    return [
        dmc.Select(
            id=ids.AGAINST_CHOICE, label="Compared with", value=value, data=options, allowDeselect=False,
            searchable=True, className="run-choice",
        )
    ]  # fmt: skip


def missing(text: str) -> Any:
    """What stands there when the other run cannot be shown."""
    return shell.trouble("The run to compare with cannot be shown", [text])
