"""Connecting: by signing in at the server, or with a token made there by hand; half an answer connects nothing."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest

from quarterdeck.channels import calls
from quarterdeck.channels.contract import Account, Connected, Elsewhere, Refused
from quarterdeck.channels.mastodon import limits, server, signing
from quarterdeck.channels.mastodon.adapter import MastodonAdapter
from quarterdeck.channels.mastodon.connection import MastodonConnector
from quarterdeck.channels.mastodon.tests import fake_oauth, world
from quarterdeck.channels.mastodon.tests.fake_mastodon import EVERYTHING, TOKEN, FakeMastodon

BACK = "http://localhost:8300/w/harbour/channels/connect/mastodon/back/"


def begun(fake) -> Elsewhere:
    found = MastodonConnector().begin({"server": fake.url, "token": ""}, back=BACK)
    assert isinstance(found, Elsewhere)
    return found


def completed(fake, elsewhere: Elsewhere | None = None, **other) -> Connected:
    elsewhere = elsewhere or begun(fake)
    answer = fake_oauth.allow(fake, fake_oauth.asked_at(elsewhere.url))
    return MastodonConnector().complete(elsewhere.keep, answer | other)


def speaker(found: Connected) -> MastodonAdapter:
    return MastodonAdapter(
        Account(found.handle, found.remote_id, found.server, found.secrets.values, found.facts)
    )


@pytest.mark.parametrize("pkce", [True, False])
def test_signed_in_at_the_server_and_able_to_publish(pkce):
    with FakeMastodon(pkce=pkce) as fake:
        found = completed(fake)
        assert (found.handle, found.remote_id, found.name) == ("harbour@fake.example", "109", "Harbour")
        assert found.server == fake.url
        assert found.secrets.expires_at is None
        assert found.facts["limits"]["text"] == 500
        assert found.facts["scopes"] == sorted(EVERYTHING.split())
        assert json.loads(json.dumps(found.facts)) == found.facts
        connected = speaker(found)
        assert connected.health().missing == ()
        connected.publish(world.key(), world.body(connected, "Hello", world.image()), gate=world.Gate())
        assert len(fake.posts) == 1


def test_what_is_asked_for_is_no_more_than_is_needed(fake, other):
    assert fake_oauth.asked_at(begun(fake).url)["scope"] == EVERYTHING
    assert fake_oauth.asked_at(begun(other).url)["scope"] == "read write"
    assert completed(other).facts["software"] == "pleroma"


def test_the_page_a_person_is_sent_to_leads_back(fake):
    elsewhere = begun(fake)
    assert urlsplit(elsewhere.url).path == "/oauth/authorize"
    page = calls.client().get(elsewhere.url).text
    assert "Fake Mastodon" in page
    assert BACK in page


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"error": "access_denied"}, "You did not allow it"),
        ({"error": "server_error"}, "did not let you sign in"),
        ({"code": ""}, "did not let you sign in"),
        ({"code": "another"}, "used already, or took too long"),
        ({"state": "forged"}, "does not belong to the sign-in that was begun here"),
        ({"state": ""}, "does not belong to the sign-in that was begun here"),
        ({"state": "fälschung"}, "does not belong to the sign-in that was begun here"),
        ({"iss": "https://elsewhere.example"}, "does not come from 127.0.0.1"),
    ],
)
def test_what_comes_back_wrong_connects_nothing(fake, answer, words):
    with pytest.raises(Refused, match=words):
        completed(fake, **answer)


def test_the_right_issuer_is_taken(fake):
    assert completed(fake, iss=f"{fake.url}/").remote_id == "109"


def test_a_code_is_used_once(fake):
    elsewhere = begun(fake)
    answer = fake_oauth.allow(fake, fake_oauth.asked_at(elsewhere.url))
    MastodonConnector().complete(elsewhere.keep, answer)
    with pytest.raises(Refused, match="used already"):
        MastodonConnector().complete(elsewhere.keep, answer)


def test_half_granted_permissions_are_refused_by_name(fake):
    fake.scopes_allowed = {"read:accounts", "read:statuses", "write:statuses"}
    with pytest.raises(
        Refused, match=r"not allowed to upload images \(write:media\)\. Nothing was connected"
    ):
        completed(fake)
    fake.scopes_allowed = {"read"}
    with pytest.raises(Refused, match=r"publish posts \(write:statuses\) and upload images \(write:media\)"):
        completed(fake)
    fake.scopes_allowed = {"profile", "read:statuses", "write"}
    assert signing.missing(fake.scopes_allowed) == []


@pytest.mark.parametrize("call", ["POST /api/v1/apps", "POST /oauth/token", "GET /api/v2/instance"])
def test_a_server_in_trouble_is_asked_again_later(fake, call):
    fake.then({"fault": "500_before", "on": call})
    with pytest.raises(Refused) as raised:
        completed(fake)
    assert raised.value.transient


# --- a token made by hand ---------------------------------------------------------------------------------


def by_hand(fake, token: str = TOKEN) -> Connected:
    found = MastodonConnector().begin({"server": fake.url, "token": f" {token} "}, back=BACK)
    assert isinstance(found, Connected)
    return found


def test_connected_with_a_token_made_by_hand(fake, other):
    found = by_hand(fake)
    assert found.secrets.values["access_token"] == TOKEN
    assert "access_token" not in found.facts
    assert speaker(found).health().missing == ()
    assert by_hand(other).handle == "harbour@fake.example"


@pytest.mark.parametrize(
    ("scopes", "words"),
    [
        ("read write:media", r"publish posts \(write:statuses\)"),
        ("read write:statuses", r"upload images \(write:media\)"),
        ("profile write read:accounts", r"read the account’s posts \(read:statuses\)"),
        ("read", r"publish posts \(write:statuses\) and upload images \(write:media\)"),
        ("write read:statuses", r"see whose account it is \(read:accounts\)"),
    ],
)
def test_a_token_that_may_do_too_little_is_refused_by_what_is_missing(fake, scopes, words):
    fake.tokens[TOKEN].scopes = set(scopes.split())
    with pytest.raises(Refused, match=words):
        by_hand(fake)
    assert not fake.posts


@pytest.mark.parametrize("token", ["wrong", "two words", "zwölf", "x" * 1001])
def test_a_token_that_is_none(fake, token):
    with pytest.raises(Refused) as raised:
        by_hand(fake, token)
    assert token not in raised.value.words


def test_a_login_that_is_disabled_is_said_so(fake):
    fake.then({"fault": "suspended", "on": "GET /api/v1/media/0"})
    with pytest.raises(Refused, match="Your login is currently disabled"):
        by_hand(fake)


# --- which server -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("mastodon.social", "https://mastodon.social"),
        (" Mastodon.Social. ", "https://mastodon.social"),
        ("@me@mastodon.social", "https://mastodon.social"),
        ("me@mastodon.social", "https://mastodon.social"),
        ("https://mastodon.social/@me", "https://mastodon.social"),
        ("https://mastodon.social:8443/x?y#z", "https://mastodon.social:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("127.0.0.1:8000", "https://127.0.0.1:8000"),
        ("https://me:secret@mastodon.social", "https://mastodon.social"),
    ],
)
def test_names_handles_and_addresses_are_taken(typed, address):
    assert server.address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "@",
        "@me",
        "mastodon",
        "http://mastodon.social",
        "ftp://mastodon.social",
        "a b.example",
        "x" * 300 + ".y",
    ]
    + ["127.1", "0x7f.1", "https://", "mastodon.social:22", "mastodon.social:x", "[::1", "a\0b.example"],
)
def test_what_names_no_server_is_refused_in_words(typed):
    with pytest.raises(Refused) as raised:
        server.address(typed)
    assert raised.value.words.endswith(".")


def test_a_private_place_is_only_called_where_the_owner_named_it(monkeypatch, fake):
    monkeypatch.setenv("QUARTERDECK_PRIVATE_HOSTS", "")
    calls.client.cache_clear()
    with pytest.raises(Refused, match="Only https"):
        server.address(fake.url)
    with pytest.raises(Refused, match="inside a private network"):
        server.facts(server.address(f"https://127.0.0.1:{fake.port}"))
    assert fake.requests == []


def test_a_server_with_only_the_older_instance_call(fake):
    fake.instance_v2 = False
    _, facts = server.facts(fake.url)
    assert (facts["domain"], facts["software"], facts["limits"]["text"]) == ("fake.example", "mastodon", 500)


@pytest.mark.parametrize("path", ["GET /api/v2/instance", "GET /api/v1/instance"])
def test_something_else_than_a_mastodon_server(fake, path):
    fake.instance_v2 = path.endswith("v2/instance")
    fake.then(
        {"fault": "not_json", "on": "GET /api/v2/instance"},
        {"fault": "not_json", "on": "GET /api/v1/instance"},
    )
    with pytest.raises(Refused, match="does not answer as a Mastodon server"):
        server.facts(fake.url)
    fake.faults.clear()


@pytest.mark.parametrize(
    "instance",
    [
        {},
        {"configuration": None},
        {"configuration": {"statuses": [], "media_attachments": 7}},
        {"configuration": {"statuses": {"max_characters": -1, "max_media_attachments": "4"}}},
        {
            "configuration": {
                "statuses": {"max_characters": True},
                "media_attachments": {"supported_mime_types": {}},
            }
        },
        {"max_toot_chars": 10**15},
    ],
)
def test_limits_that_make_no_sense_are_not_believed(instance):
    assert limits.of({"limits": limits.said(instance)}) == limits.Taken()


def test_limits_of_the_server_itself():
    told = {
        "statuses": {"max_characters": 5000, "max_media_attachments": 16, "characters_reserved_per_url": 30}
    }
    told["media_attachments"] = {
        "supported_mime_types": ["image/webp", "video/mp4", 7],
        "description_limit": 10,
    }
    taken = limits.of({"limits": limits.said({"configuration": told})})
    assert (taken.text, taken.images, taken.per_url, taken.description) == (5000, 16, 30, 10)
    assert taken.mimes == ("image/webp",)
    assert taken.image_size == limits.IMAGE_SIZE.value
