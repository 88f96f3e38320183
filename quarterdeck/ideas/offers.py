"""What ideas offers to pages of other rooms: search hits, a quick way into the palette, where a post came from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import reverse

from quarterdeck.core.registries import SearchHit
from quarterdeck.crew.models import Member
from quarterdeck.ideas import reads
from quarterdeck.publishing.models import Post

_NEW = re.compile(r"^(?:new )?idea:? +(\S.*)$", re.I)


def search(who: Member, query: str, limit: int) -> Iterable[SearchHit]:
    """Ideas that hold the words. “idea” and more words offers to keep those words as a new one."""
    if not who.may("ideas.idea.view"):
        return
    typed = _NEW.match(query.strip())
    if typed and who.may("ideas.idea.keep"):
        words = typed[1].strip()
        new = reverse("ideas-new", kwargs={"workspace": who.workspace.slug})
        yield SearchHit(f"Keep “{words[:60]}” as an idea", "New idea", f"{new}?{urlencode({'title': words})}")
        limit -= 1
    for idea in reads.find(who.workspace, query, limit):
        url = reverse("ideas-idea", kwargs={"workspace": who.workspace.slug, "pk": idea.pk})
        kind = "Idea, put aside" if idea.aside_at else idea.get_kind_display()
        yield SearchHit(idea.title, kind, url, snippet=idea.why or idea.words, when=idea.changed_at)


def on_a_post(post: Post, who: Member) -> dict | None:
    """For the post's page: the idea it came from. Nothing for a post that came from none."""
    idea = reads.origin_of(post) if who.may("ideas.idea.view") else None
    return {"idea": idea} if idea else None
