"""Workers that die, answers that are lost or late, two workers at once, a hold in between: a change is made, and is
made once in the ledger; other words never leave after a hold's commit.
"""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection

from quarterdeck.changes import intake, making, reads, verbs
from quarterdeck.changes.models import Change
from quarterdeck.changes.tests.fake_editing import Dead, FakeEditingAdapter
from quarterdeck.changes.tests.world import LATER, cycle, delivery, out, until_settled
from quarterdeck.changes.verbs import working
from quarterdeck.channels import adapters
from quarterdeck.core import clock
from quarterdeck.ledger.models import Pending
from quarterdeck.publishing.verbs import holds
from tests import make

HOUR = timedelta(hours=1)


@pytest.fixture
def fake(monkeypatch):
    FakeEditingAdapter.reset()
    monkeypatch.setitem(adapters.NETWORKS, "sandbox", FakeEditingAdapter)
    yield FakeEditingAdapter
    FakeEditingAdapter.reset()


def kinds(change: Change) -> list[str]:
    """What was recorded of changes to its delivery since it was asked for, oldest first."""
    rows = Pending.objects.filter(about_id=change.delivery_id, kind__startswith="changes.").order_by("id")
    every = [row.kind.rpartition(".")[2] for row in rows]
    return every[len(every) - every[::-1].index("asked") - 1 :]


# --- every pair of faults, against a short model ------------------------------------------------------

IN_CALL = [
    "lost before",
    "lost after",
    "late",
    "busy",
    "refused",
    "dies at the gate",
    "dies at the first byte",
]
OF_OURS = ["dies claimed", "dies beginning", "dies begun", "dies answered", "dies finishing"]
FAULTS = ["", *IN_CALL, *OF_OURS]


def model(faults: tuple[str, ...]) -> tuple[str, bool]:
    """What a change must have come to after calls with these faults and then good ones: its state, and whether the
    words stand there."""
    stands = False
    for fault in faults:
        if fault == "refused":
            return "refused", stands
        stands = stands or fault in {
            "lost after",
            "dies at the first byte",
            "dies answered",
            "dies finishing",
            "",
        }
        if fault == "":
            break
    return "done", True


def dying(monkeypatch, fault: str) -> None:
    """The next step of our own at this boundary is the worker's last."""
    real_begin, real_finish = working.begin, working.finish

    def begin(*given):
        if fault == "dies claimed":
            raise Dead
        change = real_begin(*given)
        if fault == "dies begun":
            raise Dead
        return change

    def finish(*given):
        if fault == "dies answered":
            raise Dead
        return real_finish(*given)

    def committing(*given):
        raise Dead

    monkeypatch.setattr(working, "begin", begin)
    monkeypatch.setattr(working, "finish", finish)
    if fault == "dies beginning":
        monkeypatch.setattr(working, "_may_begin", committing)
    if fault == "dies finishing":
        monkeypatch.setattr(working, "_made", committing)


PAIRS = {  # each fault first, and after it one of each kind of answer; a proof tries every pair
    "edit": list(itertools.product(FAULTS, ["lost after", "refused"])),
    "remove": [(one, "") for one in FAULTS],
}


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["edit", "remove"])
def test_whatever_two_calls_in_a_row_meet_it_ends_as_the_model_says(fake, monkeypatch, how):
    try_all(fake, monkeypatch, how, PAIRS[how])


@pytest.mark.prove
@pytest.mark.django_db
def test_every_pair_of_faults_ends_as_the_model_says(fake, monkeypatch):
    try_all(fake, monkeypatch, "edit", list(itertools.product(FAULTS, repeat=2)))


def try_all(fake, monkeypatch, how: str, pairs: list[tuple[str, str]]) -> None:
    w, post = out()
    row = delivery(post)
    at = LATER
    for number, faults in enumerate(pairs):
        fake.reset()
        change = ask(w, post, how, number, at)
        for fault in (*faults, "", ""):
            change.refresh_from_db()
            if change.ended_at:
                break
            at += timedelta(minutes=5)  # longer than a lease and the pauses so far
            with monkeypatch.context() as patched:
                fake.faults[:] = [fault] if fault in IN_CALL else []
                dying(patched, fault)
                with contextlib.suppress(Dead):
                    cycle(at)
        change.refresh_from_db()
        state, stands = model(faults)
        assert (change.state, change.lease_until) == (state, None), faults
        assert (fake.stands.get(row.remote_id) == change.text) == stands, faults
        assert len(fake.applied) <= 1, faults
        counted = kinds(change)
        assert [counted.count(one) for one in ("asked", "made", "refused")] == [
            1,
            state == "done",
            state == "refused",
        ], (faults, counted)
        if how == "remove":
            row.refresh_from_db()
            assert (row.removed_at is not None) == (state == "done"), faults
            w, post = out(w=w)
            row = delivery(post)


