"""Passwords: argon2id in a thread, a length rule, and one-time passwords that can be read over a phone."""

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from orchestrator.errors import Refused

SHORTEST, LONGEST = 10, 200
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def one_time_password() -> str:
    """Four groups of four readable characters: 31^16, about 79 bits."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


def check_new_password(password: str, username: str) -> None:
    """Refuse what is too short, too long or the name itself. Length is the rule (NIST SP 800-63B §3.1.1.2)."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(
            "weak_password",
            f"Mật khẩu phải dài từ {SHORTEST} đến {LONGEST} ký tự. / {SHORTEST} to {LONGEST} characters are needed.",
            400,
        )
    if username.casefold() in password.casefold() and len(password) < len(username) + SHORTEST:
        raise Refused(
            "weak_password", "Mật khẩu không được dựa trên tên đăng nhập. / Not the user name with a little more.", 400
        )


class Passwords:
    """Hashes and checks; at most `at_once` together, because each takes 64 MiB and a flood must not take them all."""

    def __init__(self, hasher: PasswordHasher | None = None, *, at_once: int = 2) -> None:
        self._hasher = hasher or PasswordHasher()
        self._slots = asyncio.Semaphore(at_once)
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """The argon2id hash with its parameters, as stored."""
        async with self._slots:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether `password` is the stored one. No stored hash costs the same time, so that no name is given away."""
        async with self._slots:
            return await asyncio.to_thread(self._matches, stored, password)

    def outdated(self, stored: str) -> bool:
        """Whether the hash was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _matches(self, stored: str | None, password: str) -> bool:
        if stored is None and self._nobody is None:
            self._nobody = self._hasher.hash(secrets.token_hex(16))
        try:
            return self._hasher.verify(stored or self._nobody or "", password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False
