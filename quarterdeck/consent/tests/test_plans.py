"""Fair plans: what counts how much, what is worked out, what clashes in words, and what adopting does."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from quarterdeck.consent import verbs
from quarterdeck.consent.fair import points, problem, reads, solving, weights, words, working
from quarterdeck.consent.models import FairPlan, Held, PointsTable
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid, NotFound
from quarterdeck.crew.models import Workspace
from quarterdeck.planning import queue
from quarterdeck.planning.verbs import slots
from quarterdeck.publishing import objections
from quarterdeck.publishing import verbs as posts
from quarterdeck.stakeholders import usual
from quarterdeck.stakeholders import verbs as stakeholders
from quarterdeck.stakeholders.models import Request
from quarterdeck.stakeholders.tests import world
from quarterdeck.stakeholders.tests.world import NOON
from quarterdeck.strategy.models import Decision

pytestmark = pytest.mark.django_db

APRIL, FIRST_WEEK = date(2026, 4, 15), date(2026, 4, 6)


@pytest.fixture
def here():
    with clock.at(NOON):
        found = world.three()
        stakeholders.add_department(found.lead, name="People")
        yield found


def weekly(here, *times: tuple[int, str]) -> None:
    for weekday, wall in times:
        slots.make_slot(here.lead, channel=here.channel, weekday=weekday, wall=wall)


def planned(here, span: str = "month", day: date = APRIL) -> FairPlan:
    asked = verbs.ask_plan(here.author, span=span, day=day)
    return working.work_out(asked.pk)


def placed(plan: FairPlan) -> dict[str, str]:
    """Per request its slot on the workspace's clock, where it has one."""
    told = words.tell(plan)
    lines = [line for one in told.shares for line in one.lines]
    zone = plan.workspace.zone
    return {line.what: f"{line.when.astimezone(zone):%d %H:%M}" for line in lines if line.when}


def test_points_are_full_in_the_preferred_week_less_later_and_nothing_outside():
    table = PointsTable()
    week, latest = FIRST_WEEK, FIRST_WEEK + timedelta(days=17)
    days = {-1: 0, 0: 100, 6: 100, 7: 75, 14: 50, 17: 50, 18: 0}
    assert {n: points.points(table, "must", week, latest, week + timedelta(days=n)) for n in days} == days
    assert points.points(table, "good", None, None, week) == 60
    assert points.points(table, "free", week, None, week + timedelta(weeks=9)) == 0


def test_the_fourth_must_of_a_quarter_counts_as_good_and_a_declined_one_does_not_count(here):
    musts = [here.asked(what=f"Wish {n}", need="must", preferred_week=FIRST_WEEK) for n in range(5)]
    stakeholders.decline(musts[0], by=here.lead, reason="Not here.")
    other = here.asked(need="must", of=here.legal, preferred_week=FIRST_WEEK)
    later = here.asked(what="In summer", need="must", preferred_week=date(2026, 7, 6))
    counts = points.counted(PointsTable(), [*musts[1:], other, later])
    assert [counts[one.pk] for one in musts[1:]] == ["must", "must", "must", "good"]
    assert counts[other.pk] == counts[later.pk] == "must"
    page = world.browser(here.author).get(world.at(here.author, f"requests/{musts[4].pk}/"))
    assert "Their musts of this quarter are used up: 3 are agreed." in page.content.decode()
    page = world.browser(here.author).get(world.at(here.author, f"requests/{musts[3].pk}/"))
    assert "used up" not in page.content.decode()


def test_slots_are_divided_and_whoever_asked_first_does_not_take_all(here):
    weekly(here, (1, "11:00"))  # Tuesdays: 7, 14, 21 and 28 April
    for n in range(3):
        here.asked(what=f"Offer {n}", need="good", preferred_week=FIRST_WEEK)
    here.asked(what="The open day", of=here.legal, need="good", preferred_week=FIRST_WEEK)
    plan = planned(here)
    assert plan.state == "proposed"
    assert plan.gap == 0
    told = words.tell(plan)
    sales = next(one for one in told.shares if one.department == here.sales)
    legal = next(one for one in told.shares if one.department == here.legal)
    assert (legal.points, legal.first) == (60, 15)
    assert (sales.points, sales.first) == (90, 135)
    assert "The open day" in placed(plan)
    assert placed(plan)["The open day"] == "07 11:00"
    assert "Sales would rather have Legal’s slots" not in " ".join(sales.sentences)
    assert any("Legal rather have another’s slots? No: 60 points" in one for one in legal.sentences)
    assert told.others
    assert "Legal 15 points less" in " ".join(told.others)


