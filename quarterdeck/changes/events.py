"""The events that changes records, about the delivery that is changed. What people wrote, and its hash, is personal."""

from quarterdeck.ledger import Event, declare, personal, plain

_ASKED = {"change": plain(), "version": plain(), "text_hash": personal(), "reason": personal()}
_ENDED = {"change": plain(), "attempt": plain(), "failure": personal()}
_LATER = _ENDED | {"try_at": plain()}
_SAID = {"change": plain(), "reason": personal()}


def _events(noun: str, asked: str, made: str, what: str) -> list[Event]:
    """The events of one kind of change: `what` is how it is called inside a sentence."""
    kinds = {
        "asked": (_ASKED | {"text": personal(), "by_hand": plain(), "waits": plain()}, asked),
        "began": (
            {"change": plain(), "attempt": plain(), "payload_hash": personal(), "again": plain()},
            f"{what} begun",
        ),
        "made": ({"change": plain(), "attempt": plain()}, made),
        "refused": (_ENDED, f"{what} refused by the network"),
        "deferred": (_LATER, f"{what} refused for now, tried again"),
        "unclear": (_LATER, f"{what}: no answer, tried again"),
        "unanswered": (
            _ENDED | {"evidence": personal()},
            f"{what}: not known whether it was made, a person was asked",
        ),
        "withheld": ({"change": plain(), "attempt": plain()}, f"{what} stopped before its first byte left"),
        "handed": ({"change": plain(), "attempt": plain()}, f"{what} handed out, to be made by hand"),
        "confirmed": ({"change": plain()}, f"{made}: a person said so"),
        "left": (_SAID, f"{what} not made: a person said so"),
        "withdrawn": (_SAID, f"{what} taken back before it was made"),
        "retried": ({"change": plain()}, f"{what} tried again, asked by a person"),
    }
    return [
        Event(f"changes.{noun}.{verbed}", fields, title=title) for verbed, (fields, title) in kinds.items()
    ]


declare(
    *_events("edit", "Other words asked for", "Edited where it is out", "Edit"),
    *_events("removal", "Taking down asked for", "Taken down", "Removal"),
    Event("changes.answer.drafted", {"post": plain()}, title="An answer to it was drafted"),
)