def ask(w, post, how: str, number: int, at) -> Change:
    with clock.at(at):
        if how == "edit":
            return verbs.edit(post, by=w.author, parts=[f"Soup {number}."], channels=[w.channel])[0]
        return verbs.remove([delivery(post)], by=w.author, reason="Wrong.")[0]


@pytest.mark.django_db
def test_no_answer_however_often_it_is_tried_asks_a_person_with_the_evidence(fake):
    w, post = out()
    change = ask(w, post, "edit", 1, LATER)
    fake.faults[:] = ["lost after"] * 20
    at = until_settled(change, LATER)
    assert (change.state, change.asks, len(fake.calls)) == ("unknown", True, len(working.PAUSES) + 1)
    assert timedelta(minutes=10) < at - LATER < timedelta(minutes=30)
    assert "no answer said that it was taken" in change.evidence
    assert cycle(at + HOUR) == 0
    fake.faults.clear()
    with clock.at(at + HOUR):
        verbs.retry(change, by=w.author)
    cycle(at + HOUR)
    change.refresh_from_db()
    assert (change.word, len(fake.applied)) == ("edited", 1)


@pytest.mark.django_db
def test_busy_however_often_it_is_tried_is_refused_and_nothing_was_changed(fake):
    w, post = out()
    change = ask(w, post, "edit", 1, LATER)
    fake.faults[:] = ["busy"] * 20
    until_settled(change, LATER)
    assert (change.state, change.asks, fake.applied) == ("refused", True, [])


# --- two workers --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_worker_whose_lease_ran_out_changes_nothing_any_more(fake):
    """It stands before the gate while another makes the change, and then still other words are asked for and made."""
    w, post = out()
    change = ask(w, post, "edit", 1, LATER)

    def another() -> None:
        fake.before.clear()
        cycle(LATER + timedelta(minutes=5))
        ask(w, post, "edit", 2, LATER + timedelta(minutes=6))
        cycle(LATER + timedelta(minutes=6))

    fake.before.append(another)
    cycle(LATER)
    change.refresh_from_db()
    assert change.word == "edited"
    assert [text for _, text in fake.calls] == ["Soup 1.", "Soup 2."]
    assert make.kinds_recorded(w.author.workspace).count("changes.edit.made") == 2


@pytest.mark.django_db
def test_while_another_has_begun_it_the_one_before_neither_calls_nor_writes(fake):
    w, post = out()
    change = ask(w, post, "edit", 1, LATER)

    def another_begins() -> None:
        fake.before.clear()
        with clock.at(LATER + timedelta(minutes=5)):
            (claimed,) = intake.claim(1, clock.now())
            working.begin(claimed, {})

    fake.before.append(another_begins)
    cycle(LATER)
    change.refresh_from_db()
    assert (change.state, change.attempt, fake.calls) == ("sending", 2, [])
    assert kinds(change) == ["asked", "began", "began"]
    with pytest.raises(working.NotOurs):
        working.finish(working.Outcome(intake.Claimed(change.pk, 1), "made"))


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_each_change_once(fake):
    posts = [out() for _ in range(6)]
    changes = [verbs.edit(post, by=w.author, parts=["Soup."], channels=[w.channel])[0] for w, post in posts]
    fake.before.append(lambda: time.sleep(0.01))
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        try:
            while found := intake.claim(2, clock.now()):
                for claimed in found:
                    making.work(claimed)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(fake.calls) == len(fake.applied) == 6
    for change in changes:
        change.refresh_from_db()
        assert change.word == "edited"
        assert kinds(change) == ["asked", "began", "made"]


# --- a hold in between --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_hold_that_commits_before_the_first_byte_stops_it_there(fake):
    w, post = out()
    change = ask(w, post, "edit", 1, LATER)

    def hold() -> None:
        fake.before.clear()
        holds.place(w.author, reason="A storm.")

    fake.before.append(hold)
    cycle(LATER)
    change.refresh_from_db()
    assert (change.state, fake.calls) == ("planned", [])
    assert "it is held" in change.evidence
    assert kinds(change) == ["asked", "began", "withheld"]
    assert cycle(LATER + HOUR) == 0
    assert reads.next_due() is None


@pytest.mark.django_db(transaction=True)
def test_whoever_places_a_hold_waits_while_first_bytes_leave(fake):
    w, post = out()
    verbs.edit(post, by=w.author, parts=["Soup."], channels=[w.channel])
    times, placing = {}, []

    def place() -> None:
        try:
            holds.place(w.author, reason="A storm.")
            times["held"] = time.monotonic()
        finally:
            connection.close()

    def leave() -> None:
        thread = threading.Thread(target=place)
        thread.start()
        placing.append(thread)
        time.sleep(0.2)  # the bytes leave slowly; the hold is asked for meanwhile
        times["left"] = time.monotonic()

    fake.inside.append(leave)
    for claimed in intake.claim(5, clock.now()):
        making.work(claimed)
    placing[0].join()
    assert times["left"] < times["held"]
    assert len(fake.applied) == 1
