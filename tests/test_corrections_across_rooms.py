"""No mistake counts against anybody: what is left of a slip names nobody, on no page, in no table, in no export."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from quarterdeck.accountability import concerned, reads, verbs
from quarterdeck.accountability.models import How
from quarterdeck.accountability.noting import Parts
from quarterdeck.accountability.rows import Said
from quarterdeck.accountability.tests import world
from quarterdeck.config.urls import workspace_route_names
from quarterdeck.core import clock, registries
from quarterdeck.core.problems import Conflict
from quarterdeck.core.registries import ExportTable
from quarterdeck.review import verbs as review
from tests import make

pytestmark = pytest.mark.django_db
LATER = world.NOON + timedelta(hours=3)


@pytest.fixture
def over():
    """A slip that two people dealt with and that is over, and one that was withdrawn."""
    w = world.two()
    with clock.at(LATER):
        slip = verbs.flag(world.out(w), by=w.author, said=Said("The price is wrong."))
        verbs.own(slip, by=w.approver)
        verbs.offer(slip, by=w.approver, to=w.author)
        verbs.accept(slip, by=w.author)
        people = [one.key for one in concerned.people(slip.post)]
        left = {w.channel.pk: verbs.Cover(How.LEAVE, "It is old.")}
        told = verbs.Told(people, "Three lines.")
        verbs.correct(slip, by=w.author, given=verbs.Given(Parts("The price."), left, tell=told))
        other = verbs.flag(world.out(w), by=w.approver, said=Said("The day is wrong."))
        verbs.own(other, by=w.author)
        verbs.withdraw(other, by=w.author, reason="It is right.")
    return w, slip


def test_no_table_of_accountability_points_at_a_person_once_it_is_over(over):
    w, _ = over
    for model in apps.get_app_config("accountability").get_models():
        for field in model._meta.get_fields():
            if (
                field.is_relation
                and field.related_model
                and field.related_model.__name__ in {"Member", "User"}
            ):
                found = model.objects.exclude(**{field.name: None}).count()
                assert found == 0, f"{model.__name__}.{field.name}"
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            said = str(cursor.fetchall())
        for member in (w.author, w.approver):
            assert str(member.pk) not in said
            assert member.user.email not in said


def test_no_page_of_corrections_can_be_asked_by_person_and_none_counts(over):
    w, slip = over
    client = Client()
    client.force_login(make.member("observer", w.author.workspace, "Ola").user)
    slug = w.author.workspace.slug
    whole = client.get(reverse("accountability-list", kwargs={"workspace": slug})).content.decode()
    for asked in ("?owner=", "?member=", "?by=", "?author="):
        address = reverse("accountability-list", kwargs={"workspace": slug}) + asked + str(w.author.pk)
        assert len(client.get(address).content) == pytest.approx(len(whole), abs=400)
    main = re.search(r"<main.*</main>", whole, re.S)[0]
    one = client.get(
        reverse("accountability-slip", kwargs={"workspace": slug, "pk": slip.pk})
    ).content.decode()
    for shown in (main, re.search(r"<main.*</main>", one, re.S)[0]):
        assert "Ada" not in shown
        assert "Bea" not in shown
    assert not [
        name for name in workspace_route_names() if name.startswith("accountability") and "member" in name
    ]


def test_no_export_has_a_person_beside_a_mistake(over):
    w, _ = over
    for name, entry in registries.exports:
        if name.startswith(("slip", "correction")) and isinstance(entry, ExportTable):
            rows = list(entry.rows(w.author.workspace))
            for word in ("Ada", "Bea", str(w.author.pk), str(w.approver.pk), w.author.user.email):
                assert word not in str(rows), name
            assert not {"member", "by", "owner", "role", "author"} & {key for row in rows for key in row}, (
                name
            )


def test_whoever_commented_hears_too():
    w = world.two()
    post = world.out(w)
    review.comment(post, by=make.member("analyst", w.author.workspace, "Cem"), text="Tasty.")
    guest = review.invite(post, by=w.author, name="Dee", address="dee@example.org").guest
    review.comment(post, by=guest, text="Is that the price?")
    found = {one.name: (one.why, one.address) for one in concerned.people(post)}
    assert found["Cem"] == ("commented on it", "")
    assert found["Dee"] == ("commented on it", "dee@example.org")


def test_a_comment_that_said_it_first_starts_the_clock():
    w = world.two()
    post = world.out(w)
    with clock.at(world.NOON - timedelta(hours=1)):
        review.comment(post, by=w.approver, text="Before it was out.")
    first = world.NOON + timedelta(hours=1)
    with clock.at(first):
        review.comment(post, by=w.approver, text="Is that the price?")
    with clock.at(LATER):
        slip = verbs.flag(post, by=w.author, said=Said("The price is wrong."))
        (found,) = reads.earlier(slip)
        assert found.words == "Is that the price?"
        with pytest.raises(Conflict):
            verbs.trace_back(slip, by=w.author, key="review.comment:none")
        traced = verbs.trace_back(slip, by=w.author, key=found.key)
    assert (traced.trace_at, traced.trace_basis) == (first, "said")
    assert reads.earlier(traced) == []
