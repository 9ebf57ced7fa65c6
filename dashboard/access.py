"""Who is there, which roles they have, and what a viewer does not get to see.

What is hidden is hidden here, on the server, before any picture, table or download is made. It is a list of what is
open: a table or a column that nobody has judged is hidden from a viewer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from twin.api import Facts

MANAGER, RADIATION_PROTECTION, VIEWER = "manager", "radiation_protection", "viewer"
ROLES = (MANAGER, RADIATION_PROTECTION, VIEWER)
#: Roles that see dose, pregnancy, utilisation and hours of single people.
SEE_PEOPLE = frozenset({MANAGER, RADIATION_PROTECTION})


_STEP = "protocol session visit study step task scanner bed room wait_cause abort_reason effect request_s start_s end_s"
_VISIT = (
    "visit study animal protocol session scanner request_reason requested_s due_s booked_s status reason ended_s "
    "started_s scan_start_s scan_end_s scanned attempts first_pass injected_s injected_bq prescribed_bq within_10pct "
    "anaesthesia_s fasting_s fasted_s wait_s wait_person_s wait_scanner_s wait_bed_s wait_place_s wait_tracer_s "
    "wait_supply_s wait_calibrator_s wait_licence_s wait_waste_s wait_hygiene_s wait_certificate_s wait_supervisor_s "
    "uptake_s uptake_target_s uptake_error_s usable"
)
_SCANNER = (
    "scanner group opening_s down_s imaging_s quality_control_s set_up_s waiting_person_s waiting_tracer_s "
    "waiting_place_s waiting_animal_s idle_s used_s utilisation_pct"
)
_BATCH = (
    "vial tracer nuclide delivered_s reference_s delivered_bq drawn_bq wasted_bq in_stock_bq decayed_bq left_bq "
    "syringes reference_bq"
)
_WELFARE = (
    "animal study species visits scans anaesthesias anaesthesia_s longest_anaesthesia_s failed_injections lowest_degc "
    "hypothermia_s severity excluded died killed"
)
_UPTAKE = "visit uptake_s fasted_s awake_part depot_part target background contrast target_per_kg background_per_kg"
_SPECT = (
    "visit animal study protocol session scanner collimator nuclide start_s duration_s activity_bq counts resolution_m"
)
_SCANS = (
    "session visit study animal animals protocol scanner place task target start_s duration_s activity_bq others_bq "
    "trues scattered randoms nec live_pct below_target usable"
)
_COMPARISONS = (
    "study target scans comparisons animals_scanned animals_per_group effect_pct recovery_pct cv_pct biology_cv_pct "
    "counting_cv_pct injection_cv_pct quantification_cv_pct"
)
_ANIMALS = "animal study injections all_within injected_gy ct_scans ct_gy total_gy above_sublethal hold_until_s"
_EFFLUENT = (
    "day_s nuclide excreted_bq not_modelled_bq rinsed_bq drained_bq concentration_bq_per_m3 limit_bq_per_m3 share_pct"
)
_BALANCE = "nuclide delivered_bq injected_bq residual_bq spilt_bq wasted_bq in_stock_bq decayed_bq imbalance_bq"
_VIAL = "vial tracer nuclide came flow time_s activity_bq volume_m3 amount_mol decay_per_s"
_SYRINGE = (
    "visit animal study protocol vial tracer nuclide drawn_s outcome injected_s injected_bq prescribed_bq volume_m3 "
    "amount_mol mass_kg amount_mol_per_kg limit_mol_per_kg"
)
_PLACES = (
    "study scanner protocol animals place off_axis_m fwhm_m scans activity_bq trues scattered randoms nec nec_low "
    "nec_high noise_pct"
)
#: Tables and their columns that everybody may see.
OPEN: Mapping[str, frozenset[str]] = {
    name: frozenset(columns.split())
    for name, columns in {
        "tasks": f"{_STEP} wait_s aborted open event start_event end_event",
        "visits": _VISIT,
        "animals": "animal study visits scans injected_bq anaesthesia_s longest_anaesthesia_s alive",
        "scanners": _SCANNER,
        "beds": "bed scanner opening_s occupied_s utilisation_pct",
        "rooms": "room kind places opening_s animal_s in_use_s most_animals utilisation_pct",
        "batches": _BATCH,
        "activity_balance": _BALANCE,
        "welfare": _WELFARE,
        "uptake": _UPTAKE,
        "scans": _SCANS,
        "spect_scans": _SPECT,
        "comparisons": _COMPARISONS,
        "timeline": "kind thing task step session study animals people bed room start_s end_s open",
        "calendar": "kind thing start_s end_s",
        "hours": "kind thing hour_s available_s used_s",
        "dose_animals": _ANIMALS,
        "waste_stores": "store time_s held places",
        "dose_waste": "day_s nuclide activity_bq ten_half_lives_s clearance_s survey_s binding release_s",
        "dose_licence": "nuclide most_bq at_s licence_bq share_pct",
        "dose_effluent": _EFFLUENT,
        "dose_exhaust": "day_s nuclide opened_bq airborne_bq concentration_bq_per_m3 limit_bq_per_m3 share_pct",
        "dose_spills": "time_s room nuclide activity_bq open_s",
        "dose_rooms": "room kind week_sv most_sv_per_s area jurisdiction",
        "room_activity": "room nuclide source time_s activity_bq decay_per_s",
        "vial_levels": _VIAL,
        "syringes": _SYRINGE,
        "on_site": "nuclide time_s activity_bq decay_per_s licence_bq",
        "waited_for": "name kind wait_s busy_pct",
        "bed_use": "bed scanner session animals start_s end_s",
        "animal_stays": "animal visit study session room start_s end_s injected_s injected_bq",
        "anaesthesias": "animal visit study session start_s end_s",
        "projects": "project studies used approved",
        "study_limits": "study species project severity anaesthesia_soft_s normal_degc cold_degc hot_degc",
        "scan_places": _PLACES,
        "necr": "study scanner protocol animals activity_bq nec_per_s decay_per_s",
        "compliance": "kind item thing begins_s due_s done_s state in_time",
    }.items()
}
#: Kinds of rows that everybody may see, in tables that also have rows of people.
NOT_PEOPLE: Mapping[str, frozenset[str]] = {
    "timeline": frozenset({"scanner", "bed", "room"}),
    "calendar": frozenset({"opening", "down"}),
    "hours": frozenset({"scanner", "bed", "room"}),
    "waited_for": frozenset({"staff", "scanner", "bed", "room", "other"}),
    "compliance": frozenset({"quality_control", "calibration", "licence", "authorisation"}),
}
#: Columns that everybody may see, but without the names of people that stand in them.
BLANK: Mapping[str, frozenset[str]] = {"timeline": frozenset({"people"})}
#: Columns of those tables that show single people. With `OPEN` this is all: a test fails on a column in neither.
PERSONAL: Mapping[str, frozenset[str]] = {"dose_spills": frozenset("person session visit skin_sv committed_sv".split())}
#: Tables that are about single people.
PERSONAL_TABLES = frozenset(
    {"people", "doses", "dose_people", "dose_tasks", "dose_budgets", "dose_year", "dose_pregnancy", "dose_intake"}
)
#: Figures of whoever has most of something that is a single person's.
PERSONAL_FIGURES = frozenset(
    f"dose_{name}"
    for name in ("whole_body_msv", "fingertip_msv", "ring_msv", "eye_msv", "near_msv", "over_msv", "unpredicted_msv",
                 "days_to_constraint", "contaminated_skin_msv", "committed_msv")
)  # fmt: skip
#: What a manifest tells everybody.
OPEN_MANIFEST = frozenset("log_version name digest seed replication address versions sources assumed clock".split())


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with a name and roles."""

    name: str
    roles: frozenset[str]


