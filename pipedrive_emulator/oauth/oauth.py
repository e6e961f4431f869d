"""The authorization server's decisions, without HTTP: issue, exchange, refresh, revoke, uninstall."""

from typing import Any

from pipedrive_emulator.addresses import Addresses
from pipedrive_emulator.apps import App, Apps
from pipedrive_emulator.clock import Clock
from pipedrive_emulator.ledger import Ledger
from pipedrive_emulator.oauth import shapes
from pipedrive_emulator.oauth.callback import UninstallCallbacks
from pipedrive_emulator.oauth.errors import TokenRefused
from pipedrive_emulator.oauth.grants import Grants, Holder, Token
from pipedrive_emulator.signing import fingerprint
from pipedrive_emulator.switches import Switches
from pipedrive_emulator.world.company import User

CODE_SECONDS = 300
ACCESS_SECONDS = 3600
REFRESH_SECONDS = 60 * 86_400
GRACE_SECONDS = 60


class OAuth:
    def __init__(
        self,
        *,
        addresses: Addresses,
        clock: Clock,
        ledger: Ledger,
        switches: Switches,
        apps: Apps,
        grants: Grants,
    ) -> None:
        self._addresses = addresses
        self._ledger = ledger
        self._switches = switches
        self._apps = apps
        self._grants = grants
        self.callbacks = UninstallCallbacks(clock, ledger, switches)

    def issue_code(self, app: App, user: User, redirect_uri: str) -> str:
        """The user has consented: a code of five minutes, for one use by this app at this address."""
        holder = Holder(app.client_id, user.company_id, user.id)
        code = shapes.authorization_code(user.company_id, user.id)
        self._grants.issue("code", code, holder, app.scope, CODE_SECONDS, redirect_uri)
        self._note("code_issued", holder, code=fingerprint(code))
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
        return self._install(token)

    def refresh(self, app: App, refresh_token: str) -> dict[str, Any]:
        """A new access token; whether the refresh token changes is for the switch to say.

        Raises:
            TokenRefused: the refresh token is unknown, another app's, spent or 60 days unused.
        """
        token = self._grants.find("refresh", refresh_token)
        if token is None or token.holder.client_id != app.client_id:
            raise TokenRefused("invalid_grant", "Invalid grant: refresh_token is invalid")
        if self._grants.is_expired(token):
            raise TokenRefused("invalid_grant", "Invalid grant: refresh token has expired")
        if self._switches.get("old_access_after_refresh") == "revoked":
            self._grants.drop_all(token.holder, "access")
        answer = self._tokens(token, self._next_refresh_token(token, refresh_token))
        self._note("token_refreshed", token.holder, presented=fingerprint(refresh_token), **_prints(answer))
        return answer

    def revoke(self, app: App, text: str) -> None:
        """RFC 7009; the end of the refresh token is the end of the installation."""
        token = self._grants.find("refresh", text) or self._grants.find("access", text)
        if token is None or token.holder.client_id != app.client_id:
            return
        self._note("token_revoked", token.holder, token_kind=token.kind, token=fingerprint(text))
        if token.kind == "access":
            self._grants.drop(token)
            return
        self._end(token.holder, by="vendor")
        if self._switches.get("delete_on_vendor_revoke") == "yes":
            self.callbacks.send(app, token.holder)

    async def uninstall(self, client_id: str, user: User) -> None:
        """What the Marketplace page does: tokens die at once, the callback follows in the background."""
        app, holder = self._apps.by_client_id(client_id), Holder(client_id, user.company_id, user.id)
        if app is None or not self._grants.held_by(holder):
            return
        self._end(holder, by="user")
        self.callbacks.send(app, holder)

    def _install(self, code: Token) -> dict[str, Any]:
        holder = code.holder
        if self._switches.get("old_grant_on_reauthorise") == "revoked":
            self._grants.drop_all(holder, "access", "refresh")
        answer = self._tokens(code, self._new_refresh_token(code))
        self._note("token_issued", holder, **_prints(answer))
        self._note("installed", holder)
        return answer

    def _tokens(self, source: Token, refresh_token: str) -> dict[str, Any]:
        access_token = shapes.access_token()
        self._grants.issue("access", access_token, source.holder, source.scope, ACCESS_SECONDS)
        answer: dict[str, Any] = {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": ACCESS_SECONDS - 1,
            "refresh_token": refresh_token,
            "scope": source.scope,
            "api_domain": self._addresses.api,
        }
        if self._switches.get("token_extra_keys") == "yes":
            answer |= {"company_region": "eu", "session": {"kind": "offline", "hops": [1, 2]}, "note": None}
        return answer

    def _next_refresh_token(self, token: Token, text: str) -> str:
        rotation = self._switches.get("refresh_rotation")
        if rotation == "same":
            self._grants.end_in(token, REFRESH_SECONDS)
            return text
        if rotation == "single_use":
            self._grants.drop(token)
        if rotation == "single_use_grace":
            self._shorten(token)
        return self._new_refresh_token(token)

    def _shorten(self, token: Token) -> None:
        """Leave a grace to whoever did not hear of the new one; using it again does not renew it."""
        end = token.expires_at - self._grants.now()
        self._grants.end_in(token, min(end, GRACE_SECONDS))

    def _new_refresh_token(self, source: Token) -> str:
        holder = source.holder
        text = shapes.refresh_token(holder.company_id, holder.user_id)
        self._grants.issue("refresh", text, holder, source.scope, REFRESH_SECONDS)
        return text

    def _end(self, holder: Holder, by: str) -> None:
        self._grants.drop_all(holder, "code", "access", "refresh")
        self._note("uninstalled", holder, by=by)

    def _note(self, kind: str, holder: Holder, **facts: Any) -> None:
        client_id, company_id, user_id = holder
        self._ledger.append(kind, company_id=company_id, user_id=user_id, client_id=client_id, **facts)


def _prints(answer: dict[str, Any]) -> dict[str, str]:
    return {name: fingerprint(answer[name]) for name in ("access_token", "refresh_token")}
