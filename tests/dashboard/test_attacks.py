"""Attacks on a server that runs: refused or queued, nobody let in, and everybody else is still answered.

What is attacked within one request (files that are sent, names that lead elsewhere, forged experiments) stands in
``test_uploads``, ``test_jobs``, ``test_access_pages``; who is let in at all in ``test_access_login``.
"""

from __future__ import annotations

import json
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection

import pytest

from dashboard.jobs.jobs import MOST_OF_ONE
from dashboard.login import from_proxy

#: The proxy is this machine, so that a test can be the proxy.
SAID = {"X-Twin-User": "vera", "X-Twin-Roles": "viewer"}
MEGABYTE = b"x" * 1_000_000
UPDATE = "/_dash-update-component"


@pytest.fixture(scope="module")
def served(tmp_path_factory, serving_here):
    """Address and jobs of a server behind a proxy."""
    with serving_here(tmp_path_factory.mktemp("store"), from_proxy("127.0.0.1", *SAID)) as found:
        yield found


@pytest.fixture(scope="module")
def place(served):
    """Host and port."""
    return served[0].removeprefix("http://").rstrip("/")


@contextmanager
def connected(place):
    """A plain connection."""
    host, _, port = place.partition(":")
    with closing(socket.create_connection((host, int(port)), 60)) as connection:
        yield connection


def head(place, line, **more):
    """The first lines of a request of a viewer."""
    named = {"Host": place, **SAID, **{name.replace("_", "-"): value for name, value in more.items()}}
    return "".join(
        [f"{line} HTTP/1.1\r\n", *(f"{name}: {value}\r\n" for name, value in named.items()), "\r\n"]
    ).encode()


def answered(connection):
    """What comes until nothing comes any more."""
    found = b""
    while True:
        try:
            piece = connection.recv(65536)
        except ConnectionResetError:
            return found
        if not piece:
            return found
        found += piece


def asked(place, headers, path="/", body=None):
    """Code and text of an answer."""
    with closing(HTTPConnection(place, timeout=60)) as connection:
        kind = {} if body is None else {"Content-Type": "application/json"}
        connection.request("GET" if body is None else "POST", path, body, headers | kind)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


@pytest.mark.parametrize("coding", ["length", "chunks"])
def test_an_upload_of_100_mb_is_sent_and_not_taken(place, served, coding):
    """It ends as soon as more has come than may; what it holds is never kept, and others are answered."""
    about = {"Content_Length": str(100 * len(MEGABYTE))} if coding == "length" else {"Transfer_Encoding": "chunked"}
    piece = MEGABYTE if coding == "length" else b"%x\r\n%b\r\n" % (len(MEGABYTE), MEGABYTE)
    before, sent = resident_mb(), 0
    with connected(place) as connection:
        connection.sendall(head(place, f"POST {UPDATE}", Content_Type="application/json", **about))
        try:
            for _ in range(100):
                connection.sendall(piece)
                sent += 1
        except (BrokenPipeError, ConnectionResetError):
            pass
        said = answered(connection)
    assert sent < 100, "the server hangs up before all of it is sent"
    assert said.startswith(b"HTTP/1.1 413 ") or said == b"", said[:80]
    assert resident_mb() - before < 50
    assert asked(place, SAID)[0] == 200


def resident_mb():
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - no file
        return int(re.findall(r"VmRSS:[ \t]*([0-9]+)", status.read())[0]) / 1024


WAYS_OUT = [
    "/assets/../app.py", "/assets/..%2f..%2f..%2fetc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd", "/assets//etc/passwd",
    "/assets/....//....//etc/passwd", "/assets/%00", "//etc/passwd", "/..\\..\\etc\\passwd",
    "/_dash-component-suites/dash/../../../../etc/passwd", "/_dash-component-suites/dash/..%2f..%2fdash.py",
    "/_dash-component-suites/dashboard/login.py", "/_dash-component-suites/os/path.py",
    "/_dash-component-suites/plotly/package_data/..%2f..%2f..%2f..%2fetc/passwd",
]  # fmt: skip


@pytest.mark.parametrize("path", WAYS_OUT)
def test_no_path_leads_to_another_file(place, path):
    with connected(place) as connection:
        connection.sendall(head(place, f"GET {path}", Connection="close"))
        said = answered(connection).decode(errors="replace")
    code = int(said.split()[1])
    assert code == 404 or (code == 200 and "<title>Preclinical Twin</title>" in said), said[:200]
    assert not re.search("root:|^def |^import ", said, re.MULTILINE)


DEEP = ["[" * 200_000, '{"a":' * 100_000 + "1" + "}" * 100_000, '{"output": ' + "9" * 100_000 + "}", '{"output": NaN}']


@pytest.mark.parametrize("body", DEEP, ids=["lists", "maps", "digits", "NaN"])
def test_what_no_reader_can_hold_is_refused(place, body):
    code, said = asked(place, SAID, UPDATE, body)
    assert code in {400, 500}
    assert "Traceback" not in said


