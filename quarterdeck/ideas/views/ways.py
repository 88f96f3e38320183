"""Ways to keep an idea from elsewhere: the phone's share menu, a bookmark, mail."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from quarterdeck.core.problems import Forbidden
from quarterdeck.crew import inbound
from quarterdeck.crew import reads as crew
from quarterdeck.crew.access import last_workspace, page, signed_in
from quarterdeck.ideas import mail, reads, verbs
from quarterdeck.ideas.models import LINK_LENGTH, TITLE_LENGTH, WORDS_LENGTH
from quarterdeck.shell import toasts

# Opens the form in a small window of its own. What is selected on the page goes along, at most 2,000 characters:
# an address has limits.
BOOKMARKLET = (
    "(()=>{const q=new URLSearchParams({title:document.title.slice(0,200),link:location.href,"
    "words:String(getSelection()).slice(0,2000),way:'bookmarklet'});"
    "window.open('%s?'+q,'_blank','popup,noopener,width=560,height=820')})()"
)


@page("ideas.idea.keep")
@require_safe
def ways(request: HttpRequest) -> HttpResponse:
    new = request.build_absolute_uri(reverse("ideas-new", kwargs={"workspace": request.workspace.slug}))
    address, box = reads.address(request.member), inbound.mailbox()
    token = reads.token(address) if address else ""
    context = {
        "bookmarklet": "javascript:" + quote(BOOKMARKLET % new, safe="(){}=>,;:'?+./!_-"),
        "mailbox": box,
        "tag": mail.tag(token) if token else "",
        "mail_address": mail.address(box.username, token) if token and box else "",
        "sender": request.user.email,
        "secure": request.is_secure() or request.get_host().split(":")[0] == "localhost",
    }
    return render(request, "ideas/ways.html", context)


@page("ideas.idea.keep")
@require_POST
def open_address(request: HttpRequest) -> HttpResponse:
    verbs.open_address(request.member)
    toasts.add(request, "Your mail address for ideas is made. It is yours alone; keep it to yourself.")
    return redirect("ideas-ways", workspace=request.workspace.slug)


@page("ideas.idea.keep")
@require_POST
def close_address(request: HttpRequest) -> HttpResponse:
    verbs.close_address(request.member)
    toasts.add(request, "The address is closed. Nothing that is sent to it is kept any more.")
    return redirect("ideas-ways", workspace=request.workspace.slug)


@signed_in
@require_safe
def share(request: HttpRequest) -> HttpResponse:
    """Where a phone's share menu leads: to the form of the workspace one was in last, filled in. Nothing is kept
    before the button there is pressed."""
    able = [one for one in crew.workspaces(request.user) if one.may("ideas.idea.keep")]
    if not able:
        raise Forbidden(
            "There is no workspace in which you may keep ideas.",
            not_done="Nothing was kept; what you shared is still where it was.",
            next_step="Ask an owner of the workspace for another role.",
        )
    last = last_workspace(request)
    here = next((one for one in able if one.workspace.slug == last), able[0])
    most = {"title": TITLE_LENGTH, "text": WORDS_LENGTH, "url": LINK_LENGTH}
    given = {name: request.GET.get(name, "")[:length] for name, length in most.items()}
    query = urlencode({name: value for name, value in given.items() if value} | {"way": "share"})
    new = reverse("ideas-new", kwargs={"workspace": here.workspace.slug})
    return redirect(f"{new}?{query}")
