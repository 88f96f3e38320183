"""Acts on imports. What a row becomes is decided in `judging`; in what order rows are taken, in `importing`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from quarterdeck import ledger
from quarterdeck.core import bulk, clock, ids
from quarterdeck.core.problems import Conflict, Problem
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.exchange import intake
from quarterdeck.exchange.asking import Answers, first_guess
from quarterdeck.exchange.judging import Judged
from quarterdeck.exchange.models import Import, Row
from quarterdeck.exchange.reading import Sheet
from quarterdeck.exchange.world import World
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.verbs import drafts
from quarterdeck.publishing.verbs.labels import make_label

MOST_WAITING = 20  # sheets of a workspace that nobody has confirmed


@verb
def receive(by: Member, *, name: str, sha256: str, sheet: Sheet) -> Import:
    """Keep a sheet's rows until somebody has said what its columns are. Nothing is drafted yet."""
    waiting = Import.objects.filter(workspace=by.workspace_id, state=Import.State.RECEIVED).count()
    if waiting >= MOST_WAITING:
        raise Conflict(
            f"{MOST_WAITING} spreadsheets wait to be confirmed already.",
            not_done="This one was not kept.",
            next_step="Confirm one of them or put it aside first.",
        )
    guess = first_guess(by.workspace, sheet.lines)
    header = sheet.lines[guess.header].number if guess.header is not None else 0
    now, event_id = clock.now(), ids.new()
    found = Import.objects.create(
        workspace=by.workspace,
        by=by,
        name=name,
        kind=sheet.kind[:80],
        sha256=sha256,
        guess={"header": header, "notes": sheet.notes},
        received_at=now,
        moved_at=now,
        ledger_event_id=event_id,
    )
    bulk.insert([Row(of=found, number=one.number, cells=one.cells, unread=one.unread) for one in sheet.lines])
    fields = {"name": name, "rows": len(sheet.lines), "sha256": sha256}
    ledger.record("exchange.import.received", actor=by, about=found, fields=fields, event_id=event_id)
    return found


@verb
def drop(found: Import, *, by: Member) -> None:
    """Put aside a sheet that was not imported: its rows are deleted."""
    found = _locked(found)
    if found.state != Import.State.RECEIVED:
        raise Conflict("It was imported already.", next_step="Undo the import instead.")
    ledger.record("exchange.import.dropped", actor=by, about=found, fields={})
    found.delete()


@verb
def begin(found: Import, *, by: Member, answers: Answers, signature: str) -> None:
    """Import its rows as was answered; the answers are remembered for files with the same headings."""
    from quarterdeck.exchange.jobs import run_import

    found = _locked(found)
    if found.state != Import.State.RECEIVED:
        raise Conflict("It is being imported already, or was.", next_step="Its page shows how far it is.")
    now, event_id = clock.now(), ids.new()
    above = found.rows.filter(number__lte=answers.header) if answers.header else found.rows.none()
    above.update(state=Row.State.HEAD)
    found.answers, found.state, found.by = answers.kept(), Import.State.RUNNING, by
    found.begun_at = found.moved_at = now
    found.ledger_event_id = event_id
    found.save()
    intake.remember(by.workspace, signature, answers)
    fields = {"rows": found.rows.filter(state=Row.State.WAITING).count(), "planned": answers.times == "plan"}
    ledger.record("exchange.import.begun", actor=by, about=found, fields=fields, event_id=event_id)
    run_import.defer(import_id=str(found.pk))


@verb
def make_drafts(by: Member, judged: Sequence[Judged], world: World) -> None:
    """Draft what these rows say, each with its own events. Labels that are not here yet are made, where `by` may."""
    good = [one for one in judged if one.draft is not None]
    _make_labels(by, good, world)
    wanted = [
        replace(one.draft, labels=world.labels_of(one.label_names)) for one in good if one.draft is not None
    ]
    for one, made in zip(good, drafts.draft_many(by, wanted), strict=True):
        one.row.post, one.row.post_event, one.row.plan_act = (
            made.post.pk,
            made.post.ledger_event_id,
            made.plan,
        )


@verb
def end(found: Import) -> None:
    """Its last row was taken."""
    found = _locked(found)
    if found.state != Import.State.RUNNING:
        raise Conflict("It is not being imported.")
    found.state, found.ended_at, found.ledger_event_id = Import.State.DONE, clock.now(), ids.new()
    found.save()
    counts = {state: found.rows.filter(state=state).count() for state in (Row.State.DRAFT, Row.State.FIX)}
    fields = {"drafts": counts[Row.State.DRAFT], "to_fix": counts[Row.State.FIX]}
    _record("ended", found, found.by, fields)


@verb
def undo(found: Import, *, by: Member) -> None:
    """Take the whole import back: what it drafted and nobody has touched since is taken off the plan and discarded."""
    from quarterdeck.exchange.jobs import run_undo

    found = _locked(found)
    if found.state not in {Import.State.DONE, Import.State.RUNNING}:
        raise Conflict("There is nothing to undo.", next_step="Its page shows how it stands.")
    found.state, found.undone_by, found.moved_at = Import.State.UNDOING, by, clock.now()
    found.ledger_event_id = ids.new()
    found.save()
    _record("undoing", found, by, {})
    run_undo.defer(import_id=str(found.pk))


@verb
def take_back(by: Member, posts: Sequence[Post]) -> None:
    """Discard these drafts of an import, with their plans."""
    drafts.take_back_many(by, posts)


@verb
def end_undo(found: Import) -> None:
    """Its last draft was looked at."""
    found = _locked(found)
    if found.state != Import.State.UNDOING or found.undone_by is None:
        raise Conflict("It is not being undone.")
    found.state, found.undone_at, found.ledger_event_id = Import.State.UNDONE, clock.now(), ids.new()
    found.save()
    taken = found.rows.filter(state=Row.State.GONE).count()
    left = found.rows.filter(state=Row.State.DRAFT).count()
    _record("undone", found, found.undone_by, {"taken_back": taken, "left": left})


def _record(what: str, found: Import, by: Member, fields: dict) -> None:
    ledger.record(
        f"exchange.import.{what}", actor=by, about=found, fields=fields, event_id=found.ledger_event_id
    )


def _locked(found: Import | UUID) -> Import:
    pk = found.pk if isinstance(found, Import) else found
    row = Import.objects.select_for_update(of=("self",)).select_related(
        "workspace", "by__user", "by__workspace", "undone_by__user", "undone_by__workspace"
    )
    if (kept := row.filter(pk=pk).first()) is None:
        raise Conflict("This spreadsheet was put aside meanwhile.", next_step="Bring it again.")
    return kept


def _make_labels(by: Member, good: Sequence[Judged], world: World) -> None:
    missing: dict[str, str] = {}
    for one in good:
        for name in one.label_names:
            if name.casefold() not in world.labels:
                missing.setdefault(name.casefold(), name)
    refused: dict[str, str] = {}
    for key, name in missing.items():
        if not by.may("publishing.label.change"):
            refused[key] = f"The label “{name}” is not here, and your role makes none; it was left out."
            continue
        try:
            world.labels[key] = make_label(by, name=name)
        except Problem as problem:
            refused[key] = f"The label “{name}” was left out. {problem.title}"
    for one in good:
        one.warnings += [refused[n.casefold()] for n in one.label_names if n.casefold() in refused]
