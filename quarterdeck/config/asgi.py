"""The outer ASGI application: event streams natively, `/health` and `/ready`, and everything else Django's WSGI
application in a bounded number of threads. No more threads than the database pool has connections.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any, TypeVar
from urllib.parse import parse_qs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quarterdeck.config.settings")

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.contrib.auth import get_user
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, parse_cookie
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

_django = get_wsgi_application()  # sets Django up: models may be imported from here on

from quarterdeck.config.bodies import Body, HungUp, Message, Receive, Refused, Scope, has_body  # noqa: E402
from quarterdeck.core import memory, reach  # noqa: E402
from quarterdeck.core.claims import return_connections  # noqa: E402
from quarterdeck.live.hub import Hub  # noqa: E402
from quarterdeck.live.stream import Grant, Send, Stream  # noqa: E402

THREADS = 16  # for pages; with the threads below, fewer than the pool's connections (settings.DATABASES)
_OWN_THREADS = 4  # for who may read a stream, and for /ready
HEADERS_AT_MOST = 32 * 1024  # bytes
SLOW = 1.0  # seconds; slower answers are logged
PROXIES = ["127.0.0.1", "::1"]  # whose X-Forwarded headers count, and only when a public address is set
STALLED = 60.0  # seconds a client may take to accept a piece of an answer

log = logging.getLogger("quarterdeck.web")
T = TypeVar("T")


class Application:
    """Routes by path. `hub` and `stream` are public so that the server can say goodbye to open streams."""

    def __init__(self) -> None:
        self.django = WSGIMiddleware(_django, workers=THREADS, send_queue_size=4)
        self._own = ThreadPoolExecutor(_OWN_THREADS, thread_name_prefix="live")
        self.hub = Hub()
        self.stream = Stream(self.hub, self._authorise)
        self._proxied = ProxyHeadersMiddleware(self._route, PROXIES)
        self._watch: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self._lifespan(receive, send)
        if scope["type"] != "http":
            return None
        clean(scope)
        if sum(len(name) + len(value) for name, value in scope["headers"]) > HEADERS_AT_MOST:
            return await answer(send, 431, "The request’s headers are too large.", close=True)
        # Without a public address no proxy stands in front, and nobody may say who or what they are.
        await (self._proxied if reach.last_known() else self._route)(scope, receive, send)
        return None

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        forget_forwarding(scope)
        path = scope["path"]
        if path == "/live/stream":
            await self.stream(scope, receive, send)
        elif path == "/health":
            await answer(send, 200, "ok")
        elif path == "/ready":
            await self._ready(send)
        else:
            await self._page(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        await self._in_thread(_read_public_url)
        self.hub.start()
        self._watch = asyncio.create_task(self._watch_public_url())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._watch.cancel()
        await self.hub.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _watch_public_url(self) -> None:
        """Another web process may have changed it; `last_known` above must not wait for the database."""
        while True:
            await asyncio.sleep(15.0)
            await self._in_thread(_read_public_url)

    async def _in_thread(self, function: Callable[..., T], *given: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._own, function, *given)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = Body()
        try:
            if has_body(scope):
                await body.read(scope, receive)
                others = [pair for pair in scope["headers"] if pair[0] not in _FRAMING]
                scope["headers"] = [*others, (b"content-length", str(body.length).encode())]
            scope["query_string"].decode("ascii")
            await self._django(scope, body, send)
        except HungUp:
            pass
        except Refused as refused:
            await answer(send, refused.status, refused.words, close=True)
        except UnicodeDecodeError:
            await answer(send, 400, "The address holds characters that are not allowed in an address.")
        finally:
            body.close()

    async def _django(self, scope: Scope, body: Body, send: Send) -> None:
        began = time.monotonic()
        status, stalled = 0, False

        async def patient(message: Message) -> None:
            nonlocal status, stalled
            status = message.get("status", status)
            if stalled:
                return  # a2wsgi must still empty its queue, or its thread waits for ever
            try:
                async with asyncio.timeout(STALLED):
                    await send(message)
            except TimeoutError:
                stalled = True

        try:
            await self.django(scope, body.receive, patient)
        finally:
            seconds = time.monotonic() - began
            if status >= 500 or seconds >= SLOW or stalled:
                words = " (the client stopped reading)" if stalled else ""
                log.warning(
                    "%s %s %d %.2f s%s", scope["method"], masked(scope["path"]), status, seconds, words
                )

    async def _ready(self, send: Send) -> None:
        database = await self._in_thread(_database_answers)
        if database and self.hub.listening and not self.hub.closing:
            await answer(send, 200, "ready")
        else:
            await answer(
                send, 503, "not ready: the database does not answer" if not database else "not ready"
            )

    async def _authorise(self, scope: Scope) -> Grant | None:
        return await self._in_thread(may_read, scope)


_FRAMING = {b"content-length", b"transfer-encoding"}
_FORWARDED = frozenset(
    b"x-forwarded-" + part for part in (b"for", b"proto", b"host", b"port", b"server", b"prefix")
) | {b"forwarded", b"x-real-ip"}


def clean(scope: Scope) -> None:
    """Drop header names with an underscore: WSGI cannot tell X_Forwarded_Proto from X-Forwarded-Proto."""
    scope["headers"] = [pair for pair in scope["headers"] if b"_" not in pair[0]]


def forget_forwarding(scope: Scope) -> None:
    """Who and how is decided by now (scope's client and scheme): nothing further in may read it differently.

    That a proxy was there, and whether it named the scheme, stays known as `quarterdeck.forwarded`.
    """
    named = {name for name, _ in scope["headers"]}
    scope["quarterdeck.forwarded"] = frozenset(named & _FORWARDED)
    scope["headers"] = [pair for pair in scope["headers"] if pair[0] not in _FORWARDED]


def masked(path: str) -> str:
    """The path without what could be a secret: a signed link's token must not stand in a log."""
    return re.sub(r"(?<=/)(?![0-9a-f-]{36}(?:/|$))[^/]{20,}", "…", path)


class QuietAndMasked(logging.Filter):
    """Django's own lines about requests: faults only (a 404 is no event), and their paths without tokens."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(masked(part) if isinstance(part, str) else part for part in record.args)
        return getattr(record, "status_code", 500) >= 500


logging.getLogger("django.request").addFilter(QuietAndMasked())


def may_read(scope: Scope) -> Grant | None:
    """Whether the session of this request may read the changes of the workspace it names; asks the database."""
    from quarterdeck.core.problems import Problem
    from quarterdeck.crew.access import membership

    slug = parse_qs(scope["query_string"].decode("latin-1")).get("workspace", [""])[0]
    cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")
    key = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME)
    if not key or not slug:
        return None
    try:
        request = HttpRequest()
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
        user = get_user(request)
        if not user.is_authenticated:
            return None
        member = membership(user, slug)
    except Problem:
        return None
    finally:
        return_connections()
    return Grant(member.workspace_id, hashlib.sha256(key.encode()).hexdigest()[:16])


def _read_public_url() -> None:
    try:
        reach.public_url()
    finally:
        return_connections()


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except Exception:  # whatever it is, the answer to “are you ready” is no
        return False
    finally:
        return_connections()


async def answer(send: Send, status: int, words: str, *, close: bool = False) -> None:
    """A short plain answer of our own, where no page can be rendered."""
    headers: list[tuple[bytes, bytes]] = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    ]
    if close:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words.encode() + b"\n", "more_body": False})


application: Any = Application()
import_module(settings.ROOT_URLCONF)  # every page with what it needs, before the first is asked for
memory.settle()
