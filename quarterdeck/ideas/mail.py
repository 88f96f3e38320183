"""Ideas by mail: a message to a member's secret address, from the member's own, is kept on the shelf.

Both have to be right: a sender can be forged, and an address can be forwarded. A right address with another sender is
told to its owner, once a day, and nothing of it is kept.
"""

from __future__ import annotations

import re
from datetime import timedelta

from django.urls import reverse

from quarterdeck.core import clock
from quarterdeck.core.problems import Problem
from quarterdeck.core.registries import InboundMail
from quarterdeck.crew import notify
from quarterdeck.crew.models import Member, Notification
from quarterdeck.crew.models.links import token_hash
from quarterdeck.ideas import arriving, verbs
from quarterdeck.ideas.models import Address, Idea, Way
from quarterdeck.ideas.rows import Found

MOST_A_DAY = 200  # of one member, by mail
_TAG = re.compile(r"\+idea-([0-9a-f]{20})@", re.I)
STRANGER = "A mail to your address for ideas was not kept"
TOO_MANY = "Your mails to the address for ideas are not kept today"


def tag(token: str) -> str:
    """What stands before the @ of an address, after its local part."""
    return f"+idea-{token}"


def address(mailbox: str, token: str) -> str:
    """The whole address, when the mailbox signs in by its address; else empty."""
    local, at, domain = mailbox.strip().partition("@")
    return f"{local.partition('+')[0]}{tag(token)}@{domain}" if at and local and "." in domain else ""


def take(message: InboundMail) -> bool:
    """The hook for incoming mail: True when it was sent to an address for ideas, kept or not."""
    tokens = {found[1].lower() for one in message.to if (found := _TAG.search(one))}
    if not tokens:
        return False
    hashes = [token_hash(one) for one in tokens]
    rows = Address.objects.filter(token_hash__in=hashes, closed_at__isnull=True)
    for one in rows.select_related("member__user", "member__workspace")[:5]:
        _take(one.member, message)
    return True  # an unknown or closed address says nothing to whoever tries


def _take(member: Member, message: InboundMail) -> None:
    if message.headers.get("auto-submitted", "no").lower() != "no" or not member.may("ideas.idea.keep"):
        return  # an answering machine, or somebody who may not keep ideas any more
    if message.sender != (member.user.email or "").lower():
        _tell_once(
            member, STRANGER, f"It came from {message.sender or 'nobody'}, which is not your own address."
        )
        return
    since = clock.now() - timedelta(days=1)
    if Idea.objects.filter(made_by=member, way=Way.MAIL, made_at__gt=since).count() >= MOST_A_DAY:
        _tell_once(member, TOO_MANY, f"{MOST_A_DAY} were kept within a day, which is the most.")
        return
    given = arriving.mailed(message.subject, message.text)
    try:
        idea = verbs.keep(member, Found(**given), way=Way.MAIL)
    except Problem as problem:
        _tell_once(member, STRANGER, f"{problem.title} {problem.next_step}")
        return
    url = reverse("ideas-idea", kwargs={"workspace": member.workspace.slug, "pk": idea.pk})
    told = "Your mail is on the shelf." + (f" Its link: {idea.link}" if idea.link else "")
    notify.tell(member, subject=f"Kept: “{idea.short}”", text=told, url=url)


def _tell_once(member: Member, subject: str, text: str) -> None:
    since = clock.now() - timedelta(days=1)
    if Notification.objects.filter(member=member, subject=subject, created_at__gt=since).exists():
        return
    url = reverse("ideas-ways", kwargs={"workspace": member.workspace.slug})
    words = (
        f"{text} Nothing was kept. If that was not you, make a new address; the old one then takes nothing."
    )
    notify.tell(member, subject=subject, text=words, url=url)
