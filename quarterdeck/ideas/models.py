"""What may become a post: an idea of one's own, or a swipe (somebody else's post that works), on its way from the
shelf to ready. Neither a date nor a channel is needed to keep one.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from quarterdeck.core import ids
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.ledger.models import Protected
from quarterdeck.publishing.models import Post

TITLE_LENGTH = 200
LINK_LENGTH = 2000
WORDS_LENGTH = 5000
WHY_LENGTH = 2000
MOST_IMAGES = 4
MOST_TAGS = 12
TAG_LENGTH = 30


class Kind(models.TextChoices):
    IDEA = "idea", "An idea of ours"
    SWIPE = "swipe", "Somebody else’s post"


class State(models.TextChoices):
    IDEA = "idea", "Ideas"
    BRIEF = "brief", "Brief"
    MAKING = "making", "Making"
    REVIEW = "reviewing", "Review"
    READY = "ready", "Ready"


class Size(models.TextChoices):
    SMALL = "S", "S, about an hour"
    MEDIUM = "M", "M, about a day"
    LARGE = "L", "L, several days"


class Format(models.TextChoices):
    TEXT = "text", "Text"
    PICTURE = "picture", "Picture"
    CAROUSEL = "carousel", "Carousel"
    VIDEO = "video", "Video"
    STORY = "story", "Story"
    OTHER = "other", "Something else"


class Way(models.TextChoices):
    """How it came onto the shelf."""

    FORM = "form", "typed in"
    BOOKMARKLET = "bookmarklet", "kept from a page"
    SHARE = "share", "shared from a phone"
    MAIL = "mail", "sent by mail"


class Idea(Protected):
    """One thing on the shelf. `words` is what it says where it was found; `images` are {"file", "alt"} of the studio.
    From `audience` on it is the brief; `owner` is who makes it now. `version` counts its edits."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="ideas")
    kind = models.CharField(max_length=5, choices=Kind.choices, default=Kind.IDEA)
    way = models.CharField(max_length=12, choices=Way.choices, default=Way.FORM)
    title = models.CharField(max_length=TITLE_LENGTH)
    link = models.CharField(max_length=LINK_LENGTH, blank=True)
    words = models.TextField(max_length=WORDS_LENGTH, blank=True)
    why = models.TextField(max_length=WHY_LENGTH, blank=True)
    images = models.JSONField(default=list, blank=True)
    tags = models.JSONField(default=list, blank=True)
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    state = models.CharField(max_length=9, choices=State.choices, default=State.IDEA)
    state_at = models.DateTimeField()
    aside_at = models.DateTimeField(null=True)

    audience = models.CharField(max_length=300, blank=True)
    message = models.TextField(max_length=2000, blank=True)
    proof = models.TextField(max_length=1000, blank=True)
    format = models.CharField(max_length=8, choices=Format.choices, blank=True)
    size = models.CharField(max_length=1, choices=Size.choices, blank=True)
    due = models.DateField(null=True)  # a day of the workspace's own zone
    owner = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    owner_at = models.DateTimeField(null=True)

    ledger_name = "ideas.idea"

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "state", "-state_at"], name="idea_on_the_board"),
            models.Index(
                fields=["owner"], name="idea_being_made", condition=Q(state="making", aside_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def short(self) -> str:
        """The title in at most 60 characters, for a place inside a sentence."""
        return self.title if len(self.title) <= 60 else self.title[:59].rstrip() + "…"

    @property
    def stands(self) -> str:
        """Its column, as said of one idea."""
        said = {State.IDEA: "on the shelf", State.MAKING: "being made", State.REVIEW: "in review"}
        return said.get(State(self.state), State(self.state).label)

    @property
    def has_brief(self) -> bool:
        return any([self.audience, self.message, self.proof, self.format, self.size, self.due, self.owner_id])


class Step(Protected):
    """An idea moved from one column to another. Its event is the act that can be undone; history shows no person."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="steps")
    before = models.CharField(max_length=9, choices=State.choices)
    after = models.CharField(max_length=9, choices=State.choices)
    moved_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    moved_at = models.DateTimeField()
    act = models.UUIDField()
    gave_owner = models.BooleanField(default=False)  # nobody made it before: whoever moved it does
    undone_at = models.DateTimeField(null=True)


class Origin(Protected):
    """A post that an idea became. An idea may become several."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="origins")
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="+")
    promoted_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    promoted_at = models.DateTimeField()


class Address(Protected):
    """A secret address by which a member sends ideas by mail. Found by its hash; sealed, so that its owner can read
    it again."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    token_hash = models.BinaryField(max_length=32, unique=True)
    token_sealed = models.BinaryField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    ledger_name = "ideas.address"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], name="idea_address_once", condition=Q(closed_at__isnull=True)
            )
        ]

    @property
    def workspace_id(self):
        return self.member.workspace_id
