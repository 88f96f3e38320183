"""Who else has a say: departments, the people in them, and what they care about."""

from __future__ import annotations

from functools import cached_property

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from quarterdeck.core import ids
from quarterdeck.crew.models import Brand, SignedLink, Workspace
from quarterdeck.ledger.models import Protected
from quarterdeck.stakeholders.models import sealing

NAME_LENGTH = 80
DOES_LENGTH = 300
INTEREST_LENGTH = 40


class Heard(models.TextChoices):
    """How somebody likes to be heard."""

    MAIL = "mail", "By e-mail"
    LINK = "link", "By link only, no e-mail"


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    GERMAN = "de", "Deutsch"
    FRENCH = "fr", "Français"
    SPANISH = "es", "Español"


class Department(Protected):
    """A part of the organisation that asks for posts, or is asked about them. It ends and is never deleted: what it
    asked for stays readable. `mail_version` counts the addresses it had for requests by mail; only the newest works."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="departments")
    name = models.CharField(max_length=NAME_LENGTH)
    does = models.CharField(max_length=DOES_LENGTH, blank=True)
    mail_version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    ledger_name = "stakeholders.department"

    class Meta:
        constraints = [models.UniqueConstraint("workspace", Lower("name"), name="department_named_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.ended_at is None


class Door(Protected):
    """A department's link to its form. Sealed, so that it can be copied again; ended when it was revoked here."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="doors")
    link = models.OneToOneField(SignedLink, on_delete=models.PROTECT, related_name="+")
    token_sealed = models.BinaryField()
    made_at = models.DateTimeField()

    ledger_name = "stakeholders.door"

    @property
    def workspace_id(self):
        return self.department.workspace_id

    @property
    def token(self) -> str:
        return sealing.opened(self.token_sealed, context=f"stakeholders.door:{self.pk}")["token"]


class Stakeholder(Protected):
    """Somebody outside the team. Name and address are sealed and never enter the ledger. Once `erased_at`, nothing
    says who it was; what they asked for stays, by department. `address_hash` finds them by their address."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="stakeholders")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="stakeholders")
    sealed = models.BinaryField(null=True)
    address_hash = models.BinaryField(max_length=32, null=True)
    heard = models.CharField(max_length=4, choices=Heard.choices, default=Heard.MAIL)
    language = models.CharField(max_length=5, choices=Language.choices, default=Language.ENGLISH)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    ledger_name = "stakeholders.stakeholder"

    class Meta:
        indexes = [models.Index(fields=["workspace", "department"], name="stakeholder_of_department")]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "address_hash"],
                name="stakeholder_by_address",
                condition=Q(address_hash__isnull=False),
            ),
            models.CheckConstraint(
                name="stakeholder_known_or_erased",
                condition=Q(erased_at__isnull=True, sealed__isnull=False)
                | Q(erased_at__isnull=False, sealed__isnull=True, address_hash__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def context(self) -> str:
        """Where the sealed words belong."""
        return f"stakeholders.stakeholder:{self.pk}"

    @cached_property
    def _known(self) -> dict[str, str]:
        return sealing.opened(self.sealed, context=self.context)

    @property
    def name(self) -> str:
        return self._known.get("name") or f"Somebody of {self.department}"

    @property
    def email(self) -> str:
        """Empty where none is known, or nothing more is."""
        return self._known.get("email", "")

    @property
    def is_active(self) -> bool:
        return self.ended_at is None and self.erased_at is None

    @property
    def hears_by_mail(self) -> bool:
        return self.is_active and self.heard == Heard.MAIL and bool(self.email)

    def forget_cached(self) -> None:
        """After `sealed` was changed on this very object."""
        self.__dict__.pop("_known", None)


class Interest(Protected):
    """What a department or one stakeholder wants to hear of: a topic (as labels are called), a brand, or a market."""

    class About(models.TextChoices):
        TOPIC = "topic", "Topic"
        BRAND = "brand", "Brand"
        MARKET = "market", "Market"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="interests")
    department = models.ForeignKey(Department, on_delete=models.CASCADE, null=True, related_name="interests")
    stakeholder = models.ForeignKey(
        Stakeholder, on_delete=models.CASCADE, null=True, related_name="interests"
    )
    about = models.CharField(max_length=6, choices=About.choices)
    words = models.CharField(max_length=INTEREST_LENGTH, blank=True)  # of a topic or a market
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, null=True, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    ledger_name = "stakeholders.interest"

    class Meta:
        indexes = [models.Index(fields=["workspace", "about"], name="interest_about")]
        constraints = [
            models.CheckConstraint(
                name="interest_of_one",
                condition=Q(department__isnull=False, stakeholder__isnull=True)
                | Q(department__isnull=True, stakeholder__isnull=False),
            ),
            models.CheckConstraint(
                name="interest_in_one",
                condition=Q(about="brand", brand__isnull=False, words="")
                | Q(about__in=["topic", "market"], brand__isnull=True) & ~Q(words=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.brand) if self.brand_id else self.words
