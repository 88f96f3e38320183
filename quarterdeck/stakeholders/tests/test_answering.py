"""The team's answers, what whoever asked says to them, what it becomes, and who hears of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from quarterdeck.channels.models import Snapshot
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.crew.models import Notification
from quarterdeck.crew.verbs import add_brand
from quarterdeck.ideas import verbs as ideas
from quarterdeck.ledger.reactions import Reacted
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Post
from quarterdeck.stakeholders import agenda, deeds, following, going, kin, mailing, offers, telling, verbs
from quarterdeck.stakeholders.models import Request, RequestPost
from quarterdeck.stakeholders.tests import world
from quarterdeck.stakeholders.tests.world import NEXT, NOON, WEEK
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    with clock.at(NOON):
        yield world.three()


def post(w, row: Request, act: str, **given):
    return world.browser(w.author).post(world.at(w.author, f"requests/{row.pk}/{act}/"), given)


def answered(row: Request, **given):
    return world.browser().post(world.path(row), given)


def status(row: Request) -> str:
    return world.browser().get(world.path(row)).content.decode()


def test_the_manager_negotiates_the_requester_agrees_and_it_becomes_a_draft(w):
    row = w.asked(preferred_week=WEEK)
    assert post(w, row, "proposal", reason="", week=NEXT.isoformat()).status_code == 422
    post(w, row, "proposal", reason="That week is full; the next has room.", week=NEXT.isoformat())
    page = status(row)
    assert "The team proposes another way. It is your turn." in page
    assert "That week is full; the next has room." in page
    assert "The week of Mon 23 Mar" in page
    assert answered(row, do="agree").status_code == 422, "to what?"
    assert answered(row, do="agree", proposal=proposed(row)).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.agreed_week) == ("accepted", NEXT)
    assert "Accepted. The team is making it." in status(row)
    (waits,) = agenda.agenda(w.author, clock.now())
    assert (waits.kind, waits.title) == ("make", "Make “Nettle soup comes back on Tuesday” for Sales")
    answer = post(w, row, "draft")
    made = Post.objects.get()
    assert answer["Location"].endswith(f"/posts/{made.pk}/")
    assert made.text == row.what
    assert list(agenda.agenda(w.author, clock.now())) == []
    page = world.browser(w.author).get(world.at(w.author, f"posts/{made.pk}/")).content.decode()
    assert "Asked for by Sales" in page
    told = Notification.objects.filter(subject__startswith="Sales agrees")
    assert {one.member for one in told} >= {w.author, w.lead}
    assert w.observer not in {one.member for one in told}


def proposed(row: Request) -> str:
    """Which proposal the yes on the status page is for."""
    return re.search(r'name="proposal" value="([^"]+)"', status(row))[1]


def test_a_yes_is_for_the_proposal_that_was_read(w):
    row = w.asked()
    verbs.propose(row, by=w.author, reason="This week?", week=WEEK)
    read = proposed(row)
    verbs.propose(row, by=w.author, reason="No, only the next has room.", week=NEXT)
    answer = answered(row, do="agree", proposal=read)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "The team has proposed something else since." in page
    assert "only the next has room" in page
    row.refresh_from_db()
    assert (row.state, row.agreed_week) == ("proposed", None)
    assert answered(row, do="agree", proposal=proposed(row)).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.agreed_week) == ("accepted", NEXT)


def test_another_week_puts_it_back_to_the_team_with_a_new_time(w):
    row = w.asked(latest=NEXT)
    verbs.propose(row, by=w.author, reason="Later?")
    assert answered(row, do="other").status_code == 422
    assert answered(row, do="other", week="2026-03-30").status_code == 422, "after the latest day"
    with clock.at(NOON + timedelta(hours=5)):
        assert answered(row, do="other", week=NEXT.isoformat(), reason="Before Easter").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.preferred_week) == ("asked", NEXT)
    assert row.due_at == NOON + timedelta(hours=53)
    (item,) = agenda.agenda(w.author, NOON)
    assert item.due == row.due_at


def test_withdrawing_ends_it_and_tells_the_team_when_something_was_begun(w):
    row = w.accepted()
    assert answered(row, do="withdraw", reason="The fair is off").status_code == 302
    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert Notification.objects.filter(subject__startswith="Withdrawn", member=w.author).exists()
    assert answered(row, do="withdraw").status_code == 409
    page = world.browser(w.author).get(world.at(w.author, f"posts/{Post.objects.get().pk}/"))
    assert "it was withdrawn" in page.content.decode()


def test_each_answer_needs_a_reason_and_an_ended_request_takes_none(w):
    row = w.asked()
    for act in (verbs.accept, verbs.propose, verbs.decline):
        with pytest.raises(Invalid):
            act(row, by=w.author, reason=" ")
    verbs.decline(row, by=w.author, reason="We said no to sales in March.")
    assert "We said no to sales in March." in status(row)
    assert "Declined, for the reason below." in status(row)
    for act in (verbs.accept, verbs.propose, verbs.decline):
        with pytest.raises(Conflict):
            act(row, by=w.author, reason="After all.")
    with pytest.raises(Conflict):
        verbs.agree(row, by=None, proposal=ids.new())
    with pytest.raises(Conflict):
        verbs.make_draft(row, by=w.author)


def test_an_accepted_request_becomes_an_idea_and_the_posts_of_that(w):
    row = w.accepted(into="idea", audience="Regulars", latest=NEXT)
    idea = row.ideas.get().idea
    assert (idea.title, idea.audience, idea.due) == (row.what, "Regulars", NEXT)
    made = ideas.promote(idea, by=w.author)
    event = reacted(w, "ideas.idea.promoted", idea)
    following.follow(event)
    following.follow(event)
    assert [one.post for one in RequestPost.objects.filter(request=row)] == [made]


def reacted(w, kind: str, about) -> Reacted:
    fields = dict.fromkeys(Reacted.__dataclass_fields__)
    return Reacted(**fields | {"kind": kind, "workspace_id": w.workspace.pk, "about_id": about.pk})


def test_when_it_is_out_whoever_asked_hears_once_and_again_after_its_first_week(
    w, django_capture_on_commit_callbacks
):
    row = w.accepted(name="Dee", address="dee@sales.example")
    made = row.posts.get().post
    delivery = w.out(made, NOON + timedelta(hours=20))
    event, later = reacted(w, "publishing.delivery.accepted", delivery), NOON + timedelta(hours=21)
    with clock.at(later):
        following.follow(event)
        recorded = len(make.kinds_recorded(w.workspace))
        following.follow(event)
        assert len(make.kinds_recorded(w.workspace)) == recorded
        row.refresh_from_db()
        assert (row.state, row.told_out_at) == ("out", later)
        page = status(row)
        assert "It is out." in page
        assert delivery.url in page
        assert "No numbers yet." in page
        assert following.tell_weeks() == 0
    taken(delivery, 168, replies=4)
    assert "counted 4 replies at an age of 7 days" in status(row)
    with clock.at(later + timedelta(days=7, hours=4)):
        assert following.tell_weeks() == 1
        assert following.tell_weeks() == 0
        row.refresh_from_db()
        assert row.told_week_at is not None
        assert "4 replies" in mailing.words(row, "week")
    assert delivery.url in mailing.words(row, "out")
    assert [one.why for one in telling.concerned(made)] == ["asked for it"]
    assert [one.address for one in telling.concerned(made)] == ["dee@sales.example"]


def taken(delivery, age: int, **counts) -> None:
    """What the numbers' loop writes once a network answered."""
    from quarterdeck.publishing import following as numbers

    numbers.follow(reacted_by(delivery))
    there = delivery.channel.remote_posts.get(remote_id=delivery.remote_id)
    at = there.posted_at + timedelta(hours=age)
    Snapshot.objects.filter(post=there, age_hours=age).update(taken_at=at, try_at=None, counts=counts)


