"""Event streams through the real server: who may read, what arrives, what is missed by nobody, and how they end."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from quarterdeck import live
from quarterdeck.core import clock
from quarterdeck.live import stream
from tests import make
from tests.web.listening import Listening
from tests.web.serving import Server, serving, session_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(server):
    """A member in a workspace of her own; committed, so that the server sees her."""
    return make.member()


def tell(member, *events) -> None:
    with transaction.atomic():
        live.announce(member.workspace_id, events)


def listen(server: Server, member, **given) -> Listening:
    return Listening(server, member.user, member.workspace.slug, **given)


def test_a_member_hears_what_changed_and_only_ids(server, ada):
    with listen(server, ada) as heard:
        assert heard.status == 200
        assert heard.headers["content-type"].startswith("text/event-stream")
        assert heard.headers["x-accel-buffering"] == "no"
        assert "no-store" in heard.headers["cache-control"]
        assert "content-encoding" not in heard.headers
        assert "default-src 'none'" in heard.headers["content-security-policy"]
        assert heard.next() == ("hello", {})
        tell(ada, ("publishing.post", "p1"), ("publishing.post", "p2"), ("channels.channel", "c1"))
        assert heard.next() == ("changed", {"publishing.post": ["p1", "p2"], "channels.channel": ["c1"]})


def test_another_workspaces_changes_are_not_heard(server, ada):
    other = make.member()
    with listen(server, ada) as heard:
        heard.next()
        tell(other, ("publishing.post", "secret"))
        tell(ada, ("publishing.post", "mine"))
        assert heard.next() == ("changed", {"publishing.post": ["mine"]})


def test_what_is_rolled_back_is_not_heard(server, ada):
    with listen(server, ada) as heard:
        heard.next()
        with transaction.atomic():
            live.announce(ada.workspace_id, [("publishing.post", "never")])
            transaction.set_rollback(True)
        tell(ada, ("publishing.post", "kept"))
        assert heard.next() == ("changed", {"publishing.post": ["kept"]})


@pytest.mark.parametrize("who", ["stranger", "nobody", "left", "inactive", "no such workspace", "expired"])
def test_who_may_not_read_is_refused(server, ada, who):
    user, slug = ada.user, ada.workspace.slug
    if who == "stranger":
        user = make.user("Mallory")
    elif who == "nobody":
        user = None
    elif who == "left":
        ada.left_at = clock.now()
        ada.save()
    elif who == "inactive":
        ada.user.is_active = False
        ada.user.save()
    elif who == "no such workspace":
        slug = "no-such"
    heard = Listening(server, user, slug)
    if who == "expired":
        Session.objects.all().delete()
    with heard:
        assert heard.status == 403


def test_other_sites_and_other_methods_are_refused(server, ada):
    path = f"/live/stream?workspace={ada.workspace.slug}"
    with server.client(ada.user) as client:
        assert client.get(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
        assert client.post(path).status_code == 405
        assert client.get("/live/stream").status_code == 403


def test_a_member_who_is_removed_is_cut_off_at_once(server, ada):
    grace = make.member(of=ada.workspace, name="Grace")
    with listen(server, ada) as mine, listen(server, grace) as theirs:
        mine.next(), theirs.next()
        grace.left_at = clock.now()
        grace.save()
        tell(ada, ("crew.member", str(grace.pk)))
        assert theirs.next() == ("gone", {})
        assert theirs.ended.wait(15)
        assert mine.next() == ("changed", {"crew.member": [str(grace.pk)]})


def test_a_stream_that_opens_late_hears_what_its_page_missed(server, ada):
    with listen(server, ada) as first:
        first.next()
        time.sleep(2.2)  # the process has listened for longer than the age below
        began = time.monotonic()
        tell(ada, ("publishing.post", "while the page loaded"))
        first.next()
        with listen(server, ada, age=str(time.monotonic() - began + 2.0)) as late:
            assert late.next() == ("hello", {})
            assert late.next() == ("changed", {"publishing.post": ["while the page loaded"]})
        with listen(server, ada, age="0") as fresh:
            assert fresh.next() == ("hello", {})
            assert fresh.nothing()


@pytest.mark.parametrize("age", ["61", "100000", "nan", "inf", "-1", "rubbish", ""])
def test_a_page_too_old_to_be_brought_up_to_date_looks_at_everything(server, ada, age):
    with listen(server, ada, age=age) as heard:
        assert heard.next() == ("hello", {})
        assert heard.next() == ("resync", {})


def test_after_the_listening_connection_broke_every_page_looks_again(server, ada):
    with listen(server, ada) as heard:
        heard.next()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query LIKE 'LISTEN%%qd_live%%'"
            )
            assert cursor.fetchall() == [(True,)]
        assert heard.next() == ("resync", {})
        tell(ada, ("publishing.post", "after"))
        assert heard.next() == ("changed", {"publishing.post": ["after"]})


def test_more_than_a_notice_holds_arrives_whole(server, ada):
    ids = [f"{n:036d}" for n in range(400)]
    with listen(server, ada) as heard:
        heard.next()
        tell(ada, *(("publishing.post", id) for id in ids))
        got: list[str] = []
        while len(got) < 400:
            name, topics = heard.next()
            assert name == "changed"
            got += topics["publishing.post"]
        assert got == ids


def test_a_reader_that_falls_behind_looks_at_everything_instead(server, ada):
    """It reads nothing while far more changes than the sockets between hold, and then everything that is there."""
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(("127.0.0.1", server.port))
        slow.settimeout(10)
        ask = f"GET /live/stream?workspace={ada.workspace.slug}&age=0 HTTP/1.1\r\nHost: localhost\r\n"
        ask += f"Cookie: {settings.SESSION_COOKIE_NAME}={session_of(ada.user)}\r\n\r\n"
        slow.sendall(ask.encode())
        slow.recv(100)
        tell(ada, *(("publishing.post", f"{n:0100d}") for n in range(100_000)))  # 10 MB
        got = bytearray()
        while b"event: resync" not in got[-2_000_000:]:
            got += slow.recv(1_000_000) or pytest.fail("the stream ended")
    assert len(got) < 8_000_000


def test_a_sessions_streams_are_bounded_and_places_come_free(server, ada):
    first = listen(server, ada)
    same = {"session": first.session}
    with ExitStack() as held:
        streams = [held.enter_context(first)]
        streams += [held.enter_context(listen(server, ada, **same)) for _ in range(stream.PER_SESSION - 1)]
        assert {one.status for one in streams} == {200}
        with listen(server, ada, **same) as extra:
            assert extra.status == 429
        streams[-1].__exit__()
        deadline = time.monotonic() + 10
        while True:
            with listen(server, ada, **same) as again:
                if again.status == 200:
                    break
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_stopping_ends_streams_at_once_with_a_word(tmp_path, ada, server):
    with serving(tmp_path / "log") as other, ExitStack() as held:
        heard = [held.enter_context(listen(other, ada)) for _ in range(5)]
        assert [one.next() for one in heard] == [("hello", {})] * 5
        seconds = other.stop()
        assert [one.next() for one in heard] == [("closing", {})] * 5
    assert seconds < 3


def test_rubbish_on_the_channel_harms_nobody(server, ada):
    with listen(server, ada) as heard:
        heard.next()
        with connection.cursor() as cursor:
            for rubbish in ("", "x", "[]", "{}", '{"w":"x","e":[]}', '{"w":null,"e":1}', '{"w":1,"e":[[1]]}'):
                cursor.execute("SELECT pg_notify('qd_live', %s)", [rubbish])
        tell(ada, ("publishing.post", "still there"))
        assert heard.next() == ("changed", {"publishing.post": ["still there"]})
