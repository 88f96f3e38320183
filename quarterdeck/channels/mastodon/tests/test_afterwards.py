"""After publishing: changing, taking down, numbers, answers, the account's own posts, health, renewal, limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from quarterdeck.channels.contract import Account, Content, Counts, Published, Refused, Thread, Unclear
from quarterdeck.channels.mastodon.adapter import MastodonAdapter
from quarterdeck.channels.mastodon.connection import MastodonConnector
from quarterdeck.channels.mastodon.tests import fake_oauth, world
from quarterdeck.channels.mastodon.tests.fake_mastodon import TOKEN, FakeMastodon
from quarterdeck.core import clock


def out(fake, text: str = "Soup.", *media, **given) -> Published:
    speaker = world.adapter(fake)
    return speaker.publish(world.key(), world.body(speaker, text, *media, **given), gate=world.Gate())


def test_changing_keeps_the_images(fake):
    post = out(fake, "Soop.", world.image())
    speaker = world.adapter(fake)
    changed = speaker.edit(post, world.body(speaker, "Soup."), gate=world.Gate())
    assert changed.remote_id == post.remote_id
    assert fake.posts[0]["content"] == "<p>Soup.</p>"
    assert fake.posts[0]["media_attachments"][0]["description"] == "A bowl of soup"
    speaker.edit(post, world.body(speaker, "Soup.", world.image(alt="Another bowl")), gate=world.Gate())
    assert [m["description"] for m in fake.posts[0]["media_attachments"]] == ["Another bowl"]


def test_the_same_words_a_second_time_are_no_second_edit(fake):
    post, speaker = out(fake, "Soop."), world.adapter(fake)
    fake.then({"fault": "drop_after", "on": f"PUT /api/v1/statuses/{post.remote_id}"})
    with pytest.raises(Unclear, match="not known yet"):
        speaker.edit(post, world.body(speaker, "Soup."), gate=world.Gate())
    speaker.edit(post, world.body(speaker, "Soup."), gate=world.Gate())
    assert fake.edits == [(post.remote_id, "Soup.")]


def test_changing_is_offered_only_where_it_is_known(fake, other):
    with pytest.raises(Refused, match="not known to let posts be changed. Nothing was changed."):
        world.adapter(other).edit(Published("1", ""), {"status": "x"}, gate=world.Gate())
    old = world.account(fake).facts | {"version": "3.4.10"}
    assert not world.adapter(fake, facts=old).capabilities.edits
    with pytest.raises(Refused, match="not on 127.0.0.1:[0-9]+ any more. Nothing was changed."):
        world.adapter(fake).edit(Published("404", ""), {"status": "x"}, gate=world.Gate())


def test_taking_down_twice_is_no_error(fake):
    post, speaker = out(fake), world.adapter(fake)
    speaker.delete(post)
    speaker.delete(post)
    assert fake.posts == []


def test_numbers_under_the_networks_own_names(fake):
    one, two = out(fake), out(fake)
    fake.posts[0] |= {"favourites_count": 3, "reblogs_count": 2, "replies_count": 1, "quotes_count": 5}
    fake.posts[1] |= {"favourites_count": None, "reblogs_count": "many"}
    gone = Published("404", "")
    assert world.adapter(fake).metrics([two, gone, one]) == [
        Counts({"replies_count": 0}),
        Counts({}, gone=True),
        Counts({"favourites_count": 3, "reblogs_count": 2, "replies_count": 1, "quotes_count": 5}),
    ]


def test_direct_answers_only(fake):
    post, speaker = out(fake), world.adapter(fake)
    mine = out(fake, "And bread", thread=Thread(post, post))
    fake.post("7", {"status": "Yum & <more>", "in_reply_to_id": post.remote_id})
    fake.post("7", {"status": "Deeper", "in_reply_to_id": mine.remote_id})
    first, second = speaker.replies(post)
    assert (first.text, second.text, second.author) == ("And bread", "Yum & <more>", "@person7")
    assert speaker.replies(Published("404", "")) == []


def test_own_posts_since_a_time_over_pages_without_boosts(fake):
    fake.page = 2
    for number in range(5):
        fake.post("109", {"status": f"Post {number}\n\nmore"})
        fake.posts[-1]["created_at"] = (datetime(2026, 9, 1, tzinfo=UTC) + timedelta(days=number)).isoformat()
    fake.post("7", {"status": "not ours"})
    fake.post("109", {"status": "boosted"})
    fake.posts[-1]["reblog"] = {"id": "1"}
    found = list(world.adapter(fake).own_posts(datetime(2026, 9, 2, tzinfo=UTC)))
    assert [one.text for one in found] == [f"Post {number}\n\nmore" for number in (4, 3, 2, 1)]
    assert found[-1].posted_at == datetime(2026, 9, 2, tzinfo=UTC)
    assert found[0].counts.values == {"favourites_count": 0, "reblogs_count": 0, "replies_count": 0}
    assert list(world.adapter(fake).own_posts(datetime(2027, 1, 1, tzinfo=UTC))) == []


def test_a_name_that_is_no_name_is_never_put_into_an_address(fake):
    asked = len(fake.requests)
    for bad in ("../accounts", "", "1/context", "1?x"):
        with pytest.raises(Refused):
            MastodonAdapter(Account("h", "1", fake.url)).delete(Published(bad, ""))
    assert len(fake.requests) == asked


# --- health and renewal ---------------------------------------------------------------------------------------


def test_health_says_how_much_is_left_and_that_the_sign_in_does_not_end(fake):
    health = world.adapter(fake).health()
    assert (health.expires_at, health.missing) == (None, ())
    assert health.left[0].startswith(f"297 of 300 calls are left on 127.0.0.1:{fake.port} until ")


@pytest.mark.parametrize(
    ("scopes", "words"),
    [
        ("read write:statuses", "upload images (write:media)"),
        ("read:accounts write", "read the account’s posts (read:statuses)"),
        ("write read:statuses", "see whose account it is (read:accounts)"),
    ],
)
def test_health_names_permissions_that_are_missing(fake, scopes, words):
    fake.tokens[TOKEN].scopes = set(scopes.split())
    (missing,) = world.adapter(fake).health().missing
    assert words in missing
    assert missing.endswith("Connect the channel again.")


def test_health_of_a_sign_in_for_another_account_or_one_that_moved(fake):
    with pytest.raises(Refused, match="is for another account") as raised:
        world.adapter(fake, remote_id="7").health()
    assert raised.value.reconnect
    fake.moved = "harbour@new.example"
    assert "moved to @harbour@new.example" in world.adapter(fake).health().missing[0]


@pytest.mark.parametrize("fault", ["revoked", "expired", "suspended"])
def test_health_of_a_sign_in_that_is_lost(fake, fault):
    fake.then({"fault": fault, "on": "GET /api/v1/accounts/verify_credentials"})
    with pytest.raises(Refused) as raised:
        world.adapter(fake).health()
    assert raised.value.reconnect


def test_a_token_without_an_end_has_nothing_to_renew(fake):
    renewed = world.adapter(fake).renew()
    assert (dict(renewed.values), renewed.expires_at) == ({}, None)


@pytest.fixture
def renewing():
    """A server whose tokens end, and an account connected there."""
    with FakeMastodon(token_life=7200) as fake:
        elsewhere = MastodonConnector().begin({"server": fake.url}, back="http://localhost/back")
        answer = fake_oauth.allow(fake, fake_oauth.asked_at(elsewhere.url))
        found = MastodonConnector().complete(elsewhere.keep, answer)
        yield fake, Account(found.handle, found.remote_id, found.server, found.secrets.values, found.facts)


def test_a_sign_in_that_ends_is_renewed(renewing):
    fake, account = renewing
    speaker = MastodonAdapter(account)
    end = speaker.health().expires_at
    assert timedelta(minutes=119) < end - clock.now() <= timedelta(minutes=120)
    fake.tokens[account.secrets["access_token"]].state = "expired"
    with pytest.raises(Refused) as raised:
        speaker.health()
    assert (raised.value.expired, raised.value.transient, raised.value.reconnect) == (True, True, False)
    renewed = speaker.renew()
    assert renewed.expires_at
    fresh = MastodonAdapter(replace(account, secrets=renewed.over(account.secrets)))
    assert fresh.health().expires_at
    with pytest.raises(Refused, match="does not renew our sign-in any more") as raised:
        speaker.renew()  # the refresh token was for one use
    assert raised.value.reconnect
    fresh.renew()


def test_an_answer_without_a_refresh_token_keeps_the_old_one(renewing):
    fake, account = renewing
    fake.rotates = False
    kept = MastodonAdapter(account).renew().over(account.secrets)
    assert kept["refresh_token"] == account.secrets["refresh_token"]
    assert kept["access_token"] != account.secrets["access_token"]
    MastodonAdapter(replace(account, secrets=kept)).renew()


@pytest.mark.parametrize("fault", ["500_before", "drop_before", "429:5", "not_json"])
def test_a_renewal_that_gets_no_answer_may_be_tried_again(renewing, fault):
    fake, account = renewing
    fake.then({"fault": fault, "on": "POST /oauth/token"})
    with pytest.raises(Refused) as raised:
        MastodonAdapter(account).renew()
    assert raised.value.transient
    assert not raised.value.reconnect
    assert not any(secret in raised.value.words for secret in account.secrets.values() if secret != "never")


# --- ending it ------------------------------------------------------------------------------------------------


def test_a_sign_in_is_ended_there_and_a_second_time_is_no_error(renewing):
    fake, account = renewing
    assert account.secrets["access_token"] in fake.tokens
    assert MastodonAdapter(account).revoke() == ""
    assert account.secrets["access_token"] not in fake.tokens
    assert MastodonAdapter(account).revoke() == ""


def test_a_token_that_a_person_made_is_theirs_to_delete(fake):
    assert "delete its application on 127.0.0.1" in world.adapter(fake).revoke()
    assert not any("revoke" in one for one in fake.requests)


@pytest.mark.parametrize("fault", ["500_before", "drop_after", "429:5"])
def test_no_answer_to_ending_it_is_said(renewing, fault):
    fake, account = renewing
    fake.then({"fault": fault, "on": "POST /oauth/revoke"})
    with pytest.raises(Refused) as raised:
        MastodonAdapter(account).revoke()
    assert raised.value.transient


# --- limits ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Soup.", []),
        ("a" * 500, []),
        ("a" * 502, ["It is 2 characters over the 500 of"]),
        ("a" * 476 + " https://example.com/" + "b" * 200, []),
        ("a" * 477 + " https://example.com/", ["It is 1 character over the 500 of"]),
        (" \n", ["There is no text yet."]),
        ("\ud800", ["surrogate"]),
        ("a\0b", ["number zero"]),
    ],
)
def test_texts_are_measured_as_the_network_measures(fake, text, words):
    found = world.adapter(fake).validate(Content(text))
    assert len(found) == len(words)
    assert all(part in one for part, one in zip(words, found, strict=True))


def test_a_server_of_its_own_measure(fake):
    facts = world.account(fake).facts | {"limits": {"text": 30, "per_url": 28}}
    speaker = world.adapter(fake, facts=facts)
    assert speaker.validate(Content("a https://example.com")) == []
    assert "1 character over the 30" in speaker.validate(Content("aa https://example.com"))[0]


def test_images_are_measured_too(fake):
    speaker = world.adapter(fake)
    assert speaker.validate(Content("", (world.image(),) * 4)) == []
    assert "takes 4 images a post." in speaker.validate(Content("", (world.image(),) * 5))[0]
    big = replace(world.image(), mime="image/tiff", size=99 * 2**20, width=9000, height=9000, alt="a" * 1501)
    kind, size, pixels, words = speaker.validate(Content("", (big,)))
    assert "it is image/tiff" in kind
    assert "has 99.0 MB" in size
    assert "9000 × 9000 pixels" in pixels
    assert "has 1501 characters" in words
