"""How somebody likes the product set up, what they read, when a link was opened."""

from __future__ import annotations

from datetime import time

from django.contrib.auth import SESSION_KEY

from quarterdeck.core import clock, secrets
from quarterdeck.core.problems import Conflict
from quarterdeck.core.verbs import intake
from quarterdeck.crew import reads, rules
from quarterdeck.crew.models import (
    Destination,
    Invitation,
    LinkOpening,
    Member,
    Notification,
    Preferences,
    SignedLink,
    User,
)

DESTINATIONS_MOST = 8


@intake
def log_opening(link: SignedLink) -> None:
    """Remember that the link was opened in this minute. Nothing about who, from where or with what."""
    minute = clock.now().replace(second=0, microsecond=0)
    LinkOpening.objects.bulk_create([LinkOpening(link=link, minute=minute)], ignore_conflicts=True)


@intake
def change_person(user: User, *, name: str, timezone: str, theme: str | None = None) -> User:
    """Keep how the person is called, where they are and which theme they like."""
    user.name, user.timezone = name, timezone
    user.theme = theme or user.theme
    user.save(update_fields=["name", "timezone", "theme"])
    return user


@intake
def change_address(user: User, email: str) -> User:
    """Give the person this e-mail for signing in and for messages. Conflict when somebody else has it."""
    from allauth.account.models import EmailAddress

    email = rules.checked_email(email)
    if User.objects.filter(email=email).exclude(pk=user.pk).exists():
        raise Conflict(
            "This address cannot be used for your account.",
            next_step="Use another one.",
            fields={"email": "This address cannot be used for your account."},
        )
    user.email = email
    user.save(update_fields=["email"])
    EmailAddress.objects.filter(user=user).exclude(email=email).delete()
    EmailAddress.objects.update_or_create(user=user, email=email, defaults={"primary": True})
    return user


@intake
def give_to_address(user: User, email: str) -> None:
    """A trusted provider vouches for who is at this address. When nobody did before, whoever wrote the address into
    the account may be somebody else: no password, second factor, passkey or session of theirs stays."""
    from allauth.account.models import EmailAddress
    from allauth.mfa.models import Authenticator

    email = email.strip().lower()
    if EmailAddress.objects.filter(user=user, email=email, verified=True).exists():
        return
    user.set_unusable_password()  # a new random one: every session made under the former ends with it
    user.save(update_fields=["password"])
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.update_or_create(user=user, email=email, defaults={"verified": True})


@intake
def end_other_sessions(user: User, keep: str | None = None) -> int:
    """Sign the person out of every browser but the one with the session `keep`; how many that were."""
    from django.contrib.sessions.models import Session

    # A session does not say whose it is: each has to be opened, about 30 microseconds.
    theirs = [
        row.pk
        for row in Session.objects.filter(expire_date__gt=clock.now()).exclude(pk=keep or "").iterator()
        if row.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]
    return Session.objects.filter(pk__in=theirs).delete()[0]


@intake
def change_preferences(
    user: User, *, by_email: bool, by_push: bool, quiet: bool, quiet_from: time, quiet_until: time
) -> Preferences:
    """Keep how the person wants to be told."""
    kept, _ = Preferences.objects.update_or_create(
        user=user,
        defaults={
            "by_email": by_email,
            "by_push": by_push,
            "quiet": quiet,
            "quiet_from": quiet_from,
            "quiet_until": quiet_until,
        },
    )
    return kept


@intake
def add_destination(user: User, *, label: str, url: str, schema: str) -> Destination:
    """Keep an Apprise address, sealed. Adding the same address again changes only its label."""
    for known in user.destinations.select_for_update():
        if reads.open_destination(known) == url:
            known.label = label
            known.save(update_fields=["label"])
            return known
    if user.destinations.count() >= DESTINATIONS_MOST:
        raise Conflict(f"You have {DESTINATIONS_MOST} places already.", next_step="Remove one first.")
    made = Destination(user=user, label=label, schema=schema, created_at=clock.now())
    made.url_sealed = secrets.seal(url.encode(), context=f"crew.destination:{made.pk}")
    made.save(force_insert=True)
    return made


@intake
def remove_destination(destination: Destination) -> None:
    """Forget a place; messages waiting for it go with it."""
    Destination.objects.filter(pk=destination.pk).delete()


@intake
def mark_read(member: Member, notification_id=None) -> int:
    """Mark one notification of the member as read, or all of them; how many changed."""
    unread = Notification.objects.filter(member=member, read_at=None)
    if notification_id is not None:
        unread = unread.filter(pk=notification_id)
    return unread.update(read_at=clock.now())


@intake
def note_mailed(invitation: Invitation, problem: str) -> Invitation:
    """Remember what came of sending an invitation by e-mail; an empty problem means the server took it."""
    invitation.mailed_at = None if problem else clock.now()
    invitation.mail_problem = problem[:300]
    invitation.save(update_fields=["mailed_at", "mail_problem"])
    return invitation
