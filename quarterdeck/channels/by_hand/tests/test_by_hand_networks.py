"""By hand on any network: its limits as dated data, its rules checked as elsewhere, a link that opens its composer."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from quarterdeck.channels import adapters, by_hand
from quarterdeck.channels.by_hand import networks
from quarterdeck.channels.by_hand.limits import LIMITS
from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.channels.contract import Account, Content, Media, Refused
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid
from tests import make

ASKED = {"linkedin", "x", "instagram", "facebook", "threads", "tiktok", "youtube", "pinterest"}
SURE = {"documented", "measured", "third party", "from memory"}


def adapter(network: str, **facts):
    return by_hand.adapter(network)(Account("harbour", facts=facts))


def image(number: int = 1) -> Media:
    return Media(str(number), "a.png", "image/png", 1, "0" * 64, 1, 1, "", lambda: b"")


def test_every_network_asked_for_is_there_with_its_limits_and_where_they_were_read():
    assert set(networks.TITLES) >= ASKED
    assert set(LIMITS) == set(networks.TITLES)
    for network, limits in LIMITS.items():
        assert {"text", "images"} <= {limit.name for limit in limits}
        for limit in limits:
            assert limit.source
            assert limit.checked <= date(2026, 12, 31)
            assert limit.sure in SURE, (network, limit.name)


@pytest.mark.parametrize(
    ("network", "fits", "over"),
    [
        ("linkedin", "a" * 3000, "a" * 3001),
        ("x", "あ" * 140, "あ" * 141),
        ("instagram", "a" * 2200, "a" * 2201),
        ("instagram", " ".join(["#soup"] * 30), " ".join(["#soup"] * 31)),
        ("facebook", "a" * 63_206, "a" * 63_207),
        ("threads", "a" * 500, "a" * 501),
        ("tiktok", "😀" * 1100, "😀" * 1100 + "a"),
        ("youtube", "Title\n" + "ä" * 2497, "Title\n" + "ä" * 2498),
        ("youtube", "t" * 100 + "\nmore", "t" * 101 + "\nmore"),
        ("pinterest", "a" * 500, "a" * 501),
        ("bluesky", "a" * 300, "a" * 301),
        ("mastodon", "a" * 500, "a" * 501),
        ("other", "a" * 20_000, "a" * 20_001),
    ],
)
def test_a_post_by_hand_is_checked_by_the_networks_own_rule(network, fits, over):
    assert adapter(network).validate(Content(fits)) == []
    words = adapter(network).validate(Content(over))
    assert words
    assert all(sentence.endswith(".") for sentence in words)


def test_the_title_of_a_video_is_named_in_the_words():
    assert "first line is the title" in adapter("youtube").validate(Content("t" * 101))[0]


def test_images_are_counted_and_may_be_missing():
    assert adapter("x").validate(Content("", (image(),))) == []
    assert "takes 4 images" in adapter("x").validate(Content("Soup", tuple(map(image, range(5)))))[0]
    assert adapter("instagram").validate(Content("The reel is on the phone.")) == []


def test_nothing_at_all_is_refused_but_for_a_story():
    assert adapter("instagram").validate(Content(" "))
    assert adapter("instagram", kind="stories").validate(Content("")) == []


def test_half_a_character_is_refused_in_words():
    assert "half a character" in adapter("threads").validate(Content("\ud83d"))[0]


def test_nothing_is_ever_sent_by_itself():
    speaks = adapter("linkedin")
    for call in (
        lambda: speaks.publish("k", {}, gate=lambda: None),
        lambda: speaks.upload(image()),
        lambda: speaks.edit(None, {}, gate=lambda: None),
        lambda: speaks.delete(None),
        lambda: speaks.metrics([]),
    ):
        with pytest.raises(Refused, match="sends nothing there"):
            call()
    assert speaks.reconcile("k", {}, began_at=clock.now()).what == "unknown"
    assert speaks.capabilities.sureness == "by hand"
    assert list(speaks.own_posts(clock.now())) == []
    assert len(speaks.new_key(datetime.now().astimezone(), 0)) <= 64


@pytest.mark.parametrize("network", sorted(networks.TITLES.keys() - {"other"}))
def test_a_link_opens_where_one_posts(network):
    link = networks.composer(
        network, Account("h", server="https://social.example"), "Soup & bread? 50 % #now"
    )
    assert link is not None
    assert link.url.startswith("https://")
    assert link.filled == (network in {"x", "threads", "bluesky", "mastodon", "linkedin"})
    if link.filled:
        assert parse_qs(urlsplit(link.url).query)["text"] == ["Soup & bread? 50 % #now"]


def test_a_text_too_long_for_a_link_leaves_it_out():
    link = networks.composer("linkedin", Account("h"), "あ" * 3000)
    assert link == networks.Composer("https://www.linkedin.com/feed/", filled=False)


def test_an_unknown_network_opens_at_its_own_address_or_not_at_all():
    assert networks.composer("other", Account("h"), "Soup") is None
    known = networks.composer("other", Account("h", server="https://forum.example/new"), "Soup")
    assert known == networks.Composer("https://forum.example/new", filled=False)


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://www.instagram.com/p/C1/", True),
        ("http://forum.example/1?x=y#z", True),
        ("https://müller.example/ü", True),
        ("javascript:alert(1)", False),
        ("ftp://forum.example/1", False),
        ("//forum.example/1", False),
        ("https://", False),
        ("https://a b.example/", False),
        ("https://x.example/\n", False),
        ("https://user:secret@x.example/", False),
        ("https://[::1", False),
        ("instagram.com/p/1", False),
        ("", False),
    ],
)
def test_a_web_address_is_http_or_https_with_a_host(url, good):
    assert networks.is_web_address(url) is good


# --- connecting -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_account_is_added_by_its_name_alone():
    by = make.member()
    channel = connect_by_hand(
        by, brand=by.workspace.brands.get(), network="instagram", name="@harbourkitchen"
    )
    assert (channel.handle, channel.name, channel.by_hand) == ("harbourkitchen", "@harbourkitchen", True)
    assert (channel.title, channel.sureness) == ("Instagram, by hand", "by hand")
    assert isinstance(adapters.of(channel), by_hand.ByHandAdapter)
    assert make.kinds_recorded(by.workspace) == ["channels.channel.connected"]


@pytest.mark.django_db
def test_the_same_network_can_be_there_for_posts_and_for_stories_and_connected_too():
    by = make.member()
    brand = by.workspace.brands.get()
    connect_by_hand(by, brand=brand, network="instagram", name="harbour")
    story = connect_by_hand(by, brand=brand, network="instagram", name="harbour", kind="stories")
    assert story.name == "harbour stories"
    assert adapters.of(story).is_story
    with pytest.raises(Conflict, match="here already"):
        connect_by_hand(by, brand=brand, network="instagram", name="harbour")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"network": "myspace"}, "network"),
        ({"name": " @ "}, "name"),
        ({"name": "a" * 81}, "name"),
        ({"kind": "poems"}, "kind"),
        ({"address": "javascript:alert(1)"}, "address"),
        ({"address": "https://x.example/" + "a" * 200}, "address"),
    ],
)
def test_what_cannot_be_used_is_named(wrong, field):
    by = make.member()
    given = {"network": "other", "name": "harbour", "kind": "posts", "address": ""} | wrong
    with pytest.raises(Invalid) as refused:
        connect_by_hand(by, brand=by.workspace.brands.get(), **given)
    assert list(refused.value.fields) == [field]
    assert make.kinds_recorded(by.workspace) == []


@pytest.mark.django_db
def test_the_page_adds_it_and_says_what_is_wrong_at_the_field(client):
    by = make.member()
    client.force_login(by.user)
    address = f"/w/{by.workspace.slug}/channels/by-hand/"
    assert b"by hand" in client.get(address).content
    refused = client.post(address, {"by-hand-network": "x", "by-hand-name": "", "by-hand-kind": "posts"})
    assert refused.status_code == 422
    assert "how the account is called" in refused.content.decode()
    given = {"by-hand-network": "x", "by-hand-name": "harbour", "by-hand-kind": "posts"}
    assert client.post(address, given).status_code == 302
    again = client.post(address, given)
    assert again.status_code == 422
    assert "here already" in again.content.decode()
    listed = client.get(f"/w/{by.workspace.slug}/channels/").content.decode()
    assert "X, by hand" in listed
    assert client.get(f"/w/{by.workspace.slug}/channels/{by.workspace.channels.get().pk}/").status_code == 200
