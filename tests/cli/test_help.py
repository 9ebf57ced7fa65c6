"""Help is quick, has examples, and needs nothing heavy."""

import os
import subprocess
import sys

import pytest

HEAVY = set("numba pandas scipy simpy pint pydantic numpy pyarrow ruamel duckdb rich dash flask waitress".split())
COMMANDS = ("run", "check", "list", "schema", "doctor", "validate", "dashboard", "physics", "physics decay", "animal")
CODE = """
import sys
sys.argv = {words!r}
from twin.cli import main
try:
    main()
except SystemExit as leaving:
    print(leaving.code, *sorted({{name.split('.')[0] for name in sys.modules}}))
"""


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_imports_nothing_heavy_and_has_examples(command):
    words = ["twin", *command.split(), "--help"]
    done = subprocess.run([sys.executable, "-c", CODE.format(words=words)], capture_output=True, text=True)
    *page, loaded = done.stdout.rstrip().splitlines()
    assert loaded.split()[0] == "0"
    assert not HEAVY & set(loaded.split())
    assert any(line.startswith(f"    twin {command}") for line in page), done.stdout


def test_help_is_quick():
    """Time of the processor, because the machine may be busy with other tests."""
    times = []
    for _ in range(5):
        before = os.times()
        subprocess.run([sys.executable, "-m", "twin", "run", "--help"], capture_output=True, check=True)
        after = os.times()
        times.append(after.children_user + after.children_system - before.children_user - before.children_system)
    print("seconds:", times)
    assert min(times) < 0.5


def test_version(twin):
    from twin import __version__

    assert twin("--version").out == f"twin {__version__}\n"
