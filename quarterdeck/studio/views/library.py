"""The library: looking for files, bringing many, sorting several at once, folders; and choosing one for a post."""

from __future__ import annotations

from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Invalid, Problem
from quarterdeck.crew.access import page
from quarterdeck.shell import toasts
from quarterdeck.studio import images, intake, library_reads, limits, reads, uses, verbs, videos
from quarterdeck.studio.forms import FolderForm, SortForm, split
from quarterdeck.studio.library_reads import KINDS, RIGHTS, Wish
from quarterdeck.studio.models import PIECE, File
from quarterdeck.studio.presets import NETWORKS, PLACES
from quarterdeck.studio.views.files import as_json, keep_upload

PER_PAGE = 60
TO_CHOOSE = 24
MOST_BROUGHT = 40  # files of one plain form


def today(request: HttpRequest):
    """The day in the workspace's own calendar."""
    return clock.now().astimezone(request.workspace.zone).date()


@page("studio.file.view")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return _index(request)


def _index(request: HttpRequest, status: int = 200, **more) -> HttpResponse:
    wish = library_reads.wish(request.GET)
    pages = Paginator(library_reads.shelf(request.workspace, wish, today(request)), PER_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    may = request.member.may
    context = {
        "wish": wish,
        "asked_at": f"{request.path}?{wish.address(page=shown.number)}",
        "page": shown,
        "tiles": _tiles(request, list(shown)),
        "folders": reads.folders(request.workspace),
        "tags": library_reads.tags(request.workspace),
        "kinds": KINDS.items(),
        "rights": RIGHTS.items(),
        "earlier": wish.address(page=shown.next_page_number()) if shown.has_next() else "",
        "newer": wish.address(page=shown.previous_page_number()) if shown.has_previous() else "",
        "may_keep": may("studio.file.keep"),
        "may_describe": may("studio.file.describe"),
        "sort_form": SortForm(workspace=request.workspace),
        "folder_form": FolderForm(),
        "most": images.LARGEST,
        "most_video": limits.largest_video(),
        "megabytes": {"picture": images.LARGEST // limits.MB, "video": limits.largest_video() // limits.MB},
        "types": ",".join(sorted(images.MIMES | videos.MIMES)),
    }
    return render(request, "studio/library.html", context | more, status=status)


def _tiles(request: HttpRequest, files: list[File]) -> list[dict]:
    """Each file with what its tile says: what stands against it, and whether something planned uses it."""
    against = reads.concerns(request.workspace.pk, [one.pk for one in files], today(request))
    states: dict[str, set[str]] = {}
    for use in uses.of(request.workspace.pk, [one.pk.hex for one in files]):
        states.setdefault(use.file, set()).add(use.state)
    tiles = []
    for one in files:
        known, small = states.get(one.pk.hex, set()), getattr(one, "small", None)
        word = next((word for word in ("planned", "out", "draft") if word in known), "")
        moving = small is not None and small.frames > 1
        tiles.append({"file": one, "against": against.get(one.pk.hex, []), "use": word, "moving": moving})
    return tiles


@page("studio.file.keep")
@require_POST
def bring(request: HttpRequest) -> HttpResponse:
    """Keep what a plain form brought, one by one; what is refused does not keep the others out."""
    given = request.FILES.getlist("file")[:MOST_BROUGHT]
    if not given:
        raise Invalid("No file came with this.", not_done="Nothing was kept.", next_step="Choose files.")
    kept = 0
    for one in given:
        try:
            _keep(request, one)
            kept += 1
        except Problem as problem:
            toasts.add(request, problem.title, tone="coral")
    if kept:
        toasts.add(
            request, "The file is in the library." if kept == 1 else f"{kept} files are in the library."
        )
    return redirect("studio-library", workspace=request.workspace.slug)


def _keep(request: HttpRequest, given: UploadedFile) -> None:
    begin = given.read(12)
    given.seek(0)
    if not videos.is_one(begin):
        keep_upload(request.workspace, given)
        return
    upload = intake.begin(request.member, key=ids.new().hex, name=given.name or "video", size=given.size or 0)
    try:
        for offset in range(0, upload.size, PIECE):
            intake.take(upload, offset=offset, data=given.read(PIECE))
        intake.complete(upload)
    except Problem:
        intake.give_up(upload)
        raise


# --- several at once --------------------------------------------------------------------------------


def given_files(request: HttpRequest) -> list[File]:
    """The files a form or an address names with `file`, all of this workspace. Invalid when none is named."""
    named = request.POST.getlist("file") or request.GET.getlist("file")
    try:
        pks = list(dict.fromkeys(UUID(one) for one in named))
    except ValueError:
        pks = []
    if not pks or len(pks) > 200:
        raise Invalid("No file was chosen.", next_step="Tick at least one, and at most 200 at once.")
    return reads.chosen(request.workspace, pks)


@page("studio.file.describe")
@require_POST
def sort(request: HttpRequest) -> HttpResponse:
    """Add tags to several files, or put them in a folder."""
    form = SortForm(request.POST, workspace=request.workspace)
    if not form.is_valid():
        raise Invalid("The files were not sorted: one of the fields cannot be used.")
    said = form.cleaned_data
    folder = said["folder"].pk if said["folder"] else None
    files = given_files(request)
    count = verbs.sort(files, by=request.member, add=split(said["tags"]), folder=folder, out=said["out"])
    toasts.add(request, "1 file is sorted." if count == 1 else f"{count} files are sorted.")
    return toasts.back(request, _here(request))


@page("studio.file.describe")
@require_POST
def aside(request: HttpRequest) -> HttpResponse:
    """Put files aside: they are offered to nobody any more."""
    files = given_files(request)
    count = verbs.put_aside(files, by=request.member)
    words = f"“{files[0].title}” is put aside." if len(files) == 1 else f"{count} files are put aside."
    query = urlencode([("file", one.pk.hex) for one in files[:40]])
    undo = reverse("studio-restore", kwargs={"workspace": request.workspace.slug}) if len(files) <= 40 else ""
    toasts.add(request, words, undo_url=f"{undo}?{query}" if undo else None)
    return toasts.back(request, _here(request))


@page("studio.file.describe")
@require_POST
def restore(request: HttpRequest) -> HttpResponse:
    """Put files back into the library."""
    count = verbs.restore(given_files(request), by=request.member)
    toasts.add(request, "The file is back in the library." if count == 1 else f"{count} files are back.")
    return toasts.back(request, _here(request))


def _here(request: HttpRequest) -> str:
    return reverse("studio-library", kwargs={"workspace": request.workspace.slug})


# --- folders ----------------------------------------------------------------------------------------


@page("studio.file.describe")
@require_POST
def make_folder(request: HttpRequest) -> HttpResponse:
    form = FolderForm(request.POST)
    if form.is_valid():
        try:
            folder = verbs.make_folder(request.member, name=form.cleaned_data["name"])
        except Problem as problem:
            form.add_error("name", problem.fields.get("name", problem.title))
        else:
            toasts.add(request, f"The folder “{folder.name}” is made.")
            return redirect(f"{_here(request)}?{Wish(folder=folder.pk).address()}")
    return _index(request, 422, folder_form=form)


@page("studio.file.describe")
@require_POST
def change_folder(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Rename a folder, or with `remove` take it away when nothing lies in it."""
    folder = reads.folder(request.workspace, pk)
    if "remove" in request.POST:
        verbs.remove_folder(folder, by=request.member)
        toasts.add(request, f"The folder “{folder.name}” is removed.")
        return redirect(_here(request))
    form = FolderForm(request.POST)
    if not form.is_valid():
        raise Invalid(
            "The folder was not renamed.", next_step="Please give it a name of at most 60 characters."
        )
    folder = verbs.rename_folder(folder, by=request.member, name=form.cleaned_data["name"])
    toasts.add(request, f"The folder is called “{folder.name}” now.")
    return redirect(f"{_here(request)}?{Wish(folder=folder.pk).address()}")


# --- for a post -------------------------------------------------------------------------------------


@page("studio.file.view")
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Files to choose from for a post, as a part of a page, or as JSON for who asks for that: searched like the
    library, each with its cuts. `on` names the networks the post goes to, once each."""
    found = to_choose(request, request.GET)
    if "application/json" in request.headers.get("Accept", ""):
        names = {"concerns": "against", "barred": "barred", "cuts": "cuts"}
        told = [one["json"] | {name: one[key] for name, key in names.items()} for one in found["offered"]]
        return JsonResponse({"files": told, "more": bool(found["earlier"])})
    return render(request, "studio/_choose.html", found)


def to_choose(request: HttpRequest, asked: QueryDict) -> dict:
    """What a page that offers files of the library shows of them: `offered`, each as a page names a file, with what
    stands `against` it, whether that keeps it from being chosen (`barred`) and whether it can be looked at; the
    `wish`, and the address of what is `earlier`."""
    wish, networks = library_reads.wish(asked), networks_in(asked)
    pages = Paginator(library_reads.shelf(request.workspace, wish, today(request)), TO_CHOOSE)
    shown = pages.get_page(asked.get("page"))
    pks = [one.pk for one in shown]
    against = reads.concerns(request.workspace.pk, pks, today(request), networks=networks)
    unseen = reads.unusable(request.workspace.pk, pks)
    offered = [
        {
            "file": one,
            "json": as_json(one),
            "against": against.get(one.pk.hex, []),
            "barred": one.pk.hex in against,
            "unseen": one.pk.hex in unseen,
            "cuts": _cuts(one),
        }
        for one in shown
    ]
    earlier = wish.address(page=shown.next_page_number()) if shown.has_next() else ""
    return {
        "offered": offered,
        "wish": wish,
        "networks": networks,
        "folders": reads.folders(request.workspace),
        "earlier": "&".join([earlier, *(f"on={one}" for one in networks)]) if earlier else "",
    }


def networks_in(asked: QueryDict) -> list[str]:
    """The networks a post goes to, as an address names them."""
    return [one for one in NETWORKS if one in asked.getlist("on")]


def _cuts(file: File) -> list[dict]:
    """What a file was cut to, each as a page names a file, with its own description or the file's."""
    found = reads.cuts(file)
    return [
        as_json(cut.made) | {"alt": file.alt, "name": f"{file.title}: {PLACES[place].title}", "place": place}
        for place, cut in found.items()
        if place in PLACES
    ]
