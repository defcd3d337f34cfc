"""Single sign-on by OpenID Connect: the authorization code flow with PKCE, state and nonce.

Who logs in so is somebody whom the identity provider names by the claim of the settings: an account
here, or a new reviewer where the settings say so. The first login links the provider's id of them
to the account; from then on that id counts, whatever the claim says.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
from authlib.integrations.base_client.errors import OAuthError
from joserfc import jwk, jwt
from joserfc.errors import JoseError

from risk.errors import Forbidden, Unavailable
from risk.settings import SignOnSettings

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import OAuth2Client

TIMEOUT_S = 5.0
METADATA_S = 3_600.0
LEEWAY_S = 60
ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "EdDSA"]
"""Signatures of ID tokens that are taken: none that the client's secret could make."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A login on its way: what the browser keeps, and the answer must fit."""

    state: str
    nonce: str
    verifier: str
    back: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider means: its own id of them, and the name that the settings' claim gives."""

    issuer: str
    subject: str
    claimed: str
    shown: str


@dataclass
class SignOn:
    """The client of one identity provider. Its metadata and keys are kept for an hour."""

    settings: SignOnSettings
    _metadata: dict[str, Any] = field(default_factory=dict)
    _read_at: float = -METADATA_S

    def begin(self, redirect_uri: str, back: str) -> tuple[str, Attempt]:
        """The provider's address to send a browser to. Raises Unavailable."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        made = Attempt(state, nonce, verifier, back)
        with self._client(redirect_uri) as client:
            address, _ = client.create_authorization_url(
                self._provider()["authorization_endpoint"],
                state=made.state,
                nonce=made.nonce,
                code_verifier=made.verifier,
            )
        return str(address), made

    def finish(self, redirect_uri: str, attempt: Attempt, answer: str, state: str) -> Identity:
        """Whom the provider's answer (the address that it sent the browser to) proves.

        Raises Forbidden for an answer that does not fit the attempt, Unavailable where the provider
        cannot be reached.
        """
        if not secrets.compare_digest(state.encode(), attempt.state.encode()):
            raise Forbidden("this login was not begun in this browser")
        try:
            with self._client(redirect_uri) as client:
                token = client.fetch_token(
                    self._provider()["token_endpoint"],
                    authorization_response=answer,
                    code_verifier=attempt.verifier,
                    state=attempt.state,
                )
                claims = self._claims(str(token.get("id_token", "")), attempt)
                if self.settings.claim not in claims:
                    claims = {**self._user_info(client, claims["sub"]), **claims}
        except OAuthError as error:
            raise Forbidden(f"the identity provider refused: {error.error}") from error
        except httpx.HTTPError as error:
            raise Unavailable("the identity provider does not answer") from error
        return self._identity(claims)

    def _user_info(self, client: OAuth2Client, subject: str) -> dict[str, Any]:
        """What the provider tells about a person apart from the ID token, where it does."""
        address = self._provider().get("userinfo_endpoint")
        if address is None:
            return {}
        found = client.get(address).raise_for_status().json()
        if found.get("sub") != subject:
            raise Forbidden("the identity provider tells about another person")
        return dict(found)

    def _client(self, redirect_uri: str) -> OAuth2Client:
        # Loaded where people sign on so: it takes time, and warns every service of what comes.
        from authlib.integrations.httpx_client import OAuth2Client

        return OAuth2Client(
            self.settings.client_id,
            self.settings.client_secret or None,
            token_endpoint_auth_method="client_secret_basic"
            if self.settings.client_secret
            else "none",
            scope="openid profile email",
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            timeout=TIMEOUT_S,
        )

    def _provider(self) -> dict[str, Any]:
        """The provider's metadata with its keys. Raises Unavailable."""
        if time.monotonic() - self._read_at < METADATA_S:
            return self._metadata
        issuer = self.settings.issuer
        try:
            with httpx.Client(timeout=TIMEOUT_S) as client:
                address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
                found = client.get(address).raise_for_status().json()
                found["keys"] = client.get(found["jwks_uri"]).raise_for_status().json()
        except (httpx.HTTPError, KeyError, TypeError, ValueError) as error:
            raise Unavailable("the identity provider does not answer") from error
        if found.get("issuer") != issuer:
            raise Unavailable("the identity provider says that it is another one")
        self._metadata, self._read_at = found, time.monotonic()
        return self._metadata

    def _claims(self, token: str, attempt: Attempt) -> dict[str, Any]:
        """The claims of an ID token of the right signature, issuer, audience, time and nonce."""
        issuer, client_id = self.settings.issuer, self.settings.client_id
        expected = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_S,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": attempt.nonce},
        )
        try:
            claims = self._decoded(token)
            expected.validate(claims)
        except (JoseError, ValueError) as error:
            raise Forbidden(f"the identity provider's token is refused: {error}") from error
        if claims.get("azp", client_id) != client_id:
            raise Forbidden("the identity provider's token is for another client")
        return claims

    def _decoded(self, token: str) -> dict[str, Any]:
        """The claims of a token; its keys are read again once where none fits."""
        try:
            return self._verified(token)
        except (JoseError, ValueError):
            self._read_at = -METADATA_S
            return self._verified(token)

    def _verified(self, token: str) -> dict[str, Any]:
        keys = jwk.KeySet.import_key_set(self._provider()["keys"])
        return dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)

    def _identity(self, claims: dict[str, Any]) -> Identity:
        claim = self.settings.claim
        name = claims.get(claim)
        if not isinstance(name, str) or not name:
            raise Forbidden(f"the identity provider does not give the claim {claim}")
        if claim == "email" and claims.get("email_verified") is not True:
            raise Forbidden("the identity provider has not verified the address of this person")
        shown = claims.get("name")
        return Identity(
            self.settings.issuer, str(claims["sub"]), name, shown if isinstance(shown, str) else ""
        )
