"""Scenarios as a person would write them, drawn by Hypothesis through the public schema.

Small sites in trouble: few people with odd shifts, rooms that are too small, vials that are late or short, scanners
that break. Everything is a plain dict.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.laws.hot_lab_strategy import hot_labs
from tests.laws.people_strategy import add_people

Data = dict[str, Any]
#: Every skill that a template asks for.
SKILLS = (
    "animal_care", "animal_handling", "anaesthesia", "injection", "hot_lab", "imaging", "quality_control", "cleaning",
)  # fmt: skip
KINDS = ("preparation", "uptake", "recovery", "housing")
TASKS = ("preparation", "positioning", "scan", "analysis", "transport", "blood_sampling", "other_service")
START = "2026-03-02 00:00"
#: Two nuclides: 110 min and 10 min.
TRACERS = ("FDG", "FDG", "N-13-ammonia")
DATES = ("2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05")


def seldom() -> st.SearchStrategy[bool]:
    """True once in five times."""
    return st.integers(0, 4).map(lambda n: n == 4)


def minutes(low: int, high: int) -> st.SearchStrategy[str]:
    return st.integers(low, high).map(lambda n: f"{n} min")


def durations(high: int = 40) -> st.SearchStrategy[Any]:
    """Short ones of many kinds, none at all among them."""
    spread = st.tuples(st.integers(1, high), st.integers(0, high)).map(
        lambda ab: {"uniform": [f"{ab[0]} min", f"{ab[0] + ab[1] + 1} min"]}
    )
    odd = st.sampled_from([{"exponential": {"mean": "7 min"}}, {"lognormal": {"median": "5 min", "p95": "20 min"}}])
    return st.one_of(minutes(0, high), spread, odd)


WEEKS = st.sampled_from([
    {"daily": "07:00-19:00"}, {"daily": "07:00-17:00"}, {"daily": "08:00-12:00"}, "always", {"daily": "21:00-05:00"},
    {"daily": ["07:00-11:00", "12:30-18:00"]}, {"mon-tue": "09:00-15:00", "wed-sun": "06:00-20:00"},
])  # fmt: skip


@st.composite
def people(draw: st.DrawFn) -> Data:
    """One who can do everything, and others who can do something."""
    staff: Data = {}
    for i in range(draw(st.integers(1, 4))):
        person: Data = {"role": "technologist"}
        if i:
            person["skills"] = draw(st.lists(st.sampled_from(SKILLS), min_size=1, max_size=8, unique=True))
        if i == 0 and draw(st.booleans()):
            person["count"] = draw(st.integers(1, 2))
        if draw(st.booleans()):
            person["shift"] = draw(WEEKS)
        if draw(st.booleans()):
            hours = draw(st.lists(st.integers(7, 17), min_size=1, max_size=2, unique=True))
            person["breaks"] = {f"b{h}": {"at": f"{h:02}:15", "duration": draw(minutes(5, 90))} for h in hours}
        person["injection_level"] = draw(st.sampled_from(["never_fails", "ordinary", "weak"]))
        staff[f"p{i}"] = person
    return staff


@st.composite
def rooms(draw: st.DrawFn) -> Data:
    result: Data = {"lab": {"kind": "hot_lab"}}
    for kind in KINDS:
        for i in range(draw(st.integers(1, 2))):
            places = st.integers(1, 3) if draw(st.booleans()) else st.integers(5, 12)
            result[f"{kind}{i}"] = {"kind": kind, "places": draw(places)}
    return result


@st.composite
def scanner(draw: st.DrawFn, room: str) -> Data:
    said: Data = {"modality": draw(st.sampled_from(["pet", "pet_ct"])), "room": room}
    said["beds"], said["hotel"] = draw(st.integers(1, 3)), draw(st.integers(1, 5))
    if draw(st.booleans()):
        check: Data = {"days": "daily", "duration": draw(durations())}
        if draw(st.booleans()):
            check["at"] = draw(st.sampled_from(["05:30", "11:00", "16:30"]))
        if draw(st.booleans()):
            check["warm_up"] = draw(durations())
        said["quality_control"] = {"check": check}
    if draw(seldom()):
        mean = draw(st.integers(2, 40))
        repair = draw(st.sampled_from(["20 min", {"exponential": {"mean": "2 h"}}, "9 h"]))
        said["breakdown"] = {"time_between_failures": {"exponential": {"mean": f"{mean} h"}}, "repair_time": repair}
    if draw(seldom()):
        first = f"2026-03-02 {draw(st.integers(6, 16)):02}:00"
        said["maintenance"] = {"service": {"first": first, "every": "26 h", "duration": draw(durations(120))}}
    return said


@st.composite
def scanners(draw: st.DrawFn, all_rooms: Data) -> Data:
    result: Data = {}
    for i in range(draw(st.integers(1, 2))):
        all_rooms[f"s{i}_room"] = {"kind": "scanner"}
        result[f"s{i}"] = draw(scanner(f"s{i}_room"))
    if draw(st.booleans()):
        result["s0"]["count"] = 2
    return result


@st.composite
def template(draw: st.DrawFn, groups: list[str], tracers: list[str]) -> Data:
    said: Data = {"template": draw(st.sampled_from(["pet_static", "pet_dynamic"]))}
    said["tracer"] = draw(st.sampled_from(tracers))
    said["activity"] = draw(st.sampled_from(["5 MBq", "20 MBq"]))
    said["uptake"], said["scan"] = draw(minutes(0, 90)), draw(durations())
    said["attempts"], said["uptake_awake"] = draw(st.integers(1, 3)), draw(st.booleans())
    if draw(st.booleans()):
        said["scanner"] = draw(st.sampled_from(groups))
    if draw(st.booleans()):
        said["fasting"] = draw(st.sampled_from([["1 h", "20 h"], ["4 h", "12 h"]]))
    if draw(st.booleans()):
        said["warming"] = draw(durations())
    if draw(st.booleans()):
        said["injectors"] = draw(st.integers(1, 2)) if said["template"] == "pet_dynamic" else 1
    if draw(st.booleans()):
        said["durations"] = {draw(st.sampled_from(["bring", "induce", "position", "clean"])): draw(durations())}
    if draw(seldom()):
        said["mass_limit"] = draw(st.sampled_from(["5 nmol/kg", "100 nmol/kg"]))
    said["reconstruction"] = draw(st.booleans())
    return said


def staying(node: Any) -> Any:
    """The same without places: another branch takes the animals somewhere."""
    if isinstance(node, dict):
        return {key: staying(value) for key, value in node.items() if key != "place"}
    return [staying(part) for part in node] if isinstance(node, list) else node


class Tree:
    """Writes a plan of the user's own: a tree that keeps the laws of plans."""

    def __init__(self, draw: st.DrawFn, groups: list[str]) -> None:
        # One group serves every step: a session keeps to the first scanner it gets; others may serve some steps.
        self.draw, self.all, self.count = draw, groups, 0
        self.group = draw(st.sampled_from(groups))
        self.each = draw(st.booleans())

    def step(self, **fixed: Any) -> Data:
        draw = self.draw
        self.count += 1
        said: Data = {"step": f"x{self.count}", "task": draw(st.sampled_from(TASKS)), "duration": draw(durations())}
        if draw(st.booleans()):
            said["people"] = draw(st.sampled_from([[["animal_care"]], [["imaging"]], [["animal_handling", "imaging"]]]))
        if draw(seldom()):
            said["place"] = draw(st.sampled_from((*KINDS, "hot_lab", "scanner")))
        if draw(st.booleans()):
            said |= self.machine()
        if draw(st.booleans()):
            said["outcome"] = {f"o{self.count}": {"yes": 0.5, "no": 0.5}}
        return said | fixed

    def machine(self) -> Data:
        draw = self.draw
        bed = draw(st.booleans())
        said: Data = {"scanner": self.scanner(), "bed": bed}
        return said | ({"uses_scanner": draw(st.booleans())} if bed else {})

    def scanner(self) -> Any:
        return self.all if self.draw(seldom()) else self.group

    def nodes(self, depth: int) -> list[Data]:
        count = self.draw(st.integers(1, 3))
        return [node for _ in range(count) for node in self.node(depth)]

    def node(self, depth: int) -> list[Data]:
        draw = self.draw
        kinds = ["step", "parallel", "repeat", "choice", *(() if self.each else ("for_each",))] if depth else ["step"]
        match draw(st.sampled_from(kinds)):
            case "for_each":
                self.each = True
                inner = self.nodes(depth - 1)
                self.each = False
                return [{"for_each_animal": inner, "at_once": draw(st.integers(1, 3))}]
            case "parallel":
                branches = [self.nodes(depth - 1) for _ in range(draw(st.integers(1, 2)))]
                return [{"parallel": [*branches[:1], *map(staying, branches[1:])]}]
            case "repeat":
                step = self.step(outcome={"again": {"yes": 0.6, "no": 0.4}})
                most = draw(st.integers(1, 3))
                return [{"repeat": [step, *self.nodes(0)], "at_most": most, "outcome": "again", "value": "yes"}]
            case "choice":
                step = self.step(outcome={f"c{self.count}": {"yes": 0.5, "no": 0.5}})
                return [step, {"choice": next(iter(step["outcome"])), "cases": {"yes": self.nodes(depth - 1)}}]
        return [self.step()]

    def asleep(self, inner: list[Data]) -> list[Data]:
        """Something done under anaesthesia."""
        induce = self.step(effect="anaesthetise", people=[["anaesthesia"]])
        return [induce, *inner, self.step(effect=self.draw(st.sampled_from(["wake", "wake", "kill"])))]

    def syringe(self) -> list[Data]:
        return [self.step(effect="draw", people=[["hot_lab"]], draw=True)]

    def injected(self, before: list[Data]) -> list[Data]:
        """Once, or again if nothing went in."""
        body = [*before, self.step(effect="inject", people=[["injection"]])]
        if self.draw(st.booleans()):
            return [{"repeat": body, "at_most": 2, "outcome": "injection", "value": "not_injected"}]
        return body

    def plan(self) -> list[Data]:
        """Something, perhaps with tracer, perhaps asleep, perhaps a scan; perhaps home at the end."""
        draw = self.draw
        body = self.nodes(draw(st.integers(0, 2)))
        asleep, traced = draw(st.booleans()), draw(st.booleans())
        syringe = self.syringe() if traced else []
        body += self.injected([] if asleep else syringe) if traced else []
        if draw(st.booleans()):
            body += [self.step(effect="scan", scanner=self.scanner())]
        if asleep:
            body = [*syringe, *self.asleep(body)]
        if self.each:
            body = [{"for_each_animal": body, "at_once": draw(st.integers(1, 3))}]
        before = [self.step(effect="fast")] if draw(st.booleans()) else []
        after = [self.step(effect="home")] if draw(st.booleans()) else []
        body = [*before, *body, *after]
        if draw(st.booleans()):
            body.append(self.step(always=True))
        self.hold(body)
        return body

    def hold(self, body: list[Data]) -> None:
        """What the first that takes a bed or scanner on the outer sequence took is kept until a later step."""
        for thing in ("bed", "scanner"):
            for i, node in enumerate(body):
                takes = node.get("bed") if thing == "bed" else node.get("scanner") and node.get("uses_scanner", True)
                later = [n["step"] for n in body[i + 1 :] if "step" in n]
                if "step" in node and takes and later and self.draw(st.booleans()):
                    node.setdefault("holds", {})[thing] = self.draw(st.sampled_from(later))
                if takes or "step" not in node:
                    break