def test_teaser_launch_and_recap_stand_in_order_or_not_at_all(here):
    weekly(here, (1, "11:00"))
    teaser, launch, recap = (
        here.asked(what=name, preferred_week=FIRST_WEEK, latest=latest)
        for name, latest in (
            ("Teaser", None),
            ("Launch", date(2026, 4, 15)),
            ("Recap", date(2026, 4, 22)),
        )
    )
    stakeholders.set_after(launch, by=here.author, after=teaser)
    stakeholders.set_after(recap, by=here.author, after=launch)
    assert placed(planned(here)) == {"Teaser": "07 11:00", "Launch": "14 11:00", "Recap": "21 11:00"}
    here.asked(of=here.legal, what="A must in week one", need="must", latest=date(2026, 4, 9))
    assert placed(planned(here)) == {"A must in week one": "07 11:00"}


def test_one_audience_gets_no_two_posts_too_close_together(here):
    weekly(here, (1, "11:00"), (1, "15:00"))
    for what in ("Soup", "Bread"):
        here.asked(what=what, audience="Families  nearby", preferred_week=FIRST_WEEK)
    days = {when[:2] for when in placed(planned(here)).values()}
    assert days == {"07", "14"}


def test_what_is_planned_keeps_its_time_and_takes_the_slot(here):
    weekly(here, (1, "11:00"))
    request = here.accepted(what="Out on the eighth", preferred_week=FIRST_WEEK)
    post = request.posts.get().post
    post = posts.edit(post, by=here.author, version=post.version, text="Soup.", channels=[here.channel])
    posts.schedule(post, by=here.author, when=clock.now().replace(tzinfo=None, day=7, month=4, hour=11))
    other = here.asked(of=here.legal, what="Wants that one", preferred_week=FIRST_WEEK)
    plan = planned(here)
    assert placed(plan) == {"Out on the eighth": "07 11:00", "Wants that one": "14 11:00"}
    assert other.pk.hex in str(plan.found)


def test_a_clash_is_told_in_words(here):
    weekly(here, (1, "11:00"))
    for of, what in ((here.sales, "The launch"), (here.legal, "The notice")):
        here.asked(of=of, what=what, need="must", preferred_week=FIRST_WEEK, latest=date(2026, 4, 9))
    plan = planned(here)
    assert plan.state == "impossible"
    told = words.tell(plan)
    assert "“The launch” must happen." in told.clash
    assert "The slot on Tuesday 7 April, 11:00 takes one post." in told.clash
    with pytest.raises(Conflict):
        verbs.adopt_plan(plan, by=here.lead)
    assert verbs.put_plan_aside(plan, by=here.lead, reason="We talk first.").state == "aside"


@pytest.mark.parametrize(
    ("asked", "slot", "said"),
    [(False, True, "Nobody asks for anything"), (True, False, "keeps no weekly slots")],
)
def test_nothing_to_divide_is_said(here, asked, slot, said):
    if asked:
        here.asked()
    if slot:
        weekly(here, (1, "11:00"))
    plan = planned(here)
    assert plan.state == "failed"
    assert said in plan.problem


def test_more_than_a_plan_takes_is_said(here, monkeypatch):
    monkeypatch.setattr(problem, "MOST_SLOTS", 2)
    weekly(here, (1, "11:00"))
    here.asked()
    assert "at most 120 requests and 2 slots" in planned(here).problem


def test_adopting_accepts_what_has_a_place_holds_its_slot_and_tells_the_rest_nothing(here):
    weekly(here, (1, "11:00"))
    wanted = [here.asked(what=f"Offer {n}", latest=date(2026, 4, 9)) for n in range(2)]
    plan = verbs.adopt_plan(planned(here), by=here.lead)
    for one in wanted:
        one.refresh_from_db()
    assert [one.state for one in wanted] == ["accepted", "asked"]
    assert wanted[0].agreed_week == FIRST_WEEK
    assert "Tuesday 7 April, 11:00" in wanted[0].answers.get().reason
    assert reads.held_for(wanted[0]).plan == plan
    assert reads.held_for(wanted[1]) is None
    again = verbs.adopt_plan(planned(here), by=here.lead)
    assert Held.objects.filter(freed_at__isnull=True).get().plan == again
    assert Decision.objects.get(pk=again.decision).title == "Adopted: The fair plan for April 2026"
    page = world.browser(here.lead).get(world.at(here.lead, f"requests/{wanted[0].pk}/")).content.decode()
    assert "the fair plan for April 2026" in page
    stakeholders.decline(wanted[0], by=here.lead, reason="It rains.")
    latest = verbs.adopt_plan(planned(here), by=here.lead)
    assert [one.plan for one in Held.objects.filter(freed_at__isnull=True)] == [latest]


