"""The noun of changes: one change to one delivery that is out, on its way through the fence to what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from quarterdeck.core import ids
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.crew.permissions import Role
from quarterdeck.ledger.models import Protected
from quarterdeck.publishing.models import Delivery

REASON_LENGTH = 500


class ChangeState(models.TextChoices):
    """Where a change stands. A worker's claim is its lease, not a state: losing it changes nothing."""

    PLANNED = "planned", "planned"
    SENDING = "sending", "being made"
    UNKNOWN = "unknown", "not known"
    HANDED = "handed", "handed out"
    DONE = "done", "done"
    REFUSED = "refused", "refused"
    LEFT = "left", "left as it is"


WORKED = (ChangeState.PLANNED, ChangeState.SENDING, ChangeState.UNKNOWN)
OPEN = (*WORKED, ChangeState.HANDED)


class Change(Protected):
    """Other words for what stands somewhere (`how` "edit"), or taking it down ("remove").

    `before` is what stood there when it was asked for, by `version` of the post; `text` what is to stand there, and
    `text_hash` the content of the whole post that must be cleared for it. `attempt` counts claims and is the fencing
    token; `payload` and its hash are frozen when it begins, so that a try whose answer was lost sends the same bytes.
    `tries` counts calls that ended without a yes or a no (`lost`: of one of them nobody knows); after the last a
    person is asked (`person_at`), with `evidence`. One that a person makes was given to `handed_to` at `handed_at`.
    `role` is the one it was asked in: history is told by role. `said`: it is done, or is not, because a person said so.
    """

    State = ChangeState

    class How(models.TextChoices):
        EDIT = "edit", "edit"
        REMOVE = "remove", "removal"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="changes")
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="changes")
    how = models.CharField(max_length=6, choices=How.choices)
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=Role.choices)
    asked_at = models.DateTimeField()
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    before = models.TextField(blank=True)
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField()
    text_hash = models.CharField(max_length=64)

    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED)
    attempt = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    try_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    lost = models.BooleanField(default=False)
    payload = models.JSONField(null=True)
    payload_hash = models.CharField(max_length=64, blank=True)
    failure = models.CharField(max_length=1000, blank=True)
    evidence = models.CharField(max_length=2000, blank=True)
    person_at = models.DateTimeField(null=True)
    handed_to = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    handed_at = models.DateTimeField(null=True)
    said = models.BooleanField(default=False)
    began_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    ledger_name = "changes.change"

    class Meta:
        indexes = [
            models.Index(
                fields=["try_at"],
                name="change_open",
                condition=Q(state__in=("planned", "sending")) | Q(state="unknown", person_at__isnull=True),
            ),
            models.Index(
                fields=["workspace", "-asked_at"],
                name="change_asks",
                condition=Q(state__in=("planned", "handed", "refused"))
                | Q(state="unknown", person_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "how"], name="change_open_once", condition=Q(state__in=OPEN)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_how_display()} of {self.delivery_id}"

    @property
    def is_edit(self) -> bool:
        return self.how == self.How.EDIT

    @property
    def noun(self) -> str:
        """How the events about it are called: "edit" or "removal"."""
        return self.get_how_display()

    @property
    def word(self) -> str:
        if self.state == ChangeState.DONE:
            return "edited" if self.is_edit else "taken down"
        return self.get_state_display()

    @property
    def asks(self) -> bool:
        """A person has to say or decide something about it."""
        return self.state in {ChangeState.HANDED, ChangeState.REFUSED} or (
            self.state == ChangeState.UNKNOWN and self.person_at is not None
        )
