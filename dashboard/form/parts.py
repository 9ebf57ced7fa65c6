"""Which keys of a scenario the form shows, in which part, and what their counts count."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the form.

    Attributes
    ----------
    name, title, help : str
    path : tuple of str
        Where its keys stand in a scenario; ``*`` is every name of a map.
    keys : tuple of str
        The keys shown; none: all of them.
    opened : bool
        Whether it is open at first.
    folded : bool
        Whether all of it stands folded away, so that none is always shown.
    """

    name: str
    title: str
    help: str
    path: tuple[str, ...]
    keys: tuple[str, ...] = ()
    opened: bool = False
    folded: bool = False


PARTS: tuple[Part, ...] = (
    Part(
        "people",
        "People",
        "How many work, and when.",
        ("staff", "*"),
        ("count", "shift", "injection_level"),
        opened=True,
    ),
    Part(
        "scanners",
        "Scanners and hotels",
        "How many machines, their beds, and the animals on one bed.",
        ("scanners", "*"),
        ("count", "beds", "hotel"),
        opened=True,
    ),
    Part(
        "deliveries",
        "Tracer deliveries",
        "What arrives, how much of it, and when.",
        ("hot_lab", "deliveries", "*"),
        ("activity", "volume", "days", "arrives", "reference", "expires"),
    ),
    Part("rooms", "Rooms", "How many animals each takes.", ("rooms", "*"), ("places", "temperature")),
    Part("protocols", "Protocols", "What each animal gets, and when.", ("protocols", "*"), ("activity", "uptake")),
    Part("studies", "Studies", "Which goes first, how it uses beds.", ("studies", "*"), ("priority", "hotel")),
    Part("demand", "Demand", "How many animals come with each request.", ("studies", "*", "arrival"), ("batch",)),
    Part("opening", "Opening hours", "When the facility is open.", ("opening",), ("hours",)),
    Part(
        "policies",
        "Rules of the house",
        "How visits are booked, and what is done when something goes wrong.",
        ("policies",),
    ),
    Part("dose", "Dose rules", "Whose limits hold, and whether they bind.", ("dose",), ("jurisdiction", "limits_bind")),
    Part(
        "prices",
        "Prices",
        "What things cost, and what a scan brings in.",
        ("prices",),
        ("overtime_factor", "recharge_per_scan"),
    ),
    Part("hot_lab", "Hot lab", "Receipt, checks, generators, preparations, supplies.", ("hot_lab",), folded=True),
    Part(
        "permits",
        "Authorisations and licences",
        "Of projects, of the facility, of sources.",
        ("authorisations",),
        folded=True,
    ),
    Part("hygiene", "Hygiene", "Who comes after whom, and what a contamination costs.", ("hygiene",), folded=True),
    Part("housing", "Radioactive housing", "When animals may leave it.", ("housing",), folded=True),
    Part("waste", "Waste", "Decay store and freezer: places, what is in them, who fetches.", ("waste",), folded=True),
    Part("floor_plan", "Floor plan", "Where rooms, walls and doors are.", ("floor_plan",), folded=True),
    Part("targets", "Targets", "What the figures should be.", ("budgets",), folded=True),
    Part("compute", "Computers", "For reconstruction.", ("compute",), folded=True),
    Part("archive", "Archive", "Where data are kept.", ("archive",), folded=True),
    Part(
        "numbers", "Numbers of your own", "Rows of the tables that this scenario replaces.", ("numbers",), folded=True
    ),
)

#: The field for everything that has no field of its own: YAML, laid over what the fields say.
EXTRA = ".yaml"

#: What a bare number counts, by the last two keys of its path (``*``: any name).
COUNTED: dict[tuple[str, str], str] = {
    ("staff", "count"): "people",
    ("scanners", "count"): "scanners",
    ("scanners", "beds"): "beds",
    ("scanners", "hotel"): "animals per bed",
    ("policies", "attempts"): "bookings",
    ("policies", "overbooking"): "sessions",
    ("rooms", "places"): "animals",
    ("studies", "priority"): "rank",
    ("studies", "hotel"): "animals per bed",
    ("studies", "batch"): "animals per request",
    ("policies", "animals_per_attendant"): "animals",
}
#: What is written into a field of each kind.
WRITTEN: dict[str, str] = {
    "choice": "choice",
    "switch": "yes or no",
    "week": "days and hours",
    "days": "days",
    "time": "hh:mm",
    "share": "share",
    "text": "text",
    "yaml": "YAML",
}
#: Keys that mean this when they are not set.
UNSET = {"count": 1}
