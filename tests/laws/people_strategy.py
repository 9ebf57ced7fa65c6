"""What people may do, drawn by Hypothesis: certificates, training, experience, booked time, on-call duty, users."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Data = dict[str, Any]
SKILLS = ("animal_care", "animal_handling", "anaesthesia", "injection", "hot_lab", "imaging", "cleaning")
DATES = ("2026-03-01", "2026-03-02", "2026-03-03")
MOMENTS = ("2026-03-02 09:00", "2026-03-03 07:30", "2026-03-03 15:00")


@st.composite
def certificate(draw: st.DrawFn) -> Data:
    skills = draw(st.lists(st.sampled_from(SKILLS), min_size=1, max_size=3, unique=True))
    said: Data = {"expires": draw(st.sampled_from(DATES)), "skills": skills}
    if draw(st.booleans()):
        said["renewal"] = {"at": draw(st.sampled_from(MOMENTS)), "course": "2 h", "valid_for": "20 h"}
    return said


def add_people(draw: st.DrawFn, data: Data) -> None:
    """Say more of the people of a scenario."""
    for name, person in data["staff"].items():
        person.update(draw(standing(person)))
        if name != "p0" and draw(st.booleans()):
            person["studies"] = ["study0"]
        elif draw(st.booleans()):
            hours = draw(st.sampled_from(("always", {"daily": "18:00-24:00"})))
            person.update(on_call=hours, response="20 min")
    study = data["studies"]["study0"]
    if any("studies" in person for person in data["staff"].values()):
        study["service"] = draw(st.sampled_from(("full", "assisted", "self_service")))
    study["out_of_hours"] = draw(st.booleans())
    if draw(st.booleans()):
        data["authorisations"]["facility"] = {"permit": {"expires": draw(st.sampled_from(DATES))}}
    for licence in data["authorisations"].get("sources", {}).values():
        licence["expires"] = draw(st.sampled_from(DATES))


@st.composite
def standing(draw: st.DrawFn, person: Data) -> Data:
    """What a person holds, learns, has done and has booked."""
    said: Data = {}
    if draw(st.booleans()):
        said["certificates"] = {"card": draw(certificate())}
    learns = [skill for skill in SKILLS if skill not in person.get("skills", SKILLS)]
    if learns and draw(st.booleans()):
        said["training"] = {draw(st.sampled_from(learns)): {"supervised": draw(st.integers(1, 3))}}
    if draw(st.booleans()):
        tasks = draw(st.lists(st.sampled_from(("injection", "positioning", "preparation")), max_size=2, unique=True))
        said["experience"] = {task: draw(st.sampled_from((0, 15, 99))) for task in tasks}
    if draw(st.booleans()):
        at = draw(st.sampled_from(("08:00", "12:30")))
        said["education"] = {"course": {"days": "daily", "at": at, "duration": "1 h"}}
    return said
