"""What other rooms require of a post before it may go out (`registries.requirements`), as steps of its rules. Pure, as
`policies` is: publishing refuses without knowing why anybody wants it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from quarterdeck.core.registries import Requirement
from quarterdeck.publishing.policies import Rules, Seat, Step, Voice


def with_outside(rules: Rules, wanted: Iterable[Requirement]) -> Rules:
    """The same rules and what other rooms require besides; what comes before everybody else stands first."""
    wanted = list(wanted)
    if not wanted:
        return rules
    steps = [_step(one) for one in sorted(wanted, key=lambda one: not one.first) if not one.ended]
    apart = frozenset(link.hex for one in wanted for link in one.links)
    return replace(rules, steps=(*steps, *rules.steps), apart=apart)


def _step(one: Requirement) -> Step:
    seats = tuple(Seat("link", link.hex) for link in one.links)
    return Step(one.name, "any", seats, outside=True, first=one.first, why=one.why, reachable=one.reachable)


def unheard(rules: Rules, voices: Sequence[Voice]) -> list[Step]:
    """What other rooms require and none of these voices gave."""
    spoke = {voice.link for voice in voices}
    return [step for step in rules.outside if not any(seat.who in spoke for seat in step.seats)]
