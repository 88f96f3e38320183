"""What the library offers to pages that join rooms: files by their words."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from quarterdeck.core import clock
from quarterdeck.core.registries import SearchHit
from quarterdeck.crew.models import Member
from quarterdeck.studio import library_reads
from quarterdeck.studio.library_reads import Wish


def search(who: Member, query: str, limit: int) -> Iterable[SearchHit]:
    """Files whose name, description, tags, source or rights hold every word."""
    wish = Wish(q=query.replace("\x00", "").strip()[:200])
    if not wish.q or not who.may("studio.file.view"):
        return
    today = clock.now().astimezone(who.workspace.zone).date()
    for file in library_reads.shelf(who.workspace, wish, today)[:limit]:
        url = reverse("studio-card", kwargs={"workspace": who.workspace.slug, "pk": file.pk})
        tags = ", ".join(file.about.tags) if file.about else ""
        yield SearchHit(file.title, "File", url, snippet=file.alt[:120] or tags, when=file.kept_at)
