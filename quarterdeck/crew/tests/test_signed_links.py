"""Doors by link: fetching one changes nothing, whoever fetches it and however often."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid, NotFound
from quarterdeck.crew import links, onetime, reads, verbs
from quarterdeck.crew.access import public
from quarterdeck.crew.models import LinkOpening, OwnerLink, SignedLink, User
from quarterdeck.crew.permissions import Role
from quarterdeck.crew.views import people
from tests import make
from tests.make import kinds_recorded as kinds

pytestmark = pytest.mark.django_db

PURPOSE = "tests.reading"


@public("a test's own")
def _reading(request, link):
    if request.method == "POST":
        verbs.revoke_link(link, by=link.issued_by)
        return HttpResponse("acted")
    return HttpResponse(f"This is {link.object_id} for {link.label}.")


@pytest.fixture(autouse=True)
def _purpose():
    links.register_purpose(PURPOSE, _reading, "Read something")
    yield
    links.PURPOSES.pop(PURPOSE)


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def everything() -> dict[str, int | str]:
    """A fingerprint of every table, without the sessions and what counts openings."""
    skipped = {"LinkOpening", "Session"}
    found = {}
    for model in apps.get_models():
        if model._meta.managed and model.__name__ not in skipped:
            found[model._meta.label] = repr(sorted(map(repr, model.objects.values_list())))
    return found


def doors(owner) -> dict[str, str]:
    invited = verbs.invite(by=owner, role=Role.AUTHOR)
    issued = verbs.issue_link(by=owner, purpose=PURPOSE, object_id="42", label="Legal")
    return {
        "the one-time sign-in": path_of(onetime.issue_owner_link()),
        "an invitation": path_of(invited.url),
        "a signed link": path_of(issued.url),
    }


@pytest.mark.parametrize("door", ["the one-time sign-in", "an invitation", "a signed link"])
def test_twenty_fetches_change_nothing(door):
    path = doors(make.member())[door]
    before = everything()
    for method in ("get", "head"):
        for _ in range(20):
            client = Client()
            assert getattr(client, method)(path).status_code == 200
            assert not client.session.get("_auth_user_id")
    assert everything() == before


def test_every_purpose_a_room_registers_is_safe_to_fetch():
    from tests.samples import SIGNED_LINKS

    missing = set(links.PURPOSES) - {PURPOSE} - set(SIGNED_LINKS)
    assert not missing, f"tests/samples: SIGNED_LINKS has no sample for {sorted(missing)}"
    for purpose, make_object in SIGNED_LINKS.items():
        owner = make.member()
        made = make_object(owner.workspace)
        own = getattr(made, "token", "")  # it has a link of its own, and opens by no other
        path = links.path(own or verbs.issue_link(by=owner, purpose=purpose, object_id=made).token)
        before = everything()
        for _ in range(20):
            assert Client().get(path).status_code == 200
            assert Client().head(path).status_code == 200
        assert everything() == before, purpose


def test_only_a_button_signs_in_and_only_once(client):
    path = path_of(onetime.issue_owner_link())
    assert client.post(path)["Location"] == "/"
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)
    assert Client().post(path).status_code == 404
    assert Client().get(path).status_code == 404


def test_a_newer_sign_in_link_ends_the_older():
    first, second = onetime.issue_owner_link(), onetime.issue_owner_link()
    assert Client().get(path_of(first)).status_code == 404
    assert Client().get(path_of(second)).status_code == 200
    assert User.objects.count() == 1


def test_a_sign_in_link_lasts_a_day_and_is_kept_as_a_hash():
    path = path_of(onetime.issue_owner_link())
    token = path.strip("/").split("/")[1]
    assert not any(token in str(value) for value in OwnerLink.objects.values().get().values())
    with clock.later(timedelta(hours=23, minutes=59)):
        assert onetime.open_owner_link(token)
    with clock.later(timedelta(hours=24)), pytest.raises(NotFound):
        onetime.use_owner_link(token)


def test_a_signed_link_opens_its_own_purpose_and_object():
    issued = verbs.issue_link(by=make.member(), purpose=PURPOSE, object_id="42", label="Legal")
    answer = Client().get(path_of(issued.url))
    assert answer.content == b"This is 42 for Legal."
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer["Cache-Control"]


def test_it_ends_by_time_and_by_revocation():
    owner = make.member()
    issued = verbs.issue_link(by=owner, purpose=PURPOSE, expires_at=clock.now() + timedelta(days=2))
    with clock.later(timedelta(days=2)):
        assert Client().get(path_of(issued.url)).status_code == 404
    verbs.revoke_link(issued.link, by=owner)
    assert Client().get(path_of(issued.url)).status_code == 404
    assert Client().post(path_of(issued.url)).status_code == 404
    with pytest.raises(Conflict):
        verbs.revoke_link(issued.link, by=owner)
    assert kinds(owner.workspace) == ["crew.link.issued", "crew.link.revoked"]


def test_what_is_posted_acts():
    issued = verbs.issue_link(by=make.member(), purpose=PURPOSE)
    assert Client().post(path_of(issued.url)).content == b"acted"
    assert not SignedLink.objects.get().is_open()


def test_openings_are_counted_by_the_minute_and_say_nothing_of_who(monkeypatch):
    owner = make.member()
    issued = verbs.issue_link(by=owner, purpose=PURPOSE)
    start = clock.now().replace(second=0)
    for seconds in (0, 5, 50, 70):
        with clock.at(start + timedelta(seconds=seconds)):
            Client().get(path_of(issued.url))
            Client().head(path_of(issued.url))
    assert reads.issued_links(owner.workspace).get().times_opened == 2
    assert {f.name for f in LinkOpening._meta.get_fields()} == {"id", "link", "minute"}


def test_links_that_open_come_first_and_each_kind_can_be_looked_at_alone(monkeypatch):
    monkeypatch.setattr(people, "LINKS_PER_PAGE", 2)
    links.register_purpose("tests.other", _reading, "Follow something")
    owner = make.member()
    try:
        door = verbs.issue_link(by=owner, purpose=PURPOSE, label="The oldest door").link
        for number in range(3):
            gone = verbs.issue_link(by=owner, purpose="tests.other", label=f"Ended {number}").link
            verbs.revoke_link(gone, by=owner)
        client = Client()
        client.force_login(owner.user)
        page = reverse("crew-links", kwargs={"workspace": owner.workspace.slug})
        first = client.get(page).content.decode()
        assert first.index("The oldest door") < first.index("Ended 2")
        assert "Ended 1" not in first
        assert "Page 1 of 2" in first
        assert reads.links_open(owner.workspace) == {PURPOSE: 1, "tests.other": 0}
        others = client.get(page, {"for": "tests.other", "page": 2}).content.decode()
        assert "Ended 0" in others
        assert "The oldest door" not in others
        assert "?for=tests.other&amp;page=1" in others
        verbs.revoke_link(door, by=owner)
        assert client.get(page, {"for": "no such kind"}).status_code == 200
    finally:
        links.PURPOSES.pop("tests.other")


@pytest.mark.parametrize("lasts", [timedelta(0), timedelta(days=-1), timedelta(days=367)])
def test_a_link_ends_between_now_and_a_year_from_now(lasts):
    with pytest.raises(Invalid):
        verbs.issue_link(by=make.member(), purpose=PURPOSE, expires_at=clock.now() + lasts)
    assert not SignedLink.objects.exists()


def test_nobody_issues_a_link_no_room_can_open():
    with pytest.raises(ValueError):
        verbs.issue_link(by=make.member(), purpose="nobody.knows")


def test_a_purpose_is_registered_once():
    with pytest.raises(ValueError):
        links.register_purpose(PURPOSE, lambda request, link: HttpResponse())


def test_one_workspace_cannot_revoke_anothers_link():
    issued = verbs.issue_link(by=make.member(), purpose=PURPOSE)
    with pytest.raises(NotFound):
        verbs.revoke_link(issued.link, by=make.member())


@pytest.mark.parametrize("token", ["x", "x" * 5000, "%00", "é"])
def test_tokens_that_are_none_open_nothing(client, token):
    for name in ("crew-link-open", "crew-invitation-join", "crew-owner-start"):
        assert client.get(reverse(name, kwargs={"token": token})).status_code == 404
