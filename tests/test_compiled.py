"""Compiled code cannot go stale: the cache folder is named by what the code depends on."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import twin
from twin import compiled

PACKAGE = Path(twin.__file__).parent
CALLER = """
from twin import compiled
compiled.prepare()
import numba as nb
from twin.luck_kernels import uniform_at

@nb.njit("f8(u8)", cache=True)
def history(n):
    return uniform_at(n, n, n, n)
"""
ASK = "from twin.caller_kernels import history; print(history(5), sum(history.stats.cache_hits.values()))"


def copy_of_the_package(folder):
    """The generator with a kernel in another file that uses it, as transport does."""
    package = folder / "twin"
    package.mkdir(parents=True)
    for name in ("__init__.py", "compiled.py", "luck_kernels.py"):
        shutil.copy(PACKAGE / name, package / name)
    (package / "caller_kernels.py").write_text(CALLER)
    return package


def ask(package, words=ASK):
    env = os.environ | {"PYTHONPATH": str(package.parent), "NUMBA_CACHE_DIR": str(package.parent / "cache")}
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, env=env, cwd=package.parent)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_the_digest_follows_every_kernel_file(tmp_path):
    package = copy_of_the_package(tmp_path)
    words = "from twin import compiled; print(compiled.digest())"
    before = ask(package, words)
    assert ask(package, words) == before
    (package / "physics").mkdir()
    (package / "physics" / "transport_kernels.py").write_text("a = 1\n")
    assert ask(package, words) != before


def test_a_child_process_shares_the_folder(tmp_path):
    package = copy_of_the_package(tmp_path)
    words = (
        "import os, subprocess, sys; from twin import compiled; compiled.prepare()\n"
        "print(os.environ['NUMBA_CACHE_DIR'], flush=True)\n"
        "if 'child' not in sys.argv: subprocess.run([sys.executable, __file__, 'child'], check=True)"
    )
    script = tmp_path / "script.py"
    script.write_text(words)
    first, second = ask(package, f"import runpy; runpy.run_path({str(script)!r}, run_name='__main__')")
    assert first == second
    assert Path(first).parent == tmp_path / "cache"


def test_a_folder_that_cannot_be_written_is_passed_over(tmp_path, monkeypatch):
    wall = tmp_path / "wall"
    wall.write_text("a file where a folder should be")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(wall))
    compiled.cache_folder.cache_clear()
    try:
        assert wall not in compiled.cache_folder().parents
    finally:
        compiled.cache_folder.cache_clear()


@pytest.mark.slow
def test_an_edit_of_the_generator_is_seen_by_who_calls_it(tmp_path):
    package = copy_of_the_package(tmp_path)
    before, _ = ask(package)
    again, hits = ask(package)
    assert again == before
    assert hits == "1"
    kernels = package / "luck_kernels.py"
    kernels.write_text(kernels.read_text().replace("2.0**-53", "2.0**-54"))
    after, hits = ask(package)
    assert (
        float(after) == float(before) / 2
    )  # without the digest, numba 0.68 gives `before` again: it inlined the function
    assert hits == "0"
