"""What the full export holds of the rooms below: each function gives the rows of one table, or files, a few at a time.

No person stands beside work here: who did what is nobody's list to sort. What a role may know of the past (an
approval was given by a lead) is said by role. Nothing that signs anybody in is read at all.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

from quarterdeck.channels.models import Channel, RemotePost, Snapshot
from quarterdeck.core import env
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.exchange.models import Row
from quarterdeck.ledger.models import Checkpoint, Entry, Log
from quarterdeck.publishing import reads as publishing
from quarterdeck.publishing import status
from quarterdeck.publishing.models import Approval, Ask, Delivery, Hold, Label, Post, Return
from quarterdeck.studio import reads as studio
from quarterdeck.studio.models import File

Rows = Iterator[dict[str, Any]]
_AT_ONCE = 500


def _in_chunks(rows: Any) -> Iterable[Any]:
    return rows.iterator(chunk_size=_AT_ONCE)


# --- publishing -----------------------------------------------------------------------------------------


def posts(workspace: Workspace) -> Rows:
    """Every post, discarded ones too, with how it stands in one word."""
    found = publishing.every_post(workspace).select_related("brand").order_by("created_at", "pk")
    found = found.prefetch_related("labels", "channels", "deliveries__settlements")
    for post in _in_chunks(found):
        stands = publishing.standing(post, list(post.deliveries.all()), held=set())
        yield {
            "id": post.pk,
            "brand": post.brand.name,
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
    """Every part of every post in order, with its images by the name of their file."""
    for post in _in_chunks(Post.objects.filter(workspace=workspace).order_by("created_at", "pk")):
        for number, part in enumerate(post.parts, 1):
            yield {
                "post": post.pk,
                "part": number,
                "text": part["text"],
                "images": [image["sha256"] for image in part["images"]],
                "descriptions": [image["alt"] for image in part["images"]],
            }


def labels(workspace: Workspace) -> Rows:
    for label in _in_chunks(Label.objects.filter(workspace=workspace).order_by("name")):
        yield {
            "id": label.pk,
            "name": label.name,
            "latest_minutes": label.latest_minutes,
            "made_at": label.made_at,
        }


def deliveries(workspace: Workspace) -> Rows:
    """Where each part went, when, and what came of it."""
    found = (
        Delivery.objects.filter(workspace=workspace).select_related("channel").prefetch_related("settlements")
    )
    for row in _in_chunks(found.order_by("planned_at", "post_id", "channel_id", "part")):
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
            "url": row.url,
            "remote_id": row.remote_id,
            "text_sent": row.text,
            "payload_hash": row.payload_hash,
            "failure": row.failure,
            "evidence": row.evidence,
            "began_at": row.began_at,
            "ended_at": row.ended_at,
            "ledger_event_id": row.ledger_event_id,
        }


def approvals(workspace: Workspace) -> Rows:
    found = Approval.objects.filter(post__workspace=workspace).select_related("approved_by")
    for row in _in_chunks(found.order_by("approved_at", "pk")):
        yield {
            "post": row.post_id,
            "text_hash": row.text_hash,
            "approved_at": row.approved_at,
            "role": row.approved_by.role,
            "alone": row.alone,
            "note": row.note,
            "withdrawn_at": row.withdrawn_at,
            "ledger_event_id": row.ledger_event_id,
        }


def questions(workspace: Workspace) -> Rows:
    """Approvals that were asked for, and texts that were given back."""
    for row in _in_chunks(Ask.objects.filter(post__workspace=workspace).order_by("asked_at", "pk")):
        yield _question(row.post_id, row.text_hash, row.asked_at, row.ended_at, row.ended_how or "open", "")
    for row in _in_chunks(Return.objects.filter(post__workspace=workspace).order_by("returned_at", "pk")):
        yield _question(row.post_id, row.text_hash, row.returned_at, None, "given back", row.reason)


def _question(post: UUID, text_hash: str, at: Any, ended: Any, how: str, reason: str) -> dict[str, Any]:
    return {"post": post, "text_hash": text_hash, "at": at, "ended_at": ended, "how": how, "reason": reason}


def holds(workspace: Workspace) -> Rows:
    for row in _in_chunks(Hold.objects.filter(workspace=workspace).order_by("placed_at", "pk")):
        yield {
            "id": row.pk,
            "scope": row.get_scope_display(),
            "target": row.target,
            "reason": row.reason,
            "placed_at": row.placed_at,
            "lifted_at": row.lifted_at,
        }


# --- channels -------------------------------------------------------------------------------------------


def channels(workspace: Workspace) -> Rows:
    found = Channel.objects.filter(workspace=workspace).select_related("brand")
    for row in _in_chunks(found.order_by("connected_at", "pk")):
        yield {
            "id": row.pk,
            "name": row.name,
            "network": row.network,
            "network_title": row.title,
            "handle": row.handle,
            "server": row.server,
            "by_hand": row.by_hand,
            "brand": row.brand.name,
            "connected_at": row.connected_at,
            "disconnected_at": row.disconnected_at,
        }


def network_posts(workspace: Workspace) -> Rows:
    """Posts that stand on the networks, ours and those made elsewhere."""
    found = RemotePost.objects.filter(channel__workspace=workspace).select_related("channel")
    for row in _in_chunks(found.order_by("posted_at", "pk")):
        yield {
            "id": row.pk,
            "channel": row.channel.name,
            "remote_id": row.remote_id,
            "url": row.url,
            "posted_at": row.posted_at,
            "text": row.text,
            "through_us": row.ours,
        }


def numbers(workspace: Workspace) -> Rows:
    """What the networks counted, at each age, under their own names."""
    found = Snapshot.objects.filter(channel__workspace=workspace, try_at__isnull=True)
    for row in _in_chunks(found.order_by("due_at", "pk")):
        yield {
            "network_post": row.post_id,
            "age_hours": row.age_hours,
            "taken_at": row.taken_at,
            "counts": row.counts,
            "gone": row.gone,
            "reason": row.reason,
        }


# --- studio, crew ---------------------------------------------------------------------------------------


def images(workspace: Workspace) -> Rows:
    for row in _in_chunks(File.objects.filter(workspace=workspace).order_by("kept_at", "pk")):
        yield {
            "sha256": row.sha256,
            "file": image_name(row),
            "name": row.name,
            "mime": row.mime,
            "size": row.size,
            "width": row.width,
            "height": row.height,
            "kept_at": row.kept_at,
        }


def image_files(workspace: Workspace) -> Iterator[tuple[str, Callable[[], Iterable[bytes]]]]:
    for row in _in_chunks(File.objects.filter(workspace=workspace).order_by("kept_at", "pk")):
        yield image_name(row), functools.partial(studio.pieces, row)


_ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
}


def image_name(row: File) -> str:
    """Named by content, with an ending that opens: what the file was called stands in the table."""
    return f"{row.sha256}{_ENDINGS.get(row.mime, '.bin')}"


def about(workspace: Workspace) -> Rows:
    """The workspace itself, and its brands."""
    for brand in workspace.brands.order_by("created_at"):
        yield {
            "workspace": workspace.name,
            "address": workspace.slug,
            "zone": workspace.timezone,
            "created_at": workspace.created_at,
            "brand": brand.name,
            "brand_created_at": brand.created_at,
        }


def people(workspace: Workspace) -> Rows:
    """Who is in the workspace now, by name."""
    found = Member.objects.filter(workspace=workspace, left_at=None).select_related("user")
    for row in _in_chunks(found.order_by("user__name", "joined_at")):
        yield {"name": str(row), "role": row.get_role_display(), "joined_at": row.joined_at}


# --- exchange, ledger -----------------------------------------------------------------------------------


def imported_rows(workspace: Workspace) -> Rows:
    """The rows of spreadsheets that were brought in, as they stand, and what they became."""
    found = Row.objects.filter(of__workspace=workspace).select_related("of").order_by("of_id", "number")
    for row in _in_chunks(found):
        yield {
            "file": row.of.name,
            "received_at": row.of.received_at,
            "row": row.number,
            "cells": row.cells,
            "became": row.get_state_display(),
            "post": row.post,
            "reasons": [reason["words"] for reason in row.reasons],
            "beside": row.extra,
        }


def ledger(workspace: Workspace) -> Rows:
    """Each entry of the log by its number and hash; the proof of each is fetched from the log by these."""
    logs = {log.pk: log for log in Log.objects.filter(workspace_id=workspace.pk)}
    for row in _in_chunks(Entry.objects.filter(log__in=logs).order_by("log_id", "seq")):
        yield {
            "origin": logs[row.log_id].origin,
            "seq": row.seq,
            "event_id": row.event_id,
            "kind": row.kind,
            "about_type": row.about_type,
            "about_id": row.about_id,
            "recorded_at_unix": row.recorded_at,
            "leaf_hash": bytes(row.leaf_hash).hex(),
        }


def checkpoints(workspace: Workspace) -> Iterator[tuple[str, Callable[[], Iterable[bytes]]]]:
    """The newest signed checkpoint of each epoch, its public keys, and where the log is read."""
    host = env.public_url() or env.local_url()
    for log in Log.objects.filter(workspace_id=workspace.pk).order_by("epoch"):
        address = f"{host.split('://', 1)[0]}://{log.origin}"
        told = f"Origin: {log.origin}\nRead at: {address}/checkpoint, {address}/tile/, {address}/key\n"
        yield f"epoch-{log.epoch}/where.txt", functools.partial(_at_once, told)
        yield (
            f"epoch-{log.epoch}/keys.txt",
            functools.partial(_at_once, "".join(f"{key}\n" for key in log.verifier_keys)),
        )
        newest = Checkpoint.objects.filter(log=log).order_by("-size").first()
        if newest is not None:
            yield f"epoch-{log.epoch}/checkpoint", functools.partial(_at_once, newest.note)


def _at_once(words: str) -> list[bytes]:
    return [words.encode()]
