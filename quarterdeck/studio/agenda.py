"""What the library asks for on the Desk: rights and consents that end, while something uses the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse

from quarterdeck.core.registries import AgendaItem, ItemAction, MediaUse
from quarterdeck.crew.models import Member
from quarterdeck.studio import reads, uses
from quarterdeck.studio.library_reads import AHEAD
from quarterdeck.studio.models import File, Shown

BEHIND = timedelta(days=30)  # how long an end that passed is told where only what is out uses the file
MOST = 100


@dataclass(frozen=True, slots=True)
class End:
    """Something that ends, or ended: the rights to a file, or a consent. `withdrawn`: somebody took it back."""

    file: File
    what: str
    ends: str
    key: str
    on: date
    withdrawn: bool = False

    @property
    def files(self) -> list[str]:
        """The file and what was cut from it, by their ids in hexadecimal."""
        return [self.file.pk.hex, *(cut.pk.hex for cut in self.file.cuts.all())]


def agenda(who: Member, now: datetime) -> Iterable[AgendaItem]:
    """One item an end; in no order: the Desk ranks."""
    if not who.may("studio.file.license"):
        return
    today = now.astimezone(who.workspace.zone).date()
    ends = [*_rights(who, today), *_consents(who, today)]
    found = uses.of(who.workspace_id, [pk for end in ends for pk in end.files])
    for end in ends:
        own = [use for use in found if use.file in end.files]
        if own and (end.on >= today - BEHIND or any(use.state == "planned" for use in own)):
            yield _item(who, end, own, now)


def _files(who: Member) -> QuerySet[File]:
    found = reads.light().filter(workspace=who.workspace_id, cut_from=None, card__put_aside_at=None)
    return found.prefetch_related(Prefetch("cuts", File.objects.only("pk", "cut_from")))


def _rights(who: Member, today: date) -> Iterable[End]:
    for file in (
        _files(who).filter(card__rights_until__lte=today + AHEAD).order_by("-card__rights_until")[:MOST]
    ):
        on = file.card.rights_until
        yield End(file, "The rights to", "end on", f"studio.rights:{file.pk}:{on}", on)


def _consents(who: Member, today: date) -> Iterable[End]:
    """Consents that end by their date, and those that were taken back."""
    ends = Q(until__lte=today + AHEAD) | Q(withdrawn_at__isnull=False)
    people = Shown.objects.filter(ends, file__workspace=who.workspace_id).order_by("-until")[:MOST]
    files = {file.pk: file for file in _files(who).filter(pk__in=[one.file_id for one in people])}
    for one in people:
        if one.file_id in files:
            back = one.withdrawn_at
            on = back.astimezone(who.workspace.zone).date() if back else one.until
            key = f"studio.consent:{one.pk}:{on}"
            yield End(files[one.file_id], "A consent for", "ends on", key, on, withdrawn=back is not None)


def _item(who: Member, end: End, own: list[MediaUse], now: datetime) -> AgendaItem:
    zone, today = who.workspace.zone, now.astimezone(who.workspace.zone).date()
    midnight = datetime.combine(end.on + timedelta(days=1), time.min, zone)
    planned = [use for use in own if use.state == "planned"]
    over = end.withdrawn or end.on < today
    broken = planned if over else [use for use in planned if use.when and use.when >= midnight]
    verb = "was taken back on" if end.withdrawn else "ended on" if over else end.ends
    page = reverse("studio-card", kwargs={"workspace": who.workspace.slug, "pk": end.file.pk})
    return AgendaItem(
        key=end.key,
        kind="decide" if planned else "notice",
        title=f"{end.what} “{end.file.title}” {verb} {reads.day(end.on)}",
        why=f"{_why(broken, planned, own, zone)} Have it prolonged, or take the picture out.",
        url=page,
        since=min(now, datetime.combine(end.on - AHEAD, time.min, zone)),
        consequence=84 if broken else 62 if planned else 34,
        due=None if over else midnight,
        actions=(ItemAction("Open the file", page, primary=True),),
        can_be_done=not planned,
    )


def _why(broken: list[MediaUse], planned: list[MediaUse], own: list[MediaUse], zone: ZoneInfo) -> str:
    if broken:
        when = f" for {reads.day(broken[0].when.astimezone(zone))}, after that" if broken[0].when else ""
        return f"“{broken[0].title}” is planned{when}."
    if planned:
        return f"“{planned[0].title}” is planned before that."
    return f"{len(own)} {'post carries' if len(own) == 1 else 'posts carry'} it; none is planned."
