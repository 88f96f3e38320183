"""Tiled transparency logs (c2sp.org/tlog-tiles): a tree cut into tiles of 256 hashes, height 8.

A tile of level 0 holds leaf hashes, one of level L + 1 the roots of full tiles of level L. A log grows by
`extend`, which needs only the rightmost tile of each level; proofs read about three tiles a million leaves.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256

WIDTH = 256
HASH = 32
_PATH = re.compile(r"((?:x[0-9]{3}/)*)([0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?\Z")

Edge = Mapping[int, tuple[int, bytes]]  # level -> (number of its rightmost tile, that tile's hashes)


def extend(edge: Edge, leaf_hashes: Sequence[bytes]) -> dict[tuple[int, int], bytes]:
    """The tiles that change when `leaf_hashes` (32 bytes each) are appended: (level, number) -> all its hashes.

    `edge` has the rightmost tile of every level that has one, full or not.
    """
    changed: dict[tuple[int, int], bytes] = {}
    added = list(leaf_hashes)
    level = 0
    while added:
        number, hashes = edge.get(level, (0, b""))
        if len(hashes) == WIDTH * HASH:
            number, hashes = number + 1, b""
        roots = []
        for start in _cuts(len(hashes) // HASH, len(added)):
            room = WIDTH - len(hashes) // HASH
            hashes += b"".join(added[start : start + room])
            changed[level, number] = hashes
            if len(hashes) == WIDTH * HASH:
                roots.append(subtree_root(hashes))
                number, hashes = number + 1, b""
        added, level = roots, level + 1
    return changed


def _cuts(width: int, count: int) -> range | list[int]:
    """Where to cut `count` new hashes so that the first piece fills the tile of `width` and each next a whole one."""
    return [0, *range(WIDTH - width, count, WIDTH)] if width else range(0, count, WIDTH)


def subtree_root(hashes: bytes) -> bytes:
    """The Merkle root over a power of two of 32-byte hashes that stand one after the other."""
    while len(hashes) > HASH:
        hashes = b"".join(
            [sha256(b"\x01" + hashes[i : i + 64]).digest() for i in range(0, len(hashes), 2 * HASH)]
        )
    return hashes


class TileError(ValueError):
    """A tile is missing, too short or not addressed rightly."""


def node_reader(tile: Callable[[int, int], bytes]) -> Callable[[int, int], bytes]:
    """For `merkle.root_at` and its kin: the hash of a complete subtree, from tiles that `tile(level, number)` gives.

    Tiles are fetched once. TileError when one is shorter than the tree needs.
    """
    kept: dict[tuple[int, int], bytes] = {}

    def node(height: int, index: int) -> bytes:
        level, within = divmod(height, 8)
        first = index << within
        number, offset = divmod(first, WIDTH)
        if (level, number) not in kept:
            kept[level, number] = tile(level, number)
        wanted = kept[level, number][offset * HASH : (offset + (1 << within)) * HASH]
        if len(wanted) != HASH << within:
            raise TileError(f"The tile {path(level, number)} is missing hashes.")
        return subtree_root(wanted)

    return node


def path(level: int, number: int, width: int = WIDTH) -> str:
    """`tile/<L>/<N>[.p/<W>]`, relative to the log's prefix."""
    return f"tile/{level}/{encode(number, width)}"


def encode(number: int, width: int = WIDTH) -> str:
    """`<N>[.p/<W>]`: 1234067 is `x001/x234/067`; a partial tile's width follows."""
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03d}")
    return "/".join(groups) + ("" if width == WIDTH else f".p/{width}")


def decode(text: str) -> tuple[int, int]:
    """The number and width of `<N>[.p/<W>]`. TileError for any spelling but the one `encode` makes."""
    match = _PATH.match(text)
    if match is None or len(text) > 40:
        raise TileError("That is not the address of a tile.")
    number = int((match[1] + match[2]).replace("x", "").replace("/", ""))
    width = int(match[3]) if match[3] else WIDTH
    if encode(number, width) != text or width > WIDTH:
        raise TileError("That is not the address of a tile.")
    return number, width


def width_at(level: int, number: int, size: int) -> int:
    """How many hashes of the tile a tree of `size` leaves fills: 0 to 256."""
    return max(0, min(WIDTH, (size >> (8 * level)) - number * WIDTH))


def bundle(entries: Iterable[bytes]) -> bytes:
    """An entry bundle: each entry behind its length in two bytes, big-endian. ValueError above 65535 bytes."""
    parts = []
    for entry in entries:
        if len(entry) > 0xFFFF:
            raise ValueError("An entry of a bundle has at most 65535 bytes.")
        parts.append(struct.pack(">H", len(entry)) + entry)
    return b"".join(parts)


def unbundle(data: bytes) -> list[bytes]:
    """The entries of a bundle. TileError when it ends in the middle of one."""
    entries, at = [], 0
    while at < len(data):
        if at + 2 > len(data):
            raise TileError("The bundle ends inside a length.")
        (length,) = struct.unpack_from(">H", data, at)
        at += 2
        if at + length > len(data):
            raise TileError("The bundle ends inside an entry.")
        entries.append(data[at : at + length])
        at += length
    return entries
