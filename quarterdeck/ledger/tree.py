"""A log's tree, read from its stored tiles: roots and proofs at any size it ever had, without its entries."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.db import connection

from quarterdeck.engines import merkle, tiles


def node_of(log_id: uuid.UUID) -> Callable[[int, int], bytes]:
    """The reader of one log's complete subtrees, for as long as one question lasts: it keeps what it fetched."""
    return tiles.node_reader(lambda level, number: tile(log_id, level, number))


def tile(log_id: uuid.UUID, level: int, number: int) -> bytes:
    """All hashes the stored tile has; empty when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT hashes FROM ledger_tile WHERE log_id = %s AND level = %s AND n = %s",
            [log_id, level, number],
        )
        row = cursor.fetchone()
    return bytes(row[0]) if row else b""


def root(log_id: uuid.UUID, size: int) -> bytes:
    return merkle.root_at(node_of(log_id), size)


def inclusion(log_id: uuid.UUID, index: int, size: int) -> list[bytes]:
    return merkle.inclusion_at(node_of(log_id), index, size)


def consistency(log_id: uuid.UUID, old_size: int, size: int) -> list[bytes]:
    return merkle.consistency_at(node_of(log_id), old_size, size)


def edge(cursor, log_id: uuid.UUID, size: int) -> dict[int, tuple[int, bytes]]:
    """The rightmost tile of each level of a log of `size`, in one query: what `tiles.extend` needs.

    TileError when a stored tile is not as wide as the log's size says.
    """
    wanted = {}
    level = 0
    while count := size >> (8 * level):
        wanted[level] = (count - 1) // tiles.WIDTH
        level += 1
    if not wanted:
        return {}
    cursor.execute(
        "SELECT t.level, t.n, t.hashes FROM ledger_tile t"
        " JOIN unnest(%s::int[], %s::bigint[]) AS w(level, n) ON w.level = t.level AND w.n = t.n"
        " WHERE t.log_id = %s",
        [list(wanted), list(wanted.values()), log_id],
    )
    found = {row[0]: (row[1], bytes(row[2])) for row in cursor.fetchall()}
    for level, number in wanted.items():
        width = len(found.get(level, (0, b""))[1]) // tiles.HASH
        if width != tiles.width_at(level, number, size):
            raise tiles.TileError(
                f"The stored {tiles.path(level, number)} has {width} hashes and the log has {size} entries."
                " Run: quarterdeck ledger rebuild-tiles"
            )
    return found


def grow(cursor, log_id: uuid.UUID, size: int, leaf_hashes: list[bytes]) -> None:
    """Store the tiles of a log of `size` to which `leaf_hashes` were added."""
    changed = tiles.extend(edge(cursor, log_id, size), leaf_hashes)
    rows = [(log_id, level, number, hashes) for (level, number), hashes in changed.items()]
    cursor.executemany(
        "INSERT INTO ledger_tile (log_id, level, n, hashes) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (log_id, level, n) DO UPDATE SET hashes = excluded.hashes",
        rows,
    )
