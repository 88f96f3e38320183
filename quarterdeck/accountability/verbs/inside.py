"""Telling those inside who stood behind the post, before the public reads it or in the same act."""

from __future__ import annotations

from quarterdeck.accountability import concerned, rows, telling
from quarterdeck.accountability.models import Slip
from quarterdeck.accountability.rows import NOT_SAID, locked, record
from quarterdeck.accountability.telling import Told
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member

TEXT_LENGTH = 600


@verb
def tell_inside(slip: Slip, *, by: Member, told: Told) -> Slip:
    """Tell those affected inside, in three lines with a link. Nobody chosen is recorded as nobody.

    Raises Invalid without words or for somebody who has nothing to do with the post, Conflict when they were told.
    """
    slip = locked(slip)
    if slip.told_at is not None:
        raise Conflict("They were told already.", not_done="Nobody was told a second time.")
    known = {person.key: person for person in concerned.people(slip.post) if person.reachable}
    if set(told.keys) - set(known):
        raise Invalid(
            "One of the people chosen has nothing to do with this post any more.",
            not_done=NOT_SAID,
            fields={"tell": "Please look at the list again."},
        )
    chosen = [known[key] for key in dict.fromkeys(told.keys) if key != by.pk.hex]
    wanted = "Please write the three lines they read." if chosen else ""
    text = rows.cleaned(told.text, "inside", TEXT_LENGTH, wanted)
    slip.told_at, slip.told = clock.now(), len(chosen)
    event_id = rows.save(slip, "told_at", "told")
    fields = {"count": len(chosen), "text": text, "names": ", ".join(one.name for one in chosen)}
    record(slip, "accountability.slip.told", by, fields, event_id)
    telling.inside(slip, chosen, text)
    return slip
