"""A round from its opening to its end: settled by who opened it, or by the clock where nobody objected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from quarterdeck import ledger
from quarterdeck.consent import deciding, proposals, telling
from quarterdeck.consent.models import Conflict as Found
from quarterdeck.consent.models import Round, Voice
from quarterdeck.consent.models.rounds import CHANGE_LENGTH, TEXT_LENGTH, TITLE_LENGTH, WORD_LENGTH
from quarterdeck.consent.silence import is_settled_by_leads, may_settle, never_reached
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import NOT_KEPT, kept, needed
from quarterdeck.core.problems import Conflict, Forbidden, Invalid, NotFound
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew import mail
from quarterdeck.crew import verbs as crew
from quarterdeck.crew.models import Member
from quarterdeck.stakeholders import asking
from quarterdeck.stakeholders.models import Stakeholder, sealing
from quarterdeck.stakeholders.verbs.questions import note_question

PURPOSE = "consent.round"
MOST_ASKED = 40
SHORTEST, LONGEST = timedelta(days=1), timedelta(days=60)
READABLE = timedelta(days=60)  # how long a link still shows what came of it
NO_MAIL = "Mail is not set up on this installation."
State = Round.State


@verb
def open_round(
    by: Member,
    *,
    title: str,
    proposal: str,
    changes: str,
    last_day: date,
    stakeholders: Sequence[Stakeholder],
    about: str = "",
    about_id: UUID | None = None,
) -> Round:
    """Put a proposal to named stakeholders, who can answer until the end of `last_day` in the workspace's zone. Each
    gets a link; those who are heard by mail get it by mail.

    `about` and `about_id` name what it is about (`proposals.KINDS`). Invalid with its fields; NotFound for a thing that
    is not there; Conflict where a round about the same thing is open.
    """
    said = {
        "title": needed(title, "title", TITLE_LENGTH, "Please say in a few words what is proposed."),
        "proposal": needed(proposal, "proposal", TEXT_LENGTH, "Please write the proposal.", several=True),
        "changes": needed(
            changes, "changes", CHANGE_LENGTH, "Please say what changes for whom.", several=True
        ),
    }
    _check_day(by, last_day)
    asked = _checked(by, stakeholders)
    _check_about(by, about, about_id)
    made = Round.objects.create(
        workspace=by.workspace,
        **said,
        last_day=last_day,
        about=about if about_id else "",
        about_id=about_id,
        opened_by=by,
        opened_at=clock.now(),
        ledger_event_id=ids.new(),
    )
    if about_id is None:  # what concerns their own requests is no question beyond them
        _note_questions(made, asked, by)
    voices = [_voice(made, one, by) for one in asked]
    fields = said | {
        "last_day": last_day.isoformat(),
        "asked": len(voices),
        "about": f"{made.about}:{made.about_id}" if about_id else "",
    }
    ledger.record("consent.round.opened", actor=by, about=made, fields=fields, event_id=made.ledger_event_id)
    telling.mail(voices, "asked")
    return made


def _check_about(by: Member, about: str, about_id: UUID | None) -> None:
    """What it is about is there, and no other round about it is open."""
    if about_id is None:
        return
    if proposals.find(by.workspace, about, about_id) is None:
        raise NotFound("There is nothing like that in this workspace that a round could be about.")
    running = Round.objects.filter(workspace=by.workspace, about=about, about_id=about_id, state=State.OPEN)
    if running.exists():
        raise Conflict("A round about this is open already.", not_done=NOT_KEPT, next_step="Settle it first.")


def _check_day(by: Member, last_day: date) -> None:
    today = clock.now().astimezone(by.workspace.zone).date()
    if not today + SHORTEST <= last_day <= today + LONGEST:
        raise Invalid(
            "That day cannot be used.",
            not_done=NOT_KEPT,
            fields={"last_day": f"Choose a day from tomorrow on, at most {LONGEST.days} days ahead."},
        )


def _checked(by: Member, stakeholders: Sequence[Stakeholder]) -> list[Stakeholder]:
    """Those who are here and can be heard, each once."""
    wanted = {one.pk for one in stakeholders}
    there = Stakeholder.objects.filter(workspace=by.workspace_id, pk__in=wanted).select_related("department")
    here = [one for one in there.order_by("made_at", "pk") if one.is_active]
    if not here or len(here) != len(wanted):
        words = "Please choose who is heard." if not wanted else "Somebody of these is not here any more."
        raise Invalid("Who is heard?", not_done=NOT_KEPT, fields={"stakeholders": words})
    if len(here) > MOST_ASKED:
        raise Invalid(
            f"At most {MOST_ASKED} people are heard in one round.",
            not_done=NOT_KEPT,
            fields={"stakeholders": "Please choose one or two of each department."},
        )
    return here


def _note_questions(round_: Round, asked: Sequence[Stakeholder], by: Member) -> None:
    """At most one question a month to each: Invalid, naming those who had theirs."""
    late = [one for one in asked if not asking.may_ask(one)]
    if late:
        names = ", ".join(f"{one.name} ({one.department})" for one in late)
        raise Invalid(
            "Some of them were asked something less than a month ago.",
            not_done=NOT_KEPT,
            fields={"stakeholders": f"Please leave out for now, or speak to: {names}."},
        )
    for one in asked:
        note_question(one, by=by, about=round_.ledger_name, about_id=round_.pk)


def _voice(round_: Round, who: Stakeholder, by: Member) -> Voice:
    pk = ids.new()
    until = min(round_.closes_at + READABLE, clock.now() + timedelta(days=364))
    label = f"{who.department}: {round_.title}"[:120]
    issued = crew.issue_link(by=by, purpose=PURPOSE, object_id=pk, label=label, expires_at=until)
    voice = Voice(id=pk, round=round_, stakeholder=who, department=who.department, link=issued.link)
    voice.token_sealed = sealing.seal({"token": issued.token}, context=voice.context)
    if who.hears_by_mail and mail.server() is None:
        voice.mail_problem = NO_MAIL
    voice.ledger_event_id = round_.ledger_event_id
    voice.save(force_insert=True)
    return voice


# --- its end --------------------------------------------------------------------------------------------


@verb
def adopt(round_: Round, *, by: Member, outcome: str = "", answer: str = "") -> Round:
    """Adopt the proposal, or with an `outcome` that differs what it became. Before its day is over only when everybody
    has answered; over an objection only with an `answer` to it. Invalid, Conflict, and Forbidden for anybody but who
    settles it: who opened it, or the leads where that member cannot any more."""
    round_ = _to_settle(round_, by)
    voices = list(round_.voices.select_related("department"))
    outcome, answer = kept(outcome, "outcome", TEXT_LENGTH), kept(answer, "answer", WORD_LENGTH)
    if outcome == round_.proposal:
        outcome = ""
    if round_.runs(clock.now()) and any(one.is_silent for one in voices):
        raise Conflict(
            "Not everybody has answered, and they have until the day you gave them.",
            not_done="The round goes on.",
            next_step="Wait for that day, or withdraw the proposal with a reason.",
        )
    if any(one.is_against for one in voices) and not answer:
        raise Invalid(
            "Somebody objects.",
            not_done=NOT_KEPT,
            fields={"answer": "Please answer the objection: they read it with the outcome."},
        )
    return _settle(round_, voices, State.CHANGED if outcome else State.ADOPTED, outcome, answer, by)


@verb
def settle_by_clock(round_: Round) -> Round:
    """Adopt what nobody objected to, once its day is over. Conflict while it runs, for an objection, and for the
    silence of somebody whom nothing reached: that is no consent."""
    round_ = locked(Round, round_.pk, "workspace", "opened_by__user")
    voices = list(round_.voices.select_related("department", "stakeholder"))
    if not round_.is_open or round_.runs(clock.now()):
        raise Conflict("The round is not over, or settled already.")
    if any(one.is_against for one in voices):
        raise Conflict("Somebody objects; who opened the round settles it.")
    if never_reached(voices):
        raise Conflict("Somebody was never reached; who opened the round settles it.")
    settled = _settle(round_, voices, State.ADOPTED, "", "", None)
    telling.settled_by_clock(settled)
    return settled


@verb
def withdraw(round_: Round, *, by: Member, reason: str) -> Round:
    """Take the proposal back, with a reason that everybody who was asked reads."""
    round_ = _to_settle(round_, by)
    reason = needed(reason, "reason", WORD_LENGTH, "Please say why it is withdrawn.", several=True)
    round_.state, round_.settled_at, round_.outcome = State.WITHDRAWN, clock.now(), reason
    round_.ledger_event_id = ids.new()
    round_.save()
    event_id = round_.ledger_event_id
    ledger.record(
        "consent.round.withdrawn", actor=by, about=round_, fields={"reason": reason}, event_id=event_id
    )
    _tell(round_)
    return round_


@verb
def remind(round_: Round) -> list[Voice]:
    """Remind, once, those who have not answered a day before it ends. Conflict where nobody is left to remind."""
    round_ = locked(Round, round_.pk, "workspace")
    silent = round_.voices.select_for_update(of=("self",)).filter(answer="", reminded_at__isnull=True)
    voices = list(silent.select_related("stakeholder__department")) if round_.runs(clock.now()) else []
    if not voices:
        raise Conflict("Nobody has to be reminded.")
    event_id, now = ids.new(), clock.now()
    for one in voices:
        one.round, one.reminded_at, one.ledger_event_id = round_, now, event_id
        one.save(update_fields=["reminded_at", "ledger_event_id"])
    by, fields = ledger.system(round_.workspace_id), {"asked": len(voices)}
    ledger.record("consent.round.reminded", actor=by, about=round_, fields=fields, event_id=event_id)
    telling.mail(voices, "reminder")
    return voices


def _to_settle(round_: Round, by: Member) -> Round:
    round_ = locked(Round, round_.pk, "workspace", "opened_by__user")
    if not round_.is_open:
        raise Conflict(f"This round is {round_.get_state_display()} already.")
    if not may_settle(round_, by):
        if is_settled_by_leads(round_):
            raise Forbidden(
                "Who opened this round cannot settle it any more, so a lead does.",
                next_step="Speak with a lead.",
            )
        raise Forbidden("Who opened a round settles it.", next_step="Speak with them.")
    return round_


def _settle(
    round_: Round, voices: list[Voice], how: str, outcome: str, answer: str, by: Member | None
) -> Round:
    round_.state, round_.outcome, round_.answer = how, outcome, answer
    round_.settled_at, round_.by_clock, round_.ledger_event_id = clock.now(), by is None, ids.new()
    round_.decision = deciding.settled(round_, voices, by or round_.opened_by)
    round_.save()
    _decide_about(round_, by)
    said, unreached = [one.answer for one in voices], len(never_reached(voices))
    fields = {
        "how": str(how),
        "by_clock": by is None,
        "consented": said.count(Voice.Answer.CONSENT),
        "silent": said.count(Voice.Answer.SILENT) - unreached,
        "unreached": unreached,
        "objected": said.count(Voice.Answer.OBJECTS),
        "outcome": outcome or round_.proposal,
        "answer": answer,
        "decision": str(round_.decision or ""),
    }
    actor, event_id = by or ledger.system(round_.workspace_id), round_.ledger_event_id
    ledger.record("consent.round.settled", actor=actor, about=round_, fields=fields, event_id=event_id)
    _tell(round_)
    return round_


def _decide_about(round_: Round, by: Member | None) -> None:
    """The conflict it was about knows the decision; it stays open until that is done."""
    if round_.about != Found.ledger_name:
        return
    row = Found.objects.select_for_update().filter(pk=round_.about_id, workspace=round_.workspace_id).first()
    if row is None or not row.is_open:
        return
    row.decision, row.ledger_event_id = round_.decision, ids.new()
    row.save(update_fields=["decision", "ledger_event_id"])
    fields, actor = (
        {"kind": str(row.kind), "decision": str(row.decision)},
        by or ledger.system(row.workspace_id),
    )
    kind, event_id = "consent.conflict.decided", row.ledger_event_id
    ledger.record(kind, actor=actor, about=row, fields=fields, event_id=event_id)


def _tell(round_: Round) -> None:
    telling.mail(round_.voices.select_related("stakeholder__department"), "outcome")
