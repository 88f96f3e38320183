"""What the verbs of lessons share: what a person wrote made fit to be kept."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from quarterdeck.core import clock
from quarterdeck.core.lines import NOT_KEPT, is_line
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.crew.models import Member, Workspace

LONGEST_PLAN = timedelta(days=730)


class Stale(Conflict):
    """It was saved somewhere else in between; the second keeps what they wrote in their page."""

    code = "stale-review"


def link(given: str, name: str, most: int) -> str:
    """An address that a browser opens, or nothing. Never one that could run here (javascript:, data:)."""
    wish = given.strip()
    if not wish:
        return ""
    try:
        parts = urlsplit(wish)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable or len(wish) > most or not is_line(wish) or " " in wish:
        raise Invalid(
            "That link cannot be opened.",
            not_done=NOT_KEPT,
            fields={name: "Please give an address that begins with https:// or http://, or leave it empty."},
        )
    return wish


def today(workspace: Workspace) -> date:
    """The day it is in the workspace's zone."""
    return clock.now().astimezone(workspace.zone).date()


def day(given: date, name: str, workspace: Workspace) -> date:
    """A day that something can be promised for: today, or within two years."""
    now = today(workspace)
    if not now <= given <= now + LONGEST_PLAN:
        raise Invalid(
            "That day cannot be promised.",
            not_done=NOT_KEPT,
            fields={name: "Please choose today or a day within the next two years."},
        )
    return given


def inside(member: Member, workspace_id: UUID, name: str, permission: str) -> Member:
    """A present member of the workspace whose role carries the permission; Invalid for anybody else."""
    if member.workspace_id != workspace_id or member.left_at is not None:
        raise Invalid(
            "That person is not in this workspace.",
            not_done=NOT_KEPT,
            fields={name: "Please choose somebody who is here."},
        )
    if not member.may(permission):
        raise Invalid(
            f"{member} cannot do that with the role they have here.",
            not_done=NOT_KEPT,
            fields={name: "Please choose somebody else."},
        )
    return member
