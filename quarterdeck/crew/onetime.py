"""The way in for the first person, and the way back in for whoever runs the machine: a sign-in link that
works once, within 24 hours. Opening it only shows a button; the button signs in.
"""

from __future__ import annotations

from django.urls import reverse

from quarterdeck import ledger
from quarterdeck.core import clock, env
from quarterdeck.core.problems import NotFound
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import OwnerLink, User
from quarterdeck.crew.models.links import OWNER_LINK_LASTS, TOKEN_MOST, new_token, token_hash


def someone_has_signed_in() -> bool:
    """False on a fresh installation, where the front door says where the link is printed."""
    return User.objects.filter(last_login__isnull=False).exists()


@verb
def issue_owner_link() -> str:
    """A fresh absolute address that signs in the installation's owner once, within 24 hours.

    Makes the owner when there are no users yet. Earlier links that were not used stop working.
    """
    now, token = clock.now(), new_token()
    owner = installation_owner()
    if owner is None:
        owner = User.objects.create_user(owns_installation=True)
    owner.owner_links.filter(used_at=None, expires_at__gt=now).update(expires_at=now)
    link = OwnerLink.objects.create(
        user=owner, token_hash=token_hash(token), issued_at=now, expires_at=now + OWNER_LINK_LASTS
    )
    ledger.record(
        "crew.owner_link.issued",
        actor=ledger.system(ledger.INSTALLATION.workspace_id),
        about=ledger.INSTALLATION,
        fields={"expires_at": link.expires_at},
    )
    base = env.public_url() or env.local_url()
    return base + reverse("crew-owner-start", kwargs={"token": token})


@verb
def use_owner_link(token: str) -> User:
    """The person this link signs in; the link is used up. NotFound when it opens nothing (any more)."""
    link = open_owner_link(token, lock=True)
    link.used_at = clock.now()
    link.save(update_fields=["used_at"])
    ledger.record(
        "crew.owner_link.used",
        actor=ledger.in_installation(link.user),
        about=ledger.INSTALLATION,
        fields={},
    )
    return link.user


def open_owner_link(token: str, *, lock: bool = False) -> OwnerLink:
    """The link this token opens; NotFound in the same words for unknown, used and expired."""
    found = None
    if len(token) <= TOKEN_MOST:
        rows = OwnerLink.objects.select_related("user")
        rows = rows.select_for_update(of=("self",)) if lock else rows
        found = rows.filter(token_hash=token_hash(token)).first()
    if found is None or found.used_at or clock.now() >= found.expires_at or not found.user.is_active:
        raise NotFound(
            "This sign-in link does not work any more.",
            not_done="It works once, within 24 hours. Nobody was signed in.",
            next_step="Whoever runs Quarterdeck can print a new one with “quarterdeck link”.",
        )
    return found


def installation_owner() -> User | None:
    """Who answers for the machine: the first person, or whoever that was passed on to."""
    return User.objects.filter(owns_installation=True, is_active=True).order_by("joined_at").first()
