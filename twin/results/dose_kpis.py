"""The KPIs of dose."""

from __future__ import annotations

from functools import partial

from twin.results import doses
from twin.results.kpi import Kpi

_PERSON = "person (without: whoever has most)"

KPIS: tuple[Kpi, ...] = (
    Kpi(
        "dose_whole_body_msv",
        "Hp(10) that a person got by handling activity in the run; without an index, of whoever got most.",
        "mSv",
        "lower",
        partial(doses.by_person_msv, column="hp10_sv"),
        _PERSON,
    ),
    Kpi(
        "dose_fingertip_msv",
        "Hp(0.07) of the most exposed square centimetre of the fingers by handling, which the limit speaks of.",
        "mSv",
        "lower",
        partial(doses.by_person_msv, column="hp007_finger_sv"),
        _PERSON,
    ),
    Kpi(
        "dose_ring_msv",
        "What a ring at the finger's base reads: in contact the fingertip's dose over a ratio of the table `dose`.",
        "mSv",
        "lower",
        partial(doses.by_person_msv, column="hp007_ring_sv"),
        _PERSON,
    ),
    Kpi(
        "dose_eye_msv",
        "Hp(3) of the eye lens by handling; photons only.",
        "mSv",
        "lower",
        partial(doses.by_person_msv, column="hp3_sv"),
        _PERSON,
    ),
    Kpi(
        "dose_near_msv",
        "Hp(10) that a person got in a room with activity, or attending injected animals, without handling them.",
        "mSv",
        "lower",
        doses.ambient_msv,
        _PERSON,
    ),
    Kpi(
        "dose_collective_msv",
        "Hp(10) of everybody together, by handling and by being near.",
        "mSv",
        "lower",
        doses.collective_msv,
    ),
    Kpi(
        "dose_fingertip_per_scan_usv",
        "Hp(0.07) of fingertips of everybody together for each completed scan.",
        "uSv",
        "lower",
        partial(doses.per_scan_usv, column="hp007_finger_sv"),
    ),
    Kpi(
        "dose_whole_body_per_scan_usv",
        "Hp(10) by handling of everybody together for each completed scan.",
        "uSv",
        "lower",
        partial(doses.per_scan_usv, column="hp10_sv"),
    ),
    Kpi(
        "dose_fingertip_per_mbq_usv",
        "Hp(0.07) of fingertips by handling of everybody together for each activity injected.",
        "uSv/MBq",
        "lower",
        partial(doses.per_activity, column="hp007_finger_sv"),
    ),
    Kpi(
        "dose_whole_body_per_mbq_usv",
        "Hp(10) by handling of everybody together for each activity injected.",
        "uSv/MBq",
        "lower",
        partial(doses.per_activity, column="hp10_sv"),
    ),
    Kpi(
        "dose_over_msv",
        "How far a limit or a constraint of dose was passed, at the most.",
        "mSv",
        "lower",
        doses.over_msv,
        _PERSON,
    ),
    Kpi(
        "dose_unpredicted_msv",
        "Dose of the fingertip above what was expected of each step, and by being near, summed: no budget is passed by "
        "more.",
        "mSv",
        "none",
        doses.unpredicted_msv,
        _PERSON,
    ),
    Kpi(
        "dose_days_to_constraint",
        "Days from the start until the first person has used up a constraint of a year, at the rate of the run.",
        "d",
        "higher",
        doses.days_to_constraint,
    ),
    Kpi(
        "dose_days_to_refusal",
        "Days from the start until a session could not begin for the first time because of the budgets of dose.",
        "d",
        "higher",
        doses.days_until_refused,
    ),
    Kpi(
        "dose_not_done",
        "Visits that were cancelled because nobody could do them within the budgets of dose.",
        "1",
        "lower",
        doses.not_done,
    ),
)
