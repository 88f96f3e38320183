"""The nouns of accountability: a slip (something wrong in a post that is out), the flags that say so, and who was told.

No row says who made a mistake. Who sees to a slip now stands in it while it is open and is taken out when it ends, as
is who flagged it: what remains is what was wrong and what was done about it.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from quarterdeck.channels.models import Channel
from quarterdeck.core import ids
from quarterdeck.crew.models import Brand, Member, SignedLink, Workspace
from quarterdeck.ledger.models import Protected
from quarterdeck.publishing.models import Post

WHAT_LENGTH, REASON_LENGTH, WORD_LENGTH = 2000, 1000, 300
PART_LENGTH, NOTE_LENGTH = 1000, 2000
PROMISE_HOURS = 24
MOST_FLAGS = 200  # of one slip; more of them say nothing new


class Level(models.IntegerChoices):
    """How bad it is. From 2 on it is told inside and corrected by the guided path."""

    SMALL = 1, "A typo or a dead link"
    WRONG = 2, "A wrong fact, price or name"
    HARM = 3, "Harmful, or a legal matter"


class Basis(models.TextChoices):
    """What the earliest trace of a slip is."""

    NOTICED = "noticed", "when somebody first noticed it"
    FLAGGED = "flagged", "when it was flagged"
    MAILED = "mailed", "when a mail about it was sent"
    SEEN = "seen", "when the system saw it"
    SAID = "said", "when it was first said in a comment"


class Way(models.TextChoices):
    """How a flag came."""

    PAGE = "page", "from a page"
    LINK = "link", "by a signed link"
    MAIL = "mail", "by mail"
    SYSTEM = "system", "by the system"


class Ended(models.TextChoices):
    CORRECTED = "corrected", "corrected"
    WITHDRAWN = "withdrawn", "not a mistake"


class Slip(Protected):
    """Something wrong in one post that is out. All who point it out while it is open join it.

    `trace_at` is its earliest trace, from which the clock runs, and `trace_basis` what that is. `owner` sees to it now:
    somebody took it, or was offered it (`offered_to`) and accepted.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="slips")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="slips")
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    what = models.CharField(max_length=WHAT_LENGTH)
    trace_at = models.DateTimeField()
    trace_basis = models.CharField(max_length=8, choices=Basis.choices)
    flagged_at = models.DateTimeField()

    owner = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    owned_at = models.DateTimeField(null=True)
    owned_first_at = models.DateTimeField(null=True)  # stays, and says not by whom
    offered_to = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    offered_at = models.DateTimeField(null=True)
    offered_word = models.CharField(max_length=WORD_LENGTH, blank=True)
    declined_word = models.CharField(max_length=WORD_LENGTH, blank=True)

    told_at = models.DateTimeField(null=True)
    told = models.PositiveIntegerField(default=0)  # how many, never who
    corrected_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=9, choices=Ended.choices, blank=True)
    ended_reason = models.CharField(max_length=REASON_LENGTH, blank=True)

    ledger_name = "accountability.slip"

    class Meta:
        indexes = [
            models.Index(
                fields=["workspace", "-flagged_at"], name="slip_open", condition=Q(ended_at__isnull=True)
            ),
            models.Index(fields=["workspace", "-ended_at"], name="slip_ended"),
            models.Index(
                fields=["workspace"],
                name="slip_being_corrected",
                condition=Q(ended_at__isnull=True, corrected_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["post"], name="slip_open_once", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(name="slip_trace_first", condition=Q(trace_at__lte=F("flagged_at"))),
            models.CheckConstraint(
                name="slip_ended_names_nobody",
                condition=Q(ended_at__isnull=True) | Q(owner__isnull=True, offered_to__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.short

    @property
    def short(self) -> str:
        """What is wrong in at most 60 characters, for a place inside a sentence."""
        line = " ".join(self.what.split())
        return line if len(line) <= 60 else line[:59].rstrip() + "…"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def state(self) -> str:
        """In a word, for its tag."""
        if self.ended_at is not None:
            return self.get_ended_display()
        if self.corrected_at is not None:
            return "being corrected"
        return "seen to" if self.owner_id else "open"


class Flag(Protected):
    """One voice that said so. `member` is forgotten when the slip ends; `sender` is the address a mail came from, kept
    only so long."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    slip = models.ForeignKey(Slip, on_delete=models.CASCADE, related_name="flags")
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    text = models.CharField(max_length=WHAT_LENGTH)
    way = models.CharField(max_length=6, choices=Way.choices)
    noticed_at = models.DateTimeField(null=True)
    flagged_at = models.DateTimeField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    link = models.ForeignKey(SignedLink, on_delete=models.SET_NULL, null=True, related_name="+")
    sender = models.EmailField(blank=True)

    ledger_name = "accountability.flag"

    class Meta:
        indexes = [models.Index(fields=["slip", "flagged_at"], name="flag_of_slip")]


class How(models.TextChoices):
    """How one channel is corrected."""

    EDIT = "edit", "Edit it, with a visible note"
    REPLY = "reply", "Reply to it"
    REPOST = "repost", "Take it down and post it again, with an explanation"
    LEAVE = "leave", "Leave it, with a reason"


class Correction(Protected):
    """What was said in the open about one slip: in four parts, and the note as it went out. `listed`: it stands on the
    brand’s public corrections page, if that is on."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    slip = models.OneToOneField(Slip, on_delete=models.CASCADE, related_name="correction")
    wrong = models.CharField(max_length=PART_LENGTH)
    why = models.CharField(max_length=PART_LENGTH, blank=True)
    fix = models.CharField(max_length=PART_LENGTH, blank=True)
    prevention = models.CharField(max_length=PART_LENGTH, blank=True)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    made_at = models.DateTimeField()
    listed = models.BooleanField(default=False)

    ledger_name = "accountability.correction"

    @property
    def workspace_id(self):
        return self.slip.workspace_id


class Coverage(Protected):
    """One channel of the post, and how it is corrected there. Every channel where it is out has one.

    What is edited or taken down is done by the room `changes`, from `begun_at` on; `post` is the reply, or the post
    that takes its place; one that is left says why in `reason`. `done_at` is when it was seen to be done.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    correction = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="coverage")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=6, choices=How.choices)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="corrects")
    begun_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["correction", "channel"], name="coverage_once_a_channel"),
            models.CheckConstraint(
                name="coverage_left_with_a_reason", condition=~Q(how="leave") | ~Q(reason="")
            ),
        ]


class Draft(models.Model):
    """What was typed on the guided path and not sent yet: kept for whoever goes on with it, on whatever device."""

    slip = models.OneToOneField(Slip, on_delete=models.CASCADE, primary_key=True, related_name="draft")
    typed = models.JSONField(default=dict)
    kept_at = models.DateTimeField()


class Promise(Protected):
    """How a brand keeps its corrections: within how many hours it promises them, and its public page, off until
    switched on. `address` is the page's name in its URL; `findable` lets search engines list it."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    brand = models.OneToOneField(Brand, on_delete=models.CASCADE, related_name="promise")
    promise_hours = models.PositiveSmallIntegerField(default=PROMISE_HOURS)
    public = models.BooleanField(default=False)
    findable = models.BooleanField(default=False)
    address = models.SlugField(max_length=80, unique=True)
    about = models.CharField(max_length=500, blank=True)

    ledger_name = "accountability.promise"

    @property
    def workspace_id(self):
        return self.brand.workspace_id

    @property
    def promise(self) -> timedelta:
        return timedelta(hours=self.promise_hours)


def topic(post_id) -> tuple[str, str]:
    """What open pages with the slips of a post listen for."""
    return "accountability.post", str(post_id)
