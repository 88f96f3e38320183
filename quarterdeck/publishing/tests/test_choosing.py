"""Choosing from the library without a script: it opens in its part, a button takes a picture with its description."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from quarterdeck.publishing.models import Post
from quarterdeck.publishing.tests import world
from quarterdeck.studio import intake, verbs
from quarterdeck.studio.models import File
from quarterdeck.studio.tests import pictures
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return world.two("UTC")


def kept(w, called: str, size: int = 30, **said) -> File:
    file = intake.keep(w.author.workspace, pictures.png(size, size), called)
    if said:
        verbs.describe(file, by=w.author, **said)
    return file


def pressed(w, wish: str, **more) -> str:
    """The composer after a button inside it was pressed, with one part and its text."""
    client = Client()
    client.force_login(w.author.user)
    at = reverse("publishing-post-new", kwargs={"workspace": w.author.workspace.slug})
    form = {"version": 1, "channels": [str(w.channel.pk)], "part": "1", "text:1": "Soup.", "do": wish} | more
    answer = client.post(at, form)
    assert answer.status_code in {200, 422}
    return answer.content.decode()


def test_the_library_opens_in_its_part_and_is_searched_there(w):
    soup, cake = kept(w, "soup.png", name="Nettle soup"), kept(w, "cake.png", 40)
    every = pressed(w, "choose:1")
    assert f"take:1:{soup.pk.hex}" in every
    assert f"take:1:{cake.pk.hex}" in every
    found = pressed(w, "choose:1", q="nettle")
    assert f"take:1:{soup.pk.hex}" in found
    assert cake.pk.hex not in found
    assert "Soup." in found, "what was written is still there"
    assert "take:1" not in pressed(w, "stay")
    entered = pressed(w, "", q="nettle", looking="1", looked="")
    assert f"take:1:{soup.pk.hex}" in entered, "Enter in the search looks, and does not save the post"
    assert not Post.objects.exists()


def test_a_picture_is_taken_with_the_description_it_is_kept_with(w):
    soup = kept(w, "soup.png", description="A bowl of soup.")
    page = pressed(w, f"take:1:{soup.pk.hex}")
    assert f'name="image:1" value="{soup.pk.hex}"' in page
    assert "A bowl of soup." in page
    again = pressed(w, f"take:1:{soup.pk.hex}", **{"image:1": soup.pk.hex})
    assert again.count('name="image:1"') == 1


def test_what_is_barred_says_why_and_cannot_be_chosen(w):
    soup = kept(w, "soup.png")
    verbs.license_(
        soup,
        by=w.author,
        holder="Jo",
        licence="Web.",
        rights_until=date(2020, 5, 31),
        not_on=[],
        not_on_why="",
    )
    opened = pressed(w, "choose:1")
    assert f"take:1:{soup.pk.hex}" not in opened
    assert "The rights to “soup.png” ended on 31 May 2020." in opened
    forced = pressed(w, f"take:1:{soup.pk.hex}")
    assert "The picture was not added." in forced
    assert 'name="image:1"' not in forced


def test_a_picture_is_barred_only_on_networks_that_say_the_part(w):
    soup = kept(w, "soup.png")
    verbs.license_(
        soup,
        by=w.author,
        holder="",
        licence="",
        rights_until=None,
        not_on=["instagram"],
        not_on_why="Ours only",
    )
    assert f"take:1:{soup.pk.hex}" in pressed(w, "choose:1")
    client = Client()
    client.force_login(w.author.user)
    at = reverse("studio-file-choose", kwargs={"workspace": w.author.workspace.slug})
    there = client.get(at, {"on": ["instagram", "nonsense"]}).content.decode()
    assert "data-choose" not in there
    assert "may not be used on Instagram: Ours only." in there
    assert 'name="on" value="instagram"' in there
    assert "nonsense" not in there


def test_a_file_of_another_workspace_is_not_taken(w):
    theirs = intake.keep(make.member().workspace, pictures.png(), "theirs.png")
    client = Client()
    client.force_login(w.author.user)
    at = reverse("publishing-post-new", kwargs={"workspace": w.author.workspace.slug})
    form = {"version": 1, "part": "1", "text:1": "Soup.", "do": f"take:1:{theirs.pk.hex}"}
    assert client.post(at, form).status_code == 404
    assert "image:1" not in pressed(w, "take:1:nonsense")
