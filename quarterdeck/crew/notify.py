"""Telling people. `tell` writes the line behind the bell at once, inside the caller's transaction, and defers
what goes outside: by e-mail and Apprise as the person prefers, after quiet hours unless it is urgent.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from quarterdeck.core import clock
from quarterdeck.crew import destinations, intake, links, mail, reads
from quarterdeck.crew.models import Destination, Member, Message, Notification, Preferences, User
from quarterdeck.crew.quiet import quiet_ends

BACKOFF = [timedelta(minutes=m) for m in (1, 5, 20, 60)]  # five attempts within an hour and a half


LONGEST = (
    60_000  # characters: a whole thread with its descriptions, so that it can be judged from the message
)


class NotDelivered(Exception):
    """A message did not arrive; the text says why."""


def preferences(user: User) -> Preferences:
    """The person's preferences; the defaults, unsaved, while nothing was chosen."""
    return Preferences.objects.filter(user=user).first() or Preferences(user=user)


def tell(member: Member, *, subject: str, text: str, url: str = "", urgent: bool = False) -> Notification:
    """Tell one member something. `url` is a path within Quarterdeck. Urgent reaches through quiet hours.

    Call it inside the verb's transaction: when that is rolled back, nobody is told.
    """
    with transaction.atomic():
        now = clock.now()
        told = Notification.objects.create(
            member=member,
            subject=subject[:160],
            text=text[:LONGEST],
            url=url[:500],
            urgent=urgent,
            created_at=now,
        )
        wanted = preferences(member.user)
        due = now if urgent or not wanted.quiet else _after_quiet(now, member.user, wanted)
        for place in _places(member.user, wanted):
            _defer(Message.objects.create(notification=told, destination=place, due_at=due))
    return told


def _places(user: User, wanted: Preferences) -> list[Destination | None]:
    places: list[Destination | None] = []
    if wanted.by_email and user.email and mail.server() is not None:
        places.append(None)
    if wanted.by_push:
        places += user.destinations.order_by("created_at")
    return places


def _after_quiet(now: datetime, user: User, wanted: Preferences) -> datetime:
    return quiet_ends(now, user.zone, wanted.quiet_from, wanted.quiet_until)


def _defer(message: Message) -> None:
    from quarterdeck.crew.jobs import deliver_message

    # The lock keeps a second worker from sending the same message while the first still waits for an answer.
    deliver_message.configure(schedule_at=message.due_at, lock=f"crew.message:{message.pk}").defer(
        message_id=str(message.pk)
    )


# --- sending, in the worker -------------------------------------------------------------------------


def deliver(message_id: str) -> str:
    """Send one message if it is due; the state it is in afterwards ("gone" when it no longer exists).

    A worker that died while sending leaves "sending": it is sent again, since twice is better than never here.
    """
    message = (
        Message.objects.select_related("notification__member__user", "destination")
        .filter(pk=message_id)
        .first()
    )
    if message is None:
        return "gone"
    if message.state in (Message.SENT, Message.FAILED):
        return message.state
    if message.notification.member.left_at is not None:
        return intake.message_ended(message, Message.FAILED, "They had left the workspace.")
    if clock.now() < message.due_at:
        _again(message, message.due_at)
        return message.state
    intake.message_starts(message)
    try:
        _send(message)
    except NotDelivered as problem:
        return _missed(message, str(problem))
    return intake.message_ended(message, Message.SENT, "")


def _send(message: Message) -> None:
    told = message.notification
    link = links.absolute(told.url) if told.url.startswith("/") else ""
    text = f"{told.text}\n\n{link}".strip()
    if message.destination is None:
        try:
            mail.send(told.member.user.email or "", told.subject, text, about=told.url)
        except mail.MailProblem as problem:
            raise NotDelivered(str(problem)) from problem
    else:
        push(message.destination, told.subject, text)


def push(place: Destination, subject: str, text: str) -> None:
    """Send to one Apprise address now. NotDelivered, in words, when it is refused."""
    import apprise

    url = reads.open_destination(place)
    try:
        destinations.check(url, owner=place.user.owns_installation)  # what a name means may have changed
    except destinations.Invalid as refused:
        raise NotDelivered(" ".join(refused.fields.values())) from refused
    asset = apprise.AppriseAsset(
        app_id="Quarterdeck", app_url=links.absolute("/"), async_mode=False, http_redirects=False
    )
    sender = apprise.Apprise(asset=asset)
    sender.add(destinations.as_sent(url))
    for service in sender:
        service.overflow_mode = (
            apprise.OverflowMode.SPLIT
        )  # what is too long for one message comes in several
    with apprise.LogCapture(level=apprise.logging.WARNING) as said:
        took = sender.notify(title=subject, body=text or subject)
        words = said.getvalue()
    if not took:
        raise NotDelivered(f"{place.label} did not take the message. {_last_line(words, url)}".strip())


def _last_line(words: str, url: str) -> str:
    lines = [line for line in words.splitlines() if line.strip()]
    said = lines[-1][-160:] if lines else ""
    return "" if url in said else said  # never show a secret address


def _missed(message: Message, problem: str) -> str:
    if message.attempts > len(BACKOFF):
        return intake.message_ended(message, Message.FAILED, problem)
    _again(message, clock.now() + BACKOFF[message.attempts - 1], problem)
    return Message.WAITING


def _again(message: Message, due: datetime, problem: str = "") -> None:
    with transaction.atomic():
        intake.message_waits(message, due, problem)
        _defer(message)
