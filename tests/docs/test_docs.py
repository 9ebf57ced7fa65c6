"""The pages are true: their commands run and say what the page shows, their files load, their links lead somewhere."""

from __future__ import annotations

import importlib.util
import re
import sys
import tomllib
from pathlib import Path

import pytest

from tools import docs
from twin import api
from twin.cli.app import app
from twin.scenario.scanner_file import find_ring
from twin.sources import default_numbers

ROOT = Path(__file__).resolve().parents[2]
NAMES = [str(page.relative_to(ROOT)) for page in docs.pages()]
FILES = [
    pytest.param(name, found["what"], id=found["what"])
    for name in NAMES
    for found in docs.FENCE.finditer((ROOT / name).read_text())
    if found["kind"] == "yaml" and found["what"]  # what has no name is a part of a file
]
#: Words of a page that look like a file of ours.
PATH = re.compile(r"`((?:twin|tests|tools|benchmarks|scenarios|docs|dashboard|\.ci)/[A-Za-z0-9_./]*)`")
#: Shorter ways of saying where, in ARCHITECTURE.md.
SHORT = re.compile(r"`((?:facility/|scenario/|results/)?[a-z_]+\.py)`")


#: Pages whose commands play many runs or follow many photons.
LONG = (
    "docs/people.md", "docs/experiments.md", "docs/detection.md", "docs/scenario.md", "docs/dose.md",
    "docs/protocols.md", "docs/uptake.md", "docs/hot_lab.md",
)  # fmt: skip
PAGES = [pytest.param(name, marks=[pytest.mark.slow] if name in LONG else []) for name in NAMES]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_what_its_commands_say(name):
    page = ROOT / name
    assert page.read_text() == docs.renewed(page), "run `python -m tools.docs`"


@pytest.mark.parametrize(("page", "file"), FILES)
def test_a_scenario_of_a_page_is_well(page, file, tmp_path):
    bodies = {found["what"]: found["body"] for found in docs.FENCE.finditer((ROOT / page).read_text())}
    for what, body in bodies.items():
        if what and what.endswith(".yaml"):
            (tmp_path / what).write_text(body)  # a page's files may name each other
    if "\nkind: sweep\n" in bodies[file]:
        assert api.sweep_plan(tmp_path / file)
    elif "\nkind: pet\n" in bodies[file]:
        assert find_ring(str(tmp_path / file), default_numbers()).name == file.removesuffix(".yaml")
    else:
        assert api.check(tmp_path / file) == ()


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_of_a_page_runs(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for found in docs.FENCE.finditer((ROOT / name).read_text()):
        if (found["kind"], found["what"]) == ("python", "notebook"):
            exec(compile(found["body"], name, "exec"), {})


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name):
    page = ROOT / name
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
        assert (page.parent / link).exists(), link


@pytest.mark.parametrize("name", NAMES)
def test_files_that_are_named_exist(name):
    for path in PATH.findall((ROOT / name).read_text()):
        assert (ROOT / path).exists(), path


def test_short_names_of_files_exist():
    for path in SHORT.findall((ROOT / "ARCHITECTURE.md").read_text()):
        assert list((ROOT / "twin").rglob(path)), path


def test_every_room_is_in_the_architecture():
    text = (ROOT / "ARCHITECTURE.md").read_text()
    rooms = [path for path in (ROOT / "twin").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()]
    for room in rooms:
        name = f"`twin/{room.name}`" if room.suffix else f"`twin/{room.name}/`"
        assert name in text or room.name in {"__init__.py", "__main__.py"}, name


def test_commands_that_are_named_exist():
    known = {command.callback.__name__ for command in app.registered_commands} | {"list"}
    known |= {group.typer_instance.info.name for group in app.registered_groups}
    for name in NAMES:
        for command in re.findall(r"`(?:\.venv/bin/)?twin ([a-z]+)", (ROOT / name).read_text()):
            assert command in known, f"{name}: twin {command}"


def test_make_targets_that_are_named_exist():
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for name in NAMES:
        for target in re.findall(r"(?:^    |`)make ([a-z-]+)", (ROOT / name).read_text(), re.MULTILINE):
            assert target in targets, f"{name}: make {target}"


def test_every_key_and_kpi_is_listed():
    from twin.results.kpis import KPIS
    from twin.scenario.model import Scenario

    kpis, keys = (ROOT / "docs/kpis.md").read_text(), (ROOT / "docs/keys.md").read_text()
    assert all(f"`{kpi.id}" in kpis for kpi in KPIS)
    assert all(f"| `{info.alias or key}` |" in keys for key, info in Scenario.model_fields.items())


def test_the_readme_travels_in_the_package():
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["readme"] == "README.md"


def test_theory_in_the_validation_table_is_that_of_the_tests():
    path = ROOT / "tests/theory/test_queues.py"
    spec = importlib.util.spec_from_file_location("queues_of_the_page", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    cases = {(case.name, study): value for case in module.CASES for study, value in case.theory.items()}
    rows = re.findall(
        r"^\| ([^|]+) \| (\w*) ?\| ([\d.]+) \| ([\d.]+) ± ([\d.]+) \| [\d,]+ \|$",
        (ROOT / "docs/validation.md").read_text(), re.MULTILINE,
    )  # fmt: skip
    assert len(rows) >= 18
    for name, study, theory, mean, half in rows:
        assert float(theory) == pytest.approx(cases[name, study or "customers"], abs=5e-5)
        assert abs(float(mean) - float(theory)) <= float(half)


def test_the_hotel_table_is_arithmetic():
    rows = re.findall(
        r"^\| (\d) \| ([\d.]+) \| ([\d.]+) % \| ([\d.]+) \| ([\d.]+) % \|$",
        (ROOT / "docs/validation.md").read_text(), re.MULTILINE,
    )  # fmt: skip
    assert [int(row[0]) for row in rows] == [1, 2, 3, 4, 5]
    for animals, *shown in rows:
        for alone, minutes, saving in ((39.5, *shown[:2]), (39.5 - 55 / 3 + 60.0, *shown[2:])):
            due = 19 / 3 + (alone - 19 / 3) / int(animals)
            assert float(minutes) == pytest.approx(due, abs=0.0051)
            assert float(saving) == pytest.approx(100.0 * (1.0 - due / alone), abs=0.051)
