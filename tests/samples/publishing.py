"""Samples of publishing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from unittest import mock
from uuid import UUID

from quarterdeck.core import clock, ids
from quarterdeck.crew.models import Workspace
from quarterdeck.crew.permissions import Role
from quarterdeck.publishing import verbs as post_verbs
from quarterdeck.publishing.intake import Claimed
from quarterdeck.publishing.models import Delivery, Hold, Outside, Phrase, Policy, Post, Tick
from quarterdeck.publishing.policies import Seat, Step
from quarterdeck.publishing.verbs import holds as hold_verbs
from quarterdeck.publishing.verbs import holds_outside as outside_verbs
from quarterdeck.publishing.verbs import labels, outside, phrases, sending
from quarterdeck.publishing.verbs import policies as policy_verbs
from tests import make
from tests.samples.channels import _by_hand, _channel
from tests.samples.crew import _owner


def _post(workspace: Workspace) -> Post:
    owner, brand = _owner(workspace), workspace.brands.get()
    return post_verbs.draft(owner, brand=brand, text="Nettle soup.", channels=[_channel(workspace)])


def _delivery(workspace: Workspace) -> Delivery:
    tomorrow = clock.now() + timedelta(days=1)
    post_verbs.schedule(post := _post(workspace), by=post.author, when=tomorrow.replace(tzinfo=None, hour=12))
    return post.deliveries.get()


def _handed(workspace: Workspace) -> Delivery:
    """A post in somebody's hands, as the sending loop leaves it."""
    owner, channel = _owner(workspace), _by_hand(workspace)
    post = post_verbs.draft(owner, brand=channel.brand, text="Nettle soup.", channels=[channel])
    post_verbs.ask_approval(post, by=owner)
    post_verbs.approve(post, by=make.member(Role.LEAD, of=workspace), text_hash=post.text_hash)
    tomorrow = clock.now() + timedelta(days=1)
    post_verbs.schedule(post, by=owner, when=tomorrow.replace(tzinfo=None, hour=12))
    row = post.deliveries.get()
    ready = sending.Prepared(Claimed(row.pk, row.attempt), row, post.text, post.text_hash, {})
    asked = sending._standing

    def before_any_hold(wanted: Iterable[UUID]) -> dict:
        return {pk: stands._replace(held=False) for pk, stands in asked(wanted).items()}

    with mock.patch.object(sending, "_standing", before_any_hold):
        return sending.begin([ready]).handed[0]


def _phrase(workspace: Workspace) -> Phrase:
    return phrases.keep_phrase(_owner(workspace), kind="snippet", name=ids.new().hex, body="Come.")


def _recorded(workspace: Workspace) -> Post:
    channel, now = _by_hand(workspace), clock.now()
    return outside.record_outside(_owner(workspace), channel=channel, text=ids.new().hex, when=now)


_A_POST = {
    f"publishing-post{verb}": lambda w: {"pk": _post(w).pk}
    for verb in (
        "",
        "-edit",
        "-life",
        "-life-file",
        "-ask",
        "-approve",
        "-return",
        "-plan",
        "-now",
        "-cancel",
        "-discard",
        "-restore",
    )
}

_A_DELIVERY = {
    f"publishing-delivery-{verb}": lambda w: {"pk": _delivery(w).pk}
    for verb in ("now", "next", "drop", "out", "absent")
}

SAMPLES = {
    **_A_POST,
    **_A_DELIVERY,
    "publishing-by-hand": lambda w: {"pk": _handed(w).pk},
    "publishing-by-hand-out": lambda w: {"pk": _handed(w).pk},
    "publishing-by-hand-not": lambda w: {"pk": _handed(w).pk},
    "publishing-by-hand-undo": lambda w: {"pk": (d := _handed(w)).pk, "act": d.ledger_event_id},
    "publishing-record-undo": lambda w: {"pk": (p := _recorded(w)).pk, "act": p.ledger_event_id},
    "publishing-post-handover": lambda w: {"pk": _post(w).pk},
    "publishing-post-size": lambda w: {"pk": _post(w).pk},
    "publishing-post-labels": lambda w: {"pk": _post(w).pk},
    "publishing-phrase-change": lambda w: {"pk": _phrase(w).pk},
    "publishing-phrase-remove": lambda w: {"pk": _phrase(w).pk},
    "publishing-label-change": lambda w: {"pk": labels.make_label(_owner(w), name=ids.new().hex).pk},
    "publishing-post-language": lambda w: {"pk": _post(w).pk},
    "publishing-post-undo": lambda w: {"pk": (d := _delivery(w)).post_id, "act": d.opened_by},
}


def _hold(workspace: Workspace) -> Hold:
    standing = Hold.objects.filter(workspace=workspace, scope="workspace", lifted_at=None).first()
    return standing or hold_verbs.place(_owner(workspace))


def _outside(workspace: Workspace) -> Outside:
    return outside_verbs.add_outside(_owner(workspace), title="The newsletter")


def _tick(workspace: Workspace) -> Tick:
    return outside_verbs.tick(_hold(workspace), by=_owner(workspace), outside=_outside(workspace))


SAMPLES |= {
    "publishing-hold": lambda w: {"pk": _hold(w).pk},
    "publishing-hold-undo": lambda w: {"pk": _hold(w).pk},
    "publishing-hold-lift": lambda w: {"pk": _hold(w).pk},
    "publishing-hold-tick": lambda w: {"pk": _hold(w).pk},
    "publishing-hold-untick": lambda w: {"pk": (t := _tick(w)).hold_id, "tick": t.pk},
    "publishing-outside-remove": lambda w: {"pk": _outside(w).pk},
    "publishing-outside-restore": lambda w: {"pk": _outside(w).pk},
}


def _policy(workspace: Workspace) -> Policy:
    owner, label = _owner(workspace), labels.make_label(_owner(workspace), name=ids.new().hex)
    steps = [Step("Legal", "any", (Seat("role", Role.LEAD),))]
    return policy_verbs.make_policy(owner, terms=policy_verbs.Terms("Claims", steps, label=label))


SAMPLES |= {
    "publishing-policy-change": lambda w: {"pk": _policy(w).pk},
    "publishing-policy-retire": lambda w: {"pk": _policy(w).pk},
}