def reacted_by(delivery) -> Reacted:
    fields = dict.fromkeys(Reacted.__dataclass_fields__)
    return Reacted(**fields | {"about_id": delivery.pk, "workspace_id": delivery.workspace_id})


def test_it_is_out_only_when_none_of_its_posts_is_still_to_come(w):
    row = w.accepted()
    first = row.posts.get().post
    second = verbs.make_draft(row, by=w.author)
    following.follow(reacted(w, "publishing.delivery.accepted", w.out(first, NOON + timedelta(hours=20))))
    row.refresh_from_db()
    assert row.state == "accepted"
    assert "Part of it is out." in status(row)
    publishing.discard(second, by=w.author)
    assert not going.still_to_come(row)
    verbs.part_post(row.posts.get(post=second), by=w.author)
    with pytest.raises(Conflict):
        verbs.part_post(row.posts.get(post=second), by=w.author)


def test_posts_are_joined_once_and_never_across_workspaces(w):
    row = w.accepted(into="")
    made = publishing.draft(w.author, brand=w.workspace.brands.get(), text="Soup.")
    assert post(w, row, "posts", post=str(made.pk)).status_code == 302
    with pytest.raises(Conflict):
        verbs.join_post(row, made, by=w.author)
    stranger = make.member("author")
    theirs = publishing.draft(stranger, brand=stranger.workspace.brands.get(), text="Theirs.")
    assert post(w, row, "posts", post=str(theirs.pk)).status_code == 422
    with pytest.raises(Invalid):
        verbs.join_post(row, theirs, by=w.author)
    assert [found for _, found in kin.of_post(made)] == [[row.pk]]
    assert offers.on_a_post(theirs, stranger) is None


def test_a_request_is_out_once_the_draft_that_nobody_wants_is_discarded(w):
    row = w.accepted()
    second = verbs.make_draft(row, by=w.lead)
    following.went_out(w.out(row.posts.first().post, NOON + timedelta(hours=20)).post)
    row.refresh_from_db()
    assert row.state == "accepted"
    publishing.discard(second, by=w.lead)
    following.follow(reacted(w, "publishing.post.discarded", second))
    row.refresh_from_db()
    assert row.state == "out"
    recorded = make.kinds_recorded(w.workspace).count("stakeholders.request.went_out")
    following.follow(reacted(w, "publishing.post.discarded", second))
    assert make.kinds_recorded(w.workspace).count("stakeholders.request.went_out") == recorded


def test_a_request_is_out_once_the_post_that_was_to_come_is_taken_off(w):
    row = w.accepted()
    verbs.make_draft(row, by=w.lead)
    going_out, other = row.posts.order_by("joined_at")
    following.went_out(w.out(going_out.post, NOON + timedelta(hours=20)).post)
    verbs.part_post(other, by=w.author)
    following.follow(reacted(w, "stakeholders.request.parted", row))
    row.refresh_from_db()
    assert row.state == "out"


def test_a_post_that_is_out_already_makes_the_request_it_joins_out(w, monkeypatch):
    told = []
    monkeypatch.setattr(telling, "to_requester", lambda request, what: told.append(what))
    made = publishing.draft(w.author, brand=w.workspace.brands.get(), text="Soup.", channels=[w.channel])
    w.out(made, NOON + timedelta(hours=20))
    row = w.accepted(into="")
    verbs.join_post(row, made, by=w.author)
    following.follow(reacted(w, "stakeholders.request.joined", row))
    row.refresh_from_db()
    assert (row.state, row.told_out_at) == ("out", clock.now())
    assert "Read it on" in status(row)
    assert told.count("out") == 1


def test_nothing_is_out_while_nothing_of_it_is(w):
    row = w.accepted()
    made = row.posts.get().post
    publishing.discard(made, by=w.author)
    following.follow(reacted(w, "publishing.post.discarded", made))
    row.refresh_from_db()
    assert (row.state, row.told_out_at) == ("accepted", None)


def test_one_request_after_another_never_in_a_circle(w):
    one, two, three = (w.asked(what=f"Part {n} of {n * 77}") for n in range(3))
    verbs.set_after(two, by=w.author, after=one)
    verbs.set_after(three, by=w.author, after=two)
    for row, after in ((one, three), (one, one)):
        with pytest.raises(Conflict, match="circle"):
            verbs.set_after(row, by=w.author, after=after)
    with pytest.raises(Invalid):
        verbs.set_after(three, by=w.author, after=w.asked(of=w.legal))
    assert post(w, three, "order", after="").status_code == 302


