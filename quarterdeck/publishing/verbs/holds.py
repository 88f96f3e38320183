"""The red button: a hold is placed, undone, or lifted with a decision about each post it kept back; and what it cannot
stop is kept as a list and ticked off.

Placing takes the holds' lock alone before any row is locked: when the verb has it, every call that was let through has
begun, and none begins until the hold has committed. From then on the workers see it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from django.db import OperationalError, connection

from quarterdeck import ledger
from quarterdeck.channels.models import Channel
from quarterdeck.core import clock, ids
from quarterdeck.core.claims import wake
from quarterdeck.core.problems import Conflict, Forbidden, Invalid, Unavailable
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Brand, Member
from quarterdeck.crew.naming import by_role
from quarterdeck.publishing import holding, holds_deciding, holds_reads, holds_telling
from quarterdeck.publishing.holds_deciding import Choice
from quarterdeck.publishing.models import (
    UNDO_WINDOW,
    Caught,
    Delivery,
    DeliveryState,
    Hold,
    Label,
    Outside,
    Post,
    Tick,
)
from quarterdeck.publishing.rows import WAKE, close, open_deliveries

Decision = Literal["keep", "next", "drop"]
DECISIONS: tuple[Decision, ...] = get_args(Decision)
PATIENCE = 20  # seconds for the calls that were let through; each has begun, or given up its turn, within one
LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL's code for a lock that was waited for in vain
_TARGETS = {
    Hold.Scope.BRAND: Brand,
    Hold.Scope.CHANNEL: Channel,
    Hold.Scope.LABEL: Label,
    Hold.Scope.POST: Post,
}


class HeldAlready(Conflict):
    """A hold of this very scope stands; `hold` is it."""

    code = "held-already"

    def __init__(self, hold: Hold) -> None:
        since = hold.placed_at.astimezone(hold.workspace.zone)
        super().__init__(
            f"It is on hold already, since {since:%H:%M:%S}, placed by {by_role(hold.placed_by)}.",
            not_done="No second hold was placed; the first one stands.",
            next_step="Open it to see what left before and what waits.",
        )
        self.hold = hold


class Undecided(Conflict):
    """Posts that lifting would set free and that nobody has decided about; `deliveries` are theirs."""

    code = "undecided"

    def __init__(self, rows: Sequence[Delivery]) -> None:
        which = f"“{rows[0].post.short}” on {rows[0].channel.name}"
        if (more := len({(row.post_id, row.channel_id) for row in rows}) - 1) > 0:
            which += f" and {more} more"
        super().__init__(
            f"Not decided yet: {which}.",
            not_done="The hold still stands; nothing goes out.",
            next_step="Choose for each of them: keep its time, the next slot, or drop it.",
        )
        self.deliveries = list(rows)


@verb
def place(
    by: Member, *, scope: str = Hold.Scope.WORKSPACE, target: UUID | None = None, reason: str = ""
) -> Hold:
    """Let no publish call start within the scope from the commit on; what is on its way then is listed by name.

    `target` is the id of the brand, channel, label or post. Raises HeldAlready when such a hold stands, Unavailable
    when a worker does not answer for so long that nothing could be promised.
    """
    target = _target(by, scope, target)
    _alone(by.workspace_id)
    standing = Hold.objects.select_related("workspace", "placed_by__user").filter(
        workspace=by.workspace_id, scope=scope, target=target, lifted_at__isnull=True
    )
    if (found := standing.first()) is not None:
        raise HeldAlready(found)
    hold = Hold.objects.create(
        workspace_id=by.workspace_id,
        scope=scope,
        target=target,
        reason=_clean(reason, 500),
        placed_by=by,
        placed_at=clock.now(),
        ledger_event_id=ids.new(),
    )
    caught = _catch(hold)
    out_of_hand = [row for row in caught if row.state == DeliveryState.HANDED]
    fields = {
        "scope": str(hold.scope),
        "target": str(hold.target),
        "reason": hold.reason,
        "on_their_way": len(caught) - len(out_of_hand),
        "handed_out": len(out_of_hand),
    }
    _record("publishing.hold.placed", by, hold, fields)
    holds_telling.placed(hold, out_of_hand)
    return hold


def _target(by: Member, scope: str, target: UUID | None) -> UUID:
    if scope == Hold.Scope.WORKSPACE:
        return by.workspace_id
    model = _TARGETS.get(scope)
    if model is None or not model.objects.filter(workspace=by.workspace_id, pk=target).exists():
        raise Invalid(
            "What should be held is not in this workspace.",
            not_done="Nothing is on hold by this.",
            next_step="Choose again, or hold everything.",
        )
    return target


def _alone(workspace_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{PATIENCE}s"])
        try:
            holding.take_alone(workspace_id)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != LOCK_NOT_AVAILABLE:
                raise
            raise Unavailable(
                f"A worker has kept a call half-begun for {PATIENCE} seconds, so the hold could not be placed.",
                not_done="Nothing is on hold by this.",
                next_step="Try again now. If it fails again, stop the worker: then nothing goes out either.",
            ) from None
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")


def _catch(hold: Hold) -> list[Delivery]:
    """Write down what had left our hands when the hold was placed; the rows are not locked."""
    rows = list(holds_reads.on_their_way(hold))
    Caught.objects.bulk_create(
        [Caught(hold=hold, delivery=row, handed_out=row.state == DeliveryState.HANDED) for row in rows]
    )
    return rows


@verb
def undo(hold: Hold, *, by: Member) -> None:
    """Placed by mistake: within ten seconds it is lifted and everything keeps its time."""
    hold, now = _standing(hold), clock.now()
    if hold.placed_by_id != by.pk and not by.may("publishing.hold.lift"):
        raise Forbidden(
            "Somebody else placed this hold, so only they can undo it.",
            not_done="The hold still stands.",
            next_step="An owner or a lead can lift it.",
        )
    if now - hold.placed_at > UNDO_WINDOW:
        raise Conflict(
            "The ten seconds to undo that are over.",
            not_done="The hold still stands.",
            next_step="An owner or a lead can lift it, with a look at what waits.",
        )
    _end(hold, by)
    _record("publishing.hold.undone", by, hold, {})
    holds_telling.lifted(hold, by)
    wake(WAKE)


@dataclass(frozen=True, slots=True)
class Lifted:
    """What became of the posts a hold kept back, counted by post and channel; `still_held` by another hold."""

    kept: int
    moved: int
    dropped: int
    still_held: int


Group = list[Delivery]  # what is planned of one post on one channel: one, or the parts of a thread


@verb
def lift(hold: Hold, *, by: Member, decisions: Mapping[UUID, Decision]) -> Lifted:
    """End the hold. Everything it alone kept back must be decided: keep its time, the next slot, or drop it.

    What another hold covers too stays held and may be left undecided. Raises Undecided for what is not decided (also
    when it came meanwhile), Invalid when a time that has passed or that somebody forbids should be kept, there is no
    next slot, or parts of a thread are torn apart.
    """
    hold = _standing(hold)
    groups = _waiting(hold)
    free = holds_reads.freed_by(hold, [row for group in groups for row in group])
    if undecided := [row for group in groups for row in group if row.pk in free and row.pk not in decisions]:
        raise Undecided(undecided)
    chosen: dict[Decision, list[Group]] = {which: [] for which in DECISIONS}
    decided = [group for group in groups if group[0].pk in free or group[0].pk in decisions]
    choices = holds_deciding.choices([group[0] for group in decided], clock.now())
    for group in decided:
        chosen[_decided(group, decisions, choices[group[0].pk])].append(group)
    _end(hold, by)
    kept = sum(group[0].pk in free for group in chosen["keep"])
    done = Lifted(kept, len(chosen["next"]), len(chosen["drop"]), sum(g[0].pk not in free for g in groups))
    counts = {"kept": done.kept, "moved": done.moved, "dropped": done.dropped, "still_held": done.still_held}
    receipt = _record("publishing.hold.lifted", by, hold, counts)
    _carry_out(chosen, choices, by, receipt)
    holds_telling.lifted(hold, by)
    wake(WAKE)
    return done


def _waiting(hold: Hold) -> list[Group]:
    """What waits under the hold, its posts and rows locked, by post and channel, soonest first."""
    covered = holds_reads.waiting(hold)
    posts = Post.objects.select_for_update(of=("self",)).filter(pk__in=covered.values("post_id"))
    locked = {post.pk: post for post in posts.order_by("pk").prefetch_related("labels")}
    groups: dict[tuple[UUID, UUID], Group] = defaultdict(list)
    rows = covered.select_for_update(of=("self",)).select_related("post", "channel")
    for row in rows.order_by("due_at", "part", "pk"):
        row.post = locked.get(row.post_id, row.post)
        groups[row.post_id, row.channel_id].append(row)
    return list(groups.values())


def _decided(group: Group, decisions: Mapping[UUID, Decision], choice: Choice) -> Decision:
    first = group[0]
    said = {decisions.get(row.pk) for row in group}
    if len(said) > 1:
        raise Invalid(
            f"The parts of “{first.post.short}” on {first.channel.name} go together.",
            not_done="The hold still stands; nothing goes out.",
            next_step="Decide the same for all of them.",
        )
    which = said.pop()
    if which not in DECISIONS:
        raise Invalid("That is no decision.", not_done="The hold still stands; nothing goes out.")
    if which == "keep" and choice.not_kept:
        raise Invalid(
            f"“{first.post.short}” on {first.channel.name} cannot keep its time: {_inside(choice.not_kept)}",
            not_done="The hold still stands; nothing goes out.",
            next_step="Choose the next slot for it, or drop it.",
        )
    if which == "next" and choice.not_moved:
        raise Invalid(
            f"“{first.post.short}” on {first.channel.name} cannot get the next slot: {_inside(choice.not_moved)}",
            not_done="The hold still stands; nothing goes out.",
            next_step="Say first how that part stands, on the post’s page; or keep its time, or drop it.",
        )
    if which == "next" and choice.next is None:
        raise Invalid(
            f"“{first.post.short}” on {first.channel.name} has no next slot in the coming weeks.",
            not_done="The hold still stands; nothing goes out.",
            next_step="Keep its time or drop it; dropped, it can be planned again.",
        )
    return which


def _inside(words: str) -> str:
    """A sentence as the rest of another one."""
    return f"{words[0].lower()}{words[1:].rstrip('.')}."


def _carry_out(
    chosen: Mapping[Decision, list[Group]],
    choices: Mapping[UUID, Choice],
    by: Member,
    cause: ledger.Receipt,
) -> None:
    """Move and drop, with one event a post and decision, so that the post's own record tells it too."""
    events = []
    for which, kind in (("next", "publishing.post.rescheduled"), ("drop", "publishing.post.cancelled")):
        by_post: dict[UUID, list[Group]] = defaultdict(list)
        for group in chosen[which]:
            by_post[group[0].post_id].append(group)
        for groups in by_post.values():
            post, act, fields = groups[0][0].post, ids.new(), {"channels": len(groups)}
            for group in groups:
                close(group, act)
                slot = choices[group[0].pk].next
                if which == "next" and slot is not None:
                    open_deliveries(post, by, slot, [group[0].channel], act)
                    fields |= {"due": slot.due_at, "zone": slot.zone}
            events.append(ledger.Record(kind, by, post, fields, cause, act))
    ledger.record_many(events)


def _standing(hold: Hold) -> Hold:
    """The hold's row, locked. Conflict when it was lifted already."""
    found = Hold.objects.select_for_update(of=("self",)).select_related(
        "workspace", "placed_by__user", "lifted_by__user"
    )
    hold = found.get(pk=hold.pk)
    if hold.lifted_at is not None:
        at = hold.lifted_at.astimezone(hold.workspace.zone)
        raise Conflict(
            f"This hold was lifted at {at:%H:%M:%S} by {by_role(hold.lifted_by)}.",
            next_step="Its page shows what became of everything.",
        )
    return hold


def _end(hold: Hold, by: Member) -> None:
    hold.lifted_at, hold.lifted_by, hold.ledger_event_id = clock.now(), by, ids.new()
    hold.save(update_fields=["lifted_at", "lifted_by", "ledger_event_id"])


def _record(kind: str, by: Member, row: Hold | Outside | Tick, fields: dict) -> ledger.Receipt:
    return ledger.record(kind, actor=by, about=row, fields=fields, event_id=row.ledger_event_id)


def _clean(words: str, longest: int) -> str:
    return " ".join(words.replace("\x00", "").split())[:longest]
