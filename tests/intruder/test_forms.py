"""Every form of the product is sent what no browser would send. Whatever comes, the answer is in words and not a
fault, and nothing larger than a field's bound is kept.
"""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from quarterdeck.crew import onetime, verbs
from quarterdeck.crew.permissions import Role
from tests import make
from tests.samples import SAMPLES
from tests.test_routes import IN_WORKSPACE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncounted")]

FORM = "application/x-www-form-urlencoded"
MARK = "Zyx" * 70_000  # 210 000 characters: longer than any field may be
HOSTILE = {
    "enormous": MARK,
    "a zero byte": "a\x00b",
    "half a character": b"a\xed\xa0\x80b",
    "a large number": "9" * 400,
}
# Further values by what a field's name says it is.
HOSTILE_TOO = {
    "mail|login|sender": {
        "a long address": f"{'a' * 64}@{'.'.join(['b' * 60] * 4)}.org",
        "lines": "x@example.org\r\nBcc: eve@example.org\r\n\r\nx",
    },
    "when|quiet_": {
        "the first year": "0001-01-01T00:00",
        "the last year": "9999-12-31T23:59",
        "no date": "2026-13-45T99:99",
    },
    "port|version|fold": {"a negative number": "-1"},
    "next": {"another site": "//evil.example/", "a page's name": "account_logout"},
}
# What a person would have typed, so that one hostile field stands in an otherwise good form.
TYPED = {
    "name": "Bo",
    "email": "bo@example.org",
    "label": "Phone",
    "password": "quiet-harbour-lamp",
    "reason": "Shorter, please.",
    "role": "author",
    "text": "Nettle soup.",
    "timezone": "Europe/Lisbon",
    "workspace": "Harbour",
    "url": "https://desk.example.org",
    "out-host": "mail.example.org",
    "out-sender": "desk@example.org",
    "in-host": "mail.example.org",
    "in-username": "desk",
}
OUTSIDE = ("crew-workspace-choose", "account_login", "account_reset_password", "account_logout")
SIGNING = ("account_email", "account_change_password", "account_set_password", "account_reauthenticate")


@dataclass(frozen=True)
class Form:
    address: str
    fields: tuple[tuple[str, str], ...]