@st.composite
def own_plan(draw: st.DrawFn, groups: list[str], tracers: list[str]) -> Data:
    tree = Tree(draw, groups)
    said: Data = {"plan": tree.plan(), "tracer": draw(st.sampled_from(tracers))}
    said["activity"] = draw(st.sampled_from(["5 MBq", "20 MBq"]))
    last = said["plan"][-1]
    if "step" in last and last.get("effect") in (None, "home", "wake", "kill") and draw(st.booleans()):
        said["way_out"] = last["step"]
    return said


@st.composite
def arrival(draw: st.DrawFn, days: int) -> Data:
    kind = draw(st.sampled_from(["dates", "poisson", "hourly"]))
    result: Data = {}
    if kind == "dates":
        moments = [f"{d} {h:02}:00" for d in DATES[:days] for h in (0, 7, 9, 12)]
        result["dates"] = draw(st.lists(st.sampled_from(moments), min_size=1, max_size=3, unique=True))
    elif kind == "poisson":
        result["poisson"] = {"rate": f"{draw(st.integers(1, 8))} /day"}
    else:
        rates = [f"{draw(st.sampled_from([0, 1, 2]))}/h" if 8 <= h < 12 else "0/h" for h in range(24)]
        result["hourly"] = {"rates": rates, "days": "daily"}
    if draw(st.booleans()):
        result["batch"] = draw(st.integers(1, 5))
    return result


