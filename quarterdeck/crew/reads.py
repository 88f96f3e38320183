"""What pages and other rooms ask about people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Case, Count, Q, QuerySet, When
from django.urls import reverse

from quarterdeck.core import clock, secrets
from quarterdeck.core.problems import NotFound
from quarterdeck.core.registries import SearchHit
from quarterdeck.crew import naming
from quarterdeck.crew.models import (
    Absence,
    Destination,
    Invitation,
    Look,
    Member,
    Notification,
    SignedLink,
    Unmasking,
    User,
    Workspace,
)
from quarterdeck.crew.models.privacy import SHOWN_FOR
from quarterdeck.crew.permissions import MATRIX, ROOMS, STANDS_IN, WORDS, Role
from quarterdeck.ledger import reads as ledger_reads


def members(workspace: Workspace) -> QuerySet[Member]:
    """Present members, by name."""
    return workspace.members.filter(left_at=None).select_related("user").order_by("user__name", "joined_at")


def ever_members(workspace: Workspace) -> list[Member]:
    """Who is or ever was a member, by name: whoever left can be erased too."""
    return list(workspace.members.select_related("user").order_by("user__name", "joined_at"))


def colleagues(member: Member) -> QuerySet[Member]:
    """The other present members, by name."""
    return members(member.workspace).exclude(pk=member.pk)


def stand_ins(member: Member) -> list[Member]:
    """Who is turned to when this member does not answer: the colleague they named, else the leads. Empty when nobody
    else is here."""
    others = list(Member.objects.filter(workspace=member.workspace_id, left_at=None).select_related("user"))
    named = [o for o in others if o.pk == member.stand_in_id and o.pk != member.pk and o.role in STANDS_IN]
    return named or [o for o in others if o.pk != member.pk and o.role in {Role.OWNER, Role.LEAD}]


def own_absences(member: Member) -> list[Absence]:
    """When this member will be away or is, the soonest first. For their own page."""
    found = Absence.objects.filter(
        member=member, withdrawn_at__isnull=True, last__gte=_today(member.workspace)
    )
    return list(found.order_by("first"))


def own_absence(member: Member, pk: UUID) -> Absence:
    """One of this member's own; NotFound for any other."""
    found = Absence.objects.filter(member=member, pk=pk).first()
    if found is None:
        raise NotFound("There is no such thing in this workspace.")
    return found


def away_now(workspace: Workspace) -> dict[UUID, date]:
    """Who is away today, with the last day of it, by the member's id."""
    today = _today(workspace)
    found = Absence.objects.filter(
        workspace=workspace, withdrawn_at__isnull=True, first__lte=today, last__gte=today
    )
    return dict(found.values_list("member_id", "last"))


def leave(workspace: Workspace, permission: str, days: Sequence[date]) -> tuple[int, int]:
    """Of these days, how many working days the present members whose role carries the permission have together, and on
    how many of those one of them is away. Nobody is named."""
    here = Member.objects.filter(workspace=workspace, left_at=None, role__in=MATRIX[permission])
    people = set(here.values_list("pk", flat=True))
    if not days or not people:
        return len(days) * len(people), 0
    away = Absence.objects.filter(
        member__in=people, withdrawn_at__isnull=True, first__lte=max(days), last__gte=min(days)
    )
    spans = list(away.values_list("member_id", "first", "last"))
    gone = {(member, day) for member, first, last in spans for day in days if first <= day <= last}
    return len(days) * len(people), len(gone)


def _today(workspace: Workspace) -> date:
    return clock.now().astimezone(workspace.zone).date()


def workspaces(user: User) -> list[Member]:
    """The person's present memberships, by workspace name."""
    found = Member.objects.filter(user=user, left_at=None).select_related("workspace")
    return list(found.order_by("workspace__name", "joined_at"))


def open_invitations(workspace: Workspace) -> QuerySet[Invitation]:
    """Invitations that still let somebody in, newest first."""
    return (
        workspace.invitations.filter(accepted_at=None, revoked_at=None, expires_at__gt=clock.now())
        .select_related("invited_by__user")
        .order_by("-created_at")
    )


def issued_links(workspace: Workspace, purpose: str = "") -> QuerySet[SignedLink]:
    """The links of the workspace (of one purpose), those that still open first, then newest first, with `times_opened`
    (minutes)."""
    found = workspace.links.filter(purpose=purpose) if purpose else workspace.links
    opens = Q(revoked_at=None, expires_at__gt=clock.now())
    return (
        found.select_related("issued_by__user")
        .annotate(times_opened=Count("openings"))
        .order_by(Case(When(opens, then=0), default=1), "-created_at", "pk")
    )


