"""The wire: every pair arrives once, in order, in notices PostgreSQL takes."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.core.notify import LARGEST_PAYLOAD
from quarterdeck.live.announcing import parse, payloads

pairs = st.lists(st.tuples(st.text(max_size=40), st.text(max_size=200)), max_size=200)


@given(st.uuids(), pairs)
def test_what_goes_in_comes_out(workspace, events):
    sent = list(payloads(workspace, events))
    assert all(len(payload.encode()) <= LARGEST_PAYLOAD for payload in sent)
    got = [parse(payload) for payload in sent]
    assert all(found is not None and found[0] == workspace for found in got)
    assert [pair for found in got for pair in found[1]] == list(dict.fromkeys(events))


def test_nothing_is_no_notice():
    assert list(payloads(uuid.uuid4(), [])) == []


def test_a_pair_too_long_is_refused():
    with pytest.raises(ValueError):
        list(payloads(uuid.uuid4(), [("topic", "x" * 8000)]))


@given(st.text())
def test_rubbish_is_not_ours(text):
    assert parse(text) is None or text.startswith("{")
