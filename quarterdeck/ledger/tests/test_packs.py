"""Proof files: one entry or a thing's whole life, with the fields chosen, checked by `verify.py` as a reader would."""

from __future__ import annotations

import argparse
import json

import pytest
from django.test import Client

from quarterdeck.core.problems import Conflict, Forbidden, NotFound
from quarterdeck.engines import notes, verify
from quarterdeck.ledger import cli, packs, sequencer, signing, verbs
from quarterdeck.ledger.models import Entry
from quarterdeck.ledger.tests import world
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("declared")]


def entry_of(receipt) -> Entry:
    return Entry.objects.select_related("log").get(event_id=receipt.event_id)


def signed(*acts):
    sequencer.sequence_all()
    assert sequencer.sign_all() == []
    return [entry_of(receipt) for receipt in acts]


@pytest.fixture
def life():
    """A thing with three entries by two people, among others."""
    actor, thing = world.people()
    other = world.Person(thing.workspace_id)
    world.act(other, world.Thing(thing.workspace_id), 5)
    acts = world.act(actor, thing, state="ready", words="my words", name="about whom")
    acts += world.act(other, thing, state="late", words="their words")
    acts += world.act(actor, thing, state="out")
    return actor, other, signed(*acts)


def made(entries, person, *names):
    chosen = packs.choices(entries, person and person.pk)
    return packs.make(chosen, {one.entry.event_id: set(names) & set(one.shown) for one in chosen})


def test_a_file_tells_what_was_chosen_and_names_the_rest(life):
    actor, _, (first, *_) = life
    checked = verify.check(made([first], actor, "state"))
    (one,) = checked.entries
    assert (one.place, one.told) == (first.seq, {"state": "ready"})
    assert {"words", "name"} <= set(one.hidden)
    assert checked.checkpoint.origin == first.log.origin
    assert verify.check(made([first], actor, "state"), first.log.verifier_keys).key_given


def test_one_shows_ones_own_words_and_nobody_elses(life):
    actor, other, (first, second, _) = life
    assert verify.check(made([first], actor, "state", "words")).entries[0].told == {
        "state": "ready",
        "words": "my words",
    }
    for person, entry in ((other, first), (actor, second), (None, first)):
        assert set(packs.choices([entry], person and person.pk)[0].shown) == {"state"}
        with pytest.raises(Forbidden, match="not yours to show"):
            packs.make(packs.choices([entry], person and person.pk), {entry.event_id: ["words"]})
    with pytest.raises(NotFound, match="no field “mood”"):
        packs.make(packs.choices([first], actor.pk), {first.event_id: ["mood"]})


def test_what_is_said_about_a_person_is_theirs_to_show():
    actor, _ = world.people()
    person = world.Person(actor.workspace_id)
    (entry,) = signed(*world.act(actor, person, name="Ada"))
    assert "name" in packs.choices([entry], person.pk)[0].shown
    assert "name" not in packs.choices([entry], actor.pk)[0].shown


def test_a_whole_life_shares_one_signature(life):
    actor, _, entries = life
    assert packs.life_of(entries[1]) == entries
    data = made(packs.life_of(entries[0]), actor, "state")
    checked = verify.check(data)
    assert [one.told["state"] for one in checked.entries] == ["ready", "late", "out"]
    assert data.decode().count("\\u2014") + data.decode().count("\u2014") == 1


def test_a_life_is_that_of_a_thing_never_of_a_person():
    actor, _ = world.people()
    person = world.Person(actor.workspace_id)
    person.ledger_is_person = True
    entries = signed(*world.act(actor, person, 3, name="Ada"))
    assert packs.life_of(entries[1]) == [entries[1]]


def test_the_file_holds_a_tlog_proof_that_other_software_reads(life):
    _, _, (first, *_) = life
    pack = json.loads(made([first], None, "state"))
    entry = pack["entries"][0]
    proof = notes.Proof.read(entry["path"] + "\n" + pack["checkpoint"])
    proof.verify(entry["leaf"].encode(), signing.keys_of(first.log), first.log.origin)


def test_before_it_is_signed_and_after_it_was_erased_there_is_less_to_give(life):
    actor, other, (first, *_) = life
    (fresh,) = world.act(actor, world.Thing(actor.workspace_id))
    sequencer.sequence_all()
    with pytest.raises(Conflict, match="not covered"):
        packs.life_of(entry_of(fresh))
    verbs.erase(actor.workspace_id, actor.pk, by=other, legal_basis="GDPR Art. 17(1)(a)")
    with pytest.raises(Forbidden, match="or it was erased"):
        packs.make(packs.choices([first], actor.pk), {first.event_id: ["words"]})
    assert verify.check(made([first], actor, "state")).entries[0].told == {"state": "ready"}


# --- the page and the command -----------------------------------------------------------------------------


def test_the_page_offers_plain_fields_ticked_and_ones_own_unticked_and_gives_the_file():
    member = make.member("observer")
    thing = world.Thing(member.workspace_id)
    first, second = signed(
        *world.act(member, thing, state="ready", words="my words"), *world.act(member, thing, state="out")
    )
    client = Client()
    client.force_login(member.user)
    address = f"/w/{member.workspace.slug}/ledger/entries/{first.event_id}/pack/"
    body = client.get(address).content.decode()
    assert f'value="{first.event_id}:state" checked' in body
    assert f'value="{first.event_id}:words">' in body
    assert f'value="{second.event_id}:state">' in body
    assert packs.key_numbers(first.log)[0][1] in body
    field = [f"{first.event_id}:state", f"{second.event_id}:state"]
    answer = client.post(address, {"field": field})
    assert answer["Content-Disposition"] == f'attachment; filename="{first.event_id}.quarterdeck-proof.json"'
    assert [one.told for one in verify.check(answer.content).entries] == [{"state": "ready"}]
    answer = client.post(address, {"field": field, "entry": str(second.event_id)})
    assert [one.told for one in verify.check(answer.content).entries] == [
        {"state": "ready"},
        {"state": "out"},
    ]
    assert client.post(address, {"field": f"{first.event_id}:mood"}).status_code == 404


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    cli.add_arguments(parser)
    return cli.run(parser.parse_args([str(word) for word in words]))


def test_the_command_writes_a_file_and_checks_it(life, capsys, tmp_path):
    _, _, (first, *_) = life
    assert run("pack", first.event_id, "--fields", "state") == 0
    said = capsys.readouterr()
    assert packs.key_numbers(first.log)[0][1] in said.err
    file = tmp_path / "pack.json"
    file.write_text(said.out)
    assert run("verify-pack", file, "--key", first.log.verifier_keys[0]) == verify.HOLDS
    assert run("verify-pack", file) == verify.OWN_KEY
    assert "  stays hidden: " in capsys.readouterr().out
    assert run("pack", first.event_id, "--life", "--fields", "state") == 0
    assert len(verify.check(capsys.readouterr().out.encode()).entries) == 3
    assert run("pack", first.event_id, "--fields", "words") == 1
    assert "not yours to show" in capsys.readouterr().err
