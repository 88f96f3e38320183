"""Publishing: once per key where the key is honoured, refusals in words, and no answer is never taken for a no."""

from __future__ import annotations

import json
import re

import pytest

from quarterdeck.channels import calls
from quarterdeck.channels.contract import Content, Published, Refused, Stopped, Thread, Unclear
from quarterdeck.channels.mastodon.adapter import MastodonAdapter
from quarterdeck.channels.mastodon.tests import world
from quarterdeck.channels.mastodon.tests.fake_mastodon import TOKEN, FakeMastodon
from quarterdeck.core.http import SafeClient


def test_what_is_published_is_what_the_network_shows(fake):
    speaker = world.adapter(fake)
    post = speaker.publish(world.key(), world.body(speaker), gate=world.Gate())
    (shown,) = fake.posts
    assert (post.remote_id, post.url) == (shown["id"], shown["url"])
    assert shown["content"] == "<p>Soup of the day.</p>"
    assert (shown["visibility"], shown["language"]) == ("public", "en")


def test_keys_are_32_hexadecimal_digits_and_never_the_same():
    keys = {MastodonAdapter.new_key(world.SLOT, 0) for _ in range(200)}
    assert len(keys) == 200
    assert all(re.fullmatch(r"[0-9a-f]{32}", one) for one in keys)


def test_rendering_is_the_same_every_time(fake):
    speaker = world.adapter(fake)
    uploads = [{"id": "7", "description": "A bowl"}]
    given = {"key": "k", "due_at": world.SLOT, "uploads": uploads}
    content = Content("Soup.", (world.image(),), "de-AT")
    assert speaker.render(content, **given) == speaker.render(content, **given)
    assert speaker.render(content, **given) == {
        "status": "Soup.",
        "visibility": "public",
        "media_ids": ["7"],
        "descriptions": ["A bowl"],
        "language": "de",
    }


def test_every_try_sends_the_same_bytes_and_nothing_that_is_only_for_us(fake):
    speaker, key = world.adapter(fake), world.key()
    body = world.body(speaker, "Suppe für 5 €", world.image())
    for kept in (body, dict(reversed(body.items())), json.loads(json.dumps(body))):
        speaker.publish(key, kept, gate=world.Gate())
    assert len(set(fake.bodies)) == 1
    assert "descriptions" not in json.loads(fake.bodies[0])


@pytest.mark.parametrize(("tag", "sent"), [("", None), ("en-GB", "en"), ("gsw", "gsw"), ("x-none", None)])
def test_languages_as_the_network_takes_them(fake, tag, sent):
    speaker = world.adapter(fake)
    assert speaker.render(Content("a", (), tag), key="k", due_at=world.SLOT).get("language") == sent


def test_a_second_call_with_the_same_key_is_the_same_post_where_the_key_is_honoured(fake):
    speaker, key = world.adapter(fake), world.key()
    body = world.body(speaker)
    first = speaker.publish(key, body, gate=world.Gate())
    assert speaker.publish(key, json.loads(json.dumps(body)), gate=world.Gate()).remote_id == first.remote_id
    assert len(fake.posts) == 1
    fake.passed = 54 * 60
    assert speaker.publish(key, body, gate=world.Gate()).remote_id == first.remote_id
    fake.passed = 61 * 60  # past its documented hour: which is why key_life is shorter
    assert speaker.publish(key, body, gate=world.Gate()).remote_id != first.remote_id
    assert speaker.capabilities.key_life.total_seconds() == 55 * 60


def test_other_software_is_not_trusted_with_the_key(fake, other):
    mastodon, pleroma = world.adapter(fake).capabilities, world.adapter(other).capabilities
    assert (mastodon.same_key_once, mastodon.sureness, mastodon.edits) == (True, "proved", True)
    assert (pleroma.same_key_once, pleroma.sureness, pleroma.key_life) == (False, "read back", None)
    assert (pleroma.edits, pleroma.can_find) == (False, True)
    speaker, key = world.adapter(other), world.key()
    for _ in range(2):
        speaker.publish(key, world.body(speaker), gate=world.Gate())
    assert len(other.posts) == 2  # and rightly so


@pytest.mark.parametrize("software", ["mastodon", "pleroma"])
def test_a_server_that_does_not_say_what_it_is_is_not_trusted(software):
    with FakeMastodon(software=software) as fake:
        fake.nodeinfo = False
        assert not world.adapter(fake).capabilities.same_key_once


def test_a_server_that_only_calls_itself_mastodon_is_not_trusted(fake):
    known = world.account(fake)
    for facts in ({}, known.facts | {"compatible_only": True}, known.facts | {"software": "Mastodon-like"}):
        assert not MastodonAdapter(world.account(fake, facts=facts)).capabilities.same_key_once


