"""What signed links may open. A room registers each of its purposes here, from `config/wiring`:

    links.register_purpose("publishing.approval", views.approval_by_link, "See a post and approve it or object")

The view is called as `view(request, link)` for every method; for GET and HEAD it only shows, because mail
scanners and chat previews open every link they see. What it does on POST it does as the link: `by=link`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from quarterdeck.core import reach
from quarterdeck.crew.models import SignedLink

LinkView = Callable[[HttpRequest, SignedLink], HttpResponse]


@dataclass(frozen=True, slots=True)
class Purpose:
    name: str  # "publishing.approval"
    view: LinkView
    title: str  # for people, in the list of issued links


PURPOSES: dict[str, Purpose] = {}


def register_purpose(name: str, view: LinkView, title: str = "") -> Purpose:
    """Declare a purpose once. ValueError when the name is taken by another view."""
    known = PURPOSES.get(name)
    if known and known.view is not view:
        raise ValueError(f"The purpose “{name}” is registered already.")
    PURPOSES[name] = Purpose(name, view, title or name)
    return PURPOSES[name]


def absolute(path: str) -> str:
    """The address to hand out: on the public address once it was tested, else on this machine."""
    return reach.link(path).url


def path(token: str) -> str:
    """Where a signed link leads, without the host: to go on from one to another."""
    return reverse("crew-link-open", kwargs={"token": token})


def link_url(token: str) -> str:
    return absolute(path(token))


def invitation_url(token: str) -> str:
    return absolute(reverse("crew-invitation-join", kwargs={"token": token}))


def only_here() -> str:
    """The sentence that stands beside every link to copy, empty once the public address has been tested."""
    return reach.link("/").words
