"""Files from before there were pieces are in pieces afterwards, byte by byte."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection

from quarterdeck.core import clock
from quarterdeck.studio import reads
from quarterdeck.studio.models import PIECE, File, Piece
from tests import make

pytestmark = pytest.mark.django_db

SIZES = (1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 5)


def test_every_byte_is_in_a_piece():
    workspace = make.workspace()
    given = {size: bytes(n % 251 for n in range(997)) * (size // 997 + 1) for size in SIZES}
    files = {
        size: File.objects.create(
            workspace=workspace,
            sha256=f"{size:064x}",
            name="soup.png",
            mime="image/png",
            size=size,
            width=1,
            height=1,
            kept_at=clock.now(),
        )
        for size in SIZES
    }
    migration = import_module("quarterdeck.studio.migrations.0005_videos")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE studio_file ADD COLUMN data bytea")
        for size, file in files.items():
            cursor.execute("UPDATE studio_file SET data = %s WHERE id = %s", [given[size][:size], file.pk])
        cursor.execute(migration.INTO_PIECES)
    for size, file in files.items():
        assert b"".join(reads.pieces(file)) == given[size][:size]
    assert Piece.objects.count() == 1 + 1 + 1 + 2 + 2 + 3
