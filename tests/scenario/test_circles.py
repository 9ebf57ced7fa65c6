"""Circles of holding and waiting: stories, a search by hand, and sessions let loose on small sites."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from dataclasses import replace
from itertools import combinations_with_replacement, permutations, product
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.distributions import Constant
from twin.plan import (
    Choice,
    Draw,
    ForEachAnimal,
    Node,
    Outcome,
    Parallel,
    Plan,
    Repeat,
    Sequence,
    Step,
    steps,
)
from twin.scanners import pet
from twin.scanners.settings import Settings
from twin.scenario.circles import BOOKED, Pools, booked_for, circle_of, describe, find_circle, later_circles, outline
from twin.scenario.hold_states import Events, HoldState, hold_states
from twin.scenario.moments import Wait

TECHNOLOGIST = frozenset("anaesthesia imaging cleaning injection hot_lab animal_handling animal_care".split())


def step(name: str, **kwargs: Any) -> Step:
    return Step(name, "other_service", Constant(60.0), **kwargs)


def site(
    plans: dict[str, Node | Plan],
    people: tuple[frozenset[str], ...] = (TECHNOLOGIST,),
    rooms: dict[str, int] | None = None,
    beds: dict[str, int] | None = None,
    hotel: int = 1,
    booking: str = "first_come",
    shift_end: str = "finish",
    warm_up: bool = False,
    breakdown: bool = False,
) -> Any:
    """What `find_circle` looks at."""
    check = SimpleNamespace(warm_up=Constant(60.0) if warm_up else None, skill="quality_control")
    scanners = {
        name: SimpleNamespace(
            name=name, beds=tuple(range(n)), hotel=hotel, quality_control=(check,), breakdown=breakdown
        )
        for name, n in (beds or {}).items()
    }
    all_plans = {name: body if isinstance(body, Plan) else Plan(name, body) for name, body in plans.items()}
    return SimpleNamespace(
        rooms={kind: SimpleNamespace(kind=kind, places=n) for kind, n in (rooms or {}).items()},
        scanners=scanners,
        people={str(i): SimpleNamespace(skills=skills, role="technologist") for i, skills in enumerate(people)},
        plans=all_plans,
        protocols={name: SimpleNamespace(scanners=used(plan, scanners), second=()) for name, plan in all_plans.items()},
        duties=(),
        studies={"s": SimpleNamespace(hotel=hotel, time_points=tuple(SimpleNamespace(protocol=p) for p in plans))},
        policies=SimpleNamespace(booking=booking, shift_end=shift_end, animals_per_attendant=8),
    )


def used(plan: Plan, scanners: dict[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in scanners if any(name in s.scanner for s in steps(plan.body)))


def scan_plan(bed_first: bool) -> Node:
    """Anaesthesia with the bed at once, or before it; the bed is kept until somebody has cleaned it."""
    bed: dict[str, Any] = {"scanner": ("pet",), "bed": True, "uses_scanner": False, "holds": (("bed", "clean"),)}
    bed["place"] = "scanner"
    asleep = {"people": (("anaesthesia",),), "effect": "anaesthetise"}
    start = (
        (step("position", **asleep, **bed),)
        if bed_first
        else (step("induce", place="preparation", **asleep), step("position", **bed))
    )
    return Sequence((*start, step("recover", effect="wake"), step("clean", people=(("cleaning",),), always=True)))


# Stories


def test_bed_with_anaesthesia_in_one_step_closes_no_circle() -> None:
    assert find_circle(site({"p": scan_plan(bed_first=True)}, beds={"pet": 1})) is None


def test_anaesthesia_before_the_bed_closes_a_circle() -> None:
    circle = find_circle(site({"p": scan_plan(bed_first=False)}, beds={"pet": 2}, rooms={"preparation": 4}))
    assert circle in (
        ("bed of pet", "technologist (cleaning)", "bed of pet"),
        ("technologist (cleaning)", "bed of pet", "technologist (cleaning)"),
    )
    assert " -> ".join(circle) in describe(circle)


def test_more_people_than_can_be_held_close_no_circle() -> None:
    many = (TECHNOLOGIST,) * 3
    plans = {"p": scan_plan(bed_first=False)}
    assert find_circle(site(plans, many, {"preparation": 2}, {"pet": 2})) is None
    assert find_circle(site(plans, many, {"preparation": 3}, {"pet": 2})) is not None


def test_a_certificate_that_ends_may_close_one() -> None:
    """Three suffice, two do not: so it is when one has let theirs end, unless a course was in time or it is later."""

    def later(expiry_s: float, course_s: tuple[float, ...] = (), studies: frozenset[str] | None = None) -> list[str]:
        made = site({"p": scan_plan(bed_first=False)}, (TECHNOLOGIST,) * 3, {"preparation": 2}, {"pet": 2})
        made.start, made.horizon_s = dt.datetime(2026, 3, 2), 7 * 86400.0
        own = SimpleNamespace(name="all", skills=TECHNOLOGIST, expiry_s=expiry_s, valid_for_s=1e8)
        course = SimpleNamespace(name="all", certificate=True, moments_s=course_s)
        for name, person in made.people.items():
            has = name == "0"
            person.standing = SimpleNamespace(
                certificates=(own,) if has else (), booked=(course,) if has else (), studies=studies if has else None,
                training={},
            )  # fmt: skip
        assert find_circle(made) is None
        return [when for when, _ in later_circles(made)]

    assert later(3 * 86400.0) == ["from 2026-03-05 00:00 on, when certificates have ended"]
    assert later(3 * 86400.0, course_s=(2 * 86400.0,)) == []
    assert later(9 * 86400.0) == []
    assert later(9 * 86400.0, studies=frozenset({"s"})) == ["when no user is there for their own study"]


def test_who_has_learnt_or_comes_with_few_others_may_close_one() -> None:
    """A cleaner who never attends breaks the circle: not when they have learnt to, nor when they are not there."""

    def later(training: dict[str, int], studies: tuple[frozenset[str] | None, ...]) -> list[str]:
        people = (TECHNOLOGIST, TECHNOLOGIST, frozenset(("cleaning",)))
        made = site({"p": scan_plan(bed_first=False)}, people, {"preparation": 4}, {"pet": 2})
        made.start, made.horizon_s = dt.datetime(2026, 3, 2), 7 * 86400.0
        for person, own in zip(made.people.values(), studies, strict=True):
            learns = training if person.skills == people[2] else {}
            person.standing = SimpleNamespace(certificates=(), booked=(), studies=own, training=learns)
        assert find_circle(made) is None
        return [when for when, _ in later_circles(made)]

    assert later({}, (None, None, None)) == []
    assert later({"anaesthesia": 5}, (None, None, None)) == ["when everybody who learns is signed off"]
    others = later({}, (None, frozenset({"s"}), frozenset({"t"})))
    assert "when of the users only those of s are there" in others


def test_somebody_who_never_attends_breaks_the_circle() -> None:
    people = (TECHNOLOGIST, frozenset(("cleaning",)))
    assert find_circle(site({"p": scan_plan(bed_first=False)}, people, {"preparation": 4}, {"pet": 2})) is None


def test_there_and_back_between_two_rooms_is_a_circle() -> None:
    body = Sequence((step("a", place="uptake"), step("b", place="preparation"), step("c", place="uptake")))
    assert find_circle(site({"p": body}, rooms={"uptake": 1, "preparation": 1})) is not None
    assert find_circle(site({"p": body}, rooms={"uptake": 1, "hot_lab": 1})) is None


def test_a_bed_kept_until_recovery_has_a_place_is_no_circle() -> None:
    hold = {"scanner": ("pet",), "holds": (("scanner", "recover"),)}
    body = Sequence(
        (step("scan", place="scanner", **hold), step("recover", place="recovery"), step("home", effect="home"))
    )
    assert find_circle(site({"p": body}, rooms={"recovery": 1}, beds={"pet": 1})) is None


def test_halves_of_two_hotels_fill_a_room() -> None:
    body = Sequence((ForEachAnimal(step("inject", place="uptake")), step("scan", place="scanner")))
    assert find_circle(site({"p": body}, rooms={"uptake": 2}, hotel=1)) is None
    assert find_circle(site({"p": body}, rooms={"uptake": 2}, hotel=2)) == ("place in uptake", "place in uptake")


def test_one_scanner_with_full_beds_stops_only_who_is_booked_there() -> None:
    def take(*names: str) -> Step:
        return step("take", scanner=names, bed=True, uses_scanner=False, place="scanner", holds=(("bed", "end"),))

    either = Sequence((step("in", place="x"), take("a", "b"), step("end")))
    back = Sequence((take("a"), step("back", place="x"), step("end")))
    plans, rooms, beds = {"either": either, "back": back}, {"x": 1}, {"a": 1, "b": 1}
    assert find_circle(site(plans, rooms=rooms, beds=beds, booking="walk_in")) is None
    assert find_circle(site(plans, rooms=rooms, beds=beds)) is not None


def test_an_awake_or_a_killed_animal_needs_no_attendant() -> None:
    end = Choice("end", (("wake", step("recover", effect="wake")), ("kill", step("kill", effect="kill"))))
    outcome = Outcome("end", (("wake", 0.5), ("kill", 0.5)))
    plan = scan_plan(bed_first=True)
    assert isinstance(plan, Sequence)
    body = Sequence((replace(plan.nodes[0], outcome=outcome), end, plan.nodes[2]))
    assert find_circle(site({"p": body}, beds={"pet": 2})) is None
    assert find_circle(site({"p": replace(body, nodes=(body.nodes[0], body.nodes[2]))}, beds={"pet": 2})) is None


def test_a_broken_scanner_sends_the_session_to_the_way_out() -> None:
    scan = step(
        "scan", scanner=("pet",), effect="anaesthetise", people=(("anaesthesia",),), holds=(("scanner", "out"),)
    )
    out = step("out", place="y", effect="wake")
    plan = Plan("p", Sequence((step("a", place="x"), scan, step("b", place="z"), out)), way_out="out")
    waited_too_long = {s for s in hold_states(plan, 1, "pet") if s.waits[0].place == "y"}
    assert {(dict(s.held).get(("place", "x")), dict(s.held).get(("place", "z"))) for s in waited_too_long} == {
        (1, None), (None, 1)
    }  # fmt: skip
    broken = hold_states(plan, 1, "pet", Events(breakdowns=True)) - hold_states(plan, 1, "pet")
    assert {(dict(s.held).get(("place", "x")), s.waits[0].place) for s in broken} == {(1, None)}


def test_who_was_given_up_takes_no_scanner_on_the_way_out() -> None:
    """Given up before it was docked, it passes the undocking and keeps its place; else it has the scanner."""
    induce = step("induce", people=(("anaesthesia",),), effect="anaesthetise", place="x")
    dock = step("dock", scanner=("pet",), holds=(("scanner", "undock"),))
    undock = step("undock", scanner=("pet",), place="y")
    rest = (step("wake", effect="wake"), step("look", people=(("imaging",),)))
    plan = Plan("p", Sequence((induce, dock, undock, *rest)), way_out="undock")
    last = {s.held for s in hold_states(plan, 1, "pet") if s.waits[0].people == (frozenset({"imaging"}),)}
    assert last == {((("place", "x"), 1),), ((("place", "y"), 1),)}


def test_nobody_leaves_sleeping_animals() -> None:
    """One person attends; what is done at a desk, in the hot lab or in another room needs somebody else."""

    def find(second: Step, *more: frozenset[str]) -> tuple[str, ...] | None:
        induce = step("induce", people=(("anaesthesia",),), effect="anaesthetise", place="x")
        body = Sequence((induce, second, step("wake", effect="wake")))
        return find_circle(site({"p": body}, (TECHNOLOGIST, *more), {"x": 1, "y": 1, "hot_lab": 1}))

    imaging: dict[str, Any] = {"people": (("imaging",),)}
    desk = replace(step("read", **imaging), task="reading")
    elsewhere = step("fetch", workplace="y", **imaging)
    syringe = step("fill", draw=Draw("FDG", 1.0), **imaging)
    for away in (desk, elsewhere, syringe):
        assert find(away) == ("technologist (imaging)", "technologist (imaging)")
        assert find(away, frozenset(("imaging",))) is None
    for beside in (step("look", **imaging), step("fetch", workplace="x", **imaging), replace(desk, place="y")):
        assert find(beside) is None


def test_who_attends_one_animal_works_on_another_only_beside_it() -> None:
    """One animal sleeps in x; something is done for the next in y, in x, or in one of two rooms of kind x."""

    def find(where: str, *more: str) -> tuple[str, ...] | None:
        look = step("look", people=(("imaging",),), workplace=where)
        induce = step("induce", people=(("anaesthesia",),), effect="anaesthetise")
        body = Sequence((step("in", place="x"), ForEachAnimal(Sequence((look, induce))), step("wake", effect="wake")))
        made = site({"p": body}, rooms={"x": 4, "y": 4}, hotel=2)
        made.rooms.update({name: SimpleNamespace(kind="x", places=4) for name in more})
        return find_circle(made)

    assert find("x") is None
    assert find("y") == ("technologist (imaging)", "technologist (imaging)")
    assert find("x", "another x") is not None


def test_repeat_ends_after_other_values() -> None:
    again = Repeat(step("try", effect="inject", people=(("injection",),)), 3, "injection", "not_injected")
    states = hold_states(Plan("p", Sequence((step("in", place="x"), again, step("on", place="y")))), 1)
    assert {s.waits[0].place for s in states} == {None, "y"}


def test_what_a_step_takes_without_a_hold_goes_back_at_its_end_though_others_hold_the_same() -> None:
    first = step("first", scanner=("a",))
    second = step("second", scanner=("a",), holds=(("scanner", "give"),))
    body = Sequence((step("in", place="x"), first, step("on", place="y"), second, step("off", place="x"), step("give")))
    states = hold_states(Plan("p", body), 1)
    assert {(s.waits[0].place, ("scanner", "a") in dict(s.held)) for s in states} == {
        (None, False), ("y", False), ("x", True)
    }  # fmt: skip


def test_a_hold_ends_where_the_step_that_took_it_says() -> None:
    """The second step finds the bed there: its own hold, to an earlier end, does not count."""
    bed: dict[str, Any] = {"scanner": ("a",), "bed": True, "uses_scanner": False}
    long = step("long", **bed, holds=(("bed", "late"),))
    short = step("short", **bed, holds=(("bed", "early"),))
    rest = (step("early"), step("room", place="x"), step("late"), step("end", place="y"))
    states = hold_states(Plan("p", Sequence((long, short, *rest))), 1)
    assert {(s.waits[0].place, ("bed", "a") in dict(s.held)) for s in states} == {("x", True), ("y", False)}
    other_way = hold_states(Plan("p", Sequence((short, long, *rest))), 1)
    assert {(s.waits[0].place, ("bed", "a") in dict(s.held)) for s in other_way} == {("y", False)}


def test_parallel_branches_share_what_the_session_has() -> None:
    take = step("take", scanner=("a",), people=(("imaging",),), holds=(("scanner", "give"),))
    use = step("use", scanner=("a",), people=(("imaging",),))
    body = Sequence((step("in", place="x"), Parallel((Sequence((take, step("t", place="y"))), use)), step("give")))
    states = hold_states(Plan("p", body), 1)
    both = [s for s in states if (("scanner", "a"), 1) in s.held and s.waits]
    assert both
    assert not any(w.options for s in both for w in s.waits)


def test_a_check_that_waits_for_its_person_holds_nothing() -> None:
    dock = step("dock", scanner=("pet",), people=(("imaging",),), holds=(("scanner", "recover"),))
    induce = step("induce", people=(("anaesthesia",),), effect="anaesthetise")
    body = Sequence((induce, dock, step("recover", effect="wake")))
    one = (TECHNOLOGIST | {"quality_control"},)
    assert find_circle(site({"p": body}, one, beds={"pet": 1}, warm_up=True)) is None
    assert find_circle(site({"p": body}, one, beds={"pet": 1})) is None


def test_people_who_leave_in_a_step_may_close_one() -> None:
    induce = step("induce", people=(("anaesthesia",),), effect="anaesthetise", place="x")
    body = Sequence((induce, step("wake", place="y", effect="wake"), step("watch", place="y", people=(("imaging",),))))
    other = Sequence((step("look", place="y", people=(("imaging",),)),))
    rooms = {"x": 2, "y": 1}
    assert find_circle(site({"o": other, "p": body}, rooms=rooms)) is not None
    plans = {"o": other, "p": Sequence(body.nodes[:2])}
    assert find_circle(site(plans, rooms=rooms)) is None
    assert find_circle(site(plans, rooms=rooms, shift_end="preempt")) is not None


# Against a search by hand: whole multisets of sessions, people one by one


def closes(pools: Pools, states: list[HoldState], most: int) -> bool:
    """Whether some multiset of at most so many sessions is a circle."""
    people = [skills for skills, n in pools.people.items() for _ in range(n)]
    for size in range(1, most + 1):
        for chosen in combinations_with_replacement(states, size):
            held = Counter(dict.fromkeys(pools.sizes, 0))
            for state in chosen:
                held.update(dict(state.held))
            if any(held[p] > n for p, n in pools.sizes.items()):
                continue
            if any(stands(pools, chosen, who, people, held) for who in attendants(chosen, people)):
                return True
    return False


def attendants(chosen: tuple[HoldState, ...], people: list[frozenset[str]]) -> Any:
    """All ways to give each sleeping session its own attendant."""
    able = [i for i, skills in enumerate(people) if "anaesthesia" in skills]
    return permutations(able, sum(s.asleep for s in chosen))


def stands(pools: Pools, chosen: Any, who: tuple[int, ...], people: list[frozenset[str]], held: Counter[Any]) -> bool:
    own = iter(who)
    for state in chosen:
        mine = next(own) if state.asleep else None
        for wait in state.waits:
            free = [s for i, s in enumerate(people) if i not in who or (i == mine and not wait.away)]
            if not blocked(pools, wait, free, held):
                return False
    return True


def blocked(pools: Pools, wait: Wait, free: list[frozenset[str]], held: Counter[Any]) -> bool:
    crews = permutations(free, len(wait.people))
    crew = any(all(need <= p for need, p in zip(wait.people, c, strict=True)) for c in crews)
    places = not wait.places or held["place", wait.place] + wait.places <= pools.sizes["place", wait.place or ""]
    gear = not wait.options or any(all(held[p] < pools.sizes[p] for p in option) for option in wait.options)
    return not (crew and places and gear)


def meetable(pools: Pools, state: HoldState) -> bool:
    """Whether it could go on if all others were gone and all were there."""
    people = [skills for skills, n in pools.people.items() for _ in range(n)]
    return not any(blocked(pools, wait, people, Counter()) for wait in state.waits)


SKILLS = [frozenset(s) for s in (("anaesthesia",), ("anaesthesia", "a"), ("a", "b"), ("anaesthesia", "b"))]
GEAR = [("bed", "m"), ("bed", "n"), ("scanner", "m")]
PLACES = [("place", "x"), ("place", "y")]
OPTIONS = [(), ((GEAR[0],),), ((GEAR[0],), (GEAR[1],)), ((GEAR[0], GEAR[2]), (GEAR[1],)), ((GEAR[2],),)]
waits = st.builds(
    lambda people, options, place, n, away: Wait(tuple(people), options, place, n if place else 0, away),
    st.lists(st.sampled_from([frozenset(s) for s in (("a",), ("b",), ("anaesthesia",), ("a", "b"))]), max_size=2),
    st.sampled_from(OPTIONS),
    st.sampled_from([None, "x", "y"]),
    st.integers(1, 2),
    st.booleans(),
).filter(lambda w: not w.nothing)
states = st.builds(
    lambda held, asleep, waiting: HoldState(tuple(sorted(held.items())), asleep, tuple(waiting)),
    st.dictionaries(st.sampled_from(GEAR + PLACES), st.just(1), max_size=2),
    st.booleans(),
    st.lists(waits, min_size=1, max_size=2),
)
pool_sets = st.builds(
    lambda gear, people: Pools(dict(zip(GEAR + PLACES, gear, strict=True)), people, {}),
    st.tuples(st.integers(1, 2), st.integers(1, 2), st.just(1), st.integers(1, 2), st.integers(1, 2)),
    st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 2), min_size=1, max_size=2),
)


@settings(max_examples=300, deadline=None)
@given(pool_sets, st.lists(states, min_size=1, max_size=4, unique=True))
def test_verdict_equals_a_search_by_hand(pools: Pools, drawn: list[HoldState]) -> None:
    able = [s for s in drawn if (s.held or s.asleep) and meetable(pools, s)]
    # No circle needs more sessions than there are things to hold: everybody in a smallest one keeps somebody waiting.
    assert (circle_of(pools, able) is not None) == closes(pools, able, most=5)


# Sessions let loose: every order of events on small sites


Move = tuple[Any, ...]


class Loose:
    """A second, plain reading of the rules: one animal, steps in sequence, people taken only as attendants.

    What a step takes goes back at the end of the step that it names itself, else at its own end.
    """

    def __init__(self, plans: list[tuple[Step, ...]], sizes: dict[Any, int], people: int) -> None:
        self.plans, self.sizes, self.people = plans, sizes, people

    def holdings(self, plan: int, at: int) -> tuple[Counter[Any], bool]:
        """What a session has while it waits for its step number ``at``."""
        held: Counter[Any] = Counter()
        place, asleep = None, False
        ends: dict[str, str] = {}
        for s in self.plans[plan][:at]:
            place = s.place or place
            asleep = s.effect == "anaesthetise" or (asleep and s.effect != "wake")
            for thing in takes(s):
                if thing not in ends:
                    ends[thing] = next((until for kept, until in s.holds if kept == thing), s.name)
            ends = {thing: until for thing, until in ends.items() if until != s.name}
        held.update((thing, "m") for thing in ends)
        held.update([("place", place)] if place else [])
        return held, asleep

    def can(self, sessions: tuple[tuple[int, int], ...], who: int) -> bool:
        plan, at = sessions[who]
        total: Counter[Any] = Counter()
        asleep = 0
        for p, a in sessions:
            held, sleeps = self.holdings(p, a)
            total += held
            asleep += sleeps
        mine, sleeping = self.holdings(plan, at)
        s = self.plans[plan][at]
        gear = all(mine[thing, "m"] or total[thing, "m"] < self.sizes[thing, "m"] for thing in takes(s))
        place = ("place", s.place)
        room = not s.place or mine[place] or total[place] < self.sizes[place]
        return bool(gear and room and (not s.people or self.people - asleep + sleeping >= 1))

    def stuck(self, sessions: int) -> bool:
        """Whether so many sessions at most can come to a moment in which some wait for ever."""
        starts = product(range(len(self.plans)), repeat=sessions)
        seen: set[Any] = set()
        todo = [tuple(sorted((p, 0) for p in start)) for start in starts]
        while todo:
            now = todo.pop()
            if now in seen:
                continue
            seen.add(now)
            ahead = [i for i in range(len(now)) if self.can(now, i)]
            if now and not ahead:
                return True
            for i in ahead:
                plan, at = now[i]
                moved = [(plan, at + 1)] if at + 1 < len(self.plans[plan]) else []
                todo.append(tuple(sorted([*now[:i], *moved, *now[i + 1 :]])))
        return False


def takes(s: Step) -> list[str]:
    return ["bed"] * s.bed + ["scanner"] * (bool(s.scanner) and s.uses_scanner)


@st.composite
def loose_plans(draw: Any) -> tuple[Step, ...]:
    n = draw(st.integers(2, 5))
    span = st.none() | st.lists(st.integers(0, n - 1), min_size=2, max_size=2, unique=True).map(sorted)
    asleep = draw(span) or []
    made = []
    for i in range(n):
        effect = dict(zip(asleep, ("anaesthetise", "wake"), strict=False)).get(i)
        things = draw(st.sampled_from(["", "", "bed", "scanner", "bed scanner"])).split()
        kept = [(thing, draw(st.none() | st.integers(i + 1, n - 1)) if i + 1 < n else None) for thing in things]
        people = (("anaesthesia",),) if effect == "anaesthetise" or draw(st.booleans()) else ()
        made.append(
            step(
                f"s{i}",
                people=people,
                place=draw(st.sampled_from([None, "x", "y"])),
                effect=effect,
                scanner=("m",) if things else (),
                bed="bed" in things,
                uses_scanner="scanner" in things,
                holds=tuple((thing, f"s{until}") for thing, until in kept if until is not None),
            )
        )
    return tuple(made)


@settings(max_examples=200, deadline=None)
@given(st.lists(loose_plans(), min_size=1, max_size=2), st.tuples(*[st.integers(1, 2)] * 4))
def test_no_circle_found_means_no_order_of_events_ends_in_one(plans: Any, numbers: tuple[int, ...]) -> None:
    x, y, beds, people = numbers
    named = {f"p{i}": Sequence(plan) for i, plan in enumerate(plans)}
    staff = (frozenset(("anaesthesia",)),) * people
    if find_circle(site(named, staff, {"x": x, "y": y}, {"m": beds})) is None:
        loose = Loose(plans, {("place", "x"): x, ("place", "y"): y, ("bed", "m"): beds, ("scanner", "m"): 1}, people)
        assert not loose.stuck(4)


@settings(max_examples=200, deadline=None)
@given(loose_plans())
def test_a_single_animal_stands_where_a_plain_reading_says(plan: tuple[Step, ...]) -> None:
    """What a session holds before each step that it may wait for: nothing more and nothing less."""
    loose = Loose([plan], {}, 1)
    expected = set()
    for at, s in enumerate(plan):
        held, asleep = loose.holdings(0, at)
        wants = [thing for thing in takes(s) if not held[thing, "m"]]
        if (held or asleep) and (s.people or wants or (s.place and not held["place", s.place])):
            expected.add((frozenset(held.items()), asleep, tuple(wants)))
    found = hold_states(Plan("p", Sequence(plan)), 1, "m")
    assert {(frozenset(s.held), s.asleep, wanted(s)) for s in found} == expected


def wanted(state: HoldState) -> tuple[str, ...]:
    return tuple(thing for wait in state.waits for option in wait.options for thing, _ in option)


# The shipped plans


def pet_plan(name: str, scanners: tuple[str, ...], **kwargs: Any) -> Plan:
    durations = dict.fromkeys(pet.STATIC_ROWS | pet.DYNAMIC_ROWS, Constant(60.0))
    settings_ = Settings(name, scanners, durations, Any, **kwargs)  # type: ignore[arg-type]
    return pet.TEMPLATES["pet_dynamic" if "dynamic" in name else "pet_static"].write(settings_)


def test_an_outline_and_another_scanner_change_nothing_else() -> None:
    plan = pet_plan("static", ("m", "n"), awake=False)
    states = hold_states(plan, 2, BOOKED)
    assert hold_states(outline(plan), 2, BOOKED) == states
    assert {booked_for(s, "n") for s in states} == hold_states(plan, 2, "n")


def pet_site(people: int, recovery: int, awake: bool) -> Any:
    """Five scanners, twenty protocols, hotels of four."""
    names = tuple(f"pet-{i}" for i in range(1, 6))
    plans: dict[str, Node | Plan] = {
        f"{kind}{i}": pet_plan(f"{kind}{i}", names, awake=awake, injectors=i % 4 + 1, warming=i > 4, attempts=i % 3 + 1)
        for kind in ("static", "dynamic")
        for i in range(10)
    }
    rooms = {"preparation": 40, "uptake": 40, "recovery": recovery, "scanner": 5}
    return site(plans, (TECHNOLOGIST,) * people, rooms, dict.fromkeys(names, 2), hotel=4, breakdown=True)


@pytest.mark.parametrize(
    ("people", "recovery", "awake"),
    [(12, 4, True), (12, 31, True), (2, 31, False)],
)
def test_the_shipped_plans_form_no_circle_and_a_large_site_is_quick(people: int, recovery: int, awake: bool) -> None:
    import scipy.optimize  # noqa: F401  its import is not what is timed

    large = pet_site(people, recovery, awake)
    begun = time.process_time()
    found = find_circle(large)
    assert time.process_time() - begun < 3.0  # 0.2 to 0.5 s on an idle core
    assert found is None
