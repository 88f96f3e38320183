"""What somebody outside opens by a signed link: the post as it went out, and a form to say what is wrong. Opening it
changes nothing; a visible button sends.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render

from quarterdeck.accountability import reads, verbs
from quarterdeck.accountability.forms import FlagForm, into
from quarterdeck.accountability.models import Flag
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid, NotFound, Problem
from quarterdeck.crew.models import SignedLink
from quarterdeck.publishing import reads as publishing_reads
from quarterdeck.publishing.models import Post
from quarterdeck.studio import reads as studio
from quarterdeck.studio.views import served

MOST_A_DAY = 20  # flags by one link


def opened(request: HttpRequest, link: SignedLink) -> HttpResponse:
    """The page behind a link of purpose “accountability.flag”."""
    post, zone = _post(link), link.workspace.zone
    if request.method in {"GET", "HEAD"}:
        if file := request.GET.get("file", ""):
            return _file(request, post, file)
        return _page(request, link, post, FlagForm(zone=zone))
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    form = FlagForm(request.POST, zone=zone)
    if not form.is_valid():
        return _page(request, link, post, form, status=422)
    try:
        _not_too_often(link)
        verbs.flag_by_link(post, by=link, said=form.said())
    except Invalid as problem:
        into(form, problem)
        return _page(request, link, post, form, status=problem.status)
    except Conflict as problem:
        return _page(request, link, post, form, problem=problem, status=problem.status)
    return HttpResponseRedirect(f"{request.path}?said=1")


def _post(link: SignedLink) -> Post:
    try:
        return publishing_reads.post(link.workspace, UUID(link.object_id))
    except ValueError:
        raise NotFound("The post of this link is gone.", not_done="Nothing was changed.") from None


def _not_too_often(link: SignedLink) -> None:
    since = clock.now() - timedelta(days=1)
    if Flag.objects.filter(link=link, flagged_at__gt=since).count() >= MOST_A_DAY:
        raise Conflict(
            f"This link has said {MOST_A_DAY} things within a day, which is the most.",
            not_done="This one was not sent; it is still in the page.",
            next_step="Tell the person who gave you the link.",
        )


def _file(request: HttpRequest, post: Post, name: str) -> HttpResponse:
    """An image of this post, and of no other."""
    if name not in post.files:
        raise NotFound("There is no such image in this post.")
    return served(request, studio.file(post.workspace, UUID(name)))


def _page(
    request: HttpRequest,
    link: SignedLink,
    post: Post,
    form: FlagForm,
    *,
    problem: Problem | None = None,
    status: int = 200,
) -> HttpResponse:
    mine = list(Flag.objects.filter(link=link).select_related("slip").order_by("-flagged_at")[:20])
    context = {
        "link": link,
        "post": post,
        "form": form,
        "problem": problem,
        "parts": _parts(request, post),
        "out": reads.deliveries(post),
        "said": request.GET.get("said") == "1" and bool(mine) and problem is None and not form.errors,
        "mine": mine,
    }
    return render(request, "accountability/guest.html", context, status=status)


def _parts(request: HttpRequest, post: Post) -> list[dict]:
    """The parts as this page shows them: images by addresses of this link."""
    wanted = {image["file"] for part in post.parts for image in part["images"]}
    files = studio.files(post.workspace_id, wanted) if wanted else {}
    shown = []
    for part in post.parts:
        images = []
        for image in part["images"]:
            if (file := files.get(image["file"])) is not None:
                size = {"width": file.width, "height": file.height, "video": file.is_video}
                images.append(
                    image | size | {"url": f"{request.path}?file={image['file']}", "name": file.name}
                )
        shown.append({"text": part["text"], "images": images})
    return shown