def links_open(workspace: Workspace) -> dict[str, int]:
    """Per purpose that any link of the workspace has, how many still open."""
    opens = Q(revoked_at=None, expires_at__gt=clock.now())
    return dict(
        workspace.links.values("purpose").annotate(n=Count("pk", filter=opens)).values_list("purpose", "n")
    )


def notifications(member: Member, most: int = 50) -> list[Notification]:
    return list(Notification.objects.filter(member=member).order_by("-created_at")[:most])


def unread(member: Member) -> int:
    """How many notifications the member has not read; the number beside the bell."""
    return Notification.objects.filter(member=member, read_at=None).count()


def who_may() -> list[tuple[str, list[tuple[str, list[bool]]]]]:
    """The permission matrix for reading: per room, per permission in words, a mark for each role."""
    rooms: dict[str, list[tuple[str, list[bool]]]] = {}
    for permission, roles in MATRIX.items():
        if not roles:
            continue  # belongs to whoever owns the installation, in any role
        room, noun, doing = permission.split(".")
        parts = f"{doing.replace('_', ' ')} {noun.replace('_', ' ')}".capitalize()
        words = WORDS.get(permission, parts)
        rooms.setdefault(ROOMS.get(room, room.capitalize()), []).append(
            (words, [role in roles for role in Role.values])
        )
    return list(rooms.items())


def search(who: Member, query: str, limit: int) -> list[SearchHit]:
    """Brands, for whoever may change them. Nothing is found by a person’s name: who is here stands under People."""
    if not who.may("crew.brand.change"):
        return []
    brands = who.workspace.brands.filter(name__icontains=query).order_by("name")[:limit]
    page = reverse("crew-brands", kwargs={"workspace": who.workspace.slug})
    return [SearchHit(brand.name, "Brand", page) for brand in brands]


def looks(member: Member, most: int = 100) -> list[dict]:
    """Who opened what names this member, newest day first, by role. Not their own role’s list of everybody’s looks:
    a look is told to each who was named by it."""
    found = Look.objects.filter(workspace=member.workspace_id)
    found = found.filter(Q(concerned=None) | Q(concerned=member), day__gte=member.joined_at.date())
    return [
        {"words": row.get_what_display(), "by": naming.of_role(row.role), "day": row.day}
        for row in found.order_by("-day", "what", "role")[:most]
    ]


def unmaskings_of(member: Member) -> list[Unmasking]:
    """The entries behind which this member’s name was shown, newest first."""
    found = Unmasking.objects.filter(workspace=member.workspace_id, concerned=member, granted=True)
    return _titled(found.select_related("asked_by__user", "decided_by__user").order_by("-decided_at"))


def unmaskings(member: Member) -> dict[str, object]:
    """What is asked and not decided; what this member is shown today; and whether nobody else could decide."""
    found = Unmasking.objects.filter(workspace=member.workspace_id)
    now = clock.now()
    mine = found.filter(
        Q(asked_by=member) | Q(decided_by=member), granted=True, decided_at__gt=now - SHOWN_FOR
    )
    shown = _titled(mine.select_related("concerned__user").order_by("-decided_at"))
    for row in shown:
        hours = int((row.ends_at - now).total_seconds() // 3600)
        row.left = f"{hours} hour{'s' * (hours != 1)}" if hours else "less than an hour"
    deciders = Member.objects.filter(
        workspace=member.workspace_id, left_at=None, role__in=MATRIX["crew.unmasking.decide"]
    )
    return {
        "open": _titled(found.filter(decided_at=None).select_related("asked_by__user").order_by("asked_at")),
        "shown": shown,
        "alone": not deciders.exclude(pk=member.pk).exists(),
    }


def _titled(found: QuerySet[Unmasking]) -> list[Unmasking]:
    """Each with `title`: what its entry says in words."""
    rows = list(found)
    titles = ledger_reads.titles([row.entry for row in rows])
    for row in rows:
        row.title = titles.get(row.entry, "The entry")
    return rows


def open_destination(destination: Destination) -> str:
    """The Apprise address, unsealed."""
    context = f"crew.destination:{destination.pk}"
    return secrets.unseal(bytes(destination.url_sealed), context=context).decode()
