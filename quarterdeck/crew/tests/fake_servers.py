"""A fake SMTP server and a fake IMAP server on loopback. Strict: a command out of order, or one they do not
know, is answered with an error and noted in `unexpected`, which the tests look at.
"""

from __future__ import annotations

import base64
import re
import socketserver
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


@contextmanager
def _running(handler: type[socketserver.StreamRequestHandler]):
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


class FakeSMTP:
    """Takes messages for `user` and `password`. `refuse` maps a command ("RCPT") to the answer it gets instead."""

    def __init__(self, user: str = "", password: str = "", refuse: dict[str, str] | None = None) -> None:
        self.user, self.password, self.refuse = user, password, refuse or {}
        self.received: list[tuple[str, list[str], str]] = []
        self.unexpected: list[str] = []

    @contextmanager
    def running(self):
        fake = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                _SMTPTalk(fake, self.rfile, self.wfile).hold()

        with _running(Handler) as self.port:
            yield self


class _SMTPTalk:
    def __init__(self, fake: FakeSMTP, rfile, wfile) -> None:
        self.fake, self.rfile, self.wfile = fake, rfile, wfile
        self.greeted, self.known, self.sender, self.to = False, not fake.user, None, []

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def hold(self) -> None:
        self.say("220 fake.example.org ESMTP")
        while line := self.rfile.readline(2000):
            text = line.decode().rstrip("\r\n")
            verb = text.split(" ")[0].upper()
            if verb in self.fake.refuse:
                self.say(self.fake.refuse[verb])
            elif verb == "QUIT":
                self.say("221 bye")
                return
            elif not self.answer(verb, text):
                self.fake.unexpected.append(text)
                self.say("503 not now")

    def answer(self, verb: str, text: str) -> bool:
        if verb == "EHLO":
            self.greeted = True
            self.say("250-fake.example.org")
            if self.fake.user:
                self.say("250-AUTH PLAIN")
            self.say("250 SIZE 1000000")
        elif verb == "AUTH" and self.greeted and not self.known:
            self.known = base64.b64decode(text.split(" ")[2]).decode() == (
                f"\0{self.fake.user}\0{self.fake.password}"
            )
            self.say("235 welcome" if self.known else "535 5.7.8 wrong password")
        elif verb == "MAIL" and self.known and self.greeted:
            self.sender = re.search(r"<(.*?)>", text).group(1)
            self.say("250 ok")
        elif verb == "RCPT" and self.sender is not None:
            self.to.append(re.search(r"<(.*?)>", text).group(1))
            self.say("250 ok")
        elif verb == "DATA" and self.to:
            self.say("354 go on")
            self.take()
        elif verb == "RSET":
            self.sender, self.to = None, []
            self.say("250 ok")
        else:
            return False
        return True

    def take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        self.fake.received.append((self.sender, self.to, b"".join(lines).decode()))
        self.sender, self.to = None, []
        self.say("250 taken")


class FakeIMAP:
    """One folder, INBOX, opened read-only. `messages` maps a UID to the bytes of a message."""

    def __init__(self, user: str = "desk", password: str = "secret") -> None:
        self.user, self.password, self.validity = user, password, 7
        self.messages: dict[int, bytes] = {}
        self.fetched: list[int] = []
        self.unexpected: list[str] = []
        self.claims: dict[int, int] = {}  # sizes to pretend

    @contextmanager
    def running(self):
        fake = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                _IMAPTalk(fake, self.rfile, self.wfile).hold()

        with _running(Handler) as self.port:
            yield self


class _IMAPTalk:
    def __init__(self, fake: FakeIMAP, rfile, wfile) -> None:
        self.fake, self.rfile, self.wfile = fake, rfile, wfile
        self.known = self.opened = False

    def say(self, line: str | bytes) -> None:
        self.wfile.write((line.encode() if isinstance(line, str) else line) + b"\r\n")

    def hold(self) -> None:
        self.say("* OK fake ready")
        while line := self.rfile.readline(4000):
            tag, _, text = line.decode().rstrip("\r\n").partition(" ")
            done = self.answer(text)
            if done is None:
                self.fake.unexpected.append(text)
                done = "BAD not understood"
            self.say(f"{tag} {done}")
            if text == "LOGOUT":
                return

    def answer(self, text: str) -> str | None:
        if text == "CAPABILITY":
            self.say("* CAPABILITY IMAP4rev1")
            return "OK done"
        if text == "LOGOUT":
            self.say("* BYE")
            return "OK done"
        if text.startswith("LOGIN "):
            self.known = text == f'LOGIN {self.fake.user} "{self.fake.password}"'
            return "OK done" if self.known else "NO [AUTHENTICATIONFAILED] wrong password"
        if text == 'EXAMINE "INBOX"' and self.known:
            self.opened = True
            self.say(f"* {len(self.fake.messages)} EXISTS")
            self.say(f"* OK [UIDVALIDITY {self.fake.validity}] valid")
            return "OK [READ-ONLY] done"
        if self.known and text.startswith("EXAMINE "):
            return "NO there is no such folder"
        return self.search(text) or self.fetch(text) if self.opened else None

    def search(self, text: str) -> str | None:
        asked = re.fullmatch(r"UID SEARCH UID (\d+):\*", text)
        if not asked:
            return None
        uids = sorted(self.fake.messages)
        found = [u for u in uids if u >= int(asked[1])] or uids[-1:]  # RFC 3501: n:* always names the last
        self.say("* SEARCH " + " ".join(map(str, found)))
        return "OK done"

    def fetch(self, text: str) -> str | None:
        asked = re.fullmatch(r"UID FETCH (\d+) \((RFC822\.SIZE|BODY\.PEEK\[\](?:<0\.(\d+)>)?)\)", text)
        if not asked:
            return None
        uid = int(asked[1])
        body = self.fake.messages.get(uid)
        if body is None:
            return "OK done"
        if asked[2] == "RFC822.SIZE":
            self.say(f"* 1 FETCH (UID {uid} RFC822.SIZE {self.fake.claims.get(uid, len(body))})")
        else:
            self.fake.fetched.append(uid)
            body, named = (body[: int(asked[3])], "BODY[]<0>") if asked[3] else (body, "BODY[]")
            self.say(f"* 1 FETCH (UID {uid} {named} {{{len(body)}}}".encode() + b"\r\n" + body + b")")
        return "OK done"


class FakeHook:
    """A fake web server that takes POSTs on /hook and answers `status`; a 302 points to /elsewhere."""

    def __init__(self) -> None:
        self.status = 200
        self.paths: list[str] = []
        self.bodies: list[str] = []

    @contextmanager
    def running(self):
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                fake.paths.append(self.path)
                fake.bodies.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.send_response(fake.status)
                if fake.status == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args) -> None:
                pass

        with _running(Handler) as self.port:
            yield self
