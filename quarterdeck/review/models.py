"""The nouns of review: guests, who see one post by a signed link, and comments, of members and guests alike."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q

from quarterdeck.core import ids
from quarterdeck.crew.models import Member, SignedLink, Workspace
from quarterdeck.ledger.models import Protected
from quarterdeck.publishing.models import Post

TEXT_LENGTH, QUOTE_LENGTH, AROUND, WORD_LENGTH = 2000, 1000, 40, 300


class Guest(Protected):
    """Somebody without an account who was asked about one post, and what their link lets them do.

    What came of sending the link by mail is no act and stands beside: `mailed_at`, `mail_problem`.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="guests")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="guests")
    link = models.OneToOneField(SignedLink, on_delete=models.PROTECT, related_name="guest")
    name = models.CharField(max_length=120)
    address = models.EmailField(blank=True)
    may_comment = models.BooleanField(default=True)
    may_suggest = models.BooleanField(default=True)
    may_approve = models.BooleanField(default=False)
    invited_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    mail_problem = models.CharField(max_length=300, blank=True)

    ledger_name = "review.guest"

    class Meta:
        indexes = [models.Index(fields=["post", "-invited_at"], name="guest_of_post")]

    def __str__(self) -> str:
        return self.name


class Comment(Protected):
    """What somebody said of a post, of words in it, a spot in an image or a second of a video; or an answer to that.

    `quote` are the words as they stood in `part`, with `before` and `after` around them and their place `start`, by
    which they are found again. `x` and `y` count from the left and the top of the image `file`, 0 to 1. With `instead`
    it suggests other words for the quote, which the author takes over or declines.
    """

    class About(models.TextChoices):
        WHOLE = "whole"
        PHRASE = "phrase"
        SPOT = "spot"
        SECOND = "second"

    class Settled(models.TextChoices):
        TAKEN = "taken"
        DECLINED = "declined"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="comments")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="comments")
    version = models.PositiveIntegerField()  # of the post, when it was said
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    guest = models.ForeignKey(Guest, on_delete=models.PROTECT, null=True, related_name="comments")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="replies")
    text = models.TextField(max_length=TEXT_LENGTH, blank=True)
    said_at = models.DateTimeField()

    about = models.CharField(max_length=6, choices=About.choices, default=About.WHOLE)
    part = models.PositiveSmallIntegerField(default=0)
    quote = models.CharField(max_length=QUOTE_LENGTH, blank=True)
    before = models.CharField(max_length=AROUND, blank=True)
    after = models.CharField(max_length=AROUND, blank=True)
    start = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=32, blank=True)
    x = models.FloatField(null=True)
    y = models.FloatField(null=True)
    second = models.FloatField(null=True)

    instead = models.CharField(max_length=QUOTE_LENGTH, null=True)
    settled = models.CharField(max_length=8, choices=Settled.choices, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_word = models.CharField(max_length=WORD_LENGTH, blank=True)
    resolved_at = models.DateTimeField(null=True)

    ledger_name = "review.comment"

    class Meta:
        indexes = [models.Index(fields=["post", "said_at"], name="comment_of_post")]
        constraints = [
            models.CheckConstraint(
                name="comment_by_somebody",
                condition=Q(member__isnull=False, guest__isnull=True)
                | Q(member__isnull=True, guest__isnull=False),
            )
        ]

    @property
    def who(self) -> str:
        return str(self.member or self.guest)

    @property
    def suggests(self) -> bool:
        return self.instead is not None


def topic(post_id: UUID) -> tuple[str, str]:
    """What open pages with the comments of a post listen for."""
    return "review.post", str(post_id)