def test_a_plan_whose_requests_changed_is_not_adopted(here):
    weekly(here, (1, "11:00"))
    wanted, plan = here.asked(), planned(here)
    stakeholders.decline(wanted, by=here.lead, reason="It rains.")
    with pytest.raises(Conflict, match="not asked for any more"):
        verbs.adopt_plan(plan, by=here.lead)
    with clock.at(NOON + timedelta(days=40)):
        late = here.asked()
        with pytest.raises(Conflict):
            verbs.adopt_plan(plan, by=here.lead)
    assert late.state == "asked"


def test_the_past_counts_within_half_and_twice(here):
    for n in range(5):
        one = here.accepted(of=here.sales if n < 4 else here.legal, what=f"Old {n}", into="")
        Request.objects.filter(pk=one.pk).update(state="out")
    begins = date(2026, 7, 1)
    found = weights.weights(here.workspace, [here.sales, here.legal], begins)
    sales, legal = found[here.sales.pk], found[here.legal.pk]
    assert (sales.out, sales.total, sales.factor, legal.factor) == (4, 5, 0.62, 2.0)
    assert "had 4, where its share would have been 2.5: times 0.62, its weight here is 0.62." in sales.words
    verbs.set_weight(here.sales, by=here.lead, weight=3, reason="It pays the rent.")
    again = weights.weights(here.workspace, [here.sales, here.legal], begins)[here.sales.pk]
    assert again.factor == 0.94
    assert again.counts == 2.82
    assert weights.weights(here.workspace, [here.sales], date(2026, 4, 1))[here.sales.pk].factor == 1.0


def test_the_table_is_versioned_and_a_plan_keeps_its_own(here):
    weekly(here, (1, "11:00"))
    here.asked(preferred_week=FIRST_WEEK)
    table = {"must": 90, "good": 40, "free": 10, "weekly_loss": 50, "musts": 1}
    first = verbs.set_points(here.lead, **table, reason="A trial.")
    asked = verbs.ask_plan(here.author, span="month", day=APRIL)
    second = verbs.set_points(here.lead, **table | {"good": 80}, reason="Better.")
    assert (first.number, second.number) == (1, 2)
    assert words.tell(working.work_out(asked.pk)).shares[0].points == 40
    assert words.tell(planned(here)).shares[0].points == 80
    for wrong in ({"good": 95}, {"must": 101}, {"weekly_loss": 101}, {"musts": 21}, {"reason": " "}):
        with pytest.raises(Invalid):
            verbs.set_points(here.lead, **table | {"reason": "Why."} | wrong)
    with pytest.raises(Invalid):
        verbs.set_weight(here.sales, by=here.lead, weight=0, reason="Why.")


def test_only_a_time_that_can_be_planned_is(here):
    for day in (date(2026, 2, 27), date(2028, 1, 1)):
        with pytest.raises(Invalid):
            verbs.ask_plan(here.author, span="month", day=day)
    quarter = verbs.ask_plan(here.author, span="quarter", day=APRIL)
    assert (quarter.begins, quarter.ends) == (date(2026, 4, 1), date(2026, 7, 1))
    for _ in range(2):
        verbs.ask_plan(here.author, span="month", day=APRIL)
    with pytest.raises(Conflict):
        verbs.ask_plan(here.author, span="month", day=APRIL)


def test_what_was_put_aside_while_it_was_worked_out_stays_aside(here):
    weekly(here, (1, "11:00"))
    here.asked()
    asked = verbs.ask_plan(here.author, span="month", day=APRIL)
    stale = FairPlan.objects.get(pk=asked.pk)
    verbs.put_plan_aside(asked, by=here.lead, reason="Not now.")
    assert working.work_out(stale.pk) is None
    asked.refresh_from_db()
    assert (asked.state, asked.found) == ("aside", {})
    with pytest.raises(NotFound):
        verbs.set_weight(here.sales, by=world.three().lead, weight=2, reason="Why.")


def test_work_that_ends_in_an_error_of_input_is_told(here, monkeypatch):
    weekly(here, (1, "11:00"))
    one, other = here.asked(what="One"), here.asked(what="Other")
    Request.objects.filter(pk=one.pk).update(after=other)
    Request.objects.filter(pk=other.pk).update(after=one)  # no verb would; an older row could
    assert planned(here).state == "impossible"
    monkeypatch.setattr(solving, "SECONDS", 1e-9)
    here.asked(what="A must", need="must", of=here.legal)
    Request.objects.filter(pk=other.pk).update(after=None)
    assert planned(here).state in {"failed", "proposed"}


