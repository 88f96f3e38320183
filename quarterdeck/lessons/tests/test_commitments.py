"""A commitment: taken on and never given out, its first date for ever, kept only by somebody else's word."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, Forbidden, Invalid
from quarterdeck.crew.models import Member, Notification
from quarterdeck.lessons import agenda, reads, verbs
from quarterdeck.lessons.models import Commitment
from quarterdeck.lessons.models.commitments import State
from quarterdeck.lessons.tests import world
from quarterdeck.lessons.tests.world import FRIDAY, NEXT_FRIDAY, address, browser
from quarterdeck.lessons.verbs.reviews import Written
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday():
    with clock.at(world.NOON):
        yield


def text(response) -> str:
    return response.content.decode()


def desk(member: Member) -> list[str]:
    return [item.title for item in agenda.agenda(member, clock.now())]


def test_nobody_is_volunteered():
    w = world.four()
    asked = w.commitment(owner=w.lead)
    assert (asked.owner, asked.offered_to, asked.state) == (None, w.lead, State.OFFERED)
    assert Notification.objects.get(member=w.lead).subject == f"“{asked.what}” is offered to you"
    assert desk(w.lead) == [f"Will you take on “{asked.what}”?"]
    with pytest.raises(Conflict):
        verbs.take(asked, by=w.analyst)
    verbs.pass_up(asked, by=w.lead)
    assert desk(w.lead) == []
    assert f"Nobody has taken on “{asked.what}”" in desk(w.author)
    with pytest.raises(Conflict):
        verbs.pass_up(asked, by=w.lead)
    taken = verbs.take(asked, by=w.analyst)
    assert (taken.owner, taken.state) == (w.analyst, State.OPEN)
    with pytest.raises(Invalid):
        w.commitment(owner=w.observer)  # whose role keeps no commitments
    with pytest.raises(Invalid):
        w.commitment(owner=make.member("lead"))


def test_it_is_handed_on_only_by_who_has_it_and_only_with_a_yes():
    w = world.four()
    mine = w.commitment()
    with pytest.raises(Forbidden):
        verbs.offer(mine, by=w.lead, to=w.analyst)
    verbs.offer(mine, by=w.author, to=w.analyst)
    mine.refresh_from_db()
    assert (mine.owner, mine.state) == (w.author, State.OPEN)
    assert verbs.take(mine, by=w.analyst).owner == w.analyst


def test_the_first_date_stays_beside_the_present_one():
    w = world.four()
    mine = w.commitment()
    for given in ({"to": FRIDAY, "reason": "Same."}, {"to": date(2026, 3, 8), "reason": "Back."}):
        with pytest.raises(Invalid):
            verbs.move(mine, by=w.author, **given)
    with pytest.raises(Invalid):
        verbs.move(mine, by=w.author, to=NEXT_FRIDAY, reason=" ")
    with pytest.raises(Forbidden):
        verbs.move(mine, by=w.lead, to=NEXT_FRIDAY, reason="Theirs, not mine.")
    verbs.move(mine, by=w.author, to=NEXT_FRIDAY, reason="The kitchen is closed.")
    page = text(browser(w.observer).get(address(w.observer, f"commitments/{mine.pk}/")))
    for words in ("Fri 13 Mar", "Fri 20 Mar", "The kitchen is closed."):
        assert words in page
    mine.refresh_from_db()
    assert (mine.first_due, mine.due) == (FRIDAY, NEXT_FRIDAY)


def refused_by_the_database(sql: str, pk, *, with_event: Commitment | None = None) -> str:
    with pytest.raises(IntegrityError) as refused:
        raw(sql, pk, with_event)
    return str(refused.value)


@transaction.atomic
def raw(sql: str, pk, with_event: Commitment | None) -> None:
    event_id, kind = ids.new(), "lessons.commitment.verified"
    if with_event is not None:
        ledger.record(kind, actor=with_event.made_by, about=with_event, event_id=event_id)
    with connection.cursor() as cursor:
        cursor.execute(sql, [event_id, pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_itself_keeps_the_first_date_and_every_move():
    w = world.four()
    mine = w.commitment()
    moved = verbs.move(mine, by=w.author, to=NEXT_FRIDAY, reason="The kitchen is closed.")
    silent = "UPDATE lessons_commitment SET due = '2026-04-01', ledger_event_id = %s WHERE id = %s"
    assert "without an event" in refused_by_the_database(silent, mine.pk)
    first = "UPDATE lessons_commitment SET first_due = '2026-04-01', ledger_event_id = %s WHERE id = %s"
    assert "stays for ever" in refused_by_the_database(first, mine.pk, with_event=mine)
    move = "UPDATE lessons_move SET before = '2026-04-01', ledger_event_id = %s WHERE id = %s"
    assert "stays for ever" in refused_by_the_database(move, moved.pk, with_event=mine)
    own = (
        "UPDATE lessons_commitment SET state = 'kept', verified_by_id = owner_id, ledger_event_id = %s"
        " WHERE id = %s"
    )
    assert "commitment_verified_by_another" in refused_by_the_database(own, mine.pk, with_event=mine)


def test_its_owner_cannot_verify_it_and_somebody_else_can():
    w = world.four()
    mine = w.commitment()
    with pytest.raises(Conflict):
        verbs.verify(mine, by=w.lead)  # nobody said that it is done
    with pytest.raises(Forbidden):
        verbs.claim(mine, by=w.lead, word="Done by somebody.")
    for nothing in ({}, {"evidence": "javascript:alert(1)"}, {"evidence": "menu.pdf"}):
        with pytest.raises(Invalid):
            verbs.claim(mine, by=w.author, **nothing)
    verbs.claim(mine, by=w.author, word="The old file is gone.")
    with pytest.raises(Forbidden):
        verbs.verify(mine, by=w.author)
    with pytest.raises(Conflict):
        verbs.keep_alone(mine, by=w.author, word="I say so.")
    with pytest.raises(Conflict):
        verbs.move(mine, by=w.author, to=NEXT_FRIDAY, reason="Late.")
    look = f"Look whether “{mine.what}” was done"
    assert look in desk(w.lead)
    assert look not in desk(w.author)
    assert look not in desk(w.observer)
    verbs.send_back(mine, by=w.lead, reason="The printed menu still differs.")
    assert Notification.objects.filter(member=w.author, subject__contains="is not done yet").exists()
    verbs.claim(mine, by=w.author, evidence="https://harbour.example/menu")
    path = address(w.author, f"commitments/{mine.pk}/verified/")
    assert browser(w.author).post(path).status_code == 403
    assert browser(w.observer).post(path).status_code == 403
    browser(w.analyst).post(path)
    mine.refresh_from_db()
    assert (mine.state, mine.verified_by) == (State.KEPT, w.analyst)
    with pytest.raises(Conflict):
        verbs.drop(mine, by=w.author, reason="Too late.")


def test_a_team_of_one_says_that_nobody_looked():
    owner = make.member("owner")
    w = world.World(owner.workspace, owner, owner, owner, owner)
    mine = w.commitment()
    there = browser(owner)
    assert "Nobody else is here to look" in text(there.get(address(owner, f"commitments/{mine.pk}/")))
    there.post(address(owner, f"commitments/{mine.pk}/done/"), {"word": "The file is gone."})
    mine.refresh_from_db()
    assert (mine.state, mine.verified_by) == (State.UNVERIFIED, None)
    assert "kept, not verified" in text(there.get(address(owner, f"commitments/{mine.pk}/")))


@pytest.mark.parametrize(("verb", "state"), [(verbs.not_kept, State.NOT_KEPT), (verbs.drop, State.DROPPED)])
def test_it_ends_with_a_word(verb, state):
    w = world.four()
    mine = w.commitment()
    with pytest.raises(Invalid):
        verb(mine, by=w.author, reason="")
    with pytest.raises(Forbidden):
        verb(mine, by=w.lead, reason="Not mine.")
    assert verb(mine, by=w.author, reason="The printer was replaced.").state == state
    assert desk(w.author) == [f"Finish the review of “{mine.review.short}”"]


def test_it_comes_to_the_owners_desk_two_days_ahead_and_says_when_it_is_late():
    w = world.four()
    mine = w.commitment()
    item = next(one for one in agenda.agenda(w.author, clock.now()) if one.kind == "due")
    assert item.can_wait_until.isoformat() == "2026-03-11T09:00:00+01:00"
    with clock.at(datetime(2026, 3, 14, 8, 0, tzinfo=UTC)):
        item = next(one for one in agenda.agenda(w.author, clock.now()) if one.kind == "due")
        assert item.can_wait_until is None
        assert "was due Fri 13 Mar" in item.why
        late = text(browser(w.observer).get(address(w.observer, "commitments/?show=late")))
        assert mine.what in late
    assert not [one for one in agenda.agenda(w.lead, clock.now()) if one.kind == "due"]


def test_what_somebody_left_behind_can_be_taken_over():
    w = world.four()
    mine = w.commitment()
    Member.objects.filter(pk=w.author.pk).update(left_at=clock.now())
    assert verbs.take(mine, by=w.lead).owner == w.lead


def leaves(member: Member) -> None:
    Member.objects.filter(pk=member.pk).update(left_at=clock.now())


def test_what_somebody_left_behind_stands_on_the_desks_of_leads():
    w = world.four()
    mine = w.commitment()
    review = f"Finish the review of “{mine.review.short}”"
    assert desk(w.lead) == []
    leaves(w.author)
    assert sorted(desk(w.lead)) == [review, f"Nobody has “{mine.what}” any more"]
    assert desk(w.analyst) == []
    verbs.offer(mine, by=w.lead, to=w.analyst)
    assert desk(w.lead) == [review]  # somebody is asked
    leaves(w.analyst)
    assert sorted(desk(w.lead)) == [review, f"Nobody has taken on “{mine.what}”"]
    verbs.drop(mine, by=w.lead, reason="Nobody needs it.")
    said = Written(happened="It slipped.", nothing_because="It is over.")
    assert not verbs.close(mine.review, by=w.lead, version=1, written=said).is_open
    assert desk(w.lead) == []


def test_what_nobody_took_on_waits_for_its_maker_and_for_leads_once_they_have_left():
    w = world.four()
    asked = w.commitment(owner=w.analyst)
    nobody = f"Nobody has taken on “{asked.what}”"
    assert nobody not in desk(w.author)
    leaves(w.analyst)
    assert nobody in desk(w.author)
    assert nobody in desk(w.lead)
    free = verbs.commit(asked.review, by=w.author, what="A free one", due=FRIDAY)
    assert "Nobody has taken on “A free one”" not in desk(w.lead)
    with pytest.raises(Forbidden):
        verbs.drop(free, by=w.lead, reason="Not mine.")
    leaves(w.author)
    assert "Nobody has taken on “A free one”" in desk(w.lead)
    assert verbs.drop(free, by=w.lead, reason="Nobody needs it.").state == State.DROPPED
    elsewhere = world.four()
    assert desk(elsewhere.lead) == []


def test_who_kept_one_and_who_did_not_is_told_by_role_once_it_has_ended():
    w = world.four()
    kept = w.commitment()
    failed = verbs.commit(kept.review, by=w.lead, what="Check the printed menu", due=FRIDAY, owner=w.lead)
    free = verbs.commit(kept.review, by=w.author, what="A free one", due=FRIDAY)
    addresses = [f"commitments/{one.pk}/" for one in (kept, failed)]
    for path, name in zip(addresses, ("Ada", "Bea"), strict=True):
        assert name in text(browser(w.observer).get(address(w.observer, path)))
    verbs.claim(kept, by=w.author, word="The old file is gone.")
    verbs.verify(kept, by=w.analyst)
    verbs.not_kept(failed, by=w.lead, reason="The printer broke.")
    verbs.drop(free, by=w.author, reason="Nobody needs it.")
    for path in (*addresses, "commitments/?show=ended", f"reviews/{kept.review_id}/"):
        page = text(browser(w.observer).get(address(w.observer, path)))
        for name in ("Bea", "Cem"):
            assert name not in page, path
        # Ada leads the review that is open
        assert ("Ada" in page) == path.startswith("reviews/"), path
    ended = text(browser(w.lead).get(address(w.lead, "commitments/?show=ended")))
    assert "An author took it on." in ended
    assert "Verified by an analyst." in ended
    assert "You took it on." in ended
    assert "Nobody took it on." in ended


def test_nobody_lists_commitments_by_person():
    w = world.four()
    hers = w.commitment(what="Hers")
    his = verbs.commit(hers.review, by=w.lead, what="Theirs", due=NEXT_FRIDAY, owner=w.lead)
    plain = browser(w.lead).get(address(w.lead, "commitments/"))
    for name in ("owner", "member", "by", "person", "who", "q", "show", "sort", "order"):
        for value in (w.author.pk, w.author.pk.hex, "Ada"):
            asked = browser(w.lead).get(address(w.lead, "commitments/"), {name: str(value)})
            assert [g.rows for g in asked.context["groups"]] == [g.rows for g in plain.context["groups"]]
    assert {hers, his} == {one for group in plain.context["groups"] for one in group.rows}
    assert "owner" not in str(reads.SIEVES)
    for name in ("Ada", "Bea"):
        assert not list(reads.find(w.lead, name, 5))
        assert not reads.find_commitments(w.workspace, name, 5)


@pytest.mark.parametrize(
    "sent",
    [
        {"what": "", "due": "2026-03-13"},
        {"what": "x" * 301, "due": "2026-03-13"},
        {"what": "One source", "due": "2026-03-08"},
        {"what": "One source", "due": "2029-03-08"},
        {"what": "One source", "due": "9999-12-31"},
        {"what": "One source", "due": "soon"},
        {"what": "One source", "due": "2026-03-13", "owner": "00000000-0000-4000-8000-000000000000"},
        {"what": "One\u202esource", "due": "2026-03-13"},
    ],
)
def test_bad_input_makes_none(sent):
    w = world.four()
    review = w.review()
    answer = browser(w.author).post(address(w.author, f"reviews/{review.pk}/commitments/"), sent)
    assert answer.status_code == 422
    assert not Commitment.objects.exists()


def test_a_plan_is_no_longer_than_two_years():
    w = world.four()
    assert w.commitment(due=clock.now().date() + timedelta(days=730)).running
    with pytest.raises(Invalid):
        verbs.commit(
            w.review(w.post("Other.")), by=w.author, what="x", due=clock.now().date() + timedelta(days=731)
        )
