"""The mails of a round. Each says what silence means, and can be judged without opening anything."""

from __future__ import annotations

from uuid import UUID

from quarterdeck.consent import intake
from quarterdeck.consent.models import Round, Voice
from quarterdeck.core import clock
from quarterdeck.crew import links, mail
from quarterdeck.shell.templatetags.shell import moment


def send(pk: UUID, what: str) -> bool:
    """Send one of them now, if it still says something; whether it left. MailProblem when the server does not take
    it."""
    found = Voice.objects.select_related("round__workspace", "stakeholder__department", "department")
    voice = found.filter(pk=pk).first()
    if voice is None or not voice.stakeholder.hears_by_mail or not _is_due(voice, what):
        return False
    subject, text = {"asked": asked, "reminder": reminder, "outcome": outcome}[what](voice)
    mail.send(voice.stakeholder.email, subject, text)
    intake.note_mailed(voice.pk)
    return True


def note_problem(pk: UUID, what: str, problem: str) -> None:
    """Only of the proposal itself is it kept that it did not arrive: it makes silence mean nothing."""
    if what == "asked":
        intake.note_mailed(pk, problem)


def _is_due(voice: Voice, what: str) -> bool:
    runs = voice.round.runs(clock.now())
    if what == "outcome":
        return not voice.round.is_open
    return runs and (voice.is_silent or what == "asked")


def silence(round_: Round) -> str:
    """What silence means, as it stands on every page and mail of the round."""
    return (
        f"You can answer, and change your answer, until the end of {moment(round_.last_day)}. "
        "If you say nothing until then, that counts as consent."
    )


def asked(voice: Voice) -> tuple[str, str]:
    round_ = voice.round
    return f"{round_.workspace} asks for your consent: {round_.title}", _letter(
        f"Hello {voice.stakeholder.name},",
        f"{round_.workspace} proposes: {round_.title}",
        round_.proposal,
        f"What changes for whom:\n{round_.changes}",
        silence(round_),
        f"Consent, or object with a reason and an alternative, here:\n{links.link_url(voice.token)}",
        "The link is for you alone. Opening it decides nothing.",
    )


def reminder(voice: Voice) -> tuple[str, str]:
    round_ = voice.round
    return f"Until tomorrow: {round_.title}", _letter(
        f"Hello {voice.stakeholder.name},",
        f"you have not answered yet to what {round_.workspace} proposes: {round_.title}",
        silence(round_),
        f"The whole proposal, and your answer:\n{links.link_url(voice.token)}",
        "This is the only reminder.",
    )


def outcome(voice: Voice) -> tuple[str, str]:
    round_ = voice.round
    words = [f"Hello {voice.stakeholder.name},", f"“{round_.title}” is {round_.get_state_display()}."]
    if round_.state == Round.State.WITHDRAWN:
        words.append(f"Why: {round_.outcome}")
    else:
        words.append(round_.outcome or round_.proposal)
    if round_.answer:
        words.append(f"To what was objected: {round_.answer}")
    words.append(f"How it came about:\n{links.link_url(voice.token)}")
    return f"{round_.get_state_display().capitalize()}: {round_.title}", _letter(*words)


def _letter(*parts: str) -> str:
    return "\n\n".join(parts)
