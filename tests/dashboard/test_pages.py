"""Pages as components: every graph keeps its data here, a viewer sees no people, no address breaks them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from dash import dcc
from dash.development.base_component import Component

import dashboard
from dashboard import access, app, report
from dashboard.address import WhatIf
from dashboard.callbacks import charts as chart_callbacks
from dashboard.callbacks import routing
from dashboard.charts import day as day_charts
from dashboard.charts import what_if as what_if_charts
from dashboard.config import Config
from dashboard.desk.desk import Desk
from dashboard.jobs import Jobs, worker
from dashboard.pages import graph, what_if
from dashboard.runs import Runs

CHARTS = {chart.name: chart for chart in (*day_charts.CHARTS, *what_if_charts.CHARTS)}
VIEWER = access.User("eva", frozenset({access.VIEWER}))


@pytest.fixture(scope="module")
def desk(tmp_path_factory, baseline, changed):
    """A desk over a store with three runs; nobody works at its queue."""
    store = tmp_path_factory.mktemp("store")
    baseline.save(out=store / "base")
    baseline.save(store=store)  # the same under the name by which it is found again
    changed.save(out=store / "other")
    jobs = Jobs(store, 0, store)
    yield Desk(Config(store, store, jobs, Runs(store)))
    jobs.close()


@pytest.fixture(autouse=True)
def everybody():
    with access.acting(access.EVERYBODY):
        yield


def components(page):
    """A page and everything in it."""
    queue = [page]
    while queue:
        one = queue.pop()
        if isinstance(one, list | tuple):
            queue += one
        elif isinstance(one, Component):
            yield one
            queue.append(getattr(one, "children", None))


def written(page):
    return json.dumps(page, default=lambda one: one.to_plotly_json())


PAGES = [
    ("/what-if", "?run=other&against=base"),
    ("/what-if", ""),
    ("/day", "?run=base&day=1"),
    ("/day", "?run=base&view=week"),
]


@pytest.mark.parametrize(("path", "search"), PAGES)
def test_no_graph_offers_to_send_its_data_away(desk, path, search):
    graphs = [one for one in components(routing.page(desk, path, search)) if isinstance(one, dcc.Graph)]
    assert len(graphs) >= 2
    for one in graphs:
        assert one.config["showSendToCloud"] is False
        assert "sendChartToCloud" in one.config["modeBarButtonsToRemove"]


def test_graphs_are_made_in_one_place():
    makers = [path for path in Path(dashboard.__file__).parent.rglob("*.py") if "dcc.Graph(" in path.read_text("utf-8")]
    assert [path.name for path in makers] == [Path(graph.__file__).name]


@pytest.mark.parametrize("name", CHARTS)
def test_a_viewer_sees_no_people(desk, name):
    chart = CHARTS[name]
    said = {"run": "base", "against": "other", "day": 1, "view": "week"}
    with access.acting(VIEWER):
        shown = chart_callbacks.of(desk, said)
        drawn = "".join(chart.drawn(shown, narrow).to_json() for narrow in (False, True))
        seen = drawn + chart.caption(shown) + chart_callbacks.csv(chart, shown)["content"]
    assert "technologist" not in seen
    assert "animal_technician" not in seen.replace(" ", "_")


@pytest.mark.parametrize(("path", "search"), PAGES)
def test_no_page_names_a_person_to_a_viewer(desk, path, search):
    with access.acting(VIEWER):
        page = written(routing.page(desk, path, search))
    assert "technologist-1" not in page


def test_two_runs_are_compared(desk):
    shown = desk.showing.compared({"run": "other", "against": "base"})
    page = written(what_if.results(shown, desk.showing.definitions()))
    assert "The what-if against the baseline" in page
    assert shown.run.bottleneck in page
    assert shown.base.bottleneck in page
    assert what_if.OPENED in written(
        routing.page(desk, "/what-if", "?run=other&against=base")
    )  # nobody knows what it changed
    assert what_if.OPENED not in written(routing.page(desk, "/what-if", ""))
    assert "One run proves nothing" in page
    assert "NaN" not in page


def test_the_store_is_looked_into_before_anything_is_played(desk):
    opened = desk.asking.opened(WhatIf(), desk.forms.form(WhatIf()))
    assert opened.state.run.startswith("baseline-s2-r0-")
    assert (opened.jobs, opened.played) == ({}, {})


@pytest.mark.parametrize(
    ("path", "search"),
    [
        ("/what-if", "?scenario=no-such"),
        ("/what-if", "?scenario=../../etc/passwd"),
        ("/what-if", "?run=no-such&against=../x"),
        ("/what-if", "?job=1&base=2"),
        ("/what-if", "?staff.technologist.count=many&no.such.field=1"),
        ("/day", "?run=../../etc"),
        ("/day", "?run=base&day=999999&view=year"),
        ("/no-such-page", ""),
    ],
)
def test_any_address_shows_a_page(desk, path, search):
    assert isinstance(routing.first_sight(desk, path, search), str)
    assert written(routing.page(desk, path, search))


def play_here(jobs, asked):
    """As a worker plays what waits, without its process."""
    for job in asked:
        taken, order = jobs.take(None)
        said = worker.answer(order, lambda message: None)
        assert (taken, *said) == (job, "done")
        jobs.done(job, **said["done"])


def test_repetitions_say_how_sure_each_difference_is(tmp_path):
    jobs = Jobs(tmp_path, 0, tmp_path)
    try:
        here = Desk(Config(tmp_path, tmp_path, jobs, Runs(tmp_path)))
        asked = here.asking.ask("baseline", "staff: {technologist: {count: 2}}", None, 2.0, 3)
        play_here(jobs, asked.values())
        seen = here.asking.seen(asked)
        answer = here.experiments.answer(seen["sure"])
        page = written(what_if.results(here.showing.compared(seen), here.showing.definitions(), answer))
        with access.acting(VIEWER):
            hidden = here.experiments.answer(seen["sure"])
    finally:
        jobs.close()
    assert "What can be concluded" in page
    assert "3 repetitions" in page
    assert "One run proves nothing" not in page
    cost = next(one for one in answer["differences"] if one["kpi"] == "cost_total")
    assert cost["low"] <= cost["difference"] <= cost["high"] < 0.0, "one salary less"
    together = [one for one in answer["differences"] if one["confidence"] > answer["confidence"]]
    assert len(together) == answer["together"] == len(answer["sentences"]), "what is told is what holds together"
    assert f"{100 * together[0]['confidence']:.4g} % interval" in " ".join(answer["sentences"])
    assert f"{answer['together']} in all, hold together with 95 %" in report.html(answer)
    assert "technologist-1" in str(answer)
    assert "technologist-1]" not in str(hidden["differences"])
    assert len(hidden["differences"]) > 50


def test_the_first_figures_come_with_the_page_itself(desk):
    """Without a script; they are those that the page shows when it is there."""
    client = app.create(desk.config).server.test_client()
    alone, both = (client.get(path).text for path in ("/what-if", "/what-if?run=other&against=base"))
    assert "baseline, as it is" in alone
    assert "what-if against the baseline" in both
    shown = desk.showing.shown("other", "base")
    for one in what_if.headlines(shown, desk.showing.definitions()):
        assert f'data-kpi="{one.key}"' in both
        assert one.difference_text in both
    assert "<!--" not in alone
    assert 'id="first"' not in client.get("/what-if?run=nosuch").text
    assert 'id="first"' not in client.get("/day").text


def test_first_figures_run_nothing(tmp_path):
    jobs = Jobs(tmp_path, 0, tmp_path)
    try:
        text = app.create(Config(tmp_path, tmp_path, jobs, Runs(tmp_path))).server.test_client().get("/what-if").text
        assert 'id="first"' not in text
        assert not jobs.listing()
    finally:
        jobs.close()


def test_what_cannot_be_answered_is_one_line(desk, caplog):
    client = app.create(desk.config).server.test_client()
    junk = ["null", "[]", '{"output": 1}', '{"output": "nosuch.children", "inputs": [], "changedPropIds": []}']
    for body in junk:
        answer = client.post("/_dash-update-component", data=body, content_type="application/json")
        assert answer.status_code == 500
        assert answer.text == "This request cannot be answered.\n"
    assert len(caplog.messages) == len(junk)
    assert all(len(message.splitlines()) == 1 for message in caplog.messages)
    assert not any(record.exc_info for record in caplog.records)
    assert client.get("/assets/nosuch.css").status_code == 404


def test_without_runs_day_shows_the_way(tmp_path):
    jobs = Jobs(tmp_path, 0, tmp_path)
    page = written(routing.page(Desk(Config(tmp_path, tmp_path, jobs, Runs(tmp_path))), "/day", ""))
    jobs.close()
    assert "There is no run to look at yet" in page


def test_the_app_loads_nothing_from_elsewhere(desk):
    made = app.create(desk.config)
    assert made.config.serve_locally
    assert "http" not in made.index_string
    assert '<html lang="en">' in made.index_string
