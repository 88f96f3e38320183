"""What a file's columns are is guessed well: known exports, headings in four languages, and no headings at all."""

from __future__ import annotations

import pytest

from quarterdeck.exchange import columns, days, reading
from quarterdeck.exchange.tests.world import DATA, as_csv


def guess(rows, names=frozenset({"harbour", "pier"})):
    data = (DATA / rows).read_bytes() if isinstance(rows, str) else as_csv(rows)
    return columns.guess(reading.read(data, "a.csv").lines, set(names))


@pytest.mark.parametrize(
    ("file", "header", "meanings", "shape"),
    [
        ("buffer.csv", 0, ["text", "image", "labels", "date"], "Buffer"),
        ("hootsuite.csv", None, ["date", "text", "link"], "Hootsuite"),
        ("postiz.csv", 0, ["", "", "date", "", "text", "", "channels", ""], "Postiz"),
        ("german_windows.csv", 1, ["date", "time", "text", "channels", "note"], ""),
    ],
)
def test_files_of_other_programs_are_known(file, header, meanings, shape):
    found = guess(file)
    assert (found.header, found.meanings, found.shape) == (header, meanings, shape)


def test_the_columns_that_postiz_was_asked_for():
    heads = ["platformName", "platformAccount", "textContent", "featuredImageFilename", "scheduledPostDate"]
    found = guess([heads, ["twitter", "pier", "Soup", "blog1.jpg", "2026-09-30T22:00"]])
    assert found.meanings == ["", "channels", "text", "image", "date"]


def test_headings_are_found_below_a_title_and_an_empty_row():
    rows = [
        ["Content plan, March", "", ""],
        ["", "", ""],
        ["Publish date", "Platform(s)", "Post copy"],
        ["1/2/2026", "Pier", "Soup"],
    ]
    found = guess(rows)
    assert (found.header, found.meanings) == (1, ["date", "channels", "text"])


def test_without_known_headings_what_stands_in_a_column_decides():
    rows = [
        [
            "2026-03-12",
            "11:30",
            "Nettle soup is back.",
            "Pier",
            "https://x.example/a",
            "https://x.example/a.jpg",
        ]
    ] * 3
    found = guess([["A1", "B1", "C1", "D1", "E1", "F1"], *rows])
    assert found.meanings == ["date", "time", "text", "channels", "link", "image"]
    assert found.header == 0
    found = guess(rows)
    assert found.header is None
    assert found.meanings == ["date", "time", "text", "channels", "link", "image"]


def test_of_two_columns_that_could_be_the_text_the_fuller_one_is():
    found = guess([["Caption", "Copy"], ["", "A long text about soup."], ["x", "And one about bread."]])
    assert found.meanings == ["", "text"]


def test_the_signature_knows_a_file_by_its_headings_whatever_stands_above_them():
    one = reading.read(as_csv([["Plan", ""], ["Text", "Image URL"], ["a", "b"]]), "a.csv").lines
    two = reading.read(as_csv([["text", "image_url"], ["c", "d"]]), "a.csv").lines
    assert columns.signature(one, 1) == columns.signature(two, 0)
    assert columns.signature(one, 0) != columns.signature(two, 0)


@pytest.mark.parametrize(
    ("texts", "order", "needs"),
    [
        (["03/04/2026", "05/04/2026 11:30"], "", True),
        (["03/04/2026", "13/04/2026"], "dmy", True),
        (["03/04/2026", "04/13/2026 9:00 pm"], "mdy", True),
        (["03/04/2026", "04/13/2026", "13/04/2026"], "", True),
        (["3/3/2026", "2026-03-04", "04.03.2026", "4 March 2026"], "", False),
    ],
)
def test_what_a_file_proves_about_day_and_month(texts, order, needs):
    assert days.says(texts)[:2] == (order, needs)


@pytest.mark.parametrize(
    ("text", "day", "clock"),
    [
        ("4. März 2026", "2026-03-04", None),
        ("Mittwoch, 4. März 2026, 11:30", "2026-03-04", "11:30"),
        ("March 4th, 2026 at 9:30 pm", "2026-03-04", "21:30"),
        ("04-Mar-26", "2026-03-04", None),
        ("2026-03-04 11:30:15", "2026-03-04", "11:30"),
        ("12:00 am", None, "00:00"),
        ("12 pm", None, "12:00"),
        ("21h30", None, "21:30"),
        ("9 Uhr", None, "09:00"),
        ("0.999999", None, "00:00"),
        ("46085", "2026-03-04", None),
        ("46085,5", "2026-03-04", "12:00"),
    ],
)
def test_days_and_times_of_day(text, day, clock):
    found = days.when(text, "")
    assert str(found.day) == str(day)
    assert (f"{found.clock:%H:%M}" if found.clock else None) == clock


@pytest.mark.parametrize(
    "text",
    ["03/04/2026", "2026-02-30", "13:60", "25:00", "13 pm", "12", "Soup", "March 2026", "1/2", "2026", ""],
)
def test_what_is_not_sure_is_no_day(text):
    assert days.when(text, "") is None
