"""People who are seen in a file: who, what they agreed to, from when until when; and forgetting them."""

from __future__ import annotations

import json
from datetime import date

from quarterdeck import ledger
from quarterdeck.core import clock, ids, secrets
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.studio import rows
from quarterdeck.studio.models import File, Shown

MOST = 40


@verb
def note_person(
    file: File,
    *,
    by: Member,
    name: str,
    given_on: date | None = None,
    until: date | None = None,
    purpose: str = "",
    note: str = "",
) -> Shown:
    """Note somebody who is seen in a file, and when they agreed to be shown, until when and for what; without
    `given_on` they have not agreed yet. Raises Invalid with its fields.
    """
    if Shown.objects.filter(file=file).count() >= MOST:
        raise Conflict(f"A file names at most {MOST} people.", not_done="Nobody was noted.")
    person = Shown(file=file, noted_at=clock.now())
    _fill(person, name=name, given_on=given_on, until=until, purpose=purpose, note=note)
    _record("studio.person.noted", by, person)
    return person


@verb
def change_person(
    person: Shown,
    *,
    by: Member,
    name: str,
    given_on: date | None = None,
    until: date | None = None,
    purpose: str = "",
    note: str = "",
    withdrawn: bool = False,
) -> Shown:
    """Change what is noted of somebody. `withdrawn`: they took their consent back."""
    person = Shown.objects.select_for_update(of=("self",)).select_related("file").get(pk=person.pk)
    person.withdrawn_at = (person.withdrawn_at or clock.now()) if withdrawn else None
    _fill(person, name=name, given_on=given_on, until=until, purpose=purpose, note=note)
    _record("studio.person.changed", by, person)
    return person


@verb
def forget_person(person: Shown, *, by: Member) -> None:
    """Forget somebody: their row goes with everything that was noted of them. The ledger says only that it went."""
    person = Shown.objects.select_for_update(of=("self",)).select_related("file").get(pk=person.pk)
    ledger.record("studio.person.forgotten", actor=by, about=person)
    person.delete()


def _fill(
    person: Shown, *, name: str, given_on: date | None, until: date | None, purpose: str, note: str
) -> None:
    said = {
        "name": rows.clean(name, 120),
        "purpose": rows.clean(purpose, 200),
        "note": rows.clean_text(note, 500),
    }
    if not said["name"]:
        raise Invalid("Nobody is named.", fields={"name": "Please say who is seen."})
    if given_on and until and until < given_on:
        words = "This is before they agreed."
        raise Invalid("The dates do not fit.", fields={"until": words})
    person.given_on, person.until, person.ledger_event_id = given_on, until, ids.new()
    person.sealed = secrets.seal(json.dumps(said).encode(), context=person.context)
    person.save()


def _record(kind: str, by: Member, person: Shown) -> None:
    fields = {
        "given_on": person.given_on.isoformat() if person.given_on else None,
        "until": person.until.isoformat() if person.until else None,
        "withdrawn": person.withdrawn_at is not None,
    }
    ledger.record(kind, actor=by, about=person, fields=fields, event_id=person.ledger_event_id)
