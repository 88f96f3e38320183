"""Acts on the one-time sign-in link of whoever runs the installation."""

from __future__ import annotations

from django.urls import reverse

from quarterdeck import ledger
from quarterdeck.core import clock, env
from quarterdeck.core.verbs import verb
from quarterdeck.crew import rules
from quarterdeck.crew.models import OwnerLink, User
from quarterdeck.crew.models.links import OWNER_LINK_LASTS, new_token, token_hash


@verb
def issue_owner_link() -> str:
    """A fresh absolute address that signs in the installation's owner once, within 24 hours.

    Makes the owner when there are no users yet. Earlier links that were not used stop working.
    """
    now, token = clock.now(), new_token()
    owner = rules.installation_owner()
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
    link = rules.open_owner_link(token, lock=True)
    link.used_at = clock.now()
    link.save(update_fields=["used_at"])
    ledger.record(
        "crew.owner_link.used",
        actor=ledger.in_installation(link.user),
        about=ledger.INSTALLATION,
        fields={},
    )
    return link.user
