"""Run folders: written once, whole or not at all; what is damaged is said."""

import json
import os
import resource
import shutil
import subprocess
import sys
import threading

import pandas as pd
import pytest

from twin.errors import StoreError
from twin.results import kpis, store
from twin.results.manifest import manifest

FILES = {"manifest.json", "events.parquet", "involved.parquet", "kpis.json"}


@pytest.fixture
def said(facts):
    scenario = {"name": "small", "days": 1}
    return manifest(scenario=scenario, digest="d" * 32, facts=facts, seed=3, command=["twin", "run", "small"])


@pytest.fixture
def folder(day, said, tmp_path):
    return store.save(day, said, out=tmp_path / "run")


def left(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_run_comes_back_as_it_was(day, said, tmp_path):
    path = store.save(day, said, store=tmp_path)
    assert set(left(path)) == FILES
    again = store.open_run(path)
    pd.testing.assert_frame_equal(again.events, day.events)
    pd.testing.assert_frame_equal(again.involved, day.involved)
    assert again.facts == day.facts
    assert kpis.compute(again) == kpis.compute(day) == store.read_figures(path)
    assert left(tmp_path) == [path.name]


def test_the_folder_is_named_after_the_run(day, said, tmp_path):
    assert store.save(day, said, store=tmp_path).name == f"small-s3-r0-{said['address'][:12]}"


def test_the_same_run_has_the_same_bytes(day, said, tmp_path):
    one, two = (store.save(day, said, out=tmp_path / name) for name in ("one", "two"))
    for name in FILES - {"manifest.json"}:
        assert (one / name).read_bytes() == (two / name).read_bytes()


def test_the_same_bytes_in_another_process(day, said, tmp_path):
    """The story is told again in a process with another hash seed."""
    path = store.save(day, said, out=tmp_path / "here")
    code = (
        f"import sys; sys.path.insert(0, {os.path.dirname(__file__)!r})\n"  # noqa: PTH120 - a text for another process
        "import conftest as c\nfrom twin.results import frames, store\n"
        f"r = c.finish_day(c.tell_day(c.Story())).run(c.FACTS); import json; m = json.loads({json.dumps(said)!r})\n"
        f"store.save(r, m, out={str(tmp_path / 'there')!r})"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=os.environ | {"PYTHONHASHSEED": "99"})
    for name in FILES - {"manifest.json"}:
        assert (path / name).read_bytes() == (tmp_path / "there" / name).read_bytes()


def test_no_clock_and_no_host_outside_the_manifest(day, said, tmp_path):
    path = store.save(day, said, store=tmp_path)
    host = said["host"]["name"].encode()
    assert all(host not in (path / name).read_bytes() for name in FILES - {"manifest.json"})


def test_the_store_keeps_the_run_that_it_has(day, said, tmp_path):
    first = store.save(day, said, store=tmp_path)
    stamp = (first / "manifest.json").stat().st_mtime_ns
    assert store.save(day, said, store=tmp_path) == first
    assert (first / "manifest.json").stat().st_mtime_ns == stamp
    assert store.find(said["address"], tmp_path) == first


def test_a_run_is_found_by_its_address_whatever_it_is_called(day, said, tmp_path):
    first = store.save(day, said, store=tmp_path)
    renamed = said | {"name": "other"}
    assert renamed["address"] == said["address"]
    assert store.find(renamed["address"], tmp_path) == first
    second = store.save(day, renamed, store=tmp_path)
    assert second.name.startswith("other-")
    assert store.read_manifest(second)["name"] == "other"
    shutil.rmtree(first)
    assert store.find(said["address"], tmp_path) == second
    assert store.find("0" * 32, tmp_path) is None


def test_another_address_that_begins_alike_is_another_run(day, said, tmp_path):
    store.save(day, said, store=tmp_path)
    assert store.find(said["address"][:-1] + "x", tmp_path) is None


def test_a_damaged_run_in_the_store_is_made_anew(day, said, tmp_path):
    path = store.save(day, said, store=tmp_path)
    (path / "events.parquet").write_bytes(b"PAR1")
    assert store.find(said["address"], tmp_path) is None
    assert store.save(day, said, store=tmp_path) == path
    assert store.open_run(path).facts == day.facts
    assert left(tmp_path) == [path.name]


def test_default_store(monkeypatch, tmp_path, day, said):
    monkeypatch.setenv("TWIN_STORE", str(tmp_path / "mine"))
    assert store.save(day, said).parent == tmp_path / "mine"
    monkeypatch.delenv("TWIN_STORE")
    monkeypatch.chdir(tmp_path)
    assert store.save(day, said).parts[0] == "runs"


def test_out_may_be_an_empty_folder_and_stays_the_same_one(day, said, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    inode = out.stat().st_ino
    assert store.save(day, said, out=out) == out
    assert out.stat().st_ino == inode
    assert set(left(out)) == FILES


def test_out_may_be_where_one_is(day, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store.save(day, said, out=".")
    assert set(left(tmp_path)) == FILES


def test_out_may_lie_deep(day, said, tmp_path):
    assert set(left(store.save(day, said, out=tmp_path / "a" / "b"))) == FILES


def test_out_that_holds_something_is_refused(day, said, tmp_path):
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(StoreError, match=r"is not empty.*--out"):
        store.save(day, said, out=tmp_path)
    assert left(tmp_path) == ["note.txt"]


def test_out_that_holds_a_run_is_refused(day, said, tmp_path):
    out = store.save(day, said, out=tmp_path / "out")
    with pytest.raises(StoreError, match="holds a run already"):
        store.save(day, said, out=out)


def test_out_that_is_a_file_is_refused(day, said, tmp_path):
    (tmp_path / "x").write_text("mine")
    with pytest.raises(StoreError, match="is a file"):
        store.save(day, said, out=tmp_path / "x")
    with pytest.raises(StoreError, match="could not be written"):
        store.save(day, said, out=tmp_path / "x" / "y")


@pytest.fixture
def file_limit():
    """Files may not grow beyond a size, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size_of", [None, *sorted(FILES)])
@pytest.mark.parametrize("where", ["out", "out_empty", "store"])
def test_a_full_disk_leaves_nothing(day, said, tmp_path, folder, where, size_of, file_limit):
    """The limit is one byte less than one of the files needs."""
    place = tmp_path / "place"
    if where == "out_empty":
        place.mkdir()
    size = (folder / size_of).stat().st_size - 1 if size_of else 0
    file_limit(size)
    with pytest.raises(StoreError, match=r"disk is full.*--out"):
        store.save(day, said, **{where.partition("_")[0]: place})
    assert not place.exists() or left(place) == []
    assert left(tmp_path) in (["run"], ["place", "run"])


def test_a_failure_half_way_leaves_nothing(day, said, tmp_path, monkeypatch):
    def broken(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "_write_json", broken)
    with pytest.raises(StoreError, match="disk is full"):
        store.save(day, said, store=tmp_path)
    assert left(tmp_path) == []


def test_an_interrupt_leaves_nothing(day, said, tmp_path, monkeypatch):
    def stop(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "_write_json", stop)
    with pytest.raises(KeyboardInterrupt):
        store.save(day, said, store=tmp_path)
    assert left(tmp_path) == []


def test_a_folder_that_cannot_be_filled_is_empty_again(day, said, tmp_path, monkeypatch):
    sync = store.aside.sync

    def refuse(folder):
        if folder.name == "run":
            (folder / "manifest.json").unlink()
        sync(folder)

    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.setattr(store.aside, "sync", refuse)
    with pytest.raises(StoreError, match="could not be written"):
        store.save(day, said, out=out)
    assert left(out) == []


def test_two_that_save_the_same_run_both_have_it(day, said, tmp_path):
    paths, problems = [], []

    def save():
        try:
            paths.append(store.save(day, said, store=tmp_path))
        except StoreError as error:
            problems.append(error)

    threads = [threading.Thread(target=save) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    assert len(set(paths)) == 1
    assert left(tmp_path) == [paths[0].name]


def test_another_user_may_read_it(day, said, tmp_path):
    path = store.save(day, said, store=tmp_path)
    mask = os.umask(0)
    os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o777 & ~mask


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_truncated_file_is_found_out(folder, name):
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(StoreError, match=f"{name} is damaged"):
        store.open_run(folder)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_missing_file_is_found_out(folder, name):
    (folder / name).unlink()
    with pytest.raises(StoreError, match=r"missing|not finished"):
        store.open_run(folder)


def test_a_flipped_byte_is_found_out(folder):
    content = bytearray((folder / "events.parquet").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "events.parquet").write_bytes(content)
    with pytest.raises(StoreError, match="was changed"):
        store.open_run(folder)


def test_a_newer_log_is_refused(folder):
    text = json.loads((folder / "manifest.json").read_text())
    text["log_version"] = 99
    (folder / "manifest.json").write_text(json.dumps(text))
    with pytest.raises(StoreError, match=r"log has version 99.*update"):
        store.open_run(folder)


@pytest.mark.parametrize("text", ["[]", "{}", '{"log_version": "x"}', "nonsense"])
def test_a_manifest_that_is_none(folder, text):
    (folder / "manifest.json").write_text(text)
    with pytest.raises(StoreError, match="manifest"):
        store.open_run(folder)


def test_facts_that_cannot_be_read(folder):
    text = json.loads((folder / "manifest.json").read_text())
    del text["facts"]["opening"]
    (folder / "manifest.json").write_text(json.dumps(text))
    with pytest.raises(StoreError, match="cannot be read"):
        store.open_run(folder)


def test_what_is_no_run_folder(tmp_path):
    with pytest.raises(StoreError, match="is not there"):
        store.open_run(tmp_path / "nowhere")
    with pytest.raises(StoreError, match="not a run folder"):
        store.open_run(tmp_path)


def test_a_run_folder_can_be_moved(folder, tmp_path, day):
    shutil.move(folder, tmp_path / "moved")
    assert store.open_run(tmp_path / "moved").facts == day.facts
