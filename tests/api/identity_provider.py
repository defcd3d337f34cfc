"""An OpenID provider on a real socket, made of authlib's server side, that can also misbehave."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, jsonify
from joserfc import jwk
from joserfc import jwt as jose
from werkzeug.serving import make_server

CLIENT, CLIENT_SECRET = "console", "a secret of the console at the provider"


@lru_cache
def _key(name: str, _number: int = 0) -> jwk.RSAKey:
    """A key of that name, another for each number; making one takes long."""
    return jwk.RSAKey.generate_key(2048, {"kid": name, "use": "sig"}, private=True)


@dataclass
class Provider:
    """What the provider says of whoever comes, and what it does wrong: claims that replace those of
    the ID token, and how that is signed."""

    url: str = ""
    person: dict[str, Any] = field(
        default_factory=lambda: {"sub": "u-1", "email": "mei@example.com", "email_verified": True,
                                 "name": "Mei"}
    )  # fmt: skip
    replaced: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    another_key: bool = False
    key: jwk.RSAKey = field(default_factory=lambda: _key("one"))
    codes: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)


class Client:
    """The console as the provider knows it."""

    client_id = CLIENT

    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    def check_client_secret(self, secret: str) -> bool:
        return secret == CLIENT_SECRET

    def check_endpoint_auth_method(self, method: str, _: str) -> bool:
        return method == "client_secret_basic"

    def check_redirect_uri(self, uri: str) -> bool:
        return uri.endswith("/console/sign-on/answer")

    def check_response_type(self, kind: str) -> bool:
        return kind == "code"

    def check_grant_type(self, kind: str) -> bool:
        return kind == "authorization_code"

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def get_default_redirect_uri(self) -> None:
        return None


class Code(SimpleNamespace):
    """A code that the provider gave, with what it was given for."""

    def get_redirect_uri(self) -> str:
        return str(self.redirect_uri)

    def get_scope(self) -> str:
        return str(self.scope)

    def get_nonce(self) -> str:
        return str(self.nonce)

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


def _grant(provider: Provider) -> type[AuthorizationCodeGrant]:
    class Grant(AuthorizationCodeGrant):  # type: ignore[misc]  # authlib has no types
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

        def save_authorization_code(self, code: str, asked: Any) -> None:
            data = asked.payload.data
            provider.asked.append(dict(data))
            provider.codes[code] = Code(
                redirect_uri=asked.payload.redirect_uri, scope=asked.payload.scope,
                nonce=data.get("nonce"), code_challenge=data.get("code_challenge"),
                code_challenge_method=data.get("code_challenge_method"),
            )  # fmt: skip

        def query_authorization_code(self, code: str, _: Any) -> Any:
            return provider.codes.get(code)

        def delete_authorization_code(self, code: Any) -> None:
            provider.codes = {k: one for k, one in provider.codes.items() if one is not code}

        def authenticate_user(self, _: Any) -> Any:
            return SimpleNamespace(get_user_id=lambda: provider.person["sub"])

    return Grant


class IdTokens(OpenIDCode):  # type: ignore[misc]  # authlib has no types
    """ID tokens that say of the person what the provider says, right or wrong."""

    def __init__(self, provider: Provider) -> None:
        super().__init__(require_nonce=True)
        self.provider = provider

    def exists_nonce(self, _nonce: str, _asked: Any) -> bool:
        return False

    def generate_user_info(self, _user: Any, _scope: str) -> UserInfo:
        return UserInfo(**self.provider.person)

    def encode_id_token(self, _token: dict[str, Any], asked: Any) -> str:
        now, provider = int(time.time()), self.provider
        claims = {
            "iss": provider.url, "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": asked.authorization_code.get_nonce(), **provider.person, **provider.replaced,
        }  # fmt: skip
        key: Any = _key("one", 1) if provider.another_key else provider.key
        if provider.algorithm == "HS256":
            key = jwk.OctKey.import_key(CLIENT_SECRET)
        header = {"alg": provider.algorithm, "kid": "one"}
        if provider.algorithm == "none":
            return jose.encode(header, claims, jwk.OctKey.import_key(b"0" * 32), ["none"])
        return jose.encode(header, claims, key, [provider.algorithm])


def _app(provider: Provider) -> Flask:
    app = Flask("identity-provider")
    client = Client(provider)
    server = AuthorizationServer(
        app, query_client=lambda name: client if name == CLIENT else None,
        save_token=lambda _token, _asked: None,
    )  # fmt: skip
    server.register_grant(_grant(provider), [CodeChallenge(required=True), IdTokens(provider)])

    @app.get("/.well-known/openid-configuration")
    def metadata() -> Any:
        return jsonify(issuer=provider.url, jwks_uri=f"{provider.url}/keys",
                       authorization_endpoint=f"{provider.url}/authorize",
                       token_endpoint=f"{provider.url}/token")  # fmt: skip

    @app.get("/keys")
    def keys() -> Any:
        return jsonify(keys=[provider.key.as_dict(private=False)])

    @app.get("/authorize")
    def authorize() -> Any:
        user = SimpleNamespace(get_user_id=lambda: provider.person["sub"])
        grant = server.get_consent_grant(end_user=user)
        return server.create_authorization_response(request=None, grant_user=user, grant=grant)

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    return app


@contextmanager
def identity_provider() -> Iterator[Provider]:
    """A provider that listens until the block ends."""
    provider = Provider()
    with make_server("127.0.0.1", 0, _app(provider), threaded=True) as server:
        provider.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield provider
        server.shutdown()
        thread.join()
