"""The list of what is wrong, by state; one slip with what can be done about it; and the acts on it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterdeck.accountability import reads, reviewing, verbs, ways
from quarterdeck.accountability.forms import DeclineForm, LevelForm, OfferForm, WithdrawForm, into
from quarterdeck.accountability.models import Correction, Level, Slip
from quarterdeck.accountability.views.shared import address, back
from quarterdeck.core import clock
from quarterdeck.core.problems import Invalid
from quarterdeck.crew.access import page
from quarterdeck.crew.models import Member
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.views.showing import shown
from quarterdeck.shell import offered, toasts

VIEW, OWN = "accountability.slip.view", "accountability.slip.own"
HISTORY = 60


@page(VIEW)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Everything open by how it stands, then what is over."""
    found = reads.open_slips(request.workspace)
    groups = [
        ("Nobody sees to it yet", [s for s in found if s.owner_id is None and s.corrected_at is None]),
        ("Somebody sees to it", [s for s in found if s.owner_id is not None and s.corrected_at is None]),
        ("Being corrected", [s for s in found if s.corrected_at is not None]),
    ]
    over = Paginator(reads.ended(request.workspace), reads.PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "groups": [(title, [_line(one) for one in rows]) for title, rows in groups if rows],
        "over": over,
        "may_flag": request.member.may("accountability.slip.flag"),
    }
    return render(request, "accountability/index.html", context)


def _line(slip: Slip) -> dict:
    return {"slip": slip, "tone": tone(slip)}


def tone(slip: Slip) -> str:
    """The tag's colour, which only repeats its word."""
    if not slip.is_open:
        return "accent" if slip.ended == "corrected" else ""
    if slip.owner_id is None and slip.corrected_at is None:
        return "coral" if slip.level >= Level.WRONG else "amber"
    return "amber"


@page(VIEW)
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render_slip(request, reads.slip(request.workspace, pk))


def render_slip(request: HttpRequest, slip: Slip, *, code: int = 200, **more) -> HttpResponse:
    """One slip; `more` replaces parts of its context (a form that was refused)."""
    may, now = request.member.may, clock.now()
    able, due = slip.is_open and may(OWN), reads.due(slip, reads.promise(slip.post.brand))
    context = {
        "slip": slip,
        "post": slip.post,
        "tone": tone(slip),
        "parts": shown(request.workspace, slip.post.parts),
        "flags": reads.flags(slip),
        "late": due is not None and due < now,
        "open_for": reads.in_words(now - slip.trace_at),
        "marks": [(mark, reads.in_words(mark.after)) for mark in reads.times(slip)],
        "earlier": reads.earlier(slip) if able and slip.corrected_at is None else [],
        "may_enlist": may("accountability.slip.correct") and reads.is_public(slip.post.brand),
        "may_reroute": slip.is_open and may("accountability.slip.correct"),
        "correction": Correction.objects.filter(slip=slip).first(),
        "stands": ways.stands(slip),
        "offer_form": OfferForm(slip=slip, by=request.member) if able else None,
        "withdraw_form": WithdrawForm(),
        "decline_form": DeclineForm(),
        "level_form": LevelForm(initial={"level": slip.level}),
        "history": sorted(reviewing.timeline(slip), key=lambda one: one.when, reverse=True)[:HISTORY],
        "panels": offered.panels(slip, request.member),
        "actions": offered.actions(slip, request.member),
        **_offers(request, slip, able),
    }
    return render(request, "accountability/slip.html", context | more, status=code)


def _offers(request: HttpRequest, slip: Slip, able: bool) -> dict:
    """What this member can do about it now."""
    mine, asked = slip.owner_id == request.member.pk, slip.offered_to_id == request.member.pk
    gone = slip.owner is not None and slip.owner.left_at is not None
    before = slip.corrected_at is None
    return {
        "mine": mine,
        "asked": able and asked,
        "may_take": able and not mine and not asked and (slip.owner_id is None or gone),
        "may_offer": able and (mine or slip.owner_id is None),
        "may_let_go": able and mine and before,
        "may_keep": able and mine and slip.offered_to_id is not None,
        "may_judge": able and before,
        "may_withdraw": able and before,
        "may_correct": slip.is_open and before and request.member.may("accountability.slip.correct"),
        "correct_url": _correct_url(request, slip),
    }


