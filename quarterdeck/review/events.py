"""The events that review records. What people wrote, and what they are called, is personal."""

from quarterdeck.ledger import Event, declare, personal, plain

declare(
    Event(
        "review.guest.invited",
        {
            "name": personal(),
            "email": personal(),
            "approve": plain(),
            "comment": plain(),
            "suggest": plain(),
            "until": plain(),
        },
        title="Somebody outside was asked, by a signed link",
    ),
    Event(
        "review.comment.written",
        {"text": personal(), "about": plain(), "answers": plain()},
        title="Comment written",
    ),
    Event(
        "review.comment.suggested",
        {"text": personal(), "quote": personal(), "instead": personal()},
        title="Other words suggested",
    ),
    Event("review.comment.resolved", {}, title="Comment resolved"),
    Event("review.comment.reopened", {}, title="Comment opened again"),
    Event("review.comment.taken", {}, title="Suggestion taken over"),
    Event("review.comment.declined", {"reason": personal()}, title="Suggestion declined"),
)
