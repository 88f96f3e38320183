"""A Bluesky server running on loopback for a test run, with a folder of its own that is removed afterwards."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.real.pds import install
from tests.real.pds.directory import Directory
from tests.running import free_port

HERE = Path(__file__).resolve().parent
BOOT = 180.0  # seconds; 18-23 on a quiet machine of two cores
PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Person:
    """An account made for a test. `password` is the account's own, `app_password` one made for us."""

    handle: str
    did: str
    password: str
    app_password: str


class PDS:
    """The server. `changes()` is what its firehose has said so far, read by a program that shares no code with us.

    `tells_home`: signing in names the server's own address, which is called from then on. Without it, whoever signs
    in through a proxy stays with the proxy.
    """

    def __init__(self, *, tells_home: bool = True) -> None:
        self._tells_home = tells_home
        self.folder = Path(tempfile.mkdtemp(prefix="qd-pds-"))
        self.port = free_port()
        self._public = self.folder / "public-address"
        self._unused = free_port()  # where it looks for an index, and nothing is
        self._key = secrets.token_hex(32)
        self._admin = secrets.token_hex(16)
        self._directory = Directory()
        self._server: subprocess.Popen[bytes] | None = None
        self._reader: subprocess.Popen[str] | None = None
        self._changes: list[dict[str, Any]] = []

    @property
    def address(self) -> str:
        """By name: it is what QUARTERDECK_PRIVATE_HOSTS lets the product call."""
        return f"http://localhost:{self.port}"

    @property
    def host(self) -> str:
        return f"localhost:{self.port}"

    def fetches(self, public: str, stands: str) -> None:
        """From now on it finds what `public` (an https address) names at `stands`, as if a proxy stood before that."""
        self._public.write_text(f"{public} {stands}")

    @property
    def directory(self) -> str:
        """Where it looks up permanent names, and where the product must in its tests."""
        return self._directory.address

    def __enter__(self) -> PDS:
        try:
            with contextlib.ExitStack() as stack:
                stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
                stack.enter_context(self._directory)
                stack.callback(self.stop)
                self.start()
                stack.callback(self._stop_listening)
                self._listen()
                self._ending = stack.pop_all()
        except BaseException:
            self._ending = contextlib.ExitStack()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self._ending.close()

    # --- the process --------------------------------------------------------------------------------

    def start(self) -> None:
        """Boot it and wait until it answers. It keeps its accounts across `stop` and `start`."""
        log = (self.folder / "log").open("ab")
        self._server = subprocess.Popen(
            [install.node_folder() / "bin" / "node", HERE / "boot.mjs"],
            cwd=install.home(),
            env=self._environment(),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
        )
        log.close()
        until = time.monotonic() + BOOT
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > until:
                self.stop()
                raise RuntimeError(f"The Bluesky server did not start: {self.log()[-2000:]}")
            time.sleep(0.2)

    def stop(self, how: int = signal.SIGTERM) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        server.send_signal(how)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        if server.stdin:
            server.stdin.close()

    def restart(self, how: int = signal.SIGKILL) -> None:
        """End it, boot it again on the same data, and hear its firehose anew from the beginning."""
        self._stop_listening()
        self.stop(how)
        self.start()
        self._listen()

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def _answers(self) -> bool:
        with contextlib.suppress(OSError):
            return "version" in self.call("_health")
        return False

    def _environment(self) -> dict[str, str]:
        own = {
            "DEV_MODE": "true",
            "PORT": str(self.port),
            "HOSTNAME": "localhost",
            "DATA_DIRECTORY": str(self.folder),
            "BLOBSTORE_DISK_LOCATION": str(self.folder / "blobs"),
            "DID_PLC_URL": self._directory.address,
            "SERVICE_HANDLE_DOMAINS": ".test",
            "INVITE_REQUIRED": "false",
            "DISABLE_SSRF_PROTECTION": "true",
            "JWT_SECRET": self._admin,
            "ADMIN_PASSWORD": self._admin,
            "PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX": self._key,
            "ENABLE_DID_DOC_WITH_SESSION": str(self._tells_home).lower(),
            "BSKY_APP_VIEW_URL": f"http://127.0.0.1:{self._unused}",
            "BSKY_APP_VIEW_DID": "did:web:appview.invalid",
        }
        path = f"{install.node_folder() / 'bin'}{os.pathsep}{os.environ['PATH']}"
        rest = {"PATH": path, "LOG_ENABLED": "false", "NODE_ENV": "development"}
        rest["PUBLIC_ADDRESS_FILE"] = str(self._public)
        return rest | {f"PDS_{name}": value for name, value in own.items()}

    # --- asked without the product ------------------------------------------------------------------

    def call(
        self, path: str, *, post: Any = None, token: str = "", admin: bool = False, **params: Any
    ) -> dict[str, Any]:
        """A call by the standard library. OSError when there is no answer or it is a refusal."""
        query = f"?{urllib.parse.urlencode(params)}" if params else ""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if admin:
            headers["Authorization"] = "Basic " + base64.b64encode(f"admin:{self._admin}".encode()).decode()
        body = None
        if post is not None:
            body, headers["Content-Type"] = json.dumps(post).encode(), "application/json"
        request = urllib.request.Request(f"{self.address}/xrpc/{path}{query}", body, headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.loads(answer.read() or b"{}")

    def takes(self, path: str, post: Any, token: str) -> bool:
        """Whether a call is answered with success; False when the server finds fault with what was sent."""
        try:
            self.call(path, post=post, token=token)
        except urllib.error.HTTPError as error:
            if error.code != 400:
                raise
            return False
        return True

    def blob(self, person: Person, cid: str) -> bytes:
        """A file that a record of the account carries."""
        query = urllib.parse.urlencode({"did": person.did, "cid": cid})
        address = f"{self.address}/xrpc/com.atproto.sync.getBlob?{query}"
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            return answer.read()

    def take_down(self, person: Person) -> None:
        """What moderators do to an account."""
        subject = {"$type": "com.atproto.admin.defs#repoRef", "did": person.did}
        asked = {"subject": subject, "takedown": {"applied": True, "ref": "1"}}
        self.call("com.atproto.admin.updateSubjectStatus", post=asked, admin=True)

    def delete(self, person: Person) -> None:
        self.call("com.atproto.admin.deleteAccount", post={"did": person.did}, admin=True)

    def person(self, name: str) -> Person:
        """A new account with an app password, whose handle begins with `name`: new also when a test begins again."""
        password, name = secrets.token_hex(12), f"{name}{secrets.token_hex(2)}"
        asked = {"handle": f"{name}.test", "email": f"{name}@example.org", "password": password}
        made = self.call("com.atproto.server.createAccount", post=asked)
        app = self.call(
            "com.atproto.server.createAppPassword", post={"name": "Quarterdeck"}, token=made["accessJwt"]
        )
        return Person(made["handle"], made["did"], password, app["password"])

    # --- the firehose -------------------------------------------------------------------------------

    def changes(self, person: Person, count: int = 0) -> list[dict[str, Any]]:
        """What the firehose has said of this account's posts. Waits until it has said `count` things, or fails.

        To see that nothing more comes, wait for something made later: `marked` does.
        """
        self._until(lambda: len(self._of(person)) >= count)
        return self._of(person)

    def marked(self, person: Person, session: str) -> list[dict[str, Any]]:
        """The same, once the firehose has also shown a record made now: nothing older can be on its way."""
        made = self.call(
            "com.atproto.repo.createRecord",
            post={
                "repo": person.did,
                "collection": "app.bsky.graph.follow",
                "record": {"subject": person.did, "createdAt": "2026-11-23T09:00:00.000Z"},
            },
            token=session,
        )
        path = made["uri"].split("/", 3)[3]
        self._until(lambda: any(one.get("path") == path for one in list(self._changes)))
        return self._of(person)

    def _of(self, person: Person) -> list[dict[str, Any]]:
        said = list(self._changes)
        return [
            one
            for one in said
            if one.get("repo") == person.did and one["path"].startswith("app.bsky.feed.post/")
        ]

    def _until(self, there: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not there():
            if time.monotonic() > until:
                raise AssertionError(f"The firehose has only said: {self._changes[-3:]}")
            time.sleep(0.02)

    def _listen(self) -> None:
        heard = self._changes = []
        self._reader = subprocess.Popen(
            [install.python(), "-I", HERE / "firehose.py", f"ws://localhost:{self.port}"],
            stdout=subprocess.PIPE,
            text=True,
        )
        threading.Thread(target=self._take, args=(self._reader, heard), daemon=True).start()
        self._until(lambda: bool(self._changes))

    def _take(self, reader: subprocess.Popen[str], heard: list[dict[str, Any]]) -> None:
        assert reader.stdout
        for line in reader.stdout:
            heard.append(json.loads(line))

    def _stop_listening(self) -> None:
        if self._reader:
            self._reader.terminate()
            self._reader.wait()


def main() -> None:
    """Run one until standard input ends, with an account to try by hand."""
    install.install()
    with PDS() as running:
        person = running.person("harbour")
        print(f"QUARTERDECK_PRIVATE_HOSTS={running.host}")
        print(
            f"Server {running.address}, handle {person.handle}, app password {person.app_password}",
            flush=True,
        )
        sys.stdin.read()


if __name__ == "__main__":
    main()
