"""The pages, one line each. Navigation, routing, links, pictures of the pages and their tests are all made from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.access import ROLES, User


@dataclass(frozen=True, slots=True)
class Page:
    """A page. ``dashboard/callbacks/NAME.py`` makes it (`page`) and answers for it (`register`).

    Attributes
    ----------
    name : str
        As modules are called, ``hot_lab``.
    title, lead : str
        Its heading, and a sentence on what it is for.
    group : str
        Under which heading of the navigation it stands; empty: above all.
    icon : str
        Path of a drawing of 24 by 24, as SVG has it; lines of width 2.
    needs_run : bool
        Whether it shows a run of the store, which its address then names (``?run=FOLDER``).
    roles : tuple of str
        Who may open it.
    """

    name: str
    title: str
    lead: str
    group: str
    icon: str
    needs_run: bool = False
    roles: tuple[str, ...] = ROLES

    @property
    def path(self) -> str:
        """Where it is: ``/hot-lab``; the first page at ``/``."""
        return "/" if self.name == "start" else f"/{self.name.replace('_', '-')}"

    def is_for(self, user: User) -> bool:
        """Whether the user may open it."""
        return bool(user.roles & set(self.roles))


PLAN, RUN, KNOW = "Plan", "Look at a run", "Know"
PAGES: tuple[Page, ...] = (
    Page(
        "start", "Start", "What a preclinical imaging facility can do, and what would change it.",
        "", "M4 11l8-7 8 7M6 9v11h12V9M10 20v-6h4v6",
    ),
    Page(
        "what_if", "What if",
        "Change people, machines, deliveries or rules, play the same week again, and see what it does to the facility.",
        PLAN, "M4 7h9M17 7h3M4 17h3M11 17h9M15 4v6M9 14v6",
    ),
    Page(
        "compare", "Compare",
        "Two to six scenarios played with the same luck: what differs, by how much, and what cannot be concluded.",
        PLAN, "M6 21V10M12 21V4M18 21v-7M3 21h18",
    ),
    Page(
        "sweeps", "Sweeps and sizing",
        "Try many variants: what drives a figure, what is the cheapest facility that meets the targets, what binds.",
        PLAN, "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z",
    ),
    Page(
        "overview", "Overview", "The eight figures of a run, and what limits it.",
        RUN, "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z", needs_run=True,
    ),
    Page(
        "day", "Day", "Look at any day of a run: which animal is where, who does what, and how full each hour is.",
        RUN, "M4 6h9M8 12h9M5 18h6M3 3v18", needs_run=True,
    ),
    Page(
        "replay", "Replay", "The floor plan through a day: animals, people and activity as they move.",
        RUN, "M12 3a9 9 0 1 0 9 9M10 9l5 3-5 3zM21 4v5h-5", needs_run=True,
    ),
    Page(
        "hot_lab", "Hot lab", "Activity, volume and mass of each vial against time; generators, decay store, licence.",
        RUN, "M9 3h6M10 3v6l-5 10a1.5 1.5 0 0 0 1.4 2h11.2a1.5 1.5 0 0 0 1.4-2L14 9V3M8 14h8", needs_run=True,
    ),
    Page(
        "dose", "Dose", "Who got which dose by what, against limits and constraints; rooms and their classes of area.",
        RUN, "M12 10a2 2 0 1 0 0 4 2 2 0 0 0 0-4M12 3v4M5 17l3.5-2M19 17l-3.5-2M4 8a9 9 0 0 1 4-4M16 4a9 9 0 0 1 4 4",
        needs_run=True,
    ),
    Page(
        "animals", "Animals",
        "Anaesthesia, temperature, uptake, exclusions, severity; used of what is approved; enough for a comparison.",
        RUN, "M5 15c0-5 4-8 9-8h1a4 4 0 0 1 4 4v2M5 15a3 3 0 0 0 3 3h8a4 4 0 0 0 4-4M16 11h.01M12 18v2M8 18v2",
        needs_run=True,
    ),
    Page(
        "images", "Images", "What scans are worth: counts, resolution and noise by place, and the curve they lie on.",
        RUN, "M4 5h16v14H4zM4 15l5-5 4 4 3-3 4 4M15 9h.01", needs_run=True,
    ),
    Page(
        "report", "Report", "A run or a comparison on paper: choose what stands in it, print it or save it.",
        RUN, "M6 3h9l4 4v14H6zM9 12h7M9 16h7M9 8h3", needs_run=True,
    ),
    Page(
        "compliance", "Compliance",
        "Checks, calibrations, certificates, authorisations: what is done, what is due, what is overdue.",
        RUN, "M5 5h14v15H5zM5 9h14M9 3v4M15 3v4M9 14l2 2 4-4", needs_run=True,
    ),
    Page(
        "library", "Library",
        "What the twin knows: machines, tracers, species, limits and figures, each with its sources and its evidence.",
        KNOW, "M5 4h5v16H5zM10 4h4v16h-4zM15.5 5l3.5-1 3 15-3.5 1z",
    ),
)  # fmt: skip


def named(name: str) -> Page:
    """The page of a name."""
    return next(page for page in PAGES if page.name == name)


def at(path: str | None) -> Page | None:
    """The page of an address; None: there is none."""
    return next((page for page in PAGES if page.path.rstrip("/") == (path or "/").rstrip("/")), None)


def groups(user: User) -> Iterator[tuple[str, list[Page]]]:
    """The pages that a user may open, by the headings of the navigation."""
    seen = [page for page in PAGES if page.is_for(user)]
    for group in dict.fromkeys(page.group for page in seen):
        yield group, [page for page in seen if page.group == group]
