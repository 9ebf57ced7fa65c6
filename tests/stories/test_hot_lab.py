"""Stories of the hot lab: late and failed deliveries, a generator, a kit, a synthesis, tests, checks, supplies."""

from math import exp, log

import pytest

from twin import api

GIVE = """
protocols:
  give:
    tracer: {tracer}
    activity: 10 MBq
    flush: 0 ml
    plan:
      - {{step: draw, task: hot_lab, person: hot_lab, effect: draw, duration: 5 min}}
      - {{step: inject, task: injected_products, person: injection, effect: inject, duration: 5 min}}
studies: {{mice: {{protocol: give, animals: 1, arrival: {{dates: ["2026-01-05 {at}"]}}}}}}
"""
VISIT = ("draw", "injected", "visit_cancelled", "visit_completed")
FDG = 'tracer: FDG, activity: 1 GBq, volume: 2 ml, days: daily, arrives: "08:30", reference: "08:30", expires: "18:00"'


def fdg(more: str) -> str:
    return f"hot_lab:\n  deliveries:\n    fdg: {{{FDG}{more}}}\n"


def test_a_delivery_that_is_late(tell):
    assert tell(GIVE.format(tracer="FDG", at="09:00") + fdg(", delay: 45 min"), "delivery", *VISIT) == [
        "09:00 draw request",
        "09:15 delivery",
        "09:15 draw start (tracer) by ann",
        "09:20 draw end",
        "09:25 injected mice-1 (good)",
        "09:25 visit_completed mice-1",
    ]


def test_a_delivery_that_does_not_come(tell):
    """Who waits for it hears of it when it should have come."""
    story = GIVE.format(tracer="FDG", at="08:00") + fdg(", fails: 1") + "policies: {rebook: false}\n"
    assert tell(story, "delivery", "delivery_failed", *VISIT) == [
        "08:00 draw request",
        "08:30 delivery_failed",
        "08:30 visit_cancelled mice-1 (no_activity)",
    ]


def test_a_delivery_that_is_surveyed_before_it_is_used(tell):
    story = GIVE.format(tracer="FDG", at="08:30") + fdg("") + "  receipt: {duration: 10 min}\n"
    assert tell(story, "receipt", "released", *VISIT) == [
        "08:30 receipt start by ann",
        "08:30 draw request",
        "08:40 receipt end",
        "08:40 released",
        "08:40 draw start (tracer) by ann",
        "08:45 draw end",
        "08:50 injected mice-1 (good)",
        "08:50 visit_completed mice-1",
    ]


def test_nothing_is_drawn_before_the_calibrator_is_checked(tell):
    check = '  checks: {constancy: {days: daily, at: "08:58", duration: 10 min}}\n'
    told = tell(GIVE.format(tracer="FDG", at="09:00") + fdg("") + check, "constancy", "draw")
    assert told == [
        "08:58 constancy start by ann",
        "09:00 draw request",
        "09:08 constancy end",
        "09:08 draw start (calibrator) by ann",
        "09:13 draw end",
    ]


MOLY = """
hot_lab:
  generators:
    moly: {parent: Mo-99, daughter: Tc-99m, activity: 10 GBq, first: "2026-01-05 06:00", life: 14 d,
           least_interval: 4 h}
  preparations:
    eluate: {tracer: pertechnetate, generator: moly, yield: 90 %, volume: 5 ml, days: daily, at: "08:00",
             duration: 10 min, shelf_life: 12 h, test: {duration: 5 min}}
    second: {tracer: pertechnetate, generator: moly, volume: 5 ml, days: daily, at: "10:00", duration: 10 min,
             shelf_life: 12 h}
    mdp: {tracer: MDP, draws: {tracer: pertechnetate, activity: 1 GBq}, yield: 95 %, volume: 4 ml, days: daily,
          at: "08:05", duration: 20 min, shelf_life: 6 h, uses: {kit: 1}}
  supplies:
    kit: {stock: 0, order: 5, lead_time: 3 h}
"""
PREPARED = ("eluate", "release_test", "second", "mdp", "delivery", "made", "taken", "prepared", "released")


def test_a_generator_and_a_kit(tell):
    """The second elution waits for its interval; the kit was ordered at midnight and is there at 3:00."""
    assert tell(MOLY, *PREPARED) == [
        "06:00 delivery",
        "08:00 eluate start by ann",
        "08:05 mdp request",
        "08:10 eluate end",
        "08:10 made",
        "08:10 release_test start by ann",
        "08:15 release_test end",
        "08:15 released",
        "08:15 mdp start (tracer) by ann",
        "08:15 taken",
        "08:35 mdp end",
        "08:35 prepared",
        "12:10 second start by ann",
        "12:20 second end",
        "12:20 made",
    ]


