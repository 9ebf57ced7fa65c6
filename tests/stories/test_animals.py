"""Stories of animals that grow cold, wait, wake late or are left out; times and temperatures worked out apart."""

import math

import pytest

from twin.animals import anaesthesia, body, session, temperature
from twin.facility.world import play
from twin.results import facts, frames
from twin.results.bodies import amounts_mol, at_scan, masses_kg, temperatures, warmth
from twin.results.severity import welfare
from twin.results.visits import visits
from twin.scenario.expand import site
from twin.scenario.loading import load
from twin.sources import default_numbers

MIN = 60.0
N = default_numbers()
MOUSE = body.body(N, "mouse")
DURATIONS = (
    "{bring: 5 min, prepare: 2 min, draw: 3 min, induce: 2 min, inject: 5 min, wake: 3 min, induce_again: 2 min,"
    " position: 6 min, dock: 2 min, ct: 5 min, pet: 15 min, undock: 1 min, recover: 3 min, post_awakening: 20 min,"
    " clean: 5 min, reconstruct: 10 min, split_and_archive: 8 min}"
)
COLD = "policies: {warming: none, warming_scanner: none}\n"


def scan(uptake="60 min", inject="5 min", more=""):
    return f"""
staff:
  ann: null
  bob: {{role: technologist, injection_level: never_fails}}
hot_lab:
  deliveries:
    fdg:
      tracer: FDG
      activity: 1 GBq
      volume: 0.5 ml
      days: daily
      arrives: "07:00"
      reference: "07:00"
      expires: "18:00"
protocols:
  scan:
    template: pet_static
    scanner: pet
    tracer: FDG
    activity: 5 MBq
    uptake: {uptake}
    ct: true
    durations: {DURATIONS.replace("inject: 5 min", f"inject: {inject}")}
studies: {{mice: {{protocol: scan, animals: 1, {more} arrival: {{dates: ["2026-01-05 08:00"]}}}}}}
"""


@pytest.fixture
def played(tmp_path, site_file):
    """The run of a patch of the small site."""

    def made(patch):
        path = tmp_path / "story.yaml"
        path.write_text(f"schema: 1\nextends: {site_file}\nname: told\n{patch}", encoding="utf-8")
        resolved = load(path)
        found = site(resolved)
        return frames.run(play(found), facts.facts(found, resolved.scenario, resolved.numbers))

    return made


def at(story, word):
    """Minutes after 8:00 of the rows that begin so."""
    found = [line.split()[0].split(":") for line in story if line.split(" ", 1)[1].startswith(word)]
    return [60 * (int(clock[0]) - 8) + int(clock[1]) + float(clock[2] if len(clock) > 2 else 0) / 60 for clock in found]


def test_an_animal_that_is_kept_warm_wakes_as_the_table_says(tell):
    """The bed holds it above the threshold: nothing of the day moves."""
    story = tell(scan(), "recover", "too_cold")
    assert at(story, "recover end")[0] - at(story, "recover start")[0] == pytest.approx(3.0, abs=1e-3)
    assert not at(story, "too_cold")


def test_a_cold_animal_wakes_late(tell, played):
    story, run = tell(COLD + scan(), "recover", "induce_again"), played(COLD + scan())
    begins, ends = at(story, "recover start")[0], at(story, "recover end")[0]
    slept = begins - at(story, "induce_again start")[0]
    known = temperatures(run)
    again = known[known["asleep"]]["temperature_degc"].to_numpy()[1]  # as it fell asleep for the scan
    cold = float(temperature.asleep(N, MOUSE).at(again, slept * MIN))
    gas = anaesthesia.effects(N, MOUSE)
    wakes = [float(gas.recovery_s(0.015, degc)) for degc in (cold, 35.0)]
    assert cold < 31
    assert ends - begins == pytest.approx(3.0 * wakes[0] / wakes[1], abs=1e-3)


@pytest.mark.parametrize("warming", ["none", "pad"])
def test_an_animal_that_was_injected_to_sleep_wakes_when_that_has_gone(tell, warming):
    """Not when a table says: 90 min after ketamine with xylazine if it is kept warm, much later if it is cold."""
    patch = scan(uptake="20 min").replace("    ct: true", "    ct: true\n    anaesthetic: ketamine_xylazine")
    story = tell(COLD.replace("warming: none", f"warming: {warming}") + patch, "induce", "wake")
    given = session.care(N, MOUSE, 10 * MIN, "ketamine_xylazine", warming=warming)
    wakes = session.session(N, MOUSE, given).wakes_s / MIN
    assert at(story, "wake end")[0] - at(story, "induce start")[0] == pytest.approx(wakes, abs=0.05)
    assert (wakes < 95) == (warming == "pad")


