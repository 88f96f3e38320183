"""Every way to fail says what happened, what was not done and what to do: as a page, as a part, as JSON."""

from __future__ import annotations

import json

import pytest
from django.db import OperationalError
from django.test import Client

from quarterdeck.core.problems import Conflict
from quarterdeck.crew.permissions import Role
from quarterdeck.shell import refusals
from quarterdeck.shell.tests import world
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.urls("quarterdeck.shell.tests.world")]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def here(monkeypatch, client):
    world.furnish(monkeypatch)
    who = make.member()
    client.force_login(who.user)
    client.raise_request_exception = False
    return f"/w/{who.workspace.slug}/"


def test_a_problem_is_a_page_inside_the_frame(client, here):
    page = client.post(f"{here}note/", {"text": "refuse me"})
    text = page.content.decode()
    assert page.status_code == 409
    assert "The note changed while you were reading it." in text
    assert "Nothing was changed." in text
    assert "Read it again." in text
    assert 'id="rail"' in text


def test_htmx_gets_a_part_aimed_at_the_toasts(client, here):
    part = client.post(f"{here}note/", {"text": "refuse me"}, headers=HTMX)
    assert part.status_code == 409
    assert part.headers["HX-Retarget"] == "#toasts-assertive"
    assert part.headers["X-Problem"] == "conflict"
    assert 'role="alert"' in part.content.decode()
    assert "<html" not in part.content.decode()


@pytest.mark.parametrize(
    "accept", ["application/json", "application/problem+json", "application/json, */*;q=0.1"]
)
def test_json_gets_problem_details(client, here, accept):
    answer = client.post(f"{here}note/", {"text": "refuse me"}, headers={"Accept": accept})
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["status"] == 409
    assert json.loads(answer.content)["detail"] == "Nothing was changed. Read it again."


@pytest.mark.parametrize("accept", ["text/html,application/xhtml+xml,*/*;q=0.8", "*/*", ""])
def test_browsers_get_pages(client, here, accept):
    answer = client.get(f"{here}nothing/", headers={"Accept": accept})
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


def test_a_missing_address_a_forbidden_page_and_a_wrong_method_speak(client, here, monkeypatch):
    assert "There is nothing at this address." in client.get("/nowhere/").content.decode()
    assert "This address is not for opening that way." in client.get("/theme/").content.decode()
    observer = make.member(Role.OBSERVER)
    client.force_login(observer.user)
    monkeypatch.setitem(
        __import__("quarterdeck.crew.permissions", fromlist=["x"]).MATRIX, "crew.workspace.view", frozenset()
    )
    refused = client.get(f"/w/{observer.workspace.slug}/settings/")
    assert refused.status_code == 403
    assert "Your role here, observer, does not include this." in refused.content.decode()


def test_a_form_without_its_token_says_why_and_what_to_do(here):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/theme/", {"theme": "dark"})
    assert answer.status_code == 403
    assert "This page had grown too old to send its form." in answer.content.decode()


def test_a_bug_has_a_reference_and_shows_nothing_of_itself(client, here, caplog):
    answer = client.get(f"{here}breaks/")
    text = answer.content.decode()
    assert answer.status_code == 500
    assert "Something broke on our side." in text
    assert "It is not known whether what you asked for was done" in text
    assert "a bug" not in text
    reference = next(record.args[0] for record in caplog.records if record.message.startswith("Reference "))
    assert reference in text


def test_a_database_that_does_not_answer_is_said_and_costs_no_further_query(client, here, monkeypatch):
    def gone(*args):
        raise OperationalError("connection refused")

    monkeypatch.setattr("quarterdeck.crew.access.membership", gone)
    answer = client.get(f"{here}settings/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "The database does not answer at present." in answer.content.decode()


def test_when_even_the_error_page_breaks_there_are_words(client, here, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("template")

    monkeypatch.setattr(refusals, "render_to_string", broken)
    answer = client.get(f"{here}breaks/")
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()


def test_going_back_leads_only_to_pages_of_ours(rf):
    ours = refusals.answer(
        rf.get("/x/", headers={"Referer": "http://testserver/w/a/"}), Conflict("No."), framed=False
    )
    theirs = refusals.answer(
        rf.get("/x/", headers={"Referer": "https://evil.example/"}), Conflict("No."), framed=False
    )
    lookalike = refusals.answer(
        rf.get("/x/", headers={"Referer": "http://testserver.evil.example/"}), Conflict("No."), framed=False
    )
    assert "Go back" in ours.content.decode()
    assert "Go back" not in theirs.content.decode()
    assert "evil" not in lookalike.content.decode()


def test_a_part_for_someone_signed_out_sends_the_whole_page_to_sign_in(here):
    answer = Client().get(
        f"{here}settings/", headers=HTMX | {"HX-Current-URL": f"http://testserver{here}note/"}
    )
    assert answer.headers["HX-Redirect"].startswith("/account/login/?next=%2Fw%2F")
    assert "note" in answer.headers["HX-Redirect"]


def test_a_host_that_is_no_host_is_refused_with_words(client):
    answer = client.get("/styleguide/", headers={"Host": "a b", "Referer": "http://a b/"})
    assert answer.status_code == 400
    assert "be read" in answer.content.decode()