@pytest.fixture
def played(tmp_path, site_file):
    """``played(patch)``: the tables of the small site so patched."""

    def run(patch):
        path = tmp_path / "played.yaml"
        path.write_text(f"schema: 1\nextends: {site_file}\nname: played\n{patch}", encoding="utf-8")
        return api.simulate(api.load(path))

    return run


def test_the_daughter_grows_in_on_the_column(played):
    """Bateman: after 2 h 10 min 90 % of it is taken; the rest, and what grows, is there 4 h 10 min later."""
    vials = played(MOLY).tables["batches"].set_index("vial")["delivered_bq"]
    mo, tc, b = log(2) / (65.94 * 3600), log(2) / (6.015 * 3600), 0.8773

    def grown(parent_bq, t):
        return parent_bq * b * tc / (tc - mo) * (exp(-mo * t) - exp(-tc * t))

    first_s, second_s = 130 * 60.0, 250 * 60.0
    on_column = grown(1e10, first_s)
    left = 0.1 * on_column
    assert vials["eluate/2026-01-05"] == pytest.approx(0.9 * on_column, rel=1e-3)
    second = left * exp(-tc * second_s) + grown(1e10 * exp(-mo * first_s), second_s)
    assert vials["second/2026-01-05"] == pytest.approx(second, rel=1e-3)


def test_activity_is_kept_when_one_vial_is_made_of_another(played):
    """What was delivered is injected, wasted, decayed or in stock, for both nuclides."""
    balance = played(MOLY).tables["activity_balance"].set_index("nuclide")
    assert set(balance.index) == {"Mo-99", "Tc-99m"}
    assert (balance["imbalance_bq"].abs() < 1e-9 * balance["delivered_bq"]).all()


def test_a_kit_holds_what_was_taken_less_decay_and_yield(played):
    vials = played(MOLY).tables["batches"].set_index("vial")["delivered_bq"]
    assert vials["mdp/2026-01-05"] == pytest.approx(0.95e9 * exp(-log(2) * 20 / (60 * 6.015)), rel=1e-4)


SYNTHESIS = """
hot_lab:
  preparations:
    fdg: {tracer: FDG, start: {nuclide: F-18, activity: 20 GBq}, yield: 60 %, volume: 2 ml, days: daily, at: "08:00",
          duration: 60 min, shelf_life: 8 h, FAILS}
"""


def test_a_synthesis(played):
    vial = played(SYNTHESIS.replace("FAILS", "fails: 0 %")).tables["batches"].iloc[0]
    assert vial["delivered_bq"] == pytest.approx(0.6 * 20e9 * exp(-log(2) * 60 / 109.77), rel=1e-3)


def test_a_synthesis_of_which_nothing_comes(tell):
    story = GIVE.format(tracer="FDG", at="08:30") + SYNTHESIS.replace("FAILS", "fails: 1") + "policies: {rebook: false}"
    assert tell(story, "fdg", "made", "preparation_failed", *VISIT) == [
        "08:00 fdg start by ann",
        "08:30 draw request",
        "09:00 fdg end",
        "09:00 preparation_failed (synthesis)",
        "09:00 visit_cancelled mice-1 (no_activity)",
    ]


def test_a_vial_that_does_not_pass_its_test(tell):
    fails = "test: {duration: 15 min, fails: 1}"
    story = GIVE.format(tracer="FDG", at="08:30") + SYNTHESIS.replace("FAILS", fails) + "policies: {rebook: false}"
    assert tell(story, "release_test", "made", "vial_wasted", "visit_cancelled") == [
        "09:00 made",
        "09:00 release_test start by ann",
        "09:15 release_test end",
        "09:15 vial_wasted (release)",
        "09:15 visit_cancelled mice-1 (no_activity)",
    ]


@pytest.mark.parametrize(
    ("patch", "reason"),
    [
        (fdg(", fails: 1"), "not_delivered"),
        (SYNTHESIS.replace("FAILS", "fails: 1"), "synthesis"),
        (SYNTHESIS.replace("FAILS", "test: {duration: 15 min, fails: 1}"), "release"),
        (MOLY.replace('first: "2026-01-05 06:00"', 'first: "2026-01-05 09:00"'), "generator"),
    ],
)
def test_why_a_vial_is_never_used(played, patch, reason):
    kpis = played(patch).kpis
    assert kpis[f"vials_failed[{reason}]"]["value"] >= 1.0
    assert kpis["vials_failed[licence]"]["value"] == 0.0


def test_kits_run_out(tell):
    """Two kits; the order that the second sets off takes 40 h, too long for the third day."""
    story = MOLY.replace("stock: 0, order: 5, lead_time: 3 h", "stock: 2, reorder_at: 0, order: 5, lead_time: 40 h")
    told = tell(story + "days: 4\n", "mdp", "supply_ordered", "supply_arrived", "preparation_failed")
    assert told[3:] == [
        "day 2 08:05 mdp request",
        "day 2 08:15 supply_ordered",
        "day 2 08:15 mdp start (tracer) by ann",
        "day 2 08:35 mdp end",
        "day 3 08:05 mdp request",
        "day 3 14:25 preparation_failed (day_over)",
        "day 4 00:15 supply_arrived",
        "day 4 08:05 mdp request",
        "day 4 08:15 mdp start (tracer) by ann",
        "day 4 08:35 mdp end",
    ]


