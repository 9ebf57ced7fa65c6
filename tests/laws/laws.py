"""The laws of the model, each a function of what a run left in its log. A law that is broken says by what."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from math import exp, inf

from tests.laws.log_view import ATTENDS, ENDS, Interval, Row, View
from twin.facility.calendars import Calendar
from twin.facility.hygiene import CAGED
from twin.facility.rooms import UNCOUNTED
from twin.plan import Until, is_away, steps
from twin.vocabulary import EFFECTS, HAPPENINGS, HOT_LAB_EFFECTS, HOUSE_EFFECTS, PHASES, REASONS, ROLES, TASKS

Law = Callable[[View], None]
LAWS: list[Law] = []
TICK = 2.0**10
LEAVES = ("home",)


def law(function: Law) -> Law:
    LAWS.append(function)
    return function


def broken(what: str, *rows: Row | Interval | None) -> str:
    shown = [str(r.first if isinstance(r, Interval) else r) for r in rows]
    return "\n  ".join([what, *shown])


# The log itself ------------------------------------------------------------------------------------------------------


@law
def times_never_go_back(view: View) -> None:
    for before, after in zip(view.rows, view.rows[1:], strict=False):
        assert (before.time_s, before.event + 1) <= (after.time_s, after.event), broken("order", before, after)
        assert before.event + 1 == after.event, broken("numbers", before, after)


@law
def words_are_of_the_closed_tables(view: View) -> None:
    for row in view.rows:
        known = row.step in HAPPENINGS if row.phase == "happening" else row.task in TASKS
        reasons = {*REASONS, "good", "not_injected", "paravenous_seen", "paravenous_hidden"}
        assert row.phase in PHASES, broken("a phase", row)
        assert known, broken("a word", row)
        assert row.reason is None or row.reason in reasons, broken("a reason", row)
        assert set(row.involved) <= set(ROLES), broken("a role", row)


@law
def every_start_has_one_end_or_abort_or_is_open(view: View) -> None:
    is_open: set[object] = set()
    for row in view.rows:
        if row.phase == "start":
            assert row.key not in is_open, broken("started twice", row)
            is_open.add(row.key)
        elif row.phase in ("end", "abort"):
            assert row.key in is_open, broken("ended, but not open", row)
            is_open.remove(row.key)


@law
def a_request_is_made_once_and_before_its_start(view: View) -> None:
    """A request of a session that is given up is withdrawn without a row; it may go on with the same step at once."""
    asked: dict[object, Row] = {}
    for row in view.rows:
        if row.phase == "request":
            before = asked.get(row.key)
            assert before is None or before.time_s < row.time_s, broken("requested twice", before, row)
            asked[row.key] = row
        elif row.phase == "start":
            waited = asked.pop(row.key, None)
            plan = view.plans.get(row.parent_step or "")
            if row.step != "attendance" and plan is not None and row.step != plan.way_out:
                assert (waited is not None and waited.time_s < row.time_s) == (row.reason is not None), broken(
                    "who waits asks, and says for what", waited, row
                )
        elif row.step in ENDS:
            asked = {k: r for k, r in asked.items() if row.visit is None or r.visit != row.visit}


@law
def durations_are_ticks_and_as_the_plan_says(view: View) -> None:
    for task in view.tasks:
        if task.last is not None and task.last.phase == "end":
            lasted = task.end_s - task.start_s
            assert (lasted * TICK).is_integer(), broken(f"{lasted} s is no multiple of 2^-10 s", task)
    for parts in _pieces(view):
        duration = parts[0].step and parts[0].step.duration
        plan = view.plans[parts[0].first.parent_step or ""]
        if (
            duration is None
            or isinstance(duration, Until)
            or parts[-1].last is None
            or parts[0].first.step == plan.way_out
        ):
            continue
        lasted = sum(part.end_s - part.start_s for part in parts)
        low, high = duration.support
        if parts[0].step and parts[0].step.effect == "wake":
            high = inf  # a cold animal wakes late
        if any(not view.site.people[name].standing.plain for name in parts[0].first.names("person")):
            high = inf  # who does it seldom, or learns it, takes longer
        assert low - 1 / TICK <= lasted <= high + 1 / TICK, broken(f"{lasted} s is not in [{low}, {high}]", *parts)


def _pieces(view: View) -> list[list[Interval]]:
    """A step with what was done of it before a shift ended."""
    found, left = [], {}
    for task in view.tasks:
        parts = [*left.pop(task.first.key, []), task]
        if task.last is not None and task.last.phase == "abort":
            if task.last.reason == "shift_end":
                left[task.first.key] = parts
        else:
            found.append(parts)
    return found


# Places --------------------------------------------------------------------------------------------------------------


def exclusive(tasks: list[Interval], role: str) -> None:
    """No two steps of a thing at once, by the order of events."""
    of_thing: dict[str, list[Interval]] = defaultdict(list)
    for task in tasks:
        for name in task.first.names(role):
            of_thing[name].append(task)
    for name, found in of_thing.items():
        for one, two in itertools.pairwise(found):
            assert one.end_event < two.first.event, broken(f"{name} is in two places", one, two)


@law
def a_person_does_one_task_at_a_time(view: View) -> None:
    exclusive(view.tasks, "person")


@law
def a_person_attends_one_session(view: View) -> None:
    exclusive(view.attendances, "attendant")


@law
def a_session_has_one_attendant(view: View) -> None:
    last: dict[str | None, Interval] = {}
    for one in view.attendances:
        before = last.get(one.first.session)
        assert before is None or before.end_event < one.first.event, broken("two attend", before, one)
        last[one.first.session] = one


@law
def nobody_leaves_sleeping_animals(view: View) -> None:
    """Who attends works on those animals, or where they are, or checks the scanner beside which they sleep."""
    watched: dict[str, str] = {}
    tasks = {task.first.event: task for task in view.tasks}
    for row, where in _whereabouts(view):
        if row.step == "attendance":
            watched[row.names("attendant")[0]] = (row.session if row.phase == "start" else None) or ""
        task = tasks.get(row.event)
        for person in row.names("person") if task else ():
            session = watched.get(person)
            if session and task:
                asleep = {a for a, s, first, last in view.sleeps if s == session and first <= row.event < last}
                assert _stays(view, task, session, asleep, where), broken(f"attends {session}: {where}", task)


def _stays(view: View, task: Interval, session: str, asleep: set[str], where: dict[str, str]) -> bool:
    """Whether a task is done beside those who sleep in a session; of whom it is not known, they are anywhere."""
    rooms = {where.get(animal) for animal in asleep}
    row, step = task.first, task.step
    if row.session != session:
        on_scanner = [view.site.scanners[name].room for name in row.names("scanner")]
        return row.study is None and bool(on_scanner) and bool(rooms & {None, *on_scanner})
    if step is None or is_away(step):
        return False
    if step.workplace is None and (None in rooms or asleep & {*row.names("animal")}):
        return True
    return bool(rooms & {*row.names("room")})


#: What a session has of scanners, and its role in the log.
GEAR = {"scanner": "scanner", "second": "scanner", "bed": "bed"}


def _uses(task: Interval, thing: str) -> bool:
    return _needs(task, thing) and bool(task.first.names(GEAR[thing]))


def _needs(task: Interval, thing: str) -> bool:
    if task.step is None:
        return False
    needs = {"bed": task.step.bed, "scanner": task.step.takes_scanner, "second": task.step.takes_second}
    return needs[thing]


@law
def a_step_has_the_scanner_and_bed_that_it_needs(view: View) -> None:
    """Only who was given up does without on the way out."""
    for thing, role in GEAR.items():
        for task in view.tasks:
            if _needs(task, thing) and task.first.step not in _way_out(view, task):
                assert len(task.first.names(role)) == 1, broken(f"one {thing} is due", task)


@law
def scanners_and_beds_serve_one_session(view: View) -> None:
    holders: dict[str, list[tuple[float, float, Interval]]] = defaultdict(list)
    for thing, role in GEAR.items():
        for task in view.tasks:
            if _uses(task, thing):
                holders[task.first.names(role)[0]].append((task.first.event, _kept_until(view, task, thing), task))
    for name, spans in holders.items():
        _one_session_at_a_time(name, spans)


def _kept_until(view: View, task: Interval, thing: str) -> float:
    """The event at which what a step took is given back: its end, or the end of the step to which it is held."""
    over = view.last_event_of_session[task.first.session or "?"]
    if task.last is not None and task.last.reason == "shift_end":  # left, to be gone on with
        rest = next((t for t in view.tasks if t.first.key == task.first.key and t.first.event > task.end_event), None)
        return over if rest is None else _kept_until(view, rest, thing)
    until = next((u for held, u in task.step.holds if held == thing), None) if task.step else None
    if until is None:
        return task.end_event
    ends = (
        row.event
        for row in view.rows[task.first.event :]
        if row.session == task.first.session and row.step == until and row.phase in ("end", "abort")
    )
    return min(over, next(ends, inf))


def _one_session_at_a_time(name: str, spans: list[tuple[float, float, Interval]]) -> None:
    held: list[tuple[float, float, Interval]] = []
    for first, last, task in sorted(spans, key=lambda span: span[0]):
        held = [span for span in held if span[1] > first]
        for _, _, other in held:
            if task.first.task == "quality_control" and other.first.study is not None:
                continue  # a scanner that was repaired is checked while another has it: see the laws of scanners
            assert other.first.session == task.first.session, broken(f"{name} serves two sessions", other, task)
        held.append((first, last, task))


@law
def a_step_has_a_scanner_that_it_names(view: View) -> None:
    for task in view.tasks:
        if (_uses(task, "scanner") or _uses(task, "second")) and task.step:
            assert set(task.first.names("scanner")) <= set(task.step.scanner), broken("another scanner", task)


@law
def a_session_keeps_its_scanner_and_while_it_is_held_its_bed(view: View) -> None:
    scanner: dict[str | None, Interval] = {}
    bed: dict[str | None, tuple[Interval, float]] = {}
    for task in view.tasks:
        session = task.first.session
        if _uses(task, "scanner") or _uses(task, "bed"):
            of = task.first.names("scanner") or [b.split("/")[0] for b in task.first.names("bed")]
            before = scanner.setdefault(session, task)
            was = before.first.names("scanner") or [b.split("/")[0] for b in before.first.names("bed")]
            assert was == of, broken("another scanner", before, task)
        if _uses(task, "bed"):
            first, last = bed.get(session, (task, inf))
            if task.first.event < last:
                assert first.first.names("bed") == task.first.names("bed"), broken("another bed", first, task)
            bed[session] = (task, _kept_until(view, task, "bed"))


@law
def rooms_hold_no_more_than_their_places(view: View) -> None:
    kind = {room.name: room.kind for room in view.site.rooms.values()}
    for row, where in _whereabouts(view):
        for room, animals in Counter(where.values()).items():
            if room in kind and kind[room] not in UNCOUNTED:
                assert animals <= view.site.rooms[room].places, broken(f"{room} holds {animals}", row)


@law
def animals_of_different_status_are_not_handled_together(view: View) -> None:
    status = view.site.hygiene.status
    if not status or any(said.studies or said.spread for said in view.site.hygiene.contaminations.values()):
        return
    kept = {room.name for room in view.site.rooms.values() if room.kind not in CAGED}
    for row, where in _whereabouts(view):
        if row.phase == "start":
            found: dict[str, set[int]] = defaultdict(set)
            for animal, room in where.items():
                study = animal.split("/")[0]
                if room in kept and study in status:
                    found[room].add(status[study])
            assert all(len(together) == 1 for together in found.values()), broken(f"{found} are together", row)


def _whereabouts(view: View) -> Iterator[tuple[Row, dict[str, str]]]:
    """Each row with where the animals are after it: in the room of their last step with a place, until they leave."""
    where: dict[str, str] = {}
    kind = {room.name: room.kind for room in view.site.rooms.values()}
    ending = {id(task.last): task for task in view.tasks if task.last is not None and task.last.phase == "end"}
    for row in view.rows:
        step = view.step_of(row)
        if row.phase == "start" and step is not None and step.place is not None and row.names("animal"):
            rooms = row.names("room")
            rooms = rooms if len(rooms) > 1 else rooms * len(row.names("animal"))
            if step.place in UNCOUNTED and not rooms:
                rooms = ["?"] * len(row.names("animal"))
            else:
                assert {kind.get(room) for room in rooms} == {step.place}, broken("the room is not of its kind", row)
            where |= zip(row.names("animal"), rooms, strict=True)
        gone = row.names("animal") if row.step in ENDS and row.session else []
        if id(row) in ending and step is not None and step.effect in LEAVES:
            gone = ending[id(row)].first.names("animal")
        for animal in gone:
            where.pop(animal, None)
        yield row, where


@law
def an_animal_is_in_one_session(view: View) -> None:
    last: dict[str, Interval] = {}
    ends = view.visit_ends
    for task in view.tasks:
        for animal in task.first.names("animal"):
            before = last.get(animal)
            if before is not None and before.first.session != task.first.session:
                assert before.end_event < task.first.event, broken(f"{animal} is in two sessions", before, task)
                over = [r for r in ends.values() if r.session == before.first.session and r.one("animal") == animal]
                first = over[0].event if over else inf
                assert first < task.first.event, broken("its visit was not over", before, task)
            last[animal] = task


# Visits --------------------------------------------------------------------------------------------------------------


@law
def visits_are_all_accounted_for(view: View) -> None:
    requested = [row.visit for row in view.happenings("visit_requested")]
    ended = [row.visit for row in view.happenings(*ENDS)]
    assert len(set(requested)) == len(requested), f"requested twice: {Counter(requested).most_common(1)}"
    assert len(set(ended)) == len(ended), f"ended twice: {Counter(ended).most_common(1)}"
    assert set(ended) <= set(requested)
    begun = {r.visit for r in view.rows if r.phase == "start" and r.visit}
    assert begun <= set(requested)


@law
def nothing_happens_to_an_animal_after_its_visit(view: View) -> None:
    ended: dict[tuple[str | None, str], Row] = {}
    dead: dict[str, Row] = {}
    for row in view.rows:
        for animal in row.names("animal"):
            over = ended.get((row.session, animal))
            if row.phase == "start":
                assert over is None, broken("its visit is over", over, row)
                assert animal not in dead, broken("it is dead", dead.get(animal), row)
        if row.step in ENDS and row.session:
            ended[row.session, row.names("animal")[0]] = row
        if row.step in ("animal_dead", "animal_killed"):
            dead[row.names("animal")[0]] = row


@law
def a_visit_that_is_cancelled_has_touched_no_animal(view: View) -> None:
    touched = {(animal, session) for animal, session, _, _ in view.sleeps}
    touched |= {(row.one("animal"), row.session) for row in view.happenings("injected")}
    for row in view.happenings("visit_cancelled"):
        assert (row.one("animal"), row.session) not in touched, broken("cancelled", row)


@law
def who_was_killed_ended_as_killed(view: View) -> None:
    for task in view.tasks:
        if task.step and task.step.effect == "kill" and task.last and task.last.phase == "end":
            for animal in task.first.names("animal"):
                over = [
                    r for r in view.visit_ends.values() if r.session == task.first.session and r.one("animal") == animal
                ]
                assert all(r.step == "animal_killed" for r in over), broken("killed", task, *over)


@law
def no_visit_begins_before_its_time(view: View) -> None:
    due = {row.visit: row.value("animal", "moment_s") for row in view.happenings("visit_requested")}
    for task in view.tasks:
        if task.first.visit:
            assert task.start_s >= due[task.first.visit], broken(f"due at {due[task.first.visit]}", task)


# People --------------------------------------------------------------------------------------------------------------


def matched(needs: list[frozenset[str]], people: list[frozenset[str]]) -> bool:
    """Whether each need has a different person who covers it, and nobody is left over."""
    if not needs:
        return not people
    return any(
        needs[0] <= skills and matched(needs[1:], people[:i] + people[i + 1 :]) for i, skills in enumerate(people)
    )


@law
def no_skill_no_task(view: View) -> None:
    for task in view.tasks:
        needs = [frozenset(skills) for skills in (task.step.people if task.step else ())]
        names = task.first.names("person")
        learnt = task.first.names("skill")
        if learnt:  # the first learns it, the second supervises
            trainee = view.site.people[names[0]]
            assert set(learnt) <= set(trainee.standing.training), broken("nobody learns it", task)
            assert needs[0] <= view.may(names[0], task.first.event) | set(learnt), broken("a trainee", task)
            names = names[1:]
        people = [view.may(name, task.first.event) for name in names]
        if task.step and task.step.effect == "anaesthetise" and not needs:
            needs = [frozenset((ATTENDS,))]
        assert matched(needs, people), broken("people without the skills", task)
        if task.step and task.step.effect == "anaesthetise":
            assert any(ATTENDS in skills for skills in people), broken("nobody who may anaesthetise", task)
    for watch in view.attendances:
        skills = view.may(watch.first.one("attendant") or "?", watch.first.event)
        assert ATTENDS in skills, broken("may not attend", watch)


@law
def users_do_their_own_studies_only(view: View) -> None:
    for task in (*view.tasks, *view.attendances):
        for name in (*task.first.names("person"), *task.first.names("attendant")):
            own = view.site.people[name].standing.studies
            booked = task.first.parent_step is not None and task.first.parent_step.startswith(f"people/{name}/")
            assert own is None or booked or task.first.study in own, broken(f"{name} is a user of {own}", task)


@law
def nobody_starts_outside_the_shift(view: View) -> None:
    site = view.site
    calendars = {
        p.name: Calendar(p.shift, site.start, site.horizon_s, site.holidays | p.leave) for p in site.people.values()
    }
    committed = _committed(view)
    called = view.spans("call_start", "call_end")
    for task in view.tasks:
        for name in task.first.names("person"):
            if calendars[name].at(task.start_s) is not None or _attends(view, name, task):
                continue
            if any(a <= task.start_s <= b for a, b in called.get(name, ())):
                assert site.studies[task.first.study or ""].out_of_hours, broken("called for another study", task)
                continue
            over = [b for _, b in calendars[name].intervals if b <= task.start_s]
            assert over, broken("before the first shift", task)
            assert task.start_s - over[-1] <= site.policies.stay_for_committed_s, broken("long after the shift", task)
            assert committed.get(task.first.session, inf) <= task.first.event, broken("not committed", task)


def _committed(view: View) -> dict[str | None, int]:
    """When a session's first animal was anaesthetised or injected."""
    found: dict[str | None, int] = {}
    for task in view.tasks:
        if task.step and task.step.effect == "anaesthetise":
            found.setdefault(task.first.session, task.first.event)
        elif task.step and task.step.effect == "inject" and task.last is not None:
            event = task.last.event
            found[task.first.session] = min(found.get(task.first.session, event), event)
    return found


