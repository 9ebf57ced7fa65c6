import pytest

from twin.animals import durations, tracers
from twin.errors import DataError
from twin.physics import decay
from twin.sources import default_numbers

N = default_numbers()
MIN = 60.0


@pytest.mark.parametrize("name", durations.names(N))
def test_every_task_has_a_duration(name: str) -> None:
    found = durations.duration(N, name)
    low, _ = found.support
    assert low >= 0
    assert found.mean > 0


def test_positioning_in_a_hotel() -> None:
    assert durations.mean_s(N, "position_each_animal_in_hotel") == pytest.approx(19 / 3 * MIN)
    assert durations.mean_s(N, "position_each_animal_in_hotel") / MIN == pytest.approx(6.33, abs=0.005)


def test_means_of_the_shared_part_of_a_session() -> None:
    means = [durations.mean_s(N, name) / MIN for name in ("dock_and_scout", "ct_scan_low_dose", "clean_bed_nosecone")]
    assert means == pytest.approx([2.7, 5.3, 5.7], abs=0.05)
    assert durations.mean_s(N, "pet_static") / MIN == pytest.approx(18.3, abs=0.05)
    assert durations.mean_s(N, "pet_dynamic_60") == 60 * MIN


@pytest.mark.parametrize(("animals", "static", "dynamic"), [(2, 41.7, 46.0), (4, 62.6, 69.1), (5, 66.8, 73.7)])
def test_hotel_gain_follows_from_the_means(animals: int, static: float, dynamic: float) -> None:
    """Calibration, not validation: the positioning times were chosen with a published 65 % in mind."""
    serial = durations.mean_s(N, "position_each_animal_in_hotel")
    shared = sum(durations.mean_s(N, name) for name in ("dock_and_scout", "ct_scan_low_dose", "clean_bed_nosecone"))
    for scan, percent in (("pet_static", static), ("pet_dynamic_60", dynamic)):
        together = shared + durations.mean_s(N, scan)
        gain = 1 - (serial + together / animals) / (serial + together)
        assert 100 * gain == pytest.approx(percent, abs=0.15)


def test_kinds_of_distribution() -> None:
    assert durations.duration(N, "fasting_fdg").support == (6 * 3600, 10 * 3600)
    assert durations.mean_s(N, "uptake_89zr_mab") == (1440 + 2880 + 4320 + 5760 + 8640) / 5 * MIN
    assert durations.mean_s(N, "ms222_induction_200mgL") == pytest.approx(1.58 * MIN)
    # Value and high of a lognormal row are the median and the 95th percentile.
    reconstruction = durations.duration(N, "reconstruct_pet_static")
    assert reconstruction.sample(0.5) == pytest.approx(5 * MIN)
    assert reconstruction.sample(0.95) == pytest.approx(30 * MIN)


def test_positioning_is_marked_as_calibrated_and_estimates_as_assumed() -> None:
    tasks = N.tables["tasks"]
    assert tasks["position_each_animal_in_hotel"].kind == "calibrated"
    assert tasks["dock_and_scout"].kind == tasks["clean_bed_nosecone"].kind == "assumed"
    assert tasks["isoflurane_induction"].kind == tasks["pet_static"].kind == "measured"


def test_a_scenario_can_set_a_duration() -> None:
    key = "tasks.dock_and_scout"
    row = N.row(key)
    fixed = N.with_overrides({key: row.replaced("90 s")})
    assert durations.duration(fixed, "dock_and_scout").as_dict() == {"kind": "constant", "value": 90.0}
    drawn = N.with_overrides({key: row.replaced({"kind": "gamma", "mean": 120.0, "sd": 60.0})})
    assert durations.mean_s(drawn, "dock_and_scout") == 120
    assert drawn.row(key).value == 2
    assert durations.mean_s(N, "dock_and_scout") == pytest.approx(160)


def test_an_unknown_task_names_the_nearest() -> None:
    with pytest.raises(DataError, match="did you mean 'dock_and_scout'"):
        durations.duration(N, "dock_and_scuot")


#: Given and not imaged.
THERAPY = {"Ra-223-dichloride"}


def test_every_tracer_is_whole() -> None:
    assert "FDG" in tracers.names(N)
    for name in tracers.names(N):
        tracer = tracers.tracer(N, name)
        assert tracer.scan_s is None if name in THERAPY else tracer.scan_s > 0
        assert (tracer.nuclide is None) == (tracer.injected_activity_bq is None)
        assert tracer.nuclide is None or decay.canonical(N, tracer.nuclide) == tracer.nuclide


def test_fdg() -> None:
    fdg = tracers.tracer(N, "FDG")
    assert (fdg.nuclide, fdg.injected_activity_bq, fdg.activity_range_bq) == ("F-18", 10e6, (2e6, 10e6))
    assert (fdg.uptake_s, fdg.scan_s) == (3600, 900)


def test_an_unknown_tracer_names_the_nearest() -> None:
    with pytest.raises(DataError, match="did you mean 'FDG'"):
        tracers.tracer(N, "fdgg")
