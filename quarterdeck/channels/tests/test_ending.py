"""Disconnecting ends the sign-in at the network too, afterwards and as far as it goes; what is left to do is said."""

from __future__ import annotations

import pytest

from quarterdeck.channels import ending, verbs
from quarterdeck.channels.models import Channel, Credential
from quarterdeck.channels.tests.test_connecting import Person, words
from quarterdeck.core import secrets

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(server):
    person = Person()
    person.connect()
    return person


def disconnect(ada) -> str:
    """What is said afterwards."""
    channel = Channel.objects.get()
    assert ada.client.post(f"{ada.home}{channel.pk}/disconnection/").status_code == 302
    assert not Channel.objects.get().connected
    assert not Credential.objects.exists()
    return words(ada.client.get(ada.home))


def test_the_network_is_told(ada, server):
    page = disconnect(ada)
    assert server.get("ended") == "refresh-0"
    assert "what signed us in there is forgotten" in page
    assert "could not be ended" not in page


def test_what_is_left_to_a_person_is_said(ada, server):
    server.set(take_back="Please take the rest back there.")
    assert "Please take the rest back there." in disconnect(ada)


@pytest.mark.parametrize("refusal", [{"transient": True}, {"reconnect": True}, {"expired": True}])
def test_a_network_that_does_not_answer_keeps_nothing_connected(ada, server, refusal):
    server.set(refuse=[["It does not answer.", refusal], ["It does not answer.", refusal]])
    ada.client.get(f"{ada.home}{Channel.objects.get().pk}/")
    page = disconnect(ada)
    assert "could not be ended at Fake network, so please take it back there" in page
    assert "in the account’s settings. It does not answer." in page
    assert server.get("ended") is None


def test_a_fault_of_our_own_is_not_the_person_s_trouble(ada, server, monkeypatch):
    from quarterdeck.channels.tests.fake_network import FakeAdapter

    monkeypatch.setattr(FakeAdapter, "revoke", lambda self: {}["nothing"])
    assert "the log says more" in disconnect(ada)


def test_a_sign_in_that_cannot_be_opened_is_only_forgotten(ada, monkeypatch):
    def locked(*given, **more):
        raise secrets.KeyProblem("another key")

    monkeypatch.setattr(secrets, "unseal", locked)
    assert ending.speaker(Channel.objects.get()) is None


def test_the_sandbox_has_nothing_to_end(ada):
    brand = ada.member.workspace.brands.get()
    channel = verbs.connect_sandbox(ada.member, brand=brand)
    assert ending.speaker(channel) is None
    assert ending.end(None) == ending.Ending(True, "")
