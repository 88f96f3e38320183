"""Outgoing mail: the server that the installation's owner set up, Django's backend for it, and a test message
that reports the server's own answer.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from quarterdeck.core import registries, store

SETTING = "crew.mail.out"
PASSWORD = "crew.mail.out.password"  # noqa: S105  (the name it is sealed under)
TIMEOUT = 10  # seconds for each answer of the server
ANSWER = "If something is wrong in the post, answer this mail."


class MailProblem(Exception):
    """A message was not sent; the text says why, with the server's own words where it gave any. `again`: the server
    surely did not take it and may later, so that trying again sends nothing twice."""

    def __init__(self, words: str, *, again: bool = False) -> None:
        super().__init__(words)
        self.again = again


@dataclass(frozen=True, slots=True)
class Server:
    """How mail leaves. `security` is "starttls" (usually port 587), "tls" (465) or "none" (a local relay)."""

    host: str
    port: int
    security: str
    username: str
    sender: str

    @property
    def password(self) -> str:
        return (store.get_secret(PASSWORD) or "") if self.username else ""


def server() -> Server | None:
    """The set-up, or None while there is none."""
    kept = store.get(SETTING)
    return Server(**kept) if kept else None


def has_password() -> bool:
    """Whether a password for the server is stored."""
    return store.has_secret(PASSWORD)


def keep(given: Server | None, password: str | None) -> None:
    """Store the set-up, None for none; `password` None keeps the one that is sealed already."""
    store.put(SETTING, asdict(given) if given else None)
    if password is not None:
        store.put_secret(PASSWORD, password)


def send(
    to: str,
    subject: str,
    text: str,
    html: str = "",
    *,
    about: str = "",
    headers: Mapping[str, str] | None = None,
) -> None:
    """Send one message now, as plain text and, where given, as HTML beside it. `about` is the path of the page it is
    about: where a room takes answers to that, they go there, and the text says so. `headers` go out with it.
    MailProblem, in words, when the server does not take it."""
    with_server = server()
    if with_server is None:
        raise MailProblem("Mail is not set up on this installation.")
    answers = answers_to(about)
    if answers:
        text = f"{text}\n\n{ANSWER}"
    reply_to = [answers] if answers else None
    message = EmailMultiAlternatives(
        " ".join(subject.split()), text, with_server.sender, [to], reply_to=reply_to, headers=headers
    )
    if html:
        message.attach_alternative(html, "text/html")
    deliver([message], with_server)


def answers_to(path: str) -> str:
    """Where an answer to a mail about this page goes; empty where no room takes it."""
    found = (ask(path) for _, ask in registries.reply_address) if path else ()
    return next((one for one in found if one), "")


def deliver(messages: Sequence[EmailMessage], through: Server) -> int:
    """Hand messages to the server; the number it took. MailProblem names the first refusal."""
    connection = get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=through.host,
        port=through.port,
        username=through.username,
        password=through.password,
        use_tls=through.security == "starttls",
        use_ssl=through.security == "tls",
        timeout=TIMEOUT,
    )
    try:
        return connection.send_messages(messages) or 0
    except (OSError, smtplib.SMTPException, UnicodeError) as wrong:
        raise MailProblem(in_words(wrong, through.host, through.port), again=_may_again(wrong)) from wrong


def _may_again(wrong: Exception) -> bool:
    """Whether the message was surely not accepted, for a reason that passes: no connection came about, or the server
    said “not now” (4xx). A connection that broke says neither: the message may have been accepted before."""
    if isinstance(wrong, smtplib.SMTPRecipientsRefused):
        return all(400 <= code < 500 for code, _ in wrong.recipients.values())
    if isinstance(wrong, smtplib.SMTPResponseException):
        return 400 <= wrong.smtp_code < 500
    # Of smtplib these come from connecting only: later it reports them as a connection that was closed.
    return isinstance(wrong, ConnectionRefusedError | socket.gaierror | TimeoutError)


def in_words(wrong: Exception, host: str, port: int) -> str:
    """What a mail server's refusal means, with its own words at the end. Works for SMTP and IMAP alike."""
    said = _said(wrong)
    if isinstance(wrong, socket.gaierror):
        return f"There is no server called {host}. Check the name."
    if isinstance(wrong, ConnectionRefusedError):
        return f"{host} does not answer on port {port}. Check the port."
    if isinstance(wrong, TimeoutError):
        return (
            f"{host} did not answer on port {port} within {TIMEOUT} seconds. Check the port and the security."
        )
    if isinstance(wrong, ssl.SSLCertVerificationError):
        return f"The certificate of {host} was not accepted: {wrong.verify_message}."
    if isinstance(wrong, ssl.SSLError):
        return f"{host} speaks no TLS on port {port}. Check the port and the security."
    if isinstance(wrong, smtplib.SMTPAuthenticationError):
        return f"{host} refused the user name or the password. It said: {said}"
    if isinstance(wrong, smtplib.SMTPSenderRefused):
        return f"{host} refused the sender “{wrong.sender}”. It said: {said}"
    if isinstance(wrong, smtplib.SMTPRecipientsRefused):
        return f"{host} refused the recipient. It said: {said}"
    if isinstance(wrong, smtplib.SMTPNotSupportedError):
        return f"{host} does not offer what was asked for: {said}"
    if isinstance(wrong, smtplib.SMTPServerDisconnected):
        return f"{host} closed the connection. {said}"
    return f"{host} did not take the message. It said: {said or type(wrong).__name__}"


def _said(wrong: Exception) -> str:
    if isinstance(wrong, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(wrong.recipients.values()))
    elif isinstance(wrong, smtplib.SMTPResponseException):
        code, words = wrong.smtp_code, wrong.smtp_error
    else:
        return _printable(str(wrong))
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return _printable(f"{code} {text}")


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)[:200]


class Backend(BaseEmailBackend):
    """Django's door to the same server, for the messages that sign-in sends."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        through = server()
        if through is None:
            raise MailProblem("Mail is not set up on this installation.")
        for message in email_messages:
            message.from_email = through.sender
        return deliver(email_messages, through)
