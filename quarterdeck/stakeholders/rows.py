"""What the verbs of stakeholders share: what a person wrote made fit to be kept, and weeks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from quarterdeck import live
from quarterdeck.core import clock
from quarterdeck.core.lines import NOT_KEPT
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.crew.models import Workspace
from quarterdeck.crew.rules import checked_email
from quarterdeck.stakeholders.models import Department, Request, Stakeholder

FURTHEST = timedelta(days=550)


def email(given: str, name: str = "email") -> str:
    """An address in small letters, or nothing."""
    if not given.strip():
        return ""
    try:
        return checked_email(given)
    except Invalid as wrong:
        raise Invalid(wrong.title, not_done=NOT_KEPT, fields={name: wrong.fields["email"]}) from None


def active(department: Department) -> Department:
    """Conflict for one that has ended."""
    if not department.is_active:
        raise Conflict(
            f"{department} is not active any more.",
            next_step="Take it up again on its page, or choose another department.",
        )
    return department


def known(stakeholder: Stakeholder) -> Stakeholder:
    """Conflict for somebody who was erased."""
    if stakeholder.erased_at is not None:
        raise Conflict(
            "Who this was has been erased.", next_step="What they asked for stays, under their department."
        )
    return stakeholder


# --- days and weeks -----------------------------------------------------------------------------------


def today(workspace: Workspace) -> date:
    """The day it is in the workspace's zone."""
    return clock.now().astimezone(workspace.zone).date()


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week(given: date | None, name: str, workspace: Workspace) -> date | None:
    """The Monday of a week that is not over yet and within a year and a half; None stays None."""
    if given is None:
        return None
    if monday(given) < monday(today(workspace)):
        raise Invalid(
            "That week is over.",
            not_done=NOT_KEPT,
            fields={name: "Please choose this week or a later one."},
        )
    return monday(_near(given, name, workspace))


def last_day(given: date | None, name: str, workspace: Workspace) -> date | None:
    """A day that is not over yet and within a year and a half; None stays None."""
    if given is not None and given < today(workspace):
        raise Invalid(
            "That day is over.", not_done=NOT_KEPT, fields={name: "Please choose today or a later day."}
        )
    return given if given is None else _near(given, name, workspace)


def _near(given: date, name: str, workspace: Workspace) -> date:
    if given > today(workspace) + FURTHEST:
        raise Invalid(
            "That is too far ahead.",
            not_done=NOT_KEPT,
            fields={name: "Please choose a day within the next eighteen months."},
        )
    return given


# --- change notices -----------------------------------------------------------------------------------


def topic(request: Request) -> tuple[str, str]:
    """What open pages with a request listen for."""
    return "stakeholders.request", str(request.pk)


def announce(request: Request, *more: Any) -> None:
    live.announce(request.workspace_id, [topic(request), *more])