#: Nobody has logged in.
NOBODY = User("", frozenset())
#: Who sits at the machine itself, where no login is configured.
EVERYBODY = User("local", frozenset(ROLES))

_current: ContextVar[User] = ContextVar("user", default=NOBODY)


def current_user() -> User:
    """Who asked what is being answered; `NOBODY` outside a request."""
    return _current.get()


@contextmanager
def acting(user: User) -> Iterator[None]:
    """What happens inside is done for this user."""
    token = _current.set(user)
    try:
        yield
    finally:
        _current.reset(token)


def may_see_people(user: User) -> bool:
    """Whether the user sees figures of single people."""
    return bool(SEE_PEOPLE & user.roles)


def may_end(user: User, owner: str) -> bool:
    """Whether the user may cancel a run that `owner` started."""
    return MANAGER in user.roles or (user.name == owner and bool(user.roles))


def may_see_table(name: str, user: User) -> bool:
    """Whether there is anything in a table for the user."""
    return may_see_people(user) or name in OPEN


def visible(name: str, table: pd.DataFrame, user: User | None = None) -> pd.DataFrame:
    """What a user may see of a table; None: the user of this request.

    Raises
    ------
    KeyError
        When the whole table is hidden.
    """
    if may_see_people(current_user() if user is None else user):
        return table
    if name not in OPEN:
        raise KeyError(f"the table {name!r} shows single people, which only {' and '.join(sorted(SEE_PEOPLE))} may see")
    shown = table[[column for column in table.columns if column in OPEN[name]]]
    if name in NOT_PEOPLE:
        shown = shown[shown["kind"].isin(NOT_PEOPLE[name])].reset_index(drop=True)
    return shown.assign(**dict.fromkeys(BLANK.get(name, ()), ""))


