"""Which codes and tokens are alive, and for whom. Only their digests are kept."""

import hashlib
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from typing import Literal, NamedTuple

from pipedrive_emulator.clock import Clock
from pipedrive_emulator.store import Store

_SECTION = "tokens"

Kind = Literal["code", "access", "refresh"]


class Holder(NamedTuple):
    """An installation: one app, one user of one company."""

    client_id: str
    company_id: int
    user_id: int


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    digest: str
    holder: Holder
    scope: str
    expires_at: float
    redirect_uri: str = ""


class Grants:
    def __init__(self, clock: Clock, store: Store) -> None:
        self._clock = clock
        self._store = store
        self._tokens: dict[str, Token] = {}
        self._held: defaultdict[Holder, set[str]] = defaultdict(set)
        for _, fields in store.load(_SECTION):
            self._remember(Token(**{**fields, "holder": Holder(*fields["holder"])}))

    def issue(
        self, kind: Kind, text: str, holder: Holder, scope: str, seconds: float, redirect_uri: str = ""
    ) -> Token:
        """Make a text valid for so many seconds."""
        self._forget_expired(holder)
        token = Token(kind, _digest(text), holder, scope, self._clock.now() + seconds, redirect_uri)
        self._write(token)
        return token

    def find(self, kind: Kind, text: str) -> Token | None:
        """The token of that kind, expired or not."""
        token = self._tokens.get(_digest(text))
        return token if token is not None and token.kind == kind else None

    def now(self) -> float:
        return self._clock.now()

    def is_expired(self, token: Token) -> bool:
        return token.expires_at <= self._clock.now()

    def end_in(self, token: Token, seconds: float) -> None:
        """Give the token a new end, counted from now."""
        self._write(replace(token, expires_at=self._clock.now() + seconds))

    def drop(self, token: Token) -> None:
        self._tokens.pop(token.digest, None)
        self._held[token.holder].discard(token.digest)
        self._store.delete(_SECTION, token.digest)

    def drop_all(self, holder: Holder, *kinds: Kind) -> None:
        """Forget the holder's tokens of these kinds."""
        for token in self.held_by(holder):
            if token.kind in kinds:
                self.drop(token)

    def held_by(self, holder: Holder) -> list[Token]:
        return [self._tokens[digest] for digest in self._held.get(holder, ())]

    def holders(self, client_id: str) -> list[Holder]:
        """Every installation of that app, and every one under way."""
        return [holder for holder, held in self._held.items() if held and holder.client_id == client_id]

    def scope(self, holder: Holder) -> str | None:
        """The scopes that a refresh would still give; None when it would give nothing."""
        alive = [one for one in self.held_by(holder) if one.kind == "refresh" and not self.is_expired(one)]
        return alive[-1].scope if alive else None

    def is_installed(self, client_id: str, company_id: int, user_id: int) -> bool:
        """Whether this user could still refresh: installed, not uninstalled, used in the last 60 days."""
        return self.scope(Holder(client_id, company_id, user_id)) is not None

    def _forget_expired(self, holder: Holder) -> None:
        """Codes stay a while longer, so that a late one is told from an unknown one."""
        for token in self.held_by(holder):
            if token.kind == "access" and self.is_expired(token):
                self.drop(token)

    def _write(self, token: Token) -> None:
        self._remember(token)
        self._store.put(_SECTION, token.digest, asdict(token))

    def _remember(self, token: Token) -> None:
        self._tokens[token.digest] = token
        self._held[token.holder].add(token.digest)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
