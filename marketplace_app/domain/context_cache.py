"""Tokens that were verified already, so that the panel's later requests do not pay for it again.

It changes no verdict: an entry is found by the hash of the whole token and the surface, is used only
while `verify_signed_context` would still say the same, and dies with the token.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence

from marketplace_app.domain.context import LEEWAY_SECONDS, SignedContext, verify_signed_context


class ContextCache:
    def __init__(self, capacity: int = 10_000) -> None:
        self._capacity = capacity
        self._verified: OrderedDict[bytes, tuple[SignedContext, float]] = OrderedDict()

    def verify(self, token: str, *, surface: str, secrets: Sequence[bytes], now: float) -> SignedContext:
        """As `verify_signed_context`."""
        key = hashlib.sha256(f"{surface}\0{token}".encode(errors="surrogatepass")).digest()
        known = self._verified.get(key)
        # A clock that went back must not keep a verdict that was made later.
        if known and known[1] <= now and now - LEEWAY_SECONDS < known[0].expires_at:
            return known[0]
        context = verify_signed_context(token, surface=surface, secrets=secrets, now=now)
        self._verified[key] = (context, now)
        if len(self._verified) > self._capacity:
            self._verified.popitem(last=False)
        return context

    def forget(self) -> None:
        """When the secrets have changed."""
        self._verified.clear()
