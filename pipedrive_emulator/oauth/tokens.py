"""What a grant answers: the six fields of a token answer, and what becomes of the tokens before it."""

from typing import Any

from pipedrive_emulator.addresses import Addresses
from pipedrive_emulator.apps import App
from pipedrive_emulator.oauth import shapes
from pipedrive_emulator.oauth.grants import Grants, Holder, Token
from pipedrive_emulator.switches import Switches
from pipedrive_emulator.world.world import World

ACCESS_SECONDS = 3600
REFRESH_SECONDS = 60 * 86_400
GRACE_SECONDS = 60

_EXTRA = {"company_region": "eu", "session": {"kind": "offline", "hops": [1, 2]}, "note": None}


class Tokens:
    def __init__(self, addresses: Addresses, world: World, switches: Switches, grants: Grants) -> None:
        self._addresses = addresses
        self._world = world
        self._switches = switches
        self._grants = grants

    def first(self, holder: Holder, scope: str) -> dict[str, Any]:
        """The answer of a new installation; an earlier one of the same user ends, or not, by the switch."""
        if self._switches.get("old_grant_on_reauthorise") == "revoked":
            self._grants.drop_all(holder, "access", "refresh")
        return self._answer(holder, scope, self._new_refresh_token(holder, scope))

    def renewed(self, app: App, token: Token, text: str) -> dict[str, Any]:
        """The answer of a refresh. Scopes that the app gave up fall away; new ones wait for the user."""
        if self._switches.get("old_access_after_refresh") == "revoked":
            self._grants.drop_all(token.holder, "access")
        asked = app.scope.split(",")
        scope = ",".join(name for name in token.scope.split(",") if name in asked)
        return self._answer(token.holder, scope, self._next_refresh_token(token, text, scope))

    def _answer(self, holder: Holder, scope: str, refresh_token: str) -> dict[str, Any]:
        access_token = shapes.access_token()
        self._grants.issue("access", access_token, holder, scope, ACCESS_SECONDS)
        answer: dict[str, Any] = {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": ACCESS_SECONDS - 1,
            "refresh_token": refresh_token,
            "scope": scope,
            "api_domain": self._api_domain(holder.company_id),
        }
        return answer | (_EXTRA if self._switches.get("token_extra_keys") == "yes" else {})

    def _api_domain(self, company_id: int) -> str:
        company = self._world.company(company_id)
        if company is not None and self._switches.get("api_domain") == "company_host":
            return self._addresses.company(company)
        return self._addresses.api

    def _next_refresh_token(self, token: Token, text: str, scope: str) -> str:
        rotation = self._switches.get("refresh_rotation")
        if rotation == "same":
            self._grants.end_in(token, REFRESH_SECONDS)
            return text
        if rotation == "single_use":
            self._grants.drop(token)
        if rotation == "single_use_grace":
            self._shorten(token)
        return self._new_refresh_token(token.holder, scope)

    def _shorten(self, token: Token) -> None:
        """Leave a grace to whoever did not hear of the new one; using it again does not renew it."""
        end = token.expires_at - self._grants.now()
        self._grants.end_in(token, min(end, GRACE_SECONDS))

    def _new_refresh_token(self, holder: Holder, scope: str) -> str:
        text = shapes.refresh_token(holder.company_id, holder.user_id)
        self._grants.issue("refresh", text, holder, scope, REFRESH_SECONDS)
        return text
