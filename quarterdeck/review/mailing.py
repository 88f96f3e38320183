"""The mail to a guest: the whole preview, what they may do, and the link. It can be judged without opening anything."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.urls import reverse

from quarterdeck.crew import mail
from quarterdeck.crew.models import Member
from quarterdeck.publishing import previewing
from quarterdeck.publishing.models import Post
from quarterdeck.review import intake
from quarterdeck.review.models import Guest
from quarterdeck.review.verbs import Invited


def send(by: Member, post: Post, invited: Invited) -> Guest:
    """Send it now, after the commit; whether the server took it stands with the guest."""
    guest, problem = invited.guest, ""
    context = {
        "by": by,
        "post": post,
        "parts": post.parts,
        "elsewhere": previewing.elsewhere(post),
        "facts": previewing.facts(post),
        "asks": what(guest),
        "url": invited.url,
        "until": _until(guest),
    }
    text = "\n\n".join(
        [f"{by} {what(guest)}:", previewing.plain(post), f"{door(guest)}\n{invited.url}", _until(guest)]
    )
    html = render_to_string("review/mail.html", context | {"door": door(guest)})
    about = reverse("publishing-post", kwargs={"workspace": post.workspace.slug, "pk": post.pk})
    try:
        mail.send(guest.address, f"{by} {what(guest)}: “{post.short}”", text, html=html, about=about)
    except mail.MailProblem as wrong:
        problem = str(wrong)
    return intake.note_mailed(guest, problem)


def what(guest: Guest) -> str:
    """What is asked of them: "asks you to approve a post of Harbour Kitchen"."""
    asks = "approve" if guest.may_approve else "look at"
    return f"asks you to {asks} a post of {guest.post.brand}"


def door(guest: Guest) -> str:
    """What the link opens."""
    return "Approve it or object here:" if guest.may_approve else "Read and comment here:"


def _until(guest: Guest) -> str:
    until = guest.link.expires_at.astimezone(guest.workspace.zone)
    return (
        f"The link is for you alone and works until {until.day} {until:%B %Y}. Opening it decides nothing. "
        "If you did not expect this message, you need not do anything."
    )