def test_the_first_byte_leaves_inside_the_gate(fake):
    speaker, gate = world.adapter(fake), world.Gate()
    speaker.publish(world.key(), world.body(speaker), gate=gate)
    assert gate.passed == 1
    asked = len(fake.requests)
    with pytest.raises(Stopped):
        speaker.publish(world.key(), world.body(speaker), gate=world.Gate(closed=True))
    assert len(fake.requests) == asked
    assert len(fake.posts) == 1


@pytest.mark.parametrize(
    ("fault", "made"),
    [
        ("drop_before", 0),
        ("drop_after", 1),
        ("408", 0),
        ("500_before", 0),
        ("500_after", 1),
        ("half_answer", 1),
        ("not_json", 1),
    ],
)
def test_no_answer_is_unclear_whatever_happened_there(fake, fault, made):
    speaker = world.adapter(fake)
    fake.then(fault)
    with pytest.raises(Unclear) as raised:
        speaker.publish(world.key(), world.body(speaker), gate=world.Gate())
    assert raised.value.words.endswith("Whether the post is out is not known yet.")
    assert len(fake.posts) == made


def test_an_answer_that_comes_too_late_is_unclear(fake, monkeypatch):
    speaker = world.adapter(fake)
    body = world.body(speaker)
    with SafeClient(allow=["127.0.0.1"], total=2.0) as hasty:
        monkeypatch.setattr(calls, "client", lambda: hasty)
        fake.then("delay_after:2.5")
        with pytest.raises(Unclear, match="took too long"):
            speaker.publish(world.key(), body, gate=world.Gate())
    monkeypatch.undo()
    assert len(fake.posts) == 1


def test_a_request_that_the_net_delivers_twice_is_one_post(fake):
    speaker = world.adapter(fake)
    fake.then("duplicate")
    speaker.publish(world.key(), world.body(speaker), gate=world.Gate())
    assert len(fake.posts) == 1


def test_a_server_that_is_not_there_is_a_transient_refusal():
    with FakeMastodon() as fake:
        speaker = world.adapter(fake)
        body = world.body(speaker)
    calls.client().close()  # the connection that was kept
    calls.client.cache_clear()
    gate = world.Gate()
    with pytest.raises(Refused, match="does not accept connections. Nothing was sent.") as raised:
        speaker.publish(world.key(), body, gate=gate)
    assert raised.value.transient
    assert gate.passed == 0


@pytest.mark.parametrize(
    ("fault", "least", "most"),
    [("429:30", 30, 30), ("429_date:40", 25, 41), ("429_reset:50", 35, 51)],
)
@pytest.mark.parametrize("skew", [0, 5400, -5400])
def test_too_many_calls_waits_as_long_as_it_is_told_whatever_the_clocks_say(fake, fault, least, most, skew):
    fake.skew = skew
    speaker = world.adapter(fake)
    fake.then(fault)
    with pytest.raises(Refused, match="no more calls") as raised:
        speaker.publish(world.key(), world.body(speaker), gate=world.Gate())
    assert raised.value.transient
    assert least <= raised.value.retry_after <= most
    assert not fake.posts


@pytest.mark.parametrize(
    ("fault", "kept", "flags", "words"),
    [
        ("expired", {}, (False, False, True), "does not accept our sign-in any more"),
        ("expired", {"refresh_token": "r"}, (True, True, False), "has run out"),
        ("revoked", {}, (False, False, True), "Connect the channel again"),
        ("forbidden", {}, (False, False, True), "does not let this channel publish this post"),
        ("suspended", {}, (False, False, True), "Your login is currently disabled"),
        ("gone", {}, (False, False, True), "is not on 127.0.0.1"),
        ("422", {}, (False, False, False), "Media could not be processed"),
    ],
)
def test_refusals_say_what_to_do(fake, fault, kept, flags, words):
    speaker = world.adapter(fake, secrets={"access_token": TOKEN} | kept)
    body = world.body(speaker)
    fake.then(fault)
    with pytest.raises(Refused, match=words) as raised:
        speaker.publish(world.key(), body, gate=world.Gate())
    refused = raised.value
    assert (refused.transient, refused.expired, refused.reconnect) == flags
    assert not fake.posts
    assert TOKEN not in refused.words
    assert refused.words.endswith(".")


def test_a_server_that_repeats_our_secret_does_not_make_us_repeat_it(fake):
    speaker = world.adapter(fake)
    assert "secret-word" not in str(
        MastodonAdapter(world.account(fake, secrets={"access_token": "secret-word"}))._api.refusal(
            _answer(422, {"error": "Bad token secret-word\n<b>"}), "publish this post"
        )
    )
    assert speaker._api.refusal(_answer(422, []), "publish this post").words.count("(status 422).") == 1


