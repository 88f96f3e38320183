"""A campaign: one page, phases inside its days, checklists copied and ticked, and an end with a word."""

from __future__ import annotations

from datetime import date

import pytest

from quarterdeck.core import clock, registries
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.strategy import offers, reads, verbs
from quarterdeck.strategy.models import Campaign, ChecklistLine
from quarterdeck.strategy.rows import Stale
from quarterdeck.strategy.tests import world
from quarterdeck.strategy.tests.world import TODAY, address, browser
from quarterdeck.strategy.verbs import checklists
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday():
    with clock.at(world.NOON):
        yield


def test_a_brief_is_one_page_and_is_saved_over_the_version_it_was_read_at():
    w = world.three()
    client, here = browser(w.author), address(w.author)
    form = {
        "name": "Launch week",
        "begins": "2026-03-09",
        "ends": "2026-04-09",
        "objective": w.objective().pk,
        "audience": "Neighbours <script>",
        "stop_if": "No booking by the 20th.",
        "budget": "800",
        "currency": "EUR",
    }
    client.post(f"{here}campaigns/new/", form)
    one = Campaign.objects.get()
    words = client.get(f"{here}campaigns/{one.pk}/").content.decode()
    for said in ("800 EUR", "Neighbours &lt;script&gt;", "No booking by the 20th.", "Not said yet."):
        assert said in words
    edit = f"{here}campaigns/{one.pk}/brief/"
    client.post(edit, form | {"version": 1, "message": "Lunch outside."})
    stale = client.post(edit, form | {"version": 1, "message": "Lunch inside."})
    assert stale.status_code == 422
    assert "saved somewhere else" in stale.content.decode()
    assert "Lunch inside." in stale.content.decode()
    assert 'name="version" value="2"' in stale.content.decode()
    one.refresh_from_db()
    assert (one.message, one.version) == ("Lunch outside.", 2)
    with pytest.raises(Stale):
        verbs.change_brief(one, by=w.author, version=1, brief=verbs.Brief("x", TODAY, TODAY))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"budget": 800}, "currency"),
        ({"budget": -1, "currency": "EUR"}, "budget"),
        ({"budget": 10**13, "currency": "EUR"}, "budget"),
        ({"ends": date(2026, 3, 8)}, "ends"),
        ({"proof": "x" * 1501}, "proof"),
    ],
)
def test_a_brief_that_cannot_be_used_is_refused_beside_its_field(given, field):
    w = world.three()
    with pytest.raises(Invalid) as refused:
        w.campaign(**given)
    assert list(refused.value.fields) == [field]
    with pytest.raises(Invalid, match="not in this workspace"):
        w.campaign(objective=world.three().objective())


def test_phases_lie_inside_and_are_asked_for_by_days():
    w = world.three()
    one = w.campaign()
    verbs.add_phase(one, by=w.author, name="Teaser", begins=TODAY, ends=date(2026, 3, 15))
    launch = verbs.add_phase(
        one, by=w.author, name="Launch", begins=date(2026, 3, 16), ends=date(2026, 3, 20)
    )
    with pytest.raises(Invalid, match="outside the campaign"):
        verbs.add_phase(one, by=w.author, name="Recap", begins=date(2026, 4, 1), ends=date(2026, 5, 1))

    def names(first: date, end: date) -> list[str]:
        return [phase.name for phase in reads.phases(w.workspace, first, end)]

    assert names(date(2026, 3, 15), date(2026, 3, 17)) == ["Teaser", "Launch"]
    assert names(date(2026, 3, 16), date(2026, 3, 17)) == ["Launch"]
    assert names(date(2026, 3, 21), date(2026, 4, 1)) == []
    assert reads.phases(world.three().workspace, TODAY, date(2026, 4, 1)) == []
    verbs.remove_phase(launch, by=w.author)
    assert names(TODAY, date(2026, 4, 1)) == ["Teaser"]


def test_a_checklist_is_a_copy_and_each_tick_is_an_act():
    w = world.three()
    one = w.campaign()
    template = verbs.make_template(
        w.author, name="Launch", lines=["Link answers", "", "  Legal has read it "]
    )
    copy = verbs.add_checklist(one, by=w.author, template=template)
    verbs.change_template(template, by=w.author, name="Launch", lines=["Other"])
    lines = list(copy.lines.all())
    assert [line.words for line in lines] == ["Link answers", "Legal has read it"]
    client = browser(w.author)
    tick = address(w.author, f"checklists/lines/{lines[0].pk}/")
    client.post(tick)
    assert "1 of 2" in client.get(address(w.author, f"campaigns/{one.pk}/")).content.decode()
    with pytest.raises(Conflict, match="ticked it already"):
        verbs.tick(lines[0], by=w.author, done=True)
    client.post(tick, {"open": "1"})
    assert ChecklistLine.objects.filter(done_at__isnull=False).count() == 0
    assert make.kinds_recorded(w.workspace)[-2:] == [
        "strategy.checklist.ticked",
        "strategy.checklist.unticked",
    ]
    verbs.retire_template(template, by=w.author)
    with pytest.raises(Invalid, match="not offered"):
        verbs.add_checklist(one, by=w.author, template=template)
    with pytest.raises(Invalid, match="of that name already"):
        verbs.make_template(w.author, name="LAUNCH", lines=["x"])
    with pytest.raises(Invalid, match="needs lines"):
        verbs.make_template(w.author, name="Empty", lines=["", " "])


def test_it_ends_with_a_word_and_can_be_looked_back_at():
    w = world.three()
    one = w.campaign()
    with pytest.raises(Invalid, match="missing"):
        verbs.end_campaign(one, by=w.author, word=" ")
    verbs.end_campaign(one, by=w.author, word="Full by Thursday.")
    with pytest.raises(Conflict, match="has ended"):
        verbs.add_phase(one, by=w.author, name="More", begins=TODAY, ends=TODAY)
    assert list(reads.running_campaigns(w.workspace)) == []
    kind = registries.reviewables["campaign"]
    assert kind is offers.CAMPAIGN
    assert kind.find(w.author, one.pk) == one
    assert kind.find(world.three().author, one.pk) is None
    assert [item.title for item in kind.timeline(one)] == ["Campaign ended", "Campaign begun"]
    assert not verbs.reopen_campaign(one, by=w.author).ended_word
    hits = list(offers.search(w.observer, "launch", 5))
    assert [(hit.title, hit.kind) for hit in hits] == [("Launch week", "Campaign")]


def test_retired_templates_leave_room_for_new_ones(monkeypatch):
    w = world.three()
    monkeypatch.setattr(checklists, "MOST_TEMPLATES", 2)
    first, _ = (verbs.make_template(w.author, name=name, lines=["x"]) for name in ("One", "Two"))
    with pytest.raises(Conflict) as refused:
        verbs.make_template(w.author, name="Three", lines=["x"])
    assert refused.value.next_step == "Retire one that is not used any more."
    verbs.retire_template(first, by=w.author)
    verbs.make_template(w.author, name="Three", lines=["x"])
    with pytest.raises(Conflict, match="2 templates"):
        verbs.restore_template(first, by=w.author)
