"""Samples for the walk over every address: what a route with arguments needs, made in a given workspace.

Each room adds its own lines: `"url-name": lambda workspace: {"argument": row.pk}`. The walk opens each in its own
workspace and again from another, where it has to be a 404.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from unittest import mock
from uuid import UUID

from django.db import connection

from quarterdeck.channels import verbs as channel_verbs
from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.channels.contract import Connected, Elsewhere, Secrets
from quarterdeck.channels.intake import signins
from quarterdeck.channels.models import Beginning, Channel, SandboxAccount, SandboxFile, SandboxPost
from quarterdeck.core import clock, ids
from quarterdeck.crew import verbs
from quarterdeck.crew.models import Destination, Member, Notification, SignedLink, Workspace
from quarterdeck.crew.permissions import Role
from quarterdeck.desk import verbs as desk_verbs
from quarterdeck.desk.models import HandOver
from quarterdeck.exchange import exporting, importing, reading
from quarterdeck.exchange import verbs as exchange_verbs
from quarterdeck.exchange.asking import Answers
from quarterdeck.exchange.models import Export, Import, Row
from quarterdeck.ideas import verbs as idea_verbs
from quarterdeck.ideas.models import Idea, State
from quarterdeck.ideas.rows import Found
from quarterdeck.ledger import sequencer
from quarterdeck.ledger.models import Entry
from quarterdeck.planning.models import Layer, Series, Span
from quarterdeck.planning.verbs import layers as plan_layers
from quarterdeck.planning.verbs import series as plan_series
from quarterdeck.planning.verbs import slots as plan_slots
from quarterdeck.planning.verbs import spans as plan_spans
from quarterdeck.publishing import verbs as post_verbs
from quarterdeck.publishing.intake import Claimed
from quarterdeck.publishing.models import Delivery, Hold, Outside, Phrase, Policy, Post, Tick
from quarterdeck.publishing.policies import Seat, Step
from quarterdeck.publishing.verbs import holds as hold_verbs
from quarterdeck.publishing.verbs import holds_outside as outside_verbs
from quarterdeck.publishing.verbs import labels, outside, phrases, sending
from quarterdeck.publishing.verbs import policies as policy_verbs
from quarterdeck.review import verbs as review_verbs
from quarterdeck.review.models import Comment, Guest
from quarterdeck.studio import intake as studio_intake
from quarterdeck.studio import verbs as studio_verbs
from quarterdeck.studio.models import File, Shown, Upload
from quarterdeck.studio.pixels import Box
from quarterdeck.studio.tests import pictures
from tests import make

SAMPLES: dict[str, Callable[[Workspace], dict[str, object]]] = {}

# For each purpose of signed links a room registers: the id of an object it opens, made in the given workspace.
SIGNED_LINKS: dict[str, Callable[[Workspace], object]] = {}


# --- crew -------------------------------------------------------------------------------------------


def _owner(workspace: Workspace) -> Member:
    return workspace.members.filter(role=Role.OWNER, left_at=None).first() or make.member(of=workspace)


def _link(workspace: Workspace) -> SignedLink:
    return SignedLink.objects.create(
        workspace=workspace,
        purpose="tests.nothing",
        token_hash=ids.new().bytes * 2,
        issued_by=_owner(workspace),
        created_at=clock.now(),
        expires_at=clock.now(),
    )


def _notification(workspace: Workspace) -> Notification:
    return Notification.objects.create(member=_owner(workspace), subject="Told", created_at=clock.now())


def _place(workspace: Workspace) -> Destination:
    user = _owner(workspace).user
    return Destination.objects.create(
        user=user, label="Phone", schema="ntfy", url_sealed=b"", created_at=clock.now()
    )


def _other(workspace: Workspace) -> Member:
    return make.member(Role.AUTHOR, of=workspace, name="Bo")


SAMPLES |= {
    "crew-notification-open": lambda w: {"notification": _notification(w).pk},
    "crew-place-remove": lambda w: {"place": _place(w).pk},
    "crew-place-test": lambda w: {"place": _place(w).pk},
    "crew-invitation-revoke": lambda w: {
        "invitation": verbs.invite(by=_owner(w), role=Role.AUTHOR).invitation.pk
    },
    "crew-member-role": lambda w: {"member": _other(w).pk},
    "crew-member-remove": lambda w: {"member": _other(w).pk},
    "crew-brand-rename": lambda w: {"brand": w.brands.first().pk},
    "crew-link-revoke": lambda w: {"link": _link(w).pk},
}


# --- channels, publishing, desk ---------------------------------------------------------------------


def _channel(workspace: Workspace) -> Channel:
    return channel_verbs.connect_sandbox(_owner(workspace), brand=workspace.brands.get())


def _post(workspace: Workspace) -> Post:
    owner, brand = _owner(workspace), workspace.brands.get()
    return post_verbs.draft(owner, brand=brand, text="Nettle soup.", channels=[_channel(workspace)])


def _delivery(workspace: Workspace) -> Delivery:
    tomorrow = clock.now() + timedelta(days=1)
    post_verbs.schedule(post := _post(workspace), by=post.author, when=tomorrow.replace(tzinfo=None, hour=12))
    return post.deliveries.get()


def _by_hand(workspace: Workspace) -> Channel:
    owner, brand, name = _owner(workspace), workspace.brands.first(), ids.new().hex
    return connect_by_hand(owner, brand=brand, network="instagram", name=name)


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
        return {pk: (*rest, False, by_hand) for pk, (*rest, _, by_hand) in asked(wanted).items()}

    with mock.patch.object(sending, "_standing", before_any_hold):
        return sending.begin([ready]).handed[0]


def _phrase(workspace: Workspace) -> Phrase:
    return phrases.keep_phrase(_owner(workspace), kind="snippet", name=ids.new().hex, body="Come.")


def _recorded(workspace: Workspace) -> Post:
    channel, now = _by_hand(workspace), clock.now()
    return outside.record_outside(_owner(workspace), channel=channel, text=ids.new().hex, when=now)


def _sandbox_post(workspace: Workspace) -> SandboxPost:
    account = SandboxAccount.objects.get(handle=_channel(workspace).handle)
    key = ids.new().hex
    return SandboxPost.objects.create(account=account, client_key=key, text="Soup.", posted_at=clock.now())


def _sandbox_file(workspace: Workspace) -> SandboxFile:
    account = SandboxAccount.objects.get(handle=_channel(workspace).handle)
    return account.files.create(sha256="0" * 64, mime="image/png", width=3, height=2, data=pictures.png())


def _offer(workspace: Workspace) -> HandOver:
    act = desk_verbs.hand_over(_owner(workspace), [ids.new().hex], to=_other(workspace))
    return HandOver.objects.get(act=act)


_A_POST = {
    f"publishing-post{verb}": lambda w: {"pk": _post(w).pk}
    for verb in (
        "",
        "-edit",
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


def _bluesky(workspace: Workspace) -> Channel:
    """An account as it is after it signed in; nothing calls its network."""
    account = Connected(
        "harbour.example", "did:plc:harbour", "Harbour", "https://pds.example", Secrets({"token": "t"})
    )
    return channel_verbs.connect(
        _owner(workspace), brand=workspace.brands.first(), network="bluesky", connected=account
    )


def _beginning(workspace: Workspace) -> Beginning:
    """A connection that goes on at a network."""
    going_on = Elsewhere("https://network.example/authorize", {"state": ids.new().hex})
    brand = workspace.brands.first()
    return signins.begin(_owner(workspace), brand=brand, network="sandbox", elsewhere=going_on)


SAMPLES |= {
    "channels-channel": lambda w: {"pk": _channel(w).pk},
    "channels-channel-check": lambda w: {"pk": _channel(w).pk},
    "channels-channel-reconnect": lambda w: {"pk": _bluesky(w).pk},
    "channels-beginning": lambda w: {"pk": _beginning(w).pk},
    "channels-beginning-finish": lambda w: {"pk": _beginning(w).pk},
    "channels-channel-rename": lambda w: {"pk": _channel(w).pk},
    "channels-channel-disconnect": lambda w: {"pk": _channel(w).pk},
    "channels-sandbox-feed": lambda w: {"handle": _channel(w).handle},
    "channels-sandbox-post": lambda w: {"handle": (p := _sandbox_post(w)).account.handle, "pk": p.pk},
    "channels-sandbox-file": lambda w: {"handle": (f := _sandbox_file(w)).account.handle, "pk": f.pk},
    **_A_POST,
    **_A_DELIVERY,
    "publishing-by-hand": lambda w: {"pk": _handed(w).pk},
    "publishing-by-hand-out": lambda w: {"pk": _handed(w).pk},
    "publishing-by-hand-not": lambda w: {"pk": _handed(w).pk},
    "publishing-by-hand-undo": lambda w: {"pk": (d := _handed(w)).pk, "act": d.ledger_event_id},
    "publishing-record-undo": lambda w: {"pk": (p := _recorded(w)).pk, "act": p.ledger_event_id},
    "publishing-post-handover": lambda w: {"pk": _post(w).pk},
    "publishing-post-labels": lambda w: {"pk": _post(w).pk},
    "publishing-phrase-change": lambda w: {"pk": _phrase(w).pk},
    "publishing-phrase-remove": lambda w: {"pk": _phrase(w).pk},
    "publishing-label-change": lambda w: {"pk": labels.make_label(_owner(w), name=ids.new().hex).pk},
    "publishing-post-language": lambda w: {"pk": _post(w).pk},
    "publishing-post-undo": lambda w: {"pk": (d := _delivery(w)).post_id, "act": d.opened_by},
    "desk-handover-accept": lambda w: {"pk": _offer(w).pk},
    "desk-handover-decline": lambda w: {"pk": _offer(w).pk},
    "desk-handover-withdraw": lambda w: {"pk": _offer(w).pk},
    "desk-item-undo": lambda w: {"act": _offer(w).act},
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


# --- planning ---------------------------------------------------------------------------------------


def _span(workspace: Workspace) -> Span:
    now = clock.now().replace(tzinfo=None)
    return plan_spans.mark_span(
        _owner(workspace), kind="launch", title="Opening", begins=now, ends=now + timedelta(days=1)
    )


def _layer(workspace: Workspace) -> Layer:
    empty = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    return plan_layers.add_layer(_owner(workspace), title="School", content=empty)


def _series(workspace: Workspace) -> Series:
    begins = clock.now().replace(tzinfo=None)
    return plan_series.begin_series(_post(workspace), by=_owner(workspace), frequency="weekly", begins=begins)


SAMPLES |= {
    "planning-move": lambda w: {"pk": _post(w).pk},
    "planning-series-begin": lambda w: {"pk": _post(w).pk},
    "planning-watch": lambda w: {"pk": _post(w).pk},
    "planning-slot-remove": lambda w: {
        "pk": plan_slots.make_slot(_owner(w), channel=_channel(w), weekday=1, wall="11:30").pk
    },
    "planning-span-remove": lambda w: {"pk": _span(w).pk},
    "planning-span-restore": lambda w: {"pk": _span(w).pk},
    "planning-layer-remove": lambda w: {"pk": _layer(w).pk},
    "planning-series-end": lambda w: {"pk": _series(w).pk},
}

SIGNED_LINKS["planning.feed"] = lambda w: ""


# --- studio -----------------------------------------------------------------------------------------


def _file(workspace: Workspace) -> File:
    return studio_intake.keep(workspace, pictures.png(), "soup.png")


def _upload(workspace: Workspace) -> Upload:
    return studio_intake.begin(_owner(workspace), key=ids.new().hex, name="soup.png", size=100)


def _person(workspace: Workspace) -> Shown:
    return studio_verbs.note_person(_file(workspace), by=_owner(workspace), name="Mia")


def _cut(workspace: Workspace) -> dict[str, object]:
    file, box = _file(workspace), Box(0, 0, 0.5, 1)
    data = pictures.png(2, 2, colour=70)
    studio_verbs.keep_cut(file, by=_owner(workspace), place="instagram-square", box=box, data=data)
    return {"pk": file.pk, "place": "instagram-square"}


SAMPLES |= {
    **{
        f"studio-{name}": lambda w: {"pk": _file(w).pk}
        for name in (
            "file",
            "file-small",
            "video",
            "card",
            "card-describe",
            "card-rights",
            "card-remove",
            "person-note",
            "cut-all",
        )
    },
    "studio-upload": lambda w: {"pk": _upload(w).pk},
    "studio-upload-complete": lambda w: {"pk": _upload(w).pk},
    "studio-folder-change": lambda w: {"pk": studio_verbs.make_folder(_owner(w), name=ids.new().hex[:20]).pk},
    "studio-person-change": lambda w: {"pk": _person(w).pk},
    "studio-person-forget": lambda w: {"pk": _person(w).pk},
    "studio-cut": _cut,
    "studio-cut-remove": _cut,
}


# --- ideas ------------------------------------------------------------------------------------------


def _idea(workspace: Workspace) -> Idea:
    found = Found(title="Nettle soup in forty seconds", link="https://harbour.example/soup", tags=["recipes"])
    return idea_verbs.keep(_owner(workspace), found)


def _moved_idea(workspace: Workspace) -> dict[str, object]:
    idea = _idea(workspace)
    return {"pk": idea.pk, "act": idea_verbs.move(idea, by=_owner(workspace), to=State.BRIEF)}


SAMPLES |= {
    "ideas-move-back": _moved_idea,
    **{
        f"ideas-{verb}": lambda w: {"pk": _idea(w).pk}
        for verb in ("idea", "edit", "move", "aside", "take-back", "promote")
    },
}


# --- ledger -----------------------------------------------------------------------------------------


def _entry(workspace: Workspace) -> Entry:
    verbs.invite(by=_owner(workspace), role=Role.AUTHOR)
    with connection.cursor() as cursor:  # as a commit would: rows are held against events that still wait
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    sequencer.sequence_all()
    sequencer.sign_all()
    return Entry.objects.filter(log__workspace_id=workspace.pk).latest("seq")


SAMPLES |= {
    f"ledger-entry{part}": lambda w: {"event_id": _entry(w).event_id}
    for part in ("", "-leaf", "-fields", "-proof")
}


# --- approval policies ------------------------------------------------------------------------------


def _policy(workspace: Workspace) -> Policy:
    owner, label = _owner(workspace), labels.make_label(_owner(workspace), name=ids.new().hex)
    steps = [Step("Legal", "any", (Seat("role", Role.LEAD),))]
    return policy_verbs.make_policy(owner, terms=policy_verbs.Terms("Claims", steps, label=label))


SAMPLES |= {
    "publishing-policy-change": lambda w: {"pk": _policy(w).pk},
    "publishing-policy-retire": lambda w: {"pk": _policy(w).pk},
}


# --- review -----------------------------------------------------------------------------------------


def _guest(workspace: Workspace) -> Guest:
    return review_verbs.invite(_post(workspace), by=_owner(workspace), name="Dee").guest


def _comment(workspace: Workspace) -> Comment:
    return review_verbs.comment(_post(workspace), by=_owner(workspace), text="Warmer, please.")


SIGNED_LINKS["review.post"] = lambda w: _guest(w).pk

SAMPLES |= {
    **{f"review-{page}": lambda w: {"pk": _post(w).pk} for page in ("comments", "comment-write", "versions")},
    "review-guests": lambda w: {"pk": _guest(w).post_id},
    "review-guest-revoke": lambda w: {"pk": _guest(w).pk},
    **{
        f"review-comment-{act}": lambda w: {"pk": _comment(w).pk}
        for act in ("reply", "resolve", "reopen", "take", "decline")
    },
}


# --- exchange ---------------------------------------------------------------------------------------


def _import(workspace: Workspace) -> Import:
    sheet = reading.read(b"Text,Date\nNettle soup,2030-03-12\n", "plan.csv")
    return exchange_verbs.receive(_owner(workspace), name="plan.csv", sha256="0" * 64, sheet=sheet)


def _imported(workspace: Workspace) -> Import:
    """One that ended, with a draft and a row to fix."""
    found, brand = _import(workspace), workspace.brands.first()
    Row.objects.create(of=found, number=3, cells=["", "2030-03-13"])
    zone, meanings = workspace.timezone, ["text", "date"]
    answers = Answers(header=1, meanings=meanings, order="", zone=zone, times="draft", brand=str(brand.pk))
    exchange_verbs.begin(found, by=_owner(workspace), answers=answers, signature="0" * 64)
    importing.run(found.pk)
    return found


SAMPLES |= {
    "exchange-import": lambda w: {"pk": _import(w).pk},
    "exchange-import-drop": lambda w: {"pk": _import(w).pk},
    **{
        f"exchange-import-{page}": lambda w: {"pk": _imported(w).pk}
        for page in ("undo", "on", "drafts", "fixing")
    },
    **{
        f"exchange-import-row{act}": lambda w: {"pk": _imported(w).pk, "number": 3}
        for act in ("", "-leave", "-return")
    },
}


def _export(workspace: Workspace) -> Export:
    """One that its owner can fetch."""
    export = exchange_verbs.ask_export(_owner(workspace))
    exporting.make(export.pk)
    return export


SAMPLES |= {"exchange-export-file": lambda w: {"pk": _export(w).pk}}
