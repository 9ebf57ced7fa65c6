"""Which sessions that stand still keep each other waiting: struck out, simplified, then asked as an integer programme.

Most scenarios need no programme, because nothing in them can even form a ring. One that is too large is not decided,
and that is said.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from twin.scenario.effort import UndecidedError
from twin.scenario.moments import Pool

#: Nodes of the tree of the integer programme. What people write needs one; 500 take some seconds.
MOST_NODES = 500
#: Members, after simplifying, of which a programme is made; it grows with them.
MOST_MEMBERS = 800


@dataclass(frozen=True, slots=True)
class Shortage:
    """Something is short when at least ``least`` of these pools is held."""

    name: str
    pools: frozenset[Pool]
    least: int

    @property
    def order(self) -> tuple[str, int, list[Pool]]:
        """By which shortages are sorted, the same in every process."""
        return self.name, self.least, sorted(self.pools)

    def implies(self, other: Shortage) -> bool:
        """Whether the other is short whenever this is."""
        return self.pools <= other.pools and self.least >= other.least


Clause: TypeAlias = frozenset[Shortage]
#: All of them must hold, and of each at least one shortage.
Clauses: TypeAlias = frozenset[Clause]
Held: TypeAlias = tuple[tuple[Pool, int], ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A session that stands still: what it holds (a person too, if it is attended) and what must be short for it."""

    held: Held
    clauses: Clauses

    @property
    def order(self) -> tuple[Any, ...]:
        """By which members are sorted."""
        return self.held, _clauses_order(self.clauses)


def _order(thing: Shortage | Member) -> tuple[Any, ...]:
    return thing.order


def _clause_order(clause: Clause) -> list[Any]:
    return sorted(shortage.order for shortage in clause)


def _in_order(clauses: Clauses) -> list[Clause]:
    return sorted(clauses, key=_clause_order)


def _clauses_order(clauses: Clauses) -> list[Any]:
    return sorted(map(_clause_order, clauses))


#: How many sessions there are of each member.
Crowd: TypeAlias = Counter[Member]


def search(size: Mapping[Pool, int], members: Iterable[Member]) -> tuple[str, ...] | None:
    """The names of a circle that such sessions can close, the first again at the end; None: there is none.

    Parameters
    ----------
    size : mapping of Pool to int
        How much of each pool there is.
    members : iterable of Member
        Any number of sessions may be in each state.

    Raises
    ------
    UndecidedError
        When the search would take too long.
    """
    able = _that_can_wait(size, set(members))
    chosen = _together(size, _hardest(able)) if able else None
    return _ring(_fewer(chosen)) if chosen else None


def _that_can_wait(size: Mapping[Pool, int], members: set[Member]) -> list[Member]:
    """Strike out who cannot be kept waiting by those who are left, again and again: an open chain falls to nothing."""
    while True:
        holdable = {pool for m in members for pool, n in m.held if n <= size[pool]}
        left = {
            m for m in members
            if all(n <= size[pool] for pool, n in m.held)
            and all(any(s.least <= sum(size[p] for p in s.pools & holdable) for s in c) for c in m.clauses)
        }  # fmt: skip
        if left == members:
            return sorted(left, key=_order)
        members = left


# Simplifying ----------------------------------------------------------------------------------------------------


def _hardest(members: list[Member]) -> list[Member]:
    """Of those who hold the same only who waits the longest: whoever waits whenever another does stands for it."""
    alike: defaultdict[Held, set[Clauses]] = defaultdict(set)
    for member in members:
        alike[member.held].add(_strongest(frozenset(map(_weakest, member.clauses))))
    return [Member(held, clauses) for held, kinds in alike.items() for clauses in _last_to_move(kinds)]


def _weakest(clause: Clause) -> Clause:
    """Of a choice of shortages none that is there only if another is."""
    kept: list[Shortage] = []
    for shortage in sorted(clause, key=_order):
        if not any(shortage.implies(other) for other in kept):
            kept = [other for other in kept if not other.implies(shortage)] + [shortage]
    return frozenset(kept)


def _strongest(clauses: Clauses) -> Clauses:
    """No clause that holds anyhow if another does."""
    kept: list[Clause] = []
    for clause in _in_order(clauses):
        if not any(_follows(other, clause) for other in kept):
            kept = [other for other in kept if not _follows(clause, other)] + [clause]
    return frozenset(kept)


def _last_to_move(kinds: set[Clauses]) -> list[Clauses]:
    kept: list[Clauses] = []
    for kind in sorted(kinds, key=_clauses_order):
        if not any(_waits_too(other, kind) for other in kept):
            kept = [other for other in kept if not _waits_too(kind, other)] + [kind]
    return kept


def _follows(first: Clause, second: Clause) -> bool:
    """Whether the second clause holds whenever the first does."""
    return all(any(one.implies(other) for other in second) for one in first)


