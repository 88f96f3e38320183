"""A week as its person meets it: drafted, kept, said otherwise, dropped, and with what happened outside."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, Invalid, NotFound
from quarterdeck.crew.models import Member
from quarterdeck.leadership import intake, lines, reads, sealing
from quarterdeck.leadership.models import Keeping, Sheet
from quarterdeck.leadership.tests import life
from tests import make

pytestmark = pytest.mark.django_db
WEEK = f"?week={life.WEEK}"


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def url(name: str, member: Member, query: str = "") -> str:
    return reverse(f"leadership-{name}", kwargs={"workspace": member.workspace.slug}) + query


def texts(member: Member) -> list[str]:
    return [line.text for line in reads.week(member.user, life.WEEK).lines]


def test_it_is_off_until_it_is_switched_on_and_nothing_can_be_kept_before():
    ada = make.member("author")
    client = signed_in(ada)
    assert client.get(url("week", ada)).url == url("settings", ada)
    answer = client.post(url("add", ada), {"text": "I helped.", "kind": "together", "line": ids.new()})
    assert answer.status_code == 409
    assert not Sheet.objects.exists()
    assert "Switch it on, for me alone" in client.get(url("settings", ada)).content.decode()
    assert client.post(url("on", ada)).status_code == 302
    assert client.get(url("week", ada)).status_code == 200


def test_drafted_kept_said_otherwise_dropped_and_added():
    lived = life.lived()
    ada, client = lived.ada, signed_in(lived.ada)
    with clock.at(life.FRIDAY):
        intake.switch_on(ada.user)
        said = client.get(url("week", ada)).content.decode()
        assert "You wrote “Nettle soup is back.” for Harbour Kitchen." in said
        assert not Sheet.objects.exists()  # looking at a draft keeps nothing
        key = f"publishing.out:{lived.post.pk}"
        client.post(url("keep", ada, WEEK), {"key": key})
        client.post(url("keep", ada, WEEK), {"key": key})
        (line,) = reads.week(ada.user, life.WEEK).lines
        assert line.text.startswith("I wrote “Nettle soup is back.”")
        assert line.events == [str(lived.post.deliveries.get().ledger_event_id)]
        client.post(
            url("edit", ada, WEEK), {"line": line.id, "text": "I brought  the soup back.", "kind": "ahead"}
        )
        (line,) = reads.week(ada.user, life.WEEK).lines
        assert (line.text, line.kind) == ("I brought the soup back.", "ahead")
        own = {"text": "I talked legal into yes.", "kind": "together", "line": ids.new()}
        for _ in range(2):  # sent twice, kept once
            client.post(url("add", ada, WEEK), own)
        assert texts(ada) == ["I brought the soup back.", "I talked legal into yes."]
        client.post(url("drop", ada, WEEK), {"line": line.id})
        assert texts(ada) == ["I talked legal into yes."]
        undo = url("bring-back", ada, f"{WEEK}&line={line.id}")
        client.post(undo)
        assert texts(ada) == ["I brought the soup back.", "I talked legal into yes."]
        assert client.post(undo).status_code == 404
        client.post(url("drop", ada, WEEK), {"line": line.id})
        said = client.get(url("week", ada)).content.decode()
        assert "Nettle soup" not in said  # what was dropped is not drafted again


def test_a_draft_can_be_dropped_and_kept_in_other_words():
    lived = life.lived()
    ada, client = lived.ada, signed_in(lived.ada)
    key = f"publishing.out:{lived.post.pk}"
    with clock.at(life.FRIDAY):
        intake.switch_on(ada.user)
        client.post(url("drop", ada, WEEK), {"key": key})
        said = client.get(url("week", ada)).content.decode()
        assert "Drafted from what you did" not in said
        assert f"&amp;key={key.replace(':', '%3A')}" in said  # the toast's undo
        client.post(url("bring-back", ada, f"{WEEK}&key={key}"))
        assert "Drafted from what you did" in client.get(url("week", ada)).content.decode()
        client.post(url("drop", ada, WEEK), {"key": key})
        client.post(url("keep", ada, WEEK), {"key": key, "text": "I made soup famous."})
        assert texts(ada) == ["I made soup famous."]
        gone = client.post(url("keep", ada, WEEK), {"key": "publishing.out:made-up"})
        assert gone.status_code == 409
        assert "undone" in gone.content.decode()


def test_an_empty_week_is_kind_and_offers_to_write():
    ada = make.member("author")
    intake.switch_on(ada.user)
    said = signed_in(ada).get(url("week", ada)).content.decode()
    assert "Nothing is drafted for this week" in said
    assert "That says little" in said
    assert "What happened outside" in said


@pytest.mark.parametrize("week", ["2999-01-04", "1999-01-04", "soon", "2026-13-01"])
def test_a_week_that_cannot_be_is_not_there(week):
    ada = make.member("author")
    intake.switch_on(ada.user)
    assert signed_in(ada).get(url("week", ada, f"?week={week}")).status_code == 404


def test_words_are_bounded_and_so_is_a_week():
    ada = make.member("author")
    with pytest.raises(Conflict):
        intake.add(ada.user, life.WEEK, kind="hats", text="x", line_id="1")
    intake.switch_on(ada.user)
    for text in ("", "  ", "x" * 601):
        with pytest.raises(Invalid):
            intake.add(ada.user, life.WEEK, kind="hats", text=text, line_id="1")
    with pytest.raises(Invalid):
        intake.add(ada.user, life.WEEK, kind="charisma", text="x", line_id="1")
    with pytest.raises(NotFound):
        intake.edit(ada.user, life.WEEK, "nothing", text="x")
    for number in range(lines.MOST_LINES):
        intake.add(ada.user, life.WEEK, kind="hats", text="x", line_id=str(number))
    with pytest.raises(Conflict, match="at most"):
        intake.add(ada.user, life.WEEK, kind="hats", text="x", line_id="more")


def test_off_keeps_or_deletes_as_the_person_says():
    ada = make.member("author")
    life.kept(ada)
    client = signed_in(ada)
    assert client.post(url("off", ada), {}).status_code == 422  # no choice is made for them
    assert reads.is_on(ada.user)
    client.post(url("off", ada), {"what": "keep"})
    assert not reads.is_on(ada.user)
    assert client.get(url("week", ada)).status_code == 302
    client.post(url("on", ada))
    assert texts(ada) == ["I talked the launch into next week."]
    client.post(url("off", ada), {"what": "delete"})
    assert not Sheet.objects.exists()
    row = Keeping.objects.get()
    assert (row.on_since, row.passed, row.quiet_until) == (None, None, None)


def test_what_is_kept_is_sealed_for_that_person_and_that_day():
    ada, bea = make.member("author"), make.member("author", name="Bea")
    life.kept(ada)
    sheet = Sheet.objects.get()
    assert b"launch" not in bytes(sheet.sealed)
    assert "launch" in str(sealing.unseal(sheet, ada.user))
    with pytest.raises(Exception, match="another"):
        sealing.unseal(sheet, bea.user)
    sheet.begins += timedelta(days=7)
    with pytest.raises(Exception, match="another"):
        sealing.unseal(sheet, ada.user)


def test_weeks_belong_to_the_month_and_year_of_their_thursday():
    from datetime import date

    monday = date(2026, 12, 28)
    assert lines.month_of(monday) == date(2026, 12, 1)
    assert lines.year_of(monday) == 2026
    assert lines.month_of(date(2026, 6, 29)) == date(2026, 7, 1)
    assert lines.week_said(monday) == "28 December 2026 to 3 January 2027"
    assert lines.week_said(life.WEEK) == "23 to 29 November"
    assert lines.week_said(date(2026, 6, 29)) == "29 June to 5 July"


def test_a_week_begins_where_the_person_is():
    lived = life.lived("Pacific/Auckland")  # Monday 09:00 UTC is Monday 22:00 there
    early = life.MONDAY - timedelta(hours=21)  # Sunday 12:00 UTC is Monday 01:00 there
    assert lines.this_week(early, lived.ada.zone) == life.WEEK
    assert life.drafted(lived.ada)[0].endswith("on Monday at 22:00.")
