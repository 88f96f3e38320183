"""What pages and other rooms ask about ideas. Every question is asked inside one workspace, none of them by person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from quarterdeck.core import secrets
from quarterdeck.core.problems import NotFound
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.ideas.models import Address, Idea, Kind, Origin, State
from quarterdeck.publishing import reads as posts
from quarterdeck.publishing.models import Delivery, Post
from quarterdeck.publishing.reads import Line
from quarterdeck.studio import reads as studio

MOST_IN_A_COLUMN = 100
MOST_ASIDE = 50
MOST_TAGS_SHOWN = 16


@dataclass(frozen=True, slots=True)
class Wish:
    """What of the shelf is asked for; empty is everything."""

    tag: str = ""
    kind: str = ""
    state: str = ""

    @property
    def any(self) -> bool:
        return bool(self.tag or self.kind or self.state)


@dataclass(slots=True)
class Card:
    """An idea on the board, with how many posts it became and how many of those are out."""

    idea: Idea
    posts: int = 0
    out: int = 0
    picture: str = ""  # id of the first picture's file


@dataclass(slots=True)
class Column:
    state: State
    cards: list[Card] = field(default_factory=list)
    more: bool = False  # there are more than are shown
    query: str = ""  # shows it alone; the page fills it in


def idea(workspace: Workspace, pk: UUID) -> Idea:
    """One idea of this workspace; NotFound for any other."""
    found = Idea.objects.filter(workspace=workspace, pk=pk).select_related("workspace", "owner__user").first()
    if found is None:
        raise NotFound("There is no such idea in this workspace.")
    return found


def board(workspace: Workspace, wish: Wish) -> list[Column]:
    """The columns that are asked for; in each what came there last stands first, what is due soon before it."""
    states = [State(wish.state)] if wish.state in State.values else list(State)
    columns = []
    for state in states:
        rows = _wished(workspace, wish).filter(state=state, aside_at__isnull=True)
        found = list(rows.order_by("due", "-state_at")[: MOST_IN_A_COLUMN + 1])
        columns.append(Column(state, cards(found[:MOST_IN_A_COLUMN]), len(found) > MOST_IN_A_COLUMN))
    return columns


def aside(workspace: Workspace, wish: Wish) -> list[Idea]:
    """What was put aside, the last first."""
    return list(_wished(workspace, wish).filter(aside_at__isnull=False).order_by("-aside_at")[:MOST_ASIDE])


def _wished(workspace: Workspace, wish: Wish) -> QuerySet[Idea]:
    rows = Idea.objects.filter(workspace=workspace).select_related("owner__user")
    if wish.tag:
        rows = rows.filter(tags__contains=[wish.tag])
    if wish.kind in Kind.values:
        rows = rows.filter(kind=wish.kind)
    return rows


def cards(ideas: Sequence[Idea]) -> list[Card]:
    """The ideas with what they became, in the order given; two questions for all of them."""
    made = {one.pk: Card(one, picture=_first_picture(one)) for one in ideas}
    origins = list(
        Origin.objects.filter(idea__in=made, post__discarded_at__isnull=True).values("idea", "post")
    )
    out = _out([one["post"] for one in origins])
    for one in origins:
        made[one["idea"]].posts += 1
        made[one["idea"]].out += one["post"] in out
    return list(made.values())


def _first_picture(one: Idea) -> str:
    return str(UUID(one.images[0]["file"])) if one.images else ""


def _out(pks: Sequence[UUID]) -> set[UUID]:
    """Those of the posts that are out somewhere: accepted by a network, or a person looked and said so."""
    said = Q(state="ambiguous", settlements__how="out", settlements__undone_at__isnull=True)
    rows = (
        Delivery.objects.filter(Q(state="accepted") | said, post__in=pks) if pks else Delivery.objects.none()
    )
    return set(rows.values_list("post", flat=True))


def posts_of(one: Idea) -> list[Line]:
    """The posts it became, the first first, each with how it stands now."""
    made = one.origins.order_by("promoted_at").values_list("post", flat=True)
    return [posts.line(posts.post(one.workspace, pk)) for pk in made]


def origin_of(post: Post) -> Idea | None:
    """The idea that a post came from."""
    found = Origin.objects.filter(post=post).select_related("idea__workspace").first()
    return found.idea if found else None


def open_draft(one: Idea) -> UUID | None:
    """The newest of its posts that can still be worked on: not discarded, and nothing of it going or gone."""
    going = Delivery.objects.exclude(state__in=("intent", "cancelled")).values("post")
    rows = one.origins.filter(post__discarded_at__isnull=True).exclude(post__in=going)
    return rows.order_by("-promoted_at").values_list("post", flat=True).first()


def pictures(one: Idea) -> list[dict]:
    """Its pictures, each with the file's id, name, width and height; one that is not here is left out."""
    files = studio.files(one.workspace_id, [i["file"] for i in one.images]) if one.images else {}
    known = [(i, files[i["file"]]) for i in one.images if i["file"] in files]
    return [i | {"pk": f.pk, "name": f.name, "width": f.width, "height": f.height} for i, f in known]


def tags(workspace: Workspace) -> list[tuple[str, int]]:
    """The tags on the board with how many ideas carry each, the commonest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tag, count(*) FROM ideas_idea, jsonb_array_elements_text(tags) AS tag"
            " WHERE workspace_id = %s AND aside_at IS NULL GROUP BY tag ORDER BY 2 DESC, 1 LIMIT %s",
            [workspace.pk, MOST_TAGS_SHOWN],
        )
        return list(cursor.fetchall())


def find(workspace: Workspace, words: str, limit: int) -> list[Idea]:
    """Ideas that hold all the words, anywhere in them, newest first; also those put aside."""
    rows = Idea.objects.filter(workspace=workspace)
    for one in words.split()[:8]:
        word = one.lstrip("#")
        said = Q(title__icontains=one) | Q(words__icontains=one) | Q(why__icontains=one)
        rows = rows.filter(
            said | Q(message__icontains=one) | Q(link__icontains=one) | Q(tags__icontains=word)
        )
    return list(rows.order_by("-changed_at")[:limit])


def being_made(owner: Member) -> list[Idea]:
    """What this member makes now, the soonest due first. For their own Desk, and nobody else's."""
    rows = Idea.objects.filter(owner=owner, state=State.MAKING, aside_at__isnull=True)
    return list(rows.select_related("workspace").order_by("due", "owner_at")[:MOST_IN_A_COLUMN])


def has_any(workspace: Workspace) -> bool:
    return Idea.objects.filter(workspace=workspace).exists()


def address(member: Member) -> Address | None:
    """The open mail address of a member."""
    return Address.objects.filter(member=member, closed_at__isnull=True).first()


def token(found: Address) -> str:
    """The secret part of a mail address, for its owner's eyes."""
    return secrets.unseal(bytes(found.token_sealed), context=f"ideas.address:{found.pk}").decode()
