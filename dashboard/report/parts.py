"""What stands in a report: its parts, and the words and tables that they are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dashboard.figures import comparison, words

#: What a report says first of a run.
FIRST = ("animals_per_day", "lead_time_days", "wait_mean_min[all]", "overtime_min", "cost_total")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text; the columns numbered in `right` are numbers."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What stands in a report.

    Attributes
    ----------
    title, question : str
    answer : tuple of str
        Sentences; the first is the answer.
    figures : Table
        KPIs with their intervals.
    charts : tuple of (title, caption, figure)
    assumptions : Table or None
    sources : tuple of str
    stress : mapping
        Items of STRESS-DES.
    """

    title: str
    question: str
    answer: tuple[str, ...]
    figures: Table
    charts: tuple[tuple[str, str, Any], ...] = ()
    assumptions: Table | None = None
    sources: tuple[str, ...] = ()
    stress: Mapping[str, str] = field(default_factory=dict)


#: What may be left out of a report, and what it is called.
SECTIONS = {
    "figures": "Figures", "charts": "Charts", "assumptions": "Assumed numbers", "sources": "Sources",
    "stress": "STRESS-DES (the checklist for reports of simulations)",
}  # fmt: skip


def chosen(found: Report, sections: Iterable[str]) -> Report:
    """A report without the sections that are not wanted; title, question and answer stay."""
    wanted = set(sections)
    return replace(
        found,
        figures=found.figures if "figures" in wanted else Table((), ()),
        charts=found.charts if "charts" in wanted else (),
        assumptions=found.assumptions if "assumptions" in wanted else None,
        sources=found.sources if "sources" in wanted else (),
        stress=found.stress if "stress" in wanted else {},
    )


def in_order(figures: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What is asked first, first; single members and what is undefined last."""
    first = [name for name in FIRST if name in figures]
    return [(name, figures[name]) for name in (*first, *(name for name in figures if name not in first))]


#: Headings over the figures of a run, and how the names below each begin; what fits nowhere comes last.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("At a glance", FIRST),
    ("Throughput", ("scans_", "animals_imaged", "animals_per_day", "study_time", "backlog", "lead_time",
                    "acquisitions")),
    ("Waiting and hours", ("wait_", "overtime", "end_of_day", "reconstruction", "answer", "calls", "booked_time")),
    ("Use", ("utilisation", "scanner_time", "room_", "archive", "data_volume")),
    ("What went wrong", ("cancelled", "rebooked", "repeated", "deliveries_", "vials_", "failed", "first_pass",
                         "injected_within", "checks", "limit_violations", "calibration")),
    ("Animals", ("anaesthesia", "lowest", "hypo", "hyper", "unattended", "fasting", "death", "animal", "severity",
                 "uptake", "target_", "radioactive", "residual", "return_housing", "weight")),
    ("Images", ("nec", "quantification", "powered")),
    ("Activity", ("activity", "decay_store", "waste", "freezer")),
    ("Dose", ("dose", "spill")),
    ("People and compliance", ("compliance", "not_qualified", "qualified", "supervised")),
    ("Cost", ("cost", "recharge")),
)  # fmt: skip


def grouped(rows: Iterable[tuple[str, str, str, str]]) -> list[tuple[str, str, str, str]]:
    """Rows of figures under their headings, each a row of its first cell alone."""
    left = list(rows)
    found: list[tuple[str, str, str, str]] = []
    for title, beginnings in (*GROUPS, ("Other", ("",))):
        own = [row for row in left if row[3].startswith(beginnings)]
        left = [row for row in left if row not in own]
        found += [(title, "", "", ""), *own] if own else []
    return found


def assumptions(rows: Iterable[Any]) -> Table | None:
    """The assumed numbers as a table; None: there are none."""
    found = [row for row in rows if isinstance(row, Mapping)]
    if not found:
        return None
    lines = [
        (str(row.get("key") or row.get("name")), *(_text(row.get(name)) for name in ("value", "low", "high", "unit")))
        for row in found
    ]
    return Table(("assumed number", "value", "low", "high", "unit"), lines, (1, 2, 3))


def sources(found: Any) -> tuple[str, ...]:
    """The bibliography as lines."""
    if isinstance(found, Mapping):
        return tuple(f"{key}: {value if isinstance(value, str) else _entry(value)}" for key, value in found.items())
    return tuple(map(str, found))


def _entry(fields: Mapping[str, Any]) -> str:
    return ", ".join(str(fields[name]) for name in ("author", "title", "journal", "year", "doi") if fields.get(name))


def stress(said: Mapping[str, Any]) -> dict[str, str]:
    """The checklist of a run, with the machine that played it; none for who may not see it."""
    if "stress_des" not in said:
        return {}
    versions = ", ".join(f"{name} {number}" for name, number in said["versions"].items() if number)
    host = said["host"]
    return {**said["stress_des"], "5.4 system": f"{host['machine']}, {host['system']}; {versions}"}


def _text(value: Any) -> str:
    return "-" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def number(value: float | None) -> str:
    """A number for people; a dash for what is not defined."""
    return "-" if value is None or value != value else words.number(value)  # noqa: PLR0124 - NaN


def span(low: float | None, high: float | None) -> str:
    """From here to there."""
    return "-" if low is None or high is None else f"{number(low)} to {number(high)}"


def unit(name: str) -> str:
    """A unit for people; nothing for a count."""
    return comparison.unit_of(name)
