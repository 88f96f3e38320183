"""What else a post is made of: the card of its link, its kind, its language, and its time, chosen while writing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.channels.contract import Card
from quarterdeck.channels.models import Channel
from quarterdeck.channels.sandbox.models import SandboxPost
from quarterdeck.core import clock
from quarterdeck.core.problems import Invalid
from quarterdeck.publishing import content, kinds, verbs
from quarterdeck.publishing.cleaning import clean_language
from quarterdeck.publishing.linked import cards
from quarterdeck.publishing.models import LinkedPage, Post, hash_content
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.slot import cycle
from quarterdeck.publishing.tests.test_composer import address, browser, form
from quarterdeck.publishing.tests.world import NOON
from quarterdeck.studio import intake as studio
from quarterdeck.studio.tests import pictures

pytestmark = pytest.mark.django_db
MENU = "https://example.com/menu"
TEXT = f"The menu: {MENU}"


@pytest.fixture
def w():
    return world.two("UTC")


def known_page(
    w: world.World, url: str = MENU, title: str = "The spring menu", picture: bool = True
) -> LinkedPage:
    kept = studio.keep(w.author.workspace, pictures.png(), "link.png") if picture else None
    return LinkedPage.objects.create(
        workspace=w.author.workspace,
        url=url,
        url_hash=LinkedPage.hash_of(url),
        asked_at=NOON,
        looked_at=NOON,
        status=200,
        title=title,
        description="Nettle soup.",
        image=kept,
    )


def bluesky() -> Channel:
    """A channel of the one network that makes no cards itself."""
    return Channel(network="bluesky", handle="harbour.example")


def carded(w: world.World, text: str = TEXT, **more) -> Post:
    card = cards.chosen(w.author.workspace, known_page(w).pk.hex, None)
    return verbs.draft(w.author, brand=w.brand, text=text, channels=[w.channel], card=card, **more)


# --- the card of a link ---------------------------------------------------------------------------------------


def test_the_card_is_kept_with_the_post_and_part_of_what_is_approved(w):
    post = carded(w)
    assert post.text_hash != hash_content(TEXT, [], [])
    (said,) = content.contents(post, bluesky())
    assert (said.card.title, said.card.description, said.card.url) == (
        "The spring menu",
        "Nettle soup.",
        MENU,
    )
    assert said.card.image.read() == pictures.png()
    assert [one.sha256 for one in said.files] == [said.card.image.sha256]
    LinkedPage.objects.update(title="Something else")
    page = post.card["page"]
    assert cards.chosen(w.author.workspace, page, post)["title"] == "The spring menu"  # as it was approved
    verbs.ask_approval(post, by=w.author)
    post = verbs.edit(post, by=w.author, version=1, text=TEXT, channels=[w.channel], card=None)
    assert post.card is None
    assert post.asks.get().ended_how == "overtaken"


def test_the_card_goes_with_its_link_and_stands_beside_no_images(w):
    kept = studio.keep(w.author.workspace, pictures.png(9, 9), "soup.png")
    image = {"file": kept.pk.hex, "alt": "Soup."}
    assert carded(w, "No link here.").card is None
    LinkedPage.objects.all().delete()
    post = carded(w, "First.", following=[{"text": TEXT, "images": [image]}, {"text": TEXT, "images": []}])
    assert [said.card is not None for said in content.contents(post, bluesky())] == [False, False, True]


def test_the_picture_of_a_card_goes_out_nowhere_where_the_network_makes_its_own(w):
    post = carded(w)
    verbs.ask_approval(post, by=w.author)
    verbs.approve(post, by=w.approver, text_hash=post.text_hash)
    assert [one.files for one in content.contents(post, w.channel)] == [()]
    with clock.at(NOON):
        verbs.publish_now(post, by=w.author)
    cycle(NOON + timedelta(seconds=11))
    sent = SandboxPost.objects.get()
    assert (sent.text, sent.images) == (TEXT, [])


def test_a_card_of_another_workspace_or_of_a_silent_page_is_none(w):
    stranger = world.two("UTC")
    assert cards.chosen(stranger.author.workspace, known_page(w).pk.hex, None) is None
    silent = known_page(stranger, title="")
    assert cards.chosen(stranger.author.workspace, silent.pk.hex, None) is None
    assert cards.chosen(w.author.workspace, "no id", None) is None


def test_the_composer_offers_the_card_and_it_can_be_left_out(w):
    page, client = known_page(w), browser(w.author)
    answer = client.post(address(w, "check/"), form(w, TEXT)).content.decode()
    assert f'data-card-found data-page="{page.pk.hex}"' in answer
    client.post(address(w), form(w, TEXT, cards="1", card=page.pk.hex))
    post = Post.objects.get()
    assert post.card["title"] == "The spring menu"
    assert f'value="{page.pk.hex}" checked' in client.get(address(w, f"{post.pk}/text/")).content.decode()
    assert "The spring menu" in client.get(address(w, f"{post.pk}/")).content.decode()
    client.post(address(w, f"{post.pk}/text/"), form(w, TEXT, version=1))  # a form that knows of no cards
    post.refresh_from_db()
    assert post.card is not None
    client.post(address(w, f"{post.pk}/text/"), form(w, TEXT, version=2, cards="1"))
    post.refresh_from_db()
    assert post.card is None


def test_a_card_without_a_picture_needs_no_upload():
    assert content.Content("x", card=Card(MENU, "Menu")).files == ()


# --- its kind -------------------------------------------------------------------------------------------------


def test_what_no_network_is_given_by_us_is_posted_by_hand(w):
    instagram = connect_by_hand(w.approver, brand=w.brand, network="instagram", name="harbour.kitchen")
    story = verbs.draft(w.author, brand=w.brand, text="Soup.", channels=[w.channel], kind="story")
    with pytest.raises(Invalid, match="does not publish a story on Sandbox itself") as refused:
        verbs.ask_approval(story, by=w.author)
    assert refused.value.next_step == "Choose another kind, or leave that channel out."
    edited = verbs.edit(story, by=w.author, version=1, text="Soup.", channels=[instagram])
    assert edited.kind == "story"
    verbs.ask_approval(edited, by=w.author)
    assert edited.text_hash != hash_content("Soup.", [], [])  # a story is another thing to approve
    assert "no place for a poll" in kinds.refusal("poll", instagram, edited.parts)
    assert "has one part" in kinds.refusal("poll", instagram, edited.parts * 2)
    assert "at least two pictures" in kinds.refusal("carousel", instagram, edited.parts)


def test_a_thread_is_told_by_its_parts_and_changes_no_hash(w):
    post = verbs.draft(w.author, brand=w.brand, text="One.", following=[{"text": "Two.", "images": []}])
    assert post.kind == "thread"
    assert post.text_hash == hash_content("One.", [], [{"text": "Two.", "images": []}])
    assert verbs.draft(w.author, brand=w.brand, text="One.", kind="nonsense").kind == "post"


def test_the_rail_says_where_a_kind_has_no_place(w):
    answer = browser(w.author).post(address(w, "check/"), form(w, "Soup.", kind="poll")).content.decode()
    assert "does not publish a poll on Sandbox itself" in answer


# --- its language ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kept"), [("", ""), (" DE ", "de"), ("pt-br", "pt-BR"), ("zh-HANT-tw", "zh-Hant-TW")]
)
def test_languages_are_kept_in_their_usual_spelling(given, kept):
    assert clean_language(given) == kept


@pytest.mark.parametrize("given", ["german!", "x", "de_AT", "a" * 40])
def test_what_is_no_language_is_refused(given):
    with pytest.raises(Invalid):
        clean_language(given)


def test_versions_in_other_languages_are_linked(w):
    client = browser(w.author)
    client.post(address(w), form(w, "Soup.", language="en"))
    post = Post.objects.get()
    assert content.contents(post, w.channel)[0].language == "en"
    assert post.text_hash != hash_content("Soup.", [], [])
    made = client.post(address(w, f"{post.pk}/languages/"), {"language": "DE"})
    german = Post.objects.get(language="de")
    assert made.url.endswith(f"/posts/{german.pk}/text/")
    assert (german.text, german.version_of) == ("Soup.", post.pk)
    client.post(address(w, f"{german.pk}/languages/"), {"language": "fr"})
    french = Post.objects.get(language="fr")
    assert french.version_of == post.pk
    for one, others in ((post, {german, french}), (french, {german, post})):
        shown = client.get(address(w, f"{one.pk}/")).content.decode()
        assert all(f"/posts/{other.pk}/" in shown for other in others)
    assert client.post(address(w, f"{french.pk}/languages/"), {"language": "de"}).status_code == 409
    assert client.post(address(w, f"{french.pk}/languages/"), {"language": ""}).status_code == 422
    assert Post.objects.count() == 3


# --- its time -------------------------------------------------------------------------------------------------


def test_a_time_is_chosen_while_writing(w):
    client, tomorrow = browser(w.author), clock.now() + timedelta(days=1)
    wall = f"{tomorrow:%Y-%m-%dT}11:30"
    client.post(address(w), form(w, "Soup.", when=wall, then="ask"))
    post = Post.objects.get()
    assert post.deliveries.get().wall[:16] == wall
    assert post.asks.count() == 1
    page = client.get(address(w, f"{post.pk}/text/")).content.decode()
    assert f'value="{wall}"' in page
    client.post(address(w, f"{post.pk}/text/"), form(w, "Soup!", when=wall))
    assert post.deliveries.count() == 1
    client.post(
        address(w, f"{post.pk}/text/"), form(w, "Soup!", version=2, when=f"{tomorrow:%Y-%m-%dT}12:30")
    )
    assert post.deliveries.get(state="intent").wall[11:16] == "12:30"


def test_a_time_that_has_passed_saves_the_draft_and_says_so(w):
    client = browser(w.author)
    answer = client.post(address(w), form(w, "Soup.", when="2020-03-09T12:30"), follow=True)
    assert not Post.objects.get().deliveries.exists()
    assert "It is not planned:" in answer.content.decode()
    refused = client.post(address(w), form(w, "Bread.", when="soon"))
    assert refused.status_code == 422
    assert Post.objects.count() == 1