def _attends(view: View, name: str, task: Interval) -> bool:
    return any(
        watch.first.one("attendant") == name
        and (watch.first.session == task.first.session or task.first.study is None)
        and watch.start_s <= task.start_s <= watch.end_s
        for watch in view.attendances
    )


@law
def breaks_are_free(view: View) -> None:
    for name, spans in view.spans("break_start", "break_end").items():
        for work in (*view.tasks, *view.attendances):
            if name in (*work.first.names("person"), *work.first.names("attendant")):
                for a, b in spans:
                    assert min(b, work.end_s) <= max(a, work.start_s), broken(f"break of {name} at {a}", work)


@law
def no_animal_sleeps_unattended(view: View) -> None:
    watches = defaultdict(list)
    for watch in view.attendances:
        watches[watch.first.session].append((watch.first.event, watch.end_event))
    times = {row.event: row.time_s for row in view.rows}
    for animal, session, first, last in view.sleeps:
        covered = times[int(first)]
        for a, b in sorted(watches[session]):
            if times[a] <= covered:
                covered = max(covered, times.get(int(b), inf) if b < inf else inf)
        end = times[int(last)] if last < inf else view.rows[-1].time_s
        assert covered >= end, f"{animal} in {session} sleeps from {times[int(first)]} to {end}, attended to {covered}"


