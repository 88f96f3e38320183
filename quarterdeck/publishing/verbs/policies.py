"""Approval policies: made, changed, ended. What was cleared stays cleared; what waits follows the new rules at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import is_line
from quarterdeck.core.problems import Conflict, Invalid, NotFound
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Brand, Member
from quarterdeck.crew.permissions import MATRIX, Role
from quarterdeck.publishing import clearing, policies
from quarterdeck.publishing.models import Label, Policy
from quarterdeck.publishing.policies import (
    ANY_GUEST,
    APPROVE,
    MOST_PHRASES,
    MOST_SEATS,
    MOST_STEPS,
    PHRASE_LENGTH,
    Seat,
    Step,
)
from quarterdeck.publishing.waiting import settle_what_waits

ROLES = [role for role in Role.values if role in MATRIX[APPROVE]]
NAME_LENGTH, STEP_LENGTH = 60, 40
MOST_POLICIES = 50
MOST_HOURS = 24 * 14
MOST_REMINDERS = 5
NOT_DONE = "The policy was not saved; what you chose is still in the page."


@dataclass(frozen=True, slots=True)
class Terms:
    """What a policy says. Hours count back from the slot; `phrases` and `claim_labels` flag a claim."""

    name: str
    steps: Sequence[Step]
    brand: Brand | None = None
    label: Label | None = None
    ordered: bool = False
    own: str = Policy.Own.ALONE
    small_edits: bool = False
    phrases: Sequence[str] = ()
    claim_labels: Sequence[Label] = ()
    deadline_hours: int | None = None
    reminders: Sequence[int] = ()


@verb
def make_policy(by: Member, *, terms: Terms) -> Policy:
    """From now on posts of this brand, with this label, or all of them need what `terms` say.

    Raises Invalid with its fields, Conflict when there is a policy for the same posts.
    """
    if Policy.objects.filter(workspace=by.workspace_id, retired_at__isnull=True).count() >= MOST_POLICIES:
        raise Conflict(f"A workspace has at most {MOST_POLICIES} policies.", not_done="Nothing was made.")
    policy = Policy(workspace=by.workspace, made_by=by, made_at=clock.now())
    return _save(policy, by, terms, "publishing.policy.made")


@verb
def change_policy(policy: Policy, *, by: Member, terms: Terms) -> Policy:
    """Say something else with a policy. Raises as `make_policy` does."""
    return _save(_locked(policy), by, terms, "publishing.policy.changed")


@verb
def retire_policy(policy: Policy, *, by: Member) -> Policy:
    """It holds no more: its posts go by the next wider policy, or need one approval as everywhere."""
    policy = _locked(policy)
    policy.retired_at, policy.ledger_event_id = clock.now(), ids.new()
    policy.save(update_fields=["retired_at", "ledger_event_id"])
    event_id = policy.ledger_event_id
    ledger.record("publishing.policy.retired", actor=by, about=policy, fields={}, event_id=event_id)
    settle_what_waits(by.workspace_id, event_id)
    return policy


def _locked(policy: Policy) -> Policy:
    found = Policy.objects.select_for_update(of=("self",)).get(pk=policy.pk)
    if found.retired_at is not None:
        raise NotFound("This policy has been ended.", next_step="Make a new one.")
    return found


def _save(policy: Policy, by: Member, terms: Terms, kind: str) -> Policy:
    _check(by, terms)
    policy.name, policy.brand, policy.label = _name(terms.name), terms.brand, terms.label
    policy.steps, policy.ordered, policy.own = policies.kept(terms.steps), terms.ordered, terms.own
    policy.small_edits, policy.phrases = terms.small_edits, _phrases(terms.phrases)
    policy.claim_labels = [label.pk.hex for label in terms.claim_labels]
    policy.deadline_hours = terms.deadline_hours
    policy.reminders = sorted(set(terms.reminders), reverse=True)
    policy.ledger_event_id = event_id = ids.new()
    try:
        with transaction.atomic():
            policy.save()
    except IntegrityError as error:
        raise Conflict(
            "There is a policy for these posts already.",
            not_done=NOT_DONE,
            next_step="Change that one, or choose another brand or label.",
            fields={"label": "Another policy holds for the same brand and label."},
        ) from error
    fields = {
        "name": policy.name,
        "steps": len(terms.steps),
        "small_edits": terms.small_edits,
        "own": str(terms.own),
    }
    ledger.record(kind, actor=by, about=policy, fields=fields, event_id=event_id)
    settle_what_waits(by.workspace_id, event_id)
    return policy


# --- what a policy may say ----------------------------------------------------------------------------


def _check(by: Member, terms: Terms) -> None:
    wrong: dict[str, str] = {}
    places = [place for place in (terms.brand, terms.label, *terms.claim_labels) if place is not None]
    if any(place.workspace_id != by.workspace_id for place in places):
        wrong["label"] = "Please choose among the brands and labels of this workspace."
    if terms.own not in Policy.Own.values:
        wrong["own"] = "Please choose one of the three."
    for field, hours in (("deadline_hours", [terms.deadline_hours or 1]), ("reminders", terms.reminders)):
        if any(not 1 <= hour <= MOST_HOURS for hour in hours):
            wrong[field] = f"Please give 1 to {MOST_HOURS} hours."
    if len(set(terms.reminders)) > MOST_REMINDERS:
        wrong["reminders"] = f"Please give at most {MOST_REMINDERS}."
    if words := _steps_wrong(by, terms.steps):
        wrong["steps"] = words
    if wrong:
        raise Invalid("This policy cannot hold as it is.", not_done=NOT_DONE, fields=wrong)


def _steps_wrong(by: Member, steps: Sequence[Step]) -> str:
    if not 1 <= len(steps) <= MOST_STEPS:
        return f"A policy has 1 to {MOST_STEPS} steps."
    crew = clearing.crew_of(by.workspace_id)
    for number, step in enumerate(steps, 1):
        where = f"Step {number}: "
        if step.how not in {"any", "all"}:
            return where + "say whether any or all of them approve."
        if not 1 <= len(step.seats) <= MOST_SEATS:
            return where + f"name 1 to {MOST_SEATS} roles, people or guests."
        if len(step.name) > STEP_LENGTH or not is_line(step.name):
            return where + f"its name has at most {STEP_LENGTH} characters."
        for seat in step.seats:
            if words := _seat_wrong(seat, crew):
                return where + words
    return ""


def _seat_wrong(seat: Seat, crew: policies.Crew) -> str:
    if seat.kind == "role":
        return "" if seat.who in ROLES else "choose among the roles that may approve."
    if seat.kind == "member":
        return "" if seat.who in crew.everybody else "choose among the people of this workspace."
    if seat.kind != "guest":
        return "choose roles, people or guests."
    try:
        if seat.who != ANY_GUEST:
            validate_email(seat.who)
    except ValidationError:
        return f"“{seat.who[:60]}” is not an e-mail address."
    return ""


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > NAME_LENGTH or not is_line(name):
        fields = {"name": f"Please write a name of 1 to {NAME_LENGTH} characters."}
        raise Invalid("A policy needs a name.", not_done=NOT_DONE, fields=fields)
    return name


def _phrases(given: Sequence[str]) -> list[str]:
    found = list(dict.fromkeys(" ".join(phrase.split()) for phrase in given if phrase.strip()))
    if len(found) > MOST_PHRASES or any(len(phrase) > PHRASE_LENGTH for phrase in found):
        words = f"Please give at most {MOST_PHRASES} phrases of at most {PHRASE_LENGTH} characters."
        raise Invalid("There are too many phrases.", not_done=NOT_DONE, fields={"phrases": words})
    return found
