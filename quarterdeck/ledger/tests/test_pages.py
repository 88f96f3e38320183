"""The ledger's pages for members, and the log under its origin for anyone."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from quarterdeck import ledger
from quarterdeck.core import ids
from quarterdeck.engines import merkle, notes, tiles
from quarterdeck.ledger import reads, sequencer, signing
from quarterdeck.ledger.models import Entry
from quarterdeck.ledger.tests import world
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("declared")]


@pytest.fixture
def member():
    return make.member("observer")


@pytest.fixture
def client(member):
    client = Client()
    client.force_login(member.user)
    return client


def record(member, count=1, **fields):
    thing = world.Thing(member.workspace_id)
    receipts = world.act(member, thing, count, **fields)
    sequencer.sequence_all()
    assert sequencer.sign_all() == []
    return reads.open_log(member.workspace_id), receipts


def page(member, rest=""):
    return f"/w/{member.workspace.slug}/ledger/{rest}"


def test_the_log_shows_its_newest_checkpoint_and_its_entries_by_title(client, member):
    record(member, 3, state="ready", words="a secret")
    body = client.get(page(member)).content.decode()
    assert "Thing done" in body
    assert "<b>3</b> entries are under one signature" in body
    assert "Not anchored outside yet" in body
    assert member.user.name not in re.findall(r"<ul class=\"items\">.*</ul>", body, re.S)[0]
    assert "a secret" not in body


def test_an_empty_log_says_what_it_is_for(client, member):
    assert "Nothing recorded yet" in client.get(page(member)).content.decode()


def test_entries_are_found_by_kind_and_in_pages(client, member):
    log, _ = record(member, 60)
    ledger.record("ledger.payload.erased", actor=member, about=world.Thing(member.workspace_id))
    sequencer.sequence_all()
    body = client.get(page(member, "?kind=ledger.payload.erased")).content.decode()
    assert body.count("<code>ledger.payload.erased</code>") == 1
    assert "<code>ledger.thing.done</code>" not in body
    older = client.get(page(member, "?before=11")).content.decode()
    assert older.count("<code>ledger.thing.done</code>") == 11
    assert "Entry 0," in older
    assert client.get(page(member, "?before=x")).status_code == 422
    assert client.get(page(member, "?kind=%27%3B--")).status_code == 200


def test_an_entry_shows_plain_fields_and_keeps_personal_ones_sealed(client, member):
    _, (receipt,) = record(member, state="ready", words="a secret")
    body = client.get(page(member, f"entries/{receipt.event_id}/")).content.decode()
    assert "ready" in body
    assert "a secret" not in body
    assert "2 personal fields are sealed here" in body
    told = client.get(page(member, f"entries/{receipt.event_id}/fields")).json()["fields"]
    assert [one["field"] for one in told] == ["state"]
    leaf = client.get(page(member, f"entries/{receipt.event_id}/leaf")).content
    assert reads.discloses(leaf, told[0])
    assert not reads.discloses(leaf, told[0] | {"value": "late"})


def test_the_proof_file_stands_alone(client, member):
    log, receipts = record(member, 5)
    response = client.get(page(member, f"entries/{receipts[3].event_id}/proof.tlog-proof"))
    leaf = client.get(page(member, f"entries/{receipts[3].event_id}/leaf")).content
    assert merkle.leaf_hash(leaf) == receipts[3].leaf_hash
    proof = notes.Proof.read(response.content.decode())
    assert proof.verify(leaf, signing.keys_of(log), log.origin).size == 5


def test_an_entry_without_a_checkpoint_says_so(client, member):
    (receipt,) = world.act(member, world.Thing(member.workspace_id))
    assert client.get(page(member, f"entries/{receipt.event_id}/")).status_code == 404
    sequencer.sequence_all()
    assert (
        b"No signed checkpoint covers it yet"
        in client.get(page(member, f"entries/{receipt.event_id}/")).content
    )
    assert client.get(page(member, f"entries/{receipt.event_id}/proof.tlog-proof")).status_code == 409


def test_another_workspaces_entry_does_not_exist_here(client, member):
    other = make.member()
    _, (receipt,) = record(other)
    for rest in ("", "leaf", "fields", "proof.tlog-proof"):
        assert client.get(page(member, f"entries/{receipt.event_id}/{rest}")).status_code == 404
        assert client.get(page(other, f"entries/{receipt.event_id}/{rest}")).status_code in {403, 404}


def test_verifying_everything_is_a_post_and_names_what_is_wrong(client, member):
    log, _ = record(member, 4)
    assert client.get(page(member, "verification/")).status_code == 405
    assert b"Everything fits" in client.post(page(member, "verification/")).content
    path = signing.outside_file(log.origin)
    path.write_text(path.read_text().replace("\n4\n", "\n3\n"))
    body = client.post(page(member, "verification/")).content.decode()
    assert "Something does not fit" in body
    assert "checkpoint outside the database" in body


def test_why_signing_stopped_is_on_the_page_and_the_owners_desk(client, member):
    from quarterdeck.core import clock

    log, _ = record(member)
    signing.outside_file(log.origin).unlink()
    world.act(member, world.Thing(member.workspace_id))
    sequencer.sequence_all()
    (reason,) = sequencer.sign_all()
    assert b"Checkpoints are not signed at present" in client.get(page(member)).content
    owner = make.member("owner", of=member.workspace, name="Grace")
    (item,) = reads.agenda(owner, clock.now())
    assert item.why == reason
    assert reads.agenda(member, clock.now()) == []


# --- under the origin, for anyone ---------------------------------------------------------------------


def origin(log, rest):
    return f"/ledger/{log.workspace_id}/{log.epoch}/{rest}"


def test_a_stranger_checks_the_whole_tree_from_checkpoint_key_and_tiles(member):
    log, receipts = record(member, 300)
    anyone = Client()
    key = notes.VerifierKey.read(anyone.get(origin(log, "key")).content.decode().strip())
    note = anyone.get(origin(log, "checkpoint"))
    assert note["Content-Type"] == "text/plain; charset=utf-8"
    signed = notes.open_checkpoint(note.content.decode(), [key], log.origin)

    def fetch(level, number):
        width = tiles.width_at(level, number, signed.size)
        response = anyone.get(origin(log, tiles.path(level, number, width)))
        assert response.status_code == 200
        assert "immutable" in response["Cache-Control"]
        return response.content

    node = tiles.node_reader(fetch)
    assert merkle.root_at(node, signed.size) == signed.root
    proof = merkle.inclusion_at(node, 270, signed.size)
    merkle.verify_inclusion(270, signed.size, receipts[270].leaf_hash, proof, signed.root)


@pytest.mark.parametrize(
    "rest",
    ["tile/0/000", "tile/0/000.p/4", "tile/0/001.p/1", "tile/1/000.p/1", "tile/64/000.p/1", "tile/0/0"],
)
def test_only_what_a_checkpoint_covers_is_served(member, rest):
    log, _ = record(member, 3)
    world.act(member, world.Thing(member.workspace_id), 5)
    sequencer.sequence_all()
    assert Client().get(origin(log, rest)).status_code == 404
    assert len(Client().get(origin(log, "tile/0/000.p/3")).content) == 96


def test_entry_bundles_are_for_members(client, member):
    log, _ = record(member, 3)
    address = origin(log, "tile/entries/000.p/3")
    assert Client().get(address).status_code == 403
    stranger = Client()
    stranger.force_login(make.member().user)
    assert stranger.get(address).status_code == 403
    response = client.get(address)
    assert "private" in response["Cache-Control"]
    leaves = [bytes(e.leaf) for e in Entry.objects.filter(log=log).order_by("seq")]
    assert tiles.unbundle(response.content) == leaves


def test_a_log_nobody_has_does_not_exist(member):
    log, _ = record(member)
    assert Client().get(f"/ledger/{ids.new()}/1/checkpoint").status_code == 404
    assert Client().get(f"/ledger/{log.workspace_id}/2/checkpoint").status_code == 404
    assert Client().post(origin(log, "checkpoint")).status_code == 405


def test_a_demo_log_lies_under_an_address_that_says_so():
    workspace = make.workspace(is_demo=True)
    member = make.member(of=workspace)
    log, _ = record(member)
    assert "/demo/ledger/" in log.origin
    assert Client().get("/" + log.origin.split("/", 1)[1] + "/checkpoint").status_code == 200
    client = Client()
    client.force_login(member.user)
    body = client.get(page(member)).content.decode()
    assert "ledger of a demo" in body
    assert "/demo/ledger/" in body


def test_search_finds_a_kind_and_an_entry_by_id_and_never_a_person(member):
    _, (receipt,) = record(member, words="Ada")
    assert [hit.title for hit in reads.search(member, "thing done", 5)] == ["Thing done"]
    assert reads.search(member, str(receipt.event_id), 5)[0].kind == "Ledger entry"
    assert reads.search(member, member.user.name, 5) == []
    assert reads.search(member, str(member.pk), 5) == []
