"""The page on which a post that is out is changed, answered or taken down, and the three forms it sends."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from quarterdeck.changes import reads, verbs
from quarterdeck.changes.forms import AnswerForm, EditForm, RemoveForm
from quarterdeck.changes.models import Change
from quarterdeck.channels.models import Channel
from quarterdeck.core.problems import Problem
from quarterdeck.crew.access import page
from quarterdeck.crew.models import Member
from quarterdeck.publishing import reads as publishing_reads
from quarterdeck.publishing.models import Delivery, Post
from quarterdeck.shell import toasts

_page_or_form = require_http_methods(["GET", "HEAD", "POST"])
WAYS = ("edit", "reply", "remove")


def _address(request: HttpRequest, name: str, **parts) -> str:
    return reverse(name, kwargs={"workspace": request.workspace.slug, **parts})


@page("changes.post.change")
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _show(request, publishing_reads.post(request.workspace, pk))


@page("changes.post.change")
@_page_or_form
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Other words where it is out. Opened as an address, it leads to the page."""

    def done(post: Post, form: EditForm) -> HttpResponse:
        given = form.cleaned_data
        made = verbs.edit(
            post, by=request.member, parts=form.texts, channels=list(given["channels"]), note=given["note"]
        )
        toasts.add(request, _edited(made))
        return redirect(_address(request, "publishing-post", pk=pk))

    return _sent(request, pk, "edit", done)


def _edited(made: list[Change]) -> str:
    count = len({change.delivery.channel_id for change in made})
    where = f"on {count} channel{'s' * (count != 1)}"
    if not made:
        return "The post has the new words. They stand on every channel already."
    if reads.waiting(made):
        return f"The new words wait for approval; then they go out {where} by themselves."
    return f"The new words are on their way {where}."


@page("changes.post.change")
@_page_or_form
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Draft a post that answers it. Opened as an address, it leads to the page."""

    def done(post: Post, form: AnswerForm) -> HttpResponse:
        rows = _first_parts(post, form.cleaned_data["channels"])
        made = verbs.answer(rows, by=request.member, text=form.cleaned_data["text"])
        toasts.add(request, "The answer is a draft. It is approved and published like any post.")
        return redirect(_address(request, "publishing-post", pk=made.pk))

    return _sent(request, pk, "reply", done)


@page("changes.post.remove")
@_page_or_form
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take it down. Opened as an address, it leads to the page."""

    def done(post: Post, form: RemoveForm) -> HttpResponse:
        chosen = {channel.pk for channel in form.cleaned_data["channels"]}
        rows = [row for row in _standing(post) if row.channel_id in chosen]
        made = verbs.remove(rows, by=request.member, reason=form.cleaned_data["reason"])
        undo = _address(request, "changes-post-undo", pk=pk) if made else None
        toasts.add(request, "It is taken down in ten seconds.", undo_url=undo)
        return redirect(_address(request, "publishing-post", pk=pk))

    return _sent(request, pk, "remove", done)


