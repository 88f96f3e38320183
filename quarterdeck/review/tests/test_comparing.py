"""What differs between two texts of a post, in everything that goes out; on the page of versions and on a guest's."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from quarterdeck.channels import verbs as channels
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.linked import cards
from quarterdeck.publishing.models import Post, PostVersion
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.test_making import MENU, known_page
from quarterdeck.review import comparing, verbs
from quarterdeck.review.tests.test_comments import browser, page
from quarterdeck.studio import intake as studio
from quarterdeck.studio.tests import pictures

CHANNEL = "0190" + "0" * 28


def side(*texts: str, images: tuple = (), **besides) -> PostVersion:
    parts = [{"text": text, "images": []} for text in texts]
    parts[0]["images"] = list(images)
    return PostVersion(parts=parts, besides=besides)


def image(name: str, alt: str = "", **more) -> dict:
    return {"file": name, "sha256": name * 8, "alt": alt} | more


def said(pieces) -> str:
    marks = {"same": "", "gone": "-", "new": "+"}
    return " ".join(marks[piece.kind] + piece.text.strip() for piece in pieces if piece.text.strip())


def test_a_part_put_in_before_the_others_moves_none_of_them():
    [common] = comparing.passages(side("One.", "Two."), side("Nought.", "One.", "Two."))
    assert [part.how for part in common.parts] == ["new", "same", "same"]
    assert [part.differs for part in common.parts] == [True, False, False]


def test_pictures_come_go_change_places_and_are_described_otherwise():
    was = side("Soup.", images=(image("a", "A bowl"), image("b", "A spoon"), image("c", "A cat")))
    now = side("Soup.", images=(image("b", "A big spoon"), image("a", "A bowl"), image("d", "A dog")))
    [common] = comparing.passages(was, now)
    [part] = common.parts
    assert [(one.how, said(one.description)) for one in part.pictures] == [
        ("same", "A +big spoon"),
        ("same", "A bowl"),
        ("new", "A dog"),
        ("gone", "A cat"),
    ]
    assert part.moved
    assert comparing.summary(was, now) == ["the pictures", "descriptions of pictures"]


def test_why_a_picture_has_no_description_is_part_of_it():
    was, now = (side("Soup.", images=(image("a", none=why),)) for why in ("It is decoration.", ""))
    assert comparing.summary(was, now) == ["descriptions of pictures"]


@pytest.mark.parametrize(
    ("before", "after", "how", "shown"),
    [
        ("", "Stew.", "new", "-Soup. +Stew."),
        ("Stew.", "", "gone", "-Stew. +Soup."),
        ("Stew.", "Broth.", "same", "-Stew. +Broth."),
    ],
)
def test_what_a_channel_says_instead_stands_beside_what_it_said_before(before, after, how, shown):
    def own(text: str) -> dict:
        return {"overrides": {CHANNEL: [{"text": text, "images": []}]}} if text else {}

    was, now = side("Soup.", **own(before)), side("Soup.", **own(after))
    common, there = comparing.passages(was, now)
    assert not common.differs
    assert (there.channel.hex, there.how, said(there.parts[0].pieces)) == (CHANNEL, how, shown)
    assert comparing.summary(was, now) == ["what a channel says instead"]


def test_everything_else_that_goes_out_is_a_fact_of_its_own():
    was = side("{chef} cooks.", language="en", terms={"names": {"chef": {"mastodon": "@a@b.example"}}})
    now = side(
        "{chef} cooks.",
        kind="story",
        language="de",
        card={"page": "x", "url": MENU, "title": "Menu", "description": "Soup.", "file": "f", "sha256": "s"},
        terms={"names": {"chef": {"mastodon": "@c@b.example"}}, "links": {"example.com": "ref=post"}},
    )
    found = {fact.name: said(fact.pieces) for fact in comparing.facts(was, now) if fact.differs}
    assert found == {
        "Kind": "-Post +Story",
        "Language": "-en +de",
        "Card of the link": f"+{MENU}",
        "Card: title": "+Menu",
        "Card: description": "+Soup.",
        "Card: picture": "",
        "{chef} on mastodon": "-@a@b.example +@c@b.example",
        "Links to example.com carry": "+ref=post",
    }
    told = ["the kind", "the language", "the card of its link", "what names and links stand for"]
    assert comparing.summary(was, now) == told


def test_every_name_of_besides_is_compared():
    """Whoever adds something that goes out has to say here how it is compared."""
    w = {"overrides": {CHANNEL: [{"text": "x", "images": []}]}, "kind": "story", "language": "en"}
    w |= {
        "card": {"url": MENU, "title": "Menu", "description": ""},
        "terms": {"links": {"example.com": "a=b"}},
    }
    post = Post(text="Soup.", **w)
    assert post.besides.keys() == w.keys()
    for name in post.besides:
        assert comparing.summary(side("Soup."), side("Soup.", **{name: post.besides[name]})), name


def test_texts_that_say_the_same_differ_in_nothing():
    same = side("Soup.", "More.", images=(image("a", "A bowl"),), language="en")
    assert comparing.summary(same, same) == []
    assert not any(one.differs for one in comparing.passages(same, same))


# --- on pages -----------------------------------------------------------------------------------------


@pytest.fixture
def edited(db) -> tuple[world.World, Post]:
    """A post whose second version says something else on one of its channels, and nothing else."""
    w = world.two()
    other = channels.connect_sandbox(w.approver, brand=w.brand)
    post = publishing.draft(w.author, brand=w.brand, text="Soup.", channels=[w.channel, other])
    own = {other.pk.hex: [{"text": "Soup, hot.", "images": []}]}
    publishing.edit(post, by=w.author, version=1, text="Soup.", channels=[w.channel, other], overrides=own)
    post.refresh_from_db()
    return w, post


def test_the_page_of_versions_shows_what_a_channel_says_instead(edited):
    w, post = edited
    shown = browser(w.author).get(page(post, "versions/")).text
    assert "<b>what a channel says instead</b> changed" in shown
    assert "says it differently now; before, it said the common text" in shown
    assert '<ins><span class="sr">[put in:</span>Soup, hot.' in shown


def test_the_page_of_versions_shows_card_kind_language_and_pictures(db):
    w = world.two()
    channel, workspace = w.channel, w.author.workspace
    kept = studio.keep(workspace, pictures.png(9, 9), "bowl.png").pk
    bowl = kept.hex
    card = cards.chosen(workspace, known_page(w).pk.hex, None)
    text = f"The menu: {MENU}"
    post = publishing.draft(w.author, brand=w.brand, text=text, channels=[channel])
    given = {"by": w.author, "text": text, "channels": [channel]}
    publishing.edit(post, version=1, card=card, language="en", **given)
    publishing.edit(post, version=2, images=[{"file": bowl, "alt": "A bowl"}], **given)
    publishing.edit(post, version=3, images=[{"file": bowl, "alt": "A deep bowl"}], **given)
    client = browser(w.author)
    second = client.get(page(post, "versions/?b=2")).text
    assert "<b>the language, the card of its link</b> changed" in second
    assert "[put in:</span>The spring menu<" in second
    third = client.get(page(post, "versions/?b=3")).text
    address = reverse("studio-file", kwargs={"workspace": workspace.slug, "pk": kept})
    for words in ("Put in</b>", f'<img src="{address}"', "A bowl"):
        assert words in third
    fourth = client.get(page(post, "versions/?b=4")).text
    assert "Another description" in fourth
    assert "[put in:</span>deep" in fourth
    across = client.get(page(post, "versions/?a=1&b=4")).text
    assert "the pictures, the language, the card of its link</b> changed" in across


def test_a_guest_reads_what_changed_on_one_channel_alone(db):
    w = world.two()
    post = w.draft("Soup.")
    publishing.ask_approval(post, by=w.author)
    token = verbs.invite(post, by=w.approver, name="Dee", approve=True).token
    guest = Client(headers={"host": "localhost"})
    guest.post(f"/s/{token}/", {"do": "approve", "text_hash": post.text_hash})
    own = {w.channel.pk.hex: [{"text": "Soup, hot.", "images": []}]}
    publishing.edit(post, by=w.author, version=1, text="Soup.", channels=[w.channel], overrides=own)
    shown = guest.get(f"/s/{token}/").text
    assert "It was changed after you approved it" in shown
    assert '<ins><span class="sr">[put in:</span>Soup, hot.' in shown
