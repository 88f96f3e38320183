"""What the sending loop writes about deliveries, a set at a time and fenced by the attempt.

    begin    commits "sending", with text and body frozen, before any call may start
    finish   what became of them: accepted, rejected, deferred, unclear, absent, missed

A worker whose lease was taken over holds an old attempt: its writes find no row and change nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from django.db import connection

from quarterdeck import ledger
from quarterdeck.channels.contract import Published
from quarterdeck.core import clock, ids
from quarterdeck.core.claims import wake
from quarterdeck.core.verbs import verb
from quarterdeck.publishing import content, telling
from quarterdeck.publishing.handing import TOLD_AGAIN_AFTER
from quarterdeck.publishing.holding import HELD_SQL
from quarterdeck.publishing.intake import Claimed
from quarterdeck.publishing.models import TROUBLE, Delivery, DeliveryState
from quarterdeck.publishing.reads import READY_SQL
from quarterdeck.publishing.rows import WAKE


@dataclass(frozen=True, slots=True)
class Prepared:
    """A claimed delivery with everything its call needs: the text, the whole body, and the hash of the content they
    were made from. `again`: it was sent before and its answer is lost; body and key are those of then."""

    claimed: Claimed
    row: Delivery  # as it was read, with its post and its channel
    text: str
    text_hash: str
    body: dict
    again: bool = False

    @property
    def made_of(self) -> tuple[UUID, UUID, UUID]:
        """The events by which the delivery, its post and its channel came to stand as they were read."""
        row = self.row
        return row.ledger_event_id, row.post.ledger_event_id, row.channel.ledger_event_id


@dataclass(slots=True)
class Begun:
    """What became of a set that was to begin: `started` may be called now, everything else must not."""

    started: list[Delivery] = field(default_factory=list)
    handed: list[Delivery] = field(default_factory=list)
    late: list[Claimed] = field(default_factory=list)
    left: list[Claimed] = field(default_factory=list)  # held, unapproved, changed or not ours any more


class NoneBegan(Exception):
    """Nothing of the set may be sent; `begun` says why. The transaction is rolled back: it changed nothing."""

    def __init__(self, begun: Begun) -> None:
        super().__init__("nothing began")
        self.begun = begun


@verb
def begin(prepared: Sequence[Prepared]) -> Begun:
    """Commit that sending begins, each with the text as approved. After this a call may start, and not before.

    The caller holds the holds' lock shared. A channel posted to by hand is handed out instead. Raises NoneBegan,
    having changed nothing.
    """
    now, begun = clock.now(), Begun()
    wanted = {one.claimed.pk: one for one in prepared}
    _hold_posts(wanted)
    rows = _mine([(one.claimed, one.row) for one in prepared])
    standing = _standing(wanted)
    for pk, one in wanted.items():
        row = rows.get(pk)
        if row is None or row.state not in (_LOST if one.again else (DeliveryState.INTENT,)):
            begun.left.append(one.claimed)
            continue
        stands = standing[pk]
        same = stands.text_hash == one.text_hash and (one.again or stands.events == one.made_of)
        if now > row.latest_at and not stands.held:
            begun.late.append(one.claimed)
        elif not stands.ready or not same or stands.held:
            begun.left.append(one.claimed)
        else:
            (begun.handed if stands.by_hand else begun.started).append(row)
    for row in begun.started:
        _freeze(row, wanted[row.pk], now)
    for row in begun.handed:
        row.state, row.began_at, row.handed_at, row.failure = DeliveryState.HANDED, now, now, ""
        row.handed_to, row.try_at, row.lease_until = row.post.answerable, now + TOLD_AGAIN_AFTER, None
        row.text = wanted[row.pk].text
    if not begun.started and not begun.handed:
        raise NoneBegan(begun)
    _write([(r, "begun", _begun_fields(r, wanted[r.pk])) for r in begun.started], _BEGUN)
    _write([(r, "handed", {"attempt": r.attempt}) for r in begun.handed], _HANDED)
    for row in begun.handed:
        telling.handed(row)
    return begun


def _freeze(row: Delivery, one: Prepared, now: datetime) -> None:
    row.state = DeliveryState.SENDING
    if not one.again:  # else the first call may still arrive: what is looked for began then
        row.began_at, row.failure, row.evidence, row.looks = now, "", "", 0
    row.text, row.payload = one.text, one.body
    row.payload_hash = content.hash_body(one.body)


def _begun_fields(row: Delivery, one: Prepared) -> dict:
    return {"attempt": row.attempt, "text_hash": one.text_hash, "payload_hash": row.payload_hash}


def _hold_posts(pks: Iterable[UUID]) -> None:
    """Their posts cannot change before the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id FROM publishing_post p WHERE p.id IN"
            " (SELECT d.post_id FROM publishing_delivery d WHERE d.id = ANY(%s)) ORDER BY p.id FOR SHARE",
            [list(pks)],
        )


