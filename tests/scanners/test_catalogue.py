import pytest

from twin.errors import DataError
from twin.scanners import catalogue
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
    assert catalogue.machine(N, "mediso_nanoscan_pet_ct").ring_diameter_m is None


def test_prices_of_today_are_assumed() -> None:
    numbers = default_numbers()
    catalogue.capital_price(numbers, catalogue.machine(numbers, "mediso_nanoscan_pet_ct"))
    assert "prices.capital.pet_ct" in [row.key for row in numbers.assumed_used()]


def test_an_unknown_model_names_the_nearest() -> None:
    with pytest.raises(DataError, match="did you mean 'siemens_inveon'"):
        catalogue.machine(N, "simens_inveon")
