"""Samples of stakeholders."""

from __future__ import annotations

from quarterdeck.core import ids
from quarterdeck.crew.models import Workspace
from quarterdeck.stakeholders import verbs
from quarterdeck.stakeholders.models import Department, Door, Interest, Request, RequestPost, Stakeholder
from quarterdeck.stakeholders.wishes import Wish
from tests.samples.crew import _owner


def _department(workspace: Workspace) -> Department:
    owner = _owner(workspace)
    made = verbs.add_department(
        owner, name=f"Sales {ids.new().hex[-12:]}", does="Sells what the kitchen makes."
    )
    verbs.note_interest(made, by=owner, about="topic", words="recipes")
    return made


def _door(workspace: Workspace) -> Door:
    return verbs.open_door(_department(workspace), by=_owner(workspace))


def _stakeholder(workspace: Workspace) -> Stakeholder:
    owner, address = _owner(workspace), f"dee-{ids.new().hex}@sales.example"
    made = verbs.add_stakeholder(_department(workspace), by=owner, name="Dee", address=address)
    verbs.note_question(made, by=owner, about="stakeholders.department", about_id=made.department_id)
    return made


def _interest(workspace: Workspace) -> Interest:
    return verbs.note_interest(_stakeholder(workspace), by=_owner(workspace), about="market", words="Denmark")


def _request(workspace: Workspace) -> Request:
    """Asked by a department's link."""
    door = _door(workspace)
    wish = Wish(kind="launch", what="Nettle soup comes back", why="So that people book a table.", name="Dee")
    return verbs.ask_by_link(door.department, door=door.link, wish=wish)


def _accepted(workspace: Workspace) -> Request:
    """With a draft and an idea made of it."""
    owner, asked = _owner(workspace), _request(workspace)
    verbs.set_answer_time(owner, kind="launch", hours_=24)
    verbs.accept(asked, by=owner, reason="Gladly.", into="draft")
    verbs.make_idea(asked, by=owner)
    return asked


def _joined(workspace: Workspace) -> RequestPost:
    return _accepted(workspace).posts.get()


SIGNED_LINKS = {
    "stakeholders.department": lambda w: _department(w).pk,
    "stakeholders.request": lambda w: _request(w).pk,
}

SAMPLES = {
    "stakeholders-request": lambda w: {"pk": _accepted(w).pk},
    **{
        f"stakeholders-request-{act}": lambda w: {"pk": _request(w).pk}
        for act in ("accept", "propose", "decline", "order", "forget")
    },
    **{f"stakeholders-request-{act}": lambda w: {"pk": _accepted(w).pk} for act in ("draft", "idea", "join")},
    "stakeholders-request-part": lambda w: {"pk": _joined(w).pk},
    "stakeholders-department": lambda w: {"pk": _department(w).pk},
    **{
        f"stakeholders-{act}": lambda w: {"pk": _department(w).pk}
        for act in (
            *("department-change", "department-end", "department-restore", "department-mail"),
            *("door-new", "stakeholder-new", "interest-new"),
        )
    },
    "stakeholders-door-revoke": lambda w: {"pk": _door(w).pk},
    "stakeholders-stakeholder": lambda w: {"pk": _stakeholder(w).pk},
    **{
        f"stakeholders-stakeholder-{act}": lambda w: {"pk": _stakeholder(w).pk}
        for act in ("change", "end", "restore", "erase", "interest")
    },
    "stakeholders-interest-end": lambda w: {"pk": _interest(w).pk},
}
