"""Samples of stakeholders, second half: consults, what departments read, questions to the expert."""

from __future__ import annotations

from datetime import date, timedelta

from quarterdeck.core import clock, ids
from quarterdeck.crew.models import Workspace
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Post
from quarterdeck.stakeholders import consulting
from quarterdeck.stakeholders.models import ConsultRule, ExpertQuestion, Reader, Window
from quarterdeck.stakeholders.verbs import consults, digests, experts
from quarterdeck.stakeholders.verbs.consults import Terms
from tests.samples.crew import _owner
from tests.samples.stakeholders import _department, _stakeholder


def _rule(workspace: Workspace) -> ConsultRule:
    """For a department with somebody in it, about every post that says so."""
    department = _stakeholder(workspace).department
    return consults.make_rule(_owner(workspace), terms=Terms(department, words=["clinically proven"]))


def _consulted(workspace: Workspace) -> Post:
    """A post that waits for a department, which was asked."""
    owner = _owner(workspace)
    _rule(workspace)
    text = "Our soup is clinically proven to warm."
    post = publishing.draft(owner, brand=workspace.brands.first(), text=text, channels=[])
    consults.ask_around(post)
    return post


def _let_go(workspace: Workspace) -> Post:
    post = _consulted(workspace)
    department = consulting.says_of(post)[0].department
    consults.let_go(
        post,
        by=_owner(workspace),
        department_id=department.pk,
        text_hash=post.text_hash,
        reason="They are away.",
    )
    return _consulted(workspace)


def _window(workspace: Workspace) -> Window:
    return digests.open_window(_department(workspace), by=_owner(workspace))


def _reader(workspace: Workspace) -> Reader:
    who, owner = _stakeholder(workspace), _owner(workspace)
    digests.plan_digest(owner, on=True, hour=8)
    digests.make_digest(who, week=date(2026, 3, 9), lines=1, by=owner)
    return Reader.objects.get(stakeholder=who)


def _question(workspace: Workspace) -> ExpertQuestion:
    window = _window(workspace)
    words = f"Should we be on Threads, round {ids.new().hex[-6:]}?"
    return experts.ask_expert(
        window.department, by=window.link, words=words, name="Dee", email="dee@sales.example"
    )


def _answered(workspace: Workspace) -> ExpertQuestion:
    asked = _question(workspace)
    until = clock.now().date() + timedelta(days=90)
    sources = ["https://example.org/threads"]
    experts.answer_question(asked, by=_owner(workspace), text="Not yet.", sources=sources, expires_on=until)
    experts.put_aside(_question(workspace), by=_owner(workspace), reason="It was answered elsewhere.")
    return asked


SIGNED_LINKS = {
    "stakeholders.window": _window,
    "stakeholders.digest": _reader,
}

SAMPLES = {
    "stakeholders-consult-change": lambda w: {"pk": _rule(w).pk},
    "stakeholders-consult-retire": lambda w: {"pk": _rule(w).pk},
    "stakeholders-consult-let-go": lambda w: {"pk": _let_go(w).pk},
    "stakeholders-window-open": lambda w: {"pk": _department(w).pk},
    "stakeholders-window-close": lambda w: {"pk": _window(w).pk},
    "stakeholders-digest-preview": lambda w: {"pk": _reader(w).stakeholder_id},
    **{f"stakeholders-reader-{act}": lambda w: {"pk": _stakeholder(w).pk} for act in ("zone", "end")},
    "stakeholders-question": lambda w: {"pk": _answered(w).pk},
    **{
        f"stakeholders-question-{act}": lambda w: {"pk": _question(w).pk}
        for act in ("answer", "aside", "take-up", "forget")
    },
}
