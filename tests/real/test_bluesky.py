"""Bluesky, against the real server: its firehose says what became of each call."""

from __future__ import annotations

import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.channels.bluesky import record
from quarterdeck.channels.bluesky.adapter import BlueskyAdapter
from quarterdeck.channels.bluesky.connection import BlueskyConnector
from quarterdeck.channels.bluesky.tests import world
from quarterdeck.channels.contract import Account, Content, Counts, Published, Refused, Thread, Unclear

pytestmark = [pytest.mark.real, pytest.mark.timeout(400)]
_people = count(1)


def _connect(pds, person, password=""):
    typed = {
        "server": pds.address,
        "handle": person.handle,
        "password": password or person.app_password,
    }
    return BlueskyConnector().begin(typed, back="https://desk.example.org/back")


def _account(found):
    return Account(found.handle, found.remote_id, found.server, found.secrets.values, found.facts)


@pytest.fixture
def person(pds):
    return pds.person(f"harbour{next(_people)}")


@pytest.fixture
def ada(pds, person):
    """An adapter that speaks for a fresh account."""
    return BlueskyAdapter(_account(_connect(pds, person)))


def _through(cutter, ada):
    return BlueskyAdapter(replace(ada.account, server=cutter.address))


def _all(pds, person, ada):
    """Every change of the account's posts; nothing is on its way."""
    return pds.marked(person, ada.account.secrets["access"])


# --- connecting -------------------------------------------------------------------------------------


def test_an_app_password_connects(pds, person):
    found = _connect(pds, person)
    assert (found.handle, found.remote_id, found.server) == (person.handle, person.did, pds.address)
    assert found.facts == {"entry": pds.address, "blob_limit": 5 * 1024 * 1024}
    assert timedelta(hours=1) < found.secrets.expires_at - datetime.now(UTC) < timedelta(hours=3)


def test_the_main_password_is_recognised(pds, person):
    with pytest.raises(Refused, match="main password"):
        _connect(pds, person, person.password)


def test_a_wrong_password_is_said_in_words(pds, person):
    with pytest.raises(Refused, match="does not know this handle"):
        _connect(pds, person, "wrong-pass-word-here")


def test_renewing_and_what_ends_it(pds, person, ada):
    fresh = ada.renew()
    again = BlueskyAdapter(replace(ada.account, secrets=fresh.values))
    assert world.published(again).remote_id
    assert ada.renew().values["access"]  # for two hours the used one still works: a lost answer loses nothing
    session = pds.call(
        "com.atproto.server.createSession", post={"identifier": person.did, "password": person.password}
    )
    pds.call("com.atproto.server.revokeAppPassword", post={"name": "Quarterdeck"}, token=session["accessJwt"])
    with pytest.raises(Refused, match="connect the channel again") as no:
        again.renew()
    assert no.value.reconnect


def test_health_says_how_long(ada):
    found = ada.health()
    assert timedelta(days=89) < found.expires_at - datetime.now(UTC) <= timedelta(days=90)
    assert found.missing == ()


def test_an_account_that_is_deactivated_says_so(pds, person, ada):
    session = pds.call(
        "com.atproto.server.createSession", post={"identifier": person.did, "password": person.password}
    )
    pds.call("com.atproto.server.deactivateAccount", post={}, token=session["accessJwt"])
    made = world.body(ada)
    with pytest.raises(Refused, match="deactivated on Bluesky") as no:
        ada.publish(made["rkey"], made, gate=world.Gate())
    assert no.value.reconnect
    assert ada.reconcile(made["rkey"], made, began_at=world.DUE).what == "unknown"
    with pytest.raises(Refused, match="deactivated") as no:
        ada.health()
    assert no.value.reconnect


# --- publishing -------------------------------------------------------------------------------------


def test_a_post_is_one_create_with_our_identifier(pds, person, ada):
    made = world.body(ada, "☕ Soup at noon. #soup https://example.com/menu")
    post = ada.publish(made["rkey"], made, gate=world.Gate())
    (seen,) = _all(pds, person, ada)
    assert (seen["action"], seen["path"]) == ("create", f"app.bsky.feed.post/{made['rkey']}")
    assert seen["record"] == made["record"]
    assert seen["cid"] == post.details["cid"] == record.identifier(made["record"])


def test_the_same_call_again_is_no_second_commit(pds, person, ada):
    made = world.body(ada)
    first, second = (ada.publish(made["rkey"], made, gate=world.Gate()) for _ in range(2))
    assert first == second
    assert [one["action"] for one in _all(pds, person, ada)] == ["create"]