@law
def busy_time_in_the_shift_is_no_longer_than_the_shift(view: View) -> None:
    site = view.site
    for person in site.people.values():
        calendar = Calendar(person.shift, site.start, site.horizon_s, site.holidays | person.leave)
        shift = sum(max(0.0, min(b, site.horizon_s) - a) for a, b in calendar.intervals)
        busy = sum(
            max(0.0, min(b, task.end_s, site.horizon_s) - max(a, task.start_s))
            for task in view.tasks
            if person.name in task.first.names("person")
            for a, b in calendar.intervals
        )
        assert busy <= shift + 1e-6, f"{person.name}: busy {busy} of {shift}"


# Permits -------------------------------------------------------------------------------------------------------------


@law
def no_authorisation_no_start(view: View) -> None:
    site = view.site
    used: dict[str, dict[str, None]] = defaultdict(dict)
    begun = {session: view.rows[event].time_s for session, event in _committed(view).items()}
    for task in view.tasks:
        study = site.studies.get(task.first.study or "")
        permit = site.authorisations.get(study.authorisation or "") if study else None
        if permit is None:
            continue
        assert task.first.parent_step in (permit.procedures or {task.first.parent_step}), broken("procedure", task)
        used[permit.name] |= dict.fromkeys(task.first.names("animal"))
        assert len(used[permit.name]) <= permit.animals, broken("too many animals", task)
        if task.step and task.step.effect == "anaesthetise":
            expired = task.start_s >= permit.expiry_s and begun[task.first.session] >= permit.expiry_s
            assert not expired, broken("expired", task)


