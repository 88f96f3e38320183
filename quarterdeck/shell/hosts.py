"""Which names this installation answers to, and cookies that fit how it was reached.

Known are localhost, the host of the public address, and numeric addresses (a page must work by address, too). Any
other name is refused in words: it is a typing error, a proxy that is not set up, or an attack by Host header or
DNS rebinding. Django's own ALLOWED_HOSTS stays open, because it could only say “Bad Request”.

Cookies have two policies by how the request came: over https they are `Secure`, over plain http (localhost, or a
numeric address in the own network) they cannot be. The public host of an https address is never served over http,
so its cookies are always `Secure`. How a request came is decided in `config/asgi.py`, from the proxy's headers.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.request import split_domain_port
from django.utils.html import escape

from quarterdeck.core import clock, env, reach

GetResponse = Callable[[HttpRequest], HttpResponse]
STAY_WITH_HTTPS = f"max-age={30 * 24 * 3600}"  # RFC 6797; a month, since an owner may change their mind
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<title>{title} · Quarterdeck</title><h1>{title}</h1><p>{words}</p>"""


class Hosts:
    """Before everything that reads a cookie; after the headers every answer carries."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = judge(request) or self.get_response(request)
        if request.is_secure():
            for morsel in response.cookies.values():
                morsel["secure"] = True
            response.headers.setdefault("Strict-Transport-Security", STAY_WITH_HTTPS)
        return response


def judge(request: HttpRequest) -> HttpResponse | None:
    """None when the request may go on; else a redirect to the right address, or a refusal in words."""
    given = request.META.get("HTTP_HOST", "")
    if not given and clock.may_move():
        given = request.META.get("SERVER_NAME", "")  # Django's test client sends no Host
    host, port = split_domain_port(given)
    host = host.rstrip(".")
    if not host:
        return _refusal(
            400, "This address cannot be read", "The name of the host in the request is not a name."
        )
    if request.path.startswith("/reach/"):  # answers only with a mark; asked while an address is being set up
        return None
    public = urlsplit(reach.public_url())
    if public.hostname and host == public.hostname:
        return _by_public_name(request, public.scheme)
    if host == "localhost" or (host == "testserver" and clock.may_move()):
        return None
    if _is_address(host):
        return _by_address(request, host, port)
    return _refusal(
        421,
        "This name is not known here",
        f"Nothing is served under “{host}”. If it should be this installation’s address, its owner sets it under "
        f"Settings, Public address. On the machine itself Quarterdeck stands at {env.local_url()}",
    )


def _by_public_name(request: HttpRequest, scheme: str) -> HttpResponse | None:
    if scheme == "http" or request.is_secure():
        return None
    if _forwarded(request) and b"x-forwarded-proto" not in _forwarded(request):
        return _refusal(
            400,
            "The proxy leaves something out",
            "It does not say whether you came by https. In nginx: proxy_set_header X-Forwarded-Proto $scheme;",
        )
    if request.method in {"GET", "HEAD"}:
        return HttpResponseRedirect(reach.public_url() + request.get_full_path())
    return _refusal(
        403, "This address is served over https only", f"Nothing was done. Open {reach.public_url()} instead."
    )


def _by_address(request: HttpRequest, host: str, port: str) -> HttpResponse | None:
    if not ipaddress.ip_address(host.strip("[]")).is_loopback:
        return None
    if _forwarded(request):
        return _refusal(
            400,
            "The proxy leaves something out",
            "It does not pass on the name you asked for. In nginx: proxy_set_header Host $http_host;",
        )
    # Passkeys refuse an address, and a cookie of 127.0.0.1 is not one of localhost: people stand on one of them.
    if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
        there = "localhost" + (f":{port}" if port else "")
        return HttpResponseRedirect(f"{request.scheme}://{there}{request.get_full_path()}")
    return None


def _forwarded(request: HttpRequest) -> frozenset[bytes]:
    """The forwarding headers a proxy set, by name; config/asgi.py takes them off before Django sees them."""
    return request.META.get("asgi.scope", {}).get("quarterdeck.forwarded", frozenset())


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _refusal(status: int, title: str, words: str) -> HttpResponse:
    """Without a template: a stranger's name must not reach the session, the database or a static file."""
    return HttpResponse(PAGE.format(title=escape(title), words=escape(words)), status=status)
