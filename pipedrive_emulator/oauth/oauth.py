"""The authorization server's decisions, without HTTP: what lets an installation begin and go on."""

from typing import Any

from pipedrive_emulator.apps import App
from pipedrive_emulator.oauth import shapes
from pipedrive_emulator.oauth.errors import TokenRefused
from pipedrive_emulator.oauth.grants import Grants, Holder
from pipedrive_emulator.oauth.installations import Installations
from pipedrive_emulator.oauth.tokens import Tokens
from pipedrive_emulator.signing import fingerprint
from pipedrive_emulator.store import Store
from pipedrive_emulator.world.company import User
from pipedrive_emulator.world.world import World

CODE_SECONDS = 300
_EXCHANGED = "exchanged_api_tokens"


class OAuth:
    def __init__(
        self,
        *,
        world: World,
        store: Store,
        grants: Grants,
        tokens: Tokens,
        installations: Installations,
    ) -> None:
        self._world = world
        self._store = store
        self._grants = grants
        self._tokens = tokens
        self._installations = installations

    def issue_code(self, app: App, user: User, redirect_uri: str) -> str:
        """The user has consented: a code of five minutes, for one use by this app at this address."""
        holder = Holder(app.client_id, user.company_id, user.id)
        code = shapes.authorization_code(user.company_id, user.id)
        self._grants.issue("code", code, holder, app.scope, CODE_SECONDS, redirect_uri)
        self._installations.note("code_issued", holder, code=fingerprint(code))
        return code

    def exchange(self, app: App, code: str, redirect_uri: str) -> dict[str, Any]:
        """Turn a code into tokens, https://pipedrive.readme.io/docs/marketplace-oauth-authorization.

        Raises:
            TokenRefused: the code is unknown, used, another app's, too old, or was sent elsewhere.
        """
        token = self._grants.find("code", code)
        if token is None or token.holder.client_id != app.client_id:
            raise TokenRefused("invalid_grant", "Invalid grant: authorization_code is invalid")
        if self._grants.is_expired(token):
            raise TokenRefused("invalid_grant", "Invalid grant: authorization_code has expired")
        if redirect_uri != token.redirect_uri:
            raise TokenRefused("invalid_request", "Invalid request: `redirect_uri` is invalid")
        self._grants.drop(token)
        return self._installed(app, token.holder, token.scope)

    def exchange_api_token(self, app: App, api_token: str) -> dict[str, Any]:
        """Turn a user's API token into an installation, once for each token.

        https://pipedrive.readme.io/docs/marketplace-migrating-existing-integration-users

        Raises:
            TokenRefused: nobody's token, or exchanged before.
        """
        user = next((one for one in self._world.users() if one.active and one.api_token == api_token), None)
        mark = f"{app.client_id}/{fingerprint(api_token)}"
        if user is None or mark in dict(self._store.load(_EXCHANGED)):
            raise TokenRefused("invalid_grant", "Invalid grant: api_token is invalid")
        self._store.put(_EXCHANGED, mark, user.id)
        return self._installed(app, Holder(app.client_id, user.company_id, user.id), app.scope)

    def refresh(self, app: App, refresh_token: str) -> dict[str, Any]:
        """A new access token; whether the refresh token changes is for the switch to say.

        Raises:
            TokenRefused: the refresh token is unknown, another app's, spent or 60 days unused.
        """
        token = self._grants.find("refresh", refresh_token)
        if token is None or token.holder.client_id != app.client_id or not self._is_at_work(token.holder):
            raise TokenRefused("invalid_grant", "Invalid grant: refresh_token is invalid")
        if self._grants.is_expired(token):
            raise TokenRefused("invalid_grant", "Invalid grant: refresh token has expired")
        answer = self._tokens.renewed(app, token, refresh_token)
        self._installations.note(
            "token_refreshed", token.holder, presented=fingerprint(refresh_token), **_prints(answer)
        )
        return answer

    def revoke(self, app: App, text: str) -> None:
        """RFC 7009; the end of the refresh token is the end of the installation."""
        token = self._grants.find("refresh", text) or self._grants.find("access", text)
        if token is None or token.holder.client_id != app.client_id:
            return
        self._installations.note(
            "token_revoked", token.holder, token_kind=token.kind, token=fingerprint(text)
        )
        if token.kind == "access":
            self._grants.drop(token)
            return
        self._installations.end(app, token.holder, by="vendor")

    def _installed(self, app: App, holder: Holder, scope: str) -> dict[str, Any]:
        answer = self._tokens.first(holder, scope)
        self._installations.note("token_issued", holder, **_prints(answer))
        self._installations.begin(app, holder)
        return answer

    def _is_at_work(self, holder: Holder) -> bool:
        user = self._world.user(holder.user_id)
        return user is not None and user.active


def _prints(answer: dict[str, Any]) -> dict[str, str]:
    return {name: fingerprint(answer[name]) for name in ("access_token", "refresh_token")}
