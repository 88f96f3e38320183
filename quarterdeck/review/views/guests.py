"""What a guest opens by a signed link: the post as people will see it, with what they may do. Opening changes nothing;
every act is a form with a visible button.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render

from quarterdeck.core.problems import Conflict, Forbidden, Invalid, NotFound, Problem
from quarterdeck.crew.models import SignedLink
from quarterdeck.publishing import carrying, clearing, policies, previewing
from quarterdeck.publishing import reads as publishing_reads
from quarterdeck.publishing import status as statuses
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Approval, Post, Return
from quarterdeck.publishing.verbs import Guest as Speaker
from quarterdeck.review import comparing, reads, verbs
from quarterdeck.review.forms import CommentForm, GuestApprovalForm, ObjectForm
from quarterdeck.review.models import Comment, Guest
from quarterdeck.studio import reads as studio
from quarterdeck.studio.views import served

SAID = {
    "approved": "You approved it. The team sees that now.",
    "counted": "You approved it, and that counts. Others have to approve it too before it goes out.",
    "objected": "Your objection is with the team. It does not go out like this.",
    "commented": "Your comment is with the team.",
    "suggested": "Your suggestion is with the team.",
}


def opened(request: HttpRequest, link: SignedLink) -> HttpResponse:
    """The page behind a link of purpose “review.post”."""
    guest = reads.guest_of(link)
    post = publishing_reads.post(guest.workspace, guest.post_id)
    if request.method in {"GET", "HEAD"}:
        if file := request.GET.get("file", ""):
            return _file(request, post, file)
        return _page(request, guest, post)
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        raise Invalid("The form was not complete.", next_step="Open the link again.")
    try:
        said = act(request, guest, post)
    except (Invalid, Conflict, Forbidden) as problem:
        post = publishing_reads.post(guest.workspace, guest.post_id)
        return _page(request, guest, post, problem=problem)
    return HttpResponseRedirect(f"{request.path}?said={said}")


def _file(request: HttpRequest, post: Post, name: str) -> HttpResponse:
    """An image of this post, and of no other."""
    if name not in post.files:
        raise NotFound("There is no such image in this post.")
    found = studio.file(post.workspace, UUID(name))
    return served(request, found)


# --- what a guest does --------------------------------------------------------------------------------


def _speaker(guest: Guest) -> Speaker:
    return Speaker(guest.link, guest.name, guest.address)


def _must(right: bool) -> None:
    if not right:
        raise Forbidden(
            "This link does not include that.",
            next_step="Ask the person who sent it for one that does.",
        )


def _approve(request: HttpRequest, guest: Guest, post: Post) -> str:
    _must(guest.may_approve)
    form = GuestApprovalForm(request.POST)
    if not form.is_valid():
        raise Invalid("The form was not complete.", not_done="Nothing was approved.")
    publishing.approve_by_link(post, by=_speaker(guest), **form.cleaned_data)
    return "approved" if clearing.clearance(post) else "counted"


def _object(request: HttpRequest, guest: Guest, post: Post) -> str:
    _must(guest.may_approve)
    text_hash = request.POST.get("text_hash", "")[:64]
    reason = request.POST.get("reason", "")
    publishing.object_by_link(post, by=_speaker(guest), text_hash=text_hash, reason=reason)
    return "objected"


def _comment(request: HttpRequest, guest: Guest, post: Post) -> str:
    _must(guest.may_comment)
    form = CommentForm(request.POST, parts=post.parts, may_suggest=guest.may_suggest)
    if not form.is_valid():
        raise Invalid(
            "The comment could not be saved like this.",
            not_done=verbs.NOT_SAID,
            fields={name: " ".join(words) for name, words in form.errors.items()},
        )
    given = form.cleaned_data
    if form.is_suggestion:
        verbs.suggest(post, by=guest, target=form.target(), instead=given["instead"], text=given["text"])
        return "suggested"
    verbs.comment(post, by=guest, text=given["text"], target=form.target())
    return "commented"


def _reply(request: HttpRequest, guest: Guest, post: Post) -> str:
    _must(guest.may_comment)
    try:
        to = Comment.objects.select_related("parent", "post__workspace").get(
            post=post, pk=UUID(request.POST.get("to", ""))
        )
    except (ValueError, Comment.DoesNotExist):
        raise NotFound("There is no such comment on this post.") from None
    verbs.reply(to, by=guest, text=request.POST.get("text", ""))
    return "commented"


ACTS: dict[str, Callable[[HttpRequest, Guest, Post], str]] = {
    "approve": _approve,
    "object": _object,
    "comment": _comment,
    "reply": _reply,
}


# --- what a guest sees --------------------------------------------------------------------------------


def _page(request: HttpRequest, guest: Guest, post: Post, *, problem: Problem | None = None) -> HttpResponse:
    threads = reads.threads(post)
    stands = clearing.progress(post)
    mine = (
        Approval.objects.filter(link=guest.link, withdrawn_at__isnull=True).order_by("-approved_at").first()
    )
    objected = (
        Return.objects.filter(link=guest.link, text_hash=post.text_hash).order_by("-returned_at").first()
    )
    now = mine is not None and mine.text_hash == post.text_hash
    standing = publishing_reads.standing(post)
    which = statuses.of(standing)
    over = which in {statuses.Status.OUT, statuses.Status.SENDING, statuses.Status.DISCARDED}
    wanted = guest.may_approve and not over and not now
    sent = request.POST if problem is not None else None
    channels, elsewhere = list(post.channels.order_by("name")), previewing.elsewhere(post)
    other = {channel.pk for channel, _ in elsewhere}
    context = {
        "guest": guest,
        "post": post,
        "sentence": _sentence(post, which),
        "facts": previewing.facts(post),
        "said": _said(request, mine if now else None, objected) if problem is None else "",
        "problem": problem,
        "same": [channel for channel in channels if channel.pk not in other],
        "other": [(one, _parts(request, post, parts, [])) for one, parts in elsewhere],
        "parts": _parts(request, post, post.parts, threads),
        "threads": threads,
        "mine": mine if now and request.GET.get("said") not in {"approved", "counted"} else None,
        "objected": objected if not now else None,
        "changed": _changed(post, mine) if mine is not None and not now else None,
        "may_approve": wanted
        and not post.is_approved
        and policies.guest_may_speak(stands, guest.address, guest.link.pk.hex),
        "may_object": wanted or (guest.may_approve and not over),
        "why": _why(stands, guest),
        "waits_for": policies.waited_for(stands) if wanted and not post.is_approved else "",
        "may_comment": guest.may_comment and which != statuses.Status.DISCARDED,
        "form": CommentForm(sent, parts=post.parts, may_suggest=guest.may_suggest, auto_id="comment_%s"),
        "object_form": ObjectForm(initial={"text_hash": post.text_hash, "reason": _typed(sent)}),
    }
    return render(request, "review/guest.html", context, status=problem.status if problem else 200)


def _may_speak(stands: policies.Progress, guest: Guest) -> bool:
    return policies.guest_may_speak(stands, guest.address, guest.link_id.hex)


def _why(stands: policies.Progress, guest: Guest) -> str:
    """Why another room requires this guest, where one does; goes on after “because”."""
    link = guest.link_id.hex
    found = (one for one in stands.rules.outside if any(seat.who == link for seat in one.seats))
    return next((one.why for one in found), "")


def _said(request: HttpRequest, mine: Approval | None, objected: Return | None) -> str:
    """What the act before said, where it is so: an address alone makes nobody believe they approved."""
    said = request.GET.get("said", "")
    known = {"approved": mine, "counted": mine, "objected": objected}
    return "" if said in known and known[said] is None else SAID.get(said, "")


def _typed(sent) -> str:
    return sent.get("reason", "")[:1000] if sent else ""


def _sentence(post: Post, which: statuses.Status) -> str:
    """How it stands, for somebody who does not know the house."""
    if which == statuses.Status.OUT:
        return "It is out."
    if which == statuses.Status.DISCARDED:
        return "The team put it aside; nothing of it goes out."
    if post.is_approved:
        return "It is approved."
    return "It is not approved yet, and does not go out before it is."


def _parts(
    request: HttpRequest, post: Post, parts: Sequence[dict], threads: list[reads.Thread]
) -> list[dict]:
    """Parts as this page shows them: the text cut where comments are, images by addresses of this link."""
    wanted = {image["file"] for part in parts for image in part["images"]}
    files = studio.files(post.workspace_id, wanted) if wanted else {}
    shown, number = [], 0
    for index, part in enumerate(parts):
        images = []
        for image in part["images"]:
            number += 1
            if (file := files.get(image["file"])) is not None:
                url = f"{request.path}?file={image['file']}"
                size = {"width": file.width, "height": file.height, "video": file.is_video}
                images.append(image | size | {"url": url, "number": number})
        shown.append(
            {"text": part["text"], "pieces": reads.pieces(part["text"], index, threads), "images": images}
        )
    return shown


def _changed(post: Post, mine: Approval) -> dict | None:
    """What was changed since this guest approved, wherever it goes out; None where it says the same again."""
    read = carrying.version_read(post, mine.text_hash)
    if read is None:
        return None
    passages = [one for one in comparing.passages(read, post) if one.differs]
    facts = [one for one in comparing.facts(read, post) if one.differs]
    named = reads.named(post.workspace, passages)
    return {"passages": named, "facts": facts} if passages or facts else None
