"""The journey through the pages, without a script: bring, confirm, see, fix, undo; and what is remembered."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from quarterdeck.core import clock
from quarterdeck.exchange import importing
from quarterdeck.exchange.models import Import, Row
from quarterdeck.exchange.tests import world
from quarterdeck.exchange.tests.world import DATA, NOW, as_csv, posts_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with clock.at(NOW):
        yield


class Visit:
    def __init__(self, ours: world.World, who=None) -> None:
        self.ours, self.slug = ours, ours.lead.workspace.slug
        self.client = Client()
        self.client.force_login((who or ours.author).user)

    def url(self, name: str, **parts) -> str:
        return reverse(name, kwargs={"workspace": self.slug, **parts})

    def bring(self, data: bytes, name: str = "posts.csv"):
        return self.client.post(self.url("exchange-import-list"), {"file": SimpleUploadedFile(name, data)})

    def brought(self, data: bytes, name: str = "posts.csv") -> Import:
        answer = self.bring(data, name)
        assert answer.status_code == 302, answer.content.decode()
        return Import.objects.get(pk=answer["Location"].rstrip("/").rpartition("/")[2])

    def confirm(self, found: Import, **said):
        page = self.client.get(self.url("exchange-import", pk=found.pk)).context["form"]
        sent = {f"column-{i}": meaning for i, meaning in enumerate(page.question.meanings)}
        sent |= {"header": page.question.header, **page.initial, **said}
        return self.client.post(self.url("exchange-import", pk=found.pk), sent)


@pytest.fixture
def visit() -> Visit:
    return Visit(world.two())


def text(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_48_drafts_and_2_to_fix_and_the_whole_undone(visit):
    rows = [
        ["Date", "Copy", "Where"],
        *([f"{n % 28 + 1:02d}/04/2026", f"Post {n}", "Pier"] for n in range(48)),
    ]
    rows += [["13/04/2026", "", "Pier"], ["13/04/2026", "Lost", "Lighthouse"]]
    found = visit.brought(as_csv(rows))
    page = visit.client.get(visit.url("exchange-import", pk=found.pk))
    assert "50 rows, read as text with commas between the columns, UTF-8." in text(page)
    assert visit.confirm(found, order="dmy").status_code == 302
    running = visit.client.get(visit.url("exchange-import", pk=found.pk))
    assert "0 of 50 rows" in text(running)
    importing.run(found.pk)
    done = visit.client.get(visit.url("exchange-import", pk=found.pk))
    assert "48 drafts and 2 rows to fix" in text(done)
    fixing = text(visit.client.get(visit.url("exchange-import-fixing", pk=found.pk)))
    assert "There is no text in this row." in fixing
    assert "“Lighthouse” is no connected channel here." in fixing
    visit.client.post(visit.url("exchange-import-undo", pk=found.pk))
    importing.run_undo(found.pk)
    undone = text(visit.client.get(visit.url("exchange-import", pk=found.pk)))
    assert "48 drafts were taken off the plan and discarded." in undone


def test_an_order_that_nothing_proves_is_asked_once_and_never_guessed(visit):
    found = visit.brought(as_csv([["Date", "Text"], ["03/04/2026", "Soup"], ["05/04/2026", "Bread"]]))
    answer = visit.confirm(found)
    assert answer.status_code == 422
    assert "“03/04/2026” can be read in two ways." in text(answer)
    found.refresh_from_db()
    assert found.state == Import.State.RECEIVED
    assert visit.confirm(found, order="mdy").status_code == 302
    found.refresh_from_db()
    assert found.answers["order"] == "mdy"


def test_an_order_that_one_row_proves_is_shown_with_the_proof(visit):
    found = visit.brought(as_csv([["Date", "Text"], ["03/04/2026", "Soup"], ["13/04/2026", "Bread"]]))
    page = text(visit.client.get(visit.url("exchange-import", pk=found.pk)))
    assert "“13/04/2026” can only be read so" in page


def test_mapped_once_and_remembered(visit):
    first = visit.brought(as_csv([["Was", "Wann genau"], ["Soup is back", "2026-04-03"]]))
    visit.confirm(first, **{"column-0": "text", "column-1": "", "times": "plan", "language": "de"})
    second = visit.brought(as_csv([["was", "wann_genau"], ["Bread is back", "2026-04-04"]]))
    page = visit.client.get(visit.url("exchange-import", pk=second.pk))
    assert "as you had them the last time" in text(page)
    form = page.context["form"]
    assert form.question.meanings == ["text", ""]
    assert (form.initial["times"], form.initial["language"]) == ("plan", "de")


def test_the_same_file_twice_is_said_and_doubles_nothing(visit):
    data = (DATA / "buffer.csv").read_bytes()
    first = visit.brought(data)
    visit.confirm(first)
    importing.run(first.pk)
    assert [len(posts_of(first)), first.rows.filter(state="fix").count()] == [3, 0]
    second = visit.brought(data)
    assert "This very file was imported already" in text(
        visit.client.get(visit.url("exchange-import", pk=second.pk))
    )
    visit.confirm(second)
    importing.run(second.pk)
    assert posts_of(second) == []
    assert second.rows.filter(state="fix").count() == 3


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        (
            "buffer.csv",
            [
                "Nettle soup is back on Thursday.\n\nCome hungry.",
                "“Best bread in the harbour” – thank you, Ines!",
                "Closed on Monday.",
            ],
        ),
        (
            "hootsuite.csv",
            [
                "Nettle soup is back.\n\nhttps://harbour.example/soup",
                "Fresh bread, every morning.\n\nhttps://harbour.example/bread",
                "Closed tomorrow.",
            ],
        ),
        ("postiz.csv", ["Nettle soup is back.\nCome hungry & early.", "Fresh bread"]),
        ("german_windows.csv", ["„Nettle soup“ – grün", "Frisches Brot"]),
    ],
)
def test_files_of_other_programs_come_in_whole(visit, name, texts):
    visit.ours.harbour.__class__.objects.filter(pk=visit.ours.pier.pk).update(name="Harbour")
    found = visit.brought((DATA / name).read_bytes(), name)
    assert visit.confirm(found, order="mdy").status_code == 302
    importing.run(found.pk)
    assert [post.text for post in posts_of(found)] == texts


def test_the_language_of_all_texts_is_a_tag_or_asked_for_again(visit):
    found = visit.brought(as_csv([["Text", "Note"], ["Soup", "x"]]))
    answer = visit.confirm(found, language="low German")
    assert answer.status_code == 422
    assert "Please write a language like “en” or “de-AT”, or leave it empty." in text(answer)
    assert visit.confirm(found, language="zh_hant_tw").status_code == 302
    importing.run(found.pk)
    assert [post.language for post in posts_of(found)] == ["zh-Hant-TW"]


def test_other_headings_can_be_chosen(visit):
    found = visit.brought(as_csv([["a", "b"], ["Text", "Note"], ["Soup", "x"]]))
    page = visit.client.get(visit.url("exchange-import", pk=found.pk), {"header": "0"})
    assert page.context["question"].heads == ["Column 1", "Column 2"]
    assert page.context["question"].rows == 3


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0" + bytes(600)])
def test_what_cannot_be_read_is_said_beside_the_file(visit, data):
    answer = visit.bring(data)
    assert answer.status_code == 422
    assert "could not be read" in text(answer)
    assert not Import.objects.exists()


def test_a_row_is_fixed_left_out_and_taken_back_by_forms(visit):
    found = visit.ours.imported([["Text", "Channel"], ["Soup", "Lighthouse"], ["Bread", "Lighthouse"]])
    at = {"pk": found.pk, "number": 2}
    mended = visit.client.post(
        visit.url("exchange-import-row", **at), {"2-cell-0": "Soup", "2-cell-1": "Pier"}, follow=True
    )
    assert "Row 2 is a draft now." in text(mended)
    at["number"] = 3
    still = visit.client.post(
        visit.url("exchange-import-row", **at), {"3-cell-0": "Bread", "3-cell-1": "Quay"}, follow=True
    )
    assert "Row 3 still cannot be a draft." in text(still)
    visit.client.post(visit.url("exchange-import-row-leave", **at))
    assert Row.objects.get(of=found, number=3).state == Row.State.LEFT
    visit.client.post(visit.url("exchange-import-row-return", **at))
    assert Row.objects.get(of=found, number=3).state == Row.State.FIX


def test_one_that_nobody_works_on_says_so_and_goes_on(visit):
    found = visit.ours.begun([["Text"], ["Soup"]])
    with clock.at(NOW.replace(minute=2)):
        page = visit.client.get(visit.url("exchange-import", pk=found.pk))
        assert "Nobody has worked on it for a while." in text(page)
        assert visit.client.post(visit.url("exchange-import-on", pk=found.pk)).status_code == 302


def test_a_posts_page_says_which_row_it_was(visit):
    found = visit.ours.imported([["Text", "Image URL"], ["Soup", "https://x.example/a.jpg"]])
    (post,) = posts_of(found)
    page = text(visit.client.get(visit.url("publishing-post", pk=post.pk)))
    assert "Row 2 of posts.csv" in page
    assert "A picture is to be brought by hand. The file names https://x.example/a.jpg" in page


def test_put_aside_it_is_gone(visit):
    found = visit.brought(b"Text\nSoup\n")
    visit.client.post(visit.url("exchange-import-drop", pk=found.pk))
    assert not Import.objects.exists()
    assert not Row.objects.exists()
