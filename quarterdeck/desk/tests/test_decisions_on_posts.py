"""A decision about a post: offered on its page, shown there, and told in its whole life."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from quarterdeck.core import clock, registries
from quarterdeck.publishing.tests import world
from quarterdeck.strategy.models import Decision

pytestmark = pytest.mark.django_db

FORM = {
    "title": "The soup moves",
    "option_1": "Leave it",
    "option_2": "Move it",
    "choice": "2",
    "expected": "More guests",
    "number": "300",
    "unit": "guests",
}


def test_from_a_post_to_a_decision_about_it_and_back():
    w = world.two()
    post, who = w.draft(), w.author
    client = Client(headers={"host": "localhost"})
    client.force_login(who.user)
    there = f"/w/{who.workspace.slug}/posts/{post.pk}/"
    new = f"/w/{who.workspace.slug}/decisions/new/?about=publishing.post&about_id={post.pk}"
    assert new.replace("&", "&amp;") in client.get(there).content.decode()
    due = (clock.now() + timedelta(days=1)).date().isoformat()
    assert client.post(new, FORM | {"due": due}).status_code == 302
    one = Decision.objects.get()
    assert (one.about_id, one.about_title) == (post.pk, post.title)
    assert "The soup moves" in client.get(there).content.decode()
    assert there in client.get(f"/w/{who.workspace.slug}/decisions/{one.pk}/").content.decode()
    assert ("strategy.decision", [one.pk]) in list(registries.kin["decisions"](post))