def visible_kpis(kpis: Mapping[str, Any], facts: Facts, user: User | None = None) -> dict[str, Any]:
    """The figures that a user may see: to a viewer none of a single person, or of a group of one."""
    if may_see_people(current_user() if user is None else user):
        return dict(kpis)
    single = _single(facts)
    return {name: figure for name, figure in kpis.items() if is_open(name, single)}


def is_open(kpi: str, single: Collection[str]) -> bool:
    """Whether everybody may see a figure; `single` are the names that mean one person."""
    return not _members(kpi) & set(single) and kpi.partition("[")[0] not in PERSONAL_FIGURES


def visible_sentence(text: str, facts: Facts, user: User | None = None) -> str:
    """A sentence about a run; to a viewer only if it is about no single person."""
    hidden = any(name.casefold() in text.casefold() for name in _single(facts))
    if hidden and not may_see_people(current_user() if user is None else user):
        return "What limits throughput is a single person's work, which only some roles may see."
    return text


def _single(facts: Facts) -> set[str]:
    """Names that mean one person: people, and groups of one."""
    groups = Counter(person.group for person in facts.people.values())
    return set(facts.people) | {group for group, count in groups.items() if count == 1}


def single_in(scenario: Mapping[str, Any], varied: Mapping[str, Iterable[Any]] | None = None) -> set[str]:
    """The same of a scenario as a person writes it, and of all that differ from it by what is varied (path: values)."""
    groups = {name: {said.get("count", 1)} for name, said in (scenario.get("staff") or {}).items() if said}
    for name, counts in groups.items():
        counts |= {count for count in (varied or {}).get(f"staff.{name}.count", ()) if isinstance(count, int)}
    members = {f"{name}-{number}" for name, counts in groups.items() for number in range(1, max(counts) + 1)}
    return members | {name for name, counts in groups.items() if min(counts) <= 1}


#: What of a scenario is about single people: doses and pregnancies, certificates, absence.
_OF_PEOPLE = re.compile(r"dose\.people\b|staff\.[^.]+\.(certificates|training|experience|education|leave|on_call)\b")


def is_of_people(path: str) -> bool:
    """Whether a place of a scenario, ``dose.people.anna.pregnancy_declared``, is about single people."""
    return _OF_PEOPLE.match(path) is not None


def _members(kpi: str) -> set[str]:
    """What the index of a figure names: ``utilisation_pct[group/anna]`` the words group and anna, and both together."""
    member = kpi.partition("[")[2].removesuffix("]")
    return {member, *member.split("/")}


def visible_manifest(manifest: Mapping[str, Any], user: User | None = None) -> dict[str, Any]:
    """What a run folder says of itself, as far as a user may see it."""
    if may_see_people(current_user() if user is None else user):
        return dict(manifest)
    return {key: value for key, value in manifest.items() if key in OPEN_MANIFEST}