@law
def anaesthesias_are_few_and_far_between(view: View) -> None:
    """Within one session an animal's inductions count as one."""
    animals: dict[str, list[tuple[str, float, float]]] = defaultdict(list)
    for animal, session, first, last in view.sleeps:
        animals[animal].append((session, first, last))
    study_of = {row.one("animal"): row.study for row in view.happenings("visit_requested")}
    times = {row.event: row.time_s for row in view.rows}
    for animal, sleeps in animals.items():
        permit = view.site.authorisations.get(view.site.studies[study_of[animal] or "?"].authorisation or "")
        if permit is None:
            continue
        sessions = {session for session, _, _ in sleeps}
        assert permit.anaesthesias is None or len(sessions) <= permit.anaesthesias, f"{animal}: {sleeps}"
        for (one, _, woke), (two, asleep, _) in itertools.pairwise(sleeps):
            if one != two:
                apart = times[int(asleep)] - times[int(woke)]
                assert apart >= permit.spacing_s, f"{animal}: {apart} s between {one} and {two}"


@law
def no_injection_above_the_authorised_volume(view: View) -> None:
    mass = {study.name: study.mass_kg for study in view.site.studies.values()}
    for row in view.happenings("injected"):
        study = view.site.studies[row.study or "?"]
        volume = row.value("animal", "volume_m3") / mass[study.name]
        protocol = view.site.protocols[row.parent_step or "?"]
        assert volume <= study.volume_limit_m3_per_kg(protocol) * (1 + 1e-12), broken(f"{volume} m3/kg", row)
        limit = protocol.mass_limit_mol_per_kg
        if limit is not None and "amount_mol" in row.involved["animal"][0][1]:
            amount = row.value("animal", "amount_mol") / mass[study.name]
            assert amount <= limit * (1 + 1e-12), broken(f"{amount} mol/kg", row)