LATE = 'tracer: FDG, days: daily, expires: "18:00"'
TWO = f"""
hot_lab:
  deliveries:
    early: {{{LATE}, activity: 8 MBq, volume: 0.1 ml, arrives: "08:00", reference: "08:00"}}
    late: {{{LATE}, activity: 1 GBq, volume: 2 ml, arrives: "11:00", reference: "11:00"}}
days: 2
"""


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("wait", ["11:10 injected mice-1 (good)", "11:10 visit_completed mice-1"]),
        ("scale", ["08:10 injected mice-1 (good)", "08:10 visit_completed mice-1"]),
        (
            "rebook",
            ["08:00 visit_cancelled mice-1 (no_activity)", "day 2 08:00 visit_cancelled mice-1#2 (no_activity)"],
        ),
        ("cancel", ["08:00 visit_cancelled mice-1 (late_delivery)"]),
    ],
)
def test_what_becomes_of_those_for_whom_there_is_too_little_yet(tell, policy, expected):
    """8 MBq at 8:00 for an animal that is to get 10; the next vial comes at 11:00."""
    story = GIVE.format(tracer="FDG", at="08:00") + TWO + f"policies: {{late_delivery: {policy}}}\n"
    assert tell(story, "injected", "visit_cancelled", "visit_completed") == expected


def test_what_there_is_is_shared_out(played):
    """Three animals are to get 10 MBq each in one draw, and there are 24: each gets about eight."""
    story = GIVE.format(tracer="FDG", at="08:00") + TWO.replace("8 MBq", "24 MBq") + "policies: {late_delivery: scale}"
    story = story.replace("animals: 1", "animals: 3").replace("effect: inject, ", "effect: inject, scanner: pet, ")
    tables = played(story + "\nscanners: {pet: {hotel: 3}}\n").tables
    injected = tables["visits"]["injected_bq"].to_numpy() / 1e6
    assert len(set(tables["visits"]["session"])) == 1
    assert injected == pytest.approx([24 / 3 * 0.5 ** (10 / 109.8) * 0.96] * 3, rel=0.1)


def test_another_session_takes_the_turn_of_one_whose_tracer_is_late(tell):
    """The bone scan is booked behind the FDG scan; while FDG is late it is done first."""
    story = """
rooms: {cells: {kind: uptake, places: 8}}
policies: {booking: first_come, hotel_wait: 0 min, late_delivery: POLICY}
protocols:
  fdg: {template: pet_static, scanner: pet, tracer: FDG, activity: 8 MBq, uptake: 30 min, scan: 10 min}
  bone: {template: pet_static, scanner: pet, tracer: NaF, activity: 8 MBq, uptake: 30 min, scan: 10 min}
studies:
  tumour: {protocol: fdg, animals: 1, priority: 1, arrival: {dates: ["2026-01-05 08:00"]}}
  bones: {protocol: bone, animals: 1, priority: 2, arrival: {dates: ["2026-01-05 08:01"]}}
staff: {bob: {role: technologist, injection_level: never_fails}}
hot_lab:
  deliveries:
    naf: {tracer: NaF, activity: 1 GBq, volume: 2 ml, days: daily, arrives: "08:00", reference: "08:00",
          expires: "18:00"}
    fdg: {tracer: FDG, activity: 1 GBq, volume: 2 ml, days: daily, arrives: "08:10", reference: "08:10",
          expires: "18:00", delay: 3 h}
"""
    brought = {}
    for policy in ("wait", "swap"):
        told = tell(story.replace("POLICY", policy), "bring")
        brought[policy] = [line.partition(" ")[0] for line in told if "start" in line]
    assert brought["swap"][0] == brought["wait"][0]
    assert brought["swap"][1] < brought["wait"][1]


def test_a_catheter_for_each_animal(tell):
    """Two are there: the third animal waits until the order has come."""
    story = GIVE.format(tracer="FDG", at="09:00").replace("animals: 1", "animals: 3") + fdg("")
    story = story.replace("tracer: FDG\n    activity", "tracer: FDG\n    uses: {catheter: 1}\n    activity")
    told = tell(story + "  supplies: {catheter: {stock: 2, order: 10, lead_time: 2 h}}\n", "draw", "supply_arrived")
    assert told == [
        "09:00 draw start by ann",
        "09:00 draw request",
        "09:00 draw request",
        "09:05 draw end",
        "09:05 draw start (person) by ann",
        "09:10 draw end",
        "11:05 supply_arrived",
        "11:05 draw start (supply) by ann",
        "11:10 draw end",
    ]
