"""The events that strategy records. Whatever a person wrote is personal; dates, shares and the numbers of key results
are plain, so that it can be shown later what was set first and what came of it."""

from quarterdeck import ledger

_p, _w = ledger.plain(), ledger.personal()
_span = {"begins": _p, "ends": _p}
_brief = {
    "label": _w,
    "audience": _w,
    "message": _w,
    "proof": _w,
    "stop_if": _w,
    "budget": _w,
    "objective": _p,
    "channels": _p,
    **_span,
}

ledger.declare(
    ledger.Event(
        "strategy.objective.made",
        {"title": _w, "why": _w, "brand": _p, "parent": _p, **_span},
        title="Objective set",
    ),
    ledger.Event(
        "strategy.objective.changed", {"title": _w, "why": _w, "parent": _p}, title="Objective changed"
    ),
    ledger.Event(
        "strategy.objective.moved",
        {"before": _p, "after": _p, "reason": _w},
        title="Objective given another last day",
    ),
    ledger.Event(
        "strategy.objective.read_out",
        {"verdict": _p, "reason": _w, "values": _p, "days_after": _p},
        title="Objective read out",
    ),
    ledger.Event(
        "strategy.key_result.made",
        {"measure": _w, "unit": _w, "start": _p, "target": _p, "objective": _p, **_span},
        title="Key result set",
    ),
    ledger.Event(
        "strategy.key_result.retargeted",
        {"before": _p, "after": _p, "reason": _w},
        title="Key result given another target",
    ),
    ledger.Event("strategy.key_result.dropped", {"reason": _w}, title="Key result dropped"),
    ledger.Event(
        "strategy.key_result.checked_in",
        {"value": _p, "as_of": _p, "note": _w},
        title="Value of a key result noted",
    ),
    ledger.Event(
        "strategy.key_result.check_in_withdrawn",
        {"value": _p, "as_of": _p},
        title="Noted value taken back",
    ),
    ledger.Event("strategy.campaign.made", {"brand": _p, **_brief}, title="Campaign begun"),
    ledger.Event("strategy.campaign.changed", _brief, title="Brief of a campaign changed"),
    ledger.Event("strategy.campaign.ended", {"note": _w}, title="Campaign ended"),
    ledger.Event("strategy.campaign.reopened", {}, title="Campaign opened again"),
    ledger.Event("strategy.phase.added", {"label": _w, "campaign": _p, **_span}, title="Phase added"),
    ledger.Event("strategy.phase.removed", {}, title="Phase taken out"),
    ledger.Event(
        "strategy.checklist.added", {"label": _w, "lines": _p, "campaign": _p}, title="Checklist added"
    ),
    ledger.Event("strategy.checklist.removed", {}, title="Checklist taken out"),
    ledger.Event("strategy.checklist.ticked", {"line": _p}, title="Line of a checklist ticked"),
    ledger.Event("strategy.checklist.unticked", {"line": _p}, title="Line of a checklist opened again"),
    ledger.Event("strategy.template.made", {"label": _w, "lines": _p}, title="Checklist template made"),
    ledger.Event("strategy.template.changed", {"label": _w, "lines": _p}, title="Checklist template changed"),
    ledger.Event("strategy.template.retired", {}, title="Checklist template retired"),
    ledger.Event("strategy.template.restored", {}, title="Checklist template in use again"),
    ledger.Event("strategy.pillar.made", {"label": _w, "note": _w, "brand": _p}, title="Pillar made"),
    ledger.Event("strategy.pillar.changed", {"label": _w, "note": _w}, title="Pillar changed"),
    ledger.Event("strategy.pillar.retired", {}, title="Pillar retired"),
    ledger.Event("strategy.pillar.restored", {}, title="Pillar in use again"),
    ledger.Event("strategy.mix.set", {"shares": _p}, title="Intended mix of pillars set"),
)

ledger.declare(
    ledger.Event(
        "strategy.decision.made",
        {
            **dict.fromkeys(
                ("title", "context", "options", "because", "expected", "unit", "heard"), ledger.personal()
            ),
            **dict.fromkeys(("choice", "number", "due", "about", "about_id", "supersedes"), ledger.plain()),
        },
        title="Decision made",
    ),
    ledger.Event(
        "strategy.decision.superseded",
        {"decision": ledger.plain()},
        title="Another decision took the place of this one",
    ),
    ledger.Event(
        "strategy.outcome.noted",
        {
            "verdict": ledger.plain(),
            "number": ledger.plain(),
            "decision": ledger.plain(),
            "words": ledger.personal(),
        },
        title="What came of a decision noted",
    ),
)
