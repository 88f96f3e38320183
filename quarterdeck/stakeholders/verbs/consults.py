"""Consult rules: made, changed, ended; and what they set going on a post: its departments are asked, a post that went
past them is caught, a lead lets one text go without them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import NOT_KEPT, kept_line, needed
from quarterdeck.core.problems import Conflict, Invalid, NotFound
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew import notify
from quarterdeck.crew import verbs as crew
from quarterdeck.crew.models import Brand, Member
from quarterdeck.publishing import clearing, waiting
from quarterdeck.publishing.models import Label, Post
from quarterdeck.publishing.rows import locked as locked_post
from quarterdeck.review import verbs as review
from quarterdeck.stakeholders import consulting
from quarterdeck.stakeholders.consulting import ToAsk
from quarterdeck.stakeholders.models import (
    Consult,
    ConsultAsk,
    ConsultRule,
    Department,
    Stakeholder,
    Waiver,
    sealing,
)
from quarterdeck.stakeholders.models.consults import MOST_WORDS, REASON_LENGTH, WORD_LENGTH

MOST_RULES = 100
DOOR_LASTS = timedelta(days=90)
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule says, as `ConsultRule` has it."""

    department: Department
    when: str = ConsultRule.When.BEFORE_OUT
    brand: Brand | None = None
    label: Label | None = None
    language: str = ""
    market: str = ""
    networks: Sequence[str] = ()
    words: Sequence[str] = ()
    claims: bool = False


@verb
def make_rule(by: Member, *, terms: Terms) -> ConsultRule:
    """From now on a department has a say on posts like these. Posts that were cleared without it and are not out wait
    for it. Raises Invalid with its fields."""
    if ConsultRule.objects.filter(workspace=by.workspace_id, retired_at__isnull=True).count() >= MOST_RULES:
        raise Conflict(f"A workspace has at most {MOST_RULES} consult rules.", not_done="Nothing was made.")
    rule = ConsultRule(workspace=by.workspace, made_by=by, made_at=clock.now())
    return _save(rule, by, terms, "stakeholders.consult_rule.made")


@verb
def change_rule(rule: ConsultRule, *, by: Member, terms: Terms) -> ConsultRule:
    """Let a rule say something else. Raises Invalid with its fields."""
    return _save(_locked(rule), by, terms, "stakeholders.consult_rule.changed")


@verb
def retire_rule(rule: ConsultRule, *, by: Member) -> ConsultRule:
    """Nobody is asked by it any more. Posts that waited for nothing else are cleared."""
    rule = _locked(rule)
    rule.retired_at, rule.ledger_event_id = clock.now(), ids.new()
    rule.save(update_fields=["retired_at", "ledger_event_id"])
    event_id = rule.ledger_event_id
    ledger.record("stakeholders.consult_rule.retired", actor=by, about=rule, fields={}, event_id=event_id)
    waiting.settle_what_waits(by.workspace_id, event_id)
    return rule


def _locked(rule: ConsultRule) -> ConsultRule:
    found = locked(ConsultRule, rule.pk, "workspace")
    if found.retired_at is not None:
        raise NotFound("This consult rule has been ended.", next_step="Make a new one.")
    return found


def _save(rule: ConsultRule, by: Member, terms: Terms, kind: str) -> ConsultRule:
    _check(by, terms)
    rule.department, rule.when, rule.brand, rule.label = (
        terms.department,
        terms.when,
        terms.brand,
        terms.label,
    )
    rule.language, rule.market = terms.language.strip(), terms.market.strip().upper()
    rule.networks, rule.words, rule.claims = sorted(set(terms.networks)), _words(terms.words), terms.claims
    rule.ledger_event_id = ids.new()
    rule.save()
    fields = {
        "department": str(rule.department_id),
        "before": rule.when,
        "words": ", ".join(rule.words),
        "claims": rule.claims,
    }
    ledger.record(kind, actor=by, about=rule, fields=fields, event_id=rule.ledger_event_id)
    for post in waiting.end_what_went_past(by.workspace_id, rule.ledger_event_id):
        _tell_caught(post)
    waiting.settle_what_waits(by.workspace_id, rule.ledger_event_id)
    return rule


