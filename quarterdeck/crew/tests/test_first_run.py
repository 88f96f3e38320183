"""The demo workspace: made once for a person, in the background, and the page says how far it is or that it failed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from quarterdeck.core import clock
from quarterdeck.core.problems import Unavailable
from quarterdeck.crew import first_run, verbs
from quarterdeck.crew.models import User, Workspace
from tests import make

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def asked(monkeypatch) -> list[User]:
    """Whose demos were asked for; the worker is the test itself."""
    people: list[User] = []
    monkeypatch.setattr(first_run, "_defer", people.append)
    return people


@pytest.fixture
def owner() -> User:
    return make.user()


@pytest.fixture
def client(owner) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def build(owner: User, say=None) -> None:
    verbs.create_workspace(by=owner, name="Demo", timezone="UTC", demo=True)


PAGE = "/first/demo/"


def test_it_is_asked_for_once_however_often_the_button_is_pressed(client, owner, asked):
    for _ in range(3):
        assert client.post(PAGE, {"name": "Ada"})["Location"] == PAGE
    assert asked == [owner]
    first_run.make_demo(owner, build)
    first_run.make_demo(owner, build)  # a job that is given to another worker
    assert Workspace.objects.filter(is_demo=True).count() == 1
    client.post(PAGE)
    assert asked == [owner]


def test_the_page_follows_it_and_ends_on_the_desk(client, owner, asked):
    client.post(PAGE, {"name": "Ada", "timezone": "Europe/Lisbon"})
    assert "Getting ready" in client.get(PAGE).text
    assert client.get("/")["Location"] == PAGE, "a reload of the start leads back to it"
    seen = []

    def slowly(owner, say):
        seen.append(client.get(PAGE + "?seen=making-0", headers=HTMX).status_code)
        say(2, 5)
        page = client.get(PAGE).text
        assert 'value="2" max="5"' in page
        assert "week 2 of 5" in page
        seen.append(client.get(PAGE + "?seen=making-0", headers=HTMX).status_code)
        build(owner)

    first_run.make_demo(owner, slowly)
    assert seen == [204, 200], "nothing is said aloud again while nothing changed"
    there = reverse("desk", kwargs={"workspace": Workspace.objects.get().slug})
    assert client.get(PAGE)["Location"] == there
    assert client.get(PAGE, headers=HTMX)["HX-Redirect"] == there
    owner.refresh_from_db()
    assert (owner.name, owner.timezone) == ("Ada", "Europe/Lisbon")


def test_one_that_fails_says_so_and_can_be_tried_again(client, owner, asked):
    client.post(PAGE)

    def fails(owner, say):
        say(1, 5)
        raise Unavailable("The demo could not be made.")

    first_run.make_demo(owner, fails)
    assert client.get(PAGE, headers=HTMX)["HX-Refresh"] == "true"
    page = client.get(PAGE).text
    assert "No demo workspace was added" in page
    assert "Try again" in page
    assert client.get("/").status_code == 200, "the start is the first-run page again"
    client.post(PAGE)
    assert asked == [owner, owner]
    assert "Getting ready" in client.get(PAGE).text


def test_a_worker_that_says_nothing_more_has_failed(client, owner, asked):
    client.post(PAGE)
    assert "has not begun yet" not in client.get(PAGE).text
    with clock.later(first_run.SOON + timedelta(seconds=1)):
        assert "has not begun yet" in client.get(PAGE).text
    with clock.later(first_run.LONGEST + timedelta(seconds=1)):
        assert "No demo workspace was added" in client.get(PAGE).text


def test_who_asked_for_none_is_led_to_the_start(client, asked):
    assert client.get(PAGE)["Location"] == "/"


def test_a_demo_one_has_is_not_offered_again(client, owner, asked):
    address = reverse("crew-workspace-choose")
    assert PAGE in client.get(address).text
    build(owner)
    assert PAGE not in client.get(address).text