def _waits_too(one: Clauses, other: Clauses) -> bool:
    """Whether who has the clauses ``one`` waits whenever who has ``other`` does."""
    return all(any(_follows(have, clause) for have in other) for clause in one)


# Which sessions together ----------------------------------------------------------------------------------------


def _together(size: Mapping[Pool, int], members: list[Member]) -> Crowd | None:
    """Sessions that fit in all at once and keep each other waiting; None: there are none.

    Unknowns are the number of each member, whether it occurs, and whether each shortage is there.
    """
    if len(members) > MOST_MEMBERS:
        raise UndecidedError(f"its sessions can stand still in more than {MOST_MEMBERS} different ways")
    shortages = sorted({s for m in members for clause in m.clauses for s in clause}, key=repr)
    n = len(members)
    occurs = {m: n + i for i, m in enumerate(members)}
    short = {s: 2 * n + i for i, s in enumerate(shortages)}
    most = [min(size[pool] // count for pool, count in m.held) for m in members]
    rows: list[tuple[dict[int, int], float]] = [(dict.fromkeys(range(n), -1), -1)]
    rows += [(_holding(members, {pool}), size[pool]) for pool in size]
    rows += [({i: 1, occurs[m]: -most[i]}, 0) for i, m in enumerate(members)]
    rows += [({occurs[m]: 1} | {short[s]: -1 for s in c}, 0) for m in members for c in _in_order(m.clauses)]
    rows += [({short[s]: s.least} | {i: -k for i, k in _holding(members, s.pools).items()}, 0) for s in shortages]
    numbers = _solve(rows, [*most, *[1] * (n + len(short))])
    return None if numbers is None else Counter({m: k for m, k in zip(members, numbers, strict=False) if k})


def _holding(members: list[Member], pools: Iterable[Pool]) -> dict[int, int]:
    """How much of the pools one session of each member holds, by the member's number."""
    wanted = set(pools)
    held = {i: sum(k for pool, k in m.held if pool in wanted) for i, m in enumerate(members)}
    return {i: k for i, k in held.items() if k}


def _solve(rows: list[tuple[dict[int, int], float]], most: list[int]) -> list[int] | None:
    """Any whole numbers from 0 to ``most`` with each row's sum at most its bound; None: there are none."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    entries = [(value, i, j) for i, (row, _) in enumerate(rows) for j, value in row.items()]
    values, i, j = zip(*entries, strict=True)
    matrix: Any = csr_array((values, (i, j)), shape=(len(rows), len(most)), dtype=float)
    result = milp(
        [0.0] * len(most),
        constraints=LinearConstraint(matrix, ub=[bound for _, bound in rows]),
        integrality=[1] * len(most),
        bounds=Bounds(0, most),
        options={"node_limit": MOST_NODES},
    )
    if result.x is None and result.status == 1:
        raise UndecidedError(f"the integer programme needs more than {MOST_NODES} nodes")
    assert result.status in (0, 1, 2), result.message
    return None if result.x is None else [round(x) for x in result.x]


def _fewer(crowd: Crowd) -> Crowd:
    """A part of the crowd that keeps itself waiting and of which nobody can be left out."""
    assert _stuck(crowd) == crowd, "the sessions found do not keep each other waiting"
    for member in sorted(crowd, key=_order):
        while crowd[member] and (left := _stuck(crowd - Counter([member]))):
            crowd = left
    return crowd


def _stuck(crowd: Crowd) -> Crowd:
    """Who is left when all who can move have gone, and then all who can move without them."""
    while movable := [member for member in crowd if not all(_missing(member, _held(crowd)))]:
        crowd = Counter({member: n for member, n in crowd.items() if member not in movable})
    return crowd


def _held(crowd: Crowd) -> Counter[Pool]:
    held: Counter[Pool] = Counter()
    for member, count in crowd.items():
        held.update({pool: n * count for pool, n in member.held})
    return held


def _ring(crowd: Crowd) -> tuple[str, ...]:
    """Follow who holds a thing to what they wait for, until a thing comes again."""
    held = _held(crowd)
    short = {m: sorted((missing[0] for missing in _missing(m, held)), key=_order) for m in crowd}
    path = [min((s for missing in short.values() for s in missing), key=_order)]
    while path[-1] not in path[:-1]:
        holder = next(m for m in short if any(pool in path[-1].pools for pool, _ in m.held))
        path.append(short[holder][0])
    return tuple(s.name for s in path[path.index(path[-1]) :])


def _missing(member: Member, held: Counter[Pool]) -> list[list[Shortage]]:
    """What this member lacks: for each clause the shortages that are there."""
    there = (sorted(clause, key=_order) for clause in _in_order(member.clauses))
    return [[s for s in shortages if sum(held[pool] for pool in s.pools) >= s.least] for shortages in there]
