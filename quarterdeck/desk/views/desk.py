"""The Desk: the page, and what one does with its items. It shows a person their own matters and nobody else's."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from quarterdeck.channels import waits
from quarterdeck.core import clock, registries
from quarterdeck.core.problems import Invalid, NotFound
from quarterdeck.crew.access import page
from quarterdeck.crew.models import Member
from quarterdeck.desk import first_steps as steps
from quarterdeck.desk import ranking, reads, verbs
from quarterdeck.desk.agenda import STEP
from quarterdeck.desk.forms import HandOverForm, ItemsForm, SnoozeForm
from quarterdeck.desk.later import later
from quarterdeck.desk.reads import Desk
from quarterdeck.shell import toasts

TONES = {
    "correct": "coral", "missed": "coral", "approve": "amber", "due": "amber", "answer": "accent",
    "on watch": "accent",
}  # fmt: skip


@page("desk.item.work")
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    now, member = clock.now(), request.member
    found = reads.desk(member, now)
    local = now.astimezone(member.zone)
    context = {
        "date": f"{local:%A}, {local.day} {local:%B}",
        "opening": _opening(found, now, member),
        "closing": ranking.closing(found.arrangement, now, member.zone),
        "lines": [_line(number, line, found, member) for number, line in enumerate(found.arrangement.shown)],
        "after": found.arrangement.after,
        "waiting": [
            {"item": w.item, "until": ranking.day_name(w.until, now, member.zone)}
            for w in found.arrangement.waiting
        ],
        "away": found.away,
        "colleagues": reads.colleagues(member),
        "snoozes": SnoozeForm.base_fields["until"].choices,
        "empty": not (found.arrangement.shown or found.arrangement.waiting),
        "may_draft": member.may("publishing.post.draft"),
        "aside": _aside(member),
    }
    return render(request, "desk/desk.html", context)


@page("publishing.post.draft")
@require_safe
def first_steps(request: HttpRequest) -> HttpResponse:
    """From an empty workspace to a post that is out. A demo has none: the real workspace is another one."""
    if request.workspace.is_demo:
        raise NotFound(
            "A demo has no first steps: everything in it is there already.",
            next_step="Switch to your own workspace, or begin one.",
        )
    context = {"way": steps.way(request.member), "waits": waits.waits()}
    return render(request, "desk/first_steps.html", context)


def _opening(found: Desk, now: datetime, member: Member) -> str:
    """The sentence beside the date. While only set-up is left it says that, not that nothing needs anybody."""
    shown = found.arrangement.shown
    if shown and all(line.lead.key.startswith(STEP) for line in shown):
        return "One step is left to set up." if len(shown) == 1 else "A few steps are left to set up."
    return ranking.opening(found.arrangement, now, member.zone)


def _line(number: int, line: ranking.Line, found: Desk, member: Member) -> dict:
    """One line as the template needs it: its acts, and the hand-over that concerns it."""
    lead = line.lead
    taken = found.taken.get(lead.key)
    given = found.given.get(lead.key)
    return {
        "number": number,
        "line": line,
        "item": lead,
        "title": line.title,
        "tone": TONES.get(lead.kind, ""),
        "kind": "set up" if lead.key.startswith(STEP) else lead.kind,
        "folded": line.items[1:],
        "keys": "\n".join(line.keys),
        "actions": lead.actions if len(line.items) == 1 else (),
        "can_be_done": all(item.can_be_done for item in line.items),
        "due": line.due,
        "offered": taken if taken is not None and not taken.answer else None,
        "given": given,
        "can_hand_over": given is None and taken is None and lead.kind != "notice",
    }


def _aside(member: Member) -> list[dict]:
    """The blocks beside the Desk that have something to say."""
    blocks = []
    for _, block in registries.aside:
        if (context := block.context(member)) is not None:
            blocks.append({"title": block.title, "template": block.template, "context": context})
    return blocks


def _back(request: HttpRequest) -> HttpResponse:
    return toasts.back(request, reverse("desk", kwargs={"workspace": request.workspace.slug}))


def _undo_url(request: HttpRequest, act: UUID) -> str:
    return reverse("desk-item-undo", kwargs={"workspace": request.workspace.slug, "act": act})


def _valid(form: ItemsForm) -> dict:
    if not form.is_valid():
        raise Invalid(
            "That could not be read.",
            not_done="Your Desk is as it was.",
            next_step="Reload the page and try again.",
            fields={name: errors[0] for name, errors in form.errors.items()},
        )
    return form.cleaned_data


@page("desk.item.work")
@require_POST
def snooze(request: HttpRequest) -> HttpResponse:
    given = _valid(SnoozeForm(request.POST))
    now, zone = clock.now(), request.member.zone
    until = later(given["until"], now, zone)
    act = verbs.snooze(request.member, given["keys"], until=until)
    toasts.add(request, f"Put off until {_named(until, now, zone)}.", undo_url=_undo_url(request, act))
    return _back(request)


def _named(until, now, zone) -> str:
    day = ranking.day_name(until, now, zone)
    return day if ":" in day else f"{day}, {until.astimezone(zone):%H:%M}"


@page("desk.item.work")
@require_POST
def done(request: HttpRequest) -> HttpResponse:
    act = verbs.done(request.member, _valid(ItemsForm(request.POST))["keys"])
    toasts.add(request, "Done.", undo_url=_undo_url(request, act))
    return _back(request)


@page("desk.item.work")
@require_POST
def hand_over(request: HttpRequest) -> HttpResponse:
    colleagues = request.workspace.members.filter(left_at__isnull=True).exclude(pk=request.member.pk)
    given = _valid(HandOverForm(request.POST, colleagues=colleagues.select_related("user", "workspace")))
    keys = given["keys"]
    on_desk = _titles(reads.desk(request.member, clock.now()))
    if not set(keys) <= set(on_desk):
        raise Invalid("That item is not on your Desk any more.", not_done="Nothing was handed over.")
    act = verbs.hand_over(request.member, keys, to=given["to"], note=given["note"], title=on_desk[keys[0]])
    words = f"{given['to']} is asked to take it. Until then it stays here as well."
    toasts.add(request, words, undo_url=_undo_url(request, act))
    return _back(request)


def _titles(found: Desk) -> dict[str, str]:
    lines = found.arrangement.shown + found.arrangement.after
    titles = {item.key: item.title for line in lines for item in line.items}
    return titles | {w.item.key: w.item.title for w in found.arrangement.waiting}


@page("desk.item.work")
@require_POST
def accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    verbs.answer(reads.offer(request.member, pk), by=request.member, accept=True)
    toasts.add(request, "It is yours now.")
    return _back(request)


@page("desk.item.work")
@require_POST
def decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    offer = verbs.answer(reads.offer(request.member, pk), by=request.member, accept=False)
    toasts.add(request, f"It is back with {offer.giver}.")
    return _back(request)


@page("desk.item.work")
@require_POST
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    verbs.take_back(reads.offer(request.member, pk), by=request.member)
    toasts.add(request, "It is back on your Desk.")
    return _back(request)


@page("desk.item.work")
@require_POST
def undo(request: HttpRequest, act: UUID) -> HttpResponse:
    verbs.undo(request.member, act)
    toasts.add(request, "Undone.")
    return _back(request)
