"""The weekly digest and the window of a department: switched on, sent, ended by whoever reads it; opened and closed."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import available_timezones

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import NOT_KEPT
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew import verbs as crew
from quarterdeck.crew.models import Member, SignedLink
from quarterdeck.stakeholders import rows
from quarterdeck.stakeholders.models import (
    Department,
    Digest,
    DigestPlan,
    Reader,
    Stakeholder,
    Window,
    sealing,
)
from quarterdeck.stakeholders.models.digests import DIGEST

WINDOW = "stakeholders.window"
LASTS = timedelta(days=365)
RENEW = timedelta(days=60)  # a link that ends sooner is replaced in the next mail
MOST_WINDOWS = 5  # of one department


@verb
def plan_digest(by: Member, *, on: bool, hour: int) -> DigestPlan:
    """Switch the weekly digest on or off, and say at which hour of Monday it is sent."""
    if not 0 <= hour <= 23:
        fields = {"hour": "Please choose an hour from 0 to 23."}
        raise Invalid("A day has no such hour.", not_done=NOT_KEPT, fields=fields)
    given = {"on": on, "hour": hour, "set_by": by, "set_at": clock.now(), "ledger_event_id": ids.new()}
    plan, _ = DigestPlan.objects.update_or_create(workspace=by.workspace, defaults=given)
    fields = {"on": on, "hour": hour}
    event_id = plan.ledger_event_id
    ledger.record("stakeholders.digest.planned", actor=by, about=plan, fields=fields, event_id=event_id)
    return plan


@verb
def zone_reader(stakeholder: Stakeholder, *, by: Member, zone: str) -> Reader:
    """In which zone a stakeholder's Monday begins; empty: the workspace's."""
    if zone and zone not in available_timezones():
        fields = {"zone": "Please choose a zone as in “Europe/Berlin”."}
        raise Invalid("There is no such zone.", not_done=NOT_KEPT, fields=fields)
    reader = _reader(stakeholder)
    reader.zone = zone
    _save(reader, by, "stakeholders.reader.zoned")
    return reader


@verb
def end_digest(reader: Reader, *, by: SignedLink | Member) -> Reader:
    """No digest goes to them any more; they said so themselves, or the team for them. Raises Conflict when it ended
    before."""
    reader = locked(Reader, reader.pk, "stakeholder")
    if reader.ended_at is not None:
        raise Conflict("The weekly mail has ended already.", not_done="Nothing more was changed.")
    reader.ended_at = clock.now()
    _save(reader, by, "stakeholders.reader.ended")
    return reader


@verb
def begin_digest(reader: Reader, *, by: SignedLink | Member) -> Reader:
    """They want it again. Raises Conflict when it never ended."""
    reader = locked(Reader, reader.pk, "stakeholder")
    if reader.ended_at is None:
        raise Conflict("The weekly mail comes already.", not_done="Nothing was changed.")
    reader.ended_at = None
    _save(reader, by, "stakeholders.reader.begun")
    return reader


@verb
def make_digest(stakeholder: Stakeholder, *, week: date, lines: int, by: Member) -> Digest:
    """The digest of a week is about to be mailed: written first, so that it is mailed at most once. Gives the reader a
    link to end it where theirs is about to run out; `by` answers for that link.

    Raises Conflict when that week's was made.
    """
    if Digest.objects.filter(stakeholder=stakeholder, week=week).exists():
        raise Conflict("The digest of that week was made already.", not_done="None was made again.")
    reader = _reader(stakeholder)
    if reader.link is None or reader.link.expires_at < clock.now() + RENEW or not reader.link.is_open():
        _give_link(reader, by)
    event_id = ids.new()
    digest = Digest.objects.create(
        workspace_id=stakeholder.workspace_id,
        stakeholder=stakeholder,
        week=week,
        lines=lines,
        made_at=clock.now(),
        ledger_event_id=event_id,
    )
    fields = {"week": week, "lines": lines}
    actor = ledger.system(stakeholder.workspace_id)
    ledger.record("stakeholders.digest.made", actor=actor, about=digest, fields=fields, event_id=event_id)
    return digest


def _reader(stakeholder: Stakeholder) -> Reader:
    found = Reader.objects.select_for_update(of=("self",)).filter(stakeholder=stakeholder)
    return found.select_related("link").first() or Reader(
        workspace_id=stakeholder.workspace_id, stakeholder=stakeholder
    )


def _give_link(reader: Reader, by: Member) -> None:
    label = f"Weekly mail, {reader.stakeholder.department}"
    until = clock.now() + LASTS
    system = ledger.system(reader.workspace_id)
    issued = crew.issue_link(
        by=by, purpose=DIGEST, object_id=reader.pk, label=label, expires_at=until, through=system
    )
    reader.link = issued.link
    reader.token_sealed = sealing.seal({"token": issued.token}, context=reader.context)
    _save(reader, system, "stakeholders.reader.linked")


def _save(reader: Reader, by: object, kind: str) -> None:
    reader.ledger_event_id = ids.new()
    reader.save()
    ledger.record(kind, actor=by, about=reader, fields={}, event_id=reader.ledger_event_id)


# --- windows ------------------------------------------------------------------------------------------


@verb
def open_window(department: Department, *, by: Member) -> Window:
    """Make a link by which a department looks at its calendar and asks the team, for a year. It can be copied again.

    Raises Conflict for an ended department, or too many links that work.
    """
    department = rows.active(locked(Department, department.pk, "workspace"))
    now = clock.now()
    working = Window.objects.filter(
        department=department, link__revoked_at__isnull=True, link__expires_at__gt=now
    )
    if working.count() >= MOST_WINDOWS:
        raise Conflict(
            f"{department} has {MOST_WINDOWS} links that work, which is the most.",
            not_done="No link was made.",
            next_step="Revoke one that is not used any more.",
        )
    label = f"Window of {department}"
    issued = crew.issue_link(
        by=by, purpose=WINDOW, object_id=department.pk, label=label, expires_at=now + LASTS
    )
    window = Window(
        workspace_id=department.workspace_id,
        department=department,
        link=issued.link,
        made_at=now,
        ledger_event_id=ids.new(),
    )
    window.token_sealed = sealing.seal({"token": issued.token}, context=window.context)
    window.save()
    fields = {"until": issued.link.expires_at}
    event_id = window.ledger_event_id
    ledger.record("stakeholders.window.opened", actor=by, about=window, fields=fields, event_id=event_id)
    return window


@verb
def close_window(window: Window, *, by: Member) -> Window:
    """Revoke it: the link opens nothing from now on, and subscribed calendars stay empty."""
    window = locked(Window, window.pk, "department", "link")
    crew.revoke_link(window.link, by=by)
    window.ledger_event_id = ids.new()
    window.save(update_fields=["ledger_event_id"])
    event_id = window.ledger_event_id
    ledger.record("stakeholders.window.closed", actor=by, about=window, fields={}, event_id=event_id)
    return window
