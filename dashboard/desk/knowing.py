"""What the twin knows: the rows of its catalogues, by the parts of the library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

#: A row of a catalogue: column -> value.
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the library.

    Attributes
    ----------
    name, title, help : str
    catalogue : str
        As ``twin list`` calls it; empty: it is no table of rows.
    keys : str
        Only rows whose key begins so.
    """

    name: str
    title: str
    help: str
    catalogue: str = ""
    keys: str = ""


PARTS: tuple[Part, ...] = (
    Part("figures", "Figures", "Every figure of a run: what it is, its unit, and which is better.", "kpis"),
    Part("scanners", "Scanners", "Machines of the catalogue; a scenario names one as its model.", "scanners"),
    Part("tracers", "Tracers", "Tracers and contrast agents, with the usual activity and times.", "tracers"),
    Part("species", "Species", "Body mass, temperature, blood, and what may be injected.", "species"),
    Part("limits", "Limits", "Legal limits and constraints that figures are held against.", "numbers", "limits."),
    Part("protocols", "Protocols", "Templates of sessions, and presets of them.", "protocols"),
    Part("validation", "Validation", "Comparisons with published numbers: what was met and what was missed."),
    Part("sources", "Sources", "The bibliography, with how many numbers each entry carries.", "sources"),
)


def part(name: str) -> Part:
    """The part of a name; the first if there is none."""
    return next((one for one in PARTS if one.name == name), PARTS[0])


@cache
def rows(chosen: Part) -> tuple[Row, ...]:
    """The rows of a part; they come with the package and change with it alone."""
    from twin import api

    found = api.listing(chosen.catalogue) if chosen.catalogue else []
    return tuple(row for row in found if str(row.get("key", "")).startswith(chosen.keys))


@cache
def cited() -> Mapping[str, str]:
    """The bibliography in words, by key."""
    from twin import api

    return {row["key"]: ", ".join(str(row[name]) for name in CITED if row[name]) for row in api.listing("sources")}


CITED = ("author", "title", "year", "doi_or_url")


@cache
def questions() -> tuple[tuple[str, str], ...]:
    """The bundled facilities: name and question."""
    from twin import api

    return tuple((row["name"], row["question"]) for row in api.listing("scenarios") if row["kind"] == "facility")
