"""Every template, played: a session of two animals from its arrival to its end."""

from __future__ import annotations

import pytest

from tests.scanners.sites import delivery, site
from twin import api
from twin.scanners.settings import BOTH
from twin.scanners.templates import TEMPLATES
from twin.scenario import checking, presets
from twin.scenario.loading import load_data
from twin.sources import default_numbers

N = default_numbers()
AGENTS = {"ultrasound_contrast": "microbubbles", "bioluminescence": "D-luciferin", "mri_contrast": "gadolinium"}
#: One machine for each set of modalities that a template asks for.
MACHINES = {
    "_".join(modalities): {"modality": "_".join(modalities), "room": "suite", "hotel": 2}
    for template in TEMPLATES.values()
    for modalities in (template.modalities, template.second)
    if modalities
}


def protocol(name: str) -> dict:
    """The least that a template must be told."""
    template = TEMPLATES[name]
    said: dict = {"template": name, "attempts": 1}
    if template.modalities:
        said["scanner"] = "_".join(template.modalities)
    if template.second:
        said["second_scanner"] = "_".join(template.second)
    if template.injects in ("tracer", BOTH):
        said |= {"tracer": "FDG", "uptake": "45 min"}
    if template.injects == BOTH:
        said |= {"agent": "gadolinium" if "mri" in template.modalities else "iodinated-contrast"}
    if template.injects in ("agent", "maybe_agent"):
        said |= {"agent": AGENTS.get(name, "indocyanine-green"), "uptake": "15 min"}
    return said | ({"sides": 2} if "turn" in template.rows else {})


def test_a_session_of_every_template_ends_well() -> None:
    made = site({name: protocol(name) for name in TEMPLATES}, MACHINES, **delivery("FDG"))
    made["staff"]["person"]["count"] = 12
    run = api.simulate(load_data(made, check=False))
    tables = api.tables(run)
    for name, template in TEMPLATES.items():
        visits = tables["visits"][tables["visits"]["protocol"] == name]
        assert list(visits["status"]) == ["killed" if "kill" in template.rows else "completed"] * 2, name
        assert visits["scanned"].sum() == (2 if template.scans else 0), name
    assert api.kpis(run)["unattended_min"]["value"] == 0.0


@pytest.mark.slow
@pytest.mark.parametrize("name", TEMPLATES)
def test_a_site_with_one_template_is_well(name: str) -> None:
    """The check for circles of waiting is passed too."""
    template = TEMPLATES[name]
    machines = ["_".join(modalities) for modalities in (template.modalities, template.second) if modalities]
    load_data(site({name: protocol(name)}, {machine: MACHINES[machine] for machine in machines}, **delivery("FDG")))


def test_every_preset_is_a_protocol() -> None:
    made = site({name: {"template": name} for name in presets.names(N)}, MACHINES)
    resolved = load_data(made, check=False)
    checked = checking.prepare(resolved)
    assert checked.plan_problems == ()
    assert not set(presets.names(N)) & set(TEMPLATES)
    for name in presets.names(N):
        said, used = presets.settings(N, name)
        assert resolved.scenario.protocols[name].template == said["template"]
        assert used <= resolved.numbers.used, "the manifest says what a preset leans on"


def test_what_a_protocol_says_goes_before_its_preset() -> None:
    own = {"one": {"template": "fdg", "scan": "7 min", "fasting": ["1 h", "2 h"]}}
    said = load_data(site(own, MACHINES), check=False).scenario.protocols["one"]
    assert (said.scan.mean, said.fasting, said.tracer) == (420.0, (3600.0, 7200.0), "FDG")
    number = {"numbers": {"presets.fdg.scan": {"value": "9 min"}}}
    said = load_data(site({"one": {"template": "fdg"}}, MACHINES, **number), check=False).scenario.protocols["one"]
    assert said.scan.mean == 540.0
