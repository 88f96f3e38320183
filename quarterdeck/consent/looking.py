"""Looking at the plan of a workspace and noting what is new: after plans or requests change, and every night."""

from __future__ import annotations

from quarterdeck.consent.models import Conflict
from quarterdeck.consent.verbs import finding
from quarterdeck.core import problems
from quarterdeck.crew.models import Workspace
from quarterdeck.ledger.reactions import Reacted

# After these a plan, or what speaks against it, may be another.
KINDS = (
    "publishing.post.scheduled",
    "publishing.post.rescheduled",
    "publishing.post.cancelled",
    "publishing.post.undone",
    "publishing.post.labelled",
    "publishing.post.edited",
    "publishing.post.discarded",
    "publishing.post.restored",
    "planning.span.",
    "planning.rules.",
    "stakeholders.request",
    "consent.rules.",
    "consent.against.",
)


def look(workspace: Workspace) -> list[Conflict]:
    """Find the conflicts of the plan as it stands and keep what is new; the rows that changed. Doing it twice notes
    nothing twice."""
    try:
        return finding.look(workspace)
    except problems.Conflict:  # nothing is new
        return []


def follow(event: Reacted) -> None:
    """After an event that may have changed the plan: have the worker look, once for however many came together."""
    from quarterdeck.consent.jobs import look_soon

    look_soon(event.workspace_id)
