r"""Where activity was, from the log; and what people got who were only near it.

Of each room and nuclide the activity is known at any moment: animals come injected and go, vials stand in the hot lab,
and what was wasted lies there too. Its integral from the beginning of the run,

.. math:: C(t) = \int_0^t A(s)\,ds,

is closed between two changes. Doses of people who are near are rows of the log (`twin.facility.nearby`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from twin.physics.decay import course, decays_between
from twin.results.activity import came, custody
from twin.results.intervals import Spans, pairs, together
from twin.results.resources import stays
from twin.results.run import Array, Run, codes_of, once
from twin.results.tasks import happenings, tasks, thing_of
from twin.results.visits import injections, visits

COLUMNS = ("hp10_sv", "hp007_finger_sv", "hp007_ring_sv", "hp3_sv")
#: Happenings that say what people got who were near -> how that is called here.
KINDS = {"dose_in_rooms": "ambient", "dose_attending": "attending"}


@dataclass(frozen=True)
class Content:
    """Activity of one nuclide somewhere, changed at moments.

    Attributes
    ----------
    time_s, activity_bq, integral_bq_s : array
        Moments, the activity just after each, and its integral up to each.
    decay_per_s : float
    """

    time_s: Array
    activity_bq: Array
    integral_bq_s: Array
    decay_per_s: float

    def integral(self, time_s: Array) -> Array:
        """Decays from the beginning up to moments [Bq s]."""
        at = np.searchsorted(self.time_s, time_s, "right") - 1
        known = np.maximum(at, 0)
        more = decays_between(self.activity_bq[known], self.decay_per_s, time_s - self.time_s[known])
        return np.where(at >= 0, self.integral_bq_s[known] + more, 0.0)

    def between(self, start_s: Array, end_s: Array) -> Array:
        """Decays between moments [Bq s]."""
        found: Array = self.integral(end_s) - self.integral(start_s)
        return np.maximum(found, 0.0)


def content(time_s: Array, change_bq: Array, decay_per_s: float) -> Content:
    """From changes of activity, in any order."""
    order = np.argsort(time_s, kind="stable")
    time = time_s[order]
    changes = zip(time.tolist(), change_bq[order].tolist(), strict=True)
    rows = np.array(course(changes, decay_per_s, time[0] if len(time) else 0.0)[1:]).reshape(-1, 3)
    return Content(rows[:, 0], rows[:, 1], rows[:, 2], decay_per_s)


@once
def animal_changes(run: Run) -> pd.DataFrame:
    """When injected animals come to a room (number in the facts; +) and leave it (-).

    Returns
    -------
    DataFrame
        room, session (code; -1: at home in the radioactive housing), nuclide, time_s, change_bq.
    """
    number = run.positions(list(run.facts.rooms))[codes_of(tasks(run), "room")]
    visit, spans = stays(run, number)
    home, housed = _housed(run, visit, spans)
    at_home = np.arange(len(visit) + len(home)) >= len(visit)
    visit, spans = np.concatenate((visit, home)), together(spans, housed)
    given = carried(run)
    stay, injection = pairs(codes_of(visits(run), "animal")[visit], given["animal"].to_numpy())
    visit, room = visit[stay], spans.key[stay]
    at_s, activity, decay = (given[name].to_numpy()[injection] for name in ("time_s", "activity_bq", "decay"))
    start, end = np.maximum(spans.start_s[stay], at_s), spans.end_s[stay]
    kept = np.flatnonzero(end > start)
    time = np.concatenate((start[kept], end[kept]))
    left = np.exp(-np.tile(decay[kept], 2) * (time - np.tile(at_s[kept], 2)))
    stays_in = _retained(run, visit, given["visit"].to_numpy()[injection], at_s)
    change = np.repeat([1.0, -1.0], len(kept)) * np.tile((activity * stays_in)[kept], 2) * left
    order = np.argsort(time, kind="stable")
    who = kept[np.tile(np.arange(len(kept)), 2)[order]]
    columns = {
        "room": room[who],
        "session": np.where(at_home[stay], -1, codes_of(visits(run), "session")[visit])[who],
        "nuclide": given["nuclide"].to_numpy()[injection][who],
        "time_s": time[order],
        "change_bq": change[order],
    }
    return pd.DataFrame(columns)


def _housed(run: Run, visit: Array, spans: Spans) -> tuple[Array, Spans]:
    """After which visit an animal was in which room of the radioactive housing: to the next, or until it left."""
    rows = happenings(run, "kept_radioactive", "left_radioactive")
    if not len(rows):
        return np.empty(0, dtype=int), Spans(np.empty(0, dtype=int), np.empty(0), np.empty(0))
    time, animal = run.events["time_s"].to_numpy()[rows], thing_of(run, "animal")[rows]
    room = run.positions(list(run.facts.rooms))[thing_of(run, "room")[rows]]
    comes = run.column("step")[rows] == run.code("kept_radioactive")
    whose = codes_of(visits(run), "animal")
    found: list[tuple[int, int, float, float]] = []
    for one in np.unique(animal).tolist():
        mine = np.flatnonzero(whose[visit] == one)
        went = [(int(v), spans.start_s[mine][visit[mine] == v].min(), spans.end_s[mine][visit[mine] == v].max())
                for v in np.unique(visit[mine]).tolist()]  # fmt: skip
        went.sort(key=lambda three: three[1])
        after = [*(begin for _, begin, _ in went[1:]), run.facts.horizon_s]
        for key, start, end in zip(*_kept(time, room, comes, animal == one, run.facts.horizon_s), strict=True):
            found += [(v, key, back, min(end, then)) for (v, _, back), then in zip(went, after, strict=True)
                      if start <= back < end]  # fmt: skip
    table = np.array(found, dtype=float).reshape(-1, 4)
    return table[:, 0].astype(int), Spans(table[:, 1].astype(int), table[:, 2], table[:, 3])


def _kept(time: Array, room: Array, comes: Array, own: Array, horizon_s: float) -> Spans:
    """In which room an animal had its place, from when to when; told again while it has one, it goes on."""
    begun: list[tuple[int, float]] = []
    spans: list[tuple[int, float, float]] = []
    for at, where, in_ in zip(time[own].tolist(), room[own].tolist(), comes[own].tolist(), strict=True):
        if in_ and not begun:
            begun.append((where, at))
        elif not in_ and begun:
            spans.append((*begun.pop(), at))
    spans += [(*one, horizon_s) for one in begun]
    return Spans(*(np.array([span[column] for span in spans]) for column in range(3)))


def _retained(run: Run, visit: Array, given_at: Array, at_s: Array) -> Array:
    """What of an injection is still in the animal at a visit: less what it voided at home since the injection's own."""
    table = visits(run)
    part, later = np.ones(len(visit)), visit != given_at
    elapsed = table["started_s"].to_numpy()[visit] - at_s
    for like, exponentials in known_retention(run, given_at):
        own = np.flatnonzero(later & like & (elapsed > 0.0))
        parts = [height * np.exp(-rate * elapsed[own]) for height, rate in exponentials]
        part[own] = np.maximum(np.sum(parts, axis=0), 0.0)
    return part


