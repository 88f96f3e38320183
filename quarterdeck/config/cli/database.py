"""How a sub-command reaches the database: the one named by DATABASE_URL, the one a running `up` has, or an
embedded one started for the moment."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from quarterdeck.config.cli.refusal import Refusal
from quarterdeck.core import datadir, env, lifeline

_PATIENCE = 30.0  # seconds a running `up` may take until its database answers


def _say(closed: str) -> None:
    """What was mended in passing is not kept quiet."""
    if closed:
        print(closed, file=sys.stderr)


@contextmanager
def reached(purpose: str, *, alone: bool = True) -> Iterator[None]:
    """Within the block DATABASE_URL names a database that answers. `purpose` is the sub-command's name.

    Not `alone`: one of the parts that serve together; without a database of its own it joins a running `up`.
    """
    data = env.data_dir()
    if not lifeline.supervised():
        _know_running()
    given = env.get("DATABASE_URL")
    if given and lifeline.supervised() and not alone:
        yield  # the supervisor had both looked at a moment ago
        return
    if given:
        from quarterdeck.core.postgres import external as postgres_external

        _say(datadir.ensure(data))
        postgres_external.major(given)
        yield
        return
    _say(datadir.ensure(data))
    lock = datadir.Lock(data)
    try:
        lock.take(purpose)
    except datadir.InUse as held:
        os.environ["DATABASE_URL"] = _of_running(held)
        yield
        return
    if not alone:
        lock.release()
        raise Refusal(
            f"There is no database to work with. Set DATABASE_URL, or run “quarterdeck up” with this data ({data})."
        )
    with _for_the_moment(lock):
        yield


def _know_running() -> None:
    """A running `up` was told its port and its public address; who asks about it need not say them again."""
    for name, value in datadir.read_running(env.data_dir()).items():
        if name != "DATABASE_URL":
            os.environ.setdefault(name, value)


def _of_running(held: datadir.InUse) -> str:
    """The URL that the running `up` wrote down, once it answers."""
    from quarterdeck.core.postgres import external as postgres_external

    deadline = time.monotonic() + _PATIENCE
    while True:
        url = datadir.read_running(env.data_dir()).get("DATABASE_URL", "")
        try:
            if url:
                postgres_external.major(url, patience=0)
                return url
        except postgres_external.ClusterProblem:
            pass
        if time.monotonic() > deadline:
            raise held
        time.sleep(0.3)


@contextmanager
def _for_the_moment(lock: datadir.Lock) -> Iterator[None]:
    from quarterdeck.core.postgres import Cluster

    cluster = Cluster(env.data_dir() / "postgres", say=lambda sentence: print(sentence, file=sys.stderr))
    try:
        cluster.start()
        os.environ["DATABASE_URL"] = cluster.url
        yield
    finally:
        _close_connections()
        cluster.stop()
        os.environ.pop("DATABASE_URL", None)
        lock.release()


def _close_connections() -> None:
    if "django.db" in sys.modules:
        from django.db import connections

        for connection in connections.all(initialized_only=True):
            connection.close()
            if hasattr(connection, "close_pool"):
                connection.close_pool()


def set_up() -> None:
    """Load Django and every room."""
    import django

    from quarterdeck.core import memory

    with memory.loading():
        django.setup()


@contextmanager
def ready(purpose: str) -> Iterator[None]:
    """`reached`, brought to this version, with Django loaded: what most sub-commands stand in."""
    from quarterdeck.config.cli import migrate

    with reached(purpose):
        set_up()
        migrate.prepare(static=False)
        yield
