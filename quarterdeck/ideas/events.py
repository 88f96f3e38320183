"""The events that ideas records. Whatever a person wrote is personal."""

from quarterdeck import ledger

ledger.declare(
    ledger.Event(
        "ideas.idea.kept",
        {
            "title": ledger.personal(),
            "link": ledger.personal(),
            "why": ledger.personal(),
            "idea_kind": ledger.plain(),
            "way": ledger.plain(),
        },
        title="Idea kept",
    ),
    ledger.Event(
        "ideas.idea.changed",
        {
            "title": ledger.personal(),
            "link": ledger.personal(),
            "why": ledger.personal(),
            "message": ledger.personal(),
            "size": ledger.plain(),
            "due": ledger.plain(),
            "owner_changed": ledger.plain(),
        },
        title="Idea or its brief changed",
    ),
    ledger.Event(
        "ideas.idea.moved",
        {"before": ledger.plain(), "after": ledger.plain()},
        title="Idea moved on the board",
    ),
    ledger.Event("ideas.idea.moved_back", {"undoes": ledger.plain()}, title="Move undone"),
    ledger.Event("ideas.idea.put_aside", {}, title="Idea put aside"),
    ledger.Event("ideas.idea.taken_back", {}, title="Idea taken back onto the board"),
    ledger.Event(
        "ideas.idea.promoted",
        {"post": ledger.plain(), "state": ledger.plain()},
        title="Idea became a draft",
    ),
    ledger.Event("ideas.address.opened", {}, title="Mail address for ideas made"),
    ledger.Event("ideas.address.closed", {}, title="Mail address for ideas closed"),
)
