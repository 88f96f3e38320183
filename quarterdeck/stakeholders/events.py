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
    ledger.Event(
        "stakeholders.request.replanned",
        {"reason": ledger.personal(), "week": ledger.plain()},
        title="Accepted request has another time",
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

# --- consults, digests, windows, questions to the expert ----------------------------------------------

_rule = {
    "department": ledger.plain(),
    "before": ledger.plain(),
    "words": ledger.personal(),
    "claims": ledger.plain(),
}
_about_text = {"text_hash": ledger.plain(), "department": ledger.plain()}

ledger.declare(
    ledger.Event("stakeholders.consult_rule.made", _rule, title="Consult rule made"),
    ledger.Event("stakeholders.consult_rule.changed", _rule, title="Consult rule changed"),
    ledger.Event("stakeholders.consult_rule.retired", {}, title="Consult rule ended"),
    ledger.Event(
        "stakeholders.consult.opened",
        {"department": ledger.plain()},
        title="Department given a link to a post",
    ),
    ledger.Event(
        "stakeholders.consult.ended",
        {"department": ledger.plain()},
        title="Link of a department to a post ended",
    ),
    ledger.Event(
        "stakeholders.consult.asked",
        {**_about_text, "why": ledger.personal()},
        title="Department asked about a post",
    ),
    ledger.Event("stakeholders.consult.caught", {}, title="Post caught that went past a department"),
    ledger.Event(
        "stakeholders.consult.let_go",
        {**_about_text, "reason": ledger.personal()},
        title="Post let go without a department",
    ),
    ledger.Event(
        "stakeholders.digest.planned",
        {"on": ledger.plain(), "hour": ledger.plain()},
        title="Weekly digest set",
    ),
    ledger.Event(
        "stakeholders.digest.made",
        {"week": ledger.plain(), "lines": ledger.plain()},
        title="Weekly digest made",
    ),
    ledger.Event("stakeholders.reader.zoned", {}, title="Zone of a reader set"),
    ledger.Event("stakeholders.reader.linked", {}, title="Reader given a link to end the digest"),
    ledger.Event("stakeholders.reader.ended", {}, title="Weekly digest ended for a reader"),
    ledger.Event("stakeholders.reader.begun", {}, title="Weekly digest begun again for a reader"),
    ledger.Event(
        "stakeholders.window.opened", {"until": ledger.plain()}, title="Link to a department’s window made"
    ),
    ledger.Event("stakeholders.window.closed", {}, title="Link to a department’s window revoked"),
    ledger.Event(
        "stakeholders.expert_question.asked",
        {"words": ledger.personal(), "department": ledger.plain()},
        title="Question asked",
    ),
    ledger.Event(
        "stakeholders.expert_question.answered",
        {
            "text": ledger.personal(),
            "sources": ledger.personal(),
            "from_experience": ledger.plain(),
            "expires_on": ledger.plain(),
        },
        title="Question answered",
    ),
    ledger.Event(
        "stakeholders.expert_question.put_aside", {"reason": ledger.personal()}, title="Question put aside"
    ),
    ledger.Event("stakeholders.expert_question.unnamed", {}, title="Who asked was erased from a question"),
    ledger.Event("stakeholders.expert_question.taken_up", {}, title="Question taken up again"),
)
