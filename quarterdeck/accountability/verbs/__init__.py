"""What people do about a slip. `slips` begins and withdraws one, `owning` is about who sees to it now, `inside` tells
those affected, `correcting` corrects it on every channel, `fixing` a typo in one act; `settling` notes what became of
that. `promises` is about a brand's promise and its public page.
"""

from quarterdeck.accountability.rows import Said
from quarterdeck.accountability.telling import Told
from quarterdeck.accountability.verbs.correcting import Cover, Given, correct, reroute
from quarterdeck.accountability.verbs.fixing import fix
from quarterdeck.accountability.verbs.inside import tell_inside
from quarterdeck.accountability.verbs.owning import accept, decline, let_go, offer, own
from quarterdeck.accountability.verbs.promises import change_promise, enlist
from quarterdeck.accountability.verbs.settling import settle
from quarterdeck.accountability.verbs.slips import (
    flag,
    flag_by_link,
    flag_by_mail,
    flag_by_system,
    judge,
    trace_back,
    withdraw,
)

__all__ = [
    "Cover",
    "Given",
    "Said",
    "Told",
    "accept",
    "change_promise",
    "correct",
    "decline",
    "enlist",
    "fix",
    "flag",
    "flag_by_link",
    "flag_by_mail",
    "flag_by_system",
    "judge",
    "let_go",
    "offer",
    "own",
    "reroute",
    "settle",
    "tell_inside",
    "trace_back",
    "withdraw",
]
