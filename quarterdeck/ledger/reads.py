"""What pages and other rooms ask of the ledger. Nothing here can be asked by person: only by object and kind. Who
acted is told as the role they had; only to themselves as “You”.
"""

from __future__ import annotations

import json
import uuid
from base64 import b64decode
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from django.db import connection
from django.db.models import Max, Q
from django.urls import reverse

from quarterdeck.core import secrets
from quarterdeck.core.problems import Conflict, NotFound
from quarterdeck.core.registries import AgendaItem, SearchHit
from quarterdeck.engines import notes
from quarterdeck.ledger import kinds, leaf, tree
from quarterdeck.ledger.models import Checkpoint, Entry, Log, Payload, Pending, Subject, SubjectKey
from quarterdeck.ledger.recording import OF_ABOUT, OF_ACTOR, is_person
from quarterdeck.ledger.subjects import open_dek, unseal

State = Literal["pending", "sequenced", "checkpointed"]


@dataclass(frozen=True, slots=True)
class Item:
    """One event as people read it. `actor` is the role of who acted ("member" where the entry is too old to say),
    `mine` whether that was the reader; `fields` what can be read now."""

    event_id: uuid.UUID
    kind: str
    title: str
    actor: str
    when: datetime
    about_type: str
    about_id: uuid.UUID
    version: int
    state: State
    seq: int | None = None
    epoch: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    mine: bool = False

    @property
    def by(self) -> str:
        """Who acted, as a role and not a name."""
        return "You" if self.mine else BY_ROLE.get(self.actor, "A member")


BY_ROLE = {
    "system": "Quarterdeck itself",
    "installation": "Whoever looks after this installation",
    "guest": "Somebody with a link",
    "owner": "An owner",
    "lead": "A lead",
    "author": "An author",
    "approver": "An approver",
    "analyst": "An analyst",
    "observer": "An observer",
}


_RECORDED = """
SELECT (SELECT coalesce(sum(size), 0) FROM ledger_log WHERE workspace_id = ANY(%(logs)s))
     + (SELECT count(*) FROM ledger_pending WHERE workspace_id = ANY(%(logs)s))
"""


def recorded(workspace_id: uuid.UUID) -> int:
    """How many events were ever recorded in the workspace’s log or the installation’s, those of this transaction with
    them: as long as this number is the same, nobody did anything. One statement, so that an event on its way from
    those that wait to its place is counted once."""
    with connection.cursor() as cursor:
        cursor.execute(_RECORDED, {"logs": [workspace_id, kinds.INSTALLATION.workspace_id]})
        return int(cursor.fetchone()[0])


def history(about: Any, who: Any = None) -> list[Item]:
    """Everything recorded about a row, newest first, with what its fields said as far as it can be read. `who` is the
    member that reads: what they did themselves is told as theirs."""
    named = Q(about_type=about.ledger_name)
    if is_person(about):  # the log does not say which: what was sealed for them does
        known = _pseudonym(about.workspace_id, about.pk)
        sealed = Payload.objects.filter(subject=known, part=OF_ABOUT).values("event_id")
        named &= Q(event_id__in=sealed) | Q(about_id=known)
    else:
        named &= Q(about_id=about.pk)
    return _found(about.workspace_id, named, who)


def histories(
    pairs: Iterable[tuple[str, Iterable[uuid.UUID]]], who: Any = None, *, workspace_id: uuid.UUID
) -> list[Item]:
    """What the workspace’s log says about many rows, each given by its ledger name and id, newest first: in as many
    questions as about one. Not about people; see `history`."""
    wanted = {(name, row) for name, rows in pairs for row in rows}
    named = Q(about_id__in={row for _, row in wanted}, about_type__in={name for name, _ in wanted})
    return [item for item in _found(workspace_id, named, who) if (item.about_type, item.about_id) in wanted]


