"""What a session draws by luck: all numbers of its first attempts in one compiled call when it begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twin.distributions import Constant, Distribution, Triangular, tick
from twin.facility import draws_kernels
from twin.facility.program import Op, Program
from twin.facility.state import Session, Visit
from twin.luck import Luck, entity_digests, purpose_digests

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.scenario.site_machines import Scanner


class Sampler:
    """Durations of many steps from one number each: the very values that their distributions give one by one.

    Triangular ones, which most tasks have, are sampled by compiled code: its arithmetic, square root and rounding are
    those of Python.

    Parameters
    ----------
    distributions : list of Distribution
    slots : sequence of int
        Where the number of each stands.
    """

    def __init__(self, distributions: list[Distribution], slots: Sequence[int]) -> None:
        self.slots = np.array(slots, np.int64)
        self.shapes = np.array([_shape(d) for d in distributions]).reshape(-1, 6).T.copy()
        self.others = [
            (i, slot, d)
            for i, (slot, d) in enumerate(zip(slots, distributions, strict=True))
            if not isinstance(d, Triangular | Constant)
        ]

    def ticks(self, numbers: list[float], same: NDArray[np.float64]) -> list[float]:
        """Each duration for its number, a multiple of `TICK` [s]; ``same`` are the numbers as an array."""
        times: list[float] = draws_kernels.triangular(same, self.slots, self.shapes).tolist()
        for i, slot, distribution in self.others:
            times[i] = tick(distribution.sample(numbers[slot]))
        return times


def _shape(distribution: Distribution) -> tuple[float, ...]:
    """The rows of `draws_kernels`: a constant is a triangle without width; zeros for what is neither."""
    if isinstance(distribution, Constant):
        low = mode = high = distribution.value
    elif isinstance(distribution, Triangular):
        low, mode, high = distribution.low, distribution.mode, distribution.high
    else:
        return (0.0,) * 6
    width = high - low
    return low, high, width, mode - low, high - mode, (mode - low) / width if width > 0.0 else 1.0


@dataclass(frozen=True, slots=True)
class _Block:
    """The addresses of a program's numbers, without the animals; and how durations follow from them."""

    purposes: NDArray[np.uint32]
    who: NDArray[np.int64]
    first: NDArray[np.uint32]
    sampler: Sampler


class Draws:
    """The numbers of sessions, by their programs."""

    def __init__(self, luck: Luck, scanners: Mapping[str, Scanner]) -> None:
        self.luck = luck
        self._luck_names = {name: scanner.luck_name for name, scanner in scanners.items()}
        self._blocks: dict[tuple[str, int], _Block] = {}

    def begin(self, name: str, visits: list[Visit], program: Program) -> tuple[list[float], list[float]]:
        """All that a session will draw if nothing is repeated, and its `durations`."""
        block = self._block(program)
        entities = entity_digests([visit.name for visit in visits] or [self._alone(name, program)])
        drawn = self.luck.block(block.purposes, entities[block.who], block.first)
        numbers: list[float] = drawn.tolist()
        return numbers, block.sampler.ticks(numbers, drawn)

    def _alone(self, name: str, program: Program) -> str:
        """What the luck of a session without animals is addressed by: its name, but with its scanner's name of luck."""
        scanner, upkeep, rest = name.partition("/") if "/" in program.key[0] else (name, "", "")
        return f"{self._luck_names.get(scanner, scanner)}/{rest}" if upkeep else name

    def durations(self, session: Session) -> list[float]:
        """How long the first attempt of each step takes that does not end at a moment [s], by `Op.timed`."""
        return self._block(session.program).sampler.ticks(session.luck, np.array(session.luck))

    def of(self, session: Session, op: Op, purpose: str, i: int = 0) -> float:
        """The number that a step draws for a purpose; a repetition has its own index."""
        slot = op.luck[purpose] + (i if op.who is None and purpose not in ("duration", "outcome") else 0)
        times = session.tries.get(op.index, 0) if op.repeated else 0
        if times <= 1:
            return session.luck[slot]
        what, who = session.program.luck[slot]
        entity = session.visits[who].name if session.visits else self._alone(session.name, session.program)
        return self.luck.uniform(what, entity, times - 1)

    def _block(self, program: Program) -> _Block:
        block = self._blocks.get(program.key)
        if block is None:
            timed = [(op, op.duration) for op in program.ops if op.duration is not None]
            block = self._blocks[program.key] = _Block(
                purposes=purpose_digests(purpose for purpose, _ in program.luck),
                who=np.array([animal for _, animal in program.luck], dtype=np.int64),
                first=np.zeros(len(program.luck), np.uint32),
                sampler=Sampler([d for _, d in timed], [op.luck["duration"] for op, _ in timed]),
            )
        return block
