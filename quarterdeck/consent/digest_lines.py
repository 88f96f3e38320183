"""What of consent stands in a stakeholder's weekly mail: the proposals that wait for their word, and what came of those
they were heard about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from quarterdeck.consent.models import Round, Voice
from quarterdeck.core.registries import DigestFor, DigestLine
from quarterdeck.crew import links
from quarterdeck.shell.templatetags.shell import moment

MOST = 30  # lines of a kind
_CAME = {
    Round.State.ADOPTED: "was adopted",
    Round.State.CHANGED: "was adopted with changes",
    Round.State.WITHDRAWN: "was withdrawn",
}


def lines(wanted: DigestFor) -> Iterable[DigestLine]:
    """Of their own voice only: what others said stands behind their link, without names."""
    mine = Voice.objects.filter(stakeholder=wanted.stakeholder, round__workspace=wanted.workspace)
    mine = mine.select_related("round__workspace", "link")
    yield from _waiting(wanted, mine.filter(round__state=Round.State.OPEN, round__opened_at__lt=wanted.until))
    yield from _settled(mine.filter(round__settled_at__gte=wanted.since, round__settled_at__lt=wanted.until))


def _waiting(wanted: DigestFor, voices) -> Iterator[DigestLine]:
    for one in voices.order_by("round__last_day")[:MOST]:
        if one.answer or not one.round.runs(wanted.until):
            continue
        words = f"“{one.round.short}” waits for your word until {moment(one.round.last_day)}; after that day"
        yield DigestLine("asked", f"{words} silence is consent.", one.round.opened_at, _door(one))


def _settled(voices) -> Iterator[DigestLine]:
    for one in voices.order_by("round__settled_at")[:MOST]:
        words = f"“{one.round.short}” {_CAME[Round.State(one.round.state)]}."
        if one.round.by_clock:
            words += " Nobody had objected when its day was over."
        yield DigestLine("decided", words, one.round.settled_at, _door(one))


def _door(voice: Voice) -> str:
    return links.link_url(voice.token) if voice.link.is_open() else ""