@page("changes.post.remove")
@require_http_methods(["POST"])
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back, within ten seconds, that it is taken down."""
    post = publishing_reads.post(request.workspace, pk)
    planned = [one for one in reads.of(post) if not one.is_edit and one.state == Change.State.PLANNED]
    for change in planned:
        verbs.withdraw(change, by=request.member)
    words = "Undone: it stays up." if planned else "There is nothing left to undo; it is down already."
    toasts.add(request, words, tone="" if planned else "coral")
    return redirect(_address(request, "publishing-post", pk=pk))


def _sent(request: HttpRequest, pk: UUID, way: str, done: Callable[[Post, forms.Form], HttpResponse]):
    post = publishing_reads.post(request.workspace, pk)
    if request.method != "POST":
        return redirect(_address(request, "changes-post", pk=pk))
    form = _form(post, way, _able(post), request)
    if not form.is_valid():
        return _show(request, post, status=422, **{way: form})
    try:
        return done(post, form)
    except Problem as problem:
        words = (
            problem.fields.get("text") or f"{problem.title} {problem.not_done} {problem.next_step}".strip()
        )
        form.add_error(None, words)
        return _show(request, post, status=problem.status, **{way: form})


def _show(request: HttpRequest, post: Post, *, status: int = 200, **given: forms.Form) -> HttpResponse:
    rows = _standing(post)
    able = _able(post, rows)
    forms_by_way = {way: given.get(way) or _form(post, way, able, request) for way in WAYS}
    may_remove = request.member.may("changes.post.remove")
    context = {
        "post": post,
        "lines": [(row, reads.possible(row)) for row in rows if row.part == 0 or not _has_first(row, rows)],
        "edit": forms_by_way["edit"] if able["edit"] else None,
        "answer": forms_by_way["reply"] if able["reply"] else None,
        "remove": forms_by_way["remove"] if able["remove"] and may_remove else None,
        "apart": _apart(post, able["edit"], forms_by_way["edit"]),
        "open": next(iter(given), request.GET.get("way", "")),
    }
    return render(request, "changes/ask.html", context, status=status)


def _form(post: Post, way: str, able: dict[str, list[Channel]], request: HttpRequest) -> forms.Form:
    sent = (
        request.POST if request.method == "POST" and request.resolver_match.url_name == _ROUTE[way] else None
    )
    if way == "edit":
        said = (request.POST or request.GET).get("as", "")
        same = _saying_the_same(post, able["edit"], said)
        texts = [part["text"] for part in post.parts_on(same[0].pk)] if same else [""]
        return EditForm(sent, channels=same, texts=texts, auto_id="edit_%s")
    kind = AnswerForm if way == "reply" else RemoveForm
    return kind(sent, channels=able[way], auto_id=f"{way}_%s")


_ROUTE = {"edit": "changes-edit", "reply": "changes-answer", "remove": "changes-remove"}


def _standing(post: Post) -> list[Delivery]:
    rows = post.deliveries.select_related("channel", "post").prefetch_related("settlements")
    return [row for row in rows.order_by("channel__name", "part") if row.stands]


def _has_first(row: Delivery, rows: list[Delivery]) -> bool:
    return any(one.channel_id == row.channel_id and one.part < row.part for one in rows)


def _first_parts(post: Post, channels) -> list[Delivery]:
    rows, chosen = _standing(post), {channel.pk for channel in channels}
    return [row for row in rows if row.channel_id in chosen and not _has_first(row, rows)]


def _able(post: Post, rows: list[Delivery] | None = None) -> dict[str, list[Channel]]:
    """For each way the channels on which all that stands can be treated so."""
    able: dict[str, dict] = {way: {} for way in WAYS}
    for row in _standing(post) if rows is None else rows:
        for way, found in reads.possible(row).items():
            able[way].setdefault(row.channel, []).append(bool(found))
    return {way: [channel for channel, can in found.items() if all(can)] for way, found in able.items()}


def _saying_the_same(post: Post, channels: list[Channel], said: str) -> list[Channel]:
    """Those of the channels that say the same as the one named, else as the first."""
    if not channels:
        return []
    first = next((channel for channel in channels if channel.pk.hex == said), channels[0])
    return [one for one in channels if post.parts_on(one.pk) == post.parts_on(first.pk)]


def _apart(post: Post, channels: list[Channel], form: EditForm) -> list[Channel]:
    """One channel for each other text: its words are changed apart."""
    shown = {channel.pk for channel in form.fields["channels"].queryset}
    found: dict[str, Channel] = {}
    for channel in channels:
        if channel.pk not in shown:
            found.setdefault(str(post.parts_on(channel.pk)), channel)
    return list(found.values())


def change_it(post: Post, who: Member) -> str | None:
    """For the post's page: the way here, while something of it stands."""
    if not who.may("changes.post.change") or not _standing(post):
        return None
    return reverse("changes-post", kwargs={"workspace": who.workspace.slug, "pk": post.pk})