def _found(workspace_id: uuid.UUID, named: Q, who: Any) -> list[Item]:
    waiting = list(Pending.objects.filter(named, workspace_id=workspace_id).order_by("-id"))
    placed = list(
        Entry.objects.filter(named, log__workspace_id=workspace_id).select_related("log").order_by("-place")
    )
    there = {row.event_id for row in placed}  # it may have got its place between the two questions
    waiting = [row for row in waiting if row.event_id not in there]
    ids = [row.event_id for row in [*waiting, *placed]]
    said, mine = fields_of(ids), acts_of(who, ids)
    signed = _signed_sizes({entry.log_id for entry in placed})
    return [_item(row, "pending", said, mine) for row in waiting] + [
        _item(entry, _state(entry, signed), said, mine) for entry in placed
    ]


def _pseudonym(workspace_id: uuid.UUID, person_id: uuid.UUID) -> uuid.UUID | None:
    """None for somebody who has left no event in this log, or was erased."""
    found = Subject.objects.filter(workspace_id=workspace_id, person_id=person_id)
    return found.values_list("pseudonym", flat=True).first()


def acts_of(who: Any, event_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these events the reader recorded themself; nobody else is told."""
    known = _pseudonym(who.workspace_id, who.pk) if who is not None and event_ids else None
    if known is None:
        return set()
    found = Payload.objects.filter(event_id__in=event_ids, part=OF_ACTOR, subject=known)
    return set(found.values_list("event_id", flat=True))


def open_log(workspace_id: uuid.UUID) -> Log:
    """The workspace's present log. NotFound when it has none."""
    found = Log.objects.filter(workspace_id=workspace_id, closed_at__isnull=True).first()
    if found is None:
        raise NotFound("This workspace has no log.")
    return found


def newest_checkpoint(log: Log) -> Checkpoint | None:
    return Checkpoint.objects.filter(log=log).order_by("-size").first()


def entries(
    log: Log, *, kind: str = "", before: int | None = None, limit: int = 50, about: uuid.UUID | None = None
) -> list[Item]:
    """A page of a log, newest first: of kinds that begin with `kind`, of sequence numbers below `before`."""
    found = Entry.objects.filter(log=log).select_related("log")
    if kind:
        found = found.filter(kind__startswith=kind)
    if about is not None:
        found = found.filter(about_id=about)
    if before is not None:
        found = found.filter(seq__lt=before)
    rows = list(found.order_by("-seq")[:limit])
    signed = _signed_sizes({log.pk})
    return [_item(entry, _state(entry, signed)) for entry in rows]


def kinds_in(log: Log) -> list[tuple[str, str]]:
    """The kinds that this log holds, each with its title, by title."""
    with connection.cursor() as cursor:  # one index probe a kind, however long the log is
        cursor.execute(
            "SELECT k FROM unnest(%s::text[]) AS k WHERE EXISTS"
            " (SELECT 1 FROM ledger_entry e WHERE e.log_id = %s AND e.kind = k)",
            [list(kinds.KINDS), log.pk],
        )
        there = [row[0] for row in cursor.fetchall()]
    return sorted(((kind, kinds.title(kind)) for kind in there), key=lambda pair: pair[1])


def titles(event_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The words for the kinds of placed entries, by event."""
    found = Entry.objects.filter(event_id__in=event_ids).values_list("event_id", "kind")
    return {event_id: kinds.title(kind) for event_id, kind in found}


def committed(found: Entry) -> list[str]:
    """The names of the fields an entry committed to, readable or not."""
    return sorted(leaf.read(found.leaf)["c"])


def entry(workspace_id: uuid.UUID, event_id: uuid.UUID, who: Any = None) -> tuple[Entry, Item]:
    """An entry of the workspace, and how it reads to `who`.

    NotFound for another workspace's or one without a place yet.
    """
    found = (
        Entry.objects.select_related("log").filter(event_id=event_id, log__workspace_id=workspace_id).first()
    )
    if found is None:
        raise NotFound(
            "There is no such entry in this workspace’s ledger.",
            next_step="An event gets its place within seconds; if it was recorded just now, reload the page.",
        )
    state = _state(found, _signed_sizes({found.log_id}))
    item = _item(found, state, fields_of([event_id]), acts_of(who, [event_id]))
    return found, item


Told = dict[str, tuple[str, Any]]  # field -> (base64 salt, value)


def fields_of(event_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    """What the fields of events said, as far as it was not erased and can be opened with this installation's key. Not
    who acted, and about whom: `told_by` has that, for whoever discloses or unmasks an entry."""
    return {
        event_id: {
            name: value for name, (_, value) in sorted(told.items()) if name not in (kinds.BY, kinds.WHOM)
        }
        for event_id, told in told_by(event_ids).items()
    }


def told_by(event_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Told]:
    """The readable fields of events with their salts."""
    found: dict[uuid.UUID, Told] = {}
    rows = list(Payload.objects.filter(event_id__in=event_ids))
    deks = open_deks({row.subject for row in rows if row.subject})
    for row in rows:
        for name, (salt, value) in (open_payload(row, deks) or {}).items():
            found.setdefault(row.event_id, {})[name] = (salt, value)
    return found


def open_payload(row: Payload, deks: dict[uuid.UUID, bytes]) -> Told | None:
    """What one row says; None when its key is gone or another's, or when its bytes were changed."""
    if row.subject and row.subject not in deks:
        return None
    try:
        return json.loads(unseal(row.event_id, row.part, bytes(row.sealed), deks.get(row.subject)))
    except secrets.KeyProblem:
        return None  # the commitment stays checkable, the value not


def who_acted(workspace_id: uuid.UUID, event_id: uuid.UUID) -> uuid.UUID | None:
    """The row of the person who recorded an entry of this workspace. None for the machine, and after an erasure.

    Only for whoever unmasks an entry: two people, in the open, with the person told (crew.verbs.unmasking).
    """
    found = Entry.objects.filter(event_id=event_id, log__workspace_id=workspace_id).first()
    if found is None:
        return None
    said = leaf.read(found.leaf)
    told = told_by([event_id]).get(event_id, {})
    named = told[kinds.BY][1] if kinds.BY in told else said["a"] if said["v"] == 1 else "system"
    if named == "system":
        return None
    subject = Subject.objects.filter(pseudonym=named, workspace_id=workspace_id)
    return subject.values_list("person_id", flat=True).first()


def open_deks(pseudonyms: set[uuid.UUID]) -> dict[uuid.UUID, bytes]:
    """The keys of these subjects, without those that were destroyed or cannot be opened."""
    found = {}
    for key in SubjectKey.objects.filter(pseudonym__in=pseudonyms):
        try:
            found[key.pseudonym] = open_dek(key.pseudonym, bytes(key.dek_sealed))
        except secrets.KeyProblem:
            continue
    return found


def prove(found: Entry) -> notes.Proof:
    """The tlog-proof of an entry in its log's newest checkpoint. Conflict while no checkpoint covers it."""
    newest = newest_checkpoint(found.log)
    if newest is None or newest.size <= found.seq:
        raise Conflict(
            "This entry is not covered by a signed checkpoint yet.",
            not_done="There is no proof to give.",
            next_step=found.log.stopped_because or "A checkpoint is signed within seconds; try again.",
        )
    hashes = tree.inclusion(found.log_id, found.seq, newest.size)
    return notes.Proof(found.seq, hashes, newest.note)


def disclose(event_id: uuid.UUID, names: Iterable[str]) -> list[dict[str, Any]]:
    """Salt, name and value of chosen fields: whoever has the leaf can check them, and learns nothing of the rest.

    NotFound when one was erased or never said.
    """
    told = told_by([event_id]).get(event_id, {})
    disclosures = []
    for name in sorted(set(names)):
        if name not in told:
            raise NotFound(f"The field “{name}” of this event was erased or never recorded.")
        salt, value = told[name]
        disclosures.append({"salt": salt, "field": name, "value": value})
    return disclosures


def discloses(leaf_bytes: bytes, disclosure: dict[str, Any]) -> bool:
    """True when a disclosure is what the leaf committed to."""
    said = leaf.canonical(disclosure["value"])
    made = leaf.commitment(b64decode(disclosure["salt"]), disclosure["field"], said)
    return leaf.read(leaf_bytes)["c"].get(disclosure["field"]) == made


def stopped_logs(workspace_id: uuid.UUID | None = None) -> list[Log]:
    """The open logs, or the workspace's, whose checkpoints are not signed at present, each with its reason."""
    logs = Log.objects.filter(closed_at__isnull=True).exclude(stopped_because="")
    return list(logs.filter(workspace_id=workspace_id) if workspace_id else logs)


def _signed_sizes(log_ids: set[uuid.UUID]) -> dict[uuid.UUID, int]:
    newest = Checkpoint.objects.filter(log_id__in=log_ids).values("log_id").annotate(size=Max("size"))
    return {row["log_id"]: row["size"] for row in newest}


def _state(found: Entry, signed: dict[uuid.UUID, int]) -> State:
    return "checkpointed" if found.seq < signed.get(found.log_id, 0) else "sequenced"


def _item(
    row: Entry | Pending,
    state: State,
    said: dict[uuid.UUID, dict[str, Any]] | None = None,
    mine: Collection[uuid.UUID] = (),
) -> Item:
    told = leaf.read(row.leaf)
    placed = isinstance(row, Entry)
    # In version 1 a pseudonym stands there: nothing that a page may say.
    role = told["a"] if told["v"] > 1 or told["a"] == "system" else "member"
    return Item(
        event_id=row.event_id,
        kind=row.kind,
        title=kinds.title(row.kind),
        actor=role,
        when=datetime.fromtimestamp(row.recorded_at, UTC),
        about_type=row.about_type,
        about_id=row.about_id,
        version=told["o"][2],
        state=state,
        seq=row.seq if placed else None,
        epoch=row.log.epoch if placed else None,
        fields=(said or {}).get(row.event_id, {}),
        mine=row.event_id in mine,
    )


def agenda(who: Any, now: datetime) -> list[AgendaItem]:
    """For the Desk of those who may change the workspace: a log whose checkpoints are not signed at present."""
    if not who.may("crew.workspace.change"):
        return []
    return [
        AgendaItem(
            key=f"ledger.stopped:{log.pk}",
            kind="notice",
            title="The ledger’s checkpoints are not signed at present",
            why=log.stopped_because,
            url=reverse("ledger-log", kwargs={"workspace": who.workspace.slug}),
            since=log.stopped_at or now,
            consequence=70,
        )
        for log in stopped_logs(who.workspace_id)
    ]


def search(who: Any, query: str, limit: int) -> list[SearchHit]:
    """The kinds whose title has the words, and an entry by its whole id. Never by person."""
    if not who.may("ledger.log.view"):
        return []
    words = query.strip().lower()
    try:
        found, item = entry(who.workspace_id, uuid.UUID(words))
        url = reverse("ledger-entry", kwargs={"workspace": who.workspace.slug, "event_id": found.event_id})
        return [SearchHit(item.title, "Ledger entry", url, f"Entry {found.seq}", item.when)]
    except (ValueError, NotFound):
        pass
    try:
        present = open_log(who.workspace_id)
    except NotFound:
        return []
    url = reverse("ledger-log", kwargs={"workspace": who.workspace.slug})
    return [
        SearchHit(title, "Ledger", f"{url}?kind={kind}", kind)
        for kind, title in kinds_in(present)
        if words and words in f"{title} {kind}".lower()
    ][:limit]
