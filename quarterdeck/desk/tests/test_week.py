"""The week: what stands in it and what became of it, its plan, its room, and that nobody is named."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quarterdeck.core import clock, registries
from quarterdeck.core.problems import Conflict, Invalid, NotFound
from quarterdeck.crew import verbs as crew
from quarterdeck.crew.models import Absence
from quarterdeck.desk import verbs, week, week_agenda, week_room
from quarterdeck.desk.models import WeekPlan
from quarterdeck.desk.week import Fate
from quarterdeck.ideas import verbs as ideas
from quarterdeck.ideas.rows import Brief, Found
from quarterdeck.publishing import sending
from quarterdeck.publishing import verbs as posts
from quarterdeck.publishing.intake import Claimed
from quarterdeck.publishing.models import Delivery
from quarterdeck.publishing.tests import world
from tests import make

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 9)
EARLY = datetime(2026, 3, 9, 6, 0, tzinfo=UTC)  # seven o'clock in Berlin
NEXT = datetime(2026, 3, 16, 8, 0, tzinfo=UTC)


@pytest.fixture
def w():
    with clock.at(EARLY - timedelta(days=2)):
        yield world.two()


def wall(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00")


def planned(w, text: str = "Nettle soup", when: str = "2026-03-11T12:00"):
    post = w.approved(text)
    posts.schedule(post, by=w.author, when=datetime.fromisoformat(when))
    return post


def out(post, at: datetime | None = None) -> None:
    """What the sending loop does with it, at the time it is due, or later."""
    for delivery in post.deliveries.filter(state="intent"):
        then = at or delivery.due_at + timedelta(seconds=1)
        with clock.at(then):
            Delivery.objects.filter(pk=delivery.pk).update(attempt=1, lease_until=then + timedelta(minutes=2))
            sending.work([Claimed(delivery.pk, 1)])


def seen(w, at: datetime = EARLY) -> week.Week:
    return week.week(w.author.workspace, MONDAY, at)


def only(w, at: datetime = EARLY) -> week.Item:
    (item,) = seen(w, at).items
    return item


# --- what became of it --------------------------------------------------------------------------------


def test_a_planned_post_stands_in_its_week_and_is_done_when_it_is_out(w):
    post = planned(w)
    assert (only(w).fate, only(w).points, only(w).said_size) == (Fate.AHEAD, 1, False)
    out(post)
    assert (only(w, NEXT).fate, only(w, NEXT).unsettled) == (Fate.DONE, False)


def test_a_week_begins_at_midnight_on_the_clock_of_the_workspace(w):
    planned(w, "Sunday night", "2026-03-08T23:59")
    planned(w, "Monday", "2026-03-09T00:00")
    planned(w, "Sunday", "2026-03-15T23:59")
    planned(w, "Monday again", "2026-03-16T00:00")
    assert {item.title for item in seen(w).items} == {"Monday", "Sunday"}


def test_what_was_taken_off_in_the_running_week_asks_why_until_somebody_says_it(w):
    post = planned(w)
    with clock.at(EARLY + timedelta(hours=5)):
        posts.cancel(post, by=w.author)
    item = only(w, NEXT)
    assert (item.fate, item.asks_why, item.counts) == (Fate.OFF, True, False)
    with clock.at(NEXT):
        verbs.say_why(w.approver, monday=MONDAY, key=item.key, words="  The kitchen\nis closed. ")
    item = only(w, NEXT)
    assert (item.reason, item.unsettled) == ("The kitchen is closed.", False)


def test_a_reason_given_with_the_act_settles_it_at_once_and_undoing_takes_it_along(w):
    post = planned(w)
    with clock.at(EARLY + timedelta(hours=5)):
        act = posts.cancel(post, by=w.author, reason="No nettles")
        assert only(w).reason == "No nettles"
        posts.undo(post, by=w.author, act=act)
    assert (only(w).fate, only(w).reason) == (Fate.AHEAD, "")
    assert set(Delivery.objects.values_list("closed_why", flat=True)) == {""}


def test_what_moved_to_another_week_is_moved_and_inside_the_week_it_just_stands(w):
    post = planned(w)
    with clock.at(EARLY + timedelta(hours=5)):
        posts.reschedule(post, by=w.author, when=wall("2026-03-13"))
        assert only(w).fate == Fate.AHEAD
        posts.reschedule(post, by=w.author, when=wall("2026-03-18"), reason="Sales asked")
    item = only(w, NEXT)
    assert (item.fate, item.word, item.reason) == (Fate.MOVED, "moved to Wed 18 Mar", "Sales asked")
    out(post)
    assert only(w, NEXT + timedelta(days=7)).word == "moved to Wed 18 Mar, and out since"


def test_a_plan_that_stood_for_an_hour_was_a_try_unless_the_plan_of_the_week_holds_it(w):
    with clock.at(EARLY):
        post = planned(w)
        with clock.at(EARLY + timedelta(hours=1)):
            posts.cancel(post, by=w.author)
        assert seen(w).items == []
        posts.schedule(post, by=w.author, when=wall("2026-03-11"))
        verbs.plan_week(w.author, monday=MONDAY)
        with clock.at(EARLY + timedelta(hours=2)):
            posts.cancel(post, by=w.author)
    assert only(w).asks_why


def test_what_was_missed_and_what_is_not_known_is_not_settled(w):
    post = planned(w)
    out(post, EARLY + timedelta(days=3))
    item = only(w, NEXT)
    assert (item.fate, item.unsettled) == (Fate.OPEN, True)
    with clock.at(NEXT):
        posts.drop(post.deliveries.get(), by=w.author)
    item = only(w, NEXT)
    assert (item.fate, item.word, item.asks_why) == (Fate.OFF, "left after it did not go out", True)


def test_an_idea_counts_by_its_size_until_it_is_a_post_of_the_week(w):
    idea = ideas.keep(w.author, Found(title="Nettles on film"))
    brief = Brief(message="Nettle soup", size="L", due=date(2026, 3, 12))
    idea = ideas.change(idea, by=w.author, version=1, found=Found(title="Nettles on film"), brief=brief)
    ideas.move(idea, by=w.author, to="making")
    assert (only(w).kind, only(w).points, only(w).word) == ("idea", 4, "being made")
    assert only(w, NEXT).unsettled

    post = ideas.promote(idea, by=w.author)
    posts.edit(post, by=w.author, version=1, text=post.text, channels=[w.channel])
    posts.schedule(post, by=w.author, when=wall("2026-03-13"))
    item = only(w)
    assert (item.kind, item.size, item.said_size, len(item.keys)) == ("post", "L", True, 2)
    posts.give_size(post, by=w.author, size="M")
    assert only(w).size == "M"


def test_an_idea_that_was_not_made_is_settled_by_a_reason(w):
    idea = ideas.keep(w.author, Found(title="Nettles"))
    brief = Brief(message="Nettle soup", due=date(2026, 3, 12))
    idea = ideas.change(idea, by=w.author, version=1, found=Found(title="Nettles"), brief=brief)
    ideas.move(idea, by=w.author, to="making")
    with clock.at(NEXT):
        verbs.say_why(w.author, monday=MONDAY, key=f"idea:{idea.pk}", words="The camera broke")
    item = only(w, NEXT)
    assert (item.fate, item.reason, item.unsettled) == (Fate.OFF, "The camera broke", False)


# --- the plan -----------------------------------------------------------------------------------------


def test_the_plan_is_kept_on_monday_and_laid_beside_what_happened(w):
    first, second = planned(w, "First"), planned(w, "Second", "2026-03-12T12:00")
    with clock.at(EARLY):
        plan = verbs.plan_week(w.author, monday=MONDAY)
    assert (len(plan.items), plan.points, plan.holds) == (2, 2, None)
    with clock.at(EARLY + timedelta(days=1)):
        planned(w, "Later", "2026-03-13T12:00")
        posts.cancel(second, by=w.author, reason="Sold out")
        with pytest.raises(Conflict, match="first day is over"):
            verbs.plan_week(w.author, monday=MONDAY)
    out(first)
    kept = week.kept(seen(w, EARLY + timedelta(days=3)))
    assert (kept.planned, kept.done, kept.off, kept.ahead, kept.added) == (2, 1, 1, 0, 1)
    assert kept.words == (
        "Planned: 2. 1 published or done, 1 taken off, with the reason."
        " Added later: 1, 0 of them published or done."
    )


def test_what_can_be_no_plan_is_refused_in_words(w):
    with clock.at(EARLY), pytest.raises(Conflict, match="Nothing is planned"):
        verbs.plan_week(w.author, monday=MONDAY)
    planned(w)
    with clock.at(NEXT), pytest.raises(Conflict, match="is over"):
        verbs.plan_week(w.author, monday=MONDAY)
    with clock.at(EARLY), pytest.raises(Conflict, match="too far"):
        verbs.plan_week(w.author, monday=date(2027, 3, 8))
    with pytest.raises(Conflict, match="asks for no reason"):
        verbs.say_why(w.author, monday=MONDAY, key="post:nothing", words="Why")
    with pytest.raises(Invalid, match="Why is missing"):
        verbs.say_why(w.author, monday=MONDAY, key="post:nothing", words="  ")
    assert not WeekPlan.objects.exists()


def test_the_desk_asks_to_keep_the_plan_and_to_settle_what_is_left(w):
    post = planned(w)

    def asked(at):
        with clock.at(at):
            return [item.key for item in week_agenda.agenda(w.author, at)]

    assert asked(EARLY + timedelta(hours=3)) == []  # who never kept a plan is not asked for one
    with clock.at(EARLY):
        verbs.plan_week(w.author, monday=MONDAY)
    assert asked(EARLY + timedelta(hours=3)) == []
    assert asked(NEXT) == ["desk.week.plan:2026-03-16", "desk.week.settle:2026-03-09"]
    out(post)
    assert asked(NEXT) == ["desk.week.plan:2026-03-16"]
    with (
        CaptureQueriesContext(
            connection,
        ) as asked_of,
        clock.at(NEXT + timedelta(weeks=9)),
    ):
        assert list(week_agenda.agenda(w.author, NEXT + timedelta(weeks=9))) == []
    assert len(asked_of) == 1


# --- its room -----------------------------------------------------------------------------------------


def test_room_is_said_in_words():
    said = [week_room.room_words(10, taken) for taken in (13, 11, 10, 9, 8, 6, 0)]
    assert said == [
        "Full: 3 points over",
        "Full: 1 point over",
        "Full: nothing more fits",
        "Room for one S",
        "Room for about one M",
        "Room for about two M",
        "Room for about five M",
    ]


def test_leave_lowers_what_the_week_holds_in_proportion_and_names_nobody(w):
    verbs.set_capacity(w.approver, points=12)
    make.member("author", w.author.workspace, "Cem")
    assert week_room.holds(w.author.workspace, MONDAY).now == 12
    crew.be_away(w.author, first=date(2026, 3, 12), last=date(2026, 3, 17))
    found = week_room.holds(w.author.workspace, MONDAY)
    assert (found.days, found.away, found.now) == (15, 2, 10)  # 12 × 13/15 is 10.4
    assert found.words == (
        "A usual week of the team holds 12 points. 2 of its 15 working days are leave in this one, so it holds 10."
    )
    planned(w)
    this, later = registries.week_room["desk"](w.author.workspace, [MONDAY, MONDAY + timedelta(weeks=2)])
    assert (this.monday, this.capacity, this.used) == (MONDAY, 10, 1)
    assert (later.capacity, later.used) == (12, 0)
    crew.be_here(Absence.objects.get(), by=w.author)
    assert week_room.holds(w.author.workspace, MONDAY).now == 12


def test_nobody_has_said_what_a_week_holds(w):
    assert registries.week_room["desk"](w.author.workspace, [MONDAY]) == [None]
    for points in (0, 501):
        with pytest.raises(Invalid):
            verbs.set_capacity(w.approver, points=points)
    verbs.set_capacity(w.approver, points=12)
    with pytest.raises(Conflict):
        verbs.set_capacity(w.approver, points=12)


def test_days_away_are_ones_own_and_sensible(w):
    with pytest.raises(Invalid):
        crew.be_away(w.author, first=date(2026, 3, 12), last=date(2026, 3, 11))
    with pytest.raises(Invalid):
        crew.be_away(w.author, first=date(2026, 3, 1), last=date(2026, 3, 2))
    with pytest.raises(Invalid):
        crew.be_away(w.author, first=date(2026, 3, 12), last=date(2028, 3, 12))
    noted = crew.be_away(w.author, first=date(2026, 3, 12), last=date(2026, 3, 13))
    with pytest.raises(Conflict):
        crew.be_away(w.author, first=date(2026, 3, 13), last=date(2026, 3, 14))
    with pytest.raises(NotFound):
        crew.be_here(noted, by=w.approver)


# --- pages --------------------------------------------------------------------------------------------


def browser(member) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(member.user)
    return client


def test_the_page_says_what_stands_what_fits_and_what_is_left(w):
    post = planned(w, "<b>Soup</b>")
    address = f"/w/{w.author.workspace.slug}/week/"
    with clock.at(EARLY):
        lead = browser(w.approver)
        assert lead.post(f"/w/{w.author.workspace.slug}/week/capacity/", {"points": 0}).status_code == 422
        lead.post(f"/w/{w.author.workspace.slug}/week/capacity/", {"points": 4})
        assert lead.post(f"{address}plan/", {"of": "2026-03-11"}).status_code == 302
        lead.post(f"/w/{w.author.workspace.slug}/posts/{post.pk}/size/", {"size": "L"})
        text = lead.get(f"{address}?of=2026-03-11").content.decode()
        assert "Full: nothing more fits" in text
        assert "&lt;b&gt;Soup&lt;/b&gt;" in text
        assert "Planned: 1. 1 still ahead." in text
        assert "9 to 15 March 2026" in text
        for name in ("Ada", "Bea"):
            main = text[text.index("<main") : text.index("</main>")]
            assert name not in main
    for wrong in ("2026-02-30", "soup", "1900-01-01"):
        assert browser(w.author).get(f"/w/{w.author.workspace.slug}/week/?of={wrong}").status_code == 404


def test_taking_a_post_off_its_running_week_asks_why_on_its_page(w):
    post = planned(w)
    address = f"/w/{w.author.workspace.slug}/posts/{post.pk}/"
    author = browser(w.author)
    assert "its week has begun" not in author.get(address).content.decode()
    with clock.at(EARLY):
        assert "its week has begun" in author.get(address).content.decode()
        refused = author.post(f"{address}plan/cancellation/")
        assert refused.status_code == 422
        assert "It is still planned." in refused.content.decode()
        assert only(w).fate == Fate.AHEAD
        assert author.post(f"{address}plan/cancellation/", {"reason": "No nettles"}).status_code == 302
    assert only(w).reason == "No nettles"
