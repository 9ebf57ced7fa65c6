"""What a site can never hold."""

from __future__ import annotations

import pytest

from twin.errors import ScenarioError

OWN = """
protocols:
  own:
    plan:
      - {step: gather, task: preparation, duration: 5 min, place: pen}
      - for_each_animal:
          - {step: weigh, task: preparation, duration: 5 min, place: scales}
      - {step: look, task: scan, duration: 5 min, scanner: pet, place: recovery}
rooms: {pens: {kind: pen, places: 3}, scales: {kind: scales, places: 4}}
studies: {tumour: {protocol: own}}
"""


@pytest.mark.parametrize(
    ("patch", "words"),
    [
        ("rooms: {prep: {places: 3}}", "step bring takes 4 animals of one bed to rooms of kind preparation at once, "),
        ("rooms: {prep: {places: 3}}", "3 places there: it can never start; have more places, or a smaller hotel "),
        ("rooms: {uptake: {places: 1}}", "rooms of kind uptake at once, and the site has 1 place there"),
        (OWN, "step gather takes 4 animals"),
    ],
)  # fmt: skip
def test_more_animals_than_places(patched, patch, words):
    with pytest.raises(ScenarioError) as caught:
        patched(patch)
    (problem,) = caught.value.problems
    assert words in str(problem)
    assert problem.path.startswith("protocols.")


@pytest.mark.parametrize(
    "patch",
    [
        "{rooms: {prep: {places: 3}, more: {kind: preparation}}}",
        "{rooms: {prep: {places: 3}}, studies: {tumour: {hotel: 3}}}",
        "{rooms: {prep: {places: 3}}, scanners: {pet: {hotel: 3}}}",
        "{rooms: {prep: {places: 3}}, policies: {animals_per_attendant: 3}}",
        "{rooms: {prep: {places: 3}}, studies: {tumour: {animals: 3}}}",
        "{rooms: {prep: {places: 3}}, studies: null}",
        """
        rooms: {prep: {places: 1}, uptake: {places: 1}, recovery: {places: 1}}
        policies: {hotel_wait: 0 h}
        studies: {tumour: {animals: null, arrival: {dates: null, poisson: {rate: 1/h}}}}
        """,
        """
        rooms: {prep: {places: 1}, uptake: {places: 1}, recovery: {places: 1}}
        studies:
          tumour:
            animals: null
            arrival:
              dates: null
              bookings:
                - {animal: a, time_point: t1, start: 2026-03-02 09:00}
                - {animal: b, time_point: t1, start: 2026-03-02 12:00}
        """,
    ],
)
def test_as_many_places_as_animals(patched, patch):
    patched(patch)


def test_animals_one_by_one_that_keep_their_places_close_a_circle(patched):
    with pytest.raises(ScenarioError, match="place in scales -> place in scales"):
        patched(OWN.replace("places: 3", "places: 4").replace("{kind: scales, places: 4}", "{kind: scales, places: 2}"))


TWO = """
protocols:
  own:
    plan:
      - {step: lift, task: other_service, duration: 5 min, people: %s}
"""


@pytest.mark.parametrize(
    ("people", "staff", "words"),
    [
        ("[imaging, imaging]", "{technologist: {count: 1}}", "step lift needs 2 people at once (imaging and imaging)"),
        ("[imaging, [injection, cleaning]]", "{technologist: {count: 1}}", "and the site has 1 of them"),
        ("[imaging, analysis, imaging]", "{technologist: {count: 1}, r: {role: researcher}}", "needs 3 people"),
        ("[imaging, imaging]", "{technologist: {count: 1}, r: {role: researcher}}", None),
        ("[imaging, flying]", "{technologist: {count: 1}}", "nobody has it"),
    ],
)
def test_more_people_than_there_are(patched, people, staff, words):
    patch = TWO % people + f"staff: {staff}"
    if words is None:
        patched(patch)
        return
    with pytest.raises(ScenarioError) as caught:
        patched(patch)
    (problem,) = caught.value.problems
    assert words in str(problem)


@pytest.mark.parametrize(("patch", "path"), [("scanners: {pet: {hotel: 6}}", "scanners.pet.hotel"),
                                             ("studies: {tumour: {hotel: 6}}", "studies.tumour.hotel")])  # fmt: skip
def test_a_hotel_that_nobody_can_attend_warns(patched, patch, path):
    (warning,) = patched(patch).warnings
    assert (warning.path, "attends at most 5" in str(warning)) == (path, True)
