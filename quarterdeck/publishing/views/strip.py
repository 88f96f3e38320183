"""The approval strip of a post's page: what each step of its policy has and wants, in words."""

from __future__ import annotations

from quarterdeck.crew.models import Member
from quarterdeck.crew.naming import by_role, starting, together
from quarterdeck.publishing import carrying, clearing, differences, reads
from quarterdeck.publishing.differences import Piece
from quarterdeck.publishing.models import Approval, Post
from quarterdeck.publishing.policies import ANYBODY, Progress, StepState

Step = dict[str, str]


def steps(post: Post, stands: Progress | None, viewer: Member) -> list[Step]:
    """The part of the strip that tells of approvals. `stands` is None for a text that is approved."""
    if stands is None:
        return _approved(post, viewer)
    if stands.rules.steps == (ANYBODY,):
        return [_anybody(post, stands, viewer)]
    return [step for state in stands.steps for step in _of(state)]


def _approved(post: Post, viewer: Member) -> list[Step]:
    stood = clearing.clearance(post)
    text_hash = clearing.origin(stood).text_hash if stood else post.text_hash
    given = Approval.objects.filter(post=post, text_hash=text_hash, withdrawn_at__isnull=True)
    told = []
    for one in given.select_related("approved_by__user").order_by("approved_at"):
        said = "approved it, alone in this workspace" if one.alone else "approved it"
        told.append({"who": starting(by_role(one.approved_by, viewer)), "state": said, "tone": ""})
    if not told and stood is not None and stood.given_id is None and clearing.rules_for(post).unwritten:
        return [
            {
                "who": "Nobody",
                "state": "had to approve the changed words again: so little was changed",
                "tone": "plain",
            }
        ]
    return told or [{"who": "Everybody who has to", "state": "approved it", "tone": ""}]


def _anybody(post: Post, stands: Progress, viewer: Member) -> Step:
    """Where no policy says otherwise: somebody has to."""
    if stands.blocked:
        return {"who": "Nobody here", "state": "may approve it besides its author", "tone": "amber"}
    if post.is_asked and reads.is_alone(viewer):
        return {"who": "Nobody else", "state": "is here to approve it", "tone": "amber"}
    if post.is_asked:
        return {"who": "A colleague", "state": "is asked to approve", "tone": "amber"}
    return {"who": "Nobody", "state": "has approved this text yet", "tone": "plain"}


def _of(state: StepState) -> list[Step]:
    if state.step.outside:
        return _outside(state)
    name = f"{state.step.name}: " if state.step.name else ""
    if state.state == "done":
        return [{"who": starting(name + together(state.by)), "state": "approved it", "tone": ""}]
    joint = " or " if state.step.how == "any" else " and "
    waits = "comes after that" if state.state == "waits" else "has to approve"
    who = "A colleague" if state.step == ANYBODY else name + joint.join(state.missing)
    told = [
        {
            "who": who,
            "state": waits,
            "tone": "amber" if waits[0] == "h" else "plain",
        }
    ]
    if state.by:
        told[0]["state"] += f"; {together(state.by)} did"
    return told + [{"who": "Note:", "state": words, "tone": "coral"} for words in state.trouble]


def _outside(state: StepState) -> list[Step]:
    """What another room requires: who, and why."""
    step = state.step
    if state.state == "done":
        return [{"who": step.name, "state": "was asked and approved it", "tone": ""}]
    state_words = f"has to approve{' before anybody else' if step.first else ''}: {step.why}"
    told = [{"who": step.name, "state": state_words, "tone": "amber"}]
    return told + [{"who": "Note:", "state": words, "tone": "coral"} for words in state.trouble]


def kept(post: Post) -> list[list[Piece]] | None:
    """What a small edit changed after the approval, part by part; None where nothing was."""
    stood = clearing.clearance(post)
    if stood is None or stood.carried_from_id is None or (read := carrying.read_by_people(stood)) is None:
        return None
    return differences.by_parts(read.parts, post.parts)
