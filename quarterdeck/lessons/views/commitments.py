"""Commitments: the list by day and state, one with all that happened to its dates, and the acts on it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from quarterdeck.crew.access import page
from quarterdeck.ledger import reads as ledger
from quarterdeck.lessons import owning, reads, rows, verbs
from quarterdeck.lessons.forms import DoneForm, MoveForm, OfferForm, ReasonForm
from quarterdeck.lessons.models import Commitment
from quarterdeck.lessons.models.commitments import State
from quarterdeck.lessons.views.shared import HISTORY, address, given
from quarterdeck.shell import offered, toasts
from quarterdeck.shell.templatetags.shell import moment

MAKE, VERIFY = "lessons.commitment.make", "lessons.commitment.verify"


@page("lessons.review.view")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """By the day they are due and by how they stand. The address has no filter by person, and knows none."""
    asked = request.GET.get("show", "")
    sieve = asked if asked in reads.SIEVES else ""
    pages = Paginator(reads.commitments(request.workspace, sieve), reads.PER_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    today = rows.today(request.workspace)
    groups = [reads.Group("Ended", list(shown))] if sieve == "ended" else reads.grouped(shown, today)
    context = {
        "groups": groups if shown else [],
        "shown": shown,
        "sieves": [(value, label, value == sieve) for value, label in reads.SIEVES.items()],
        "sieve": sieve,
        "today": today,
    }
    return render(request, "lessons/commitments.html", context)


@page("lessons.review.view")
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    commitment, who = reads.commitment(request.workspace, pk), request.member
    may_make = who.may(MAKE) and commitment.running
    answers = may_make and owning.is_answered_by(commitment, who)
    owner_here = commitment.owner is not None and commitment.owner.left_at is None
    asked = commitment.offered_to
    claimed, owns = commitment.state == State.CLAIMED, commitment.owner_id == who.pk
    alone = not owning.somebody_else(commitment)
    context = {
        "commitment": commitment,
        "moves": commitment.moves.order_by("moved_at"),
        "today": rows.today(request.workspace),
        "asks_me": may_make and asked is not None and asked.pk == who.pk,
        "may_take": may_make
        and not claimed
        and not owner_here
        and (asked is None or asked.left_at is not None),
        "may_offer": may_make and not claimed and (owns or not owner_here) and not alone,
        "may_end": answers,
        "may_move": answers and not claimed,
        "may_claim": may_make and owns and not claimed,
        "may_keep_alone": may_make and owns and alone,
        "may_verify": who.may(VERIFY) and claimed and not owns,
        "waits": claimed and owns and not alone,
        "offer_form": OfferForm(who=who, auto_id="offer_%s"),
        "move_form": MoveForm(auto_id="move_%s"),
        "done_form": DoneForm(auto_id="done_%s"),
        "back_form": ReasonForm(auto_id="back_%s"),
        "end_form": ReasonForm(auto_id="end_%s"),
        "history": ledger.history(commitment, who)[:HISTORY],
        "panels": offered.panels(commitment, who),
        "actions": offered.actions(commitment, who),
    }
    return render(request, "lessons/commitment.html", context)


def _act(permission: str) -> Callable:
    """A view that is an act on one commitment: POST only; the function calls a verb and returns what is told."""

    def mark(act: Callable[[HttpRequest, Commitment], str]) -> Callable[..., HttpResponse]:
        def posted(request: HttpRequest, pk: UUID) -> HttpResponse:
            toasts.add(request, act(request, reads.commitment(request.workspace, pk)))
            return toasts.back(request, address(request, "lessons-commitment", pk=pk))

        return page(permission)(require_POST(posted))

    return mark


@_act(MAKE)
def take(request: HttpRequest, commitment: Commitment) -> str:
    taken = verbs.take(commitment, by=request.member)
    return f"It is yours, by {moment(taken.due)}."


@_act(MAKE)
def pass_up(request: HttpRequest, commitment: Commitment) -> str:
    verbs.pass_up(commitment, by=request.member)
    return "You said no. That is all."


@_act(MAKE)
def offer(request: HttpRequest, commitment: Commitment) -> str:
    to = given(OfferForm(request.POST, who=request.member))["to"]
    verbs.offer(commitment, by=request.member, to=to)
    return f"{to} is asked."


@_act(MAKE)
def move(request: HttpRequest, commitment: Commitment) -> str:
    form = given(MoveForm(request.POST), not_done="The date is as it was.")
    moved = verbs.move(commitment, by=request.member, to=form["due"], reason=form["reason"])
    return f"It is due {moment(moved.after)} now. {moment(moved.before)} stays beside it."


@_act(MAKE)
def claim(request: HttpRequest, commitment: Commitment) -> str:
    """Done: somebody else then looks, or in a team of one the record says that nobody did."""
    form = given(DoneForm(request.POST))
    if owning.somebody_else(commitment):
        verbs.claim(commitment, by=request.member, **form)
        return "Well done. Somebody else is asked to look."
    verbs.keep_alone(commitment, by=request.member, **form)
    return "Kept. Nobody else is here to look, and the record says so."


@_act(VERIFY)
def verify(request: HttpRequest, commitment: Commitment) -> str:
    verbs.verify(commitment, by=request.member)
    return "Kept, and verified by you."


@_act(VERIFY)
def send_back(request: HttpRequest, commitment: Commitment) -> str:
    verbs.send_back(commitment, by=request.member, reason=given(ReasonForm(request.POST))["reason"])
    return "It is open again, and its owner is told what is missing."


@_act(MAKE)
def not_kept(request: HttpRequest, commitment: Commitment) -> str:
    verbs.not_kept(commitment, by=request.member, reason=given(ReasonForm(request.POST))["reason"])
    return "Said plainly: not kept. Thank you for that."


@_act(MAKE)
def drop(request: HttpRequest, commitment: Commitment) -> str:
    verbs.drop(commitment, by=request.member, reason=given(ReasonForm(request.POST))["reason"])
    return "Dropped, with your reason beside it."
