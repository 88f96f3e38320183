"""The events that accountability records. What people wrote, and whom they turned to, is personal."""

from quarterdeck.ledger import Event, declare, personal, plain

declare(
    Event(
        "accountability.slip.flagged",
        {
            "level": plain(),
            "way": plain(),
            "first_noticed_at": plain(),
            "trace_at": plain(),
            "trace_basis": plain(),
            "joins": plain(),
            "text": personal(),
        },
        title="Something wrong was pointed out",
    ),
    Event(
        "accountability.slip.judged", {"level": plain(), "before": plain()}, title="How bad it is, settled"
    ),
    Event(
        "accountability.slip.traced",
        {"trace_at": plain(), "trace_basis": plain()},
        title="It was said earlier: the clock starts there",
    ),
    Event("accountability.slip.owned", {"level": plain()}, title="Somebody took it on"),
    Event("accountability.slip.let_go", {}, title="Given back: nobody sees to it"),
    Event("accountability.slip.offered", {"word": personal(), "to": personal()}, title="Offered to somebody"),
    Event("accountability.slip.accepted", {}, title="Taken over"),
    Event("accountability.slip.declined", {"reason": personal()}, title="Not taken over"),
    Event(
        "accountability.slip.told",
        {"count": plain(), "text": personal(), "names": personal()},
        title="Those affected were told inside",
    ),
    Event(
        "accountability.slip.corrected",
        {"level": plain(), "trace_at": plain(), "trace_basis": plain(), "channels": plain()},
        title="Corrected in the open",
    ),
    Event(
        "accountability.slip.closed",
        {"level": plain(), "trace_at": plain(), "trace_basis": plain()},
        title="Done on every channel",
    ),
    Event(
        "accountability.slip.withdrawn",
        {"level": plain(), "reason": personal()},
        title="It was not a mistake",
    ),
    Event(
        "accountability.correction.made",
        {
            "edit": plain(),
            "reply": plain(),
            "repost": plain(),
            "leave": plain(),
            "listed": plain(),
            "note": personal(),
            "wrong": personal(),
        },
        title="How each channel is corrected, decided",
    ),
    Event(
        "accountability.correction.covered",
        {"done": plain(), "channels": plain()},
        title="Done on some of the channels",
    ),
    Event(
        "accountability.correction.rerouted",
        {"before": plain(), "how": plain(), "reason": personal()},
        title="A channel is corrected another way",
    ),
    Event(
        "accountability.correction.listed", {"listed": plain()}, title="Put on the public page, or taken off"
    ),
    Event(
        "accountability.promise.changed",
        {"promise_hours": plain(), "public": plain(), "findable": plain()},
        title="The promise of a brand, changed",
    ),
)
