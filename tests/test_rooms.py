"""The rooms: who may import whom, what is heavy, what may stand in a file."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEAVY = {
    "simpy",
    "numpy",
    "scipy",
    "numba",
    "pandas",
    "pyarrow",
    "pydantic",
    "pint",
    "ruamel",
    "duckdb",
    "plotly",
    "dash",
}


def tracked():
    """Text files under version control, or all files where there is no git."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    names = listed.stdout.split("\0")[:-1] if listed.returncode == 0 else map(str, ROOT.glob("*/**/*.*"))
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def test_imports_go_down_only():
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_list_of_files_that_see_numba_holds_kernels_only():
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = {contract["name"]: contract for contract in config["tool"]["importlinter"]["contracts"]}
    for allowed in contracts["Only kernel files see numba"]["ignore_imports"]:
        assert allowed.split(" -> ")[0].endswith("_kernels")


def test_every_kernel_file_sets_the_cache_folder_before_numba():
    for file in (ROOT / "twin").rglob("*_kernels.py"):
        text = file.read_text()
        if "import numba" in text:
            assert -1 < text.find("compiled.prepare()") < text.find("import numba"), file


LIGHT = ["twin", "twin.__main__", "twin.errors", "twin.units", "twin.parametric", "twin.distributions", "twin.compiled"]


@pytest.mark.parametrize("module", LIGHT)
def test_a_door_is_light(module):
    code = f"import sys, {module}; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stdout.split())


def test_files_stay_short():
    """Ask at 300 lines, split at 400; this test only fails far beyond."""
    lengths = {file.relative_to(ROOT): len(file.read_text().splitlines()) for file in (ROOT / "twin").rglob("*.py")}
    long = {str(file): n for file, n in lengths.items() if n > 400}
    print("over 400 lines:", long or "none")
    assert all(n <= 600 for n in long.values()), long


WORDS = [  # written in pieces, so that this file does not find itself
    r"/wor" + r"k/", r"/hom" + r"e/[a-z]", r"/Use" + r"rs/[A-Za-z]", r"/roo" + r"t/", r"/op" + r"t/", r"[A-Z]:\\",
    r"py" + r"pi\.org", r"pythonhos" + r"ted", r"index-" + r"url", r"find-" + r"links", r"file:" + r"///",
]  # fmt: skip


def test_no_file_names_a_machine_or_a_registry():
    pattern = re.compile("|".join(WORDS))
    found = []
    for file in tracked():
        try:
            lines = file.read_text().splitlines()
        except UnicodeDecodeError:
            continue
        found += [
            f"{file.relative_to(ROOT)}:{n}: {line.strip()[:80]}"
            for n, line in enumerate(lines, 1)
            if pattern.search(line)
        ]
    assert not found, "\n".join(found)


def test_constraints_are_names_and_versions():
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert lines == sorted(lines)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9.-]*==[0-9][A-Za-z0-9.]*", line) for line in lines)
