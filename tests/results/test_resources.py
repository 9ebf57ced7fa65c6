"""What people, scanners, beds and rooms did: numbers by hand, and sums that must come out."""

from dataclasses import replace

import pytest

from twin.results.resources import IN_USE, STATES, beds, people, rooms, scanners

MIN, H = 60.0, 3600.0


def test_people(day):
    one, two = people(day).to_dict("records")
    assert (one["shift_s"], one["break_s"]) == (8 * H, 0.5 * H)
    assert one["busy_s"] == 100 * MIN + H  # attends 8:00-9:40, works 15:30-16:30
    assert one["busy_in_shift_s"] == 100 * MIN + 0.5 * H
    assert one["hands_on_s"] == (6 + 12 + 2 + 2) * MIN + H
    assert one["overtime_s"] == 0.5 * H
    assert one["utilisation_pct"] == pytest.approx(100 * 130 / 450)
    assert (two["busy_s"], two["overtime_s"]) == ((2 + 4 + 2 + 5) * MIN, 0.0)


def test_overtime_that_is_not_counted(day):
    run = replace(day, facts=replace(day.facts, overtime_counted=False), memo={})
    assert people(run)["overtime_s"].sum() == 0.0


def test_a_break_in_which_somebody_works_does_not_count(story, facts):
    story.happen(9 * H, "break_start", person="tech-1")
    story.start(9 * H, "work", "office", "o1", person="tech-1")
    story.happen(10 * H, "break_end", person="tech-1")
    story.end(16 * H, "work", "office", "o1")
    row = people(story.run(facts)).iloc[0]
    assert row["busy_in_shift_s"] == 6 * H
    assert row["utilisation_pct"] == pytest.approx(100 * 6 / 7)


def test_scanner_states(day):
    (row,) = scanners(day).to_dict("records")
    assert row["opening_s"] == 8 * H
    assert row["down_s"] == H
    assert row["imaging_s"] == 20 * MIN
    assert row["set_up_s"] == (12 + 2 + 2 + 5) * MIN
    assert row["waiting_person_s"] == (3 + 5) * MIN
    assert row["waiting_animal_s"] == 3 * MIN  # while they recover the bed cannot be cleaned
    assert row["used_s"] == 41 * MIN
    assert row["utilisation_pct"] == pytest.approx(100 * 41 / 480)


def test_scanner_states_sum_to_the_opening_time(day):
    table = scanners(day)
    assert table[[f"{state}_s" for state in STATES]].sum(axis=1).tolist() == pytest.approx(table["opening_s"].tolist())
    assert set(IN_USE) < set(STATES)


def test_a_scanner_that_waits_for_tracer_and_place(story, facts):
    story.start(8 * H, "dock", "fdg_static", "s1", animal="m1", scanner="pet", task="acquisition_programming")
    story.end(8 * H + 60, "dock", "fdg_static", "s1", task="acquisition_programming")
    story.request(8 * H + 60, "draw", "fdg_static", "s1", task="hot_lab")
    story.start(8 * H + 180, "draw", "fdg_static", "s1", task="hot_lab", reason="tracer")
    story.end(8 * H + 240, "draw", "fdg_static", "s1", task="hot_lab")
    story.request(8 * H + 240, "undock", "fdg_static", "s1", task="positioning")
    story.start(8 * H + 540, "undock", "fdg_static", "s1", task="positioning", reason="place", scanner="pet")
    story.end(8 * H + 600, "undock", "fdg_static", "s1", task="positioning")
    (row,) = scanners(story.run(facts)).to_dict("records")
    assert (row["waiting_tracer_s"], row["waiting_place_s"], row["waiting_animal_s"]) == (120.0, 300.0, 60.0)


def test_quality_control_and_upkeep_by_the_name_of_the_plan(story, facts):
    story.start(8 * H, "check", "pet/check", "c1", task="quality_control", scanner="pet")
    story.end(8.5 * H, "check", "pet/check", "c1", task="quality_control")
    story.start(9 * H, "service", "pet/service", "c2", task="repair")
    (row,) = scanners(story.run(facts)).to_dict("records")
    assert (row["quality_control_s"], row["down_s"]) == (0.5 * H, 7 * H)


def test_a_breakdown_without_repair_lasts(story, facts):
    story.happen(15 * H, "breakdown", scanner="pet")
    assert scanners(story.run(facts))["down_s"].tolist() == [H]


def test_beds(day):
    (row,) = beds(day).to_dict("records")
    assert (row["bed"], row["scanner"], row["occupied_s"]) == ("pet/bed-1", "pet", 52 * MIN)


def test_rooms(day):
    prep, scan, wake = rooms(day).to_dict("records")
    assert prep["animal_s"] == (58 + 62) * MIN
    assert prep["in_use_s"] == 64 * MIN
    assert prep["most_animals"] == 2
    assert prep["utilisation_pct"] == pytest.approx(100 * 120 / (4 * 480))
    assert scan["utilisation_pct"] == pytest.approx(100 * 39 / 480)  # places are not counted: 8:58 to 9:37
    assert wake["animal_s"] == 2 * 23 * MIN  # until the visits end


def test_home_frees_the_place(story, facts):
    story.happen(0.0, "visit_requested", plan="fdg_static", visit="m1/t1", animal="m1")
    story.start(8 * H, "recover", "fdg_static", "s1", visit="m1/t1", animal="m1", room="wake_room")
    story.end(8 * H + 60, "recover", "fdg_static", "s1", visit="m1/t1")
    story.start(8 * H + 60, "watch", "fdg_static", "s1", visit="m1/t1", animal="m1", room="wake_room")
    story.end(8 * H + 600, "watch", "fdg_static", "s1", visit="m1/t1")
    wake = rooms(story.run(facts)).iloc[2]
    assert wake["animal_s"] == 600.0


def test_a_site_without_anything(story, facts):
    story.happen(0.0, "opening")
    bare = replace(facts, people={}, scanners={}, rooms={}, opening=())
    run = story.run(bare)
    assert len(people(run)) == len(scanners(run)) == len(beds(run)) == len(rooms(run)) == 0
