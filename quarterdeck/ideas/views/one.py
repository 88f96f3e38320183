"""One idea: kept, read, changed."""

from __future__ import annotations

from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from quarterdeck.core.problems import Invalid, Problem
from quarterdeck.crew.access import page
from quarterdeck.ideas import arriving, reads, verbs
from quarterdeck.ideas.forms import FoundForm, IdeaForm, as_initial, images_given
from quarterdeck.ideas.models import MOST_IMAGES, Idea, Kind, State
from quarterdeck.ideas.verbs.shelf import StaleIdea
from quarterdeck.ledger import reads as ledger_reads
from quarterdeck.publishing.views.showing import shown
from quarterdeck.shell import toasts
from quarterdeck.studio import images as images_taken
from quarterdeck.studio.views import keep_upload

HISTORY = 40
PART = "1"  # the name of the pictures' fields, as the scripts of the composer know them


@page("ideas.idea.keep")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The quick form; what the address brings along only fills it in. POST keeps it."""
    if request.method != "POST":
        initial = arriving.shared(request.GET)
        return _quick(
            request, FoundForm(initial=initial), [], brought=bool(initial["title"] or initial["link"])
        )
    form = FoundForm(request.POST)
    images, problem = _pictures(request)
    if problem is not None or not form.is_valid():
        return _quick(request, form, images, problem=problem, status=422)
    try:
        idea = verbs.keep(request.member, form.found(images), way=form.cleaned_data["way"] or "form")
    except Invalid as refused:
        _into(form, refused)
        return _quick(request, form, images, status=422)
    aside = reverse("ideas-aside", kwargs={"workspace": request.workspace.slug, "pk": idea.pk})
    toasts.add(request, f"“{idea.short}” is on the shelf.", undo_url=aside)
    return redirect("ideas-idea", workspace=request.workspace.slug, pk=idea.pk)


@page("ideas.idea.view")
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    idea = reads.idea(request.workspace, pk)
    may = request.member.may("ideas.idea.keep")
    lines = reads.posts_of(idea)
    alive = [line for line in lines if line.post.discarded_at is None]
    context = {
        "idea": idea,
        "pictures": reads.pictures(idea),
        "lines": lines,
        "out": [line for line in alive if line.status == "out"],
        "states": list(State),
        "may_change": may and idea.aside_at is None,
        "may_take_back": may and idea.aside_at is not None,
        "may_promote": may and idea.aside_at is None and request.member.may("publishing.post.draft"),
        "carries": idea.kind == Kind.IDEA,
        "history": ledger_reads.history(idea, request.member)[:HISTORY],
        "here": request.path,
    }
    return render(request, "ideas/idea.html", context)


@page("ideas.idea.keep")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The whole form: what was found, and the brief."""
    idea = reads.idea(request.workspace, pk)
    if request.method != "POST":
        form = IdeaForm(workspace=request.workspace, initial=as_initial(idea))
        return _whole(request, idea, form, idea.images)
    form = IdeaForm(request.POST, workspace=request.workspace)
    images, problem = _pictures(request)
    if problem is not None or not form.is_valid():
        return _whole(request, idea, form, images, problem=problem, status=422)
    version = form.cleaned_data["version"]
    try:
        verbs.change(idea, by=request.member, version=version, found=form.found(images), brief=form.brief())
    except StaleIdea as stale:
        data = request.POST.copy()
        data["version"] = str(reads.idea(request.workspace, pk).version)
        form = IdeaForm(data, workspace=request.workspace)
        return _whole(request, idea, form, images, problem=stale, status=409)
    except Invalid as refused:
        _into(form, refused)
        return _whole(request, idea, form, images, status=422)
    toasts.add(request, "The idea is saved.")
    return redirect("ideas-idea", workspace=request.workspace.slug, pk=pk)


def _pictures(request: HttpRequest) -> tuple[list[dict], Problem | None]:
    """The pictures the form named and those it brought, kept; and the first that was refused."""
    images, problem = images_given(request.POST), None
    for file in request.FILES.getlist(f"files:{PART}")[:MOST_IMAGES]:
        try:
            kept = keep_upload(request.workspace, file)
        except Invalid as refused:
            problem = problem or refused
        else:
            if kept.pk.hex not in {image["file"] for image in images}:
                images.append({"file": kept.pk.hex, "alt": ""})
    return images, problem


def _quick(
    request: HttpRequest, form: Form, images: list[dict], *, brought: bool = False, **more
) -> HttpResponse:
    # What was typed and not sent is put back, but never over what a page or a phone has just handed over.
    keep = "" if brought or form.is_bound else f"idea:new:{request.workspace.pk}"
    return _form(request, "ideas/new.html", form, images, {"keep": keep, "brought": brought}, **more)


def _whole(request: HttpRequest, idea: Idea, form: Form, images: list[dict], **more) -> HttpResponse:
    return _form(request, "ideas/edit.html", form, images, {"idea": idea}, **more)


def _form(
    request: HttpRequest,
    template: str,
    form: Form,
    images: list[dict],
    context: dict,
    *,
    problem: Problem | None = None,
    status: int = 200,
) -> HttpResponse:
    part = shown(request.workspace, [{"key": PART, "text": "", "images": images}])[0]
    context |= {
        "form": form,
        "part": part,
        "image_shape": {"file": "FILE", "alt": "", "url": "", "name": ""},
        "part_shape": {"key": "KEY"},
        "problem": problem,
        "most_images": MOST_IMAGES,
        "known_tags": [tag for tag, _ in reads.tags(request.workspace)],
        "called": f"idea:{context['idea'].pk}" if "idea" in context else f"idea:new:{request.workspace.pk}",
        "begin_url": reverse("studio-upload-begin", kwargs={"workspace": request.workspace.slug}),
        "types": ",".join(sorted(images_taken.MIMES)),
        "largest": images_taken.LARGEST,
    }
    return render(request, template, context, status=status)


def _into(form: Form, problem: Problem) -> None:
    for name, words in (problem.fields or {"": f"{problem.title} {problem.next_step}"}).items():
        form.add_error(name if name in form.fields else None, words)
