"""Sealed papers, the wrap of a paper's key per site and code, and the release secret people can read out.

A paper's key is wrapped under HKDF-SHA256(release secret ‖ site secret) (RFC 5869), so a stolen school computer opens
nothing before the release, and the release alone opens nothing at another place. Every sealed blob is
AES-256-GCM (NIST SP 800-38D): 12 bytes of nonce, then the ciphertext with its 16-byte tag.

Errors: `SealBroken` (wrong key or changed bytes), `CodeTextRefused` (a typed code that cannot be right).
"""

import hashlib
import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RELEASE_BITS = 130
RELEASE_BYTES = 17
_NONCE_BYTES = 12
_DATA_CHARS = 26
_CHECK_CHARS = 2
# The largest prime below 32²: every single wrong character and every swap of two neighbours changes the remainder.
_CHECK_PRIME = 1021
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


class SealBroken(ValueError):
    """A blob that this key does not open: wrong key, or changed on the way."""


class CodeTextRefused(ValueError):
    """A typed release code or voucher with a wrong length, sign or check characters."""


def seal(key: bytes, plaintext: bytes, context: bytes = b"") -> bytes:
    """AES-256-GCM of `plaintext` under a 32-byte key, bound to `context`."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, context)


def unseal(key: bytes, blob: bytes, context: bytes = b"") -> bytes:
    """The opposite of `seal`; raises `SealBroken`."""
    try:
        return AESGCM(key).decrypt(blob[:_NONCE_BYTES], blob[_NONCE_BYTES:], context)
    except (InvalidTag, ValueError) as fault:
        raise SealBroken("the seal does not open with this key") from fault


# --- papers and their keys ---------------------------------------------------------------------------------------


def new_paper_key() -> bytes:
    """A random 256-bit key for one code."""
    return secrets.token_bytes(32)


def seal_paper(paper_key: bytes, compressed: bytes) -> bytes:
    """The file every site downloads; the same bytes for all of them."""
    return seal(paper_key, compressed, b"diemcau paper v1")


def open_paper(paper_key: bytes, sealed: bytes) -> bytes:
    """The opposite of `seal_paper`; raises `SealBroken`."""
    return unseal(paper_key, sealed, b"diemcau paper v1")


def wrap_key(release_secret: bytes, site_secret: bytes, exam: str, code: str, paper_key: bytes) -> bytes:
    """`paper_key` for one site and one code, 60 bytes; opens only with both secrets."""
    context = _wrap_context(exam, code)
    return seal(_derive(release_secret + site_secret, context), paper_key, context)


def unwrap_key(release_secret: bytes, site_secret: bytes, exam: str, code: str, wrap: bytes) -> bytes:
    """The opposite of `wrap_key`; raises `SealBroken`."""
    context = _wrap_context(exam, code)
    return unseal(_derive(release_secret + site_secret, context), wrap, context)


def _wrap_context(exam: str, code: str) -> bytes:
    return b"diemcau wrap v1\0" + exam.encode() + b"\0" + code.encode()


def _derive(secret: bytes, context: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=context).derive(secret)


# --- codes that people read, type and speak ----------------------------------------------------------------------


def new_release_secret() -> bytes:
    """130 random bits in 17 bytes, big-endian."""
    return secrets.randbits(RELEASE_BITS).to_bytes(RELEASE_BYTES, "big")


def release_digest(release_secret: bytes) -> bytes:
    """SHA-256 of the secret, as `Manifest.release_sha256` carries it."""
    return hashlib.sha256(release_secret).digest()


def release_text(release_secret: bytes) -> str:
    """26 Crockford base32 characters and 2 check characters, in 7 groups of 4."""
    return _code_text(int.from_bytes(release_secret, "big"))


def check_release_text(text: str) -> bytes:
    """The secret that `text` spells. Case, spaces and hyphens do not matter, O reads as 0, I and L as 1;
    a mistyped or swapped character is `CodeTextRefused`."""
    return _code_value(text).to_bytes(RELEASE_BYTES, "big")


def voucher_text(voucher: bytes) -> str:
    """A 128-bit voucher in the same alphabet and groups as a release code."""
    return _code_text(int.from_bytes(voucher, "big"))


def check_voucher_text(text: str) -> bytes:
    """The 16 bytes that a printed voucher spells; raises `CodeTextRefused`."""
    value = _code_value(text)
    if value >> 128:
        raise CodeTextRefused("the code is not a voucher")
    return value.to_bytes(16, "big")


def _code_text(value: int) -> str:
    text = _base32(value, _DATA_CHARS) + _base32(value % _CHECK_PRIME, _CHECK_CHARS)
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _code_value(text: str) -> int:
    signs = "".join(text.split()).replace("-", "").upper().translate(_MISREAD)
    if len(signs) != _DATA_CHARS + _CHECK_CHARS:
        raise CodeTextRefused(f"the code has {len(signs)} characters, not {_DATA_CHARS + _CHECK_CHARS}")
    if not set(signs) <= set(CROCKFORD):
        raise CodeTextRefused("the code holds a character that no code has")
    value, check = _value(signs[:_DATA_CHARS]), _value(signs[_DATA_CHARS:])
    if value % _CHECK_PRIME != check:
        raise CodeTextRefused("the check characters do not fit: a character is wrong")
    return value


def _base32(value: int, length: int) -> str:
    return "".join(CROCKFORD[value >> 5 * place & 31] for place in reversed(range(length)))


def _value(signs: str) -> int:
    value = 0
    for sign in signs:
        value = value << 5 | CROCKFORD.index(sign)
    return value


# --- a box for one computer --------------------------------------------------------------------------------------


def seal_to(box_public: bytes, plaintext: bytes) -> bytes:
    """Seal to a raw X25519 public key (RFC 7748) with a key used once: 32 bytes of it stand first in the blob."""
    ephemeral = X25519PrivateKey.generate()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(box_public))
    sender = ephemeral.public_key().public_bytes_raw()
    context = b"diemcau box v1\0" + sender + box_public
    return sender + seal(_derive(shared, context), plaintext, context)


def open_sealed(box_private: bytes, blob: bytes) -> bytes:
    """The opposite of `seal_to`, with the raw X25519 private key; raises `SealBroken`."""
    try:
        private = X25519PrivateKey.from_private_bytes(box_private)
        shared = private.exchange(X25519PublicKey.from_public_bytes(blob[:32]))
    except ValueError as fault:
        raise SealBroken("the box is not one of ours") from fault
    context = b"diemcau box v1\0" + blob[:32] + private.public_key().public_bytes_raw()
    return unseal(_derive(shared, context), blob[32:], context)
