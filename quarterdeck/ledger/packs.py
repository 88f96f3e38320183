"""Proof files: entries with the fields that somebody chose to show, for a reader who has nothing of ours.

Which fields may be shown: what tells nothing about a person, to every member; what is about a person or in their
words, to that person alone. The format is read by `engines/verify.py`, which also says what each part is held to.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from quarterdeck.core.problems import Conflict, Forbidden, Invalid, NotFound
from quarterdeck.engines import merkle, notes, verify
from quarterdeck.ledger import kinds, leaf, reads, tree
from quarterdeck.ledger.models import Checkpoint, Entry, Log, Payload, Subject

MOST = 100  # entries of one object that a file may hold; `engines/verify.py` reads more
HOW = (
    "Check this file without us: python verify.py FILE --key KEY (https://{host}/verify.py), or the page"
    " https://{host}/verify, which can be saved and works offline. Get the log’s key, or the number that stands for"
    " it, from somebody you trust. Times are recorded in the log’s own clock; not anchored outside yet."
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry as a file may tell it: the fields that this reader may show, and the names of the others."""

    entry: Entry
    title: str
    shown: reads.Told = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)

    @property
    def fields(self) -> list[dict[str, Any]]:
        """Name, value and whether it is personal, of each field that may be shown."""
        kind = self.entry.kind
        return [
            {"name": name, "value": value, "personal": kinds.is_personal(kind, name)}
            for name, (_, value) in self.shown.items()
        ]


def choices(entries: Iterable[Entry], person_id: uuid.UUID | None) -> list[Choice]:
    """What the person (None: nobody in particular) may show of each entry."""
    found = list(entries)
    told = _may_show(found, person_id)
    made = []
    for one in found:
        shown = dict(sorted(told.get(one.event_id, {}).items()))
        kept = [name for name in reads.committed(one) if name not in shown]
        made.append(Choice(one, kinds.title(one.kind), shown, kept))
    return made


def life_of(found: Entry) -> list[Entry]:
    """The signed entries about the same row in the same log, oldest first: at most MOST, the newest of them. Of a
    person there is no such list: only the entry itself."""
    newest = covering(found)
    if Subject.objects.filter(pseudonym=found.about_id).exists():
        return [found]
    same = Entry.objects.filter(
        log_id=found.log_id, about_id=found.about_id, about_type=found.about_type, seq__lt=newest.size
    )
    return sorted(same.select_related("log").order_by("-seq")[:MOST], key=lambda one: one.seq)


def covering(found: Entry) -> Checkpoint:
    """The log's newest checkpoint. Conflict while it does not cover the entry."""
    newest = reads.newest_checkpoint(found.log)
    if newest is None or newest.size <= found.seq:
        raise Conflict(
            "This entry is not covered by a signed checkpoint yet.",
            not_done="There is no proof to give.",
            next_step=found.log.stopped_because or "A checkpoint is signed within seconds; try again.",
        )
    return newest


def make(chosen: list[Choice], names: Mapping[uuid.UUID, Iterable[str]]) -> bytes:
    """The file: these entries of one log, of each the named fields.

    Forbidden for a field that this reader may not show, NotFound for one that no entry has.
    """
    if not chosen:
        raise Invalid(
            "No entry was chosen.", not_done="No file was made.", next_step="Choose one entry at least."
        )
    log = chosen[0].entry.log
    newest = covering(max((one.entry for one in chosen), key=lambda entry: entry.seq))
    node = tree.node_of(log.pk)
    entries = [_entry(one, set(names.get(one.entry.event_id, ())), newest, node) for one in chosen]
    made = {
        "format": verify.FORMAT,
        "how": HOW.format(host=log.origin.split("/", 1)[0]),
        "keys": log.verifier_keys,
        "checkpoint": newest.note,
        "entries": entries,
    }
    return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()


def name_of(found: Entry) -> str:
    """The file's name."""
    return f"{found.event_id}.quarterdeck-proof.json"


def key_numbers(log: Log) -> list[tuple[str, str]]:
    """Each key line of the log with the thirty digits that stand for it on the telephone."""
    return [(line, verify.read_key(line).number) for line in log.verifier_keys]


def _entry(one: Choice, names: set[str], newest: Checkpoint, node: merkle.Node) -> dict[str, Any]:
    for name in sorted(names - set(one.shown)):
        if name in one.kept:
            raise Forbidden(
                f"The field “{name}” of entry {one.entry.seq} is not yours to show, or it was erased.",
                not_done="No file was made.",
                next_step="What is about a person or in their words is shown by that person alone.",
            )
        raise NotFound(f"Entry {one.entry.seq} has no field “{name}”.")
    told = [{"salt": one.shown[n][0], "field": n, "value": one.shown[n][1]} for n in sorted(names)]
    return {
        "leaf": bytes(one.entry.leaf).decode(),
        "path": _path(one.entry.seq, newest.size, node),
        "disclosed": told,
        "hidden": sorted(set(leaf.read(one.entry.leaf)["c"]) - names),
    }


def _path(seq: int, size: int, node: merkle.Node) -> str:
    """The head of a tlog-proof; with an empty line and the checkpoint behind it, it is one."""
    return notes.Proof(seq, merkle.inclusion_at(node, seq, size), "").text()[:-1]


def _may_show(entries: list[Entry], person_id: uuid.UUID | None) -> dict[uuid.UUID, reads.Told]:
    """event -> field -> (salt, value), of the fields that may be shown and can be read."""
    if not entries:
        return {}
    mine = set()
    if person_id is not None:
        workspace_id = entries[0].log.workspace_id
        known = Subject.objects.filter(workspace_id=workspace_id, person_id=person_id)
        mine = set(known.values_list("pseudonym", flat=True))
    rows = list(Payload.objects.filter(event_id__in=[one.event_id for one in entries]))
    rows = [row for row in rows if row.subject is None or row.subject in mine]
    deks = reads.open_deks({row.subject for row in rows if row.subject})
    kind_of = {one.event_id: one.kind for one in entries}
    found: dict[uuid.UUID, reads.Told] = {}
    for row in rows:
        for name, said in (reads.open_payload(row, deks) or {}).items():
            # What a machine said about a person lies among the plain fields and is nobody's to show.
            if row.subject is not None or not kinds.is_personal(kind_of[row.event_id], name):
                found.setdefault(row.event_id, {})[name] = said
    return found