def test_the_desk_says_it_before_the_promised_time_and_more_urgently_after(w):
    w.asked(need="must")
    calm, late = (next(iter(agenda.agenda(w.author, at))) for at in (NOON, NOON + timedelta(hours=50)))
    assert calm.consequence < late.consequence
    assert "is promised by" in calm.why
    assert "They say that it must happen." in calm.why
    assert "was promised by" in late.why
    assert list(agenda.agenda(w.observer, NOON)) == []


def test_the_desk_asks_one_question_when_there_is_nothing(w, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert list(agenda.agenda(w.author, NOON)) == []


def test_words_added_to_a_request_reach_the_team_and_are_bounded(w):
    row = w.asked()
    assert answered(row, do="add", text="The picture is ready.").status_code == 302
    assert Notification.objects.filter(text="The picture is ready.", member=w.author).count() == 1
    assert answered(row, do="add", text=" ").status_code == 422
    for number in range(39):
        verbs.add(row, by=row.link, text=f"And {number}")
    refused = answered(row, do="add", text="The last straw")
    assert refused.status_code == 429
    assert "The last straw" in refused.content.decode()


def test_only_those_who_answer_may(w):
    row = w.asked()
    for act in ("acceptance", "proposal", "refusal", "draft"):
        answer = world.browser(w.observer).post(
            world.at(w.observer, f"requests/{row.pk}/{act}/"), {"reason": "x"}
        )
        assert answer.status_code == 403
    page = world.browser(w.observer).get(world.at(w.observer, f"requests/{row.pk}/")).content.decode()
    assert "Accept…" not in page
    assert row.token not in page
    assert (
        row.token in world.browser(w.author).get(world.at(w.author, f"requests/{row.pk}/")).content.decode()
    )


def test_the_mails_to_whoever_asked_are_jobs_of_the_worker_and_only_where_mail_is_sent(w, monkeypatch):
    before = jobs()
    quiet = w.asked(address="dee@sales.example")
    verbs.decline(quiet, by=w.author, reason="No.")
    assert jobs() == before
    monkeypatch.setattr(telling.mail, "server", lambda: "somewhere")
    row = w.asked(what="Another thing", address="dee@sales.example")
    verbs.decline(row, by=w.author, reason="No.")
    asked = {"request_id": str(row.pk)}
    assert jobs()[len(before) :] == [asked | {"what": "receipt"}, asked | {"what": "answer"}]


def jobs() -> list[dict]:
    mine = ProcrastinateJob.objects.filter(task_name="stakeholders.mail_requester").order_by("id")
    return list(mine.values_list("args", flat=True))


def test_requests_and_departments_are_found_by_what_they_say_and_nobody_by_name(w):
    row = w.asked(name="Dee Dahl")
    found = list(offers.search(w.observer, "nettle tuesday", 10))
    assert [(one.title, one.kind) for one in found] == [(row.what, "Request of Sales, waits for an answer")]
    assert [one.kind for one in offers.search(w.author, "sales", 10)] == ["Department"]
    assert list(offers.search(w.observer, "sales", 10)) == []
    assert list(offers.search(w.author, "Dahl", 10)) == []


def test_a_person_reads_of_their_own_answers_and_nobody_elses(w):
    one, two = w.asked(), w.asked(of=w.legal, what="The small print")
    verbs.propose(one, by=w.author, reason="Later?")
    verbs.decline(two, by=w.author, reason="No.")
    span = (NOON - timedelta(days=1), NOON + timedelta(days=1))
    (deed,) = deeds.deeds(w.author, *span)
    assert (deed.did, deed.for_whom) == (
        "answered 2 requests, each with a reason",
        "for Legal and Sales",
    )
    assert list(deeds.deeds(w.lead, *span)) == []


def test_with_two_brands_the_asker_may_say_which_and_the_answer_decides(w):
    other = add_brand(by=make.member("owner", w.workspace), name="Harbour Jobs")
    row = w.asked(brand=other)
    assert post(w, row, "acceptance", reason="Yes.", into="draft", brand=str(other.pk)).status_code == 302
    assert Post.objects.get().brand == other
    page = world.browser().get(world.path(w.door()), {"kind": "people"}).content.decode()
    assert "For which brand?" in page
