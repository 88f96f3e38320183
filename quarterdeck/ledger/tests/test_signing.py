"""Signing refuses, in words, whenever it cannot be sure; recording and sequencing go on."""

from __future__ import annotations

import errno
import os
import stat
from datetime import timedelta

import pytest

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict
from quarterdeck.engines import notes
from quarterdeck.ledger import kinds, reads, sequencer, signing, verbs
from quarterdeck.ledger.models import Checkpoint
from quarterdeck.ledger.tests import world
from quarterdeck.ledger.verify import rebuild_tiles, verify

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("declared")]


@pytest.fixture
def people():
    return world.people()


def stopped(people) -> str:
    """Record one more event and expect signing to stop; the reason, as the page shows it."""
    world.act(*people)
    assert sequencer.sequence_all() == 1
    (reason,) = sequencer.sign_all()
    log = reads.open_log(people[1].workspace_id)
    assert log.stopped_because == reason
    assert log.stopped_at
    assert "still recorded" in reason
    return reason


def test_key_and_newest_checkpoint_are_files_that_only_their_owner_reads(people):
    log = world.signed(*people, 2)
    key, outside = signing.key_file(log.origin), signing.outside_file(log.origin)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_bytes()) == 32
    note = Checkpoint.objects.get(log=log).note
    assert outside.read_text() == note
    assert notes.open_checkpoint(note, signing.keys_of(log), log.origin).size == 2
    assert key.read_bytes().hex() not in str(log.verifier_keys)


def test_nothing_new_is_not_signed_again(people):
    log = world.signed(*people)
    assert sequencer.sign_all() == []
    assert Checkpoint.objects.filter(log=log).count() == 1


def test_a_missing_key_stops_signing_and_putting_it_back_goes_on(people):
    log = world.signed(*people)
    path = signing.key_file(log.origin)
    seed = path.read_bytes()
    path.unlink()
    assert "There is no key file" in stopped(people)
    path.write_bytes(seed)
    path.chmod(0o644)
    assert "open to other users" in stopped(people)
    path.chmod(0o600)
    assert sequencer.sign_all() == []
    log.refresh_from_db()
    assert log.stopped_because == ""
    assert verify(log).ok


def test_another_key_never_signs(people):
    log = world.signed(*people)
    path = signing.key_file(log.origin)
    path.write_bytes(os.urandom(32))
    assert "is not the key that signed this log" in stopped(people)
    path.write_bytes(b"short")
    assert "should be 32 bytes" in stopped(people)
    assert Checkpoint.objects.filter(log=log).count() == 1


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_when_the_outside_file_cannot_be_written_nothing_is_signed(people, monkeypatch, number):
    log = world.signed(*people)

    def full(*_):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full)
        assert os.strerror(number) in stopped(people)
    assert Checkpoint.objects.filter(log=log).count() == 1
    assert sequencer.sign_all() == []
    assert Checkpoint.objects.filter(log=log).count() == 2


def test_without_the_outside_file_nothing_is_signed_until_an_operator_decides(people):
    log = world.signed(*people)
    signing.outside_file(log.origin).unlink()
    assert "quarterdeck ledger adopt" in stopped(people)
    signing.adopt(log)
    assert sequencer.sign_all() == []
    with pytest.raises(signing.SigningStopped, match="nothing to adopt"):
        signing.adopt(log)


def test_a_changed_outside_file_stops_signing(people):
    log = world.signed(*people, 3)
    path = signing.outside_file(log.origin)
    path.write_text(path.read_text().replace("\n3\n", "\n1\n"))
    assert "cannot be trusted" in stopped(people)


def test_a_changed_history_stops_signing(people):
    log = world.signed(*people, 3)
    world.tamper("UPDATE ledger_tile SET hashes = set_bit(hashes, 5, 1 - get_bit(hashes, 5)) WHERE level = 0")
    assert "no longer those of the checkpoint" in stopped(people)
    assert Checkpoint.objects.filter(log=log).count() == 1


def test_a_crash_between_the_file_and_the_database_is_healed(people, monkeypatch):
    """The file is written first: a checkpoint that was never published may stand there, consistent with the log."""
    log = world.signed(*people)
    world.act(*people)
    sequencer.sequence_all()

    class Crash(Exception):
        pass

    def crash(**_):
        raise Crash

    with monkeypatch.context() as patched:
        patched.setattr(Checkpoint.objects, "create", crash)
        with pytest.raises(Crash):
            sequencer.sign_all()
    assert signing.read_outside(log).size == 2
    world.signed(*people)
    assert verify(log).ok


