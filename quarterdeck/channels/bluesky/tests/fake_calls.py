"""What the fake server answers to each call, and what it insists on. Made from the published lexicons and from what
the reference server was seen to answer; the tests marked `real` hold it against that server.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from quarterdeck.channels.bluesky.tests import fake_bluesky as kept
from quarterdeck.channels.bluesky.tests.fake_dpop import No as NoProof
from quarterdeck.channels.bluesky.tests.fake_dpop import check
from quarterdeck.channels.bluesky.tests.fake_records import check_record, is_key
from quarterdeck.channels.tests.fake_server import FakeRefusal, Say

if TYPE_CHECKING:
    from quarterdeck.channels.bluesky.tests.fake_bluesky import FakeAccount, FakeBluesky


class No(FakeRefusal):
    """A refusal as such servers answer it."""

    def __init__(self, status: int, name: str, message: str = "") -> None:
        self.say = Say(status, {"error": name, "message": message or name})


@dataclass(frozen=True)
class Rule:
    """The method; `signed`: by what (access, refresh, or nothing); the query's and the body's names; its type."""

    method: str = "GET"
    signed: str = ""
    query: frozenset[str] = frozenset()
    body: frozenset[str] | None = None
    kind: str = ""


def _get(query: str = "", signed: str = "") -> Rule:
    return Rule("GET", signed, frozenset(query.split()))


def _post(body: str | None = None, signed: str = "access") -> Rule:
    names = None if body is None else frozenset(body.split())
    return Rule("POST", signed, body=names, kind="" if body is None else "application/json")


CALLS = {
    "com.atproto.server.createSession": _post("identifier password", signed=""),
    "com.atproto.server.refreshSession": _post(signed="refresh"),
    "com.atproto.server.deleteSession": _post(signed="refresh"),
    "com.atproto.server.getSession": _get(signed="access"),
    "com.atproto.server.describeServer": _get(),
    "com.atproto.identity.resolveHandle": _get("handle"),
    "com.atproto.sync.getRepoStatus": _get("did"),
    "com.atproto.repo.uploadBlob": Rule("POST", "access", kind="*"),
    "com.atproto.repo.putRecord": _post("repo collection rkey record swapRecord validate"),
    "com.atproto.repo.getRecord": _get("repo collection rkey"),
    "com.atproto.repo.deleteRecord": _post("repo collection rkey"),
    "com.atproto.repo.listRecords": _get("repo collection limit cursor"),
    "app.bsky.feed.getPosts": _get("uris", signed="access"),
    "app.bsky.feed.getPostThread": _get("uri depth parentHeight", signed="access"),
}


class Calls:
    """One request's answer; a method is named after its call."""

    def __init__(
        self, fake: FakeBluesky, headers: dict[str, str], query: dict[str, list[str]], body: bytes, path: str
    ):
        self.path = path
        self.fake, self.headers, self.raw = fake, headers, body
        self.lists = query
        self.query = {name: values[0] for name, values in query.items()}
        self.body: dict[str, Any] = {}
        self.token = ""
        self.signed: FakeAccount | None = None

    def check(self, rule: Rule) -> None:
        """Headers, query and body are those we agreed on; the sign-in is good and may do this."""
        assert self.headers.get("user-agent", "").startswith("Quarterdeck/"), "another caller"
        assert "cookie" not in self.headers, "a cookie"
        assert self.query.keys() <= rule.query, f"query {sorted(self.query)}"
        assert all(len(values) == 1 for name, values in self.lists.items() if name != "uris"), "given twice"
        kind = self.headers.get("content-type", "")
        assert kind == rule.kind or (rule.kind == "*" and kind.startswith("image/")), f"content type {kind}"
        assert bool(self.raw) == bool(rule.kind), "a body where none belongs, or none"
        if rule.body is not None:
            self.body = json.loads(self.raw)
            assert self.body.keys() == rule.body, f"body {sorted(self.body)}"
        if rule.signed == "access" and "dpop" in self.headers:
            self._check_proof(rule)
        elif rule.signed:
            self._check_sign_in(rule.signed)
        else:
            assert "authorization" not in self.headers, "a sign-in was shown where none is needed"

    def _check_sign_in(self, wanted: str) -> None:
        scheme, _, self.token = self.headers.get("authorization", "").partition(" ")
        assert scheme == "Bearer", "no sign-in was shown"
        claims = kept.read_token(self.token)
        if claims is None or (wanted == "access" and self.token in self.fake.ended):
            raise No(400, "InvalidToken", "Token could not be verified")
        if claims["exp"] < time.time() + self.fake.skew or self.token in self.fake.expired:
            raise No(400, "ExpiredToken", "Token has expired")
        if self.token in self.fake.ended:
            raise No(400, "ExpiredToken", "Token has been revoked")
        if (claims["scope"] == kept.REFRESH) != (wanted == "refresh"):
            raise No(400, "InvalidToken", "Bad token scope")
        self.signed = self.fake.accounts[claims["sub"]]
        self._check_account(wanted)

    def _check_proof(self, rule: Rule) -> None:
        scheme, _, self.token = self.headers.get("authorization", "").partition(" ")
        assert scheme == "DPoP", "a proof without its token"
        jkt = check(self.fake, self.headers, rule.method, self.path, token=self.token, asks=True)
        session = self.fake.oauth.session(self.token)
        if session is None or self.token in self.fake.ended | self.fake.expired:
            raise NoProof("invalid_token", "Invalid token", asks=True)
        assert session.jkt == jkt, "another key than the token's"
        self.signed = self.fake.accounts[session.did]
        self._check_account("access")

    def _check_account(self, wanted: str) -> None:
        """What the reference server was seen to say of an account that is not active."""
        state, looks = self.signed.state, not self.raw and wanted == "access"
        if (state == "gone" and (looks or wanted == "refresh")) or (state == "suspended" and looks):
            raise No(400, "InvalidRequest", "Could not find user info for account")
        if state == "gone":
            raise No(403, "AccountNotFound", "Account not found")
        if state == "suspended":
            raise No(401, "AccountTakedown", "Account has been taken down")
        if state == "deactivated" and "application/json" in self.headers.get("content-type", ""):
            raise No(401, "AccountDeactivated", "Account is deactivated")

    # --- sessions -------------------------------------------------------------------------------------

    def createSession(self) -> Say:
        who, password = self.body["identifier"], self.body["password"]
        account = next((one for one in self.fake.accounts.values() if who in (one.handle, one.did)), None)
        if account is None or password not in (kept.MAIN_PASSWORD, kept.APP_PASSWORD):
            raise No(401, "AuthenticationRequired", "Invalid identifier or password")
        if account.state in ("suspended", "gone"):
            raise No(401, "AuthenticationRequired", "Invalid identifier or password")
        return self._session(account, kept.ACCESS if password == kept.MAIN_PASSWORD else kept.APP)

    def refreshSession(self) -> Say:
        """Its token is good once."""
        self.fake.ended.add(self.token)
        return self._session(self.signed, kept.APP)

    def deleteSession(self) -> Say:
        self.fake.ended.add(self.token)
        return Say(200)

    def getSession(self) -> Say:
        return Say(200, self._standing(self.signed))

    def _session(self, account: FakeAccount, scope: str) -> Say:
        tokens = {
            "accessJwt": kept.token(scope, did=account.did),
            "refreshJwt": kept.token(kept.REFRESH, 90 * 86400, account.did),
        }
        return Say(200, tokens | self._standing(account))

    def _standing(self, account: FakeAccount) -> dict[str, Any]:
        said: dict[str, Any] = {"did": account.did, "handle": account.handle, "active": not account.state}
        said |= {"status": account.state} if account.state else {}
        home = {
            "id": "#atproto_pds",
            "type": "AtprotoPersonalDataServer",
            "serviceEndpoint": self.fake.url,
        }
        return said | ({"didDoc": {"id": account.did, "service": [home]}} if self.fake.tells_home else {})

    def describeServer(self) -> Say:
        said = {"did": "did:web:fake.test", "availableUserDomains": [".fake.test"], "links": {}}
        return Say(200, said | ({"blobUploadLimit": self.fake.blob_limit} if self.fake.blob_limit else {}))

    def resolveHandle(self) -> Say:
        for account in self.fake.accounts.values():
            if account.handle == self.query["handle"]:
                return Say(200, {"did": account.did})
        raise No(400, "InvalidRequest", "Unable to resolve handle")

    # --- the repository -------------------------------------------------------------------------------

    def uploadBlob(self) -> Say:
        if self.fake.blob_limit and len(self.raw) > self.fake.blob_limit:
            raise No(413, "PayloadTooLarge", "request entity too large")
        return Say(200, {"blob": self.fake.take_blob(self.raw, self.headers["content-type"])})

    def putRecord(self) -> Say:
        body, path = self.body, self._path(self.body)
        self.fake.bodies.append(self.raw)
        assert body["swapRecord"] is None, "it must only ever create"
        assert body["validate"] is True, "it must be validated"
        assert body["repo"] == self.signed.did, "the account is named by its permanent name"
        assert body["collection"] == kept.POST, "a post"
        if not is_key(body["rkey"]):
            raise No(400, "InvalidRequest", "Invalid record key for app.bsky.feed.post")
        if wrong := check_record(self.fake, body["record"]):
            raise No(400, "InvalidRequest", f"Invalid app.bsky.feed.post record: {wrong}")
        with self.fake.lock:
            there = self.signed.records.get(path)
            if there is None:
                there = self.fake.put(self.signed.did, path, body["record"])
            elif there["value"] != body["record"] or not self.fake.same_is_success:
                raise No(400, "InvalidSwap", f"Record was at {there['cid']}")
        return Say(200, {"uri": there["uri"], "cid": there["cid"], "validationStatus": "valid"})

    def getRecord(self) -> Say:
        account = self._kept(self.query["repo"])
        there = account.records.get(self._path(self.query))
        if there is None:
            raise No(400, "RecordNotFound", "Could not locate record")
        return Say(200, {name: there[name] for name in ("uri", "cid", "value")})

    def deleteRecord(self) -> Say:
        assert self.body["repo"] == self.signed.did, "the account's own"
        with self.fake.lock:
            if self.signed.records.pop(self._path(self.body), None):
                self.fake.commits += 1
        return Say(200, {})

    def listRecords(self) -> Say:
        """Newest key first; the cursor is the last key given."""
        account, start = self._kept(self.query["repo"]), self.query["collection"] + "/"
        limit = int(self.query["limit"])
        assert 1 <= limit <= 100, "limit"
        below = self.query.get("cursor", "~")
        keys = sorted(
            (path.removeprefix(start) for path in account.records if path.startswith(start)), reverse=True
        )
        shown = [key for key in keys if key < below][: min(limit, self.fake.page)]
        records = [account.records[start + key] for key in shown]
        return Say(200, {"records": records} | ({"cursor": shown[-1]} if shown else {}))

    def getRepoStatus(self) -> Say:
        account = self._kept(self.query["did"])
        said = {"did": account.did, "active": not account.state}
        return Say(200, said | ({"status": account.state} if account.state else {"rev": "3fakerevision2"}))

    def _kept(self, did: str) -> FakeAccount:
        account = self.fake.accounts.get(did)
        if account is None or account.state == "gone":
            raise No(400, "RepoNotFound", f"Could not find repo for DID: {did}")
        return account

    def _path(self, given: dict[str, str]) -> str:
        return f"{given['collection']}/{given['rkey']}"

    # --- the index ------------------------------------------------------------------------------------

    def getPosts(self) -> Say:
        self._need_index()
        uris = self.lists["uris"]
        assert 1 <= len(uris) <= 25, f"{len(uris)} posts at once"
        return Say(200, {"posts": [view for uri in uris if (view := self._view(uri))]})

    def getPostThread(self) -> Say:
        self._need_index()
        uri = self.query["uri"]
        view = self._view(uri)
        if view is None:
            raise No(400, "NotFound", f"Post not found: {uri}")
        answers = [
            {"$type": "app.bsky.feed.defs#threadViewPost", "post": one}
            for one in self.fake.answers.get(uri, [])
        ]
        missing = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": uri + "x", "notFound": True}
        return Say(200, {"thread": {"post": view, "replies": [*answers, missing]}})

    def _need_index(self) -> None:
        if not self.fake.index:
            raise No(502, "UpstreamFailure", "Upstream service unreachable")

    def _view(self, uri: str) -> dict[str, Any] | None:
        did, path = uri.removeprefix("at://").split("/", 1)
        account = self.fake.accounts.get(did)
        there = account.records.get(path) if account else None
        if there is None or uri in self.fake.unindexed:
            return None
        counts = {"likeCount": 0, "repostCount": 0, "replyCount": 0, "quoteCount": 0}
        view = {"uri": uri, "cid": there["cid"], "author": {"did": did, "handle": account.handle}}
        return (
            view
            | {"record": there["value"], "indexedAt": "2026-11-23T09:00:01.000Z"}
            | counts
            | (self.fake.numbers.get(uri, {}))
        )
