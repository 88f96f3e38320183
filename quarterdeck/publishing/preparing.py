"""Everything a call needs, before it may begin: files brought, names looked up, the body rendered. All of it may be
repeated, and what fails here is known not to be out.
"""

from __future__ import annotations

import contextlib
import logging

from quarterdeck.channels.contract import Adapter, Content, Refused, Thread
from quarterdeck.publishing import answering, content, intake, refusals
from quarterdeck.publishing.intake import Claimed
from quarterdeck.publishing.known import Known
from quarterdeck.publishing.models import Delivery, DeliveryState
from quarterdeck.publishing.verbs.sending import Outcome, Prepared
from quarterdeck.studio import reads as studio

_log = logging.getLogger(__name__)


def has_files(row: Delivery, known: Known) -> bool:
    return not row.channel.by_hand and bool(_part(row, known).files)


def _part(row: Delivery, known: Known) -> Content:
    parts = known.content(row)
    return parts[row.part] if row.part < len(parts) else Content("")


def _lacks(row: Delivery, known: Known) -> bool:
    """Something that was approved with it is not in the library any more. Whoever posts by hand has all parts."""
    lacking = content.lacking(row.post, row.channel, known.content(row))
    return bool(lacking) if row.channel.by_hand else row.part in lacking


def prepare(claimed: Claimed, row: Delivery, known: Known) -> Prepared | Outcome:
    """Bring the files, render the body. What fails here is known not to be out."""
    said = _part(row, known)
    if not row.channel.connected:
        words = f"“{row.channel.name}” is not connected any more, so nothing was sent."
        return Outcome(claimed, "rejected", words)
    if _lacks(row, known):
        words = "Nothing was sent: a picture or video that belongs to it is not in the library any more."
        return Outcome(claimed, "rejected", words)
    if said.files and (
        words := " ".join(studio.unusable(row.workspace_id, [m.id for m in said.files]).values())
    ):
        return Outcome(claimed, "rejected", f"Nothing was sent. {words}")
    if row.channel.by_hand:
        return Prepared(claimed, row, said.text, row.post.text_hash, {})
    try:
        adapter = known.adapter(row)
        if problems := adapter.validate(said):
            return Outcome(claimed, "rejected", f"{adapter.title} would refuse it: {' '.join(problems)}")
        uploads = _uploaded(claimed, row, said, adapter)
        if (looked_up := adapter.prepare(said)) is not None:
            uploads = [*uploads, looked_up]
        body = adapter.render(
            said, key=row.client_key, due_at=row.due_at, uploads=uploads, thread=_thread(row)
        )
    except Refused as refused:
        if refused.expired:
            _renew(row, known, adapter)
        return refusals.outcome(claimed, row, refused)
    except Exception:
        _log.exception("Delivery %s could not be prepared.", row.pk)
        words = "Nothing was sent: preparing it failed for a reason of our own; the log says more."
        return Outcome(claimed, "deferred", words, try_at=refusals.later(claimed))
    return Prepared(claimed, row, said.text, row.post.text_hash, body)


def _uploaded(claimed: Claimed, row: Delivery, said: Content, adapter: Adapter) -> list:
    """What the network said of each file, in order. Each is kept as soon as it is there, so that the next try goes on
    where this one ended. A description that was changed since is another upload: some networks take it with the
    file."""
    wanted = {(media.id, media.alt) for media in said.files}
    left = [one for one in row.uploads if (one["file"], one["alt"]) in wanted]
    done: list[dict] = []
    for media in said.files:
        kept = next((one for one in left if (one["file"], one["alt"]) == (media.id, media.alt)), None)
        if kept is not None:
            left.remove(kept)
        if kept is None or "begun" in kept:
            name = {"file": media.id, "alt": media.alt}
            try:
                kept = name | {"said": adapter.upload(media, begun=kept and kept["begun"])}
            except Refused as refused:
                if refused.begun is not None:
                    intake.keep_uploads(claimed, [*done, name | {"begun": refused.begun}, *left])
                raise
            intake.keep_uploads(claimed, [*done, kept, *left])
        done.append(kept)
    return [one["said"] for one in done]


def _thread(row: Delivery) -> Thread | None:
    """The part before this one, or the post it answers; and the first of all, as the network named them."""
    answered = answering.thread(row.post, row.channel) if row.post.answers_id else None
    if row.after is None:
        return answered
    if answered is not None:
        return Thread(root=answered.root, parent=row.after.published)
    first = row.after
    if first.part:
        whole = Delivery.objects.filter(post=row.post_id, channel=row.channel_id, part=0)
        first = whole.get(state=DeliveryState.ACCEPTED)
    return Thread(root=first.published, parent=row.after.published)


def _renew(row: Delivery, known: Known, expired: Adapter) -> None:
    """Our sign-in has run out while preparing: the next try has a fresh one. Why not is said by that try."""
    with contextlib.suppress(Refused):
        known.adapter(row, expired=expired)
