"""What a department asks for, and what whoever asked says to the answers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import NOT_KEPT, kept, needed
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew import reads as crew_reads
from quarterdeck.crew import verbs as crew
from quarterdeck.crew.models import Member, SignedLink
from quarterdeck.crew.permissions import Role
from quarterdeck.stakeholders import hours, rows, telling, wishes
from quarterdeck.stakeholders.models import Department, Request, RequestAnswer, Stakeholder, sealing
from quarterdeck.stakeholders.models.requests import OPEN, REASON_LENGTH, State, Way
from quarterdeck.stakeholders.rows import active
from quarterdeck.stakeholders.wishes import Wish

PURPOSE = "stakeholders.request"
LASTS = timedelta(days=365)
MOST_A_DAY = 20  # by one link, or by mail for one department
MOST_OPEN = 300  # of one department
MOST_WORDS = 40  # of whoever asked, about one request
What = RequestAnswer.What


class TooMany(Conflict):
    """A link, or a department, asked for as much as it may."""

    code = "too-many-requests"
    status = 429


@verb
def ask_by_link(department: Department, *, door: SignedLink, wish: Wish, anyway: bool = False) -> Request:
    """Ask for something by a department's link. The same form sent twice (`wish.pk`) asks once.

    Raises Invalid with its fields, LooksLike unless `anyway`, AlreadySent, TooMany (429) when the link has asked too
    often."""
    department = active(locked(Department, department.pk, "workspace"))
    sent = Request.objects.filter(pk=wish.pk, door=door).first()
    if sent is not None:
        raise AlreadySent(sent)
    _not_too_often(department, Way.LINK, door)
    return _ask(department, wish, way=Way.LINK, actor=door, issuer=door.issued_by, door=door, anyway=anyway)


@verb
def ask_by_mail(department: Department, *, wish: Wish) -> Request:
    """The same by mail to the department's address; who may ask for more is not told apart from who may not."""
    department = active(locked(Department, department.pk, "workspace"))
    _not_too_often(department, Way.MAIL)
    owner = next(one for one in crew_reads.members(department.workspace) if one.role == Role.OWNER)
    actor = ledger.system(department.workspace_id)
    return _ask(department, wish, way=Way.MAIL, actor=actor, issuer=owner, anyway=True)


@verb
def write_down(
    department: Department, *, by: Member, wish: Wish, stakeholder: Stakeholder | None = None
) -> Request:
    """What somebody asked for by word of mouth, written down by the team."""
    department = active(locked(Department, department.pk, "workspace"))
    return _ask(department, wish, way=Way.TEAM, actor=by, issuer=by, stakeholder=stakeholder, anyway=True)


def _not_too_often(department: Department, way: str, door: SignedLink | None = None) -> None:
    """TooMany when a link (or the mail of a department) asked too often within a day, or too much is open.

    Two counts of an index: what is refused costs next to nothing."""
    since = clock.now() - timedelta(days=1)
    asked = Request.objects.filter(asked_at__gt=since)
    asked = asked.filter(door=door) if door else asked.filter(department=department, way=way)
    if asked.count() >= MOST_A_DAY:
        raise TooMany(
            f"{MOST_A_DAY} things were asked for {'by this link ' if door else ''}within a day, which is the most.",
            not_done="This one was not sent; what you wrote is still in the page.",
            next_step="Ask again tomorrow, or speak to the team.",
        )
    if Request.objects.filter(department=department, state__in=OPEN).count() >= MOST_OPEN:
        raise TooMany(
            f"{department} has {MOST_OPEN} requests open, which is the most.",
            not_done="This one was not sent; what you wrote is still in the page.",
            next_step="Withdraw what is not needed any more, or speak to the team.",
        )


def _ask(
    department: Department,
    wish: Wish,
    *,
    way: str,
    actor: Any,
    issuer: Member,
    door: SignedLink | None = None,
    stakeholder: Stakeholder | None = None,
    anyway: bool,
) -> Request:
    workspace, now = department.workspace, clock.now()
    columns, who = wishes.checked(wish, workspace), wishes.asker(wish)
    if not anyway:
        wishes.check_new(department, columns["what"])
    pk = ids.new() if Request.objects.filter(pk=wish.pk).exists() else wish.pk
    request = Request(
        id=pk,
        workspace=workspace,
        department=department,
        stakeholder=stakeholder or _known(department, who["email"]),
        way=way,
        door=door,
        asked_at=now,
        state_at=now,
        due_at=hours.due(workspace, columns["kind"]),
        ledger_event_id=ids.new(),
        **columns,
    )
    if any(who.values()) and stakeholder is None:
        request.sealed = sealing.seal(who, context=request.context)
    _give_page(request, issuer, actor)
    request.save(force_insert=True)
    told = {name: columns[name] for name in ("what", "why", "audience", "assets", "otherwise", "need")}
    told |= {"request_kind": columns["kind"], "way": str(way), "due_at": request.due_at}
    told |= {name: _iso(columns[name]) for name in ("preferred_week", "latest")}
    _record(request, "stakeholders.request.asked", actor, told)
    telling.to_requester(request, "receipt")
    return request


class AlreadySent(Conflict):
    """The same form came twice; `request` is what came of the first."""

    code = "already-sent"

    def __init__(self, request: Request) -> None:
        super().__init__("This was sent already.", not_done="It was not asked for a second time.")
        self.request = request


def _known(department: Department, address: str) -> Stakeholder | None:
    """The stakeholder of this department who has this address."""
    if not address:
        return None
    found = Stakeholder.objects.filter(department=department, address_hash=sealing.address_hash(address))
    return found.filter(ended_at__isnull=True).first()


