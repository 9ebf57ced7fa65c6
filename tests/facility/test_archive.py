"""An archive of data that gets full."""

from __future__ import annotations

from typing import Any

import pytest

from tests.laws import laws
from tests.laws.log_view import View
from tests.laws.running import site_of
from tests.laws.test_state import in_parts, rows
from tests.scanners.sites import site
from twin.facility.world import play
from twin.scenario.loading import load_data

Data = dict[str, Any]


def scanned(**archive: Any) -> Data:
    """Four animals each morning, 0.3 GB for each, and 2 GB free."""
    made = site({"one": {"template": "mri_anatomical"}}, {"mri": {"modality": "mri", "room": "suite", "hotel": 4}})
    dates = [f"2026-03-0{day} 08:00" for day in range(2, 6)]
    made["studies"] = {"mice": {"protocol": "one", "arrival": {"dates": dates, "batch": 4}}}
    made["archive"] = {"capacity": "20 GB", "filled": "90 %"} | archive
    made["policies"] |= {"attempts": 9}
    return made | {"days": 9, "opening": {"hours": {"daily": "07:00-20:00"}}}


WAITS = {"full": "wait", "more": "1 TB", "more_after": "50 h"}


def test_no_scan_begins_for_which_there_is_no_room() -> None:
    """Six animals fit; the rest is booked again until what was asked for is there."""
    found = site_of(scanned(**WAITS))
    view = View(found, play(found))
    (full,), (more,) = (list(view.happenings(word)) for word in ("archive_full", "archive_extended"))
    assert more.time_s - full.time_s == pytest.approx(50 * 3600.0)
    done = [row.time_s for row in view.happenings("visit_completed")]
    assert len([time_s for time_s in done if time_s < full.time_s]) <= 6
    assert not [time_s for time_s in done if full.time_s + 6 * 3600.0 < time_s < more.time_s]
    assert len(done) == 16
    assert {row.reason for row in view.happenings("visit_cancelled")} == {"archive"}
    for each in laws.LAWS:
        each(view)
    assert in_parts(scanned(**WAITS), [full.time_s - 60.0, full.time_s + 60.0, more.time_s + 60.0]) == rows(play(found))


def test_by_default_scans_go_on() -> None:
    found = site_of(scanned())
    view = View(found, play(found))
    assert len(list(view.happenings("visit_completed"))) == 16
    assert not list(view.happenings("archive_full", "archive_extended"))


@pytest.mark.parametrize(("full", "words"), [("wait", "no session that scans begins"), ("ignore", "scans go on")])
def test_check_says_when_the_run_fills_it(full: str, words: str) -> None:
    (warning,) = load_data(scanned(full=full)).warnings
    assert warning.path == "archive.capacity"
    said = "full after about 3.75 days: 2 GB of it are free, and the studies ask for scans of 0.533 GB a day; then "
    assert said + words in str(warning)
    assert load_data(scanned(full=full, filled="10 %")).warnings == ()
