"""How often somebody may be wrong before they must wait."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

#: So many wrong passwords from one address cost nothing more than their time.
FREE = 5
MOST_WAIT_S = 60.0
#: So many addresses are remembered.
MOST_ADDRESSES = 1000


class Patience:
    """Wrong passwords by address: after some, each doubles the time until the next try.

    Parameters
    ----------
    clock : callable
        Seconds, from any start.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait_s(self, address: str) -> int:
        """Whole seconds until the next try; 0: now."""
        _, until = self._wrong.get(address, (0, 0.0))
        return max(0, math.ceil(until - self._clock()))

    def wrong(self, address: str) -> None:
        """A wrong password came from there."""
        count = self._wrong.pop(address, (0, 0.0))[0] + 1
        wait_s = min(MOST_WAIT_S, 2.0 ** min(count - FREE, 10)) if count >= FREE else 0.0
        self._wrong[address] = (count, self._clock() + wait_s)
        while len(self._wrong) > MOST_ADDRESSES:
            self._wrong.popitem(last=False)

    def right(self, address: str) -> None:
        """The right one came: the count begins anew."""
        self._wrong.pop(address, None)
