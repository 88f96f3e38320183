"""The public address: how it may be written, and what proves that it leads here."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quarterdeck.core import clock, reach, store
from quarterdeck.core.problems import Invalid


@pytest.fixture(autouse=True)
def _fresh():
    reach.forget()
    reach._known.url = ""
    yield
    reach.forget()
    reach._known.url = ""


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("https://desk.example.org", "https://desk.example.org"),
        (" https://Desk.Example.org/ ", "https://desk.example.org"),
        ("desk.example.org", "https://desk.example.org"),
        ("https://desk.example.org:443", "https://desk.example.org"),
        ("https://desk.example.org:8443", "https://desk.example.org:8443"),
        ("http://192.168.1.5:8300", "http://192.168.1.5:8300"),
        ("https://büro.example", "https://xn--bro-hoa.example"),
        ("https://[2606:4700::1]:8443", "https://[2606:4700::1]:8443"),
        ("https://desk.example.org.", "https://desk.example.org"),
    ],
)
def test_an_address_is_kept_as_an_origin(given, stored):
    assert reach.checked(given) == stored


@pytest.mark.parametrize(
    "given",
    ["https://", "https://a b", "ftp://x.example", "https://u:p@x.example", "https://x.example/path", "https://x?q",
     "https://x#f", "https://localhost", "http://127.0.0.1:8300", "http://[::1]", "https://x.example:99999",
     "javascript:alert(1)", "https://x'; script-src *", "https://x;y", "https://[fe80::1%x;y]",
     "https://x.example:port", "https://" + "a" * 300]
)  # fmt: skip
def test_what_is_no_address_is_refused_in_words(given):
    with pytest.raises(Invalid) as refused:
        reach.checked(given)
    assert refused.value.fields["url"].endswith(".")


def test_only_this_installation_knows_the_mark(monkeypatch):
    nonce = reach.new_nonce()
    mark = reach.mark(nonce)
    assert len(mark) == 64
    assert reach.is_mark(nonce, mark)
    assert not reach.is_mark(nonce, mark[:-1] + ("0" if mark[-1] != "0" else "1"))
    assert not reach.is_mark(reach.new_nonce(), mark)
    monkeypatch.setattr(reach.secrets, "derive", lambda purpose: b"another installation's key......")
    assert reach.mark(nonce) is None


@pytest.mark.parametrize("nonce", ["", "-", "1-2", "1-2-3", "x" * 500, "１２-a-b", "1-\x00-z"])
def test_a_nonce_of_somebody_elses_has_no_mark(nonce):
    assert reach.mark(nonce) is None


def test_a_nonce_grows_old():
    nonce = reach.new_nonce()
    with clock.later(timedelta(seconds=reach.NONCE_LIVES - 5)):
        assert reach.mark(nonce)
    with clock.later(timedelta(seconds=reach.NONCE_LIVES + 5)):
        assert reach.mark(nonce) is None


@pytest.mark.django_db
def test_a_passed_test_is_for_that_address_only():
    assert reach.status().words.startswith("No public address is set")
    reach.set_public_url("https://desk.example.org")
    assert not reach.status().passed
    assert reach.link("/s/x/").words == reach.ONLY_HERE
    assert reach.link("/s/x/").url.startswith("http://localhost:")
    reach.note_passed("https://desk.example.org", "browser")
    assert reach.status().passed
    assert reach.link("/s/x/") == reach.Link("https://desk.example.org/s/x/", "")
    reach.set_public_url("https://other.example.org")
    assert not reach.status().passed


@pytest.mark.django_db
def test_the_environment_outranks_the_settings(monkeypatch):
    reach.set_public_url("https://stored.example.org")
    monkeypatch.setenv("QUARTERDECK_PUBLIC_URL", "https://given.example.org/")
    assert reach.public_url() == "https://given.example.org"
    assert reach.last_known() == "https://given.example.org"
    assert reach.from_environment()


@pytest.mark.django_db
def test_without_a_database_the_last_known_address_stands(monkeypatch):
    reach.set_public_url("https://desk.example.org")
    assert reach.public_url() == "https://desk.example.org"

    def gone(*given):
        raise RuntimeError("the database is away")

    monkeypatch.setattr(store, "get", gone)
    reach.forget()
    assert reach.public_url() == "https://desk.example.org"
