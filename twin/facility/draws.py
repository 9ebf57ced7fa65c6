"""What a session draws by luck: all numbers of its first attempts in one compiled call when it begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twin.distributions import TICK, Distribution, Triangular, tick
from twin.facility.program import Op, Program
from twin.facility.state import Session, Visit
from twin.luck import Luck, entity_digest, purpose_digests

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: From so many durations on, arrays are quicker than one by one.
MANY = 10


class Sampler:
    """Durations of many steps from one number each: the very values that their distributions give one by one.

    Triangular ones, which most tasks have, are sampled together: arithmetic, square root and rounding are exact.
    """

    def __init__(self, distributions: list[Distribution]) -> None:
        self.distributions = distributions
        self.others = [i for i, d in enumerate(distributions) if not isinstance(d, Triangular)]
        shapes = [(d.low, d.mode, d.high) if isinstance(d, Triangular) else (0.0, 0.0, 0.0) for d in distributions]
        self.low, mode, self.high = np.array(shapes).reshape(-1, 3).T.copy()
        self.width, self.rise, self.fall = self.high - self.low, mode - self.low, self.high - mode
        self.cut = np.divide(self.rise, self.width, out=np.ones_like(mode), where=self.width > 0.0)

    def ticks(self, numbers: list[float]) -> list[float]:
        """Each duration for its number, a multiple of `TICK` [s]."""
        if len(numbers) < MANY:
            return [tick(d.sample(u)) for d, u in zip(self.distributions, numbers, strict=True)]
        u = np.array(numbers)
        rises = u < self.cut
        root = np.sqrt(np.where(rises, u * self.width * self.rise, (1.0 - u) * self.width * self.fall))
        times = np.where(rises, self.low + root, self.high - root)
        for i in self.others:
            times[i] = self.distributions[i].sample(numbers[i])
        ticks: list[float] = (np.rint(times * 1024.0) * TICK).tolist()
        return ticks


@dataclass(frozen=True, slots=True)
class _Block:
    """The addresses of a program's numbers, without the animals; which of them are for durations, in order of steps."""

    purposes: NDArray[np.uint32]
    who: NDArray[np.int64]
    first: NDArray[np.uint32]
    slots: tuple[int, ...]
    sampler: Sampler


class Draws:
    """The numbers of sessions, by their programs."""

    def __init__(self, luck: Luck) -> None:
        self.luck = luck
        self._blocks: dict[tuple[str, int], _Block] = {}

    def numbers(self, name: str, visits: list[Visit], program: Program) -> list[float]:
        """All that a session will draw, if nothing is repeated."""
        block = self._block(program)
        if not len(block.who):
            return []
        entities = np.array([entity_digest(v.name) for v in visits] or [entity_digest(name)], np.uint64)
        numbers: list[float] = self.luck.block(block.purposes, entities[block.who], block.first).tolist()
        return numbers

    def durations(self, session: Session) -> list[float]:
        """How long the first attempt of each step takes that does not end at a moment [s], by `Op.timed`."""
        block = self._block(session.program)
        return block.sampler.ticks([session.luck[slot] for slot in block.slots])

    def of(self, session: Session, op: Op, purpose: str, i: int = 0) -> float:
        """The number that a step draws for a purpose; a repetition has its own index."""
        slot = op.luck[purpose] + (i if op.who is None and purpose not in ("duration", "outcome") else 0)
        times = session.tries.get(op.index, 0) if op.repeated else 0
        if times <= 1:
            return session.luck[slot]
        what, who = session.program.luck[slot]
        entity = session.visits[who].name if session.visits else session.name
        return self.luck.uniform(what, entity, times - 1)

    def _block(self, program: Program) -> _Block:
        block = self._blocks.get(program.key)
        if block is None:
            block = self._blocks[program.key] = _Block(
                purposes=purpose_digests(purpose for purpose, _ in program.luck),
                who=np.array([animal for _, animal in program.luck], dtype=np.int64),
                first=np.zeros(len(program.luck), np.uint32),
                slots=tuple(op.luck["duration"] for op in program.ops if op.duration is not None),
                sampler=Sampler([op.duration for op in program.ops if op.duration is not None]),
            )
        return block
