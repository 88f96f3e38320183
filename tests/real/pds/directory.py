"""A did:plc directory for tests: loopback, in memory, standard library only. Run as a program with a port, or in a
thread by `Directory`.

It takes what the real one would (did-method-plc, "DID Creation" and "DID Update"): a first operation whose SHA-256
in DAG-CBOR is the name it is posted under, then operations whose `prev` is the last one. Signatures are not checked.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from quarterdeck.channels.bluesky import _cbor

Operation = dict[str, Any]


class Directory:
    """The directory and its server. `operations` are by DID, oldest first."""

    def __init__(self, port: int = 0) -> None:
        self.operations: dict[str, list[Operation]] = {}
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def address(self) -> str:
        return f"http://localhost:{self._http.server_port}"  # the server calls no address by number

    def __enter__(self) -> Directory:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def add(self, did: str, operation: Operation) -> str:
        """Take an operation; why not, in words, else the empty string."""
        with self._lock:
            known = self.operations.get(did)
            if known is None:
                if operation.get("prev") is not None or did != name(operation):
                    return "The first operation does not make this DID."
            elif operation.get("prev") != _cbor.cid(known[-1]):
                return "The operation does not follow the last one."
            if not operation.get("sig") or operation.get("type") != "plc_operation":
                return "The operation is not signed, or of another kind."
            self.operations.setdefault(did, []).append(operation)
        return ""

    def answer(self, path: str) -> tuple[int, Any]:
        """What a GET is answered: (status, JSON)."""
        did, _, what = path.partition("/")
        if did == "_health":
            return 200, {"version": "test"}
        operations = self.operations.get(did)
        if not operations:
            return 404, {"message": f"DID not registered: {did}"}
        answers = {
            "": lambda: document(did, operations[-1]),
            "data": lambda: data(did, operations[-1]),
            "log": lambda: operations,
            "log/last": lambda: operations[-1],
        }
        return (200, answers[what]()) if what in answers else (404, {"message": "There is no such page."})


def name(operation: Operation) -> str:
    """The DID that a first operation makes."""
    digest = hashlib.sha256(_cbor.encode(operation)).digest()
    return "did:plc:" + base64.b32encode(digest).decode().lower()[:24]


def data(did: str, operation: Operation) -> dict[str, Any]:
    kept = ("rotationKeys", "verificationMethods", "alsoKnownAs", "services")
    return {"did": did} | {key: operation[key] for key in kept}


def document(did: str, operation: Operation) -> dict[str, Any]:
    """The DID document of an operation (DID core; keys as Multikey)."""
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "alsoKnownAs": operation["alsoKnownAs"],
        "verificationMethod": [
            {
                "id": f"{did}#{key}",
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": value.removeprefix("did:key:"),
            }
            for key, value in operation["verificationMethods"].items()
        ],
        "service": [
            {"id": f"#{key}", "type": service["type"], "serviceEndpoint": service["endpoint"]}
            for key, service in operation["services"].items()
        ],
    }


def _handler(directory: Directory) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *given: object) -> None:
            pass

        def do_GET(self) -> None:
            self._say(*directory.answer(self._path()))

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            wrong = directory.add(self._path(), json.loads(sent))
            self._say(400 if wrong else 200, {"message": wrong} if wrong else {})

        def _path(self) -> str:
            return unquote(self.path).strip("/")

        def _say(self, status: int, what: Any) -> None:
            body = json.dumps(what).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


if __name__ == "__main__":
    with Directory(int(sys.argv[1])) as running:
        print(running.address, flush=True)
        sys.stdin.read()
