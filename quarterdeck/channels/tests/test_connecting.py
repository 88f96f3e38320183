"""Connecting in the browser: by what is typed, or by going to the network and back; once, by who began it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from quarterdeck.channels import credentials, verbs
from quarterdeck.channels.models import Beginning, Channel, Checkup, Credential, FirstLook
from quarterdeck.channels.tests.fake_network import PASSWORD, STATE, FakeConnector
from quarterdeck.channels.tests.world import connected
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict
from tests import make

pytestmark = pytest.mark.django_db


class Person:
    """Somebody with a browser, in their workspace."""

    def __init__(self, member=None) -> None:
        self.member = member or make.member()
        self.client = Client(headers={"host": "localhost"})
        self.client.force_login(self.member.user)
        self.home = f"/w/{self.member.workspace.slug}/channels/"

    def connect(self, handle: str = "harbour", password: str = PASSWORD, **more):
        given = {"network": "fake", "account-handle": handle, "account-password": password, **more}
        return self.client.post(f"{self.home}connect/", given)

    def go_elsewhere(self) -> str:
        """Begins a connection that goes on at the network; the address of its page here."""
        return self.connect("elsewhere").url

    def come_back(self, **answer):
        return self.client.get("/channels/back/", answer)


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_the_choice_and_the_steps(server):
    ada = Person()
    assert "Connect Fake network" in words(ada.client.get(f"{ada.home}connect/"))
    page = words(ada.client.get(f"{ada.home}connect/?network=fake"))
    assert "Make a password for Quarterdeck." in page
    assert 'type="password"' in page
    assert ada.client.get(f"{ada.home}connect/?network=nowhere").status_code == 404


def test_connected_with_what_was_typed_and_seen_to_work_at_once(server):
    ada = Person()
    server.set(left=["297 of 300 calls are left until 12:05."])
    answer = ada.connect()
    channel = Channel.objects.get()
    assert answer.url == f"{ada.home}{channel.pk}/"
    assert (channel.handle, channel.remote_id, channel.name) == ("harbour", "id-harbour", "Harbour")
    assert credentials.known(channel).secrets == {"access": "access-0", "refresh": "refresh-0"}
    assert make.kinds_recorded(ada.member.workspace)[-1] == "channels.channel.connected"
    page = words(ada.client.get(answer.url))
    assert "It answered when last looked at" in page
    assert "297 of 300 calls are left until 12:05." in page
    assert "are being fetched" in page
    assert Checkup.objects.get().well_at


def test_a_refusal_stands_at_its_field_and_no_secret_comes_back(server):
    ada = Person()
    answer = ada.connect(password="not the one")
    assert answer.status_code == 422
    page = words(answer)
    assert "The fake network does not know this password." in page
    assert 'aria-invalid="true"' in page
    assert "not the one" not in page
    assert 'value="harbour"' in page
    assert not Channel.objects.exists()
    assert "This is needed to connect." in words(ada.connect(handle=""))


def test_the_secret_is_nowhere_in_the_open(server, caplog):
    ada = Person()
    ada.connect()
    ada.connect("elsewhere")
    assert PASSWORD not in caplog.text
    for kept in (*Credential.objects.all(), *Beginning.objects.all()):
        assert PASSWORD.encode() not in bytes(kept.sealed)
        assert b"access-0" not in bytes(kept.sealed)


def test_for_the_brand_that_was_chosen(server):
    ada = Person()
    second = ada.member.workspace.brands.create(name="Harbour Bar", created_at=clock.now())
    assert "Harbour Bar" in words(ada.client.get(f"{ada.home}connect/?network=fake"))
    ada.connect(**{"account-brand": str(second.pk)})
    assert Channel.objects.get().brand == second
    strange = make.workspace().brands.get()
    assert ada.connect("other", **{"account-brand": str(strange.pk)}).status_code == 422


# --- to the network and back ------------------------------------------------------------------------


def test_to_the_network_and_back_by_one_button(server):
    ada = Person()
    page = words(ada.client.get(ada.go_elsewhere()))
    assert 'href="https://fake.example/authorize?redirect=http://localhost/channels/back/"' in page
    assert PASSWORD not in page
    back = ada.come_back(state=STATE, code="yes")
    assert back.status_code == 302
    finish = words(ada.client.get(back.url))
    assert "Finish connecting" in finish
    assert not Channel.objects.exists()  # coming back is a GET, and a GET connects nothing
    done = ada.client.post(back.url.split("?")[0], {"answer": f"state={STATE}&code=yes"})
    channel = Channel.objects.get()
    assert done.url == f"{ada.home}{channel.pk}/"
    assert channel.handle == "elsewhere"


def test_it_works_once_within_half_an_hour_with_its_own_state(server):
    ada = Person()
    here = ada.go_elsewhere()
    wrong = ada.client.post(f"{here}finish/", {"answer": "state=another-state-altogether&code=yes"})
    assert wrong.status_code == 409
    with clock.later(timedelta(minutes=31)):
        late = ada.client.post(f"{here}finish/", {"answer": f"state={STATE}&code=yes"})
    assert late.status_code == 409
    assert not Channel.objects.exists()
    assert ada.client.post(f"{here}finish/", {"answer": f"state={STATE}&code=yes"}).status_code == 302
    again = ada.client.post(f"{here}finish/", {"answer": f"state={STATE}&code=yes"})
    assert again.status_code == 409
    assert "begin again" in words(again)
    assert Channel.objects.count() == 1


def test_only_who_began_it_finishes_it(server):
    ada = Person()
    ben = Person(make.member("lead", ada.member.workspace, "Ben"))
    here = ada.go_elsewhere()
    assert "only they can finish it" in words(ben.client.get(here))
    assert "fake.example" not in words(ben.client.get(here))
    assert ben.come_back(state=STATE, code="yes").status_code == 404
    assert ben.client.post(f"{here}finish/", {"answer": f"state={STATE}&code=yes"}).status_code == 409
    assert not Channel.objects.exists()


def test_what_the_network_says_instead_is_shown_as_its_words(server):
    ada = Person()
    ada.go_elsewhere()
    back = ada.come_back(state=STATE, error="access_denied", error_description="The owner said <b>no</b>.")
    page = words(ada.client.get(back.url))
    assert "did not let Quarterdeck in" in page
    assert "The owner said &lt;b&gt;no&lt;/b&gt;." in page
    assert "Finish connecting</button>" not in page
    refused = ada.client.post(back.url.split("?")[0], {"answer": f"state={STATE}&code=no"})
    assert refused.status_code == 422
    assert "The fake network did not accept the answer." in words(refused)
    assert ada.come_back(state="unknown").status_code == 404


def test_a_connector_that_leads_to_no_web_address_is_not_followed(server, monkeypatch):
    from quarterdeck.channels.contract import Elsewhere

    monkeypatch.setattr(
        FakeConnector, "begin", lambda self, values, back: Elsewhere("javascript:alert(1)", {"state": STATE})
    )
    with pytest.raises(ValueError, match="web address"):
        Person().connect()


# --- again ------------------------------------------------------------------------------------------


def test_the_same_account_signs_in_anew_and_the_channel_stays(server):
    ada = Person()
    ada.connect()
    channel = Channel.objects.get()
    Checkup.objects.update(reconnect=True, failure="It was taken back.", since=clock.now())
    assert "Connect again" in words(ada.client.get(f"{ada.home}{channel.pk}/"))
    again = {"account-handle": "harbour", "account-password": PASSWORD}
    assert ada.client.post(f"{ada.home}{channel.pk}/reconnect/", again).status_code == 302
    assert Channel.objects.get().pk == channel.pk
    assert make.kinds_recorded(ada.member.workspace)[-1] == "channels.channel.reconnected"
    assert not Checkup.objects.get().reconnect


def test_another_account_is_refused_in_words(server):
    ada = Person()
    ada.connect()
    channel = Channel.objects.get()
    other = {"account-handle": "quay", "account-password": PASSWORD}
    answer = ada.client.post(f"{ada.home}{channel.pk}/reconnect/", other)
    assert answer.status_code == 422
    assert "That sign-in belongs to @quay, and this channel is @harbour." in words(answer)
    assert credentials.known(channel).handle == "harbour"


def test_an_account_is_connected_once_and_comes_back_as_the_channel_it_was(server):
    channel = connected()
    owner = channel.connected_by
    with pytest.raises(Conflict, match="connected already"):
        connected(owner)
    verbs.disconnect(channel, by=owner)
    assert not Credential.objects.exists()
    assert connected(owner).pk == channel.pk
    assert Channel.objects.get().connected
    assert Credential.objects.exists()


def test_disconnecting_forgets_what_signed_us_in_and_says_so(server):
    ada = Person()
    ada.connect()
    channel = Channel.objects.get()
    ada.client.get(f"{ada.home}{channel.pk}/")
    ada.client.post(f"{ada.home}{channel.pk}/disconnection/")
    assert not Credential.objects.exists()
    assert "what signed us in there is forgotten" in words(ada.client.get(ada.home))
    assert ada.client.post(f"{ada.home}{channel.pk}/check/").status_code == 409
    assert ada.client.get(f"{ada.home}{channel.pk}/reconnect/").status_code == 409


def test_the_posts_of_the_last_ninety_days_are_asked_for(server):
    channel = connected()
    wanted = FirstLook.objects.get(channel=channel)
    assert clock.now() - wanted.since == pytest.approx(timedelta(days=90), abs=timedelta(minutes=1))
    assert wanted.ended_at is None
    asked = ProcrastinateJob.objects.filter(task_name="channels.first_look", args__channel_id=str(channel.pk))
    assert asked.count() == 1
