"""The red button and what comes after it: placed, what left before, what waits, the review, and what it cannot stop."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid, Problem
from quarterdeck.crew.access import page
from quarterdeck.crew.naming import by_role
from quarterdeck.publishing import holds_reads, reads
from quarterdeck.publishing.forms_holds import (
    EVERYTHING,
    HoldForm,
    OutsideForm,
    ReviewForm,
    TickForm,
    seal,
)
from quarterdeck.publishing.holds_reads import Waiting
from quarterdeck.publishing.models import UNDO_WINDOW, Delivery, DeliveryState, Hold
from quarterdeck.publishing.verbs import holds as verbs
from quarterdeck.publishing.verbs import holds_outside as list_verbs
from quarterdeck.publishing.verbs.holds import HeldAlready, Lifted, Undecided
from quarterdeck.shell import toasts

LISTED = 300  # rows of a review that are decided one by one; what waits beyond them is decided as one
NEXT_ONES = 8


def _address(request: HttpRequest, name: str, **parts) -> str:
    return reverse(name, kwargs={"workspace": request.workspace.slug, **parts})


def _second(moment: datetime, zone) -> str:
    """ "22:40:07", with its day when that is not today."""
    local = moment.astimezone(zone)
    today = clock.now().astimezone(zone).date()
    day = "" if local.date() == today else f"{local:%a} {local.day} {local:%b}, "
    return f"{day}{local:%H:%M:%S}"


# --- placing ----------------------------------------------------------------------------------------


@page("publishing.hold.place")
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest) -> HttpResponse:
    """The button: everything is chosen, and Enter presses it."""
    if request.method != "POST":
        return _place(request, HoldForm(initial={"what": _wanted(request)}))
    form = HoldForm(request.POST)
    if not form.is_valid():
        return _place(request, form, status=422)
    scope, target = form.cleaned_data["what"]
    try:
        hold = verbs.place(request.member, scope=scope, target=target, reason=form.cleaned_data["reason"])
    except HeldAlready as already:
        hold = already.hold
        since = _second(hold.placed_at, request.member.zone)
        toasts.add(
            request,
            f"It was on hold already, since {since}, placed by {by_role(hold.placed_by, request.member)}.",
        )
    except Invalid as problem:
        return _place(request, form, status=422, problem=problem)
    else:
        [it] = holds_reads.named([hold])
        undo_url = _address(request, "publishing-hold-undo", pk=hold.pk)
        toasts.add(request, f"{it.What} is on hold.", undo_url=undo_url)
    return redirect(_address(request, "publishing-hold", pk=hold.pk))


def _wanted(request: HttpRequest) -> str:
    """What is chosen at first: the post one came from, else everything."""
    post = request.GET.get("post", "")
    return f"post:{post}" if post else EVERYTHING


def _place(request: HttpRequest, form: HoldForm, status: int = 200, **more) -> HttpResponse:
    chosen = str(form["what"].value() or EVERYTHING)
    scope, _, target = chosen.partition(":")
    context = {
        "form": form,
        "chosen": chosen,
        "post": reads.post(request.workspace, _uuid(target)) if scope == "post" else None,
        "choices": holds_reads.choices(request.member),
        "planned": holds_reads.planned(request.workspace),
        "standing": holds_reads.named(holds_reads.standing(request.workspace)),
    }
    return render(request, "publishing/hold_place.html", context | more, status=status)


def _uuid(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError:
        raise Invalid("That address is not whole.", next_step="Open the post and try from there.") from None


@page("publishing.hold.place")
@require_POST
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    verbs.undo(holds_reads.hold(request.workspace, pk), by=request.member)
    toasts.add(request, "Undone. Everything keeps its time.")
    return toasts.back(request, _address(request, "publishing-hold", pk=pk))


# --- one hold, and all of them -----------------------------------------------------------------------


@page("publishing.hold.view")
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    hold = holds_reads.hold(request.workspace, pk)
    zone, may = request.member.zone, request.member.may
    [it] = holds_reads.named([hold])
    flying, in_hands = holds_reads.left_before(hold)
    stands = hold.lifted_at is None
    waits = holds_reads.waiting(hold) if stands else Delivery.objects.none()
    waits = waits.exclude(after__state=DeliveryState.INTENT)  # the parts of a thread are one thing that waits
    soonest = list(waits.select_related("post", "channel").order_by("due_at", "part")[:NEXT_ONES])
    count = waits.count() if len(soonest) == NEXT_ONES else len(soonest)
    theirs = hold.placed_by_id == request.member.pk or may("publishing.hold.lift")
    context = {
        "hold": hold,
        "it": it,
        "since": _second(hold.placed_at, zone),
        "until": _second(hold.lifted_at, zone) if hold.lifted_at else "",
        "stands": stands,
        "flying": flying,
        "in_hands": in_hands,
        "unstoppable": holds_reads.unstoppable(hold),
        "waiting": soonest,
        "count": count,
        "more": count - len(soonest),
        "overdue": any(row.latest_at <= clock.now() for row in soonest),
        "may_tick": stands and may("publishing.hold.place"),
        "may_lift": stands and may("publishing.hold.lift"),
        "may_undo": stands and theirs and clock.now() - hold.placed_at < UNDO_WINDOW - timedelta(seconds=1),
        "may_list": may("publishing.outside.change"),
        "others": holds_reads.named([o for o in holds_reads.standing(request.workspace) if o.pk != hold.pk]),
    }
    return render(request, "publishing/hold.html", context)


@page("publishing.hold.view")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return _index(request, OutsideForm())


def _index(request: HttpRequest, form: OutsideForm, status: int = 200) -> HttpResponse:
    context = {
        "standing": holds_reads.named(holds_reads.standing(request.workspace)),
        "lifted": holds_reads.named(holds_reads.lifted(request.workspace)),
        "outside": holds_reads.outside_list(request.workspace),
        "form": form,
        "may_place": request.member.may("publishing.hold.place"),
        "may_list": request.member.may("publishing.outside.change"),
    }
    return render(request, "publishing/hold_list.html", context, status=status)


# --- lifting ----------------------------------------------------------------------------------------


@page("publishing.hold.lift")
@require_http_methods(["GET", "HEAD", "POST"])
def lift(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The review: each post that waits is decided, none by default."""
    hold = holds_reads.hold(request.workspace, pk)
    if hold.lifted_at is not None:
        return redirect(_address(request, "publishing-hold", pk=pk))
    waits = holds_reads.review(hold, clock.now())
    if request.method != "POST":
        return _review(request, hold, waits)
    form = ReviewForm(request.POST)
    form.is_valid()
    by_first = form.decisions()
    decisions = {
        row.pk: by_first[one.first.pk] for one in waits if one.first.pk in by_first for row in one.rows
    }
    rest, which = _rest(waits), form.cleaned_data.get("rest")
    if which and form.cleaned_data.get("seal") == _seal(rest):
        decisions |= {row.pk: which for one in rest for row in one.rows}
    try:
        done = verbs.lift(hold, by=request.member, decisions=decisions)
    except (Undecided, Invalid) as problem:
        waits = holds_reads.review(hold, clock.now())  # what came meanwhile is shown with the rest
        return _review(request, hold, waits, form, by_first, problem)
    toasts.add(request, _said(done))
    return redirect(_address(request, "publishing-hold", pk=pk))


