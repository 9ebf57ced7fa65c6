"""Charts show what the tables say, nothing more and nothing less."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pandas as pd
import pytest

from dashboard.figures import gantt, hours, lanes, palette, states, sweep, waits
from dashboard.figures.window import DAY_S, MOST_BARS, Window

SHADES = {"Closed, off shift", "Break", "Out of order"}


@pytest.fixture(scope="module", params=["day", "week"])
def window(request, baseline):
    return Window(baseline.run.facts.start, baseline.run.facts.horizon_s, 1, request.param)


@pytest.fixture(scope="module")
def drawn(baseline, window):
    tables = baseline.tables
    return gantt.figure(tables.timeline, tables.calendar, hours.things(tables.hours), window)


def bars(figure):
    """Every bar of a Gantt chart that is no shade: trace, row, start, length [s], text."""
    return pd.DataFrame(
        [
            {"trace": trace.name, "start": base, "length_s": length / 1000.0, "said": said}
            for trace in figure.data
            if trace.name not in SHADES
            for base, length, said in zip(trace.base, trace.x, trace.customdata, strict=True)
        ]
    )


def test_the_bars_are_the_tasks(baseline, window, drawn):
    timeline = baseline.tables.timeline
    due = window.clipped(timeline)
    shown = bars(drawn)
    assert len(shown) == len(due) > 100
    starts = pd.Timestamp(window.start) + pd.to_timedelta(due["start_s"], unit="s")
    assert sorted(pd.to_datetime(shown["start"])) == sorted(starts)
    assert shown["length_s"].sum() == pytest.approx((due["end_s"] - due["start_s"]).sum())


def test_a_bar_has_the_colour_of_its_task(baseline, window, drawn):
    due = window.of(baseline.tables.timeline)
    counts = due["task"].map(lambda task: palette.category_of(task).label).value_counts().to_dict()
    assert bars(drawn)["trace"].value_counts().to_dict() == counts


def test_there_are_few_traces(drawn):
    assert len(drawn.data) <= len(palette.CATEGORIES) + 1 + len(SHADES)


def test_a_bar_tells_its_animal_task_and_person(baseline, drawn):
    said = bars(drawn)["said"]
    injected = said[said.str.contains("Inject")]
    assert len(injected)
    assert injected.str.contains("Animals: ").all()
    assert injected.str.contains("People: technologist-").all()
    assert said.str.contains(r"\d\d:\d\d–\d\d:\d\d \(").all()


def test_bars_of_a_row_never_overlap_but_attendances(baseline, window):
    placed = gantt.bars(baseline.tables.timeline, window)
    for _, own in placed[placed["task"] != "attendance"].groupby(["kind", "thing", "lane"]):
        in_order = own.sort_values("start_s")
        assert (in_order["start_s"].to_numpy()[1:] >= in_order["end_s"].to_numpy()[:-1]).all()


def test_shades_and_the_calendar_fill_a_row(baseline, window, drawn):
    """Of a person's row, what is not shaded is the shift, within the hours shown."""
    first, last = (pd.Timestamp(edge) for edge in drawn.layout.xaxis.range)
    calendar = baseline.tables.calendar
    shift = calendar[(calendar["kind"] == "shift") & (calendar["thing"] == "animal_technician")]
    row = dict(zip(drawn.layout.yaxis.ticktext, drawn.layout.yaxis.tickvals, strict=True))["animal technician"]
    closed = next(trace for trace in drawn.data if trace.name == "Closed, off shift")
    shaded_s = sum(length / 1000.0 for length, y in zip(closed.x, closed.y, strict=True) if y == row)
    zero = pd.Timestamp(window.start)
    low, high = ((edge - zero).total_seconds() for edge in (first, last))
    there = (shift["end_s"].clip(upper=high) - shift["start_s"].clip(lower=low)).clip(lower=0).sum()
    assert shaded_s + there == pytest.approx(high - low)


def test_gaps_and_spans_make_the_whole():
    assert gantt.gaps([(2, 3), (5, 6)], 0, 10) == [(0, 2), (3, 5), (6, 10)]
    assert gantt.gaps([], 0, 10) == [(0, 10)]
    assert gantt.gaps([(-5, 20)], 0, 10) == []
    assert gantt.gaps([(0, 4), (2, 5)], 0, 5) == []


