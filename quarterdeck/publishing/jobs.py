"""Publishing's background work that carries no guarantee: reminders of approvals that are missing, and looks at linked
pages. Idempotent: what was told is kept; a second look finds the same, or what the page says by then.
"""

from __future__ import annotations

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from quarterdeck.core.claims import return_connections
from quarterdeck.core.loops import returning_connections
from quarterdeck.core.problems import Invalid
from quarterdeck.publishing import reminding
from quarterdeck.publishing.linked import looking
from quarterdeck.publishing.models import LinkedPage
from quarterdeck.studio import intake as studio
from quarterdeck.studio.models import File


@app.periodic(cron="*/5 * * * *")
@app.task(name="publishing.remind_approvers", queueing_lock="publishing.remind_approvers")
def remind_approvers(timestamp: int) -> None:
    """Give the reminders whose hour has come; idempotent: what was told is kept."""
    with returning_connections():
        reminding.remind()


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