class Forms(HTMLParser):
    """The forms of a page that are sent by POST, with their fields as a browser would send them untouched."""

    def __init__(self, page: str, address: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._address, self._form, self._select = address, None, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        if tag == "form" and (given.get("method") or "").lower() == "post":
            self._form = (given.get("action") or self._address, [])
        elif self._form and given.get("name") and given["name"] != "csrfmiddlewaretoken":
            if tag == "select":
                self._select = given["name"]
                self._form[1].append((self._select, ""))
            elif tag in {"input", "textarea", "button"}:
                self._form[1].append((given["name"], given.get("value") or ""))
        elif self._form and tag == "option" and self._select and "selected" in given:
            self._form[1][-1] = (self._select, given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "form" and self._form:
            self.found.append(Form(self._form[0], tuple(self._form[1])))
            self._form = None


def _pages(workspace) -> Iterator[str]:
    for route in IN_WORKSPACE:
        more = {} if route.arguments == {"workspace"} else SAMPLES[route.name](workspace)
        yield reverse(route.name, kwargs={"workspace": workspace.slug, **more})
    yield from (reverse(name) for name in (*OUTSIDE, *SIGNING))


def _send(client: Client, form: Form, name: str, value: str | bytes):
    """The form with one field replaced. Whatever it did is undone."""
    sent = [(n, value if n == name else v or TYPED.get(n, "")) for n, v in form.fields]
    cache.clear()  # rate limits
    with transaction.atomic():
        answer = client.post(form.address, urlencode(sent), content_type=FORM)
        kept = _kept() if value == MARK else []
        transaction.set_rollback(True)
    return answer, kept


@functools.cache
def _every_text() -> str:
    """One query that names each column in which the mark stands."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'jsonb', 'character varying') AND table_name ~"
            " '^(crew|core|publishing|channels|desk|account|socialaccount)_'"
        )
        return " UNION ALL ".join(
            f"SELECT '{table}.{column}' WHERE EXISTS (SELECT FROM \"{table}\""
            f' WHERE strpos("{column}"::text, %(mark)s) > 0)'
            for table, column in cursor.fetchall()
        )


def _kept() -> list[str]:
    """Where in the database the mark, or a long part of it, stands now."""
    with connection.cursor() as cursor:
        cursor.execute(_every_text(), {"mark": MARK[:30_000]})
        return [row[0] for row in cursor.fetchall()]


def _crawl(client: Client, pages) -> list[Form]:
    forms: dict[tuple, Form] = {}
    for page in pages:
        answer = client.get(page)
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        for form in Forms(answer.content.decode(), page).found:
            shape = re.sub(r"[0-9a-f-]{36}", "…", form.address), tuple(n for n, _ in form.fields)
            forms.setdefault(shape, form)
    return list(forms.values())


@pytest.fixture
def keeper():
    member = make.member()
    make.member(Role.LEAD, of=member.workspace, name="Bo")
    member.user.owns_installation = True
    member.user.set_password("quiet-harbour-lamp")
    member.user.save()
    return member


def _in(user) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": "quiet-harbour-lamp"})
    return client


@pytest.mark.prove
@pytest.mark.timeout(1800)  # every form of every room, each with everything
def test_forms_of_members_take_anything(keeper):
    client = _in(keeper.user)
    forms = _crawl(client, _pages(keeper.workspace))
    assert len(forms) > 25
    wrong = [words for form in forms for words in _hostile(client, form)]
    assert not wrong, "\n".join(wrong)


def test_forms_for_strangers_take_anything(keeper):
    token = verbs.invite(by=keeper, role=Role.AUTHOR).token
    start = re.sub(r"^http://localhost:\d+", "", onetime.issue_owner_link())
    pages = [reverse("account_login"), reverse("account_reset_password"), start, f"/join/{token}/"]
    forms = _crawl(Client(), pages)
    assert len(forms) > 4
    wrong = [words for form in forms for words in _hostile(Client(), form)]
    assert not wrong, "\n".join(wrong)


def _hostile(client: Client, form: Form) -> Iterator[str]:
    """What went wrong, in words."""
    client.raise_request_exception = False
    for name in dict.fromkeys(name for name, _ in form.fields):
        more = [values for part, values in HOSTILE_TOO.items() if re.search(part, name)]
        for what, value in functools.reduce(dict.__or__, more, HOSTILE).items():
            answer, kept = _send(client, form, name, value)
            where = f"{what} in {name} of {form.address}"
            if answer.status_code >= 500 and answer.status_code != 503:
                yield f"{where} answered {answer.status_code}"
            if kept:
                yield f"{where} was kept whole in {kept}"


class Large(io.RawIOBase):
    """Ten megabytes of a form, as they come in from outside: made while they are read."""

    SIZE = 10_000_000

    def __init__(self) -> None:
        self.left = self.SIZE

    def readinto(self, buffer) -> int:
        given = min(len(buffer), self.left)
        buffer[:given] = b"a" * given
        self.left -= given
        return given


def test_ten_megabytes_are_refused_in_words(keeper):
    known, strict = _in(keeper.user), Client(enforce_csrf_checks=True)
    strict.force_login(keeper.user)
    strict.get(reverse("crew-workspace-choose"))  # where the browser gets its half of the token
    for form in _crawl(known, _pages(keeper.workspace)):
        sent = {"wsgi.input": Large(), "CONTENT_LENGTH": str(Large.SIZE), "CONTENT_TYPE": FORM}
        answer = strict.generic("POST", form.address, **sent)
        assert answer.status_code == 400, form.address
        assert b"could not be read" in answer.content
