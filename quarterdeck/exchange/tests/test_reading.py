"""Files as they come: every encoding, line end and delimiter that programs write, and workbooks of all kinds."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, time
from pathlib import Path

import openpyxl
import pytest

from quarterdeck.core.problems import Invalid
from quarterdeck.exchange import reading
from quarterdeck.exchange.reading import books

# A workbook knows no zones.
DAY, EARLY = datetime.fromisoformat("2026-03-12"), datetime.fromisoformat("2026-03-12T09:05")
DATA = Path(__file__).parent / "data"
ROWS = [["Date", "Text"], ["2026-03-12", "“Soupe à l’oignon”, – 5 €"], ["2026-03-13", "Bread; and\nbutter"]]


def written(delimiter: str, ends: str) -> str:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""').replace("\n", ends) + '"'

    return "".join(delimiter.join(map(cell, row)) + ends for row in ROWS)


def cells(data: bytes, name: str = "posts.csv") -> list[list[str]]:
    return [
        [c.replace("\r\n", "\n").replace("\r", "\n") for c in line.cells]
        for line in reading.read(data, name).lines
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_encoding_line_end_and_delimiter(delimiter, ends, encoding):
    if encoding == "cp1252" and ends == "\r":
        encoding = "mac_roman"  # what a file with such line ends was written in
    assert cells(written(delimiter, ends).encode(encoding)) == ROWS


def test_a_tsv_with_commas_in_its_words_is_cut_at_tabs():
    data = b"Text\tDay\nSoup, bread, butter\t2026-03-12\nOne, two, three\t2026-03-13\n"
    assert cells(data, "posts.tsv")[1] == ["Soup, bread, butter", "2026-03-12"]


def test_excels_own_word_about_the_delimiter_is_no_row():
    lines = reading.read(b"sep=;\r\nText;Day\r\nSoup;2026-03-12\r\n", "a.csv").lines
    assert [(line.number, line.cells) for line in lines] == [
        (2, ["Text", "Day"]),
        (3, ["Soup", "2026-03-12"]),
    ]


def test_rows_and_columns_that_are_empty_are_left_out_and_numbers_stay():
    lines = reading.read((DATA / "german_windows.csv").read_bytes(), "a.csv").lines
    assert [line.number for line in lines] == [1, 3, 4, 6]
    assert lines[2].cells[2] == "„Nettle soup“ – grün"
    spaced = reading.read(b"A,,B\n1,,2\n,,\n3,,4\n", "a.csv").lines
    assert [(line.number, line.cells) for line in spaced] == [
        (1, ["A", "B"]),
        (2, ["1", "2"]),
        (4, ["3", "4"]),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "There is nothing in it"),
        (b" \n\n", "There is nothing in it"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "old Excel workbook"),
        (b"%PDF-1.7 x", "It is a PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "neither text nor an Excel workbook"),
        (b"PK\x03\x04 broken", "damaged"),
        (b'Text\n"' + b"x" * 200_000, "longer than a spreadsheet"),
        (b"x\n" * 20_001, "more than 20,000 rows"),
        (b"a" + b"x" * reading.LARGEST, "larger than the 10 MB"),
        (b"x," * 101 + b"x\n", "more than 100 columns"),
        ("ab".encode("utf-16") + b"x", "breaks off"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(data, words):
    with pytest.raises(Invalid) as refused:
        reading.read(data, "posts.csv")
    assert words in refused.value.title
    assert refused.value.not_done == "Nothing was imported."
    assert refused.value.next_step


# --- workbooks -------------------------------------------------------------------------------------


def workbook(fill, **sheets) -> bytes:
    book = openpyxl.Workbook()
    fill(book.active)
    for title, rows in sheets.items():
        other = book.create_sheet(title)
        for row in rows:
            other.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_with_dates_times_and_numbers():
    def fill(sheet):
        sheet.append(["Date", "Time", "Text", "Count", "Done"])
        sheet.append([DAY, time(11, 30), "Soup", 3.0, True])
        sheet.append([EARLY, 0.5, "Bread", 2.25, False])

    got = cells(workbook(fill), "a.xlsx")
    assert got[1:] == [
        ["2026-03-12", "11:30", "Soup", "3", "yes"],
        ["2026-03-12 09:05", "0.5", "Bread", "2.25", "no"],
    ]


def test_a_merged_block_says_the_same_in_every_row_and_a_merged_title_does_not():
    def fill(sheet):
        sheet.append(["March", None, None])
        sheet.merge_cells("A1:C1")
        sheet.append(["Date", "Text", "Where"])
        for text in ("Soup", "Bread", "Butter"):
            sheet.append([None, text, None])
        sheet["A3"] = DAY
        sheet.merge_cells("A3:A5")

    got = cells(workbook(fill), "a.xlsx")
    assert got[0] == ["March", "", ""]
    assert [row[0] for row in got[2:]] == ["2026-03-12"] * 3


def test_a_formula_is_its_value_as_reckoned_and_one_without_is_named():
    def fill(sheet):
        sheet.append(["Date", "Text"])
        sheet.append(["=TODAY()", "Soup"])
        sheet.append(["2026-03-12", '=CONCATENATE("a","b")'])

    data = workbook(fill)
    lines = reading.read(data, "a.xlsx").lines
    assert [(line.cells, line.unread) for line in lines[1:]] == [
        (["", "Soup"], [0]),
        (["2026-03-12", ""], [1]),
    ]
    reckoned = repacked(
        data, lambda name, part: part.replace(b"<v></v>", b"<v>46093</v>").replace(b"<v />", b"<v>46093</v>")
    )
    lines = reading.read(reckoned, "a.xlsx").lines
    assert lines[1].unread == []
    assert lines[1].cells == ["46093", "Soup"]


def test_an_error_in_a_cell_is_named():
    def fill(sheet):
        sheet.append(["Date", "Text"])
        sheet.append(["2026-03-12", "#REF!"])
        sheet["B2"].data_type = "e"

    assert reading.read(workbook(fill), "a.xlsx").lines[1].unread == [1]


def test_hidden_and_empty_sheets_are_passed_over_and_the_others_named():
    def fill(sheet):
        sheet.title = "Secret"
        sheet.append(["no"])
        sheet.sheet_state = "hidden"

    sheet = reading.read(workbook(fill, Empty=[], Posts=[["Text"], ["Soup"]], Old=[["x"]]), "a.xlsx")
    assert [line.cells for line in sheet.lines] == [["Text"], ["Soup"]]
    assert "Only the sheet “Posts” was read" in sheet.notes[0]
    assert "“Old”" in sheet.notes[0]


def test_macros_are_carried_and_never_looked_at():
    data = repacked(
        workbook(lambda sheet: sheet.append(["Soup"])), extra={"xl/vbaProject.bin": b"Sub AutoOpen()"}
    )
    assert cells(data, "a.xlsm") == [["Soup"]]


def repacked(data: bytes, change=lambda name, part: part, extra=None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry)))
        for name, part in (extra or {}).items():
            new.writestr(name, part)
    return out.getvalue()


def plain() -> bytes:
    return workbook(lambda sheet: sheet.append(["Soup"]))


def test_a_zip_bomb_is_refused_without_being_unpacked():
    bomb = repacked(plain(), extra={"xl/worksheets/sheet2.xml": b"0" * (books.UNPACKED + 1)})
    assert len(bomb) < 200_000
    with pytest.raises(Invalid, match="could not be read") as refused:
        reading.read(bomb, "a.xlsx")
    assert "far larger" in refused.value.fields["file"]


def test_a_workbook_that_lies_about_its_size_grows_no_further():
    much = b"<x>" + b" " * 3_000_000 + b"</x>"
    bomb = repacked(plain(), lambda name, part: much if name.endswith("sheet1.xml") else part)
    size = len(much).to_bytes(4, "little")
    assert bomb.count(size) == 2
    lying = bomb.replace(size, (1000).to_bytes(4, "little"))
    with pytest.raises(Invalid):
        reading.read(lying, "a.xlsx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_that_grow_are_refused(encoding):
    grows = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'.encode(
        encoding
    )
    with pytest.raises(Invalid) as refused:
        reading.read(repacked(plain(), lambda n, p: grows if n.endswith("sheet1.xml") else p), "a.xlsx")
    assert "declarations" in refused.value.fields["file"]


def test_a_row_far_below_costs_nothing():
    far = repacked(
        plain(),
        lambda n, p: p.replace(b'<row r="1"', b'<row r="900000000"') if n.endswith("sheet1.xml") else p,
    )
    with pytest.raises(Invalid):
        reading.read(far, "a.xlsx")


def test_an_archive_that_is_no_workbook():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("hello.txt", "x")
    with pytest.raises(Invalid, match="could not be read"):
        reading.read(out.getvalue(), "a.xlsx")
