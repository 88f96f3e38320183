"""A sign-in by OAuth afterwards: renewed, found to be over, and ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from quarterdeck.channels import verbs
from quarterdeck.channels.asking import speaker
from quarterdeck.channels.bluesky import client
from quarterdeck.channels.bluesky.adapter import BlueskyAdapter
from quarterdeck.channels.bluesky.tests import world
from quarterdeck.channels.bluesky.tests.test_oauth import ANN, _account, _begin, _complete, _public
from quarterdeck.channels.contract import Refused
from quarterdeck.channels.models import Credential
from quarterdeck.core import clock, reach
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _public_address_is_read_anew():
    reach.forget()
    yield
    reach.forget()


# --- staying signed in --------------------------------------------------------------------------------


def test_renewing_gives_a_new_pair_and_the_old_ones_are_no_good(fake):
    account = world.by_oauth(fake)
    given = BlueskyAdapter(account).renew()
    fresh = replace(account, secrets=given.over(account.secrets))
    assert fresh.secrets["key"] == account.secrets["key"]
    assert fresh.secrets["refresh"] != account.secrets["refresh"]
    assert world.published(BlueskyAdapter(fresh)).remote_id
    with pytest.raises(Refused) as no:
        BlueskyAdapter(account).health()
    assert no.value.expired  # whoever still holds the old one takes the new one, or renews


def test_a_refresh_token_used_again_ends_the_sign_in_and_a_person_is_asked(fake):
    account = world.by_oauth(fake)
    fresh = replace(account, secrets=BlueskyAdapter(account).renew().over(account.secrets))
    with pytest.raises(Refused, match="has ended") as no:
        BlueskyAdapter(account).renew()
    assert no.value.reconnect
    assert not no.value.transient
    with pytest.raises(Refused) as no:
        BlueskyAdapter(fresh).renew()
    assert no.value.reconnect


def test_an_empty_refresh_token_never_overwrites(fake):
    account = world.by_oauth(fake)
    fake.oauth.answer = {"refresh_token": None}
    given = BlueskyAdapter(account).renew()
    assert given.over(account.secrets)["refresh"] == account.secrets["refresh"]
    fake.oauth.answer = {"refresh_token": ""}
    fake.oauth.sessions[0].refreshes = [account.secrets["refresh"]]
    assert BlueskyAdapter(account).renew().over(account.secrets)["refresh"] == account.secrets["refresh"]


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "500_before", "429:5", "not_json"])
def test_a_renewal_without_an_answer_may_work_later(fake, fault):
    fake.then({"fault": fault, "on": "POST /oauth/token"})
    with pytest.raises(Refused) as no:
        BlueskyAdapter(world.by_oauth(fake)).renew()
    assert no.value.transient
    assert not no.value.reconnect


def test_the_renewal_of_another_account_is_not_taken(fake):
    fake.oauth.answer = {"sub": ANN}
    with pytest.raises(Refused, match="another account") as no:
        BlueskyAdapter(world.by_oauth(fake)).renew()
    assert no.value.reconnect


def test_the_public_address_that_leads_here_no_more_may_come_back(fake):
    account = _account(_complete(fake, _begin(fake))) if _public(fake) else None
    fake.oauth.clients.clear()
    with pytest.raises(Refused, match="whether that address still leads here") as no:
        BlueskyAdapter(account).renew()
    assert no.value.transient
    assert not no.value.reconnect


def test_another_installation_key_is_another_client_and_a_person_is_asked(fake, monkeypatch):
    _public(fake)
    account = _account(_complete(fake, _begin(fake)))
    real = client.derive
    monkeypatch.setattr(client, "derive", lambda purpose, length: real(purpose + " other", length))
    document = client.document()
    fake.oauth.clients[document["client_id"]] = document
    with pytest.raises(Refused, match="has ended") as no:
        BlueskyAdapter(account).renew()
    assert no.value.reconnect


def test_taken_back_there_is_found_out(fake):
    account = world.by_oauth(fake)
    fake.oauth.sessions[0].ended = True
    ada = BlueskyAdapter(account)
    with pytest.raises(Refused) as no:
        ada.health()
    assert no.value.expired
    with pytest.raises(Refused, match="connect the channel again") as no:
        ada.renew()
    assert no.value.reconnect


def test_health_says_that_a_local_sign_in_ends_whatever_is_done(fake):
    account = world.by_oauth(fake)
    found = BlueskyAdapter(account).health()
    assert timedelta(days=13) < found.expires_at - clock.now() <= timedelta(days=14)
    assert "14 days after it began" in found.left[-1]
    assert not BlueskyAdapter(account).capabilities.renews
    fresh = replace(account, secrets=BlueskyAdapter(account).renew().over(account.secrets))
    assert BlueskyAdapter(fresh).health().expires_at == found.expires_at


@pytest.mark.django_db(transaction=True)
def test_a_channel_is_renewed_by_whoever_needs_it_and_the_others_take_what_was_kept(fake):
    """Two speak with the same token; both are told that it is no good any more, and one renewal does for both."""
    member = make.member()
    found = _complete(fake, _begin(fake))
    channel = verbs.connect(member, brand=member.workspace.brands.get(), network="bluesky", connected=found)
    first, second = speaker(channel), speaker(channel)
    fake.expired.add(found.secrets.values["access"])
    for one in (first, second):
        with pytest.raises(Refused) as no:
            one.health()
        assert no.value.expired
        assert speaker(channel, expired=one).health().expires_at
    assert len(fake.oauth.sessions[0].refreshes) == 2
    assert world.published(speaker(channel)).remote_id
    kept = Credential.objects.get()
    assert kept.version == 2
    for secret in (b"fake-access", b"fake-refresh", b"PRIVATE KEY"):
        assert secret not in bytes(kept.sealed)


# --- ending it ----------------------------------------------------------------------------------------


def test_ended_there_and_a_second_time_is_no_error(fake):
    ada = BlueskyAdapter(world.by_oauth(fake))
    assert ada.revoke() == ""
    assert fake.oauth.sessions[0].ended
    assert ada.revoke() == ""


def test_a_server_that_cannot_end_it_leaves_it_to_a_person(fake):
    fake.oauth.metadata = {"revocation_endpoint": None}
    assert "take our access back at Bluesky" in BlueskyAdapter(world.by_oauth(fake)).revoke()


def test_an_app_password_s_session_is_ended_and_the_password_is_left_to_a_person(fake):
    ada = world.adapter(fake)
    assert "app password itself still works" in ada.revoke()
    assert ada.account.secrets["refresh"] in fake.ended
    assert "app password itself still works" in ada.revoke()


@pytest.mark.parametrize("fault", ["drop_after", "500_before", "429:5"])
def test_no_answer_to_ending_it_is_said(fake, fault):
    fake.then({"fault": fault, "on": "POST /oauth/revoke"})
    with pytest.raises(Refused) as no:
        BlueskyAdapter(world.by_oauth(fake)).revoke()
    assert no.value.transient
