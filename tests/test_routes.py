"""Every address of the product is guarded: it says who may open it, and it holds for each role, for strangers,
and for objects of another workspace, whether it is fetched or sent a form. Fetching a page changes nothing.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from quarterdeck.crew.permissions import MATRIX, Role
from tests import make
from tests.samples import SAMPLES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncounted")]

INSTALLATION = "crew.installation.change"
OPENS = {200, 302}
# Sessions are the browser's; an opened signed link is counted by the minute; that somebody of a role opened what names
# people is kept by the day, for those who are named (crew.models.Look).
NOT_COUNTED = ("django_session", "crew_linkopening", "crew_look")


@dataclass(frozen=True)
class Route:
    name: str
    address: str
    arguments: frozenset[str]
    view: object

    def __str__(self) -> str:
        return self.name or self.address


def _walk(patterns, prefix: str = "", arguments: frozenset[str] = frozenset()) -> Iterator[Route]:
    for found in patterns:
        here, taken = prefix + str(found.pattern), arguments | set(found.pattern.converters)
        if isinstance(found, URLResolver):
            yield from _walk(found.url_patterns, here, taken)
        elif isinstance(found, URLPattern):
            yield Route(found.name or "", here, taken, found.callback)


@functools.cache
def routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns))


def _own(view) -> bool:
    return getattr(view, "view_class", view).__module__.startswith("quarterdeck.")


IN_WORKSPACE = [r for r in routes() if r.address.startswith("w/<slug:workspace>/")]
ELSEWHERE = [r for r in routes() if not r.address.startswith("w/") and _own(r.view)]


@pytest.mark.parametrize("route", IN_WORKSPACE, ids=str)
def test_every_page_of_a_workspace_names_its_permission(route):
    assert getattr(route.view, "permission", None) in MATRIX
    assert route.name, "An address needs a name, so that nobody writes it out."


@pytest.mark.parametrize("route", ELSEWHERE, ids=str)
def test_every_other_page_says_why_it_is_open_or_asks_for_sign_in(route):
    why = getattr(route.view, "public_because", "")
    assert getattr(route.view, "signed_in", False) or why
    assert not (why and getattr(route.view, "signed_in", False))


@pytest.mark.parametrize(
    "route", [r for r in ELSEWHERE if getattr(r.view, "signed_in", False) and not r.arguments], ids=str
)
def test_pages_for_the_signed_in_send_others_to_sign_in(route):
    answer = _ask(Client(), reverse(route.name))
    assert answer.status_code == 302
    assert "/account/login/" in answer["Location"]


def test_there_are_routes_to_walk():
    assert len(IN_WORKSPACE) > 20
    assert {"crew-people", "crew-mail"} <= {r.name for r in IN_WORKSPACE}


def test_every_address_with_arguments_has_a_sample():
    wanted = {r.name for r in IN_WORKSPACE if len(r.arguments) > 1}
    assert not wanted - set(SAMPLES), f"tests/samples has no sample for {sorted(wanted - set(SAMPLES))}"


@pytest.mark.parametrize("route", IN_WORKSPACE, ids=str)
def test_who_may_open_it(route):
    workspace = make.workspace()
    members = {role: make.member(role, of=workspace) for role in Role.values}
    kwargs = {"workspace": workspace.slug, **_sample(route, workspace)}
    address = reverse(route.name, kwargs=kwargs)
    for role, member in members.items():
        client = _as(member.user)
        if member.may(route.view.permission):
            _opens(client, address)
        else:
            assert _ask(client, address).status_code == 403, f"{role} should be refused"
    if route.view.permission == INSTALLATION:
        keeper = make.member(Role.OBSERVER, of=workspace, name="Keeper")
        keeper.user.owns_installation = True
        keeper.user.save()
        _opens(_as(keeper.user), address)


@pytest.mark.parametrize("route", IN_WORKSPACE, ids=str)
def test_strangers_are_told_nothing(route):
    workspace, elsewhere = make.workspace(), make.workspace("Elsewhere")
    stranger = make.member(Role.OWNER, of=elsewhere).user
    kwargs = {"workspace": workspace.slug, **_sample(route, workspace)}
    address = reverse(route.name, kwargs=kwargs)
    assert _ask(_as(stranger), address).status_code == 404
    answer = _ask(Client(), address)
    assert answer.status_code == 302
    assert "/account/login/" in answer["Location"]
    gone = make.member(Role.OWNER, of=workspace)
    type(gone).objects.filter(pk=gone.pk).update(left_at=gone.joined_at)
    assert _ask(_as(gone.user), address).status_code == 404


@pytest.mark.parametrize("route", [r for r in IN_WORKSPACE if len(r.arguments) > 1], ids=str)
def test_another_workspaces_objects_are_not_there(route):
    mine, theirs = make.member(), make.workspace("Theirs")
    mine.user.owns_installation = True
    mine.user.save()
    address = reverse(route.name, kwargs={"workspace": mine.workspace.slug, **_sample(route, theirs)})
    before = _events()
    assert _ask(_as(mine.user), address).status_code == 404
    assert _as(mine.user).post(address).status_code in {404, 405}
    assert _events() == before


@pytest.mark.parametrize("route", IN_WORKSPACE, ids=str)
def test_who_may_send_a_form_to_it(route):
    workspace, elsewhere = make.workspace(), make.workspace("Elsewhere")
    address = reverse(route.name, kwargs={"workspace": workspace.slug, **_sample(route, workspace)})
    refused = [
        m for role in Role.values if not (m := make.member(role, of=workspace)).may(route.view.permission)
    ]
    stranger, gone = make.member(Role.OWNER, of=elsewhere), make.member(Role.OWNER, of=workspace)
    type(gone).objects.filter(pk=gone.pk).update(left_at=gone.joined_at)
    clients = [(_as(m.user), f"{m.role} should be refused", 403) for m in refused]
    clients += [(_as(m.user), "a stranger is told nothing", 404) for m in (stranger, gone)]
    before = _written()
    for client, words, status in clients:
        assert client.post(address, {}).status_code == status or _only_read(route), words
    answer = Client().post(address, {})
    assert answer.status_code == 302 or _only_read(route)
    assert "/account/login/" in answer.get("Location", "/account/login/")
    assert _written() == before, f"a refused POST to {address} wrote to the database"


@pytest.mark.parametrize("route", IN_WORKSPACE, ids=str)
def test_a_form_without_its_token_is_refused(route):
    keeper = make.member()
    keeper.user.owns_installation = True
    keeper.user.save()
    workspace = keeper.workspace
    address = reverse(route.name, kwargs={"workspace": workspace.slug, **_sample(route, workspace)})
    client = Client(enforce_csrf_checks=True)
    client.force_login(keeper.user)
    before = _written()
    assert client.post(address, {}).status_code == 403
    assert _written() == before


@pytest.mark.parametrize("route", [r for r in routes() if not r.address.startswith("w/")], ids=str)
def test_a_form_without_its_token_is_refused_outside_workspaces_too(route):
    address = "/" + re.sub(r"<[^>]*:?[^>]*>|\(\?P<[^)]*\)", "1", route.address).replace("^", "").replace(
        "$", ""
    )
    client = Client(enforce_csrf_checks=True)
    client.force_login(make.user())
    before = _written()
    assert client.post(address, {}).status_code in {403, 404}  # 404: what stood in for an argument is none
    assert client.post(address, {}, headers={"origin": "https://evil.example"}).status_code in {403, 404}
    assert _written() == before


# --- how the walk asks ------------------------------------------------------------------------------


def _sample(route: Route, workspace) -> dict[str, object]:
    if route.arguments == {"workspace"}:
        return {}
    if route.name not in SAMPLES:
        pytest.skip("test_every_address_with_arguments_has_a_sample fails for it")
    return SAMPLES[route.name](workspace)


def _as(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _only_read(route: Route) -> bool:
    """Views that refuse every form before anything else (the guard stands inside `require_safe`)."""
    return Client().post(reverse(route.name, kwargs=dict.fromkeys(route.arguments, _ANY))).status_code == 405


_ANY = "00000000-0000-4000-8000-000000000000"


def _ask(client: Client, address: str):
    """GET, or where an address only acts, an empty POST: it must be refused before it is read."""
    answer = client.get(address)
    return client.post(address) if answer.status_code == 405 else answer


def _opens(client: Client, address: str) -> None:
    before = _written()
    answer, head = client.get(address), client.head(address)
    assert _written() == before, f"GET or HEAD {address} wrote to the database"
    if answer.status_code == 405:
        return  # it only acts; what acting does is tested in its room
    assert answer.status_code in OPENS, f"GET {address} answered {answer.status_code}"
    assert head.status_code == answer.status_code


def _written() -> int:
    """How many rows this test's transaction has written so far, by PostgreSQL's own count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables"
            " WHERE relname <> ALL(%s)",
            [list(NOT_COUNTED)],
        )
        return int(cursor.fetchone()[0])


def _events() -> int:
    from quarterdeck.ledger.models import Entry, Pending

    return Pending.objects.count() + Entry.objects.count()
