"""The shell's own pages, and the parts that say times."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from quarterdeck.core import clock, registries
from quarterdeck.shell.templatetags import shell as parts
from quarterdeck.shell.tests import world
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.urls("quarterdeck.shell.tests.world")]
NOON = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)


@pytest.fixture
def who(monkeypatch, client):
    world.furnish(monkeypatch)
    member = make.member()
    client.force_login(member.user)
    return member


def test_search_shows_what_rooms_found_and_says_when_one_could_not_look(client, who):
    def fails(who, query, limit):
        raise RuntimeError("no")

    registries.search.register("inbox", fails)
    page = client.get(f"/w/{who.workspace.slug}/search/?q=carousel").content.decode()
    assert "Spring menu carousel" in page
    assert "Inbox could not be searched just now" in page


@pytest.mark.parametrize(
    ("query", "words"),
    [("", "at least two letters"), ("x", "at least two letters"), ("zebra", "Nothing was found")],
)
def test_search_says_what_it_needs_and_what_it_did_not_find(client, who, query, words):
    assert words in client.get(f"/w/{who.workspace.slug}/search/", {"q": query}).content.decode()


def test_search_is_bounded_and_escapes_what_was_typed(client, who):
    asked = []
    registries.search.register("spy", lambda who, query, limit: asked.append(query) or [])
    page = client.get(f"/w/{who.workspace.slug}/search/", {"q": "<b>" + "x" * 5000}).content.decode()
    assert len(asked[0]) == 200
    assert "<b>xxx" not in page


def test_a_stranger_to_the_workspace_finds_no_page(client, who):
    other = make.workspace()
    for name in ("search", "palette", "settings"):
        assert client.get(f"/w/{other.slug}/{name}/").status_code == 404


def test_settings_lists_the_pages_rooms_registered(client, who):
    page = client.get(f"/w/{who.workspace.slug}/settings/").content.decode()
    assert page.index("You") < page.index("Profile") < page.index("Members")


def test_the_theme_is_chosen_by_post_and_kept(client, who):
    assert client.get("/theme/").status_code == 405
    answer = client.post("/theme/", {"theme": "dark", "next": f"/w/{who.workspace.slug}/settings/"})
    assert answer.headers["Location"] == f"/w/{who.workspace.slug}/settings/"
    assert 'data-theme="dark"' in client.get(f"/w/{who.workspace.slug}/settings/").content.decode()
    assert client.post("/theme/", {"theme": "pink"}).status_code == 422
    who.user.refresh_from_db()
    assert who.user.theme == "dark"


def test_the_style_guide_is_open_and_shows_every_part(client):
    page = client.get("/styleguide/").content.decode()
    for name in ("toast", "meter", "preview", "lint", "calendar", "approval", "timeline", "evidence", "matrix",
                 "empty", "palette", "hold-all", "rail", "strip"):  # fmt: skip
        assert page.count(f'class="{name}') + page.count(f" {name}") >= 2, name


def test_a_moment_is_told_in_the_readers_zone_with_the_year_only_when_needed():
    with clock.at(NOON):
        assert parts.moment(NOON, "Europe/Berlin") == "Mon 9 Mar, 13:00"
        assert parts.moment(NOON - timedelta(days=365), "UTC") == "Sun 9 Mar 2025, 12:00"
        assert parts.moment(date(2026, 3, 9)) == "Mon 9 Mar"
        assert parts.exact(NOON, "Asia/Tokyo") == "Monday 9 March 2026, 21:00:00 Asia/Tokyo (12:00:00 UTC)"
        assert parts.moment(NOON, "No/Where") == "Mon 9 Mar, 12:00"


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=12, seconds=40), "12 min ago"),
        (timedelta(hours=3, minutes=59), "3 h ago"),
        (timedelta(hours=47), "1 day ago"),
        (timedelta(days=-2), "in 2 days"),
    ],
)
def test_how_long_ago_rounds_down(before, words):
    with clock.at(NOON):
        assert parts.ago(NOON - before) == words


def test_initials():
    assert [parts.initials(name) for name in ("Ada", "Ada King Lovelace", "", None)] == ["A", "AL", "", ""]