def _rest(waits: list[Waiting]) -> list[Waiting]:
    return [one for one in waits if one.free][LISTED:]


def _seal(rest: list[Waiting]) -> str:
    return seal(row for one in rest for row in one.rows)


def _said(done: Lifted) -> str:
    parts = [f"{done.kept} kept"] * bool(done.kept) + [f"{done.moved} moved"] * bool(done.moved)
    parts += [f"{done.dropped} dropped"] * bool(done.dropped)
    said = f"The hold is lifted: {', '.join(parts)}." if parts else "The hold is lifted; nothing was waiting."
    return said + (f" {done.still_held} stay held by another hold." if done.still_held else "")


def _review(
    request: HttpRequest,
    hold: Hold,
    waits: list[Waiting],
    form: ReviewForm | None = None,
    decided: dict[UUID, str] | None = None,
    problem: Problem | None = None,
) -> HttpResponse:
    shown = form.cleaned_data.get("shown") if form else None
    free = [one for one in waits if one.free]
    listed, rest = free[:LISTED], free[LISTED:]
    chosen = decided or {}
    context = {
        "hold": hold,
        "it": holds_reads.named([hold])[0],
        "since": _second(hold.placed_at, request.member.zone),
        "rows": [
            {
                "waits": one,
                "chosen": chosen.get(one.first.pk, ""),
                "undecided": problem is not None and one.first.pk not in chosen,
                "new": shown is not None and one.first.planned_at > shown,
            }
            for one in listed
        ],
        "rest": rest,
        "rest_can_keep": not any(one.choice.not_kept for one in rest),
        "rest_can_move": all(one.choice.next for one in rest),
        "seal": _seal(rest),
        "staying": [one for one in waits if not one.free],
        "others": holds_reads.named([o for o in holds_reads.standing(request.workspace) if o.pk != hold.pk]),
        "shown": clock.now().isoformat(),
        "problem": problem,
    }
    return render(request, "publishing/hold_lift.html", context, status=problem.status if problem else 200)


