"""The did:plc directory of the real tests: it takes what the real one would, and nothing else."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import pytest

from quarterdeck.channels.bluesky import _cbor
from tests.real.pds import directory

FIRST = {
    "type": "plc_operation",
    "rotationKeys": ["did:key:zQ3rotation"],
    "verificationMethods": {"atproto": "did:key:zQ3signing"},
    "alsoKnownAs": ["at://ann.test"],
    "services": {"atproto_pds": {"type": "AtprotoPersonalDataServer", "endpoint": "http://localhost:1"}},
    "prev": None,
    "sig": "signed",
}


def _call(place, path, post=None):
    body = json.dumps(post).encode() if post else None
    try:
        with urllib.request.urlopen(f"{place.address}/{path}", body, timeout=10) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


@pytest.fixture
def place():
    with directory.Directory() as running:
        yield running


def test_a_did_is_the_hash_of_its_first_operation(place):
    did = directory.name(FIRST)
    assert _call(place, "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", FIRST)[0] == 400
    assert _call(place, did)[0] == 404
    assert _call(place, did, FIRST)[0] == 200
    status, document = _call(place, did.replace(":", "%3A"))
    assert (status, document["id"], document["alsoKnownAs"]) == (200, did, ["at://ann.test"])
    assert document["service"][0]["serviceEndpoint"] == "http://localhost:1"
    assert document["verificationMethod"][0]["publicKeyMultibase"] == "zQ3signing"


def test_an_operation_follows_the_last_one(place):
    did = directory.name(FIRST)
    moved = FIRST | {"prev": _cbor.cid(FIRST), "alsoKnownAs": ["at://bob.test"]}
    assert _call(place, did, FIRST)[0] == 200
    assert _call(place, did, FIRST)[0] == 400
    assert _call(place, did, moved)[0] == 200
    assert _call(place, did, moved)[0] == 400
    assert _call(place, f"{did}/data")[1]["alsoKnownAs"] == ["at://bob.test"]
    assert _call(place, f"{did}/log/last")[1] == moved
    assert _call(place, f"{did}/log")[1] == [FIRST, moved]


def test_an_operation_is_signed_and_of_the_known_kind(place):
    for wrong in ({"sig": ""}, {"type": "plc_tombstone"}):
        operation = FIRST | wrong
        assert _call(place, directory.name(operation), operation)[0] == 400
