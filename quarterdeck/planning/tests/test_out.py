"""The calendar for those who only look: the feed by signed link, the spreadsheet and the PDF."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from icalendar import Calendar
from openpyxl import load_workbook

from quarterdeck.core import clock
from quarterdeck.crew import verbs as crew
from quarterdeck.crew.models import SignedLink
from quarterdeck.publishing import verbs as posts
from quarterdeck.publishing.tests import world

pytestmark = pytest.mark.django_db
TUESDAY = datetime(2026, 3, 10, 11, 30)  # noqa: DTZ001


@pytest.fixture(autouse=True)
def _at_noon():
    with clock.at(world.NOON):
        yield


def planned(w: world.World, text: str = "Nettle soup."):
    post = w.approved(text)
    posts.schedule(post, by=w.author, when=TUESDAY)
    return post


def address(w: world.World, what: str = "all") -> str:
    client = Client()
    client.force_login(w.approver.user)
    page = client.post(f"/w/{w.author.workspace.slug}/calendar/feeds/", {"label": "Sales", "what": what})
    assert "It is shown only now." in page.content.decode()
    shown = page.content.decode().split('id="feed-address">')[1].split("<")[0]
    again = client.get(f"/w/{w.author.workspace.slug}/calendar/feeds/").content.decode()
    assert "Sales" in again
    assert shown not in again
    return urlsplit(shown).path


def test_whoever_has_the_address_reads_the_calendar_and_changes_nothing():
    w = world.two()
    post = planned(w)
    there, stranger = address(w), Client()
    answer = stranger.get(there)
    assert answer["Content-Type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event.decoded("DTSTART") == datetime(2026, 3, 10, 10, 30, tzinfo=UTC)
    assert str(event["SUMMARY"]) == "Nettle soup. (planned)"
    uid = str(event["UID"])
    posts.reschedule(post, by=w.author, when=TUESDAY + timedelta(hours=1))
    (event,) = Calendar.from_ical(stranger.get(there).content).walk("VEVENT")
    assert event.decoded("DTSTART") == datetime(2026, 3, 10, 11, 30, tzinfo=UTC)
    assert str(event["UID"]) == uid
    stranger.post(there)
    assert post.deliveries.get(state="intent").wall == "2026-03-10T12:30"


def test_a_feed_of_a_channel_shows_only_that_and_one_taken_back_shows_nothing():
    from quarterdeck.channels.by_hand.verbs import connect_by_hand

    w = world.two()
    planned(w)
    other = connect_by_hand(w.approver, brand=w.brand, network="instagram", name="harbour")
    assert Calendar.from_ical(Client().get(address(w, str(other.pk))).content).walk("VEVENT") == []
    SignedLink.objects.all().delete()
    there = address(w, str(w.channel.pk))
    assert len(Calendar.from_ical(Client().get(there).content).walk("VEVENT")) == 1
    crew.revoke_link(SignedLink.objects.get(), by=w.approver)
    assert Client().get(there).status_code == 404


@pytest.mark.parametrize("text", ["=1+1", "+SUM(A1)", "-2", "@cmd", '=HYPERLINK("http://evil.example","x")'])
def test_no_cell_of_the_spreadsheet_is_a_formula(text):
    w = world.two()
    planned(w, text)
    client = Client()
    client.force_login(w.author.user)
    answer = client.get(f"/w/{w.author.workspace.slug}/calendar/sheet/?date=2026-03-10")
    page = load_workbook(io.BytesIO(answer.content)).active
    cells = [cell for row in page.iter_rows() for cell in row if cell.value]
    assert [cell.value for cell in cells if cell.value == text] == [text]
    assert {cell.data_type for cell in cells} == {"s"}
    assert "calendar-2026-02-23.xlsx" in answer["Content-Disposition"]


def test_the_pdf_holds_what_people_wrote_as_text_and_never_as_markup():
    w = world.two()
    planned(w, '#panic("x") *bold* $x$ <label> \\ “quotes” äöü')
    client = Client()
    client.force_login(w.author.user)
    answer = client.get(f"/w/{w.author.workspace.slug}/calendar/pdf/?date=2026-03-10&view=list")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")
    empty = client.get(f"/w/{w.author.workspace.slug}/calendar/pdf/?date=2030-03-10")
    assert empty.content.startswith(b"%PDF-")