def test_another_text_at_our_key_is_not_overwritten_and_ours_is_found_again(pds, person, ada):
    made = world.body(ada)
    first = ada.publish(made["rkey"], made, gate=world.Gate())
    edited = made | {"record": made["record"] | {"text": "Mended by hand"}}
    del edited["swapRecord"]
    pds.call("com.atproto.repo.putRecord", post=edited, token=ada.account.secrets["access"])
    with pytest.raises(Unclear, match="Mended by hand"):
        ada.publish(made["rkey"], made, gate=world.Gate())
    found = ada.reconcile(made["rkey"], made, began_at=world.DUE)
    assert (found.what, len(found.near)) == ("unknown", 1)
    back = {name: value for name, value in made.items() if name != "swapRecord"}
    pds.call("com.atproto.repo.putRecord", post=back, token=ada.account.secrets["access"])
    assert ada.publish(made["rkey"], made, gate=world.Gate()) == first
    assert [one["action"] for one in _all(pds, person, ada)] == ["create", "update", "update"]


def test_a_lost_answer_is_found(pds, person, ada, cutter):
    broken = _through(cutter, ada)
    made = world.body(ada)
    cutter.cut("answer")
    with pytest.raises(Unclear):
        broken.publish(made["rkey"], made, gate=world.Gate())
    assert cutter.cuts == ["answer"]
    found = broken.reconcile(made["rkey"], made, began_at=world.DUE)
    assert found.what == "found"
    assert found.published.details["cid"] in found.evidence
    assert broken.publish(made["rkey"], made, gate=world.Gate()) == found.published
    assert [one["action"] for one in _all(pds, person, ada)] == ["create"]


def test_what_never_arrived_is_absent(pds, person, ada, cutter):
    broken = _through(cutter, ada)
    made = world.body(ada)
    cutter.cut("request")
    with pytest.raises(Unclear):
        broken.publish(made["rkey"], made, gate=world.Gate())
    assert cutter.cuts == ["request"]
    found = broken.reconcile(made["rkey"], made, began_at=world.DUE)
    assert (found.what, "revision 3" in found.evidence) == ("absent", True)
    assert _all(pds, person, ada) == []
    broken.publish(made["rkey"], made, gate=world.Gate())
    assert [one["action"] for one in _all(pds, person, ada)] == ["create"]


def test_a_server_killed_after_it_took_a_post_still_has_it(pds, person, ada, cutter):
    broken = _through(cutter, ada)
    made = world.body(ada)
    cutter.cut("answer")
    with pytest.raises(Unclear):
        broken.publish(made["rkey"], made, gate=world.Gate())
    pds.stop(signal.SIGKILL)
    try:
        assert ada.reconcile(made["rkey"], made, began_at=world.DUE).what == "unknown"
        with pytest.raises(Refused, match="cannot be reached") as no:
            ada.publish(made["rkey"], made, gate=world.Gate())
        assert no.value.transient
    finally:
        pds.restart()
    found = ada.reconcile(made["rkey"], made, began_at=world.DUE)
    assert found.what == "found"
    assert ada.publish(made["rkey"], made, gate=world.Gate()) == found.published
    assert [one["action"] for one in _all(pds, person, ada)] == ["create"]


def test_a_thread_with_an_image_is_one_create_per_part(pds, person, ada):
    picture = world.image()
    first = world.published(
        ada,
        content=Content(f"One, with @{person.handle}", (picture,), "en"),
        uploads=[ada.upload(picture), ada.prepare(Content(f"@{person.handle}"))],
    )
    second = world.published(ada, "Two", position=1, thread=Thread(first, first))
    world.published(ada, "Three", position=2, thread=Thread(first, second))
    seen = _all(pds, person, ada)
    assert [(one["action"], one["record"]["text"][:3]) for one in seen] == [
        ("create", "One"),
        ("create", "Two"),
        ("create", "Thr"),
    ]
    assert sorted(one["path"] for one in seen) == [one["path"] for one in seen]
    assert seen[2]["record"]["reply"]["parent"] == {"uri": second.remote_id, "cid": seen[1]["cid"]}
    assert seen[0]["record"]["facets"][0]["features"][0]["did"] == person.did
    link = seen[0]["record"]["embed"]["images"][0]["image"]["ref"]["$link"]
    assert pds.blob(person, link) == world.PIXEL


def test_an_image_the_server_never_got_is_refused_in_words(ada):
    made = world.body(
        ada,
        content=Content("Soup", (world.image(),)),
        uploads=[
            {
                "blob": {
                    "$type": "blob",
                    "ref": {"$link": record._cbor.of_hash(b"\1" * 32)},
                    "mimeType": "image/png",
                    "size": 9,
                }
            }
        ],
    )
    with pytest.raises(Refused, match="has not kept an image") as no:
        ada.publish(made["rkey"], made, gate=world.Gate())
    assert not no.value.transient


def test_taking_down_twice_is_one_delete(pds, person, ada):
    made = world.body(ada)
    post = ada.publish(made["rkey"], made, gate=world.Gate())
    ada.delete(post)
    ada.delete(post)
    assert [one["action"] for one in _all(pds, person, ada)] == ["create", "delete"]
    assert ada.reconcile(made["rkey"], made, began_at=world.DUE).what == "absent"


