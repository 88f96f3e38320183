"""Mail that points out a mistake: to a post's own address, which is also where answers to our mails about it go.

The address carries the post's id and a seal of this installation over it, so that nobody can make one up. An answer
about a post that is not out yet is passed on to whoever answers for it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import timedelta
from uuid import UUID

from django.urls import reverse

from quarterdeck.accountability import verbs
from quarterdeck.accountability.models import WHAT_LENGTH, Flag, Level, Way
from quarterdeck.accountability.rows import Said
from quarterdeck.core import clock, secrets
from quarterdeck.core.problems import Problem
from quarterdeck.core.registries import InboundMail
from quarterdeck.crew import inbound, notify
from quarterdeck.crew import reads as crew
from quarterdeck.crew.models import Member
from quarterdeck.publishing import reads as publishing
from quarterdeck.publishing.models import Post

MOST_A_DAY = 50  # of one post, by mail
SEAL = 20  # hexadecimal characters: 80 bits
_TAG = re.compile(rf"\+slip-([0-9a-f]{{32}})([0-9a-f]{{{SEAL}}})@", re.I)
_PAGE = re.compile(r"/w/[-\w]+/(posts|corrections)/([0-9a-f-]{36})/")
# Where what is answered begins: a line of quotation, and what mail programs write above it.
_QUOTED = re.compile(r"^(>.*|-{2,} ?|On .{0,200} wrote:|Am .{0,200} schrieb.*:|-+ ?Original.*|_{10,})$", re.M)


def address(post: Post) -> str:
    """The post's address; empty while the installation reads no mail."""
    where = inbound.mailbox()
    local, at, domain = (where.username if where else "").strip().partition("@")
    if not (at and local and "." in domain):
        return ""
    return f"{local.partition('+')[0]}+slip-{post.pk.hex}{_seal(post.pk)}@{domain}"


def answers_to(path: str) -> str:
    """Where an answer to a mail about this page goes: the address of its post; empty for other pages."""
    found = _PAGE.match(path)
    if found is None:
        return ""
    try:
        pk = UUID(found[2])
    except ValueError:
        return ""
    if found[1] == "corrections":
        post = Post.objects.filter(slips=pk).first()
    else:
        post = Post.objects.filter(pk=pk).first()
    return address(post) if post is not None else ""


def _seal(pk: UUID) -> str:
    return hmac.new(secrets.derive("accountability.mail"), pk.bytes, hashlib.sha256).hexdigest()[:SEAL]


def take(message: InboundMail) -> bool:
    """The hook for incoming mail: True when it was sent to a post's address, taken or not."""
    posts = {pk for one in message.to if (pk := _post(one)) is not None}
    tagged = any(_TAG.search(one) for one in message.to)
    if message.headers.get("auto-submitted", "no").lower() == "no":
        for post in Post.objects.filter(pk__in=list(posts)[:5]).select_related(
            "workspace", "answerable__user"
        ):
            _take(post, message)
    return tagged  # a seal that is wrong says nothing to whoever tries


def _post(given: str) -> UUID | None:
    found = _TAG.search(given)
    if found is None:
        return None
    pk = UUID(found[1])
    return pk if hmac.compare_digest(found[2].lower(), _seal(pk)) else None


def _take(post: Post, message: InboundMail) -> None:
    text = said(message)
    since = clock.now() - timedelta(days=1)
    if Flag.objects.filter(slip__post=post, way=Way.MAIL, flagged_at__gt=since).count() >= MOST_A_DAY:
        return  # the slip is open, and this says nothing that fifty others did not
    member = next((one for one in crew.members(post.workspace) if _is(one, message.sender)), None)
    rows = publishing.out(post.workspace).filter(post=post).values_list("ended_at", flat=True)
    sent = message.received if rows and message.received >= min(rows) else None
    try:
        verbs.flag_by_mail(post, sender=message.sender, member=member, said=Said(text, Level.WRONG, sent))
    except Problem:
        _pass_on(post, message, text)


def _is(member: Member, sender: str) -> bool:
    return bool(member.user.email) and member.user.email.lower() == sender.lower()


def _pass_on(post: Post, message: InboundMail, text: str) -> None:
    """It is not out, or cannot be flagged: nothing that somebody wrote is lost."""
    who = [post.answerable] if post.answerable.left_at is None else crew.stand_ins(post.answerable)
    url = reverse("publishing-post", kwargs={"workspace": post.workspace.slug, "pk": post.pk})
    for member in who:
        subject = f"An answer by mail about “{post.short}”"
        notify.tell(member, subject=subject, text=f"{message.sender or 'Somebody'} wrote:\n\n{text}", url=url)


def said(message: InboundMail) -> str:
    """What is new in a mail: without what it answers and without a signature; the subject where that is all."""
    text = message.text.replace("\r\n", "\n")
    text = _QUOTED.split(text, maxsplit=1)[0].strip() or message.subject.strip() or "A mail without words."
    return text if len(text) <= WHAT_LENGTH else text[: WHAT_LENGTH - 1].rstrip() + "…"
