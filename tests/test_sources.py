import re
from importlib.resources import files
from pathlib import Path

import pytest

from twin import sources
from twin.errors import DataError, UnitError

HEADER = "name,value,unit,low,high,source,kind,note,distribution,sd,values"
GOOD = "wait,3,min,1,5,assumed,assumed,,triangular,,"


def written(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "table.csv"
    path.write_text("\n".join((HEADER, *lines)), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", sources.FILES)
def test_every_row_has_a_source_and_a_kind(name: str) -> None:
    table = sources.all_tables()[name]
    assert table.name == name
    assert len(table) > 10
    for row in table.values():
        assert set(row.sources) <= set(sources.bibliography())
        assert row.kind in sources.KINDS
        assert row.key == f"{name}.{row.name}"
        if row.unit != "text":
            assert isinstance(row.si, float)
            assert row.distribution()["kind"] in sources.DISTRIBUTIONS


def test_every_data_file_is_a_table() -> None:
    root = Path(str(files("twin")))
    found = {path.relative_to(root).as_posix() for path in root.rglob("data/*.csv")}
    grids = {path for path, _ in sources.GRIDS.values()}
    assert found == {
        *sources.FILES.values(),
        *grids,
        "experiments/data/validation.csv",
    }  # what is compared sets nothing


def test_assumed_rows_say_so_twice() -> None:
    for table in sources.all_tables().values():
        for row in table.values():
            if row.sources == ("assumed",):
                assert row.kind in {"assumed", "derived"}, row.key


def test_the_bibliography_is_whole() -> None:
    entries = sources.bibliography()
    text = files("twin").joinpath("SOURCES.bib").read_text(encoding="utf-8")
    assert len(entries) == len(re.findall(r"^@", text, re.MULTILINE))
    assert all(entry["title"] for entry in entries.values())
    assert entries["greenwood2020"]["doi"] == "10.2967/jnumed.119.228692"
    compared = sources.read_table(files("twin").joinpath("experiments/data/validation.csv"))
    tables = (*sources.all_tables().values(), compared)
    used = {key for table in tables for row in table.values() for key in row.sources}
    cells = {cell for name in sources.GRIDS for cell in sources.grid(name)["source"]}
    used |= {key.strip() for cell in cells for key in str(cell).split(";")}
    assert set(entries) - used == {"scenario"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("energy_kev,value\n1,2\n", "last column is 'source'"),
        ("energy_kev,source\n", "has rows"),
        ("energy_kev,source\n1,nobody\n", "line 2: 'nobody' is no entry"),
        ("energy_kev,source\n1,\n", "no source, no row"),
        ("energy_kev,source\n1\n", "line 2: 1 cells under 2 columns"),
        ("energy_kev,source\nnan,assumed\n", "'nan' is not a finite number"),
        ("energy_kev,source\none,assumed\n", "'one'"),
    ],
)
def test_a_grid_with_a_mistake_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "grid.csv").write_text(text)
    with pytest.raises(DataError, match=said):
        sources.read_grid(tmp_path / "grid.csv")


def test_a_good_table(tmp_path: Path) -> None:
    table = sources.read_table(written(tmp_path, GOOD), required=["wait"])
    assert table.name == "table"
    assert table["wait"].si == 180
    assert table["wait"].distribution() == {"kind": "triangular", "low": 60.0, "mode": 180.0, "high": 300.0}


