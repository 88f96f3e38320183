"""The composer's page: its parts, its channels with how long a text is there, what is said differently where."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quarterdeck.channels.by_hand import TITLES
from quarterdeck.channels.models import Channel
from quarterdeck.channels.sandbox import LABEL
from quarterdeck.core import registries
from quarterdeck.core.problems import Problem
from quarterdeck.publishing.forms import ComposerForm
from quarterdeck.publishing.forms_parts import Given, GivenPart
from quarterdeck.publishing.linked import cards
from quarterdeck.publishing.models import MOST_IMAGES, MOST_PARTS, Post
from quarterdeck.publishing.views import checking, differing, phrases, purpose, showing
from quarterdeck.publishing.views.fitting import Fit
from quarterdeck.studio import images, limits, videos


def compose(
    request: HttpRequest,
    form: ComposerForm,
    post: Post | None,
    given: Given,
    *,
    status: int | None = None,
    problem: Problem | None = None,
    **more,
) -> HttpResponse:
    """The page with what is `given`; `more` goes to its template."""
    choices = _choices(form)
    parts, own = _shown(request, given)
    for choice in choices:
        choice["own"] = own.get(choice["channel"].pk.hex, [])
        choice["said"] = choice["own"] or parts
        choice["compared"] = differing.compared(parts, choice["own"]) if choice["own"] else []
    for part in parts:
        part["meters"] = _meters(choices, part["text"])
    for choice in choices:
        for part in choice["own"]:
            part["meters"] = _meters([choice], part["text"], own=True)
    chosen = [choice["channel"] for choice in choices if choice["chosen"]]
    card = _card(request, given, post)
    shape = {"key": "KEY", "text": "", "images": [], "meters": _meters(choices, "")}
    context = {
        "form": form,
        "post": post,
        "choices": choices,
        "parts": parts,
        "several": len(parts) > 1,
        "shape": shape,
        "image_shape": {"file": "FILE", "alt": "", "none": "", "url": "", "name": ""},
        "version": form["version"].value(),
        "keep": f"post:{post.pk}" if post else f"post:new:{request.workspace.pk}",
        "largest": images.LARGEST,
        "largest_video": limits.largest_video(),
        "types": ",".join(sorted(images.MIMES | videos.MIMES)),
        "most_parts": MOST_PARTS,
        "most_images": MOST_IMAGES,
        "sandbox_label": LABEL,
        "is_approved": bool(post and post.is_approved),
        "problem": problem,
        "card": card,
        "zone": request.workspace.timezone,
        "may_plan": request.member.may("publishing.post.schedule"),
        "slots": bool(list(registries.slots)),
        "purpose_form": purpose.in_the_composer(request, post),
    }
    context |= phrases.offered(request.workspace)
    context = checking.context(request, given, chosen, post) | context
    status = status or (problem.status if problem else 200)
    return render(request, "publishing/composer.html", context | more, status=status)


def _card(request: HttpRequest, given: Given, post: Post | None) -> dict | None:
    """The card that its link could have, and whether it is shown: as the form said, else as the post has it."""
    card = cards.offered(request.workspace, [[p.said for p in given.parts]], post)
    if card is None:
        return None
    if "cards" in request.POST:
        return card | {"shown": request.POST.get("card") == card["page"]}
    return card | {"shown": post is None or bool(post.card)}


def planned_wall(post: Post) -> str:
    """The wall time it is planned for, as a field for a time takes it; empty when nothing is planned."""
    first = post.deliveries.filter(state="intent").order_by("due_at").first()
    return first.wall[:16] if first else ""


def wall_of(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M}"


def _choices(form: ComposerForm) -> list[dict]:
    """Every connected channel: whether it is chosen, its rule, and how it is called where the network alone would
    not tell it from another."""
    chosen = {str(pk) for pk in form["channels"].value() or []}
    channels: list[Channel] = list(form.fields["channels"].queryset)
    titles = Counter(_network(channel) for channel in channels)
    return [
        {
            "channel": channel,
            "chosen": str(channel.pk) in chosen,
            "fit": Fit(channel),
            "called_network": _network(channel),
            "called": _network(channel) if titles[_network(channel)] == 1 else channel.name,
        }
        for channel in channels
    ]


def _network(channel: Channel) -> str:
    return TITLES.get(channel.network, channel.title) if channel.by_hand else channel.title


def _shown(request: HttpRequest, given: Given) -> tuple[list[dict], dict[str, list[dict]]]:
    """The common parts and each channel's own, with what is needed to show their images."""
    shown = iter(showing.shown(request.workspace, [_plain(part) for part in given.every()]))
    common = [next(shown) for _ in given.parts]
    return common, {channel: [next(shown) for _ in parts] for channel, parts in given.own.items()}


def _plain(part: GivenPart) -> dict:
    return {"key": part.key, **part.said}


def _meters(choices: list[dict], text: str, *, own: bool = False) -> list[dict]:
    """A part's meter on each channel that says it. A channel with parts of its own does not say the common ones."""
    return [
        choice | choice["fit"].meter(text) | {"shown": choice["chosen"] and (own or not choice.get("own"))}
        for choice in choices
    ]
