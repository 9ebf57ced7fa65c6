"""Settings that all tests share, and how workers share the tests."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None, database=None, max_examples=100)
settings.register_profile("explore", deadline=None, database=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


BY_FILE = ("tests/dashboard/", "tests/cli/test_validate.py")


def group(nodeid: str) -> str:
    """What goes to one worker together.

    All browser tests, so that there is one server and one browser; of the dashboard a file, whose tests share servers
    and runs; the comparisons with published numbers, which are made once; of all else each test for itself, so that the
    workers end at the same time.
    """
    if nodeid.startswith("tests/browser/"):
        return "browser"
    return nodeid.partition("::")[0] if nodeid.startswith(BY_FILE) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Groups by their place, in all modes: `--dist loadgroup` of pytest-xdist 3.8 groups nothing with pytest 9.2."""
    from xdist.scheduler import LoadScopeScheduling

    class ByPlace(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group(nodeid)

    return ByPlace(config, log)
