"""``twin check``, and scenarios written as YAML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.scenario.plain_yaml import lines
from twin.scenario.reading import plain, read_bytes


def test_a_scenario_that_is_well(twin):
    said = twin("check", "baseline")
    assert (said.code, said.err) == (0, "")
    assert "well" in said.out


@pytest.mark.parametrize(
    "patch", [[], ["--set", "staff.technologist.count=2"], ["--set", "question=Größe µ, 'a' \"b\" [?]"]]
)
def test_what_is_resolved_stands_for_itself(twin, tmp_path, patch):
    whole = twin("check", "baseline", "--resolved", *patch)
    (tmp_path / "whole.yaml").write_text(whole.out)
    digests = {twin("check", *words, "--json").data["digest"] for words in (["baseline", *patch], ["whole.yaml"])}
    assert len(digests) == 1


def test_the_object(twin):
    said = twin("check", "baseline", "--json", "--resolved").data
    assert said["scenario"] == "baseline"
    assert said["warnings"] == []
    assert said["resolved"]["staff"]["technologist"]["count"] == 3


NOBODY = "staff.technologist.certificates={radiation_protection: {expires: 2026-03-04}}"
SUNDAY = "studies.panitumumab.time_points.day_6.window"


@pytest.mark.parametrize(
    ("scenario", "setting", "code", "words"),
    [
        ("baseline", "studies.tumour.species=pig", 3, "do not fit into the bore of pet: they need 56.4 cm, and it has"),
        ("baseline", "protocols.fdg.uptake=40 h", 3, "the scan begins 22 half-lives of F-18 after the injection"),
        ("baseline", "protocols.fdg.tracer=MDP", 3, "images by positrons, and Tc-99m of MDP emits none"),
        (
            "generator_day",
            "hot_lab.preparations.mdp.tracer=FDG",
            3,
            "FDG is labelled with F-18, and what this is made of gives Tc-99m",
        ),
        ("baseline", NOBODY, 0, "expires on 2026-03-04, within the run, in the middle of studies metastasis"),
        (
            "generator_day",
            "hot_lab.generators.technetium.life=4 d",
            0,
            "8 of 10 elutions make nothing, the first on Wed",
        ),
        (
            "generator_day",
            "hot_lab.generators.technetium.elutions=2",
            0,
            "from Wed 2026-03-04 07:15 on it makes nothing",
        ),
        ("generator_day", "hot_lab.generators.technetium.first=2026-04-01 08:00", 0, "the first technetium comes on"),
        ("nci_tracers", f"{SUNDAY}=2 h", 3, "(Sun 2026-03-15 08:00 to Sun 2026-03-15 12:00) holds no opening hour"),
        ("nci_tracers", f"{SUNDAY}=null", 0, "is due on Sun 2026-03-15 10:00, when the site is closed, and without"),
    ],
)
def test_what_cannot_be_is_reported_before_anything_runs(twin, scenario, setting, code, words):
    """A species that does not fit, a tracer that is gone, a certificate or a generator that ends, a closed Sunday."""
    said = twin("check", scenario, "--set", setting)
    assert said.code == code
    assert words in said.err
    assert code or "warning" in said.out


OLD = ("first=2024-03-02 06:30", "every=null", "life=3000 d")


@pytest.mark.parametrize("settings", [("life=1 min",), ("first=2030-03-02 06:30",), OLD])
def test_a_kit_without_activity_serves_nobody(twin, settings):
    """The generator has ended, is still to come, or is 266 half-lives old: its eluate has nothing to draw."""
    sets = [word for setting in settings for word in ("--set", f"hot_lab.generators.technetium.{setting}")]
    said = twin("check", "generator_day", *sets)
    assert said.code == 0
    assert "hot_lab.preparations.mdp: 10 of 10 times nothing can be made, the first on Mon 2026-03-02 07:25" in said.err
    assert "needs 37 MBq of MDP, and no vial of it comes within the run" in said.err
    assert "mdp serves" not in said.out
    assert "fdg serves" in said.out


def test_the_schema_is_a_schema(twin):
    jsonschema = pytest.importorskip("jsonschema")
    schema = twin("schema").data
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.validate(twin("check", "baseline", "--json", "--resolved").data["resolved"], schema)


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        "null",
        "yes",
        "~",
        "1e3",
        "12:30",
        "- a",
        "a: b",
        "#",
        "",
        " a ",
        "0x10",
        ".5",
        "=",
        "<<",
        "*a",
        "&a",
        "2026-03-02",
    ]
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | words
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3), max_leaves=8
)


@given(st.dictionaries(words, values, min_size=1, max_size=4), st.booleans())
def test_yaml_is_read_as_it_was_written(data, ascii_only):
    text = "\n".join(lines(data, ascii_only=ascii_only))
    assert plain(read_bytes(text.encode(), "text")) == data
    assert text.isascii() or not ascii_only
