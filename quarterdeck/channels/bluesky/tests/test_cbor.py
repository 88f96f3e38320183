"""Content identifiers. The real server's own are held against ours in tests/real."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.channels.bluesky import _cbor

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("value", "encoded"),
    [  # RFC 8949, Appendix A
        (0, "00"),
        (23, "17"),
        (24, "1818"),
        (1000, "1903e8"),
        (1000000, "1a000f4240"),
        (1000000000000, "1b000000e8d4a51000"),
        (-1, "20"),
        (-1000, "3903e7"),
        (False, "f4"),
        (True, "f5"),
        (None, "f6"),
        ("", "60"),
        ("\u00fc", "62c3bc"),
        ("\U00010151", "64f0908591"),
        ([1, [2, 3], [4, 5]], "8301820203820405"),
        ({"a": 1, "b": [2, 3]}, "a26161016162820203"),
        ([*range(1, 26)], "98190102030405060708090a0b0c0d0e0f101112131415161718181819"),
        ({"$bytes": "AQIDBA"}, "4401020304"),
    ],
)
def test_the_examples_of_the_standard(value, encoded):
    assert _cbor.encode(value).hex() == encoded


def test_the_keys_of_an_object_stand_by_length_and_then_by_bytes():
    assert _cbor.encode({"bb": 1, "c": 2, "ab": 3, "é": 4}) == _cbor.encode(
        {"é": 4, "ab": 3, "c": 2, "bb": 1}
    )
    assert _cbor.encode({"bb": 1, "c": 2, "ab": 3}).hex() == "a36163026261620362626201"


def test_a_link_is_tag_42_of_its_bytes_behind_a_zero():
    link = _cbor.of_hash(hashlib.sha256(b"soup").digest())
    raw = bytes((0, 1, 0x55, 0x12, 32)) + hashlib.sha256(b"soup").digest()
    assert _cbor.encode({"$link": link}) == bytes.fromhex("d82a5825") + raw
    assert link.startswith("bafkrei")


def test_an_identifier_is_of_version_1_and_names_dag_cbor():
    assert _cbor.cid({}).startswith("bafyrei")
    assert len(_cbor.cid({})) == 59


@given(VALUES, VALUES)
def test_different_values_have_different_encodings(one, other):
    same = _cbor.encode(one) == _cbor.encode(other)
    assert same == (repr(one) == repr(other) or _plain(one) == _plain(other))


def _plain(value):
    """Equal for equal data: True is not 1, and the order of keys does not count."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return type(value), value


@pytest.mark.parametrize(
    "wrong",
    [1.5, b"raw", 2**63, "\ud800", {1: 2}, {"$link": "zQm"}, {"$link": "b1"}, {"$link": 4}, {"$bytes": None}],
)
def test_what_is_not_in_the_data_model_is_refused(wrong):
    with pytest.raises(_cbor.NotData):
        _cbor.encode(wrong)
