"""The command line from outside (a process of its own) and from inside (quicker)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Said:
    code: int
    out: str
    err: str

    @property
    def data(self):
        return json.loads(self.out)


@pytest.fixture
def process(tmp_path):
    """Run ``python -m twin`` in a folder of its own."""

    def run(*words: str, text=True, stdout=subprocess.PIPE, timeout=600, **environment: str) -> Said:
        surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "TWIN_STORE": str(tmp_path / "runs"), **environment}
        command = [sys.executable, "-m", "twin", *words]
        done = subprocess.run(
            command, cwd=tmp_path, env=surroundings, stdin=subprocess.DEVNULL, stdout=stdout,
            stderr=subprocess.PIPE, text=text, timeout=timeout,
        )  # fmt: skip
        return Said(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def twin(tmp_path, monkeypatch):
    """The same within this process."""
    from twin.cli.app import app

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TWIN_STORE", str(tmp_path / "runs"))

    def run(*words: str) -> Said:
        done = CliRunner().invoke(app, list(words))
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert "Traceback" not in done.stdout + done.stderr
        return Said(done.exit_code, done.stdout, done.stderr)

    return run
