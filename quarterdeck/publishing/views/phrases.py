"""The book of names, snippets, hashtags and link rules: a settings page, and what the composer offers of it."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from quarterdeck.channels.by_hand import TITLES
from quarterdeck.core.problems import NotFound, Problem
from quarterdeck.crew.access import page
from quarterdeck.publishing import phrases, shortening
from quarterdeck.publishing.models import Phrase
from quarterdeck.publishing.verbs import phrases as verbs
from quarterdeck.shell import toasts

_HELP = {
    "name": "A line for each network: Bluesky: @mia.example.com. In a text, {the name} becomes the handle there.",
    "snippet": "The words as they are put into a text.",
    "hashtags": "The hashtags as they are put into a text, a capital at each word: #SpringMenu.",
    "link": "What links to this site carry: utm_source={network}&utm_medium=social. {network} is filled in. They can "
    "be shortened too, to an address of this installation; nobody who follows one is counted.",
}


class PhraseForm(forms.Form):
    kind = forms.ChoiceField(label="Kind", choices=Phrase.Kind.choices)
    name = forms.CharField(
        label="Name, or the site of a link rule",
        max_length=80,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    body = forms.CharField(
        label="What it stands for", max_length=5000, required=False, widget=forms.Textarea({"rows": 3})
    )
    short = forms.BooleanField(label="Shorten links to this site", required=False)


@page("publishing.phrase.change")
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The book; POST keeps a new entry."""
    form = PhraseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            phrase = verbs.keep_phrase(request.member, **form.cleaned_data)
        except Problem as problem:
            _into(form, problem)
        else:
            toasts.add(request, f"“{phrase.name}” is in the book.")
            return redirect("publishing-phrase-list", workspace=request.workspace.slug)
    return _index(request, form)


@page("publishing.phrase.change")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change an entry. Opened as an address, it leads to the book."""
    phrase = _phrase(request, pk)
    if request.method != "POST":
        return redirect("publishing-phrase-list", workspace=request.workspace.slug)
    form = _changed(request, phrase)
    if form.is_valid():
        try:
            verbs.keep_phrase(request.member, phrase=phrase, **form.cleaned_data)
        except Problem as problem:
            _into(form, problem)
        else:
            toasts.add(request, "Saved. Posts that are saved from now on follow it.")
            return redirect("publishing-phrase-list", workspace=request.workspace.slug)
    return _index(request, PhraseForm(), refused=(pk, form))


@page("publishing.phrase.change")
@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    phrase = _phrase(request, pk)
    verbs.remove_phrase(phrase, by=request.member)
    toasts.add(request, f"“{phrase.name}” is out of the book. Posts saved with it stay as they are.")
    return redirect("publishing-phrase-list", workspace=request.workspace.slug)


def _changed(request: HttpRequest, phrase: Phrase) -> PhraseForm:
    prefix = str(phrase.pk)
    data = request.POST.copy()
    data[f"{prefix}-kind"] = phrase.kind
    return PhraseForm(data, prefix=prefix)


def _phrase(request: HttpRequest, pk: UUID) -> Phrase:
    found = Phrase.objects.filter(workspace=request.workspace, pk=pk, removed_at__isnull=True).first()
    if found is None:
        raise NotFound("There is no such entry in this workspace’s book.")
    return found


def _index(
    request: HttpRequest, form: PhraseForm, refused: tuple[UUID, PhraseForm] | None = None
) -> HttpResponse:
    lines = []
    for phrase in phrases.kept(request.workspace.pk):
        own = PhraseForm(
            initial={
                "kind": phrase.kind,
                "name": phrase.name,
                "body": _body(phrase),
                "short": phrase.value.get("short"),
            },
            prefix=str(phrase.pk),
        )
        again = refused is not None and refused[0] == phrase.pk
        lines.append({"phrase": phrase, "form": refused[1] if again and refused else own, "refused": again})
    status = 422 if form.errors or refused else 200
    context = {
        "form": form,
        "lines": lines,
        "help": [(Phrase.Kind(k).label, words) for k, words in _HELP.items()],
    }
    return render(request, "publishing/phrases.html", context, status=status)


def _body(phrase: Phrase) -> str:
    """The entry as a person types it."""
    if phrase.kind == Phrase.Kind.NAME:
        titles = TITLES | {"sandbox": "Sandbox"}
        return "\n".join(
            f"{titles.get(network, network)}: {handle}" for network, handle in phrase.value.items()
        )
    return phrase.value.get("text") or phrase.value.get("add", "")


def _into(form: PhraseForm, problem: Problem) -> None:
    for name, words in (problem.fields or {None: f"{problem.title} {problem.next_step}"}).items():
        form.add_error(name if name in form.fields else None, words)


def offered(workspace) -> dict:
    """What the composer offers: entries to insert, by kind, and what names and links stand for as the browser resolves
    them in previews."""
    book = phrases.kept(workspace.pk)
    inserts = [
        {"label": Phrase.Kind(kind).label, "entries": [p for p in book if p.kind == kind]}
        for kind in (Phrase.Kind.NAME, Phrase.Kind.SNIPPET, Phrase.Kind.HASHTAGS)
    ]
    terms = {
        "names": {p.name: p.value for p in book if p.kind == Phrase.Kind.NAME},
        "links": {p.name: p.value["add"] for p in book if p.kind == Phrase.Kind.LINK},
    }
    hosts = [p.name for p in book if p.kind == Phrase.Kind.LINK and p.value.get("short")]
    if hosts and (base := shortening.base()):
        # The code is the server's to make: until the post is saved, a stand-in of the same length is shown.
        terms["short"] = dict.fromkeys(hosts, base + "x" * shortening.LENGTH)
    return {"inserts": [group for group in inserts if group["entries"]], "terms": terms}
