"""The demo workspace is made once for a person, however often the button is pressed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from quarterdeck.crew import first_run, verbs
from quarterdeck.crew.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db


def test_a_second_press_leads_to_the_same_demo(monkeypatch):
    owner, client = make.user(), Client()
    client.force_login(owner)

    def maker(by):
        return verbs.create_workspace(by=by, name="Demo", timezone="UTC", demo=True).workspace

    monkeypatch.setattr(first_run, "_maker", maker)
    first = client.post(reverse("crew-first-demo"), {"name": "Ada"})
    second = client.post(reverse("crew-first-demo"), {"name": "Ada"})
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Workspace.objects.filter(is_demo=True).count() == 1


def test_a_demo_one_has_is_not_offered_again(monkeypatch):
    owner, client = make.user(), Client()
    client.force_login(owner)
    monkeypatch.setattr(first_run, "_maker", lambda by: None)
    assert reverse("crew-first-demo") in client.get(reverse("crew-workspace-choose")).text
    verbs.create_workspace(by=owner, name="Demo", timezone="UTC", demo=True)
    assert reverse("crew-first-demo") not in client.get(reverse("crew-workspace-choose")).text
