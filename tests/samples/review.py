"""Samples of review."""

from __future__ import annotations

from quarterdeck.crew.models import Workspace
from quarterdeck.review import verbs as review_verbs
from quarterdeck.review.models import Comment, Guest
from tests.samples.crew import _owner
from tests.samples.publishing import _post


def _guest(workspace: Workspace) -> Guest:
    return review_verbs.invite(_post(workspace), by=_owner(workspace), name="Dee").guest


def _comment(workspace: Workspace) -> Comment:
    return review_verbs.comment(_post(workspace), by=_owner(workspace), text="Warmer, please.")


SIGNED_LINKS = {"review.post": lambda w: _guest(w).pk}

SAMPLES = {
    **{f"review-{page}": lambda w: {"pk": _post(w).pk} for page in ("comments", "comment-write", "versions")},
    "review-guests": lambda w: {"pk": _guest(w).post_id},
    "review-guest-revoke": lambda w: {"pk": _guest(w).pk},
    **{
        f"review-comment-{act}": lambda w: {"pk": _comment(w).pk}
        for act in ("reply", "resolve", "reopen", "take", "decline")
    },
}
