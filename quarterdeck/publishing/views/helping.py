"""What the buttons inside the composer do where no script answers them: parts are rearranged, the library opens in a
part, the next free time is filled in. The form comes back with everything that stood in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.views.decorators.http import require_safe

from quarterdeck.channels import reads as channel_reads
from quarterdeck.channels.models import Channel
from quarterdeck.core import registries
from quarterdeck.core.problems import Invalid, NotFound
from quarterdeck.core.registries import FreeSlot
from quarterdeck.crew.access import page
from quarterdeck.publishing import forms_parts
from quarterdeck.publishing.forms import ComposerForm
from quarterdeck.publishing.forms_parts import Given
from quarterdeck.publishing.models import MOST_IMAGES, Post
from quarterdeck.studio import reads as studio
from quarterdeck.studio.views import library


def wished(request: HttpRequest) -> str:
    """The button that was pressed. Enter in the library's search comes without one: it is not to save the post."""
    looked = request.POST.get("q", "") != request.POST.get("looked", "")
    return request.POST.get("do", "") or (f"choose:{request.POST.get('looking', '')}" if looked else "")


def done(request: HttpRequest, form: ComposerForm, given: Given, wish: str) -> tuple[Given, dict]:
    """What is given after the button `wish` was pressed, and what the page shows beside it."""
    what, _, about = wish.partition(":")
    if what == "choose":
        return given, _opened(request, form, given, about)
    if what == "take":
        key, _, file = about.partition(":")
        return given, _taken(request, form, given, key, file)
    if what == "slot":
        return given, _timed(request, form)
    return forms_parts.rearranged(given, wish), {}


@page("publishing.post.schedule")
@require_safe
def slot(request: HttpRequest) -> HttpResponse:
    """The next free time for `post` (a new one without) on the `channel`s, which another room knows: JSON of `wall`
    (empty where none is free), `zone` and `words`. Nothing is planned by it."""
    given = _uuids(request.GET.getlist("channel"))
    channels = list(channel_reads.connected(request.workspace).filter(pk__in=given))
    offer = _free(request, channels, request.GET.getlist("post"))
    response = JsonResponse(asdict(offer))
    response["Cache-Control"] = "no-store"
    return response


def _free(request: HttpRequest, channels: list[Channel], about: Sequence[str]) -> FreeSlot:
    post = Post.objects.filter(workspace=request.workspace, pk__in=_uuids(about)).first()
    for _, find in registries.slots:
        return find(request.member, channels, post)
    raise NotFound("There are no slots here.", next_step="Please choose a time yourself.")


def _timed(request: HttpRequest, form: ComposerForm) -> dict:
    """The time in the form is the next free one, or stays where none is."""
    if not request.member.may("publishing.post.schedule"):
        return {}
    chosen = set(form["channels"].value() or [])
    channels = [c for c in form.fields["channels"].queryset if str(c.pk) in chosen]
    offer = _free(request, channels, request.POST.getlist("post"))
    if offer.wall:
        form.data = form.data.copy()
        form.data["when"] = offer.wall
    return {"slot_words": offer.words}


def _uuids(given: Sequence[str]) -> list[UUID]:
    """Those of these words that are ids."""
    found = []
    for one in given[:100]:
        with suppress(ValueError):
            found.append(UUID(one))
    return found


def _opened(request: HttpRequest, form: ComposerForm, given: Given, key: str) -> dict:
    """The library, open in the part `key`."""
    asked = QueryDict(mutable=True)
    asked["q"] = request.POST.get("q", "")
    asked.setlist("on", _networks(form, given, key))
    return {"choosing": key, "library": library.to_choose(request, asked)}


def _taken(request: HttpRequest, form: ComposerForm, given: Given, key: str, file: str) -> dict:
    """Add a file of the library to the part `key`, with the description it is kept with; nothing that is barred."""
    part = next((part for part in given.every() if part.key == key), None)
    try:
        found = studio.file(request.workspace, UUID(file))
    except ValueError:
        return {}
    today = library.today(request)
    against = studio.concerns(request.workspace.pk, [found.pk], today, networks=_networks(form, given, key))
    if part is None or found.pk.hex in {image["file"] for image in part.images}:
        return {}
    if against or len(part.images) >= MOST_IMAGES:
        why = against.get(found.pk.hex) or [f"A part has at most {MOST_IMAGES} images."]
        return {"problem": Invalid(" ".join(why), not_done="The picture was not added.")}
    part.images.append(
        {"file": found.pk.hex, "alt": found.alt or (found.cut_from.alt if found.cut_from else "")}
    )
    return {}


def _networks(form: ComposerForm, given: Given, key: str) -> list[str]:
    """The networks that say the part: its own channel's, or those of the chosen ones that say the common text."""
    scope, dot, _ = key.partition(".")
    channels: list[Channel] = list(form.fields["channels"].queryset)
    if dot:
        return [channel.network for channel in channels if channel.pk.hex == scope]
    chosen = set(form["channels"].value() or [])
    return [c.network for c in channels if str(c.pk) in chosen and c.pk.hex not in given.own]
