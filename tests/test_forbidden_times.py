"""A time that planning forbids is refused by every path on which a post is given one; and nothing is written then.

Each path makes a post ready first. Then days are blocked, or an embargo is placed, and the path is tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

import quarterdeck
from quarterdeck.channels import verbs as channels
from quarterdeck.core import clock
from quarterdeck.core.problems import Problem
from quarterdeck.planning import queue, repeating
from quarterdeck.planning.verbs import series, slots, spans
from quarterdeck.publishing import holds_reads, verbs
from quarterdeck.publishing.models import Delivery
from quarterdeck.publishing.slots import resolve
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.world import NOON
from quarterdeck.publishing.verbs import drafts, holds

pytestmark = pytest.mark.django_db
SOON = datetime(2026, 3, 9, 12, 30)  # noqa: DTZ001
LATER = SOON + timedelta(days=1)
Act = Callable[[], object]


def _planned(w: world.World, text: str = "Nettle soup.") -> Delivery:
    post = w.approved(text)
    verbs.schedule(post, by=w.author, when=SOON)
    return post.deliveries.get()


def _in_trouble(w: world.World, state: str) -> Delivery:
    delivery = _planned(w)
    fields = {"state": state, "ended_at": clock.now(), "asked_at": clock.now(), "due_at": clock.now()}
    Delivery.objects.filter(pk=delivery.pk).update(**fields)
    delivery.refresh_from_db()
    return delivery


def _client(w: world.World) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(w.approver.user)
    return client


def schedule(w: world.World) -> Act:
    post = w.approved()
    return lambda: verbs.schedule(post, by=w.author, when=SOON)


def reschedule(w: world.World) -> Act:
    post = _planned(w).post
    return lambda: verbs.reschedule(post, by=w.author, when=LATER)


def publish_now(w: world.World) -> Act:
    post = w.approved()
    return lambda: verbs.publish_now(post, by=w.author)


def publish_now_what_is_planned(w: world.World) -> Act:
    post = _planned(w).post
    return lambda: verbs.publish_now(post, by=w.author)


def send_now(w: world.World) -> Act:
    delivery = _in_trouble(w, "missed")
    return lambda: verbs.send_now(delivery, by=w.author)


def send_at_the_next_time(w: world.World) -> Act:
    delivery = _in_trouble(w, "missed")
    return lambda: verbs.send_at(delivery, by=w.author)


def send_at_a_chosen_time(w: world.World) -> Act:
    delivery = _in_trouble(w, "rejected")
    return lambda: verbs.send_at(delivery, by=w.author, when=LATER)


def send_again_what_is_said_not_to_be_out(w: world.World) -> Act:
    delivery = _in_trouble(w, "ambiguous")
    return lambda: verbs.settle_as_absent(delivery, by=w.author)


def undo_taking_it_off(w: world.World) -> Act:
    post = _planned(w).post
    act = verbs.cancel(post, by=w.author)
    return lambda: verbs.undo(post, by=w.author, act=act)


def undo_moving_it(w: world.World) -> Act:
    post = _planned(w).post
    act = verbs.reschedule(post, by=w.author, when=LATER)
    return lambda: verbs.undo(post, by=w.author, act=act)


def add_a_channel_to_a_planned_post(w: world.World) -> Act:
    post, other = _planned(w).post, channels.connect_sandbox(w.approver, brand=w.brand)
    given = {"by": w.author, "version": 1, "text": "Other soup.", "channels": [w.channel, other]}
    return lambda: verbs.edit(post, **given)


def keep_the_time_when_a_hold_is_lifted(w: world.World) -> Act:
    delivery, hold = _planned(w), holds.place(w.approver)
    return lambda: holds.lift(hold, by=w.approver, decisions={delivery.pk: "keep"})


def move_to_the_next_slot_when_a_hold_is_lifted(w: world.World) -> Act:
    delivery, hold = _planned(w), holds.place(w.approver)
    return lambda: holds.lift(hold, by=w.approver, decisions={delivery.pk: "next"})


def many_at_once(w: world.World) -> Act:
    draft = drafts.Draft(w.brand, "Soup.", [w.channel], (), resolve(SOON, "UTC"))
    return lambda: drafts.draft_many(w.author, [draft])


def import_a_spreadsheet(w: world.World) -> Act:
    from quarterdeck.exchange.tests import world as sheets

    ours = sheets.World(w.approver, w.author, w.brand, w.channel, w.channel)
    rows = [["Text", "Date", "Channel"], ["Soup.", "2026-03-09 12:30", w.channel.name]]
    return lambda: " ".join(
        reason["words"] for row in sheets.rows_of(ours.imported(rows)) for reason in row.reasons
    )


def a_series(w: world.World) -> Act:
    running = series.begin_series(w.approved(), by=w.author, frequency="weekly", begins=SOON)

    def fill() -> str:
        repeating.fill(running)
        return " ".join(running.occurrences.values_list("problem", flat=True))

    return fill


def the_calendar(w: world.World) -> Act:
    """What the drag, the arrow keys, “Move to…” and the palette all send."""
    address = f"/w/{w.author.workspace.slug}/calendar/posts/{_planned(w).post_id}/move/"
    return lambda: _client(w).post(address, {"when": f"{LATER:%Y-%m-%dT%H:%M}"}).text


def the_page_of_the_post(w: world.World) -> Act:
    address = f"/w/{w.author.workspace.slug}/posts/{w.approved().pk}/plan/"
    return lambda: _client(w).post(address, {"when": f"{SOON:%Y-%m-%dT%H:%M}"}).text


def the_composer(w: world.World) -> Act:
    post = w.draft()
    parts = {"workspace": w.author.workspace.slug, "pk": post.pk}
    address = reverse("publishing-post-edit", kwargs=parts)
    given = {"text": "Soup.", "channels": [str(w.channel.pk)], "version": 1, "when": f"{SOON:%Y-%m-%dT%H:%M}"}
    return lambda: _client(w).post(address, given, follow=True).text


def the_next_free_slot(w: world.World) -> Act:
    """It proposes nothing that is forbidden, so nothing is there to be taken."""
    for weekday in range(7):
        slots.make_slot(w.approver, channel=w.channel, weekday=weekday, wall="12:30")
    post = w.approved()
    assert queue.next_free(post)
    return lambda: "That time lies in the " if not queue.next_free(post) else "proposed"


PATHS = [
    schedule,
    reschedule,
    publish_now,
    publish_now_what_is_planned,
    send_now,
    send_at_the_next_time,
    send_at_a_chosen_time,
    send_again_what_is_said_not_to_be_out,
    undo_taking_it_off,
    undo_moving_it,
    add_a_channel_to_a_planned_post,
    keep_the_time_when_a_hold_is_lifted,
    move_to_the_next_slot_when_a_hold_is_lifted,
    many_at_once,
    import_a_spreadsheet,
    a_series,
    the_calendar,
    the_page_of_the_post,
    the_composer,
    the_next_free_slot,
]
SPANS = {
    "blackout": {"kind": "blackout", "begins": SOON - timedelta(days=1)},
    "embargo": {"kind": "embargo", "begins": None, "scope": "brand"},
}
REFUSED = r"lies in the |The embargo “Election” lasts|has no next slot"


def block(w: world.World, kind: str = "blackout", days: int = 90, **more) -> None:
    given = {"title": "Election", "ends": SOON + timedelta(days=days), "blocks": True} | SPANS[kind] | more
    target = w.brand.pk if given.get("scope") == "brand" else None
    spans.mark_span(w.approver, target=target, **given)


def stands() -> set:
    return set(Delivery.objects.values_list("pk", "state", "due_at", "channel_id"))


@pytest.mark.parametrize("kind", SPANS)
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__)
def test_no_path_gives_a_post_a_forbidden_time(path, kind):
    w = world.two("UTC")
    with clock.at(NOON):
        act = path(w)
        block(w, kind)
        before = stands()
        try:
            said = act()
        except Problem as problem:
            said = problem.title
        assert re.search(REFUSED, str(said), re.IGNORECASE), said
        assert stands() == before


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__)
def test_every_path_works_where_nothing_is_forbidden(path):
    """Else the walk above would prove nothing."""
    w = world.two("UTC")
    with clock.at(NOON):
        act = path(w)
        before = stands()
        act()
        kept = {keep_the_time_when_a_hold_is_lifted, the_next_free_slot}
        assert (stands() == before) == (path in kept)


def test_deliveries_are_written_in_no_place_that_the_walk_does_not_know():
    """Whoever finds another way to give a post a time has to ask `objections`, and to add a path here."""
    known = {
        "publishing/rows.py",  # asks itself; what reopens the very same slot does not
        "publishing/verbs/outside.py",  # what went out elsewhere already
        "publishing/verbs/plans.py",  # undo and settle_as_absent
    }
    writes = re.compile(
        r"\bDelivery\(|Delivery\.objects\.(?:bulk_)?create|state\S*(?:, \w+\.\w+)* = DeliveryState\.INTENT"
    )
    root = Path(quarterdeck.__file__).parent
    found = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if "tests" not in path.parts and "migrations" not in path.parts and writes.search(path.read_text())
    }
    assert found - {"publishing/models/deliveries.py"} == known
    reopens = [path for path in root.rglob("*.py") if "reopen_deliveries(" in path.read_text()]
    assert sorted(str(path.relative_to(root)) for path in reopens) == [
        "publishing/rows.py",
        "publishing/verbs/posts.py",
    ]


# --- what stands already stays, and holds find the next time that is free ------------------------------


def test_an_edit_of_what_is_planned_inside_already_keeps_its_time():
    w = world.two("UTC")
    with clock.at(NOON):
        post = _planned(w).post
        block(w)
        more = [{"text": "And bread.", "images": []}]
        verbs.edit(post, by=w.author, version=1, text="Soup.", channels=[w.channel], following=more)
    rows = post.deliveries.filter(state="intent")
    assert {(row.part, row.wall) for row in rows} == {(0, "2026-03-09T12:30"), (1, "2026-03-09T12:30")}


def test_the_next_slot_after_a_hold_is_the_first_day_that_is_not_blocked():
    w = world.two("UTC")
    with clock.at(NOON):
        delivery, hold = _planned(w), holds.place(w.approver)
        block(w, begins=SOON, days=2)
        [waits] = holds_reads.review(hold, clock.now())
        assert waits.choice.not_kept == "That time lies in the blackout “Election”."
        assert waits.choice.next.due_at == datetime(2026, 3, 11, 12, 30, tzinfo=UTC)
        shown = _client(w).get(f"/w/{w.author.workspace.slug}/holds/{hold.pk}/lift/").text
        assert "That time lies in the blackout “Election”." in shown
        assert "Keep its time</label>" not in shown
        holds.lift(hold, by=w.approver, decisions={delivery.pk: "next"})
    assert Delivery.objects.get(state="intent").wall == "2026-03-11T12:30"


def test_what_only_warns_is_said_where_a_time_is_given():
    w = world.two("UTC")
    with clock.at(NOON):
        block(w, blocks=False)
        post = w.approved()
        address = f"/w/{w.author.workspace.slug}/posts/{post.pk}/plan/"
        shown = _client(w).post(address, {"when": f"{SOON:%Y-%m-%dT%H:%M}"}, follow=True).text
    assert "Planned for Monday 9 March, 12:30 UTC. That time lies in the blackout “Election”." in shown


def test_many_times_are_asked_about_in_as_many_questions_as_one(django_assert_num_queries):
    from quarterdeck.publishing import objections

    w = world.two("UTC")
    with clock.at(NOON):
        block(w)
        delivery = _planned_before(w)
        proposals = [
            objections.proposed(delivery.post, NOON + timedelta(days=n), [w.channel]) for n in range(50)
        ]
        with django_assert_num_queries(2):  # the spans, and the slots that are held
            said = objections.to_each(proposals)
    assert all(len(one) == 1 for one in said)


def _planned_before(w: world.World) -> Delivery:
    from quarterdeck.publishing.models import Post

    post = Post.objects.prefetch_related("labels").get(pk=w.draft().pk)
    return Delivery(post=post, channel=w.channel)
