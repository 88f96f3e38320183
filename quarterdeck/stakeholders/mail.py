"""Requests by mail: to a department's own address, and answers to our mails about one request.

Both addresses carry an id and a seal of this installation over it, so that nobody can make one up; the department's
also the number of its address, so that an old one can be closed.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from uuid import UUID

from quarterdeck.core import secrets
from quarterdeck.core.problems import Problem
from quarterdeck.core.registries import InboundMail
from quarterdeck.crew import inbound
from quarterdeck.stakeholders import verbs
from quarterdeck.stakeholders.models import Department, Request
from quarterdeck.stakeholders.models.requests import REASON_LENGTH, WHAT_LENGTH, WHY_LENGTH, Kind
from quarterdeck.stakeholders.wishes import Wish

SEAL = 20  # hexadecimal characters: 80 bits
_TAG = re.compile(rf"\+(ask|asked)-([0-9a-f]{{32}})([0-9a-f]{{{SEAL}}})@", re.I)
_PAGE = re.compile(r"/w/[-\w]+/requests/([0-9a-f-]{36})/")
# Where what is answered begins: a line of quotation, and what mail programs write above it.
_QUOTED = re.compile(r"^(>.*|-{2,} ?|On .{0,200} wrote:|Am .{0,200} schrieb.*:|-+ ?Original.*|_{10,})$", re.M)


def address(department: Department) -> str:
    """The department's address for requests; empty while the installation reads no mail, or once it has ended."""
    if not department.is_active:
        return ""
    return _made("ask", department.pk, _seal(department.pk, department.mail_version))


def reply_address(request: Request) -> str:
    """Where an answer about a request goes; empty while the installation reads no mail."""
    return _made("asked", request.pk, _seal(request.pk, 0))


def answers_to(path: str) -> str:
    """For mails about the page of a request: `registries.reply_address`."""
    found = _PAGE.match(path)
    try:
        request = Request.objects.filter(pk=UUID(found[1])).first() if found else None
    except ValueError:
        return ""
    return reply_address(request) if request is not None else ""


def _made(what: str, pk: UUID, seal: str) -> str:
    where = inbound.mailbox()
    local, at, domain = (where.username if where else "").strip().partition("@")
    if not (at and local and "." in domain):
        return ""
    return f"{local.partition('+')[0]}+{what}-{pk.hex}{seal}@{domain}"


def _seal(pk: UUID, version: int) -> str:
    said = pk.bytes + version.to_bytes(4, "big")
    return hmac.new(secrets.derive("stakeholders.mail"), said, hashlib.sha256).hexdigest()[:SEAL]


def take(message: InboundMail) -> bool:
    """The hook for incoming mail: True when it was sent to one of our addresses, taken or not."""
    found = [tag.groups() for one in message.to if (tag := _TAG.search(one))]
    if found and message.headers.get("auto-submitted", "no").lower() == "no":
        for what, pk, seal in dict.fromkeys(found[:3]):
            try:
                (_asks if what.lower() == "ask" else _answers)(UUID(pk), seal.lower(), message)
            except Problem:
                continue  # too often, or taking part no more: who tries by mail is told nothing
    return bool(found)  # a seal that is wrong says nothing to whoever tries


def _asks(pk: UUID, seal: str, message: InboundMail) -> None:
    department = Department.objects.filter(pk=pk).select_related("workspace").first()
    if department is None or not hmac.compare_digest(seal, _seal(pk, department.mail_version)):
        return
    text = said(message)
    subject = " ".join(message.subject.split())
    what = _short(subject or text.split("\n", 1)[0], WHAT_LENGTH)
    verbs.ask_by_mail(
        department,
        wish=Wish(kind=Kind.OTHER, what=what, why=_short(text, WHY_LENGTH), address=message.sender),
    )


def _answers(pk: UUID, seal: str, message: InboundMail) -> None:
    if not hmac.compare_digest(seal, _seal(pk, 0)):
        return
    request = Request.objects.filter(pk=pk).first()
    if request is not None:
        verbs.add(request, by=None, text=_short(said(message), REASON_LENGTH))


def said(message: InboundMail) -> str:
    """What is new in a mail: without what it answers and without a signature; the subject where that is all."""
    text = message.text.replace("\r\n", "\n")
    return _QUOTED.split(text, maxsplit=1)[0].strip() or message.subject.strip() or "A mail without words."


def _short(text: str, most: int) -> str:
    clean = text.encode(errors="ignore").decode().strip()
    return clean if len(clean) <= most else clean[: most - 1].rstrip() + "…"