def test_the_log_knows_how_warm_it_was(played):
    """Newton's cooling from the induction to sternal recumbency; the time in hypothermia against a fine grid."""
    run = played(COLD + scan(inject="20 min"))
    known = temperatures(run)
    asleep, awake = known[known["asleep"]].iloc[0], known[~known["asleep"]].iloc[0]
    assert asleep["temperature_degc"] == 37.0
    course = temperature.asleep(N, MOUSE)
    length = awake["time_s"] - asleep["time_s"]
    assert awake["temperature_degc"] == pytest.approx(float(course.at(37.0, length)), abs=1e-9)
    again = known[known["asleep"]].iloc[1:]["temperature_degc"].to_numpy()[0]
    last = known.iloc[-1]
    low = warmth(run).iloc[0]
    assert low["lowest_degc"] == pytest.approx(last["temperature_degc"])
    second = last["time_s"] - known[known["asleep"]].iloc[1]["time_s"]
    total = float(course.below_s(37.0, 35.0, length)) + float(course.below_s(again, 35.0, second))
    assert low["hypothermia_s"] == pytest.approx(total, abs=1e-6)


def test_a_cold_animal_waits_for_its_next_anaesthesia(tell):
    """It is below 35 degC when the bed is ready; it goes to 37 degC with its time constant."""
    patch = scan(uptake="20 min", inject="20 min")
    story = tell(COLD + patch, "induce", "wake", "too_cold", "induce_again")
    told, woke = at(story, "too_cold")[0], at(story, "wake end")[0]
    cold = float(temperature.asleep(N, MOUSE).at(37.0, (woke - at(story, "induce start")[0]) * MIN))
    lasts = N.value("physiology.temperature.rewarming") / MIN * math.log((37.0 - cold) / 2.0)
    assert at(story, "induce_again start")[0] == pytest.approx(woke + lasts, abs=0.3)
    assert told < woke + lasts
    never = tell(COLD.replace("}", ", anaesthesia_wait: none}") + patch, "too_cold", "induce_again")
    assert at(never, "induce_again start")[0] == pytest.approx(told, abs=0.02)
    assert not at(never, "too_cold")


def test_warmth_and_fasting_show_the_tumour(played):
    """What a scan would show is computed from the log: the cool and a full stomach cost contrast."""
    rooms = 'rooms: {uptake: {kind: uptake, places: 4, temperature: "20 degC"}}\n'
    warm = played(scan() + rooms.replace("20 degC", "31 degC"))
    cool = played(scan() + rooms)
    one, other = (float(at_scan(run)["contrast"].iloc[0]) for run in (warm, cool))
    assert one > 2 * other
    assert at_scan(warm)["awake_part"].iloc[0] == pytest.approx(1 - (3 + 2 + 6 + 2 + 5) / 60, abs=0.02)


@pytest.mark.parametrize(
    ("tumour", "reason", "status"),
    [
        ("{line: breast, take: 0, implanted: 14 d}", "no_tumour", "cancelled"),
        ("{line: breast, take: 1, implanted: 2 d}", "tumour_size", "cancelled"),
        ("{line: breast, take: 1, implanted: 60 d}", "endpoint", "killed"),
        ("{line: breast, take: 1, implanted: 15 d}", None, "completed"),
    ],
)
def test_what_becomes_of_a_tumour(played, tumour, reason, status):
    run = played(scan(more=f"health: healthy, tumour: {tumour},"))
    assert visits(run)["status"].tolist() == [status]
    assert [why if isinstance(why, str) else None for why in welfare(run)["excluded"]] == [reason]


IMPLANT = """
  implant:
    plan:
      - {step: bring, task: transport, duration: 5 min, person: animal_handling, place: preparation}
      - {step: sleep, task: preparation, duration: 2 min, person: anaesthesia, effect: anaesthetise}
      - {step: cells, task: other_service, duration: 5 min, person: anaesthesia}
      - {step: awake, task: anaesthesia_recovery, duration: 3 min, effect: wake}
      - {step: watch, task: post_awakening, duration: 10 min, effect: home}
studies:"""