def _mine(given: Sequence[tuple[Claimed, Delivery | None]]) -> dict[UUID, Delivery]:
    """The rows, locked, whose attempt is still ours. One that came along is brought up to date in what others may
    have changed while it was claimed; the others are loaded."""
    attempts = {claimed.pk: claimed.attempt for claimed, _ in given}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, attempt, state, latest_at FROM publishing_delivery WHERE id = ANY(%s)"
            " ORDER BY id FOR UPDATE",
            [list(attempts)],
        )
        now = {
            pk: (state, latest) for pk, attempt, state, latest in cursor.fetchall() if attempt == attempts[pk]
        }
    rows = {row.pk: row for _, row in given if row is not None and row.pk in now}
    for pk, row in rows.items():
        row.attempt, (row.state, row.latest_at) = attempts[pk], now[pk]
    if missing := [pk for pk in now if pk not in rows]:
        rows |= Delivery.objects.defer("payload", "uploads").in_bulk(missing)
    return rows


class _Stands(NamedTuple):
    """Of one delivery: whether it may go out (approved, and the part before it stands), the hash of its present
    content, whether it is held, whether a person posts it, and the newest event of it, its post and its channel."""

    ready: bool
    text_hash: str
    held: bool
    by_hand: bool
    events: tuple[UUID, UUID, UUID]


def _standing(pks: Iterable[UUID]) -> dict[UUID, _Stands]:
    """How each stands, while its post and its row are locked and the holds' lock is held."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT d.id, {READY_SQL}, p.text_hash, {HELD_SQL}, c.by_hand, d.ledger_event_id,"  # noqa: S608
            " p.ledger_event_id, c.ledger_event_id FROM publishing_delivery d"
            " JOIN publishing_post p ON p.id = d.post_id JOIN channels_channel c ON c.id = d.channel_id"
            " WHERE d.id = ANY(%s)",
            [list(pks)],
        )
        return {row[0]: _Stands(*row[1:5], row[5:]) for row in cursor.fetchall()}


Verbed = Literal["accepted", "rejected", "deferred", "unclear", "asked", "absent", "missed", "withheld"]
_STATE = {
    "accepted": DeliveryState.ACCEPTED,
    "rejected": DeliveryState.REJECTED,
    "deferred": DeliveryState.INTENT,
    "absent": DeliveryState.INTENT,
    "withheld": DeliveryState.INTENT,
    "unclear": DeliveryState.AMBIGUOUS,
    "asked": DeliveryState.AMBIGUOUS,
    "missed": DeliveryState.MISSED,
}
_LOST = (DeliveryState.SENDING, DeliveryState.AMBIGUOUS)
_WORKED = (DeliveryState.INTENT, DeliveryState.SENDING, DeliveryState.AMBIGUOUS)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one claimed delivery.

    deferred: the network said not now, nothing went out, tried again at `try_at`. unclear: nobody knows, looked for
    again at `try_at`. asked: the network cannot settle it, a person must. absent: looked for and proved not to be
    out. withheld: it was stopped before its first byte left. `found`: its answer was lost, and looking settled it.
    """

    claimed: Claimed
    verbed: Verbed
    words: str = ""
    evidence: str = ""
    published: Published | None = None
    found: bool = False
    try_at: datetime | None = None
    row: Delivery | None = None  # as `begin` left it; without it, it is loaded once more


@verb
def finish(outcomes: Sequence[Outcome]) -> list[Delivery]:
    """Write what became of deliveries; those that are not ours any more are left alone.

    Raises NoneBegan when none of them was ours.
    """
    now = clock.now()
    by_pk = {one.claimed.pk: one for one in outcomes}
    done = []
    for pk, row in sorted(_mine([(one.claimed, one.row) for one in outcomes]).items()):
        if row.state in _WORKED:
            done.append((row, by_pk[pk].verbed, _settle(row, by_pk[pk], now)))
    if not done:
        raise NoneBegan(Begun(left=[one.claimed for one in outcomes]))
    _write(done, _FINISHED)
    for row, verbed, _ in done:
        if row.state in TROUBLE and verbed != "unclear":
            telling.not_out(row)
    if any(row.state == DeliveryState.INTENT or row.looking for row, _, _ in done) or _followed(done):
        wake(WAKE)  # it is tried or looked for again, or the next part may go now
    return [row for row, _, _ in done]


