"""Things that happen once: a ticket's action with its stored answer, a state, a code."""

import hashlib
from dataclasses import dataclass

from marketplace_app.domain.principal import Principal
from marketplace_app.storage import keys
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.vault import CompanyKey, Label

_KEPT_SECONDS = 2 * 3600  # longer than a ticket lives
_STATE_SECONDS = 600
_CODE_SECONDS = 600  # an authorization code lives 300


@dataclass(frozen=True, slots=True)
class Claim:
    """`is_first`: act now. Else `answer` is what the first one answered, None while it still acts."""

    is_first: bool
    answer: bytes | None = None


class Once:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def claim(self, principal: Principal, nonce: str, key: CompanyKey) -> Claim:
        name = keys.ticket(principal, nonce)
        if await self._connection.add(name, b"", seconds=_KEPT_SECONDS):
            return Claim(is_first=True)
        stored = await self._connection.get(name)
        return Claim(is_first=False, answer=key.open(_label(principal, nonce), stored) if stored else None)

    async def settle(self, principal: Principal, nonce: str, key: CompanyKey, answer: bytes) -> None:
        sealed = key.seal(_label(principal, nonce), answer)
        await self._connection.set(keys.ticket(principal, nonce), sealed, seconds=_KEPT_SECONDS)

    async def release(self, principal: Principal, nonce: str) -> None:
        """The action is known not to have happened, so the button may be pressed again."""
        await self._connection.delete(keys.ticket(principal, nonce))

    async def begin_install(self, state: str, browser: str) -> None:
        """Remember that this browser began an install with this state, for ten minutes."""
        await self._connection.set(
            keys.install_state(_hash(state)), _hash(browser).encode(), seconds=_STATE_SECONDS
        )

    async def finish_install(self, state: str, browser: str) -> bool:
        """Whether this browser began an install with this state; true at most once."""
        return await self._connection.take(keys.install_state(_hash(state))) == _hash(browser).encode()

    async def release_code(self, code: str) -> None:
        """The code never reached Pipedrive, so it may be tried again."""
        await self._connection.delete(keys.authorization_code(_hash(code)))

    async def claim_code(self, code: str) -> bool:
        """Whether this authorization code is seen for the first time."""
        return await self._connection.add(keys.authorization_code(_hash(code)), b"1", seconds=_CODE_SECONDS)


def _label(principal: Principal, nonce: str) -> Label:
    return Label(f"answer {nonce}", principal.company_id, principal.user_id)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