@pytest.mark.parametrize(("days", "reason"), [(4, "tumour_size"), (15, None), (60, "endpoint")])
def test_a_tumour_grows_from_the_visit_that_implants_it(played, days, reason):
    """As one that came with the animal so many days before its scan; implanting is booked and takes people's time."""
    tumour = "tumour: {line: breast, take: 1, at: before}, health: healthy,"
    points = f"time_points: {{before: {{at: 0 d, protocol: implant}}, after: {{at: {days} d, window: 3 d}}}},"
    run = played(f"days: {days + 4}\n" + scan(more=tumour + points).replace("\nstudies:", IMPLANT))
    status = visits(run)["status"].tolist()
    assert status == ["completed", {"tumour_size": "cancelled", "endpoint": "killed", None: "completed"}[reason]]
    assert [why if isinstance(why, str) else None for why in welfare(run)["excluded"]] == [reason]
    assert welfare(run)["anaesthesias"].tolist() == [1 if reason else 2]


def test_substance_that_is_injected_with_the_tracer_takes_its_targets(played):
    """The same animals with the same luck, the ligand once with a hundred times as much that is not labelled."""
    ligand = scan().replace("tracer: FDG", "tracer: DCFPyL")
    runs = [played(ligand.replace("arrives:", f"{molar}arrives:", 1)) for molar in (
        "", "molar_activity: 100 GBq/umol\n      ", "molar_activity: 1 GBq/umol\n      ",
    )]  # fmt: skip
    unknown, pure, carrier = (at_scan(run).iloc[0] for run in runs)
    targets = [row["target_per_kg"] for row in (unknown, pure, carrier)]
    assert targets[0] > targets[1] > 3 * targets[2]
    assert pure["background_per_kg"] == pytest.approx(carrier["background_per_kg"])  # muscle has no target
    taken = [float(amounts_mol(run)[0] / masses_kg(run)[0]) / 30e-9 for run in runs]  # over what takes half of them
    assert taken == pytest.approx([0.0, taken[2] / 100, taken[2]], rel=1e-3)  # what decays is no substance any more
    lost = [amount / (1.0 + amount) for amount in taken]
    assert (targets[0] - targets[2]) / (targets[0] - targets[1]) == pytest.approx(lost[2] / lost[1], rel=1e-6)


@pytest.mark.parametrize(
    ("rate", "status", "severe"), [("2 %/day", "completed", "mild"), ("5 %/day", "killed", "moderate")]
)
def test_an_animal_that_loses_weight_gets_less_and_is_killed_at_a_fifth(played, rate, status, severe):
    more = f"mass: 25 g, wasting: {{rate: {rate}, spread: 0}}, time_points: {{a: {{}}, b: {{at: 7 d}}}},"
    run = played("days: 9\n" + scan(more=more))
    assert visits(run)["status"].tolist() == ["completed", status]
    left = math.exp(-7 * float(rate.split()[0]) / 100)
    assert masses_kg(run)[1] == pytest.approx(0.025 * left)
    (row,) = welfare(run).to_dict("records")
    assert (row["severity"], row["killed"]) == (severe, status == "killed")
    assert (row["excluded"] == "weight_loss") == (left < 0.8)


def test_the_experiment_itself_has_a_class_and_earlier_anaesthesias_count(played):
    project = (
        "authorisations: {projects: {p: {animals: 9, severity: moderate, anaesthesias: 3, expires: 2030-12-31}}}\n"
    )
    reused = "reused: {severity: mild, restored: true, advice: true, anaesthesias: %d},"
    study = "severity: moderate, authorisation: p, " + reused
    run = played(project + scan(more=study % 1))
    assert (welfare(run)["severity"].tolist(), visits(run)["status"].tolist()) == (["moderate"], ["completed"])
    full = played(project + scan(more=study % 3))
    assert visits(full)["reason"].tolist() == ["authorisation"]


def test_masses_vary_and_animals_grow(played):
    points = "mass: 20 g, mass_spread: 10 %, age: 6 weeks, time_points: {a: {}, b: {at: 7 d}},"
    patch = scan(more=points).replace("animals: 1", "animals: 40").replace("days: 1", "days: 9")
    run = played("days: 9\npolicies: {bolus: eanm}\n" + patch)
    rows = run.involved[run.involved["mass_kg"].notna()]
    mass = rows.groupby("thing", observed=True)["mass_kg"].agg(["first", "last"])
    assert len(mass) == 40
    assert (mass["last"] > mass["first"]).all()
    assert mass["first"].mean() == pytest.approx(0.020, rel=0.05)
    assert 0.06 < mass["first"].std() / mass["first"].mean() < 0.14
