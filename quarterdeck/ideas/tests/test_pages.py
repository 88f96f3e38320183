"""The pages as a browser without scripts uses them: the journey from the bus to the draft, and its refusals."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from quarterdeck.ideas import verbs
from quarterdeck.ideas.models import Idea, State
from quarterdeck.ideas.tests import world
from quarterdeck.ideas.tests.world import address, browser
from quarterdeck.publishing.models import Post
from quarterdeck.shell import reads as shell
from quarterdeck.studio.models import File
from quarterdeck.studio.tests import pictures
from tests import make

pytestmark = pytest.mark.django_db

SHARED = {"title": "", "text": "Count the soups, one a day https://harbour.example/p/7"}


def text(response) -> str:
    return response.content.decode()


def filled(response) -> dict:
    return {name: field.value() for name, field in ((f.name, f) for f in response.context["form"])}


def test_from_the_share_menu_of_a_phone_to_a_draft_that_says_where_it_came_from():
    w = world.three()
    phone = browser(w.author)
    there = phone.get("/share/", SHARED)["Location"]
    form = phone.get(there)
    fields = filled(form)
    assert fields["link"] == "https://harbour.example/p/7"
    assert fields["title"] == "Count the soups, one a day"
    assert (fields["kind"], fields["way"]) == ("swipe", "share")
    assert not Idea.objects.exists()
    kept = phone.post(there, fields | {"why": "It makes a habit of it"}, follow=True)
    idea = Idea.objects.get()
    assert (idea.way, idea.kind, idea.why) == ("share", "swipe", "It makes a habit of it")
    assert "is on the shelf" in text(kept)
    monday = browser(w.lead)
    assert "Count the soups" in text(monday.get(address(w.lead)))
    brief = fields | {"why": idea.why, "message": "Seven soups in seven days.", "size": "S", "version": 1}
    assert monday.post(address(w.lead, f"{idea.pk}/words/"), brief).status_code == 302
    draft = monday.post(address(w.lead, f"{idea.pk}/posts/"), follow=True)
    assert "Seven soups in seven days." in text(draft)
    post = Post.objects.get()
    page = text(monday.get(f"/w/{w.workspace.slug}/posts/{post.pk}/"))
    assert "Where it came from" in page
    assert "From the idea" in page
    assert "https://harbour.example/p/7" in page
    assert "What it became" in text(monday.get(address(w.lead, f"{idea.pk}/")))


def test_a_phone_that_is_signed_out_signs_in_and_loses_nothing():
    w = world.three()
    w.author.user.set_password("a long enough password")
    w.author.user.save()
    phone = Client(headers={"host": "localhost"})
    to_sign_in = phone.get("/share/", SHARED)["Location"]
    wish = parse_qs(urlsplit(to_sign_in).query)["next"][0]
    assert wish.startswith("/share/?")
    given = {"login": w.author.user.email, "password": "a long enough password", "next": wish}
    answer = phone.post(to_sign_in, given, follow=True)
    assert filled(answer)["link"] == "https://harbour.example/p/7"


def test_a_session_that_ended_while_typing_brings_the_form_back_filled_in():
    w = world.three()
    there = browser(w.author).get("/share/", SHARED)["Location"]
    refused = Client(headers={"host": "localhost"}).post(there, {"title": "x"})
    assert parse_qs(urlsplit(refused["Location"]).query)["next"] == [there]


def test_sharing_goes_to_a_workspace_where_one_may_keep_ideas():
    w = world.three()
    assert browser(w.observer).get("/share/", SHARED).status_code == 403
    elsewhere = make.member("author", make.workspace("Elsewhere"))
    elsewhere.user_id = w.observer.user_id
    elsewhere.save()
    client = browser(w.observer)
    client.get(address(w.observer))  # the workspace one was in last, as an observer
    assert f"/w/{elsewhere.workspace.slug}/ideas/new/" in client.get("/share/", SHARED)["Location"]


def test_the_manifest_names_the_share_target_and_its_icons_are_there():
    client = Client()
    answer = client.get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    said = json.loads(answer.content)
    assert said["share_target"] == {
        "action": "/share/",
        "method": "GET",
        "params": {"title": "title", "text": "text", "url": "url"},
    }
    for icon in said["icons"]:
        assert client.get(icon["src"]).status_code == 200
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in said["icons"]}


def test_the_bookmarklet_opens_this_workspaces_form_and_carries_no_key():
    w = world.three()
    page = browser(w.author).get(address(w.author, "ways/"))
    code = unquote(page.context["bookmarklet"])
    assert code.startswith("javascript:(()=>{")
    assert f"http://localhost{address(w.author, 'new/')}?" in code
    assert "'" in code
    assert 'href="javascript:' in text(page)


def test_a_get_only_fills_the_form():
    w = world.three()
    form = browser(w.author).get(
        address(w.author, "new/"), {"title": "<b>x</b>", "link": "javascript:alert(1)", "way": "mail"}
    )
    assert "<b>x</b>" not in text(form)
    assert filled(form)["way"] == "form"
    assert not Idea.objects.exists()


def test_what_is_refused_comes_back_with_its_picture():
    w = world.three()
    form = {"title": "", "kind": "idea", "way": "form", "why": "Because"}
    file = SimpleUploadedFile("soup.png", pictures.png())
    answer = browser(w.author).post(address(w.author, "new/"), form | {"files:1": file})
    kept = File.objects.get()
    assert answer.status_code == 422
    assert f'name="image:1" value="{kept.pk.hex}"' in text(answer)
    again = form | {"title": "Soup", "image:1": kept.pk.hex, f"alt:1:{kept.pk.hex}": "A bowl"}
    assert browser(w.author).post(address(w.author, "new/"), again).status_code == 302
    assert Idea.objects.get().images == [{"file": kept.pk.hex, "alt": "A bowl"}]


def test_a_link_that_is_none_is_told_at_its_field():
    w = world.three()
    answer = browser(w.author).post(
        address(w.author, "new/"), {"title": "x", "kind": "idea", "link": "javascript:1"}
    )
    assert answer.status_code == 422
    assert "begins with https://" in text(answer)


def test_moving_by_the_buttons_of_a_card_comes_back_to_the_filtered_board():
    w = world.three()
    idea = w.idea(tags=["recipes"])
    here = address(w.author) + "?tag=recipes"
    client = browser(w.author)
    answer = client.post(address(w.author, f"{idea.pk}/place/"), {"state": "reviewing", "next": here})
    assert answer["Location"] == here
    board = text(client.get(here))
    undo = f"/place/undo/{Idea.objects.get().steps.get().act}/"
    assert undo in board
    client.post(address(w.author, f"{idea.pk}{undo}"))
    assert Idea.objects.get().state == State.IDEA


def test_an_observer_reads_and_is_offered_nothing_to_change():
    w = world.three()
    idea = w.idea()
    seen = browser(w.observer)
    board, page = text(seen.get(address(w.observer))), text(seen.get(address(w.observer, f"{idea.pk}/")))
    for words in (board, page):
        assert "Nettle soup" in words
        assert "Put aside" not in words
        assert "New idea" not in words
    assert seen.post(address(w.observer, f"{idea.pk}/place/"), {"state": "brief"}).status_code == 403


def test_an_empty_shelf_says_what_it_is_for_and_offers_one_thing():
    w = world.three()
    page = text(browser(w.author).get(address(w.author)))
    assert "The shelf is empty" in page
    assert "Keep the first idea" in page


def test_a_second_writer_sees_their_words_again_and_may_save_them():
    w = world.three()
    idea = w.idea()
    form = {"title": "His", "kind": "idea", "version": 1}
    client, there = browser(w.author), address(w.author, f"{idea.pk}/words/")
    browser(w.lead).post(there, form | {"title": "Hers"})
    refused = client.post(there, form)
    assert refused.status_code == 409
    assert filled(refused)["title"] == "His"
    assert client.post(there, form | {"version": filled(refused)["version"]}).status_code == 302
    assert Idea.objects.get().title == "His"


def test_words_typed_after_idea_in_the_palette_are_offered_as_a_new_one():
    w = world.three()
    hits, _ = shell.search(w.author, "idea nettle soup & more", 4)
    assert hits[0].title == "Keep “nettle soup & more” as an idea"
    form = browser(w.author).get(hits[0].url)
    assert filled(form)["title"] == "nettle soup & more"
    hits, _ = shell.search(w.observer, "idea nettle soup", 4)
    assert not hits


def test_the_words_of_an_idea_are_escaped_everywhere():
    w = world.three()
    bad = "<script>alert(1)</script>"
    idea = w.idea(bad, why=bad, words=bad, tags=["<i>"])
    verbs.promote(idea, by=w.author)
    client = browser(w.author)
    for place in (
        address(w.author),
        address(w.author, f"{idea.pk}/"),
        address(w.author, f"{idea.pk}/words/"),
    ):
        assert bad not in text(client.get(place))
    assert bad not in text(client.get(f"/w/{w.workspace.slug}/posts/{Post.objects.get().pk}/"))


def test_history_names_no_person():
    w = world.three()
    idea = w.idea()
    verbs.move(idea, by=w.lead, to=State.BRIEF)
    page = text(browser(w.author).get(address(w.author, f"{idea.pk}/")))
    assert "Bea" not in page.split('id="history"')[1].split("</section>")[0]
