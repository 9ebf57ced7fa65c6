"""Rooms and the animals in them."""

from __future__ import annotations

from collections.abc import Callable

from twin.scenario.site import Site
from twin.vocabulary import UNCOUNTED


class Rooms:
    """Places by room; a kind is one pool that may be spread over several rooms."""

    def __init__(self, site: Site, wake: Callable[[str], None]) -> None:
        self.wake = wake
        self.kind: dict[str | None, str] = {room.name: room.kind for room in site.rooms.values()}
        self.places = {room.name: room.places for room in site.rooms.values()}
        self.taken = dict.fromkeys(self.places, 0)
        #: Pools of the rooms whose places are counted.
        self.pools = {room.name: f"room:{room.kind}" for room in site.rooms.values() if room.kind not in UNCOUNTED}
        self.kept: dict[str, int] = {}
        #: Is told of every room that an animal leaves.
        self.left: Callable[[str | None], None] | None = None
        self.of_kind: dict[str, list[str]] = {}
        for room in site.rooms.values():
            self.of_kind.setdefault(room.kind, []).append(room.name)

    def find(
        self, kind: str, animals: int, newcomers: bool = True, *, among: list[str] | None = None
    ) -> list[str] | None:
        """A room for each animal: one for all if any has so many places, else spread; None if there are too few.

        ``among``: the rooms of the kind that are for them, if not all are.
        """
        rooms = self.of_kind.get(kind) if among is None else among
        if rooms is None:
            return []
        if kind in UNCOUNTED:
            return rooms[:1] * animals
        if newcomers and self.kept and self.kept.get(kind, 0) > self.free(kind) - animals:
            return None
        free = {name: self.places[name] - self.taken[name] for name in rooms}
        for name, places in free.items():
            if places >= animals:
                return [name] * animals
        spread = [name for name, places in free.items() for _ in range(places)]
        return spread[:animals] if len(spread) >= animals else None

    def free(self, kind: str) -> int:
        """Free places in all rooms of a kind."""
        return sum(self.places[name] - self.taken[name] for name in self.of_kind.get(kind, ()))

    def take(self, room: str | None) -> None:
        """An animal gets a place."""
        if room in self.pools:
            self.taken[room] += 1

    def leave(self, room: str | None) -> None:
        """An animal gives its place back."""
        if self.left is not None:
            self.left(room)
        if room in self.pools:
            self.taken[room] -= 1
            self.wake(self.pools[room])