@st.composite
def study(draw: st.DrawFn, protocols: list[str], projects: list[str], days: int) -> Data:
    said: Data = {
        "species": draw(st.sampled_from(["mouse", "rat"])),
        "protocol": draw(st.sampled_from(protocols)),
        "animals": draw(st.integers(1, 12)),
        "priority": draw(st.integers(0, 2)),
        "arrival": draw(arrival(days)),
        "groups": draw(st.sampled_from([["all"], ["control", "treated"]])),
    }
    if projects and draw(seldom()):
        said["authorisation"] = draw(st.sampled_from(projects))
    if draw(st.booleans()):
        said["hotel"] = draw(st.integers(1, 5))
    if draw(seldom()):
        said |= {"no_show": 0.3, "cancellation": 0.3, "notice": draw(st.sampled_from(["30 min", "10 h"]))}
        said["urgent"] = draw(st.booleans())
    if draw(st.booleans()):
        window = draw(st.sampled_from([None, "20 h"]))
        later: Data = {"at": draw(st.sampled_from(["2 h", "1 d"])), "protocol": draw(st.sampled_from(protocols))}
        said["time_points"] = {"t1": {}, "t2": later | ({"window": window} if window else {})}
    return said


@st.composite
def bookings(draw: st.DrawFn, said: Data, days: int) -> Data:
    """A given list instead of arrivals."""
    rows = [
        {"animal": f"a{i}", "time_point": "t1", "start": f"{draw(st.sampled_from(DATES[:days]))} {hour:02}:30"}
        for i in range(draw(st.integers(1, 4)))
        for hour in [draw(st.integers(7, 13))]
    ]
    return {key: value for key, value in said.items() if key != "animals"} | {"arrival": {"bookings": rows}}


