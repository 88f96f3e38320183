"""The first thirty minutes: nine steps from an empty workspace to a post that is out. Whether a step is done is read
from what is there, never from a tick; a demo workspace has none of this, so that the two are never mixed up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.urls import reverse

from quarterdeck.channels import reads as channels
from quarterdeck.core import reach
from quarterdeck.crew import mail
from quarterdeck.crew.models import Destination, Member
from quarterdeck.crew.permissions import INSTALLATION
from quarterdeck.desk.models import Handled
from quarterdeck.exchange import reads as exchange
from quarterdeck.publishing import reads as publishing
from quarterdeck.publishing.models import Clearance, Post

KEY = "desk.first-steps"  # of the item that is done when a person puts the steps away
COLLEAGUES = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `url` is where it is done, empty for who may not; `optional` ones hold nothing up."""

    name: str
    title: str
    why: str
    label: str
    url: str
    done: bool
    told: str = ""  # what is there already
    optional: bool = False
    aside: str = ""  # a further way: its words
    aside_url: str = ""


@dataclass(frozen=True)
class Way:
    """All the steps of one member."""

    steps: tuple[Step, ...]

    @cached_property
    def next(self) -> Step | None:
        """The first step that is not done, is needed, and that this member may do."""
        return next((s for s in self.steps if not s.done and not s.optional and s.url), None)

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def complete(self) -> bool:
        return all(step.done or step.optional for step in self.steps)


def way(who: Member) -> Way:
    """The steps as they stand for this member, in the order in which they are best done."""
    return Way(tuple(make(who) for make in _STEPS))


def beside_the_desk(who: Member) -> dict | None:
    """For the block beside the Desk: nothing in a demo, once all is done, or when put away."""
    if who.workspace.is_demo or not who.may("publishing.post.draft") or _put_away(who):
        return None
    found = way(who)
    return None if found.complete else {"way": found, "key": KEY}


def _put_away(who: Member) -> bool:
    return Handled.objects.filter(member=who, key=KEY, until=None, reopened_at=None).exists()


def _address(who: Member, name: str, permission: str = "") -> str:
    if permission and not who.may(permission):
        return ""
    return reverse(name, kwargs={"workspace": who.workspace.slug})


# --- the steps --------------------------------------------------------------------------------------


def _you(who: Member) -> Step:
    return Step(
        "you",
        "Your name and time zone",
        "Slots are times on the clock where you work; everything you see is said in your own zone.",
        "Change them",
        _address(who, "crew-you"),
        done=bool(who.user.name),
        told=f"{who}, {who.zone}. The workspace plans in {who.workspace.timezone}.",
    )


def _public(who: Member) -> Step:
    status = reach.status()
    return Step(
        "address",
        "A public address, tested",
        "Until the address that others use is tested, links you copy work only on this machine.",
        "Test it",
        _address(who, "shell-address", INSTALLATION),
        done=status.passed,
        told=status.url if status.passed else "",
    )


def _heard(who: Member) -> Step:
    """Mail to an address of one's own, or a chat that a message has reached: one of the two is enough."""
    place = Destination.objects.filter(user=who.user, last_ok_at__isnull=False).first()
    goes, address = mail.server() is not None, who.user.email
    told = f"{place} was reached." if place else f"Mail leaves, and reaches {address}." if address else ""
    url, label = _address(who, "crew-mail", INSTALLATION), "Set up mail"
    if goes and not address:
        url, label = _address(who, "crew-you-address"), "Add your e-mail"
    elif not url:
        url, label = _address(who, "crew-telling"), "Add a chat"
    return Step(
        "heard",
        "A message that reaches you",
        "Mail leaves already; you have no address yet that it could go to."
        if goes and not address
        else "Send yourself a test by mail or chat: then what fails at night is not found in the morning.",
        label,
        url,
        done=place is not None or (goes and bool(address)),
        told=told if place or goes else "",
        aside="or a chat on your phone",
        aside_url=_address(who, "crew-telling"),
    )


def _channel(who: Member) -> Step:
    names = [f"{channel.name} on {channel.title}" for channel in channels.connected(who.workspace)[:4]]
    return Step(
        "channel",
        "A channel, connected or by hand",
        "Bluesky and Mastodon connect at once; for every other network you post by hand until its approval is there.",
        "Choose one",
        _address(who, "channels-channel-connect", "channels.channel.connect"),
        done=bool(names),
        told=", ".join(names),
    )


def _sheet(who: Member) -> Step:
    brought = exchange.drafts_brought(who.workspace)
    return Step(
        "sheet",
        "Your old spreadsheet",
        "Drop it in as it is: good rows become drafts, the others wait with the reason.",
        "Bring it",
        _address(who, "exchange-import-list", "exchange.import.make"),
        done=brought > 0,
        told=f"{brought:,} draft{'s' * (brought != 1)} came from it." if brought else "",
        optional=True,
    )


def _post(who: Member) -> Step:
    first = Post.objects.filter(workspace=who.workspace).order_by("created_at").first()
    return Step(
        "post",
        "A first post",
        "Write it once; each channel shows how it will look there.",
        "Write it",
        _address(who, "publishing-post-new", "publishing.post.draft"),
        done=first is not None,
        told=f"“{first.short}”" if first else "",
    )


def _two(who: Member) -> Step:
    others = who.workspace.members.filter(left_at=None).exclude(pk=who.pk).count()
    asked = who.workspace.invitations.filter(Q(accepted_at=None, revoked_at=None)).count()
    told = [f"{others} here" if others else "", f"{asked} invited" if asked else ""]
    return Step(
        "two",
        "Two colleagues, by link",
        "They open the link and are in. Somebody who only approves needs no account: ask them from the post.",
        "Invite them",
        _address(who, "crew-people", "crew.member.invite"),
        done=others + asked >= COLLEAGUES,
        told=", ".join(word for word in told if word),
    )


def _approval(who: Member) -> Step:
    given = Clearance.objects.filter(post__workspace=who.workspace).exists()
    return Step(
        "approval",
        "A first approval",
        "On the post, ask for approval; a colleague, or a boss with a link on the phone, gives it.",
        "Open the posts",
        _address(who, "publishing-post-list"),
        done=given,
    )


def _out(who: Member) -> Step:
    first = publishing.out(who.workspace).last()
    return Step(
        "out",
        "A first post that is out",
        "Choose a time, or publish at once. By hand you get text, pictures and the way there, and say when it is done.",
        "Open the posts",
        _address(who, "publishing-post-list"),
        done=first is not None,
        told=f"“{first.post.short}” on {first.channel.name}." if first else "",
    )


_STEPS: tuple[Callable[[Member], Step], ...] = (
    _you,
    _public,
    _heard,
    _channel,
    _sheet,
    _post,
    _two,
    _approval,
    _out,
)
