"""What templates know about signing in here: whether passkeys can work at this address, and why not."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from quarterdeck.crew import mail


def sign_in(request: HttpRequest) -> dict:
    """`passkeys_here` (bool), `passkeys_why_not` (a sentence, empty when they work), `mail_is_set_up` (asked late)."""
    why_not = passkeys_why_not(request)
    mail_is_set_up = SimpleLazyObject(lambda: mail.server() is not None)
    return {"passkeys_here": not why_not, "passkeys_why_not": why_not, "mail_is_set_up": mail_is_set_up}


def passkeys_why_not(request: HttpRequest) -> str:
    """Empty when a browser would offer passkeys at this address (WebAuthn Level 2, section 5.1.3), else why not."""
    host = (
        request.get_host().rsplit(":", 1)[0] if not request.get_host().endswith("]") else request.get_host()
    )
    if host == "localhost" or host.endswith(".localhost"):
        return ""
    if _is_address(host):
        return (
            "Passkeys never work at a numeric address. Open Quarterdeck at http://localhost on this machine, "
            "or at its public https address."
        )
    if not request.is_secure():
        return "Passkeys need https. They appear here as soon as Quarterdeck is opened at an https address."
    return ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