def _check(by: Member, terms: Terms) -> None:
    wrong: dict[str, str] = {}
    if terms.department.workspace_id != by.workspace_id or not terms.department.is_active:
        wrong["department"] = "Please choose an active department of this workspace."
    for name in ("brand", "label"):
        place = getattr(terms, name)
        if place is not None and place.workspace_id != by.workspace_id:
            wrong[name] = "Please choose one of this workspace."
    if terms.when not in ConsultRule.When.values:
        wrong["when"] = "Please choose one of the two."
    if terms.language.strip() and not LANGUAGE.fullmatch(terms.language.strip()):
        wrong["language"] = "Please give a language as in “de” or “de-AT”."
    if terms.market.strip() and not re.fullmatch(r"[A-Za-z]{2}", terms.market.strip()):
        wrong["market"] = "Please give a market by its two letters, as in “AT”."
    if set(terms.networks) - consulting.networks(by.workspace_id).keys():
        wrong["networks"] = "Please choose among the networks that are connected here."
    if wrong:
        raise Invalid("This rule cannot hold as it is.", not_done=NOT_KEPT, fields=wrong)


def _words(given: Sequence[str]) -> list[str]:
    found = list(dict.fromkeys(" ".join(one.split()) for one in given if one.strip()))
    if len(found) > MOST_WORDS or any(len(one) > WORD_LENGTH for one in found):
        words = f"Please give at most {MOST_WORDS} words or phrases of at most {WORD_LENGTH} characters."
        raise Invalid("There are too many words.", not_done=NOT_KEPT, fields={"words": words})
    if any(not one.rstrip("*").strip() for one in found):
        words = "A star stands for an ending; please write the beginning of a word before it."
        raise Invalid("One of the words is only a star.", not_done=NOT_KEPT, fields={"words": words})
    return [kept_line(one, "words", WORD_LENGTH) for one in found]


# --- on a post ----------------------------------------------------------------------------------------


@verb
def ask_around(post: Post) -> list[ConsultAsk]:
    """Ask everybody whom the rules give a say on the present text and who was not asked about it; their mail is on its
    way with the commit. In the name of who answers for the post. Raises Conflict when there is nobody to ask.
    """
    from quarterdeck.stakeholders import jobs_outside

    post = _whole(post)
    wanted = consulting.to_ask(post)
    if not wanted:
        raise Conflict("Everybody who has a say on this text was asked.", not_done="Nobody was asked again.")
    made = [_ask(post, one) for one in wanted]
    for ask in made:
        jobs_outside.mail_consult.defer(ask_id=str(ask.pk))
    return made


def _whole(post: Post) -> Post:
    locked_post(post)
    found = Post.objects.select_related("workspace", "brand", "answerable__user", "author")
    return found.prefetch_related("labels", "channels").get(pk=post.pk)


def _ask(post: Post, one: ToAsk) -> ConsultAsk:
    consult = one.consult if one.consult is not None and one.consult.is_open else _open_door(post, one)
    event_id = ids.new()
    ask = ConsultAsk.objects.create(
        consult=consult,
        text_hash=post.text_hash,
        why=one.say.because[:300],
        asked_at=clock.now(),
        ledger_event_id=event_id,
    )
    fields = {"text_hash": post.text_hash, "why": ask.why, "department": str(consult.department_id)}
    actor = ledger.system(post.workspace_id)
    ledger.record("stakeholders.consult.asked", actor=actor, about=consult, fields=fields, event_id=event_id)
    return ask


