"""Keeps officers' shares between sealing and the printing of their slips, so that a restart in between loses none.

Each slip's shares stand in the database encrypted under a key of their own (32 random bytes); that key stands in a file
beside the centre's keys, readable by its owner only, overwritten and removed once the slip is printed. What this means,
plainly: until a slip is printed, whoever has both this computer's disk and its database has that officer's shares;
afterwards neither the database nor any copy of it gives them. A copy of the whole disk that somebody took in between,
and worn cells of a flash disk, may still hold the key: print the slips right after sealing.
"""

import os
import secrets
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from wire.ids import ExamId
from wire.seal import SealBroken, seal, unseal

KEY_BYTES = 32
NAME_BYTES = 8
SETTLED_NS = 600_000_000_000
"""A key that no slip needs is swept away once it is this old: a younger one may belong to a sealing under way."""


class SlipSafe:
    """Locks and unlocks what waits for a slip. `folder` belongs to this computer alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def lock(self, exam: ExamId, place: int, shares: Mapping[str, bytes]) -> bytes:
        """Encrypt one officer's shares by kind under a new key, which is on disk when this returns. Raises OSError."""
        name, key = secrets.token_bytes(NAME_BYTES), secrets.token_bytes(KEY_BYTES)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(self._file(name), key, os.O_CREAT | os.O_EXCL)
        return name + seal(key, msgspec.msgpack.encode(dict(shares)), _context(exam, place))

    def unlock(self, exam: ExamId, place: int, sealed: bytes) -> dict[str, bytes] | None:
        """One officer's shares; None once the key is destroyed, or on another computer."""
        try:
            key = self._file(sealed[:NAME_BYTES]).read_bytes()
            plain = unseal(key, sealed[NAME_BYTES:], _context(exam, place))
        except (FileNotFoundError, SealBroken):
            return None
        return msgspec.msgpack.decode(plain, type=dict[str, bytes])

    def holds(self, sealed: bytes) -> bool:
        """Whether the key of it is here."""
        return self._file(sealed[:NAME_BYTES]).exists()

    def destroy(self, sealed: bytes) -> None:
        """Overwrite and remove the key; harmless when there is none."""
        _destroy(self._file(sealed[:NAME_BYTES]))

    def sweep(self, needed: Collection[bytes], now_ns: int) -> int:
        """Destroy the keys of slips that were printed or will never be, and that a stopped process left; how many."""
        keep = {self._file(sealed[:NAME_BYTES]) for sealed in needed}
        swept = 0
        for file in self._folder.glob("*.key"):
            if file not in keep and now_ns - file.stat().st_mtime_ns > SETTLED_NS:
                _destroy(file)
                swept += 1
        return swept

    def _file(self, name: bytes) -> Path:
        return self._folder / f"{name.hex()}.key"


def _destroy(file: Path) -> None:
    with suppress(FileNotFoundError):
        _write(file, bytes(KEY_BYTES), 0)
        file.unlink()


def _write(file: Path, content: bytes, flags: int) -> None:
    descriptor = os.open(file, os.O_WRONLY | flags, 0o600)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _context(exam: ExamId, place: int) -> bytes:
    return f"slip|{exam}|{place}".encode()
