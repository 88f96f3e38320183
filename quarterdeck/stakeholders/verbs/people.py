"""The people map: departments, who is in them, and what they care about. Ended, never deleted; a person can be erased,
and what they asked for stays readable under their department."""

from __future__ import annotations

from django.db.models import Model

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import NOT_KEPT, kept_line, needed
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew import verbs as crew
from quarterdeck.crew.models import Brand, Member
from quarterdeck.stakeholders import consulting, experts_reads
from quarterdeck.stakeholders.models import (
    Department,
    Heard,
    Interest,
    Language,
    Request,
    Stakeholder,
    sealing,
)
from quarterdeck.stakeholders.models.people import DOES_LENGTH, INTEREST_LENGTH, NAME_LENGTH
from quarterdeck.stakeholders.models.requests import ASKER_LENGTH
from quarterdeck.stakeholders.rows import active, email, known
from quarterdeck.stakeholders.verbs import consults, experts

MOST_DEPARTMENTS = 200
MOST_STAKEHOLDERS = 2000  # of a workspace
MOST_INTERESTS = 50  # of one


def _save(row: Model, kind: str, by: Member, fields: dict | None = None) -> None:
    """Save the row and record the event it changed by."""
    row.ledger_event_id = ids.new()  # type: ignore[attr-defined]
    row.save()
    ledger.record(kind, actor=by, about=row, fields=fields or {}, event_id=row.ledger_event_id)  # type: ignore[attr-defined]


# --- departments --------------------------------------------------------------------------------------


def _free_name(by: Member, name: str, but: Department | None = None) -> str:
    name = needed(name, "name", NAME_LENGTH, "Please write what it is called, for example “Sales”.")
    same = Department.objects.filter(workspace=by.workspace_id, name__iexact=name)
    if same.exclude(pk=but.pk if but else None).exists():
        raise Invalid(
            f"There is a department “{name}” already.",
            not_done=NOT_KEPT,
            fields={"name": "Please choose another name, or take up the one that ended."},
        )
    return name


@verb
def add_department(by: Member, *, name: str, does: str = "") -> Department:
    """Add a department. Raises Invalid for a name that is taken or missing."""
    name = _free_name(by, name)
    if Department.objects.filter(workspace=by.workspace_id).count() >= MOST_DEPARTMENTS:
        raise Conflict(f"A workspace has at most {MOST_DEPARTMENTS} departments.", not_done=NOT_KEPT)
    made = Department(
        workspace=by.workspace, name=name, does=kept_line(does, "does", DOES_LENGTH), made_at=clock.now()
    )
    _save(made, "stakeholders.department.made", by, {"label": name})
    return made


@verb
def change_department(department: Department, *, by: Member, name: str, does: str) -> Department:
    """Call it something else, or say better what it does."""
    department = locked(Department, department.pk, "workspace")
    department.name = _free_name(by, name, but=department)
    department.does = kept_line(does, "does", DOES_LENGTH)
    _save(department, "stakeholders.department.changed", by, {"label": department.name})
    return department


@verb
def end_department(department: Department, *, by: Member) -> Department:
    """It takes part no more: its links, its people’s links to posts and its mail address open nothing. All it asked for
    stays."""
    department = active(locked(Department, department.pk, "workspace"))
    department.ended_at = clock.now()
    _close_posts(department, by)
    _save(department, "stakeholders.department.ended", by)
    return department


@verb
def restore_department(department: Department, *, by: Member) -> Department:
    """It takes part again; links that were not revoked and have not expired open again, and where a post waits for it
    its people are asked anew."""
    department = locked(Department, department.pk, "workspace")
    if department.is_active:
        raise Conflict(f"{department} is active.")
    department.ended_at = None
    _save(department, "stakeholders.department.restored", by)
    return department


@verb
def change_mail_address(department: Department, *, by: Member) -> Department:
    """Give it another address for requests by mail; the one before takes nothing any more."""
    department = active(locked(Department, department.pk, "workspace"))
    department.mail_version += 1
    _save(department, "stakeholders.department.readdressed", by)
    return department


