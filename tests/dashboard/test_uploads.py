"""Files that somebody sends, and what else a browser may forge: data, of limited size, read and never run."""

from __future__ import annotations

import base64
import io
import zipfile

import openpyxl
import pandas as pd
import pytest

from dashboard import access
from dashboard.callbacks import charts, uploads
from dashboard.config import Config
from dashboard.desk.desk import Desk
from dashboard.form import sheet
from dashboard.form.parts import EXTRA
from dashboard.jobs import Experiment, Jobs, Refused, Request, Variant
from dashboard.jobs import experiment as experiments
from dashboard.jobs.jobs import MOST_OF_ONE, MOST_WAITING
from dashboard.runs import Runs


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("store")
    (folder / "mine.yaml").write_text("extends: baseline\nname: mine\ndays: 2\n", encoding="utf-8")
    (folder / "many.yaml").write_text("schema: 1\nkind: sweep\nname: many\nbase: baseline\n", encoding="utf-8")
    jobs = Jobs(folder, 0, folder)
    with access.acting(access.EVERYBODY):
        yield Desk(Config(folder, folder, jobs, Runs(folder)))
    jobs.close()


def sent(data):
    return f"data:application/octet-stream;base64,{base64.b64encode(data).decode()}"


def opened(desk, name, data):
    return uploads.what_if(desk, "baseline", name, sent(data))


def test_a_scenario_file_becomes_a_what_if(desk):
    own = b"staff: {technologist: {count: 2}}\nstudies: {tumour: {comparison: {power: 0.9}}}\n"
    text = b"extends: spare_bed\nname: x\n" + own
    state = opened(desk, "plan.YAML", text)
    assert state.scenario == "spare_bed"
    assert state.changes["staff.technologist.count"] == "2"
    assert state.changes["studies.tumour.comparison.power"] == "0.9"
    form = desk.forms.form(state)
    edited = desk.forms.edited("spare_bed", form.fields)
    assert edited.link == state.changes
    assert "technologist, count: 3 → 2" in edited.words
    assert "tumour, comparison: power: 0.8 → 0.9" in edited.words
    assert not edited.messages
    assert not edited.rest


HOSTILE = {
    "a tag that runs something": b"!!python/object/apply:os.system ['true']\n",
    "a bomb of aliases": b"a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b]\n",
    "a way to another file": b"extends: ../../../etc/passwd\ndays: 2\n",
    "an absolute way": b"extends: /etc/passwd\ndays: 2\n",
    "several ways": b"extends: [baseline, /etc/passwd]\ndays: 2\n",
    "no text": b"\xff\xfe\x00\x01",
    "no map": b"- 1\n- 2\n",
    "no YAML": b"a: [1\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_a_sentence(desk, name):
    with pytest.raises(Refused) as told:
        opened(desk, "plan.yaml", HOSTILE[name])
    assert "Traceback" not in str(told.value)
    assert "root:" not in str(told.value)


def test_what_is_too_large_or_of_no_known_kind_is_refused(desk):
    with pytest.raises(Refused, match="too large"):
        uploads.what_if(desk, "baseline", "a.yaml", sent(b"#" * 600_000))
    with pytest.raises(Refused, match="too large; the most is 100000"):
        uploads.what_if(desk, "baseline", "a.yaml", sent(b"#" * 100_001))
    with pytest.raises(Refused, match="only scenario files"):
        opened(desk, "a.exe", b"days: 2")
    with pytest.raises(Refused, match="did not arrive whole"):
        uploads.what_if(desk, "baseline", "a.yaml", "data:;base64,%%%")
    with pytest.raises(Refused, match="more than a link can carry"):
        opened(desk, "a.yaml", b"question: '" + b"x" * 7000 + b"'\n")


def filled(desk, **cells):
    """The sheet of the baseline with other values; path -> value."""
    file = desk.forms.sheet("baseline", {})
    book = openpyxl.load_workbook(io.BytesIO(file))
    page = book.active
    for row in page.iter_rows(min_row=3):
        if row[0].value in cells:
            row[5].value = cells[row[0].value]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_sheet_goes_out_and_comes_in(desk):
    file = filled(desk, **{"staff.technologist.count": 2, "hot_lab.deliveries.fdg.activity": "1 GBq"})
    state = opened(desk, "what-if.xlsx", file)
    assert (state.scenario, dict(state.changes)) == (
        "baseline", {"staff.technologist.count": "2", "hot_lab.deliveries.fdg.activity": "1 GBq"},
    )  # fmt: skip
    assert not opened(desk, "what-if.xlsx", desk.forms.sheet("baseline", {})).changes, "nothing was changed"


def test_no_cell_of_a_sheet_is_a_formula(desk):
    leaf_fields = {"staff.technologist.shift": "=cmd|' /C calc'!A0"}
    book = openpyxl.load_workbook(io.BytesIO(desk.forms.sheet("baseline", leaf_fields)))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert any(cell.value == "=cmd|' /C calc'!A0" for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}


def packed(name, text):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"not a zip", "no sheet"),
        (packed("a.txt", "x"), "no sheet"),
        (packed("xl/workbook.xml", "<!DOCTYPE x [<!ENTITY a 'aaaa'>]><x>&a;</x>"), "no sheet"),
        (packed("xl/sheet.xml", "0" * (sheet.MOST_UNPACKED_BYTES + 1)), "unpacks to"),
    ],
)
def test_a_sheet_that_is_none_or_a_bomb_is_not_looked_into(desk, data, said):
    with pytest.raises(Refused, match=said):
        opened(desk, "a.xlsx", data)


