"""What pages and other rooms ask about changes to what is out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from quarterdeck.changes import ways
from quarterdeck.changes.models import Change, ChangeState
from quarterdeck.changes.ways import Possible
from quarterdeck.channels.models import Channel
from quarterdeck.core.problems import NotFound
from quarterdeck.crew.models import Workspace
from quarterdeck.publishing import content, holding
from quarterdeck.publishing.holding import HELD_SQL
from quarterdeck.publishing.models import Clearance, Delivery, Post, PostVersion

LONGEST_LIST = 100
BETWEEN = "\n\n---\n\n"  # the parts of a thread, where one person posts them all

# Whether the words of a change `c` to a delivery `d` may go out: what it is to say was cleared, as it was asked for or
# as the post says it now. Taking something down waits for nobody.
READY_SQL = """(c.how = 'remove' OR EXISTS (
    SELECT FROM publishing_post p JOIN publishing_clearance k ON k.post_id = p.id
     WHERE p.id = d.post_id AND k.ended_at IS NULL AND k.text_hash IN (c.text_hash, p.text_hash)))"""
# Whether it has to wait: other words while a hold stands, or while what they are for is being taken down. A hold exists
# to stop speaking, so it never keeps anybody from taking something down.
STOPPED_SQL = f"""(c.how = 'edit' AND ({HELD_SQL} OR EXISTS (
    SELECT FROM changes_change r WHERE r.delivery_id = c.delivery_id AND r.how = 'remove'
       AND r.state IN ('planned', 'sending', 'unknown', 'handed'))))"""

_NEXT_DUE = f"""
SELECT min(coalesce(c.lease_until, c.try_at))
  FROM changes_change c JOIN publishing_delivery d ON d.id = c.delivery_id
 WHERE (c.state IN ('planned', 'sending') OR c.state = 'unknown' AND c.person_at IS NULL)
   AND (c.state <> 'planned' OR {READY_SQL}) AND NOT {STOPPED_SQL}
"""  # noqa: S608


def next_due() -> datetime | None:
    """The earliest instant at which `claim` could return something, or None."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_DUE)
        return cursor.fetchone()[0]


def possible(delivery: Delivery) -> dict[str, Possible]:
    """What can be done with a delivery now: {"edit", "reply", "remove"}, each `allowed` (by us, or `by_hand`), or not,
    with the sentence `why`."""
    return {what: ways.of(delivery, what) for what in ("edit", "reply", "remove")}


def of(post: Post) -> list[Change]:
    """Every change to what is or was out of this post, newest first."""
    return list(_with_rows(Change.objects.filter(delivery__post=post)).order_by("-asked_at", "-pk"))


def change(workspace: Workspace, pk: UUID) -> Change:
    """One change of this workspace; NotFound for any other."""
    found = _with_rows(Change.objects.filter(workspace=workspace, pk=pk)).first()
    if found is None:
        raise NotFound("There is no such change in this workspace.")
    return found


def asking(workspace: Workspace) -> list[Change]:
    """Changes about which a person has to do or decide something, and those that wait for an approval; oldest first."""
    open_ones = Q(state__in=("planned", "handed", "refused")) | Q(state="unknown", person_at__isnull=False)
    found = _with_rows(Change.objects.filter(open_ones, workspace=workspace))
    return list(found.order_by("asked_at")[:LONGEST_LIST])


def _with_rows(found: QuerySet[Change]) -> QuerySet[Change]:
    return found.select_related(
        "delivery__channel",
        "delivery__post__workspace",
        "delivery__post__answerable__user",
        "handed_to__user",
    )


def answers(post: Post) -> list[Post]:
    """Posts of ours that answer this one, drafts too, oldest first."""
    return list(post.answered_by.filter(discarded_at__isnull=True).order_by("created_at"))


def waiting(changes: Sequence[Change]) -> set[UUID]:
    """Those of the changes that wait until their words are cleared."""
    edits = [one for one in changes if one.is_edit and one.state == ChangeState.PLANNED]
    hashes = {one.text_hash for one in edits} | {one.delivery.post.text_hash for one in edits}
    rows = Clearance.objects.filter(
        post__in={one.delivery.post_id for one in edits}, text_hash__in=hashes, ended_at__isnull=True
    )
    cleared = set(rows.values_list("post_id", "text_hash"))
    return {
        one.pk
        for one in edits
        if not {(one.delivery.post_id, h) for h in (one.text_hash, one.delivery.post.text_hash)} & cleared
    }


def held(changes: Sequence[Change]) -> set[UUID]:
    """Those of the changes that a hold stops: other words, never taking something down."""
    edits = [
        one for one in changes if one.is_edit and one.state in {"planned", "sending", "unknown", "handed"}
    ]
    found = holding.held([one.delivery_id for one in edits]) if edits else set()
    return {one.pk for one in edits if one.delivery_id in found}


# --- what stands there --------------------------------------------------------------------------------


def standing(delivery: Delivery) -> tuple[str, int]:
    """The text that stands there, as far as is known, and the version of the post it is of."""
    made = delivery.changes.filter(how=Change.How.EDIT, state=ChangeState.DONE).order_by("-done_at").first()
    if made is not None:
        return made.text, made.version
    sent = delivery.began_at or delivery.ended_at or delivery.planned_at
    saved = PostVersion.objects.filter(post=delivery.post_id)
    version = saved.filter(saved_at__lte=sent).order_by("-number").first() or saved.order_by("number").first()
    if delivery.channel.by_hand and version is not None:
        own = version.besides.get("overrides", {}).get(delivery.channel_id.hex)
        if len(parts := own or version.parts) > 1:
            return BETWEEN.join(part["text"] for part in parts), version.number
    return delivery.text, version.number if version else 1


def in_doubt(delivery: Delivery) -> bool:
    """Whether other words than those of `standing` may stand there: an edit was taken back after a person had it in
    hand, or after a call whose answer was lost. One that was made since has put an end to that."""
    edits = delivery.changes.filter(how=Change.How.EDIT)
    made = edits.filter(state=ChangeState.DONE).order_by("-done_at").first()
    left = edits.filter(Q(lost=True) | Q(handed_at__isnull=False), state=ChangeState.LEFT, said=False)
    return (left if made is None else left.filter(pk__gt=made.pk)).exists()


def wanted(post: Post, channel: Channel) -> list[str]:
    """What the post says on this channel now, by delivery: a part each, all in one where a person posts it."""
    texts = [part.text for part in content.contents(post, channel)]
    return [BETWEEN.join(texts)] if channel.by_hand else texts
