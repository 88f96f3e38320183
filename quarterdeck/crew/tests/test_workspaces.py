"""Workspaces and brands: what comes with a new one, and names that are taken."""

import pytest

from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.crew import verbs
from quarterdeck.crew.models import Workspace
from quarterdeck.crew.permissions import Role
from tests import make
from tests.make import kinds_recorded as kinds

pytestmark = pytest.mark.django_db


def test_a_new_workspace_has_an_owner_a_brand_and_a_log():
    ada = make.user("Ada")
    owner = verbs.create_workspace(by=ada, name="  Harbour   Kitchen ", timezone="Europe/Lisbon")
    assert owner.role == Role.OWNER
    assert owner.user == ada
    assert owner.workspace.name == "Harbour Kitchen"
    assert owner.workspace.slug == "harbour-kitchen"
    assert [b.name for b in owner.workspace.brands.all()] == ["Harbour Kitchen"]
    assert kinds(owner.workspace) == ["crew.workspace.created", "crew.brand.added", "crew.member.joined"]


def test_two_workspaces_of_one_name_get_two_addresses():
    ada = make.user("Ada")
    slugs = [verbs.create_workspace(by=ada, name="Harbour", timezone="UTC").workspace.slug for _ in range(3)]
    assert slugs == ["harbour", "harbour-2", "harbour-3"]


def test_a_name_without_latin_letters_still_has_an_address():
    assert verbs.create_workspace(by=make.user(), name="港", timezone="UTC").workspace.slug == "workspace"


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\x00b"])
def test_an_unusable_name_makes_nothing(name):
    with pytest.raises(Invalid) as refused:
        verbs.create_workspace(by=make.user(), name=name, timezone="UTC")
    assert "name" in refused.value.fields
    assert not Workspace.objects.exists()


def test_an_unknown_zone_makes_nothing():
    with pytest.raises(Invalid):
        verbs.create_workspace(by=make.user(), name="Harbour", timezone="Mars/Olympus")
    assert not Workspace.objects.exists()


def test_renaming_keeps_the_address():
    owner = make.member()
    before = owner.workspace.slug
    changed = verbs.change_workspace(by=owner, name="Quay", timezone="Asia/Tokyo")
    assert (changed.name, changed.slug, changed.timezone) == ("Quay", before, "Asia/Tokyo")
    assert kinds(owner.workspace)[-1] == "crew.workspace.changed"


def test_brands_are_added_and_renamed_and_their_names_are_theirs():
    owner = make.member()
    coffee = verbs.add_brand(by=owner, name="Harbour Coffee")
    with pytest.raises(Conflict):
        verbs.add_brand(by=owner, name="harbour COFFEE")
    assert verbs.rename_brand(coffee, by=owner, name="HARBOUR coffee").name == "HARBOUR coffee"
    assert kinds(owner.workspace)[-2:] == ["crew.brand.added", "crew.brand.renamed"]


def test_one_person_owns_a_bounded_number(monkeypatch):
    monkeypatch.setattr("quarterdeck.crew.verbs.workspaces.OWNED_MOST", 2)
    ada = make.user("Ada")
    for number in range(2):
        verbs.create_workspace(by=ada, name=f"Harbour {number}", timezone="UTC")
    with pytest.raises(Conflict, match="2 workspaces"):
        verbs.create_workspace(by=ada, name="One more", timezone="UTC")
    assert ada.memberships.count() == 2
