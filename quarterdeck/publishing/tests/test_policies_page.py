"""The settings page of approval policies, as a browser without scripts uses it."""

from __future__ import annotations

import pytest
from django.test import Client

from quarterdeck.crew.models import Member
from quarterdeck.publishing import policies
from quarterdeck.publishing.models import Policy
from quarterdeck.publishing.policies import Seat, Step
from quarterdeck.publishing.tests import world
from tests import make

pytestmark = pytest.mark.django_db


def browser(member: Member) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(member.user)
    return client


def form(*steps: dict, **more) -> dict:
    given = {
        "name": "Ours",
        "ordered": "0",
        "own": "alone",
        "steps-TOTAL_FORMS": len(steps),
        "steps-INITIAL_FORMS": 0,
    }
    for number, step in enumerate(steps):
        given |= {f"steps-{number}-how": "any", f"steps-{number}-when": "always"}
        given |= {f"steps-{number}-{name}": value for name, value in step.items()}
    return given | more


def test_made_changed_and_ended():
    w = world.two()
    legal = make.member("approver", w.author.workspace, "Cay")
    client, here = browser(w.approver), f"/w/{w.author.workspace.slug}/settings/approval/"
    assert "No policy yet" in client.get(here).text
    steps = (
        {"name": "Lead", "roles": ["lead"]},
        {
            "name": "Legal",
            "how": "all",
            "when": "claims",
            "members": [legal.pk],
            "guests": "Boss@example.org\n*",
        },
        {},
    )
    more = {"phrases": "proven\nguaranteed", "reminders": "24, 4", "deadline_hours": "2", "small_edits": "on"}
    assert client.post(f"{here}new/", form(*steps, ordered="1", **more)).status_code == 302
    made = Policy.objects.get()
    assert policies.steps_of(made.steps) == [
        Step("Lead", "any", (Seat("role", "lead"),)),
        Step(
            "Legal",
            "all",
            (Seat("member", legal.pk.hex), Seat("guest", "boss@example.org"), Seat("guest", "*")),
            claims=True,
        ),
    ]
    assert (made.ordered, made.phrases, made.reminders, made.small_edits) == (
        True,
        ["proven", "guaranteed"],
        [24, 4],
        True,
    )
    shown = client.get(here).text
    assert "Cay and boss@example.org and a guest, for texts with a claim" in shown
    change = f"{here}{made.pk}/"
    page = client.get(change).text
    assert "boss@example.org" in page
    assert "One more step" in page
    answer = client.post(change, form({"roles": ["owner", "lead"]}, more="1"))
    assert answer["Location"].endswith(change)
    assert "an owner or a lead" in client.get(here).text
    client.post(f"{change}end/")
    assert "No policy yet" in client.get(here).text
    assert client.get(change).status_code == 404


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (form({}), "1 to 8 steps"),
        (form({"roles": ["lead"]}, name=""), "This field is required"),
        (form({"guests": "nobody"}), "“nobody” is not an e-mail address"),
        (form({"roles": ["lead"]}, reminders="soon"), "whole hours"),
        (form({"roles": ["lead"]}, deadline_hours="9999"), "336"),
        (form({"roles": ["author"]}), "author"),
    ],
)
def test_what_cannot_hold_is_said_at_its_field(given, words):
    w = world.two()
    answer = browser(w.approver).post(f"/w/{w.author.workspace.slug}/settings/approval/new/", given)
    assert answer.status_code == 422
    assert words in answer.text
    assert not Policy.objects.exists()
