"""The ring of ENCRYPTION_KEYS: the newest one seals, and each opens what it has sealed."""

import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from marketplace_app.errors import TokenUnreadable
from marketplace_app.settings import EncryptionKey

NONCE_BYTES = 12


class KeyRing:
    def __init__(self, keys: Sequence[EncryptionKey]) -> None:
        """Newest first."""
        self._ciphers = {key.key_id: AESGCM(key.octets) for key in keys}
        self.newest = keys[0].key_id

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Newest first."""
        return tuple(self._ciphers)

    def seal(self, plain: bytes, bound_to: bytes) -> bytes:
        """With the newest key; it opens with the same `bound_to` only."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._ciphers[self.newest].encrypt(nonce, plain, bound_to)

    def open(self, key_id: str, sealed: bytes, bound_to: bytes) -> bytes:
        """Raises TokenUnreadable when the key is not on the ring, or did not seal this for that."""
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise TokenUnreadable("a record is sealed with a key that ENCRYPTION_KEYS lacks")
        try:
            return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
        except (InvalidTag, ValueError):
            raise TokenUnreadable("a record does not open with the key that it names") from None
