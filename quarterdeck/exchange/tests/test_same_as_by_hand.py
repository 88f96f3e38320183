"""A row becomes the very post that somebody would have written by hand: names, links, language, and the hash of all."""

from __future__ import annotations

import pytest

from quarterdeck.core import clock
from quarterdeck.exchange.tests import world
from quarterdeck.exchange.tests.world import NOW, posts_of, reasons, rows_of
from quarterdeck.publishing import content
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.verbs.phrases import keep_phrase

pytestmark = pytest.mark.django_db
TEXT = "Soup with {Mia Farms} and {nobody}: https://www.example.com/menu?a=1#top, or harbour.example."
HEAD = ["Text", "Channel", "Language"]


@pytest.fixture(autouse=True)
def _now():
    with clock.at(NOW):
        yield


@pytest.fixture
def ours():
    """The world with a book of one name and one rule for links."""
    ours = world.two()
    keep_phrase(ours.lead, kind="name", name="Mia Farms", body="Instagram: miafarms")
    keep_phrase(ours.lead, kind="link", name="example.com", body="utm_source={network}&utm_medium=social")
    return ours


def by_hand(ours, text=TEXT, **more) -> Post:
    channels = [ours.harbour, ours.pier]
    return publishing.draft(ours.author, brand=ours.brand, text=text, channels=channels, **more)


@pytest.mark.parametrize("language", ["", "de", "pt-BR"])
def test_an_imported_post_says_and_hashes_what_one_by_hand_does(ours, language):
    (imported,) = posts_of(ours.imported([HEAD, [TEXT, "Pier, Harbour Kitchen", language]]))
    drafted = by_hand(ours, language=language)
    assert imported.text_hash == drafted.text_hash
    assert imported.terms == drafted.terms
    assert imported.besides == drafted.besides
    for channel in (ours.harbour, ours.pier):
        assert content.contents(imported, channel) == content.contents(drafted, channel)
    told = content.contents(imported, ours.pier)[0]
    assert told.text.startswith("Soup with @miafarms and {nobody}: ")
    assert "a=1&utm_source=instagram&utm_medium=social#top" in told.text
    assert told.language == language


def test_posts_of_one_chunk_keep_only_what_each_of_them_uses(ours):
    rows = [[TEXT, "", ""], ["Bread.", "", ""], ["{Mia Farms}", "", ""], ["www.example.com", "", ""]]
    used = [sorted(post.terms) for post in posts_of(ours.imported([HEAD, *rows]))]
    assert used == [["links", "names"], [], ["names"], ["links"]]


def test_a_text_that_only_the_book_makes_too_long_waits_with_the_reason(ours):
    keep_phrase(ours.lead, kind="name", name="Long", body="Instagram: " + "x" * 100)
    found = ours.imported([HEAD, ["y" * 2150 + " {Long}", "Pier", ""], ["Bread", "Pier", ""]], times="plan")
    assert "Pier (Instagram, by hand) would refuse it." in reasons(found)[2]
    assert [post.text for post in posts_of(found)] == ["Bread"]


def test_the_book_is_asked_as_often_for_many_rows_as_for_one(ours, django_assert_max_num_queries):
    found = ours.begun([HEAD, *([f"{n}: {TEXT}", "Pier", "de"] for n in range(200))])
    from quarterdeck.exchange import importing

    with django_assert_max_num_queries(45):
        importing.run(found.pk)
    assert Post.objects.exclude(terms={}).count() == 200


def test_a_text_that_is_here_with_names_and_links_in_it_is_a_twin(ours):
    by_hand(ours, language="de")
    found = ours.imported([HEAD, [TEXT, "Pier", ""]])
    assert "A post with this text is here already" in reasons(found)[2]


# --- languages ---------------------------------------------------------------------------------------


def test_a_row_says_its_language_and_the_others_have_the_one_asked_for(ours):
    rows = [["Suppe", "", "German"], ["Soup", "", ""], ["Sopa", "", "pt_br"], ["Zupa", "", "Klingon!"]]
    found = ours.imported([HEAD, *rows], language="en")
    assert [post.language for post in posts_of(found)] == ["de", "en", "pt-BR", ""]
    assert "“Klingon!” is no language tag" in rows_of(found, "draft")[3].warnings[0]
    assert all("language" not in row.extra for row in rows_of(found))


def test_rows_in_several_languages_are_not_taken_for_versions_of_one_post(ours):
    """No known export says which rows are one post in two languages, so none are linked."""
    found = ours.imported([HEAD, ["Suppe", "", "de"], ["Soup", "", "en"]])
    assert [post.version_of for post in posts_of(found)] == [None, None]
