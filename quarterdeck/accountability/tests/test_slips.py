"""Pointing something out, joining, the clock, settling how bad it is, and saying that it is right."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from quarterdeck.accountability import reads, verbs
from quarterdeck.accountability.models import Basis, Flag, Slip, Way
from quarterdeck.accountability.rows import Said
from quarterdeck.accountability.tests import world
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.crew import verbs as crew
from quarterdeck.crew.models import Notification
from tests import make

pytestmark = pytest.mark.django_db
LATER = world.NOON + timedelta(hours=3)


@pytest.fixture
def w():
    return world.two()


def flag(w, post, text="The price is 12, not 21.", by=None, at=LATER, **said) -> Slip:
    with clock.at(at):
        return verbs.flag(post, by=by or w.author, said=Said(text, **said))


def test_a_flag_begins_a_slip_that_nobody_owns_and_the_answerable_and_the_leads_hear(w):
    observer, post = make.member("observer", w.author.workspace, "Ola"), world.out(w)
    slip = flag(w, post, by=observer)
    assert (slip.level, slip.owner_id, slip.state) == (2, None, "open")
    assert (slip.trace_at, slip.trace_basis) == (LATER, Basis.FLAGGED)
    told = Notification.objects.filter(subject__startswith="Something may be wrong")
    assert {one.member for one in told} == {w.author, w.approver}
    assert all("not about a person" in one.text and "Ola" not in one.text for one in told)
    assert "accountability.slip.flagged" in make.kinds_recorded(w.author.workspace)


def test_a_post_that_is_not_out_cannot_be_flagged(w):
    with pytest.raises(Conflict, match="not out yet") as refused:
        flag(w, w.approved())
    assert "Comment on it" in refused.value.next_step
    assert not Slip.objects.exists()


def test_the_clock_starts_at_the_earliest_trace_and_says_which(w):
    post = world.out(w)
    slip = flag(w, post)
    noticed = world.NOON + timedelta(hours=1)
    again = flag(w, post, "It says 21 in the comments too.", by=w.approver, at=LATER, noticed_at=noticed)
    assert again.pk == slip.pk
    assert (again.trace_at, again.trace_basis) == (noticed, Basis.NOTICED)
    third = flag(w, post, "Still wrong.", at=LATER + timedelta(hours=1))
    assert (third.trace_at, third.trace_basis) == (noticed, Basis.NOTICED)
    assert [mark.at for mark in reads.times(third)] == [noticed, LATER]


def test_several_flags_join_one_slip_the_worst_counts_and_the_owner_hears(w):
    post = world.out(w)
    slip = flag(w, post, level=1)
    verbs.own(slip, by=w.author)
    Notification.objects.all().delete()
    flag(w, post, "It is dangerous for people with allergies.", by=w.approver, level=3)
    flag(w, post, "A typo, too.", by=w.approver, level=1)
    slip.refresh_from_db()
    assert (Slip.objects.count(), slip.flags.count(), slip.level) == (1, 3, 3)
    assert {one.member for one in Notification.objects.all()} == {w.author}
    with pytest.raises(IntegrityError), transaction.atomic():
        Slip.objects.create(
            workspace=slip.workspace,
            post=post,
            level=1,
            what="Another",
            trace_at=LATER,
            flagged_at=LATER,
            ledger_event_id=slip.ledger_event_id,
        )


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        (Said("Wrong.", noticed_at=LATER + timedelta(minutes=1)), "noticed", "in the future"),
        (Said("Wrong.", noticed_at=world.NOON - timedelta(minutes=2)), "noticed", "It went out"),
        (Said("  \n "), "text", "what is wrong"),
        (Said("x" * 10_000), "text", "at most 2,000 characters; it has 10,000"),
        (Said("Wrong.", level=7), "level", "one of the three"),
        (Said("\x00\u202e"), "text", "what is wrong"),
    ],
)
def test_what_cannot_be_so_is_refused_beside_its_field_and_nothing_is_saved(w, said, field, words):
    post = world.out(w)
    with clock.at(LATER), pytest.raises(Invalid) as refused:
        verbs.flag(post, by=w.author, said=said)
    assert words in refused.value.fields[field]
    assert not Slip.objects.exists()
    assert not Flag.objects.exists()


def test_a_minute_that_the_form_cannot_know_is_no_time_before_it_was_out(w):
    post = world.out(w)
    slip = flag(w, post, noticed_at=world.NOON)  # it was out eleven seconds later
    assert slip.trace_at == world.NOON + timedelta(seconds=11)


def test_words_keep_no_controls_and_nothing_that_turns_their_direction(w):
    slip = flag(w, world.out(w), "See \u202ehttps://еxample.org\u202c\x07\nand <b>more</b>")
    assert slip.what == "See https://еxample.org\nand <b>more</b>"


def test_how_bad_it_is_can_be_settled(w):
    slip = flag(w, world.out(w))
    assert verbs.judge(slip, by=w.approver, level=3).level == 3
    with pytest.raises(Invalid):
        verbs.judge(slip, by=w.approver, level=0)
    assert "accountability.slip.judged" in make.kinds_recorded(w.author.workspace)


def test_not_a_mistake_ends_it_with_a_reason_and_forgets_who_said_so(w):
    post = world.out(w)
    slip = flag(w, post, by=w.approver)
    verbs.own(slip, by=w.author)
    with pytest.raises(Invalid) as refused:
        verbs.withdraw(slip, by=w.author, reason=" ")
    assert "why it is right" in refused.value.fields["reason"]
    Notification.objects.all().delete()
    verbs.withdraw(slip, by=w.author, reason="21 is the price since Monday.")
    slip.refresh_from_db()
    assert (slip.ended, slip.owner_id, slip.offered_to_id, slip.is_open) == ("withdrawn", None, None, False)
    assert [flag.member_id for flag in slip.flags.all()] == [None]
    (told,) = Notification.objects.all()
    assert (told.member, told.text) == (w.approver, "21 is the price since Monday.")
    for act in (verbs.own, verbs.let_go, verbs.accept):
        with pytest.raises(Conflict, match="over"):
            act(slip, by=w.author)
    assert flag(w, post, "Now it is 24.").pk != slip.pk


def test_no_row_may_name_anybody_once_it_is_over(w):
    slip = flag(w, world.out(w))
    verbs.withdraw(slip, by=w.author, reason="It is right.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Slip.objects.filter(pk=slip.pk).update(owner=w.author)


def test_somebody_outside_and_the_system_flag_as_themselves(w):
    post = world.out(w)
    link = crew.issue_link(by=w.author, purpose="accountability.flag", object_id=post.pk, label="Dee").link
    with clock.at(LATER):
        slip = verbs.flag_by_link(post, by=link, said=Said("The price is wrong."))
        verbs.flag_by_system(post, said=Said("The network says it is gone."))
    assert [one.way for one in reads.flags(slip)] == [Way.LINK, Way.SYSTEM]
    assert [one.member for one in reads.flags(slip)] == [None, None]


def test_another_workspace_sees_nothing_of_it(w):
    slip, other = flag(w, world.out(w)), world.two()
    assert reads.open_slips(other.author.workspace) == []
    from quarterdeck.core.problems import NotFound

    with pytest.raises(NotFound):
        reads.slip(other.author.workspace, slip.pk)