@st.composite
def projects(draw: st.DrawFn) -> Data:
    result: Data = {}
    for i in range(draw(st.integers(0, 2))):
        said: Data = {"animals": draw(st.integers(1, 6)), "expires": draw(st.sampled_from([*DATES, "2030-01-01"]))}
        if draw(st.booleans()):
            said["spacing"] = draw(st.sampled_from(["1 h", "30 h"]))
        if draw(st.booleans()):
            said["anaesthesias"] = draw(st.integers(1, 2))
        if draw(st.booleans()):
            said["volume"] = draw(st.sampled_from(["3 ml/kg", "5 ml/kg", "10 ml/kg"]))
        result[f"project{i}"] = said
    return result


@st.composite
def policies(draw: st.DrawFn) -> Data:
    booking = ["walk_in", "first_come", "earliest_due", "batch_by_tracer", "given"]
    return {
        "booking": draw(st.sampled_from(booking)),
        "queue": draw(st.sampled_from(["pass_over", "reserve"])),
        "shift_end": draw(st.sampled_from(["finish", "preempt", "ignore"])),
        "breakdown": draw(st.sampled_from(["wait", "rebook"])),
        "late_delivery": draw(st.sampled_from(["wait", "wait", "swap", "scale", "rebook", "cancel"])),
        "allocation": draw(st.sampled_from(["as_booked", "randomised", "counterbalanced"])),
        "hotel_wait": draw(st.sampled_from(["0 min", "1 h", "5 h"])),
        "rebook": draw(st.booleans()),
        "attempts": draw(st.integers(1, 3)),
        "stay_for_committed": draw(st.sampled_from(["0 h", "1 h", "4 h"])),
        "anaesthesia_limit": draw(st.sampled_from(["1 h", "4 h"])),
        "animals_per_attendant": draw(st.integers(1, 5)),
        "overbooking": draw(st.sampled_from([0, 0, 2])),
        "urgent_reserve": draw(st.sampled_from(["0 h", "0 h", "2 h"])),
        "analysis": draw(st.sampled_from(["none", "by_hand", "automatic"])),
        "reading": draw(st.sampled_from(["none", "single"])),
        "warming": draw(st.sampled_from(["blanket", "none"])),
        "warming_scanner": draw(st.sampled_from(["bed", "none"])),
    }


@st.composite
def sites(draw: st.DrawFn) -> Data:
    """Everything of a scenario but its protocols and studies."""
    all_rooms = draw(rooms())
    data: Data = {
        "schema": 1, "name": "law", "start": START, "days": draw(st.integers(1, 4)), "seed": draw(st.integers(0, 99)),
        "opening": {"hours": draw(WEEKS)}, "staff": draw(people()), "scanners": draw(scanners(all_rooms)),
        "rooms": all_rooms, "hot_lab": draw(hot_labs(TRACERS)),
        "authorisations": {"projects": draw(projects())}, "policies": draw(policies()),
    }  # fmt: skip
    if draw(seldom()):
        site = draw(st.sampled_from(["4 GBq", "400 MBq"]))
        nuclides = draw(st.lists(st.sampled_from(["F-18", "N-13"]), min_size=1, max_size=2, unique=True))
        licences = {nuclide: {"site": site, "rooms": draw(room_licences())} for nuclide in nuclides}
        data["authorisations"]["sources"] = licences
    if draw(seldom()):
        data["numbers"] = {"injection.mortality_per_anaesthesia": {"value": 0.2}}
    if draw(st.booleans()):
        data["dose"] = draw(doses())
    return data