@law
def no_use_after_expiry(view: View) -> None:
    expiry = {vial.name: vial.expiry_s for vial in view.site.vials}
    shelf_life = {made.name: made.shelf_life_s for made in view.site.radiopharmacy.preparations.values()}
    source = {vial.name: vial.delivery for vial in view.site.vials}
    arrived: dict[str, float] = {}
    filled: dict[str, str] = {}
    for row in view.happenings("delivery", "made", "prepared", "taken", "drawn", "injected"):
        vial = row.one("vial") or "?"
        if row.step == "drawn":
            filled[row.one("syringe") or "?"] = vial
        if row.step in ("drawn", "taken"):
            assert arrived[vial] <= row.time_s < expiry[vial], broken("drawn outside its life", row)
        elif row.step == "injected":
            assert row.time_s <= expiry[filled[row.one("syringe") or "?"]], broken("injected after the expiry", row)
        else:
            arrived[vial] = row.time_s
            if row.step != "delivery":
                expiry[vial] = row.time_s + shelf_life[source[vial]]


@law
def no_licence_is_exceeded(view: View) -> None:
    """All that ever came to the site is still there, as far as it has not decayed."""
    there: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    vials = {vial.name: vial for vial in view.site.vials}
    for row in view.happenings("delivery", "made"):
        vial = vials[row.one("vial") or "?"]
        came = there[vial.nuclide]
        came.append((row.time_s, row.value("vial", "activity_bq"), vial.decay_constant_per_s))
        total = sum(bq * exp(-decay * (row.time_s - t)) for t, bq, decay in came)
        licence = view.site.licences.get(vial.nuclide)
        if licence is not None and licence.site_bq is not None:
            assert total <= licence.site_bq * (1 + 1e-9), broken(f"{total} Bq of {vial.nuclide} on the site", row)


