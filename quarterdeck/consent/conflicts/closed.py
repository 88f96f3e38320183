"""Dates on which nothing may go out, against what is planned inside and what was promised for inside."""

from __future__ import annotations

from collections.abc import Sequence

from quarterdeck.consent.conflicts.shapes import POST, REQUEST, SPAN, Asked, Closed, Finding, Planned, digest

KIND = "closed"


def inside(planned: Sequence[Planned], spans: Sequence[Closed]) -> list[Finding]:
    """Planned posts inside a blackout, or before the end of an embargo, that is about them."""
    found: dict[str, Finding] = {}
    for one in planned:
        for span in spans:
            if span.holds_at(one.at) and covers(span, one):
                sides = ((POST, one.post), (SPAN, span.span))
                made = _finding(one.post, span, sides, one.at)
                found.setdefault(made.key, made)
    return list(found.values())


def promised(asked: Sequence[Asked], spans: Sequence[Closed]) -> list[Finding]:
    """Accepted requests whose whole time lies inside: they cannot be kept as they were accepted."""
    found = []
    for one in asked:
        for span in spans:
            about = span.scope == "workspace" or (span.scope == "brand" and span.target == one.brand)
            if about and span.holds_at(one.opens) and one.closes <= span.ends:
                sides = ((REQUEST, one.request), (SPAN, span.span))
                found.append(_finding(one.request, span, sides, one.closes))
    return found


def covers(span: Closed, one: Planned) -> bool:
    """Whether the span is about this post as it is planned."""
    mine = {
        "brand": one.brands | {one.brand},
        "channel": one.channels,
        "label": one.labels,
        "post": frozenset({one.post}),
    }
    return span.scope == "workspace" or span.target in mine[span.scope]


def _finding(what, span: Closed, sides, at) -> Finding:
    stands = digest(at.isoformat(), span.begins, span.ends.isoformat())
    return Finding(KIND, f"{KIND}:{digest(what.hex, span.span.hex)}", sides, at, stands)
