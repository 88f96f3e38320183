"""The web process: uvicorn with our outer application, started from code so that every bound stands here."""

from __future__ import annotations

import logging
import socket
import threading

import uvicorn

from quarterdeck.core.supervisor.port import CannotStart as CannotListen
from quarterdeck.core.supervisor.port import bind_all

LONGEST_GOODBYE = 10  # seconds for answers under way when the server stops; streams end at once
CONNECTIONS = 2000  # more get a 503; streams have a bound of their own below it

log = logging.getLogger("quarterdeck.web")


class Server(uvicorn.Server):
    """Says goodbye to open streams first; else a graceful stop would wait for them until its time is over."""

    def __init__(self, config: uvicorn.Config, hub, stop: threading.Event | None) -> None:
        super().__init__(config)
        self._hub, self._stop = hub, stop

    async def on_tick(self, counter: int) -> bool:
        if self._stop is not None and self._stop.is_set():
            self.should_exit = True
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hub.say_goodbye()
        await super().shutdown(sockets)


def serve(
    host: str, port: int, *, sockets: list[socket.socket] | None = None, stop: threading.Event | None = None
) -> None:
    """Serve until SIGTERM, SIGINT or `stop`. CannotListen, in words, when the port is not to be had.

    `sockets` are bound and listening already (the supervisor keeps them while this process restarts).
    """
    listening = sockets or bind_all(host, str(port))
    _raise_file_limit()
    from quarterdeck.config.asgi import HEADERS_AT_MOST, application

    config = uvicorn.Config(
        application,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # config/asgi.py decides for each request, because the public address may change
        limit_concurrency=CONNECTIONS,
        h11_max_incomplete_event_size=HEADERS_AT_MOST,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=LONGEST_GOODBYE,
    )
    log.info("Listening on %s port %d.", host, listening[0].getsockname()[1])
    Server(config, application.hub, stop).run(sockets=listening)


def _raise_file_limit() -> None:
    """A thousand streams need a thousand descriptors; many systems start a process with 1024."""
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 8192 if hard == resource.RLIM_INFINITY else min(8192, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


__all__ = ["CannotListen", "serve"]
