"""What lies over the days of the calendar: spans, phases of campaigns, holidays and calendars from elsewhere; and what
it says against a post there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from quarterdeck.channels.models import Channel
from quarterdeck.core import clock
from quarterdeck.core.registries import Objection, Proposed
from quarterdeck.crew.models import Brand, Workspace
from quarterdeck.planning import held, rules
from quarterdeck.planning.entries import Entry, Note
from quarterdeck.planning.grid import Period
from quarterdeck.planning.models import MOST_SPANS, Layer, LayerDay, Rules, Span
from quarterdeck.publishing.models import Label, Post
from quarterdeck.strategy import reads as strategy

SHOWN_PER_DAY = 4
SYMBOLS = {"launch": "▲", "quiet": "◐", "blackout": "■", "embargo": "◧"}
PHASE = "▬"
_OBJECTS = (Span.Kind.QUIET, Span.Kind.BLACKOUT, Span.Kind.EMBARGO)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a layer says of a day: a symbol, words, a tone that repeats them; `blocks`: nothing can be planned."""

    symbol: str
    words: str
    tone: str = ""
    blocks: bool = False


def standing(
    workspace: Workspace | UUID, start: datetime | None = None, end: datetime | None = None
) -> list[Span]:
    """The spans that stand and touch the stretch between two instants; without them all that are not over."""
    found = Span.objects.filter(workspace=workspace, removed_at__isnull=True)
    found = found.filter(ends_at__gt=start or clock.now())
    if end:
        found = found.filter(Q(begins_at__isnull=True) | Q(begins_at__lt=end))
    return list(found.order_by("ends_at")[:MOST_SPANS])


def about(spans: Sequence[Span]) -> dict[UUID, str]:
    """What each span is for, in words inside a sentence: "everything", "the brand Harbour"."""
    named: dict[UUID, str] = {}
    for scope, model in (("brand", Brand), ("channel", Channel), ("label", Label), ("post", Post)):
        wanted = [one.target for one in spans if one.scope == scope]
        rows = model.objects.in_bulk(wanted) if wanted else {}
        for one in spans:
            if one.scope == scope:
                named[one.pk] = f"the {scope} “{rows.get(one.target, 'no longer there')}”"
    return {one.pk: named.get(one.pk, "everything") for one in spans}


# --- marks on the days ------------------------------------------------------------------------------


def marks(workspace: Workspace, period: Period, own: Rules, spans: Sequence[Span]) -> dict[date, list[Mark]]:
    """Per day of the period what lies over it: spans first, then phases of campaigns, slots that are held, holidays,
    and calendars from elsewhere."""
    found: dict[date, list[Mark]] = {}
    names = about(spans)
    for span in spans:
        mark = _mark(span, names[span.pk])
        for day in _days(span, workspace, period):
            found.setdefault(day, []).append(mark)
    for phase in strategy.phases(workspace, period.first, period.end):
        for day in _between(phase.begins, phase.ends, period):
            begins = day == phase.begins or day.weekday() == 0  # the campaign’s name once a row of the month
            words = f"{phase.campaign.name}: {phase.name}" if begins else phase.name
            found.setdefault(day, []).append(Mark(PHASE, words))
    for day, words in held.by_day(
        held.standing(workspace.pk, *period.instants(workspace.zone)), workspace.zone
    ):
        found.setdefault(day, []).append(Mark(held.SYMBOL, words))
    for day, words in rules.holidays(own.markets, period.first, period.end).items():
        found.setdefault(day, []).extend(Mark("★", one) for one in words)
    rows = LayerDay.objects.filter(
        layer__workspace=workspace,
        layer__removed_at__isnull=True,
        first__lt=period.end,
        last__gte=period.first,
    )
    for row in rows.order_by("first", "title")[:MOST_SPANS]:
        for day in _between(row.first, row.last, period):
            found.setdefault(day, []).append(Mark("◇", row.title))
    return {day: _bounded(here) for day, here in found.items()}


def _bounded(here: list[Mark]) -> list[Mark]:
    more = len(here) - SHOWN_PER_DAY
    return here if more <= 0 else [*here[:SHOWN_PER_DAY], Mark("+", f"{more} more on this day")]


