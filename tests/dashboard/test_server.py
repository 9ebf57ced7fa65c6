"""The server: where it serves, whom it refuses, and as a process how it begins and ends."""

import base64
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from dashboard.login import SetupError, from_file, hashed
from dashboard.server import listening

PASSWORD = "correct horse battery"
ROOT = Path(__file__).resolve().parents[2]
#: typer itself loads pydantic to read words.
HEAVY = set("numba pandas scipy simpy pint numpy pyarrow ruamel dash flask plotly waitress werkzeug".split())
CODE = """
import sys
sys.argv = {words!r}
from twin.cli import main
try:
    main()
except SystemExit as leaving:
    print(leaving.code, *sorted({{name.split('.')[0] for name in sys.modules}}))
"""


def environment(folder):
    return {**os.environ, "PYTHONPATH": str(ROOT), "TWIN_STORE": str(folder / "runs")}


@contextmanager
def serving(folder, *words):
    """A server of its own; gives the process and its address."""
    (folder / "scenarios").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "twin", "dashboard", "--port", "0", "--no-browser", "--workers", "1"]
    process = subprocess.Popen(
        [*command, "--scenarios", "scenarios", *words], cwd=folder, env=environment(folder), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def asked(address, method="GET", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(address, method=method, headers=named)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, dict(refused.headers), refused.read().decode()


def children(process):
    """Numbers of the processes that a process has started."""
    own = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == process.pid:
            own.append(int(stat.parent.name))
    return own


def said_by(words):
    code = CODE.format(words=["twin", "dashboard", *words])
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory, serving_here):
    """The address of one within this process."""
    with serving_here(tmp_path_factory.mktemp("server")) as (address, _):
        yield address


@pytest.mark.parametrize(
    "words",
    [
        ["--host", "0.0.0.0"],
        ["--host", ""],
        ["--host", "::"],
        ["--host", "example.org"],
        ["--users", "nosuch.csv"],
        ["--proxy", "10.0.0.5"],
        ["--user-header", "X-User"],
        ["--proxy", "10.0.0.5", "--users", "users.csv"],
    ],
)
def test_who_must_not_serve_is_told_before_anything_heavy(words):
    done = said_by(words)
    code, *loaded = done.stdout.split()
    assert code == "2", done
    assert not HEAVY & set(loaded)
    assert done.stderr.startswith("twin: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "module", ["dashboard.server", "dashboard.login", "dashboard.jobs", "dashboard.runs", "dashboard.guard"]
)
def test_what_starts_first_is_light(module):
    """Workers can be started before the pages are loaded, and a wrong word is answered before both."""
    code = f"import sys, {module}; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stdout.split())


def test_the_page_is_there_with_its_headers(server):
    code, headers, text = asked(server)
    assert code == 200
    assert "<title>Preclinical Twin</title>" in text
    assert re.search(r"script-src 'self' 'sha256-\S+'", headers["Content-Security-Policy"])
    assert "Server" not in headers


def test_every_script_of_the_page_is_our_own_file(server):
    sources = re.findall(r"<(?:script|link)[^>]+(?:src|href)=\"([^\"]+)\"", asked(server)[2])
    assert sources
    assert all(source.startswith("/") and not source.startswith("//") for source in sources)


def test_another_name_and_another_site_are_refused(server):
    port = server.rstrip("/").rpartition(":")[2]
    assert asked(server, Host="evil.example")[0] == 403
    assert asked(server, Host=f"localhost:{port}")[0] == 200
    assert asked(f"{server}_dash-update-component", "POST", Origin="http://evil.example")[0] == 403


def test_it_is_no_debug_server(server):
    for path in ("_reload-hash", "console", "_alive_nosuch", "?__debugger__=yes&cmd=resource&f=debugger.js"):
        _, _, text = asked(server + path)
        assert "debugger" not in text.lower() or "hot_reload" not in text
    assert '"hot_reload"' not in asked(server)[2]


def test_a_taken_port_is_told_with_the_remedy(server):
    port = int(server.rstrip("/").rpartition(":")[2])
    with pytest.raises(SetupError, match=f"port {port} is taken.*--port"):
        listening("127.0.0.1", port)


ENDS = [(signal.SIGINT, 130), pytest.param(signal.SIGTERM, 143, marks=pytest.mark.slow)]


@pytest.mark.parametrize(("number", "code"), ENDS)
def test_it_asks_who_is_there_and_ends_cleanly(tmp_path, number, code):
    (tmp_path / "users.csv").write_text(f"name,password_hash,roles\nanna,{hashed(PASSWORD)},viewer\n")
    with serving(tmp_path, "--users", "users.csv") as (process, address):
        assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+/", address)
        assert asked(address)[0] == 401
        right = base64.b64encode(f"anna:{PASSWORD}".encode()).decode()
        assert asked(address, Authorization=f"Basic {right}")[0] == 200
        workers = children(process)
        assert len(workers) == 1
        process.send_signal(number)
        out, err = process.communicate(timeout=90)
        assert process.returncode == code
        assert out == ""
        assert err == "twin: the dashboard runs until you press Ctrl-C\n"
        for worker in workers:
            with pytest.raises(ProcessLookupError):
                os.kill(worker, 0)
        assert list((tmp_path / "runs" / "jobs").iterdir()) == [tmp_path / "runs" / "jobs" / "servers"]


def test_a_password_is_turned_into_what_stands_for_it(tmp_path, serving_here):
    words = [sys.executable, "-m", "twin", "dashboard", "--hash-password"]
    done = subprocess.run(words, input=f"{PASSWORD}\n", capture_output=True, text=True, env=environment(tmp_path))
    assert done.returncode == 0
    assert PASSWORD not in done.stdout
    (tmp_path / "users.csv").write_text(f"name,password_hash,roles\nanna,{done.stdout.strip()},viewer\n")
    with serving_here(tmp_path / "store", from_file(tmp_path / "users.csv")) as (address, _):
        assert asked(address)[0] == 401
        assert asked(f"{address}_dash-layout")[0] == 401
        assert asked(address, Authorization="Basic YW5uYTp3cm9uZw==")[0] == 401
        right = base64.b64encode(f"anna:{PASSWORD}".encode()).decode()
        assert asked(address, Authorization=f"Basic {right}")[0] == 200
        assert asked(address, Authorization=f"Basic {right}", Host="twin.example")[0] == 200


@pytest.mark.parametrize(
    ("screen", "found"), [({}, False), ({"DISPLAY": ":0"}, True), ({"WAYLAND_DISPLAY": "w"}, True)]
)
def test_a_browser_is_opened_only_where_there_is_a_display(monkeypatch, screen, found):
    from dashboard.server import has_display

    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in screen.items():
        monkeypatch.setenv(name, value)
    assert has_display() is found


def test_passwords_do_not_lie_where_pages_read(tmp_path):
    (tmp_path / "users.csv").write_text("name,password_hash,roles\n")
    words = [sys.executable, "-m", "twin", "dashboard", "--users", "users.csv"]
    done = subprocess.run(words, cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True)
    assert done.returncode == 2
    assert "--scenarios" in done.stderr


def test_a_store_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    words = [sys.executable, "-m", "twin", "dashboard", "--store", "file/store"]
    done = subprocess.run(words, cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True)
    assert done.returncode == 1
    assert "--store" in done.stderr


def test_a_port_that_nobody_listens_on_is_free_again(tmp_path):
    """Connections of a server that has just ended do not block the next one."""
    first = listening("127.0.0.1", 0)
    first.listen()
    port = first.getsockname()[1]
    with socket.create_connection(("127.0.0.1", port)):
        first.accept()[0].close()
        first.close()
        listening("127.0.0.1", port).close()
