"""The fake server's sign-in by OAuth: it is its own authorization server, and keeps the directory of DIDs at /plc.

Strict as the reference server is: what is asked for is pushed, once; the code is good once, for who pushed, with the
verifier; a refresh token is good once, and one used again ends the whole sign-in.
"""

from __future__ import annotations

import html
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt

from quarterdeck.channels.bluesky.tests.fake_dpop import No, check, hashed, thumbprint
from quarterdeck.channels.tests.fake_server import FakeRefusal, Say

if TYPE_CHECKING:
    from quarterdeck.channels.bluesky.tests.fake_bluesky import FakeBluesky

SCOPE = "atproto transition:generic"
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_CREDENTIALS = {"client_id", "client_assertion", "client_assertion_type"}
_PUSHED = {
    "response_type", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method", "login_hint",
}  # fmt: skip


@dataclass
class FakeSession:
    """A sign-in: whose, of which client (and by which of its keys), with which key; its tokens, the last ones good."""

    did: str
    client_id: str
    client_key: str
    jkt: str
    scope: str
    access: str = ""
    refreshes: list[str] = field(default_factory=list)
    ended: bool = False


class State:
    """What the authorization server keeps, and its switches."""

    def __init__(self) -> None:
        self.offers = True  # whether people can sign in this way at all
        self.metadata: dict[str, Any] = {}  # over what it says of itself
        self.resource: dict[str, Any] = {}
        self.document: dict[str, Any] = {}  # over what the directory says of the account
        self.answer: dict[str, Any] = {}  # over what the token endpoint answers
        self.takes_local = True
        self.clients: dict[str, dict] = {}  # documents by address, as if fetched
        self.requests: dict[str, dict] = {}
        self.codes: dict[str, tuple[dict, str]] = {}
        self.challenges: set[str] = set()
        self.assertions: set[str] = set()
        self.sessions: list[FakeSession] = []
        self.life = 3600

    def session(self, access: str) -> FakeSession | None:
        return next((one for one in self.sessions if one.access == access and not one.ended), None)


