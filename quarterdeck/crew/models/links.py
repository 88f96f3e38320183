"""Links that let somebody in. Of each token only the SHA-256 is kept: whoever reads the database cannot
open a door with it. Tokens carry 256 random bits, so a plain hash needs no salt.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import models

from quarterdeck.core import clock, ids
from quarterdeck.crew.models.people import Member, User, Workspace
from quarterdeck.crew.permissions import Role

INVITATION_LASTS = timedelta(days=14)
OWNER_LINK_LASTS = timedelta(hours=24)
TOKEN_MOST = 64  # characters; ours have 43


def new_token() -> str:
    """A new token for an address: 256 random bits, base64url without padding (43 characters)."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """SHA-256 of the token's UTF-8 bytes: 32 bytes, what the database keeps."""
    return hashlib.sha256(token.encode()).digest()


class Invitation(models.Model):
    """A place in a workspace, offered by link to one person."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=12, choices=Role.choices)
    email = models.EmailField(blank=True)
    token_hash = models.BinaryField(max_length=32, unique=True)
    invited_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, blank=True)
    mail_problem = models.CharField(max_length=300, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    ledger_name = "crew.invitation"

    def __str__(self) -> str:
        return f"{self.get_role_display()} in {self.workspace}"

    def is_open(self, now: datetime | None = None) -> bool:
        return self.accepted_at is None and self.revoked_at is None and (now or clock.now()) < self.expires_at


class OwnerLink(models.Model):
    """A one-time sign-in for a person of this installation, printed on the machine that runs it."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="owner_links")
    token_hash = models.BinaryField(max_length=32, unique=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    ledger_name = "crew.owner_link"

    def __str__(self) -> str:
        return f"Sign-in link of {self.issued_at:%Y-%m-%d %H:%M}"


class SignedLink(models.Model):
    """A door for somebody without an account: one purpose, one object, until a date, revocable.

    It can act, so the ledger knows it as an actor; which person holds it we do not know and do not guess.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=60)
    object_id = models.CharField(max_length=64, blank=True)
    label = models.CharField(max_length=120, blank=True)  # for whom or what, in the issuer's words
    token_hash = models.BinaryField(max_length=32, unique=True)
    issued_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")

    ledger_name = "crew.link"

    class Meta:
        indexes = [models.Index(fields=["workspace", "purpose", "object_id"], name="link_about")]

    def __str__(self) -> str:
        return self.label or self.purpose

    def is_open(self, now: datetime | None = None) -> bool:
        return self.revoked_at is None and (now or clock.now()) < self.expires_at


class LinkOpening(models.Model):
    """A minute in which a link was opened. No address, no browser: that it was opened, never by whom."""

    link = models.ForeignKey(SignedLink, on_delete=models.CASCADE, related_name="openings")
    minute = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "minute"], name="link_opening_once")]
