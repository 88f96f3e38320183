"""What a form names is looked up in the workspace it is sent to: ids of another workspace's rows are not there.
And nothing lets anybody ask for work by person.
"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from quarterdeck.channels import verbs as channels
from quarterdeck.crew import notify
from quarterdeck.crew.models import Member
from quarterdeck.crew.permissions import Role
from quarterdeck.desk import verbs as desk
from quarterdeck.desk.models import HandOver
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Post
from tests import make
from tests.test_routes import IN_WORKSPACE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncounted")]


@pytest.fixture
def mine():
    member = make.member()
    channels.connect_sandbox(member, brand=member.workspace.brands.get())
    return member


@pytest.fixture
def theirs():
    return make.member(of=make.workspace("Theirs"), name="Thea")


@pytest.fixture
def client(mine):
    made = Client()
    made.force_login(mine.user)
    return made


def at(name: str, who: Member, **parts) -> str:
    return reverse(name, kwargs={"workspace": who.workspace.slug, **parts})


def test_a_post_never_goes_to_another_workspaces_channel(client, mine, theirs):
    foreign = channels.connect_sandbox(theirs, brand=theirs.workspace.brands.get())
    sent = {"text": "Nettle soup.", "version": 1, "channels": [str(foreign.pk)]}
    assert client.post(at("publishing-post-new", mine), sent).status_code == 422
    assert not Post.objects.exists()
    post = publishing.draft(mine, brand=mine.workspace.brands.get(), text="Soup.")
    assert client.post(at("publishing-post-edit", mine, pk=post.pk), sent).status_code == 422
    assert not post.channels.exists()


def test_an_undo_never_reaches_into_another_post(client, mine, theirs):
    channel = channels.connect_sandbox(theirs, brand=theirs.workspace.brands.get())
    other = publishing.draft(theirs, brand=theirs.workspace.brands.get(), text="Theirs.", channels=[channel])
    publishing.approve(other, by=theirs, text_hash=other.text_hash)
    act = publishing.publish_now(other, by=theirs)
    post = publishing.draft(mine, brand=mine.workspace.brands.get(), text="Mine.")
    assert client.post(at("publishing-post-undo", mine, pk=post.pk, act=act)).status_code == 409
    assert other.deliveries.get().state == "intent"


def test_nothing_is_handed_to_somebody_elsewhere(client, mine, theirs):
    sent = {"keys": "tests.thing:1", "to": str(theirs.pk)}
    assert client.post(at("desk-item-handover", mine), sent).status_code == 422
    assert not HandOver.objects.exists()


@pytest.mark.parametrize("name", ["crew-member-role", "crew-member-remove"])
def test_members_elsewhere_keep_their_place(client, mine, theirs, name):
    assert client.post(at(name, mine, member=theirs.pk), {"role": "observer"}).status_code == 404
    theirs.refresh_from_db()
    assert (theirs.role, theirs.left_at) == (Role.OWNER, None)


def test_a_colleagues_notices_places_and_offers_are_not_mine(client, mine):
    bo = make.member(Role.AUTHOR, of=mine.workspace, name="Bo")
    told = notify.tell(bo, subject="For Bo", text="Only for Bo.")
    assert client.post(at("crew-notification-open", mine, notification=told.pk)).status_code == 404
    told.refresh_from_db()
    assert told.read_at is None
    cy = make.member(Role.AUTHOR, of=mine.workspace, name="Cy")
    offer = HandOver.objects.get(act=desk.hand_over(bo, ["tests.thing:1"], to=cy))
    for name in ("desk-handover-accept", "desk-handover-decline", "desk-handover-withdraw"):
        assert client.post(at(name, mine, pk=offer.pk)).status_code == 404


ASKED = (
    "author",
    "member",
    "by",
    "who",
    "actor",
    "user",
    "person",
    "owner",
    "approver",
    "q",
    "sort",
    "order",
)


# The words that are noted of files, or stand in a question and its answer, and nobody's name among them.
SEARCHES = {"studio-library", "studio-file-choose", "stakeholders-question-list"}


@pytest.mark.parametrize("route", [r for r in IN_WORKSPACE if r.arguments == {"workspace"}], ids=str)
def test_no_page_can_be_asked_by_person(client, mine, route):
    if route.name in {"shell-search", "shell-palette"}:
        return  # below: it finds people, never their work
    bo = make.member(Role.AUTHOR, of=mine.workspace, name="Bo")
    for author in (mine, bo):
        publishing.draft(author, brand=mine.workspace.brands.get(), text=f"By {author}.")
    address = at(route.name, mine)
    plain = client.get(address)
    if plain.status_code != 200 or "html" not in plain["Content-Type"]:
        return
    finds = {"q"} if route.name in SEARCHES else set()
    for value in (str(bo.pk), str(bo.user.pk), "Bo", "author"):
        asked = client.get(address, dict.fromkeys(set(ASKED) - finds, value))
        assert _without_tokens(asked) == _without_tokens(plain), f"{address} answers to {value}"


def _without_tokens(answer) -> list[str]:
    """The lines of a page's own part; every answer has tokens, its own address and a nonce of its own."""
    page = answer.content.decode()
    if "<main" in page:
        page = page[page.index("<main") : page.index("</main>")]
    return [
        line for line in page.splitlines() if not any(w in line for w in ("csrf", "nonce", 'name="next"'))
    ]


def test_searching_for_a_person_finds_the_person_and_no_work(client, mine):
    bo = make.member(Role.AUTHOR, of=mine.workspace, name="Bartholomew")
    publishing.draft(bo, brand=mine.workspace.brands.get(), text="Nettle soup.")
    for query in ("Bartholomew", str(bo.pk), str(bo.user.pk), bo.user.email):
        page = client.get(at("shell-search", mine), {"q": query}).content.decode()
        assert "/posts/" not in page[page.index("<main") : page.index("</main>")]
        assert "Nettle" not in page