@law
def no_room_holds_more_than_its_licence(view: View) -> None:
    """What was injected into the animals that are in a room, at every moment at which one comes."""
    if not any(licence.rooms_bq for licence in view.site.licences.values()):
        return
    decays = {vial.nuclide: vial.decay_constant_per_s for vial in view.site.vials}
    carried: dict[str, tuple[str, float, float]] = {}
    for row, where in _whereabouts(view):
        if row.step == "injected":
            animal, nuclide = row.one("animal") or "?", row.one("nuclide") or "?"
            carried[animal] = (nuclide, row.value("animal", "activity_bq"), row.time_s)
        rooms: Counter[tuple[str, str]] = Counter()
        for animal, room in where.items():
            nuclide, activity, since = carried.get(animal, ("", 0.0, 0.0))
            rooms[nuclide, room] += activity * exp(-decays.get(nuclide, 0.0) * (row.time_s - since))
        for (nuclide, room), total in rooms.items():
            limit = view.site.licences[nuclide].rooms_bq.get(room, inf) if nuclide in view.site.licences else inf
            assert total <= limit * (1 + 1e-9), broken(f"{total} Bq of {nuclide} in {room}", row)


# Activity ------------------------------------------------------------------------------------------------------------


@law
def activity_is_all_accounted_for(view: View) -> None:
    """Delivered = injected + residual + wasted + decayed + in stock, custody by custody."""
    decays = {vial.nuclide: vial.decay_constant_per_s for vial in view.site.vials}
    of_nuclide: dict[str, dict[str, tuple[float, float]]] = defaultdict(dict)
    balance: dict[str, Counter[str]] = defaultdict(Counter)
    moves = ("delivery", "made", "taken", "prepared", "drawn", "injected", "residual", "spilt", "vial_wasted", "stock")
    for row in view.happenings(*moves):
        nuclide = row.one("nuclide") or "?"
        name = row.one("syringe") if "syringe" in row.involved else row.one("vial")
        sums, held = balance[nuclide], of_nuclide[nuclide]
        if row.step in ("delivery", "made"):
            held[name or "?"] = (row.value("vial", "activity_bq"), row.time_s)
            sums["delivered"] += row.value("vial", "activity_bq")
            continue
        giver = (row.one("vial") if row.step == "drawn" else name) or "?"
        sums["decayed"] += _decay(held, giver, decays[nuclide], row.time_s)
        _give(row, giver, held, sums)
    for nuclide, sums in balance.items():
        parts = ("injected", "residual", "spilt", "vial_wasted", "stock", "decayed")
        total = sum(sums[part] for part in parts)
        assert abs(total - sums["delivered"]) <= 1e-9 * sums["delivered"], f"{nuclide}: {dict(sums)}"
        held = of_nuclide[nuclide]
        assert all(abs(left) <= 1e-9 * sums["delivered"] for left, _ in held.values()), f"{nuclide}: left {held}"


