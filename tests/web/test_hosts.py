"""Which names are answered, what is said to others, and cookies that fit how the request came."""

from __future__ import annotations

import pytest
from django.conf import settings

from quarterdeck.core import reach
from tests import make
from tests.web.serving import serving

pytestmark = pytest.mark.django_db(transaction=True)
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def proxied(_emptied_once, tmp_path_factory, django_db_blocker):
    """A web process with a public https address, as behind a proxy on the same machine."""
    address = {"QUARTERDECK_PUBLIC_URL": "https://desk.example.org"}
    with django_db_blocker.unblock(), serving(tmp_path_factory.mktemp("web") / "log", **address) as running:
        yield running


def ask(server, path="/echo", method="GET", **headers):
    with server.client() as client:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.request(method, path, headers=named)


THROUGH = {"Host": "desk.example.org", "X_Forwarded_For": "198.51.100.7", "X_Forwarded_Proto": "https"}


def test_localhost_is_answered(server):
    assert ask(server).json()["host"] == f"localhost:{server.port}"


@pytest.mark.parametrize("host", ["192.168.1.5:8300", "192.168.1.5", "[fd00::1]:8300", "8.8.8.8"])
def test_a_numeric_address_is_answered(server, host):
    assert ask(server, Host=host).status_code == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_a_person_at_a_loopback_address_is_sent_to_localhost(server, host):
    moved = ask(server, "/echo?a=1&b=%C3%A9", Host=f"{host}:{server.port}", **HTML)
    assert moved.status_code == 302
    assert moved.headers["location"] == f"http://localhost:{server.port}/echo?a=1&b=%C3%A9"
    assert ask(server, Host=f"{host}:{server.port}").status_code == 200  # a program may stay
    assert ask(server, method="POST", Host=f"{host}:{server.port}", **HTML).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "desk.example.org", "evil.example:8300", "127.0.0.1.nip.io"],
)
def test_an_unknown_name_is_refused_in_words_and_without_a_cookie(server, host):
    refused = ask(server, "/echo/cookies", Host=host)
    assert refused.status_code == 421
    assert "not known here" in refused.text
    assert "set-cookie" not in refused.headers


@pytest.mark.parametrize("host", ["a b", "<script>", "x/y", "[", ""])
def test_a_host_that_is_no_name_is_refused(server, host):
    refused = ask(server, Host=host)
    assert 400 <= refused.status_code < 500
    assert "<script>" not in refused.text


def test_cookies_over_plain_http_are_not_secure_and_work(server):
    cookies = ask(server, "/echo/cookies").headers.get_list("set-cookie")
    assert len(cookies) == 2
    assert not [cookie for cookie in cookies if "secure" in cookie.lower()]


def test_through_the_proxy_everything_is_https_and_cookies_are_secure(proxied):
    got = ask(proxied, **THROUGH).json()
    assert (got["scheme"], got["host"], got["client"]) == ("https", "desk.example.org", "198.51.100.7")
    cookies = ask(proxied, "/echo/cookies", **THROUGH).headers.get_list("set-cookie")
    assert len(cookies) == 2
    assert all("secure" in cookie.lower() for cookie in cookies)


def test_localhost_still_works_with_a_public_address(proxied):
    cookies = ask(proxied, "/echo/cookies").headers.get_list("set-cookie")
    assert cookies
    assert not [cookie for cookie in cookies if "secure" in cookie.lower()]


def test_a_person_in_front_of_the_proxy_cannot_say_they_are_somebody_else(proxied):
    lie = THROUGH | {"X_Forwarded_For": "1.2.3.4, 198.51.100.7"}
    assert ask(proxied, **lie).json()["client"] == "198.51.100.7"


def test_the_public_name_over_http_is_sent_to_https(proxied):
    plain = THROUGH | {"X_Forwarded_Proto": "http"}
    moved = ask(proxied, "/echo?a=1", **plain)
    assert (moved.status_code, moved.headers["location"]) == (302, "https://desk.example.org/echo?a=1")
    refused = ask(proxied, "/echo/cookies", "POST", **plain)
    assert refused.status_code == 403
    assert "set-cookie" not in refused.headers


def test_a_proxy_that_leaves_out_the_scheme_is_told_so(proxied):
    refused = ask(proxied, Host="desk.example.org", X_Forwarded_For="198.51.100.7")
    assert refused.status_code == 400
    assert "X-Forwarded-Proto" in refused.text


def test_a_proxy_that_leaves_out_the_name_is_told_so(proxied):
    refused = ask(proxied, Host="127.0.0.1:8300", X_Forwarded_For="198.51.100.7", **HTML)
    assert refused.status_code == 400
    assert "Host" in refused.text


