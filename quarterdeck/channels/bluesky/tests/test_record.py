"""What a post looks like as a record, and what is said of content that does not fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.channels.bluesky import record
from quarterdeck.channels.bluesky.adapter import BlueskyAdapter
from quarterdeck.channels.bluesky.tests import world
from quarterdeck.channels.contract import Account, Card, Content, Published, Thread

ADA = BlueskyAdapter(Account("ada.test", "did:plc:ada", "https://pds.example.org"))


def test_the_whole_body_is_there():
    made = ADA.render(Content("Soup at noon.", language="en-GB"), key="3abcdefghijkl", due_at=world.DUE)
    assert made == {
        "repo": "did:plc:ada",
        "collection": "app.bsky.feed.post",
        "rkey": "3abcdefghijkl",
        "record": {
            "$type": "app.bsky.feed.post",
            "text": "Soup at noon.",
            "createdAt": "2026-11-23T09:00:00.000Z",
            "langs": ["en-GB"],
        },
        "swapRecord": None,
        "validate": True,
    }


def test_the_moment_is_the_slot_in_universal_time():
    local = datetime(2026, 11, 23, 10, 0, 0, 250_000, tzinfo=timezone(timedelta(hours=1)))
    assert record.created(local) == "2026-11-23T09:00:00.250Z"


def test_links_tags_and_known_people_are_marked_by_bytes():
    text = "☕ by @ann.example.com and @bob.example.com: #soup https://example.com/menu"
    found = record.of(Content(text), world.DUE, [{"mentions": {"ann.example.com": "did:plc:ann"}}], None)
    raw = text.encode()
    marked = {
        raw[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode(): one["features"][0]
        for one in found["facets"]
    }
    assert marked == {
        "@ann.example.com": {"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:ann"},
        "#soup": {"$type": "app.bsky.richtext.facet#tag", "tag": "soup"},
        "https://example.com/menu": {
            "$type": "app.bsky.richtext.facet#link",
            "uri": "https://example.com/menu",
        },
    }


def test_images_stand_in_order_with_their_words_and_shape():
    first, second = world.image(name="a.png", width=40, height=30), world.image(name="b.png", alt="", width=0)
    uploads = [{"blob": {"n": 1}}, {"mentions": {}}, {"blob": {"n": 2}}]
    found = record.of(Content("", (first, second)), world.DUE, uploads, None)
    assert found["embed"]["images"] == [
        {"image": {"n": 1}, "alt": "A bowl of soup.", "aspectRatio": {"width": 40, "height": 30}},
        {"image": {"n": 2}, "alt": ""},
    ]


def test_a_link_gets_its_card_with_its_picture():
    card = Card("https://example.com/menu", "The menu", "Soup.", world.image())
    found = record.of(Content("https://example.com/menu", card=card), world.DUE, [{"blob": {"n": 1}}], None)
    assert found["embed"] == {
        "$type": "app.bsky.embed.external",
        "external": {
            "uri": "https://example.com/menu",
            "title": "The menu",
            "description": "Soup.",
            "thumb": {"n": 1},
        },
    }
    bare = Content("Soup.", card=Card("https://example.com/", "Home"))
    assert "thumb" not in record.of(bare, world.DUE, [{"mentions": {}}], None)["embed"]["external"]
    with pytest.raises(ValueError):
        record.of(Content("x", card=card), world.DUE, [], None)
    pictured = Content("x", (world.image(),), card=card)
    assert (
        record.of(pictured, world.DUE, [{"blob": {"n": 1}}], None)["embed"]["$type"]
        == "app.bsky.embed.images"
    )


def test_an_image_that_was_not_brought_is_never_left_out_silently():
    with pytest.raises(ValueError):
        record.of(Content("", (world.image(),)), world.DUE, [], None)


def test_a_part_answers_the_one_before_and_names_the_first():
    root, parent = (Published(f"at://{n}", "", {"cid": f"c{n}", "more": 1}) for n in "12")
    found = record.of(Content("Part 3"), world.DUE, [], Thread(root, parent))
    assert found["reply"] == {
        "root": {"uri": "at://1", "cid": "c1"},
        "parent": {"uri": "at://2", "cid": "c2"},
    }


@given(st.text(max_size=400))
def test_the_same_content_gives_the_same_body(text):
    if not record.faults(Content(text), {}):
        one, other = (ADA.render(Content(text), key="3abcdefghijkl", due_at=world.DUE) for _ in range(2))
        assert one == other
        assert record.identifier(one["record"]) == record.identifier(other["record"])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (Content("x" * 301), "1 character too long"),
        (Content("👩‍👩‍👧‍👦" * 121), "bytes"),
        (Content(" "), "There is no text yet."),
        (Content("half \ud83d"), "half a character"),
        (Content("", (world.image(),) * 5), "takes 4 images a post; 1 must go"),
        (Content("", (world.image(mime="image/tiff"),)), "not an image of a kind that Bluesky shows"),
        (Content("", (world.image(size=2_000_001),)), "2,000,001 bytes, and Bluesky takes 2,000,000"),
    ],
)
def test_what_bluesky_would_refuse_is_said_before(content, says):
    words = " ".join(ADA.validate(content))
    assert says in words, words
    assert words.endswith(".")


@pytest.mark.parametrize(
    "content",
    [
        Content("x" * 300),
        Content("👩‍👩‍👧‍👦" * 120),
        Content("", (world.image(size=2_000_000),) * 4),
        Content("Soup", (world.image(mime="image/jpeg"),)),
    ],
)
def test_what_fits_exactly_is_taken(content):
    assert ADA.validate(content) == []


def test_a_server_with_a_lower_limit_for_files_is_heeded():
    small = BlueskyAdapter(replace(ADA.account, facts={"blob_limit": 1000}))
    assert "takes 1,000 an image" in small.validate(Content("", (world.image(size=1001),)))[0]
    large = BlueskyAdapter(replace(ADA.account, facts={"blob_limit": 50_000_000}))
    assert large.validate(Content("", (world.image(size=2_000_001),)))


def test_what_stands_there_is_ours_by_its_identifier_or_by_its_fields():
    ours = ADA.render(Content("Soup"), key="3abcdefghijkl", due_at=world.DUE)["record"]
    cid = record.identifier(ours)
    assert record.same(ours, ours | {"text": "as another server writes it"}, cid)
    assert record.same(ours, dict(reversed(ours.items())), "bafyother")
    assert not record.same(ours, ours | {"text": "Other"}, "bafyother")
