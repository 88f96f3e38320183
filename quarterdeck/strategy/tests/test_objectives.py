"""An objective: what it was made for stays, circles are refused in words, and it comes back to be read out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.ledger import reads as ledger_reads
from quarterdeck.ledger.models import Pending
from quarterdeck.strategy import agenda, reads, verbs
from quarterdeck.strategy.models import CheckIn, Objective
from quarterdeck.strategy.rows import Stale
from quarterdeck.strategy.tests import world
from quarterdeck.strategy.tests.world import ENDS, address, browser
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday():
    with clock.at(world.NOON):
        yield


def test_it_is_set_measured_and_read_out():
    w = world.three()
    result = w.key_result()
    verbs.check_in(result, by=w.author, value=Decimal(76), as_of=date(2026, 3, 9))
    (one,) = reads.key_results(result.objective)
    assert "76 bookings: 40 % of the way" in one.pace.words
    done = verbs.read_out(
        result.objective, by=w.lead, verdict="change", because="Half the way by weather alone."
    )
    assert (done.runs, done.verdict) == (False, "change")
    assert make.kinds_recorded(w.workspace) == [
        "strategy.objective.made",
        "strategy.key_result.made",
        "strategy.key_result.checked_in",
        "strategy.objective.read_out",
    ]
    event = Pending.objects.get(kind="strategy.objective.read_out")
    said = ledger_reads.fields_of([event.event_id])[event.event_id]
    assert said["values"] == f"{result.pk} 76/130"
    assert said["days_after"] == (date(2026, 3, 9) - ENDS).days
    for late in (
        lambda: verbs.read_out(done, by=w.lead, verdict="stop", because="No."),
        lambda: verbs.check_in(result, by=w.author, value=Decimal(80)),
        lambda: verbs.retarget(result, by=w.lead, target=Decimal(80), reason="Easier."),
        lambda: verbs.move_end(done, by=w.lead, ends=date(2026, 6, 1), reason="More time."),
        lambda: verbs.add_key_result(done, by=w.lead, measure="x", start=Decimal(0), target=Decimal(1)),
        lambda: verbs.change_objective(done, by=w.lead, version=1, title="Other", parent=None),
    ):
        with pytest.raises(Conflict, match="read out"):
            late()


def test_circles_are_refused_in_words():
    w = world.three()
    top = w.objective("Top")
    middle = w.objective("Middle", parent=top)
    low = w.objective("Low", parent=middle)

    def under(one: Objective, parent: Objective | None):
        fresh = Objective.objects.get(pk=one.pk)
        return verbs.change_objective(
            fresh, by=w.lead, version=fresh.version, title=fresh.title, parent=parent
        )

    with pytest.raises(Invalid, match="An objective cannot serve itself"):
        under(top, top)
    with pytest.raises(Invalid, match="“Middle” serves this one already"):
        under(top, middle)
    with pytest.raises(Invalid, match="“Low”, which serves “Middle”, which serves this one"):
        under(top, low)
    assert under(low, top).parent == top
    assert under(low, None).parent is None
    elsewhere = world.three().objective()
    with pytest.raises(Invalid, match="not in this workspace"):
        under(low, elsewhere)


def test_what_it_was_made_for_stays_beside_what_it_became():
    w = world.three()
    result = w.key_result()
    moved = verbs.move_end(result.objective, by=w.lead, ends=date(2026, 6, 1), reason="The terrace is late.")
    assert (moved.first_ends, moved.ends) == (ENDS, date(2026, 6, 1))
    aimed = verbs.retarget(result, by=w.lead, target=Decimal(90), reason="Twelve tables, not twenty.")
    assert (aimed.first_target, aimed.target) == (Decimal(130), Decimal(90))
    words = browser(w.observer).get(address(w.observer, f"objectives/{moved.pk}/")).content.decode()
    assert "It was made for" in words
    assert "The target it was made for: 130 bookings" in words
    noted = verbs.check_in(result, by=w.author, value=Decimal(50))
    for table, row, change in (
        ("strategy_objective", moved.pk, "first_ends = '2027-01-01'"),
        ("strategy_keyresult", result.pk, "first_target = 1"),
        ("strategy_keyresult", result.pk, "start = 1"),
        ("strategy_checkin", noted.pk, "value = 1"),
    ):
        with (
            pytest.raises(IntegrityError, match="stays for ever"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE {table} SET {change} WHERE id = %s", [row])


def test_a_value_is_noted_for_a_day_of_its_own_and_a_wrong_one_taken_back():
    w = world.three()
    result = w.key_result()
    verbs.check_in(result, by=w.author, value=Decimal(50), as_of=date(2026, 3, 1))
    wrong = verbs.check_in(result, by=w.author, value=Decimal(500), as_of=date(2026, 3, 8))
    verbs.check_in(result, by=w.author, value=Decimal(45), as_of=date(2026, 2, 20))
    assert reads.key_results(result.objective)[0].newest == wrong
    verbs.withdraw_check_in(wrong, by=w.author)
    assert reads.key_results(result.objective)[0].newest.value == 50
    with pytest.raises(Conflict, match="taken back already"):
        verbs.withdraw_check_in(wrong, by=w.author)
    for day in (date(2026, 3, 10), date(2026, 1, 31)):
        with pytest.raises(Invalid, match="for a day that is past"):
            verbs.check_in(result, by=w.author, value=Decimal(1), as_of=day)
    with pytest.raises(Invalid, match="cannot be kept"):
        verbs.check_in(result, by=w.author, value=Decimal(10) ** 15)
    dropped = verbs.drop_key_result(result, by=w.lead, reason="The till counts it otherwise.")
    with pytest.raises(Conflict, match="dropped"):
        verbs.check_in(dropped, by=w.author, value=Decimal(1))
    assert CheckIn.objects.count() == 3


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"ends": world.BEGINS}, "ends"),
        ({"ends": date(2025, 1, 1)}, "ends"),
        ({"ends": date(2040, 1, 1)}, "ends"),
        ({"begins": date(1812, 1, 1)}, "begins"),
        ({"why": "half \ud83d"}, "why"),
    ],
)
def test_what_cannot_be_used_is_refused_beside_its_field(given, field):
    w = world.three()
    title = given.pop("title", "A full terrace")
    with pytest.raises(Invalid) as refused:
        w.objective(title, **given)
    assert list(refused.value.fields) == [field]
    assert not Objective.objects.exists()


def test_start_and_target_differ_and_its_days_lie_inside():
    w = world.three()
    objective = w.objective()
    with pytest.raises(Invalid, match="same number"):
        w.key_result(objective, start=Decimal(5), target=Decimal("5.00001"))
    with pytest.raises(Invalid, match="outside those of the objective"):
        w.key_result(objective, ends=ENDS + timedelta(days=1))
    for number in range(8):
        w.key_result(objective, measure=f"Number {number}")
    with pytest.raises(Conflict, match="at most 8 key results"):
        w.key_result(objective)


def test_two_who_write_at_once_are_told_of_each_other():
    w = world.three()
    one = w.objective()
    verbs.change_objective(one, by=w.lead, version=1, title="A full terrace", parent=None)
    with pytest.raises(Stale):
        verbs.change_objective(one, by=w.lead, version=1, title="A full house", parent=None)


def test_it_comes_to_the_desk_when_its_last_day_has_passed_until_it_is_read_out():
    w = world.three()
    one = w.objective()

    def desk(day: datetime, who=w.lead) -> list:
        with clock.at(day):
            return list(agenda.agenda(who, clock.now()))

    evening = datetime(2026, 5, 2, 21, 59, tzinfo=UTC)  # 23:59 in Berlin
    assert desk(evening) == []
    (item,) = desk(evening + timedelta(minutes=1))
    assert item.title == "Read out “A full terrace on weekdays”"
    assert item.due == datetime(2026, 5, 16, 18, 0, tzinfo=w.workspace.zone)
    assert "while people still remember" in item.why
    assert desk(evening + timedelta(minutes=1), w.author) == []
    (late,) = desk(datetime(2026, 6, 1, tzinfo=UTC))
    assert "Two weeks have passed" in late.why
    assert late.consequence > item.consequence
    with clock.at(datetime(2026, 5, 10, tzinfo=UTC)):
        verbs.read_out(one, by=w.lead, verdict="stop", because="Reached, and the winter comes.")
    assert desk(datetime(2026, 6, 1, tzinfo=UTC)) == []


def test_the_pages_from_the_first_objective_to_its_read_out():
    w = world.three()
    client, here = browser(w.lead), address(w.lead)
    assert "What is all of this for?" in client.get(here).content.decode()
    form = {"title": "A full <b>terrace</b>", "begins": "2026-02-01", "ends": "2026-03-01", "why": "Rent."}
    made = client.post(f"{here}objectives/new/", form)
    one = Objective.objects.get()
    assert made.headers["Location"] == f"{here}objectives/{one.pk}/"
    page = f"{here}objectives/{one.pk}/"
    bad = client.post(f"{page}key-results/", {"measure": "Bookings", "start": "forty", "target": "1,300"})
    assert bad.status_code == 422
    assert "Please write a number with a point" in bad.content.decode()
    assert 'value="forty"' in bad.content.decode()
    client.post(f"{page}key-results/", {"measure": "Bookings", "start": "1 200", "target": "1,300"})
    result = one.key_results.get()
    assert (result.start, result.target) == (1200, 1300)
    client.post(f"{here}key-results/{result.pk}/values/", {"value": "1,250", "as_of": "2026-02-15"})
    words = client.get(page).content.decode()
    assert "Its last day has passed. What follows?" in words
    assert "50 % of the way" in words
    assert "A full &lt;b&gt;terrace&lt;/b&gt;" in words
    assert client.post(f"{page}read-out/", {"verdict": "continue", "because": ""}).status_code == 422
    client.post(f"{page}read-out/", {"verdict": "continue", "because": "It works."})
    after = client.get(page).content.decode()
    assert "It works." in after
    assert "Set the next one" in after
    assert "A full &lt;b&gt;terrace" in client.get(f"{here}objectives/new/?after={one.pk}").content.decode()
    assert "Read out" in client.get(here).content.decode()
    assert browser(w.observer).post(f"{page}read-out/", {}).status_code == 403


def test_without_an_event_nothing_changes():
    w = world.three()
    one = w.objective()
    Objective.objects.filter(pk=one.pk).update(title="Quietly", ledger_event_id=ids.new())
    with pytest.raises(IntegrityError):
        connection.check_constraints()
