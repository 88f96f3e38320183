"""What a fair plan promises can be had, and stays promised: what is closed or taken, what came between, and what stands
already."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from quarterdeck.consent import verbs
from quarterdeck.consent.models import FairPlan, Held
from quarterdeck.consent.tests.test_plans import FIRST_WEEK, placed, planned, weekly
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict
from quarterdeck.planning.verbs import spans
from quarterdeck.publishing import verbs as posts
from quarterdeck.publishing.models import Post
from quarterdeck.stakeholders import telling
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
    """Which requests somebody is written to about, in order."""
    found: list[str] = []
    monkeypatch.setattr(telling, "to_requester", lambda request, what: found.append(f"{request}: {what}"))
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
    with pytest.raises(Conflict, match="Tuesday 7 April, 11:00 cannot be had any more: another post") as no:
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
