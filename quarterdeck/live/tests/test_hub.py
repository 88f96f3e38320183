"""The hub's boxes: bounded, coalesced, and nothing is forgotten that a page could still need."""

from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.live import hub as hubs
from quarterdeck.live.announcing import payloads
from quarterdeck.live.hub import BOX, Box, Hub

HERE, THERE = uuid.uuid4(), uuid.uuid4()


def listening() -> Hub:
    made = Hub()
    made.listening = True
    made._deaf_until = 0.0
    return made


def tell(hub: Hub, workspace: uuid.UUID, *pairs: tuple[str, str]) -> None:
    for payload in payloads(workspace, pairs):
        hub.deliver(payload)


def test_the_same_change_waits_once():
    box = Box(HERE)
    for _ in range(1000):
        box.put([("a", "1"), ("b", "2")])
    assert box.take() == (False, [("a", "1"), ("b", "2")])
    assert box.take() == (False, [])


@given(st.lists(st.integers(0, 3 * BOX), max_size=4 * BOX))
def test_a_box_never_holds_more_than_its_bound(numbers):
    box = Box(HERE)
    for number in numbers:
        box.put([("a", str(number))])
        assert len(box.pending) <= BOX
    resync, pairs = box.take()
    assert resync == (len(set(numbers)) > BOX)
    assert resync or {id for _, id in pairs} == {str(n) for n in numbers}


def test_a_box_that_must_look_at_everything_needs_no_list():
    box = Box(HERE)
    box.must_resync()
    box.put([("a", "1")])
    assert box.take() == (True, [])
    box.put([("a", "1")])
    assert box.take() == (False, [("a", "1")])


def test_a_workspace_hears_its_own():
    hub = listening()
    here, there = hub.open(HERE, 0.0), hub.open(THERE, 0.0)
    tell(hub, HERE, ("a", "1"))
    assert here.take() == (False, [("a", "1")])
    assert there.take() == (False, [])


def test_a_shut_box_hears_nothing_and_leaves_no_trace():
    hub = listening()
    box = hub.open(HERE, 0.0)
    hub.shut(box)
    tell(hub, HERE, ("a", "1"))
    assert box.take() == (False, [])
    assert (hub.boxes, hub.count()) == ({}, 0)
    hub.shut(box)


def test_membership_has_rights_looked_at_again():
    hub = listening()
    here, there = hub.open(HERE, 0.0), hub.open(THERE, 0.0)
    tell(hub, HERE, ("crew.member", "1"))
    assert (here.check, there.check) == (True, False)
    assert hub.open(HERE, 5.0).check


def test_a_late_page_gets_what_is_remembered_and_no_other_workspaces():
    hub = listening()
    tell(hub, HERE, ("a", "1"))
    tell(hub, THERE, ("a", "2"))
    assert hub.open(HERE, 5.0).take() == (False, [("a", "1")])
    assert hub.open(HERE, 0.0).take() == (False, [])


def test_a_page_older_than_what_is_remembered_looks_at_everything(monkeypatch):
    hub = listening()
    assert hub.open(HERE, hubs.REMEMBERED + 1).take() == (True, [])
    monkeypatch.setattr(hubs, "_REMEMBERED_AT_MOST", 3)
    small = listening()
    small._recent = type(small._recent)(maxlen=3)
    for n in range(4):
        tell(small, HERE, ("a", str(n)))
    assert small.open(HERE, 5.0).take() == (True, [])


def test_while_it_cannot_hear_every_new_page_looks_at_everything():
    hub = listening()
    hub.listening = False
    assert hub.open(HERE, 0.0).take() == (True, [])
    open_before = listening()
    box = open_before.open(HERE, 0.0)
    open_before._hears_again()
    assert box.take() == (True, [])
    assert open_before.open(HERE, 1.0).take() == (True, [])  # older than the new connection


def test_goodbye_reaches_every_box():
    hub = listening()
    boxes = [hub.open(HERE, 0.0), hub.open(THERE, 0.0)]
    hub.say_goodbye()
    assert all(box.closing and box.bell.is_set() for box in boxes)
