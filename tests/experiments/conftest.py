"""Small sweeps."""

import pytest

TINY = """\
schema: 1
kind: sweep
name: tiny
base: baseline
set: {days: 1}
axes:
  technologists: {path: staff.technologist.count, values: [1, 3]}
  uptake: {path: protocols.fdg.uptake, range: ["30 min", "60 min"], steps: 2}
replications: 2
kpis: [animals_per_day, end_of_day]
"""


@pytest.fixture(scope="session")
def sweep_text():
    """A sweep file, in words that a test may change."""
    return TINY


@pytest.fixture
def sweep_file(tmp_path):
    path = tmp_path / "tiny.yaml"
    path.write_text(TINY)
    return path
