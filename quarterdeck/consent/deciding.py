"""Where what was decided here becomes a decision record of strategy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from quarterdeck.consent.fair import words
from quarterdeck.consent.matters import Matter
from quarterdeck.consent.models import Round, Voice
from quarterdeck.consent.options import Option
from quarterdeck.consent.silence import never_reached
from quarterdeck.core.lines import is_line
from quarterdeck.crew.models import Member
from quarterdeck.shell.templatetags.shell import moment
from quarterdeck.strategy.models.decisions import (
    BECAUSE_LENGTH,
    CONTEXT_LENGTH,
    MOST_HEARD,
    OPTION_LENGTH,
    TITLE_LENGTH,
)
from quarterdeck.strategy.verbs.decisions import About, decide

LEFT = "Leave everything as it is"


def kept(matter: Matter, ways: Sequence[Option], by: Member, why: str) -> UUID:
    """The decision to keep a conflict as it is, against the other ways there were; its id."""
    keep = ways[-1].title
    others = _distinct([one.title for one in ways[:-1]] or ["Change the plan"], but=[keep])
    row = matter.conflict
    made = decide(
        by,
        title=_cut(f"Kept as it is: {matter.title}", TITLE_LENGTH),
        context=matter.words[:CONTEXT_LENGTH],
        options=[*others, keep],
        choice=len(others),
        because=why[:BECAUSE_LENGTH],
        about=About(row.ledger_name, row.pk, matter.title),
    )
    return made.pk


def settled(round_: Round, voices: Sequence[Voice], by: Member) -> UUID:
    """The decision that a round came to, among what was proposed, what objections would have had instead, and leaving
    it; with the departments that were heard. Who was never reached was not heard, and consented to nothing. Its id."""
    unreached = {one.pk for one in never_reached(voices)}
    proposed = _cut(f"As proposed: {round_.title}", OPTION_LENGTH)
    changed = _cut(f"Changed: {round_.outcome}", OPTION_LENGTH) if round_.outcome else ""
    chosen = changed or proposed
    instead = [
        f"Instead, as {one.department} would have it: {one.instead}" for one in voices if one.is_against
    ]
    options = [proposed, *([changed] if changed else []), *_distinct(instead, but=[chosen, LEFT])[:3], LEFT]
    made = decide(
        by,
        title=_cut(round_.title, TITLE_LENGTH),
        context=f"{round_.proposal}\n\n{round_.changes}"[:CONTEXT_LENGTH],
        options=options,
        choice=options.index(chosen),
        because=_because(round_, voices, len(unreached))[:BECAUSE_LENGTH],
        heard=sorted({str(one.department) for one in voices if one.pk not in unreached})[:MOST_HEARD],
        about=About(round_.ledger_name, round_.pk, round_.title),
    )
    return made.pk


def adopted(told: words.Told, by: Member) -> UUID:
    """The decision to adopt a fair plan, against the two other rules it stood beside; its id."""
    plan = told.plan
    others = ["First come, first served", "The greatest sum of points", LEFT]
    made = decide(
        by,
        title=_cut(f"Adopted: {plan}", TITLE_LENGTH),
        context=words.changes(told)[:CONTEXT_LENGTH],
        options=[_cut(str(plan), OPTION_LENGTH), *others],
        choice=0,
        because=told.proof[:BECAUSE_LENGTH],
        about=About(plan.ledger_name, plan.pk, str(plan)),
    )
    return made.pk


def _because(round_: Round, voices: Sequence[Voice], unreached: int) -> str:
    said = [one.answer for one in voices]
    consented, silent = said.count(Voice.Answer.CONSENT), said.count(Voice.Answer.SILENT)
    objected = len(said) - consented - silent
    silent -= unreached
    told = f"Of {len(said)} asked {consented} consented"
    if silent or not unreached:
        told += f" and {silent} said nothing until {moment(round_.last_day)}, which counts as consent"
    if unreached:
        were = "1 was" if unreached == 1 else f"{unreached} were"
        told += f". {were} never reached, and consented to nothing"
    return f"{told}. {objected} objected. {round_.answer}".strip()


def _distinct(words: Iterable[str], but: Sequence[str]) -> list[str]:
    """Each in one line that fits, none twice and none of `but`."""
    seen, found = {one.casefold() for one in but}, []
    for one in words:
        line = _cut(one, OPTION_LENGTH)
        if line.casefold() not in seen:
            seen.add(line.casefold())
            found.append(line)
    return found


def _cut(words: str, most: int) -> str:
    """In one line of at most so many characters, without those that no line may hold: they are in the words of others,
    who were allowed them, and nobody here could type those again."""
    line = "".join(one for one in " ".join(words.split()) if is_line(one))
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
