"""The weekly digest: put together for one stakeholder from what rooms offer, and sent at its hour of Monday. Nothing to
say is no mail; the link at its end ends it at once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from quarterdeck.core import clock, registries
from quarterdeck.core.problems import Conflict
from quarterdeck.core.registries import DigestFor, DigestLine
from quarterdeck.crew import links, mail
from quarterdeck.crew.models.links import SignedLink
from quarterdeck.stakeholders import intake, rows
from quarterdeck.stakeholders.models import Digest, DigestPlan, Heard, Reader, Stakeholder
from quarterdeck.stakeholders.verbs import digests

log = logging.getLogger(__name__)

PARTS = {
    "asked": "Asked",
    "decided": "Decided",
    "published": "Out",
    "results": "How it went",
    "next": "Next",
}
MOST_LINES = 60
LATE = timedelta(hours=12)  # after that a Monday's mail is not sent any more


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    lines: list[DigestLine]


def zone_of(stakeholder: Stakeholder, reader: Reader | None) -> ZoneInfo:
    """Where their Monday is."""
    return ZoneInfo(reader.zone) if reader is not None and reader.zone else stakeholder.workspace.zone


def put_together(stakeholder: Stakeholder, until: datetime) -> list[Part]:
    """The week before `until`, part by part; empty where there is nothing to say."""
    since = until - timedelta(days=7)
    wanted = DigestFor(stakeholder.workspace, stakeholder.department, stakeholder, since, until)
    found = [one for _, ask in registries.digest_lines for one in ask(wanted)][: MOST_LINES * 4]
    parts = [
        Part(title, sorted((one for one in found if one.part == key), key=lambda one: one.when)[:MOST_LINES])
        for key, title in PARTS.items()
    ]
    return [part for part in parts if part.lines]


# --- sending ------------------------------------------------------------------------------------------


def send_due() -> int:
    """Send every digest whose hour has come; how many were mailed."""
    if mail.server() is None:
        return 0
    now, sent = clock.now(), 0
    for plan in DigestPlan.objects.filter(on=True, workspace__is_demo=False).select_related(
        "workspace", "set_by__user"
    ):
        for stakeholder, reader in _readers(plan):
            week = _due_week(zone_of(stakeholder, reader), plan.hour, now)
            if week is not None and not stakeholder.digests.filter(week=week).exists():
                sent += _send(plan, stakeholder, week, now)
    return sent


def _readers(plan: DigestPlan) -> Iterable[tuple[Stakeholder, Reader | None]]:
    """Those who hear by mail and did not end it."""
    found = Stakeholder.objects.filter(
        workspace=plan.workspace, heard=Heard.MAIL, ended_at__isnull=True, erased_at__isnull=True
    ).filter(Q(reader__isnull=True) | Q(reader__ended_at__isnull=True), department__ended_at__isnull=True)
    for one in found.select_related("workspace", "department", "reader").order_by("made_at", "pk"):
        if one.email:
            yield one, getattr(one, "reader", None)


def _due_week(zone: ZoneInfo, hour: int, now: datetime) -> date | None:
    """The Monday whose digest is due now; None before its hour and after half a day."""
    local = now.astimezone(zone)
    week = rows.monday(local.date())
    at = datetime.combine(week, time(hour), tzinfo=zone)
    return week if at <= now < at + LATE else None


def _send(plan: DigestPlan, stakeholder: Stakeholder, week: date, now: datetime) -> int:
    parts = put_together(stakeholder, now)
    if not parts:
        return 0
    try:
        digest = digests.make_digest(
            stakeholder, week=week, lines=sum(len(one.lines) for one in parts), by=plan.set_by
        )
    except Conflict:  # another worker was first
        return 0
    problem = ""
    try:
        deliver(digest, parts)
    except mail.MailProblem as wrong:
        problem = str(wrong)
        log.warning("a digest was not taken: %s", problem)
    intake.note_digest_mailed(digest, problem)
    return 0 if problem else 1


def deliver(digest: Digest, parts: list[Part]) -> None:
    """Mail one digest. With RFC 8058: the header names an address that ends it by a single POST."""
    who = digest.stakeholder
    reader = Reader.objects.get(stakeholder=who)
    ends = links.absolute(reverse("stakeholders-unsubscribe", kwargs={"token": reader.token}))
    headers = {"List-Unsubscribe": f"<{ends}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    context = {"parts": parts, "department": who.department, "workspace": who.workspace, "ends": ends}
    text = as_text(parts, f"{who.department} at {who.workspace}", ends)
    html = render_to_string("stakeholders/digest_mail.html", context)
    mail.send(who.email, subject(who, digest.week), text, html=html, headers=headers)


def subject(stakeholder: Stakeholder, week: date) -> str:
    return f"{stakeholder.department}: your week with {stakeholder.workspace}, {week.day} {week:%B}"


def as_text(parts: list[Part], whose: str, ends: str) -> str:
    """The digest as plain text."""
    said = [f"The week of {whose}, in a few lines."]
    for part in parts:
        told = [f"– {one.words}" + (f"\n  {one.url}" if one.url else "") for one in part.lines]
        said.append("\n".join([part.title, *told]))
    said.append(f"This comes once a week, and only when there is something to say. To end it:\n{ends}")
    return "\n\n".join(said)


def reader_of(link: SignedLink) -> Reader | None:
    """Whose weekly mail a link ends."""
    found = Reader.objects.filter(link=link).select_related("stakeholder__department", "workspace")
    return found.first()