def test_a_form_through_the_proxy_passes_djangos_own_check_and_another_origin_does_not(proxied):
    """CSRF: the origin must be the public one, by the scheme and host the proxy reported."""
    with proxied.client(headers={k.replace("_", "-"): v for k, v in THROUGH.items()}) as client:
        page = client.get("/account/login/")
        cookies = {
            c.split("=")[0]: c.split("=")[1].split(";")[0] for c in page.headers.get_list("set-cookie")
        }
        name = next(n for n in cookies if n.endswith("csrf"))
        given = {"csrfmiddlewaretoken": cookies[name], "login": "x@example.org", "password": "x"}
        sent = {"Cookie": f"{name}={cookies[name]}", "Referer": "https://desk.example.org/account/login/"}
        good = client.post(
            "/account/login/", data=given, headers=sent | {"Origin": "https://desk.example.org"}
        )
        evil = client.post("/account/login/", data=given, headers=sent | {"Origin": "https://evil.example"})
        plain = client.post(
            "/account/login/", data=given, headers=sent | {"Origin": "http://desk.example.org"}
        )
    assert good.status_code == 200
    assert (evil.status_code, plain.status_code) == (403, 403)


def test_anybody_may_ask_for_the_mark_of_our_nonce_by_any_name(server):
    nonce = reach.new_nonce()
    got = ask(server, f"/reach/{nonce}", Host="desk.example.org", Origin="http://localhost:8300")
    assert reach.is_mark(nonce, got.json()["mark"])
    assert got.headers["access-control-allow-origin"] == "*"
    assert "set-cookie" not in got.headers
    assert ask(server, f"/reach/{nonce}x").status_code == 404


def test_the_owners_page_sets_and_tests_the_address(server):
    """The whole way: save, the browser's mark is taken, and links may be copied from then on."""
    ada = make.member()
    ada.user.owns_installation = True
    ada.user.save()
    here = f"/w/{ada.workspace.slug}/settings/address/"
    public = "http://192.168.7.7:9999"
    with server.client(ada.user, headers=HTML) as client:
        page = client.get(here)
        token = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        form = {"csrfmiddlewaretoken": token}
        assert client.post(here, data=form | {"url": "https://user:pw@x/"}).status_code == 422
        assert client.post(here, data=form | {"url": public}).status_code == 302
        reach.forget()
        assert (reach.status().url, reach.status().passed) == (public, False)
        page = client.get(here)
        assert f"connect-src 'self' {public};" in page.headers["content-security-policy"]
        assert "Not tested" in page.text
        nonce = page.text.split('name="nonce" value="')[1].split('"')[0]
        proof = form | {"url": public, "nonce": nonce, "mark": reach.mark(nonce)}
        assert client.post(here + "tested/", data=proof).status_code == 302
        assert reach.status().passed
        assert reach.link("/s/x/") == reach.Link(public + "/s/x/", "")
        assert "Tested" in client.get(here).text
        client.post(here, data=form | {"url": ""})
        reach.forget()
        assert reach.link("/s/x/").words == reach.ONLY_HERE


def test_a_member_who_does_not_own_the_installation_does_not_reach_the_page(server):
    ada = make.member()
    with server.client(ada.user) as client:
        assert client.get(f"/w/{ada.workspace.slug}/settings/address/").status_code == 403


def test_a_browser_that_came_by_https_stays_with_it(proxied):
    assert ask(proxied, **THROUGH).headers["strict-transport-security"] == "max-age=2592000"
    assert "strict-transport-security" not in ask(proxied).headers  # localhost, where there is no https


# --- whom the sign-in's rate limits count -------------------------------------------------------------


def sign_in(server, nth: int, **headers) -> str:
    """Try a password for the nth invented person, as a browser does; the page's words."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    path, name = "/account/login/", settings.CSRF_COOKIE_NAME
    with server.client() as client:
        token = client.get(path, headers=headers).cookies[name]
        given = {"login": f"nobody{nth}@example.org", "password": "x", "csrfmiddlewaretoken": token}
        own = {"Cookie": f"{name}={token}"}
        if headers.get("X-Forwarded-Proto") == "https":
            own["Referer"] = f"https://{headers['Host']}{path}"
        return client.post(path, data=given, headers=headers | own).text


REFUSED, TOO_OFTEN = "do not belong together", "tried too often"


def tries_until_too_often(server, **headers) -> int:
    return next(n for n in range(1, 40) if TOO_OFTEN in sign_in(server, n, **headers))


def test_two_people_behind_the_proxy_are_counted_apart_and_nobody_can_pass_for_another(proxied):
    mallory = THROUGH | {"X_Forwarded_For": "198.51.100.66"}
    assert tries_until_too_often(proxied, **mallory) > 3
    assert REFUSED in sign_in(proxied, 50, **THROUGH), "somebody else at another address"
    for lie in ("203.0.113.9, 198.51.100.66", "127.0.0.1, 198.51.100.66", "rubbish, 198.51.100.66"):
        forged = mallory | {
            "X_Forwarded_For": lie,
            "Forwarded": "for=203.0.113.9",
            "X_Real_IP": "203.0.113.9",
        }
        assert TOO_OFTEN in sign_in(proxied, 51, **forged), f"a proxy that appends passes on {lie}"


def test_without_a_public_address_nobody_can_pass_for_another(server):
    ours = {"Host": f"localhost:{server.port}"}
    tries_until_too_often(server, **ours)
    assert TOO_OFTEN in sign_in(server, 52, **ours, X_Forwarded_For="203.0.113.9")
