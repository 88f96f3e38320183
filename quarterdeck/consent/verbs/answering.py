"""What a stakeholder says in a round, by their link. It can be changed until the day is over."""

from __future__ import annotations

from quarterdeck import ledger, live
from quarterdeck.consent.models import Round, Voice
from quarterdeck.consent.models.rounds import WORD_LENGTH
from quarterdeck.consent.telling import objected
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import NOT_KEPT, kept
from quarterdeck.core.problems import Conflict, Forbidden, Invalid
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew.models import SignedLink

Answer = Voice.Answer
MOST_CHANGES = 30  # of one answer: a link that somebody plays with fills nobody's log


@verb
def consent(voice: Voice, *, by: SignedLink) -> Voice:
    """Say yes. An objection that stood before is taken back with it. Conflict once the day is over."""
    voice = _theirs(voice, by)
    if voice.answer == Answer.CONSENT:
        raise Conflict("You have consented already.", not_done="Nothing was changed; your answer stands.")
    return _say(voice, by, Answer.CONSENT, "consent.voice.consented")


@verb
def object_(voice: Voice, *, by: SignedLink, reason: str, instead: str) -> Voice:
    """Object, with why and what would do instead: both are needed. The opener is told at once."""
    voice = _theirs(voice, by)
    reason, instead = kept(reason, "reason", WORD_LENGTH), kept(instead, "instead", WORD_LENGTH)
    wrong = {}
    if not reason:
        wrong["reason"] = "Please say what harm you see."
    if not instead:
        wrong["instead"] = "Please say what you could live with instead."
    if wrong:
        raise Invalid("An objection needs a reason and an alternative.", not_done=NOT_KEPT, fields=wrong)
    before = voice.answer
    voice = _say(voice, by, Answer.OBJECTS, "consent.voice.objected", reason, instead)
    if before != Answer.OBJECTS:
        objected(voice)
    return voice


@verb
def take_back(voice: Voice, *, by: SignedLink) -> Voice:
    """Take the answer back; it is as if nothing had been said, and silence is consent in the end."""
    voice = _theirs(voice, by)
    if voice.is_silent:
        raise Conflict("You have not answered yet.", not_done="Nothing was changed.")
    return _say(voice, by, Answer.SILENT, "consent.voice.withdrawn")


def _theirs(voice: Voice, by: SignedLink) -> Voice:
    """The voice of that link, in a round that runs; its round is locked first, so that none is settled beneath it."""
    round_ = locked(Round, voice.round_id, "workspace")
    voice = locked(Voice, voice.pk, "department", "stakeholder")
    voice.round = round_
    if voice.link_id != by.pk:
        raise Forbidden(
            "This link answers for somebody else.", next_step="Open the link that was sent to you."
        )
    if not voice.stakeholder.is_active:
        raise Forbidden(
            "You are not asked any more.",
            not_done="Your answer was not changed.",
            next_step="Write to the team if that is a mistake.",
        )
    if not round_.runs(clock.now()):
        raise Conflict(
            "The round is over." if round_.is_open else f"The round is {round_.get_state_display()}.",
            not_done="Your answer was not changed.",
            next_step="Write to the team if something has to be said all the same.",
        )
    if voice.times >= MOST_CHANGES:
        raise Conflict(
            "This answer was changed as often as it can be.",
            not_done="Your answer stands as it was last.",
            next_step="Write to the team if something has to be said all the same.",
        )
    return voice


def _say(voice: Voice, by: SignedLink, answer: str, kind: str, reason: str = "", instead: str = "") -> Voice:
    voice.answer, voice.reason, voice.instead = answer, reason, instead
    voice.answered_at = clock.now() if answer else None
    voice.times += 1
    voice.ledger_event_id = ids.new()
    voice.save(update_fields=["answer", "reason", "instead", "answered_at", "times", "ledger_event_id"])
    fields = {"department": str(voice.department)}
    if reason:
        fields |= {"reason": reason, "instead": instead}
    ledger.record(kind, actor=by, about=voice, fields=fields, event_id=voice.ledger_event_id)
    live.announce(voice.workspace_id, [("consent.round", str(voice.round_id))])
    return voice
