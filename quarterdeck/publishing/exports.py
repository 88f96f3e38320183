"""What the full export holds of publishing, a few rows at a time. No person stands beside work: what a role may know of
the past (an approval was given by a lead) is said by role.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from quarterdeck.core.registries import ExportTable, in_chunks
from quarterdeck.crew.models import Workspace
from quarterdeck.publishing import reads, status
from quarterdeck.publishing.models import (
    Approval,
    Ask,
    Caught,
    Clearance,
    Delivery,
    Hold,
    Label,
    Outside,
    Phrase,
    Policy,
    Post,
    PostVersion,
    Purpose,
    Reminder,
    Return,
    Settlement,
    ShortLink,
    Tick,
)

Rows = Iterator[dict[str, Any]]


def posts(workspace: Workspace) -> Rows:
    """Every post, discarded ones too, with how it stands in one word."""
    found = reads.every_post(workspace).select_related("brand").order_by("created_at", "pk")
    found = found.prefetch_related("labels", "channels", "deliveries__settlements")
    for post in in_chunks(found):
        stands = reads.standing(post, list(post.deliveries.all()), held=set())
        yield {
            "id": post.pk,
            "brand": post.brand.name,
            "kind": post.kind,
            "size": post.size,
            "language": post.language,
            "version_of": post.version_of,
            "answers": post.answers_id,
            "text": post.text,
            "parts": len(post.parts),
            "status": status.word(status.of(stands), stands),
            "channels": [channel.name for channel in post.channels.all()],
            "labels": [label.name for label in post.labels.all()],
            "latest_minutes": post.latest_minutes,
            "version": post.version,
            "text_hash": post.text_hash,
            "created_at": post.created_at,
            "changed_at": post.changed_at,
            "discarded_at": post.discarded_at,
            "ledger_event_id": post.ledger_event_id,
        }


def parts(workspace: Workspace) -> Rows:
    """Every part of every post in order, the common ones first, then those that single channels say instead. Images by
    the hash of their file."""
    for post in in_chunks(Post.objects.filter(workspace=workspace).order_by("created_at", "pk")):
        for channel, said in [(None, post.parts), *post.overrides.items()]:
            for number, part in enumerate(said, 1):
                yield {
                    "post": post.pk,
                    "channel_id": channel and UUID(channel),
                    "part": number,
                    "text": part["text"],
                    "images": [image["sha256"] for image in part["images"]],
                    "descriptions": [image["alt"] for image in part["images"]],
                }


def versions(workspace: Workspace) -> Rows:
    """What each post said whenever it was saved."""
    found = PostVersion.objects.filter(post__workspace=workspace).order_by("saved_at", "pk")
    for row in in_chunks(found):
        yield {
            "post": row.post_id,
            "version": row.number,
            "saved_at": row.saved_at,
            "text": row.parts[0]["text"] if row.parts else "",
            "parts": row.parts,
            "beside": row.besides,
            "text_hash": row.text_hash,
            "ledger_event_id": row.ledger_event_id,
        }


def labels(workspace: Workspace) -> Rows:
    for label in in_chunks(Label.objects.filter(workspace=workspace).order_by("name")):
        yield {
            "id": label.pk,
            "name": label.name,
            "latest_minutes": label.latest_minutes,
            "made_at": label.made_at,
        }


def phrases(workspace: Workspace) -> Rows:
    """The book: names with their handles, snippets, hashtags, and what links carry."""
    found = Phrase.objects.filter(workspace=workspace).order_by("kind", "name", "pk")
    yield from in_chunks(found.values("kind", "name", "value", "removed_at"))


def short_links(workspace: Workspace) -> Rows:
    """Where each short address leads."""
    found = ShortLink.objects.filter(workspace=workspace).order_by("made_at", "code")
    yield from in_chunks(found.values("code", "url", "made_at"))


def deliveries(workspace: Workspace) -> Rows:
    """Where each part went, when, and what came of it."""
    found = (
        Delivery.objects.filter(workspace=workspace).select_related("channel").prefetch_related("settlements")
    )
    for row in in_chunks(found.order_by("planned_at", "post_id", "channel_id", "part")):
        settled = row.settled
        yield {
            "id": row.pk,
            "post": row.post_id,
            "part": row.part + 1,
            "channel": row.channel.name,
            "network": row.channel.network,
            "by_hand": row.channel.by_hand,
            "wall_time": row.wall,
            "zone": row.zone,
            "due_at": row.due_at,
            "latest_at": row.latest_at,
            "outcome": row.word,
            "decided": settled.get_how_display() if settled else "",
            "taken_off_because": row.closed_why,
            "url": row.url,
            "remote_id": row.remote_id,
            "text_sent": row.text,
            "payload_hash": row.payload_hash,
            "failure": row.failure,
            "evidence": row.evidence,
            "began_at": row.began_at,
            "ended_at": row.ended_at,
            "edited_at": row.edited_at,
            "taken_down_at": row.removed_at,
            "ledger_event_id": row.ledger_event_id,
        }


def decisions(workspace: Workspace) -> Rows:
    found = Settlement.objects.filter(delivery__workspace=workspace).order_by("settled_at", "pk")
    yield from in_chunks(found.values("delivery", "how", "settled_at", "undone_at", "ledger_event_id"))


def approvals(workspace: Workspace) -> Rows:
    found = Approval.objects.filter(post__workspace=workspace).select_related("approved_by")
    for row in in_chunks(found.order_by("approved_at", "pk")):
        yield {
            "post": row.post_id,
            "text_hash": row.text_hash,
            "approved_at": row.approved_at,
            "role": row.approved_by.role if row.approved_by else "guest",
            "alone": row.alone,
            "note": row.note,
            "withdrawn_at": row.withdrawn_at,
            "ledger_event_id": row.ledger_event_id,
        }


def clearances(workspace: Workspace) -> Rows:
    """Which text was cleared to go out, and whether by its own approvals or carried over a small edit."""
    found = Clearance.objects.filter(post__workspace=workspace).select_related("carried_from")
    for row in in_chunks(found.order_by("cleared_at", "pk")):
        yield {
            "post": row.post_id,
            "text_hash": row.text_hash,
            "cleared_at": row.cleared_at,
            "carried_from_text_hash": row.carried_from.text_hash if row.carried_from else "",
            "ended_at": row.ended_at,
            "ledger_event_id": row.ledger_event_id,
        }


def questions(workspace: Workspace) -> Rows:
    """Approvals that were asked for, and texts that were given back."""
    for row in in_chunks(Ask.objects.filter(post__workspace=workspace).order_by("asked_at", "pk")):
        yield _question(row.post_id, row.text_hash, row.asked_at, row.ended_at, row.ended_how or "open", "")
    for row in in_chunks(Return.objects.filter(post__workspace=workspace).order_by("returned_at", "pk")):
        yield _question(row.post_id, row.text_hash, row.returned_at, None, "given back", row.reason)


def _question(post: UUID, text_hash: str, at: Any, ended: Any, how: str, reason: str) -> dict[str, Any]:
    return {"post": post, "text_hash": text_hash, "at": at, "ended_at": ended, "how": how, "reason": reason}


def reminders(workspace: Workspace) -> Rows:
    found = Reminder.objects.filter(post__workspace=workspace).order_by("reminded_at", "pk")
    yield from in_chunks(found.values("post", "text_hash", "due_at", "hours", "reminded_at"))


def policies(workspace: Workspace) -> Rows:
    """What must be approved by how many. A seat says its role, “member” or “guest”: no person is named."""
    found = Policy.objects.filter(workspace=workspace).select_related("brand", "label")
    for row in in_chunks(found.order_by("made_at", "pk")):
        yield {
            "name": row.name,
            "brand": row.brand.name if row.brand else "",
            "label": row.label.name if row.label else "",
            "steps": [_step(step) for step in row.steps],
            "in_this_order": row.ordered,
            "own_posts": row.get_own_display(),
            "small_edits_keep_it": row.small_edits,
            "phrases": row.phrases,
            "claim_label_ids": [UUID(one) for one in row.claim_labels],
            "deadline_hours": row.deadline_hours,
            "reminder_hours": row.reminders,
            "made_at": row.made_at,
            "retired_at": row.retired_at,
        }


def _step(step: dict[str, Any]) -> dict[str, Any]:
    seats = [who if kind == "role" else kind for kind, who in step["seats"]]
    return {"name": step["name"], "how": step["how"], "claims": step["claims"], "seats": seats}


def holds(workspace: Workspace) -> Rows:
    for row in in_chunks(Hold.objects.filter(workspace=workspace).order_by("placed_at", "pk")):
        yield {
            "id": row.pk,
            "scope": row.get_scope_display(),
            "target": row.target,
            "reason": row.reason,
            "placed_at": row.placed_at,
            "lifted_at": row.lifted_at,
        }


def caught(workspace: Workspace) -> Rows:
    found = Caught.objects.filter(hold__workspace=workspace).order_by("hold", "pk")
    yield from in_chunks(found.values("hold", "delivery", "handed_out"))


def outside(workspace: Workspace) -> Rows:
    found = Outside.objects.filter(workspace=workspace).order_by("added_at", "pk")
    yield from in_chunks(found.values("id", "title", "how", "added_at", "removed_at"))


def ticks(workspace: Workspace) -> Rows:
    found = Tick.objects.filter(hold__workspace=workspace).order_by("ticked_at", "pk")
    yield from in_chunks(found.values("hold", "outside", "delivery", "ticked_at"))


def purposes(workspace: Workspace) -> Rows:
    """What each post names, and which of it only when it was out already."""
    found = Purpose.objects.filter(workspace=workspace).order_by("named_at", "pk")
    names = ("campaign", "objective", "pillar")
    yield from in_chunks(
        found.values("post", *names, *(f"{name}_after" for name in names), "named_at", "ledger_event_id")
    )


EXPORTS = {
    "posts": ExportTable("Every post: its first part, how it stands, its channels and labels.", posts),
    "post_parts": ExportTable(
        "Every part of every post in order, with its pictures by SHA-256; with a channel_id, what that channel says"
        " instead.",
        parts,
    ),
    "post_versions": ExportTable("What each post said whenever it was saved.", versions),
    "labels": ExportTable("The labels posts are sorted by.", labels),
    "post_purposes": ExportTable(
        "The campaign, the objective and the pillar that each post names; “after”: named when it was out already.",
        purposes,
    ),
    "phrases": ExportTable(
        "Names with their handle on each network, snippets, hashtags, and what is added to links.", phrases
    ),
    "short_links": ExportTable("Where the short addresses of posts lead.", short_links),
    "deliveries": ExportTable("What went where and when, with the outcome and the link.", deliveries),
    "delivery_decisions": ExportTable(
        "What was decided about deliveries that were missed, refused or not known.", decisions
    ),
    "approvals": ExportTable("Which text was approved when, by which role.", approvals),
    "clearances": ExportTable(
        "Which text was cleared to go out: all approvals that it needs were given.", clearances
    ),
    "approval_questions": ExportTable("Approvals asked for, and texts given back.", questions),
    "approval_reminders": ExportTable("When those whose approval was missing were reminded.", reminders),
    "approval_policies": ExportTable("Whose approval posts need, by role.", policies),
    "holds": ExportTable("When publishing was stopped and why.", holds),
    "hold_caught": ExportTable("What was on its way already when a hold was placed.", caught),
    "hold_outside": ExportTable("What a hold cannot stop, and how the team stops it.", outside),
    "hold_ticks": ExportTable("What of that was seen to during a hold.", ticks),
}
