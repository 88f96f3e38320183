"""Where a short link of a post leads, for anybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from quarterdeck.core.problems import NotFound
from quarterdeck.crew.access import public
from quarterdeck.publishing.models import ShortLink


@public(
    "people everywhere follow the links of posts; it leads only where a saved post of a workspace links to"
)
@require_safe
def follow(request: HttpRequest, code: str) -> HttpResponse:
    """On to the address. Nothing is written, and nobody is counted."""
    found = ShortLink.objects.filter(code=code[:16].lower()).first()
    if found is None:
        raise NotFound("This short link leads nowhere.", next_step="It may have been copied without its end.")
    return HttpResponseRedirect(found.url)