def test_lanes_are_as_few_as_can_be():
    table = pd.DataFrame({"start_s": [0, 0, 1, 2], "end_s": [2, 1, 3, 4]})
    assert lanes.lane_numbers(table) == [0, 1, 1, 0]


def test_the_gantt_never_draws_more_than_it_can(baseline):
    tables = baseline.tables
    many = pd.concat([tables.timeline] * 10, ignore_index=True)
    week = Window(baseline.run.facts.start, baseline.run.facts.horizon_s, 0, "week")
    assert len(many) > MOST_BARS
    assert len(bars(gantt.figure(many, tables.calendar, hours.things(tables.hours), week))) <= MOST_BARS
    assert f"first {MOST_BARS} of" in gantt.caption(many, week)


def test_names_cannot_inject_markup(baseline, window):
    tables = baseline.tables
    odd = tables.timeline.assign(animals="<img src=x>")
    figure = gantt.figure(odd, tables.calendar, hours.things(tables.hours), window)
    assert not bars(figure)["said"].str.contains("<img").any()


def test_a_table_has_units_and_the_same_rows(baseline, window):
    made = gantt.table(baseline.tables.timeline, window)
    assert len(made) == len(window.of(baseline.tables.timeline))
    assert {"start", "end", "duration_min", "animals", "people"} <= set(made)
    lasted = (made["end"] - made["start"]).dt.total_seconds() / 60.0
    assert (lasted - made["duration_min"]).abs().max() < 2 / 60


def test_shares_by_hour_are_those_of_the_table(baseline, window):
    summed = hours.by_hour(baseline.tables.hours, window)
    figure = hours.figure(baseline.tables.hours, window)
    cells = [value for row in figure.data[0].z for value in row if value is not None]
    assert sorted(cells) == pytest.approx(sorted(summed["share_pct"]))
    assert summed["used_s"].sum() == pytest.approx(
        hours.table(baseline.tables.hours, window)["used_min"].sum() * 60, rel=1e-3
    )


def test_states_of_a_scanner_fill_its_opening_hours(baseline, changed):
    runs = {"baseline": baseline.tables.scanners, "what-if": changed.tables.scanners}
    sums = states.shares(runs).groupby(["run", "scanner"])["share_pct"].sum()
    assert sums.to_list() == pytest.approx([100.0, 100.0])
    drawn_pct = sum(sum(trace.x) for trace in states.figure(runs).data)
    assert drawn_pct == pytest.approx(200.0)


def test_a_cause_for_which_somebody_waited_is_shown_and_summed():
    """Also one that the page does not know by name."""
    kpis = {
        f"wait_mean_min[{cause}]": {"value": value}
        for cause, value in (("person", 2.0), ("all", 9.0), ("licence", 3.0), ("oven_door", 4.0), ("supply", 0.0))
    }
    assert waits.causes({"run": kpis}) == [*waits.USUAL, "licence", "oven_door"]
    assert "9 min on average, longest for oven door" in waits.caption({"run": kpis})
    assert "for the licence" in waits.figure({"run": kpis}).data[0].y


def test_waits_are_the_kpis(baseline, changed):
    runs = {"baseline": baseline.kpis, "what-if": changed.kpis}
    table = waits.table(runs)
    told = table[table["run"] == "what-if"].set_index("cause")["wait_mean_min"]
    assert told["person"] == round(changed.kpis["wait_mean_min[person]"]["value"], 2)
    assert len(waits.figure(runs).data) == 2


def test_captions_carry_the_numbers(baseline, changed, window):
    tables = baseline.tables
    scans = window.of(tables.timeline)
    sessions = scans[(scans["kind"] == "scanner") & (scans["task"] == "scan")]["session"].nunique()
    assert f"{sessions} sessions" in gantt.caption(tables.timeline, window)
    assert "%" in hours.caption(tables.hours, window)
    imaging = 100 * tables.scanners["imaging_s"].iloc[0] / tables.scanners["opening_s"].iloc[0]
    assert f"imaging {imaging:.0f} %" in states.caption({"baseline": tables.scanners})
    assert "no visit" in waits.caption({"baseline": {}}).lower()


def test_a_day_on_which_nothing_happens_can_be_drawn(baseline):
    tables = baseline.tables
    sunday = Window(baseline.run.facts.start, baseline.run.facts.horizon_s, 6)
    none = tables.timeline.iloc[:0]
    figure = gantt.figure(none, tables.calendar, hours.things(tables.hours), sunday)
    assert [trace.name for trace in figure.data] == ["Closed, off shift"]
    assert "nothing" in gantt.caption(none, sunday)
    assert "nothing" in hours.caption(tables.hours, sunday)
    assert hours.figure(tables.hours, sunday).data


def test_without_people_there_are_no_rows_of_people(baseline, window):
    tables = {
        name: table[table["kind"] != "person"]
        for name, table in (("timeline", baseline.tables.timeline), ("hours", baseline.tables.hours))
    }
    calendar = baseline.tables.calendar
    own = tables["timeline"].assign(people="")
    figure = gantt.figure(own, calendar[calendar["kind"] == "opening"], hours.things(tables["hours"]), window)
    assert not [name for name in figure.layout.yaxis.ticktext if name.startswith("technologist")]
    assert "technologist" not in figure.to_json()


def test_a_window_stays_in_the_run():
    window = Window("2026-03-02T09:00:00", 7 * DAY_S, 0)
    assert window.days == 8  # it ends at nine on the eighth day
    assert window.first_s == -9 * 3600.0
    assert replace(window, day=-1).within().day == 0
    assert replace(window, day=100).within().day == 7
    week = replace(window, view="week")
    assert week.last_s - week.first_s == 7 * DAY_S
    assert replace(week, day=7).title == "Monday 9 March 2026"  # of the second week the run has one day


@pytest.mark.parametrize("day", range(7))
def test_a_week_goes_from_monday_to_sunday_as_far_as_the_run_has_it(day):
    of_a_week = Window("2026-03-02T00:00:00", 7 * DAY_S, day, "week")
    assert of_a_week.title == "Monday 2 March 2026 to Sunday 8 March 2026"
    from_wednesday = Window("2026-03-04T00:00:00", 14 * DAY_S, 0, "week")
    assert from_wednesday.title == "Wednesday 4 March 2026 to Sunday 8 March 2026"
    assert replace(from_wednesday, day=7).title == "Monday 9 March 2026 to Sunday 15 March 2026"
    assert replace(from_wednesday, day=13).title == "Monday 16 March 2026 to Tuesday 17 March 2026"


def test_figures_need_neither_dash_nor_the_twin():
    code = (
        "from dashboard.figures import comparison, gantt, hours, states, waits; import sys;"
        "print([name for name in sys.modules if name.split('.')[0] in "
        "('dash', 'dash_mantine_components', 'flask', 'scipy', 'numba', 'twin')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


COLUMNS = {"beds": [1, 1, 2, 2, 3, 3], "done": [4.0, 6.0, 8.0, 8.0, 8.0, None], "cost": [1.0, 1.0, 2.0, 4.0, 9.0, 9.0]}


def test_the_points_of_a_sweep_that_no_other_beats_are_its_front():
    rows = sweep.points(["beds"], ["done", "cost"], COLUMNS)
    assert [(row["beds"], row["done"], row["cost"]) for row in rows] == [(1, 5.0, 1.0), (2, 8.0, 3.0), (3, 8.0, 9.0)]
    assert [row["beds"] for row in sweep.front(rows, "done", "cost", {"cost": "lower"})] == [1, 2]
    assert [row["beds"] for row in sweep.front(rows, "done", "cost", {})] == [3]
    drawn = sweep.frontier(["beds"], "done", "cost", COLUMNS, {"cost": "EUR"}, {"cost": "lower"})
    assert [len(trace.x) for trace in drawn.data] == [2, 1]
    assert "lower is better" in drawn.layout.yaxis.title.text


def test_a_sweep_says_where_a_figure_is_best():
    assert sweep.best(["beds"], "cost", COLUMNS, "lower", "EUR").startswith("Cost is best (1 EUR) at beds 1 and worst")
    assert "at each of 1 points" in sweep.best(["beds"], "done", {"beds": [1], "done": [2.0]}, "higher", "1")


def test_every_point_of_a_sweep_is_a_line_that_needs_no_webgl():
    drawn = sweep.parallel(["beds"], ["done", "cost"], COLUMNS, {})
    assert [list(trace.y) for trace in drawn.data] == [[0.0, 0.0, 0.0], [0.5, 1.0, 0.25], [1.0, 1.0, 1.0]]
    assert {trace.type for trace in drawn.data} == {"scatter"}
