"""The worker's look at one page. Idempotent: a second look finds the same, or what the page says by then."""

from __future__ import annotations

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from quarterdeck.core.claims import return_connections
from quarterdeck.core.problems import Invalid
from quarterdeck.publishing.linked import looking
from quarterdeck.publishing.models import LinkedPage
from quarterdeck.studio import intake as studio
from quarterdeck.studio.models import File


@app.task(
    name="publishing.look_at_link",
    queue="publishing",
    pass_context=False,
    retry=RetryStrategy(max_attempts=3, linear_wait=60),
)
def look(page_id: str) -> None:
    """Open the page and keep what it says of itself."""
    from quarterdeck.publishing.linked import intake

    try:
        page = LinkedPage.objects.select_related("workspace").filter(pk=UUID(page_id)).first()
        if page is not None:
            found = looking.look(page.url)
            intake.keep(page, found, _picture(page, found))
    finally:
        return_connections()


def _picture(page: LinkedPage, found: looking.Found) -> File | None:
    data = looking.thumbnail(found.image) if found.image else None
    try:
        return studio.keep(page.workspace, data, "link.jpg") if data else None
    except Invalid:  # no picture that is taken: the card goes without
        return None
