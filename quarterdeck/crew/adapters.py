"""What allauth asks of us: nobody signs up uninvited, second factors are sealed at rest, and mail goes out
through the server that the installation's owner set up, or the page says that it could not.
"""

from __future__ import annotations

import base64
import logging
import time
from urllib.parse import urlsplit

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from quarterdeck.core import secrets
from quarterdeck.core.problems import NotFound, Unavailable
from quarterdeck.crew import intake, links, mail, rules

log = logging.getLogger("quarterdeck.crew")

INVITED = "crew.invitation"  # session key: the token with which somebody went to sign in elsewhere


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "This e-mail and password do not belong together. Check both, then try again.",
        "too_many_login_attempts": "That was tried too often. Wait a few minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Back to the invitation somebody came from, else through the front door."""
        token = request.session.get(INVITED, "")
        try:
            rules.open_invitation(token)
        except NotFound:
            return reverse("home")
        return reverse("crew-invitation-join", kwargs={"token": token})

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Not for a quarter of an hour after any sign-in: whoever just showed who they are is not asked again."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        request = context.request
        shown = [record["at"] for record in get_authentication_records(request, request.user)]
        return not shown or time.time() - max(shown) > app_settings.REAUTHENTICATION_TIMEOUT

    get_signup_redirect_url = get_login_redirect_url  # a company account's first time, too

    def clean_email(self, email: str) -> str:
        return super().clean_email(email).lower()

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        asked_for = "password_reset" in template_prefix or "unknown_account" in template_prefix
        try:
            super().send_mail(template_prefix, email, context | _on_our_address(context))
        except mail.MailProblem as problem:
            log.warning("A message (%s) was not sent: %s", template_prefix, problem)
            if asked_for:
                raise Unavailable(
                    "This installation could not send the message.",
                    not_done="No message was sent and no password was changed.",
                    next_step="Ask whoever runs it to look at the mail set-up, or for a one-time sign-in link.",
                ) from None


def _on_our_address(context: dict) -> dict:
    """The links of a message, on the installation's own address.

    allauth makes them from the Host header, and any numeric address passes there: a stranger could have somebody
    else's key to a new password mailed in a link that leads to the stranger's machine.
    """
    links_in_it = {
        name: url for name, url in context.items() if name.endswith("_url") and isinstance(url, str)
    }
    site = {"name": "Quarterdeck", "domain": links.absolute("/")}
    return {"current_site": site} | {name: links.absolute(_path(url)) for name, url in links_in_it.items()}


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"/{parts.path.lstrip('/')}" + (f"?{parts.query}" if parts.query else "")


class MFAAdapter(DefaultMFAAdapter):
    """TOTP keys and recovery seeds are sealed with the installation key before they reach the database."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(secrets.seal(text.encode(), context="mfa")).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.unseal(base64.b64decode(encrypted_text), context="mfa").decode()

    def build_totp_svg(self, url: str) -> str:
        """The code to scan, on white whatever the theme: telephones do not read it the other way round."""
        import qrcode
        from qrcode.image.svg import SvgPathFillImage

        made = qrcode.make(url, image_factory=SvgPathFillImage)
        return made.to_string(encoding="unicode")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": "Quarterdeck"}


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """OpenID Connect signs in people who are known, or who hold an open invitation in this session."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin) -> bool:
        try:
            rules.open_invitation(request.session.get(INVITED, ""))
        except NotFound:
            return False
        return True

    def pre_social_login(self, request: HttpRequest, sociallogin) -> None:
        """Somebody comes into an account by its address alone: from now on it is theirs alone."""
        if sociallogin._did_authenticate_by_email:
            intake.give_to_address(sociallogin.user, sociallogin._did_authenticate_by_email)

    def populate_user(self, request: HttpRequest, sociallogin, data: dict):
        user = super().populate_user(request, sociallogin, data)
        user.name = (
            data.get("name") or " ".join(filter(None, [data.get("first_name"), data.get("last_name")]))
        )[:120]
        return user
