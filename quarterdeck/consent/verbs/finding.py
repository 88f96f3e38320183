"""What the system notes of conflicts: found, changed, open again, gone, or happened before anybody settled it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quarterdeck import ledger
from quarterdeck.consent import world
from quarterdeck.consent.conflicts import every
from quarterdeck.consent.conflicts.shapes import Finding
from quarterdeck.consent.models import Conflict as Row
from quarterdeck.consent.rows import locked_plan
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Workspace

State = Row.State


@dataclass(frozen=True, slots=True)
class News:
    """What one look brought: `kind` of the event, the row (None for a new one), and the finding where there is one."""

    kind: str
    row: Row | None
    finding: Finding | None


def _news(workspace: Workspace, findings: Sequence[Finding], whole: bool) -> Iterator[News]:
    """What these findings say that the rows do not. `whole`: nothing was left out, so what is not found is gone."""
    known = {one.key: one for one in Row.objects.filter(workspace=workspace)}
    now, seen = clock.now(), set()
    for one in findings:
        row = known.get(one.key)
        seen.add(one.key)
        if row is None:
            yield News("consent.conflict.found", None, one)
        elif row.state == State.OPEN and row.stands != one.stands:
            yield News("consent.conflict.changed", row, one)
        elif row.state in {State.SETTLED, State.GONE, State.PASSED} or (
            row.state == State.KEPT and row.stands != one.stands
        ):
            yield News("consent.conflict.returned", row, one)
    for row in known.values() if whole else ():
        if row.state == State.OPEN and row.key not in seen:
            yield News("consent.conflict.passed" if row.at <= now else "consent.conflict.gone", row, None)


@verb
def look(workspace: Workspace) -> list[Row]:
    """Look at the plan as it stands and note what is new; returns the rows that changed. Raises Conflict when nothing
    did."""
    workspace = locked_plan(workspace.pk)
    now = clock.now()
    found = every.find(world.read(workspace, now))
    ahead = [one for one in found.findings if one.at > now]
    news = list(_news(workspace, ahead, whole=not found.more))
    if not news:
        raise Conflict("The plan holds the conflicts it held before.")
    changed, records = [], []
    for one in news:
        row = _kept(workspace, one)
        fields: dict = {"kind": str(row.kind)}
        if one.kind == "consent.conflict.found":
            fields["sides"] = " ".join(f"{side['about']}:{side['id']}" for side in row.sides)
        by = ledger.system(workspace.pk)
        records.append(ledger.Record(one.kind, by, row, fields, None, row.ledger_event_id))
        changed.append(row)
    ledger.record_many(records)
    return changed


def _kept(workspace: Workspace, one: News) -> Row:
    now, finding = clock.now(), one.finding
    row = one.row or Row(workspace=workspace, key=finding.key, kind=finding.kind, found_at=now, state_at=now)
    if finding is None:
        row.state = State.PASSED if one.kind.endswith("passed") else State.GONE
        row.state_at = now
    else:
        row.sides = [{"about": about, "id": pk.hex} for about, pk in finding.sides]
        row.at, row.stands, row.facts = finding.at, finding.stands, finding.facts
        if row.state != State.OPEN:
            row.state, row.state_at, row.word, row.decision = State.OPEN, now, "", None
    row.ledger_event_id = ids.new()
    row.save()
    return row
