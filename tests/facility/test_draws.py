"""Durations that are sampled together are those that are sampled one by one, to the last bit."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from twin import distributions as ds
from twin.facility.draws import Sampler

NUMBERS = st.floats(2.0**-53, 1.0 - 2.0**-53)
SECONDS = st.floats(0.0, 1e5)
TRIANGULAR = st.tuples(SECONDS, SECONDS, SECONDS).map(lambda three: ds.Triangular(*sorted(three)))
OTHER = st.sampled_from([ds.Constant(7.0), ds.Uniform(2.0, 5.0), ds.LogNormal(8.0, 3.0), ds.Exponential(60.0)])
PAIRS = st.lists(st.tuples(st.one_of(TRIANGULAR, OTHER), NUMBERS), min_size=1, max_size=30)


@given(PAIRS)
def test_together_as_one_by_one(pairs: list[tuple[ds.Distribution, float]]) -> None:
    distributions, numbers = [d for d, _ in pairs], [u for _, u in pairs]
    assert Sampler(distributions, range(len(numbers))).ticks(numbers, np.array(numbers)) == [
        ds.tick(d.sample(u)) for d, u in pairs
    ]


def test_a_number_at_the_mode_itself() -> None:
    triangles = [ds.Triangular(0.0, 1.0, 4.0), ds.Triangular(3.0, 3.0, 3.0)] * 10
    assert Sampler(triangles, [0] * len(triangles)).ticks([0.25], np.array([0.25])) == [1.0, 3.0] * 10
