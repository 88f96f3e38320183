"""Cutting a file for one place of a network: proposed by itself, moved by hand, drawn once."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from quarterdeck.core.problems import Invalid, NotFound
from quarterdeck.crew.access import page
from quarterdeck.shell import toasts
from quarterdeck.studio import pixels, reads, verbs
from quarterdeck.studio.forms import CutForm
from quarterdeck.studio.models import File
from quarterdeck.studio.pixels import Box
from quarterdeck.studio.presets import PLACES, Place

NOT_ITS_SHAPE = 0.02  # how far the shape of a box may be from its place's, as a part of it


@page("studio.file.describe")
@require_http_methods(["GET", "HEAD", "POST"])
def cut(request: HttpRequest, pk: UUID, place: str) -> HttpResponse:
    """The page where one cuts; POST draws it and keeps it."""
    file, at = _file_and_place(request, pk, place)
    form = CutForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        box = _in_shape(file, at, form.box())
        try:
            data = pixels.cut(reads.data(pk), box, at.pixels)
        except pixels.CannotDraw as why:
            raise _cannot(why) from None
        verbs.keep_cut(file, by=request.member, place=place, box=box, data=data)
        toasts.add(request, f"Cut for {at.title}.")
        return redirect(_page(request, file) + "#cuts")
    known = reads.cuts(file).get(place)
    if request.method == "POST":
        box = None
    elif known is not None:
        box = Box(known.left, known.top, known.width, known.height)
    else:
        box = _proposed(file, at)
    if box is not None:
        form = CutForm(
            initial={n: round(100 * getattr(box, n), 1) for n in ("left", "top", "width", "height")}
        )
    context = {
        "file": file,
        "place": at,
        "form": form,
        "known": known,
        "ratio": at.ratio * file.height / file.width,
    }
    return render(request, "studio/cut.html", context, status=422 if form.errors else 200)


@page("studio.file.describe")
@require_POST
def cut_all(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Cut a file for every place it is not cut for yet, where most is to be seen."""
    file = _picture(request, pk)
    known = reads.cuts(file)
    missing = [place for key, place in PLACES.items() if key not in known]
    if missing:
        data = reads.data(pk)
        try:
            boxes = pixels.propose(data, [place.ratio for place in missing])
            drawn = pixels.cuts(data, [(box, at.pixels) for at, box in zip(missing, boxes, strict=True)])
        except pixels.CannotDraw as why:
            raise _cannot(why) from None
        for at, box, made in zip(missing, boxes, drawn, strict=True):
            verbs.keep_cut(file, by=request.member, place=at.key, box=box, data=made)
    words = f"Cut for {len(missing)} places. Look at each, and move what is not right." if missing else ""
    toasts.add(request, words or "It is cut for every place already.")
    return redirect(_page(request, file) + "#cuts")


@page("studio.file.describe")
@require_POST
def remove_cut(request: HttpRequest, pk: UUID, place: str) -> HttpResponse:
    file, at = _file_and_place(request, pk, place)
    known = reads.cuts(file).get(place)
    if known is None:
        raise NotFound("It is not cut for this place.")
    verbs.remove_cut(known, by=request.member)
    toasts.add(request, f"The cut for {at.title} is taken back.")
    return redirect(_page(request, file) + "#cuts")


def _file_and_place(request: HttpRequest, pk: UUID, place: str) -> tuple[File, Place]:
    if place not in PLACES:
        raise NotFound("There is no such place.")
    return _picture(request, pk), PLACES[place]


def _picture(request: HttpRequest, pk: UUID) -> File:
    found = reads.file(request.workspace, pk)
    if found.is_video:
        raise Invalid(
            "A video cannot be cut here.", next_step="Cut it in a program for videos, and add that one."
        )
    return found


def _proposed(file: File, at: Place) -> Box:
    try:
        return pixels.propose(reads.data(file.pk), [at.ratio])[0]
    except pixels.CannotDraw:
        share = at.ratio * file.height / file.width
        width, height = min(1.0, share), min(1.0, 1 / share)
        return Box((1 - width) / 2, (1 - height) / 2, width, height)


def _in_shape(file: File, at: Place, box: Box) -> Box:
    """The box in exactly the place's shape, its width kept and its height made to fit; Invalid when it is far off."""
    tall = box.width * file.width / at.ratio / file.height
    if abs(box.height - tall) > max(NOT_ITS_SHAPE, NOT_ITS_SHAPE * tall):
        raise Invalid(
            f"This box is not {at.shape}.",
            not_done="Nothing was cut.",
            next_step=f"With this width its height is {100 * tall:.1f} percent of the picture’s.",
        )
    height = min(tall, 1.0)
    return Box(box.left, min(box.top, 1 - height), box.width, height)


def _cannot(why: pixels.CannotDraw) -> Invalid:
    return Invalid(
        str(why), not_done="Nothing was cut.", next_step="Open it in a picture program and save it anew."
    )


def _page(request: HttpRequest, file: File) -> str:
    return reverse("studio-card", kwargs={"workspace": request.workspace.slug, "pk": file.pk})
