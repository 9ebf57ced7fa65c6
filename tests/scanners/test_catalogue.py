import pytest

from tests.scanners.sites import site
from twin.errors import DataError, ScenarioError
from twin.scanners import catalogue, fit
from twin.scenario.loading import load_data
from twin.sources import default_numbers

N = default_numbers()


@pytest.mark.parametrize("name", catalogue.names(N))
def test_every_machine_is_whole(name: str) -> None:
    machine = catalogue.machine(N, name)
    assert machine.label
    assert machine.hotel_sizes[0] == 1
    assert machine.hotel_sizes == tuple(sorted(set(machine.hotel_sizes)))
    assert catalogue.capital_price(N, machine) > 0
    assert N.has(f"reliability.{machine.kind}.mtbf")
    assert N.has(f"reliability.{machine.kind}.mttr")


def test_eight_named_machines_are_pet() -> None:
    machines = [catalogue.machine(N, name) for name in catalogue.names(N) if not name.startswith("generic")]
    assert len([machine for machine in machines if machine.modality in {"PET", "PET/CT"}]) >= 8


def test_an_inveon() -> None:
    # Bao 2009, doi 10.2967/jnumed.108.056374.
    inveon = catalogue.machine(N, "siemens_inveon")
    assert (inveon.ring_diameter_m, inveon.axial_fov_m, inveon.peak_sensitivity) == (0.161, 0.127, 0.093)


def test_what_no_source_gives_is_none() -> None:
    assert catalogue.machine(N, "micropet_p4").ring_diameter_m is None


def test_prices_of_today_are_assumed() -> None:
    numbers = default_numbers()
    catalogue.capital_price(numbers, catalogue.machine(numbers, "mediso_nanoscan_pet_ct"))
    assert "prices.capital.pet_ct" in [row.key for row in numbers.assumed_used()]


def test_an_unknown_model_names_the_nearest() -> None:
    with pytest.raises(DataError, match="did you mean 'siemens_inveon'"):
        catalogue.machine(N, "simens_inveon")


def test_named_machines_of_every_modality() -> None:
    named = [catalogue.machine(N, name) for name in catalogue.names(N) if not name.startswith(("generic", "clinical"))]
    parts = {part for machine in named for part in machine.kind.split("_")}
    assert len(named) >= 20
    assert parts >= {"pet", "spect", "ct", "mri", "optical", "ultrasound", "photoacoustic", "radiography"}
    assert {"pet_ct", "spect_ct", "pet_mri", "pet_spect_ct"} <= {machine.kind for machine in named}


def test_the_width_of_an_animal() -> None:
    """A mouse of 25 g is about as wide as the phantom of NU 4, 25 mm; four in a square need 1 + sqrt 2 of that."""
    assert fit.width_m(N, 0.025) == pytest.approx(0.022, abs=0.001)
    assert fit.needed_m(N, 0.025, 4) == pytest.approx(0.022 * (1 + 2**0.5), abs=0.002)
    assert fit.needed_m(N, 0.025, 7) > fit.needed_m(N, 0.025, 6)


@pytest.mark.parametrize(
    ("scanner", "study", "said"),
    [
        ({"model": "molecubes_beta_cube"}, {"species": "rabbit"}, "a rabbit of"),
        ({"model": "mediso_nanoscan_pet_mri", "hotel": 4}, {"species": "rat"}, "4 animals"),
        ({"model": "mediso_nanoscan_pet_ct"}, {"species": "pig"}, "a pig of"),
        ({"modality": "pet", "hotel": 4}, {"species": "pig"}, "4 animals"),
        ({"modality": "pet", "bore": "20 mm"}, {"species": "mouse"}, "does not fit into the bore of pet"),
    ],
)
def test_who_does_not_fit_is_refused(scanner, study, said) -> None:
    made = site({"one": {"template": "pet_late"}}, {"pet": {"room": "suite"} | scanner}, animals=4)
    made["studies"]["one"] |= study
    with pytest.raises(ScenarioError, match=said) as caught:
        load_data(made)
    assert [problem.path for problem in caught.value.problems] == ["studies.one.species"]


def test_who_fits_is_not() -> None:
    scanner = {"model": "mediso_nanoscan_pet_mri", "room": "suite", "hotel": 4}
    load_data(site({"one": {"template": "pet_late"}}, {"pet": scanner}, animals=4))