def _answer(status: int, found):
    import httpx

    from quarterdeck.channels.mastodon.api import Answer

    return Answer(status, httpx.Headers(), found, world.SLOT)


def test_a_page_in_the_way_is_no_word_of_the_network(fake):
    refused = world.adapter(fake)._api.refusal(_answer(403, None), "publish this post")
    assert refused.transient
    assert not refused.reconnect


def test_too_long_a_text_is_refused_by_the_server_in_its_words(fake):
    speaker = world.adapter(fake)
    with pytest.raises(Refused, match="character limit of 500 exceeded") as raised:
        speaker.publish(world.key(), world.body(speaker, "a" * 501), gate=world.Gate())
    assert not raised.value.transient


def test_a_thread_is_answers_to_the_part_before(fake):
    speaker = world.adapter(fake)
    first = speaker.publish(world.key(), world.body(speaker, "One"), gate=world.Gate())
    second = speaker.publish(
        world.key(), world.body(speaker, "Two", thread=Thread(first, first)), gate=world.Gate()
    )
    speaker.publish(
        world.key(), world.body(speaker, "Three", thread=Thread(first, second)), gate=world.Gate()
    )
    assert [one["in_reply_to_id"] for one in fake.posts] == [None, first.remote_id, second.remote_id]
    gone = Thread(first, Published("404", ""))
    with pytest.raises(Refused, match="The post it answers is not on"):
        speaker.publish(world.key(), world.body(speaker, "Four", thread=gone), gate=world.Gate())


# --- images ---------------------------------------------------------------------------------------------


def test_an_image_goes_out_with_its_description(fake):
    speaker = world.adapter(fake)
    speaker.publish(
        world.key(), world.body(speaker, "", world.image(), world.image(alt="")), gate=world.Gate()
    )
    shown = fake.posts[0]["media_attachments"]
    assert [one["description"] for one in shown] == ["A bowl of soup", None]


def test_a_file_that_takes_the_server_long_is_waited_for_within_bounds(fake):
    speaker = world.adapter(fake)
    fake.media_delay = 3
    uploaded = speaker.upload(world.image())
    assert fake.media[uploaded["id"]]["looks"] == 0
    fake.media_delay = 100
    with pytest.raises(Refused, match="still working on “soup.png”") as raised:
        speaker.upload(world.image())
    assert raised.value.transient
    assert raised.value.retry_after
    first = raised.value.begun
    with pytest.raises(Refused, match="still working") as raised:
        speaker.upload(world.image(), begun=first)
    assert raised.value.begun == first
    fake.media[first["id"]]["looks"] = 1
    assert speaker.upload(world.image(), begun=first) == first
    assert brought(fake) == 2


def brought(fake) -> int:
    """How often a file was brought."""
    return sum("POST /api/v2/media" in one for one in fake.requests)


def test_a_file_the_server_does_not_know_any_more_is_brought_anew(fake):
    speaker = world.adapter(fake)
    fake.then({"fault": "500_before", "on": "GET /api/v1/media/1"})
    begun = {"id": "1", "description": "A bowl of soup"}
    with pytest.raises(Refused) as raised:
        speaker.upload(world.image(), begun=begun)
    assert (raised.value.transient, raised.value.begun) == (True, begun)
    assert speaker.upload(world.image(), begun=begun)["id"] != "1"
    assert brought(fake) == 1


def test_software_that_knows_only_the_first_version_of_the_upload(fake):
    fake.media_v2 = False
    assert world.adapter(fake).upload(world.image())["id"] in fake.media


@pytest.mark.parametrize("fault", ["500_before", "drop_after", "drop_before", "not_json"])
def test_an_upload_may_be_repeated_so_no_answer_is_only_a_transient_refusal(fake, fault):
    speaker = world.adapter(fake)
    fake.then({"fault": fault, "on": "POST /api/v2/media"})
    with pytest.raises(Refused) as raised:
        speaker.upload(world.image())
    assert raised.value.transient
    assert speaker.upload(world.image())["description"] == "A bowl of soup"


def test_an_image_refused_at_the_last_moment_is_a_refusal_in_words(fake):
    speaker = world.adapter(fake)
    with pytest.raises(
        Refused, match="refused to upload “x.png”. It says: “Validation failed: File content type"
    ) as r:
        speaker.upload(world.image("x.png", mime="text/plain"))
    assert not r.value.transient
    body = world.body(speaker, "Soup", world.image())
    fake.media.clear()  # an upload nobody used is thrown away after a day
    with pytest.raises(Refused, match="Cannot attach files"):
        speaker.publish(world.key(), body, gate=world.Gate())
