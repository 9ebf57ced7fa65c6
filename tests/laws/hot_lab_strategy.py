"""Hot labs at random: deliveries enough, short or late; vials made in the house; receipt, checks, supplies."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Data = dict[str, Any]
SKILLS = ("hot_lab", "cleaning", "radiation_protection")
CHANCE = st.sampled_from([0.0, 0.3, 1.0])
SHARES = st.sampled_from([1.0, 0.6, {"uniform": [0.1, 0.9]}])


@st.composite
def deliveries(draw: st.DrawFn, tracers: tuple[str, ...]) -> Data:
    """Enough, short, or late."""
    result: Data = {}
    for i in range(draw(st.integers(1, 2))):
        arrives = draw(st.integers(5, 14))
        reference, expires = arrives + draw(st.integers(0, 2)), arrives + draw(st.integers(3, 9))
        result[f"d{i}"] = {
            "tracer": draw(st.sampled_from(tracers)) if i else "FDG",
            "activity": draw(st.sampled_from(["3 GBq", "30 MBq", "300 MBq", "1 GBq"])),
            "volume": draw(st.sampled_from(["1 ml", "1 ml", "3 ml", "20 ml"])),
            "days": draw(st.sampled_from(["daily", "mon"])),
            "arrives": f"{arrives:02}:10",
            "reference": f"{reference:02}:00" if reference > arrives else f"{arrives:02}:10",
            "expires": f"{expires:02}:30",
        }
        if draw(st.booleans()):
            result[f"d{i}"]["molar_activity"] = "50 GBq/umol"
        if draw(st.integers(0, 3)) == 0:
            delay = draw(st.sampled_from(["25 min", {"exponential": {"mean": "3 h"}}]))
            result[f"d{i}"] |= {"delay": delay, "short": draw(SHARES), "fails": draw(CHANCE)}
    return result


@st.composite
def hot_labs(draw: st.DrawFn, tracers: tuple[str, ...]) -> Data:
    """Deliveries, and seldom everything else."""
    said: Data = {"room": "lab", "deliveries": draw(deliveries(tracers))}
    if draw(st.integers(0, 3)) == 0:
        said["receipt"] = {"duration": "12 min", "skill": draw(st.sampled_from(SKILLS))}
    if draw(st.integers(0, 3)) == 0:
        check = {"days": "daily", "at": draw(hours()), "duration": "10 min", "fails": draw(st.sampled_from([0.0, 0.5]))}
        said["checks"] = {"constancy": check | {"skill": draw(st.sampled_from(SKILLS))}}
    if draw(st.integers(0, 2)) == 0:
        said |= draw(made())
    return said


def hours() -> st.SearchStrategy[str]:
    return st.sampled_from(["05:45", "07:30", "10:00", "13:20"])


@st.composite
def made(draw: st.DrawFn) -> Data:
    """A synthesis, a generator with its elution, and a kit that is labelled with what one of them gave."""
    column = {"parent": "Mo-99", "daughter": "Tc-99m", "activity": "5 GBq", "first": "2026-03-02 05:00"}
    column |= {"every": "2 d", "life": draw(st.sampled_from(["1 d", "3 d"])), "least_interval": "5 h"}
    column |= {"elutions": draw(st.integers(1, 3))}
    sources: list[Data] = [
        {"tracer": "FDG", "start": {"nuclide": "F-18", "activity": "8 GBq"}},
        {"tracer": "pertechnetate", "generator": "column"},
        {"tracer": "FDG", "draws": {"tracer": "FDG", "activity": "200 MBq"}, "uses": {"kit": 1}},
    ]
    preparations = {}
    for i, source in enumerate(draw(st.lists(st.sampled_from(sources), min_size=1, max_size=3))):
        preparations[f"m{i}"] = source | {
            "days": "daily", "at": draw(hours()), "duration": "35 min", "volume": "2 ml", "shelf_life": "5 h",
            "yield": draw(SHARES), "fails": draw(CHANCE), "skill": draw(st.sampled_from(SKILLS)),
        }  # fmt: skip
        if draw(st.booleans()):
            preparations[f"m{i}"]["test"] = {"duration": "10 min", "fails": draw(CHANCE), "skill": "hot_lab"}
    supplies = {"kit": {"stock": draw(st.integers(0, 2)), "order": 1, "lead_time": "20 h"}}
    return {"generators": {"column": column}, "preparations": preparations, "supplies": supplies}
