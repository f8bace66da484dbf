"""Pairing codes: 65 random bits that a person reads out, stored only hashed. Pure.

13 characters of Crockford's base32, shown `XXXX-XXXX-XXXX-X`. Whoever types O means 0, I and L mean 1; case, spaces and
hyphens do not matter.
"""

import hashlib
import secrets

import msgspec

from wire.ids import SiteId
from wire.seal import CROCKFORD

CODE_CHARACTERS = 13
LIFETIME_NS = 24 * 3600 * 1_000_000_000
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


class PairingCode(msgspec.Struct, frozen=True):
    """A code as stored. `used_ns` is set by the one pairing it allows."""

    code_hash: bytes
    site: SiteId
    expires_ns: int
    used_ns: int | None = None

    def good(self, now_ns: int) -> bool:
        """Whether it still pairs."""
        return self.used_ns is None and now_ns < self.expires_ns


def new_code() -> str:
    """A fresh code as shown."""
    signs = "".join(secrets.choice(CROCKFORD) for _ in range(CODE_CHARACTERS))
    return "-".join(signs[start : start + 4] for start in range(0, CODE_CHARACTERS, 4))


def normalise(text: str) -> str | None:
    """The 13 characters that `text` means, or None when no code looks like that."""
    signs = "".join(text.split()).replace("-", "").upper().translate(_MISREAD)
    return signs if len(signs) == CODE_CHARACTERS and set(signs) <= set(CROCKFORD) else None


def code_hash(signs: str) -> bytes:
    """What is stored of a normalised code: 65 random bits need no salt."""
    return hashlib.sha256(b"diemcau pairing v1\0" + signs.encode()).digest()
