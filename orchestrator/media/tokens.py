"""Stream tokens: who may publish or view what, until when. Signed by the centre, verified by the relay's workers.

``b64url(payload).b64url(signature)``, the payload being JSON, the signature Ed25519 over a fixed label and the payload.
"""

from __future__ import annotations

import base64
import binascii
from enum import StrEnum

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wire.unreadable import UNREADABLE

LABEL = b"diemcau stream token v1\0"
SIZE_LIMIT = 2048


class Right(StrEnum):
    """What a token's bearer may do with the stream."""

    PUBLISH = "publish"
    VIEW = "view"


class Seat(StrEnum):
    """A publisher's place at a stream, in order of preference; each is held by at most one publisher."""

    LECTURER = "lecturer"
    STANDBY = "standby"
    SLATE = "slate"


class StreamToken(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a token says. ``subject`` is a person, a site or a machine, for the log.

    ``seat`` is a publisher's; it is left out where it is the lecturer's, so that older tokens stay good.
    """

    session: str
    stream: str
    right: Right
    subject: str
    expires_ns: int
    seat: Seat = Seat.LECTURER


class BadToken(Exception):
    """``code`` is ``token_malformed``, ``token_forged`` or ``token_expired``."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def sign(token: StreamToken, key: Ed25519PrivateKey) -> str:
    """The token as a bearer sends it."""
    payload = msgspec.json.encode(token)
    return f"{_encode(payload)}.{_encode(key.sign(LABEL + payload))}"


def verify(text: str, key: Ed25519PublicKey, *, now_ns: int | None) -> StreamToken:
    """Read and check a token; ``now_ns`` None leaves its expiry alone. Raises :class:`BadToken`."""
    head, dot, tail = text.partition(".")
    if not dot or len(text) > SIZE_LIMIT:
        raise BadToken("token_malformed", "the token is not of the form payload.signature")
    payload, signature = _decode(head), _decode(tail)
    try:
        key.verify(signature, LABEL + payload)
    except InvalidSignature as error:
        raise BadToken("token_forged", "the token was not signed by this centre") from error
    try:
        token = msgspec.json.decode(payload, type=StreamToken)
    except UNREADABLE as error:
        raise BadToken("token_malformed", "the token's content is not understood") from error
    if now_ns is not None and now_ns >= token.expires_ns:
        raise BadToken("token_expired", "the token has expired")
    return token


def public_text(key: Ed25519PublicKey) -> str:
    """The raw public key in base64url, as workers are given it."""
    return _encode(key.public_bytes_raw())


def public_key(text: str) -> Ed25519PublicKey:
    """The inverse of :func:`public_text`. Raises :class:`ValueError`."""
    try:
        return Ed25519PublicKey.from_public_bytes(_decode(text))
    except BadToken as error:
        raise ValueError("not a base64url Ed25519 public key") from error


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadToken("token_malformed", "the token is not base64url") from error
