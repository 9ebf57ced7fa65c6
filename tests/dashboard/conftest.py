"""Runs of the baseline, played once for all tests of figures, and a server within this process."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest

from dashboard import server
from dashboard.config import Config
from dashboard.jobs import Jobs
from dashboard.login import AtTheMachine
from dashboard.runs import Runs
from twin import api


@pytest.fixture(scope="session")
def baseline():
    return api.simulate("baseline")


@pytest.fixture(scope="session")
def changed():
    return api.simulate(api.load("baseline", ["scanners.pet.hotel=2", "staff.technologist.count=2"]))


@pytest.fixture(scope="session")
def serving_here():
    """A server within this process; ``with serving_here(store, login) as (address, jobs)``: nobody works there."""
    return _serving


@contextmanager
def _serving(store, login=None):
    listener = server.listening("127.0.0.1", 0)
    jobs = Jobs(store, 0, store)
    made = server.made(login or AtTheMachine(), Config(store, store, jobs, Runs(store)), listener)
    over = threading.Event()
    thread = threading.Thread(target=_run, args=(made, over))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/", jobs
    finally:
        over.set()
        thread.join(30)
        jobs.close()
        assert not thread.is_alive()


def _run(made, over):
    """As waitress runs it, until it is over."""
    while not over.is_set():
        made.asyncore.loop(timeout=0.05, map=made._map, use_poll=True, count=1)
    made.task_dispatcher.shutdown()
    made.asyncore.close_all(made._map)
