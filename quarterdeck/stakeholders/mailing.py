"""The mails to whoever asked: a receipt, each answer, that it is out, and its first week. Each carries the link to the
request's own page, and can be answered."""

from __future__ import annotations

from quarterdeck.crew import links, mail
from quarterdeck.shell.templatetags.shell import moment
from quarterdeck.stakeholders import going, intake, telling
from quarterdeck.stakeholders.models import Request

SUBJECTS = {
    "receipt": "We have your request: “{}”",
    "answer": "An answer to your request: “{}”",
    "out": "It is out: “{}”",
    "week": "The first week of “{}”",
}


def send(request: Request, what: str) -> None:
    """Write to whoever asked, now. MailProblem when the server does not take it; nobody is written to without an
    address, or who does not want mail."""
    to = request.email
    if not to:
        return
    url = links.link_url(request.token)
    body = (
        f"{words(request, what)}\n\nHow it stands, at any time:\n{url}\n\nThe link is for this one request."
    )
    mail.send(to, SUBJECTS[what].format(request.short), body, about=telling.address(request))
    intake.note_mailed(request, "")


def words(request: Request, what: str) -> str:
    """What the mail says, without the link."""
    return {"receipt": _receipt, "answer": _answer, "out": _out, "week": _week}[what](request)


def _receipt(request: Request) -> str:
    due = moment(request.due_at, request.workspace.timezone)
    return (
        f"You asked the social media team of {request.workspace} for: {request.what}\n\n"
        f"You have an answer by {due}. If you did not ask for this, you need not do anything."
    )


def _answer(request: Request) -> str:
    said = request.answers.filter(of_team=True).order_by("-answered_at").first()
    if said is None:
        return "There is no answer yet."
    begins = {
        "accepted": "Your request is accepted",
        "proposed": "The team proposes another way",
        "declined": "Your request is declined",
    }[said.what]
    week = f", for the week of {moment(said.week)}" if said.week else ""
    asks = (
        "\n\nPlease say yes, choose another week or withdraw it by the link."
        if said.what == "proposed"
        else ""
    )
    return f"{begins}{week}.\n\n{said.reason}{asks}"


def _out(request: Request) -> str:
    out = [one for one in going.places(request) if one.is_out]
    lines = [f"{one.channel}: {one.url or 'without an address'}" for one in out]
    return "\n".join(["What you asked for is out.", "", *lines, "", "You hear again after its first week."])


def _week(request: Request) -> str:
    said = going.week_result(request) or "The networks gave no numbers for it."
    return f"What the networks counted in the first week, as they gave it:\n\n{said}"