# --- pages ----------------------------------------------------------------------------------------------


def test_a_department_sees_its_share_by_its_link_and_of_others_only_totals(here):
    weekly(here, (1, "11:00"))
    here.asked(what="Nettle soup returns", preferred_week=FIRST_WEEK)
    here.asked(of=here.legal, what="A secret lawsuit", preferred_week=FIRST_WEEK)
    door = here.door()
    path = world.path(door)
    assert "fair plan" not in world.browser().get(path).content.decode()
    verbs.adopt_plan(planned(here), by=here.lead)
    page = world.browser().get(path).content.decode()
    assert "You get 1 of 1 request" in page
    assert "Nettle soup returns" in page
    assert "Legal gets 1 of 1 request" in page
    assert "lawsuit" not in page
    stranger = stakeholders.add_department(here.lead, name="Kitchen")
    assert "fair plan" not in world.browser().get(world.path(here.door(stranger))).content.decode()


def test_the_pages_carry_what_was_written_as_words(here):
    weekly(here, (1, "11:00"))
    here.asked(what="<b>Bold</b>", preferred_week=FIRST_WEEK)
    verbs.set_weight(here.sales, by=here.lead, weight=2, reason="<i>Rent</i>")
    plan, client = planned(here), world.browser(here.lead)
    for rest in ("fair/", f"fair/{plan.pk}/"):
        page = client.get(world.at(here.lead, rest)).content.decode()
        assert "<b>Bold" not in page
        assert "<i>Rent" not in page
    refused = client.post(world.at(here.lead, "fair/weights/"), {"weight": "99"})
    assert refused.status_code == 422
    assert "<i>" not in refused.content.decode()


def test_a_round_begins_with_the_plan_and_those_it_concerns(here):
    weekly(here, (1, "11:00"))
    stakeholders.add_stakeholder(here.sales, by=here.lead, name="Dee", heard="link")
    stakeholders.add_stakeholder(here.legal, by=here.lead, name="Lou", heard="link")
    here.asked(preferred_week=FIRST_WEEK)
    plan = planned(here)
    rest = f"consent/new/?about=consent.fair_plan&id={plan.pk}"
    page = world.browser(here.author).get(world.at(here.author, rest)).content.decode()
    assert "The fair plan for April 2026" in page
    assert len(re.findall(r'name="stakeholders"[^>]*checked', page)) == 1


def test_workspaces_do_not_see_each_others_plans(here):
    weekly(here, (1, "11:00"))
    here.asked()
    plan, other = planned(here), world.three()
    assert Workspace.objects.count() == 2
    assert world.browser(other.lead).get(world.at(other.lead, f"fair/{plan.pk}/")).status_code == 404


def test_a_held_slot_stands_in_the_calendar_and_is_nobody_elses(here):
    weekly(here, (3, "09:00"), (4, "10:00"))
    wanted = here.asked(what="Autumn menu", latest=date(2026, 4, 2))
    verbs.adopt_plan(planned(here), by=here.lead)
    slot = Held.objects.get(freed_at__isnull=True).at
    brand = here.workspace.brands.get()
    other, own = (
        posts.draft(here.author, brand=brand, text=text, channels=[here.channel])
        for text in ("Bread.", "Autumn menu.")
    )
    stakeholders.join_post(wanted, own, by=here.lead)
    with clock.at(slot - timedelta(days=1)):
        assert queue.next_free(other)[0].due_at == slot + timedelta(days=1, hours=1)
        assert queue.next_free(own)[0].due_at == slot
        said = objections.against(other, slot, [here.channel])
        assert [one.blocks for one in said] == [False]
        assert (
            "Thursday 2 April, 09:00 is held for Sales: Autumn menu (the fair plan for April 2026)"
            in said[0].words
        )
        assert objections.against(own, slot, [here.channel]) == []
        calendar = world.at(here.lead, "calendar/")
        assert "09:00 held for Sales: Autumn menu" in world.browser(here.lead).get(calendar).content.decode()
        week = usual.room(here.lead.workspace)[0]
        assert (week.free, week.slots) == (1, 2)
        stakeholders.decline(wanted, by=here.lead, reason="It rains.")
        assert queue.next_free(other)[0].due_at == slot
        assert (
            "09:00 held for Sales: Autumn menu" not in world.browser(here.lead).get(calendar).content.decode()
        )
