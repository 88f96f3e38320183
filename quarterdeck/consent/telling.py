"""Who hears of a round: stakeholders by mail, in the worker; who settles it, on the Desk and as they prefer."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from quarterdeck.consent.models import Round, Voice
from quarterdeck.consent.silence import settlers
from quarterdeck.crew import mail as post_office
from quarterdeck.crew import notify


def mail(voices: Iterable[Voice], what: str) -> None:
    """Have the worker mail those who are heard by mail: "asked", "reminder" or "outcome"."""
    from quarterdeck.consent.jobs import mail_voice

    if post_office.server() is None:
        return
    for one in voices:
        if one.stakeholder.hears_by_mail:
            mail_voice.defer(voice_id=str(one.pk), what=what)


def page(round_: Round) -> str:
    """The path of the round's page for members."""
    return reverse("consent-round", kwargs={"workspace": round_.workspace.slug, "pk": round_.pk})


def objected(voice: Voice) -> None:
    """Who settles the round hears of an objection at once, by department."""
    round_ = voice.round
    text = f"{voice.reason}\n\nInstead: {voice.instead}"
    subject = f"{voice.department} objects to “{round_.short}”"
    _tell(round_, subject, text)


def settled_by_clock(round_: Round) -> None:
    """Who would have settled the round hears that it is adopted."""
    text = "Its day is over and nobody objected. It is recorded as a decision, and everybody who was asked is told."
    _tell(round_, f"“{round_.short}” is adopted", text)


def _tell(round_: Round, subject: str, text: str) -> None:
    for member in settlers(round_):
        notify.tell(member, subject=subject, text=text, url=page(round_))
