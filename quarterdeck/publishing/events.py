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
        {
            "text": ledger.personal(),
            "channels": ledger.plain(),
            "returned_to_draft": ledger.plain(),
            "approval_kept": ledger.plain(),
        },
        title="Post edited",
    ),
    ledger.Event(
        "publishing.post.reworded",
        {"text": ledger.personal(), "channels": ledger.plain(), "cleared": ledger.plain()},
        title="A post that is out got other words",
    ),
    ledger.Event("publishing.post.asked", {"text_hash": ledger.personal()}, title="Approval asked"),
    ledger.Event(
        "publishing.post.approved",
        {
            "text_hash": ledger.personal(),
            "note": ledger.personal(),
            "alone": ledger.plain(),
            "cleared": ledger.plain(),
        },
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
        {
            "due": ledger.plain(),
            "zone": ledger.plain(),
            "channels": ledger.plain(),
            "reason": ledger.personal(),
        },
        title="Post moved",
    ),
    ledger.Event(
        "publishing.post.cancelled",
        {"channels": ledger.plain(), "reason": ledger.personal()},
        title="Post taken off the plan",
    ),
    ledger.Event("publishing.post.sized", {"size": ledger.plain()}, title="Size of the post said"),
    ledger.Event("publishing.post.discarded", {}, title="Post discarded"),
    ledger.Event("publishing.post.restored", {}, title="Post put back"),
    ledger.Event("publishing.post.undone", {"undoes": ledger.plain()}, title="Undone"),
    ledger.Event(
        "publishing.delivery.begun",
        {"attempt": ledger.plain(), "text_hash": ledger.personal(), "payload_hash": ledger.personal()},
        title="Sending begun",
    ),
    ledger.Event(
        "publishing.delivery.handed", {"attempt": ledger.plain()}, title="Handed out, to be posted by hand"
    ),
    ledger.Event(
        "publishing.delivery.absent",
        {"attempt": ledger.plain(), "failure": ledger.personal(), "evidence": ledger.personal()},
        title="Looked for: it is not out",
    ),
    ledger.Event(
        "publishing.delivery.withheld",
        {"attempt": ledger.plain()},
        title="Stopped before its first byte left",
    ),
    ledger.Event(
        "publishing.delivery.asked",
        {"attempt": ledger.plain(), "failure": ledger.personal(), "evidence": ledger.personal()},
        title="A person is asked whether it is out",
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
        {"attempt": ledger.plain(), "failure": ledger.personal(), "try_at": ledger.plain()},
        title="Not known whether it is out, looked for again",
    ),
    ledger.Event(
        "publishing.delivery.missed",
        {"attempt": ledger.plain(), "failure": ledger.personal()},
        title="Missed: nothing was sent",
    ),
    ledger.Event(
        "publishing.delivery.posted",
        {"url": ledger.personal(), "corrected": ledger.plain()},
        title="Posted by hand: a person said it is out",
    ),
    ledger.Event(
        "publishing.delivery.not_posted",
        {"reason": ledger.personal(), "corrected": ledger.plain()},
        title="Not posted by hand: a person said so",
    ),
    ledger.Event("publishing.delivery.unsaid", {"undoes": ledger.plain()}, title="What was said was undone"),
    ledger.Event(
        "publishing.delivery.reminded",
        {"attempt": ledger.plain()},
        title="Handed out and unanswered for 30 minutes: told again",
    ),
    ledger.Event(
        "publishing.delivery.escalated",
        {"attempt": ledger.plain(), "told": ledger.plain()},
        title="Handed out and unanswered for an hour: the stand-in was told",
    ),
    ledger.Event(
        "publishing.delivery.unanswered",
        {"attempt": ledger.plain()},
        title="Handed out and never answered",
    ),
    ledger.Event("publishing.post.handed_over", {}, title="Another person answers for the post"),
    ledger.Event(
        "publishing.post.recorded",
        {"text": ledger.personal(), "url": ledger.personal(), "posted_at": ledger.plain()},
        title="A post made outside was recorded",
    ),
    ledger.Event(
        "publishing.post.labelled",
        {"labels": ledger.plain(), "latest_minutes": ledger.plain()},
        title="Labels and latest time of the post chosen",
    ),
    ledger.Event(
        "publishing.post.purpose_named",
        {
            "campaign": ledger.plain(),
            "objective": ledger.plain(),
            "pillar": ledger.plain(),
            "afterwards": ledger.plain(),
        },
        title="What the post is for was named",
    ),
    ledger.Event(
        "publishing.phrase.kept",
        {
            "kind": ledger.plain(),
            "name": ledger.personal(),
            "value": ledger.personal(),
            "short": ledger.plain(),
        },
        title="Kept in the book of names and snippets",
    ),
    ledger.Event(
        "publishing.phrase.removed",
        {"kind": ledger.plain()},
        title="Taken out of the book of names and snippets",
    ),
    ledger.Event(
        "publishing.label.made",
        {"name": ledger.personal(), "latest_minutes": ledger.plain()},
        title="Label made",
    ),
    ledger.Event(
        "publishing.label.changed",
        {"name": ledger.personal(), "latest_minutes": ledger.plain(), "deliveries": ledger.plain()},
        title="Label changed",
    ),
    ledger.Event("publishing.delivery.settled", {"how": ledger.plain()}, title="Decided by a person"),
    ledger.Event(
        "publishing.hold.placed",
        {
            "scope": ledger.plain(),
            "target": ledger.plain(),
            "reason": ledger.personal(),
            "on_their_way": ledger.plain(),
            "handed_out": ledger.plain(),
        },
        title="Hold placed",
    ),
    ledger.Event("publishing.hold.undone", {}, title="Hold undone"),
    ledger.Event(
        "publishing.hold.lifted",
        {
            "kept": ledger.plain(),
            "moved": ledger.plain(),
            "dropped": ledger.plain(),
            "still_held": ledger.plain(),
        },
        title="Hold lifted",
    ),
    ledger.Event(
        "publishing.tick.set",
        {"hold": ledger.plain(), "delivery": ledger.plain(), "outside": ledger.plain()},
        title="Seen to during a hold",
    ),
    ledger.Event(
        "publishing.tick.removed",
        {"hold": ledger.plain(), "delivery": ledger.plain(), "outside": ledger.plain()},
        title="Not seen to after all",
    ),
    ledger.Event(
        "publishing.outside.added",
        {"title": ledger.personal(), "how": ledger.personal()},
        title="Noted as beyond a hold",
    ),
    ledger.Event("publishing.outside.removed", {}, title="No longer noted as beyond a hold"),
    ledger.Event("publishing.outside.restored", {}, title="Noted as beyond a hold again"),
    ledger.Event(
        "publishing.post.reminded",
        {"hours": ledger.plain(), "told": ledger.plain()},
        title="Those whose approval is missing were reminded",
    ),
    ledger.Event(
        "publishing.policy.made",
        {
            "name": ledger.personal(),
            "steps": ledger.plain(),
            "small_edits": ledger.plain(),
            "own": ledger.plain(),
        },
        title="Approval policy made",
    ),
    ledger.Event(
        "publishing.policy.changed",
        {
            "name": ledger.personal(),
            "steps": ledger.plain(),
            "small_edits": ledger.plain(),
            "own": ledger.plain(),
        },
        title="Approval policy changed",
    ),
    ledger.Event("publishing.policy.retired", {}, title="Approval policy ended"),
)