def _give_page(request: Request, issuer: Member, actor: Any) -> None:
    """A signed link to its own status page, sealed on the row."""
    issued = crew.issue_link(
        by=issuer,
        purpose=PURPOSE,
        object_id=request.pk,
        label=f"A request of {request.department}",
        expires_at=clock.now() + LASTS,
        through=actor,
    )
    request.link = issued.link
    request.token_sealed = sealing.seal({"token": issued.token}, context=f"{request.context}:token")


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _record(request: Request, kind: str, actor: Any, fields: dict) -> None:
    ledger.record(kind, actor=actor, about=request, fields=fields, event_id=request.ledger_event_id)
    rows.announce(request)


# --- what whoever asked says to the answers -----------------------------------------------------------


def _actor(request: Request, by: SignedLink | None) -> Any:
    return by or ledger.system(request.workspace_id)


def _theirs(pk: UUID, by: SignedLink | None) -> Request:
    """The request, locked. Conflict for somebody who has said too much about it."""
    request = locked(Request, pk, "workspace", "department", "stakeholder__department")
    if by is not None and by.object_id != str(request.pk):
        raise Conflict("This link belongs to another request.")
    if request.answers.filter(of_team=False).count() >= MOST_WORDS:
        raise TooMany(
            f"You have said {MOST_WORDS} things about this request, which is the most.",
            next_step="Speak to the team.",
        )
    return request


def _say(request: Request, what: str, reason: str, week: date | None) -> None:
    RequestAnswer.objects.create(
        request=request,
        what=what,
        of_team=False,
        reason=reason,
        week=week,
        answered_at=clock.now(),
        ledger_event_id=request.ledger_event_id,
    )


def _into(request: Request, state: str) -> None:
    request.state, request.state_at, request.ledger_event_id = state, clock.now(), ids.new()


@verb
def agree(request: Request, *, by: SignedLink | None, proposal: UUID) -> Request:
    """Say yes to what the team proposed: it is accepted, for the week proposed. `proposal`: the answer that was read;
    Conflict where the team has proposed something else since."""
    request = _theirs(request.pk, by)
    if request.state != State.PROPOSED:
        raise Conflict("There is no proposal to say yes to.", next_step="Read below how it stands now.")
    proposed = request.answers.filter(what=What.PROPOSED).latest("answered_at", "pk")
    if proposed.pk != proposal:
        raise Conflict(
            "The team has proposed something else since.",
            not_done="You agreed to nothing.",
            next_step="Read below what it proposes now.",
        )
    _into(request, State.ACCEPTED)
    request.agreed_week = proposed.week or request.preferred_week
    request.save()
    _say(request, What.AGREED, "", request.agreed_week)
    fields = {"week": _iso(request.agreed_week)}
    _record(request, "stakeholders.request.agreed", _actor(request, by), fields)
    telling.to_team(request, f"{request.department} agrees: “{request.short}”", "It waits to be made.")
    return request


@verb
def ask_other_week(
    request: Request, *, by: SignedLink | None, week: date | None, reason: str = ""
) -> Request:
    """Ask for another week than was proposed: the team answers again, in the usual time."""
    request = _theirs(request.pk, by)
    if request.state != State.PROPOSED:
        raise Conflict("There is no proposal to answer.", next_step="Read below how it stands now.")
    chosen, reason = (
        rows.week(week, "week", request.workspace),
        kept(reason, "reason", REASON_LENGTH),
    )
    if chosen is None:
        raise Invalid("Which week?", not_done=NOT_KEPT, fields={"week": "Please choose a week."})
    if request.latest is not None and request.latest < chosen:
        raise Invalid(
            "That week begins after the latest day you gave.",
            not_done=NOT_KEPT,
            fields={"week": "Please choose an earlier week."},
        )
    _into(request, State.ASKED)
    request.preferred_week = chosen
    request.due_at = hours.due(request.workspace, request.kind)
    request.save()
    _say(request, What.OTHER_WEEK, reason, chosen)
    fields = {"week": _iso(chosen), "reason": reason}
    _record(request, "stakeholders.request.other_week", _actor(request, by), fields)
    return request


@verb
def withdraw(request: Request, *, by: SignedLink | None, reason: str = "") -> Request:
    """Ask for it no more. Posts that were begun for it stay; whoever answers for them hears of it."""
    request = _theirs(request.pk, by)
    if not request.is_open:
        raise Conflict("It is not open any more.", next_step="Read below how it stands now.")
    reason = kept(reason, "reason", REASON_LENGTH)
    begun = request.state == State.ACCEPTED
    _into(request, State.WITHDRAWN)
    request.save()
    _say(request, What.WITHDRAWN, reason, None)
    _record(request, "stakeholders.request.withdrawn", _actor(request, by), {"reason": reason})
    if begun:
        words = reason or "No reason was given. Posts that were begun for it stay as they are."
        telling.to_team(request, f"Withdrawn: “{request.short}”", words)
    return request


@verb
def add(request: Request, *, by: SignedLink | None, text: str) -> Request:
    """Add something to what was asked, whatever became of it; the team reads it."""
    request = _theirs(request.pk, by)
    words = "Please write what you want to add."
    text = needed(text, "text", REASON_LENGTH, words, several=True)
    request.ledger_event_id = ids.new()
    request.save(update_fields=["ledger_event_id"])
    _say(request, What.ADDED, text, None)
    _record(request, "stakeholders.request.added", _actor(request, by), {"text": text})
    telling.to_team(request, f"{request.department} added something to “{request.short}”", text)
    return request
