"""Layers: holidays, spans that warn or block, what is inside already, and calendars from elsewhere."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid, Problem
from quarterdeck.planning import agenda, grid, ics, intake, jobs, layers, reading, rules
from quarterdeck.planning.models import Layer, LayerDay, Span
from quarterdeck.planning.verbs import layers as layer_verbs
from quarterdeck.planning.verbs import slots as slot_verbs
from quarterdeck.planning.verbs import spans as verbs
from quarterdeck.publishing import verbs as posts
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.verbs import labels
from quarterdeck.strategy import verbs as strategy
from tests import make

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 3, 12)  # noqa: DTZ001
INSIDE = DAY + timedelta(hours=11)


@pytest.fixture(autouse=True)
def _at_noon():
    with clock.at(world.NOON):
        yield


def blackout(w: world.World, blocks: bool = True, **more) -> Span:
    given = {"kind": "blackout", "title": "Election", "begins": DAY, "ends": DAY + timedelta(days=1)}
    return verbs.mark_span(w.approver, blocks=blocks, **(given | more))


def page(w: world.World, who=None, query: str = "?date=2026-03-12&view=list") -> str:
    client = Client()
    client.force_login((who or w.author).user)
    return client.get(f"/w/{w.author.workspace.slug}/calendar/{query}").content.decode()


def test_publishing_refuses_inside_a_blackout_wherever_it_is_asked():
    w = world.two()
    span = blackout(w)
    post = w.approved()
    with pytest.raises(Conflict, match="lies in the blackout “Election”") as refused:
        posts.schedule(post, by=w.author, when=INSIDE)
    assert "ask a lead" in refused.value.next_step
    posts.schedule(post, by=w.author, when=INSIDE + timedelta(days=1))
    with pytest.raises(Conflict):
        posts.reschedule(post, by=w.author, when=INSIDE)
    assert post.deliveries.get(state="intent").wall == "2026-03-13T11:00"
    with clock.at(datetime(2026, 3, 12, 9, tzinfo=UTC)), pytest.raises(Conflict):
        posts.publish_now(post, by=w.author)
    verbs.remove_span(span, by=w.approver)
    posts.reschedule(post, by=w.author, when=INSIDE)


def test_its_first_instant_is_inside_and_its_last_is_not():
    w = world.two()
    blackout(w)
    for when, allowed in ((DAY - timedelta(minutes=1), True), (DAY, False), (DAY + timedelta(days=1), True)):
        post = w.approved(f"Soup {when}.")
        if allowed:
            posts.schedule(post, by=w.author, when=when)
        else:
            with pytest.raises(Conflict):
                posts.schedule(post, by=w.author, when=when)


def test_one_that_only_warns_lets_it_through_and_says_so():
    w = world.two()
    blackout(w, blocks=False)
    post = w.approved()
    client = Client()
    client.force_login(w.author.user)
    address = f"/w/{w.author.workspace.slug}/calendar/posts/{post.pk}/move/"
    assert (
        "lies in the blackout “Election”" in client.get(f"{address}?when=2026-03-12T11:00").content.decode()
    )
    assert client.post(address, {"when": "2026-03-12T11:00"}).status_code == 302
    assert "lies in the blackout “Election”" in page(w)


def test_an_embargo_holds_back_only_what_it_is_about():
    w = world.two()
    label = labels.make_label(w.approver, name="Menu")
    verbs.mark_span(
        w.approver,
        kind="embargo",
        title="New menu",
        begins=None,
        ends=DAY,
        blocks=True,
        scope="label",
        target=label.pk,
    )
    free, held = w.approved("Free."), w.approved("Held.")
    labels.label_post(held, by=w.author, labels=[label])
    posts.schedule(free, by=w.author, when=DAY - timedelta(days=1))
    with pytest.raises(Conflict, match="The embargo “New menu” lasts until 2026-03-12, 00:00 Europe/Berlin"):
        posts.schedule(held, by=w.author, when=DAY - timedelta(days=1))
    posts.schedule(held, by=w.author, when=DAY)


def test_what_was_planned_inside_before_is_marked_and_stands_on_the_desk():
    w = world.two()
    post = w.approved()
    posts.schedule(post, by=w.author, when=INSIDE)
    assert [i for i in agenda.agenda(w.author, clock.now()) if "inside" in i.key] == []
    blackout(w)
    shown = page(w)
    assert "Blackout: Election" in shown
    assert "That time lies in the blackout “Election”." in shown
    assert "1 post stands where nothing should go out" in shown
    for who in (w.author, w.approver):
        (item,) = [i for i in agenda.agenda(who, clock.now()) if "inside" in i.key]
        assert "planned where nothing should go out" in item.title
    assert post.deliveries.get().state == "intent"


def test_each_hears_of_their_own_and_the_number_said_is_that_of_all(monkeypatch):
    w = world.two()
    for minute in range(3):
        posts.schedule(w.approved(f"Soup {minute}."), by=w.author, when=INSIDE + timedelta(minutes=minute))
    other = make.member("author", w.author.workspace, "Cay")
    late = posts.draft(other, brand=w.brand, text="Bread.", channels=[w.channel])
    posts.schedule(late, by=other, when=INSIDE + timedelta(hours=1))
    blackout(w)
    monkeypatch.setattr(agenda, "MOST_INSIDE", 2)

    def told(who) -> list:
        return [i for i in agenda.agenda(who, clock.now()) if "inside" in i.key]

    assert [one.title for one in told(other)] == ["“Bread.” is planned where nothing should go out"]
    for who, count in ((w.author, 3), (w.approver, 4)):
        items = told(who)
        assert len(items) == 2
        assert items[0].fold_title(items) == f"{count} posts are planned where nothing should go out"


def test_a_launch_only_shows_and_what_is_removed_can_be_put_back():
    w = world.two()
    span = blackout(w, kind="launch", title="Opening")
    assert not span.blocks
    posts.schedule(w.approved(), by=w.author, when=INSIDE)
    assert "Launch: Opening" in page(w)
    verbs.remove_span(span, by=w.approver)
    assert "Launch: Opening" not in page(w)
    verbs.restore_span(span, by=w.approver)
    assert "Launch: Opening" in page(w)


@pytest.mark.parametrize(
    "wrong",
    [{"title": "  "}, {"begins": None}, {"ends": DAY}, {"scope": "label", "target": None}],
    ids=["no name", "no beginning", "no length", "for nothing"],
)
def test_days_that_cannot_be_marked_are_refused_in_words(wrong):
    with pytest.raises(Invalid):
        blackout(world.two(), **wrong)


def test_days_that_are_over_leave_room_for_new_ones(monkeypatch):
    w = world.two()
    monkeypatch.setattr(verbs, "MOST_SPANS", 2)
    blackout(w)
    gone = blackout(w)
    with pytest.raises(Conflict) as refused:
        blackout(w)
    assert refused.value.next_step == "Remove one that is not needed any more."
    verbs.remove_span(gone, by=w.approver)
    blackout(w)
    with pytest.raises(Conflict, match="marked days"):  # and none comes back beyond them
        verbs.restore_span(gone, by=w.approver)
    with clock.at(world.NOON + timedelta(days=4)):  # both are over
        verbs.restore_span(gone, by=w.approver)
        for _ in range(2):
            blackout(w, begins=DAY + timedelta(days=2), ends=DAY + timedelta(days=3))


def test_public_holidays_of_the_chosen_markets_stand_on_their_days():
    w = world.two()
    assert "★" not in page(w, query="?date=2026-05-01&view=list")
    slot_verbs.change_rules(
        w.approver, days=[0], opens="09:00", closes="18:00", near_minutes=30, markets="DE, FR"
    )
    assert "Labor Day (DE, FR)" in page(w, query="?date=2026-05-01&view=list")
    assert rules.holidays(["DE-BY"], date(2026, 1, 6), date(2026, 1, 7)) == {
        date(2026, 1, 6): ["Epiphany (DE-BY)"]
    }


# --- calendars from elsewhere -----------------------------------------------------------------------

SCHOOL = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
UID:1\r
DTSTART;VALUE=DATE:20260330\r
DTEND;VALUE=DATE:20260411\r
SUMMARY:Easter holidays\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:2\r
DTSTART;TZID=Europe/Berlin:20260305T190000\r
DTEND;TZID=Europe/Berlin:20260305T220000\r
RRULE:FREQ=WEEKLY;COUNT=3\r
EXDATE;TZID=Europe/Berlin:20260312T190000\r
SUMMARY:Market night\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:3\r
DTSTART:20260310T233000Z\r
SUMMARY:Late in UTC\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:4\r
SUMMARY:Without a day\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_a_calendar_is_read_by_days_with_its_repeats_and_exceptions():
    days = ics.read(SCHOOL, ZoneInfo("Europe/Berlin"), date(2026, 3, 1), date(2026, 12, 31))
    assert [(d.first.isoformat(), d.last.isoformat(), d.title) for d in days] == [
        ("2026-03-05", "2026-03-05", "Market night"),
        ("2026-03-11", "2026-03-11", "Late in UTC"),
        ("2026-03-19", "2026-03-19", "Market night"),
        ("2026-03-30", "2026-04-10", "Easter holidays"),
    ]


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"],
    ids=["nothing", "a page", "bytes", "cut off"],
)
def test_what_is_no_calendar_says_so(content):
    with pytest.raises(Invalid, match="not a calendar"):
        ics.read(content, ZoneInfo("UTC"), date(2026, 1, 1), date(2026, 2, 1))


def test_a_calendar_that_repeats_without_end_is_bounded(monkeypatch):
    endless = SCHOOL.replace(b"RRULE:FREQ=WEEKLY;COUNT=3", b"RRULE:FREQ=SECONDLY")
    assert len(ics.read(endless, ZoneInfo("UTC"), date(2026, 3, 1), date(2026, 12, 31))) == 2
    monkeypatch.setattr(ics, "SECONDS", 0.1)
    never = SCHOOL.replace(b"RRULE:FREQ=WEEKLY;COUNT=3", b"RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30")
    with pytest.raises(Invalid, match="take too long"):
        ics.read(never, ZoneInfo("UTC"), date(2026, 3, 1), date(2026, 12, 31))


def repeating(rule: bytes) -> bytes:
    """The calendar, its evening repeating like that since 1970."""
    content = SCHOOL.replace(b"RRULE:FREQ=WEEKLY;COUNT=3", b"RRULE:" + rule)
    return content.replace(b"20260305T190000", b"19700101T190000").replace(b"20260305T22", b"19700101T22")


def numbers(last: int) -> bytes:
    return b",".join(b"%d" % number for number in range(last))


@pytest.mark.parametrize(
    "rule",
    [
        b"FREQ=DAILY;BYHOUR=%b;BYMINUTE=%b;BYSECOND=%b" % (numbers(24), numbers(60), numbers(60)),
        b"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;BYSETPOS=1,2,3,4,5,6",
        b"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=%b" % b",".join([b"30"] * 200),
    ],
    ids=["each second", "many places", "long"],
)
@pytest.mark.timeout(20)
def test_a_rule_that_would_be_reckoned_for_minutes_is_passed_over(rule):
    began = time.process_time()
    days = ics.read(repeating(rule), ZoneInfo("UTC"), date(2026, 3, 1), date(2026, 12, 31))
    assert {day.title for day in days} == {"Easter holidays", "Late in UTC"}
    assert time.process_time() - began < 1


def test_an_event_some_times_a_day_still_marks_its_days():
    content = repeating(b"FREQ=DAILY;BYHOUR=9,17;BYMINUTE=0;BYSECOND=0")
    days = ics.read(content, ZoneInfo("UTC"), date(2026, 3, 3), date(2026, 3, 5))
    assert [day.first.day for day in days if day.title == "Market night"] == [3, 4, 5]


def test_the_patience_for_a_calendar_ends_within_one_event_too(monkeypatch):
    monkeypatch.setattr(ics, "SECONDS", 0.01)
    content = repeating(b"FREQ=DAILY;BYHOUR=%b" % numbers(24))
    only = content[: content.index(b"BEGIN:VEVENT\r\nUID:3")] + b"END:VCALENDAR\r\n"
    with pytest.raises(Invalid, match="take too long"):
        ics.read(only, ZoneInfo("UTC"), date(2026, 3, 1), date(2026, 12, 31))


def test_a_file_lies_over_the_calendar_and_reading_it_again_changes_nothing_more():
    w = world.two()
    layer = layer_verbs.add_layer(w.approver, title="School", content=SCHOOL)
    assert "Easter holidays" in page(w, query="?date=2026-03-30&view=list")
    before = LayerDay.objects.count()
    intake.keep_layer(layer, SCHOOL)
    assert LayerDay.objects.count() == before
    layer_verbs.remove_layer(layer, by=w.approver)
    assert "Easter holidays" not in page(w, query="?date=2026-03-30&view=list")


def test_an_address_is_sealed_and_read_through_the_safe_client(monkeypatch):
    w = world.two()
    layer = layer_verbs.add_layer(w.approver, title="Team", url="webcal://127.0.0.1:8080/team.ics?key=secret")
    layer.refresh_from_db()
    assert b"secret" not in bytes(layer.sealed)
    jobs.read_layer(str(layer.pk))
    layer.refresh_from_db()
    assert "private network" in layer.problem
    assert "secret" not in layer.problem
    monkeypatch.setattr(reading, "fetch", lambda one: SCHOOL)
    jobs.read_layer(str(layer.pk))
    layer.refresh_from_db()
    assert layer.problem == ""
    assert layer.days.count() == 4
    monkeypatch.setattr(reading, "fetch", lambda one: b"gone")
    jobs.read_layer(str(layer.pk))
    layer.refresh_from_db()
    assert "not a calendar" in layer.problem
    assert layer.days.count() == 4  # what was read before stays


def test_what_is_no_address_is_refused():
    with pytest.raises(Problem):
        layer_verbs.add_layer(world.two().approver, title="Team", url="file:///etc/passwd")
    assert not Layer.objects.exists()


def test_the_phases_of_campaigns_lie_over_their_days():
    w = world.two()
    days = {"begins": date(2026, 3, 5), "ends": date(2026, 3, 10)}
    brief = strategy.Brief(name="Launch week", **days)
    campaign = strategy.begin_campaign(w.author, brand=w.brand, brief=brief)
    phase = strategy.add_phase(campaign, by=w.author, name="Teaser", **days)
    period = grid.period(grid.read({"view": "week"}, date(2026, 3, 9), {}))

    def told() -> dict:
        found = layers.marks(w.author.workspace, period, rules.of(w.author.workspace), [])
        return {day.day: [mark.words for mark in here] for day, here in found.items()}

    assert told() == {9: ["Launch week: Teaser"], 10: ["Teaser"]}
    strategy.remove_phase(phase, by=w.author)
    assert told() == {}
