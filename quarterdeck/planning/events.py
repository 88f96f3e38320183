"""The events that planning records. Whatever a person wrote is personal."""

from quarterdeck import ledger

plain, personal = ledger.plain, ledger.personal

ledger.declare(
    ledger.Event(
        "planning.rules.changed",
        {"days": plain(), "opens": plain(), "closes": plain(), "near_minutes": plain(), "markets": plain()},
        title="Rules of planning changed",
    ),
    ledger.Event(
        "planning.slot.made",
        {"channel": plain(), "weekday": plain(), "wall": plain()},
        title="Weekly slot made",
    ),
    ledger.Event("planning.slot.removed", {}, title="Weekly slot removed"),
    ledger.Event(
        "planning.span.made",
        {
            "kind": plain(),
            "title": personal(),
            "begins": plain(),
            "ends": plain(),
            "blocks": plain(),
            "scope": plain(),
            "target": plain(),
        },
        title="Days marked on the calendar",
    ),
    ledger.Event("planning.span.removed", {}, title="Days no longer marked"),
    ledger.Event("planning.span.restored", {}, title="Days marked again"),
    ledger.Event(
        "planning.layer.added",
        {"title": personal(), "host": personal()},
        title="Calendar from elsewhere added",
    ),
    ledger.Event("planning.layer.removed", {}, title="Calendar from elsewhere removed"),
    ledger.Event(
        "planning.series.begun",
        {
            "post": plain(),
            "rule": plain(),
            "wall": plain(),
            "zone": plain(),
            "ahead_days": plain(),
            "watched": plain(),
        },
        title="Series begun",
    ),
    ledger.Event("planning.series.ended", {}, title="Series ended"),
    ledger.Event(
        "planning.occurrence.made",
        {"series": plain(), "wall": plain(), "post": plain(), "problem": personal()},
        title="A time of a series came near",
    ),
    ledger.Event("planning.watch.named", {"due": plain()}, title="Who reads the first comments was named"),
    ledger.Event("planning.watch.ended", {}, title="Nobody is named to read the first comments any more"),
)
