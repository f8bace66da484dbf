"""Files of essays: partial uploads, whole ones by digest, the text the checker found. Blocking; call in a thread.

    <folder>/partial/<upload>     its length is the upload's offset: nothing else remembers it
    <folder>/<aa>/<digest>        whole files, never changed
    <folder>/text/<digest>.txt    what the checker read in them

What is acknowledged has been synced. A full disk is told as `DiskFull`; whatever was there stays.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

SPARE = 256 << 20
"""Bytes of the disk that uploads leave free: the database and the exam's journals come first."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FreeBytes = Callable[[Path], int]


class DiskFull(Exception):
    """There is no room for this. Nothing that was kept is lost."""


class ChecksumMismatch(Exception):
    """The bytes are not those that were promised; they were dropped."""


def free_bytes(folder: Path) -> int:
    """Bytes that are free where ``folder`` is."""
    return shutil.disk_usage(folder).free


class Vault:
    """One folder of essays."""

    def __init__(self, folder: Path, free: FreeBytes = free_bytes) -> None:
        self._folder = folder
        self._free = free
        for name in ("partial", "text"):
            (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)

    def check_room(self, size: int) -> None:
        """Raise `DiskFull` when ``size`` more bytes would eat into the spare room."""
        if self._free(self._folder) < size + SPARE:
            raise DiskFull

    def begin(self, upload: str) -> None:
        """An empty partial file."""
        with _full_told():
            self.partial(upload).touch(mode=0o600)
            _sync_folder(self._folder / "partial")

    def offset(self, upload: str) -> int | None:
        """How many bytes of an upload are here; None when there is no such partial file."""
        try:
            return self.partial(upload).stat().st_size
        except FileNotFoundError:
            return None

    def completed_ns(self, upload: str) -> int:
        """When the last byte was written, as `stamp` noted it."""
        return self.partial(upload).stat().st_mtime_ns

    def append(self, upload: str, piece: bytes) -> None:
        """More bytes. Those that fitted on a full disk stay."""
        with _full_told(), self.partial(upload).open("ab", buffering=0) as out:
            left = memoryview(piece)
            while left:
                left = left[out.write(left) :]

    def stamp(self, upload: str, now_ns: int) -> None:
        """Make what came so far survive a power cut, and note the centre's time of it."""
        with _full_told(), self.partial(upload).open("ab") as out:
            os.fsync(out.fileno())
            os.utime(out.fileno(), ns=(now_ns, now_ns))

    def cut(self, upload: str, length: int) -> None:
        """Back to ``length`` bytes: a piece whose checksum was wrong never came."""
        os.truncate(self.partial(upload), length)

    def keep_upload(self, upload: str, promised: bytes | None) -> bytes:
        """Keep a whole upload under its SHA-256, which is returned. The partial file stays until `forget`. Raises
        `ChecksumMismatch`, and starts the upload over, when another digest was promised."""
        file = self.partial(upload)
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").digest()
        if promised is not None and digest != promised:
            self.cut(upload, 0)
            raise ChecksumMismatch
        self._link(file, digest)
        return digest

    def keep(self, content: bytes) -> bytes:
        """Keep bytes under their SHA-256, which is returned."""
        digest = hashlib.sha256(content).digest()
        with _full_told():
            descriptor, name = tempfile.mkstemp(dir=self._folder / "partial", prefix="whole-")
            beside = Path(name)
            try:
                with os.fdopen(descriptor, "wb") as out:
                    out.write(content)
                    out.flush()
                    os.fsync(out.fileno())
                self._link(beside, digest)
            finally:
                beside.unlink()
        return digest

    def forget(self, upload: str) -> None:
        """The partial file of an upload that is kept or given up."""
        self.partial(upload).unlink(missing_ok=True)

    def file(self, digest: bytes) -> Path:
        """Where a whole file is."""
        name = digest.hex()
        return self._folder / name[:2] / name

    def keep_text(self, digest: bytes, text: str) -> None:
        """The text that stands in a file."""
        with _full_told():
            beside = self._folder / "text" / f".{digest.hex()}.new"
            beside.write_text(text, encoding="utf-8")
            beside.replace(self._text(digest))

    def text(self, digest: bytes) -> str:
        """The same again; empty when none was found."""
        try:
            return self._text(digest).read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""

    def _link(self, file: Path, digest: bytes) -> None:
        place = self.file(digest)
        with _full_told():
            place.parent.mkdir(mode=0o700, exist_ok=True)
            try:
                os.link(file, place)
            except FileExistsError:
                return
            _sync_folder(place.parent)
            _sync_folder(self._folder)

    def partial(self, upload: str) -> Path:
        """Where what has come of an upload is."""
        return self._folder / "partial" / Path(upload).name

    def _text(self, digest: bytes) -> Path:
        return self._folder / "text" / f"{digest.hex()}.txt"


class _full_told:
    """Turns the system's ways of saying that a disk is full into `DiskFull`."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, fault: BaseException | None, _trace: object) -> None:
        if isinstance(fault, OSError) and fault.errno in _FULL:
            raise DiskFull from fault


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
