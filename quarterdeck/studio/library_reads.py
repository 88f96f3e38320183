"""Looking for files: what the address of the library asks for, and what it finds, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.http import urlencode

from quarterdeck.crew.models import Workspace
from quarterdeck.studio import reads, uses
from quarterdeck.studio.models import Card, File, Shown

AHEAD = timedelta(days=14)  # how long before an end somebody is told
MOST_WORDS = 8

KINDS = {"wide": "Wide", "tall": "Tall", "square": "Square", "moving": "Moving picture", "video": "Video"}
RIGHTS = {
    "ended": "Rights have ended",
    "soon": "Rights end within 14 days",
    "consent": "Consent is missing or has ended",
    "unnoted": "Nobody noted whose it is",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for. Everything is optional; what makes no sense is left out rather than refused, because it
    comes from an address somebody kept."""

    q: str = ""
    folder: UUID | None = None
    tag: str = ""
    kind: str = ""
    rights: str = ""
    unused: bool = False
    aside: bool = False
    since: date | None = None
    until: date | None = None

    @property
    def any(self) -> bool:
        return self != Wish()

    def address(self, **other: object) -> str:
        """The query of an address that asks for this, with `other` instead of some of it."""
        every = {name: getattr(self, name) for name in self.__slots__} | other
        told = {name: value for name, value in every.items() if value}
        return urlencode({name: "1" if value is True else str(value) for name, value in told.items()})


def wish(asked: Mapping[str, str]) -> Wish:
    """The wish in the query of an address."""
    return Wish(
        q=asked.get("q", "").replace("\x00", "").strip()[:200],
        folder=_uuid(asked.get("folder", "")),
        tag=asked.get("tag", "").replace("\x00", "").strip().lower()[:40],
        kind=asked.get("kind", "") if asked.get("kind") in KINDS else "",
        rights=asked.get("rights", "") if asked.get("rights") in RIGHTS else "",
        unused=asked.get("unused") == "1",
        aside=asked.get("aside") == "1",
        since=_date(asked.get("since", "")),
        until=_date(asked.get("until", "")),
    )


def shelf(workspace: Workspace, wish: Wish, today: date) -> QuerySet[File]:
    """The files of the library that answer the wish, newest first; what was cut from others stands with those."""
    found = reads.light().filter(
        workspace=workspace, cut_from=None, card__put_aside_at__isnull=not wish.aside
    )
    for word in wish.q.lower().split()[:MOST_WORDS]:
        found = found.filter(Q(card__words__contains=word) | Q(name__icontains=word))
    if wish.folder:
        found = found.filter(card__folder=wish.folder)
    if wish.tag:
        found = found.filter(card__tags__contains=[wish.tag])
    if wish.kind:
        found = found.filter(_KINDS[wish.kind])
    if wish.rights:
        found = found.filter(_rights(wish.rights, today))
    if wish.since:
        found = found.filter(kept_at__gte=_midnight(workspace, wish.since))
    if wish.until:
        found = found.filter(kept_at__lt=_midnight(workspace, wish.until + timedelta(days=1)))
    if wish.unused:
        found = found.exclude(pk__in=_with_cuts_used(workspace))
    return found.order_by("-kept_at", "-pk")


_KINDS = {
    "wide": Q(width__gt=F("height")),
    "tall": Q(height__gt=F("width")),
    "square": Q(height=F("width")),
    "moving": Q(small__frames__gt=1),
    "video": Q(seconds__isnull=False),
}


def _rights(which: str, today: date) -> Q:
    if which == "ended":
        return Q(card__rights_until__lt=today)
    if which == "soon":
        return Q(card__rights_until__gte=today, card__rights_until__lte=today + AHEAD)
    if which == "unnoted":
        return Q(card=None) | Q(card__holder="")
    lacking = Q(withdrawn_at__isnull=False) | Q(given_on=None) | Q(given_on__gt=today) | Q(until__lt=today)
    return Q(Exists(Shown.objects.filter(lacking, file=OuterRef("pk"))))


def _with_cuts_used(workspace: Workspace) -> list[UUID]:
    """The files that are used, and those one of whose cuts is."""
    used = [UUID(one) for one in uses.used(workspace.pk)]
    cut = File.objects.filter(pk__in=used).exclude(cut_from=None).values_list("cut_from", flat=True)
    return [*used, *cut]


def tags(workspace: Workspace, most: int = 60) -> list[tuple[str, int]]:
    """The tags in use with how often, most used first."""
    counts: dict[str, int] = {}
    here = Card.objects.filter(file__workspace=workspace, put_aside_at=None).exclude(tags=[])
    for given in here.values_list("tags", flat=True):
        for tag in given:
            counts[tag] = counts.get(tag, 0) + 1
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:most]


def _midnight(workspace: Workspace, day: date) -> datetime:
    """When a day begins where the workspace is."""
    return datetime.combine(day, time.min, workspace.zone)


def _uuid(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None


def _date(words: str) -> date | None:
    try:
        given = date.fromisoformat(words)
    except ValueError:
        return None
    return given if 1990 <= given.year <= 2200 else None
