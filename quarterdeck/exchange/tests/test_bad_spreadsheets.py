"""Spreadsheets as bad as they come: every row is the draft that was meant, or waits with the reason."""

from __future__ import annotations

import io

import openpyxl
import pytest

from quarterdeck.core import clock
from quarterdeck.exchange.tests import world
from quarterdeck.exchange.tests.test_reading import DAY
from quarterdeck.exchange.tests.world import NOW, posts_of, reasons, rows_of
from quarterdeck.publishing.models import Delivery

pytestmark = pytest.mark.django_db

QUOTED = "“Bread”, she said – ‘warm’, 2,50 €"


@pytest.fixture(autouse=True)
def _now():
    with clock.at(NOW):
        yield


def workbook() -> bytes:
    """Merged cells above and beside, formulas, an error, three ways to write a day, a comma in a number."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Plan of March", None, None, None])
    sheet.merge_cells("A1:D1")
    sheet.append(["Date", "Time", "Text", "Channel"])
    sheet.append([DAY, "11:30", "Soup", "Pier"])
    sheet.append([None, "0,75", QUOTED, "Pier"])  # under the merged day; three quarters of a day
    sheet.merge_cells("A3:A4")
    sheet.append(["13/03/2026", "9 pm", "Butter", "Pier"])
    sheet.append(["March 14, 2026", "21h30", "Salt", "Pier"])
    sheet.append(["46096,479166667", None, "Cheese", "Pier"])  # a day and a time as a number
    sheet.append(["2026-03-29", "02:30", "In the gap", "Pier"])
    sheet.append(["=A3+1", "11:30", "By a formula", "Pier"])
    sheet.append(["2026-03-16", "11:30", '=CONCATENATE("S","oup")', "Pier"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_with_all_of_it():
    found = world.two().imported(workbook(), name="plan.xlsx")
    assert [post.text for post in posts_of(found)] == ["Soup", QUOTED, "Butter", "Salt", "Cheese"]
    assert [post.deliveries.get().wall[:16] for post in posts_of(found)] == [
        "2026-03-12T11:30",
        "2026-03-12T18:00",
        "2026-03-13T21:00",
        "2026-03-14T21:30",
        "2026-03-15T11:30",
    ]
    why = reasons(found)
    assert list(why) == [8, 9, 10]
    assert "02:30 does not exist on Sunday, 29 March" in why[8]
    assert "A formula here has no value." in why[9]
    assert "A formula here has no value." in why[10]
    assert [row.number for row in rows_of(found, "head")] == [1, 2]


def test_a_csv_with_a_byte_order_mark_semicolons_and_decimal_commas():
    rows = f"Text;Date;Time;Channel\r\nSoup;12.03.2026;0,479166667;Pier\r\n{QUOTED};2026-03-13;18.00;Pier\r\n"
    found = world.two().imported(b"\xef\xbb\xbf" + rows.encode())
    assert reasons(found) == {}
    assert [post.text for post in posts_of(found)] == ["Soup", QUOTED]
    walls = Delivery.objects.order_by("due_at").values_list("wall", flat=True)
    assert [wall[:16] for wall in walls] == ["2026-03-12T11:30", "2026-03-13T18:00"]