def known_retention(run: Run, given_at: Array) -> Iterator[tuple[Array, Sequence[Sequence[float]]]]:
    """Which of the injections, by the visits of each, have known kinetics; and what stays of those in an animal.

    Yields
    ------
    own : array of bool
    exponentials : sequence of (height, rate [1/s])
    """
    kinds = pd.MultiIndex.from_frame(visits(run)[["study", "protocol"]].astype(object)).take(given_at)
    for study, by_protocol in run.facts.dose.retained.items():
        for protocol, exponentials in by_protocol.items():
            yield kinds == (study, protocol), exponentials


@once
def carried(run: Run) -> pd.DataFrame:
    """What was injected into which animal (code): visit (number), animal, time_s, activity_bq, nuclide, decay [1/s].

    Injections whose nuclide is not known are left out.
    """
    rows = injections(run)
    nuclide = run.named(thing_of(run, "nuclide")[happenings(run, "injected")])[rows.index.to_numpy()]
    names = pd.Series(nuclide, index=rows.index).astype(object)
    found = rows[["visit", "time_s", "activity_bq"]].assign(
        animal=codes_of(visits(run), "animal")[rows["visit"].to_numpy()],
        nuclide=names,
        decay=names.map(dict(run.facts.decay_per_s)).astype(float),
    )
    return found[found["decay"].notna() & found["activity_bq"].notna()].reset_index(drop=True)