def _followed(done: Sequence[tuple[Delivery, str, dict]]) -> bool:
    """Whether another part waits for one of those that are out now."""
    out = [row.pk for row, verbed, _ in done if verbed == "accepted"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM publishing_delivery WHERE after_id = ANY(%s) AND state = 'intent')",
            [out],
        )
        return cursor.fetchone()[0]


def _settle(row: Delivery, one: Outcome, now: datetime) -> dict:
    """Change the row; returns the event's fields."""
    row.state, row.lease_until = _STATE[one.verbed], None
    fields = {"attempt": one.claimed.attempt}
    if one.verbed == "accepted" and one.published is not None:
        row.remote_id, row.url = one.published.remote_id, one.published.url
        row.remote, row.failure = dict(one.published.details), ""
        fields |= {"remote_id": row.remote_id, "found": one.found}
    elif one.verbed != "withheld":
        row.failure = (_missed(row) if one.verbed == "missed" else one.words or row.failure)[:1000]
        fields["failure"] = row.failure
    if one.evidence:
        row.evidence = one.evidence[:2000]
    if one.verbed in {"deferred", "unclear"}:
        row.try_at = one.try_at or now
        fields["try_at"] = row.try_at
    if one.verbed in {"absent", "asked"}:
        fields["evidence"] = row.evidence
    if one.verbed in {"unclear", "asked"}:
        row.looks += 1
    if one.verbed == "asked":
        row.asked_at = now
    if one.verbed in {"absent", "withheld"}:
        row.try_at = now
    if row.state != DeliveryState.INTENT:
        row.ended_at = now
    return fields


def _missed(row: Delivery) -> str:
    latest = row.latest_at.astimezone(row.local.tzinfo)
    if _standing([row.pk])[row.pk].ready:
        why = (
            row.failure or "Quarterdeck was not able to send it in time; it may have been stopped or asleep."
        )
    elif row.after_id and row.after.state != DeliveryState.ACCEPTED:
        why = "The part before it did not go out."
    elif row.after_id and row.after.removed_at is not None:
        why = "The part before it was taken down."
    else:
        why = "Its content was not approved by then."
    return f"Nothing was sent by {latest:%H:%M}, the latest time. {why}"


_BEGUN = ("state", "began_at", "failure", "evidence", "looks", "text", "payload", "payload_hash")
_HANDED = ("state", "began_at", "failure", "text", "handed_at", "handed_to_id", "try_at", "lease_until")
_FINISHED = (
    "state",
    "lease_until",
    "remote_id",
    "url",
    "remote",
    "failure",
    "evidence",
    "looks",
    "asked_at",
    "try_at",
    "ended_at",
)
_TYPES = {
    "began_at": "timestamptz",
    "handed_at": "timestamptz",
    "asked_at": "timestamptz",
    "try_at": "timestamptz",
    "ended_at": "timestamptz",
    "lease_until": "timestamptz",
    "handed_to_id": "uuid",
    "ledger_event_id": "uuid",
    "looks": "smallint",
    "payload": "jsonb",
    "remote": "jsonb",
}


def _write(rows: Sequence[tuple[Delivery, str, dict]], columns: Sequence[str]) -> None:
    """Write these columns of all rows in one statement, with one event each."""
    if not rows:
        return
    for row, _, _ in rows:
        row.ledger_event_id = ids.new()
    names = (*columns, "ledger_event_id")
    given = [{"id": row.pk} | {name: getattr(row, name) for name in names} for row, _, _ in rows]
    columns_sql = ", ".join(f"{name} {_TYPES.get(name, 'text')}" for name in names)
    sets = ", ".join(f"{name} = v.{name}" for name in names)
    with (
        connection.cursor() as cursor
    ):  # as JSON: an array of each column costs several times as much to write
        cursor.execute(
            f"UPDATE publishing_delivery d SET {sets} FROM json_to_recordset(%s::json)"  # noqa: S608
            f" AS v(id uuid, {columns_sql}) WHERE d.id = v.id",
            [json.dumps(given, default=str)],
        )
    ledger.record_many(
        [
            ledger.Record(
                f"publishing.delivery.{verbed}",
                ledger.system(row.workspace_id),
                row,
                fields,
                event_id=row.ledger_event_id,
            )
            for row, verbed, fields in rows
        ]
    )
