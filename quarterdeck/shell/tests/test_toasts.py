"""Toasts appear once: on the next page, or in the header of the part that caused them."""

from __future__ import annotations

import json

import pytest

from quarterdeck.shell import toasts
from quarterdeck.shell.tests import world
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.urls("quarterdeck.shell.tests.world")]


@pytest.fixture
def here(monkeypatch, client):
    world.furnish(monkeypatch)
    who = make.member()
    client.force_login(who.user)
    return f"/w/{who.workspace.slug}/"


def test_the_next_page_shows_it_once(client, here):
    page = client.post(f"{here}note/", {"text": "hello"}, follow=True)
    assert page.content.decode().count("The note is kept.") == 1
    assert "The note is kept." not in client.get(here).content.decode()


def test_htmx_gets_it_in_the_header_with_its_undo(client, here):
    part = client.post(f"{here}done/", {"what": "Söder ”"}, headers={"HX-Request": "true"})
    told = json.loads(part.headers["HX-Trigger"])["qd:toasts"]["toasts"]
    assert told == [{"text": "“Söder ”” is done.", "undo": f"{here}done/", "tone": ""}]
    assert "is done" not in client.get(here).content.decode()


def test_a_toast_is_a_sentence_not_a_text(rf, client, here):
    class Told(list):
        def add(self, level, message, extra_tags=""):
            self.append(message)

    request = rf.get("/")
    request._messages = Told()
    toasts.add(request, "x" * 5000)
    assert len(request._messages[0]) == toasts.LONGEST


@pytest.mark.parametrize(
    ("wish", "where"),
    [
        ("/w/a/", "/w/a/"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("javascript:x", "/"),
        ("account_logout", "/"),
        ("99", "/"),
        ("\x00", "/"),
        ("", "/"),
    ],
)
def test_going_back_stays_with_us(rf, wish, where):
    assert toasts.back(rf.post("/", {"next": wish}), "/").headers["Location"] == where


def test_a_piece_of_a_page_taken_by_htmx_does_not_swallow_it(client, here):
    client.post(f"{here}note/", {"text": "hello"})
    part = client.get(here, headers={"HX-Request": "true"})
    assert "The note is kept." not in part.content.decode()
    assert "The note is kept." in part.headers["HX-Trigger"]
