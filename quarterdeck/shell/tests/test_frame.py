"""The frame shows each member what is theirs: places in groups, counts, facts, commands, settings, workspaces."""

from __future__ import annotations

import pytest

from quarterdeck.core import registries
from quarterdeck.core.registries import Command, NavEntry, SettingsPage
from quarterdeck.crew.permissions import Role
from quarterdeck.shell.frame import Frame, current
from quarterdeck.shell.tests import world
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.urls("quarterdeck.shell.tests.world")]


@pytest.fixture(autouse=True)
def _furnished(monkeypatch):
    world.furnish(monkeypatch)


def frame(rf, who, path="/"):
    request = rf.get(path)
    request.user, request.member, request.workspace = who.user, who, who.workspace
    return Frame(request)


def test_the_rail_has_its_groups_counts_and_one_current_page(rf):
    who = make.member()
    slug = who.workspace.slug
    groups = frame(rf, who, f"/w/{slug}/note/").nav
    assert [len(group) for group in groups] == [4, 6, 3, 1]
    assert [link.label for link in groups[0]] == ["Desk", "Calendar", "Ideas", "Inbox"]
    assert groups[0][3].count == 23
    assert [(link.label, link.current) for group in groups for link in group if link.current] == [
        ("Calendar", "page")
    ]


@pytest.mark.parametrize(
    ("href", "path", "expected"),
    [
        ("/w/a/", "/w/a/", "page"),
        ("/w/a/", "/w/a/posts/", ""),
        ("/w/a/posts/", "/w/a/posts/7/", "true"),
        ("/w/a/posts/", "/w/a/post/", ""),
    ],
)
def test_a_place_is_current_on_itself_and_below_but_the_desk_only_on_itself(href, path, expected):
    assert current(href, path) == expected


def test_what_a_role_may_not_do_is_not_offered(rf):
    registries.nav.register("plans", NavEntry("Plans", "world-list", 0, permission="crew.workspace.change"))
    observer = frame(rf, make.member(Role.OBSERVER))
    assert "Plans" not in [link.label for link in observer.nav[0]]
    assert "Rename the workspace" not in [link.label for link in observer.commands]
    owner = frame(rf, make.member(Role.OWNER))
    assert "Plans" in [link.label for link in owner.nav[0]]
    assert "Rename the workspace" in [link.label for link in owner.commands]


def test_a_page_no_room_has_yet_is_not_linked(rf):
    registries.nav.register("moon", NavEntry("Moon", "moon-base", 0))
    registries.palette.register("moon", Command("Fly", "moon-fly"))
    shown = frame(rf, make.member())
    assert "Moon" not in [link.label for link in shown.nav[0]]
    assert "Fly" not in [link.label for link in shown.commands]


def test_the_bell_and_the_hold_are_there_only_when_a_room_registers_them(rf, monkeypatch):
    who = make.member()
    assert frame(rf, who).bell.count == 2
    assert frame(rf, who).hold.label == "Hold everything…"
    assert "Notifications" not in [link.label for link in frame(rf, who).nav[0]]
    monkeypatch.setattr(registries, "nav", registries.Registry("nav"))
    monkeypatch.setattr(registries, "palette", registries.Registry("palette"))
    assert frame(rf, who).bell is None
    assert frame(rf, who).hold is None


def test_a_room_that_fails_loses_its_own_fact_and_not_the_page(rf):
    def fails(who):
        raise RuntimeError("no")

    registries.strip.register("weather", fails)
    registries.nav.register("weather", NavEntry("Weather", "world-list", 0, count=fails))
    shown = frame(rf, make.member())
    assert [(fact.label, fact.value) for fact in shown.strip][-1] == ("Weather:", "not known now")
    assert shown.nav[0][-1].count is None


def test_the_palette_offers_commands_then_the_places_they_do_not_lead_to(rf):
    labels = [link.label for link in frame(rf, make.member()).commands]
    assert labels[:3] == ["Go to the Desk", "Write a note", "Hold everything…"]
    assert "Desk" not in labels
    assert "Calendar" not in labels


def test_settings_come_in_three_groups_and_the_installation_is_its_owners(rf):
    registries.settings_pages.register("mail", SettingsPage("Mail", "world-list", "Installation"))
    who = make.member()
    assert [title for title, _ in frame(rf, who).settings] == ["You", "Workspace"]
    who.user.owns_installation = True
    assert [title for title, _ in frame(rf, who).settings] == ["You", "Workspace", "Installation"]


def test_only_present_workspaces_can_be_switched_to(rf, django_assert_num_queries):
    who = make.member()
    other = make.member(of=make.workspace("Another"), name="Ada")
    other.user = who.user
    other.save()
    make.member(of=make.workspace("Not mine"), name="Bo")
    with django_assert_num_queries(1):
        links = frame(rf, who).workspaces
    assert [(link.label, link.current) for link in links] == [("Another", ""), ("Harbour Kitchen", "true")]


def test_a_page_asks_the_database_a_bounded_number_of_times(client, django_assert_max_num_queries):
    who = make.member()
    client.force_login(who.user)
    client.get(f"/w/{who.workspace.slug}/settings/")
    with django_assert_max_num_queries(5):  # session, user, member, workspaces, and one to spare
        assert client.get(f"/w/{who.workspace.slug}/settings/").status_code == 200


def test_a_part_for_htmx_does_not_pay_for_the_frame(client, monkeypatch):
    def never(who):
        raise AssertionError("the strip was asked")

    monkeypatch.setattr("quarterdeck.shell.frame.log.exception", lambda *words: never(None))
    registries.strip.register("never", never)
    who = make.member()
    client.force_login(who.user)
    page = client.get(f"/w/{who.workspace.slug}/palette/?q=menu", headers={"HX-Request": "true"})
    assert b"Spring menu carousel" in page.content