def _correct_url(request: HttpRequest, slip: Slip) -> str:
    if slip.level == Level.SMALL:
        return address(request, "accountability-fix", pk=slip.post_id)
    return address(request, "accountability-path", pk=slip.pk)


# --- acts ----------------------------------------------------------------------------------------------


def _act(permission: str) -> Callable:
    """A view that is an act on one slip: POST only; the function calls a verb and returns what is told."""

    def mark(act: Callable[[HttpRequest, Slip], str]) -> Callable[..., HttpResponse]:
        def posted(request: HttpRequest, pk: UUID) -> HttpResponse:
            slip = reads.slip(request.workspace, pk)
            toasts.add(request, act(request, slip))
            return back(request, slip)

        return page(permission)(require_POST(posted))

    return mark


@_act(OWN)
def own(request: HttpRequest, slip: Slip) -> str:
    verbs.own(slip, by=request.member)
    return "You have this. It stands on your Desk until it is corrected."


@_act(OWN)
def let_go(request: HttpRequest, slip: Slip) -> str:
    verbs.let_go(slip, by=request.member)
    return "It is given back. Anybody can take it."


@_act(OWN)
def accept(request: HttpRequest, slip: Slip) -> str:
    verbs.accept(slip, by=request.member)
    return "You took it over."


@_act(OWN)
def trace_back(request: HttpRequest, slip: Slip) -> str:
    verbs.trace_back(slip, by=request.member, key=request.POST.get("key", "")[:200])
    return "The clock starts there."


def _form_act(name: str, form_of: Callable, act: Callable[[HttpRequest, Slip, dict], str]) -> Callable:
    """A view whose form may be refused: then the slip's page shows it with its words. Opened as an address (a reload
    of such a page), it shows the slip."""

    def posted(request: HttpRequest, pk: UUID) -> HttpResponse:
        slip = reads.slip(request.workspace, pk)
        if request.method != "POST":
            return render_slip(request, slip)
        form = form_of(request, slip)
        if not form.is_valid():
            return render_slip(request, slip, code=422, **{name: form})
        try:
            told = act(request, slip, form.cleaned_data)
        except Invalid as problem:
            into(form, problem)
            return render_slip(request, slip, code=problem.status, **{name: form})
        toasts.add(request, told)
        return back(request, slip)

    return page(OWN)(require_http_methods(["GET", "HEAD", "POST"])(posted))


def _offer(request: HttpRequest, slip: Slip, given: dict) -> str:
    verbs.offer(slip, by=request.member, to=given["to"], word=given["word"])
    return f"{given['to']} was asked. It stays where it is until they accept."


def _decline(request: HttpRequest, slip: Slip, given: dict) -> str:
    verbs.decline(slip, by=request.member, word=given["word"])
    return "Declined; they read why."


def _judge(request: HttpRequest, slip: Slip, given: dict) -> str:
    judged = verbs.judge(slip, by=request.member, level=given["level"])
    return f"Settled: {judged.get_level_display().lower()}."


def _withdraw(request: HttpRequest, slip: Slip, given: dict) -> str:
    verbs.withdraw(slip, by=request.member, reason=given["reason"])
    return "It is over: not a mistake. Whoever pointed it out reads why."


offer = _form_act("offer_form", lambda r, s: OfferForm(r.POST, slip=s, by=r.member), _offer)
decline = _form_act("decline_form", lambda r, s: DeclineForm(r.POST), _decline)
judge = _form_act("level_form", lambda r, s: LevelForm(r.POST), _judge)
withdraw = _form_act("withdraw_form", lambda r, s: WithdrawForm(r.POST), _withdraw)


# --- what is shown on a post's page ---------------------------------------------------------------------


def on_a_post(post: Post, who: Member) -> dict | None:
    """For the post's page: what was wrong in it, and how that stands. Nothing where nothing was."""
    if not who.may(VIEW):
        return None
    found = reads.of_post(post)
    corrects = reads.corrected_by(post)
    if not found and not corrects:
        return None
    return {
        "post": post,
        "lines": [_line(one) for one in found],
        "open": sum(one.is_open for one in found),
        "corrects": corrects,
        "posts": {one.post for row in found for one in reads.posts_of(row)},
    }
