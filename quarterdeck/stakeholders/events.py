"""The events that stakeholders records. Names and addresses of people outside are in none of them, so that they can be
forgotten; whatever else somebody wrote is personal."""

from quarterdeck import ledger

_request = {name: ledger.personal() for name in ("what", "why", "audience", "assets", "otherwise")} | {
    name: ledger.plain() for name in ("request_kind", "need", "preferred_week", "latest", "way", "due_at")
}

ledger.declare(
    ledger.Event("stakeholders.department.made", {"label": ledger.personal()}, title="Department added"),
    ledger.Event("stakeholders.department.changed", {"label": ledger.personal()}, title="Department changed"),
    ledger.Event("stakeholders.department.ended", {}, title="Department ended"),
    ledger.Event("stakeholders.department.restored", {}, title="Department taken up again"),
    ledger.Event("stakeholders.department.readdressed", {}, title="Department given another mail address"),
    ledger.Event("stakeholders.door.made", {"until": ledger.plain()}, title="Link for requests made"),
    ledger.Event("stakeholders.door.revoked", {}, title="Link for requests revoked"),
    ledger.Event(
        "stakeholders.stakeholder.added",
        {"department": ledger.plain(), "heard": ledger.plain(), "language": ledger.plain()},
        title="Stakeholder added",
    ),
    ledger.Event(
        "stakeholders.stakeholder.changed",
        {"department": ledger.plain(), "heard": ledger.plain(), "language": ledger.plain()},
        title="Stakeholder changed",
    ),
    ledger.Event("stakeholders.stakeholder.ended", {}, title="Stakeholder ended"),
    ledger.Event("stakeholders.stakeholder.restored", {}, title="Stakeholder taken up again"),
    ledger.Event("stakeholders.stakeholder.erased", {"requests": ledger.plain()}, title="Stakeholder erased"),
    ledger.Event(
        "stakeholders.stakeholder.asked",
        {"about": ledger.plain(), "about_id": ledger.plain()},
        title="Stakeholder asked a question",
    ),
    ledger.Event(
        "stakeholders.interest.noted",
        {"about": ledger.plain(), "words": ledger.personal()},
        title="Interest noted",
    ),
    ledger.Event("stakeholders.interest.ended", {}, title="Interest ended"),
    ledger.Event("stakeholders.request.asked", _request, title="Request made"),
    ledger.Event(
        "stakeholders.request.accepted",
        {"reason": ledger.personal(), "week": ledger.plain(), "into": ledger.plain()},
        title="Request accepted",
    ),
    ledger.Event(
        "stakeholders.request.proposed",
        {"reason": ledger.personal(), "week": ledger.plain()},
        title="Another way proposed for a request",
    ),
    ledger.Event("stakeholders.request.declined", {"reason": ledger.personal()}, title="Request declined"),
    ledger.Event(
        "stakeholders.request.agreed", {"week": ledger.plain()}, title="Proposal agreed to by the requester"
    ),
    ledger.Event(
        "stakeholders.request.other_week",
        {"week": ledger.plain(), "reason": ledger.personal()},
        title="Another week asked for by the requester",
    ),
    ledger.Event("stakeholders.request.withdrawn", {"reason": ledger.personal()}, title="Request withdrawn"),
    ledger.Event(
        "stakeholders.request.added", {"text": ledger.personal()}, title="Something added to a request"
    ),
    ledger.Event("stakeholders.request.joined", {"post": ledger.plain()}, title="Post joined to a request"),
    ledger.Event("stakeholders.request.parted", {"post": ledger.plain()}, title="Post taken off a request"),
    ledger.Event(
        "stakeholders.request.kept_as_idea", {"idea": ledger.plain()}, title="Request kept as an idea"
    ),
    ledger.Event("stakeholders.request.went_out", {"post": ledger.plain()}, title="Request is out"),
    ledger.Event(
        "stakeholders.request.ordered", {"after": ledger.plain()}, title="Request set after another"
    ),
    ledger.Event("stakeholders.request.unnamed", {}, title="Who asked was erased from a request"),
    ledger.Event(
        "stakeholders.answer_time.set",
        {"request_kind": ledger.plain(), "hours": ledger.plain()},
        title="Time to an answer set",
    ),
)
