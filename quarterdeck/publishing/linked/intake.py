"""Which pages are to be looked at, and what was found there. No acts: the same again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db.models import Q

from quarterdeck.core import clock
from quarterdeck.core.verbs import intake
from quarterdeck.crew.models import Workspace
from quarterdeck.publishing.jobs import look
from quarterdeck.publishing.linked.looking import Found
from quarterdeck.publishing.models import LinkedPage
from quarterdeck.publishing.models.linked import URL_LENGTH
from quarterdeck.studio.models import File

FRESH = timedelta(days=1)
AGAIN = timedelta(minutes=2)  # somebody was sent to look and has not come back
MOST_URLS = 10  # of one draft
MOST_A_DAY = 500  # new pages of a workspace


@intake
def want(workspace: Workspace, urls: Sequence[str]) -> None:
    """Have the worker look at those of the pages that were not looked at for a day. Never waits for them."""
    urls = [url for url in urls if len(url) <= URL_LENGTH][:MOST_URLS]
    now = clock.now()
    fresh = LinkedPage.of(workspace.pk, urls).filter(
        Q(looked_at__gte=now - FRESH) | Q(looked_at__isnull=True, asked_at__gte=now - AGAIN)
    )
    known = set(fresh.values_list("url", flat=True))
    today = LinkedPage.objects.filter(workspace=workspace, asked_at__gte=now - timedelta(days=1)).count()
    for url in _room([url for url in urls if url not in known], MOST_A_DAY - today):
        page, _ = LinkedPage.objects.update_or_create(
            workspace=workspace, url_hash=LinkedPage.hash_of(url), defaults={"url": url, "asked_at": now}
        )
        look.configure(lock=f"publishing.linked:{page.pk}").defer(page_id=str(page.pk))


def _room(urls: Sequence[str], room: int) -> Iterable[str]:
    return urls[: max(0, room)]


@intake
def keep(page: LinkedPage, found: Found, image: File | None) -> None:
    """What looking showed."""
    page.looked_at, page.status, page.failure = clock.now(), found.status, found.failure
    page.title, page.description, page.image = found.title, found.description, image
    page.save()