@once
def vial_changes(run: Run) -> pd.DataFrame:
    """What comes to the hot lab and leaves it in syringes; what is wasted stays: nuclide, time_s, change_bq."""
    table = custody(run)
    filled = run.which(table, "flow", "filled") & ~table["piece"].astype(object).isin(set(came(run)["vial"])).to_numpy()
    syringe = table["piece"].isin(set(table["piece"][filled])).to_numpy()
    back = run.which(table, "flow", "residual", "wasted") & syringe
    rows = np.flatnonzero(run.which(table, "flow", "delivered") | filled | back)
    sign = np.where(filled[rows], -1.0, 1.0)
    names = run.named(codes_of(table, "nuclide")[rows])
    change = sign * table["amount_bq"].to_numpy()[rows]
    return pd.DataFrame({"nuclide": names, "time_s": table["time_s"].to_numpy()[rows], "change_bq": change})


@once
def contents(run: Run) -> dict[tuple[int, str, str], Content]:
    """Activity by room (number in the facts), nuclide and kind: ``room_animals`` or ``room_vials``."""
    found = {}
    changes = animal_changes(run)
    for (room, nuclide), rows in _groups(changes, "room").items():
        found[room, nuclide, "room_animals"] = _content(run, nuclide, changes, rows)
    hot_lab = next((i for i, name in enumerate(run.facts.rooms) if name == run.facts.dose.hot_lab), None)
    if hot_lab is not None:
        vials = vial_changes(run)
        for nuclide, rows in sorted(_by_name(vials["nuclide"].astype(object).tolist()).items()):
            found[hot_lab, nuclide, "room_vials"] = _content(run, nuclide, vials, rows)
    return found


def _groups(changes: pd.DataFrame, column: str) -> dict[tuple[int, str], Array]:
    """Rows of `animal_changes` by room or session, and nuclide; in their order."""
    found = _by_name(list(zip(changes[column].tolist(), changes["nuclide"].tolist(), strict=True)))
    return {key: found[key] for key in sorted(found)}


def _by_name(keys: list[Any]) -> dict[Any, Array]:
    """For each key the places at which it stands."""
    found: dict[Any, list[int]] = {}
    for place, key in enumerate(keys):
        found.setdefault(key, []).append(place)
    return {key: np.array(places) for key, places in found.items()}


def _content(run: Run, nuclide: str, changes: pd.DataFrame, rows: Array) -> Content:
    time, change = changes["time_s"].to_numpy(float)[rows], changes["change_bq"].to_numpy(float)[rows]
    return content(time, change, run.facts.decay_per_s[nuclide])


@once
def nearby(run: Run) -> pd.DataFrame:
    """What people got who were only near, as the clock settled it.

    Returns
    -------
    DataFrame
        person, time_s (up to when, from the row before on), kind (``ambient`` in rooms, or ``attending``), the four
        columns of dose [Sv].
    """
    parts = []
    for word, kind in KINDS.items():
        events = happenings(run, word)
        rows = _rows_of(run, events)
        event = run.things["event"].to_numpy()[rows]
        columns: dict[str, Any] = {"person": run.named(codes_of(run.things, "thing")[rows]).astype(object)}
        first = int(run.events["event"].iloc[0]) if len(events) else 0
        columns |= {"time_s": run.events["time_s"].to_numpy()[event - first], "kind": kind}
        parts.append(pd.DataFrame(columns | {name: run.quantity(name)[rows] for name in COLUMNS}))
    return pd.concat(parts, ignore_index=True)


def _rows_of(run: Run, events: Array) -> Array:
    """Rows of ``involved`` that belong to events."""
    owner = run.things["event"].to_numpy()
    wanted = np.zeros(len(run.events) + 1, dtype=bool)
    wanted[events] = True
    return np.flatnonzero(wanted[owner])


@once
def ambient(run: Run) -> pd.DataFrame:
    """Doses of people (in the order of the facts) who are near: in a step in a room, and attending.

    Returns
    -------
    DataFrame
        One row for each person: the columns of dose [Sv] with ``_ambient`` and ``_attending`` before their unit.
    """
    people, rows = list(run.facts.people), nearby(run)
    sums = rows.groupby(["kind", "person"], observed=True)[list(COLUMNS)].sum()
    columns = {
        name.replace("_sv", f"_{kind}_sv"): [float(sums[name].get((kind, person), 0.0)) for person in people]
        for kind in KINDS.values()
        for name in COLUMNS
    }
    return pd.DataFrame(columns, index=pd.Index(people, name="person"))
