"""The events that publishing records. Whatever a person wrote, and the hash of it, is personal."""

from quarterdeck import ledger

ledger.declare(
    ledger.Event(
        "publishing.post.drafted",
        {"text": ledger.personal(), "channels": ledger.plain()},
        title="Post drafted",
    ),
    ledger.Event(
        "publishing.post.edited",
        {"text": ledger.personal(), "channels": ledger.plain(), "returned_to_draft": ledger.plain()},
        title="Post edited",
    ),
    ledger.Event("publishing.post.asked", {"text_hash": ledger.personal()}, title="Approval asked"),
    ledger.Event(
        "publishing.post.approved",
        {"text_hash": ledger.personal(), "note": ledger.personal(), "alone": ledger.plain()},
        title="Post approved",
    ),
    ledger.Event(
        "publishing.post.returned",
        {"text_hash": ledger.personal(), "reason": ledger.personal()},
        title="Post returned",
    ),
    ledger.Event(
        "publishing.post.scheduled",
        {"due": ledger.plain(), "zone": ledger.plain(), "channels": ledger.plain()},
        title="Post planned",
    ),
    ledger.Event(
        "publishing.post.rescheduled",
        {"due": ledger.plain(), "zone": ledger.plain(), "channels": ledger.plain()},
        title="Post moved",
    ),
    ledger.Event("publishing.post.cancelled", {"channels": ledger.plain()}, title="Post taken off the plan"),
    ledger.Event("publishing.post.discarded", {}, title="Post discarded"),
    ledger.Event("publishing.post.restored", {}, title="Post put back"),
    ledger.Event("publishing.post.undone", {"undoes": ledger.plain()}, title="Undone"),
    ledger.Event(
        "publishing.delivery.begun",
        {"attempt": ledger.plain(), "text_hash": ledger.personal()},
        title="Sending begun",
    ),
    ledger.Event(
        "publishing.delivery.accepted",
        {"attempt": ledger.plain(), "remote_id": ledger.personal(), "found": ledger.plain()},
        title="Out: accepted by the network",
    ),
    ledger.Event(
        "publishing.delivery.rejected",
        {"attempt": ledger.plain(), "failure": ledger.personal()},
        title="Refused by the network",
    ),
    ledger.Event(
        "publishing.delivery.deferred",
        {"attempt": ledger.plain(), "failure": ledger.personal(), "try_at": ledger.plain()},
        title="Refused for now, to be tried again",
    ),
    ledger.Event(
        "publishing.delivery.unclear",
        {"attempt": ledger.plain(), "failure": ledger.personal()},
        title="Not known whether it is out",
    ),
    ledger.Event(
        "publishing.delivery.missed",
        {"attempt": ledger.plain(), "failure": ledger.personal()},
        title="Missed: nothing was sent",
    ),
    ledger.Event("publishing.delivery.settled", {"how": ledger.plain()}, title="Decided by a person"),
)
