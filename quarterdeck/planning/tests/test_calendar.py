"""The calendar's page: what stands on it and in which words, filters, zones, and few questions for many posts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.core import clock, ids
from quarterdeck.crew.verbs import add_brand
from quarterdeck.planning import entries, marks
from quarterdeck.publishing import verbs
from quarterdeck.publishing.models import Delivery, DeliveryState
from quarterdeck.publishing.policies import Seat, Step
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.verbs import holds, labels
from quarterdeck.publishing.verbs.policies import Terms, make_policy
from tests import make

pytestmark = pytest.mark.django_db

NOON = world.NOON  # Monday 9 March 2026
TUESDAY = datetime(2026, 3, 10, 11, 30)  # noqa: DTZ001


@pytest.fixture(autouse=True)
def _at_noon():
    with clock.at(NOON):
        yield


def get(w: world.World, query: str = "", who=None, **headers) -> str:
    client = Client()
    client.force_login((who or w.author).user)
    answer = client.get(f"/w/{w.author.workspace.slug}/calendar/{query}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def there(w: world.World, asked=None) -> list[entries.Entry]:
    return entries.between(w.author.workspace, NOON - timedelta(days=60), NOON + timedelta(days=60), asked)[0]


def planned(w: world.World, when: datetime = TUESDAY, text: str = "Nettle soup.", approved: bool = True):
    post = w.approved(text) if approved else w.draft(text)
    verbs.schedule(post, by=w.author, when=when)
    return post


def test_each_state_has_its_word_and_its_symbol():
    w = world.two()
    post = planned(w)
    assert [(e.kind.word, e.kind.symbol) for e in there(w)] == [("planned", "○")]
    hold = holds.place(w.approver)
    assert there(w)[0].kind.word == "held"
    assert "is on hold" in get(w)
    del hold
    row = post.deliveries.get()
    for state, word in ((DeliveryState.MISSED, "missed"), (DeliveryState.ACCEPTED, "out")):
        Delivery.objects.filter(pk=row.pk).update(state=state, ended_at=clock.now())
        assert there(w)[0].kind.word == word


def test_what_nobody_approved_says_so():
    w = world.two()
    post = planned(w, approved=False)
    assert there(w)[0].kind.word == "not approved"
    verbs.ask_approval(post, by=w.author)
    assert there(w)[0].kind.word == "waits for approval"
    assert "waits for approval" in get(w)


def test_what_was_missed_and_moved_stands_only_where_it_is_now():
    w = world.two()
    post = planned(w)
    Delivery.objects.update(state=DeliveryState.MISSED, ended_at=clock.now())
    verbs.schedule(post, by=w.author, when=TUESDAY + timedelta(days=1))
    assert [e.local.day for e in there(w)] == [11]


def test_one_post_on_two_channels_at_one_time_is_one_entry():
    w = world.two()
    planned(w)
    row = Delivery.objects.get()
    other = connect_by_hand(w.approver, brand=w.brand, network="instagram", name="harbour")
    row.pk, row.client_key, row.channel = ids.new(), "another", other
    row.save(force_insert=True)
    (entry,) = there(w)
    assert {name for _, name in entry.channels} == {w.channel.name, "harbour"}


def test_it_stands_on_the_day_of_the_workspace_and_the_page_names_both_zones():
    w = world.two("Asia/Tokyo")
    planned(w, datetime(2026, 3, 11, 7, 0))  # noqa: DTZ001
    w.author.user.timezone = "America/New_York"
    w.author.user.save()
    page = get(w)
    assert (
        "Times are in Asia/Tokyo, this workspace’s time zone. Yours, America/New_York, is 13 hours behind now."
        in page
    )
    assert there(w)[0].wall == "2026-03-11T07:00"


def test_the_filters_stand_in_the_address():
    w = world.two()
    soup, bread = planned(w), planned(w, TUESDAY + timedelta(hours=3), "Bread.", approved=False)
    label = labels.make_label(w.approver, name="Recipes")
    labels.label_post(bread, by=w.author, labels=[label], latest_minutes=None)
    assert "Nettle soup" in (page := get(w)) and "Bread." in page  # noqa: PT018
    page = get(w, f"?label={label.pk}&date=2026-03-09")
    assert "Bread." in page
    assert "Nettle soup" not in page
    page = get(w, "?state=planned&view=list&date=2026-03-09")
    assert "Nettle soup" in page
    assert "Bread." not in page
    other = add_brand(by=w.approver, name="Second")
    assert "Nettle soup" not in get(w, f"?brand={other.pk}&date=2026-03-09")
    assert "Nettle soup" in get(w, f"?channel={w.channel.pk}&date=2026-03-09")
    assert soup.pk != bread.pk


def test_an_address_that_cannot_be_read_shows_this_month():
    page = get(world.two(), "?view=hour&date=2026-13-45&channel=x&state=lost&brand=%00")
    assert "March 2026" in page


def test_a_phone_begins_with_the_list_and_a_desk_with_the_month():
    w = world.two()
    assert 'class="plan month"' in get(w)
    assert 'class="agenda"' in get(w, **{"Sec-CH-UA-Mobile": "?1"})
    assert 'class="plan month"' in get(w, "?view=month", **{"Sec-CH-UA-Mobile": "?1"})


def test_many_posts_in_a_day_show_the_first_and_how_many_more():
    w = world.two()
    for number in range(6):
        planned(w, TUESDAY + timedelta(hours=number), f"Post {number}.")
    page = get(w)
    assert "+3 more" in page
    assert "Post 4." not in page
    assert "Post 4." in get(w, "?view=list&date=2026-03-10&span=day")


def test_today_is_marked_and_approved_posts_without_a_time_wait_in_the_tray():
    w = world.two()
    w.approved("Rhubarb cake.")
    w.draft("Not approved yet.")
    page = get(w)
    assert page.count('aria-current="date"') == 1
    assert "Rhubarb cake." in page
    assert "Not approved yet." not in page


def test_an_empty_calendar_offers_one_action():
    page = get(world.two())
    assert "Nothing stands here yet" in page
    assert "Write a post" in page


def test_who_may_not_plan_sees_it_and_cannot_move_it():
    from tests import make

    w = world.two()
    planned(w)
    page = get(w, who=make.member("observer", w.author.workspace, "Oz"))
    assert "Nettle soup" in page
    assert "data-move=" not in page
    assert "draggable" not in page


def test_posts_close_together_on_a_channel_say_so():
    w = world.two()
    planned(w)
    planned(w, TUESDAY + timedelta(minutes=20), "Bread.")
    planned(w, TUESDAY + timedelta(hours=2), "Plums.")
    assert "Collides with “Bread.” at 11:50" in (page := get(w, "?view=list&date=2026-03-10"))
    assert "2 posts stand close to another" in page
    assert page.count("collides") + page.count("Collides") == 2


def test_days_and_channels_without_a_post_are_named():
    w = world.two()
    page = get(w, "?view=week&date=2026-03-09")
    assert "Nothing is planned on Mon 9 Mar, Tue 10 Mar, Wed 11 Mar, Thu 12 Mar and Fri 13 Mar." in page
    assert f"No post here is for {w.channel.name}." in page
    planned(w)
    assert "Mon 9 Mar, Wed 11 Mar" in (page := get(w, "?view=week&date=2026-03-09"))
    assert "No post here is for" not in page


def test_the_number_of_questions_does_not_grow_with_the_number_of_posts():
    w = world.two()
    planned(w, TUESDAY + timedelta(hours=9), "Late soup.")
    w.approved("Waiting.")

    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as seen:
            get(w, "?date=2026-03-10")
        # What a process reads of its own settings every ten seconds has nothing to do with posts.
        return [q["sql"] for q in seen if '"core_' not in q["sql"]]

    few = len(first := asked())
    for number in range(12):
        planned(w, TUESDAY + timedelta(minutes=40 * number + 40), f"Post {number}.")
        w.approved(f"Waiting {number}.")
    assert len(many := asked()) <= few, {q[:300] for q in many} - {q[:300] for q in first}


# --- moving -----------------------------------------------------------------------------------------


def post_move(w: world.World, post, data: dict, who=None):
    client = Client()
    client.force_login((who or w.author).user)
    return client.post(f"/w/{w.author.workspace.slug}/calendar/posts/{post.pk}/move/", data)


def test_moving_goes_back_to_where_one_was_with_an_undo():
    w = world.two()
    post = planned(w)
    here = f"/w/{w.author.workspace.slug}/calendar/?view=week&date=2026-03-10"
    answer = post_move(w, post, {"when": "2026-03-12T09:15", "next": here})
    assert (answer.status_code, answer["Location"]) == (302, here)
    row = post.deliveries.get(state="intent")
    assert row.wall == "2026-03-12T09:15"
    client = answer.client
    page = client.get(here).content.decode()
    assert "is moved to Thu 12 Mar, 09:15." in page
    assert f"/posts/{post.pk}/undo/{row.opened_by}/" in page


def test_an_unplanned_post_is_planned_the_same_way():
    w = world.two()
    post = w.approved()
    assert post_move(w, post, {"when": "2026-03-12T09:15"}).status_code == 302
    assert post.deliveries.get().wall == "2026-03-12T09:15"


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("2026-03-29T02:30", "02:30 does not exist on Sunday, 29 March in Europe/Berlin"),
        ("2026-10-25T02:30", "comes twice in Europe/Berlin"),
        ("2026-03-01T10:00", "That time has passed."),
        ("soon", "Please give a day and a time"),
    ],
)
def test_a_time_that_cannot_be_is_said_in_words_and_nothing_is_lost(when, words):
    w = world.two()
    post = planned(w)
    here = f"/w/{w.author.workspace.slug}/calendar/?view=week&date=2026-03-10"
    answer = post_move(w, post, {"when": when, "next": here})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert f'value="{when}"' in page
    assert here.replace("&", "&amp;") in page
    assert post.deliveries.get().wall == "2026-03-10T11:30"


def test_which_of_two_same_times_is_asked_and_then_taken():
    w = world.two()
    post = planned(w)
    asked = post_move(w, post, {"when": "2026-10-25T02:30"}).content.decode()
    assert "The second, after" in asked
    post_move(w, post, {"when": "2026-10-25T02:30", "fold": "1"})
    assert post.deliveries.get(state="intent").due_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_the_next_page_is_only_ever_one_of_this_workspace():
    w = world.two()
    post = planned(w)
    answer = post_move(w, post, {"when": "2026-03-12T09:15", "next": "https://evil.example/"})
    assert answer["Location"] == f"/w/{w.author.workspace.slug}/calendar/"
    client = answer.client
    page = client.get(f"/w/{w.author.workspace.slug}/calendar/posts/{post.pk}/move/?next=javascript:alert(1)")
    assert b'href="javascript:' not in page.content


def test_the_form_warns_of_a_collision_before_and_the_toast_after():
    w = world.two()
    planned(w)
    post = planned(w, TUESDAY + timedelta(days=1), "Bread.")
    client = Client()
    client.force_login(w.author.user)
    address = f"/w/{w.author.workspace.slug}/calendar/posts/{post.pk}/move/"
    assert (
        "It collides with “Nettle soup.” at 11:30"
        in client.get(f"{address}?when=2026-03-10T11:45").content.decode()
    )
    client.post(address, {"when": "2026-03-10T11:45"})
    assert "It collides with" in client.get(f"/w/{w.author.workspace.slug}/calendar/").content.decode()


def test_approved_is_what_its_policy_calls_approved_and_what_a_small_edit_kept_so():
    """The calendar asks for the clearance, as everything does that asks whether a post may go out."""
    w = world.two()
    cy = make.member("lead", w.author.workspace, "Cy")
    seats = tuple(Seat("member", one.pk.hex) for one in (w.approver, cy))
    make_policy(w.approver, terms=Terms("Both", (Step("", "all", seats),), small_edits=True))
    post = w.draft()
    verbs.ask_approval(post, by=w.author)
    verbs.approve(post, by=w.approver, text_hash=post.text_hash)
    verbs.schedule(post, by=w.author, when=TUESDAY)

    def stands() -> str:
        [found], _ = entries.between(w.author.workspace, NOON, NOON + timedelta(days=2))
        return found.key

    assert stands() == "waiting"  # one of two voices
    assert entries.tray(w.author.workspace) == ([], 0)
    verbs.approve(post, by=cy, text_hash=post.text_hash)
    assert stands() == "planned"
    text = "Nettle soup, from Tuesday."
    verbs.edit(post, by=w.author, version=post.version, text=text, channels=[w.channel])
    assert stands() == "planned"  # a small edit


def test_of_two_who_move_a_post_the_second_is_told_that_it_was_moved():
    """In another tab, or by somebody else: what they saw is sent along."""
    w = world.two()
    post = w.approved()
    verbs.schedule(post, by=w.author, when=TUESDAY)
    address = f"/w/{w.author.workspace.slug}/calendar/posts/{post.pk}/move/"
    first, second = Client(), Client()
    first.force_login(w.author.user)
    second.force_login(w.approver.user)
    assert 'name="was" value="2026-03-10T11:30"' in first.get(address).content.decode()
    seen = {"was": "2026-03-10T11:30"}
    assert first.post(address, seen | {"when": "2026-03-11T09:00"}).status_code == 302
    answer = second.post(address, seen | {"when": "2026-03-12T15:00"})
    assert answer.status_code == 409
    told = answer.content.decode()
    assert "Somebody has moved it meanwhile: it is planned for Wednesday, 11 March, 09:00." in told
    assert 'name="was" value="2026-03-11T09:00"' in told
    assert post.deliveries.get(state="intent").wall == "2026-03-11T09:00"
    verbs.cancel(post, by=w.author)
    answer = second.post(address, {"was": "2026-03-11T09:00", "when": "2026-03-12T15:00"})
    assert "Nothing of this post is planned." in answer.content.decode()
    assert not post.deliveries.filter(state="intent").exists()


def test_what_the_page_does_not_show_counts_among_collisions_and_gets_no_notes():
    w = world.two()
    for number in range(4):
        post = w.approved(f"Soup {number}.")
        verbs.schedule(post, by=w.author, when=TUESDAY + timedelta(minutes=20 * number))
    found, _ = entries.between(w.author.workspace, NOON, NOON + timedelta(days=2))
    assert marks.collisions(found, {}, {}, timedelta(minutes=30), {id(found[0])}) == 4
    assert [len(one.notes) for one in found] == [1, 1, 0, 0]
    for one in found:
        one.notes.clear()
    assert marks.collisions(found, {}, {}, timedelta(minutes=30)) == 4
    assert [len(one.notes) for one in found] == [1, 2, 2, 1]
