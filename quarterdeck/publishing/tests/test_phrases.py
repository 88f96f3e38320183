"""Names, snippets and link rules: what they become on each network, and that a post keeps what was approved."""

from __future__ import annotations

import pytest

from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.publishing import content, phrases
from quarterdeck.publishing.models import Phrase, hash_content
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.test_composer import address, browser
from quarterdeck.publishing.verbs import edit
from quarterdeck.publishing.verbs.phrases import keep_phrase, remove_phrase

pytestmark = pytest.mark.django_db
TEXT = "Soup with {Mia Farms}: https://example.com/menu?a=1#top and {nobody}."
HANDLES = "Bluesky: @mia.example.com\nInstagram: miafarms"
RULE = "utm_source={network}&utm_medium=social"


@pytest.fixture
def w():
    w = world.two("UTC")
    w.instagram = connect_by_hand(w.approver, brand=w.brand, network="instagram", name="harbour.kitchen")
    return w


def kept(w) -> Phrase:
    keep_phrase(w.author, kind="link", name="www.Example.com", body=RULE)
    return keep_phrase(w.author, kind="name", name="Mia Farms", body=HANDLES)


def said(post, channel) -> str:
    return content.contents(post, channel)[0].text


def test_names_and_links_are_what_they_are_on_each_network(w):
    kept(w)
    post = w.draft(TEXT)
    there = "https://example.com/menu?a=1&utm_source={}&utm_medium=social#top and {{nobody}}."
    assert said(post, w.instagram) == "Soup with @miafarms: " + there.format("instagram")
    assert said(post, w.channel) == "Soup with Mia Farms: " + there.format("sandbox")
    assert content.said(post, w.instagram)[0]["text"] == said(post, w.instagram)


def test_what_was_approved_goes_out_whatever_the_book_says_by_then(w):
    phrase = kept(w)
    post = w.approved(TEXT)
    before = said(post, w.instagram)
    keep_phrase(w.author, kind="name", name="Mia Farms", body="Instagram: @somebody.else", phrase=phrase)
    post.refresh_from_db()
    assert said(post, w.instagram) == before
    again = edit(post, by=w.author, version=1, text=TEXT, channels=[w.channel])
    assert "@somebody.else" in said(again, w.instagram)
    assert not again.approvals.filter(text_hash=again.text_hash).exists()  # other words: approved anew


def test_a_post_without_them_keeps_its_hash(w):
    kept(w)
    assert w.draft("Soup.").text_hash == hash_content("Soup.", [], [])
    assert w.draft("Soup with {somebody}.").terms == {}


@pytest.mark.parametrize(
    ("url", "rule", "becomes"),
    [
        ("https://a.de", "x=1", "https://a.de?x=1"),
        ("https://a.de/?x=2", "x=1&y={network}", "https://a.de/?x=2&y=x"),
        ("a.de/b#c", "x=1", "https://a.de/b?x=1#c"),
    ],
)
def test_a_link_keeps_what_it_carries(url, rule, becomes):
    assert phrases.added(url, rule, "x") == becomes


def test_a_link_inside_another_is_left_alone():
    known = {"links": {"a.de": "x=1"}}
    assert (
        phrases.resolved("https://a.de/b https://a.de", known, "x") == "https://a.de/b?x=1 https://a.de?x=1"
    )


@pytest.mark.parametrize(
    ("kind", "name", "body", "field"),
    [
        ("name", "Mia", "Friendster: @mia", "body"),
        ("name", "M{a}", HANDLES, "name"),
        ("name", " ", HANDLES, "name"),
        ("link", "not a host", RULE, "name"),
        ("link", "example.com", "javascript:alert(1)", "body"),
        ("snippet", "Hello", " ", "body"),
        ("nonsense", "Hello", "x", "name"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field(w, kind, name, body, field):
    with pytest.raises(Invalid) as refused:
        keep_phrase(w.author, kind=kind, name=name, body=body)
    assert list(refused.value.fields) == [field]
    assert not Phrase.objects.exists()


def test_a_name_is_kept_once_and_free_again_when_it_is_taken_out(w):
    phrase = kept(w)
    with pytest.raises(Conflict, match="in the book already"):
        kept(w)
    remove_phrase(phrase, by=w.author)
    with pytest.raises(Conflict):
        remove_phrase(phrase, by=w.author)
    keep_phrase(w.author, kind="name", name="Mia Farms", body=HANDLES)


def test_the_settings_page_keeps_changes_and_takes_out(w):
    client, page = browser(w.author), f"/w/{w.author.workspace.slug}/settings/phrases/"
    made = client.post(page, {"kind": "hashtags", "name": "Spring", "body": "#SpringMenu #FarmToTable"})
    assert made.status_code == 302
    phrase = Phrase.objects.get()
    assert "#SpringMenu #FarmToTable" in client.get(page).content.decode()
    assert "#SpringMenu #FarmToTable" in client.get(address(w)).content.decode()  # offered in the composer
    changed = {f"{phrase.pk}-name": "Spring", f"{phrase.pk}-body": "#Spring"}
    assert client.post(f"{page}{phrase.pk}/", changed).status_code == 302
    phrase.refresh_from_db()
    assert phrase.value == {"text": "#Spring"}
    assert client.post(f"{page}{phrase.pk}/", changed | {f"{phrase.pk}-body": ""}).status_code == 422
    assert client.post(f"{page}{phrase.pk}/removal/").status_code == 302
    assert "#Spring" not in client.get(page).content.decode().split("<dl")[0]


def test_whoever_approves_sees_what_a_name_stands_for(w):
    kept(w)
    page = browser(w.approver).get(address(w, f"{w.draft(TEXT).pk}/")).content.decode()
    assert "@miafarms on instagram" in page
    assert "utm_source={network}" in page
