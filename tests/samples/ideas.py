"""Samples of ideas."""

from __future__ import annotations

from quarterdeck.crew.models import Workspace
from quarterdeck.ideas import verbs as idea_verbs
from quarterdeck.ideas.models import Idea, State
from quarterdeck.ideas.rows import Found
from tests.samples.crew import _owner


def _idea(workspace: Workspace) -> Idea:
    found = Found(title="Nettle soup in forty seconds", link="https://harbour.example/soup", tags=["recipes"])
    return idea_verbs.keep(_owner(workspace), found)


def _moved_idea(workspace: Workspace) -> dict[str, object]:
    idea = _idea(workspace)
    return {"pk": idea.pk, "act": idea_verbs.move(idea, by=_owner(workspace), to=State.BRIEF)}


SAMPLES = {
    "ideas-move-back": _moved_idea,
    **{
        f"ideas-{verb}": lambda w: {"pk": _idea(w).pk}
        for verb in ("idea", "edit", "move", "aside", "take-back", "promote")
    },
}
