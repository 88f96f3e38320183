"""The events that consent records. Words that people wrote are personal; so is which department said what."""

from quarterdeck import ledger

_kind = {"kind": ledger.plain()}

ledger.declare(
    ledger.Event(
        "consent.rules.changed",
        {
            "audience_hours": ledger.plain(),
            "per_day": ledger.plain(),
            "per_week": ledger.plain(),
            "audiences": ledger.plain(),
        },
        title="What counts as a conflict was changed",
    ),
    ledger.Event(
        "consent.against.made",
        {"one": ledger.plain(), "other": ledger.plain(), "days": ledger.plain(), "why": ledger.personal()},
        title="Two labels set against each other",
    ),
    ledger.Event("consent.against.ended", {}, title="Two labels no longer set against each other"),
    ledger.Event(
        "consent.conflict.found", {**_kind, "sides": ledger.plain()}, title="Conflict found by the system"
    ),
    ledger.Event("consent.conflict.changed", _kind, title="Conflict changed its shape"),
    ledger.Event("consent.conflict.returned", _kind, title="Conflict open again"),
    ledger.Event(
        "consent.conflict.decided",
        {**_kind, "decision": ledger.plain()},
        title="A consent round decided about the conflict",
    ),
    ledger.Event("consent.conflict.gone", _kind, title="Conflict gone by itself"),
    ledger.Event("consent.conflict.passed", _kind, title="Conflict happened unsettled"),
    ledger.Event(
        "consent.conflict.settled",
        {**_kind, "moved": ledger.plain(), "words": ledger.personal(), "decision": ledger.plain()},
        title="Conflict settled",
    ),
    ledger.Event(
        "consent.conflict.kept",
        {**_kind, "reason": ledger.personal(), "decision": ledger.plain()},
        title="Conflict kept as it is, by decision",
    ),
    ledger.Event(
        "consent.round.opened",
        {
            "title": ledger.personal(),
            "proposal": ledger.personal(),
            "changes": ledger.personal(),
            "last_day": ledger.plain(),
            "asked": ledger.plain(),
            "about": ledger.plain(),
        },
        title="Consent round opened",
    ),
    ledger.Event("consent.voice.consented", {"department": ledger.personal()}, title="Consented"),
    ledger.Event(
        "consent.voice.objected",
        {"department": ledger.personal(), "reason": ledger.personal(), "instead": ledger.personal()},
        title="Objected, with a reason and an alternative",
    ),
    ledger.Event("consent.voice.withdrawn", {"department": ledger.personal()}, title="Answer taken back"),
    ledger.Event(
        "consent.round.reminded", {"asked": ledger.plain()}, title="Those who had not answered reminded"
    ),
    ledger.Event(
        "consent.round.settled",
        {
            "how": ledger.plain(),
            "by_clock": ledger.plain(),
            "consented": ledger.plain(),
            "silent": ledger.plain(),
            "unreached": ledger.plain(),
            "objected": ledger.plain(),
            "outcome": ledger.personal(),
            "answer": ledger.personal(),
            "decision": ledger.plain(),
        },
        title="Consent round settled",
    ),
    ledger.Event("consent.round.withdrawn", {"reason": ledger.personal()}, title="Consent round withdrawn"),
    ledger.Event(
        "consent.points.set",
        {
            "number": ledger.plain(),
            "must": ledger.plain(),
            "good": ledger.plain(),
            "free": ledger.plain(),
            "weekly_loss": ledger.plain(),
            "musts": ledger.plain(),
            "reason": ledger.personal(),
        },
        title="Table of points set",
    ),
    ledger.Event(
        "consent.weight.set",
        {"department": ledger.plain(), "hundredths": ledger.plain(), "reason": ledger.personal()},
        title="A department’s weight in fair plans set",
    ),
    ledger.Event(
        "consent.plan.asked",
        {"span": ledger.plain(), "begins": ledger.plain(), "table": ledger.plain()},
        title="Fair plan asked for",
    ),
    ledger.Event(
        "consent.plan.answered",
        {"state": ledger.plain(), "placed": ledger.plain(), "gap": ledger.plain()},
        title="Fair plan worked out",
    ),
    ledger.Event(
        "consent.plan.adopted",
        {"placed": ledger.plain(), "decision": ledger.plain()},
        title="Fair plan adopted",
    ),
    ledger.Event("consent.plan.put_aside", {"reason": ledger.personal()}, title="Fair plan put aside"),
)
