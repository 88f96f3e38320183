"""Nobody makes an account uninvited: every address of the sign-in library is knocked at, by a stranger and by a
member, and the company sign-in lets in only those who are known or hold an open invitation.
"""

from __future__ import annotations

import re
from datetime import timedelta
from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal.flows.login import complete_login
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings as django_settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse

from quarterdeck.core import clock
from quarterdeck.crew import intake, verbs
from quarterdeck.crew.adapters import INVITED
from quarterdeck.crew.models import User
from quarterdeck.crew.permissions import Role
from tests import make
from tests.test_routes import routes

pytestmark = pytest.mark.django_db

SIGN_IN = [r for r in routes() if r.address.startswith("account/")]
PASSWORD = "quiet-harbour-lamp"
EVE = {
    "email": "eve@example.org",
    "login": "eve@example.org",
    "username": "eve",
    "name": "Eve",
    "password": PASSWORD,
    "password1": PASSWORD,
    "password2": PASSWORD,
    "code": "000000",
    "credential": "{}",
    "action_add": "",
}


@pytest.fixture(autouse=True)
def _quick(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    yield
    cache.clear()


def _address(route) -> str:
    return "/" + re.sub(r"<[^>]*>|\(\?P<[^)]*\)", "1", route.address).replace("^", "").replace("$", "")


@pytest.mark.parametrize("route", SIGN_IN, ids=str)
@pytest.mark.parametrize("inside", [False, True], ids=["stranger", "member"])
def test_no_sign_in_page_makes_an_account(route, inside):
    client, known = Client(raise_request_exception=False), make.member().user
    if inside:
        client.force_login(known)
    answers = [client.get(_address(route)), client.post(_address(route), EVE)]
    assert all(answer.status_code < 500 for answer in answers), [a.status_code for a in answers]
    assert set(User.objects.values_list("pk", flat=True)) == {known.pk}
    if not inside:
        assert not client.session.get("_auth_user_id")


def test_the_sign_in_addresses_are_walked():
    assert {"account_signup", "socialaccount_signup", "account_email", "mfa_add_webauthn"} <= {
        r.name for r in SIGN_IN
    }
    assert not [r for r in routes() if "admin" in r.address or "headless" in r.address]


# --- company accounts ---------------------------------------------------------------------------------


def _arrives(email: str, *, invited: str = "", verified: bool = True, trust: bool = False, settings=None):
    """Somebody comes back from the company's sign-in page; the session key `invited` as `join` leaves it."""
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "company",
                    "name": "Company account",
                    "client_id": "desk",
                    "secret": "s",
                    "settings": {"server_url": "https://id.example.org", "email_authentication": trust},
                }
            ]
        }
    }
    request = RequestFactory().get("/account/oidc/company/login/callback/")
    request.session = import_module(django_settings.SESSION_ENGINE).SessionStore()
    request.user, request._messages = AnonymousUser(), FallbackStorage(request)
    if invited:
        request.session[INVITED] = invited
    login = SocialLogin(
        provider=get_adapter().get_provider(request, "company"),
        user=User(email=email, name="Eve"),
        account=SocialAccount(provider="company", uid=f"uid-{email}", extra_data={}),
        email_addresses=[EmailAddress(email=email, verified=verified, primary=True)],
    )
    with context.request_context(request):
        return request, complete_login(request, login)


def test_a_company_account_nobody_invited_stays_outside(settings):
    request, _ = _arrives("eve@example.org", settings=settings)
    assert not User.objects.exists()
    assert not request.session.get("_auth_user_id")


def test_a_company_account_with_an_open_invitation_comes_in(settings):
    token = verbs.invite(by=make.member(), role=Role.AUTHOR).token
    request, answer = _arrives("eve@example.org", invited=token, settings=settings)
    assert request.session["_auth_user_id"] == str(User.objects.get(email="eve@example.org").pk)
    assert answer["Location"] == reverse("crew-invitation-join", kwargs={"token": token})


@pytest.mark.parametrize("end", ["revoked", "expired", "used", "invented"])
def test_an_invitation_that_is_over_lets_no_company_account_in(settings, end):
    owner = make.member()
    invited = verbs.invite(by=owner, role=Role.AUTHOR)
    token, later = invited.token, timedelta(days=14) if end == "expired" else timedelta(0)
    if end == "revoked":
        verbs.revoke_invitation(invited.invitation, by=owner)
    if end == "used":
        verbs.accept_invitation(token, user=make.user("Bo"))
    before = User.objects.count()
    with clock.later(later):
        _arrives("eve@example.org", invited="x" * 43 if end == "invented" else token, settings=settings)
    assert User.objects.count() == before


def test_the_same_address_is_not_the_same_person(settings):
    boss = make.user("Boss", email="boss@example.org", password=PASSWORD)
    for trust, verified in ((False, True), (True, False)):
        request, _ = _arrives("boss@example.org", trust=trust, verified=verified, settings=settings)
        assert request.session.get("_auth_user_id") != str(boss.pk)


def test_whoever_took_an_address_in_advance_does_not_stay_in_the_account(settings, client):
    trap = make.member().user
    trap.set_password(PASSWORD)
    trap.save()
    intake.change_address(trap, "boss@example.org")
    client.force_login(trap)
    Authenticator.objects.create(user=trap, type=Authenticator.Type.WEBAUTHN, data={"name": "Eve’s key"})
    request, _ = _arrives("boss@example.org", trust=True, settings=settings)
    assert request.session["_auth_user_id"] == str(trap.pk)  # the company vouches for who is at this address
    trap.refresh_from_db()
    assert not trap.has_usable_password()
    assert not Authenticator.objects.filter(user=trap).exists()
    assert client.get(reverse("crew-workspace-choose")).status_code == 302
    Authenticator.objects.create(user=trap, type=Authenticator.Type.WEBAUTHN, data={"name": "The boss’s"})
    _arrives("boss@example.org", trust=True, settings=settings)
    assert Authenticator.objects.filter(user=trap).exists()  # what was added since is theirs