# --- how long a text may be -------------------------------------------------------------------------

FAMILY = "👩‍👩‍👧‍👦"
UNITS = {
    "letters": "x",
    "umlauts": "ü",
    "combining": "e\u0301",
    "emoji": "🍜",
    "skin tones": "👩🏽",
    "flags": "🇫🇷",
    "keycaps": "1\ufe0f\u20e3",
    "hangul jamo": "\u1112\u1161\u11ab",
    "han": "漢",
    "lines": "\r\n",
    "devanagari": "क्षि",
    "thai": "กำ",
    "arabic": "ش",
    "zwj": "👩‍🍳",
}


@pytest.fixture(scope="module")
def taken(bluesky):
    """Whether the server takes a text or a whole record, asked past the product: a function."""
    writer = bluesky.person("writer")
    session = bluesky.call(
        "com.atproto.server.createSession",
        post={"identifier": writer.did, "password": writer.app_password},
    )

    def ask(given):
        plain = {"$type": record.POST, "text": given, "createdAt": record.created(world.DUE)}
        made = plain if isinstance(given, str) else given
        body = {"repo": writer.did, "collection": record.POST, "record": made, "validate": True}
        return bluesky.takes("com.atproto.repo.createRecord", body, session["accessJwt"])

    return ask


def _fits(text):
    return not [words for words in record.faults(Content(text), {}) if "There is no text" not in words]


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_the_server_counts_as_we_do(taken, unit):
    most = min(300, 3000 // len(unit.encode()))
    assert [(taken(unit * n), _fits(unit * n)) for n in (most, most + 1)] == [(True, True), (False, False)]


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (FAMILY * 120, True),  # 3,000 bytes
        (FAMILY * 121, False),  # 121 graphemes, 3,025 bytes
        (FAMILY * 119 + "x" * 25, True),
        (FAMILY * 119 + "x" * 26, False),
        ("x" * 300, True),
        ("x" * 301, False),
    ],
)
def test_both_edges_at_once(taken, text, fits):
    assert (taken(text), _fits(text)) == (fits, fits)


@settings(max_examples=100, derandomize=True)
@given(
    st.lists(
        st.sampled_from([*UNITS.values(), "\u0300", "\u200d", "\ufe0f"]) | st.characters(codec="utf-8"),
        min_size=270,
        max_size=330,
    )
)
def test_the_server_judges_any_text_as_we_do(taken, pieces):
    text = "".join(pieces)
    assert taken(text) == _fits(text), ascii(text)


LINKED = [
    "https://example.com/menu?a=1&b=ü#top",
    "https://müller.example/ü",
    "http://127.0.0.1/x",
    "https://[::1]/",
    "HTTPS://Example.COM.",
    "(example.com/a(b))",
    "https://example.com/%zz",
    "https://a",
    "http://",
    "https://example.com:99999/🍜",
    "#soup",
    "#" + "ü" * 64,
    "#\U00020000tag",
    "#1",
    "$SOUP",
    "@writer.test",
    "@nobody.example.com",
    "@Writer.Test,",
]


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.lists(st.sampled_from(LINKED) | st.text(max_size=5), min_size=1, max_size=8))
def test_every_mark_we_make_is_taken(taken, pieces):
    text = " ".join(pieces)
    content = Content(text)
    if not record.faults(content, {}):
        people = dict.fromkeys(record.mentioned(text), "did:plc:ewvi7nxzyoun6zhxrhs64oiz")
        assert taken(record.of(content, world.DUE, [{"mentions": people}], None)), ascii(text)


# --- reading ----------------------------------------------------------------------------------------


def test_own_posts_newest_first(ada):
    late = world.DUE + timedelta(days=2)
    early, later = (ada.render(Content(t), key=ada.new_key(d, 0), due_at=d) for t, d in
                    (("Early", world.DUE), ("Late", late)))  # fmt: skip
    for made in (early, later):
        ada.publish(made["rkey"], made, gate=world.Gate())
    found = list(ada.own_posts(world.DUE))
    assert [(one.text, one.posted_at) for one in found] == [("Late", late), ("Early", world.DUE)]
    assert [one.counts for one in found] == [Counts({})] * 2
    assert found[0].published.details["cid"] == record.identifier(later["record"])
    assert [one.text for one in ada.own_posts(world.DUE + timedelta(days=1))] == ["Late"]


def test_a_server_without_an_index_says_so(ada):
    post = world.published(ada)
    for ask in (lambda: ada.metrics([post]), lambda: ada.replies(post)):
        with pytest.raises(Refused, match="not connected to Bluesky’s index") as no:
            ask()
        assert no.value.transient


def test_an_unknown_post_is_refused_in_words(ada):
    with pytest.raises(Refused, match="not the address of a post"):
        ada.delete(Published("https://example.com", ""))
