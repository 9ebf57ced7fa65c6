"""Runs of the baseline, played once for all tests of figures."""

from __future__ import annotations

import pytest

from twin import api


@pytest.fixture(scope="session")
def baseline():
    return api.simulate("baseline")


@pytest.fixture(scope="session")
def changed():
    return api.simulate(api.load("baseline", ["scanners.pet.hotel=2", "staff.technologist.count=2"]))
