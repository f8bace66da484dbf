"""Pictures of slides by their SHA-256, in a folder of bounded size. Blocking; call in a thread.

A disk without room keeps no picture on it: the newest few are then held in memory, so that the room sees its page.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Collection
from pathlib import Path

import structlog

log = structlog.get_logger()

MOST_BYTES = 400 << 20
SPARE = 1 << 30
"""Bytes of the disk that slides leave free: the exam's journal comes first."""
IN_MEMORY = 6

FreeBytes = Callable[[Path], int]


def free_bytes(folder: Path) -> int:
    """Bytes that are free where ``folder`` is."""
    return shutil.disk_usage(folder).free


class SlideCache:
    """One folder."""

    def __init__(self, folder: Path, free: FreeBytes = free_bytes) -> None:
        self._folder = folder
        self._free = free
        self._held: dict[bytes, bytes] = {}
        self._here: set[bytes] = set()
        self.tight = False
        """The disk took the last picture not: what is not shown soon is then not fetched."""

    def load(self) -> None:
        """Find what an earlier run kept; what is no whole picture goes."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for file in self._folder.iterdir():
            try:
                digest = bytes.fromhex(file.stem)
            except ValueError:
                digest = b""
            if file.suffix == ".webp" and len(digest) == 32:
                self._here.add(digest)
            else:
                file.unlink(missing_ok=True)

    def has(self, digest: bytes) -> bool:
        """Whether the picture is here; asks no disk."""
        return digest in self._here or digest in self._held

    def put(self, digest: bytes, picture: bytes) -> bool:
        """Keep a picture; False, and nothing kept, when its bytes are not those of the digest."""
        if hashlib.sha256(picture).digest() != digest:
            return False
        self.tight = not self._on_disk(digest, picture)
        if self.tight:
            self._held[digest] = picture
            while len(self._held) > IN_MEMORY:
                del self._held[next(iter(self._held))]
        return True

    def _on_disk(self, digest: bytes, picture: bytes) -> bool:
        try:
            if self._free(self._folder) < SPARE + len(picture):
                log.warning("slides_without_room")
                return False
            beside = self._folder / f"{digest.hex()}.part"
            with beside.open("wb") as out:
                out.write(picture)
                out.flush()
                os.fsync(out.fileno())
            beside.replace(self._file(digest))
        except OSError as fault:
            log.warning("slide_not_on_disk", reason=str(fault)[:200])
            return False
        self._here.add(digest)
        return True

    def read(self, digest: bytes) -> bytes | None:
        """The picture, or None; one that was damaged on the disk goes, so that it is fetched anew."""
        if digest in self._held:
            return self._held[digest]
        if digest not in self._here:
            return None
        try:
            picture = self._file(digest).read_bytes()
        except OSError:
            picture = b""
        if hashlib.sha256(picture).digest() == digest:
            return picture
        self._here.discard(digest)
        log.warning("slide_damaged", digest=digest.hex()[:16])
        return None

    def trim(self, needed: Collection[bytes]) -> None:
        """Down to the bounded size: what is not needed goes, the oldest first."""
        found = []
        for digest in self._here - set(needed):
            try:
                told = self._file(digest).stat()
            except OSError:
                self._here.discard(digest)
                continue
            found.append((told.st_mtime_ns, told.st_size, digest))
        size = sum(each[1] for each in found)
        for _, octets, digest in sorted(found):
            if size <= MOST_BYTES:
                return
            self._file(digest).unlink(missing_ok=True)
            self._here.discard(digest)
            size -= octets

    def _file(self, digest: bytes) -> Path:
        return self._folder / f"{digest.hex()}.webp"
