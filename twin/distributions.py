"""Distributions of durations and counts.

Each one states its mean and its support exactly, and samples by inverse transform of one uniform number in (0, 1): a
larger number never gives a shorter duration, so that two scenarios with the same luck stay comparable.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Self, TypeVar

from twin.errors import DataError, nearest
from twin.parametric import Parametric, check, keep, names, read

if TYPE_CHECKING:
    from collections.abc import Mapping

TICK = 2.0**-10
"""Sampled durations are multiples of this [s], so that sums and ties are exact."""

_WIDEST = 100.0  # the largest sd in units of the mean; beyond it the far tail overflows and nobody means it


def tick(seconds: float) -> float:
    """The nearest multiple of `TICK` [s]."""
    return round(seconds * 1024.0) * TICK


class Distribution(Parametric):
    """What every distribution can do; each kind is a frozen dataclass whose fields are its parameters."""

    __slots__ = ()

    if TYPE_CHECKING:  # at run time some kinds have it as a field, others as a property

        @property
        def mean(self) -> float:
            """The exact mean."""

    @property
    def support(self) -> tuple[float, float]:
        """The smallest and the largest possible value."""
        return (0.0, math.inf)

    def sample(self, u: float) -> float:
        """The value that the share `u` of all values stays below, 0 < u < 1."""
        raise NotImplementedError

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Distribution:
        """The distribution that `as_dict` wrote; DataError for an unknown kind or parameter."""
        kind = data.get("kind")
        found = KINDS.get(kind) if isinstance(kind, str) else None
        if found is None:
            raise DataError(
                f"unknown distribution {kind!r}; nearest: {nearest(kind, KINDS)}; known: {', '.join(KINDS)}"
            )
        given = {str(key): value for key, value in data.items() if key != "kind"}
        try:
            return found(**given)
        except TypeError as error:
            raise DataError(
                f"{kind} takes {', '.join(names(found))}; given: {', '.join(given) or 'nothing'}"
            ) from error


@dataclass(frozen=True, slots=True)
class Constant(Distribution):
    """Always the same value."""

    kind = "constant"
    value: float

    def __post_init__(self) -> None:
        read(self)

    @property
    def mean(self) -> float:
        return self.value

    @property
    def support(self) -> tuple[float, float]:
        return (self.value, self.value)

    def sample(self, u: float) -> float:
        return self.value


@dataclass(frozen=True, slots=True)
class Uniform(Distribution):
    """Every value from `low` to `high` alike."""

    kind = "uniform"
    low: float
    high: float

    def __post_init__(self) -> None:
        read(self)
        check(self, self.low <= self.high, "low is above high")

    @property
    def mean(self) -> float:
        return 0.5 * self.low + 0.5 * self.high

    @property
    def support(self) -> tuple[float, float]:
        return (self.low, self.high)

    def sample(self, u: float) -> float:
        return self.low + (self.high - self.low) * u


@dataclass(frozen=True, slots=True)
class Triangular(Distribution):
    """Least, most likely and largest value."""

    kind = "triangular"
    low: float
    mode: float
    high: float
    _cut: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        read(self)
        check(self, self.low <= self.mode <= self.high, "low <= mode <= high does not hold")
        width = self.high - self.low
        keep(self, _cut=(self.mode - self.low) / width if width else 1.0)

    @property
    def mean(self) -> float:
        return (self.low + self.mode + self.high) / 3.0

    @property
    def support(self) -> tuple[float, float]:
        return (self.low, self.high)

    def sample(self, u: float) -> float:
        low, high = self.low, self.high
        if u < self._cut:
            return low + math.sqrt(u * (high - low) * (self.mode - low))
        return high - math.sqrt((1.0 - u) * (high - low) * (high - self.mode))


class _Spread(Distribution):
    """From zero to infinity; without a standard deviation, one value."""

    __slots__ = ()
    sd: float

    @property
    def support(self) -> tuple[float, float]:
        return (0.0, math.inf) if self.sd else (self.mean, self.mean)


@dataclass(frozen=True, slots=True)
class Normal(_Spread):
    """A normal variable given that it is positive; `centre` >= 0 and `sd` are those before the cut."""

    kind = "normal"
    centre: float
    sd: float
    _cut: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        read(self)
        check(self, self.centre >= 0 and self.sd >= 0, "centre and sd must not be negative")
        keep(self, _cut=0.5 * math.erfc(self.centre / self.sd / math.sqrt(2.0)) if self.sd else 0.0)

    @property
    def mean(self) -> float:
        """``c + sd phi(c / sd) / Phi(c / sd)``."""
        if self.sd == 0:
            return self.centre
        density = math.exp(-0.5 * (self.centre / self.sd) ** 2) / math.sqrt(2.0 * math.pi)
        return self.centre + self.sd * density / (1.0 - self._cut)

    def sample(self, u: float) -> float:
        kept = 1.0 - self._cut
        below = self._cut + u * kept
        z = _special().ndtri(below) if below < 0.5 else -_special().ndtri((1.0 - u) * kept)
        return max(0.0, self.centre + self.sd * float(z))


@dataclass(frozen=True, slots=True)
class LogNormal(_Spread):
    """A variable whose logarithm is normal; `mean` and `sd` are those of the variable itself."""

    kind = "lognormal"
    mean: float
    sd: float
    _mu: float = field(init=False, repr=False, compare=False)
    _sigma: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        read(self)
        _check_mean_and_sd(self, self.mean, self.sd)
        variance = math.log1p((self.sd / self.mean) ** 2)
        keep(self, _mu=math.log(self.mean) - 0.5 * variance, _sigma=math.sqrt(variance))

    @classmethod
    def from_median_p95(cls, median: float, p95: float) -> Self:
        """By the value that half of all stay below, and the one that 95 % stay below."""
        if not 0 < median <= p95 < math.inf:
            raise DataError(f"lognormal: 0 < median <= p95 does not hold for median {median!r} and p95 {p95!r}")
        variance = (math.log(p95 / median) / float(_special().ndtri(0.95))) ** 2
        if variance > math.log1p(_WIDEST**2):
            raise DataError(f"lognormal: p95 {p95!r} is too far above the median {median!r}")
        mean = median * math.exp(0.5 * variance)
        return cls(mean, mean * math.sqrt(math.expm1(variance)))

    def sample(self, u: float) -> float:
        return math.exp(self._mu + self._sigma * float(_special().ndtri(u))) if self.sd else self.mean


@dataclass(frozen=True, slots=True)
class Gamma(_Spread):
    """A gamma variable by its mean and standard deviation: shape ``(mean / sd)^2``, scale ``sd^2 / mean``."""

    kind = "gamma"
    mean: float
    sd: float
    _shape: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        read(self)
        _check_mean_and_sd(self, self.mean, self.sd)
        check(self, self.sd == 0 or self.sd >= 1e-5 * self.mean, "sd is below 1e-5 of the mean; write 0 or a constant")
        keep(self, _shape=(self.mean / self.sd) ** 2 if self.sd else math.inf)

    def sample(self, u: float) -> float:
        if self.sd == 0:
            return self.mean
        special, shape = _special(), self._shape
        x = special.gammaincinv(shape, u) if u < 0.5 else special.gammainccinv(shape, 1.0 - u)
        return float(x) * self.mean / shape


@dataclass(frozen=True, slots=True)
class Weibull(Distribution):
    """Time to failure: ``F(x) = 1 - exp(-(x / scale)^shape)``."""

    kind = "weibull"
    unscaled = frozenset({"shape"})
    shape: float
    scale: float

    def __post_init__(self) -> None:
        read(self)
        check(self, self.shape >= 0.05 and self.scale > 0, "shape must be at least 0.05, scale positive")

    @property
    def mean(self) -> float:
        return self.scale * math.gamma(1.0 + 1.0 / self.shape)

    def sample(self, u: float) -> float:
        return self.scale * float((-math.log1p(-u)) ** (1.0 / self.shape))


@dataclass(frozen=True, slots=True)
class Exponential(Distribution):
    """Time to the next event of a Poisson stream: ``F(x) = 1 - exp(-x / mean)``."""

    kind = "exponential"
    mean: float

    def __post_init__(self) -> None:
        read(self)
        check(self, self.mean > 0, "mean must be positive")

    def sample(self, u: float) -> float:
        return -self.mean * math.log1p(-u)


@dataclass(frozen=True, slots=True)
class BetaPert(Distribution):
    """Least, most likely and largest value, smooth; `weight` of the mode is 4 in PERT, more is narrower."""

    kind = "beta_pert"
    unscaled = frozenset({"weight"})
    low: float
    mode: float
    high: float
    weight: float = 4.0
    _a: float = field(init=False, repr=False, compare=False)
    _b: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        read(self)
        check(self, self.low <= self.mode <= self.high, "low <= mode <= high does not hold")
        check(self, 0 <= self.weight <= 1e4, "weight must lie in 0 ... 10000")
        share = (self.mode - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        keep(self, _a=1.0 + self.weight * share, _b=1.0 + self.weight * (1.0 - share))

    @property
    def mean(self) -> float:
        return (self.low + self.weight * self.mode + self.high) / (self.weight + 2.0)

    @property
    def support(self) -> tuple[float, float]:
        return (self.low, self.high)

    def sample(self, u: float) -> float:
        special, width = _special(), self.high - self.low
        if u < 0.5:
            return self.low + width * float(special.betaincinv(self._a, self._b, u))
        return self.high - width * float(special.betaincinv(self._b, self._a, 1.0 - u))


@dataclass(frozen=True, slots=True)
class Discrete(Distribution):
    """A few values with their probabilities."""

    kind = "discrete"
    several = frozenset({"values", "probabilities"})
    unscaled = frozenset({"probabilities"})
    values: tuple[float, ...]
    probabilities: tuple[float, ...]
    _below: tuple[float, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        read(self)
        values, probabilities = self.values, self.probabilities
        check(self, len(values) == len(probabilities) > 0, "as many probabilities as values are due, at least one")
        total = math.fsum(probabilities)
        check(self, min(probabilities) >= 0, "a probability is negative")
        check(self, abs(total - 1) < 1e-9, f"the probabilities add up to {total!r}, not to 1")
        pairs = sorted(zip(values, probabilities, strict=True))
        keep(self, values=tuple(v for v, _ in pairs), probabilities=tuple(p for _, p in pairs))
        sums = tuple(accumulate(self.probabilities))
        keep(self, _below=tuple(part / sums[-1] for part in sums))

    @property
    def mean(self) -> float:
        return math.fsum(v * p for v, p in zip(self.values, self.probabilities, strict=True))

    @property
    def support(self) -> tuple[float, float]:
        possible = [v for v, p in zip(self.values, self.probabilities, strict=True) if p > 0]
        return (possible[0], possible[-1])

    def sample(self, u: float) -> float:
        return self.values[bisect_left(self._below, u)]


@dataclass(frozen=True, slots=True)
class Empirical(Distribution):
    """The values that were observed, each alike."""

    kind = "empirical"
    several = frozenset({"values"})
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        read(self)
        check(self, len(self.values) > 0, "at least one value is due")
        keep(self, values=tuple(sorted(self.values)))

    @property
    def mean(self) -> float:
        return math.fsum(self.values) / len(self.values)

    @property
    def support(self) -> tuple[float, float]:
        return (self.values[0], self.values[-1])

    def sample(self, u: float) -> float:
        return self.values[math.ceil(u * len(self.values)) - 1]


_ALL = (Constant, Uniform, Triangular, Normal, LogNormal, Gamma, Weibull, Exponential, BetaPert, Discrete, Empirical)
KINDS: dict[str, type[Distribution]] = {kind.kind: kind for kind in _ALL}
"""Every kind by the word for it in a scenario."""

from_dict = Distribution.from_dict
_D = TypeVar("_D", bound=Distribution)


def refuse_negative(distribution: _D) -> _D:
    """The distribution itself if it can be a duration; DataError if it can be negative."""
    low = distribution.support[0]
    if low < 0.0:
        raise DataError(f"a duration is never negative, but this one reaches down to {low:g} s")
    return distribution


@cache
def _special() -> Any:
    """scipy.special, imported when it is first needed: it takes 0.3 s."""
    import scipy.special

    return scipy.special


def _check_mean_and_sd(distribution: Distribution, mean: float, sd: float) -> None:
    check(distribution, mean > 0 and sd >= 0, "mean must be positive and sd not negative")
    check(distribution, sd <= _WIDEST * mean, f"sd is more than {_WIDEST:g} times the mean")
