"""Settings, “Erase from the record”: of oneself, and by an owner of anybody who is or was here."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from quarterdeck import ledger
from quarterdeck.core import clock
from quarterdeck.crew import verbs
from quarterdeck.crew.models import Absence, Member
from quarterdeck.ledger.models import Pending, Subject
from tests import make

pytestmark = pytest.mark.django_db

GROUND = {"legal_basis": "GDPR Art. 17(1)(b)", "meant": "erase"}


def address(name, reader, **parts):
    return reverse(name, kwargs={"workspace": reader.workspace.slug, **parts})


def client_of(member):
    client = Client()
    client.force_login(member.user)
    return client


def act(member):
    fields = {"old_key": "a", "new_key": "b"}
    ledger.record("ledger.key.rotated", actor=member, about=member.workspace, fields=fields)


def is_known(member) -> bool:
    return Subject.objects.filter(person_id=member.pk).exists()


@pytest.fixture
def owner():
    return make.member()


def test_anybody_erases_their_own_and_it_has_to_be_typed(owner):
    member = make.member("observer", of=owner.workspace, name="Grace")
    act(member)
    client, here = client_of(member), address("crew-erase", member)
    body = client.get(here).content.decode()
    assert "What goes" in body
    assert "What stays" in body
    assert "For somebody else" not in body
    for wrong in ({"meant": "yes"}, {"legal_basis": "because"}, {}):
        answer = client.post(here, GROUND | wrong if wrong else {})
        assert answer.status_code == 422
        assert is_known(member)
    assert client.post(here, GROUND | {"meant": " Erase "}).status_code == 302
    assert not is_known(member)
    assert Pending.objects.filter(kind="ledger.payload.erased").count() == 1
    again = client.post(here, GROUND)
    assert again.status_code == 422
    assert "left no events" in again.content.decode()


def test_an_owner_erases_for_others_who_left_too_and_nobody_else_does(owner):
    member = make.member("author", of=owner.workspace, name="Grace")
    act(member)
    Member.objects.filter(pk=member.pk).update(left_at=member.joined_at)
    client = client_of(owner)
    there = address("crew-member-erase", owner, member=member.pk)
    body = client.get(address("crew-erase", owner)).content.decode()
    assert there in body
    assert "is no member any more" in body
    assert "says of Grace" in client.get(there).content.decode()
    lead = make.member("lead", of=owner.workspace, name="Lee")
    assert client_of(lead).post(there, GROUND).status_code == 403
    assert is_known(member)
    assert client.post(there, GROUND).status_code == 302
    assert not is_known(member)


def test_the_days_on_which_one_was_away_go_with_the_record():
    member = make.member()
    day = clock.now().date() + timedelta(days=3)
    noted = verbs.be_away(member, first=day, last=day)
    verbs.be_here(noted, by=member)
    verbs.erase_record(member, by=member, legal_basis=GROUND["legal_basis"])
    assert not Absence.objects.filter(member=member).exists()
    assert not is_known(member)
