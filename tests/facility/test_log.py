"""A log says what was written."""

import numpy as np

from twin.facility.log import HAPPENING, START, Log


def told(events: int) -> Log:
    log = Log()
    people = [log.things["person", f"p{i}"] for i in range(3)]
    subjects = [log.subject(f"s{i}", None if i % 2 else f"v{i}", "study") for i in range(5)]
    for k in range(events):
        log.row(0.5 * k, log.labels["scan", f"step{k % 7}", "plan"] + START, subjects[k % 5], "bed" if k % 3 else None)
        log.parts += people[: k % 4]
        if k % 11 == 0:
            log.row(0.5 * k, log.labels[None, "delivery", None] + HAPPENING)
            log.know(log.things["vial", f"vial{k}"], {"activity_bq": float(k), "volume_m3": 1e-6 * k})
    return log


def test_it_goes_on_after_it_was_looked_at() -> None:
    log = told(5000)
    before, *_ = log.columns()
    log.row(2500.0, log.labels[None, "closing", None] + HAPPENING)
    after, *_ = log.columns()
    assert log.count == 5000 + 455 + 1
    for name, column in after.items():
        np.testing.assert_array_equal(column[:-1], before[name])


def test_rows_come_back_as_they_were_written() -> None:
    log = told(4)
    events, involved, known = log.columns()
    names = [*log.names, None]
    said = {key: [names[code] for code in events[key]] for key in ("phase", "step", "visit", "reason")}
    assert said["phase"] == ["start", "happening", "start", "start", "start"]
    assert said["step"] == ["step0", "delivery", "step1", "step2", "step3"]
    assert said["visit"] == ["v0", None, None, "v2", None]
    assert said["reason"] == [None, None, "bed", "bed", None]
    assert involved["event"].tolist() == [1, 2, 3, 3, 4, 4, 4]
    assert [names[code] for code in involved["thing"]] == ["vial0", "p0", "p0", "p1", "p0", "p1", "p2"]
    assert [values.tolist() for values in known["activity_bq"]] == [[0], [0.0]]
    assert [values.tolist() for values in known["hp10_sv"]] == [[], []]


def test_a_continued_log_counts_on() -> None:
    log = Log()
    log.first = 40
    log.row(1.0, log.labels[None, "opening", None] + HAPPENING)
    log.row(2.0, log.labels[None, "delivery", None] + HAPPENING)
    log.know(log.things["vial", "v"], {})
    events, involved, _ = log.columns()
    assert events["event"].tolist() == [40, 41]
    assert involved["event"].tolist() == [41]
