"""`quarterdeck ledger …` answers in words and with an exit code."""

from __future__ import annotations

import argparse

import pytest

from quarterdeck.core import ids
from quarterdeck.engines import notes
from quarterdeck.ledger import cli, leaf, reads, sequencer, signing
from quarterdeck.ledger.models import Entry, Log
from quarterdeck.ledger.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("declared")]


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    cli.add_arguments(parser)
    return cli.run(parser.parse_args([str(word) for word in words]))


@pytest.fixture
def log():
    return world.signed(*world.people(), 3)


def test_verify_says_what_it_read(log, capsys):
    assert run("verify", "--all") == 0
    assert capsys.readouterr().out == f"sound  {log.origin}: 3 entries, 1 checkpoints\n"
    event_id = Entry.objects.get(log=log, seq=1).event_id
    assert run("verify", event_id) == 0
    assert capsys.readouterr().out == f"sound  {log.origin}: Entry 1\n"
    assert run("verify", log.workspace_id) == 0


def test_verify_names_what_is_broken_and_fails(log, capsys):
    world.tamper("UPDATE ledger_entry SET leaf_hash = decode(repeat('00', 32), 'hex') WHERE seq = 2")
    assert run("verify", "--all") == 1
    out = capsys.readouterr().out
    assert out.startswith("BROKEN")
    assert "  entry 2: " in out


def test_proof_prints_a_file_that_verifies(log, capsys):
    entry = Entry.objects.get(log=log, seq=0)
    assert run("proof", entry.event_id) == 0
    proof = notes.Proof.read(capsys.readouterr().out)
    proof.verify(bytes(entry.leaf), signing.keys_of(log), log.origin)


def test_key_and_checkpoint_print_what_a_verifier_needs(log, capsys):
    assert run("key", log.workspace_id) == 0
    key = notes.VerifierKey.read(capsys.readouterr().out.strip())
    assert run("checkpoint", log.workspace_id) == 0
    assert notes.open_checkpoint(capsys.readouterr().out[:-1], [key], log.origin).size == 3


@pytest.mark.parametrize(
    "words",
    [("proof", ids.new()), ("proof", "x"), ("verify", "x"), ("verify", ids.new()), ("key", ids.new())],
)
def test_what_does_not_exist_is_said_in_words(words, capsys):
    assert run(*words) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_new_epoch_is_opened_where_signing_has_stopped_and_nowhere_else(log, capsys):
    sound = world.signed(*world.people())
    assert run("new-epoch") == 0
    assert "No log has stopped signing" in capsys.readouterr().out
    signing.outside_file(log.origin).unlink()
    world.act(*world.people(log.workspace_id))
    assert run("new-epoch") == 0
    assert "Epoch 2 is open" in capsys.readouterr().out
    assert reads.open_log(log.workspace_id).epoch == 2
    assert reads.open_log(sound.workspace_id).epoch == 1
    assert run("verify", "--all") == 0


def test_adopt_takes_the_databases_word_once(log, capsys):
    signing.outside_file(log.origin).unlink()
    assert run("adopt") == 0
    assert "3 entries is now the record outside" in capsys.readouterr().out
    assert run("adopt") == 0
    assert "nothing to adopt" in capsys.readouterr().out


def test_rotate_key_changes_the_key_of_a_log_and_signs_with_both(log, capsys):
    assert run("rotate-key", log.workspace_id) == 0
    assert f"{log.origin} has a new key: {log.origin}+" in capsys.readouterr().out
    assert run("key", log.workspace_id) == 0
    assert len(capsys.readouterr().out.split()) == 2
    assert reads.newest_checkpoint(log).size == 4
    assert run("verify", "--all") == 0
    assert run("rotate-key", log.workspace_id) == 1
    assert "changed lately" in capsys.readouterr().err


def test_rebuild_tiles_mends_a_torn_tile(log, capsys):
    world.tamper("UPDATE ledger_tile SET hashes = ''")
    assert run("verify", "--all") == 1
    assert run("rebuild-tiles", log.workspace_id) == 0
    assert run("verify", "--all") == 0
    world.act(*world.people(log.workspace_id))
    assert sequencer.sequence_all() == 1


def test_a_compromised_key_is_revoked_by_one_command(log, capsys):
    old_key = log.verifier_keys[0]
    assert run("new-epoch", "--key-compromised") == 0
    out = capsys.readouterr().out
    new = Log.objects.get(workspace_id=log.workspace_id, closed_at__isnull=True)
    assert new.epoch == log.epoch + 1
    assert new.verifier_keys
    assert old_key not in new.verifier_keys
    assert f"Its new key: {new.verifier_keys[0]}" in out
    assert "Whoever took one can still sign with it" in out
    first = leaf.read(Entry.objects.get(log=new, seq=0).leaf)
    assert set(first["c"]) >= {"revoked_keys", "old_root"}
    fields = reads.entry(log.workspace_id, Entry.objects.get(log=new, seq=0).event_id)[1].fields
    assert fields["revoked_keys"] == old_key
    assert run("verify", "--all") == 0
    assert reads.newest_checkpoint(new).size == 1, "signed by the new key alone"


def test_a_log_without_a_key_has_none_to_revoke(capsys):
    world.people()
    assert run("new-epoch", "--key-compromised") == 0
    assert "there is none to revoke. Nothing was changed." in capsys.readouterr().out
