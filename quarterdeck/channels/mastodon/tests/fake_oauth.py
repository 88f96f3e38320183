"""The fake server's sign-in: applications, the page on which a person allows them, tokens and their renewal."""

from __future__ import annotations

import base64
import hashlib
import html
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit


class OAuth:
    """Mixed into the fake's calls: `fake`, `query`, `form`, `say`, `no`, `secret` come from there."""

    def oauth_metadata(self) -> Any:
        if not self.fake.pkce:
            raise self.no(404, "Not found")
        told = {"issuer": f"{self.fake.url}/", "code_challenge_methods_supported": ["S256"]}
        return self.say(200, told)

    def register(self) -> Any:
        sent = self.form("client_name redirect_uris scopes")
        assert sent["client_name"] == "Quarterdeck"
        if "://" not in sent["redirect_uris"]:
            raise self.no(422, "Validation failed: Redirect URI must be an absolute URI.")
        app = {"client_id": self.secret(), "client_secret": self.secret()}
        self.fake.apps[app["client_id"]] = app | sent
        return self.say(200, app | {"name": "Quarterdeck"})

    def authorize(self) -> Any:
        """The page a person sees: it says that it is a fake, and has a way to allow and one to decline."""
        allowed, declined = allow(self.fake, self.query), decline(self.query)
        back = self.query["redirect_uri"] + "?"
        links = "".join(
            f'<p><a id="{name}" href="{html.escape(back + urlencode(answer))}">{name.title()}</a></p>'
            for name, answer in (("allow", allowed), ("decline", declined))
        )
        return self.say(200, f"<!doctype html><title>Fake Mastodon</title><h1>Fake Mastodon</h1>{links}")

    def token(self) -> Any:
        grants = {"authorization_code": self._by_code, "refresh_token": self._by_refresh}
        sent = self.form(
            "grant_type code client_id client_secret redirect_uri scope code_verifier refresh_token"
        )
        app = self.fake.apps.get(sent.get("client_id", ""))
        if app is None or app["client_secret"] != sent.get("client_secret"):
            raise self.no(401, "invalid_client")
        return grants[sent["grant_type"]](sent)

    def revoke(self) -> Any:
        """Documented (methods/oauth, "Revoke a token"): 200 also for a token that is none; 403 for another's."""
        sent = self.form("client_id client_secret token")
        app = self.fake.apps.get(sent["client_id"])
        if app is None or app["client_secret"] != sent["client_secret"]:
            raise self.no(403, "You are not authorized to revoke this token")
        self.fake.tokens.pop(sent["token"], None)
        return self.say(200, {})

    def _by_code(self, sent: dict[str, str]) -> Any:
        asked = self.fake.codes.pop(sent["code"], None)
        if asked is None or asked["redirect_uri"] != sent["redirect_uri"]:
            raise self.no(400, "invalid_grant")
        assert asked["client_id"] == sent["client_id"], "another application's code"
        if "code_challenge" in asked:
            digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
                raise self.no(400, "invalid_grant")
        else:
            assert "code_verifier" not in sent, "a verifier nobody asked for"
        return self._give(asked["scopes"])

    def _by_refresh(self, sent: dict[str, str]) -> Any:
        assert sent.keys() == {"grant_type", "refresh_token", "client_id", "client_secret"}, sorted(sent)
        kept = self.fake.refreshes.get(sent["refresh_token"])
        if kept is None:
            raise self.no(400, "invalid_grant")
        if self.fake.rotates:
            del self.fake.refreshes[sent["refresh_token"]]
        return self._give(kept["scopes"], renewed=True)

    def _give(self, scopes: set[str], *, renewed: bool = False) -> Any:
        from quarterdeck.channels.mastodon.tests.fake_mastodon import FakeToken

        token = self.secret()
        self.fake.tokens[token] = FakeToken(scopes=scopes)
        answer: dict[str, Any] = {
            "access_token": token,
            "token_type": "Bearer",
            "scope": " ".join(sorted(scopes)),
        }
        if self.fake.token_life:
            answer["expires_in"] = self.fake.token_life
            if self.fake.rotates or not renewed:
                answer["refresh_token"] = self.secret()
                self.fake.refreshes[answer["refresh_token"]] = {"scopes": scopes}
        return self.say(200, answer)


def asked_at(url: str) -> dict[str, str]:
    """What the page at this address asks for."""
    return dict(parse_qsl(urlsplit(url).query, strict_parsing=True))


def allow(fake: Any, asked: dict[str, str]) -> dict[str, str]:
    """A person allows it: the query with which they come back."""
    app = fake.apps[asked["client_id"]]
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == app["redirect_uris"], "another way back than was registered"
    assert set(asked["scope"].split()) <= set(app["scopes"].split()), "more than was registered"
    assert len(asked["state"]) >= 20, "a state that can be guessed"
    assert ("code_challenge" in asked) == fake.pkce
    assert asked.get("code_challenge_method", "S256") == "S256"
    wanted = set(asked["scope"].split())
    scopes = wanted if fake.scopes_allowed is None else fake.scopes_allowed
    code = f"code-{len(fake.codes)}-{asked['state'][:6]}"
    fake.codes[code] = asked | {"scopes": scopes}
    return {"code": code, "state": asked["state"]}


def decline(asked: dict[str, str]) -> dict[str, str]:
    return {"error": "access_denied", "state": asked["state"]}
