"""The recipe for nginx, as the settings page shows it, in a real nginx in front of the real web process."""

from __future__ import annotations

import os
import re
import shutil
import ssl
import subprocess
import time
from contextlib import contextmanager
from http.client import HTTPSConnection
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from django.db import transaction

from quarterdeck import live
from quarterdeck.core import reach
from quarterdeck.core.tests.fake_sites import certificate
from quarterdeck.shell.reach import CADDY, NGINX
from tests import make
from tests.web.serving import ROOT, free_port, serving, session_of

NAME = "desk.example.org"
nginx = shutil.which("nginx") or ("/usr/sbin/nginx" if Path("/usr/sbin/nginx").exists() else None)
needs_nginx = pytest.mark.skipif(nginx is None, reason="nginx is not installed (apt install nginx-light)")


@contextmanager
def in_front(folder: Path, port: int):
    """nginx with the recipe; only ports and the certificate's place are changed. Yields its https port."""
    certificate(NAME, folder)
    https, http = free_port(), free_port()
    recipe = NGINX.format(host=NAME, port=port)
    recipe = re.sub(r"ssl_certificate(_key)?\s.*;", rf"ssl_certificate\1 {folder}/pair.pem;", recipe)
    recipe = recipe.replace("listen 443", f"listen 127.0.0.1:{https}").replace(
        "listen 80", f"listen 127.0.0.1:{http}"
    )
    recipe = re.sub(r"listen \[::\].*;", "", recipe)
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    own = folder / "nginx.conf"
    own.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; {'user root;' if os.geteuid() == 0 else ''}"
        f"events {{}} http {{ access_log off; {places} {recipe} }}"
    )
    process = subprocess.Popen([nginx, "-p", str(folder), "-c", str(own), "-e", str(folder / "error.log")])
    try:
        yield https, process
    finally:
        process.terminate()
        process.wait(10)


def connect(port: int) -> HTTPSConnection:
    context = ssl._create_unverified_context()
    return HTTPSConnection("127.0.0.1", port, context=context, timeout=20)


def ask(port: int, path: str, method: str = "GET", body: bytes | None = None, **headers: str):
    connection = connect(port)
    connection.request(method, path, body, {"Host": NAME} | headers)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, content


@pytest.mark.real
@needs_nginx
@pytest.mark.django_db(transaction=True)
def test_the_recipe_for_nginx_works(tmp_path):
    ada = make.member()
    with (
        serving(tmp_path / "log", QUARTERDECK_PUBLIC_URL=f"https://{NAME}") as server,
        in_front(tmp_path, server.port) as (port, process),
    ):
        deadline = time.monotonic() + 10
        while True:
            assert process.poll() is None, (tmp_path / "error.log").read_text()
            try:
                response, content = ask(port, "/echo")
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        seen = httpx.Response(response.status, content=content).json()
        assert (seen["scheme"], seen["host"], seen["client"]) == ("https", NAME, "127.0.0.1")
        _cookies_are_secure(port)
        _uploads_arrive(port)
        _nobody_can_lie(port)
        _events_arrive_at_once(port, ada)
        nonce = reach.new_nonce()
        _, content = ask(port, f"/reach/{nonce}")
        assert reach.is_mark(nonce, httpx.Response(200, content=content).json()["mark"])


def _cookies_are_secure(port: int) -> None:
    response, _ = ask(port, "/echo/cookies")
    cookies = response.headers.get_all("set-cookie")
    assert len(cookies) == 2
    assert all("secure" in cookie.lower() for cookie in cookies)


def _uploads_arrive(port: int) -> None:
    body = os.urandom(2_400_000)
    response, content = ask(port, "/echo", "PUT", body, **{"Content-Type": "application/octet-stream"})
    assert httpx.Response(200, content=content).json()["size"] == len(body)
    assert response.status == 200


def _nobody_can_lie(port: int) -> None:
    lies = {"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Proto": "http", "X_Forwarded_Proto": "http"}
    _, content = ask(port, "/echo", **lies)
    seen = httpx.Response(200, content=content).json()
    assert (seen["scheme"], seen["client"]) == ("https", "127.0.0.1")


def _events_arrive_at_once(port: int, ada) -> None:
    stream = connect(port)
    cookie = f"{settings.SESSION_COOKIE_NAME}={session_of(ada.user)}"
    path = f"/live/stream?workspace={ada.workspace.slug}&age=0"
    stream.request("GET", path, headers={"Host": NAME, "Cookie": cookie})
    response = stream.getresponse()
    assert response.status == 200
    assert response.readline() == b"event: hello\n"
    for n in range(5):
        began = time.monotonic()
        with transaction.atomic():
            live.announce(ada.workspace_id, [("publishing.post", str(n))])
        while response.readline() != b"event: changed\n":
            pass
        assert response.readline() == b'data: {"publishing.post":["%d"]}\n' % n
        assert time.monotonic() - began < 5  # a proxy that buffers would keep it for a minute
    stream.close()


@pytest.mark.real
@pytest.mark.skipif(shutil.which("caddy") is None, reason="caddy is not installed")
def test_the_recipe_for_caddy_is_understood(tmp_path):
    (tmp_path / "Caddyfile").write_text(CADDY.format(host=NAME, port=8300))
    subprocess.run(["caddy", "adapt", "--config", str(tmp_path / "Caddyfile"), "--validate"], check=True)


def test_the_recipes_name_what_the_server_insists_on():
    for needed in (
        "Host $http_host",
        "X-Forwarded-Proto $scheme",
        "X-Forwarded-For",
        "client_max_body_size 64m",
    ):
        assert needed in NGINX
    assert "127.0.0.1:8300" in CADDY.format(host=NAME, port=8300)


def test_the_documents_show_the_same_recipes():
    text = (ROOT / "docs" / "reach.md").read_text()
    for recipe in (CADDY, NGINX):
        assert recipe.format(host=NAME, port=8300) in text