CHANCES = st.sampled_from([0.0, 0.1, 0.5])


@st.composite
def doses(draw: st.DrawFn) -> Data:
    """Budgets that bind soon, spills that come often, people who are kept from open activity."""
    said: Data = {"jurisdiction": draw(st.sampled_from(["EU", "DE", "US", "IAEA"]))}
    if draw(st.booleans()):
        said["spills"] = {"drawing": draw(CHANCES), "injecting": draw(CHANCES), "clean_up": draw(durations())}
    if draw(st.booleans()):
        budget = {"quantity": draw(st.sampled_from(["extremity", "effective"])), "at_most": draw(BUDGETS)}
        period = draw(st.sampled_from(["day", "week", "year"]))
        said["constraints"] = {"own": budget | {"period": period, "then": draw(st.sampled_from(["exclude", "report"]))}}
    if draw(seldom()):
        said["people"] = {"p0": draw(st.sampled_from([{"breast_feeding": True}, {"pregnancy_declared": DATES[1]}]))}
    if draw(seldom()):
        said |= {"decide_by": "dosimeter", "dosimeter": {"every": "1 d", "delay": "3 h", "threshold": "10 uSv"}}
    return said


BUDGETS = st.sampled_from(["20 uSv", "200 uSv", "2 mSv"])


def room_licences() -> st.SearchStrategy[Data]:
    limits = st.sampled_from(["6 MBq", "12 MBq", "60 MBq"])
    return st.dictionaries(st.sampled_from(["uptake0", "s0_room", "preparation0"]), limits, max_size=2)


@st.composite
def scenarios(draw: st.DrawFn, own: bool = True) -> Data:
    """A whole scenario."""
    data = draw(sites())
    groups = list(data["scanners"])
    lab = data["hot_lab"]
    sources = [*lab["deliveries"].values(), *lab.get("preparations", {}).values()]
    tracers = sorted({source["tracer"] for source in sources})
    kinds = [template(groups, tracers), own_plan(groups, tracers)] if own else [template(groups, tracers)]
    data["protocols"] = {f"plan{i}": draw(st.one_of(*kinds)) for i in range(draw(st.integers(1, 2)))}
    granted, names = list(data["authorisations"]["projects"]), list(data["protocols"])
    data["studies"] = {}
    for i in range(draw(st.integers(1, 3))):
        said = draw(study(names, granted, data["days"]))
        if "time_points" not in said and draw(st.integers(0, 4)) == 0:
            said = draw(bookings(said, data["days"]))
        data["studies"][f"study{i}"] = said
    if draw(seldom()):
        add_hygiene(draw, data)
    if draw(seldom()):
        store = {"places": draw(st.integers(2, 6)), "filled": {"F-18": 2}}
        full = {"full": "pick_up", "pick_up": draw(durations())} if draw(st.booleans()) else {}
        data["waste"] = {"decay_store": store | full, "freezer": {"places": draw(st.integers(1, 9))}}
        add_people(draw, data)
    return data


def add_hygiene(draw: st.DrawFn, data: Data) -> None:
    """Animals of different status, and rooms that are found contaminated."""
    data["hygiene"] = {
        "order": draw(st.sampled_from(["as_booked", "clean_first"])),
        "stay_away": draw(st.sampled_from(["0 h", "3 h", "48 h"])),
        "decontamination": draw(durations()),
    }
    for said in data["studies"].values():
        if draw(st.booleans()):
            said["hygiene"] = draw(st.sampled_from(["immunodeficient", "barrier", "conventional", "infected"]))
    if draw(st.booleans()):
        room = draw(st.sampled_from(["s0_room", "preparation0", "uptake0", "recovery0"]))
        often = {"time_between": {"exponential": {"mean": "20 h"}}, "clean_up": draw(durations()), "closed": "5 h"}
        data["hygiene"]["contaminations"] = {"found": often | {"room": room, "studies": ["study0"]}}
        if draw(st.booleans()):
            spread = {"undetected": draw(durations()), "to_animals": 0.7, "to_rooms": 0.7}
            data["hygiene"]["contaminations"]["found"]["spread"] = spread
    if draw(st.booleans()):
        data["rooms"]["outside"] = {"kind": "return_housing", "places": draw(st.integers(1, 9))}
