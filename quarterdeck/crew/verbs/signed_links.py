"""Acts on signed links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from quarterdeck import ledger
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew import links
from quarterdeck.crew.models import Member, SignedLink
from quarterdeck.crew.models.links import new_token, token_hash
from quarterdeck.crew.rules import inside

LINK_LASTS = timedelta(days=30)
LINK_LASTS_AT_MOST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class IssuedLink:
    """The one moment at which the address of a signed link is known."""

    link: SignedLink
    token: str

    @property
    def url(self) -> str:
        return links.link_url(self.token)


@verb
def issue_link(
    *,
    by: Member,
    purpose: str,
    object_id: object = "",
    label: str = "",
    expires_at: datetime | None = None,
    through: Any = None,
) -> IssuedLink:
    """Open a door for somebody without an account: one purpose, one object, 30 days unless told otherwise.

    `through`: who acted where it was not `by` themself, who answers for the link all the same: a link that somebody
    outside came by, or the system. The ledger names that one."""
    if purpose not in links.PURPOSES:
        raise ValueError(f"No room has registered the purpose “{purpose}”.")
    now, token = clock.now(), new_token()
    expires_at = expires_at or now + LINK_LASTS
    if not now < expires_at <= now + LINK_LASTS_AT_MOST:
        raise Invalid("A link ends between now and a year from now.", not_done="No link was issued.")
    link = SignedLink.objects.create(
        workspace=by.workspace,
        purpose=purpose,
        object_id=str(object_id),
        label=label.strip()[:120],
        token_hash=token_hash(token),
        issued_by=by,
        created_at=now,
        expires_at=expires_at,
    )
    ledger.record(
        "crew.link.issued",
        actor=through or by,
        about=link,
        fields={"purpose": purpose, "object": link.object_id, "label": link.label, "expires_at": expires_at},
    )
    return IssuedLink(link, token)


@verb
def revoke_link(link: SignedLink, *, by: Member) -> SignedLink:
    """Close a door: the link opens nothing from now on."""
    link = inside(SignedLink, link.pk, by.workspace)
    if link.revoked_at:
        raise Conflict("This link was revoked already.")
    link.revoked_at, link.revoked_by = clock.now(), by
    link.save(update_fields=["revoked_at", "revoked_by"])
    ledger.record("crew.link.revoked", actor=by, about=link, fields={"purpose": link.purpose})
    return link
