"""Signing in with an app password, staying signed in, and what is said when it does not work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from quarterdeck.channels import calls
from quarterdeck.channels.bluesky import addresses, session
from quarterdeck.channels.bluesky.adapter import BlueskyAdapter
from quarterdeck.channels.bluesky.connection import BlueskyConnector
from quarterdeck.channels.bluesky.tests import fake_bluesky, world
from quarterdeck.channels.contract import Account, Refused


def _typed(fake, **changed):
    return {
        "server": fake.url,
        "handle": fake_bluesky.HANDLE,
        "password": fake_bluesky.APP_PASSWORD,
    } | changed


def _connect(fake, **changed):
    return BlueskyConnector().begin(_typed(fake, **changed), back="https://desk.example.org/back")


def test_an_app_password_connects(fake):
    fake.accounts[fake_bluesky.DID].records["app.bsky.actor.profile/self"] = {
        "uri": f"at://{fake_bluesky.DID}/app.bsky.actor.profile/self",
        "cid": "bafy",
        "value": {"displayName": "Harbour Kitchen"},
    }
    found = _connect(fake, handle=f" @{fake_bluesky.HANDLE.upper()} ")
    assert (found.handle, found.remote_id, found.name) == (
        fake_bluesky.HANDLE,
        fake_bluesky.DID,
        "Harbour Kitchen",
    )
    assert (found.server, found.facts) == (fake.url, {"entry": fake.url, "blob_limit": 5 * 1024 * 1024})
    assert found.secrets.values.keys() == {"access", "refresh"}
    assert timedelta(hours=1) < found.secrets.expires_at - datetime.now(UTC) < timedelta(hours=3)
    assert fake_bluesky.APP_PASSWORD not in repr(found)
    ada = BlueskyAdapter(
        Account(found.handle, found.remote_id, found.server, found.secrets.values, found.facts)
    )
    assert world.published(ada).remote_id
    assert len(fake.made) == 1


def test_the_server_that_keeps_the_account_is_the_one_called(fake):
    with fake_bluesky.FakeBluesky() as elsewhere:
        elsewhere.url = fake.url  # signs in for it, and names it
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("QUARTERDECK_PRIVATE_HOSTS", f"127.0.0.1:{fake.port},127.0.0.1:{elsewhere.port}")
            calls.client.cache_clear()
            entry = f"http://127.0.0.1:{elsewhere.port}"
            found = _connect(fake, server=entry)
    assert (found.server, found.facts["entry"]) == (fake.url, entry)


def test_a_server_that_names_no_other_keeps_the_account_itself(fake):
    fake.tells_home = False
    fake.blob_limit = None
    found = _connect(fake)
    assert (found.server, found.facts) == (fake.url, {"entry": fake.url})
    assert found.name == fake_bluesky.HANDLE


def test_the_main_password_is_not_kept_and_its_session_is_ended(fake):
    with pytest.raises(Refused, match="main password"):
        _connect(fake, password=fake_bluesky.MAIN_PASSWORD)
    assert len(fake.ended) == 1


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"password": "wrong"}, "does not know this handle with this app password"),
        ({"handle": "nobody.fake.test"}, "whether the account is kept on another server"),
        ({"handle": " "}, "needs the account’s handle"),
        ({"server": "http://example.org"}, "by https only"),
        ({"server": "https://user:word@example.org"}, "not an address that can be called"),
        ({"server": "https://example.org/xrpc"}, "without a page on it"),
        ({"server": "ftp://example.org"}, "not an address that can be called"),
        ({"server": "http://127.0.0.1:8099"}, "by https only"),
    ],
)
def test_what_does_not_connect_is_said_in_words(fake, changed, says):
    with pytest.raises(Refused, match=says) as no:
        _connect(fake, **changed)
    assert no.value.words.endswith(".")


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("suspended", "does not know this handle"),
        ("not_json", "try again later"),
        ("500_before", "try again later"),
        ("429:60", "asks us to wait"),
        ("drop_after", "try again later"),
    ],
)
def test_a_server_in_trouble_is_said_in_words(fake, fault, says):
    fake.then({"fault": fault, "on": "com.atproto.server.createSession"})
    with pytest.raises(Refused, match=says):
        _connect(fake)


def test_an_account_that_is_not_active_is_not_connected(fake):
    fake.accounts[fake_bluesky.DID].state = "deactivated"
    with pytest.raises(Refused, match="not active"):
        _connect(fake)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Harbour", "harbour.bsky.social"),
        (" @Harbour.Example.org ", "harbour.example.org"),
        ("https://bsky.app/profile/harbour.example.org/", "harbour.example.org"),
        ("Ada@Example.org", "Ada@Example.org"),
        ("did:plc:ada", "did:plc:ada"),
        ("@", ""),
    ],
)
def test_a_handle_is_understood_as_people_type_it(typed, meant):
    assert addresses.handle(typed, addresses.DEFAULT_SERVER) == meant


def test_the_steps_and_fields_say_what_is_needed():
    assert all(step.endswith(".") for step in BlueskyConnector.steps)
    assert [one.name for one in BlueskyConnector.fields if one.secret] == ["password"]


# --- staying signed in ------------------------------------------------------------------------------


def test_renewing_gives_a_new_pair_and_the_old_one_is_used_up(fake):
    ada = world.adapter(fake)
    fresh = ada.renew()
    assert fresh.values["access"] != ada.account.secrets["access"]
    assert world.published(world.adapter(fake, **fresh.values)).remote_id
    with pytest.raises(Refused, match="connect the channel again") as no:
        ada.renew()
    assert no.value.reconnect
    assert not no.value.transient


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "500_before", "429:5", "not_json"])
def test_a_renewal_without_an_answer_may_work_later(fake, fault):
    fake.then({"fault": fault, "on": "com.atproto.server.refreshSession"})
    with pytest.raises(Refused) as no:
        world.adapter(fake).renew()
    assert no.value.transient
    assert not no.value.reconnect


@pytest.mark.parametrize("refresh", ["", "no token", fake_bluesky.token(fake_bluesky.REFRESH, -1)])
def test_a_sign_in_that_cannot_be_renewed_needs_a_person(fake, refresh):
    with pytest.raises(Refused) as no:
        world.adapter(fake, refresh=refresh).renew()
    assert no.value.reconnect


@pytest.mark.parametrize("state", ["suspended", "gone"])
def test_an_account_that_is_no_more_cannot_be_renewed_by_waiting(fake, state):
    fake.accounts[fake_bluesky.DID].state = state
    with pytest.raises(Refused, match="has ended") as no:
        world.adapter(fake).renew()
    assert no.value.reconnect
    assert not no.value.transient


def test_the_renewal_of_another_account_is_not_taken(fake):
    other = fake_bluesky.token(fake_bluesky.REFRESH, did="did:plc:fakeann")
    with pytest.raises(Refused, match="another account"):
        world.adapter(fake, refresh=other).renew()


def test_health_says_how_long_we_are_signed_in_and_what_is_left(fake):
    found = world.adapter(fake).health()
    assert timedelta(days=89) < found.expires_at - datetime.now(UTC) <= timedelta(days=90)
    assert found.missing == ()
    assert found.left[0].startswith("Bluesky takes 2,987 more calls of this kind until ")


def test_health_says_what_is_wrong(fake):
    fake.accounts[fake_bluesky.DID].state = "deactivated"
    with pytest.raises(Refused, match="deactivated") as no:
        world.adapter(fake).health()
    assert no.value.reconnect
    with pytest.raises(Refused) as no:
        world.adapter(fake, access=fake_bluesky.token(life=-5)).health()
    assert no.value.expired
    for state in ("suspended", "gone"):
        fake.accounts[fake_bluesky.DID].state = state
        with pytest.raises(Refused, match="does not find the account any more") as no:
            world.adapter(fake).health()
        assert no.value.reconnect


@pytest.mark.parametrize(
    "token", ["", "a", "a.b.c", "a.bnVsbA.c", "a.eyJleHAiOiAiMSJ9.c", "a.eyJleHAiOiAxZTMwMH0.c"]
)
def test_a_token_that_does_not_say_when_it_ends_ends_nowhere(token):
    assert session.expires(token) is None
    assert not session.is_of_main_password(token)