class OAuth:
    """One request's answer."""

    def __init__(
        self, fake: FakeBluesky, method: str, parts: Any, headers: dict[str, str], body: bytes
    ) -> None:
        self.fake, self.state, self.headers = fake, fake.oauth, headers
        self.method, self.path, self.query, self.raw = method, parts.path, parts.query, body

    def answer(self) -> Say:
        pages = {
            "GET /.well-known/oauth-protected-resource": self.resource,
            "GET /.well-known/oauth-authorization-server": self.metadata,
            "GET /oauth/authorize": self.authorize,
            "POST /oauth/par": self.pushed,
            "POST /oauth/token": self.token,
            "POST /oauth/revoke": self.revoke,
        }
        if self.path.startswith("/plc/") and self.method == "GET":
            return self.directory(self.path.removeprefix("/plc/"))
        assert f"{self.method} {self.path}" in pages, "there is no such page"
        return pages[f"{self.method} {self.path}"]()

    # --- what stands there ----------------------------------------------------------------------------

    def directory(self, did: str) -> Say:
        account = self.fake.accounts.get(did)
        if account is None or account.state == "gone":
            return Say(404, {"message": f"DID not registered: {did}"})
        home = {
            "id": "#atproto_pds",
            "type": "AtprotoPersonalDataServer",
            "serviceEndpoint": self.fake.url,
        }
        said = {"id": did, "alsoKnownAs": [f"at://{account.handle}"], "service": [home]}
        return Say(200, said | self.state.document)

    def resource(self) -> Say:
        self._offered()
        said = {"resource": self.fake.url, "authorization_servers": [self.fake.url], "scopes_supported": []}
        return Say(200, said | self.state.resource)

    def metadata(self) -> Say:
        self._offered()
        url = self.fake.url
        said = {
            "issuer": url,
            "authorization_endpoint": f"{url}/oauth/authorize",
            "token_endpoint": f"{url}/oauth/token",
            "pushed_authorization_request_endpoint": f"{url}/oauth/par",
            "revocation_endpoint": f"{url}/oauth/revoke",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
            "scopes_supported": ["atproto", "transition:generic"],
            "authorization_response_iss_parameter_supported": True,
            "require_pushed_authorization_requests": True,
            "dpop_signing_alg_values_supported": ["ES256"],
            "client_id_metadata_document_supported": True,
        }
        return Say(200, said | self.state.metadata)

    def _offered(self) -> None:
        if not self.state.offers:
            refusal = FakeRefusal()
            refusal.say = Say(404, "<html>Not found</html>")
            raise refusal

    # --- the calls ------------------------------------------------------------------------------------

    def _form(self, names: set[str]) -> tuple[dict[str, str], str, str]:
        """The fields, whose key proved the call, and by which key the client proved itself (empty for a local one)."""
        assert self.headers.get("content-type") == "application/x-www-form-urlencoded", "not a form"
        assert "authorization" not in self.headers, "a token where none is needed"
        assert not self.query, "a query"
        form = dict(parse_qsl(self.raw.decode(), keep_blank_values=True, strict_parsing=True))
        assert form.keys() <= names | _CREDENTIALS, f"fields {sorted(form)}"
        jkt = check(self.fake, self.headers, "POST", self.path)
        return form, jkt, self._client(form)

    def _client(self, form: dict[str, str]) -> str:
        client_id = form["client_id"]
        if client_id.startswith("http://localhost?"):
            assert "client_assertion" not in form, "a local client has no key"
            if not self.state.takes_local:
                raise No("invalid_client_metadata", "Loopback clients are not allowed")
            return ""
        document = self.state.clients.get(client_id)
        if document is None:
            raise No("invalid_client_metadata", f'Unable to obtain client metadata for "{client_id}"')
        assert document["client_id"] == client_id, "the document is another's"
        assert document["token_endpoint_auth_method"] == "private_key_jwt"
        assert form["client_assertion_type"] == _ASSERTION, "the kind of an assertion"
        return self._asserted(document, form["client_assertion"])

    def _asserted(self, document: dict, assertion: str) -> str:
        kid = jwt.get_unverified_header(assertion)["kid"]
        found = [one for one in document["jwks"]["keys"] if one["kid"] == kid]
        if not found:
            raise No("invalid_client", "no such key", status=401)
        assert "d" not in found[0], "the private key is public"
        claims = jwt.decode(
            assertion,
            jwt.PyJWK.from_dict(found[0]).key,
            algorithms=["ES256"],
            audience=self.fake.url,
            options={"verify_iat": False, "verify_exp": False},
        )
        assert claims["iss"] == claims["sub"] == document["client_id"], "another client"
        assert claims["jti"] not in self.state.assertions, "an assertion was used twice"
        self.state.assertions.add(claims["jti"])
        now = self.fake.now().timestamp()
        if not claims["iat"] - 30 <= now <= claims["exp"]:
            raise No("invalid_client", 'Validation of "client_assertion" failed: "iat"', status=401)
        return thumbprint(found[0])

    def pushed(self) -> Say:
        form, jkt, client_key = self._form(_PUSHED)
        assert form.keys() >= _PUSHED, f"missing {sorted(_PUSHED - form.keys())}"
        assert (form["response_type"], form["code_challenge_method"]) == ("code", "S256")
        assert form["scope"] == SCOPE, "the scope"
        assert len(form["state"]) >= 16, "a state that can be guessed"
        assert form["code_challenge"] not in self.state.challenges, "a challenge was used twice"
        self.state.challenges.add(form["code_challenge"])
        self._check_return(form)
        name = f"urn:ietf:params:oauth:request_uri:{secrets.token_urlsafe(16)}"
        until = time.time() + 300
        self.state.requests[name] = form | {"jkt": jkt, "client_key": client_key, "until": until}
        return Say(201, {"request_uri": name, "expires_in": 300})

    def _check_return(self, form: dict[str, str]) -> None:
        back, client_id = form["redirect_uri"], form["client_id"]
        if client_id.startswith("http://localhost?"):
            asked = parse_qs(urlsplit(client_id).query, strict_parsing=True)
            assert asked["scope"] == [SCOPE], "the scope in the name of the client"
            there, here = urlsplit(asked["redirect_uri"][0]), urlsplit(back)
            assert (here.scheme, here.hostname, here.path) == ("http", "127.0.0.1", there.path), back
            assert there.port is None, "a port in the name would have to match"
        else:
            assert back in self.state.clients[client_id]["redirect_uris"], back

    def authorize(self) -> Say:
        """The page a person sees: it says that it is a fake, and has a way to allow and one to decline."""
        asked = parse_qs(self.query, strict_parsing=True)
        assert asked.keys() == {"client_id", "request_uri"}, sorted(asked)
        request = self.state.requests.get(asked["request_uri"][0])
        if request is None or request["until"] < time.time() or request["client_id"] != asked["client_id"][0]:
            return Say(400, "<!doctype html><title>Fake Bluesky</title><h1>This request has expired</h1>")
        url = f"{self.fake.url}{self.path}?{self.query}"
        links = "".join(
            f'<p><a id="{name.lower()}" href="{html.escape(there)}">{name}</a></p>'
            for name, there in (("Allow", returned(request, allow(self.fake, url))),
                                ("Decline", returned(request, decline(self.fake, url))))
        )  # fmt: skip
        return Say(200, f"<!doctype html><title>Fake Bluesky</title><h1>Fake Bluesky</h1>{links}")

    def token(self) -> Say:
        form, jkt, client_key = self._form(
            {"grant_type", "code", "redirect_uri", "code_verifier", "refresh_token"}
        )
        if form["grant_type"] == "authorization_code":
            session = self._by_code(form, jkt, client_key)
        else:
            assert form["grant_type"] == "refresh_token", form["grant_type"]
            session = self._by_refresh(form, jkt, client_key)
        session.access = f"fake-access-{secrets.token_urlsafe(24)}"
        session.refreshes.append(f"fake-refresh-{secrets.token_urlsafe(24)}")
        said = {
            "access_token": session.access,
            "token_type": "DPoP",
            "refresh_token": session.refreshes[-1],
            "scope": session.scope,
            "expires_in": self.state.life,
            "sub": session.did,
        }
        given = said | self.state.answer
        return Say(200, {name: value for name, value in given.items() if value is not None})

    def _by_code(self, form: dict[str, str], jkt: str, client_key: str) -> FakeSession:
        request, did = self.state.codes.pop(form["code"], ({}, ""))
        if not request or request["redirect_uri"] != form["redirect_uri"] or request["jkt"] != jkt:
            raise No("invalid_grant", "Invalid code")
        if hashed(form["code_verifier"]) != request["code_challenge"]:
            raise No("invalid_grant", "Invalid code_verifier")
        assert request["client_id"] == form["client_id"], "another client's code"
        session = FakeSession(did, form["client_id"], client_key, jkt, request["scope"])
        self.state.sessions.append(session)
        return session

    def _by_refresh(self, form: dict[str, str], jkt: str, client_key: str) -> FakeSession:
        given = form["refresh_token"]
        session = next((one for one in self.state.sessions if given in one.refreshes), None)
        if session is None or session.ended or given in self.fake.ended:
            raise No("invalid_grant", "Invalid refresh token")
        same = (session.client_id, session.client_key, session.jkt) == (form["client_id"], client_key, jkt)
        if session.refreshes[-1] != given or not same:
            session.ended = True
            raise No("invalid_grant", "Refresh token replayed" if same else "The session is another's")
        if self.fake.accounts[session.did].state in ("gone", "suspended"):
            raise No("invalid_grant", "Account is taken down")
        return session

    def revoke(self) -> Say:
        form, jkt, _ = self._form({"token"})
        for session in self.state.sessions:
            if form["token"] in (*session.refreshes, session.access) and session.jkt == jkt:
                session.ended = True
        return Say(200, {})


# --- what a person does there -----------------------------------------------------------------------


def allow(fake: FakeBluesky, url: str, did: str = "") -> dict[str, str]:
    """What comes back when somebody signs in at this address and allows it: as the account hinted at, or `did`."""
    request = _request(fake, url)
    code = f"fake-code-{secrets.token_urlsafe(24)}"
    hinted = (one.did for one in fake.accounts.values() if request["login_hint"] in (one.did, one.handle))
    fake.oauth.codes[code] = (request, did or next(hinted))
    return {"iss": fake.url, "state": request["state"], "code": code}


def decline(fake: FakeBluesky, url: str) -> dict[str, str]:
    state = _request(fake, url)["state"]
    return {"iss": fake.url, "state": state, "error": "access_denied", "error_description": "Access denied"}


def _request(fake: FakeBluesky, url: str) -> dict[str, Any]:
    return fake.oauth.requests[parse_qs(urlsplit(url).query)["request_uri"][0]]


def returned(request: dict[str, Any], answer: dict[str, str]) -> str:
    return f"{request['redirect_uri']}?{urlencode(answer)}"
