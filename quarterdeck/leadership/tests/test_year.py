"""Weeks become months, months one page, and the page a file that leaves with the person."""

from __future__ import annotations

import json
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from quarterdeck.core import clock, ids
from quarterdeck.crew.models import Member
from quarterdeck.leadership import files, intake, names, reads
from quarterdeck.leadership.tests import life
from quarterdeck.leadership.tests.test_week import signed_in, url
from tests import make

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 4)


@pytest.fixture
def ada() -> Member:
    return make.member("author", name="Ada")


def write(member: Member, text: str, monday: date = MAY, kind: str = "together") -> str:
    line_id = ids.new().hex
    intake.switch_on(member.user)
    intake.add(member.user, monday, kind=kind, text=text, line_id=line_id)
    return line_id


def page(member: Member) -> list[str]:
    return [line.text for line in reads.year(member.user, 2026).page]


def test_a_month_is_its_weeks_by_kind_of_work_and_sentences_can_be_left_out(ada):
    write(ada, "I moved the launch.", MAY)
    out = write(ada, "I cut a clip.", MAY + timedelta(days=7), "hats")
    write(ada, "I was elsewhere.", date(2026, 6, 8))
    client = signed_in(ada)
    with clock.at(life.FRIDAY):
        said = client.get(url("month", ada, "?of=2026-05")).content.decode()
        assert said.index("Working with others") < said.index("I moved the launch.") < said.index("Many hats")
        assert "I was elsewhere." not in said
        client.post(url("month-choice", ada, "?of=2026-05"), {"line": out, "there": "no"})
        month = reads.month(ada.user, date(2026, 5, 1))
        assert [line.text for line in month.left_out] == ["I cut a clip."]
        assert page(ada) == ["I moved the launch.", "I was elsewhere."]
        client.post(url("month-choice", ada, "?of=2026-05"), {"line": out, "there": "yes"})
        assert not reads.month(ada.user, date(2026, 5, 1)).left_out
        other = client.post(url("month-choice", ada, "?of=2026-05"), {"line": ids.new().hex, "there": "no"})
        assert other.status_code == 404


def test_the_year_begins_with_two_of_each_month_and_is_then_the_persons_choice(ada):
    first = write(ada, "One.", MAY)
    write(ada, "Two.", MAY, "hats")
    third = write(ada, "Three.", MAY)
    assert page(ada) == ["One.", "Two."]  # of two kinds
    client = signed_in(ada)
    with clock.at(life.FRIDAY):
        client.post(url("year-choice", ada, "?of=2026"), {"line": third, "there": "yes"})
        client.post(url("year-choice", ada, "?of=2026"), {"line": first, "there": "no"})
        assert page(ada) == ["Two.", "Three."]
        client.post(url("year-opening", ada, "?of=2026"), {"opening": "A year of soup."})
        said = client.get(url("year", ada, "?of=2026")).content.decode()
        assert "A year of soup." in said
        assert "More from your months" in said
        assert client.get(url("year", ada, "?of=20x6")).status_code == 404
        assert client.get(url("month", ada, "?of=2026-13")).status_code == 404


class Outside(HTMLParser):
    """What a page would fetch from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.asked += [f"{tag} {name}" for name, _ in attrs if name in {"src", "href", "srcset", "action"}]


def test_it_leaves_as_a_page_as_text_and_as_data_without_the_names_of_others(ada):
    bea = make.member("lead", of=ada.workspace, name="Bea Lang")
    gone = make.member("lead", of=ada.workspace, name="May")
    Member.objects.filter(pk=gone.pk).update(left_at=gone.joined_at)
    write(ada, "Bea Lang and I <b>moved</b> the launch to May; Bea agreed, beautifully.")
    client = signed_in(ada)
    root = reverse("leadership-mine-file")
    html = client.get(f"{root}?of=2026&as=html")
    assert html["Content-Disposition"] == 'attachment; filename="my-2026.html"'
    said = html.content.decode()
    assert (
        "A colleague and I &lt;b&gt;moved&lt;/b&gt; the launch to May; a colleague agreed, beautifully."
        in said
    )
    assert "Bea" not in said
    outside = Outside()
    outside.feed(said)
    assert outside.asked == []
    assert "url(" not in said
    assert "@import" not in said
    markdown = client.get(f"{root}?of=2026&as=md").content.decode()
    assert "## Working with others" in markdown
    assert "\\<b\\>moved" in markdown
    data = json.loads(client.get(f"{root}?of=2026&as=json").content)
    (sentence,) = data["sentences"]
    assert (sentence["week"], sentence["month"], sentence["on_the_page_of_the_year"]) == (
        "2026-05-04",
        "2026-05",
        True,
    )
    assert "Bea Lang and I" in client.get(f"{root}?of=2026&as=html&names=with").content.decode()
    assert files.names_in(ada.user, reads.year(ada.user, 2026)) == ["Bea", "Bea Lang"]
    assert client.get(f"{root}?of=2026&as=exe").status_code == 404
    assert client.get(f"{root}?of=2025&as=html").status_code == 404
    assert signed_in(bea).get(f"{root}?of=2026&as=html").status_code == 404


def test_it_leaves_with_the_person_after_they_were_removed(ada):
    write(ada, "I moved the launch.")
    make.member("lead", of=ada.workspace, name="Bea")
    Member.objects.filter(pk=ada.pk).update(left_at=ada.joined_at)
    client = Client()
    client.force_login(ada.user)
    assert client.get(url("week", ada)).status_code == 404
    assert "your private week" in client.get(reverse("crew-workspace-choose")).content.decode()
    assert "2026" in client.get(reverse("leadership-mine")).content.decode()
    assert "I moved the launch." in client.get(reverse("leadership-mine-file") + "?of=2026").content.decode()
    assert client.post(reverse("leadership-mine-delete")).status_code == 422
    client.post(reverse("leadership-mine-delete"), {"sure": "yes"})
    assert reads.years(ada.user) == []


def test_names_are_found_as_words_and_as_written():
    words = names.words_for(["Will Marsh", "May", "Jo", "Ana-Sofía Díaz"])
    assert (
        names.left_out("I will ask Will Marsh’s team in May.", words)
        == "I will ask a colleague’s team in May."
    )
    assert names.left_out("Ana-Sofía Díaz and Will agreed.", words) == "A colleague and a colleague agreed."
    assert names.found_in("Willow", words) == set()
    assert names.left_out("Nobody.", []) == "Nobody."