# --- what a hold cannot stop ------------------------------------------------------------------------


@page("publishing.hold.place")
@require_POST
def tick(request: HttpRequest, pk: UUID) -> HttpResponse:
    hold = holds_reads.hold(request.workspace, pk)
    form = TickForm(request.POST)
    if not form.is_valid():
        raise Invalid("That could not be read.", not_done="Nothing was ticked.")
    outside, delivery = form.cleaned_data["outside"], form.cleaned_data["delivery"]
    made = list_verbs.tick(
        hold,
        by=request.member,
        outside=holds_reads.outside(request.workspace, outside) if outside else None,
        delivery=reads.delivery(request.workspace, delivery) if delivery else None,
    )
    undo_url = _address(request, "publishing-hold-untick", pk=pk, tick=made.pk)
    toasts.add(request, "Ticked: you saw to it.", undo_url=undo_url)
    return toasts.back(request, _address(request, "publishing-hold", pk=pk))


@page("publishing.hold.place")
@require_POST
def untick(request: HttpRequest, pk: UUID, tick: UUID) -> HttpResponse:
    hold = holds_reads.hold(request.workspace, pk)
    list_verbs.untick(holds_reads.tick(hold, tick), by=request.member)
    toasts.add(request, "The tick is off again.")
    return toasts.back(request, _address(request, "publishing-hold", pk=pk))


@page("publishing.outside.change")
@require_http_methods(["GET", "HEAD", "POST"])
def add_outside(request: HttpRequest) -> HttpResponse:
    """Opened as an address (a refused form that was reloaded), it leads to the list."""
    if request.method != "POST":
        return redirect(_address(request, "publishing-hold-list"))
    form = OutsideForm(request.POST)
    if not form.is_valid():
        return _index(request, form, status=422)
    try:
        list_verbs.add_outside(request.member, **form.cleaned_data)
    except Conflict as problem:
        form.add_error("title", f"{problem.title} {problem.next_step}")
        return _index(request, form, status=409)
    toasts.add(request, "It is on the list.")
    return toasts.back(request, _address(request, "publishing-hold-list"))


@page("publishing.outside.change")
@require_POST
def remove_outside(request: HttpRequest, pk: UUID) -> HttpResponse:
    list_verbs.remove_outside(holds_reads.outside(request.workspace, pk), by=request.member)
    undo_url = _address(request, "publishing-outside-restore", pk=pk)
    toasts.add(request, "It is off the list.", undo_url=undo_url)
    return toasts.back(request, _address(request, "publishing-hold-list"))


@page("publishing.outside.change")
@require_POST
def restore_outside(request: HttpRequest, pk: UUID) -> HttpResponse:
    list_verbs.restore_outside(holds_reads.outside(request.workspace, pk), by=request.member)
    toasts.add(request, "It is on the list again.")
    return toasts.back(request, _address(request, "publishing-hold-list"))
