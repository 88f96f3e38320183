"""Members: roles, leaving, and the last owner, also when two owners act at the same moment."""

import threading

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quarterdeck.core.problems import Conflict, Invalid, NotFound
from quarterdeck.crew import reads, verbs
from quarterdeck.crew.models import Member
from quarterdeck.crew.permissions import MATRIX, Role, may
from quarterdeck.ledger.models import Pending, Subject
from quarterdeck.ledger.reads import history
from tests import make
from tests.make import kinds_recorded as kinds


@pytest.mark.django_db
def test_a_role_is_changed_and_recorded():
    owner = make.member()
    bo = make.member(Role.AUTHOR, of=owner.workspace, name="Bo")
    assert verbs.change_role(bo, by=owner, role=Role.LEAD).role == Role.LEAD
    assert kinds(owner.workspace) == ["crew.member.changed"]
    with pytest.raises(Conflict):
        verbs.change_role(bo, by=owner, role=Role.LEAD)
    with pytest.raises(Invalid):
        verbs.change_role(bo, by=owner, role="captain")


@pytest.mark.django_db
def test_a_removed_member_keeps_their_past_and_may_nothing():
    owner = make.member()
    bo = make.member(Role.AUTHOR, of=owner.workspace, name="Bo")
    gone = verbs.remove_member(bo, by=owner)
    assert gone.left_at
    assert Member.objects.filter(pk=bo.pk).exists()
    assert not any(gone.may(permission) for permission in MATRIX)
    assert list(reads.members(owner.workspace)) == [owner]
    with pytest.raises(Conflict):
        verbs.remove_member(bo, by=owner)


@pytest.mark.django_db
def test_somebody_who_left_can_be_invited_again():
    owner = make.member()
    bo = make.member(Role.AUTHOR, of=owner.workspace, name="Bo")
    verbs.remove_member(bo, by=bo)
    assert kinds(owner.workspace) == ["crew.member.left"]
    again = verbs.accept_invitation(verbs.invite(by=owner, role=Role.LEAD).token, user=bo.user)
    assert again.pk != bo.pk
    assert again.role == Role.LEAD


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["leave", "demote"])
def test_the_last_owner_stays(act):
    owner = make.member()
    acts = {
        "leave": lambda: verbs.remove_member(owner, by=owner),
        "demote": lambda: verbs.change_role(owner, by=owner, role=Role.OBSERVER),
    }
    with pytest.raises(Conflict) as refused:
        acts[act]()
    assert "only owner" in refused.value.title
    assert "another" in refused.value.next_step or "else" in refused.value.next_step
    owner.refresh_from_db()
    assert (owner.role, owner.left_at) == (Role.OWNER, None)


@pytest.mark.django_db
def test_another_workspaces_member_is_not_there():
    with pytest.raises(NotFound):
        verbs.remove_member(make.member(Role.AUTHOR), by=make.member())


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_remove_each_other_leave_one():
    first = make.member()
    second = make.member(Role.OWNER, of=first.workspace, name="Bo")
    gate, said = threading.Barrier(2), []

    def remove(member, by):
        gate.wait()
        try:
            verbs.remove_member(member, by=by)
            said.append("removed")
        except Conflict:
            said.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=remove, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["refused", "removed"]
    assert reads.members(first.workspace).count() == 1


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from([*Role.values, "leave"])), max_size=12
    )
)
def test_whatever_is_done_an_owner_remains(acts):
    first = make.member()
    crew = [first] + [make.member(role, of=first.workspace) for role in (Role.OWNER, Role.LEAD, Role.AUTHOR)]
    for who, by, what in acts:
        try:
            if what == "leave":
                verbs.remove_member(crew[who], by=crew[by])
            else:
                verbs.change_role(crew[who], by=crew[by], role=what)
        except Conflict:
            pass
        assert reads.members(first.workspace).filter(role=Role.OWNER).exists()


def test_every_cell_of_the_matrix_is_what_the_roles_say():
    for permission, roles in MATRIX.items():
        assert roles <= set(Role.values), permission
        for role in Role.values:
            assert may(role, permission) == (role in roles)
    with pytest.raises(KeyError):
        may(Role.OWNER, "crew.member.teleport")


@pytest.mark.django_db
def test_the_installation_belongs_to_its_owner_in_any_role():
    observer = make.member(Role.OBSERVER)
    assert not observer.may("crew.installation.change")
    assert not make.member(Role.OWNER).may("crew.installation.change")
    observer.user.owns_installation = True
    assert observer.may("crew.installation.change")


@pytest.mark.django_db
def test_who_may_not_change_the_installation_is_not_told_that_a_role_would_help(client):
    owner = make.member(Role.OWNER)
    client.force_login(owner.user)
    refused = client.get(f"/w/{owner.workspace.slug}/settings/mail/")
    assert refused.status_code == 403
    assert "no role includes it" in refused.text
    assert "can change your role" not in refused.text
    analyst = make.member(Role.ANALYST, of=owner.workspace, name="Ann")
    client.force_login(analyst.user)
    assert "can change your role" in client.get(f"/w/{owner.workspace.slug}/settings/brands/").text


@pytest.mark.django_db
def test_the_log_names_no_member_by_any_id_and_says_the_role_of_who_acted():
    """Every member may read leaves: an id that stays the same, tied to a person once, would name all its entries."""
    owner = make.member()
    bo = make.member(Role.AUTHOR, of=owner.workspace, name="Bo")
    verbs.change_role(bo, by=owner, role=Role.LEAD)
    verbs.remove_member(bo, by=owner)
    leaves = b"".join(bytes(leaf) for leaf in Pending.objects.values_list("leaf", flat=True))
    assert str(bo.pk).encode() not in leaves
    assert str(owner.pk).encode() not in leaves
    for subject in Subject.objects.all():
        assert str(subject.pseudonym).encode() not in leaves
    assert [item.kind for item in history(bo)] == ["crew.member.removed", "crew.member.changed"]
    assert [item.by for item in history(bo, bo)] == ["An owner", "An owner"]
    assert [item.by for item in history(bo, owner)] == ["You", "You"]
