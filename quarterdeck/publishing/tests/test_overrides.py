"""One text, several channels: what a channel says instead goes out there, and approval covers every word of it."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from quarterdeck.channels import verbs as channels
from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.channels.sandbox.models import SandboxPost
from quarterdeck.core import clock
from quarterdeck.core.problems import Invalid
from quarterdeck.crew.models import Notification
from quarterdeck.publishing import differences, intake, offers, reads, rows, sending, verbs
from quarterdeck.publishing.models import Post, hash_content
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.test_composer import address, browser, form, texts
from quarterdeck.publishing.tests.test_parts import run
from quarterdeck.publishing.tests.world import NOON
from quarterdeck.studio import intake as studio
from quarterdeck.studio.tests import pictures

pytestmark = pytest.mark.django_db(transaction=True)
DUE = NOON + timedelta(minutes=30)
COMMON = "Nettle soup from Tuesday."
# As computed by the version before there were differences.
BEFORE = "ee0f6af66e95f43d100a4109ae8165328e075b29734e5c6914e4a4c2de9d5007"
OWN = "From Tuesday: nettle soup. #NettleSoup"


def part(text: str, *images: dict) -> dict:
    return {"text": text, "images": list(images)}


def second(w: world.World):
    return channels.connect_sandbox(w.approver, brand=w.brand, name="Second")


def post_on(w: world.World, *on, own: dict | None = None, text: str = COMMON, **more) -> Post:
    overrides = {channel.pk.hex: parts for channel, parts in (own or {}).items()}
    return verbs.draft(w.author, brand=w.brand, text=text, channels=on, overrides=overrides, **more)


def approve(w: world.World, post: Post) -> None:
    verbs.ask_approval(post, by=w.author)
    verbs.approve(post, by=w.approver, text_hash=post.text_hash)


def plan(w: world.World, post: Post) -> None:
    verbs.schedule(post, by=w.author, when=datetime.fromisoformat("2026-03-09T12:30"))


def is_approved(w: world.World, post: Post) -> bool:
    return reads.post(w.author.workspace, post.pk).is_approved


def edited(w: world.World, post: Post, on, **more) -> Post:
    post.refresh_from_db()
    return verbs.edit(post, by=w.author, version=post.version, text=post.text, channels=on, **more)


def test_what_was_approved_before_keeps_its_hash():
    text = "Soup."
    assert hash_content(text, [], []) == hashlib.sha256(text.encode()).hexdigest()
    assert hash_content(text, [], [], {"overrides": {}}) == hash_content(text, [], [])
    image = {"file": "f", "sha256": "0" * 64, "alt": "Soup."}
    assert hash_content(text, [image], [], {"overrides": {}}) == BEFORE
    own = {"a" * 32: [part(OWN)]}
    assert hash_content(text, [], [], {"overrides": own}) != hash_content(text, [], [])


def test_each_channel_gets_its_own_text_and_number_of_parts():
    w = world.two("UTC")
    other, kept = second(w), studio.keep(w.author.workspace, pictures.png(), "soup.png")
    picture = {"file": kept.pk.hex, "alt": "Soup."}
    with clock.at(NOON):
        post = post_on(w, w.channel, other, own={other: [part(OWN, picture), part("Book a table.")]})
        approve(w, post)
        plan(w, post)
    assert sorted(post.deliveries.values_list("channel__name", "part")) == sorted(
        [(w.channel.name, 0), (other.name, 0), (other.name, 1)]
    )
    run(DUE, DUE + timedelta(minutes=1))
    sent = {(one.account.handle, one.text) for one in SandboxPost.objects.all()}
    assert sent == {(w.channel.handle, COMMON), (other.handle, OWN), (other.handle, "Book a table.")}
    assert [i["alt"] for i in SandboxPost.objects.get(text=OWN).images] == ["Soup."]
    assert SandboxPost.objects.get(text=COMMON).images == []


def test_changing_what_one_channel_says_takes_the_approval_away():
    w = world.two("UTC")
    other = second(w)
    with clock.at(NOON):
        post = post_on(w, w.channel, other, own={other: [part(OWN)]})
        approve(w, post)
        plan(w, post)
    assert is_approved(w, post)
    changed = {other.pk.hex: [part(OWN + "!")]}
    with clock.at(NOON):
        edited(w, post, [w.channel, other], overrides=changed)
    assert not is_approved(w, post)
    run(DUE, DUE + timedelta(hours=1))
    assert not SandboxPost.objects.exists()


def test_a_channel_taken_out_keeps_its_text_and_the_approval_that_covers_it():
    w = world.two("UTC")
    other = second(w)
    with clock.at(NOON):
        post = post_on(w, w.channel, other, own={other: [part(OWN)]})
        approve(w, post)
        plan(w, post)
        edited(w, post, [w.channel])
        assert is_approved(w, post)
        assert set(post.deliveries.filter(state="intent").values_list("channel_id", flat=True)) == {
            w.channel.pk
        }
        edited(w, post, [w.channel, other])
        assert is_approved(w, post)
    run(DUE, DUE + timedelta(minutes=1))
    assert {one.text for one in SandboxPost.objects.all()} == {COMMON, OWN}


def test_a_text_kept_for_a_channel_that_is_not_chosen_is_shown_to_whoever_approves():
    w = world.two("UTC")
    other = second(w)
    post = post_on(w, w.channel, own={other: [part(OWN)]})
    page = browser(w.approver).get(address(w, f"{post.pk}/")).content.decode()
    assert "not chosen at the moment; approval covers it all the same" in page
    assert "#NettleSoup" in page


def test_what_says_the_same_or_nothing_is_no_difference():
    w = world.two("UTC")
    other = second(w)
    post = post_on(w, w.channel, other, own={w.channel: [part(COMMON)], other: [part("  ")]})
    assert post.overrides == {}
    assert post.text_hash == hash_content(COMMON, [], [])


def test_a_channel_of_another_workspace_is_refused():
    w, stranger = world.two("UTC"), world.two("UTC")
    with pytest.raises(Invalid, match="not in this workspace"):
        post_on(w, w.channel, own={stranger.channel: [part(OWN)]})


def test_another_number_of_parts_on_one_channel_leaves_the_others_planned():
    w = world.two("UTC")
    other = second(w)
    with clock.at(NOON):
        post = post_on(w, w.channel, other, own={other: [part(OWN)]})
        plan(w, post)
        first = post.deliveries.get(channel=w.channel)
        edited(w, post, [w.channel, other], overrides={other.pk.hex: [part(OWN), part("Two.")]})
    first.refresh_from_db()
    assert first.state == "intent"
    assert [d.part for d in post.deliveries.filter(channel=other, state="intent").order_by("part")] == [0, 1]
    assert post.deliveries.get(channel=other, state="cancelled").part == 0


def test_what_a_network_refuses_is_judged_by_what_goes_there():
    w = world.two("UTC")
    other, long = second(w), "a" * 600
    with pytest.raises(Invalid, match="characters over"):
        verbs.ask_approval(post_on(w, w.channel, text=long), by=w.author)
    verbs.ask_approval(post_on(w, w.channel, text=long, own={w.channel: [part(OWN)]}), by=w.author)
    with pytest.raises(Invalid, match=f"{other.name} on .* would refuse"):
        verbs.ask_approval(post_on(w, w.channel, other, own={other: [part(long)]}), by=w.author)


def test_what_is_posted_by_hand_is_the_channels_own_text():
    w = world.two("UTC")
    instagram = connect_by_hand(w.approver, brand=w.brand, network="instagram", name="harbour.kitchen")
    with clock.at(NOON):
        post = post_on(w, instagram, own={instagram: [part(OWN)]})
        approve(w, post)
        plan(w, post)
    with clock.at(DUE):
        for batch in intake.claim(6, clock.now()):
            sending.work(batch)
    row = post.deliveries.get()
    assert (row.state, row.text) == ("handed", OWN)
    told = Notification.objects.get(subject__startswith="Now by hand")
    assert OWN in told.text
    page = browser(w.author).get(f"/w/{w.author.workspace.slug}/by-hand/{row.pk}/").content.decode()
    assert OWN in page
    assert COMMON not in page.split("<main", 1)[1].split("<h1>")[1].split("</header>")[1]


def test_the_record_and_the_search_know_what_single_channels_say():
    w = world.two("UTC")
    other = second(w)
    post = post_on(w, w.channel, other, own={other: [part(OWN)]})
    assert OWN in rows.whole_text(post)
    assert other.name in rows.whole_text(post)
    (hit,) = offers.search(w.author, "#NettleSoup", 5)
    assert "#NettleSoup" in hit.snippet


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("One two three.", "One three."),
        ("A\nB  C", "A B C d"),
        ("We cook it from Tuesday, and the first twenty", "From Tuesday. First twenty"),
        ("مرحبا بكم", "مرحبا بكم جميعا 🫩"),
        ("", "New."),
        ("x " * 3000, "y " * 3000),
    ],
)
def test_differences_hold_both_texts_whole(before, after):
    pieces = differences.words(before, after)
    assert "".join(p.text for p in pieces if p.kind != "new") == before
    assert "".join(p.text for p in pieces if p.kind != "gone") == after
    assert all(p.text for p in pieces)


def test_a_change_of_several_words_reads_as_one():
    pieces = differences.words(
        "Here. We cook it from Tuesday, and the first ten", "Here. From Tuesday. First ten"
    )
    assert pieces == [
        ("same", "Here. "),
        ("gone", "We cook it from Tuesday, and the first"),
        ("new", "From Tuesday. First"),
        ("same", " ten"),
    ]


def test_without_a_script_a_channel_gets_its_own_text_and_gives_it_up():
    w = world.two()
    client, pk = browser(w.author), w.channel.pk.hex
    differs = client.post(address(w), form(w, COMMON, do=f"differ:{pk}"))
    assert texts(differs) == [COMMON, COMMON]
    sent = form(w, COMMON) | {"part": ["1", f"{pk}.1"], f"text:{pk}.1": OWN}
    assert texts(client.post(address(w), sent | {"do": f"add:{pk}"})) == [COMMON, OWN, ""]
    assert texts(client.post(address(w), sent | {"do": f"common:{pk}"})) == [COMMON]
    assert client.post(address(w), sent).status_code == 302
    post = Post.objects.get()
    assert post.overrides == {pk: [part(OWN)]}
    shown = client.get(address(w, f"{post.pk}/text/")).content.decode()
    assert "says it differently" in shown
    assert "<ins>" in shown
    kept = client.post(address(w, f"{post.pk}/text/"), form(w, COMMON) | {"version": 1})
    assert kept.status_code == 302
    post.refresh_from_db()
    assert post.overrides == {}


def test_keys_that_are_none_are_not_read():
    w = world.two()
    sent = form(w, COMMON) | {"part": ["1", "zz.1", f"{UUID(int=1).hex}.1"], f"text:{UUID(int=1).hex}.1": "x"}
    answer = browser(w.author).post(address(w), sent)
    assert answer.status_code == 422
    assert not Post.objects.exists()


def test_what_a_channel_said_that_is_not_connected_any_more_is_kept():
    w = world.two()
    other = second(w)
    post = post_on(w, w.channel, own={other: [part(OWN)]})
    channels.disconnect(other, by=w.approver)
    sent = form(w, "Nettle soup, hot.") | {"version": 1}
    assert browser(w.author).post(address(w, f"{post.pk}/text/"), sent).status_code == 302
    post.refresh_from_db()
    assert post.overrides == {other.pk.hex: [part(OWN)]}
