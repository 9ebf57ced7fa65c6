"""Response tables: shipped and right, kept and found again, never taken for another."""

import json
from dataclasses import replace

import pytest

from twin.errors import DataError
from twin.physics import nema, transport
from twin.scanners import beds, pet_geometry, response_store, responses
from twin.sources import default_numbers

NUMBERS = default_numbers()


def digest(ring, bed, numbers=NUMBERS):
    return responses.digest(ring, beds.bed(numbers, bed), numbers)


@pytest.mark.parametrize("name", pet_geometry.names(NUMBERS))
def test_the_catalogue_is_shipped_ready(name):
    ring = pet_geometry.ring(NUMBERS, name)
    for bed in beds.names(NUMBERS):
        on = beds.bed(NUMBERS, bed)
        reach_m = max((x * x + y * y) ** 0.5 for x, y in on.places_m) + on.tube_m[0] / 2
        assert (digest(ring, bed) in response_store.shipped()) == (reach_m < ring.diameter_m / 2)


def test_what_is_shipped_is_what_transport_says():
    """To the last bit but for rounding: histories are addressed. SAFIR's ring with one mouse of middle mass."""
    ring = pet_geometry.ring(NUMBERS, "safir_prototype")
    shipped = response_store.find(ring, "mouse_1", NUMBERS)[1]
    on = beds.bed(NUMBERS, "mouse_1")
    bodies = [*nema.cover(ring, NUMBERS), *on.bodies]
    made, _ = beds.played(ring, bodies, on.emitters, responses.PRECISION, None)
    assert shipped.trues == pytest.approx(made.trues[:, 0], rel=1e-12)
    assert shipped.singles == pytest.approx(made.singles[:, 0], rel=1e-12)
    assert shipped.trues_alone == pytest.approx(made.trues[0, 0], rel=1e-12)


def test_a_heavier_mouse_lets_fewer_pairs_out():
    table = response_store.find(pet_geometry.ring(NUMBERS, "siemens_inveon"), "mouse_4", NUMBERS)
    trues = [responses.at_mass(table, mass_kg).trues_alone for mass_kg in (0.02, 0.025, 0.03, 0.035, 0.04)]
    assert trues == sorted(trues, reverse=True)
    assert responses.at_mass(table, 0.001) == table[0]
    assert responses.at_mass(table, 1.0) == table[-1]
    assert responses.at_mass(table, 0.03).trues == pytest.approx(table[1].trues)


def test_the_full_bed_and_the_lonely_animal_are_the_ends():
    table = response_store.find(pet_geometry.ring(NUMBERS, "siemens_inveon"), "mouse_4", NUMBERS)[1]
    assert table.of(4)[0] == pytest.approx(table.trues)
    assert table.of(1)[0] == pytest.approx([table.trues_alone])
    two = table.of(2)[0]
    assert (table.trues[0] < two[0] < table.trues_alone) or table.trues[0] == pytest.approx(table.trues_alone, rel=0.02)


def test_every_circumstance_has_a_digest_of_its_own(monkeypatch):
    ring = pet_geometry.ring(NUMBERS, "siemens_inveon")
    layer = ring.layers[0]
    lighter = replace(layer.material, density_kg_m3=7000.0)
    others = [
        replace(ring, diameter_m=0.162),
        replace(ring, energy_window_kev=(350.0, 650.0)),
        replace(ring, coincidence_window_s=1e-9),
        replace(ring, layers=(replace(layer, material=lighter),)),
    ]
    digests = [digest(ring, "mouse_4"), digest(ring, "mouse_2"), *(digest(one, "mouse_4") for one in others)]
    monkeypatch.setattr(responses, "TRANSPORT_VERSION", transport.TRANSPORT_VERSION + 1)
    digests.append(digest(ring, "mouse_4"))
    assert len(set(digests)) == len(digests)


def test_a_dead_time_needs_no_photons():
    ring = replace(pet_geometry.ring(NUMBERS, "siemens_inveon"), block_dead_time_s=5e-7)
    assert {
        (one.electronics.block_dead_time_s, one.electronics.integration_s)
        for one in response_store.find(ring, "mouse_1", NUMBERS)
    } == {(5e-7, 5e-7)}


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A cache folder, a ring that is not shipped, and how often its table was made."""
    ring = replace(pet_geometry.ring(NUMBERS, "siemens_inveon"), energy_window_kev=(300.0, 650.0), name="mine")
    table = response_store.find(pet_geometry.ring(NUMBERS, "siemens_inveon"), "mouse_1", NUMBERS)
    made = []

    def computed(*_):
        made.append(1)
        return table

    monkeypatch.setattr(response_store, "folder", lambda: tmp_path / "responses")
    monkeypatch.setattr(responses, "computed", computed)
    return ring, made, tmp_path / "responses"


def test_a_table_is_made_once(kept):
    ring, made, folder = kept
    told = []
    first = response_store.find(ring, "mouse_1", NUMBERS, told.append)
    assert response_store.find(ring, "mouse_1", NUMBERS, told.append) == first
    assert len(made) == len(told) == len(list(folder.iterdir())) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "",
        lambda text: text[: len(text) // 2],
        lambda text: text.replace("0.1", "0.2"),
        lambda text: json.dumps(json.loads(text) | {"digest": "0" * 32}),
        lambda text: "[1, 2]",
        lambda text: json.dumps(json.loads(text) | {"table": None}),
    ],
)
def test_a_broken_or_stale_file_is_made_again(kept, spoil):
    ring, made, folder = kept
    first = response_store.find(ring, "mouse_1", NUMBERS)
    file = next(folder.iterdir())
    whole = file.read_text()
    file.write_text(spoil(whole))
    assert response_store.find(ring, "mouse_1", NUMBERS) == first
    assert len(made) == 2
    assert file.read_text() == whole


def test_a_cache_that_cannot_be_written_is_no_mistake(kept, tmp_path, monkeypatch):
    ring, made, _ = kept
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(response_store, "folder", lambda: tmp_path / "file" / "below")
    monkeypatch.setattr(response_store, "_UNWRITTEN", {})
    assert not response_store.is_ready(ring, "mouse_1", NUMBERS)
    assert response_store.find(ring, "mouse_1", NUMBERS) == response_store.find(ring, "mouse_1", NUMBERS)
    assert len(made) == 1
    assert response_store.is_ready(ring, "mouse_1", NUMBERS)


def test_a_bed_that_does_not_fit_is_refused():
    with pytest.raises(DataError, match="the bore ends at 25 mm"):
        response_store.find(pet_geometry.ring(NUMBERS, "sofie_g8"), "rat_1", NUMBERS)
