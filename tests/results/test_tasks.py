"""Steps from rows: requests, starts, ends, aborts; repeated, withdrawn, open."""

from twin.results.tasks import attendance, tasks


def only(run):
    (row,) = tasks(run).to_dict("records")
    return row


def test_a_step_that_waited(story, facts):
    story.request(10.0, "scan", "own", "s1", task="scan")
    story.start(25.0, "scan", "own", "s1", task="scan", reason="scanner", scanner="pet", bed="pet/bed-1", room="r")
    story.end(40.0, "scan", "own", "s1", task="scan")
    row = only(story.run(facts))
    assert (row["request_s"], row["start_s"], row["end_s"], row["wait_s"]) == (10.0, 25.0, 40.0, 15.0)
    assert (row["wait_cause"], row["scanner"], row["bed"], row["room"]) == ("scanner", "pet", "pet/bed-1", "r")
    assert not row["aborted"]
    assert not row["open"]


def test_a_step_that_did_not_wait(story, facts):
    story.start(25.0, "scan", "own", "s1")
    row = only(story.run(facts))
    assert row["wait_s"] == 0.0
    assert row["wait_cause"] != row["wait_cause"]
    assert row["open"]


def test_a_step_that_still_waits(story, facts):
    story.request(25.0, "scan", "own", "s1")
    row = only(story.run(facts))
    assert row["wait_s"] != row["wait_s"]
    assert row["open"]
    assert row["start_event"] == -1


def test_a_request_that_was_withdrawn(story, facts):
    story.request(25.0, "scan", "own", "s1", reason="person")
    story.abort(35.0, "scan", "own", "s1", reason="day_over")
    row = only(story.run(facts))
    assert (row["wait_s"], row["wait_cause"], row["abort_reason"], row["open"]) == (10.0, "person", "day_over", False)


def test_who_is_given_up_may_begin_at_once_what_was_asked_for_long_ago(story, facts):
    """The old request came to nothing; the start at 35 s was not waited for."""
    story.request(25.0, "undock", "own", "s1")
    story.start(35.0, "undock", "own", "s1")
    table = tasks(story.run(facts))
    assert table["start_s"].tolist()[1] == 35.0
    assert table["wait_s"].tolist()[1] == 0.0
    assert table["start_event"].tolist() == [-1, 1]


def test_a_step_that_is_repeated_is_two(story, facts):
    story.start(0.0, "inject", "own", "s1", visit="m1")
    story.abort(5.0, "inject", "own", "s1", visit="m1", reason="shift_end")
    story.request(5.0, "inject", "own", "s1", visit="m1")
    story.start(9.0, "inject", "own", "s1", visit="m1", reason="person")
    story.end(12.0, "inject", "own", "s1", visit="m1")
    story.start(12.0, "inject", "own", "s1", visit="m1")
    table = tasks(story.run(facts))
    assert table["start_s"].tolist() == [0.0, 9.0, 12.0]
    assert table["wait_s"].tolist() == [0.0, 4.0, 0.0]
    assert table["aborted"].tolist() == [True, False, False]
    assert table["open"].tolist() == [False, False, True]


def test_keys_are_apart(story, facts):
    for visit in ("m1", "m2", None):
        story.start(1.0, "inject", "own", "s1", visit=visit)
    story.start(1.0, "inject", "own", "s2", visit="m1")
    story.end(2.0, "inject", "own", "s1", visit="m2")
    table = tasks(story.run(facts))
    assert table["open"].tolist() == [True, False, True, True]


def test_effects_come_from_the_plans(day):
    table = tasks(day)
    assert set(table.loc[table["effect"] == "scan", "step"]) == {"pet"}
    assert table.loc[table["step"] == "report", "effect"].isna().all()


def test_attendance_is_no_task_and_is_handed_over(story, facts):
    for time, phase, who in (
        (0.0, "start", "a"),
        (5.0, "end", "a"),
        (5.0, "start", "b"),
        (8.0, "end", "b"),
        (9.0, "start", "a"),
    ):
        story.row(time, phase, "monitoring", "attendance", "own", "s1", attendant=who, animal=["m1"])
    run = story.run(facts)
    assert len(tasks(run)) == 0
    assert sorted(attendance(run).itertuples(index=False, name=None)) == [
        ("s1", "a", 0.0, 5.0),
        ("s1", "a", 9.0, facts.horizon_s),
        ("s1", "b", 5.0, 8.0),
    ]
