"""Ideas by mail: a message to a member's secret address, from the member's own, is kept on the shelf.

Its pictures are kept in the library, cleaned as uploads are.

Both have to be right: a sender can be forged, and an address can be forwarded. A right address with another sender is
told to its owner, once a day, and nothing of it is kept.
"""

from __future__ import annotations

import re
from datetime import timedelta

from django.urls import reverse

from quarterdeck.core import clock
from quarterdeck.core.problems import Invalid, Problem
from quarterdeck.core.registries import InboundMail
from quarterdeck.crew import notify
from quarterdeck.crew.models import Member, Notification
from quarterdeck.crew.models.links import token_hash
from quarterdeck.ideas import arriving, verbs
from quarterdeck.ideas.models import MOST_IMAGES, Address, Idea, Way
from quarterdeck.ideas.rows import Found
from quarterdeck.studio import intake as studio

MOST_A_DAY = 200  # of one member, by mail
SIGNATURE = (
    12 * 1024
)  # bytes under which a picture that stands in the text is a logo or a dot that counts readers
_TAG = re.compile(r"\+idea-([0-9a-f]{20})@", re.I)
STRANGER = "A mail to your address for ideas was not kept"
TOO_MANY = "Your mails to the address for ideas are not kept today"


def tag(token: str) -> str:
    """What stands before the @ of an address, after its local part."""
    return f"+idea-{token}"


def address(mailbox: str, token: str) -> str:
    """The whole address, when the mailbox signs in by its address; else empty."""
    local, at, domain = mailbox.strip().partition("@")
    return f"{local.partition('+')[0]}{tag(token)}@{domain}" if at and local and "." in domain else ""


def take(message: InboundMail) -> bool:
    """The hook for incoming mail: True when it was sent to an address for ideas, kept or not."""
    tokens = {found[1].lower() for one in message.to if (found := _TAG.search(one))}
    if not tokens:
        return False
    hashes = [token_hash(one) for one in tokens]
    rows = Address.objects.filter(token_hash__in=hashes, closed_at__isnull=True)
    for one in rows.select_related("member__user", "member__workspace")[:5]:
        _take(one.member, message)
    return True  # an unknown or closed address says nothing to whoever tries


def _take(member: Member, message: InboundMail) -> None:
    if message.headers.get("auto-submitted", "no").lower() != "no" or not member.may("ideas.idea.keep"):
        return  # an answering machine, or somebody who may not keep ideas any more
    if message.sender != (member.user.email or "").lower():
        _tell_once(
            member, STRANGER, f"It came from {message.sender or 'nobody'}, which is not your own address."
        )
        return
    since = clock.now() - timedelta(days=1)
    if Idea.objects.filter(made_by=member, way=Way.MAIL, made_at__gt=since).count() >= MOST_A_DAY:
        _tell_once(member, TOO_MANY, f"{MOST_A_DAY} were kept within a day, which is the most.")
        return
    given = arriving.mailed(message.subject, message.text)
    pictures, left_out = _pictures(member, message)
    try:
        found = Found(**arriving.noting(given, left_out), images=pictures)
        idea = verbs.keep(member, found, way=Way.MAIL)
    except Problem as problem:
        _tell_once(member, STRANGER, f"{problem.title} {problem.next_step}")
        return
    url = reverse("ideas-idea", kwargs={"workspace": member.workspace.slug, "pk": idea.pk})
    told = "Your mail is on the shelf." + (f" Its link: {idea.link}" if idea.link else "")
    if pictures:
        told += f" It has {len(pictures)} {'picture' if len(pictures) == 1 else 'pictures'}."
    told = " ".join([told, *left_out])
    notify.tell(member, subject=f"Kept: “{idea.short}”", text=told, url=url)


def _pictures(member: Member, message: InboundMail) -> tuple[list[dict], list[str]]:
    """The pictures of a mail, kept as uploads are, and in sentences what was left out. Small ones that stand in the
    text are a signature's, and nobody misses them."""
    kept: dict[str, dict] = {}
    left_out, over = [], 0
    for given in message.files:
        if given.inline and len(given.data) < SIGNATURE:
            continue
        if not given.mime.startswith("image/"):
            left_out += [f"“{given.name}” was left out: only pictures are kept."] if given.name else []
        elif len(kept) >= MOST_IMAGES:
            over += 1
        elif not member.may("studio.file.keep"):
            left_out.append(f"“{given.name}” was left out: your role may not add files.")
        else:
            try:
                file = studio.keep(member.workspace, given.data, given.name or "picture")
            except Invalid as refused:
                left_out.append(refused.title)
            else:
                kept[file.pk.hex] = {"file": file.pk.hex, "alt": file.alt}
    if over:
        left_out.append(f"An idea has at most {MOST_IMAGES} pictures; {over} more were left out.")
    return list(kept.values()), left_out


def _tell_once(member: Member, subject: str, text: str) -> None:
    since = clock.now() - timedelta(days=1)
    if Notification.objects.filter(member=member, subject=subject, created_at__gt=since).exists():
        return
    url = reverse("ideas-ways", kwargs={"workspace": member.workspace.slug})
    words = (
        f"{text} Nothing was kept. If that was not you, make a new address; the old one then takes nothing."
    )
    notify.tell(member, subject=subject, text=words, url=url)
