"""Signing in: nobody learns who has an account, guessing is slowed, and what is stored is sealed."""

import json
import os
import time

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory
from django.urls import reverse

from quarterdeck.crew import context, oidc, verbs
from quarterdeck.crew.models import User
from quarterdeck.crew.permissions import Role
from tests import make

PASSWORD = "quiet-harbour-lamp"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def bo(db):
    return make.user("Bo", email="bo@example.org", password=PASSWORD)


def try_in(client, email="bo@example.org", password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def who(client) -> str | None:
    return client.session.get("_auth_user_id")


def test_the_address_is_not_about_capitals(client, bo):
    try_in(client, "BO@Example.ORG")
    assert who(client) == str(bo.pk)


@pytest.mark.django_db
def test_two_people_never_share_an_address_however_it_is_written():
    make.user("Bo", email="Bo@Example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        make.user("Bo", email="bO@example.ORG")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.update(email="BO@example.org")  # past the model: the database holds it too


def test_a_wrong_password_and_an_unknown_address_answer_alike(client, bo):
    wrong = try_in(client, password="something else 9").content.decode()
    unknown = try_in(client, email="nobody@example.org").content.decode()
    strip = lambda page: page.replace("nobody@", "bo@").split("<form")[1].split("csrfmiddlewaretoken")[1][90:]  # noqa: E731
    assert strip(wrong) == strip(unknown)
    assert who(client) is None


def test_guessing_is_slowed_down(bo):
    client = Client()
    for _ in range(6):
        try_in(client, password="something else 9")
    try_in(client)
    assert who(client) is None


@pytest.mark.django_db
def test_nobody_signs_up_uninvited(client):
    page = reverse("account_signup")
    assert "by invitation" in client.get(page).content.decode()
    client.post(page, {"email": "eve@example.org", "password1": PASSWORD})
    assert not User.objects.exists()


def test_somebody_whose_account_is_closed_stays_outside(client, bo):
    User.objects.update(is_active=False)
    try_in(client)
    assert who(client) is None


def test_after_signing_in_one_comes_to_the_page_one_wanted(client, bo):
    member = verbs.accept_invitation(verbs.invite(by=make.member(), role=Role.AUTHOR).token, user=bo)
    wanted = reverse("crew-people", kwargs={"workspace": member.workspace.slug})
    page = client.get(client.get(wanted)["Location"])
    assert f'name="next" value="{wanted}"' in page.content.decode()
    answer = client.post(
        reverse("account_login"), {"login": "bo@example.org", "password": PASSWORD, "next": wanted}
    )
    assert answer["Location"] == wanted


@pytest.mark.parametrize("wish", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_no_address_elsewhere_is_followed(client, bo, wish):
    answer = client.post(
        reverse("account_login"), {"login": "bo@example.org", "password": PASSWORD, "next": wish}
    )
    assert answer["Location"] == "/"


def test_a_second_factor_is_sealed_in_the_database():
    sealed = get_adapter().encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert get_adapter().decrypt(sealed) == "JBSWY3DPEHPK3PXP"


def test_the_password_alone_does_not_get_past_the_second_step(client, bo):
    data = {"secret": get_adapter().encrypt("JBSWY3DPEHPK3PXP")}
    Authenticator.objects.create(user=bo, type=Authenticator.Type.TOTP, data=data)
    assert try_in(client)["Location"] == reverse("mfa_authenticate")
    assert who(client) is None
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert who(client) is None


def test_changing_how_one_signs_in_asks_again_after_a_while(client, bo):
    member = verbs.accept_invitation(verbs.invite(by=make.member(), role=Role.AUTHOR).token, user=bo)
    page = reverse("crew-you-address", kwargs={"workspace": member.workspace.slug})
    try_in(client)
    assert client.get(page).status_code == 200
    session = client.session
    session["account_authentication_methods"][0]["at"] = time.time() - 16 * 60
    session.save()
    assert client.get(page)["Location"].startswith(reverse("account_reauthenticate"))
    client.post(page, {"email": "eve@example.org"})
    bo.refresh_from_db()
    assert bo.email == "bo@example.org"


def test_signing_out_elsewhere_ends_the_other_browsers_only(client, bo):
    member = verbs.accept_invitation(verbs.invite(by=make.member(), role=Role.AUTHOR).token, user=bo)
    lost, colleague = Client(), Client()
    colleague.force_login(make.user("Cy"))
    for browser in (client, lost):
        try_in(browser)
    where = {"workspace": member.workspace.slug}
    assert "Sign out elsewhere" in client.get(reverse("crew-you", kwargs=where)).content.decode()
    said = client.post(reverse("crew-you-elsewhere", kwargs=where), follow=True).content.decode()
    assert "One other browser was signed out." in said
    assert (who(client), who(lost)) == (str(bo.pk), None)
    assert who(colleague)


@pytest.mark.parametrize(
    ("host", "secure", "works"),
    [
        ("localhost:8300", False, True),
        ("desk.localhost", False, True),
        ("127.0.0.1:8300", False, False),
        ("127.0.0.1:8300", True, False),
        ("[::1]:8300", True, False),
        ("desk.example.org", False, False),
        ("desk.example.org", True, True),
    ],
)
def test_passkeys_are_offered_only_where_browsers_allow_them(host, secure, works):
    request = RequestFactory().get("/", secure=secure, headers={"host": host})
    assert (context.passkeys_why_not(request) == "") is works


# --- OpenID Connect by configuration ------------------------------------------------------------------

PROVIDER = {
    "id": "company",
    "name": "Company account",
    "server_url": "https://login.example.org/realm",
    "client_id": "desk",
    "client_secret": "s3cret",
}


def written(tmp_path, content) -> str:
    file = tmp_path / "oidc.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    file.chmod(0o600)
    return str(file)


def test_without_a_file_there_are_no_providers():
    assert oidc.providers("") == {}
    assert oidc.origins({}) == []


def test_a_file_names_its_providers(tmp_path):
    found = oidc.providers(
        written(tmp_path, {"providers": [PROVIDER | {"sign_in_origin": "https://a.example"}]})
    )
    app = found["openid_connect"]["APPS"][0]
    assert (app["provider_id"], app["secret"]) == ("company", "s3cret")
    assert app["settings"]["email_authentication"] is False
    assert oidc.origins(found) == ["https://a.example", "https://login.example.org"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "cannot be used"),
        ([], "cannot be used"),
        ({"providers": []}, "lists no providers"),
        ({"providers": ["x"]}, "is an object"),
        ({"providers": [{**PROVIDER, "client_secret": ""}]}, "lacks client_secret"),
        ({"providers": [{**PROVIDER, "secret": "x"}]}, "unknown key secret"),
        ({"providers": [{**PROVIDER, "id": "A b"}]}, "may have"),
        ({"providers": [{**PROVIDER, "server_url": "http://login.example.org"}]}, "https://"),
        ({"providers": [PROVIDER, PROVIDER]}, "twice"),
    ],
)
def test_a_wrong_file_is_refused_in_words(tmp_path, content, words):
    with pytest.raises(ImproperlyConfigured, match=words) as refused:
        oidc.providers(written(tmp_path, content))
    assert "s3cret" not in str(refused.value)


def test_a_file_that_others_can_read_or_change_is_refused_in_words(tmp_path):
    path = written(tmp_path, {"providers": [PROVIDER]})
    for mode in (0o644, 0o604, 0o620, 0o666):
        os.chmod(path, mode)
        with pytest.raises(oidc.OidcProblem, match=f"other accounts can read or change it .mode {mode:04o}"):
            oidc.providers(path)
    os.chmod(path, 0o640)
    assert oidc.providers(path), "a service that reads it by its group"


def test_a_missing_file_is_refused_in_words(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="cannot be used"):
        oidc.providers(str(tmp_path / "nowhere.json"))


@pytest.mark.django_db
def test_the_code_to_scan_stands_on_white():
    svg = get_adapter().build_totp_svg("otpauth://totp/bo?secret=JBSWY3DPEHPK3PXP")
    assert 'fill="white"' in svg
    assert "<path" in svg
