"""Whether a request may touch a stream: bearer tokens, or everybody on an open relay of a private network."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from orchestrator.media.tokens import BadToken, Right, Seat, verify

PRIVATE = tuple(
    ipaddress.ip_network(text)
    for text in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "100.64.0.0/10",
        "198.18.0.0/15",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)
"""RFC 1918, 3927, 6598, 2544, 4193 and loopback: networks that the Internet does not route."""


class Denied(msgspec.Struct, frozen=True):
    """401 (no or no good token) or 403 (good, but for something else)."""

    status: int
    code: str
    message: str


def public_among(addresses: Iterable[str]) -> list[str]:
    """The addresses that others than one's own network can reach."""
    return [text for text in addresses if not _private(text)]


def _private(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    return any(address.version == network.version and address in network for network in PRIVATE)


class Admission:
    """Checks the Authorization header. ``key`` None: open to all."""

    def __init__(self, key: Ed25519PublicKey | None, now_ns: Callable[[], int]) -> None:
        self._key = key
        self._now_ns = now_ns

    def judge(self, header: str | None, stream: str, right: Right, *, fresh: bool) -> Denied | None:
        """None when the request may pass. ``fresh`` False forgives an expired token (ending one's own session)."""
        if self._key is None:
            return None
        text = _bearer(header)
        if not text:
            return Denied(401, "token_missing", "Cần mã truy cập / A bearer token is needed")
        try:
            token = verify(text, self._key, now_ns=self._now_ns() if fresh else None)
        except BadToken as error:
            return Denied(401, error.code, error.message)
        if token.stream != stream or token.right != right:
            return Denied(403, "token_other", f"The token does not allow to {right} {stream}")
        return None

    def subject(self, header: str | None) -> str:
        """Who an admitted request is of; nobody is known on an open relay."""
        return verify(_bearer(header), self._key, now_ns=None).subject if self._key is not None else ""

    def seat(self, header: str | None) -> Seat:
        """The seat that an admitted publisher takes; on an open relay everybody is a lecturer."""
        return verify(_bearer(header), self._key, now_ns=None).seat if self._key is not None else Seat.LECTURER


def _bearer(header: str | None) -> str:
    """The token of an Authorization header, empty when there is none (RFC 6750 §2.1)."""
    scheme, _, text = (header or "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else ""
