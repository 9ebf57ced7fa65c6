"""A real Chromium in front of a real server: one of each, as all browser tests go to one worker (tests/conftest.py)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from twin import api

#: Names under which systems install it; playwright's own download is not used.
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
MISSING = "no Chromium found; install it: apt-get install chromium (`make test` does so where it may)"
LOOPBACK = {"127.0.0.1", "localhost"}
#: A cold Chromium needs this long to draw its first chart on a busy machine.
PATIENCE_MS = 45_000

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        # Where it can be installed, its absence is a fault and no reason to skip.
        (pytest.fail if os.environ.get("CI") or os.geteuid() == 0 else pytest.skip)(MISSING)
    return {**browser_type_launch_args, "executable_path": found}


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """Where `twin dashboard` serves, and its store; it has a folder of scenarios of its own."""
    folder = tmp_path_factory.mktemp("dashboard")
    words = [
        "--no-browser",
        "--port",
        "0",
        "--store",
        str(folder / "store"),
        "--scenarios",
        str(folder),
        "--workers",
        "2",
    ]
    (folder / "long.yaml").write_text("extends: baseline\nname: long\ndays: 366\n", encoding="utf-8")
    command = [sys.executable, "-m", "twin", "dashboard", *words]
    with (folder / "said.txt").open("w") as said:
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True)
        try:
            api.simulate("baseline").save(out=folder / "store" / "by-hand", command=("twin", "run", "baseline"))
            yield server.stdout.readline().strip().rstrip("/"), folder / "store"
        finally:
            server.terminate()
            server.wait(90)
            server.stdout.close()


@pytest.fixture(scope="session")
def address(served):
    """Where it serves."""
    return served[0]


@pytest.fixture(scope="session")
def window(browser):
    """One window for all tabs: what it has loaded once it need not load and compile again."""
    with browser.new_context(accept_downloads=True, color_scheme="light") as opened:
        yield opened


@pytest.fixture
def tab(window):
    """A tab in which nothing may go wrong unseen: no error in the console, no request to anybody else."""
    page = window.new_page()
    errors, strangers = [], []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: strangers.append(request.url) if is_strange(request.url) else None)
    page.set_default_timeout(PATIENCE_MS)
    yield page
    page.close()
    assert errors == []
    assert strangers == []


def is_strange(url):
    """Whether a request leaves this machine."""
    parts = urlsplit(url)
    return parts.scheme not in {"data", "blob"} and parts.hostname not in LOOPBACK
