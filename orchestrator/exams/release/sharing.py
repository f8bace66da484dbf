"""Two of three officers hold the release secret between them: Shamir's sharing over GF(2^128), by pycryptodome.

A share is 130 bits like the secret itself, the officer's place (1 to 3) in the two bits above the 128 of the share, so
that it is printed, typed and checked exactly as a release code is. The library shares 16 bytes: a secret for officers
has 128 random bits instead of 130.
"""

import hashlib
import secrets

from Crypto.Protocol.SecretSharing import Shamir

from wire.seal import RELEASE_BYTES, CodeTextRefused, check_release_text, release_text

NEEDED, OFFICERS = 2, 3
_BYTES = 16


def new_shared_secret() -> bytes:
    """128 random bits in the 17 bytes of a release secret."""
    return secrets.token_bytes(_BYTES).rjust(RELEASE_BYTES, b"\0")


def shares_of(secret: bytes) -> list[bytes]:
    """Three shares of a secret of `new_shared_secret`, 17 bytes each, for the places 1, 2, 3."""
    parts = Shamir.split(NEEDED, OFFICERS, secret[-_BYTES:])
    return [bytes([place]) + part for place, part in parts]


def combined(one: bytes, other: bytes) -> bytes:
    """The secret of two shares with different places; two shares of different secrets give something else."""
    secret: bytes = Shamir.combine([(share[0], share[1:]) for share in (one, other)])
    return secret.rjust(RELEASE_BYTES, b"\0")


def place_of(share: bytes) -> int:
    """Which officer's share this is: 1 to 3."""
    return share[0]


def share_text(share: bytes) -> str:
    """A share in the alphabet, groups and check characters of a release code."""
    return release_text(share)


def read_share(text: str) -> bytes:
    """The share that `text` spells; raises `CodeTextRefused`, also for a release code, which has no place."""
    share = check_release_text(text)
    if not 1 <= place_of(share) <= OFFICERS:
        raise CodeTextRefused("this is no officer's share")
    return share


def share_digest(exam: str, kind: str, share: bytes) -> bytes:
    """Names a right share without telling it."""
    return hashlib.sha256(f"diemcau share v1|{exam}|{kind}|".encode() + share).digest()