def _decay(held: dict[str, tuple[float, float]], name: str, decay: float, now: float) -> float:
    """Bring what a vial or syringe holds to now; what has decayed."""
    before, since = held[name]
    after = before * exp(-decay * (now - since))
    held[name] = (after, now)
    return before - after


def _give(row: Row, giver: str, held: dict[str, tuple[float, float]], sums: Counter[str]) -> None:
    """What leaves the giver, to whom."""
    role = {"drawn": "vial", "taken": "vial", "injected": "animal", "prepared": "product"}.get(row.step or "")
    left = row.value(role or ("syringe" if "syringe" in row.involved else "vial"), "activity_bq")
    held[giver] = (held[giver][0] - left, row.time_s)
    if row.step == "drawn":
        syringe = row.one("syringe") or "?"
        assert held.get(syringe, (0.0, 0.0))[0] <= 1e-9 * left, broken("drawn into a full syringe", row)
        held[syringe] = (row.value("syringe", "activity_bq"), row.time_s)
        assert abs(row.value("syringe", "activity_bq") - left) <= 1e-9 * left
    elif row.step == "taken":
        held[row.one("product") or "?"] = (left, row.time_s)
    elif row.step == "prepared":
        sums["vial_wasted"] += left
        assert abs(row.value("vial", "activity_bq") - held[giver][0]) <= 1e-9 * held[giver][0] + 1e-9
    else:
        sums[row.step or "?"] += left


@law
def what_is_spilt_closes_its_room_until_it_is_clean(view: View) -> None:
    """Nothing is drawn in the hot lab meanwhile, but for animals that sleep."""
    shut: dict[str, str | None] = {}
    spilt: str | None = None
    for row in view.rows:
        if row.step == "room_closed":
            shut[row.names("room")[0]] = row.reason
        assert spilt is None or spilt in shut, broken(f"{spilt} stays open", row)
        if row.step == "room_open":
            del shut[row.names("room")[0]]
        spilt = row.names("room")[0] if row.step == "spilt" else None
        step = view.step_of(row)
        drawn = row.phase == "start" and step is not None and step.effect == "draw"
        if drawn and shut.get(view.site.hot_lab or "") == "spill":
            asleep = any(s == row.session and first <= row.event < last for _, s, first, last in view.sleeps)
            assert asleep, broken("drawn in a closed hot lab", row)


@law
def who_may_not_touch_open_activity_does_not(view: View) -> None:
    """From the first session that begins after it is declared; it may begin by waiting."""
    begun: dict[str | None, float] = {}
    for row in view.rows:
        if row.phase in ("request", "start"):
            begun.setdefault(row.session, row.time_s)
    for task in view.tasks:
        since = begun[task.first.session]
        if task.step is None or task.step.exposure not in view.site.dose.open_words:
            continue
        for person in task.first.names("person"):
            declared = view.site.dose.kept_from_open.get(person, inf)
            assert since <= declared, broken(f"{person} is kept from it", task)


@law
def volumes_are_drawn_down(view: View) -> None:
    held: dict[str, float] = {}
    for row in view.happenings("delivery", "made", "prepared", "taken", "drawn"):
        name = row.one("vial") or "?"
        if row.step in ("delivery", "made", "prepared"):
            held[name] = row.value("vial", "volume_m3")
        else:
            held[name] -= row.value("vial", "volume_m3")
            assert held[name] >= -1e-12, broken(f"{name} holds {held[name]} m3", row)


