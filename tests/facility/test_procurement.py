"""Animals that are ordered or bred come in batches, settle, and then get their visits."""

from __future__ import annotations

from typing import Any

import pytest

from tests.laws import laws
from tests.laws.log_view import View
from tests.laws.running import site_of
from tests.laws.test_state import in_parts, rows
from tests.scanners.sites import site
from twin.errors import ScenarioError
from twin.facility.world import play
from twin.scenario.loading import load_data

Data = dict[str, Any]
DAY_S = 86400.0


def ordered(**procurement: Any) -> Data:
    """Seven mice are asked for on a Monday at eight."""
    made = site({"one": {"template": "mri_anatomical"}}, {"mri": {"modality": "mri", "room": "suite"}}, animals=7)
    made["studies"]["one"]["procurement"] = procurement
    return made | {"days": 20}


ORDER = {"lead_time": "2 d", "days": ["tue", "thu"], "at": "10:00", "batch": 4, "acclimatisation": "3 d"}


@pytest.fixture(scope="module")
def view() -> View:
    made = site_of(ordered(**ORDER))
    return View(made, play(made))


def test_batches_come_on_days_of_delivery_and_settle(view: View) -> None:
    """Ordered on Monday at 8, two days: Thursday at 10 brings four, Tuesday three; each settles for three days."""
    came = [(row.time_s / DAY_S, len(row.names("animal"))) for row in view.happenings("animals_delivered")]
    assert came == [(3.0 + 10.0 / 24.0, 4), (8.0 + 10.0 / 24.0, 3)]
    asked = [row.time_s / DAY_S for row in view.happenings("visit_requested") if "#" not in (row.visit or "")]
    assert asked == pytest.approx([6.0 + 10.0 / 24.0] * 4 + [11.0 + 10.0 / 24.0] * 3)


def test_laws_hold_and_the_run_can_be_continued(view: View) -> None:
    for each in laws.LAWS:
        each(view)
    assert in_parts(ordered(**ORDER), [2.0 * DAY_S, 3.5 * DAY_S, 7.0 * DAY_S]) == rows(play(view.site))


def test_bred_animals_come_in_litters() -> None:
    """A pair of mice has seven; they are born after twenty days and grow up for the age that is asked for."""
    made = site_of(ordered(breeding={"pairs": 1, "age": "6 weeks"}, acclimatisation="0 d")).studies["one"].procurement
    assert made is not None
    assert (made.batch, made.lead_time.mean / DAY_S, made.apart_s / DAY_S) == (7, 62.0, 20.0)


def test_animals_do_not_come_twice() -> None:
    with pytest.raises(ScenarioError, match="either ordered or bred"):
        load_data(ordered(breeding={"pairs": 1}, lead_time="2 d"))
