"""Signing in at the network: there and back, what is refused on the way and why, renewing and ending it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client

from quarterdeck.channels.bluesky import client, dpop
from quarterdeck.channels.bluesky.adapter import BlueskyAdapter
from quarterdeck.channels.bluesky.connection import BlueskyConnector
from quarterdeck.channels.bluesky.tests import fake_bluesky, fake_oauth, world
from quarterdeck.channels.contract import Account, Connected, Refused
from quarterdeck.core import clock, reach

pytestmark = pytest.mark.django_db
BACK = "http://localhost:8300/channels/back/"
PUBLIC = "https://desk.example.org"
ANN = "did:plc:fakeann"


def _begin(fake, back=BACK, **changed):
    typed = {"server": fake.url, "handle": fake_bluesky.HANDLE, "password": ""} | changed
    return BlueskyConnector().begin(typed, back=back)


def _complete(fake, begun, **changed) -> Connected:
    answer = fake_oauth.allow(fake, begun.url) | changed
    return BlueskyConnector().complete(begun.keep, {k: v for k, v in answer.items() if v is not None})


def _account(found: Connected) -> Account:
    return Account(found.handle, found.remote_id, found.server, found.secrets.values, found.facts)


def _public(fake) -> str:
    """A public address that was tested; the fake reads our document there. The name of the client."""
    reach.set_public_url(PUBLIC)
    reach.note_passed(PUBLIC, "browser")
    document = client.document()
    fake.oauth.clients[document["client_id"]] = json.loads(json.dumps(document))
    return document["client_id"]


@pytest.fixture(autouse=True)
def _public_address_is_read_anew():
    reach.forget()
    yield
    reach.forget()


# --- there and back -----------------------------------------------------------------------------------


def test_signed_in_there_and_published(fake):
    begun = _begin(fake, handle=f"@{fake_bluesky.HANDLE.upper()}")
    assert begun.url.startswith(f"{fake.url}/oauth/authorize?")
    assert begun.keep["state"] not in begun.url
    found = _complete(fake, begun)
    assert (found.handle, found.remote_id, found.server) == (fake_bluesky.HANDLE, fake_bluesky.DID, fake.url)
    assert found.secrets.values.keys() == {"access", "refresh", "key", "renewed_at"}
    assert timedelta(minutes=59) < found.secrets.expires_at - clock.now() <= timedelta(minutes=60)
    assert found.facts["blob_limit"] == 5 * 1024 * 1024
    assert begun.keep["verifier"] not in repr(found)
    assert world.published(BlueskyAdapter(_account(found))).remote_id
    assert [one["text"] for one in fake.made] == ["Soup at noon."]


def test_a_permanent_name_does_as_well_as_a_handle(fake):
    assert _complete(fake, _begin(fake, handle=fake_bluesky.DID)).handle == fake_bluesky.HANDLE


def test_on_this_machine_people_come_back_by_number_whatever_the_port(fake):
    begun = _begin(fake)
    asked = parse_qs(urlsplit(begun.keep["client_id"]).query)
    assert asked["redirect_uri"] == ["http://127.0.0.1/channels/back/"]
    assert begun.keep["back"] == "http://127.0.0.1:8300/channels/back/"


@pytest.mark.parametrize(
    "back", ["http://192.168.1.7:8300/channels/back/", "https://desk.example.org/channels/back/"]
)
def test_elsewhere_without_a_tested_address_the_other_way_is_named(fake, back):
    with pytest.raises(Refused, match="app password; that works everywhere"):
        _begin(fake, back)
    assert fake.requests == []


@pytest.mark.parametrize(
    "address", ["http://desk.example.org", "https://desk.example.org:8443", "https://192.0.2.7"]
)
def test_an_address_that_cannot_name_a_client_is_not_used_as_one(fake, address):
    reach.set_public_url(address)
    reach.note_passed(address, "browser")
    assert client.document() is None
    assert client.is_local(_begin(fake).keep["client_id"])


def test_an_address_that_was_not_tested_is_not_used(fake):
    reach.set_public_url(PUBLIC)
    assert client.is_local(_begin(fake).keep["client_id"])


def test_with_a_tested_address_we_sign_who_we_are(fake):
    name = _public(fake)
    begun = _begin(fake)
    assert (begun.keep["client_id"], begun.keep["back"]) == (name, f"{PUBLIC}/channels/back/")
    account = _account(_complete(fake, begun))
    assert fake.oauth.sessions[0].client_key  # by our own key
    ada = BlueskyAdapter(account)
    assert ada.capabilities.renews
    assert timedelta(days=89) < ada.health().expires_at - clock.now() <= timedelta(days=90)
    fresh = replace(account, secrets=ada.renew().over(account.secrets))
    BlueskyAdapter(fresh).revoke()
    assert fake.oauth.sessions[0].ended


def test_the_document_at_our_name(fake):
    _public(fake)
    answer = Client(headers={"host": "localhost"}).get("/oauth-client-metadata.json")
    found = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert found["client_id"] == f"{PUBLIC}/oauth-client-metadata.json"
    assert found["redirect_uris"] == [f"{PUBLIC}/channels/back/"]
    (key,) = found["jwks"]["keys"]
    assert key.keys() == {"kty", "crv", "x", "y", "kid", "use", "alg"}


def test_without_a_public_address_there_is_no_document(fake):
    assert Client(headers={"host": "localhost"}).get("/oauth-client-metadata.json").status_code == 404


# --- before anybody is sent anywhere ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"handle": "nobody.fake.test"}, "No account is known by the handle nobody.fake.test"),
        ({"handle": "ada@example.org"}, "an e-mail address does not do here"),
        ({"handle": "harbour kitchen"}, "That is not a handle"),
        ({"handle": "did:plc:tooshort"}, "not the permanent name"),
        ({"handle": "did:key:z6Mk"}, "not the permanent name"),
        ({"handle": "did:plc:zzzzzzzzzzzzzzzzzzzzzzzz"}, "Nothing is known of the account"),
        ({"handle": ""}, "needs the account’s handle"),
    ],
)
def test_an_account_that_cannot_be_found_is_said_at_its_field(fake, typed, says):
    with pytest.raises(Refused, match=says) as no:
        _begin(fake, **typed)
    assert no.value.field == "handle"
    assert fake.oauth.requests == {}


DOCUMENTS = [
    ({"alsoKnownAs": ["at://other.fake.test"]}, "does not call itself so"),
    ({"alsoKnownAs": "at://harbour.fake.test"}, "does not call itself so"),
    ({"id": "did:plc:otherotherotherotherother"}, "Nothing is known"),
    ({"service": []}, "does not say which server keeps it"),
    ({"service": [{"type": "AtprotoPersonalDataServer", "serviceEndpoint": 7}]}, "which server keeps it"),
]
for bad in (
    "http://example.org",
    "https://user:word@example.org",
    "https://example.org/x",
    "ftp://example.org",
):
    service = {"type": "AtprotoPersonalDataServer", "serviceEndpoint": bad}
    DOCUMENTS.append(({"service": [service]}, "which server keeps it"))


@pytest.mark.parametrize(("document", "says"), DOCUMENTS)
def test_what_the_directory_says_must_fit(fake, document, says):
    fake.oauth.document = document
    with pytest.raises(Refused, match=says):
        _begin(fake)
    assert fake.oauth.requests == {}


METADATA = [
    {"issuer": "https://bsky.social"},
    {"issuer": None},
    {"authorization_endpoint": "javascript:alert(1)"},
    {"authorization_endpoint": "http://example.org/authorize"},
    {"token_endpoint": "http://example.org/token"},
    {"token_endpoint": "https://example.org:22/token"},
    {"pushed_authorization_request_endpoint": ""},
    {"code_challenge_methods_supported": ["plain"]},
    {"dpop_signing_alg_values_supported": "ES256"},
    {"scopes_supported": ["openid"]},
    {"authorization_response_iss_parameter_supported": False},
    {"require_pushed_authorization_requests": None},
    {"client_id_metadata_document_supported": "true"},
    {"grant_types_supported": ["authorization_code"]},
]


@pytest.mark.parametrize("metadata", METADATA, ids=lambda one: next(iter(one)))
def test_an_authorization_server_that_lacks_anything_is_not_used(fake, metadata):
    fake.oauth.metadata = metadata
    with pytest.raises(Refused, match="connect with an app password instead"):
        _begin(fake)
    assert fake.oauth.requests == {}


@pytest.mark.parametrize(
    "resource",
    [
        {"authorization_servers": []},
        {"authorization_servers": ["https://a.example", "https://b.example"]},
        {"authorization_servers": ["http://example.org"]},
        {"authorization_servers": ["https://example.org/"]},
        {"authorization_servers": "https://example.org"},
        {"resource": "https://example.org"},
    ],
)
def test_a_server_that_does_not_say_clearly_where_to_sign_in(fake, resource):
    fake.oauth.resource = resource
    with pytest.raises(Refused, match="does not say clearly where to sign in"):
        _begin(fake)


def test_a_server_without_this_way_names_the_other(fake):
    fake.oauth.offers = False
    with pytest.raises(Refused, match="connect with an app password instead"):
        _begin(fake)


def test_a_server_that_takes_no_localhost_client_names_the_other_way(fake):
    fake.oauth.takes_local = False
    with pytest.raises(Refused, match="only installations with a public address"):
        _begin(fake)


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "500_before", "429:30", "not_json"])
def test_a_server_in_trouble_is_said_in_words(fake, fault):
    fake.then({"fault": fault, "on": "POST /oauth/par"})
    with pytest.raises(Refused) as no:
        _begin(fake)
    assert no.value.transient
    assert no.value.words.endswith(".")


# --- back again ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"state": "another"}, "does not belong to the sign-in that was begun here"),
        ({"state": None}, "does not belong"),
        ({"iss": "https://evil.example"}, "does not come from where you were sent"),
        ({"iss": None}, "does not come from where you were sent"),
        ({"code": None}, "did not let you sign in"),
        ({"code": None, "error": "access_denied"}, "You did not allow it"),
        ({"error": "server_error"}, "did not let you sign in"),
        ({"code": "made-up"}, "used already, or took too long"),
    ],
)
def test_an_answer_that_is_not_the_one_connects_nothing(fake, answer, says):
    with pytest.raises(Refused, match=says):
        _complete(fake, _begin(fake), **answer)
    assert fake.oauth.sessions == []


def test_declined_there(fake):
    begun = _begin(fake)
    with pytest.raises(Refused, match="You did not allow it at Bluesky"):
        BlueskyConnector().complete(begun.keep, fake_oauth.decline(fake, begun.url))


def test_a_code_is_good_once_and_only_with_what_was_kept(fake):
    begun = _begin(fake)
    answer = fake_oauth.allow(fake, begun.url)
    for changed in ({"verifier": "x" * 64}, {}):
        with pytest.raises(Refused, match="used already, or took too long"):
            BlueskyConnector().complete(dict(begun.keep) | changed, answer)


def test_the_key_of_another_sign_in_does_not_do(fake):
    begun = _begin(fake)
    with pytest.raises(Refused, match="used already"):
        BlueskyConnector().complete(
            dict(begun.keep) | {"key": dpop.new_key()}, fake_oauth.allow(fake, begun.url)
        )


def test_signed_in_as_somebody_else_is_refused_and_ended_there(fake):
    begun = _begin(fake)
    with pytest.raises(Refused, match="as another account than @harbour.fake.test"):
        BlueskyConnector().complete(begun.keep, fake_oauth.allow(fake, begun.url, did=ANN))
    assert fake.oauth.sessions[0].ended


@pytest.mark.parametrize(
    "answer",
    [{"sub": None}, {"scope": "atproto"}, {"scope": None}, {"token_type": "Bearer"}, {"access_token": 7}],
)
def test_a_token_that_is_not_what_was_asked_for_is_ended_there(fake, answer):
    begun = _begin(fake)
    fake.oauth.answer = answer
    with pytest.raises(Refused) as no:
        _complete(fake, begun)
    assert no.value.words.endswith(".")
    assert fake.oauth.sessions[0].ended


def test_an_account_that_moved_to_another_authorization_server_meanwhile_is_refused(fake):
    """Any server may give out tokens for any account: only the one that the account's server names counts."""
    begun = _begin(fake)
    fake.oauth.resource = {"authorization_servers": ["https://elsewhere.example"]}
    with pytest.raises(Refused, match="does not name the place where you signed in"):
        _complete(fake, begun)
    assert fake.oauth.sessions[0].ended


def test_an_authorization_server_that_calls_itself_otherwise_by_then_is_refused(fake):
    begun = _begin(fake)
    fake.oauth.metadata = {"issuer": "https://elsewhere.example"}
    with pytest.raises(Refused, match="does not answer as the place to sign in"):
        _complete(fake, begun)


def test_a_request_that_has_expired_says_so_there(fake):
    begun = _begin(fake)
    for request in fake.oauth.requests.values():
        request["until"] = 0
    assert b"has expired" in httpx.get(begun.url).content