# --- stakeholders -------------------------------------------------------------------------------------


def _put(row: Stakeholder, *, name: str, address: str, heard: str, language: str) -> None:
    name = needed(name, "name", ASKER_LENGTH, "Please write a name.")
    address = email(address)
    if heard not in Heard.values or language not in Language.values:
        raise Invalid("The form was not complete.", not_done=NOT_KEPT)
    if heard == Heard.MAIL and not address:
        raise Invalid(
            "There is no address to write to.",
            not_done=NOT_KEPT,
            fields={"email": "Please write their e-mail address, or choose “by link only”."},
        )
    row.address_hash = sealing.address_hash(address) if address else None
    there = Stakeholder.objects.filter(workspace=row.workspace, address_hash=row.address_hash)
    if address and there.exclude(pk=row.pk).exists():
        raise Invalid(
            "Somebody with this address is on the map already.",
            not_done=NOT_KEPT,
            fields={"email": "Please look them up; an address stands for one person."},
        )
    row.sealed = sealing.seal({"name": name, "email": address}, context=row.context)
    row.heard, row.language = heard, language
    row.forget_cached()


def _fields(row: Stakeholder) -> dict:
    return {"department": str(row.department_id), "heard": str(row.heard), "language": str(row.language)}


@verb
def add_stakeholder(
    department: Department,
    *,
    by: Member,
    name: str,
    address: str = "",
    heard: str = Heard.MAIL,
    language: str = Language.ENGLISH,
) -> Stakeholder:
    """Put somebody outside the team on the map. Raises Invalid with its fields, Conflict for an ended department."""
    active(department)
    if Stakeholder.objects.filter(workspace=by.workspace_id).count() >= MOST_STAKEHOLDERS:
        raise Conflict(f"A workspace has at most {MOST_STAKEHOLDERS:,} stakeholders.", not_done=NOT_KEPT)
    row = Stakeholder(workspace=by.workspace, department=department, made_at=clock.now())
    _put(row, name=name, address=address, heard=heard, language=language)
    _save(row, "stakeholders.stakeholder.added", by, _fields(row))
    return row


@verb
def change_stakeholder(
    row: Stakeholder,
    *,
    by: Member,
    department: Department,
    name: str,
    address: str,
    heard: str,
    language: str,
) -> Stakeholder:
    """Another name, address, department or way to be heard. Their links to posts spoke for the department before, and
    close with it."""
    row = known(locked(Stakeholder, row.pk, "workspace", "department"))
    if department.pk != row.department_id:
        row.department = active(department)
        _close_posts(row, by)
    _put(row, name=name, address=address, heard=heard, language=language)
    _save(row, "stakeholders.stakeholder.changed", by, _fields(row))
    return row


@verb
def end_stakeholder(row: Stakeholder, *, by: Member) -> Stakeholder:
    """They take part no more and get no mail. Who they are is kept, and can be erased."""
    row = known(locked(Stakeholder, row.pk, "workspace", "department"))
    if row.ended_at is not None:
        raise Conflict("They ended already.")
    row.ended_at = clock.now()
    _close_doors(row, by)
    _save(row, "stakeholders.stakeholder.ended", by)
    return row


def _close_posts(of: Stakeholder | Department, by: Member) -> None:
    if consulting.open_doors(of):
        consults.close_doors(of, by=by)


def _close_doors(row: Stakeholder, by: Member) -> None:
    _close_posts(row, by)
    for link in consulting.open_mails(row):
        crew.revoke_link(link, by=by)


@verb
def restore_stakeholder(row: Stakeholder, *, by: Member) -> Stakeholder:
    """They take part again."""
    row = known(locked(Stakeholder, row.pk, "workspace", "department"))
    if row.ended_at is None:
        raise Conflict("They are active.")
    row.ended_at = None
    _save(row, "stakeholders.stakeholder.restored", by)
    return row


