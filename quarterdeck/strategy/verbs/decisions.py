"""A decision is made, another takes its place, and what came of it is noted. Nothing said once is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import NOT_KEPT, is_line, kept, kept_line, needed
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew.models import Member
from quarterdeck.strategy.models import Decision, Outcome
from quarterdeck.strategy.models.decisions import (
    BECAUSE_LENGTH,
    CONTEXT_LENGTH,
    EXPECTED_LENGTH,
    FEWEST_OPTIONS,
    HEARD_LENGTH,
    MOST_HEARD,
    MOST_OPTIONS,
    OPTION_LENGTH,
    TITLE_LENGTH,
    UNIT_LENGTH,
    WORDS_LENGTH,
    Verdict,
)
from quarterdeck.strategy.pace import plain
from quarterdeck.strategy.rows import number

LONGEST_WAIT = timedelta(days=1096)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a decision should bring: `number` of `unit` ("sign-ups") by the day `due`, and in `words` of what."""

    words: str
    number: Decimal
    unit: str
    due: date


@dataclass(frozen=True, slots=True)
class About:
    """What a decision is about, as the ledger names it: ("publishing.post", its id), and how it is called now."""

    kind: str
    id: UUID
    title: str = ""


@verb
def decide(
    by: Member,
    *,
    title: str,
    options: Sequence[str],
    choice: int,
    context: str = "",
    because: str = "",
    expected: Expected | None = None,
    heard: Sequence[str] = (),
    about: About | None = None,
    supersedes: Decision | None = None,
) -> Decision:
    """Keep a decision: two to six options, the number of the one taken (from 0), and, unless no number can be expected,
    what it should bring by a day, on which it comes back. `heard` names departments, roles or people.

    `supersedes` is one whose place it takes; both then say so. Raises Invalid with its fields; Conflict where that one
    was superseded already.
    """
    open_ = _options(options, choice)
    made = Decision(
        workspace=by.workspace,
        title=needed(title, "title", TITLE_LENGTH, "Please say in a line what was decided."),
        context=kept(context, "context", CONTEXT_LENGTH),
        options=open_,
        choice=choice,
        because=kept(because, "because", BECAUSE_LENGTH),
        heard=_heard(heard),
        supersedes=supersedes,
        decided_by=by,
        decided_at=clock.now(),
        ledger_event_id=ids.new(),
    )
    if about is not None:
        made.about, made.about_id = about.kind, about.id
        named = " ".join(about.title.split())[:TITLE_LENGTH]
        made.about_title = (
            named if is_line(named) else ""
        )  # it is another's word: no reason to refuse a decision
    if expected is not None:
        _expect(made, expected, by)
    if supersedes is not None and supersedes.workspace_id != by.workspace_id:
        raise Invalid("There is no such decision in this workspace.", not_done=NOT_KEPT)
    _save(made)
    _record(made, by)
    return made


def _options(given: Sequence[str], choice: int) -> list[str]:
    options = [kept_line(one, "options", OPTION_LENGTH) for one in given]
    if not all(options) or not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        raise Invalid(
            "A decision is between two and six options.",
            not_done=NOT_KEPT,
            fields={"options": "Please name two to six; leaving it as it is may be one of them."},
        )
    if len({one.casefold() for one in options}) < len(options):
        raise Invalid(
            "Two options are the same.",
            not_done=NOT_KEPT,
            fields={"options": "Please say what sets them apart, or leave one out."},
        )
    if not 0 <= choice < len(options):
        raise Invalid(
            "It is not said which option was taken.",
            not_done=NOT_KEPT,
            fields={"options": "Please mark the one that was chosen."},
        )
    return options


def _heard(given: Sequence[str]) -> list[str]:
    heard = list(dict.fromkeys(clean for one in given if (clean := kept_line(one, "heard", HEARD_LENGTH))))
    if len(heard) > MOST_HEARD:
        raise Invalid(
            f"At most {MOST_HEARD} lines say who was heard.",
            not_done=NOT_KEPT,
            fields={"heard": "Please name departments where there are too many people."},
        )
    return heard


def _expect(made: Decision, expected: Expected, by: Member) -> None:
    today = clock.now().astimezone(by.workspace.zone).date()
    made.expected = needed(expected.words, "expected", EXPECTED_LENGTH, "Please say what it should bring.")
    made.number = number(expected.number, "number")
    made.unit = needed(
        expected.unit, "unit", UNIT_LENGTH, "Please say of what: sign-ups, comments, per cent."
    )
    if not today <= expected.due <= today + LONGEST_WAIT:
        raise Invalid(
            "On that day it cannot come back.",
            not_done=NOT_KEPT,
            fields={"due": "Please choose today or a day within the next three years."},
        )
    made.due = expected.due


def _save(made: Decision) -> None:
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        if made.supersedes is None:
            raise
        raise Conflict(
            f"Another decision took the place of “{made.supersedes.short}” already.",
            not_done=NOT_KEPT,
            next_step="Open that one; it can be superseded in its turn.",
        ) from error


def _record(made: Decision, by: Member) -> None:
    fields = {
        "title": made.title,
        "context": made.context,
        "options": "\n".join(made.options),
        "choice": made.choice + 1,
        "because": made.because,
        "expected": made.expected,
        "number": plain(made.number) if made.number is not None else "",
        "unit": made.unit,
        "due": made.due.isoformat() if made.due else "",
        "heard": "\n".join(made.heard),
        "about": made.about,
        "about_id": str(made.about_id or ""),
        "supersedes": str(made.supersedes_id or ""),
    }
    ledger.record(
        "strategy.decision.made", actor=by, about=made, fields=fields, event_id=made.ledger_event_id
    )
    if made.supersedes is not None:
        fields = {"decision": str(made.pk)}
        ledger.record("strategy.decision.superseded", actor=by, about=made.supersedes, fields=fields)


@verb
def note_outcome(
    decision: Decision, *, by: Member, verdict: str, words: str, number_came: Decimal | None = None
) -> Outcome:
    """Lay beside a decision what happened: a number, words, and whether that is as expected. It can be noted anew; what
    was noted before stays. Invalid with its fields; Conflict where no number was expected."""
    decision = locked(Decision, decision.pk, "workspace")
    if not decision.expects:
        raise Conflict(
            "No number was expected of this decision.",
            not_done=NOT_KEPT,
            next_step="Where it turned out otherwise, make another decision in its place.",
        )
    if verdict not in Verdict.values:
        raise Invalid(
            "It is not said how it came out.",
            not_done=NOT_KEPT,
            fields={"verdict": "Please choose one; “cannot tell” is an answer too."},
        )
    if number_came is None and verdict != Verdict.UNKNOWN:
        raise Invalid(
            "The number is missing.",
            not_done=NOT_KEPT,
            fields={
                "number_came": f"Please give the {decision.unit} it really was, or choose “Cannot tell”."
            },
        )
    made = Outcome(
        decision=decision,
        verdict=verdict,
        number=number(number_came, "number_came") if number_came is not None else None,
        words=needed(words, "words", WORDS_LENGTH, "Please say in a line how you know.", several=True),
        noted_by=by,
        noted_at=clock.now(),
        ledger_event_id=ids.new(),
    )
    made.save(force_insert=True)
    said = {"verdict": str(made.verdict), "decision": str(decision.pk), "words": made.words}
    fields = said | {"number": plain(made.number) if made.number is not None else ""}
    ledger.record(
        "strategy.outcome.noted", actor=by, about=made, fields=fields, event_id=made.ledger_event_id
    )
    return made
