"""Tiles hold the same tree as the list they were made from, however it grew."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.engines import merkle, tiles
from quarterdeck.engines.merkle import Tree

LEAVES = [merkle.leaf_hash(str(i).encode()) for i in range(2000)]


def grown(steps: list[int]) -> dict[tuple[int, int], bytes]:
    stored: dict[tuple[int, int], bytes] = {}
    at = 0
    for step in steps:
        edge: dict[int, tuple[int, bytes]] = {}
        for (level, number), hashes in sorted(stored.items()):
            edge[level] = (number, hashes)
        stored |= tiles.extend(edge, LEAVES[at : at + step])
        at += step
    return stored


@given(st.lists(st.integers(0, 600), max_size=5))
@settings(max_examples=25)
def test_tiles_grown_in_any_steps_are_the_tree(steps):
    steps = steps[:3]
    size = sum(steps)
    stored = grown(steps)
    tree = Tree(LEAVES[:size])
    assert set(stored) == {
        (level, n) for level in range(3) for n in range(9) if tiles.width_at(level, n, size)
    }
    for (level, n), hashes in stored.items():
        width = tiles.width_at(level, n, size)
        assert hashes == b"".join(tree.node(8 * level, n * 256 + i) for i in range(width))
    node = tiles.node_reader(lambda level, n: stored[level, n])
    assert merkle.root_at(node, size) == tree.root()
    for index in {0, size // 2, size - 1} & set(range(size)):
        assert merkle.inclusion_at(node, index, size) == tree.inclusion_proof(index)
    for old in {0, 1, size // 3, size}:
        if old <= size:
            assert merkle.consistency_at(node, old, size) == tree.consistency_proof(old)


def test_the_specifications_example_of_70000_leaves():
    size = 70_000
    assert tiles.width_at(0, 272, size) == 256
    assert tiles.width_at(0, 273, size) == 112
    assert tiles.width_at(0, 274, size) == 0
    assert tiles.width_at(1, 0, size) == 256
    assert tiles.width_at(1, 1, size) == 17
    assert tiles.width_at(2, 0, size) == 1
    assert tiles.width_at(1, 0, 256) == 1


def test_a_missing_hash_is_an_error_and_not_another_root():
    stored = grown([300])
    node = tiles.node_reader(lambda level, n: stored[level, n][:-32])
    with pytest.raises(tiles.TileError):
        merkle.root_at(node, 300)


@pytest.mark.parametrize(
    ("number", "width", "text"),
    [
        (1234067, 256, "x001/x234/067"),
        (0, 256, "000"),
        (999, 17, "999.p/17"),
        (1000, 1, "x001/000.p/1"),
    ],
)
def test_addresses_are_those_of_the_specification(number, width, text):
    assert tiles.encode(number, width) == text
    assert tiles.decode(text) == (number, width)
    assert tiles.path(3, number, width) == f"tile/3/{text}"


@pytest.mark.parametrize(
    "text", ["1", "0000", "x000/001", "001.p/0", "001.p/256", "001.p/01", "x1/000", "001/002", "../001", ""]
)
def test_other_spellings_of_an_address_are_refused(text):
    with pytest.raises(tiles.TileError):
        tiles.decode(text)


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_gives_back_its_entries(entries):
    assert tiles.unbundle(tiles.bundle(entries)) == entries


def test_a_bundle_is_length_and_entry():
    assert tiles.bundle([b"ab", b""]) == b"\x00\x02ab\x00\x00"
    with pytest.raises(ValueError, match="65535"):
        tiles.bundle([b"x" * 65536])
    for torn in (b"\x00", b"\x00\x02a"):
        with pytest.raises(tiles.TileError):
            tiles.unbundle(torn)