def _open_door(post: Post, one: ToAsk) -> Consult:
    """Their link to this post, in place of one that ran out. It carries the department's name: their own stands in no
    list and no entry."""
    if one.consult is not None:
        _end(one.consult, ledger.system(post.workspace_id))
    name = one.say.department.name
    until = clock.now() + DOOR_LASTS
    invited = review.invite(post, by=post.answerable, name=name, approve=True, until=until, required=True)
    consult = Consult(
        workspace_id=post.workspace_id,
        post=post,
        department=one.say.department,
        stakeholder=one.stakeholder,
        guest=invited.guest,
        made_at=clock.now(),
        ledger_event_id=ids.new(),
    )
    consult.token_sealed = sealing.seal({"token": invited.token}, context=consult.context)
    consult.save()
    fields = {"department": str(consult.department_id)}
    actor, event_id = ledger.system(post.workspace_id), consult.ledger_event_id
    ledger.record("stakeholders.consult.opened", actor=actor, about=consult, fields=fields, event_id=event_id)
    return consult


@verb
def catch(post: Post) -> Post:
    """A post that is cleared though a department with a say was not heard waits again, before it goes out.

    Raises Conflict when nobody was missed.
    """
    post, event_id = _whole(post), ids.new()
    if not clearing.end_unheard(post, event_id):
        raise Conflict("Nobody with a say on this text was missed.", not_done="Nothing was changed.")
    actor = ledger.system(post.workspace_id)
    ledger.record("stakeholders.consult.caught", actor=actor, about=post, fields={}, event_id=event_id)
    _tell_caught(post)
    return post


def _tell_caught(post: Post) -> None:
    names = [f"{one.department} ({one.because})" for one in consulting.says_of(post)]
    words = f"It was approved without {', '.join(names)}. It waits until they were heard; nothing of it is sent before."
    if post.answerable.left_at is None:
        subject = f"“{post.short}” waits for a department"
        notify.tell(post.answerable, subject=subject, text=words, url=consulting.post_address(post))


@verb
def let_go(post: Post, *, by: Member, department_id: UUID, text_hash: str, reason: str) -> Waiver:
    """Let the text that was shown go without a department, for a reason that stands beside it.

    Raises Invalid without one, Conflict when the text has changed or the department has no say on it.
    """
    reason = needed(reason, "reason", REASON_LENGTH, "Please write one sentence on why.")
    post = _whole(post)
    if text_hash != post.text_hash:
        raise Conflict("The text has changed since this page was opened.", not_done="Nobody was left out.")
    say = next((one for one in consulting.says_of(post) if one.department.pk == department_id), None)
    if say is None:
        raise Conflict("This department has no say on the present text.", not_done="Nothing was changed.")
    event_id = ids.new()
    waiver = Waiver.objects.create(
        workspace=by.workspace,
        post=post,
        department=say.department,
        text_hash=text_hash,
        reason=reason,
        waived_by=by,
        waived_at=clock.now(),
        ledger_event_id=event_id,
    )
    fields: dict[str, Any] = {"text_hash": text_hash, "reason": reason, "department": str(department_id)}
    ledger.record("stakeholders.consult.let_go", actor=by, about=waiver, fields=fields, event_id=event_id)
    waiting.settle_one(post, event_id)
    return waiver


@verb
def close_doors(of: Stakeholder | Department, *, by: Member) -> int:
    """Revoke every link to a post of somebody who is asked no more, or of a whole department. Should that change, they
    are asked anew, by other links. How many; raises Conflict where none is open."""
    still = consulting.open_doors(of)
    if not still:
        raise Conflict("No link of theirs is open.", not_done="Nothing was changed.")
    for one in still:
        crew.revoke_link(one.guest.link, by=by)
        _end(one, by)
    return len(still)


def _end(consult: Consult, by: Any) -> None:
    consult.ended_at, consult.ledger_event_id = clock.now(), ids.new()
    consult.save(update_fields=["ended_at", "ledger_event_id"])
    fields, event_id = {"department": str(consult.department_id)}, consult.ledger_event_id
    ledger.record("stakeholders.consult.ended", actor=by, about=consult, fields=fields, event_id=event_id)