def test_an_unknown_field_of_a_sheet_is_told(desk):
    book = openpyxl.load_workbook(io.BytesIO(desk.forms.sheet("baseline", {})))
    book.active.append(["no.such.field", "", "", "", "", "1"])
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Refused, match=r"no\.such\.field"):
        opened(desk, "a.xlsx", out.getvalue())


def test_no_cell_of_a_csv_begins_a_formula():
    table = pd.DataFrame(
        {"name": ["=1+1", "@x", "-2", "＝1", "plain", None], "value": [-1.5, 2.0, None, 0.0, 1.0, 2.0]}
    )
    text = charts.harmless(table).to_csv(index=False)
    assert "'=1+1" in text
    assert "'@x" in text
    assert "'＝1" in text
    assert "\n-1.5" not in text.replace(",", "\n,")
    assert "-1.5" in text


def test_everything_else_is_checked_beside_its_field(desk):
    wrong = desk.forms.edited("baseline", {EXTRA: "studies: [1"})
    assert "line" in wrong.messages[EXTRA]
    long = desk.forms.edited("baseline", {EXTRA: "#" * 20_001})
    assert "more than 20000" in long.messages[EXTRA]
    many = desk.forms.edited("baseline", {EXTRA: "\n".join(f"no_such_key_{number}: 1" for number in range(30))})
    assert (len(many.rest), many.rest[-1]) == (21, "and 10 more")
    unknown = desk.forms.edited("baseline", {EXTRA: "no_such_key: 1"})
    assert any("no_such_key" in said for said in unknown.rest)
    script = desk.forms.edited("baseline", {EXTRA: "name: '<script>alert(1)</script>'"})
    assert script.rest, "a name is a letter, then letters, digits and a few marks"


def test_a_picture_shows_what_is_changed(desk):
    text = "staff: {technologist: {count: 2}}\nscanners: {pet: {hotel: 2}}"
    seen = desk.forms.pictured({"scenario": "baseline", "yaml": text})
    (chart,) = charts_of_facility()
    assert "People on shift: 222 → 162" in chart.caption(seen).replace(",", "")
    assert "places on the beds of pet: 8 → 4 (−50 %)" in chart.caption(seen)
    assert chart.table(seen)["people_changed"].sum() < chart.table(seen)["people_as_it_is"].sum()
    assert len(chart.figure(seen).data) == 4
    assert desk.forms.pictured({"scenario": "../x", "yaml": ""}) is None


def charts_of_facility():
    from dashboard.charts import facility

    return facility.CHARTS


FORGED = [
    {"kind": "compare", "replications": 10**9},
    {"kind": "compare", "replications": "many"},
    {"kind": "rm -rf", "replications": 2},
    {"kind": "sweep", "replications": 2, "folder": "../../etc"},
    {"kind": "sweep", "replications": 2, "axes": {f"a.{n}": [1] for n in range(9)}},
    {"kind": "sweep", "replications": 200, "axes": {"a.b": list(range(30)), "a.c": list(range(30))}},
    {"kind": "size", "replications": 2, "axes": {"a.b": [float("nan")]}},
    {"kind": "compare", "replications": 2, "others": [{"scenario": "x" * 999, "patch": ""}]},
    [1], None, "text",
]  # fmt: skip


@pytest.mark.parametrize("said", FORGED)
def test_a_forged_experiment_is_refused(desk, said):
    with pytest.raises(Refused):
        desk.experiments.ask(experiments.read(said), "baseline")


@pytest.mark.parametrize("name", ["../../etc/passwd", "mine.yaml/../../x", "many.yaml", "quick/../..", ""])
def test_only_what_can_be_picked_is_played(desk, name):
    with pytest.raises(Refused):
        desk.experiments.ask(Experiment("sweep", 2, file=name or "nosuch"), "") if name != "many.yaml" else (
            desk.experiments.ask(Experiment("compare", 2, others=(Variant(name),)), "baseline")
        )
    assert "many.yaml" in desk.config.jobs.shelf.sweeps()
    assert "many.yaml" not in desk.forms.scenarios()


def test_hundreds_of_runs_at_once_wait_and_more_are_refused(tmp_path):
    jobs = Jobs(tmp_path, 0, tmp_path)
    try:
        for seed in range(MOST_OF_ONE):
            jobs.submit(Request("baseline", seed=seed, user="anna"))
        with pytest.raises(Refused, match="of yours are waiting"):
            jobs.submit(Request("baseline", seed=999, user="anna"))
        together = [Request("baseline", seed=seed, user="rita") for seed in range(MOST_OF_ONE + 1)]
        with pytest.raises(Refused, match="of yours are waiting"):
            jobs.submit_all(together)
        assert len(jobs.listing()) == MOST_OF_ONE, "all that belong together, or none"
        for seed in range(MOST_WAITING - MOST_OF_ONE):
            jobs.submit(Request("baseline", seed=seed, user=access.EVERYBODY.name))
        with pytest.raises(Refused, match="are waiting already"):
            jobs.submit(Request("baseline", seed=999, user="vera"))
        assert len(jobs.listing()) == MOST_WAITING
    finally:
        jobs.close()


def test_whoever_has_least_under_way_goes_first_and_long_ones_leave_a_place(tmp_path):
    jobs = Jobs(tmp_path, 0, tmp_path)
    try:
        first = jobs.submit(Request("baseline", seed=1, user="anna"))
        second = jobs.submit(Request("baseline", seed=2, user="anna"))
        vera = jobs.submit(Request("baseline", seed=3, user="vera"))
        many = Experiment("compare", 2, others=(Variant("spare_bed"),))
        long = jobs.submit(Request("baseline", user="rolf", experiment=many))
        jobs.submit(Request("baseline", user="rita", experiment=many))
        taken = [jobs.take(None)[0] for _ in range(4)]
        assert taken == [first, vera, long, second], "two long ones would leave no place"
    finally:
        jobs.close()
