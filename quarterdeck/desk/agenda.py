"""What the house itself asks: times in which it was not running, backups that need care, steps not set up yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from quarterdeck.channels import reads as channels
from quarterdeck.core import backup, outages, reach
from quarterdeck.core.models import Outage
from quarterdeck.core.registries import AgendaItem, ItemAction
from quarterdeck.crew import mail
from quarterdeck.crew.models import Member
from quarterdeck.publishing import reads as publishing
from quarterdeck.publishing.models import Delivery, DeliveryState

OUTAGES_SHOWN = timedelta(days=3)
CALM = 10
STEP = "desk.step:"  # how the keys of set-up steps begin


def agenda(who: Member, now: datetime) -> Iterable[AgendaItem]:
    yield from _outages(who, now)
    if who.user.owns_installation and not who.workspace.is_demo:
        yield from _backups(now)
    yield from _steps(who)


def _outages(who: Member, now: datetime) -> Iterable[AgendaItem]:
    """What was due while this machine slept or was down is listed by name, whatever became of it."""
    for outage in outages.recent(now - OUTAGES_SHOWN):
        if outage.ended_at < who.joined_at or outage.ended_at < who.workspace.created_at:
            continue
        due = publishing.due_between(who.workspace, outage.started_at, outage.ended_at)
        yield AgendaItem(
            key=f"desk.outage:{outage.pk}",
            kind="notice",
            title=_outage_title(outage, who),
            why=_what_was_due(due),
            url=_address("publishing-post-list", who) if due else "",
            since=outage.ended_at,
            consequence=75 if any(d.state == DeliveryState.MISSED for d in due) else 30,
            can_be_done=True,
        )


def _outage_title(outage: Outage, who: Member) -> str:
    """ "This machine was asleep from 02:10 to 06:40." in the member's zone, with days where they differ."""
    start, end = (t.astimezone(who.zone) for t in (outage.started_at, outage.ended_at))
    day = f"{start:%A} " if start.date() != end.date() else ""
    until = f"{end:%A} " if start.date() != end.date() else ""
    return f"This machine {outage.get_kind_display()} from {day}{start:%H:%M} to {until}{end:%H:%M}"


def _what_was_due(due: list[Delivery]) -> str:
    if not due:
        return "Nothing was due then."
    named = [f"“{d.post.short}” on {d.channel.name}: {d.word}" for d in due[:4]]
    more = f", and {len(due) - 4} more" if len(due) > 4 else ""
    return f"Due then: {'; '.join(named)}{more}."


def _backups(now: datetime) -> Iterable[AgendaItem]:
    if words := backup.health(now):
        yield AgendaItem(
            key=f"desk.backup:{now:%Y-%m-%d}",
            kind="notice",
            title="Backups need care",
            why=words,
            url="",
            since=now,
            consequence=70,
        )


def _steps(who: Member) -> Iterable[AgendaItem]:
    """Set-up that is not finished. Each disappears when it is done, and can be put aside."""
    workspace, since = who.workspace, who.workspace.created_at
    if who.may("channels.channel.connect") and not channels.connected(workspace).exists():
        yield _step(
            "channel", who, since, "Connect a channel", "channels-channel-list", _CHANNEL, "Connect one"
        )
    if who.may("crew.member.invite") and publishing.is_alone(who) and not _invited(who):
        yield _step("second", who, since, "Invite a second person", "crew-people", _SECOND, "Invite somebody")
    if who.user.owns_installation and not workspace.is_demo:
        if not reach.status().passed:
            yield _step("reach", who, since, "Test the public address", "shell-address", _REACH, "Test it")
        if mail.server() is None:
            yield _step("mail", who, since, "Set up mail", "crew-mail", _MAIL, "Set it up")


_CHANNEL = "A post goes out through a channel. The Sandbox is one click and stays in this installation."
_SECOND = "A post is approved by a second person. Until there is one, your own approval counts and the record says so."
_REACH = "Until the address that others use is tested, copied links work only on this machine."
_MAIL = "Without it nobody is told by mail: notices wait here, and links are copied by hand."


def _invited(who: Member) -> bool:
    still_open = Q(accepted_at=None, revoked_at=None)
    return who.workspace.invitations.filter(still_open).exists()


def _step(
    name: str, who: Member, since: datetime, title: str, url_name: str, why: str, label: str
) -> AgendaItem:
    url = _address(url_name, who)
    return AgendaItem(
        key=f"{STEP}{name}",
        kind="notice",
        title=title,
        why=why,
        url=url,
        since=since,
        consequence=CALM,
        actions=(ItemAction(label, url, primary=True),) if url else (),
        can_be_done=True,
    )


def _address(url_name: str, who: Member) -> str:
    try:
        return reverse(url_name, kwargs={"workspace": who.workspace.slug})
    except NoReverseMatch:
        return ""