# Scanners ------------------------------------------------------------------------------------------------------------


@law
def a_broken_scanner_scans_nothing(view: View) -> None:
    down = _down(view)
    for task in view.tasks:
        if not (_uses(task, "scanner") or _uses(task, "second")):
            continue
        for a, b in down.get(task.first.one("scanner") or "?", ()):
            way_out = task.start_s >= a and task.first.step in _way_out(view, task)
            assert way_out or min(b, task.end_s) <= max(a, task.start_s), broken(f"down from {a} to {b}", task)


def _way_out(view: View, task: Interval) -> set[str]:
    """Steps with which a session that is given up may get its animals out of a broken scanner."""
    plan = view.plans[task.first.parent_step or ""]
    names = [step.name for step in steps(plan.body) if step.effect != "scan"]
    out = plan.first_out or plan.way_out
    return set(names[names.index(out) :]) if out in names else set()


def _down(view: View) -> dict[str, list[tuple[float, float]]]:
    """When scanners were broken, from failures to the ends of repairs."""
    spans: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in view.happenings("breakdown"):
        spans[row.names("scanner")[0]].append((row.time_s, inf))
    for task in view.tasks:
        if task.step and task.step.effect == "repair" and task.last is not None:
            name = (task.first.parent_step or "").split("/")[0]
            spans[name] = [(a, task.end_s if a == task.start_s else b) for a, b in spans[name]]
    return spans


@law
def nobody_takes_a_scanner_that_is_due_for_a_check(view: View) -> None:
    """A session that had it before may end; work on the scanner itself may go on."""
    checks = {f"{s.name}/{c.name}": (s.name, c.name) for s in view.site.scanners.values() for c in s.quality_control}
    spans = _due_spans(view, checks)
    had: dict[tuple[str | None, str], tuple[float, float]] = {}
    for task in view.tasks:
        thing = "second" if _uses(task, "second") else "scanner"
        if task.first.study is None or not _uses(task, thing):
            continue
        name = task.first.one("scanner") or "?"
        since, until = had.get((task.first.session, name), (inf, -inf))
        since = since if task.first.event < until else task.first.event
        kept = _kept_until(view, task, thing)
        had[task.first.session, name] = since, max(until, kept)
        for a, b in spans[name]:
            assert not a < since < b, broken(f"due from event {a} to {b}", task)


@law
def a_scanner_that_was_repaired_is_checked_before_it_is_used(view: View) -> None:
    """Also by who had it before; only who was given up may leave it."""
    checks = {f"{s.name}/{c.name}": (s.name, c.name) for s in view.site.scanners.values() for c in s.quality_control}
    due = _due_spans(view, checks)
    for repair in view.tasks:
        if repair.step is None or repair.step.effect != "repair" or repair.last is None:
            continue
        name = (repair.first.parent_step or "").split("/")[0]
        checked = [b for a, b in due[name] if view.rows[int(a)].time_s <= repair.end_s and b > repair.end_event]
        for task in view.tasks:
            if task.first.study is not None and task.first.names("scanner") == [name]:
                early = repair.end_event < task.first.event < max(checked, default=0)
                assert not early or task.first.step in _way_out(view, task), broken("not checked", repair, task)


@law
def a_check_is_made_while_nobody_uses_the_scanner(view: View) -> None:
    for scanner in view.site.scanners:
        using = [task for task in view.tasks if task.first.names("scanner") == [scanner]]
        for one, two in itertools.combinations(using, 2):
            if "quality_control" in (one.first.task, two.first.task):
                assert one.end_event < two.first.event, broken(f"{scanner} is checked and used", one, two)


def _due_spans(view: View, checks: dict[str, tuple[str, str]]) -> dict[str, list[tuple[float, float]]]:
    """Events between which a scanner was due for a check: from its session's first row to its end."""
    first: dict[str | None, int] = {}
    spans: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in view.rows:
        found = checks.get(row.parent_step or "")
        if found:
            first.setdefault(row.session, row.event)
            if row.phase == "end" and row.step == found[1]:
                spans[found[0]].append((first.pop(row.session), row.event))
    for session, event in first.items():
        name = next(scanner for plan, (scanner, _) in checks.items() if (session or "").startswith(plan + "/"))
        spans[name].append((event, inf))
    return spans


@law
def effects_are_of_the_closed_table(view: View) -> None:
    assert {step.effect for step in view.steps.values() if step.effect} <= {*EFFECTS, *HOT_LAB_EFFECTS, *HOUSE_EFFECTS}
