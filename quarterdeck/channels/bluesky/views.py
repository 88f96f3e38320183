"""The one page that Bluesky's servers read here: who we are when we ask them for a sign-in."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from quarterdeck.channels.bluesky import client
from quarterdeck.core.problems import NotFound
from quarterdeck.crew.access import public


@public("Servers read here who Quarterdeck is as a client: its public address and its public key.")
@require_safe
def client_metadata(request: HttpRequest) -> JsonResponse:
    found = client.document()
    if found is None:
        raise NotFound(
            "This installation has no public https address, so it has no name to sign in with at Bluesky.",
            next_step="Its owner sets one under Settings, Public address.",
        )
    answer = JsonResponse(found)
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer
