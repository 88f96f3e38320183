"""Crew's pages open, say what they should, and their forms reach the verbs."""

import re

import pytest
from django.urls import reverse

from quarterdeck.crew import onetime, reads, rules, verbs
from quarterdeck.crew.models import Invitation, Member, User, Workspace
from quarterdeck.crew.permissions import MATRIX, WORDS, Role
from tests import make

pytestmark = pytest.mark.django_db

PAGES = [
    "crew-notifications",
    "crew-you",
    "crew-you-address",
    "crew-telling",
    "crew-people",
    "crew-roles",
    "crew-brands",
    "crew-workspace",
    "crew-links",
    "crew-mail",
]


def signed_in(client, member: Member):
    client.force_login(member.user)
    return client


def at(name: str, who: Member, **kwargs) -> str:
    return reverse(name, kwargs={"workspace": who.workspace.slug, **kwargs})


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_and_keeps_the_policy(client, name):
    owner = make.member()
    owner.user.owns_installation = True
    owner.user.save()
    answer = signed_in(client, owner).get(at(name, owner))
    assert answer.status_code == 200
    body = answer.content.decode()
    assert "<h1>" in body
    assert not re.search(r"\sstyle=|\son[a-z]+=|hx-on|javascript:", body)
    assert not re.search(r"<script(?![^>]*(src=|type=\"application/json\"))", body)


def test_the_front_door_of_a_fresh_installation_says_where_the_link_is(client):
    body = client.get("/").content.decode()
    assert "Nobody has signed in yet" in body
    assert "quarterdeck link" in body


def test_from_the_printed_link_to_the_first_workspace(client, settings):
    path = re.sub(r"^http://localhost:\d+", "", onetime.issue_owner_link())
    shown = client.get(path)
    assert b"Sign in on this browser" in shown.content
    assert "_auth_user_id" not in client.session
    assert client.post(path, follow=True).redirect_chain == [("/", 302)]
    page = client.get("/").content.decode()
    assert "Welcome aboard" in page
    assert "data-detect-timezone" in page
    answer = client.post(
        reverse("crew-first-begin"),
        {"name": "Ada", "timezone": "Europe/Lisbon", "workspace": "Harbour Kitchen"},
    )
    assert answer.status_code == 302
    assert answer["Location"] == "/w/harbour-kitchen/"
    ada = User.objects.get()
    assert (ada.name, ada.timezone, ada.owns_installation) == ("Ada", "Europe/Lisbon", True)


def test_the_first_run_keeps_what_was_typed_when_something_is_wrong(client):
    client.force_login(make.user("Ada"))
    answer = client.post(
        reverse("crew-first-begin"), {"name": "Ada", "timezone": "Mars/Olympus", "workspace": "Harbour"}
    )
    assert answer.status_code == 422
    assert "is not a time zone" in answer.content.decode()
    assert 'value="Harbour"' in answer.content.decode()
    assert not Workspace.objects.exists()


def test_the_front_door_leads_to_the_last_workspace(client):
    first = make.member()
    second = Member.objects.create(
        workspace=make.workspace("Anchor"), user=first.user, role=Role.AUTHOR, joined_at=first.joined_at
    )
    signed_in(client, first)
    client.get(at("crew-people", first))
    assert client.get("/")["Location"] == f"/w/{first.workspace.slug}/"
    client.get(at("crew-people", second))
    assert client.get("/")["Location"] == f"/w/{second.workspace.slug}/"


def test_an_invitation_is_made_shown_once_and_used(client, django_user_model):
    owner = make.member()
    answer = signed_in(client, owner).post(at("crew-invite", owner), {"role": "approver"})
    body = answer.content.decode()
    url = re.search(r'value="(http://localhost:\d+(/join/[^"]+))"', body)
    assert "works only on this machine" in body
    assert url.group(1) not in client.get(at("crew-people", owner)).content.decode()
    client.logout()
    assert owner.workspace.name in client.get(url.group(2)).content.decode()
    joined = client.post(
        url.group(2), {"name": "Bo", "email": "bo@example.org", "password": "quiet-harbour-lamp"}
    )
    assert joined["Location"] == f"/w/{owner.workspace.slug}/"
    assert client.session["_auth_user_id"] == str(User.objects.get(name="Bo").pk)
    assert client.get(url.group(2)).status_code == 404


def test_joining_shows_what_is_wrong_beside_the_field(client):
    invited = verbs.invite(by=make.member(), role=Role.AUTHOR)
    path = reverse("crew-invitation-join", kwargs={"token": invited.token})
    answer = client.post(path, {"name": "Bo", "email": "bo@example.org", "password": "password12"})
    assert answer.status_code == 422
    assert "too common" in answer.content.decode()
    assert rules.open_invitation(invited.token)


