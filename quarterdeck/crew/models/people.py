"""People, workspaces, brands and members."""

from __future__ import annotations

import uuid
import zoneinfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from quarterdeck.core import ids
from quarterdeck.crew.permissions import INSTALLATION, Role, may


def known_zone(name: str) -> None:
    """For fields: ValidationError unless this machine knows a time zone of this IANA name."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"“{name}” is not a time zone.")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str | None = None, password: str | None = None, **fields) -> User:
        user = self.model(email=(email or "").strip().lower() or None, **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A person who can sign in. The e-mail is optional: the first person has only the one-time link.

    Addresses are kept in lower case, so that the plain unique index is also the case-insensitive one.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    email = models.EmailField(null=True, blank=True, unique=True)
    name = models.CharField(max_length=120, blank=True)
    timezone = models.CharField(max_length=64, default="UTC", validators=[known_zone])
    theme = models.CharField(
        max_length=6, default="auto", choices=[(t, t) for t in ("auto", "light", "dark")]
    )
    is_active = models.BooleanField(default=True)
    owns_installation = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email or "someone"

    def clean(self) -> None:
        self.email = (self.email or "").strip().lower() or None

    def save(self, *args, **kwargs) -> None:
        self.email = (self.email or "").strip().lower() or None  # forms and sign-in providers write here too
        super().save(*args, **kwargs)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)


class Workspace(models.Model):
    """One team's place: its members, brands, posts and its own ledger."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=60, unique=True)
    timezone = models.CharField(max_length=64, default="UTC", validators=[known_zone])
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    ledger_name = "crew.workspace"

    def __str__(self) -> str:
        return self.name

    @property
    def workspace_id(self) -> uuid.UUID:
        return self.pk

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)


class Brand(models.Model):
    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="brands")
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField()

    ledger_name = "crew.brand"

    class Meta:
        constraints = [models.UniqueConstraint("workspace", Lower("name"), name="brand_name_once")]

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """A person in a workspace, with one role. Leaving keeps the row: the past still has an author."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    # Who is told next when this person does not answer; the leads where nobody is named.
    stand_in = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    ledger_name = "crew.member"
    ledger_is_person = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "user"], name="member_once", condition=Q(left_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return str(self.user)

    def may(self, permission: str) -> bool:
        """True when this member's role carries the permission. KeyError for a permission not in the table."""
        if self.left_at is not None:
            return False
        if permission == INSTALLATION:
            return self.user.owns_installation
        return may(self.role, permission)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return self.user.zone
