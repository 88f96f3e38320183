"""`verify` names exactly what is broken: any flipped bit in an entry, a field, a tile or a checkpoint."""

from __future__ import annotations

import random

import pytest

from quarterdeck.ledger import reads, sequencer, signing, subjects
from quarterdeck.ledger.models import Checkpoint, Entry, Tile
from quarterdeck.ledger.tests import world
from quarterdeck.ledger.verify import rebuild_tiles, verify, verify_all, verify_one

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("declared")]

FLIP = "set_bit({0}, mod(%s, 8 * length({0})), 1 - get_bit({0}, mod(%s, 8 * length({0}))))"


@pytest.fixture
def log():
    actor, thing = world.people()
    world.signed(actor, thing, 200, words="private", state="ready")
    return world.signed(actor, thing, 100)


def wheres(log) -> list[str]:
    return [finding.where for finding in verify(log).findings]


def test_a_sound_log_has_no_findings(log):
    (report,) = verify_all()
    assert report.ok
    assert (report.entries, report.checkpoints) == (300, 2)
    for entry in Entry.objects.filter(log=log, seq__in=[0, 150, 299]):
        assert verify_one(entry).ok


@pytest.mark.parametrize("seq", [0, 137, 299])
def test_a_flipped_bit_in_an_entry_is_named(log, seq):
    bit = random.Random(seq).randrange(10_000)
    world.tamper(
        f"UPDATE ledger_entry SET leaf = {FLIP.format('leaf')} WHERE log_id = %s AND seq = %s",
        bit,
        bit,
        log.pk,
        seq,
    )
    report = verify(log)
    assert f"entry {seq}" in [f.where for f in report.findings]
    assert not [f for f in report.findings if f.where.startswith("entry") and f.where != f"entry {seq}"]
    assert not verify_one(Entry.objects.get(log=log, seq=seq)).ok
    assert verify_one(Entry.objects.get(log=log, seq=(seq + 1) % 300)).ok


def test_a_forged_entry_with_matching_hash_and_tiles_is_found_by_the_checkpoints(log):
    """Whoever owns the database can make everything fit again, except what was signed before."""
    victim, other = Entry.objects.get(log=log, seq=17), Entry.objects.get(log=log, seq=18)
    world.tamper(
        "UPDATE ledger_entry SET leaf = %s, leaf_hash = %s WHERE log_id = %s AND seq = 17",
        bytes(other.leaf),
        bytes(other.leaf_hash),
        log.pk,
    )
    rebuild_tiles(log)
    assert {"checkpoint 200", "checkpoint 300", "checkpoint 300 outside the database", "entry 17"} <= set(
        wheres(log)
    )
    assert not verify_one(Entry.objects.get(pk=victim.pk)).ok


@pytest.mark.parametrize(("level", "n"), [(0, 0), (0, 1), (1, 0)])
def test_a_flipped_bit_in_a_tile_is_named(log, level, n):
    bit = random.Random(level + n).randrange(100_000)
    world.tamper(
        f"UPDATE ledger_tile SET hashes = {FLIP.format('hashes')} WHERE log_id = %s AND level = %s AND n = %s",
        bit,
        bit,
        log.pk,
        level,
        n,
    )
    tile = Tile.objects.get(log=log, level=level, n=n)
    (finding,) = verify(log).findings
    assert finding.where.startswith(f"tile/{level}/00{n}")
    assert f"its hash {bit % (8 * len(tile.hashes)) // 8 // 32} " in finding.what
    rebuild_tiles(log)
    assert verify(log).ok


@pytest.mark.parametrize("size", [200, 300])
@pytest.mark.parametrize("column", ["root", "convert_to(note, 'UTF8')"])
def test_a_flipped_bit_in_a_checkpoint_is_named(log, size, column):
    rng = random.Random(size)
    if column == "root":
        bit = rng.randrange(256)
        world.tamper(
            f"UPDATE ledger_checkpoint SET root = {FLIP.format('root')} WHERE log_id = %s AND size = %s",
            bit,
            bit,
            log.pk,
            size,
        )
    else:
        note = Checkpoint.objects.get(log=log, size=size).note
        for _ in range(20):
            at = rng.randrange(len(note))
            broken = note[:at] + chr(ord(note[at]) ^ 1) + note[at + 1 :]
            world.tamper(
                "UPDATE ledger_checkpoint SET note = %s WHERE log_id = %s AND size = %s",
                broken,
                log.pk,
                size,
            )
            assert wheres(log) == [f"checkpoint {size}"], repr(broken)
    assert wheres(log) == [f"checkpoint {size}"]


@pytest.mark.parametrize(("part", "what"), [(0, "plain"), (1, "personal")])
def test_changed_fields_are_named_with_their_entry(log, part, what):
    entry = Entry.objects.get(log=log, seq=42)
    world.tamper(
        f"UPDATE ledger_payload SET sealed = {FLIP.format('sealed')} WHERE event_id = %s AND part = %s",
        200,
        200,
        entry.event_id,
        part,
    )
    (finding,) = verify(log).findings
    assert finding.where == "entry 42"
    assert f"its {what} fields cannot be opened" in finding.what


def test_fields_sealed_anew_with_other_words_are_named(log):
    """Whoever holds the keys can seal other words; the commitment in the leaf does not fit them."""
    entry = Entry.objects.get(log=log, seq=42)
    forged = subjects.seal(
        entry.event_id, 0, '{"state":["AAAAAAAAAAAAAAAAAAAAAA==","late"]}', subjects.plain_key()
    )
    world.tamper(
        "UPDATE ledger_payload SET sealed = %s WHERE event_id = %s AND part = 0", forged, entry.event_id
    )
    (finding,) = verify(log).findings
    assert finding.where == "entry 42"
    assert "“state” is not what was committed to" in finding.what


@pytest.mark.parametrize("assignment", ["kind = 'other'", "recorded_at = 1", "sequenced_at = 1", "place = 0"])
def test_a_changed_column_is_named(log, assignment):
    world.tamper(f"UPDATE ledger_entry SET {assignment} WHERE log_id = %s AND seq = 9", log.pk)
    assert "entry 9" in wheres(log)


def test_a_missing_entry_is_named(log):
    world.tamper("DELETE FROM ledger_entry WHERE log_id = %s AND seq = 120", log.pk)
    found = wheres(log)
    assert found[0] == "entry 120"
    assert "log" in found


def test_a_truncated_log_is_found(log):
    world.tamper("DELETE FROM ledger_entry WHERE log_id = %s AND seq >= 250", log.pk)
    world.tamper("UPDATE ledger_log SET size = 250 WHERE id = %s", log.pk)
    rebuild_tiles(log)
    assert set(wheres(log)) == {"checkpoint 300", "checkpoint 300 outside the database"}


def test_a_torn_tile_stops_the_log_and_not_its_content(log):
    from quarterdeck.engines.tiles import TileError

    world.tamper("UPDATE ledger_tile SET hashes = substr(hashes, 1, 32) WHERE log_id = %s AND n = 1", log.pk)
    actor, thing = world.people(log.workspace_id)
    world.act(actor, thing)
    with pytest.raises(TileError, match="rebuild-tiles"):
        sequencer.sequence_once()
    rebuild_tiles(log)
    assert sequencer.sequence_once() == 1
    assert sequencer.sign_all() == []
    assert verify(reads.open_log(log.workspace_id)).ok


def test_a_changed_checkpoint_outside_the_database_is_named(log):
    path = signing.outside_file(log.origin)
    path.write_text(path.read_text().replace("\n300\n", "\n299\n"))
    assert wheres(log) == ["checkpoint outside the database"]
