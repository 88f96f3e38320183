"""The content security policy is strict, every response carries it, and no template needs it looser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import quarterdeck
from quarterdeck.shell.middleware import policy
from tests import make

TEMPLATES = sorted(Path(quarterdeck.__file__).parent.rglob("templates/**/*.html"))

FORBIDDEN = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.I | re.S),
    "a style element": re.compile(r"<style\b", re.I),
    # A block of JSON is data: browsers neither run it nor apply script-src to it.
    "an inline script": re.compile(
        r"""<script\b(?![^>]*\ssrc\s*=)(?![^>]*\stype="application/json")""", re.I | re.S
    ),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I | re.S),
    "hx-on": re.compile(r"hx-on", re.I),
    "a js: or javascript: value": re.compile(r"""["'\s](js|javascript):""", re.I),
    "an hx-trigger with a filter": re.compile(r"""hx-trigger\s*=\s*("[^"]*\[|'[^']*\[)""", re.I),
    "another server's file": re.compile(
        r"""<(script|link|img|iframe)\b[^>]*(src|href)\s*=\s*["']?(https?:)?//""", re.I
    ),
}  # fmt: skip


def _findings(text: str) -> list[str]:
    # Template tags may hold quotes and angle brackets of their own: `{% if a > b %}`.
    plain = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.S)
    return [what for what, pattern in FORBIDDEN.items() if pattern.search(plain)]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: "/".join(path.parts[-3:]))
def test_no_template_needs_a_looser_policy(template):
    assert _findings(template.read_text()) == []


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color:red">',
        "<style>p{}</style>",
        "<script>alert(1)</script>",
        '<script type="module">go()</script>',
        '<a href="x" onclick="go()">',
        '<button hx-on:click="go()">',
        """<div hx-vals='js:{a: 1}'>""",
        '<a href="javascript:go()">',
        '<input hx-trigger="keyup[ctrlKey]">',
        '<script src="https://cdn.example/x.js"></script>',
    ],
)
def test_the_search_finds_what_it_looks_for(text):
    assert _findings(text)


def test_the_policy_is_what_the_house_says():
    assert policy() == (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
    )


def test_an_identity_provider_can_be_let_through_forms_only(settings):
    settings.FORM_ACTION_ORIGINS = ["https://id.example.org"]
    assert "form-action 'self' https://id.example.org;" in policy()
    assert policy().count("id.example.org") == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "where", ["/", "/w/{slug}/", "/w/{slug}/settings/you/", "/account/login/", "/w/nowhere/"]
)
def test_no_page_is_kept_by_browsers_or_proxies(client, where):
    who = make.member()
    client.force_login(who.user)
    answer = client.get(where.format(slug=who.workspace.slug))
    assert "no-store" in answer["Cache-Control"]
    assert "no-store" not in client.get("/static/shell/app.js").get("Cache-Control", "")


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["/styleguide/", "/nowhere/", "/static/shell/app.js", "/w/{slug}/search/"])
def test_every_response_carries_the_headers(client, where):
    who = make.member()
    client.force_login(who.user)
    response = client.get(where.format(slug=who.workspace.slug))
    assert response.headers["Content-Security-Policy"] == policy()
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_what_is_fetched_anew_by_live_events_is_not_fetched_by_a_click():
    # htmx fetches a plain element on click when nothing else is said: the dialog just opened in it would be gone.
    tags = [
        tag
        for path in TEMPLATES
        for tag in re.findall(r"<[a-z]+\b[^>]*\bdata-live=.*?>", path.read_text(), re.S)
    ]
    assert [tag for tag in tags if "hx-get" in tag and not re.search(r'hx-trigger="[^"]*\blive\b', tag)] == []
