"""Samples of lessons."""

from __future__ import annotations

from datetime import timedelta

from quarterdeck.core import clock
from quarterdeck.crew.models import Workspace
from quarterdeck.crew.permissions import Role
from quarterdeck.lessons import verbs as lesson_verbs
from quarterdeck.lessons.models import Cause, Commitment, Credit, Note, Review
from quarterdeck.lessons.verbs.credit import Given
from tests import make
from tests.samples.crew import _owner
from tests.samples.publishing import _post


def _review(workspace: Workspace) -> Review:
    post = _post(workspace)
    return lesson_verbs.open_review(_owner(workspace), about=post.ledger_name, about_id=post.pk)


def _note(workspace: Workspace) -> Note:
    return lesson_verbs.note(_review(workspace), by=_owner(workspace), text="The link was in two places.")


def _commitment(workspace: Workspace) -> Commitment:
    owner, day = _owner(workspace), clock.now().date() + timedelta(days=7)
    made = lesson_verbs.commit(
        _review(workspace), by=owner, what="One source for opening hours", due=day, owner=owner
    )
    lesson_verbs.move(made, by=owner, to=day + timedelta(days=7), reason="The kitchen is closed.")
    return made


def _cause(workspace: Workspace) -> Cause:
    name = f"The kitchen printer {Cause.objects.filter(workspace=workspace).count() + 1}"
    return lesson_verbs.add_cause(_owner(workspace), name=name)


def _credit(workspace: Workspace) -> Credit:
    """Somebody else says that the owner helped, with a review that the owner confirmed already and with a post."""
    post, giver = _post(workspace), make.member(Role.AUTHOR, of=workspace, name="Bo")
    about = {"about": post.ledger_name, "about_id": post.pk}
    sure = lesson_verbs.give(giver, **about, member=_owner(workspace), helped_with="The picture").credit
    lesson_verbs.confirm(sure, by=_owner(workspace))
    moment = sure.ledger_event_id
    return lesson_verbs.give(
        giver, **about, moment=moment, member=_owner(workspace), helped_with="The words"
    ).credit


def _outside(workspace: Workspace) -> Given:
    post = _post(workspace)
    about = {"about": post.ledger_name, "about_id": post.pk}
    return lesson_verbs.give(_owner(workspace), **about, name="Dee", helped_with="The recipe")


SIGNED_LINKS = {"lessons.credit": lambda w: _outside(w).credit.pk}

SAMPLES = {
    "lessons-note-withdraw": lambda w: {"pk": _note(w).pk},
    "lessons-cause-end": lambda w: {"value": _cause(w).pk.hex},
    "lessons-cause-restore": lambda w: {"value": _cause(w).pk.hex},
    "lessons-review": lambda w: {"pk": _review(w).pk},
    "lessons-commit": lambda w: {"pk": _review(w).pk},
    **{
        f"lessons-review-{act}": lambda w: {"pk": _review(w).pk}
        for act in ("write", "close", "hints", "reopen", "note")
    },
    "lessons-commitment": lambda w: {"pk": _commitment(w).pk},
    **{
        f"lessons-commitment-{act}": lambda w: {"pk": _commitment(w).pk}
        for act in ("take", "pass", "offer", "move", "claim", "verify", "back", "not-kept", "drop")
    },
    **{
        f"lessons-credit-{act}": lambda w: {"pk": _credit(w).pk} for act in ("confirm", "decline", "withdraw")
    },
}
