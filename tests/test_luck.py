"""Luck: the published generator, and numbers that nothing else can move."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from twin import luck, luck_kernels
from twin.luck import Luck, entity_digest, purpose_digest, purpose_digests

# Random123 1.14, tests/kat_vectors, philox4x32 with 10 rounds.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_philox_known_answers(counter, key, words):
    assert luck_kernels.philox4x32(*counter, *key) == words
    assert philox_by_hand(*counter, *key) == words


def philox_by_hand(c0, c1, c2, c3, k0, k1):
    """Salmon et al. (2011) in plain integers."""
    for _ in range(10):
        high0, low0 = divmod(0xD2511F53 * c0, 1 << 32)
        high1, low1 = divmod(0xCD9E8D57 * c2, 1 << 32)
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0, k1 = (k0 + 0x9E3779B9) % 2**32, (k1 + 0xBB67AE85) % 2**32
    return c0, c1, c2, c3


@given(st.integers(), st.integers(0, 10**6), st.text(), st.text(), st.integers(0, 2**32 - 1))
def test_the_address_is_laid_out_as_designed(seed, replication, purpose, entity, index):
    """Key from (seed, replication); counter = (index, purpose, entity low, entity high); two words make the number."""
    luck_ = Luck(seed, replication)
    who = entity_digest(entity)
    counter = (index, purpose_digest(purpose), who % 2**32, who >> 32)
    w0, w1, _, _ = philox_by_hand(*counter, luck_.key % 2**32, luck_.key >> 32)
    assert luck_.uniform(purpose, entity, index) == ((w0 << 21 | w1 >> 11) | 1) / 2**53


def test_a_number_is_the_same_in_every_version():
    """Changing this moves every run of every user: CHANGELOG, and a new version of the log."""
    assert Luck(1).uniform("scan/duration", "study-a/animal-1") == PINNED


PINNED = 0.7658251058069451


@pytest.mark.parametrize("word", [0, 1, 0x7FF, 0x800, 0xFFFFFFFF])
def test_a_number_lies_strictly_between_zero_and_one(word):
    for high in (0, 0xFFFFFFFF):
        u = luck_kernels.open_unit(high, word)
        assert 0 < u < 1
        assert 0 < 1 - u < 1
        assert 1 - (1 - u) == u


def test_all_ways_to_ask_give_the_same_numbers():
    purposes, entities = ["a", "b", "c"], ["x", "y"]
    one = Luck(7, 3)
    rows = [one.row(purpose_digests(purposes), entity_digest(e), 5) for e in entities]
    singly = [[one.uniform(p, e, 5) for p in purposes] for e in entities]
    addresses = [(purpose_digest(p), entity_digest(e), 5) for e in entities for p in purposes]
    assert rows == singly
    assert one.uniforms(*zip(*addresses, strict=True)) == [u for row in singly for u in row]


def draws(entities, purposes):
    """What a little model draws, in the order in which it happens to ask."""
    return {(p, e, k): Luck(2026).uniform(p, e, k) for k in range(3) for e in entities for p in purposes}


@given(st.permutations(["mouse-1", "mouse-2", "rat-1", "tech-1"]), st.permutations(["scan", "inject", "wake"]))
def test_order_and_additions_move_no_other_draw(entities, purposes):
    before = draws(["mouse-1", "mouse-2"], ["scan", "wake"])
    after = draws(entities, purposes)
    assert before.items() <= after.items()


def test_a_shared_stream_would_fail_that_test():
    """The control: numbers that are consumed in order do move when an animal is added."""

    def consumed(entities):
        stream = iter(Luck(2026).row(np.arange(8, dtype=np.uint32), 1))
        return {e: next(stream) for e in entities}

    assert not consumed(["mouse-1", "mouse-2"]).items() <= consumed(["mouse-0", "mouse-1", "mouse-2"]).items()


def test_seeds_and_replications_give_other_luck():
    keys = {Luck(seed, replication).key for seed in range(-20, 20) for replication in range(20)}
    assert len(keys) == 40 * 20
    assert Luck(1, 12).key != Luck(11, 2).key


def test_a_further_name_keeps_the_random_order_of_the_others():
    few = Luck(5).ordered("injection order", [f"mouse-{i}" for i in range(8)])
    more = Luck(5).ordered("injection order", [f"mouse-{i}" for i in range(9)])
    assert few != sorted(few)
    assert [name for name in more if name != "mouse-8"] == few


AXES = {
    "index": lambda n: (np.full(n, 9), np.full(n, 5), np.arange(n)),
    "entity": lambda n: (np.full(n, 9), [entity_digest(f"animal-{i}") for i in range(n)], np.zeros(n)),
    "purpose": lambda n: ([purpose_digest(f"task-{i}") for i in range(n)], np.full(n, 5), np.zeros(n)),
}


@pytest.mark.parametrize("axis", AXES)
def test_neighbouring_addresses_look_independent_and_uniform(axis):
    n = 50_000
    u = np.array(Luck(3).uniforms(*(np.asarray(column) for column in AXES[axis](n))))
    assert stats.kstest(u, "uniform").pvalue > 1e-3
    assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 4 / np.sqrt(n)
    pairs = np.histogram2d(u[:-1:2], u[1::2], bins=10)[0].ravel()
    assert stats.chisquare(pairs).pvalue > 1e-3


def test_the_key_is_a_function_of_names_not_of_the_process():
    assert luck._digest("1/0", 8) == Luck(1).key
    assert purpose_digests(["a"]).dtype == np.uint32


def test_an_index_out_of_range_is_a_bug_of_ours():
    with pytest.raises(AssertionError, match="32 bits"):
        Luck(1).uniform("a", "b", -1)
