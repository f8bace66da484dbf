"""Cookie sessions: what the cookie holds, how long it counts, what proves that our own page sent a request. Pure."""

import base64
import hashlib
import hmac
import secrets

COOKIE = "diemcau_session"
CSRF_HEADER = "X-CSRF-Token"
IDLE_NS = 12 * 3600 * 1_000_000_000
LONGEST_NS = 7 * 24 * 3600 * 1_000_000_000
TOUCH_NS = 60 * 1_000_000_000
"""A use is noted at most this often: a busy page must not write on every request."""


def new_token() -> str:
    """256 random bits; only the cookie ever holds them."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What is stored. A random token needs no salt and no slow hash."""
    return hashlib.sha256(b"diemcau login v1\0" + token.encode(errors="replace")).digest()


def csrf_of(token: str) -> str:
    """The CSRF token bound to one session: an HMAC keyed by a cookie that scripts cannot read."""
    mac = hmac.digest(token.encode(errors="replace"), b"diemcau csrf v1", "sha256")
    return base64.urlsafe_b64encode(mac[:18]).decode()


def csrf_fits(token: str, told: str) -> bool:
    """Whether `told` is the session's CSRF token; constant time."""
    return hmac.compare_digest(csrf_of(token).encode(), told.encode(errors="replace"))


def expired(created_ns: int, seen_ns: int, now_ns: int) -> bool:
    """Whether a session was idle for 12 hours or is a week old."""
    return now_ns - seen_ns >= IDLE_NS or now_ns - created_ns >= LONGEST_NS