@verb
def erase_stakeholder(row: Stakeholder, *, by: Member) -> Stakeholder:
    """Forget who they are, everywhere: no name and no address is left. What they asked for stays readable, as asked by
    somebody of their department. That cannot be undone."""
    row = known(locked(Stakeholder, row.pk, "workspace", "department"))
    asked = _asked_by(row)
    for request in asked:
        if request.sealed:
            _unname(request, by)
    for question in experts_reads.asked_by(row):
        experts.forget_asker(question, by=by)
    _close_doors(row, by)
    row.sealed = row.address_hash = None
    row.erased_at = clock.now()
    row.ended_at = row.ended_at or row.erased_at
    row.forget_cached()
    _save(row, "stakeholders.stakeholder.erased", by, {"requests": len(asked)})
    return row


def _asked_by(row: Stakeholder) -> list[Request]:
    """What they asked for, in whichever department they were then: as a stakeholder, or by the address they gave."""
    mine = Request.objects.select_for_update(of=("self",)).filter(workspace=row.workspace_id)
    theirs = list(mine.filter(stakeholder=row))
    if row.email:
        others = mine.filter(stakeholder=None, sealed__isnull=False).select_related("department")
        theirs += [one for one in others if one.email == row.email]
    return theirs


def _unname(request: Request, by: Member) -> None:
    request.sealed, request.ledger_event_id = None, ids.new()
    request.save(update_fields=["sealed", "ledger_event_id"])
    event_id = request.ledger_event_id
    ledger.record("stakeholders.request.unnamed", actor=by, about=request, event_id=event_id)


@verb
def forget_asker(request: Request, *, by: Member) -> Request:
    """Forget the name and the address somebody gave with a request; it stays, as asked by somebody of the department.
    That cannot be undone. Whoever is on the people map is erased there."""
    request = locked(Request, request.pk, "workspace", "department")
    if not request.sealed:
        raise Conflict("No name and no address is kept with this request.")
    _unname(request, by)
    return request


# --- interests ----------------------------------------------------------------------------------------


@verb
def note_interest(
    of: Department | Stakeholder, *, by: Member, about: str, words: str = "", brand: Brand | None = None
) -> Interest:
    """Note what a department or a stakeholder wants to hear of. Raises Invalid for what stands there already."""
    if about not in Interest.About.values:
        raise Invalid("The form was not complete.", not_done=NOT_KEPT)
    if about == Interest.About.BRAND:
        words = ""
        if brand is None or brand.workspace_id != by.workspace_id:
            raise Invalid(
                "Which brand?", not_done=NOT_KEPT, fields={"brand": "Please choose one of the brands."}
            )
    else:
        brand = None
        words = needed(words, "words", INTEREST_LENGTH, "Please write a word or two.")
    whose = {"department": of} if isinstance(of, Department) else {"stakeholder": known(of)}
    there = Interest.objects.filter(**whose, ended_at__isnull=True)
    if there.count() >= MOST_INTERESTS:
        raise Conflict(f"At most {MOST_INTERESTS} interests are kept for one.", not_done=NOT_KEPT)
    if there.filter(about=about, words__iexact=words, brand=brand).exists():
        raise Invalid(
            "That stands there already.", not_done=NOT_KEPT, fields={"words": "It is noted already."}
        )
    row = Interest(
        workspace=by.workspace, **whose, about=about, words=words, brand=brand, made_at=clock.now()
    )
    _save(row, "stakeholders.interest.noted", by, {"about": str(about), "words": str(row)})
    return row


@verb
def end_interest(row: Interest, *, by: Member) -> Interest:
    """They do not care about it any more."""
    row = locked(Interest, row.pk, "workspace")
    if row.ended_at is not None:
        raise Conflict("That ended already.")
    row.ended_at = clock.now()
    _save(row, "stakeholders.interest.ended", by)
    return row
