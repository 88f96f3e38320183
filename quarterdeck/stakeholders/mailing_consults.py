"""Mails to people outside the team that they did not write for: that their department has a say on a post, and the
answer of an expert. Each can be judged without opening anything.
"""

from __future__ import annotations

from django.template.loader import render_to_string

from quarterdeck.crew import links, mail
from quarterdeck.publishing import previewing
from quarterdeck.publishing.models import Post
from quarterdeck.stakeholders import consulting, intake
from quarterdeck.stakeholders.models import ConsultAsk, ExpertQuestion

DOOR = "Approve it or object here:"


def consult(ask: ConsultAsk, *, last: bool = True) -> None:
    """Mail one ask with the whole preview, unless it was mailed, or is about a text that is no more. MailProblem when
    the server does not take it; on the `last` attempt that is noted as well."""
    found = ask.consult
    post = Post.objects.select_related("workspace", "brand", "answerable__user").get(pk=found.post_id)
    who = found.stakeholder
    if ask.mailed_at or not who.hears_by_mail or mail.server() is None or not found.guest.link.is_open():
        return
    if post.workspace.is_demo:  # nobody outside is written to about what never happened
        return
    if ask.text_hash != post.text_hash or post.discarded_at is not None:
        return
    url, by = links.link_url(found.token), post.answerable
    asks = f"asks {found.department} to approve a post of {post.brand}"
    because = f"{found.department} is asked because {ask.why}."
    until = _until(ask)
    text = "\n\n".join([f"{by} {asks}. {because}", previewing.plain(post), f"{DOOR}\n{url}", until])
    context = {"by": by, "post": post, "parts": post.parts, "elsewhere": previewing.elsewhere(post)}
    context |= {"facts": [because, *previewing.facts(post)], "asks": asks, "url": url, "until": until}
    html = render_to_string("review/mail.html", context | {"door": DOOR})
    subject = f"{by} {asks}: “{post.short}”"
    try:
        mail.send(who.email, subject, text, html=html, about=consulting.post_address(post))
    except mail.MailProblem as problem:
        if last:
            intake.note_consult_mailed(ask, str(problem))
        raise
    intake.note_consult_mailed(ask, "")


def _until(ask: ConsultAsk) -> str:
    link, workspace = ask.consult.guest.link, ask.consult.workspace
    until = link.expires_at.astimezone(workspace.zone)
    return (
        f"The link is for you alone and works until {until.day} {until:%B %Y}. Opening it decides nothing. "
        "If you did not expect this message, you need not do anything."
    )


def answered(question: ExpertQuestion) -> None:
    """Mail the asker the answer, or why their question was put aside, where they left an address."""
    if not question.email or mail.server() is None or question.workspace.is_demo:
        return
    found = question.answers.filter(replaced_at__isnull=True).first()
    if question.state == ExpertQuestion.State.ANSWERED and found is not None:
        until = f"It holds until {found.expires_on.day} {found.expires_on:%B %Y}."
        sources = "\n".join(f"– {one}" for one in found.sources) or "From experience; no source was named."
        said = f"{found.text}\n\nSources:\n{sources}\n\n{until}"
        subject = f"Answered: {question.short}"
    else:
        said = f"It was put aside: {question.reason}"
        subject = f"Put aside: {question.short}"
    text = f"You asked the team of {question.workspace}:\n{question.words}\n\n{said}"
    try:
        mail.send(question.email, subject, text)
    except mail.MailProblem as problem:
        intake.note_question_mailed(question, str(problem))
        raise
    intake.note_question_mailed(question, "")
