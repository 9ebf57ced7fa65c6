"""Every callback of every page, asked by a viewer, by a manager, and with what only a hostile browser sends."""

import json
import re
from itertools import product

import pytest
from werkzeug.test import Client

from dashboard import app, contents, report
from dashboard.config import Config
from dashboard.guard import Guard
from dashboard.jobs import Experiment, Jobs, Request, Variant, worker
from dashboard.jobs import answers as answers_of_jobs
from dashboard.login import from_proxy
from dashboard.runs import Runs
from twin import api

PROXY = "10.0.0.5"
PEOPLE = {"technologist-1", "technologist-2", "technologist-3"}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def run(store):
    return api.simulate(api.load("baseline", days=7)).save(store=store).name


@pytest.fixture(scope="module")
def client(store, run):
    jobs = Jobs(store, 0)
    pages = app.create(Config(store, store, jobs, Runs(store)))
    yield Client(Guard(pages.server, from_proxy(PROXY, "X-Twin-User", "X-Twin-Roles"), script_hashes=pages.csp_hashes))
    jobs.close()


def as_role(role):
    headers = {"X-Twin-User": "somebody", "X-Twin-Roles": role}
    return {"headers": headers, "environ_overrides": {"REMOTE_ADDR": PROXY}}


def callbacks(client):
    return json.loads(client.get("/_dash-dependencies", **as_role("manager")).text)


def answers(client, role, value, which=""):
    """What each callback on the server answers, for values by (id, property)."""
    for found in callbacks(client):
        if found["clientside_function"] or which not in found["output"]:
            continue
        sent = {kind: [one | {"value": value(one)} for one in found[kind] if "{" not in one["id"]]
                for kind in ("inputs", "state")}  # fmt: skip
        if len(sent["inputs"]) < len(found["inputs"]):
            continue
        names = re.sub(r"^\.\.|\.\.$", "", found["output"]).split("...")
        outputs = [dict(zip(("id", "property"), name.rsplit(".", 1), strict=True)) for name in names]
        trigger = "{id}.{property}".format(**found["inputs"][0])
        body = {
            "output": found["output"],
            "outputs": outputs if found["output"].startswith("..") else outputs[0],
            "changedPropIds": [trigger],
        }
        answer = client.post("/_dash-update-component", json=body | sent, **as_role(role))
        yield found["output"], answer.status_code, answer.text


def sensible(run):
    stores = {"run": run, "against": "", "day": 0, "view": "week"}
    known = {"n_clicks": 1, "data": stores, "search": f"?run={run}&view=week", "pathname": "/day", "value": "0"}
    return lambda one: known.get(one["property"])


def test_a_viewer_gets_no_name_of_a_person_from_any_callback(client, run):
    seen = list(answers(client, "viewer", sensible(run)))
    assert len(seen) > 10
    leaks = [(output, name) for output, _, text in seen for name in PEOPLE if name in text]
    assert leaks == []
    assert sum(len(text) for _, code, text in seen if code == 200) > 10_000, "there was something to hide it in"


def test_a_manager_gets_them(client, run):
    missing = set(PEOPLE)
    for _, _, text in answers(client, "manager", sensible(run)):
        missing -= {name for name in missing if name in text}
        if not missing:
            break
    assert missing == set()


HOSTILE = [
    {"run": "../..", "against": "/etc/passwd", "day": "x", "view": 3},
    {"run": ["x"], "day": 10**30, "extra": 1},
    {"job": "../../x", "base": "servers"},
    [1, 2],
    "text",
    7,
    None,
]


@pytest.mark.parametrize("data", HOSTILE)
def test_hostile_values_get_no_traceback(client, data, capfd):
    """A browser may send anything; it learns nothing of the machine."""
    for _, _, text in answers(client, "viewer", lambda one: data):
        assert "Traceback" not in text
        assert str(api.__file__) not in text


def test_pages_of_a_viewer_have_no_layout_of_people(client):
    for path in ("/", "/what-if", "/day", "/_dash-layout"):
        answer = client.get(path, **as_role("viewer"))
        assert answer.status_code == 200
        assert not [name for name in PEOPLE if name in answer.text]


#: What only somebody's own dose of the year before says.
HERS = "0.777 mSv"
PERSONAL = f"dose: {{people: {{technologist-2: {{pregnancy_declared: 2026-03-01, so_far: {{effective: {HERS}}}}}}}}}"


@pytest.fixture(scope="module")
def jobs_of_others(store, run):
    """Jobs of a manager: a run about somebody, a comparison that was played, a sizing of somebody's dose."""
    jobs = Jobs(store, 0)
    single = jobs.submit(Request("baseline", PERSONAL, days=1, user="maria"))
    taken, order = jobs.take(None)
    jobs.done(taken, **worker.answer(order, lambda _: None)["done"])
    many = Experiment("compare", 2, "baseline", (Variant("baseline", PERSONAL, "what-if"),))
    compared = jobs.submit(Request("baseline", days=1, user="maria", experiment=many))
    taken, order = jobs.take(None)
    answers_of_jobs.played(order, lambda *_: None)
    jobs.done(taken, "", None)
    sized = jobs.submit(Request("baseline", user="maria", experiment=Experiment("size", 2, axes={"a.b": [1]})))
    target = "utilisation_pct[technologist-1].mean <= 80"
    said = {"kind": "size", "targets": [target], "sentence": f"{target} is met", "alone": sorted(PEOPLE)}
    (store / "jobs" / sized / "answer.json").write_text(json.dumps(said))
    yield {"job": single, "compare": compared, "size": sized, "run": jobs.status(single).run}
    jobs.close()


def everything(client, role, run, theirs):
    """All that somebody of a role gets: pages by their links, every callback for every kind of thing, every file."""
    named = [f"?run={run}", f"?run={theirs['run']}&against={run}", *(f"?job={theirs[kind]}" for kind in KINDS), ""]
    for page, search in product(contents.PAGES, named):
        yield client.get(page.path + search, **as_role(role)).text
        yield from texts(client, role, {"pathname": page.path, "search": search}, "page.")
    shown = [{"run": run, "against": theirs["run"], "day": 0, "view": "week"}]
    shown += [{"job": theirs[kind]} for kind in KINDS]
    for data in shown:
        yield from texts(client, role, {"n_clicks": 1, "data": data, "value": list(report.SECTIONS)})
    for kind in KINDS:  # a job by its name alone
        yield from texts(client, role, {"n_clicks": 1, "n_intervals": 1, "data": theirs[kind]}, "job-")


def texts(client, role, known, which=""):
    """What callbacks answer to values by property."""
    return (text for _, _, text in answers(client, role, lambda one: known.get(one["property"]), which))


KINDS = ("job", "compare", "size")


@pytest.mark.slow
def test_whatever_a_viewer_asks_for_names_nobody(client, run, jobs_of_others):
    """Pages, prints, tables, files, reports, lists and links of jobs; a manager gets each of these names somewhere."""
    hidden = {*PEOPLE, HERS}
    seen = list(everything(client, "viewer", run, jobs_of_others))
    found = [(name, text, text.find(name)) for text in seen for name in hidden]
    assert [(name, text[:100], text[max(0, at - 200) :][:300]) for name, text, at in found if at >= 0] == []
    assert sum(map(len, seen)) > 1_000_000, "there was something to hide it in"
    missing = set(hidden)
    for text in everything(client, "manager", run, jobs_of_others):
        missing -= {name for name in missing if name in text}
        if not missing:
            break
    assert missing == set()
