"""Essay codes, signed passes and receipts. Pure: keys, texts and times go in.

A code is 8 characters of Crockford's base32, 40 bits of HMAC-SHA-256 under a key of the centre's own: nothing of it is
stored, a new ``generation`` makes the old one worthless. A pass is what a page holds after signing in.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Literal

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from orchestrator.errors import Refused
from wire.chain import receipt as ten_characters
from wire.seal import CROCKFORD

CODE_CHARACTERS = 8
PASS_NS = 12 * 3600 * 10**9
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


class Pass(msgspec.Struct, frozen=True):
    """Who a page acts for: one participant (``subject`` a roster number) or one site (its id); ``owner`` as a version
    keeps it."""

    essay: str
    kind: Literal["candidate", "site"]
    subject: str
    owner: str
    generation: int
    until_ns: int


class EssayKeys:
    """Everything derived from the centre's key at rest."""

    def __init__(self, at_rest: bytes) -> None:
        self._codes = _derived(at_rest, b"diemcau essay codes v1")
        self._passes = _derived(at_rest, b"diemcau essay passes v1")

    def code(self, essay: str, subject: str, generation: int) -> str:
        """The code of a participant or site, shown ``XXXX-XXXX``."""
        message = msgspec.msgpack.encode([essay, subject, generation])
        value = int.from_bytes(hmac.digest(self._codes, message, hashlib.sha256)[:5], "big")
        signs = "".join(CROCKFORD[value >> shift & 31] for shift in range(35, -1, -5))
        return f"{signs[:4]}-{signs[4:]}"

    def fits(self, code: str, essay: str, subject: str, generation: int) -> bool:
        """Whether what somebody typed is that code; case, spaces, hyphens, O, I and L do not matter."""
        typed = "".join(code.split()).replace("-", "").upper().translate(_MISREAD)
        right = self.code(essay, subject, generation).replace("-", "")
        return hmac.compare_digest(typed.encode(), right.encode())

    def write(self, given: Pass) -> str:
        """A pass as the page keeps it."""
        content = msgspec.msgpack.encode(given)
        return _text(content) + "." + _text(hmac.digest(self._passes, content, hashlib.sha256))

    def read(self, text: str, now_ns: int) -> Pass:
        """The pass that a page sends; refuses ``signed_out``."""
        try:
            content, mac = (base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in text.split("."))
            if hmac.compare_digest(mac, hmac.digest(self._passes, content, hashlib.sha256)):
                found = msgspec.msgpack.decode(content, type=Pass)
                if now_ns < found.until_ns:
                    return found
        except ValueError:
            pass
        raise Refused("signed_out", "Hãy nhập lại số báo danh và mã nộp bài. / Please sign in again.", 401)


def receipt(essay: str, number: str, digest: bytes) -> str:
    """The receipt of a file: 10 base32 characters of SHA-256 over whose it is and what it is. The same file of the same
    person gives the same receipt, however often the line broke."""
    content = msgspec.msgpack.encode(["diemcau essay receipt v1", essay, number, digest])
    return ten_characters(hashlib.sha256(content).digest())


def _derived(key: bytes, use: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, use).derive(key)


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
