"""The invigilator's PIN and the cookies that it opens: one file, written once on the school's computer.

The file holds a scrypt digest (RFC 7914) and a random key; a cookie is the name of the person, the time it ends and an
HMAC-SHA256 of both under that key, so that a restart of the agent signs nobody out and a new PIN signs everybody out.
"""

import base64
import hashlib
import hmac
import secrets
from pathlib import Path

import msgspec
import structlog

from wire.exam_fairness import InvigilatorPinReset

FILE = "invigilator.json"
SHORTEST, LONGEST = 6, 12
SIGNED_IN_S = 12 * 3600
log = structlog.get_logger()
_COST = {"n": 1 << 14, "r": 8, "p": 1}


class _Kept(msgspec.Struct, frozen=True):
    salt: bytes
    digest: bytes
    key: bytes


class PinUnfit(ValueError):
    """Not 6 to 12 digits, or all the same digit."""


class InvigilatorPin:
    """The PIN of one site, in `home`."""

    def __init__(self, home: Path) -> None:
        self._path = home / FILE
        self._kept: _Kept | None = None
        if self._path.is_file():
            self._kept = msgspec.json.decode(self._path.read_bytes(), type=_Kept)

    @property
    def is_set(self) -> bool:
        """Whether somebody has chosen one."""
        return self._kept is not None

    def choose(self, pin: str) -> None:
        """Set the PIN; raises `PinUnfit`. Blocking: about 50 ms."""
        if not (SHORTEST <= len(pin) <= LONGEST and pin.isdecimal() and pin.isascii() and len(set(pin)) > 1):
            raise PinUnfit
        salt = secrets.token_bytes(16)
        kept = _Kept(salt, _digest(pin, salt), secrets.token_bytes(32))
        fresh = self._path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_bytes(msgspec.json.encode(kept))
        fresh.replace(self._path)
        self._kept = kept

    def forget(self) -> None:
        """There is no PIN any more, and no cookie counts."""
        self._kept = None
        self._path.unlink(missing_ok=True)

    async def on_reset(self, order: InvigilatorPinReset) -> None:
        """The province says that the school has forgotten it."""
        log.warning("invigilator_pin_reset", by=order.by)
        self.forget()

    def fits(self, pin: str) -> bool:
        """Whether this is the PIN. Blocking: about 50 ms."""
        kept = self._kept
        return kept is not None and hmac.compare_digest(_digest(pin, kept.salt), kept.digest)

    def cookie(self, who: str, now_s: float) -> str:
        """What a signed-in browser keeps."""
        said = f"{base64.urlsafe_b64encode(who.encode()).decode()}.{int(now_s) + SIGNED_IN_S}"
        return f"{said}.{self._mark(said)}"

    def who(self, cookie: str, now_s: float) -> str | None:
        """Whom the cookie names, if it is ours and not over."""
        said, _, mark = cookie.rpartition(".")
        name, _, until = said.rpartition(".")
        if self._kept is None or not hmac.compare_digest(mark.encode(), self._mark(said).encode()):
            return None
        return base64.urlsafe_b64decode(name).decode() if int(until) > now_s else None

    def _mark(self, said: str) -> str:
        assert self._kept is not None
        return hmac.new(self._kept.key, said.encode(), hashlib.sha256).hexdigest()


def _digest(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, **_COST, dklen=32)