def _mark(span: Span, whom: str) -> Mark:
    kind = span.get_kind_display()
    words = (
        f"{kind}: {span.title}" if span.scope == Span.Scope.WORKSPACE else f"{kind} for {whom}: {span.title}"
    )
    tone = "coral" if span.blocks else "amber" if span.kind in _OBJECTS else ""
    return Mark(SYMBOLS[span.kind], words, tone, span.blocks and span.scope == Span.Scope.WORKSPACE)


def _days(span: Span, workspace: Workspace, period: Period) -> Iterable[date]:
    """The days it touches; an embargo is marked on its last one, since it has no first."""
    zone = workspace.zone
    last = (span.ends_at - timedelta(seconds=1)).astimezone(zone).date()
    first = span.begins_at.astimezone(zone).date() if span.begins_at else last
    return _between(first, last, period)


def _between(first: date, last: date, period: Period) -> Iterable[date]:
    """The days from the first to the last that lie in the period."""
    day = max(first, period.first)
    while day <= last and day < period.end:
        yield day
        day += timedelta(days=1)


# --- what they say against a post -------------------------------------------------------------------


def covers(span: Span, post: UUID | None, brands: Set[UUID], channels: Set[UUID], labels: Set[UUID]) -> bool:
    """Whether the span is about a post with these brands (its own and its channels'), channels and labels."""
    mine: dict[str, Set] = {
        Span.Scope.BRAND: brands,
        Span.Scope.CHANNEL: channels,
        Span.Scope.LABEL: labels,
        Span.Scope.POST: {post},
    }
    return span.scope == Span.Scope.WORKSPACE or span.target in mine[Span.Scope(span.scope)]


def words(span: Span) -> str:
    """What the span says against a post inside it."""
    if span.kind == Span.Kind.EMBARGO:
        day, _, at = span.ends.partition("T")
        return f"The embargo “{span.title}” lasts until {day}, {at} {span.zone}."
    return f"That time lies in the {span.get_kind_display().lower()} “{span.title}”."


def objections(proposals: Sequence[Proposed]) -> list[list[Objection]]:
    """For publishing (core.registries.plan_checks): the spans that hold at each of these instants and are about that
    post. One question for all of them."""
    times = [one.due_at for one in proposals]
    spans = standing(proposals[0].workspace, min(times), max(times) + timedelta(seconds=1))
    spans = [one for one in spans if one.kind in _OBJECTS]
    return [[_objection(span) for span in spans if _stands_against(span, one)] for one in proposals]


def _stands_against(span: Span, proposed: Proposed) -> bool:
    if not span.holds_at(proposed.due_at):
        return False
    brands = {proposed.brand, *(one.brand_id for one in proposed.channels)}
    return covers(span, proposed.post, brands, {one.pk for one in proposed.channels}, proposed.labels)


def _objection(span: Span) -> Objection:
    step = "Choose another time, or ask a lead to change it on the page of layers."
    return Objection(words(span), span.blocks, step if span.blocks else "")


def note(entries: Iterable[Entry], spans: Sequence[Span], channel_brands: Mapping[UUID, UUID]) -> list[Entry]:
    """Note on each entry still to go out which spans it lies in. Returns those that a blocking span covers."""
    spans, inside = [one for one in spans if one.kind in _OBJECTS], []
    for entry in entries if spans else []:
        if not entry.open:
            continue
        channels = {pk for pk, _ in entry.channels}
        brands = {entry.brand_id, *(channel_brands[pk] for pk in channels if pk in channel_brands)}
        over = [
            one
            for one in spans
            if one.holds_at(entry.due_at) and covers(one, entry.post_id, brands, channels, entry.labels)
        ]
        for one in over:
            entry.notes.insert(0, Note(one.get_kind_display().lower(), words(one)))
        if any(one.blocks for one in over):
            inside.append(entry)
    return inside


def layers(workspace: Workspace) -> list[Layer]:
    """The calendars from elsewhere, by name."""
    return list(Layer.objects.filter(workspace=workspace, removed_at__isnull=True).order_by("title"))
