"""What people do in lessons."""

from quarterdeck.lessons.verbs.causes import add_cause, end_cause, restore_cause
from quarterdeck.lessons.verbs.commitments import commit, move, offer, pass_up, take
from quarterdeck.lessons.verbs.credit import confirm, decline, give, withdraw
from quarterdeck.lessons.verbs.ending import claim, drop, keep_alone, not_kept, send_back, verify
from quarterdeck.lessons.verbs.reviews import close, note, open_review, reopen, withdraw_note, write

__all__ = [
    "add_cause",
    "claim",
    "close",
    "commit",
    "confirm",
    "decline",
    "drop",
    "end_cause",
    "give",
    "keep_alone",
    "move",
    "not_kept",
    "note",
    "offer",
    "open_review",
    "pass_up",
    "reopen",
    "restore_cause",
    "send_back",
    "take",
    "verify",
    "withdraw",
    "withdraw_note",
    "write",
]
