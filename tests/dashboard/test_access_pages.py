"""Every callback of every page, asked by a viewer, by a manager, and with what only a hostile browser sends."""

import json
import re

import pytest
from werkzeug.test import Client

from dashboard import app
from dashboard.config import Config
from dashboard.guard import Guard
from dashboard.jobs import Jobs
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


def answers(client, role, value):
    """What each callback on the server answers, for values by (id, property)."""
    for found in callbacks(client):
        if found["clientside_function"]:
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
