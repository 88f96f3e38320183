"""A small world to try the shell in: its own pages beside a few that only stand in what the shell offers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from django.views.decorators.csrf import csrf_protect

from quarterdeck.core import registries
from quarterdeck.core.problems import Conflict
from quarterdeck.core.registries import Command, NavEntry, Registry, SearchHit, SettingsPage, StripFact
from quarterdeck.crew.access import page, public
from quarterdeck.shell import toasts, urls
from quarterdeck.shell.refusals import bad_request, broken, forbidden, not_found

DONE: list[str] = []  # what was pressed or undone, in order


PAGES = Path(__file__).parent / "pages"


def show(request: HttpRequest, name: str, **context) -> HttpResponse:
    template = engines["django"].from_string((PAGES / name).read_text())
    return HttpResponse(template.render(context, request))


ROWS = [
    ("Correct", "coral", "The price in Friday’s launch post is wrong on two of three channels", "since 08:12",
     "A customer wrote it in a reply; product confirmed. 4,100 people have seen it."),
    ("Approve", "amber", "Spring menu carousel needs legal before 11:30", "2 h 20 min",
     "Asked yesterday; the stand-in has been told. If nobody answers, the slot will pass and you will see it "
     "here, not there."),
    ("Answer", "accent", "23 comments, the oldest 3 h", "goal 4 h",
     "Four are questions about opening hours; one may be a complaint."),
    ("Decide", "", "Product and Careers want the same Tuesday", "by Wed",
     "Two ways out are ready; one costs Careers a day, one costs Product the lunch hour."),
    ("Make", "", "Cut the roaster interview to 45 s, vertical, captions", "today · M",
     "The script is in the draft; you stopped at the second silence."),
]  # fmt: skip


@page("crew.workspace.view")
def desk(request: HttpRequest) -> HttpResponse:
    return show(
        request, "desk.html", rows=ROWS, done="../done/" if request.path.endswith("list/") else "done/"
    )


@page("crew.workspace.view")
def done(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        DONE.append(request.POST.get("what", "undone"))
        if "what" not in request.POST:
            return toasts.back(request, "/")
        toasts.add(request, f"“{DONE[-1]}” is done.", undo_url=request.path)
    return HttpResponse(status=204)


class Note(forms.Form):
    text = forms.CharField(label="Text", widget=forms.Textarea(attrs={"data-keep": "note"}))
    zone = forms.ChoiceField(
        label="Time zone",
        choices=[("UTC", "UTC"), ("Pacific/Auckland", "Pacific/Auckland")],
        widget=forms.Select(attrs={"data-detect-timezone": ""}),
    )


@csrf_protect
@page("crew.workspace.view")
def note(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        DONE.append(request.POST["text"])
        if request.POST["text"] == "refuse me":
            raise Conflict("The note changed while you were reading it.", next_step="Read it again.")
        toasts.add(request, "The note is kept.")
        return toasts.back(request, f"/w/{request.workspace.slug}/")
    return show(request, "note.html", form=Note(), long_ago=datetime(2025, 3, 9, 11, 30, tzinfo=UTC))


@page("crew.workspace.view")
def breaks(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("a bug")


@public("a test's front door")
def front(request: HttpRequest) -> HttpResponse:
    return HttpResponse("front")


@public("a test's event stream")
def stream(request: HttpRequest) -> HttpResponse:
    """The real one lives outside Django; this one says at once that there is nothing to follow."""
    return HttpResponse("event: gone\ndata: {}\n\n", content_type="text/event-stream")


workspace = [
    path("", desk, name="desk"),
    path("list/", desk, name="world-list"),
    path("note/", note, name="world-note"),
    path("done/", done, name="world-done"),
    path("breaks/", breaks, name="world-breaks"),
    *urls.workspace_urls,
]
urlpatterns = [
    path("", front),
    path("live/stream", stream),
    path("w/<slug:workspace>/", include(workspace)),
    path("account/", include("allauth.urls")),
    *urls.public_urls,
]
handler400, handler403, handler404, handler500 = bad_request, forbidden, not_found, broken


def found(who, query, limit):
    hits = [SearchHit("Spring menu carousel", "Post", f"/w/{who.workspace.slug}/note/", "waits for approval")]
    return [hit for hit in hits if query.lower() in hit.title.lower()]


def furnish(monkeypatch) -> None:
    """Fill fresh registries with the rooms of the pictures, for one test."""
    for name in ("nav", "palette", "search", "strip", "settings_pages"):
        monkeypatch.setattr(registries, name, Registry(name))
    DONE.clear()
    counts = {"Desk": 6, "Inbox": 23, "Requests": 3}
    groups = [
        ["Desk", "Calendar", "Ideas", "Inbox"],
        ["Requests", "Strategy", "Radar", "Insights", "Studio", "Ads"],
        ["Watch", "Slips", "Ledger"],
        ["My week"],
    ]
    for group, labels in enumerate(groups):
        for label in labels:
            where = {"Desk": "desk", "Calendar": "world-note"}.get(label, "world-list")
            count = (lambda who, number=counts[label]: number) if label in counts else None
            registries.nav.register(label, NavEntry(label, where, group, count=count))
    registries.nav.register("notifications", NavEntry("Notifications", "world-list", 0, count=lambda who: 2))
    registries.strip.register(
        "watch",
        lambda who: [
            StripFact("On watch:", "you, until 18:00", "good"),
            StripFact("Next out:", "11:30 Bluesky, LinkedIn", url="/"),
            StripFact("Nothing held"),
        ],
    )
    registries.palette.register("desk", Command("Go to the Desk", "desk", shortcut="g d"))
    registries.palette.register(
        "note", Command("Write a note", "world-note", shortcut="n", keywords="draft text")
    )
    registries.palette.register("hold", Command("Hold everything…", "world-list"))
    registries.palette.register(
        "change", Command("Rename the workspace", "shell-settings", "crew.workspace.change")
    )
    registries.search.register("publishing", found)
    registries.settings_pages.register("profile", SettingsPage("Profile", "world-list", "You"))
    registries.settings_pages.register("members", SettingsPage("Members", "world-note", "Workspace"))
