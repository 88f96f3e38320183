"""Conflicts from the plan as it is: found once, told with what each way costs whom, settled, kept, gone and passed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from quarterdeck.consent import agenda, looking, matters, options, reads, verbs
from quarterdeck.consent.models import Conflict
from quarterdeck.consent.tests import world
from quarterdeck.consent.tests.world import NOON, later
from quarterdeck.core import clock, registries
from quarterdeck.core.problems import Conflict as Refused
from quarterdeck.core.problems import Invalid
from quarterdeck.core.registries import WeekRoom
from quarterdeck.ledger.models import Pending
from quarterdeck.ledger.reactions import Reacted
from quarterdeck.planning.verbs import spans
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Delivery, DeliveryState
from quarterdeck.strategy.models import Decision

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def w() -> world.World:
    return world.three()


def kinds(found) -> list[str]:
    return [str(one.kind) for one in found]


def test_three_departments_that_want_one_tuesday_are_one_conflict_found_once(w):
    for department, what in (("Sales", "The launch"), ("Product", "The recap"), ("Legal", "New terms")):
        w.wanted(department, what, latest=date(2026, 3, 13))
    [found] = w.look()
    assert len(found.ids_of("publishing.post")) == 3
    assert looking.look(w.workspace) == []  # found before
    matter = matters.one(found)
    assert matter.title == "“The launch”, “The recap” and “New terms” want the same slot"
    assert [str(one) for one in matter.departments] == ["Sales", "Product", "Legal"]
    assert Pending.objects.filter(kind="consent.conflict.found").count() == 1


def test_the_ways_say_what_each_costs_whom(w):
    world.with_slots(w)
    w.wanted("Sales", "The launch", latest=date(2026, 3, 13))
    w.wanted("Product", "The recap", latest=date(2026, 3, 10))
    [found] = w.look()
    first, second, keep = options.of(matters.one(found))
    assert first.title == "Move “The launch” to Wed 11 Mar, 11:30"
    assert first.costs == [
        "Sales’ “The launch” comes one day later than planned, still before its latest day (Fri 13 Mar)."
    ]
    assert "Product’s “The recap”" in second.costs[0]
    assert "after its latest day (Tue 10 Mar), so they have to agree" in second.costs[0]
    assert keep.keeps
    assert "Nobody has to wait" in keep.costs[0]


def test_a_way_brings_no_other_conflict_and_does_what_it_says(w):
    world.with_slots(w)
    launch, recap = w.wanted("Sales", "The launch"), w.post("The recap")
    w.post("Taken", later(days=1))
    [found] = w.look()
    way = options.of(matters.one(found))[0]
    assert way.title == "Move “The recap” to Thu 12 Mar, 11:30"  # nobody asked for it, and Wednesday is taken
    settled = verbs.settle(found, by=w.author, option=way.key)
    assert (settled.state, settled.word[:16]) == ("settled", "Move “The recap”")
    assert w.look() == []
    [row] = Delivery.objects.filter(post=recap, state=DeliveryState.INTENT)
    assert row.wall == "2026-03-12T11:30"
    assert launch.deliveries.get().wall == "2026-03-10T11:30"
    assert Pending.objects.filter(kind="consent.conflict.gone").count() == 0


def test_a_way_that_is_not_offered_any_more_moves_nothing(w):
    world.with_slots(w)
    launch, recap = w.post("The launch"), w.post("The recap")
    [found] = w.look()
    way = options.of(matters.one(found))[0]
    side = recap if "recap" in way.title else launch
    publishing.reschedule(side, by=w.author, when=later(days=3), fold=0)
    with pytest.raises(Refused, match="plan has changed"):
        verbs.settle(found, by=w.author, option=way.key)
    assert side.deliveries.get(state="intent").wall == "2026-03-13T11:30"


def test_a_lead_keeps_it_with_a_reason_until_it_changes(w):
    w.post("The launch")
    recap = w.post("The recap")
    [found] = w.look()
    with pytest.raises(Invalid):
        verbs.keep(found, by=w.lead, reason=" ")
    kept = verbs.keep(found, by=w.lead, reason="Both are one story.")
    decision = Decision.objects.get(pk=kept.decision)
    assert (decision.options[decision.choice], decision.because) == (
        "Keep both as they are",
        "Both are one story.",
    )
    assert w.look() == []
    assert Conflict.objects.get().state == "kept"
    publishing.reschedule(recap, by=w.author, when=later(minutes=10), fold=0)
    [again] = w.look()
    assert (again.pk, again.word) == (found.pk, "")
    with pytest.raises(Refused):
        verbs.keep(verbs.keep(again, by=w.lead, reason="Still."), by=w.lead, reason="Twice.")


def test_what_goes_by_itself_is_gone_and_what_happens_unsettled_has_passed(w):
    w.post("The launch")
    recap = w.post("The recap")
    [found] = w.look()
    act = publishing.reschedule(recap, by=w.author, when=later(days=2), fold=0)
    assert w.look() == []
    assert Conflict.objects.get().state == "gone"
    publishing.undo(recap, by=w.author, act=act)
    assert [one.pk for one in w.look()] == [found.pk]
    with clock.at(NOON + timedelta(days=2)):
        assert w.look() == []
        assert Conflict.objects.get().state == "passed"
    [month] = reads.months(w.workspace)
    assert (month.found, month.counts) == (1, {"passed": 1})


def test_one_audience_is_a_label_that_names_one_or_the_words_of_requests(w):
    one, other = w.post("Soup"), w.post("Bread", later(hours=5))
    assert w.look() == []
    label = w.label("Families", one, other)
    assert w.look() == []  # a label is no audience before a lead says so
    verbs.change_rules(w.lead, audience_hours=6, per_day=None, per_week=None, audiences=[label])
    [found] = w.look()
    assert matters.one(found).words == (
        "“Families” would hear two times within 5 hours, from Tue 10 Mar, 11:30 on."
    )
    verbs.change_rules(w.lead, audience_hours=5, per_day=None, per_week=None, audiences=[label])
    assert w.look() == []
    w.wanted("Sales", "Jobs", later(days=7), audience="Young  Cooks")
    w.wanted("Product", "Cook with us", later(days=7, hours=2), audience="young cooks")
    assert kinds(w.look()) == ["audience"]


def test_what_just_went_out_still_counts_and_only_the_other_moves(w):
    world.with_slots(w)
    one = w.post("Soup", later(days=-1, hours=5))
    other = w.post("Bread")
    label = w.label("Families", one, other)
    verbs.change_rules(w.lead, audience_hours=24, per_day=None, per_week=None, audiences=[label])
    with clock.at(NOON + timedelta(hours=6)):
        Delivery.objects.filter(post=one).update(state=DeliveryState.ACCEPTED)
        [found] = w.look()
        ways = options.of(matters.one(found))
        assert [one.keeps for one in ways] == [False, True]
        assert ways[0].title.startswith("Move “Bread”")


def test_a_closed_date_against_a_post_and_against_a_promise(w):
    world.with_slots(w)
    w.post("The launch", later(days=2))
    spans.mark_span(
        w.lead,
        kind="embargo",
        title="The fair",
        begins=None,
        ends=datetime(2026, 3, 17, 9),  # noqa: DTZ001
    )
    w.asked("Sales", "A teaser", preferred_week=date(2026, 3, 9), latest=date(2026, 3, 13))
    post, promise = sorted(w.look(), key=lambda one: len(one.ids_of("stakeholders.request")))
    assert matters.one(post).title == "“The launch” lies in the embargo “The fair”"
    assert options.of(matters.one(post))[0].title == "Move “The launch” to Tue 17 Mar, 11:30"
    told = matters.one(promise)
    assert told.title == "“A teaser” was promised inside the embargo “The fair”"
    assert options.of(told)[0].url.endswith(f"/requests/{told.requests[0].pk}/")


def test_labels_set_against_each_other_within_days(w):
    sale, sold = w.post("On sale"), w.post("Sold out", later(days=3))
    one, other = w.label("Sale", sale), w.label("Gone", sold)
    rule = verbs.set_against(w.lead, one=one, other=other, days=3, why="Nobody can buy what is gone.")
    [found] = w.look()
    assert matters.one(found).words.endswith("Nobody can buy what is gone.")
    with pytest.raises(Refused):
        verbs.set_against(w.lead, one=other, other=one, days=3)
    verbs.end_against(rule, by=w.lead)
    assert w.look() == []


def test_a_day_with_more_than_the_rule_allows(w):
    world.with_slots(w, "09:00", "11:30", "16:00")
    for n in range(3):
        w.post(f"Post {n}", later(hours=2 * n))
    verbs.change_rules(w.lead, audience_hours=24, per_day=2, per_week=None)
    [found] = w.look()
    matter = matters.one(found)
    assert matter.title == "Harbour carries 3 posts on Tue 10 Mar"
    way = options.of(matter)[0]
    assert len(way.moves) == 1
    verbs.settle(found, by=w.author, option=way.key)
    assert w.look() == []


def test_a_week_without_room_is_found_only_where_somebody_says_what_room_there_is(w, monkeypatch):
    w.post("Soup")
    assert w.look() == []
    monkeypatch.setattr(registries, "week_room", registries.Registry("week_room"))
    registries.week_room.register(
        "test", lambda workspace, mondays: [WeekRoom(mondays[0], 3, 5), *[None] * (len(mondays) - 1)]
    )
    [found] = w.look()
    assert matters.one(found).words == "It holds 5 points of work and has room for 3: 2 too many."


def test_the_desk_has_those_of_the_next_seven_days_and_asks_once_when_there_are_none(
    w, django_assert_num_queries
):
    who = type(w.author).objects.select_related("workspace", "user").get(pk=w.author.pk)
    with django_assert_num_queries(1):
        assert list(agenda.agenda(who, NOON)) == []
    w.post("The launch", later(days=8))
    w.post("The recap", later(days=8))
    w.look()
    assert list(agenda.agenda(who, NOON)) == []
    [item] = agenda.agenda(who, NOON + timedelta(days=2))
    assert item.title == "“The launch” and “The recap” want the same slot"
    assert list(agenda.agenda(w.observer, NOON + timedelta(days=2))) == []


def test_the_page_has_one_conflict_with_its_ways_and_the_post_names_it(w):
    world.with_slots(w)
    launch = w.wanted("Sales", "<b>The launch</b>")
    w.post("The recap")
    w.post("A story", later(days=3))
    w.post("Another", later(days=3))
    w.look()
    client = world.browser(w.author)
    shown = client.get(world.address(w, "conflicts/")).text
    assert "The next of 2" in shown
    assert "&lt;b&gt;The launch&lt;/b&gt;" in shown
    assert "A lead can decide that." in shown
    assert "Whether weeks have room was not looked at" in shown
    assert "want the same slot" in client.get(f"/w/{w.workspace.slug}/posts/{launch.pk}/").text
    found = reads.open_conflicts(w.workspace)[0]
    way = options.of(matters.one(found))[0]
    answer = client.post(world.address(w, f"conflicts/{found.pk}/way/"), {"way": way.key})
    assert answer.status_code == 302
    assert "The only one." in client.get(world.address(w, "conflicts/")).text
    stale = client.post(world.address(w, f"conflicts/{found.pk}/way/"), {"way": way.key})
    assert stale.status_code == 409
    assert "This conflict is settled already." in stale.text
    refused = world.browser(w.lead).post(
        world.address(w, f"conflicts/{reads.open_conflicts(w.workspace)[0].pk}/kept/"), {"reason": ""}
    )
    assert refused.status_code == 422


def test_the_rules_are_kept_and_refused_in_words(w):
    client, label = world.browser(w.lead), w.label("Families")
    other = w.label("Students")
    good = {"audience_hours": "12", "per_day": "3", "audiences": [str(label.pk)]}
    assert client.post(world.address(w, "conflicts/rules/"), good).status_code == 302
    bad = client.post(world.address(w, "conflicts/rules/"), {"audience_hours": "0"})
    assert bad.status_code == 422
    form = {"against_one": "", "one": str(label.pk), "other": str(label.pk), "days": "3"}
    same = client.post(world.address(w, "conflicts/rules/labels/"), form)
    assert "Please choose another label than the first." in same.text
    form["other"] = str(other.pk)
    assert client.post(world.address(w, "conflicts/rules/labels/"), form).status_code == 302
    assert "“Families” and “Students”" in client.get(world.address(w, "conflicts/rules/")).text


def test_however_many_events_come_together_the_worker_looks_once(w):
    from procrastinate.contrib.django.models import ProcrastinateJob

    post = w.post("The launch")
    w.post("The recap")
    event = Reacted(post.ledger_event_id, looking.KINDS[0], w.workspace.pk, post.ledger_name, post.pk)
    for _ in range(3):
        looking.follow(event)
    [job] = ProcrastinateJob.objects.filter(task_name="consent.look")
    assert job.args == {"workspace_id": str(w.workspace.pk)}


def test_a_post_whose_words_turn_around_can_be_kept_as_it_is(w):
    w.post("\u2067The launch\u2069 of the year")
    w.post("The recap")
    [found] = w.look()
    kept = verbs.keep(found, by=w.lead, reason="Both are one story.")
    assert "\u2067" not in Decision.objects.get(pk=kept.decision).title
