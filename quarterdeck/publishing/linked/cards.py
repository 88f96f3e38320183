"""The card of a post's link: chosen in the composer from what the page said, kept with the post, approved with it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from quarterdeck.crew.models import Workspace
from quarterdeck.publishing import lint
from quarterdeck.publishing.models import LinkedPage, Post


def chosen(workspace: Workspace, page: str, post: Post | None) -> dict | None:
    """The card as a post keeps it, of the page with this id in hexadecimal. One that the post has already stays as
    it was approved, whatever the page says by now."""
    if post is not None and post.card and post.card["page"] == page:
        return post.card
    try:
        found = LinkedPage.objects.select_related("image").filter(workspace=workspace, pk=UUID(page)).first()
    except ValueError:
        return None
    if found is None or not found.title:
        return None
    kept = {"page": page, "url": found.url, "title": found.title, "description": found.description[:300]}
    return kept | ({"file": found.image.pk.hex, "sha256": found.image.sha256} if found.image else {})


def offered(workspace: Workspace, texts: Iterable[Iterable[dict]], post: Post | None) -> dict | None:
    """The card that the parts of these texts could have: of the first link whose page said what it is. With its
    picture's address as `image_url`."""
    links = list(dict.fromkeys(u for parts in texts for part in parts for u in lint.links(part["text"])))
    if post is not None and post.card and post.card["url"] in links:
        return _with_image(workspace, post.card)
    pages = {page.url: page for page in LinkedPage.of(workspace.pk, links).exclude(title="")}
    found = next((pages[url] for url in links if url in pages), None)
    return _with_image(workspace, chosen(workspace, found.pk.hex, None)) if found else None


def _with_image(workspace: Workspace, card: dict | None) -> dict | None:
    if card is None:
        return None
    url = ""
    if card.get("file"):
        url = reverse("studio-file", kwargs={"workspace": workspace.slug, "pk": UUID(card["file"])})
    return card | {"image_url": url}
