"""Incoming mail: one mailbox, read by IMAP once a minute, each new message handed once to the rooms' hooks
(`registries.inbound_mail`). Nothing is deleted or marked on the server: what was read is remembered here.
"""

from __future__ import annotations

import email
import email.policy
import hashlib
import imaplib
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from itertools import islice

from quarterdeck.core import clock, loops, store
from quarterdeck.core.registries import InboundMail, MailedFile
from quarterdeck.crew import intake, mail

SETTING, STATE = "crew.mail.in", "crew.mail.in.state"
PASSWORD = "crew.mail.in.password"  # noqa: S105  (the name it is sealed under)
EVERY = 60.0  # seconds
LARGEST = (
    25 * 1024 * 1024
)  # bytes of a message, as mail servers take them; of a larger one only the beginning is read
BEGINNING = 256 * 1024  # bytes
MOST_FILES = 20  # of a message
MOST_PARTS = 200  # of a message that are looked at
TEXT_MOST = 200_000  # characters handed on
AT_ONCE = 50  # messages in one round

_HEADERS = ("auto-submitted", "list-id", "precedence", "references", "reply-to", "authentication-results")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where mail arrives. `security` is "tls" (usually port 993), "starttls" or "none"."""

    host: str
    port: int
    security: str
    username: str
    folder: str


def mailbox() -> Mailbox | None:
    kept = store.get(SETTING)
    return Mailbox(**kept) if kept else None


def has_password() -> bool:
    """Whether a password for the mailbox is stored."""
    return store.has_secret(PASSWORD)


def keep(given: Mailbox | None, password: str | None) -> None:
    """Store the set-up, None for none; `password` None keeps the one that is sealed already."""
    store.put(SETTING, asdict(given) if given else None)
    if password is not None:
        store.put_secret(PASSWORD, password)


def state() -> dict:
    """What the last round said: `looked_at` (ISO time), `problem`, and the place reached in the folder."""
    return store.get(STATE) or {}


def poller() -> loops.Every:
    """The loop for the listener process."""
    return loops.Every("inbound mail", EVERY, poll)


def poll() -> int:
    """Look once and hand on what is new; how many messages were new. A failing server is noted, not raised."""
    where = mailbox()
    if where is None:
        return 0
    reached = state() if state().get("box") == _box(where) else {}
    try:
        with _opened(where) as server:
            reached, handed = _read_new(server, reached)
    except (OSError, imaplib.IMAP4.error, UnicodeError) as wrong:
        store.put(STATE, reached | {"box": _box(where), "problem": _in_words(wrong, where)} | _looked())
        return 0
    store.put(STATE, reached | {"box": _box(where), "problem": ""} | _looked())
    return handed


def try_out() -> str:
    """Open the mailbox and say in words what the server answered."""
    where = mailbox()
    if where is None:
        return "Incoming mail is not set up."
    try:
        with _opened(where) as server:
            count = len(_search(server, 1))
    except (OSError, imaplib.IMAP4.error, UnicodeError) as wrong:
        return _in_words(wrong, where)
    return f"{where.host} opened the folder {where.folder}. It holds {count} messages."


def _looked() -> dict:
    return {"looked_at": clock.now().isoformat()}


def _box(where: Mailbox) -> str:
    return f"{where.username}@{where.host}:{where.port}/{where.folder}"


def _in_words(wrong: Exception, where: Mailbox) -> str:
    if isinstance(wrong, imaplib.IMAP4.error):
        said = str(wrong.args[0] if wrong.args else wrong)
        said = said.removeprefix("b'").rstrip("'")[:200]
        return f"{where.host} refused: {said}"
    return mail.in_words(wrong, where.host, where.port)


# --- the conversation with the server (RFC 9051) ----------------------------------------------------


@contextmanager
def _opened(where: Mailbox) -> Iterator[imaplib.IMAP4]:
    kind = imaplib.IMAP4_SSL if where.security == "tls" else imaplib.IMAP4
    context = {"ssl_context": _verified()} if where.security == "tls" else {}
    server = kind(where.host, where.port, timeout=mail.TIMEOUT, **context)
    try:
        if where.security == "starttls":
            server.starttls(_verified())
        server.login(where.username, store.get_secret(PASSWORD) or "")
        answer, said = server.select(_quoted(where.folder), readonly=True)
        if answer != "OK":
            raise imaplib.IMAP4.error(f"The folder {where.folder} cannot be opened: {said!r}")
        yield server
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            server.logout()


def _verified():
    import ssl

    return ssl.create_default_context()


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _read_new(server: imaplib.IMAP4, reached: dict) -> tuple[dict, int]:
    validity = _validity(server)
    last = reached.get("uid", 0) if reached.get("validity") == validity else 0
    handed, blocked = 0, False
    for uid in [u for u in _search(server, last + 1) if u > last][:AT_ONCE]:
        message = _fetch(server, uid)
        settled = True
        if message is not None:
            new, settled = intake.take_mail(message)
            handed += new
        # A message whose hook failed is tried again next round; those behind it do not wait.
        blocked = blocked or not settled
        last = last if blocked else uid
    return {"validity": validity, "uid": last}, handed


def _validity(server: imaplib.IMAP4) -> int:
    _, said = server.response("UIDVALIDITY")
    return int(said[0]) if said and said[0] else 0


def _search(server: imaplib.IMAP4, first: int) -> list[int]:
    answer, said = server.uid("SEARCH", "UID", f"{first}:*")
    if answer != "OK":
        raise imaplib.IMAP4.error(f"SEARCH was refused: {said!r}")
    return sorted(int(uid) for uid in (said[0] or b"").split())


def _fetch(server: imaplib.IMAP4, uid: int) -> InboundMail | None:
    _, sizes = server.uid("FETCH", str(uid), "(RFC822.SIZE)")
    found = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(s for s in sizes if isinstance(s, bytes)))
    if not found:
        return None  # it was deleted in between
    size = int(found[1])
    part = "" if size <= LARGEST else f"<0.{BEGINNING}>"
    _, parts = server.uid("FETCH", str(uid), f"(BODY.PEEK[]{part})")
    raw = next((p[1] for p in parts if isinstance(p, tuple)), None)
    message = parse(raw) if raw else None
    if message and part:
        message.files = []
        message.text += (
            f"\n\n[This mail is {size / 2**20:.0f} MB large, more than the {LARGEST // 2**20} MB that are read:"
            " its files were not taken over, and its text may end early. The whole mail is in the mailbox.]"
        )
    return message


# --- one message ------------------------------------------------------------------------------------


def parse(raw: bytes) -> InboundMail:
    """A message as rooms see it: plain text of at most 200 kB, addresses in lower case, few headers.

    A message without a Message-ID gets one made from its bytes, so that it too is handed on once.
    """
    made = email.message_from_bytes(raw[:LARGEST], policy=email.policy.default)
    assert isinstance(made, EmailMessage)
    made_id = f"<{hashlib.sha256(raw).hexdigest()}@without-id>"
    return InboundMail(
        message_id=_header(made, "message-id").strip() or made_id,
        sender=next(iter(_addresses(made, "from")), ""),
        to=_addresses(made, "to") + _addresses(made, "cc") + _addresses(made, "delivered-to"),
        subject=_header(made, "subject")[:300],
        text=_text(made)[:TEXT_MOST],
        received=_date(made),
        in_reply_to=_header(made, "in-reply-to").strip(),
        headers={name: _header(made, name)[:2000] for name in _HEADERS if made.get(name) is not None},
        files=list(islice(_files(made), MOST_FILES)),
    )


def _header(made: EmailMessage, name: str) -> str:
    try:
        found = str(made.get(name) or "")
    except (ValueError, IndexError, AttributeError):  # the parser of structured headers trips over some
        return ""
    return "".join(c if c.isprintable() else " " for c in found)


def _addresses(made: EmailMessage, name: str) -> list[str]:
    found = getaddresses([_header(made, name)])
    return [address.lower() for _, address in found if "@" in address][:50]


def _date(made: EmailMessage) -> datetime:
    try:
        sent = parsedate_to_datetime(_header(made, "date"))
    except (ValueError, TypeError):
        return clock.now()
    return min(sent.replace(tzinfo=sent.tzinfo or UTC).astimezone(UTC), clock.now())


def _files(made: EmailMessage) -> Iterator[MailedFile]:
    """Everything that is neither the text nor a part that only holds others. What cannot be decoded is left out."""
    body = made.get_body(preferencelist=("plain", "html"))
    for part in islice(made.walk(), MOST_PARTS):
        if part.is_multipart() or part is body:
            continue
        try:
            data, name = part.get_payload(decode=True), part.get_filename("")
        except (LookupError, ValueError, AttributeError, TypeError):
            continue
        kind = part.get_content_type()
        if isinstance(data, bytes) and data and (name or not kind.startswith("text/")):
            inline = part.get_content_disposition() != "attachment" and part.get("content-id") is not None
            shown = "".join(c for c in str(name) if c.isprintable())[-200:]
            yield MailedFile(shown, kind, data, inline)


def _text(made: EmailMessage) -> str:
    part = made.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    try:
        text = part.get_content()
    except (LookupError, ValueError):  # an unknown character set, or a broken encoding
        payload = part.get_payload(decode=True)
        text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    if not isinstance(text, str):
        return ""
    if part.get_content_subtype() == "html":
        from django.utils.html import strip_tags

        text = strip_tags(re.sub(r"(?is)<(script|style)\b.*?</\1>", " ", text[: 4 * TEXT_MOST]))
    return text.replace("\x00", "")
