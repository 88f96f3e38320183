"""What somebody asks for, as it came: checked before it becomes a request, and held against what is open already."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from uuid import UUID

from quarterdeck.core import ids
from quarterdeck.core.lines import NOT_KEPT, kept, kept_line, needed
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.crew.models import Brand, Workspace
from quarterdeck.shell.templatetags.shell import moment
from quarterdeck.stakeholders import rows
from quarterdeck.stakeholders.models import OPEN, Department, Request
from quarterdeck.stakeholders.models.requests import (
    ASKER_LENGTH,
    ASSETS_LENGTH,
    AUDIENCE_LENGTH,
    OTHERWISE_LENGTH,
    WHAT_LENGTH,
    WHY_LENGTH,
    Kind,
    Need,
)

ALIKE = 0.82  # of two requests of one department, word by word
MOST_COMPARED = 100


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. `preferred_week` may be any day of the week. `pk` is chosen by the form, so that the same
    form sent twice asks once."""

    kind: str
    what: str
    why: str = ""
    audience: str = ""
    need: str = Need.GOOD
    preferred_week: date | None = None
    latest: date | None = None
    assets: str = ""
    otherwise: str = ""
    brand: Brand | None = None
    name: str = ""
    address: str = ""
    pk: UUID = field(default_factory=ids.new)


class LooksLike(Conflict):
    """Something very like it is open already; who asks may say that they mean it all the same."""

    code = "looks-like"


def checked(wish: Wish, workspace: Workspace) -> dict:
    """The columns of a request that the wish fills. Raises Invalid with its fields, in words."""
    if wish.kind not in Kind.values or wish.need not in Need.values:
        raise Invalid("The form was not complete.", not_done=NOT_KEPT, next_step="Open the link again.")
    columns = {
        "kind": wish.kind,
        "need": wish.need,
        "what": needed(wish.what, "what", WHAT_LENGTH, "Please say in a sentence what you need."),
        "why": needed(wish.why, "why", WHY_LENGTH, "Please say what it is for.", several=True),
        "audience": kept_line(wish.audience, "audience", AUDIENCE_LENGTH),
        "assets": kept(wish.assets, "assets", ASSETS_LENGTH),
        "otherwise": kept(wish.otherwise, "otherwise", OTHERWISE_LENGTH),
        "preferred_week": rows.week(wish.preferred_week, "preferred_week", workspace),
        "latest": rows.last_day(wish.latest, "latest", workspace),
        "brand": wish.brand,
    }
    if wish.brand is not None and wish.brand.workspace_id != workspace.pk:
        raise Invalid("There is no such brand here.", not_done=NOT_KEPT)
    week, latest = columns["preferred_week"], columns["latest"]
    if week is not None and latest is not None and latest < week:
        raise Invalid(
            "The latest day comes before the week you would like.",
            not_done=NOT_KEPT,
            fields={"latest": f"Please choose a day from {moment(week)} on, or an earlier week."},
        )
    return columns


def asker(wish: Wish) -> dict[str, str]:
    """Who asks, as they said it: {"name", "email"}, either may be empty."""
    return {"name": kept_line(wish.name, "name", ASKER_LENGTH), "email": rows.email(wish.address)}


def check_new(department: Department, what: str) -> None:
    """Raise LooksLike when the department has something very like it open. Says when, and none of its words."""
    there = Request.objects.filter(department=department, state__in=OPEN).order_by("-asked_at")
    for one in there.only("what", "asked_at", "state", "workspace")[:MOST_COMPARED]:
        if alike(one.what, what) >= ALIKE:
            asked = moment(one.asked_at.astimezone(department.workspace.zone).date())
            raise LooksLike(
                f"This looks like something {department} asked for on {asked}, which {_stands(one)}.",
                not_done="It was not sent yet; what you wrote is still in the page.",
                next_step="If you mean something else, ask anyway.",
            )


def _stands(one: Request) -> str:
    return "was accepted" if one.state == Request.State.ACCEPTED else one.get_state_display()


def alike(one: str, other: str) -> float:
    """How like two lines are, 0 to 1, whatever the order of their words."""
    return SequenceMatcher(None, _words(one), _words(other), autojunk=False).ratio()


def _words(line: str) -> str:
    return " ".join(sorted(re.findall(r"\w+", line.casefold())))
