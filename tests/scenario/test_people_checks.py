"""Certificates, training and users that cannot be meant; what ends within a run or in the middle of a study."""

import pytest

from twin.errors import ScenarioError
from twin.scenario.checks import examine

WRONG = {
    "certificates: {card: {expires: 2027-01-01}}": "is not known; give its `skills`",
    "certificates: {mri_safety: {expires: 2027-01-01, renewal: {at: 2026-03-01}}}": "begins before the run",
    "training: {imaging: {}}": "has imaging already",
    "experience: {positoning: 3}": "'positioning'",
    "education: {congress: {at: '09:00', duration: 1 h}}": "either days (e.g. mon-fri) or dates",
    "studies: [tumor]": "'tumour'",
}


@pytest.mark.parametrize("patch", WRONG)
def test_a_mistake_is_named(patched, patch):
    with pytest.raises(ScenarioError) as caught:
        patched(f"staff: {{technologist: {{{patch}}}}}")
    assert WRONG[patch] in str(caught.value)


@pytest.mark.parametrize(
    ("patch", "said"),
    [
        ("studies: {tumour: {service: self_service}}", "this study has no users"),
        ("authorisations: {facility: {permit: {expires: 2027-01-01, protocols: [statik]}}}", "'static'"),
        ("prices: {recharge_hour: {self: 9 EUR/h}}", "self_service"),
        ("numbers: {competences.experience.learning_rate: {value: 0}}", "greater than 0"),
    ],
)
def test_a_mistake_elsewhere_is_named(patched, patch, said):
    with pytest.raises(ScenarioError) as caught:
        patched(patch)
    assert said in str(caught.value)


LATER = "studies: {tumour: {authorisation: tumour, time_points: {t1: {}, t2: {at: 30 d, window: 2 d}}}}\n"
#: What ends -> what the check says: who or what, the study and its last day, and when.
ENDS = {
    "staff: {technologist: {certificates: {mri_safety: {expires: 2026-03-20}}}}": (
        "the certificate mri_safety of technologist-1 to technologist-2 expires on 2026-03-20, in the middle of study "
        "tumour (to 2026-04-03): then technologist-1 to technologist-2 may not do: imaging"
    ),
    "staff: {technologist: {certificates: {mri_safety: {expires: 2026-03-03}}}}": "2026-03-03, within the run, in the",
    "staff: {technologist: {certificates: {mri_safety: {expires: 2026-02-01}}}}": "has expired when the run starts",
    "staff: {technologist: {certificates: {card: {expires: 2026-03-03, skills: [killing]}}}}": "expires on 2026-03-03, "
    "within the run: then",
    "authorisations: {projects: {tumour: {expires: 2026-03-20}}}": (
        "the authorisation tumour expires on 2026-03-20, in the middle of study tumour (to 2026-04-03)"
    ),
    "authorisations: {facility: {establishment: {expires: 2026-03-20}}}": "the facility's authorisation establishment",
    "authorisations: {sources: {F-18: {expires: 2026-03-20}}}": "the source licence for F-18 expires on 2026-03-20, in",
}


@pytest.mark.parametrize("patch", ENDS)
def test_what_ends_in_the_middle_of_a_study_is_told_before_it_runs(patched, patch):
    problems, warnings = examine(patched(LATER + patch, check=False))
    assert not problems
    assert any(ENDS[patch] in warning.message for warning in warnings), [w.message for w in warnings]


@pytest.mark.parametrize("course", ["2026-03-10", "2026-03-25"])
def test_a_renewal_in_time_is_no_warning(patched, course):
    own = f"{{expires: 2026-03-20, renewal: {{at: {course}}}}}"
    _, warnings = examine(
        patched(LATER + f"staff: {{technologist: {{certificates: {{mri_safety: {own}}}}}}}", check=False)
    )
    told = [warning.message for warning in warnings if "mri_safety" in warning.message]
    assert [f"a course from {course}" in message for message in told] == ([True] if course > "2026-03-20" else [])
