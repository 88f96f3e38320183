"""What the library says must not go out does not: not asked about, not planned, and stopped when it was planned."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quarterdeck.channels import verbs as channels
from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.channels.sandbox.adapter import SandboxAdapter
from quarterdeck.core import clock
from quarterdeck.core.problems import Invalid
from quarterdeck.publishing import preparing, verbs
from quarterdeck.publishing.intake import Claimed
from quarterdeck.publishing.known import Known
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.tests import world
from quarterdeck.studio import intake as studio
from quarterdeck.studio.models import Scan
from quarterdeck.studio.tests import pictures
from quarterdeck.studio.verbs import put_aside, remove_for_good

pytestmark = pytest.mark.django_db


def test_an_infected_picture_goes_nowhere():
    w = world.two()
    kept = studio.keep(w.author.workspace, pictures.png(), "soup.png")
    image = {"file": kept.pk.hex, "alt": "A bowl"}
    post = verbs.draft(w.author, brand=w.brand, text="Soup.", channels=[w.channel], images=[image])
    verbs.approve(post, by=w.approver, text_hash=post.text_hash)
    verbs.publish_now(post, by=w.author)
    row = post.deliveries.get()
    Scan.objects.update_or_create(
        file=kept, defaults={"found": "Eicar-Signature", "seen_at": clock.now(), "asked_at": clock.now()}
    )

    outcome = preparing.prepare(Claimed(row.pk, row.attempt), row, Known())
    assert outcome.verbed == "rejected"
    assert "Eicar-Signature" in outcome.words
    with pytest.raises(Invalid, match="Eicar-Signature"):
        verbs.publish_now(post, by=w.author)
    another = verbs.draft(w.author, brand=w.brand, text="More soup.", channels=[w.channel], images=[image])
    with pytest.raises(Invalid, match="Eicar-Signature"):
        verbs.ask_approval(another, by=w.author)


def prepared(post: Post) -> dict:
    """What comes of preparing each of its planned deliveries, by channel and part."""
    rows = post.deliveries.filter(state="intent").select_related("channel", "post")
    made = [(row, preparing.prepare(Claimed(row.pk, row.attempt), row, Known())) for row in rows]
    return {(row.channel.name, row.part): one for row, one in made}


def gone(w: world.World, file) -> None:
    """Put aside and deleted for good, as far as the library knows of posts that carry it."""
    put_aside([file], by=w.approver)
    remove_for_good(file, by=w.approver)


def test_an_approved_post_that_comes_back_without_its_picture_does_not_go_out():
    w = world.two()
    kept = studio.keep(w.author.workspace, pictures.png(), "soup.png")
    by_hand = connect_by_hand(w.approver, brand=w.brand, network="instagram", name="harbour")
    second = {"text": "It is green.", "images": [{"file": kept.pk.hex, "alt": "A bowl"}]}
    plain = {by_hand.pk.hex: [{"text": "Soup.", "images": []}]}
    post = verbs.draft(
        w.author, brand=w.brand, text="Soup.", channels=[w.channel], following=[second], overrides=plain
    )
    verbs.approve(post, by=w.approver, text_hash=post.text_hash)
    verbs.discard(post, by=w.author)
    gone(w, kept)
    verbs.restore(post, by=w.author)
    post.refresh_from_db()
    with pytest.raises(Invalid, match="not in the library any more"):
        verbs.publish_now(post, by=w.author)
    post.channels.set([by_hand])  # says it without the picture
    verbs.publish_now(post, by=w.author)
    assert [one.text for one in prepared(post).values()] == ["Soup."]


def test_a_planned_post_whose_picture_went_is_refused_before_any_call():
    w = world.two()
    kept = studio.keep(w.author.workspace, pictures.png(), "soup.png")
    by_hand = connect_by_hand(w.approver, brand=w.brand, network="instagram", name="harbour")
    second = {"text": "It is green.", "images": [{"file": kept.pk.hex, "alt": "A bowl"}]}
    post = verbs.draft(
        w.author, brand=w.brand, text="Soup.", channels=[w.channel, by_hand], following=[second]
    )
    verbs.approve(post, by=w.approver, text_hash=post.text_hash)
    verbs.publish_now(post, by=w.author)
    kept.delete()  # past every question
    outcomes = prepared(post)
    assert outcomes.pop((w.channel.name, 0)).text == "Soup."  # that part is whole
    assert outcomes.keys() == {(w.channel.name, 1), ("harbour", 0)}
    assert all(one.verbed == "rejected" for one in outcomes.values())
    assert all("not in the library any more" in one.words for one in outcomes.values())


def test_a_card_is_not_shown_without_the_picture_that_was_approved_with_it(monkeypatch):
    w = world.two()
    able = replace(SandboxAdapter.CAPABILITIES, cards=True)
    monkeypatch.setattr(SandboxAdapter, "CAPABILITIES", able)
    kept, url = studio.keep(w.author.workspace, pictures.png(), "soup.png"), "https://example.org/soup"
    card = {"page": "0", "url": url, "title": "Soup", "description": ""}
    card |= {"file": kept.pk.hex, "sha256": kept.sha256}
    other = channels.connect_sandbox(w.approver, brand=w.brand, name="Second")
    own = {other.pk.hex: [{"text": "Soup.", "images": []}]}
    post = verbs.draft(
        w.author, brand=w.brand, text=f"Soup. {url}", channels=[other], overrides=own, card=card
    )
    verbs.approve(post, by=w.approver, text_hash=post.text_hash)
    kept.delete()
    verbs.publish_now(post, by=w.author)  # this channel has no link to show
    assert [one.text for one in prepared(post).values()] == ["Soup."]
    verbs.edit(post, by=w.author, version=1, text=post.text, channels=[other, w.channel])
    assert prepared(post)[w.channel.name, 0].verbed == "rejected"
    with pytest.raises(Invalid, match="not in the library any more"):
        verbs.publish_now(post, by=w.author)
