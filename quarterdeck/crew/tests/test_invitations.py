"""Invitations: one person, fourteen days, revocable, and only a hash of the token is kept."""

import hashlib
from datetime import timedelta

import pytest

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Forbidden, Invalid, NotFound
from quarterdeck.crew import rules, verbs
from quarterdeck.crew.models import Invitation, User
from quarterdeck.crew.permissions import Role
from tests import make
from tests.make import kinds_recorded as kinds

pytestmark = pytest.mark.django_db

PERSON = {"name": "Bo", "email": "Bo@Example.org", "password": "quiet-harbour-lamp"}


def test_a_new_person_joins_with_the_offered_role():
    owner = make.member()
    invited = verbs.invite(by=owner, role=Role.APPROVER)
    bo = verbs.accept_invitation(invited.token, **PERSON)
    assert (bo.role, bo.workspace, bo.user.email) == (Role.APPROVER, owner.workspace, "bo@example.org")
    assert bo.user.check_password("quiet-harbour-lamp")
    assert kinds(owner.workspace) == [
        "crew.invitation.issued",
        "crew.invitation.accepted",
        "crew.member.joined",
    ]


def test_without_a_password_nobody_can_sign_in_with_one():
    invited = verbs.invite(by=make.member(), role=Role.AUTHOR)
    bo = verbs.accept_invitation(invited.token, name="Bo", email="bo@example.org")
    assert not bo.user.has_usable_password()


def test_it_works_once():
    invited = verbs.invite(by=make.member(), role=Role.AUTHOR)
    verbs.accept_invitation(invited.token, **PERSON)
    with pytest.raises(NotFound):
        verbs.accept_invitation(invited.token, user=make.user("Cy"))


def test_it_ends_after_fourteen_days():
    invited = verbs.invite(by=make.member(), role=Role.AUTHOR)
    with clock.later(timedelta(days=13, hours=23)):
        assert rules.open_invitation(invited.token)
    with clock.later(timedelta(days=14)), pytest.raises(NotFound):
        verbs.accept_invitation(invited.token, **PERSON)
    assert not User.objects.filter(email="bo@example.org").exists()


def test_it_can_be_revoked_and_then_opens_nothing():
    owner = make.member()
    invited = verbs.invite(by=owner, role=Role.AUTHOR)
    verbs.revoke_invitation(invited.invitation, by=owner)
    with pytest.raises(NotFound):
        verbs.accept_invitation(invited.token, **PERSON)
    with pytest.raises(Conflict):
        verbs.revoke_invitation(invited.invitation, by=owner)


def test_of_the_token_only_the_hash_is_kept():
    invited = verbs.invite(by=make.member(), role=Role.AUTHOR)
    row = Invitation.objects.values().get()
    assert bytes(row["token_hash"]) == hashlib.sha256(invited.token.encode()).digest()
    assert not any(invited.token in str(value) for value in row.values())
    assert invited.url.endswith(f"/join/{invited.token}/")


def test_wrong_tokens_open_nothing():
    verbs.invite(by=make.member(), role=Role.AUTHOR)
    for token in ("", "x", "x" * 10_000, "\u00e9"):
        with pytest.raises(NotFound):
            rules.open_invitation(token)


def test_a_member_does_not_use_up_an_invitation():
    owner = make.member()
    invited = verbs.invite(by=owner, role=Role.AUTHOR)
    with pytest.raises(Conflict):
        verbs.accept_invitation(invited.token, user=owner.user)
    assert rules.open_invitation(invited.token)


def test_a_known_address_does_not_become_a_second_account():
    make.user("Bo", email="bo@example.org")
    invited = verbs.invite(by=make.member(), role=Role.AUTHOR)
    with pytest.raises(Conflict) as refused:
        verbs.accept_invitation(invited.token, **PERSON)
    assert "email" in refused.value.fields
    assert User.objects.filter(email="bo@example.org").count() == 1
    assert rules.open_invitation(invited.token)


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"email": "bo"}, {"password": "password12"}, {"password": "short"}]
)
def test_an_unusable_answer_makes_nobody(wrong):
    invited = verbs.invite(by=make.member(), role=Role.AUTHOR)
    before = User.objects.count()
    with pytest.raises(Invalid) as refused:
        verbs.accept_invitation(invited.token, **(PERSON | wrong))
    assert set(refused.value.fields) == set(wrong)
    assert User.objects.count() == before


def test_a_lead_invites_nobody_as_owner():
    lead = make.member(Role.LEAD)
    with pytest.raises(Forbidden):
        verbs.invite(by=lead, role=Role.OWNER)
    assert verbs.invite(by=lead, role=Role.LEAD)


def test_what_somebody_offered_ends_when_they_may_offer_it_no_more():
    owner = make.member()
    lead = make.member(Role.LEAD, of=owner.workspace, name="Lou")
    invited = verbs.invite(by=lead, role=Role.AUTHOR)
    kept = verbs.invite(by=owner, role=Role.AUTHOR)
    verbs.change_role(lead, by=owner, role=Role.AUTHOR)
    with pytest.raises(NotFound):
        rules.open_invitation(invited.token)
    assert rules.open_invitation(kept.token)


def test_an_owner_made_lead_keeps_only_what_a_lead_may_offer():
    owner, second = make.member(), None
    second = make.member(Role.OWNER, of=owner.workspace, name="Lou")
    as_owner = verbs.invite(by=second, role=Role.OWNER)
    as_author = verbs.invite(by=second, role=Role.AUTHOR)
    verbs.change_role(second, by=owner, role=Role.LEAD)
    assert rules.open_invitation(as_author.token)
    with pytest.raises(NotFound):
        rules.open_invitation(as_owner.token)


def test_another_workspaces_invitation_is_not_there():
    invited = verbs.invite(by=make.member(), role=Role.AUTHOR)
    with pytest.raises(NotFound):
        verbs.revoke_invitation(invited.invitation, by=make.member())


@pytest.mark.parametrize("address", [f"{'a' * 64}@{'.'.join(['b' * 60] * 4)}.org", "bo"])
def test_an_address_no_mailbox_can_have_is_refused(address):
    owner = make.member()
    with pytest.raises(Invalid):
        verbs.invite(by=owner, role=Role.AUTHOR, email=address)
    with pytest.raises(Invalid):
        verbs.accept_invitation(verbs.invite(by=owner, role=Role.AUTHOR).token, name="Bo", email=address)