def test_a_role_cannot_be_forged_by_spelling(place):
    assert asked(place, SAID)[0] == 200
    assert asked(place, {"X_Twin_User": "rolf", "X_Twin_Roles": "manager"})[0] == 403
    assert asked(place, {"X-Twin-User": "rolf", "X_Twin_Roles": "manager"})[0] == 403
    assert asked(place, {**SAID, "X-Twin-Roles": "boss"})[0] == 403
    assert asked(place, {"X-Twin-Roles": "manager", "Cookie": "roles=manager", "Authorization": "Basic OjE="})[0] == 403
    assert asked(place, {})[0] == 403


def test_a_form_of_another_site_cannot_ask(place):
    """What a browser sends without asking first is no JSON."""
    plain = SAID | {"Content-Type": "text/plain"}
    with closing(HTTPConnection(place, timeout=60)) as connection:
        connection.request("POST", UPDATE, '{"output": "x"}', plain)
        assert connection.getresponse().status == 415


def test_a_second_request_cannot_hide_in_a_first(place):
    """Of two lengths the server believes one, and hangs up."""
    hidden = b"GET /hidden HTTP/1.1\r\nHost: x\r\nX-Twin-User: rolf\r\nX-Twin-Roles: manager\r\n\r\n"
    with connected(place) as connection:
        connection.sendall(head(place, "POST /", Content_Length="4", Transfer_Encoding="chunked", Connection="close"))
        connection.sendall(b"0\r\n\r\n" + hidden)
        said = answered(connection)
    assert said.count(b"HTTP/1.1 ") == 1
    assert b"Preclinical" not in said


def test_who_opens_connections_and_says_nothing_keeps_nobody_out(place):
    with ExitStack() as stack:
        for number in range(250):
            slow = stack.enter_context(connected(place))
            slow.sendall(b"GET / HTTP/1.1\r\nHost: "[: 1 + number % 20])
        assert asked(place, SAID)[0] == 200


def test_a_hundred_runs_at_once_are_queued_or_refused(place, served):
    """Of one user; another one still gets into the queue."""
    _, jobs = served
    found = next(one for one in json.loads(asked(place, SAID, "/_dash-dependencies")[1]) if clicks_run(one))

    def click(number, user="vera"):
        values = {"run.n_clicks": 1, "fields.data": {}, "scenario.value": "baseline", "seed.value": number}
        code, said = asked(place, {**SAID, "X-Twin-User": user}, UPDATE, json.dumps(called(found, values)))
        return code, said

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(click, range(100)))
    assert {code for code, _ in answers} == {200}
    asked_for = [json.loads(said)["response"]["jobs"]["data"] for _, said in answers]
    assert sum(map(bool, asked_for)) == MOST_OF_ONE == len(jobs.listing())
    refused = [said for (_, said), own in zip(answers, asked_for, strict=True) if not own]
    assert all("of yours are waiting already" in said for said in refused)
    assert json.loads(click(1, "rita")[1])["response"]["jobs"]["data"]


def clicks_run(one):
    return any(sent["id"] == "run" for sent in one["inputs"])


def called(found, values):
    """The body that a browser sends for a callback."""
    names = re.sub(r"^\.\.|\.\.$", "", found["output"]).split("...")
    outputs = [dict(zip(("id", "property"), name.rsplit(".", 1), strict=True)) for name in names]
    sent = {kind: [one | {"value": values.get("{id}.{property}".format(**one))} for one in found[kind]]
            for kind in ("inputs", "state")}  # fmt: skip
    several = found["output"].startswith("..")
    trigger = "{id}.{property}".format(**found["inputs"][0])
    about = {"output": found["output"], "outputs": outputs if several else outputs[0], "changedPropIds": [trigger]}
    return about | sent


def test_a_job_of_somebody_else_is_not_ended(place, served):
    _, jobs = served
    found = [one for one in json.loads(asked(place, SAID, "/_dash-dependencies")[1]) if ends_job(one)]
    assert len(found) == 2, "of a what-if, of an experiment"
    (theirs, *_) = [status for status in jobs.listing() if status.is_open]
    for one in found:
        values = {
            "cancel.n_clicks": 1,
            "job-cancel.n_clicks": 1,
            "jobs.data": {"job": theirs.job},
            "job.data": theirs.job,
        }
        body = json.dumps(called(one, values))
        assert asked(place, {**SAID, "X-Twin-User": "eve"}, UPDATE, body)[0] in {200, 204}
        assert jobs.status(theirs.job).is_open
    assert asked(place, {**SAID, "X-Twin-User": theirs.user}, UPDATE, body)[0] in {200, 204}
    assert jobs.status(theirs.job).state == "cancelled", "who asked for it may"


def ends_job(one):
    return not one["clientside_function"] and [sent["id"] for sent in one["inputs"]] in (["cancel"], ["job-cancel"])
