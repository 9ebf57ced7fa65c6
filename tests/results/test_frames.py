"""The log as tables: same rows, names sorted, Arrow and back without loss."""

import numpy as np
import pandas as pd
import pyarrow as pa

from twin.facility.log import Log
from twin.results.frames import arrow, frames, from_arrow, involved_arrow, to_arrow
from twin.results.run import with_quantities


def test_rows_and_names_are_those_of_the_log(story):
    story.start(60.0, "clean", "own", "s1", task="cleaning", person="zoe", room="a room")
    story.happen(90.0, "delivery", vial=("v1", {"activity_bq": 5.0}))
    events, involved = frames(story.log)
    assert events["time_s"].tolist() == [60.0, 90.0]
    assert events["step"].tolist() == ["clean", "delivery"]
    assert events["visit"].isna().all()
    assert involved["thing"].tolist() == ["zoe", "a room", "v1"]
    assert involved["activity_bq"].tolist()[2] == 5.0
    assert involved["activity_bq"].isna().tolist() == [True, True, False]


def test_all_name_columns_share_one_sorted_set_of_names(story):
    story.start(60.0, "clean", "own", "s1", task="cleaning", person="zoe")
    story.log.codes["never used"]
    events, involved = frames(story.log)
    names = events["phase"].cat.categories
    assert names.tolist() == sorted(names) == ["clean", "cleaning", "own", "person", "s1", "start", "zoe"]
    assert involved["thing"].cat.categories is names


def test_an_empty_log_has_empty_tables():
    events, involved = frames(Log())
    assert len(events) == len(involved) == 0
    again = from_arrow(*arrow(Log()))
    assert len(again[0]) == len(again[1]) == 0


def test_arrow_names_are_dictionaries_and_nan_is_null(day):
    table = to_arrow(day.involved)
    assert pa.types.is_dictionary(table["thing"].type)
    assert table["activity_bq"].null_count == day.involved["activity_bq"].isna().sum() > 0
    assert to_arrow(day.events)["visit"].null_count > 0


def test_arrow_and_back_changes_nothing(day):
    events, things, known = from_arrow(to_arrow(day.events), to_arrow(day.involved))
    pd.testing.assert_frame_equal(events, day.events)
    pd.testing.assert_frame_equal(with_quantities(things, known), day.involved)


def test_arrow_in_parts_is_the_whole(day):
    assert pa.concat_tables(involved_arrow(day, 1000)) == to_arrow(day.involved)


def test_null_codes_stay_null(story):
    story.happen(0.0, "opening")
    events, _ = frames(story.log)
    assert events[["session", "visit", "study", "reason", "task"]].isna().all().all()
    assert np.array_equal(events["event"], [0])
