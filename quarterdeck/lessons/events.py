"""The events that lessons records. Whatever a person wrote is personal. Saving an open review records no word of it:
until it is closed only who leads it reads it."""

from quarterdeck import ledger

_answers = dict.fromkeys(
    ("expected", "happened", "surprised", "change", "nothing_because"), ledger.personal()
)

ledger.declare(
    ledger.Event("lessons.review.opened", {"about": ledger.plain()}, title="Review opened"),
    ledger.Event("lessons.review.written", {}, title="Review written on"),
    ledger.Event("lessons.review.noted", {"text": ledger.personal()}, title="A view added to a review"),
    ledger.Event("lessons.review.note_withdrawn", {}, title="A view taken back"),
    ledger.Event(
        "lessons.review.closed",
        {**_answers, "causes": ledger.plain(), "commitments": ledger.plain(), "kept": ledger.plain()},
        title="Review closed",
    ),
    ledger.Event("lessons.review.reopened", {}, title="Review opened again"),
    ledger.Event("lessons.cause.made", {"label": ledger.personal()}, title="Root cause added to the list"),
    ledger.Event("lessons.cause.ended", {}, title="Root cause taken off the list"),
    ledger.Event("lessons.cause.restored", {}, title="Root cause put back on the list"),
    ledger.Event(
        "lessons.commitment.made",
        {
            "what": ledger.personal(),
            "due": ledger.plain(),
            "state": ledger.plain(),
            "review": ledger.plain(),
        },
        title="Commitment made",
    ),
    ledger.Event("lessons.commitment.offered", {}, title="Commitment offered"),
    ledger.Event("lessons.commitment.accepted", {}, title="Commitment taken on"),
    ledger.Event("lessons.commitment.declined", {}, title="Commitment not taken on"),
    ledger.Event(
        "lessons.commitment.moved",
        {"before": ledger.plain(), "after": ledger.plain(), "reason": ledger.personal()},
        title="Commitment moved to another date",
    ),
    ledger.Event(
        "lessons.commitment.claimed",
        {"word": ledger.personal(), "evidence": ledger.personal()},
        title="Commitment said to be done",
    ),
    ledger.Event(
        "lessons.commitment.returned",
        {"reason": ledger.personal()},
        title="Commitment looked at: not done yet",
    ),
    ledger.Event("lessons.commitment.verified", {}, title="Commitment kept, verified by another"),
    ledger.Event(
        "lessons.commitment.kept",
        {"word": ledger.personal(), "evidence": ledger.personal()},
        title="Commitment kept, not verified",
    ),
    ledger.Event("lessons.commitment.not_kept", {"reason": ledger.personal()}, title="Commitment not kept"),
    ledger.Event("lessons.commitment.dropped", {"reason": ledger.personal()}, title="Commitment dropped"),
    ledger.Event(
        "lessons.credit.given",
        {"name": ledger.personal(), "helped_with": ledger.personal(), "outside": ledger.plain()},
        title="Somebody named as having helped",
    ),
    ledger.Event("lessons.credit.confirmed", {}, title="Help confirmed"),
    ledger.Event("lessons.credit.declined", {}, title="Credit declined"),
    ledger.Event("lessons.credit.withdrawn", {}, title="Credit taken back"),
)
