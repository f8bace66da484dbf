"""Files of fragments on the disk: each append is synced, a failed one is undone, and a thread of its own does it.

What was appended survives a power cut. When the disk is full, or fuller than the reserve allows, the file ends at its
last whole fragment and the fragments that come are let go, until there is room again: a recording must never be what
keeps the centre's database from writing.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import queue
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from orchestrator.media.recorder.take import Opening, Span

QUEUE_LIMIT = 64 << 20
"""Bytes that may wait for a slow disk; beyond it fragments are let go."""
FULL, SLOW, BROKEN = "disk_full", "disk_slow", "disk_broken"
AGAIN = 1.2
"""Recording goes on when there is this much of the reserve."""


class Opened(msgspec.Struct, frozen=True, tag="opened"):
    """A file begins. ``starts`` in ticks of the line, ``at_ns`` centre time of that moment."""

    track: str
    number: int
    file: str
    at_ns: int
    starts: int
    width: int
    height: int


class Grew(msgspec.Struct, frozen=True, tag="grew"):
    """What of a file is safe now."""

    track: str
    number: int
    size: int
    ends: int


class Closed(msgspec.Struct, frozen=True, tag="closed"):
    """A file is whole. ``digest``: SHA-256 of it, hex."""

    track: str
    number: int
    size: int
    ends: int
    digest: str
    why: str


class Trouble(msgspec.Struct, frozen=True, tag="trouble"):
    """``word`` empty: over. ``lost``: fragments let go so far."""

    track: str
    word: str
    lost: int


DiskReport = Opened | Grew | Closed | Trouble


class _Open(msgspec.Struct, frozen=True):
    opening: Opening
    head: bytes
    at_ns: int


class _Append(msgspec.Struct, frozen=True):
    data: bytes
    span: Span


class _Close(msgspec.Struct, frozen=True):
    why: str
    last: bool = False


class _File:
    def __init__(self, path: Path, number: int) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)
        self.descriptor = os.open(path, flags, 0o600)
        self.number = number
        self.size = 0
        self.ends = 0
        self.digest = hashlib.sha256()

    def append(self, data: bytes) -> None:
        """All of it and synced, or nothing. Raises :class:`OSError`."""
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(self.descriptor, view) :]
            os.fdatasync(self.descriptor)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self.descriptor, self.size)
                os.lseek(self.descriptor, self.size, os.SEEK_SET)
            raise
        self.size += len(data)
        self.digest.update(data)


class Disk:
    """:class:`orchestrator.media.recorder.take.Files` for one track in ``folder``. ``tell`` is called in the disk's
    thread.

    ``reserve``: bytes that must stay free. End it with :meth:`stop`, which writes what waits.
    """

    def __init__(
        self,
        folder: Path,
        track: str,
        *,
        number: int,
        reserve: int,
        now_ns: Callable[[], int],
        tell: Callable[[DiskReport], None],
    ) -> None:
        self._folder = folder
        self._track = track
        self._number = number
        self._reserve = reserve
        self._now_ns = now_ns
        self._tell = tell
        self._work: queue.SimpleQueue[_Open | _Append | _Close] = queue.SimpleQueue()
        self._waiting = 0
        self._lock = threading.Lock()
        self._file: _File | None = None
        self._opening: _Open | None = None
        self._fresh = False
        self._trouble = ""
        self.lost = 0
        self._thread = threading.Thread(target=self._run, name=f"disk {track}", daemon=True)
        self._thread.start()

    # From the recorder's loop

    def open(self, opening: Opening, head: bytes) -> None:
        self._work.put(_Open(opening, head, self._now_ns() - round(opening.ago_s * 1e9)))

    def append(self, fragment: bytes, span: Span) -> None:
        with self._lock:
            if self._waiting + len(fragment) > QUEUE_LIMIT:
                self.lost += 1  # in two threads: each under the lock
                return
            self._waiting += len(fragment)
        self._work.put(_Append(fragment, span))

    def close(self, why: str) -> None:
        self._work.put(_Close(why))

    def stop(self) -> None:
        """Write what waits, then end. Blocks."""
        self._work.put(_Close("stopped", last=True))
        self._thread.join()

    # In the thread

    def _run(self) -> None:
        while True:
            work = self._work.get()
            if isinstance(work, _Open):
                self._opening, self._fresh = work, True
            elif isinstance(work, _Append):
                self._append(work.data, work.span)
                with self._lock:
                    self._waiting -= len(work.data)
            else:
                self._end(work.why)
                self._opening = None
                if work.last:
                    return

    def _append(self, data: bytes, span: Span) -> None:
        try:
            self._check_room(len(data))
            if self._file is None:
                self._begin(span)
            if self._file is None:
                self._lose()
                return
            self._file.append(data)
        except OSError as error:
            self._lose()
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            self._end("disk")
            self._trouble_is(FULL if full else BROKEN)
            return
        self._file.ends = span.ends
        self._trouble_is("")
        self._tell(Grew(self._track, self._file.number, self._file.size, span.ends))

    def _lose(self) -> None:
        with self._lock:
            self.lost += 1

    def _check_room(self, size: int) -> None:
        stat = os.statvfs(self._folder)
        free = stat.f_bavail * stat.f_frsize
        needed = self._reserve * AGAIN if self._trouble else self._reserve
        if free < needed + size:
            raise OSError(errno.ENOSPC, "the reserve is touched")

    def _begin(self, span: Span) -> None:
        """A file is made with its first fragment: no empty ones. After a pause for want of room one more is made, with
        the next fragment that a file may begin with."""
        if self._opening is None or not (self._fresh or span.key):
            return
        opening = self._opening.opening
        starts, at_ns = (opening.starts, self._opening.at_ns) if self._fresh else (span.starts, self._now_ns())
        name = f"{self._track}-{self._number:04d}.mp4"
        made = _File(self._folder / name, self._number)
        self._number += 1
        made.ends = starts
        try:
            made.append(self._opening.head)
            _sync_folder(self._folder)
        except OSError:
            os.close(made.descriptor)
            with contextlib.suppress(OSError):
                (self._folder / name).unlink()
            raise
        self._file, self._fresh = made, False
        self._tell(Opened(self._track, made.number, name, at_ns, starts, opening.width, opening.height))

    def _end(self, why: str) -> None:
        made, self._file = self._file, None
        if made is None:
            return
        with contextlib.suppress(OSError):
            os.close(made.descriptor)
        self._tell(Closed(self._track, made.number, made.size, made.ends, made.digest.hexdigest(), why))

    def _trouble_is(self, word: str) -> None:
        if word != self._trouble:
            self._trouble = word
            self._tell(Trouble(self._track, word, self.lost))


def _sync_folder(folder: Path) -> None:
    """The name of a new file survives a power cut too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