@pytest.mark.parametrize(
    ("line", "column", "why"),
    [
        ("wait,3,min,1,5,,assumed,,,,", "source", "no source, no row"),
        ("wait,3,min,1,5,hesketh2025,measured,,,,", "source", "'hesketh2025'.*did you mean 'hesketh2024'"),
        ("wait,3,min,1,5,assumed; ,assumed,,,,", "source", "no source, no row"),
        ("wait,3,min,1,5,assumed,guessed,,,,", "kind", "'guessed'.*measured, derived, assumed, calibrated"),
        ("wait,3,min,1,5,assumed,,,,,", "kind", "allowed"),
        ("wait,three,min,1,5,assumed,assumed,,,,", "value", "'three': not a finite number"),
        ("wait,nan,min,1,5,assumed,assumed,,,,", "value", "not a finite number"),
        ("wait,,min,1,5,assumed,assumed,,,,", "value", "a row has a value"),
        ("wait,3,min,4,5,assumed,assumed,,,,", "low", "'4': low is above value, which is 3"),
        ("wait,3,min,1,2,assumed,assumed,,,,", "value", "'3': value is above high, which is 2"),
        ("wait,3,min,one,5,assumed,assumed,,,,", "low", "'one'"),
        ("wait,3,mins,1,5,assumed,assumed,,,,", "unit", "'mins'.*did you mean 'min'"),
        (",3,min,1,5,assumed,assumed,,,,", "name", "a row has a name"),
        ("wait,3,min,1,5,assumed,assumed,,triangle,,", "distribution", "did you mean 'triangular'"),
        ("wait,3,min,1,,assumed,assumed,,triangular,,", "high", "a triangular distribution needs it"),
        ("wait,3,min,1,5,assumed,assumed,,normal,,", "sd", "a normal distribution needs it"),
        ("wait,3,min,1,,assumed,assumed,,lognormal,,", "high", "a lognormal distribution needs it"),
        ("wait,3,min,1,5,assumed,assumed,,discrete,,1 x", "values", "'x'"),
    ],
)
def test_bad_rows_are_refused_with_line_and_column(tmp_path: Path, line: str, column: str, why: str) -> None:
    with pytest.raises(DataError, match=why) as refused:
        sources.read_table(written(tmp_path, GOOD.replace("wait", "other"), line))
    assert f"table.csv, line 3, column {column}: " in str(refused.value)


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    bad = ("a,x,min,,,,assumed,,,,", "b,1,furlong,,,assumed,sure,,,,", GOOD, GOOD, "c,1")
    with pytest.raises(DataError) as refused:
        sources.read_table(written(tmp_path, *bad), required=["d"])
    text = str(refused.value)
    for part in ("line 2, column value", "line 2, column source", "line 3, column unit", "line 3, column kind"):
        assert part in text
    assert "line 5, column name: 'wait': already in line 4" in text
    assert "line 6, row: 2 cells under 11 columns" in text
    assert "column name: 'd': this row is required" in text


def test_files_that_are_no_table(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    with pytest.raises(DataError, match=r"table\.csv: cannot be read"):
        sources.read_table(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match=r"table\.csv: cannot be read"):
        sources.read_table(path)
    for text in ("", "name,value\nwait,3\n"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match=r"line 1: column '(name|unit)' is missing"):
            sources.read_table(path)


def test_decimals_come_through_exactly(tmp_path: Path) -> None:
    table = sources.read_table(written(tmp_path, "v,0.1,ml,,,assumed,assumed,,,,", "f,9.3,%,,,assumed,assumed,,,,"))
    assert table["v"].si == 1e-7
    assert table["f"].si == 0.093


def test_numbers_remember_what_was_used() -> None:
    numbers = sources.default_numbers()
    numbers.value("tasks.dock_and_scout")
    numbers.value("tasks.pet_static")
    assert numbers.used == {"tasks.dock_and_scout", "tasks.pet_static"}
    assert [row.key for row in numbers.assumed_used()] == ["tasks.dock_and_scout"]
    assert set(numbers.sources_used()) == {"assumed", "efthimiou2021", "paquette2013"}
    assert sources.default_numbers().used == set()


def test_overrides_do_not_touch_the_shipped_tables() -> None:
    numbers = sources.default_numbers()
    key = "prices.tracer_batch"
    ours = numbers.with_overrides({key: numbers.row(key).replaced("320 USD", note="contract", kind="measured")})
    assert (ours.value(key), numbers.value(key)) == (320, 500)
    assert ours.used_rows()[0].as_dict()["note"] == "contract"
    assert ours.assumed_used() == ()
    assert set(ours.sources_used()) == {"scenario"}


def test_every_row_goes_into_a_manifest() -> None:
    for table in sources.all_tables().values():
        for row in table.values():
            assert (row.as_dict()["distribution"] is None) == (row.unit == "text")


def test_an_override_has_the_unit_of_its_row() -> None:
    numbers = sources.default_numbers()
    row = numbers.row("tasks.dock_and_scout")
    assert row.replaced("0.1 h").si == 360
    for wrong in ("3", "3 MBq", 3.0):
        with pytest.raises(UnitError):
            row.replaced(wrong)
    assert numbers.row("injection.maximum_attempts").replaced(2).si == 2
    assert numbers.row("catalogue.generic_pet.hotel_sizes").replaced("1 2").text == "1 2"


@pytest.mark.parametrize(
    ("key", "near"),
    [("task.pet_static", "tasks"), ("tasks.pet_statik", "pet_static"), ("tasks", ""), ("", "")],
)
def test_unknown_keys_name_the_nearest(key: str, near: str) -> None:
    numbers = sources.default_numbers()
    with pytest.raises(DataError, match=f"did you mean '{near}'" if near else "no (table|row)"):
        numbers.row(key)
    row = numbers.row("tasks.pet_static")
    with pytest.raises(DataError):
        numbers.with_overrides({key: row})
