"""What a fair plan promises can be had, and stays promised: what is closed or taken, what came between, and what stands
already."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from quarterdeck.channels import verbs as channels
from quarterdeck.consent import verbs
from quarterdeck.consent.fair import reads, words
from quarterdeck.consent.models import FairPlan, Held
from quarterdeck.consent.tests.test_plans import FIRST_WEEK, placed, planned, weekly
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict
from quarterdeck.crew import verbs as crew
from quarterdeck.planning.verbs import spans
from quarterdeck.publishing import verbs as posts
from quarterdeck.publishing.models import Delivery, Post
from quarterdeck.stakeholders import mailing, telling
from quarterdeck.stakeholders import verbs as stakeholders
from quarterdeck.stakeholders.models import Request
from quarterdeck.stakeholders.tests import world
from quarterdeck.stakeholders.tests.world import NOON

pytestmark = pytest.mark.django_db

SEVENTH = datetime(2026, 4, 7, 11, 0)  # noqa: DTZ001  a wall time in Berlin, a Tuesday


@pytest.fixture
def here():
    with clock.at(NOON):
        found = world.three()
        weekly(found, (1, "11:00"))  # Tuesdays: 7, 14, 21 and 28 April
        yield found


@pytest.fixture
def told(monkeypatch) -> list[str]:
    """The requests whose askers are written an answer, in order."""
    found: list[str] = []

    def note(request: Request, what: str) -> None:
        found.extend([str(request)] if what == "answer" else [])

    monkeypatch.setattr(telling, "to_requester", note)
    return found


def closed(here, day: int, until: int | None = None) -> None:
    """A day in April, or several, on which nothing may go out."""
    begins = SEVENTH.replace(day=day, hour=0)
    ends = begins + timedelta(days=(until or day) - day + 1)
    spans.mark_span(here.lead, kind="blackout", title="Easter", begins=begins, ends=ends, blocks=True)


def taken(here, when: datetime = SEVENTH, post: Post | None = None) -> Post:
    """A post that an author plans there."""
    post = post or posts.draft(
        here.author, brand=here.workspace.brands.get(), text="Bread.", channels=[here.channel]
    )
    if not post.channels.exists():
        post = posts.edit(post, by=here.author, version=post.version, text="Soup.", channels=[here.channel])
    posts.schedule(post, by=here.author, when=when)
    return post


def adopted(here, **span) -> FairPlan:
    return verbs.adopt_plan(planned(here, **span), by=here.lead)


def holds() -> dict[str, str]:
    """What is held, per request, on the clock of Berlin."""
    found = Held.objects.filter(freed_at__isnull=True).select_related("request__workspace")
    return {str(one.request): f"{one.at.astimezone(one.request.workspace.zone):%d %H:%M}" for one in found}


# --- a time that can be had -------------------------------------------------------------------------------


def test_a_day_on_which_nothing_may_go_out_is_not_divided(here):
    closed(here, 7)
    here.asked(what="The launch", preferred_week=FIRST_WEEK)
    assert placed(planned(here)) == {"The launch": "14 11:00"}


def test_a_time_that_closed_or_was_taken_meanwhile_is_not_promised(here):
    wanted = here.asked(what="The launch", preferred_week=FIRST_WEEK)
    plan = planned(here)
    post = taken(here)
    with pytest.raises(Conflict, match="Tuesday 7 April, 11:00 cannot be had any more: something else") as no:
        verbs.adopt_plan(plan, by=here.lead)
    assert (no.value.not_done, no.value.next_step) == ("Nothing was adopted.", "Ask for the plan again.")
    posts.cancel(post, by=here.author)
    closed(here, 7)
    with pytest.raises(Conflict, match="Tuesday 7 April, 11:00 cannot be had any more: .*Easter"):
        verbs.adopt_plan(plan, by=here.lead)
    wanted.refresh_from_db()
    assert (wanted.state, holds()) == ("asked", {})


def test_its_own_post_is_not_in_the_way_of_a_request(here):
    here.accepted(what="The launch", preferred_week=FIRST_WEEK)
    plan = planned(here)
    taken(here, post=Request.objects.get().posts.get().post)
    closed(here, 7)  # what is planned stays planned
    again = planned(here)
    assert verbs.adopt_plan(again, by=here.lead).state == "adopted"
    assert holds() == {"The launch": "07 11:00"}
    assert plan.state == "proposed"


# --- a promise stays a promise ----------------------------------------------------------------------------


def test_a_promised_time_is_not_moved_by_a_later_plan(here, told):
    first = here.asked(what="First")
    adopted(here)
    told.clear()
    here.asked(of=here.legal, what="Heavier", preferred_week=FIRST_WEEK)
    verbs.set_weight(here.legal, by=here.lead, weight=3, reason="They wait longest.")
    again = planned(here)
    assert placed(again) == {"First": "07 11:00", "Heavier": "14 11:00"}
    lines = {line.what: line.words for share in words.tell(again).shares for line in share.lines}
    assert "It keeps the time it was promised." in lines["First"]
    assert "promised" not in lines["Heavier"]
    verbs.adopt_plan(again, by=here.lead)
    assert holds() == {"First": "07 11:00", "Heavier": "14 11:00"}
    assert (told, first.answers.count()) == (["Heavier"], 1)


def test_who_was_promised_a_time_that_cannot_be_had_any_more_is_told_the_new_one(here, told):
    wanted = here.asked(what="The launch", preferred_week=FIRST_WEEK)
    adopted(here)
    taken(here)
    told.clear()
    with clock.at(NOON + timedelta(hours=1)):
        adopted(here)
    wanted.refresh_from_db()
    assert holds() == {"The launch": "14 11:00"}
    assert wanted.agreed_week == date(2026, 4, 13)
    assert told == ["The launch"]
    mail = mailing.words(wanted, "answer")
    assert "It was promised Tuesday 7 April, 11:00, which cannot be had any more." in mail
    assert "Its place in the fair plan for April 2026 is now Tuesday 14 April, 11:00." in mail
    with clock.at(NOON + timedelta(hours=2)):
        adopted(here)
    assert told == ["The launch"]
    page = world.browser(here.lead).get(world.at(here.lead, f"requests/{wanted.pk}/")).content.decode()
    assert "Accepted request has another time" in page


def test_who_was_promised_a_time_and_gets_none_is_told_so_once(here, told):
    wanted = here.asked(what="The launch", latest=date(2026, 4, 9))
    here.asked(of=here.legal, what="Other", preferred_week=date(2026, 4, 13))
    adopted(here)
    closed(here, 6, 9)
    told.clear()
    for hours in (1, 2):
        with clock.at(NOON + timedelta(hours=hours)):
            adopted(here)
    wanted.refresh_from_db()
    assert (wanted.state, reads.held_for(wanted)) == ("accepted", None)
    assert told == ["The launch"]
    mail = mailing.words(wanted, "answer")
    assert "It was promised Tuesday 7 April, 11:00, which cannot be had any more" in mail
    assert "the fair plan for April 2026 has no other place for it" in mail


def test_a_promise_of_another_month_is_no_business_of_this_one(here, told):
    here.asked(what="In May", preferred_week=date(2026, 5, 4))
    adopted(here, day=date(2026, 5, 10))
    here.asked(what="In April", preferred_week=FIRST_WEEK)
    told.clear()
    adopted(here)
    assert holds() == {"In May": "05 11:00", "In April": "07 11:00"}
    assert told == ["In April"]


def test_a_plan_is_not_adopted_over_one_that_came_meanwhile(here):
    for what in ("First", "Second"):
        here.asked(what=what, preferred_week=FIRST_WEEK)
    month = planned(here)
    with clock.at(NOON + timedelta(minutes=1)):
        adopted(here, span="quarter")
        before = holds()
        with pytest.raises(Conflict, match="April to June 2026 was adopted meanwhile") as no:
            verbs.adopt_plan(month, by=here.lead)
    assert (no.value.not_done, no.value.next_step) == ("Nothing was adopted.", "Ask for the plan again.")
    assert holds() == before


def test_two_plans_do_not_promise_two_times_to_one_request(here):
    here.asked(what="Any time")
    april, may = planned(here), planned(here, day=date(2026, 5, 10))
    with clock.at(NOON + timedelta(minutes=1)):
        verbs.adopt_plan(april, by=here.lead)
        with pytest.raises(Conflict, match="April 2026 was adopted meanwhile"):
            verbs.adopt_plan(may, by=here.lead)
    assert holds() == {"Any time": "07 11:00"}


# --- what stands already makes no plan impossible ---------------------------------------------------------


def test_what_is_planned_close_together_for_one_audience_stays_and_the_rest_is_planned(here):
    weekly(here, (1, "15:00"))
    for what, hour in (("Soup", 11), ("Bread", 15)):
        wanted = here.accepted(what=what, audience="Families", preferred_week=FIRST_WEEK)
        taken(here, SEVENTH.replace(hour=hour), wanted.posts.get().post)
    here.asked(what="Cake", audience="Families", preferred_week=FIRST_WEEK)
    plan = planned(here)
    assert plan.state == "proposed"
    assert placed(plan) == {"Soup": "07 11:00", "Bread": "07 15:00", "Cake": "14 11:00"}


def test_what_is_planned_the_wrong_way_round_stays_and_so_does_what_has_no_follower(here):
    teaser, launch, recap = (
        here.accepted(what=what, preferred_week=FIRST_WEEK) for what in ("Teaser", "Launch", "Recap")
    )
    stakeholders.set_after(launch, by=here.author, after=teaser)
    stakeholders.set_after(recap, by=here.author, after=launch)
    taken(here, SEVENTH, launch.posts.get().post)
    taken(here, SEVENTH.replace(day=14), teaser.posts.get().post)
    closed(here, 15, 30)
    plan = planned(here)
    assert plan.state == "proposed"
    assert placed(plan) == {"Launch": "07 11:00", "Teaser": "14 11:00"}


def test_what_is_planned_for_another_brand_than_was_asked_for_stays(here):
    other = crew.add_brand(by=here.lead, name="Bakery")
    channels.connect_sandbox(here.lead, brand=other, name="Bakery")
    wanted = here.accepted(what="Bread", preferred_week=FIRST_WEEK)
    Request.objects.filter(pk=wanted.pk).update(brand=other)
    taken(here, post=wanted.posts.get().post)
    plan = planned(here)
    assert (plan.state, placed(plan)) == ("proposed", {"Bread": "07 11:00"})


def test_a_must_whose_week_has_no_slot_in_the_month_is_planned_with_the_next(here):
    weekly(here, (4, "11:00"))
    here.asked(what="Soup", preferred_week=FIRST_WEEK)
    closed(here, 28)  # of the week of 27 April only Friday 1 May is left
    must = here.asked(of=here.legal, what="The notice", need="must", preferred_week=date(2026, 4, 27))
    april = planned(here)
    assert (april.state, placed(april)) == ("proposed", {"Soup": "07 11:00"})
    assert must.pk.hex in april.found["outside"]
    assert "No slot of April 2026 can serve “The notice”" in words.tell(april).outside
    page = world.browser(here.lead).get(world.at(here.lead, f"fair/{april.pk}/")).content.decode()
    assert "No slot of April 2026 can serve “The notice”" in page
    verbs.adopt_plan(april, by=here.lead)
    assert placed(planned(here, day=date(2026, 5, 10))) == {"The notice": "01 11:00"}


def test_what_has_to_happen_in_a_promised_time_is_a_clash_that_says_so(here):
    here.asked(what="First", latest=date(2026, 4, 9))
    adopted(here)
    here.asked(
        of=here.legal, what="The notice", need="must", preferred_week=FIRST_WEEK, latest=date(2026, 4, 9)
    )
    plan = planned(here)
    assert plan.state == "proposed"  # no slot is left that could serve it
    assert placed(plan) == {"First": "07 11:00"}
    assert "“The notice”" in words.tell(plan).outside


def test_nothing_that_a_slot_could_serve_is_said(here):
    here.asked(what="The notice", need="must", latest=date(2026, 4, 2))
    plan = planned(here)
    assert plan.state == "failed"
    assert "No slot of April 2026 can serve what is asked for" in plan.problem


def test_what_went_out_or_was_handed_over_while_the_plan_waited_is_no_reason_against_it(here):
    out = here.accepted(what="Out by then", preferred_week=date(2026, 3, 30))
    handed = here.accepted(what="Handed by then", preferred_week=date(2026, 3, 30))
    here.asked(what="Later", preferred_week=FIRST_WEEK)
    for one, day in ((out, 1), (handed, 2)):
        taken(here, SEVENTH.replace(day=day), one.posts.get().post)
    plan = planned(here)
    assert placed(plan) == {"Out by then": "01 11:00", "Handed by then": "02 11:00", "Later": "07 11:00"}
    with clock.at(datetime(2026, 4, 3, 12, 0, tzinfo=UTC)):
        Delivery.objects.filter(post=out.posts.get().post).update(state="accepted")
        Request.objects.filter(pk=out.pk).update(state="out")
        verbs.adopt_plan(plan, by=here.lead)
    assert holds() == {"Later": "07 11:00"}