def test_somebody_with_an_account_signs_in_and_comes_back_to_the_invitation(client):
    bo = make.user("Bo", email="bo@example.org", password="quiet-harbour-lamp")
    invited = verbs.invite(by=make.member(), role=Role.AUTHOR)
    path = reverse("crew-invitation-join", kwargs={"token": invited.token})
    assert client.post(path, {"with": "account"})["Location"] == reverse("account_login")
    answer = client.post(
        reverse("account_login"), {"login": "bo@example.org", "password": "quiet-harbour-lamp"}
    )
    assert answer["Location"] == path
    assert "Join as Bo" in client.get(path).content.decode()
    client.post(path)
    assert bo.memberships.get().workspace == invited.invitation.workspace


def test_roles_brands_and_the_workspace_are_changed_by_their_forms(client):
    owner = make.member()
    bo = make.member(Role.AUTHOR, of=owner.workspace, name="Bo")
    signed_in(client, owner)
    client.post(at("crew-member-role", owner, member=bo.pk), {"role": "lead"})
    bo.refresh_from_db()
    assert bo.role == Role.LEAD
    client.post(at("crew-brands", owner), {"name": "Harbour Coffee"})
    assert owner.workspace.brands.filter(name="Harbour Coffee").exists()
    client.post(at("crew-workspace", owner), {"name": "Quay", "timezone": "Asia/Tokyo"})
    owner.workspace.refresh_from_db()
    assert owner.workspace.name == "Quay"
    client.post(at("crew-member-remove", owner, member=bo.pk))
    assert list(reads.members(owner.workspace)) == [owner]


def test_the_last_owner_is_told_why_they_cannot_leave(client):
    owner = make.member()
    answer = signed_in(client, owner).post(at("crew-leave", owner))
    assert answer.status_code == 409
    assert "only owner" in answer.content.decode()


def test_a_lead_may_invite_but_is_offered_no_owner(client):
    lead = make.member(Role.LEAD)
    signed_in(client, lead)
    body = client.get(at("crew-people", lead)).content.decode()
    assert 'value="approver"' in body
    assert 'value="owner"' not in body
    client.post(at("crew-invite", lead), {"role": "owner"})
    assert not Invitation.objects.exists()


def test_the_first_person_adds_an_address_and_a_password(client):
    owner = make.member()
    User.objects.filter(pk=owner.user.pk).update(email=None)
    signed_in(client, owner)
    assert "Add an e-mail" in client.get(at("crew-you", owner)).content.decode()
    client.post(at("crew-you-address", owner), {"email": "Ada@Example.org"})
    client.post(
        reverse("account_set_password"),
        {"password1": "quiet-harbour-lamp", "password2": "quiet-harbour-lamp"},
    )
    client.logout()
    client.post(reverse("account_login"), {"login": "ada@example.org", "password": "quiet-harbour-lamp"})
    assert client.session["_auth_user_id"] == str(owner.user.pk)


def test_a_taken_address_is_refused(client):
    make.user("Bo", email="bo@example.org")
    owner = make.member()
    answer = signed_in(client, owner).post(at("crew-you-address", owner), {"email": "BO@example.org"})
    assert answer.status_code == 422
    owner.user.refresh_from_db()
    assert owner.user.email != "bo@example.org"


def test_the_matrix_page_shows_every_cell(client):
    owner = make.member()
    body = signed_in(client, owner).get(at("crew-roles", owner)).content.decode()
    assert set(WORDS) == {name for name, roles in MATRIX.items() if roles}
    cells = sum(len(marks) for _, rows in reads.who_may() for _, marks in rows)
    assert len(re.findall(r"<td>", body)) == cells


def test_only_a_stored_password_is_kept_by_an_empty_field(client):
    owner = make.member()
    owner.user.owns_installation = True
    owner.user.save()
    words = "Leave empty to keep the one that is stored."
    assert words not in signed_in(client, owner).get(at("crew-mail", owner)).text
    given = {"half": "out", "out-host": "mail.example.org", "out-port": 587, "out-security": "starttls"}
    given |= {"out-username": "desk", "out-password": "s3cret", "out-sender": "desk@example.org"}
    assert client.post(at("crew-mail", owner), given).status_code == 302
    assert client.get(at("crew-mail", owner)).text.count(words) == 1, "of the server, not of the mailbox"


def test_a_new_passkey_has_a_name_that_people_understand(client):
    owner = make.member()
    page = signed_in(client, owner).get(reverse("mfa_add_webauthn"), headers={"host": "localhost"})
    assert "Passkey on this device" in page.text
    assert "Master key" not in page.text
