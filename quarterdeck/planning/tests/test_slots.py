"""Weekly slots, the next free one, and the habit of a channel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from quarterdeck.channels.models import RemotePost
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.planning import queue
from quarterdeck.planning.models import WeeklySlot
from quarterdeck.planning.verbs import slots as verbs
from quarterdeck.planning.verbs import spans
from quarterdeck.publishing import verbs as posts
from quarterdeck.publishing.models import Delivery
from quarterdeck.publishing.tests import world
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_noon():
    with clock.at(world.NOON):  # Monday 9 March 2026, 13:00 in Berlin
        yield


def slot(w: world.World, weekday: int, wall: str) -> WeeklySlot:
    return verbs.make_slot(w.approver, channel=w.channel, weekday=weekday, wall=wall)


def free(post) -> list[str]:
    return [one.wall for one in queue.next_free(post)]


def test_the_next_free_slots_come_in_order_and_skip_what_is_taken_or_close():
    w = world.two()
    slot(w, 0, "12:00")  # today, and over
    slot(w, 1, "11:30")
    slot(w, 3, "09:00")
    taken = w.approved()
    post = w.approved("Bread.")
    assert free(post) == ["2026-03-10T11:30", "2026-03-12T09:00", "2026-03-16T12:00"]
    posts.schedule(taken, by=w.author, when=datetime(2026, 3, 10, 11, 45))  # noqa: DTZ001
    assert free(post) == ["2026-03-12T09:00", "2026-03-16T12:00", "2026-03-17T11:30"]
    assert free(taken)[0] == "2026-03-10T11:30"  # its own time is no obstacle to itself


def test_a_slot_that_does_not_exist_on_a_day_is_left_out():
    w = world.two()
    slot(w, 6, "02:30")
    with clock.at(datetime(2026, 3, 27, 12, tzinfo=UTC)):
        assert free(w.approved())[0] == "2026-04-05T02:30"


def test_a_blackout_takes_its_slots_away():
    w = world.two()
    slot(w, 1, "11:30")
    day = datetime(2026, 3, 10)  # noqa: DTZ001
    spans.mark_span(
        w.approver, kind="blackout", title="Vote", begins=day, ends=day + timedelta(days=1), blocks=True
    )
    assert free(w.approved())[0] == "2026-03-17T11:30"


def test_the_post_offers_its_next_slot_and_the_form_begins_with_it():
    w = world.two()
    post = w.approved()
    client = Client()
    client.force_login(w.author.user)
    address = f"/w/{w.author.workspace.slug}/posts/{post.pk}/"
    assert "Next free slot" not in client.get(address).content.decode()
    slot(w, 1, "11:30")
    assert "Next free slot…" in client.get(address).content.decode()
    form = client.get(
        f"/w/{w.author.workspace.slug}/calendar/posts/{post.pk}/move/?when=next"
    ).content.decode()
    assert 'value="2026-03-10T11:30"' in form
    client.post(
        f"/w/{w.author.workspace.slug}/calendar/posts/{post.pk}/move/",
        {"when": "2026-03-10T11:30", "fold": "0"},
    )
    assert post.deliveries.get().wall == "2026-03-10T11:30"


def test_a_slot_is_made_once_and_removed():
    w = world.two()
    made = slot(w, 1, "11:30")
    with pytest.raises(Conflict):
        slot(w, 1, "11:30")
    verbs.remove_slot(made, by=w.approver)
    slot(w, 1, "11:30")
    assert make.kinds_recorded(w.author.workspace)[-3:] == [
        "planning.slot.made", "planning.slot.removed", "planning.slot.made",
    ]  # fmt: skip


@pytest.mark.parametrize("wall", ["", "24:00", "9:30", "09:30:00", "noon"])
def test_a_slot_is_a_time_of_day(wall):
    with pytest.raises(Invalid):
        slot(world.two(), 1, wall)


def test_a_habit_is_what_was_posted_in_three_weeks_or_more_on_the_wall_clock():
    w = world.two()
    for week in range(1, 6):  # the clock of Berlin is the same hour on both sides of a change
        at = datetime(2026, 3, 3, 10, 32, tzinfo=UTC) - timedelta(weeks=week)
        RemotePost.objects.create(channel=w.channel, remote_id=f"t{week}", posted_at=at)
    for week in range(1, 3):
        at = datetime(2026, 3, 5, 8, 0, tzinfo=UTC) - timedelta(weeks=week)
        RemotePost.objects.create(channel=w.channel, remote_id=f"th{week}", posted_at=at)
    (found,) = queue.habits(w.author.workspace, [w.channel])[w.channel.pk]
    assert (found.day, found.wall, found.weeks) == ("Tuesday", "11:30", 5)
    client = Client()
    client.force_login(w.approver.user)
    page = client.get(f"/w/{w.author.workspace.slug}/calendar/slots/").content.decode()
    assert "Your habit" in page
    assert "best time" not in page.lower()
    assert "in 5 weeks" in page
    slot(w, 1, "11:00")
    assert queue.habits(w.author.workspace, [w.channel])[w.channel.pk] == []


def offered(w, **asked) -> dict:
    """What the composer is told of the next free slot."""
    client = Client()
    client.force_login(w.author.user)
    answer = client.get(f"/w/{w.author.workspace.slug}/posts/slot/", {"channel": w.channel.pk} | asked)
    assert answer.status_code == 200
    return answer.json()


def test_the_composer_is_offered_the_next_free_slot_as_a_habit_and_plans_nothing():
    w = world.two()
    assert "Choose a channel first" in offered(w, channel="nonsense")["words"]
    assert offered(w)["wall"] == ""
    assert "no weekly slots and no habit" in offered(w)["words"]
    slot(w, 1, "11:30")
    slot(w, 3, "09:00")
    found = offered(w)
    assert (found["wall"], found["zone"]) == ("2026-03-10T11:30", "Europe/Berlin")
    assert found["words"].startswith("Tuesday 10 March, 11:30 Europe/Berlin: the next free slot of ")
    assert "your habit" in found["words"]
    post = w.approved()
    posts.schedule(post, by=w.author, when=datetime(2026, 3, 10, 11, 30))  # noqa: DTZ001
    assert offered(w)["wall"] == "2026-03-12T09:00"
    assert offered(w, post=post.pk)["wall"] == "2026-03-10T11:30", "its own time is no obstacle to itself"
    theirs = world.two()
    slot(theirs, 2, "08:00")
    assert "Choose a channel first" in offered(w, channel=theirs.channel.pk)["words"]


def test_without_slots_the_composer_is_offered_what_a_channel_does_anyway():
    w = world.two()
    for week in range(1, 6):
        at = datetime(2026, 3, 3, 10, 32, tzinfo=UTC) - timedelta(weeks=week)
        RemotePost.objects.create(channel=w.channel, remote_id=f"t{week}", posted_at=at)
    found = offered(w)
    assert found["wall"] == "2026-03-10T11:30"
    assert f"{w.channel.name} posted about then in 5 of the last 13 weeks." in found["words"]


def test_without_a_script_the_button_fills_the_form_and_plans_nothing():
    w = world.two()
    slot(w, 1, "11:30")
    client = Client()
    client.force_login(w.author.user)
    form = {
        "version": 1,
        "channels": [w.channel.pk],
        "part": "1",
        "text:1": "Soup.",
        "when": "2026-04-01T08:00",
        "do": "slot",
    }
    page = client.post(f"/w/{w.author.workspace.slug}/posts/new/", form).content.decode()
    assert 'value="2026-03-10T11:30"' in page
    assert "the next free slot of" in page
    assert "Soup." in page
    assert not Delivery.objects.exists()


def test_the_rules_are_said_in_words_when_they_cannot_be():
    w = world.two()
    client = Client()
    client.force_login(w.approver.user)
    given = {
        "days": ["0", "5"],
        "opens": "10:00",
        "closes": "16:00",
        "near_minutes": "45",
        "markets": "de-be, FR",
    }
    address = f"/w/{w.author.workspace.slug}/settings/planning/"
    assert client.post(address, given).status_code == 302
    from quarterdeck.planning import rules

    own = rules.of(w.author.workspace)
    assert (own.days, own.markets, own.near_minutes) == ([0, 5], ["DE-BE", "FR"], 45)
    refused = client.post(address, given | {"markets": "Atlantis"})
    assert refused.status_code == 422
    assert (
        "The holidays of “ATLANTIS” are not known." in refused.content.decode()
        or "country codes" in refused.content.decode()
    )
    assert client.post(address, given | {"closes": "09:00"}).status_code == 422


def test_a_slot_inside_the_gap_of_a_night_is_left_out_that_night():
    w = world.two("Europe/Berlin")
    slot(w, 6, "02:30")
    assert free(w.approved()) == [
        "2026-03-15T02:30",
        "2026-03-22T02:30",
        "2026-04-05T02:30",
    ]  # on 29 March there is no 02:30