def test_a_new_epoch_has_a_key_an_origin_and_a_history_of_its_own(people):
    actor, thing = people
    old = world.signed(*people, 2)
    new = verbs.open_epoch(thing.workspace_id, by=actor, reason="a year is over")
    world.signed(*people)
    new.refresh_from_db()
    assert new.origin == old.origin.removesuffix("/1") + "/2"
    assert new.verifier_keys != old.verifier_keys
    assert [item.kind for item in reads.entries(new)] == ["ledger.thing.done", "ledger.epoch.opened"]
    assert verify(old).ok
    assert verify(new).ok
    old.refresh_from_db()
    assert old.closed_at <= clock.now()
    assert len(reads.history(thing)) == 3, "what is about a thing is found in every epoch"


def restored_to(log, size: int) -> None:
    """As after a backup of that size: later entries, tiles and checkpoints were never there."""
    for statement in (
        "DELETE FROM ledger_checkpoint WHERE log_id = %s AND size > %s",
        "DELETE FROM ledger_entry WHERE log_id = %s AND seq >= %s",
    ):
        world.tamper(statement, log.pk, size)
    world.tamper("UPDATE ledger_log SET size = %s WHERE id = %s", size, log.pk)
    rebuild_tiles(log)


def test_a_restored_database_is_noticed_before_anything_new_is_recorded(people):
    log = world.signed(*people, 2)
    world.signed(*people, 3)
    restored_to(log, 2)
    assert sequencer.sign_all() == [], "nothing is unsigned"
    (reason,) = sequencer.sign_all(signing.begun())
    assert "was signed at 5" in reason
    assert reads.stopped_logs() == [log]


def test_what_a_restored_log_lost_is_declared_by_the_next_epoch_and_by_nothing_else(people):
    log = world.signed(*people, 2)
    world.signed(*people, 3)
    restored_to(log, 2)
    assert [str(finding) for finding in verify(log).findings] == [
        "checkpoint 5 outside the database: it was signed at 5 entries and there are only 2."
    ]
    new = verbs.open_epoch(log.workspace_id, by=people[0])
    assert sequencer.sign_all() == []
    report = verify(log)
    assert report.ok
    assert [note.where for note in report.notes] == ["checkpoint 5 outside the database"]
    assert verify(new).ok
    world.tamper("DELETE FROM ledger_payload WHERE event_id = %s", reads.entries(new)[-1].event_id)
    assert not verify(log).ok, "without the declaration it is a loss like any other"


def rotated(log) -> tuple[notes.VerifierKey, notes.VerifierKey]:
    """The log's key before and after a change."""
    verbs.rotate_key(log.workspace_id, by=kinds.system(log.workspace_id))
    log.refresh_from_db()
    return tuple(signing.keys_of(log)[-2:])


def test_after_a_change_of_key_both_sign_for_a_while_and_then_the_new_one_alone(people):
    log = world.signed(*people)
    old, new = rotated(log)
    world.signed(*people)
    newest = reads.newest_checkpoint(log)
    assert newest.note.count("\u2014 ") == 2
    for key in (old, new):
        assert notes.open_checkpoint(newest.note, [key], log.origin).size == 3
    with clock.later(signing.OVERLAP + timedelta(minutes=1)):
        world.signed(*people)
        newest = reads.newest_checkpoint(log)
        notes.open_checkpoint(newest.note, [new], log.origin)
        with pytest.raises(notes.NoteError):
            notes.open_checkpoint(newest.note, [old], log.origin)
        assert verify(log).ok, "the old key still stands behind the old checkpoints"
    (entry,) = [item for item in reads.entries(log) if item.kind == "ledger.key.rotated"]
    assert reads.fields_of([entry.event_id])[entry.event_id] == {"old_key": str(old), "new_key": str(new)}


def test_the_old_key_may_be_taken_away_and_the_new_one_may_not(people):
    log = world.signed(*people)
    rotated(log)
    signing.key_file(log.origin).unlink()
    world.signed(*people)
    assert reads.newest_checkpoint(log).note.count("\u2014 ") == 1
    signing.key_file(log.origin, 1).unlink()
    assert "There is no key file" in stopped(people)


def test_a_key_is_not_changed_twice_at_once_nor_by_who_does_not_have_it(people):
    log = world.signed(*people)
    signing.key_file(log.origin).rename(signing.key_file(log.origin).with_suffix(".away"))
    with pytest.raises(Conflict, match="no key file"):
        rotated(log)
    signing.key_file(log.origin).with_suffix(".away").rename(signing.key_file(log.origin))
    rotated(log)
    with pytest.raises(Conflict, match="changed lately"):
        rotated(log)
    log.refresh_from_db()
    assert len(log.verifier_keys) == 2
