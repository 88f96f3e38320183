"""The weekly digest: put together for one stakeholder from what rooms offer, and sent at its hour of Monday. Nothing to
say is no mail; the link at its end ends it at once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
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
SETTLES = timedelta(minutes=30)  # in which it is known what came of a mail


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    lines: list[DigestLine]


def zone_of(stakeholder: Stakeholder, reader: Reader | None) -> ZoneInfo:
    """Where their Monday is."""
    return ZoneInfo(reader.zone) if reader is not None and reader.zone else stakeholder.workspace.zone


def put_together(stakeholder: Stakeholder, until: datetime) -> list[Part]:
    """The week before `until`, part by part; empty where there is nothing to say. It begins at the same time of day."""
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
            monday = _due(zone_of(stakeholder, reader), plan.hour, now)
            if monday is not None:
                sent += _send(plan, stakeholder, monday)
    return sent


def _readers(plan: DigestPlan) -> Iterable[tuple[Stakeholder, Reader | None]]:
    """Those who hear by mail and did not end it."""
    found = Stakeholder.objects.filter(
        workspace=plan.workspace, heard=Heard.MAIL, ended_at__isnull=True, erased_at__isnull=True
    ).filter(Q(reader__isnull=True) | Q(reader__ended_at__isnull=True), department__ended_at__isnull=True)
    for one in found.select_related("workspace", "department", "reader").order_by("made_at", "pk"):
        if one.email:
            yield one, getattr(one, "reader", None)


def _due(zone: ZoneInfo, hour: int, now: datetime) -> datetime | None:
    """The beginning of the Monday whose digest is due now; None before its hour and after half a day. The digest tells
    of the week before that, whatever the hour and however late it leaves: so each thing stands in one of them."""
    week = rows.monday(now.astimezone(zone).date())
    at = datetime.combine(week, time(hour), tzinfo=zone)
    return datetime.combine(week, time(0), tzinfo=zone) if at <= now < at + LATE else None


def _send(plan: DigestPlan, stakeholder: Stakeholder, monday: datetime) -> int:
    digest = stakeholder.digests.filter(week=monday.date()).first()
    if digest is not None and not digest.waits:
        return 0
    parts = put_together(stakeholder, monday)
    if not parts:
        return 0
    if digest is None:
        lines = sum(len(one.lines) for one in parts)
        try:
            digest = digests.make_digest(stakeholder, week=monday.date(), lines=lines, by=plan.set_by)
        except Conflict:  # another worker was first
            return 0
    return _deliver_once(digest, parts)


def _deliver_once(digest: Digest, parts: list[Part]) -> int:
    """Mail it, unless another worker does; 1 when the server took it."""
    if not intake.begin_digest(digest):
        return 0
    try:
        deliver(digest, parts)
    except mail.MailProblem as wrong:
        log.warning("a digest was not taken: %s", wrong)
        intake.note_digest_mailed(digest, str(wrong), again=wrong.again)
        return 0
    intake.note_digest_mailed(digest, "")
    return 1


def why_not_sent(digest: Digest) -> str:
    """What became of a digest that is not known to have arrived, and what is done about it; empty where it left, or is
    leaving at this moment."""
    now, week = clock.now(), f"{digest.week.day} {digest.week:%B}"
    if digest.mailed_at is not None or (not digest.mail_problem and now < digest.made_at + SETTLES):
        return ""
    why = digest.mail_problem or "The work on it stopped before the end."
    if digest.waits and now < digest.made_at + LATE:
        return f"The mail of {week} has not left yet. {why} It is tried again today."
    return f"The mail of {week} is not known to have arrived. {why} It is not sent again."


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
    """Whose weekly mail a link ends, be it of the newest mail or of one before."""
    try:
        found = Reader.objects.filter(workspace=link.workspace_id, pk=UUID(link.object_id))
    except ValueError:
        return None
    return found.select_related("stakeholder__department", "workspace").first()
