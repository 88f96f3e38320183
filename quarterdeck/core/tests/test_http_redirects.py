"""Redirects of the HTTP client: how many, with which method, and which secrets go along."""

from __future__ import annotations

import pytest

from quarterdeck.core import http
from quarterdeck.core.tests.fake_sites import says, site, to


def test_redirects_are_followed_up_to_five():
    def answer(handler):
        left = int(handler.path.strip("/") or 0)
        (says(b"there") if left == 0 else to(f"/{left - 1}"))(handler)

    with site(answer) as here, http.SafeClient(allow=[here.host]) as client:
        assert client.get(f"{here.url}/5").text == "there"
        with pytest.raises(http.Refused, match="more than 5"):
            client.get(f"{here.url}/6")


def test_secrets_stay_with_their_origin():
    with site(says()) as there, site(to(f"http://127.0.0.1:{there.port}/")) as here:
        secret = {"Authorization": "Bearer t", "Cookie": "a=b", "X-Api-Key": "k", "Accept": "text/plain"}
        with http.SafeClient(allow=[here.host, there.host]) as client:
            client.get(here.url, headers=secret)
    got = there.seen[0][2]
    assert not {"Authorization", "Cookie", "X-Api-Key"} & set(got)
    assert got["Accept"] == "text/plain"
    assert here.seen[0][2]["Authorization"] == "Bearer t"


def test_secrets_go_along_within_their_origin():
    def answer(handler):
        (to("/there") if handler.path == "/" else says())(handler)

    with site(answer) as here, http.SafeClient(allow=[here.host]) as client:
        client.get(here.url, headers={"Authorization": "Bearer t"})
    assert here.seen[1][2]["Authorization"] == "Bearer t"


@pytest.mark.parametrize(("status", "method", "body"), [(301, "GET", b""), (302, "GET", b""), (303, "GET", b""),
                                                       (307, "POST", b"x=1"), (308, "POST", b"x=1")])  # fmt: skip
def test_a_posts_redirect_keeps_or_changes_the_method_as_the_standard_says(status, method, body):
    def answer(handler):
        (to("/there", status) if handler.path == "/" else says())(handler)

    with site(answer) as here, http.SafeClient(allow=[here.host]) as client:
        client.post(here.url, data={"x": "1"})
    assert (here.seen[1][0], here.seen[1][3]) == (method, body)


def test_what_was_posted_is_not_sent_to_another_origin():
    with (
        site(says()) as there,
        site(to(f"http://127.0.0.1:{there.port}/", 307)) as here,
        http.SafeClient(allow=[here.host, there.host]) as client,
        pytest.raises(http.Refused) as refused,
    ):
        client.post(here.url, data={"token": "secret"})
    assert there.seen == []
    assert refused.value.may_have_arrived


def test_redirects_can_be_left_to_the_caller():
    with site(to("/x")) as here, http.SafeClient(allow=[here.host], redirects=0) as client:
        assert client.get(here.url).status_code == 302
